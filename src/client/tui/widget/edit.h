/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Editing text by graphemes, one line or many. Input methods send a backspace and the new letter in one burst, so each
 * key is taken alone and a backspace takes back one whole letter with its marks. Pure: draws nothing.
 */
#ifndef CONGVU_TUI_EDIT_H
#define CONGVU_TUI_EDIT_H

#include "client/tui/term/input.h"

struct cv_edit {
	char *text;   /* owned, NFC */
	size_t n, at; /* bytes; where the cursor stands */
	size_t max;   /* bytes */
	bool lines;   /* may hold line ends */
	bool secret;  /* drawn as stars */
	bool changed; /* since it was looked at last */
};
void cv_edit_init(struct cv_edit *e, size_t max, bool lines);
void cv_edit_finish(struct cv_edit *e);
void cv_edit_set(struct cv_edit *e, const char *text); /* cursor to the end */
/* False: the key means nothing here (Tab, Enter of one line, Esc, F-keys, up at the top …). width: of the display. */
bool cv_edit_key(struct cv_edit *e, const struct cv_key *key, int width);
/* Puts text in at the cursor; line ends become blanks in one line. What does not fit is left out. */
void cv_edit_insert(struct cv_edit *e, const char *text);

/* ---- as it is displayed: rows of at most `width` columns, broken at blanks ---- */
struct cv_edit_row {
	size_t from, n; /* bytes */
};
/* Row i; false beyond the last. */
bool cv_edit_row(const struct cv_edit *e, int width, int i, struct cv_edit_row *row);
int cv_edit_rows(const struct cv_edit *e, int width);
/* Row and column of the cursor. */
void cv_edit_where(const struct cv_edit *e, int width, int *row, int *col);

#endif
