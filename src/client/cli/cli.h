/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the verbs share: the opened account, output, and the way from an act to an exit status. */
#ifndef CONGVU_CLIENT_CLI_H
#define CONGVU_CLIENT_CLI_H

#include <congvu/base/cmdline.h>
#include <congvu/core/core.h>

struct cv_cli {
	const struct cv_env *env;
	const struct cv_args *args;
	struct cv_core *core; /* owned; opened by cv_cli_open */
	bool json, plain;
	const char *code; /* told beside the result of an act (a dossier's provisional code); NULL = none */
};

extern const struct cv_program cv_congvu;

/* Opens the account of --account; an account that never logged in is CV_LOGIN. On failure the error has been told and
 * the exit status is returned; 0 otherwise. `reading` also needs the key. */
int cv_cli_open(struct cv_cli *cli, const struct cv_args *args, bool must_exist, bool reading);
/* Tells the error in the form asked for; gives its exit status. data may be NULL. */
int cv_cli_fail(struct cv_cli *cli, const struct cv_err *err, const struct cv_json *data);
/* Prints data with --json (always), else calls `plain` on it (NULL: silence). data is taken. Gives 0. */
int cv_cli_show(struct cv_cli *cli, struct cv_json *data,
		void (*plain)(struct cv_cli *cli, const struct cv_json *data));

/* How long an act may wait for its result, from --no-wait and --retry-until. CV_USAGE when unreadable. */
enum cv_rc cv_cli_waiting(struct cv_sync_how *how, const struct cv_cli *cli, struct cv_err *err);
/* Act, send, exit by the stored result (cli.md "Every act"). unlock_rc says whether the key could be had. `said` is
 * printed on success on a terminal. */
int cv_cli_act(struct cv_cli *cli, const char *op, const char *id, const struct cv_json *args, const char *said);

/* The second half of it, for a row that is queued already as `mid`. */
int cv_cli_deliver(struct cv_cli *cli, int64_t mid, const char *id, struct cv_err *locked, const char *said);

/* The same for several at once: all are queued first, then sent together, then told as a list with `code`. One act
 * alone is told like cv_cli_act. 10 if any needs a person, else 75 if any is open, else 0. */
struct cv_cli_act {
	const char *op, *code;
	char id[CV_ID_MAX + 1];
	struct cv_json *args; /* owned by the caller */
	/* out */
	struct cv_act_out out;
	struct cv_err err;
};
int cv_cli_acts(struct cv_cli *cli, struct cv_cli_act *acts, size_t count);

/* --date, today if absent. False (told) when it is no date. */
bool cv_cli_date(struct cv_cli *cli, char out[16], int *exit_status);
/* A file's text, or stdin for "-": at most 64 KiB, UTF-8, NFC. *out owned. */
enum cv_rc cv_cli_text(char **out, const char *path, struct cv_err *err);

/* {"items":[…],"next":null}; items is taken. */
struct cv_json *cv_cli_page(struct cv_json *items);

/* The verb families: one file each. */
int cv_cli_login(void *app, const struct cv_args *args);
int cv_cli_logout(void *app, const struct cv_args *args);
int cv_cli_status(void *app, const struct cv_args *args);
int cv_cli_sync(void *app, const struct cv_args *args);
int cv_cli_today(void *app, const struct cv_args *args);
int cv_cli_doctor(void *app, const struct cv_args *args);
int cv_cli_report_submit(void *app, const struct cv_args *args);
int cv_cli_report_list(void *app, const struct cv_args *args);
int cv_cli_report_show(void *app, const struct cv_args *args);
int cv_cli_report_board(void *app, const struct cv_args *args);
int cv_cli_report_comment(void *app, const struct cv_args *args);
int cv_cli_work_register(void *app, const struct cv_args *args);
int cv_cli_work_list(void *app, const struct cv_args *args);
int cv_cli_work_record(void *app, const struct cv_args *args);
int cv_cli_work_copy_open(void *app, const struct cv_args *args);
int cv_cli_work_review(void *app, const struct cv_args *args);
int cv_cli_work_return(void *app, const struct cv_args *args);
int cv_cli_dossier_list(void *app, const struct cv_args *args);
int cv_cli_dossier_show(void *app, const struct cv_args *args);
int cv_cli_dossier_history(void *app, const struct cv_args *args);
int cv_cli_dossier_why_due(void *app, const struct cv_args *args);
int cv_cli_dossier_new(void *app, const struct cv_args *args);
int cv_cli_dossier_act(void *app, const struct cv_args *args);
int cv_cli_due(void *app, const struct cv_args *args);
int cv_cli_outbox_list(void *app, const struct cv_args *args);
int cv_cli_outbox_show(void *app, const struct cv_args *args);
int cv_cli_outbox_retry(void *app, const struct cv_args *args);
int cv_cli_outbox_edit(void *app, const struct cv_args *args);
int cv_cli_outbox_drop(void *app, const struct cv_args *args);
int cv_cli_conflict_list(void *app, const struct cv_args *args);
int cv_cli_conflict_show(void *app, const struct cv_args *args);
int cv_cli_conflict_keep_mine(void *app, const struct cv_args *args);
int cv_cli_conflict_keep_theirs(void *app, const struct cv_args *args);
int cv_cli_conflict_merge(void *app, const struct cv_args *args);
int cv_cli_config_list(void *app, const struct cv_args *args);
int cv_cli_config_get(void *app, const struct cv_args *args);
/* The keys of congvu.conf, for the manual. */
struct cv_json *cv_cli_settings(void);
int cv_cli_completion(void *app, const struct cv_args *args);
int cv_cli_help(void *app, const struct cv_args *args);

#endif
