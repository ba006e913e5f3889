/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a person's day looks. */
#include "client/tui/view/person.h"
#include "client/tui/view/wrap.h"

#include <congvu/base/i18n.h>
#include <congvu/base/mem.h>
#include <congvu/base/text.h>
#include <congvu/base/time.h>
#include <congvu/model/words.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NARROW 72

static void clock_of(char out[24], const struct cv_json *object, const char *key, int64_t day)
{
	int64_t t;

	out[0] = '\0';
	if (cv_time_parse(cv_json_s(object, key), &t))
		cv_clock_text(out, t, day);
}

static void draw_top(struct person *p, struct cv_term *t, int row, int width)
{
	int64_t count, at = cv_person_place(p, p->login, &count);
	char day[40], phone[40];
	const char *name = cv_person_name(p->v.ui, p->login);

	cv_phone_text(phone, cv_json_s(p->row, "phone"));

	cv_day_text(day, p->date);
	char *text = cv_strf(_("Theo dõi › %s · %s (%d/%d)"), name, day, (int)at + 1, (int)count);
	int room = phone[0] != '\0' ? width - cv_text_width(phone) - 2 : width - 1;
	cv_put(t, row, 1, room, CV_BOLD, text);
	if (phone[0] != '\0' && cv_text_width(text) <= room)
		cv_put_right(t, row, width, CV_PLAIN, phone);
	free(text);
}

static void draw_day(struct person *p, struct cv_term *t, int row, int width)
{
	const char *am = cv_json_s(p->workday, "place"), *pm = cv_json_str(p->workday, "place_pm");
	char at[24];
	struct cv_buf line;
	int64_t day = cv_date_at(p->date, 0);

	if (p->workday == NULL) {
		cv_put(t, row, 1, width - 1, CV_PLAIN, _("Chưa đăng ký việc nào cho ngày này."));
		return;
	}
	cv_buf_init(&line, 1000);
	cv_buf_addf(&line, _("Sáng: %s · Chiều: %s"), cv_place_words(am), cv_place_words(pm != NULL ? pm : am));
	clock_of(at, p->workday, "registered_at", day);
	if (at[0] != '\0')
		cv_buf_addf(&line, _(" · đăng ký %s"), at);
	clock_of(at, p->workday, "recorded_at", day);
	if (at[0] != '\0')
		cv_buf_addf(&line, _(" · ghi kết quả %s"), at);
	CV_JSON_EACH (seen, cv_json_array_of(p->workday, "seen")) {
		clock_of(at, seen, "at", day);
		cv_buf_addf(&line, _(" · %s đã xem %s"),
			    cv_name_given(cv_person_name(p->v.ui, cv_json_s(seen, "user"))), at);
	}
	cv_put(t, row, 1, width - 1, CV_PLAIN, line.data);
	cv_buf_finish(&line);
}

static void draw_item(struct cv_term *t, int row, int width, const struct cv_json *item)
{
	char number[24];
	bool narrow = width + 1 < NARROW;
	int state = narrow ? width - 16 : 38, title = state - 4;

	snprintf(number, sizeof(number), "%lld", (long long)cv_json_int(item, "n", 0));
	cv_put(t, row, 1, 2, CV_PLAIN, number);
	cv_put_first(t, row, 3, title, cv_json_s(item, "title"));
	cv_put(t, row, state, 10, CV_PLAIN, cv_word_label(cv_json_s(item, "state")));
	snprintf(number, sizeof(number), "%lld", (long long)cv_json_int(item, "percent", 0));
	if (cv_json_int(item, "percent", 0) > 0)
		cv_put_right(t, row, state + 14, CV_PLAIN, number);
	if (!narrow)
		cv_put_first(t, row, 54, width - 54, cv_json_s(item, "result"));
}

static const char *report_text(const struct cv_json *report)
{
	static const char *const fields[] = {"done", "doing", "blocked", "proposal"};

	for (size_t i = 0; i < CV_COUNT(fields); i++)
		if (cv_json_s(report, fields[i])[0] != '\0')
			return cv_json_s(report, fields[i]);
	return "";
}

void cv_report_words(struct person *p, char *out, size_t size, const struct cv_json *report)
{
	char slot[24], cell[CV_CELL] = "", at[24] = "";
	const char *name = cv_json_s(report, "slot");
	int64_t written, received;

	for (int i = 0; i < p->count; i++)
		if (strcmp(p->slots[i].name, name) == 0)
			cv_day_cell(cell, p->v.ui, p->row, &p->slots[i], p->date);
	if (cv_report_times(p->v.ui, cv_json_s(report, "id"), &written, &received))
		cv_clock_text(at, received, cv_date_at(p->date, 0));
	cv_slot_text(slot, strcmp(name, "adhoc") == 0 ? _("đột xuất") : name);
	snprintf(out, size, _("Báo cáo %s %s %s"), slot, cell, at);
}

static void draw_report(struct person *p, struct cv_term *t, int row, int width, const struct cv_json *report)
{
	char words[120];
	bool urgent = cv_json_bool(report, "urgent", false);

	cv_report_words(p, words, sizeof(words), report);
	int used = cv_put(t, row, 1, width - 1, urgent ? CV_ALERT : CV_PLAIN, words);
	if (urgent)
		used += cv_put(t, row, 1 + used, width - 1 - used, CV_ALERT, _(" KHẨN"));
	if (used + 6 < width)
		cv_put_first(t, row, used < 36 ? 38 : used + 3, width - (used < 36 ? 38 : used + 3),
			     report_text(report));
}

