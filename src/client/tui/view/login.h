/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The first run. */
#ifndef CONGVU_TUI_LOGIN_H
#define CONGVU_TUI_LOGIN_H

#include "client/tui/view/view.h"

/* Until she is logged in (true) or leaves (false). *shared: a machine that others use, too. */
bool cv_first_run(struct cv_ui *ui, bool *shared);

#endif
