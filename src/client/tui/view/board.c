/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Screen 6: who registered, who reported, what is late, who carries too much: missing first. */
#include "client/tui/view/view.h"

#include <congvu/base/i18n.h>
#include <congvu/base/mem.h>
#include <congvu/base/text.h>
#include <congvu/base/time.h>
#include <congvu/core/dossiers.h>
#include <congvu/model/board.h>
#include <congvu/model/slot.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct board {
	struct cv_view view;
	int32_t date;
	struct cv_json *board; /* owned */
	struct cv_list list;
	int height;
	char kept[40]; /* the login under the cursor: rows move when reports come */
};

static struct board *of(struct cv_view *v)
{
	return (struct board *)v;
}

static void board_close(struct cv_view *v)
{
	cv_json_destroy(of(v)->board);
	free(v);
}

static const struct cv_json *people(const struct board *x)
{
	return cv_json_array_of(x->board, "people");
}

static const struct cv_json *selected(struct board *x)
{
	int64_t i = 0;

	CV_JSON_EACH (row, people(x))
		if (i++ == x->list.at)
			return row;
	return NULL;
}

/* Late dossiers and load, from those on this machine. */
static void add_load(struct board *x)
{
	CV_JSON_EACH (row, people(x)) {
		const char *login = cv_json_s(row, "user");
		struct cv_dossier_query late = {.group = CV_GROUP_LATE, .user = login},
					held = {.group = CV_GROUP_ALL, .user = login, .status = 4};
		cv_json_set_int(row, "late_dossiers", cv_core_dossier_count(x->view.ui->core, &late));
		cv_json_set_int(row, "load", cv_core_dossier_count(x->view.ui->core, &held));
	}
}

static void board_read(struct cv_view *v)
{
	struct board *x = of(v);
	struct cv_json *users = NULL;
	struct cv_filter all = {0};
	int64_t i = 0;

	if (cv_core_list(v->ui->core, CV_KIND_USER, &all, &users, NULL) != CV_OK)
		return;
	struct cv_board_in in = {.ctx = cv_core_ctx(v->ui->core),
				 .unit = cv_user_unit(cv_ui_me(v->ui)),
				 .date = x->date,
				 .now = cv_ui_now(v->ui),
				 .users = users};
	cv_json_destroy(x->board);
	x->board = cv_board(&in);
	add_load(x);
	x->list.count = (int64_t)cv_json_count(people(x));
	CV_JSON_EACH (row, people(x)) {
		if (strcmp(cv_json_s(row, "user"), x->kept) == 0)
			x->list.at = i;
		i++;
	}
	cv_json_destroy(users);
}

static const char *place_brief(const char *place)
{
	static const char *const words[][2] = {
		{"office", N_("CQ")}, {"home", N_("nhà")}, {"field", N_("đ.bàn")}, {"leave", N_("nghỉ")}};

	for (size_t i = 0; i < CV_COUNT(words); i++)
		if (strcmp(words[i][0], place) == 0)
			return _(words[i][1]);
	return "–";
}

static const char *day_words(const struct cv_json *row)
{
	static const char *const words[][2] = {{"registered", N_("đã ĐK")},
					       {"recorded", N_("đã ghi")},
					       {"reviewed", N_("đã xem")},
					       {"returned", N_("trả lại")},
					       {"locked", N_("khóa")}};
	const char *state = cv_json_s(row, "workday");

	for (size_t i = 0; i < CV_COUNT(words); i++)
		if (strcmp(words[i][0], state) == 0)
			return _(words[i][1]);
	return cv_json_is(cv_json_get(row, "registered"), CV_JSON_NULL) ? _("nghỉ") : _("chưa");
}

static const char *slot_words(const char *state, bool opened)
{
	static const char *const words[][2] = {{"on_time", N_("đúng giờ")},
					       {"caught_up", N_("gửi bù")},
					       {"late", N_("muộn")},
					       {"missing", N_("! chưa")},
					       {"exempt", N_("nghỉ")}};

	for (size_t i = 0; i < CV_COUNT(words); i++)
		if (strcmp(words[i][0], state) == 0)
			return _(words[i][1]);
	return opened ? _("chưa gửi") : "";
}

