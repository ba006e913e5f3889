/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Screen 2: the day's registered work and its results. */
#include "client/tui/view/view.h"

#include <congvu/base/i18n.h>
#include <congvu/base/mem.h>
#include <congvu/base/text.h>
#include <congvu/base/time.h>
#include <congvu/model/policy.h>
#include <congvu/model/slot.h>
#include <congvu/model/words.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct work {
	struct cv_view view;
	char id[CV_ID_MAX + 1], date[CV_DATE_SIZE];
	struct cv_json *day; /* owned, NULL: nothing registered */
	int64_t carried;     /* open rows of the last registered day */
	char before[CV_DATE_SIZE];
	struct cv_list list;
	int height;
};

static struct work *of(struct cv_view *v)
{
	return (struct work *)v;
}

static void work_close(struct cv_view *v)
{
	cv_json_destroy(of(v)->day);
	free(v);
}

static bool open_item(const struct cv_json *item)
{
	const char *state = cv_json_s(item, "state");

	return strcmp(state, "done") != 0 && strcmp(state, "dropped") != 0;
}

/* The day before this one that has work in it, within a week. */
static struct cv_json *day_before(struct work *x)
{
	int32_t date = 0;
	char id[CV_ID_MAX + 1];
	struct cv_json *day = NULL;

	cv_date_parse(x->date, &date);
	for (int i = 1; i <= 7; i++) {
		cv_date_format(date - i, x->before);
		cv_id_workday(id, cv_core_user(x->view.ui->core), x->before);
		if (cv_core_get(x->view.ui->core, CV_KIND_WORKDAY, id, &day, NULL) == CV_OK)
			return day;
	}
	return NULL;
}

static void work_read(struct cv_view *v)
{
	struct work *x = of(v);

	cv_ui_today(v->ui, x->date);
	cv_id_workday(x->id, cv_core_user(v->ui->core), x->date);
	cv_json_destroy(x->day);
	x->day = NULL;
	cv_core_get(v->ui->core, CV_KIND_WORKDAY, x->id, &x->day, NULL);
	x->list.count = (int64_t)cv_json_count(cv_json_array_of(x->day, "items"));
	struct cv_json *before = day_before(x);
	x->carried = 0;
	CV_JSON_EACH (item, cv_json_array_of(before, "items"))
		x->carried += open_item(item);
	cv_json_destroy(before);
}

static const struct cv_json *selected(struct work *x)
{
	int64_t i = 0;

	CV_JSON_EACH (item, cv_json_array_of(x->day, "items"))
		if (i++ == x->list.at)
			return item;
	return NULL;
}

const char *cv_place_words(const char *place)
{
	return place[0] != '\0' ? cv_word_label(place) : "–";
}

static void draw_item(struct cv_term *t, int y, int cols, const struct cv_json *item, bool here)
{
	char number[16], percent[16];
	unsigned attr = here ? CV_BOLD : CV_PLAIN;
	int right = cols < 60 ? 14 : 34;

	snprintf(number, sizeof(number), "%lld", (long long)cv_json_int(item, "n", 0));
	snprintf(percent, sizeof(percent), "%3lld", (long long)cv_json_int(item, "percent", 0));
	cv_put(t, y, 0, 1, CV_PLAIN, here ? ">" : " ");
	cv_put(t, y, 1, 2, attr, number);
	cv_put_cell(t, y, 4, cols - right - 5, attr, cv_json_s(item, "title"));
	int col = cols - right;
	if (cols >= 60) {
		cv_put_cell(t, y, col, 12, attr, cv_json_s(item, "deadline"));
		col += 13;
	}
	cv_put_cell(t, y, col, 10, attr, cv_word_label(cv_json_s(item, "state")));
	if (cols >= 60)
		cv_put(t, y, col + 11, 4, attr, percent);
}

static void draw_detail(struct work *x, struct cv_term *t, int y, int cols)
{
	const struct cv_json *item = selected(x);
	const struct cv_json *review = cv_json_object_of(x->day, "review");
	char line[600];

	if (item != NULL) {
		snprintf(line, sizeof(line), _("Việc %lld · %s"), (long long)cv_json_int(item, "n", 0),
			 cv_json_s(item, "title"));
		cv_put(t, y, 1, cols - 2, CV_BOLD, line);
		if (cv_json_s(item, "expected")[0] != '\0') {
			snprintf(line, sizeof(line), _("Kết quả dự kiến  %s"), cv_json_s(item, "expected"));
			cv_put(t, y + 1, 1, cols - 2, CV_PLAIN, line);
		}
		if (cv_json_s(item, "result")[0] != '\0') {
			snprintf(line, sizeof(line), _("Kết quả đạt được │ %s"), cv_json_s(item, "result"));
			cv_put(t, y + 2, 1, cols - 2, CV_PLAIN, line);
		}
	}
	if (cv_json_s(review, "comment")[0] != '\0') {
		snprintf(line, sizeof(line), _("Trưởng bộ phận: “%s”"), cv_json_s(review, "comment"));
		cv_put(t, y + 3, 1, cols - 2, CV_PLAIN, line);
	}
}

