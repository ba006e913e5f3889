/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What stands around every screen: tabs, LÀM NGAY, status line, hints; and small words about time and people. */
#include "client/tui/view/chrome.h"
#include "client/tui/view/day.h"

#include <congvu/base/i18n.h>
#include <congvu/base/mem.h>
#include <congvu/base/text.h>
#include <congvu/base/time.h>
#include <congvu/core/dossiers.h>
#include <congvu/model/policy.h>
#include <congvu/model/slot.h>
#include <congvu/model/todo.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TODO_EVERY 20000 /* ms */

void cv_clock_text(char out[24], int64_t t, int64_t now)
{
	int year, month, day, minute = cv_minute_of(t);

	cv_date_split(cv_date_of(t), &year, &month, &day);
	if (cv_date_of(t) == cv_date_of(now))
		snprintf(out, 24, "%02d:%02d", minute / 60, minute % 60);
	else
		snprintf(out, 24, "%02d:%02d %02d/%02d", minute / 60, minute % 60, day, month);
}

void cv_day_text(char out[40], int32_t date)
{
	static const char *const names[] = {"",
					    N_("Thứ Hai"),
					    N_("Thứ Ba"),
					    N_("Thứ Tư"),
					    N_("Thứ Năm"),
					    N_("Thứ Sáu"),
					    N_("Thứ Bảy"),
					    N_("Chủ Nhật")};
	int year, month, day;

	cv_date_split(date, &year, &month, &day);
	snprintf(out, 40, "%s %02d/%02d/%04d", _(names[cv_weekday(date)]), day, month, year);
}

const char *cv_person_name(struct cv_ui *ui, const char *login)
{
	const struct cv_json *user;

	if (login[0] != '\0' && cv_ctx_get(cv_core_ctx(ui->core), CV_KIND_USER, login, &user) == CV_FOUND &&
	    cv_json_s(user, "name")[0] != '\0')
		return cv_json_s(user, "name");
	return login;
}

/* ---- tabs ---- */
static const struct {
	int digit;
	const char *label, *brief;
} tabs[] = {
	{1, N_("Hồ sơ"), N_("Hồ sơ")},	     {2, N_("Việc"), N_("Việc")},   {3, N_("Báo cáo"), N_("B.cáo")},
	{6, N_("Theo dõi"), N_("Theo dõi")}, {8, N_("Chờ gửi"), N_("Gửi")},
};

bool cv_tab_allowed(struct cv_ui *ui, int digit)
{
	bool works = cv_ui_role(ui, "officer") || cv_ui_role(ui, "clerk") || cv_ui_role(ui, "registrar") ||
		     cv_ui_role(ui, "petition") || cv_ui_role(ui, "deputy") || cv_ui_role(ui, "head");

	if (digit == 6)
		return cv_ui_heads(ui);
	if (digit == 2 || digit == 3)
		return works || !cv_ui_heads(ui);
	for (size_t i = 0; i < CV_COUNT(tabs); i++)
		if (tabs[i].digit == digit)
			return true;
	return false;
}

static void tab_text(struct cv_ui *ui, char out[64], size_t i, bool here, bool brief)
{
	const char *label = _(brief ? tabs[i].brief : tabs[i].label);
	char count[24] = "";

	if (tabs[i].digit == 8 && ui->unsent + ui->person > 0)
		snprintf(count, sizeof(count), " %zu%s", ui->unsent + ui->person, ui->person > 0 ? "!" : "");
	/* In a narrow window the others are their digits: where one is must fit. */
	if (brief && !here)
		snprintf(out, 64, "%d%s", tabs[i].digit, count);
	else
		snprintf(out, 64, here ? "[%d %s%s]" : "%d %s%s", tabs[i].digit, label, count);
}

static void draw_tabs(struct cv_ui *ui, int digit)
{
	int cols = cv_term_cols(ui->term), col = 1;
	const char *name = cv_name_given(cv_person_name(ui, cv_core_user(ui->core)));
	bool brief = cols < 72;
	char text[64];

	for (size_t i = 0; i < CV_COUNT(tabs); i++) {
		bool here = tabs[i].digit == digit;
		if (!cv_tab_allowed(ui, tabs[i].digit))
			continue;
		tab_text(ui, text, i, here, brief);
		if (col + cv_text_width(text) + 2 >= cols)
			break;
		col += cv_put(ui->term, 0, here && col > 1 ? col - 1 : col, -1, here ? CV_BOLD : CV_PLAIN, text) + 2;
	}
	if (col + cv_text_width(name) + 2 < cols)
		cv_put_right(ui->term, 0, cols - 1, CV_PLAIN, name);
}

