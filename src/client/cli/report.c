/* SPDX-License-Identifier: GPL-3.0-or-later */
/* congvu report … */
#include "cli.h"

#include <congvu/base/i18n.h>
#include <congvu/base/mem.h>
#include <congvu/base/time.h>
#include <congvu/model/fill.h>
#include <congvu/model/policy.h>
#include <congvu/model/slot.h>

#include <stdlib.h>
#include <string.h>

static const char *const sections[] = {"done", "doing", "blocked", "proposal"};

/* The section a line opens ("done: …"), or -1; *rest is what follows. */
static int section_of(const char *line, const char **rest)
{
	for (size_t i = 0; i < CV_COUNT(sections); i++) {
		size_t n = strlen(sections[i]);
		if (strncmp(line, sections[i], n) == 0 && line[n] == ':') {
			*rest = line + n + 1 + strspn(line + n + 1, " ");
			return (int)i;
		}
	}
	return -1;
}

static void append_line(struct cv_json *args, const char *key, const char *line, size_t n)
{
	struct cv_buf b;

	cv_buf_init(&b, 1 << 20);
	cv_buf_puts(&b, cv_json_s(args, key));
	if (b.len > 0)
		cv_buf_putc(&b, '\n');
	cv_buf_add(&b, line, n);
	cv_json_set_str(args, key, b.data);
	cv_buf_finish(&b);
}

/* Plain text is the whole of `done`; else `key:` sections. */
static void take_text(struct cv_json *args, const char *text)
{
	const char *rest;
	int current = section_of(text, &rest);

	if (current < 0) {
		cv_json_set_str(args, "done", text);
		return;
	}
	while (*text != '\0') {
		const char *end = strchrnul(text, '\n');
		int opened = section_of(text, &rest);
		const char *from = opened >= 0 ? rest : text;
		current = opened >= 0 ? opened : current;
		if (from < end || opened < 0)
			append_line(args, sections[current], from, (size_t)(end - from));
		text = *end == '\n' ? end + 1 : end;
	}
}

static bool read_counts(struct cv_json *args, const char *text)
{
	static const char *const names[] = {"received", "settled", "overdue"};
	struct cv_json *counts = cv_json_new_object();

	cv_json_set(args, "counts", counts);
	for (size_t i = 0; i < CV_COUNT(names); i++) {
		char *end;
		if (*text < '0' || *text > '9')
			return false;
		long n = strtol(text, &end, 10);
		if (n > 1000000 || *end != (i < 2 ? '/' : '\0'))
			return false;
		cv_json_set_int(counts, names[i], n);
		text = end + 1;
	}
	return true;
}

static enum cv_rc take_flags(struct cv_json *args, struct cv_cli *cli, struct cv_err *err)
{
	static const char *const same[] = {"done", "doing", "blocked", "proposal", "health", "event", "deadline"};
	const char *from = cv_args_text(cli->args, "from"), *counts = cv_args_text(cli->args, "counts");
	char *text;

	if (from != NULL) {
		enum cv_rc rc = cv_cli_text(&text, from, err);
		if (rc != CV_OK)
			return rc;
		take_text(args, text);
		free(text);
	}
	for (size_t i = 0; i < CV_COUNT(same); i++)
		if (cv_args_text(cli->args, same[i]) != NULL)
			cv_json_set_str(args, same[i], cv_args_text(cli->args, same[i]));
	cv_json_set_str(args, "requested_by", cv_args_text(cli->args, "requested-by"));
	if (cv_args_flag(cli->args, "urgent"))
		cv_json_set_bool(args, "urgent", true);
	if (counts != NULL && !read_counts(args, counts))
		return cv_err_set(err, CV_DATA, "counts",
				  _("--counts cần dạng tiếp nhận/giải quyết/quá hạn, ví dụ 2/3/1"));
	return CV_OK;
}

static struct cv_json *policy_of(struct cv_cli *cli)
{
	const struct cv_ctx *ctx = cv_core_locked(cli->core) ? NULL : cv_core_ctx(cli->core);
	const struct cv_json *user;
	const char *unit = "";

	if (cv_ctx_get(ctx, CV_KIND_USER, cv_core_user(cli->core), &user) == CV_FOUND)
		unit = cv_user_unit(user);
	return cv_policy_resolve(ctx, unit);
}

struct have {
	struct cv_cli *cli;
	const char *date;
};

