/* SPDX-License-Identifier: GPL-3.0-or-later */
/* congvu: start, parse, run the verb, and make sure that what was printed arrived. */
#include <congvu/base/cmdline.h>
#include <congvu/base/i18n.h>
#include <congvu/base/seal.h>

#include "client/cli/cli.h"
#include "client/tui/tui.h"

#include <signal.h>
#include <stdio.h>
#include <unistd.h>

/* Everything on disk is written so that a killed process loses nothing, so leaving at once is safe; a script gets 130
 * instead of a death by signal. */
static void interrupted(int number)
{
	(void)number;
	_exit(130);
}

static void catch_interrupt(void)
{
	struct sigaction act = {.sa_handler = interrupted}, old;

	/* A shell's background job has it ignored: so it stays. */
	if (sigaction(SIGINT, NULL, &old) == 0 && old.sa_handler != SIG_IGN)
		sigaction(SIGINT, &act, NULL);
}

/* Without a verb a person gets the screen; without a terminal, the day in lines. */
static int run(struct cv_cli *cli, const struct cv_args *args)
{
	const char *account = cv_args_text(args, "account");

	if (cv_args_verb(args)->noun[0] != '\0' || cli->json || !isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
		return cv_args_verb(args)->run(cli, args);
	struct cv_tui how = {.env = cli->env,
			     .account = account != NULL ? account : "default",
			     .read_only = cv_args_flag(args, "read-only"),
			     .no_color = cv_args_flag(args, "no-color")};
	return cv_tui_run(&how);
}

int main(int argc, char **argv)
{
	struct cv_cli cli = {.env = cv_env_system(), .json = cv_argv_has(argc, argv, "--json")};
	struct cv_args *args = NULL;
	struct cv_err err;
	int status = 0;

	cv_err_init(&err);
	catch_interrupt();
	cv_i18n_start(cli.env);
	if (cv_seal_start(&err) != CV_OK || cv_args_parse(&args, &cv_congvu, argc, argv, stdout, &err) != CV_OK)
		status = cv_cli_fail(&cli, &err, NULL);
	else if (args != NULL)
		status = run(&cli, args);
	cv_core_close(cli.core);
	cv_args_destroy(args);
	if ((fflush(stdout) != 0 || ferror(stdout)) && status == 0)
		status = cv_rc_exit(CV_IO);
	return status;
}
