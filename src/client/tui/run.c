/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From the command line to the first screen, and back. */
#include "client/tui/tui.h"
#include "client/tui/view/hold.h"
#include "client/tui/view/login.h"
#include "client/tui/view/view.h"

#include <congvu/base/cmdline.h>
#include <congvu/base/i18n.h>
#include <congvu/base/mem.h>
#include <congvu/core/draft.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int fail(const struct cv_err *err)
{
	cv_complain("congvu", err);
	return cv_rc_exit(err->rc);
}

static bool colours(const struct cv_tui *how)
{
	const char *no = how->env->get(how->env->data, "NO_COLOR");

	return !how->no_color && (no == NULL || no[0] == '\0');
}

/* An account that was never logged in begins with the form; else its key is had now, while questions can be asked. */
static enum cv_rc open_account(struct cv_ui *ui, const struct cv_tui *how, bool *fresh, struct cv_err *err)
{
	struct cv_core_open open = {.env = how->env, .account = how->account, .ask = cv_ask_secret};
	enum cv_rc rc = cv_core_open(&ui->core, &open, err);

	*fresh = false;
	if (rc != CV_OK)
		return rc;
	*fresh = cv_core_user(ui->core)[0] == '\0';
	return *fresh ? CV_OK : cv_core_unlock(ui->core, err);
}

/* A machine that others use keeps nothing once everything is sent. */
static void forget_here(struct cv_ui *ui)
{
	struct cv_json *rows = NULL;
	struct cv_err err;

	cv_err_init(&err);
	if (cv_core_outbox(ui->core, &rows, NULL) == CV_OK && cv_json_count(rows) == 0 &&
	    cv_core_logout(ui->core, false, &err) != CV_OK)
		cv_complain("congvu", &err);
	else if (cv_json_count(rows) > 0)
		fprintf(stderr, "congvu: %s\n", _("còn việc chưa gửi nên chưa xóa dữ liệu trên máy dùng chung này"));
	cv_json_destroy(rows);
}

static void told_at_the_end(struct cv_ui *ui, bool hung_up)
{
	if (!hung_up && ui->unsent > 0)
		printf(_("Còn %zu việc chờ gửi: đã lưu trên máy này, lần sau tự gửi.\n"), ui->unsent);
}

/* Where the line dropped: the same form, the same field. */
static void go_back_there(struct cv_ui *ui)
{
	struct cv_json *place = NULL;
	struct cv_view *v = NULL;

	if (cv_core_draft(ui->core, "place", &place, NULL) != CV_OK)
		return;
	const char *screen = cv_json_s(place, "screen"), *id = cv_json_s(place, "id");
	if (strcmp(screen, "report") == 0)
		v = cv_view_report_form(ui, id);
	else if (strcmp(screen, "register") == 0)
		v = cv_view_register(ui);
	else if (cv_op_find(screen) != NULL)
		v = cv_view_act(ui, screen, id, cv_json_s(place, "title"));
	cv_ui_push(ui, v);
	cv_json_destroy(place);
}

static void load_keys(struct cv_ui *ui)
{
	char *told;

	cv_keys_load(&ui->keys, ui->core, &told);
	if (told[0] != '\0')
		cv_ui_pager(ui, "keys.conf", told);
	free(told);
}

static enum cv_rc run(struct cv_ui *ui, bool fresh, struct cv_err *err)
{
	bool shared = false;

	if (fresh && !cv_first_run(ui, &shared)) {
		cv_term_close(ui->term);
		return CV_OK;
	}
	enum cv_rc rc = cv_live_start(&ui->live, ui->core, err);
	if (rc == CV_OK) {
		load_keys(ui);
		cv_ui_push(ui, cv_view_inbox(ui));
		go_back_there(ui);
		cv_hold_resume(ui);
		cv_shell_run(ui);
	}
	bool hung_up = cv_term_signal(ui->term) != 0;
	cv_term_close(ui->term);
	cv_live_stop(ui->live);
	told_at_the_end(ui, hung_up);
	if (shared && !hung_up)
		forget_here(ui);
	return rc;
}

int cv_tui_run(const struct cv_tui *how)
{
	struct cv_ui *ui = cv_alloc(sizeof(*ui));
	struct cv_err err;
	bool fresh;

	cv_err_init(&err);
	ui->env = how->env;
	ui->read_only = how->read_only;
	enum cv_rc rc = open_account(ui, how, &fresh, &err);
	if (rc == CV_OK)
		rc = cv_term_open(&ui->term, how->env, colours(how), &err);
	if (rc == CV_OK)
		rc = run(ui, fresh, &err);
	cv_core_close(ui->core);
	free(ui);
	return rc == CV_OK ? 0 : fail(&err);
}