static const char *seen_words(struct work *x)
{
	const char *state = cv_json_s(x->day, "state");

	if (strcmp(state, "reviewed") == 0)
		return _("Trưởng bộ phận: đã nhận xét");
	if (strcmp(state, "returned") == 0)
		return _("Trưởng bộ phận: TRẢ LẠI để ghi thêm");
	if (strcmp(state, "locked") == 0)
		return _("Đã khóa sổ");
	return cv_json_count(cv_json_array_of(x->day, "seen")) > 0 ? _("Trưởng bộ phận: đã xem")
								   : _("Trưởng bộ phận: chưa xem");
}

static void draw_head(struct work *x, struct cv_term *t, int y, int cols)
{
	char day[40], line[160], at[24] = "";
	int32_t date = 0;
	int64_t when;
	const char *am = cv_json_s(x->day, "place"), *pm = cv_json_str(x->day, "place_pm");

	cv_date_parse(x->date, &date);
	cv_day_text(day, date);
	snprintf(line, sizeof(line), _("Việc hôm nay · %s"), day);
	int used = cv_put(t, y, 1, cols - 2, CV_BOLD, line);
	snprintf(line, sizeof(line), _("Sáng: %s · Chiều: %s (F4 đổi)"), cv_place_words(am),
		 cv_place_words(pm != NULL ? pm : am));
	if (used + cv_text_width(line) + 3 < cols)
		cv_put_right(t, y, cols - 1, CV_PLAIN, line);
	if (cv_time_parse(cv_json_str(x->day, "registered_at"), &when)) {
		cv_clock_text(at, when, cv_ui_now(x->view.ui));
		snprintf(line, sizeof(line), _("Đã đăng ký %s%s"), at,
			 cv_json_int(x->day, "pending", 0) > 0 ? _(" · C chờ gửi") : "");
	} else {
		cv_strcopy(line, sizeof(line), _("Chưa đăng ký: bấm + để thêm việc"));
	}
	used = cv_put(t, y + 1, 1, cols - 2, CV_PLAIN, line);
	if (x->day != NULL && used + 36 < cols)
		cv_put_right(t, y + 1, cols - 1, CV_PLAIN, seen_words(x));
}

static void work_draw(struct cv_view *v, struct cv_term *t, int top, int bottom, int cols)
{
	struct work *x = of(v);
	int64_t i = 0;
	int y = top + 4, right = cols < 60 ? 14 : 34;

	draw_head(x, t, top, cols);
	cv_put(t, top + 3, 4, -1, CV_DIM, _("Công việc"));
	if (cols >= 60)
		cv_put(t, top + 3, cols - right, -1, CV_DIM, _("Xong trước"));
	cv_put(t, top + 3, cols - right + (cols >= 60 ? 13 : 0), -1, CV_DIM, _("Tình trạng"));
	x->height = bottom - y - 7;
	cv_list_fit(&x->list, x->height);
	CV_JSON_EACH (item, cv_json_array_of(x->day, "items")) {
		if (i >= x->list.top && i < x->list.top + x->height)
			draw_item(t, y + (int)(i - x->list.top), cols, item, i == x->list.at);
		i++;
	}
	if (x->carried > 0) {
		char line[120], day[40];
		int32_t date = 0;
		cv_date_parse(x->before, &date);
		cv_day_text(day, date);
		snprintf(line, sizeof(line), _("Từ %s chuyển sang: %lld việc chưa xong   (F6 đưa vào hôm nay)"), day,
			 (long long)x->carried);
		cv_put(t, bottom - 7, 1, cols - 2, CV_PLAIN, line);
	}
	cv_rule(t, bottom - 6, 1, cols - 2);
	draw_detail(x, t, bottom - 5, cols);
	cv_put(t, bottom - 1, 1, cols - 2, CV_DIM, _("Khi ghi xong kết quả: F3 tạo luôn báo cáo từ các việc trên."));
	cv_term_cursor(t, y + (int)(x->list.at - x->list.top), 4);
}

static void toggle(struct work *x)
{
	const struct cv_json *item = selected(x);
	struct cv_json *args = cv_json_new_object();
	bool done = strcmp(cv_json_s(item, "state"), "done") == 0;

	cv_json_set_str(args, "eid", cv_json_s(item, "eid"));
	cv_json_set_str(args, "state", done ? "doing" : "done");
	char *said = cv_strf(_("Việc %lld"), (long long)cv_json_int(item, "n", 0));
	cv_ui_act(x->view.ui, "workday.record", x->id, args, said);
	free(said);
	cv_json_destroy(args);
}

/* home, office, field, leave: the morning; the afternoon follows unless it was set apart. */
static void next_place(struct work *x)
{
	static const char *const places[] = {"home", "office", "field", "leave"};
	struct cv_json *args = cv_json_new_object();
	const char *now = cv_json_s(x->day, "place");
	size_t i = 0;

	while (i < CV_COUNT(places) && strcmp(places[i], now) != 0)
		i++;
	cv_json_set_str(args, "date", x->date);
	cv_json_set(args, "items", cv_json_new_array());
	cv_json_set_str(args, "place", places[(i + 1) % CV_COUNT(places)]);
	cv_ui_act(x->view.ui, "workday.register", x->id, args, _("Nơi làm việc"));
	cv_json_destroy(args);
}

