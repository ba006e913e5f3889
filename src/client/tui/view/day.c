/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "client/tui/view/day.h"

#include <congvu/base/i18n.h>
#include <congvu/base/mem.h>
#include <congvu/base/time.h>
#include <congvu/model/policy.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void cv_day_unit(struct cv_ui *ui, char *out)
{
	static const char *const roles[] = {"head", "deputy", "leader"};

	out[0] = '\0';
	for (size_t i = 0; i < CV_COUNT(roles) && out[0] == '\0'; i++)
		CV_JSON_EACH (role, cv_json_array_of(cv_ui_me(ui), "roles"))
			if (out[0] == '\0' && strcmp(cv_json_s(role, "role"), roles[i]) == 0)
				cv_strcopy(out, CV_ID_MAX + 1, cv_json_s(role, "unit"));
}

struct cv_json *cv_day_board(struct cv_ui *ui, const char *unit, int32_t date, bool loads)
{
	struct cv_json *board = NULL;

	cv_core_board(ui->core, unit, date, loads, &board, NULL);
	return board;
}

#define ASK_EVERY 60000 /* ms */

void cv_day_ask(struct cv_ui *ui, struct cv_day_ask *ask, const char *unit, int32_t date)
{
	struct cv_live_line line;
	struct cv_json *answer;
	char day[CV_DATE_SIZE];
	int64_t now = cv_mono(ui->env);

	if (ui->live == NULL)
		return;
	if (ask->ticket != 0 && cv_live_fetched(ui->live, ask->ticket, &answer, &ask->err)) {
		ask->ticket = 0;
		if (answer != NULL) {
			cv_json_destroy(ask->answer);
			ask->answer = answer;
		}
	}
	cv_live_line(ui->live, &line);
	bool fresh = ask->asked != 0 && ask->date == date && now - ask->asked < ASK_EVERY;
	if (ask->ticket != 0 || fresh || !line.online || !cv_id_valid(unit))
		return;
	cv_date_format(date, day);
	char *path = cv_strf("/v1/board?unit=%s&date=%s&tree=1", unit, day);
	ask->asked = now;
	ask->date = date;
	ask->ticket = cv_live_fetch(ui->live, path);
	free(path);
}

void cv_day_ask_finish(struct cv_day_ask *ask)
{
	cv_json_destroy(ask->answer);
	ask->answer = NULL;
}

void cv_unit_name(struct cv_ui *ui, const char *unit, char *out, size_t size)
{
	const struct cv_json *object;
	bool known = cv_ctx_get(cv_core_ctx(ui->core), CV_KIND_UNIT, unit, &object) == CV_FOUND;

	cv_strcopy(out, size, known ? cv_json_s(object, "name") : unit);
}

int cv_day_slots(struct cv_ui *ui, const char *unit, struct cv_slot out[CV_SLOT_MAX])
{
	struct cv_json *policy = cv_policy_resolve(cv_core_ctx(ui->core), unit);
	int count = cv_slots(out, policy);

	cv_json_destroy(policy);
	return count;
}

static bool opened(const struct cv_slot *slot, int32_t date, int64_t now)
{
	return now >= cv_date_at(date, slot->at - slot->open_before);
}

int cv_day_slot_now(const struct cv_slot *slots, int count, int32_t date, int64_t now)
{
	int at = -1;

	for (int i = 0; i < count; i++)
		if (opened(&slots[i], date, now))
			at = i;
	return at;
}

bool cv_day_on_leave(const struct cv_json *person)
{
	const char *place = cv_json_s(person, "place"), *pm = cv_json_str(person, "place_pm");

	return strcmp(place, "leave") == 0 && (pm == NULL || strcmp(pm, "leave") == 0);
}

void cv_slot_text(char out[24], const char *slot)
{
	bool hour = slot[0] != '\0' && strspn(slot, "0123456789") == strlen(slot);

	snprintf(out, 24, "%.16s%s", slot, hour ? "h" : "");
}

void cv_phone_text(char out[40], const char *phone)
{
	if (strlen(phone) == 10 && strspn(phone, "0123456789") == 10)
		snprintf(out, 40, "%.4s %.3s %.3s", phone, phone + 4, phone + 7);
	else
		cv_strcopy(out, 40, phone);
}

/* The first revision is what is judged; later ones stand in front of it. */
static const struct cv_json *first_revision(const struct cv_json *report)
{
	const struct cv_json *first = cv_json_first(cv_json_array_of(report, "revisions"));

	return cv_json_str(first, "received_at") != NULL ? first : report;
}

bool cv_report_times(struct cv_ui *ui, const char *id, int64_t *written, int64_t *received)
{
	const struct cv_json *report;

	if (cv_ctx_get(cv_core_ctx(ui->core), CV_KIND_REPORT, id, &report) != CV_FOUND)
		return false;
	const struct cv_json *first = first_revision(report);
	return cv_time_parse(cv_json_s(first, "written_at"), written) &&
	       cv_time_parse(cv_json_s(first, "received_at"), received);
}

static bool by_script(struct cv_ui *ui, const char *id)
{
	const struct cv_json *report;

	return cv_ctx_get(cv_core_ctx(ui->core), CV_KIND_REPORT, id, &report) == CV_FOUND &&
	       strcmp(cv_json_s(report, "origin"), "script") == 0;
}