struct columns {
	int name, place, day, slot, slots;
};

static struct columns columns_for(int cols, int slots)
{
	struct columns c = {.place = 9, .day = 8, .slot = 9, .slots = slots > 5 ? 5 : slots};

	if (cols < 72) {
		c.place = 0;
		c.day = 0;
	}
	int used = c.place + c.day + c.slots * c.slot + (cols < 72 ? 2 : 10) + 2;
	c.name = cols - used > 10 ? cols - used : 10;
	return c;
}

/* Has the slot opened by now (on the shown day)? */
static bool opened(struct board *x, const char *slot)
{
	struct cv_json *policy = cv_ui_policy(x->view.ui);
	struct cv_slot s;
	bool yes = cv_slot_find(&s, policy, slot) && cv_ui_now(x->view.ui) >= cv_date_at(x->date, s.at - s.open_before);

	cv_json_destroy(policy);
	return yes;
}

static void draw_person(struct board *x, struct cv_term *t, int y, int cols, const struct columns *c,
			const struct cv_json *row, const bool *open, bool here)
{
	char text[60];
	int col = 1, n = 0;
	const char *am = cv_json_s(row, "place"), *pm = cv_json_str(row, "place_pm");
	unsigned attr = here ? CV_BOLD : CV_PLAIN;

	cv_put(t, y, 0, 1, CV_PLAIN, here ? ">" : " ");
	cv_put_cell(t, y, col, c->name, attr, cv_json_s(row, "name"));
	col += c->name + 1;
	if (c->place > 0) {
		snprintf(text, sizeof(text), "%s/%s", place_brief(am), place_brief(pm != NULL ? pm : am));
		cv_put_cell(t, y, col, c->place, attr, am[0] != '\0' ? text : "–");
		col += c->place + 1;
		const char *day = day_words(row);
		bool missing = cv_json_is(cv_json_get(row, "registered"), CV_JSON_BOOL) &&
			       !cv_json_bool(row, "registered", false);
		cv_put_cell(t, y, col, c->day, missing ? CV_ALERT : attr, day);
		col += c->day + 1;
	}
	CV_JSON_EACH (slot, cv_json_array_of(x->board, "slots")) {
		const char *state = cv_json_s(cv_json_object_of(row, "slots"), cv_json_string(slot));
		if (n == c->slots)
			break;
		cv_put_cell(t, y, col, c->slot - 1, strcmp(state, "missing") == 0 ? CV_ALERT : attr,
			    slot_words(state, open[n]));
		col += c->slot;
		n++;
	}
	if (cols >= 72) {
		int64_t late = cv_json_int(row, "late_dossiers", 0), load = cv_json_int(row, "load", 0);
		snprintf(text, sizeof(text), "%lld", (long long)late);
		cv_put_right(t, y, col + 3, late > 0 ? CV_ALERT : attr, late > 0 ? text : "");
		snprintf(text, sizeof(text), "%lld", (long long)load);
		cv_put_right(t, y, col + 8, attr, load > 0 ? text : "");
	}
}

/* The slot that matters now: the last that has opened. */
static const char *current(struct board *x)
{
	const char *best = "";

	CV_JSON_EACH (slot, cv_json_array_of(x->board, "slots"))
		if (best[0] == '\0' || opened(x, cv_json_string(slot)))
			best = cv_json_string(slot);
	return best;
}

static bool unsent(const struct cv_json *row, const char *slot)
{
	const char *state = cv_json_s(cv_json_object_of(row, "slots"), slot);

	return strcmp(state, "missing") == 0 || strcmp(state, "pending") == 0;
}