/* ---- LÀM NGAY ---- */
static int64_t count_view(struct cv_ui *ui, enum cv_group view, const char *user)
{
	struct cv_dossier_query q = {.group = view, .user = user};
	int64_t n = cv_core_dossier_count(ui->core, &q);

	return n > 0 ? n : 0;
}

/* A head is told who has not sent; a leader's machine does not hold her people's days. NULL: nobody's head. */
static struct cv_json *my_people(struct cv_ui *ui)
{
	char unit[CV_ID_MAX + 1];

	if (!cv_ui_role(ui, "head") && !cv_ui_role(ui, "deputy"))
		return NULL;
	cv_day_unit(ui, unit);
	return unit[0] != '\0' ? cv_day_board(ui, unit, cv_date_of(cv_ui_now(ui)), false) : NULL;
}

void cv_chrome_read(struct cv_ui *ui)
{
	struct cv_json *rows = NULL;

	ui->unsent = ui->person = 0;
	if (cv_core_outbox(ui->core, &rows, NULL) == CV_OK)
		CV_JSON_EACH (row, rows) {
			if (strcmp(cv_json_s(row, "state"), "needs_person") == 0)
				ui->person++;
			else
				ui->unsent++;
		}
	cv_json_destroy(rows);
	cv_json_destroy(ui->todo);
	ui->todo = NULL;
	struct cv_todo_in in = {.now = cv_ui_now(ui),
				.needs_person = (int64_t)ui->person,
				.late = count_view(ui, CV_GROUP_LATE, cv_ui_heads(ui) ? NULL : cv_core_user(ui->core)),
				.to_check = cv_ui_heads(ui) ? count_view(ui, CV_GROUP_APPROVE, NULL) : 0};
	struct cv_json *board = my_people(ui);
	in.board = board;
	/* Last: what is borrowed from the core is good until the next question. */
	in.ctx = cv_core_ctx(ui->core);
	in.user = cv_ui_me(ui);
	if (in.user != NULL)
		ui->todo = cv_todo(&in);
	cv_json_destroy(board);
	ui->todo_at = cv_mono(ui->env);
}

bool cv_chrome_old(struct cv_ui *ui)
{
	return cv_mono(ui->env) - ui->todo_at > TODO_EVERY;
}

static bool draw_todo(struct cv_ui *ui, int row)
{
	int cols = cv_term_cols(ui->term), col = 1;

	if (cv_json_count(ui->todo) == 0)
		return false;
	col += cv_put(ui->term, row, col, -1, CV_BOLD, _("LÀM NGAY")) + 2;
	CV_JSON_EACH (item, ui->todo) {
		char *text = cv_strf("[%s] %s", cv_json_s(item, "key"), cv_json_s(item, "text"));
		/* The first one always shows, cut if need be. */
		if (item == cv_json_first(ui->todo) || col + cv_text_width(text) < cols)
			col += cv_put(ui->term, row, col, cols - col - 1, CV_PLAIN, text) + 2;
		free(text);
	}
	return true;
}

int cv_chrome_top(struct cv_ui *ui, int digit)
{
	draw_tabs(ui, digit);
	return draw_todo(ui, 1) ? 2 : 1;
}

