/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Screen 6: the head's board. Computed here from what this machine holds, again with every change that comes and with
 * every minute; the cursor stays on its person however the rows move.
 */
#include "client/tui/view/board.h"

#include <congvu/base/i18n.h>
#include <congvu/base/mem.h>
#include <congvu/base/text.h>
#include <congvu/base/time.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FAR 60 /* days a board looks back */

static void board_close(struct cv_view *v)
{
	struct board *b = (struct board *)v;

	cv_json_destroy(b->people);
	cv_day_ask_finish(&b->ask);
	free(b->missing);
	free(b);
}

const struct cv_json *cv_board_person(const struct board *b, int64_t at)
{
	CV_JSON_EACH (person, b->people)
		if (at-- == 0)
			return person;
	return NULL;
}

/* ---- reading ---- */
bool cv_board_lacks(const struct cv_json *person, const struct cv_slot *slot)
{
	const char *state = cv_json_s(cv_json_object_of(person, "slots"), slot->name);

	return strcmp(state, "missing") == 0 || strcmp(state, "pending") == 0;
}

static void gather_missing(struct board *b)
{
	struct cv_buf names;

	free(b->missing);
	cv_buf_init(&names, 4096);
	b->missing_count = 0;
	CV_JSON_EACH (person, b->people) {
		if (b->now < 0 || !cv_board_lacks(person, &b->slots[b->now]))
			continue;
		cv_buf_puts(&names, b->missing_count++ > 0 ? ", " : "");
		cv_buf_puts(&names, cv_name_given(cv_json_s(person, "name")));
	}
	b->missing = cv_buf_take(&names);
}

static void add_texts(struct board *b, struct cv_json *person)
{
	struct cv_json *cells = cv_json_new_object();
	char text[CV_CELL];

	for (int i = 0; i < b->count; i++) {
		cv_day_cell(text, b->v.ui, person, &b->slots[i], b->date);
		cv_json_set_str(cells, b->slots[i].name, text);
	}
	cv_json_set(person, "cells", cells);
	cv_day_place(text, person);
	cv_json_set_str(person, "place_text", text);
	cv_day_registered(text, b->v.ui, person, b->date);
	cv_json_set_str(person, "day_text", text);
}

/* Of this day: yesterday's answer says nothing of today. */
static const struct cv_json *answer_of(const struct board *b)
{
	char day[CV_DATE_SIZE];

	cv_date_format(b->date, day);
	return strcmp(cv_json_s(b->ask.answer, "date"), day) == 0 ? b->ask.answer : NULL;
}

static void add_seen(struct board *b, struct cv_json *person)
{
	CV_JSON_EACH (known, cv_json_array_of(b->ask.answer, "people"))
		if (strcmp(cv_json_s(known, "user"), cv_json_s(person, "user")) == 0)
			cv_json_set_str(person, "last_seen", cv_json_str(known, "last_seen"));
}

static void board_read(struct cv_view *v)
{
	struct board *b = (struct board *)v;
	int64_t now = cv_ui_now(v->ui), i = 0;
	struct cv_json *board;

	cv_day_ask(v->ui, &b->ask, b->unit, b->date);
	board = b->remote ? cv_json_dup(answer_of(b)) : cv_day_board(v->ui, b->unit, b->date, true);
	b->minute = now / 60000;
	b->count = cv_day_slots(v->ui, b->unit, b->slots);
	b->now = cv_day_slot_now(b->slots, b->count, b->date, now);
	cv_json_destroy(b->people);
	b->people = cv_json_take(board, "people");
	cv_json_destroy(board);
	CV_JSON_EACH (person, b->people) {
		add_seen(b, person);
		add_texts(b, person);
	}
	gather_missing(b);
	b->list.count = (int64_t)cv_json_count(b->people);
	CV_JSON_EACH (person, b->people) {
		if (strcmp(cv_json_s(person, "user"), b->login) == 0)
			b->list.at = i;
		i++;
	}
}

static void remember(struct board *b)
{
	cv_strcopy(b->login, sizeof(b->login), cv_json_s(cv_board_person(b, b->list.at), "user"));
}

