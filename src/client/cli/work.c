/* SPDX-License-Identifier: GPL-3.0-or-later */
/* congvu work … */
#include "cli.h"

#include <congvu/base/i18n.h>
#include <congvu/base/mem.h>
#include <congvu/base/time.h>

#include <stdlib.h>
#include <string.h>

/* An item's eid comes from its text and its place among equal ones, so that repeating the same registration is the
 * same act and two devices registering the same row meet. */
static void name_item(struct cv_json *item, const struct cv_json *items)
{
	int twin = 0;

	CV_JSON_EACH (other, items)
		twin += strcmp(cv_json_s(other, "title"), cv_json_s(item, "title")) == 0;
	uint64_t hash = 14695981039346656037ULL;
	for (const char *p = cv_json_s(item, "title"); *p != '\0'; p++)
		hash = (hash ^ (unsigned char)*p) * 1099511628211ULL;
	char *eid = cv_strf("i%016llx.%d", (unsigned long long)hash, twin);
	cv_json_set_str(item, "eid", eid);
	free(eid);
}

/* "TEXT ;expected=… ;deadline=… ;dossier=CODE" */
static enum cv_rc parse_item(struct cv_json *items, const char *text, struct cv_err *err)
{
	static const char *const keys[] = {"expected", "deadline", "dossier"};
	struct cv_json *item = cv_json_new_object();
	const char *key = "title";

	while (text != NULL) {
		const char *next = strstr(text, " ;");
		size_t n = next != NULL ? (size_t)(next - text) : strlen(text);
		char *value = cv_strndup(text, n);
		cv_json_set_str(item, key, value);
		free(value);
		text = next != NULL ? next + 2 : NULL;
		key = NULL;
		for (size_t i = 0; text != NULL && i < CV_COUNT(keys); i++) {
			size_t len = strlen(keys[i]);
			if (strncmp(text, keys[i], len) == 0 && text[len] == '=') {
				key = keys[i];
				text += len + 1;
				break;
			}
		}
		if (text != NULL && key == NULL) {
			cv_json_destroy(item);
			return cv_err_set(err, CV_DATA, "item",
					  _("phần sau dấu ; phải là expected=, deadline= hoặc dossier="));
		}
	}
	name_item(item, items);
	cv_json_push(items, item);
	return CV_OK;
}

static enum cv_rc parse_file(struct cv_json *items, const char *path, struct cv_err *err)
{
	char *text;
	enum cv_rc rc = cv_cli_text(&text, path, err);

	if (rc != CV_OK)
		return rc;
	for (char *line = text; rc == CV_OK && *line != '\0';) {
		char *end = strchrnul(line, '\n');
		bool last = *end == '\0';
		*end = '\0';
		if (*line != '\0')
			rc = parse_item(items, line, err);
		line = last ? end : end + 1;
	}
	free(text);
	return rc;
}

static enum cv_rc gather(struct cv_json *items, const struct cv_args *parsed, struct cv_err *err)
{
	enum cv_rc rc = CV_OK;

	for (size_t i = 0; rc == CV_OK && i < cv_args_count(parsed, "item"); i++)
		rc = parse_item(items, cv_args_nth(parsed, "item", i), err);
	if (rc == CV_OK && cv_args_text(parsed, "file") != NULL)
		rc = parse_file(items, cv_args_text(parsed, "file"), err);
	if (rc == CV_OK && cv_json_count(items) == 0 && cv_args_text(parsed, "place") == NULL)
		rc = cv_err_set(err, CV_USAGE, "item", _("cần ít nhất một --item \"tên việc\""));
	return rc;
}

