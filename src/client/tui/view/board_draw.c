/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How the head's board looks: the table, and from 40 columns a narrow form. */
#include "client/tui/view/board.h"

#include <congvu/base/i18n.h>
#include <congvu/base/mem.h>
#include <congvu/base/text.h>
#include <congvu/base/time.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NARROW 72 /* columns below which the narrow form is drawn */

/* How many owe this slot, and how many have given it. */
static int owed(const struct board *b, const struct cv_slot *slot, int *given)
{
	int n = 0;

	*given = 0;
	CV_JSON_EACH (person, b->people) {
		const char *state = cv_json_s(cv_json_object_of(person, "slots"), slot->name);
		if (strcmp(state, "exempt") == 0 || state[0] == '\0')
			continue;
		n++;
		*given += !cv_board_lacks(person, slot);
	}
	return n;
}

/* "Phòng Tư pháp   11:06" over "11h 9/13 còn 9 ph · nghỉ 1". */
static void draw_narrow_head(struct board *b, struct cv_term *t, int row, int width)
{
	char name[200], at[24], slot[24];
	int64_t now = cv_ui_now(b->v.ui);
	struct cv_buf line;
	int given, of;

	cv_unit_name(b->v.ui, b->unit, name, sizeof(name));
	cv_clock_text(at, now, now);
	if (b->date != cv_date_of(now))
		cv_clock_text(at, cv_date_at(b->date, 0), now);
	cv_put(t, row, 1, width - 1 - cv_text_width(at) - 1, CV_BOLD, name);
	cv_put_right(t, row, width, CV_PLAIN, at);
	cv_buf_init(&line, 400);
	if (b->now >= 0) {
		const struct cv_slot *s = &b->slots[b->now];
		int64_t left = (cv_date_at(b->date, s->at + s->grace) - now + 59999) / 60000;
		of = owed(b, s, &given);
		cv_slot_text(slot, s->name);
		cv_buf_addf(&line, "%s %d/%d", slot, given, of);
		if (left > 0)
			cv_buf_addf(&line, _(" còn %d ph"), (int)left);
		cv_buf_addf(&line, _(" · chưa gửi %d"), b->missing_count);
	} else {
		cv_buf_addf(&line, _("%d người"), (int)b->list.count);
	}
	cv_put(t, row + 1, 1, width - 1, CV_PLAIN, line.data);
	cv_buf_finish(&line);
}

static void draw_head(struct board *b, struct cv_term *t, int row, int width)
{
	char name[200], day[40], slot[24], at[24], *left, *right;
	int64_t now = cv_ui_now(b->v.ui);

	cv_unit_name(b->v.ui, b->unit, name, sizeof(name));
	cv_day_text(day, b->date);
	cv_clock_text(at, now, now);
	left = cv_strf(_(", %d người · %s"), (int)b->list.count, day);
	if (b->now >= 0 && b->date == cv_date_of(now)) {
		cv_slot_text(slot, b->slots[b->now].name);
		right = cv_strf(_("khung %s · bây giờ %s"), slot, at);
	} else {
		right = cv_strf(_("bây giờ %s"), at);
	}
	/* A long name gives way, not the day. */
	int room = width - 1 - cv_text_width(right) - 2 - cv_text_width(left);
	int used = cv_put(t, row, 1, room > 8 ? room : 8, CV_BOLD, name);
	cv_put(t, row, 1 + used, width - 1 - used, CV_BOLD, left);
	cv_put_right(t, row, width, CV_PLAIN, right);
	free(left);
	free(right);
}

static void put_slot_total(struct board *b, struct cv_buf *out, int i)
{
	const struct cv_slot *s = &b->slots[i];
	char slot[24];
	int given, of = owed(b, s, &given), end = s->at + s->grace;

	cv_slot_text(slot, s->name);
	cv_buf_addf(out, " · %s %d/%d", slot, given, of);
	if (i == b->now && b->date == cv_date_of(cv_ui_now(b->v.ui)) && cv_ui_now(b->v.ui) < cv_date_at(b->date, end))
		cv_buf_addf(out, _(", đúng giờ đến hết %02d:%02d"), end / 60, end % 60);
}

static void draw_totals(struct board *b, struct cv_term *t, int row, int width)
{
	struct cv_buf line;
	int registered = 0, of = 0, leave = 0;
	int64_t late = 0;

	CV_JSON_EACH (person, b->people) {
		of += cv_json_is(cv_json_get(person, "registered"), CV_JSON_BOOL);
		registered += cv_json_bool(person, "registered", false);
		leave += cv_day_on_leave(person);
		late += cv_json_int(person, "late_dossiers", 0);
	}
	cv_buf_init(&line, 1000);
	cv_buf_addf(&line, _("Đăng ký %d/%d"), registered, of);
	for (int i = 0; i <= b->now; i++)
		put_slot_total(b, &line, i);
	if (leave > 0)
		cv_buf_addf(&line, _(" · nghỉ %d"), leave);
	if (late > 0)
		cv_buf_addf(&line, _(" · trễ %lld"), (long long)late);
	cv_put(t, row, 1, width - 1, CV_PLAIN, line.data);
	cv_buf_finish(&line);
}

