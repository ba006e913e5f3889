/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text of several lines on a screen of few columns. */
#ifndef CONGVU_TUI_WRAP_H
#define CONGVU_TUI_WRAP_H

#include "client/tui/term/term.h"

/* Draws into rows [row, last), words whole where that is possible; gives the first row that is free. */
int cv_wrap_draw(struct cv_term *t, int row, int last, int col, int width, const char *text);
/* The first line alone; "…" stands where more follows. */
void cv_put_first(struct cv_term *t, int row, int col, int width, const char *text);

#endif
