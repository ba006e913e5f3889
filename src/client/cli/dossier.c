/* SPDX-License-Identifier: GPL-3.0-or-later */
/* congvu dossier list | show | history | why-due | new, and due */
#include "cli.h"

#include <congvu/base/i18n.h>
#include <congvu/base/mem.h>
#include <congvu/base/time.h>
#include <congvu/core/dossiers.h>
#include <congvu/model/deadline.h>
#include <congvu/model/dossier.h>
#include <congvu/model/held.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int fail(struct cv_cli *cli, enum cv_rc rc, const char *field, const char *why)
{
	struct cv_err err;

	cv_err_init(&err);
	cv_err_set(&err, rc, field, "%s", why);
	return cv_cli_fail(cli, &err, NULL);
}

/* ---- list ---- */
static void plain_list(struct cv_cli *cli, const struct cv_json *data)
{
	int64_t now = cv_now(cli->env);

	CV_JSON_EACH (d, cv_json_array_of(data, "items")) {
		char due[40];
		cv_due_words(due, cv_core_ctx(cli->core), d, now);
		const char *cells[] = {cv_json_s(d, "code"),
				       cv_json_s(cv_json_object_of(d, "procedure"), "name"),
				       cv_json_s(cv_json_object_of(d, "applicant"), "name"),
				       due,
				       cv_place_label(cv_dossier_place(d)),
				       cv_json_s(d, "assignee")};
		cv_print_row(stdout, cells, CV_COUNT(cells));
	}
	if (cv_json_str(data, "next") != NULL && !cli->plain)
		fprintf(stderr, _("Còn nữa: --after %s\n"), cv_json_s(data, "next"));
}

static const char *read_due(struct cv_dossier_query *q, const char *due, int64_t now)
{
	int32_t today = cv_date_of(now);
	char *end;

	if (due == NULL)
		return NULL;
	q->due_from = 1;
	if (strcmp(due, "overdue") == 0) {
		q->due_to = now;
	} else if (strcmp(due, "today") == 0) {
		q->due_from = cv_date_at(today, 0);
		q->due_to = cv_date_at(today + 1, 0);
	} else {
		long n = strtol(due, &end, 10);
		if (end == due || strcmp(end, "d") != 0 || n < 0 || n > 999)
			return _("--due phải là overdue, today hoặc số ngày như 7d");
		q->due_from = now;
		q->due_to = cv_date_at(today + (int32_t)n + 1, 0);
	}
	return NULL;
}

static const char *read_query(struct cv_dossier_query *q, const struct cv_cli *cli)
{
	const struct cv_args *args = cli->args;
	const char *view = cv_args_text(args, "view"), *sort = cv_args_text(args, "sort");
	long n;

	*q = (struct cv_dossier_query){.group = CV_GROUP_ALL,
				       .unit = cv_args_text(args, "unit"),
				       .search = cv_args_text(args, "search"),
				       .after = cv_args_text(args, "after")};
	if (view != NULL && !cv_group_of(&q->group, view))
		return _("--view phải là mine, unit, approve, paused, late, soon, unread, returned hoặc all");
	if (sort != NULL && strcmp(sort, "due") != 0 && strcmp(sort, "received") != 0 && strcmp(sort, "code") != 0)
		return _("--sort phải là due, received hoặc code");
	q->sort = sort == NULL || sort[0] == 'd' ? CV_SORT_DUE : sort[0] == 'r' ? CV_SORT_RECEIVED : CV_SORT_CODE;
	if (cv_args_int(args, "limit", &n)) {
		if (n < 1 || n > 100000)
			return _("--limit phải từ 1 đến 100000");
		q->limit = (int)n;
	}
	if (cv_args_int(args, "status", &n)) {
		if (n < 1 || n > 10)
			return _("--status phải từ 1 đến 10");
		q->status = (int)n;
	}
	return read_due(q, cv_args_text(args, "due"), cv_now(cli->env));
}

static void add_param(struct cv_buf *path, const char *name, const char *value)
{
	if (value == NULL || value[0] == '\0')
		return;
	cv_buf_addf(path, "%c%s=", strchr(path->data, '?') != NULL ? '&' : '?', name);
	for (; *value != '\0'; value++) {
		bool safe = (*value >= '0' && *value <= '9') || (*value >= 'a' && *value <= 'z') ||
			    (*value >= 'A' && *value <= 'Z') || strchr("-._~", *value) != NULL;
		cv_buf_addf(path, safe ? "%c" : "%%%02X", (unsigned char)*value);
	}
}

static enum cv_rc list_online(struct cv_cli *cli, const struct cv_dossier_query *q, struct cv_json **out,
			      struct cv_err *err)
{
	static const char *const sorts[] = {"due", "received", "code"};
	char number[16];
	struct cv_buf path;

