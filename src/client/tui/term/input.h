/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Bytes of a terminal to keys. One parser reads escape sequences to their final byte, whatever TERM says; one that is
 * not known is dropped whole, never shown as ESC and letters. Both families of function and editing keys are known
 * (PuTTY sends Home as ESC [ 1 ~ under TERM=xterm). Pure: no terminal, no clock but the one given.
 */
#ifndef CONGVU_TUI_INPUT_H
#define CONGVU_TUI_INPUT_H

#include <congvu/base/buf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum cv_key_kind {
	CV_KEY_NONE,
	CV_KEY_CHAR, /* text: one character in UTF-8 */
	CV_KEY_CTRL, /* letter: 'a' … 'z' */
	CV_KEY_ENTER,
	CV_KEY_TAB,
	CV_KEY_BACKTAB,
	CV_KEY_ESC,
	CV_KEY_BACKSPACE,
	CV_KEY_DELETE,
	CV_KEY_INSERT,
	CV_KEY_UP,
	CV_KEY_DOWN,
	CV_KEY_LEFT,
	CV_KEY_RIGHT,
	CV_KEY_HOME,
	CV_KEY_END,
	CV_KEY_PGUP,
	CV_KEY_PGDN,
	CV_KEY_F,     /* number 1 … 12 */
	CV_KEY_PASTE, /* the parser's `paste` holds the text */
	CV_KEY_RESIZE
};
struct cv_key {
	enum cv_key_kind kind;
	int number;   /* CV_KEY_F; CV_KEY_CTRL: the letter */
	char text[8]; /* CV_KEY_CHAR, NUL-terminated */
	int method;   /* enum cv_method that is switched on (F9); set by the loop */
};

#define CV_PASTE_MAX (256 << 10) /* bytes; what is beyond is dropped */
#define CV_ESC_MS    100	 /* after this long an ESC alone is the key (80 ms between packets were measured) */
#define CV_TAIL_MS   50		 /* so long after a lone ESC a letter may be the torn tail of a sequence */

struct cv_input {
	char seq[64]; /* of an escape sequence or a character that is not whole yet */
	size_t n;
	int64_t begun; /* when its first byte came */
	bool pasting, drop;
	struct cv_buf paste;
	int64_t escaped; /* when an ESC alone was given out */
};
void cv_input_init(struct cv_input *in);
void cv_input_finish(struct cv_input *in);
/* Takes one byte that came at `now` (ms); true: *key is whole. */
bool cv_input_byte(struct cv_input *in, unsigned char byte, int64_t now, struct cv_key *key);
/* Nothing came until `now`: an ESC that waited long enough becomes the key. */
bool cv_input_idle(struct cv_input *in, int64_t now, struct cv_key *key);
/* How long to wait for more before asking cv_input_idle; -1: nothing waits. */
int cv_input_wait(const struct cv_input *in, int64_t now);

/* In command context a Vietnamese letter counts as the key that made it (đ→d, ư→w, â→a, ó→s …): an input method that is
 * still on must not make the program deaf. 0: no such letter. */
char cv_key_command(const struct cv_key *key, bool *vietnamese);

#endif