/* Cells turn with the minute, without anybody's news. */
static void board_draw(struct cv_view *v, struct cv_term *t, int top, int bottom, int cols)
{
	struct board *b = (struct board *)v;

	if (b->minute != cv_ui_now(v->ui) / 60000)
		board_read(v);
	cv_board_draw(b, t, top, bottom, cols);
}

/* ---- keys ---- */
static void copy_missing(struct board *b)
{
	char slot[24];

	if (b->now < 0 || b->missing_count == 0) {
		cv_ui_say(b->v.ui, "%s", _("Không có tên nào để chép"));
		return;
	}
	cv_slot_text(slot, b->slots[b->now].name);
	char *text = cv_strf(_("Chưa gửi báo cáo %s: %s"), slot, b->missing);
	cv_term_copy(b->v.ui->term, text);
	cv_ui_pager(b->v.ui, _("Đã chép; nếu không dán được, bôi đen dòng này"), text);
	free(text);
}

static unsigned go_day(struct board *b, int by)
{
	int32_t today = cv_date_of(cv_ui_now(b->v.ui)), to = b->date + by;

	if (to > today || to < today - FAR) {
		cv_ui_say(b->v.ui, "%s", to > today ? _("Ngày này chưa đến") : _("Xa hơn nữa: dùng lệnh report list"));
		return CV_TURN_DRAW;
	}
	b->date = to;
	return CV_TURN_READ;
}

static unsigned board_key(struct cv_view *v, const struct cv_key *key, char command)
{
	struct board *b = (struct board *)v;
	const struct cv_json *person = b->remote ? NULL : cv_board_person(b, b->list.at);

	if (cv_list_key(&b->list, key, command, cv_term_rows(v->ui->term) - 9)) {
		remember(b);
		return CV_TURN_DRAW;
	}
	if ((key->kind == CV_KEY_ENTER || command == 'l' || key->kind == CV_KEY_RIGHT || command == 'x') &&
	    person != NULL) {
		remember(b);
		cv_ui_push(v->ui, cv_view_person(v->ui, cv_json_s(person, "user"), b->date));
		return CV_TURN_DRAW;
	}
	switch (command) {
	case 'y':
		copy_missing(b);
		return CV_TURN_DRAW;
	case '<':
		return go_day(b, -1);
	case '>':
		return go_day(b, 1);
	default:
		return CV_TURN_UNKNOWN;
	}
}

static void board_actions(struct cv_view *v, struct cv_actions *out)
{
	struct board *b = (struct board *)v;
	const char *nobody = b->list.count == 0 ? _("không có ai trong bảng")
			     : b->remote ? _("chỉ trưởng bộ phận mở được từng người ở màn hình này")
					 : NULL;

	cv_action_add(out, "Enter", _("Ngày làm việc"), true, nobody);
	cv_action_add(out, "y", _("Chép tên"), true, b->missing_count == 0 ? _("không ai thiếu báo cáo") : NULL);
	cv_action_add(out, "x", _("Xem, đánh dấu đã xem"), false, nobody);
	cv_action_add(out, "<", _("Ngày trước"), true, NULL);
	cv_action_add(out, ">", _("Ngày sau"), true, NULL);
}

static const struct cv_view_ops board_ops = {
	.name = "board",
	.code = "M-601",
	.tab = 6,
	.close = board_close,
	.read = board_read,
	.draw = board_draw,
	.key = board_key,
	.actions = board_actions,
};

struct cv_view *cv_view_board_of(struct cv_ui *ui, const char *unit, int32_t date, bool remote)
{
	struct board *b = cv_alloc(sizeof(*b));

	b->v = (struct cv_view){.ops = &board_ops, .ui = ui, .stale = true};
	cv_strcopy(b->unit, sizeof(b->unit), unit);
	b->date = date;
	b->remote = remote;
	return &b->v;
}

struct cv_view *cv_view_board(struct cv_ui *ui)
{
	char unit[CV_ID_MAX + 1];
	int32_t today = cv_date_of(cv_ui_now(ui));

	cv_day_unit(ui, unit);
	if (unit[0] == '\0')
		return NULL;
	if (!cv_ui_role(ui, "head") && !cv_ui_role(ui, "deputy"))
		return cv_view_units(ui, unit);
	return cv_view_board_of(ui, unit, today, false);
}
