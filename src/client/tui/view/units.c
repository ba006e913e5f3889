/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Screen 6 of a leader: the units below hers with n/N of each slot. It is the server that counts: a leader's machine is
 * not sent the days of hundreds of people.
 */
#include "client/tui/view/board.h"

#include <congvu/base/i18n.h>
#include <congvu/base/mem.h>
#include <congvu/base/text.h>
#include <congvu/base/time.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct units {
	struct cv_view v;
	char unit[CV_ID_MAX + 1];
	int32_t date;
	struct cv_day_ask ask;
	struct cv_list list;
	struct cv_slot slots[CV_SLOT_MAX];
	int count, now;
};

static void units_close(struct cv_view *v)
{
	struct units *u = (struct units *)v;

	cv_day_ask_finish(&u->ask);
	free(u);
}

static const struct cv_json *rows_of(const struct units *u)
{
	return cv_json_array_of(u->ask.answer, "units");
}

static const struct cv_json *unit_at(const struct units *u, int64_t at)
{
	CV_JSON_EACH (row, rows_of(u))
		if (at-- == 0)
			return row;
	return NULL;
}

static void units_read(struct cv_view *v)
{
	struct units *u = (struct units *)v;

	u->date = cv_date_of(cv_ui_now(v->ui));
	cv_day_ask(v->ui, &u->ask, u->unit, u->date);
	u->count = cv_day_slots(v->ui, u->unit, u->slots);
	u->now = cv_day_slot_now(u->slots, u->count, u->date, cv_ui_now(v->ui));
	u->list.count = (int64_t)cv_json_count(rows_of(u));
}

/* ---- drawing ---- */
static void draw_head(struct units *u, struct cv_term *t, int row, int width)
{
	char name[200], day[40], at[24], slot[24];
	const struct cv_json *totals = cv_json_object_of(u->ask.answer, "totals");
	int64_t now = cv_ui_now(u->v.ui);

	cv_unit_name(u->v.ui, u->unit, name, sizeof(name));
	cv_day_text(day, u->date);
	cv_clock_text(at, now, now);
	char *text = cv_strf(_("%s · %d đơn vị · %s · bây giờ %s"), name, (int)u->list.count, day, at);
	cv_put(t, row, 1, width - 1, CV_BOLD, text);
	free(text);
	if (u->now < 0 || totals == NULL)
		return;
	const struct cv_slot *s = &u->slots[u->now];
	int end = s->at + s->grace;
	cv_slot_text(slot, s->name);
	text = cv_strf(_("%s: %lld/%lld người · đúng giờ đến hết %02d:%02d"), slot,
		       (long long)cv_json_int(totals, s->name, 0), (long long)cv_json_int(totals, "people", 0),
		       end / 60, end % 60);
	cv_put(t, row + 1, 1, width - 1, CV_PLAIN, text);
	free(text);
}

#define SLOT_WIDE 8

static int name_width(const struct units *u, int width)
{
	int fit = width - 3 - (u->count + 1) * SLOT_WIDE;

	return fit > 12 ? fit : 12;
}

static void put_share(struct cv_term *t, int row, int col, int64_t n, int64_t of)
{
	char text[40];

	snprintf(text, sizeof(text), "%lld/%lld", (long long)n, (long long)of);
	cv_put(t, row, col, SLOT_WIDE - 1, CV_PLAIN, text);
}

static void draw_titles(struct units *u, struct cv_term *t, int row, int width)
{
	int col = 2 + name_width(u, width) + 1;
	char slot[24];

	cv_put(t, row, 2, name_width(u, width), CV_PLAIN, _("Đơn vị"));
	cv_put(t, row, col, SLOT_WIDE - 1, CV_PLAIN, _("Đăng ký"));
	for (int i = 0; i < u->count && col + SLOT_WIDE * 2 <= width + 1; i++) {
		cv_slot_text(slot, u->slots[i].name);
		cv_put(t, row, col += SLOT_WIDE, SLOT_WIDE - 1, CV_PLAIN, slot);
	}
	cv_attr_row(t, row, 1, width - 1, CV_UNDERLINE);
}

static void draw_unit(struct units *u, struct cv_term *t, int row, int width, const struct cv_json *unit)
{
	const struct cv_json *totals = cv_json_object_of(unit, "totals");
	int64_t people = cv_json_int(totals, "people", 0);
	int col = 2 + name_width(u, width) + 1;

	cv_put(t, row, 2, name_width(u, width), CV_PLAIN, cv_json_s(unit, "name"));
	put_share(t, row, col, cv_json_int(totals, "registered", 0), people);
	for (int i = 0; i < u->count && col + SLOT_WIDE * 2 <= width + 1; i++) {
		col += SLOT_WIDE;
		if (i <= u->now)
			put_share(t, row, col, cv_json_int(totals, u->slots[i].name, 0), people);
	}
}