/* Columns: name 17, place 8, registration 9, each slot 9, late, held, last contact. More slots than fit: the latest
 * that are open, for those are asked about. */
#define COL_PLACE 19
#define COL_DAY	  28
#define COL_SLOTS 38
#define SLOT_WIDE 9

static int slots_shown(const struct board *b, int width, int *first)
{
	int fit = (width - COL_SLOTS - 14) / SLOT_WIDE;

	fit = fit < b->count ? fit : b->count;
	*first = b->now - fit + 2 > 0 ? b->now - fit + 2 : 0;
	if (*first + fit > b->count)
		*first = b->count - fit;
	return fit;
}

static void draw_titles(struct board *b, struct cv_term *t, int row, int width)
{
	int first, n = slots_shown(b, width, &first);
	char slot[24];

	cv_put(t, row, 1, 17, CV_PLAIN, _("Họ và tên"));
	cv_put(t, row, COL_PLACE, 8, CV_PLAIN, _("Sáng/ch."));
	cv_put(t, row, COL_DAY, 9, CV_PLAIN, _("Đăng ký"));
	for (int i = 0; i < n; i++) {
		cv_slot_text(slot, b->slots[first + i].name);
		cv_put(t, row, COL_SLOTS + i * SLOT_WIDE, SLOT_WIDE - 1, CV_PLAIN, slot);
	}
	cv_put_right(t, row, width - 11, CV_PLAIN, _("Trễ"));
	cv_put_right(t, row, width - 7, CV_PLAIN, _("Giữ"));
	cv_put_right(t, row, width, CV_PLAIN, _("Mạng"));
	cv_attr_row(t, row, 1, width - 1, CV_UNDERLINE);
}

static void put_number(struct cv_term *t, int row, int right, int64_t n)
{
	char text[24];

	snprintf(text, sizeof(text), "%lld", (long long)n);
	if (n > 0)
		cv_put_right(t, row, right, CV_PLAIN, text);
}

static void put_seen(struct board *b, struct cv_term *t, int row, int right, const struct cv_json *person)
{
	char text[24];
	int64_t at;
	int year, month, day;

	if (!cv_time_parse(cv_json_s(person, "last_seen"), &at))
		return;
	cv_clock_text(text, at, at);
	if (cv_date_of(at) != cv_date_of(cv_ui_now(b->v.ui))) {
		cv_date_split(cv_date_of(at), &year, &month, &day);
		snprintf(text, sizeof(text), "%02d/%02d", day, month);
	}
	cv_put_right(t, row, right, CV_PLAIN, text);
}

static unsigned cell_attr(const char *text)
{
	return text[0] == '!' ? CV_ALERT : CV_PLAIN;
}

static void draw_person(struct board *b, struct cv_term *t, int row, int width, const struct cv_json *person)
{
	int first, n = slots_shown(b, width, &first);
	const struct cv_json *cells = cv_json_object_of(person, "cells");

	cv_put(t, row, 1, 17, CV_PLAIN, cv_json_s(person, "name"));
	cv_put(t, row, COL_PLACE, 8, CV_PLAIN, cv_json_s(person, "place_text"));
	cv_put(t, row, COL_DAY, 9, cell_attr(cv_json_s(person, "day_text")), cv_json_s(person, "day_text"));
	for (int i = 0; i < n; i++) {
		const char *text = cv_json_s(cells, b->slots[first + i].name);
		cv_put(t, row, COL_SLOTS + i * SLOT_WIDE, SLOT_WIDE - 1, cell_attr(text), text);
	}
	put_number(t, row, width - 11, cv_json_int(person, "late_dossiers", 0));
	put_number(t, row, width - 7, cv_json_int(person, "load", 0));
	put_seen(b, t, row, width, person);
}