static bool have_report(void *data, const char *slot)
{
	struct have *h = data;
	const struct cv_json *report;
	char id[CV_ID_MAX + 1];

	if (cv_core_locked(h->cli->core))
		return false;
	cv_id_report(id, cv_core_user(h->cli->core), h->date, slot);
	return cv_ctx_get(cv_core_ctx(h->cli->core), CV_KIND_REPORT, id, &report) == CV_FOUND;
}

static bool is_today(const struct cv_cli *cli, const char *date)
{
	char today[CV_DATE_SIZE];

	cv_date_format(cv_date_of(cv_now(cli->env)), today);
	return strcmp(date, today) == 0;
}

/* Fills slot and date; gives the object's id. */
static enum cv_rc which(struct cv_cli *cli, struct cv_json *args, char id[CV_ID_MAX + 1], struct cv_err *err)
{
	const char *name = cv_args_text(cli->args, "slot"), *date = cv_json_s(args, "date");
	struct cv_slot slot;
	bool late;

	if (name == NULL)
		return cv_err_set(err, CV_USAGE, "slot", _("cần --slot 07, 11, 17, auto hoặc adhoc"));
	if (strcmp(name, "adhoc") == 0) {
		cv_json_set_str(args, "slot", name);
		cv_uuid7(cli->env, id);
		return CV_OK;
	}
	struct cv_json *policy = policy_of(cli);
	enum cv_rc rc = CV_OK;
	if (strcmp(name, "auto") == 0 && !is_today(cli, date)) {
		rc = cv_err_set(err, CV_DATA, "date", _("--slot auto chỉ dùng cho hôm nay"));
	} else if (strcmp(name, "auto") == 0) {
		struct have h = {cli, date};
		rc = cv_slot_auto(&slot, &late, policy, cv_now(cli->env), have_report, &h, err);
		name = slot.name;
	} else if (!cv_core_locked(cli->core) && !cv_slot_find(&slot, policy, name)) {
		rc = cv_err_set(err, CV_DATA, "slot", _("không có khung giờ %s"), name);
	}
	cv_json_destroy(policy);
	if (rc != CV_OK)
		return rc;
	cv_json_set_str(args, "slot", name);
	cv_id_report(id, cv_core_user(cli->core), date, name);
	return CV_OK;
}

/* --fill: texts from the day's registered work, unless given. CV_NOT_FOUND: an exempt slot, nothing to send. */
static enum cv_rc fill(struct cv_cli *cli, struct cv_json *args, struct cv_err *err)
{
	char id[CV_ID_MAX + 1], *done = NULL, *doing = NULL;
	const char *date = cv_json_s(args, "date");
	struct cv_json *workday = NULL;
	const struct cv_json *user;
	struct cv_slot slot;
	int32_t day = 0;

	cv_date_parse(date, &day);
	const struct cv_ctx *ctx = cv_core_ctx(cli->core);
	struct cv_json *policy = policy_of(cli);
	bool exempt = cv_ctx_get(ctx, CV_KIND_USER, cv_core_user(cli->core), &user) == CV_FOUND &&
		      cv_slot_find(&slot, policy, cv_json_s(args, "slot")) &&
		      !cv_slot_expected(ctx, policy, user, day, &slot);
	cv_json_destroy(policy);
	if (exempt)
		return CV_NOT_FOUND;
	cv_id_workday(id, cv_core_user(cli->core), date);
	cv_core_get(cli->core, CV_KIND_WORKDAY, id, &workday, NULL);
	cv_fill_from_workday(&done, &doing, workday);
	if (cv_json_str(args, "done") == NULL && done[0] != '\0')
		cv_json_set_str(args, "done", done);
	if (cv_json_str(args, "doing") == NULL && doing[0] != '\0')
		cv_json_set_str(args, "doing", doing);
	if (workday != NULL)
		cv_json_set_str(args, "filled_from", id);
	free(done);
	free(doing);
	cv_json_destroy(workday);
	for (size_t i = 0; i < CV_COUNT(sections); i++)
		if (cv_json_s(args, sections[i])[0] != '\0')
			return CV_OK;
	return cv_err_set(err, CV_DATA, "done", _("chưa đăng ký việc nào để lấy làm báo cáo"));
}