static void given_cell(char out[CV_CELL], struct cv_ui *ui, const char *state, const char *id,
		       const struct cv_slot *slot, int32_t date)
{
	int64_t written, received;

	if (strcmp(state, "late") == 0) {
		int64_t late = cv_report_times(ui, id, &written, &received)
				       ? (received - cv_date_at(date, slot->at)) / 60000
				       : 0;
		/* Minutes of the same day; later it is days, and the person's day tells when. */
		if (late > 0 && late < 600)
			snprintf(out, CV_CELL, _("muộn %d"), (int)late);
		else
			cv_strcopy(out, CV_CELL, _("muộn"));
	} else if (strcmp(state, "caught_up") == 0) {
		cv_strcopy(out, CV_CELL, _("gửi bù"));
	} else if (by_script(ui, id)) {
		cv_strcopy(out, CV_CELL, _("tự động"));
	} else {
		cv_strcopy(out, CV_CELL, _("đúng giờ"));
	}
}

void cv_day_cell(char out[CV_CELL], struct cv_ui *ui, const struct cv_json *person, const struct cv_slot *slot,
		 int32_t date)
{
	const char *state = cv_json_s(cv_json_object_of(person, "slots"), slot->name);
	char id[CV_ID_MAX + 1], day[CV_DATE_SIZE];
	int64_t now = cv_ui_now(ui);

	out[0] = '\0';
	cv_date_format(date, day);
	cv_id_report(id, cv_json_s(person, "user"), day, slot->name);
	if (strcmp(state, "exempt") == 0)
		cv_strcopy(out, CV_CELL, cv_day_on_leave(person) ? _("nghỉ") : "–");
	else if (strcmp(state, "missing") == 0)
		cv_strcopy(out, CV_CELL, date < cv_date_of(now) ? _("! không") : _("! chưa"));
	else if (strcmp(state, "pending") != 0)
		given_cell(out, ui, state, id, slot, date);
	else if (opened(slot, date, now))
		cv_strcopy(out, CV_CELL, _("chưa gửi"));
}

static bool seen_by_me(struct cv_ui *ui, const char *login, int32_t date)
{
	char id[CV_ID_MAX + 1], day[CV_DATE_SIZE];
	const struct cv_json *workday;

	cv_date_format(date, day);
	cv_id_workday(id, login, day);
	if (cv_ctx_get(cv_core_ctx(ui->core), CV_KIND_WORKDAY, id, &workday) != CV_FOUND)
		return false;
	CV_JSON_EACH (seen, cv_json_array_of(workday, "seen"))
		if (strcmp(cv_json_s(seen, "user"), cv_core_user(ui->core)) == 0)
			return true;
	return false;
}

void cv_day_registered(char out[CV_CELL], struct cv_ui *ui, const struct cv_json *person, int32_t date)
{
	static const struct {
		const char *state, *word;
	} words[] = {{"registered", N_("đã ĐK")},
		     {"recorded", N_("đã ghi")},
		     {"reviewed", N_("đã xem")},
		     {"returned", N_("trả lại")},
		     {"locked", N_("đã khóa")}};
	const char *state = cv_json_s(person, "workday");
	int64_t now = cv_ui_now(ui);

	cv_strcopy(out, CV_CELL, state);
	if ((strcmp(state, "registered") == 0 || strcmp(state, "recorded") == 0) &&
	    seen_by_me(ui, cv_json_s(person, "user"), date)) {
		cv_strcopy(out, CV_CELL, _("đã xem"));
		return;
	}
	for (size_t i = 0; i < CV_COUNT(words); i++) {
		if (strcmp(state, words[i].state) == 0) {
			cv_strcopy(out, CV_CELL, _(words[i].word));
			return;
		}
	}
	if (!cv_json_is(cv_json_get(person, "registered"), CV_JSON_BOOL)) {
		cv_strcopy(out, CV_CELL, cv_day_on_leave(person) ? _("nghỉ") : "–");
		return;
	}
	const struct cv_json *user = NULL;
	const struct cv_ctx *ctx = cv_core_ctx(ui->core);
	cv_ctx_get(ctx, CV_KIND_USER, cv_json_s(person, "user"), &user);
	struct cv_json *policy = cv_policy_resolve(ctx, cv_user_unit(user));
	bool late = now >= cv_date_at(date, cv_clock_parse(cv_json_s(policy, "register_by")));
	cv_json_destroy(policy);
	cv_strcopy(out, CV_CELL, late ? _("! chưa") : _("chưa"));
}

static const struct {
	const char *place, *brief;
} places[] = {{"office", N_("CQ")}, {"home", N_("nhà")}, {"field", N_("đ.bàn")}, {"leave", N_("nghỉ")}};

static const char *brief_place(const char *place)
{
	for (size_t i = 0; i < CV_COUNT(places); i++)
		if (strcmp(places[i].place, place) == 0)
			return _(places[i].brief);
	return place;
}

void cv_day_place(char out[CV_CELL], const struct cv_json *person)
{
	const char *am = cv_json_s(person, "place"), *pm = cv_json_str(person, "place_pm");

	if (am[0] == '\0')
		out[0] = '\0';
	else if (cv_day_on_leave(person))
		cv_strcopy(out, CV_CELL, _("nghỉ"));
	else
		snprintf(out, CV_CELL, "%.16s/%.16s", brief_place(am), brief_place(pm != NULL ? pm : am));
}