/* "chưa gửi 07h 11h", "đủ · 07h muộn 12", "nghỉ". */
static void narrow_words(struct board *b, struct cv_buf *out, const struct cv_json *person)
{
	const struct cv_json *cells = cv_json_object_of(person, "cells");
	char slot[24];
	int open = 0;

	if (cv_day_on_leave(person)) {
		cv_buf_puts(out, _("nghỉ"));
		return;
	}
	for (int i = 0; i <= b->now; i++) {
		if (!cv_board_lacks(person, &b->slots[i]))
			continue;
		cv_slot_text(slot, b->slots[i].name);
		cv_buf_addf(out, "%s %s", open++ == 0 ? _("chưa gửi") : "", slot);
	}
	if (open > 0 || b->now < 0)
		return;
	cv_buf_puts(out, _("đủ"));
	for (int i = 0; i <= b->now; i++) {
		const char *text = cv_json_s(cells, b->slots[i].name);
		cv_slot_text(slot, b->slots[i].name);
		if (strcmp(text, _("đúng giờ")) != 0 && text[0] != '\0')
			cv_buf_addf(out, " · %s %s", slot, text);
	}
}

static void draw_narrow(struct board *b, struct cv_term *t, int row, int width, const struct cv_json *person)
{
	struct cv_buf words;

	cv_buf_init(&words, 400);
	narrow_words(b, &words, person);
	cv_put(t, row, 1, 15, CV_PLAIN, cv_json_s(person, "name"));
	cv_put(t, row, 17, width - 17, CV_PLAIN, words.data != NULL ? words.data : "");
	cv_buf_finish(&words);
}

static void draw_rows(struct board *b, struct cv_term *t, int top, int height, int width)
{
	bool narrow = width + 1 < NARROW;
	int64_t i = 0;

	cv_list_fit(&b->list, height);
	CV_JSON_EACH (person, b->people) {
		int row = top + (int)(i - b->list.top);
		bool here = i == b->list.at;
		if (i++ < b->list.top || row >= top + height)
			continue;
		if (narrow)
			draw_narrow(b, t, row, width, person);
		else
			draw_person(b, t, row, width, person);
		if (here) {
			cv_put(t, row, 0, 1, CV_BOLD, ">");
			cv_term_cursor(t, row, 1);
		}
	}
	if (b->list.count == 0)
		cv_put(t, top, 1, width - 1, CV_PLAIN,
		       b->remote && b->ask.answer == NULL ? _("Bảng này đọc từ máy chủ: đang chờ mạng.")
							  : _("Không có ai phải báo cáo trong đơn vị này."));
}

/* "07h: chưa báo cáo · có mạng cuối 17:20 19/11" */
static void draw_person_line(struct board *b, struct cv_term *t, int row, int width)
{
	const struct cv_json *person = cv_board_person(b, b->list.at);
	struct cv_buf line;
	char slot[24], at[24], phone[40];
	int64_t seen;

	if (person == NULL)
		return;
	cv_buf_init(&line, 1000);
	bool narrow = width + 1 < NARROW;
	cv_phone_text(phone, cv_json_s(person, "phone"));
	cv_buf_puts(&line, narrow ? cv_name_given(cv_json_s(person, "name")) : cv_json_s(person, "name"));
	if (phone[0] != '\0')
		cv_buf_addf(&line, narrow ? ": %s" : " · %s", phone);
	for (int i = 0; i <= b->now; i++) {
		if (!cv_board_lacks(person, &b->slots[i]))
			continue;
		cv_slot_text(slot, b->slots[i].name);
		cv_buf_addf(&line, _(" · %s: chưa báo cáo"), slot);
	}
	if (cv_time_parse(cv_json_s(person, "last_seen"), &seen)) {
		cv_clock_text(at, seen, cv_ui_now(b->v.ui));
		cv_buf_addf(&line, _(" · có mạng cuối %s"), at);
	}
	cv_put(t, row, 1, width - 1, CV_PLAIN, line.data);
	cv_buf_finish(&line);
}

static void draw_missing(struct board *b, struct cv_term *t, int row, int width)
{
	char slot[24], *text;

	if (b->now < 0 || b->list.count == 0)
		return;
	cv_slot_text(slot, b->slots[b->now].name);
	if (b->missing_count == 0)
		text = cv_strf(_("Mọi người đã gửi báo cáo %s."), slot);
	else
		text = cv_strf(_("Chưa gửi %s, %d người: %s"), slot, b->missing_count, b->missing);
	cv_put(t, row, 1, width - 1, CV_PLAIN, text);
	free(text);
}

void cv_board_draw(struct board *b, struct cv_term *t, int top, int bottom, int cols)
{
	int width = cols - 1;

	if (cols >= NARROW) {
		draw_head(b, t, top++, width);
		draw_totals(b, t, top++, width);
		draw_titles(b, t, top++, width);
		cv_rule(t, bottom - 3, 1, width - 1);
		draw_missing(b, t, bottom - 1, width);
		draw_person_line(b, t, bottom - 2, width);
		draw_rows(b, t, top, bottom - 3 - top, width);
	} else {
		draw_narrow_head(b, t, top, width);
		top += 2;
		draw_person_line(b, t, bottom - 1, width);
		draw_rows(b, t, top, bottom - 1 - top, width);
	}
}