int cv_cli_work_register(void *app, const struct cv_args *parsed)
{
	struct cv_cli *cli = app;
	struct cv_err err;
	char date[CV_DATE_SIZE], id[CV_ID_MAX + 1];
	int status = cv_cli_open(cli, parsed, true, false);

	if (status != 0 || !cv_cli_date(cli, date, &status))
		return status;
	cv_err_init(&err);
	struct cv_json *args = cv_json_new_object(), *items = cv_json_new_array();
	cv_json_set_str(args, "date", date);
	cv_json_set(args, "items", items);
	cv_json_set_str(args, "place", cv_args_text(parsed, "place"));
	cv_json_set_str(args, "place_pm", cv_args_text(parsed, "place-pm"));
	const char *user = cv_args_text(parsed, "user");
	cv_id_workday(id, user != NULL ? user : cv_core_user(cli->core), date);
	if (gather(items, parsed, &err) != CV_OK)
		status = cv_cli_fail(cli, &err, NULL);
	else
		status = cv_cli_act(cli, "workday.register", id, args, _("Máy chủ đã nhận đăng ký"));
	cv_json_destroy(args);
	return status;
}

/* What is still to do on that day, as rows of a new registration: the eid comes from the text, so that copying twice
 * registers once. */
static void copy_open(struct cv_json *items, const struct cv_json *day)
{
	static const char *const fields[] = {"title", "expected", "deadline", "dossier"};

	CV_JSON_EACH (item, cv_json_array_of(day, "items")) {
		const char *state = cv_json_s(item, "state");
		if (strcmp(state, "done") == 0 || strcmp(state, "dropped") == 0)
			continue;
		struct cv_json *copy = cv_json_new_object();
		for (size_t i = 0; i < CV_COUNT(fields); i++)
			cv_json_set_str(copy, fields[i], cv_json_str(item, fields[i]));
		name_item(copy, items);
		cv_json_push(items, copy);
	}
}

int cv_cli_work_copy_open(void *app, const struct cv_args *parsed)
{
	struct cv_cli *cli = app;
	struct cv_err err;
	struct cv_json *day = NULL;
	const char *from = cv_args_text(parsed, "from");
	char date[CV_DATE_SIZE], id[CV_ID_MAX + 1];
	int32_t source;
	int status = cv_cli_open(cli, parsed, true, true);

	if (status != 0 || !cv_cli_date(cli, date, &status))
		return status;
	cv_err_init(&err);
	if (from == NULL)
		cv_err_set(&err, CV_USAGE, "from", _("cần --from NGÀY"));
	else if (!cv_date_parse(from, &source) || strcmp(from, date) == 0)
		cv_err_set(&err, CV_DATA, "from", _("--from phải là một ngày khác, dạng 2026-11-22"));
	if (err.rc != CV_OK)
		return cv_cli_fail(cli, &err, NULL);
	struct cv_json *args = cv_json_new_object(), *items = cv_json_new_array();
	cv_json_set_str(args, "date", date);
	cv_json_set(args, "items", items);
	cv_id_workday(id, cv_core_user(cli->core), from);
	enum cv_rc rc = cv_core_get(cli->core, CV_KIND_WORKDAY, id, &day, NULL);
	copy_open(items, day);
	cv_json_destroy(day);
	if ((rc != CV_OK && rc != CV_NOT_FOUND) || cv_json_count(items) == 0) {
		cv_err_set(&err, rc == CV_OK || rc == CV_NOT_FOUND ? CV_DATA : rc, "from",
			   _("ngày %s không còn việc nào chưa xong"), from);
		status = cv_cli_fail(cli, &err, NULL);
	} else {
		cv_id_workday(id, cv_core_user(cli->core), date);
		status = cv_cli_act(cli, "workday.register", id, args, _("Máy chủ đã nhận đăng ký"));
	}
	cv_json_destroy(args);
	return status;
}

static void plain_days(struct cv_cli *cli, const struct cv_json *data)
{
	(void)cli;
	CV_JSON_EACH (day, cv_json_array_of(data, "items"))
		CV_JSON_EACH (item, cv_json_array_of(day, "items")) {
			char *n = cv_strf("%lld", (long long)cv_json_int(item, "n", 0));
			char *percent = cv_strf("%lld", (long long)cv_json_int(item, "percent", 0));
			const char *cells[] = {cv_json_s(day, "date"),	 cv_json_s(day, "user"),   n,
					       cv_json_s(item, "title"), cv_json_s(item, "state"), percent,
					       cv_json_s(item, "result")};
			cv_print_row(stdout, cells, CV_COUNT(cells));
			free(n);
			free(percent);
		}
}

