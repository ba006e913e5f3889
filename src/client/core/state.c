/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is unsent, how things stand, and what a doctor would look at. */
#include "client/core/inside.h"

#include <congvu/base/i18n.h>
#include <congvu/base/mem.h>
#include <congvu/base/time.h>
#include <congvu/core/draft.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static struct cv_json *row_of(const struct cv_out_row *row)
{
	struct cv_json *out = cv_json_new_object(), *element = NULL;
	char at[CV_TIME_SIZE];

	cv_time_format(row->at, at);
	cv_json_set_int(out, "mid", row->mid);
	cv_json_set_str(out, "op", row->op);
	cv_json_set_str(out, "kind", row->kind);
	cv_json_set_str(out, "id", row->id);
	cv_json_set_str(out, "at", at);
	cv_json_set_str(out, "state", cv_out_state_word(row->state));
	cv_json_set_int(out, "attempts", row->attempts);
	if (row->result != NULL) {
		struct cv_json *error = cv_json_new_object();
		static const char *const fields[] = {"st", "code", "field", "detail"};
		for (size_t i = 0; i < CV_COUNT(fields); i++)
			cv_json_set_str(error, fields[i], cv_json_str(row->result, fields[i]));
		cv_json_set(out, "error", error);
		if (cv_json_object_of(row->result, "theirs") != NULL)
			cv_json_set(out, "theirs", cv_json_dup(cv_json_get(row->result, "theirs")));
	} else {
		cv_json_set_null(out, "error");
	}
	if (row->element != NULL &&
	    cv_json_parse(&element, row->element, strlen(row->element), &cv_json_answer, NULL) == CV_OK)
		cv_json_set(out, "args", cv_json_dup(cv_json_get(element, "args")));
	cv_json_destroy(element);
	return out;
}

enum cv_rc cv_core_outbox(struct cv_core *core, struct cv_json **out, struct cv_err *err)
{
	struct cv_out_row *rows;
	size_t count;
	enum cv_rc rc = cv_store_outbox(core->store, &rows, &count, false, SIZE_MAX, SIZE_MAX, err);

	*out = NULL;
	if (rc != CV_OK)
		return rc;
	*out = cv_json_new_array();
	for (size_t i = 0; i < count; i++)
		cv_json_push(*out, row_of(&rows[i]));
	cv_out_rows_free(rows, count);
	return CV_OK;
}

static struct cv_json *changed_args(const struct cv_json *row, const struct cv_json *changes)
{
	struct cv_json *args = cv_json_dup(cv_json_get(row, "args"));

	CV_JSON_EACH (change, changes) {
		if (cv_json_is(change, CV_JSON_NULL))
			cv_json_remove(args, cv_json_key(change));
		else
			cv_json_set(args, cv_json_key(change), cv_json_dup(change));
	}
	return args;
}

enum cv_rc cv_core_outbox_edit(struct cv_core *core, int64_t mid, const struct cv_json *changes, int64_t *new_mid,
			       struct cv_err *err)
{
	struct cv_json *items;
	struct cv_act_out act = {0};
	enum cv_rc rc = cv_core_outbox(core, &items, err);
	const struct cv_json *found = NULL;

	*new_mid = 0;
	if (rc != CV_OK)
		return rc;
	CV_JSON_EACH (row, items)
		if (cv_json_int(row, "mid", 0) == mid && strcmp(cv_json_s(row, "state"), "needs_person") == 0)
			found = row;
	if (found == NULL || cv_json_get(found, "args") == NULL) {
		rc = cv_err_set(err, CV_DATA, "mid", _("không có dòng cần xem lại nào mang số này"));
	} else {
		struct cv_json *args = changed_args(found, changes);
		struct cv_act_in in = {.op = cv_json_s(found, "op"),
				       .id = cv_json_s(found, "id"),
				       .args = args,
				       .anyway = true,
				       .supersedes = mid};
		rc = cv_core_act(core, &in, &act, err);
		cv_json_destroy(args);
	}
	*new_mid = act.mid;
	if (rc == CV_OK) /* only after the new row is safe */
		rc = cv_store_outbox_drop(core->store, mid, err);
	cv_json_destroy(items);
	return rc;
}

enum cv_rc cv_core_outbox_retry(struct cv_core *core, int64_t mid, int64_t *new_mid, struct cv_err *err)
{
	return cv_core_outbox_edit(core, mid, NULL, new_mid, err);
}

enum cv_rc cv_core_outbox_drop(struct cv_core *core, int64_t mid, struct cv_err *err)
{
	return cv_store_outbox_drop(core->store, mid, err);
}

