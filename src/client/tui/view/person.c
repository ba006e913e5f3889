/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A person's day as her head reads it: work with results, reports; x marks it read and goes to the next. */
#include "client/tui/view/view.h"

#include <congvu/base/i18n.h>
#include <congvu/base/mem.h>
#include <congvu/base/time.h>
#include <congvu/model/board.h>
#include <congvu/model/policy.h>
#include <congvu/model/slot.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct person {
	struct cv_view view;
	char login[40], id[CV_ID_MAX + 1];
	int32_t date;
	char *text;		       /* owned: the day, line by line */
	struct cv_json *day, *reports; /* owned */
	int top, rows;
};

static struct person *of(struct cv_view *v)
{
	return (struct person *)v;
}

static void person_close(struct cv_view *v)
{
	cv_json_destroy(of(v)->day);
	cv_json_destroy(of(v)->reports);
	free(of(v)->text);
	free(v);
}

static void add_part(struct cv_buf *b, const char *label, const char *text)
{
	if (text[0] != '\0')
		cv_buf_addf(b, "    %s: %s\n", label, text);
}

static void add_work(struct person *x, struct cv_buf *b)
{
	const struct cv_json *review = cv_json_object_of(x->day, "review");

	if (x->day == NULL) {
		cv_buf_puts(b, _("Chưa đăng ký việc\n"));
		return;
	}
	cv_buf_addf(b, _("Nơi làm việc: %s\n"), cv_place_words(cv_json_s(x->day, "place")));
	CV_JSON_EACH (item, cv_json_array_of(x->day, "items")) {
		cv_buf_addf(b, "%lld. %s · %s · %lld %%\n", (long long)cv_json_int(item, "n", 0),
			    cv_json_s(item, "title"), cv_state_words(cv_json_s(item, "state")),
			    (long long)cv_json_int(item, "percent", 0));
		add_part(b, _("dự kiến"), cv_json_s(item, "expected"));
		add_part(b, _("kết quả"), cv_json_s(item, "result"));
	}
	if (review != NULL)
		cv_buf_addf(b, _("Nhận xét của %s: %s\n"), cv_person_name(x->view.ui, cv_json_s(review, "by")),
			    cv_json_s(review, "comment"));
}

static void add_report(struct person *x, struct cv_buf *b, const struct cv_json *report)
{
	char at[24] = "";
	int64_t when;
	const char *slot = cv_json_s(report, "slot"), *judged = cv_json_s(report, "judged");

	if (cv_time_parse(cv_json_str(report, "written_at"), &when))
		cv_clock_text(at, when, cv_ui_now(x->view.ui));
	if (strcmp(slot, "adhoc") == 0)
		cv_buf_addf(b, _("\nBáo cáo đột xuất lúc %s"), at);
	else
		cv_buf_addf(b, _("\nBáo cáo %sh, gửi %s"), slot, at);
	cv_buf_addf(b, "%s%s%s\n", strcmp(judged, "late") == 0 ? _(", muộn") : "",
		    strcmp(judged, "caught_up") == 0 ? _(", gửi bù") : "",
		    strcmp(cv_json_s(report, "origin"), "script") == 0 ? _(", tự động") : "");
	add_part(b, _("đã làm"), cv_json_s(report, "done"));
	add_part(b, _("đang làm"), cv_json_s(report, "doing"));
	add_part(b, _("vướng mắc"), cv_json_s(report, "blocked"));
	add_part(b, _("đề xuất"), cv_json_s(report, "proposal"));
	CV_JSON_EACH (comment, cv_json_array_of(report, "comments"))
		cv_buf_addf(b, "    %s: “%s”\n", cv_person_name(x->view.ui, cv_json_s(comment, "by")),
			    cv_json_s(comment, "text"));
}

static void person_read(struct cv_view *v)
{
	struct person *x = of(v);
	char date[CV_DATE_SIZE];
	struct cv_buf b;

	cv_date_format(x->date, date);
	cv_id_workday(x->id, x->login, date);
	cv_json_destroy(x->day);
	cv_json_destroy(x->reports);
	x->day = x->reports = NULL;
	cv_core_get(v->ui->core, CV_KIND_WORKDAY, x->id, &x->day, NULL);
	struct cv_filter f = {.user = x->login, .from = date, .to = date};
	cv_core_list(v->ui->core, CV_KIND_REPORT, &f, &x->reports, NULL);
	cv_buf_init(&b, 512 << 10);
	add_work(x, &b);
	CV_JSON_EACH (report, x->reports)
		add_report(x, &b, report);
	if (cv_json_count(x->reports) == 0)
		cv_buf_puts(&b, _("\nChưa có báo cáo nào\n"));
	free(x->text);
	x->text = cv_buf_take(&b);
}

static bool seen_by_me(struct person *x, const struct cv_json *object)
{
	CV_JSON_EACH (seen, cv_json_array_of(object, "seen"))
		if (strcmp(cv_json_s(seen, "user"), cv_core_user(x->view.ui->core)) == 0)
			return true;
	return false;
}

static void person_draw(struct cv_view *v, struct cv_term *t, int top, int bottom, int cols)
{
	struct person *x = of(v);
	char day[40], line[200];

	cv_day_text(day, x->date);
	snprintf(line, sizeof(line), "%s · %s", cv_person_name(v->ui, x->login), day);
	cv_put(t, top, 1, cols - 2, CV_BOLD, line);
	if (seen_by_me(x, x->day))
		cv_put_right(t, top, cols - 1, CV_PLAIN, _("đã xem"));
	cv_rule(t, top + 1, 1, cols - 2);
	x->rows = cv_put_text(t, top + 2, bottom - top - 2, cols, x->text, &x->top);
	cv_term_cursor(t, top + 2, 1);
}

