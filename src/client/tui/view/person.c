/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A person's day as the head reads it: registered work with its results, the reports, and the head's word. `x` marks it
 * as read, with or without marks and comment, and goes to the next person of the board.
 */
#include "client/tui/view/person.h"

#include <congvu/base/i18n.h>
#include <congvu/base/mem.h>
#include <congvu/base/text.h>
#include <congvu/base/time.h>
#include <congvu/model/words.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void person_clear(struct person *p)
{
	cv_json_destroy(p->board);
	cv_json_destroy(p->row);
	cv_json_destroy(p->workday);
	cv_json_destroy(p->reports);
	p->board = p->row = p->workday = p->reports = NULL;
}

static void person_close(struct cv_view *v)
{
	struct person *p = (struct person *)v;

	person_clear(p);
	free(p->comment);
	free(p);
}

/* ---- reading ---- */
static void read_reports(struct person *p)
{
	struct cv_json *all = NULL;
	char day[CV_DATE_SIZE];

	cv_date_format(p->date, day);
	p->reports = cv_json_new_array();
	struct cv_filter filter = {.user = p->login, .from = day, .to = day};
	if (cv_core_list(p->v.ui->core, CV_KIND_REPORT, &filter, &all, NULL) != CV_OK)
		return;
	for (int i = 0; i <= p->count; i++)
		CV_JSON_EACH (report, all) {
			const char *slot = cv_json_s(report, "slot");
			bool adhoc = strcmp(slot, "adhoc") == 0;
			if (i < p->count ? strcmp(slot, p->slots[i].name) == 0 : adhoc)
				cv_json_push(p->reports, cv_json_dup(report));
		}
	cv_json_destroy(all);
}

/* What the head said before stands in the marks until she says something else. */
static void read_marks(struct person *p)
{
	const struct cv_json *review = cv_json_object_of(p->workday, "review");

	if (p->marked)
		return;
	p->progress = (int)cv_json_int(review, "progress", 0);
	p->quality = (int)cv_json_int(review, "quality", 0);
	free(p->comment);
	p->comment = cv_json_str(review, "comment") != NULL ? cv_strdup(cv_json_s(review, "comment")) : NULL;
}

static void person_read(struct cv_view *v)
{
	struct person *p = (struct person *)v;
	char id[CV_ID_MAX + 1], day[CV_DATE_SIZE];

	person_clear(p);
	struct cv_json *board = cv_day_board(v->ui, p->unit, p->date, true);
	p->board = cv_json_take(board, "people");
	cv_json_destroy(board);
	CV_JSON_EACH (row, p->board)
		if (strcmp(cv_json_s(row, "user"), p->login) == 0)
			p->row = cv_json_dup(row);
	p->count = cv_day_slots(v->ui, p->unit, p->slots);
	cv_date_format(p->date, day);
	cv_id_workday(id, p->login, day);
	if (cv_core_get(v->ui->core, CV_KIND_WORKDAY, id, &p->workday, NULL) != CV_OK)
		p->workday = NULL;
	read_reports(p);
	read_marks(p);
	p->list.count = (int64_t)(cv_json_count(cv_json_array_of(p->workday, "items")) + cv_json_count(p->reports));
}

const struct cv_json *cv_person_selected(const struct person *p, bool *is_report)
{
	int64_t at = p->list.at;

	*is_report = false;
	CV_JSON_EACH (item, cv_json_array_of(p->workday, "items"))
		if (at-- == 0)
			return item;
	*is_report = true;
	CV_JSON_EACH (report, p->reports)
		if (at-- == 0)
			return report;
	return NULL;
}

int64_t cv_person_place(const struct person *p, const char *login, int64_t *count)
{
	int64_t at = -1, i = 0;

	CV_JSON_EACH (row, p->board) {
		if (strcmp(cv_json_s(row, "user"), login) == 0)
			at = i;
		i++;
	}
	*count = i;
	return at;
}

/* ---- keys ---- */
static void go_to(struct person *p, int by)
{
	int64_t count, at = cv_person_place(p, p->login, &count), i = 0;

	at += by;
	if (at < 0 || at >= count) {
		cv_ui_say(p->v.ui, "%s", by > 0 ? _("Đã đến người cuối bảng") : _("Đang ở người đầu bảng"));
		return;
	}
	CV_JSON_EACH (row, p->board)
		if (i++ == at)
			cv_strcopy(p->login, sizeof(p->login), cv_json_s(row, "user"));
	p->list = (struct cv_list){0};
	p->part = PART_ROWS;
	p->marked = false;
	person_read(&p->v);
}

static bool seen_by_me(struct person *p, const struct cv_json *object)
{
	CV_JSON_EACH (seen, cv_json_array_of(object, "seen"))
		if (strcmp(cv_json_s(seen, "user"), cv_core_user(p->v.ui->core)) == 0)
			return true;
	return false;
}