/* --fill without the key: what was typed goes alone; with nothing typed there is nothing to queue. */
static enum cv_rc fill_locked(struct cv_cli *cli, const struct cv_json *args, struct cv_err *err)
{
	for (size_t i = 0; i < CV_COUNT(sections); i++)
		if (cv_json_s(args, sections[i])[0] != '\0')
			return CV_OK;
	return cv_core_unlock(cli->core, err);
}

static int check_only(struct cv_cli *cli, const char *id, const struct cv_json *args)
{
	struct cv_err err;
	struct cv_json *answer = NULL;

	cv_err_init(&err);
	if (cv_op_check(cv_op_find("report.submit"), id, args, &err) != CV_OK ||
	    cv_core_unlock(cli->core, &err) != CV_OK || cv_core_fetch(cli->core, "/v1/session", &answer, &err) != CV_OK)
		return cv_cli_fail(cli, &err, NULL);
	cv_json_destroy(answer);
	return cv_cli_show(cli, cv_json_new_object(), NULL);
}

int cv_cli_report_submit(void *app, const struct cv_args *parsed)
{
	struct cv_cli *cli = app;
	struct cv_err err;
	char date[CV_DATE_SIZE], id[CV_ID_MAX + 1];
	int status = cv_cli_open(cli, parsed, true, false);

	if (status != 0 || !cv_cli_date(cli, date, &status))
		return status;
	cv_err_init(&err);
	struct cv_json *args = cv_json_new_object();
	cv_core_unlock(cli->core, NULL); /* without the key the act is queued all the same */
	cv_json_set_str(args, "date", date);
	enum cv_rc rc = take_flags(args, cli, &err);
	if (rc == CV_OK)
		rc = which(cli, args, id, &err);
	if (rc == CV_OK && cv_args_flag(parsed, "fill")) {
		rc = cv_core_locked(cli->core) ? fill_locked(cli, args, &err) : fill(cli, args, &err);
		if (rc == CV_NOT_FOUND) {
			cv_json_destroy(args);
			struct cv_json *data = cv_json_new_object();
			cv_json_set_int(data, "mid", 0);
			cv_json_set_str(data, "id", id);
			cv_json_set_str(data, "st", "noop");
			return cv_cli_show(cli, data, NULL);
		}
	}
	if (rc != CV_OK)
		status = cv_cli_fail(cli, &err, NULL);
	else if (cv_args_flag(parsed, "check"))
		status = check_only(cli, id, args);
	else
		status = cv_cli_act(cli, "report.submit", id, args, _("Máy chủ đã nhận báo cáo"));
	cv_json_destroy(args);
	return status;
}

static void row_of_report(const struct cv_json *r)
{
	const char *cells[] = {cv_json_s(r, "date"), cv_json_s(r, "slot"), cv_json_s(r, "user"), cv_json_s(r, "judged"),
			       cv_json_s(r, "done")};

	cv_print_row(stdout, cells, CV_COUNT(cells));
}

static void plain_reports(struct cv_cli *cli, const struct cv_json *data)
{
	(void)cli;
	CV_JSON_EACH (report, cv_json_array_of(data, "items"))
		row_of_report(report);
}

int cv_cli_report_list(void *app, const struct cv_args *parsed)
{
	struct cv_cli *cli = app;
	struct cv_err err;
	struct cv_json *items = NULL;
	char date[CV_DATE_SIZE];
	int status = cv_cli_open(cli, parsed, true, true);

	if (status != 0 || !cv_cli_date(cli, date, &status))
		return status;
	cv_err_init(&err);
	const char *from = cv_args_text(parsed, "from"), *to = cv_args_text(parsed, "to");
	const char *user = cv_args_text(parsed, "user"), *unit = cv_args_text(parsed, "unit");
	struct cv_filter filter = {.user = user != NULL || unit != NULL ? user : cv_core_user(cli->core),
				   .unit = unit,
				   .slot = cv_args_text(parsed, "slot"),
				   .from = from != NULL || to != NULL ? from : date,
				   .to = from != NULL || to != NULL ? to : date};
	if (cv_core_list(cli->core, CV_KIND_REPORT, &filter, &items, &err) != CV_OK)
		return cv_cli_fail(cli, &err, NULL);
	return cv_cli_show(cli, cv_cli_page(items), plain_reports);
}

static void plain_report(struct cv_cli *cli, const struct cv_json *r)
{
	(void)cli;
	row_of_report(r);
}

