/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The full-screen program. */
#ifndef CONGVU_TUI_TUI_H
#define CONGVU_TUI_TUI_H

#include <congvu/base/env.h>
#include <stdbool.h>

struct cv_ui;

struct cv_tui {
	const struct cv_env *env;
	const char *account;
	bool read_only, no_color;
};
/* Opens the terminal and runs until the person leaves; gives the exit status. */
int cv_tui_run(const struct cv_tui *how);

/* shell.c: the loop over an opened terminal and account. */
void cv_shell_run(struct cv_ui *ui);

#endif
