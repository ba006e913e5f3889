/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Descriptions of terminals, without what not every emulator knows. Private to term. */
#ifndef CONGVU_TUI_TERMINFO_H
#define CONGVU_TUI_TERMINFO_H

#include <congvu/base/env.h>

/* The compiled description of `term` without "scroll by n" (CSI S, CSI T) and "repeat the last character" (CSI b), as
 * $TERMINFO takes it: "b64:…". An emulator that drops them keeps old text on the screen, and curses has no switch for
 * them. NULL: there is none, or it is none that is known. Owned. */
char *cv_terminfo_plain(const struct cv_env *env, const char *term);

#endif