int cv_cli_report_show(void *app, const struct cv_args *parsed)
{
	struct cv_cli *cli = app;
	struct cv_err err;
	struct cv_json *report = NULL;
	int status = cv_cli_open(cli, parsed, true, true);

	if (status != 0)
		return status;
	cv_err_init(&err);
	if (cv_core_get(cli->core, CV_KIND_REPORT, cv_args_operand(parsed, 0), &report, &err) != CV_OK)
		return cv_cli_fail(cli, &err, NULL);
	return cv_cli_show(cli, report, plain_report);
}

int cv_cli_report_comment(void *app, const struct cv_args *parsed)
{
	struct cv_cli *cli = app;
	char eid[CV_UUID_SIZE];
	int status = cv_cli_open(cli, parsed, true, false);

	if (status != 0)
		return status;
	struct cv_json *args = cv_json_new_object();
	cv_uuid7(cli->env, eid);
	cv_json_set_str(args, "eid", eid);
	cv_json_set_str(args, "text", cv_args_text(parsed, "text"));
	status = cv_cli_act(cli, "report.comment", cv_args_operand(parsed, 0), args, _("Đã ghi ý kiến"));
	cv_json_destroy(args);
	return status;
}

static void plain_board(struct cv_cli *cli, const struct cv_json *board)
{
	(void)cli;
	CV_JSON_EACH (person, cv_json_array_of(board, "people")) {
		const char *cells[CV_SLOT_MAX + 3] = {cv_json_s(person, "name"), cv_json_s(person, "place"),
						      cv_json_s(person, "workday")};
		size_t n = 3;
		CV_JSON_EACH (slot, cv_json_object_of(person, "slots"))
			if (n < CV_COUNT(cells))
				cells[n++] = cv_json_string(slot);
		cv_print_row(stdout, cells, n);
	}
}

/* Whoever heads the unit holds all of it and needs no network; others, and trees, ask the server. */
static enum cv_rc board_of(struct cv_cli *cli, const char *unit, const char *date, struct cv_json **out,
			   struct cv_err *err)
{
	static const char *const heads[] = {"head", "deputy", NULL};
	bool tree = cv_args_flag(cli->args, "tree");
	bool own = cv_role_over(cv_core_ctx(cli->core), cv_core_user(cli->core), heads, unit) == CV_FOUND;
	int32_t day;

	if (own && !tree && !cv_args_flag(cli->args, "online") && cv_date_parse(date, &day))
		return cv_core_board(cli->core, unit, day, true, out, err);
	char *safe = cv_id_valid(unit) ? cv_strdup(unit) : cv_strdup("");
	char *path = cv_strf("/v1/board?unit=%s&date=%s%s", safe, date, tree ? "&tree=1" : "");
	enum cv_rc rc = cv_core_fetch(cli->core, path, out, err);
	free(safe);
	free(path);
	return rc;
}

static void keep_missing(struct cv_json *board)
{
	struct cv_json *kept = cv_json_new_array();

	CV_JSON_EACH (person, cv_json_array_of(board, "people")) {
		bool missing = false;
		CV_JSON_EACH (slot, cv_json_object_of(person, "slots"))
			missing = missing || strcmp(cv_json_string(slot), "missing") == 0;
		if (missing)
			cv_json_push(kept, cv_json_dup(person));
	}
	cv_json_set(board, "people", kept);
}

int cv_cli_report_board(void *app, const struct cv_args *parsed)
{
	struct cv_cli *cli = app;
	struct cv_err err;
	struct cv_json *board = NULL;
	const struct cv_json *user;
	char date[CV_DATE_SIZE];
	int status = cv_cli_open(cli, parsed, true, true);

	if (status != 0 || !cv_cli_date(cli, date, &status))
		return status;
	cv_err_init(&err);
	const char *unit = cv_args_text(parsed, "unit");
	if (unit == NULL &&
	    cv_ctx_get(cv_core_ctx(cli->core), CV_KIND_USER, cv_core_user(cli->core), &user) == CV_FOUND)
		unit = cv_user_unit(user);
	enum cv_rc rc = board_of(cli, unit != NULL ? unit : "", date, &board, &err);
	if (rc != CV_OK)
		return cv_cli_fail(cli, &err, NULL);
	if (cv_args_flag(parsed, "missing"))
		keep_missing(board);
	return cv_cli_show(cli, board, plain_board);
}