static void send(struct person *x, const char *op, const char *id, const char *field, const char *text,
		 const char *said)
{
	struct cv_json *args = cv_json_new_object();
	char eid[CV_UUID_SIZE];

	if (strcmp(op, "report.comment") == 0) {
		cv_uuid7(x->view.ui->env, eid);
		cv_json_set_str(args, "eid", eid);
	}
	if (field != NULL)
		cv_json_set_str(args, field, text);
	cv_ui_act(x->view.ui, op, id, args, said);
	cv_json_destroy(args);
}

/* The next person of the board who has something unread today. */
static void go_on(struct person *x)
{
	struct cv_json *users = NULL;
	struct cv_filter all = {0};
	bool passed = false;

	if (cv_core_list(x->view.ui->core, CV_KIND_USER, &all, &users, NULL) != CV_OK)
		return;
	struct cv_board_in in = {.ctx = cv_core_ctx(x->view.ui->core),
				 .unit = cv_user_unit(cv_ui_me(x->view.ui)),
				 .date = x->date,
				 .now = cv_ui_now(x->view.ui),
				 .users = users};
	struct cv_json *board = cv_board(&in);
	char next[40] = "";
	CV_JSON_EACH (row, cv_json_array_of(board, "people")) {
		const char *login = cv_json_s(row, "user");
		if (passed && next[0] == '\0')
			cv_strcopy(next, sizeof(next), login);
		passed = passed || strcmp(login, x->login) == 0;
	}
	cv_json_destroy(board);
	cv_json_destroy(users);
	if (next[0] != '\0') {
		cv_strcopy(x->login, sizeof(x->login), next);
		x->top = 0;
	} else {
		cv_ui_say(x->view.ui, "%s", _("Đã đến người cuối"));
	}
}

static unsigned mark_read(struct person *x)
{
	if (x->day != NULL && !seen_by_me(x, x->day))
		send(x, "workday.see", x->id, NULL, NULL, _("Đã xem"));
	CV_JSON_EACH (report, x->reports)
		if (!seen_by_me(x, report))
			send(x, "report.see", cv_json_s(report, "id"), NULL, NULL, _("Đã xem"));
	go_on(x);
	return CV_TURN_READ;
}

/* A word about the newest report, else about the day's work. */
static unsigned comment(struct person *x)
{
	const struct cv_json *report = cv_json_first(x->reports);
	char *text = cv_ui_ask(x->view.ui, _("Ý kiến:"), "");

	if (text != NULL && text[strspn(text, " ")] != '\0') {
		if (report != NULL)
			send(x, "report.comment", cv_json_s(report, "id"), "text", text, _("Ý kiến"));
		else if (x->day != NULL)
			send(x, "workday.review", x->id, "comment", text, _("Nhận xét"));
		else
			cv_ui_say(x->view.ui, "%s", _("Chưa có gì để ghi ý kiến"));
	}
	free(text);
	return CV_TURN_READ;
}

static unsigned give_back(struct person *x)
{
	char *text = x->day != NULL ? cv_ui_ask(x->view.ui, _("Trả lại, cần ghi thêm:"), "") : NULL;

	if (text != NULL && text[strspn(text, " ")] != '\0')
		send(x, "workday.return", x->id, "comment", text, _("Trả lại ngày làm việc"));
	free(text);
	return CV_TURN_READ;
}

static unsigned person_key(struct cv_view *v, const struct cv_key *key, char command)
{
	struct person *x = of(v);

	if (command == 'x')
		return mark_read(x);
	if (command == 'c')
		return comment(x);
	if (command == 'z')
		return give_back(x);
	if (command == '<' || command == '>') {
		x->date += command == '<' ? -1 : 1;
		x->top = 0;
		return CV_TURN_READ;
	}
	if (command == 'j' || key->kind == CV_KEY_DOWN || key->kind == CV_KEY_PGDN) {
		x->top += key->kind == CV_KEY_PGDN ? 10 : 1;
		return CV_TURN_DRAW;
	}
	if (command == 'k' || key->kind == CV_KEY_UP || key->kind == CV_KEY_PGUP) {
		x->top -= key->kind == CV_KEY_PGUP ? 10 : 1;
		return CV_TURN_DRAW;
	}
	return CV_TURN_UNKNOWN;
}

static void person_actions(struct cv_view *v, struct cv_actions *out)
{
	struct person *x = of(v);
	bool none = x->day == NULL && cv_json_count(x->reports) == 0;

	cv_action_add(out, "x", _("Đã xem, người kế"), true, NULL);
	cv_action_add(out, "c", _("Ý kiến"), true, none ? _("chưa có gì để ghi ý kiến") : NULL);
	cv_action_add(out, "z", _("Trả lại"), true, x->day == NULL ? _("chưa đăng ký việc") : NULL);
	cv_action_add(out, "<", _("Ngày trước"), true, NULL);
	cv_action_add(out, ">", _("Ngày sau"), false, NULL);
}

static const struct cv_view_ops ops = {
	.name = N_("Ngày làm việc"),
	.code = "M-602",
	.close = person_close,
	.read = person_read,
	.draw = person_draw,
	.key = person_key,
	.actions = person_actions,
};

struct cv_view *cv_view_person(struct cv_ui *ui, const char *login, int32_t date)
{
	struct person *x = cv_alloc(sizeof(*x));

	x->view = (struct cv_view){.ops = &ops, .ui = ui};
	x->date = date;
	cv_strcopy(x->login, sizeof(x->login), login);
	return &x->view;
}