/* What was true at the last sync says nothing about now. */
static bool reachable(struct cv_core *core)
{
	struct cv_sync sync = {0};
	struct cv_answer answer = {0};
	struct cv_request r = {.method = "GET", .path = "/healthz", .timeout_ms = 2000};

	if (core->line_tried && core->line_up)
		return true;
	enum cv_rc rc = core->server[0] != '\0' ? cv_core_line(core, core->server, &sync, NULL) : CV_UNREACHABLE;

	if (rc == CV_OK) {
		rc = cv_net_do(sync.net, &r, &answer, NULL);
		cv_answer_finish(&answer);
	}
	cv_core_hang_up(core, &sync);
	return rc == CV_OK;
}

struct cv_json *cv_core_status(struct cv_core *core)
{
	struct cv_json *out = cv_json_new_object(), *traffic = cv_json_new_object();
	char *last = cv_store_meta(core->store, "last_sync");
	char text[CV_TIME_SIZE];
	size_t unsent, person;

	cv_store_counts(core->store, &unsent, &person);
	cv_json_set_bool(out, "online", reachable(core));
	cv_json_set_int(out, "unsent", (int64_t)unsent);
	cv_json_set_int(out, "needs_person", (int64_t)person);
	if (last[0] != '\0') {
		cv_time_format(strtoll(last, NULL, 10), text);
		cv_json_set_str(out, "last_sync", text);
	} else {
		cv_json_set_null(out, "last_sync");
	}
	cv_json_set_int(traffic, "requests", core->requests);
	cv_json_set_int(traffic, "bytes_up", core->up);
	cv_json_set_int(traffic, "bytes_down", core->down);
	cv_json_set(out, "traffic", traffic);
	free(last);
	return out;
}

static void check(struct cv_json *checks, bool *all, const char *name, bool ok, const char *detail, const char *hint)
{
	struct cv_json *c = cv_json_new_object();

	cv_json_set_str(c, "name", name);
	cv_json_set_bool(c, "ok", ok);
	cv_json_set_str(c, "detail", detail);
	cv_json_set_str(c, "hint", ok ? "" : hint);
	cv_json_push(checks, c);
	*all = *all && ok;
}

static void check_server(struct cv_core *core, struct cv_json *checks, bool *ok)
{
	struct cv_json *answer = NULL;
	struct cv_err err;

	cv_err_init(&err);
	enum cv_rc rc = cv_core_fetch(core, "/v1/session", &answer, &err);
	check(checks, ok, "server", rc == CV_OK, rc == CV_OK ? core->server : err.detail,
	      _("kiểm tra mạng, địa chỉ máy chủ và đăng nhập: congvu login"));
	cv_json_destroy(answer);
}

/* Where the key lives: "file: …/key". Owned. */
static char *key_place(struct cv_core *core, const char *how)
{
	const char *credentials = core->env->get(core->env->data, "CREDENTIALS_DIRECTORY");
	char *given = credentials != NULL ? cv_strf("%s/congvu", credentials) : NULL;
	char *out;

	if (given != NULL && cv_file_exists(given))
		out = cv_strf("credentials: %s", given);
	else if (strcmp(how, "file") == 0)
		out = cv_strf("file: %s/key", core->paths.data);
	else if (strcmp(how, "passphrase") == 0)
		out = cv_strf("passphrase: %s/passphrase", core->paths.data);
	else if (strcmp(how, "command") == 0)
		out = cv_strdup("command: secret_command");
	else
		out = cv_strdup(how);
	free(given);
	return out;
}

struct cv_json *cv_core_doctor(struct cv_core *core, bool *ok)
{
	struct cv_json *out = cv_json_new_object(), *checks = cv_json_new_array();
	size_t unsent, person;
	struct cv_err err;
	struct stat st;
	char number[32];

	*ok = true;
	cv_err_init(&err);
	bool private_dir = stat(core->paths.data, &st) == 0 && (st.st_mode & 077) == 0;
	check(checks, ok, "files", private_dir, core->paths.data, _("chmod 700 thư mục này"));
	bool login = cv_store_has_keys(core->store);
	check(checks, ok, "login", login, login ? core->user : _("chưa đăng nhập"),
	      _("congvu login --server URL --user TÊN"));
	if (login) {
		char *how = cv_store_meta(core->store, "secrets");
		bool key = cv_core_unlock(core, &err) == CV_OK;
		char *place = key_place(core, how);
		char *fault = cv_strf("%s: %s", place, err.detail);
		check(checks, ok, "secrets", key, key ? place : fault, _("mở kho khóa của máy, hoặc congvu login lại"));
		free(fault);
		free(place);
		free(how);
	}
	if (login && core->unlocked)
		check_server(core, checks, ok);
	cv_store_counts(core->store, &unsent, &person);
	snprintf(number, sizeof(number), "%zu/%zu", unsent, person);
	check(checks, ok, "outbox", person == 0, number, _("congvu outbox list"));
	cv_json_set(out, "checks", checks);
	return out;
}

enum cv_rc cv_core_draft(struct cv_core *core, const char *name, struct cv_json **out, struct cv_err *err)
{
	return cv_store_draft(core->store, name, out, err);
}
