/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Screen 3: the day's reports, one line a slot, with what was said about them. */
#include "client/tui/view/view.h"

#include <congvu/base/i18n.h>
#include <congvu/base/mem.h>
#include <congvu/base/time.h>
#include <congvu/model/board.h>
#include <congvu/model/policy.h>
#include <congvu/model/slot.h>
#include <congvu/model/words.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct reports {
	struct cv_view view;
	struct cv_json *rows; /* owned: [{"slot","state","report"}] */
	struct cv_list list;
	int height;
	bool placed; /* the cursor was put on the slot that is open */
};

static struct reports *of(struct cv_view *v)
{
	return (struct reports *)v;
}

static void reports_close(struct cv_view *v)
{
	cv_json_destroy(of(v)->rows);
	free(v);
}

static void add_row(struct reports *x, const char *slot, const char *state, const struct cv_json *report)
{
	struct cv_json *row = cv_json_new_object();

	cv_json_set_str(row, "slot", slot);
	cv_json_set_str(row, "state", state);
	if (report != NULL)
		cv_json_set(row, "report", cv_json_dup(report));
	cv_json_push(x->rows, row);
}

static bool none_sent(void *data, const char *slot)
{
	(void)data;
	(void)slot;
	return false;
}

static void place_cursor(struct reports *x, const struct cv_json *policy)
{
	struct cv_slot slot;
	bool late;
	int64_t i = 0;

	if (x->placed || cv_slot_auto(&slot, &late, policy, cv_ui_now(x->view.ui), none_sent, NULL, NULL) != CV_OK)
		return;
	CV_JSON_EACH (row, x->rows) {
		if (strcmp(cv_json_s(row, "slot"), slot.name) == 0)
			x->list.at = i;
		i++;
	}
	x->placed = true;
}

static void reports_read(struct cv_view *v)
{
	struct reports *x = of(v);
	char date[CV_DATE_SIZE];
	struct cv_slot slots[CV_SLOT_MAX];
	struct cv_json *policy = cv_ui_policy(v->ui), *own = NULL;
	const struct cv_ctx *ctx = cv_core_ctx(v->ui->core);
	struct cv_json *day = cv_day_of(ctx, cv_ui_me(v->ui), cv_date_of(cv_ui_now(v->ui)), cv_ui_now(v->ui));
	int count = cv_slots(slots, policy);

	cv_ui_today(v->ui, date);
	cv_json_destroy(x->rows);
	x->rows = cv_json_new_array();
	for (int i = 0; i < count; i++) {
		char id[CV_ID_MAX + 1];
		const struct cv_json *report = NULL;
		cv_id_report(id, cv_core_user(v->ui->core), date, slots[i].name);
		if (cv_ctx_get(ctx, CV_KIND_REPORT, id, &report) != CV_FOUND)
			report = NULL;
		add_row(x, slots[i].name, cv_json_s(cv_json_object_of(day, "slots"), slots[i].name), report);
	}
	struct cv_filter f = {.user = cv_core_user(v->ui->core), .from = date, .to = date, .slot = "adhoc"};
	if (cv_core_list(v->ui->core, CV_KIND_REPORT, &f, &own, NULL) == CV_OK)
		CV_JSON_EACH (report, own)
			add_row(x, "adhoc", cv_json_s(report, "judged"), report);
	add_row(x, "+", "", NULL);
	x->list.count = (int64_t)cv_json_count(x->rows);
	place_cursor(x, policy);
	cv_json_destroy(own);
	cv_json_destroy(day);
	cv_json_destroy(policy);
}

static void draw_report(struct reports *x, struct cv_term *t, int y, int cols, const struct cv_json *row, bool here)
{
	const struct cv_json *report = cv_json_object_of(row, "report");
	const char *slot = cv_json_s(row, "slot");
	char name[40], line[400], at[24] = "";
	int64_t when;

	if (slot[0] == '+')
		cv_strcopy(name, sizeof(name), _("+ Báo cáo đột xuất"));
	else if (strcmp(slot, "adhoc") == 0)
		cv_strcopy(name, sizeof(name), _("Đột xuất"));
	else
		snprintf(name, sizeof(name), _("Báo cáo %sh"), slot);
	if (cv_time_parse(cv_json_str(report, "written_at"), &when))
		cv_clock_text(at, when, cv_ui_now(x->view.ui));
	bool waits = cv_json_int(report, "pending", 0) > 0;
	bool missing = strcmp(cv_json_s(row, "state"), "missing") == 0;
	cv_put(t, y, 0, 1, CV_PLAIN, here ? ">" : " ");
	cv_put(t, y, 1, 1, missing ? CV_ALERT : CV_PLAIN, missing ? "!" : " ");
	cv_put(t, y, 2, 1, CV_PLAIN, waits ? "C" : " ");
	cv_put_cell(t, y, 4, 20, here ? CV_BOLD : CV_PLAIN, name);
	cv_put_cell(t, y, 25, 15, CV_PLAIN, cv_word_label(cv_json_s(row, "state")));
	const struct cv_json *seen = cv_json_first(cv_json_array_of(report, "seen"));
	snprintf(line, sizeof(line), "%s%s%s %s", at, waits ? _(" chờ gửi") : "",
		 seen != NULL ? _(" · trưởng bộ phận đã xem") : "", cv_json_s(report, "done"));
	cv_put(t, y, 41, cols - 42, CV_PLAIN, line);
}