/* ---- status line ---- */
static void line_text(struct cv_ui *ui, char *out, size_t size)
{
	struct cv_live_line line;
	char at[24];
	int64_t now = cv_ui_now(ui);

	if (ui->live == NULL) {
		cv_strcopy(out, size, "");
		return;
	}
	cv_live_line(ui->live, &line);
	if (line.online) {
		cv_clock_text(at, line.last_sync, now);
		snprintf(out, size, _("Có mạng · cập nhật %s"), at);
	} else if (line.fault == CV_LOGIN || line.fault == CV_DISABLED) {
		cv_strcopy(out, size, _("CẦN ĐĂNG NHẬP LẠI: thoát rồi gõ congvu login"));
	} else if (line.fault == CV_CONFIG || line.fault == CV_CLIENT_TOO_OLD || line.fault == CV_PROTOCOL) {
		snprintf(out, size, _("CHƯA NỐI ĐƯỢC: %s"), cv_rc_text(line.fault));
	} else if (line.since != CV_TIME_NONE) {
		cv_clock_text(at, line.since, now);
		snprintf(out, size, _("MẤT MẠNG từ %s"), at);
	} else {
		cv_strcopy(out, size, _("Đang nối máy chủ…"));
	}
}

/* "Báo cáo 11h: còn 19 phút", while one is open or comes within two hours. */
static void countdown(struct cv_ui *ui, char *out, size_t size)
{
	struct cv_slot slot;
	int32_t date;
	int64_t opens, closes, now = cv_ui_now(ui);
	struct cv_json *policy = cv_policy_resolve(cv_core_ctx(ui->core), cv_user_unit(cv_ui_me(ui)));

	out[0] = '\0';
	if (cv_slot_next(&slot, &date, &opens, &closes, policy, now) && date == cv_date_of(now) && now >= opens &&
	    cv_tab_allowed(ui, 3)) {
		int64_t hour = cv_date_at(date, slot.at);
		/* As line 2 counts: to its hour, then to the end of its grace. */
		int minutes = (int)(((now < hour ? hour : closes) - now + 59999) / 60000);
		char id[CV_ID_MAX + 1], day[CV_DATE_SIZE];
		const struct cv_json *sent;
		cv_date_format(date, day);
		cv_id_report(id, cv_core_user(ui->core), day, slot.name);
		if (cv_ctx_get(cv_core_ctx(ui->core), CV_KIND_REPORT, id, &sent) != CV_FOUND &&
		    cv_slot_expected(cv_core_ctx(ui->core), policy, cv_ui_me(ui), date, &slot))
			snprintf(out, size, _("Báo cáo %sh: còn %d phút"), slot.name, minutes);
	}
	cv_json_destroy(policy);
}

static void draw_status(struct cv_ui *ui, int row)
{
	char left[120], right[220];
	int cols = cv_term_cols(ui->term);

	line_text(ui, left, sizeof(left));
	int used = cv_put(ui->term, row, 1, -1, CV_PLAIN, left);
	if (ui->message[0] != '\0' && cv_mono(ui->env) < ui->message_until)
		cv_strcopy(right, sizeof(right), ui->message);
	else
		countdown(ui, right, sizeof(right));
	int room = cols - 1 - (used + 3), cut;
	if (room <= 0)
		return;
	/* What was just done or refused is worth more than the state of the line. */
	if (cv_text_width(right) > room && ui->message[0] != '\0' && cv_mono(ui->env) < ui->message_until) {
		cv_put_cell(ui->term, row, 1, cols - 2, ui->alert ? CV_ALERT : CV_PLAIN, right);
		return;
	}
	size_t n = cv_text_cut(right, room, &cut);
	right[n] = '\0';
	cv_put_right(ui->term, row, cols - 1, ui->alert ? CV_ALERT : CV_PLAIN, right);
}

/* ---- hints ---- */
static void draw_hints(struct cv_ui *ui, int row, const struct cv_actions *actions)
{
	int cols = cv_term_cols(ui->term), col = 1;

	for (int i = 0; i < actions->count; i++) {
		const struct cv_action *a = &actions->list[i];
		char text[80], key[16];
		if (!a->hint || a->why[0] != '\0')
			continue;
		cv_ui_key(ui, a->key, key);
		snprintf(text, sizeof(text), "%s %s", key, a->label);
		int width = cv_text_width(text);
		if (col + width + 1 >= cols)
			continue;
		cv_put(ui->term, row, col, -1, CV_PLAIN, text);
		cv_attr_row(ui->term, row, col, cv_text_width(key), CV_BOLD);
		col += width + 2;
	}
}

void cv_chrome_bottom(struct cv_ui *ui, const struct cv_actions *actions)
{
	int rows = cv_term_rows(ui->term);

	draw_status(ui, rows - 2);
	draw_hints(ui, rows - 1, actions);
}