static void see_reports(struct person *p)
{
	struct cv_json *none = cv_json_new_object();

	CV_JSON_EACH (report, p->reports)
		if (!seen_by_me(p, report))
			cv_ui_act(p->v.ui, "report.see", cv_json_s(report, "id"), none, _("Đã xem báo cáo"));
	cv_json_destroy(none);
}

static struct cv_json *review_args(const struct person *p)
{
	struct cv_json *args = cv_json_new_object();

	if (p->progress > 0)
		cv_json_set_int(args, "progress", p->progress);
	if (p->quality > 0)
		cv_json_set_int(args, "quality", p->quality);
	cv_json_set_str(args, "comment", p->comment);
	return args;
}

/* A mark or a word makes it a review; without any it was read, and the person is told so. */
static void read_and_next(struct person *p)
{
	char *said = cv_strf(_("Đã xem ngày của %s"), cv_name_given(cv_person_name(p->v.ui, p->login)));

	see_reports(p);
	if (p->workday != NULL) {
		struct cv_json *args = review_args(p);
		bool words = p->marked && cv_json_count(args) > 0;
		if (words || !seen_by_me(p, p->workday))
			cv_ui_act(p->v.ui, words ? "workday.review" : "workday.see", cv_json_s(p->workday, "id"), args,
				  said);
		cv_json_destroy(args);
	} else if (cv_json_count(p->reports) == 0) {
		cv_ui_say(p->v.ui, _("%s chưa đăng ký, chưa báo cáo: không có gì để đánh dấu"),
			  cv_name_given(cv_person_name(p->v.ui, p->login)));
	}
	free(said);
	go_to(p, 1);
}

static void give_back(struct person *p)
{
	char *text = p->workday == NULL ? NULL
					: cv_ui_ask(p->v.ui, _("Trả lại để ghi thêm điều gì"),
						    p->comment != NULL ? p->comment : "");

	if (p->workday == NULL)
		cv_ui_say(p->v.ui, "%s", _("Chưa trả lại được: ngày này chưa đăng ký việc"));
	if (text == NULL)
		return;
	struct cv_json *args = cv_json_new_object();
	cv_json_set_str(args, "comment", text[0] != '\0' ? text : NULL);
	cv_ui_act(p->v.ui, "workday.return", cv_json_s(p->workday, "id"), args, _("Trả lại ngày làm việc"));
	cv_json_destroy(args);
	free(text);
}

static void write_comment(struct person *p)
{
	char *text = cv_ui_ask(p->v.ui, _("Ý kiến"), p->comment != NULL ? p->comment : "");

	if (text == NULL)
		return;
	free(p->comment);
	p->comment = text[0] != '\0' ? text : NULL;
	if (text[0] == '\0')
		free(text);
	p->marked = true;
}

static void show_report(struct person *p, const struct cv_json *report)
{
	static const struct {
		const char *field, *label;
	} parts[] = {{"done", N_("Đã làm")},
		     {"doing", N_("Đang làm")},
		     {"blocked", N_("Vướng mắc")},
		     {"proposal", N_("Đề xuất, kiến nghị")},
		     {"event", N_("Sự việc")}};
	struct cv_buf b;
	char title[120], at[24];
	int64_t written, received;

	cv_buf_init(&b, 1 << 20);
	for (size_t i = 0; i < CV_COUNT(parts); i++)
		if (cv_json_s(report, parts[i].field)[0] != '\0')
			cv_buf_addf(&b, "%s\n  %s\n\n", _(parts[i].label), cv_json_s(report, parts[i].field));
	const struct cv_json *counts = cv_json_object_of(report, "counts");
	if (counts != NULL)
		cv_buf_addf(&b, _("Tiếp nhận %lld · giải quyết xong %lld · quá hạn %lld\n\n"),
			    (long long)cv_json_int(counts, "received", 0), (long long)cv_json_int(counts, "settled", 0),
			    (long long)cv_json_int(counts, "overdue", 0));
	if (cv_report_times(p->v.ui, cv_json_s(report, "id"), &written, &received)) {
		cv_clock_text(at, written, cv_ui_now(p->v.ui));
		cv_buf_addf(&b, _("Viết %s"), at);
		cv_clock_text(at, received, cv_ui_now(p->v.ui));
		cv_buf_addf(&b, _(", máy chủ nhận %s"), at);
	}
	if (cv_json_int(report, "revision", 1) > 1)
		cv_buf_addf(&b, _(" · bản %lld"), (long long)cv_json_int(report, "revision", 1));
	CV_JSON_EACH (comment, cv_json_array_of(report, "comments"))
		cv_buf_addf(&b, "\n\n%s:\n  %s", cv_person_name(p->v.ui, cv_json_s(comment, "by")),
			    cv_json_s(comment, "text"));
	cv_report_words(p, title, sizeof(title), report);
	cv_ui_pager(p->v.ui, title, b.data);
	cv_buf_finish(&b);
}