	cv_buf_init(&path, 4096);
	cv_buf_puts(&path, "/v1/dossiers");
	snprintf(number, sizeof(number), "%d", q->limit > 0 && q->limit < 200 ? q->limit : 200);
	add_param(&path, "limit", number);
	add_param(&path, "sort", sorts[q->sort]);
	add_param(&path, "unit", q->unit);
	add_param(&path, "search", q->search);
	add_param(&path, "page", q->after);
	add_param(&path, "due", cv_args_text(cli->args, "due"));
	snprintf(number, sizeof(number), "%d", q->status);
	add_param(&path, "status", q->status > 0 ? number : NULL);
	if (q->group == CV_GROUP_MINE)
		add_param(&path, "assignee", cv_core_user(cli->core));
	enum cv_rc rc = cv_core_fetch(cli->core, path.data, out, err);
	cv_buf_finish(&path);
	return rc;
}

int cv_cli_dossier_list(void *app, const struct cv_args *args)
{
	struct cv_cli *cli = app;
	struct cv_dossier_query q;
	struct cv_json *page = NULL;
	struct cv_err err;
	int status = cv_cli_open(cli, args, true, true);

	if (status != 0)
		return status;
	cv_err_init(&err);
	const char *why = read_query(&q, cli);
	if (why != NULL)
		return fail(cli, CV_USAGE, NULL, why);
	enum cv_rc rc = cv_args_flag(args, "online") ? list_online(cli, &q, &page, &err)
						     : cv_core_dossiers(cli->core, &q, &page, &err);
	if (rc != CV_OK)
		return cv_cli_fail(cli, &err, NULL);
	int64_t now = cv_now(cli->env);
	CV_JSON_EACH (d, cv_json_array_of(page, "items"))
		cv_json_set_str(d, "due_state", cv_due_state_word(cv_due_state(cv_core_ctx(cli->core), d, now)));
	return cv_cli_show(cli, page, plain_list);
}

/* ---- one ---- */
/* *status is told when there is none. Owned. */
static struct cv_json *one(struct cv_cli *cli, const struct cv_args *args, int *status)
{
	char id[CV_ID_MAX + 1];
	struct cv_json *d = NULL;
	struct cv_err err;

	*status = cv_cli_open(cli, args, true, true);
	if (*status != 0)
		return NULL;
	cv_err_init(&err);
	if (cv_core_dossier_find(cli->core, id, cv_args_operand(args, 0), &err) != CV_OK ||
	    cv_core_get(cli->core, CV_KIND_DOSSIER, id, &d, &err) != CV_OK)
		*status = cv_cli_fail(cli, &err, NULL);
	return d;
}

static void line(const char *label, const char *value)
{
	const char *cells[] = {label, value};

	if (value != NULL && value[0] != '\0')
		cv_print_row(stdout, cells, 2);
}

static void plain_one(struct cv_cli *cli, const struct cv_json *d)
{
	const struct cv_json *person = cv_json_object_of(d, "applicant"),
			     *procedure = cv_json_object_of(d, "procedure");
	const struct cv_json *decision = cv_json_object_of(d, "decision");
	char due[40];

	cv_due_words(due, cv_core_ctx(cli->core), d, cv_now(cli->env));
	line(_("Mã hồ sơ"), cv_json_s(d, "code"));
	line(_("Thủ tục"), cv_json_s(procedure, "name"));
	line(_("Chủ hồ sơ"), cv_json_s(person, "name"));
	line(_("Điện thoại"), cv_json_s(person, "phone"));
	line(_("Bước"), cv_place_label(cv_dossier_place(d)));
	line(_("Đơn vị"), cv_json_s(d, "unit"));
	line(_("Người thụ lý"), cv_json_s(d, "assignee"));
	line(_("Tiếp nhận"), cv_json_s(d, "received_at"));
	line(_("Hẹn trả"), cv_json_s(d, "due_at"));
	line(_("Hạn"), due);
	line(_("Nội dung trình"), cv_json_s(cv_json_object_of(d, "proposal"), "text"));
	line(_("Ý kiến"), cv_json_s(decision, "comment"));
	line(_("Số văn bản"), cv_json_s(decision, "number"));
	CV_JSON_EACH (note, cv_json_array_of(d, "notes"))
		line(_("Ghi chú"), cv_json_s(note, "text"));
}

int cv_cli_dossier_show(void *app, const struct cv_args *args)
{
	struct cv_cli *cli = app;
	int status;
	struct cv_json *d = one(cli, args, &status);

	if (d == NULL)
		return status;
	cv_json_set_str(d, "due_state", cv_due_state_word(cv_due_state(cv_core_ctx(cli->core), d, cv_now(cli->env))));
	cv_dossier_held(d, cv_core_ctx(cli->core), d, cv_now(cli->env));
	return cv_cli_show(cli, d, plain_one);
}

