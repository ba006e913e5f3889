/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Around every screen: tabs, LÀM NGAY, status and hints. Private to the shell. */
#ifndef CONGVU_TUI_CHROME_H
#define CONGVU_TUI_CHROME_H

#include "client/tui/view/view.h"

bool cv_tab_allowed(struct cv_ui *ui, int digit);
void cv_chrome_read(struct cv_ui *ui);		/* counts and what is due */
bool cv_chrome_old(struct cv_ui *ui);		/* due again, though nothing changed: minutes pass */
int cv_chrome_top(struct cv_ui *ui, int digit); /* draws; gives the first free row */
void cv_chrome_bottom(struct cv_ui *ui, const struct cv_actions *actions);

/* acts.c: takes what the hands have to tell; true if there was anything. */
bool cv_ui_events(struct cv_ui *ui);
void cv_ui_forget_act(struct cv_ui *ui, size_t i);

#endif