static void carry_over(struct work *x)
{
	static const char *const fields[] = {"title", "expected", "deadline", "dossier"};
	struct cv_json *before = day_before(x), *args = cv_json_new_object(), *items = cv_json_new_array();
	char eid[CV_UUID_SIZE];

	CV_JSON_EACH (item, cv_json_array_of(before, "items")) {
		if (!open_item(item))
			continue;
		struct cv_json *copy = cv_json_new_object();
		cv_uuid7(x->view.ui->env, eid);
		cv_json_set_str(copy, "eid", eid);
		for (size_t i = 0; i < CV_COUNT(fields); i++)
			cv_json_set_str(copy, fields[i], cv_json_str(item, fields[i]));
		cv_json_push(items, copy);
	}
	cv_json_set_str(args, "date", x->date);
	cv_json_set(args, "items", items);
	cv_ui_act(x->view.ui, "workday.register", x->id, args, _("Đăng ký việc"));
	cv_json_destroy(args);
	cv_json_destroy(before);
}

static bool has_report(void *data, const char *slot)
{
	struct cv_ui *ui = data;
	const struct cv_json *report;
	char id[CV_ID_MAX + 1], date[CV_DATE_SIZE];

	cv_ui_today(ui, date);
	cv_id_report(id, cv_core_user(ui->core), date, slot);
	return cv_ctx_get(cv_core_ctx(ui->core), CV_KIND_REPORT, id, &report) == CV_FOUND;
}

void cv_report_of_work(struct cv_ui *ui)
{
	struct cv_json *policy = cv_ui_policy(ui);
	struct cv_slot slot;

	if (cv_slot_of_work(&slot, policy, cv_ui_now(ui), false, has_report, ui))
		cv_ui_push(ui, cv_view_report_form(ui, slot.name));
	cv_json_destroy(policy);
}

void cv_offer_report(struct cv_ui *ui, bool registering)
{
	struct cv_json *policy = cv_ui_policy(ui);
	int64_t now = cv_ui_now(ui);
	struct cv_slot slot;
	bool owed = cv_slot_of_work(&slot, policy, now, registering, has_report, ui) && !has_report(ui, slot.name) &&
		    cv_slot_expected(cv_core_ctx(ui->core), policy, cv_ui_me(ui), cv_date_of(now), &slot);

	cv_json_destroy(policy);
	if (!owed)
		return;
	char *question = cv_strf(_("Tạo luôn báo cáo %sh từ các việc này?"), slot.name);
	if (cv_ui_confirm(ui, question))
		cv_ui_push(ui, cv_view_report_form(ui, slot.name));
	free(question);
}

static unsigned work_key(struct cv_view *v, const struct cv_key *key, char command)
{
	struct work *x = of(v);
	const struct cv_json *item = selected(x);

	if (cv_list_key(&x->list, key, command, x->height))
		return CV_TURN_DRAW;
	if (command == '+') {
		cv_ui_push(v->ui, cv_view_register(v->ui));
		return CV_TURN_DRAW;
	}
	if (key->kind == CV_KEY_ENTER && item != NULL) {
		cv_ui_push(v->ui, cv_view_record(v->ui, x->id, item));
		return CV_TURN_DRAW;
	}
	if (command == ' ' && item != NULL) {
		toggle(x);
		return CV_TURN_DRAW;
	}
	if (key->kind != CV_KEY_F)
		return CV_TURN_UNKNOWN;
	if (key->number == 3)
		cv_report_of_work(v->ui);
	else if (key->number == 4)
		next_place(x);
	else if (key->number == 6 && x->carried > 0)
		carry_over(x);
	else
		return CV_TURN_UNKNOWN;
	return CV_TURN_DRAW;
}

static void work_actions(struct cv_view *v, struct cv_actions *out)
{
	struct work *x = of(v);
	const char *none = x->list.count == 0 ? _("chưa có việc nào") : NULL;

	cv_action_add(out, "Enter", _("Ghi kết quả"), true, none);
	cv_action_add(out, "+", _("Thêm việc"), true, NULL);
	cv_action_add(out, "Space", _("Xong"), true, none);
	cv_action_add(out, "F3", _("Báo cáo"), true, NULL);
	cv_action_add(out, "F4", _("Đổi nơi làm việc"), false, NULL);
	cv_action_add(out, "F6", _("Đưa việc chưa xong vào hôm nay"), false,
		      x->carried == 0 ? _("không còn việc nào chưa xong") : NULL);
}

static const struct cv_view_ops ops = {
	.name = N_("Việc"),
	.code = "M-201",
	.tab = 2,
	.close = work_close,
	.read = work_read,
	.draw = work_draw,
	.key = work_key,
	.actions = work_actions,
};

struct cv_view *cv_view_work(struct cv_ui *ui)
{
	struct work *x = cv_alloc(sizeof(*x));

	x->view = (struct cv_view){.ops = &ops, .ui = ui};
	x->height = 8;
	return &x->view;
}
