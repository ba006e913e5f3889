/* SPDX-License-Identifier: GPL-3.0-or-later */
/* congvu login, logout, status, sync, today, doctor */
#include "cli.h"

#include <congvu/base/i18n.h>
#include <congvu/base/mem.h>
#include <congvu/base/seal.h>
#include <congvu/base/time.h>
#include <congvu/model/board.h>
#include <congvu/model/policy.h>
#include <congvu/model/slot.h>
#include <congvu/model/words.h>

#include <stdlib.h>
#include <string.h>

int cv_cli_login(void *app, const struct cv_args *parsed)
{
	struct cv_cli *cli = app;
	struct cv_err err;
	char *password = NULL;
	int status = cv_cli_open(cli, parsed, false, false);

	if (status != 0)
		return status;
	cv_err_init(&err);
	const char *server = cv_args_text(parsed, "server");
	struct cv_login how = {.server = server != NULL ? server : cv_core_config(cli->core, "server"),
			       .user = cv_args_text(parsed, "user"),
			       .ca_file = cv_args_text(parsed, "ca"),
			       .secrets = cv_args_text(parsed, "secrets"),
			       .for_cron = cv_args_flag(parsed, "for-cron")};
	if (how.server == NULL || how.server[0] == '\0' || how.user == NULL)
		cv_err_set(&err, CV_USAGE, how.user == NULL ? "user" : "server", _("cần --server và --user"));
	else if (cv_args_flag(parsed, "password-stdin"))
		cv_read_secret(&password, &err);
	else if (cv_args_flag(parsed, "no-input"))
		cv_err_set(&err, CV_USAGE, "password-stdin", _("không hỏi được mật khẩu; dùng --password-stdin"));
	else
		cv_ask_secret(&password, _("Mật khẩu: "), &err);
	if (err.rc == CV_OK) {
		how.password = password;
		cv_core_login(cli->core, &how, &err);
	}
	if (password != NULL)
		cv_wipe(password, strlen(password));
	free(password);
	if (err.rc != CV_OK)
		return cv_cli_fail(cli, &err, NULL);
	struct cv_json *data = cv_json_new_object();
	cv_json_set_str(data, "user", cv_core_user(cli->core));
	cv_json_set_str(data, "device", cv_core_device(cli->core));
	return cv_cli_show(cli, data, NULL);
}

int cv_cli_logout(void *app, const struct cv_args *parsed)
{
	struct cv_cli *cli = app;
	struct cv_err err;
	int status = cv_cli_open(cli, parsed, true, false);

	if (status != 0)
		return status;
	cv_err_init(&err);
	cv_core_unlock(cli->core, NULL); /* the server is told when it can be */
	if (cv_core_logout(cli->core, cv_args_flag(parsed, "discard-unsent"), &err) != CV_OK)
		return cv_cli_fail(cli, &err, NULL);
	return cv_cli_show(cli, cv_json_new_object(), NULL);
}

static struct cv_json *next_slot(struct cv_cli *cli)
{
	struct cv_slot slot;
	int32_t date;
	int64_t opens, closes;
	char text[CV_TIME_SIZE];
	const struct cv_json *user;
	const struct cv_ctx *ctx = cv_core_locked(cli->core) ? NULL : cv_core_ctx(cli->core);
	bool known = cv_ctx_get(ctx, CV_KIND_USER, cv_core_user(cli->core), &user) == CV_FOUND;
	struct cv_json *policy = cv_policy_resolve(ctx, known ? cv_user_unit(user) : "");
	bool any = cv_slot_next(&slot, &date, &opens, &closes, policy, cv_now(cli->env));

	cv_json_destroy(policy);
	if (!any)
		return cv_json_new_null();
	struct cv_json *out = cv_json_new_object();
	cv_json_set_str(out, "slot", slot.name);
	cv_time_format(opens, text);
	cv_json_set_str(out, "opens_at", text);
	cv_time_format(closes, text);
	cv_json_set_str(out, "closes_at", text);
	return out;
}

static void plain_status(struct cv_cli *cli, const struct cv_json *s)
{
	(void)cli;
	printf(_("%s, máy chủ %s\n"), cv_json_s(s, "user"), cv_json_s(s, "server"));
	printf(_("Chờ gửi %lld, cần xem lại %lld, cập nhật %s\n"), (long long)cv_json_int(s, "unsent", 0),
	       (long long)cv_json_int(s, "needs_person", 0),
	       cv_json_str(s, "last_sync") != NULL ? cv_json_s(s, "last_sync") : _("chưa lần nào"));
	const struct cv_json *slot = cv_json_object_of(s, "next_slot");
	if (slot != NULL)
		printf(_("Khung báo cáo tới: %s, nhận từ %.5s đến %.5s\n"), cv_json_s(slot, "slot"),
		       cv_json_s(slot, "opens_at") + 11, cv_json_s(slot, "closes_at") + 11);
}

/* Whether the server answers now, whatever it says; what the last sync saw may be hours old. */
static bool reached(struct cv_cli *cli)
{
	struct cv_json *answer = NULL;

	if (cv_core_locked(cli->core))
		return false;
	enum cv_rc rc = cv_core_fetch(cli->core, "/v1/session", &answer, NULL);
	cv_json_destroy(answer);
	return rc == CV_OK || rc == CV_LOGIN || rc == CV_DISABLED || rc == CV_FORBIDDEN;
}