int cv_cli_work_list(void *app, const struct cv_args *parsed)
{
	struct cv_cli *cli = app;
	struct cv_err err;
	struct cv_json *items = NULL;
	char date[CV_DATE_SIZE];
	int status = cv_cli_open(cli, parsed, true, true);

	if (status != 0 || !cv_cli_date(cli, date, &status))
		return status;
	cv_err_init(&err);
	const char *user = cv_args_text(parsed, "user"), *unit = cv_args_text(parsed, "unit");
	struct cv_filter filter = {.user = user != NULL || unit != NULL ? user : cv_core_user(cli->core),
				   .unit = unit,
				   .from = date,
				   .to = date};
	if (cv_core_list(cli->core, CV_KIND_WORKDAY, &filter, &items, &err) != CV_OK)
		return cv_cli_fail(cli, &err, NULL);
	return cv_cli_show(cli, cv_cli_page(items), plain_days);
}

/* The eid of the item that people call N; "" if there is none. */
static void eid_of(char *out, size_t size, const struct cv_json *day, const char *number)
{
	char *end;
	long n = strtol(number, &end, 10);

	out[0] = '\0';
	CV_JSON_EACH (item, cv_json_array_of(day, "items"))
		if (*end == '\0' && cv_json_int(item, "n", 0) == n)
			cv_strcopy(out, size, cv_json_s(item, "eid"));
}

int cv_cli_work_record(void *app, const struct cv_args *parsed)
{
	struct cv_cli *cli = app;
	struct cv_err err;
	struct cv_json *day = NULL;
	char date[CV_DATE_SIZE], id[CV_ID_MAX + 1], eid[CV_ID_MAX + 1];
	long percent;
	int status = cv_cli_open(cli, parsed, true, true);

	if (status != 0 || !cv_cli_date(cli, date, &status))
		return status;
	cv_err_init(&err);
	cv_id_workday(id, cv_core_user(cli->core), date);
	cv_core_get(cli->core, CV_KIND_WORKDAY, id, &day, NULL);
	eid_of(eid, sizeof(eid), day, cv_args_operand(parsed, 0));
	cv_json_destroy(day);
	if (eid[0] == '\0') {
		cv_err_set(&err, CV_DATA, "n", _("ngày %s không có việc số %s"), date, cv_args_operand(parsed, 0));
		return cv_cli_fail(cli, &err, NULL);
	}
	struct cv_json *args = cv_json_new_object();
	cv_json_set_str(args, "eid", eid);
	cv_json_set_str(args, "state", cv_args_text(parsed, "state"));
	cv_json_set_str(args, "result", cv_args_text(parsed, "result"));
	if (cv_args_int(parsed, "percent", &percent))
		cv_json_set_int(args, "percent", percent);
	status = cv_cli_act(cli, "workday.record", id, args, _("Máy chủ đã nhận kết quả"));
	cv_json_destroy(args);
	return status;
}

static int judge_day(struct cv_cli *cli, const struct cv_args *parsed, const char *op, const char *said)
{
	char date[CV_DATE_SIZE], id[CV_ID_MAX + 1];
	long n;
	int status = cv_cli_open(cli, parsed, true, false);

	if (status != 0 || !cv_cli_date(cli, date, &status))
		return status;
	struct cv_json *args = cv_json_new_object();
	if (cv_args_int(parsed, "progress", &n))
		cv_json_set_int(args, "progress", n);
	if (cv_args_int(parsed, "quality", &n))
		cv_json_set_int(args, "quality", n);
	cv_json_set_str(args, "comment", cv_args_text(parsed, "comment"));
	cv_id_workday(id, cv_args_operand(parsed, 0), date);
	status = cv_cli_act(cli, op, id, args, said);
	cv_json_destroy(args);
	return status;
}

int cv_cli_work_review(void *app, const struct cv_args *parsed)
{
	return judge_day(app, parsed, "workday.review", _("Đã ghi nhận xét"));
}

int cv_cli_work_return(void *app, const struct cv_args *parsed)
{
	return judge_day(app, parsed, "workday.return", _("Đã trả lại để ghi thêm"));
}