/* "Ân, Bích, Châu": given names, for a line; whole names to paste into a chat group. Owned. */
static char *missing_names(struct board *x, const char *slot, bool given, int *count)
{
	struct cv_buf b;

	*count = 0;
	cv_buf_init(&b, 8192);
	CV_JSON_EACH (row, people(x)) {
		if (!unsent(row, slot))
			continue;
		const char *name = cv_json_s(row, "name");
		cv_buf_addf(&b, "%s%s", *count > 0 ? ", " : "", given ? cv_name_given(name) : name);
		(*count)++;
	}
	char *out = cv_strdup(b.data != NULL ? b.data : "");
	cv_buf_finish(&b);
	return out;
}

static void draw_head(struct board *x, struct cv_term *t, int y, int cols)
{
	const struct cv_json *unit, *totals = cv_json_object_of(x->board, "totals");
	const char *code = cv_json_s(x->board, "unit");
	char day[40], line[300];
	int n;

	cv_day_text(day, x->date);
	bool named = cv_ctx_get(cv_core_ctx(x->view.ui->core), CV_KIND_UNIT, code, &unit) == CV_FOUND;
	snprintf(line, sizeof(line), _("%s, %lld người · %s"), named ? cv_json_s(unit, "name") : code,
		 (long long)cv_json_int(totals, "people", 0), day);
	cv_put(t, y, 1, cols - 2, CV_BOLD, line);
	n = snprintf(line, sizeof(line), _("Đăng ký %lld/%lld"), (long long)cv_json_int(totals, "registered", 0),
		     (long long)cv_json_int(totals, "people", 0));
	CV_JSON_EACH (slot, cv_json_array_of(x->board, "slots"))
		if (n > 0 && n < (int)sizeof(line))
			n += snprintf(line + n, sizeof(line) - (size_t)n, " · %sh %lld/%lld", cv_json_string(slot),
				      (long long)cv_json_int(totals, cv_json_string(slot), 0),
				      (long long)cv_json_int(totals, "people", 0));
	cv_put(t, y + 1, 1, cols - 2, CV_PLAIN, line);
}

static void draw_titles(struct board *x, struct cv_term *t, int y, int cols, const struct columns *c)
{
	int col = 1, n = 0;
	char text[24];

	cv_put(t, y, col, c->name, CV_DIM, _("Họ và tên"));
	col += c->name + 1;
	if (c->place > 0) {
		cv_put(t, y, col, c->place, CV_DIM, _("Sáng/ch."));
		col += c->place + 1;
		cv_put(t, y, col, c->day, CV_DIM, _("Đăng ký"));
		col += c->day + 1;
	}
	CV_JSON_EACH (slot, cv_json_array_of(x->board, "slots")) {
		if (n++ == c->slots)
			break;
		snprintf(text, sizeof(text), "%sh", cv_json_string(slot));
		cv_put(t, y, col, c->slot, CV_DIM, text);
		col += c->slot;
	}
	if (cols >= 72) {
		cv_put_right(t, y, col + 3, CV_DIM, _("Trễ"));
		cv_put_right(t, y, col + 8, CV_DIM, _("Giữ"));
	}
}

static void draw_foot(struct board *x, struct cv_term *t, int y, int cols)
{
	const struct cv_json *row = selected(x);
	const char *slot = current(x);
	char line[400];
	int count;

	cv_rule(t, y, 1, cols - 2);
	if (row != NULL) {
		snprintf(line, sizeof(line), "%s%s%s", cv_json_s(row, "name"),
			 cv_json_s(row, "phone")[0] != '\0' ? " · " : "", cv_json_s(row, "phone"));
		cv_put(t, y + 1, 1, cols - 2, CV_PLAIN, line);
	}
	char *names = missing_names(x, slot, true, &count);
	if (count > 0)
		snprintf(line, sizeof(line), _("Chưa gửi %sh, %d người: %s   (y chép tên)"), slot, count, names);
	else
		snprintf(line, sizeof(line), _("%sh: đã gửi đủ"), slot);
	cv_put(t, y + 2, 1, cols - 2, CV_PLAIN, line);
	free(names);
}