static void plain_history(struct cv_cli *cli, const struct cv_json *data)
{
	(void)cli;
	CV_JSON_EACH (row, cv_json_array_of(data, "items")) {
		const char *cells[] = {cv_json_s(row, "at"), cv_json_s(row, "by"), cv_json_s(row, "op"),
				       cv_json_s(row, "note")};
		cv_print_row(stdout, cells, CV_COUNT(cells));
	}
}

int cv_cli_dossier_history(void *app, const struct cv_args *args)
{
	struct cv_cli *cli = app;
	int status;
	struct cv_json *d = one(cli, args, &status);

	if (d == NULL)
		return status;
	struct cv_json *rows = cv_json_array_of(d, "history");
	rows = rows != NULL ? cv_json_dup(rows) : cv_json_new_array();
	cv_json_destroy(d);
	return cv_cli_show(cli, cv_cli_page(rows), plain_history);
}

static struct cv_json *due_json(struct cv_due *due)
{
	struct cv_json *out = cv_json_new_object();
	char at[CV_TIME_SIZE];

	if (due->at != CV_TIME_NONE) {
		cv_time_format(due->at, at);
		cv_json_set_str(out, "due_at", at);
	} else {
		cv_json_set_null(out, "due_at");
	}
	cv_json_set_bool(out, "paused", due->paused);
	cv_json_set(out, "steps", due->steps);
	due->steps = NULL;
	return out;
}

static void plain_due(struct cv_cli *cli, const struct cv_json *data)
{
	(void)cli;
	CV_JSON_EACH (step, cv_json_array_of(data, "steps")) {
		char *left = cv_strf("%lld", (long long)cv_json_int(step, "left", 0));
		const char *cells[] = {cv_json_s(step, "date"), cv_json_s(step, "what"), left};
		cv_print_row(stdout, cells, CV_COUNT(cells));
		free(left);
	}
	line(_("Hẹn trả"), cv_json_str(data, "due_at") != NULL ? cv_json_s(data, "due_at") : _("chưa có"));
}

int cv_cli_dossier_why_due(void *app, const struct cv_args *args)
{
	struct cv_cli *cli = app;
	int status;
	struct cv_due due;
	struct cv_json *d = one(cli, args, &status);

	if (d == NULL)
		return status;
	cv_due_of_dossier(&due, cv_core_ctx(cli->core), d);
	struct cv_json *out = due_json(&due);
	int64_t given;
	if (cv_json_bool(d, "extended", false) && cv_time_parse(cv_json_str(d, "due_at"), &given)) {
		struct cv_json *step = cv_json_new_object();
		char date[CV_DATE_SIZE];
		cv_date_format(cv_date_of(given), date);
		cv_json_set_str(step, "date", date);
		cv_json_set_str(step, "what", _("gia hạn"));
		cv_json_set_int(step, "left", 0);
		cv_json_push(cv_json_array_of(out, "steps"), step);
	}
	/* What the server gave counts, also where this machine's calendar is older. */
	if (cv_json_str(d, "due_at") != NULL)
		cv_json_set_str(out, "due_at", cv_json_s(d, "due_at"));
	cv_json_destroy(d);
	return cv_cli_show(cli, out, plain_due);
}

/* ---- congvu due ---- */
/* "2026-11-16" counts from the start of that day's work, "2026-11-16T09:30:00+07:00" from that moment. */
static bool moment(int64_t *out, const char *text)
{
	int32_t day;

	if (cv_time_parse(text, out))
		return true;
	if (!cv_date_parse(text, &day))
		return false;
	*out = cv_date_at(day, 8 * 60);
	return true;
}

#define PAUSES 64
static bool read_pauses(struct cv_pause *out, size_t *count, const struct cv_args *args)
{
	*count = cv_args_count(args, "pause");
	if (*count > PAUSES)
		return false;
	for (size_t i = 0; i < *count; i++) {
		const char *text = cv_args_nth(args, "pause", i), *dots = strstr(text, "..");
		if (dots == NULL)
			return false;
		char *from = cv_strndup(text, (size_t)(dots - text));
		bool fine = moment(&out[i].from, from);
		free(from);
		out[i].to = CV_TIME_NONE;
		if (!fine || (dots[2] != '\0' && !moment(&out[i].to, dots + 2)) ||
		    (out[i].to != CV_TIME_NONE && out[i].to < out[i].from))
			return false;
	}
	return true;
}