/* All that have not sent the current slot, over all units. */
static char *missing_names(const struct units *u, int *count)
{
	struct cv_buf names;

	cv_buf_init(&names, 8000);
	*count = 0;
	CV_JSON_EACH (person, cv_json_array_of(u->ask.answer, "people")) {
		if (u->now < 0 || !cv_board_lacks(person, &u->slots[u->now]))
			continue;
		cv_buf_puts(&names, (*count)++ > 0 ? ", " : "");
		cv_buf_puts(&names, cv_name_given(cv_json_s(person, "name")));
	}
	return cv_buf_take(&names);
}

static void draw_missing(struct units *u, struct cv_term *t, int row, int width)
{
	int count;
	char slot[24], *names = missing_names(u, &count);

	if (u->now >= 0 && count > 0) {
		cv_slot_text(slot, u->slots[u->now].name);
		char *text = cv_strf(_("Chưa gửi %s, %d người: %s"), slot, count, names);
		cv_put(t, row, 1, width - 1, CV_PLAIN, text);
		free(text);
	}
	free(names);
}

static void units_draw(struct cv_view *v, struct cv_term *t, int top, int bottom, int cols)
{
	struct units *u = (struct units *)v;
	int width = cols - 1, height = bottom - 2 - (top + 3);
	int64_t i = 0;

	draw_head(u, t, top, width);
	draw_titles(u, t, top + 2, width);
	cv_list_fit(&u->list, height);
	CV_JSON_EACH (unit, rows_of(u)) {
		int row = top + 3 + (int)(i - u->list.top);
		bool here = i == u->list.at;
		if (i++ < u->list.top || row >= top + 3 + height)
			continue;
		draw_unit(u, t, row, width, unit);
		if (here) {
			cv_put(t, row, 0, 1, CV_BOLD, ">");
			cv_term_cursor(t, row, 2);
		}
	}
	if (u->list.count == 0)
		cv_put(t, top + 3, 2, width - 2, CV_PLAIN,
		       u->ask.answer == NULL ? _("Bảng này đọc từ máy chủ: đang chờ mạng.")
					     : _("Dưới đơn vị này không có đơn vị nào."));
	cv_rule(t, bottom - 2, 1, width - 1);
	draw_missing(u, t, bottom - 1, width);
}

/* ---- keys ---- */
static unsigned units_key(struct cv_view *v, const struct cv_key *key, char command)
{
	struct units *u = (struct units *)v;
	const struct cv_json *unit = unit_at(u, u->list.at);

	if (cv_list_key(&u->list, key, command, cv_term_rows(v->ui->term) - 8))
		return CV_TURN_DRAW;
	if (key->kind == CV_KEY_TAB) { /* the people of all units, missing first */
		cv_ui_push(v->ui, cv_view_board_of(v->ui, u->unit, u->date, true));
		return CV_TURN_DRAW;
	}
	if ((key->kind == CV_KEY_ENTER || command == 'l' || key->kind == CV_KEY_RIGHT) && unit != NULL) {
		cv_ui_push(v->ui, cv_view_board_of(v->ui, cv_json_s(unit, "unit"), u->date, true));
		return CV_TURN_DRAW;
	}
	return CV_TURN_UNKNOWN;
}

static void units_actions(struct cv_view *v, struct cv_actions *out)
{
	struct units *u = (struct units *)v;

	cv_action_add(out, "Enter", _("Mở đơn vị"), true, u->list.count == 0 ? _("chưa có bảng") : NULL);
	cv_action_add(out, "Tab", _("Mọi người, ai thiếu trước"), true, NULL);
}

static const struct cv_view_ops units_ops = {
	.name = "units",
	.code = "M-603",
	.tab = 6,
	.close = units_close,
	.read = units_read,
	.draw = units_draw,
	.key = units_key,
	.actions = units_actions,
};

struct cv_view *cv_view_units(struct cv_ui *ui, const char *unit)
{
	struct units *u = cv_alloc(sizeof(*u));

	u->v = (struct cv_view){.ops = &units_ops, .ui = ui, .stale = true};
	cv_strcopy(u->unit, sizeof(u->unit), unit);
	u->date = cv_date_of(cv_ui_now(ui));
	return &u->v;
}