static void board_draw(struct cv_view *v, struct cv_term *t, int top, int bottom, int cols)
{
	struct board *x = of(v);
	bool open[CV_SLOT_MAX] = {false};
	int64_t i = 0;
	int n = 0;
	struct columns c = columns_for(cols, (int)cv_json_count(cv_json_array_of(x->board, "slots")));

	CV_JSON_EACH (slot, cv_json_array_of(x->board, "slots"))
		if (n < CV_SLOT_MAX)
			open[n++] = opened(x, cv_json_string(slot));
	draw_head(x, t, top, cols);
	draw_titles(x, t, top + 2, cols, &c);
	x->height = bottom - 3 - top - 3;
	cv_list_fit(&x->list, x->height);
	CV_JSON_EACH (row, people(x)) {
		if (i >= x->list.top && i < x->list.top + x->height)
			draw_person(x, t, top + 3 + (int)(i - x->list.top), cols, &c, row, open, i == x->list.at);
		i++;
	}
	if (x->list.count == 0)
		cv_put(t, top + 4, 4, cols - 5, CV_PLAIN, _("Chưa có ai trong đơn vị này phải báo cáo"));
	draw_foot(x, t, bottom - 3, cols);
	cv_term_cursor(t, top + 3 + (int)(x->list.at - x->list.top), 1);
}

static void keep(struct board *x)
{
	const struct cv_json *row = selected(x);

	cv_strcopy(x->kept, sizeof(x->kept), row != NULL ? cv_json_s(row, "user") : "");
}

static unsigned board_key(struct cv_view *v, const struct cv_key *key, char command)
{
	struct board *x = of(v);
	const struct cv_json *row = selected(x);
	int count;

	if (cv_list_key(&x->list, key, command, x->height)) {
		keep(x);
		return CV_TURN_DRAW;
	}
	if (key->kind == CV_KEY_ENTER && row != NULL) {
		keep(x);
		cv_ui_push(v->ui, cv_view_person(v->ui, cv_json_s(row, "user"), x->date));
		return CV_TURN_DRAW;
	}
	if (command == '<' || command == '>') {
		x->date += command == '<' ? -1 : 1;
		return CV_TURN_READ;
	}
	if (command == 'y') {
		char *names = missing_names(x, current(x), false, &count);
		cv_term_copy(v->ui->term, names);
		cv_ui_pager(v->ui, _("Tên người chưa gửi, để dán vào nhóm"), names);
		free(names);
		return CV_TURN_DRAW;
	}
	return CV_TURN_UNKNOWN;
}

static void board_actions(struct cv_view *v, struct cv_actions *out)
{
	struct board *x = of(v);

	cv_action_add(out, "Enter", _("Ngày làm việc"), true, selected(x) == NULL ? _("không có ai") : NULL);
	cv_action_add(out, "y", _("Chép tên"), true, NULL);
	cv_action_add(out, "<", _("Ngày trước"), true, NULL);
	cv_action_add(out, ">", _("Ngày sau"), true, NULL);
}

static unsigned board_tick(struct cv_view *v)
{
	/* Cells turn from "chưa gửi" to missing by the clock alone. */
	v->stale = true;
	return cv_minute_of(cv_ui_now(v->ui)) % 5 == 0 ? CV_TURN_READ : CV_TURN_NONE;
}

static const struct cv_view_ops ops = {
	.name = N_("Theo dõi"),
	.code = "M-601",
	.tab = 6,
	.close = board_close,
	.read = board_read,
	.draw = board_draw,
	.key = board_key,
	.actions = board_actions,
	.tick = board_tick,
};

struct cv_view *cv_view_board(struct cv_ui *ui)
{
	struct board *x = cv_alloc(sizeof(*x));

	x->view = (struct cv_view){.ops = &ops, .ui = ui};
	x->date = cv_date_of(cv_ui_now(ui));
	x->height = 10;
	return &x->view;
}