int cv_cli_due(void *app, const struct cv_args *args)
{
	struct cv_cli *cli = app;
	struct cv_pause pauses[PAUSES];
	struct cv_term term = {.unit = "", .days = -1, .hours = -1, .pauses = pauses};
	struct cv_due due;
	long n;
	const char *received = cv_args_text(args, "received");
	int status = cv_cli_open(cli, args, false, false);

	if (status != 0)
		return status;
	bool days = cv_args_int(args, "days", &n);
	term.days = days ? (int)n : -1;
	bool hours = cv_args_int(args, "hours", &n);
	term.hours = hours ? (int)n : -1;
	if (received == NULL || days == hours)
		return fail(cli, CV_USAGE, NULL, _("cần --received và một trong --days, --hours"));
	if ((days && (term.days < 0 || term.days > 2000)) || (hours && (term.hours < 0 || term.hours > 8000)))
		return fail(cli, CV_DATA, days ? "days" : "hours", _("thời hạn không hợp lệ"));
	if (!moment(&term.received, received))
		return fail(cli, CV_DATA, "received", _("giờ phải có dạng 2026-11-22T11:00:00+07:00 hoặc 2026-11-22"));
	if (!read_pauses(pauses, &term.pause_count, args))
		return fail(cli, CV_DATA, "pause", _("--pause phải có dạng TỪ..ĐẾN"));
	term.restart = cv_args_flag(args, "restart");
	/* The office's own days off, if the key is there; the compiled-in ones in any case. */
	cv_core_unlock(cli->core, NULL);
	cv_due_compute(&due, cv_core_ctx(cli->core), &term);
	return cv_cli_show(cli, due_json(&due), plain_due);
}

/* ---- new ---- */
static int channel_of(const char *word)
{
	static const char *const words[] = {"direct", "online", "post"};

	for (int i = 0; i < 3; i++)
		if (strcmp(word, words[i]) == 0)
			return i + 1;
	return 0;
}

static void set_person(struct cv_json *args, const char *key, const char *name, const char *phone, const char *address)
{
	struct cv_json *person = cv_json_new_object();

	cv_json_set_str(person, "name", name);
	cv_json_set_str(person, "phone", phone);
	cv_json_set_str(person, "address", address);
	cv_json_set(args, key, person);
}

static const char *read_new(struct cv_json *out, const struct cv_args *args)
{
	const char *channel = cv_args_text(args, "channel"), *received = cv_args_text(args, "received");
	char text[CV_TIME_SIZE];
	int64_t at;

	if (cv_args_text(args, "procedure") == NULL)
		return _("cần --procedure MÃ");
	if (cv_args_text(args, "applicant") == NULL)
		return _("cần --applicant TÊN");
	cv_json_set_str(out, "procedure", cv_args_text(args, "procedure"));
	set_person(out, "applicant", cv_args_text(args, "applicant"), cv_args_text(args, "phone"),
		   cv_args_text(args, "address"));
	if (channel != NULL && channel_of(channel) == 0)
		return _("--channel phải là direct, online hoặc post");
	cv_json_set_int(out, "channel", channel != NULL ? channel_of(channel) : 1);
	if (received != NULL) {
		if (!moment(&at, received))
			return _("giờ phải có dạng 2026-11-22T11:00:00+07:00 hoặc 2026-11-22");
		cv_time_format(at, text);
		cv_json_set_str(out, "submitted_at", text);
	}
	if (cv_args_flag(args, "on-behalf"))
		cv_json_set_bool(out, "on_behalf", true);
	cv_json_set_str(out, "note", cv_args_text(args, "note"));
	return NULL;
}

int cv_cli_dossier_new(void *app, const struct cv_args *args)
{
	struct cv_cli *cli = app;
	char id[CV_UUID_SIZE];
	struct cv_json *in = cv_json_new_object(), *d = NULL;
	int status = cv_cli_open(cli, args, true, false);
	const char *why = status == 0 ? read_new(in, args) : NULL;

	if (why != NULL)
		status = fail(cli, CV_USAGE, NULL, why);
	if (status != 0) {
		cv_json_destroy(in);
		return status;
	}
	cv_uuid7(cli->env, id);
	char *alias = cv_core_provisional_code(cli->core);
	cv_json_set_str(in, "alias", alias);
	bool json = cli->json;
	cli->code = alias;
	status = cv_cli_act(cli, "dossier.new", id, in, NULL);
	/* The code that goes onto the receipt: the server's if it has answered, else the provisional one. */
	if (!json && (status == 0 || status == 75 || status == 76 || status == 77)) {
		const char *code = alias;
		if (cv_core_unlock(cli->core, NULL) == CV_OK &&
		    cv_core_get(cli->core, CV_KIND_DOSSIER, id, &d, NULL) == CV_OK && cv_json_s(d, "code")[0] != '\0')
			code = cv_json_s(d, "code");
		if (code != NULL)
			puts(code);
	}
	cv_json_destroy(d);
	free(alias);
	cv_json_destroy(in);
	return status;
}