int cv_cli_status(void *app, const struct cv_args *parsed)
{
	struct cv_cli *cli = app;
	int status = cv_cli_open(cli, parsed, true, false);

	if (status != 0)
		return status;
	cv_core_unlock(cli->core, NULL); /* locked: what lies in the clear is shown all the same */
	bool online = reached(cli);
	struct cv_json *data = cv_core_status(cli->core);
	if (!cv_core_locked(cli->core))
		cv_json_set_bool(data, "online", online);
	cv_json_set_str(data, "user", cv_core_user(cli->core));
	cv_json_set_str(data, "server", cv_core_server(cli->core));
	cv_json_set(data, "next_slot", next_slot(cli));
	return cv_cli_show(cli, data, plain_status);
}

int cv_cli_sync(void *app, const struct cv_args *parsed)
{
	struct cv_cli *cli = app;
	struct cv_err err;
	struct cv_sync_how how;
	struct cv_sync_out out = {0};
	int status = cv_cli_open(cli, parsed, true, true);

	if (status != 0)
		return status;
	cv_err_init(&err);
	if (cv_cli_waiting(&how, cli, &err) != CV_OK)
		return cv_cli_fail(cli, &err, NULL);
	if (how.wait == CV_WAIT_NONE) { /* one try */
		how.wait = CV_WAIT_UNTIL;
		how.until = cv_now(cli->env);
	}
	enum cv_rc rc = cv_core_sync(cli->core, &how, &out, &err);
	cv_json_destroy(out.result);
	struct cv_json *data = cv_core_status(cli->core);
	if (rc == CV_OK && out.needs_person == 0 && out.unsent == 0)
		return cv_cli_show(cli, data, NULL);
	if (rc == CV_OK)
		rc = cv_err_set(&err, out.needs_person > 0 ? CV_NEEDS_PERSON : CV_QUEUED, NULL, NULL);
	else if (out.unsent > 0 && cv_rc_exit(rc) == 69)
		err.rc = out.needs_person > 0 ? CV_NEEDS_PERSON : CV_QUEUED; /* what waits is safe: that is the news */
	if (err.rc == CV_QUEUED && cli->json) {
		cv_json_set_str(data, "st", cv_st_word(CV_ST_QUEUED));
		cv_cli_show(cli, data, NULL);
		return cv_rc_exit(CV_QUEUED);
	}
	status = cv_cli_fail(cli, &err, data);
	cv_json_destroy(data);
	return status;
}

static void plain_today(struct cv_cli *cli, const struct cv_json *day)
{
	(void)cli;
	printf(_("Ngày %s, %s\n"), cv_json_s(day, "date"), cv_json_s(day, "name"));
	CV_JSON_EACH (slot, cv_json_object_of(day, "slots"))
		printf(_("  báo cáo %sh: %s\n"), cv_json_key(slot), cv_word_label(cv_json_string(slot)));
	printf(_("  đăng ký công việc: %s\n"), cv_json_bool(day, "registered", false) ? _("đã đăng ký") : _("chưa"));
}

int cv_cli_today(void *app, const struct cv_args *parsed)
{
	struct cv_cli *cli = app;
	struct cv_err err;
	const struct cv_json *user;
	int status = cv_cli_open(cli, parsed, true, true);

	if (status != 0)
		return status;
	cv_err_init(&err);
	int64_t now = cv_now(cli->env);
	if (cv_ctx_get(cv_core_ctx(cli->core), CV_KIND_USER, cv_core_user(cli->core), &user) != CV_FOUND) {
		cv_err_set(&err, CV_UNREACHABLE, NULL, _("chưa có dữ liệu trên máy; chạy congvu sync"));
		return cv_cli_fail(cli, &err, NULL);
	}
	return cv_cli_show(cli, cv_day_of(cv_core_ctx(cli->core), user, cv_date_of(now), now), plain_today);
}

static void plain_doctor(struct cv_cli *cli, const struct cv_json *data)
{
	(void)cli;
	CV_JSON_EACH (check, cv_json_array_of(data, "checks")) {
		bool ok = cv_json_bool(check, "ok", false);
		printf("%s %s: %s\n", ok ? "√" : "×", cv_json_s(check, "name"), cv_json_s(check, "detail"));
		if (!ok && cv_json_s(check, "hint")[0] != '\0')
			printf("  → %s\n", cv_json_s(check, "hint"));
	}
}

int cv_cli_doctor(void *app, const struct cv_args *parsed)
{
	struct cv_cli *cli = app;
	bool ok = false;
	int status = cv_cli_open(cli, parsed, false, false);

	if (status != 0)
		return status;
	cv_core_unlock(cli->core, NULL); /* doctor itself tells why it did not open */
	struct cv_json *data = cv_core_doctor(cli->core, &ok);
	if (ok)
		return cv_cli_show(cli, data, plain_doctor);
	struct cv_err err;
	cv_err_init(&err);
	cv_err_set(&err, CV_CONFIG, NULL, _("có mục chưa ổn"));
	if (cli->json)
		cv_print_error(stdout, &err, data);
	else
		plain_doctor(cli, data);
	cv_json_destroy(data);
	return cv_rc_exit(err.rc);
}