static void draw_comments(struct cv_ui *ui, struct cv_term *t, int y, int bottom, int cols,
			  const struct cv_json *report)
{
	CV_JSON_EACH (comment, cv_json_array_of(report, "comments")) {
		char line[600];
		if (y >= bottom)
			break;
		snprintf(line, sizeof(line), "%s: “%s”", cv_person_name(ui, cv_json_s(comment, "by")),
			 cv_json_s(comment, "text"));
		cv_put(t, y++, 1, cols - 2, CV_PLAIN, line);
	}
}

static void reports_draw(struct cv_view *v, struct cv_term *t, int top, int bottom, int cols)
{
	struct reports *x = of(v);
	char day[40], line[100];
	int64_t i = 0;
	int y = top + 2;

	cv_day_text(day, cv_date_of(cv_ui_now(v->ui)));
	snprintf(line, sizeof(line), _("Báo cáo hôm nay · %s"), day);
	cv_put(t, top, 1, cols - 2, CV_BOLD, line);
	x->height = bottom - y - 6;
	cv_list_fit(&x->list, x->height);
	CV_JSON_EACH (row, x->rows) {
		if (i >= x->list.top && i < x->list.top + x->height)
			draw_report(x, t, y + (int)(i - x->list.top), cols, row, i == x->list.at);
		if (i == x->list.at) {
			cv_rule(t, bottom - 6, 1, cols - 2);
			cv_put(t, bottom - 5, 1, cols - 2, CV_PLAIN,
			       cv_json_s(cv_json_object_of(row, "report"), "done"));
			draw_comments(v->ui, t, bottom - 4, bottom, cols, cv_json_object_of(row, "report"));
		}
		i++;
	}
	cv_term_cursor(t, y + (int)(x->list.at - x->list.top), 4);
}

static unsigned reports_key(struct cv_view *v, const struct cv_key *key, char command)
{
	struct reports *x = of(v);
	int64_t i = 0;

	if (cv_list_key(&x->list, key, command, x->height))
		return CV_TURN_DRAW;
	if (command == '+') {
		cv_ui_push(v->ui, cv_view_report_form(v->ui, "adhoc"));
		return CV_TURN_DRAW;
	}
	if (key->kind != CV_KEY_ENTER)
		return CV_TURN_UNKNOWN;
	CV_JSON_EACH (row, x->rows) {
		const char *slot = cv_json_s(row, "slot");
		if (i++ != x->list.at)
			continue;
		if (strcmp(slot, "adhoc") == 0)
			cv_ui_pager(v->ui, _("Báo cáo đột xuất"), cv_json_s(cv_json_object_of(row, "report"), "done"));
		else
			cv_ui_push(v->ui, cv_view_report_form(v->ui, slot[0] == '+' ? "adhoc" : slot));
	}
	return CV_TURN_DRAW;
}

static void reports_actions(struct cv_view *v, struct cv_actions *out)
{
	(void)v;
	cv_action_add(out, "Enter", _("Soạn, sửa"), true, NULL);
	cv_action_add(out, "+", _("Đột xuất"), true, NULL);
}

static const struct cv_view_ops reports_ops = {
	.name = N_("Báo cáo"),
	.code = "M-301",
	.tab = 3,
	.close = reports_close,
	.read = reports_read,
	.draw = reports_draw,
	.key = reports_key,
	.actions = reports_actions,
};

struct cv_view *cv_view_reports(struct cv_ui *ui)
{
	struct reports *x = cv_alloc(sizeof(*x));

	x->view = (struct cv_view){.ops = &reports_ops, .ui = ui};
	x->height = 8;
	return &x->view;
}
