/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The terminal: the only folder that sees curses. Drawing goes into a picture; cv_term_show sends the difference, never
 * a cleared screen. Keys come from our own parser (input.h), because curses believes TERM.
 */
#ifndef CONGVU_TUI_TERM_H
#define CONGVU_TUI_TERM_H

#include "client/tui/term/input.h"

#include <congvu/base/env.h>
#include <congvu/base/err.h>

enum cv_attr {
	CV_PLAIN = 0,
	CV_BOLD = 1,
	CV_REVERSE = 2,
	CV_UNDERLINE = 4,
	CV_DIM = 8,
	CV_ALERT = 16, /* red where there is colour, bold elsewhere: never the only sign of anything */
	CV_GOOD = 32   /* green where there is colour */
};

struct cv_term;
/* CV_NO_INPUT without a terminal. colour false: NO_COLOR, --no-color, theme mono. */
enum cv_rc cv_term_open(struct cv_term **out, const struct cv_env *env, bool colour, struct cv_err *err);
void cv_term_close(struct cv_term *t);
int cv_term_rows(const struct cv_term *t);
int cv_term_cols(const struct cv_term *t);

/* ---- drawing into the picture ---- */
void cv_term_erase(struct cv_term *t);
/* Cleaned text at row, column, cut to `width` columns (whole characters); returns the columns used. width -1: to the
 * edge. The last column of the last row is never written. */
int cv_put(struct cv_term *t, int row, int col, int width, unsigned attr, const char *text);
/* The same, then blanks up to width. */
void cv_put_cell(struct cv_term *t, int row, int col, int width, unsigned attr, const char *text);
void cv_put_right(struct cv_term *t, int row, int right, unsigned attr,
		  const char *text); /* ends before column right */
void cv_rule(struct cv_term *t, int row, int col, int width);
void cv_attr_row(struct cv_term *t, int row, int col, int width,
		 unsigned attr); /* changes the look of what stands there */
void cv_term_cursor(struct cv_term *t, int row, int col);
/* Sends the difference in one write. */
void cv_term_show(struct cv_term *t);
void cv_term_redraw(struct cv_term *t); /* everything anew (Ctrl-L, after another program) */
void cv_term_bell(struct cv_term *t);

/* ---- reading ---- */
/* Waits at most ms (-1: for ever) for a key or for `fd` to become readable (-1: none). True: *key. Signals that matter
 * come as CV_KEY_RESIZE or through cv_term_signal. */
bool cv_term_key(struct cv_term *t, struct cv_key *key, int ms, int fd);
const char *cv_term_paste(const struct cv_term *t); /* of the last CV_KEY_PASTE */
/* SIGHUP or SIGTERM came: save and end; 0 = none. */
int cv_term_signal(const struct cv_term *t);

/* Gives the terminal to another program or to the shell, and takes it back. */
void cv_term_leave(struct cv_term *t);
void cv_term_enter(struct cv_term *t);
/* OSC 52 to the person's own clipboard (ignored by PuTTY: the text is shown, too). */
void cv_term_copy(struct cv_term *t, const char *text);

#endif