/* Rows [top, top + height): items and reports. */
static void draw_rows(struct person *p, struct cv_term *t, int top, int height, int width)
{
	int64_t i = 0, items = (int64_t)cv_json_count(cv_json_array_of(p->workday, "items"));
	const struct cv_json *item = cv_json_first(cv_json_array_of(p->workday, "items")),
			     *report = cv_json_first(p->reports);

	cv_list_fit(&p->list, height);
	for (; i < p->list.count; i++) {
		int row = top + (int)(i - p->list.top);
		bool shown = i >= p->list.top && row < top + height;
		if (shown && i < items)
			draw_item(t, row, width, item);
		else if (shown)
			draw_report(p, t, row, width, report);
		if (shown && i == p->list.at && p->part == PART_ROWS) {
			cv_put(t, row, 0, 1, CV_BOLD, ">");
			cv_term_cursor(t, row, 1);
		}
		item = i < items ? cv_json_next(item) : item;
		report = i >= items ? cv_json_next(report) : report;
	}
	if (p->list.count == 0) {
		cv_put(t, top, 1, width - 1, CV_PLAIN, _("Chưa có việc đăng ký, chưa có báo cáo."));
		if (p->part == PART_ROWS)
			cv_term_cursor(t, top, 1);
	}
}

static const char *const progress_words[] = {N_("chậm"), N_("đúng"), N_("vượt"), NULL};
static const char *const quality_words[] = {N_("chưa đạt"), N_("đạt"), N_("tốt"), N_("xuất sắc"), NULL};

static void draw_choice(struct person *p, struct cv_term *t, int row, int width, enum part part)
{
	const char *const *words = part == PART_PROGRESS ? progress_words : quality_words;
	int chosen = part == PART_PROGRESS ? p->progress : p->quality, col = 15;

	cv_put(t, row, 3, 11, CV_PLAIN, part == PART_PROGRESS ? _("Tiến độ") : _("Chất lượng"));
	for (int i = 0; words[i] != NULL && col < width - 4; i++) {
		col += cv_put(t, row, col, width - col, CV_PLAIN, i + 1 == chosen ? "(•) " : "( ) ");
		col += cv_put(t, row, col, width - col, CV_PLAIN, _(words[i])) + 2;
	}
	if (p->part == part) {
		cv_put(t, row, 0, 1, CV_BOLD, ">");
		cv_term_cursor(t, row, 3);
	}
}

static void draw_comment(struct person *p, struct cv_term *t, int row, int width)
{
	cv_put(t, row, 3, 11, CV_PLAIN, _("Ý kiến"));
	cv_put(t, row, 15, 1, CV_PLAIN, "│");
	if (p->comment != NULL)
		cv_put_first(t, row, 17, width - 17, p->comment);
	else
		cv_put(t, row, 17, width - 17, CV_DIM, _("không bắt buộc (c để ghi)"));
	if (p->part == PART_COMMENT) {
		cv_put(t, row, 0, 1, CV_BOLD, ">");
		cv_term_cursor(t, row, 3);
	}
}

/* What the row under the cursor says in full, as far as it fits. */
static void draw_detail(struct person *p, struct cv_term *t, int row, int height, int width)
{
	bool is_report;
	const struct cv_json *at = cv_person_selected(p, &is_report);
	const char *text = is_report ? report_text(at) : cv_json_s(at, "result");
	struct cv_buf b;

	if (at == NULL)
		return;
	cv_buf_init(&b, 40000);
	if (!is_report && cv_json_s(at, "expected")[0] != '\0')
		cv_buf_addf(&b, _("Dự kiến: %s\n"), cv_json_s(at, "expected"));
	cv_buf_puts(&b, text);
	cv_wrap_draw(t, row, row + height, 3, width - 3, b.data != NULL ? b.data : "");
	cv_buf_finish(&b);
}

void cv_person_draw(struct cv_view *v, struct cv_term *t, int top, int bottom, int cols)
{
	struct person *p = (struct person *)v;
	int width = cols - 1, marks = bottom - 5, detail = (bottom - top) > 17 ? 4 : 0;

	draw_top(p, t, top++, width);
	draw_day(p, t, top++, width);
	cv_rule(t, top++, 1, width - 1);
	if (cols >= NARROW) {
		cv_put(t, top, 3, 34, CV_PLAIN, _("Công việc đã đăng ký"));
		cv_put(t, top, 38, 10, CV_PLAIN, _("T. trạng"));
		cv_put_right(t, top, 52, CV_PLAIN, "%");
		cv_put(t, top, 54, width - 54, CV_PLAIN, _("Kết quả"));
		top++;
	} else {
		marks = bottom - 3; /* no title, no blank line */
	}
	draw_rows(p, t, top, marks - detail - top, width);
	if (detail > 0) {
		cv_rule(t, marks - detail, 1, width - 1);
		draw_detail(p, t, marks - detail + 1, detail - 1, width);
	}
	if (cols >= NARROW) {
		cv_rule(t, marks, 1, width - 1);
		cv_put(t, marks + 1, 1, width - 1, CV_PLAIN, _("Nhận xét (Tab: đến đây; để trống cũng được)"));
		marks += 2;
	}
	draw_choice(p, t, marks, width, PART_PROGRESS);
	draw_choice(p, t, marks + 1, width, PART_QUALITY);
	draw_comment(p, t, marks + 2, width);
}
