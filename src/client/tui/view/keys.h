/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which letter means what: the compiled-in table (src/data/keys.conf), a person's own keys.conf over it. */
#ifndef CONGVU_TUI_KEYS_H
#define CONGVU_TUI_KEYS_H

#include <congvu/core/core.h>

struct cv_keys {
	char meaning[128]; /* the letter pressed -> the letter the screens know; 0: nothing */
	char shown[128];   /* the other way round, for hints and menus */
};
/* Reads both. Faults (unknown names, two names on one letter) go to *told, a line each: owned, "" if there are none. */
void cv_keys_load(struct cv_keys *keys, struct cv_core *core, char **told);

#endif