static void show_item(struct person *p, const struct cv_json *item)
{
	static const struct {
		const char *field, *label;
	} parts[] = {
		{"title", N_("Công việc")}, {"expected", N_("Kết quả dự kiến")}, {"result", N_("Kết quả đạt được")}};
	struct cv_buf b;

	cv_buf_init(&b, 1 << 20);
	for (size_t i = 0; i < CV_COUNT(parts); i++)
		if (cv_json_s(item, parts[i].field)[0] != '\0')
			cv_buf_addf(&b, "%s\n  %s\n\n", _(parts[i].label), cv_json_s(item, parts[i].field));
	cv_buf_addf(&b, "%s %lld %%", cv_word_label(cv_json_s(item, "state")),
		    (long long)cv_json_int(item, "percent", 0));
	cv_ui_pager(p->v.ui, _("Công việc đã đăng ký"), b.data);
	cv_buf_finish(&b);
}

static unsigned open_row(struct person *p)
{
	bool is_report;
	const struct cv_json *at = cv_person_selected(p, &is_report);

	if (p->part == PART_COMMENT)
		write_comment(p);
	else if (p->part == PART_ROWS && at != NULL && is_report)
		show_report(p, at);
	else if (p->part == PART_ROWS && at != NULL)
		show_item(p, at);
	return CV_TURN_DRAW;
}

/* Inside the marks: sideways chooses. */
static bool choose(struct person *p, const struct cv_key *key, char command)
{
	int *mark = p->part == PART_PROGRESS ? &p->progress : &p->quality, most = p->part == PART_PROGRESS ? 3 : 4;
	bool more = key->kind == CV_KEY_RIGHT || command == 'l' || command == ' ';

	if (p->part != PART_PROGRESS && p->part != PART_QUALITY)
		return false;
	if (!more && key->kind != CV_KEY_LEFT && command != 'h')
		return false;
	*mark += more ? 1 : -1;
	*mark = *mark > most ? (command == ' ' ? 0 : most) : *mark < 0 ? 0 : *mark;
	p->marked = true;
	return true;
}

static bool move_part(struct person *p, const struct cv_key *key)
{
	if (key->kind == CV_KEY_TAB || (p->part != PART_ROWS && key->kind == CV_KEY_DOWN))
		p->part = (p->part + 1) % PART_COUNT;
	else if (key->kind == CV_KEY_BACKTAB || (p->part != PART_ROWS && key->kind == CV_KEY_UP))
		p->part = (p->part + PART_COUNT - 1) % PART_COUNT;
	else
		return false;
	return true;
}

static unsigned person_key(struct cv_view *v, const struct cv_key *key, char command)
{
	struct person *p = (struct person *)v;

	if (move_part(p, key) || choose(p, key, command))
		return CV_TURN_DRAW;
	if (p->part == PART_ROWS && cv_list_key(&p->list, key, command, 8))
		return CV_TURN_DRAW;
	if (key->kind == CV_KEY_ENTER)
		return open_row(p);
	switch (command) {
	case 'x':
		read_and_next(p);
		return CV_TURN_DRAW;
	case 'z':
		give_back(p);
		return CV_TURN_DRAW;
	case 'c':
		write_comment(p);
		return CV_TURN_DRAW;
	case '<':
	case '>':
		go_to(p, command == '>' ? 1 : -1);
		return CV_TURN_DRAW;
	default:
		return CV_TURN_UNKNOWN;
	}
}

static void person_actions(struct cv_view *v, struct cv_actions *out)
{
	struct person *p = (struct person *)v;
	const char *no_day = p->workday == NULL ? _("ngày này chưa đăng ký việc") : NULL;

	cv_action_add(out, "x", _("Đã xem, sang người sau"), true, NULL);
	cv_action_add(out, "z", _("Trả lại để ghi thêm"), true, no_day);
	cv_action_add(out, "Enter", _("Đọc"), true, p->list.count == 0 ? _("không có gì để đọc") : NULL);
	cv_action_add(out, "c", _("Ý kiến"), false, NULL);
	cv_action_add(out, "Tab", _("Nhận xét"), false, NULL);
	cv_action_add(out, "<", _("Người trước"), true, NULL);
	cv_action_add(out, ">", _("Người sau"), true, NULL);
}

static const struct cv_view_ops person_ops = {
	.name = "person",
	.code = "M-602",
	.close = person_close,
	.read = person_read,
	.draw = cv_person_draw,
	.key = person_key,
	.actions = person_actions,
};

struct cv_view *cv_view_person(struct cv_ui *ui, const char *login, int32_t date)
{
	struct person *p = cv_alloc(sizeof(*p));

	p->v = (struct cv_view){.ops = &person_ops, .ui = ui, .stale = true};
	cv_day_unit(ui, p->unit);
	cv_strcopy(p->login, sizeof(p->login), login);
	p->date = date;
	return &p->v;
}
