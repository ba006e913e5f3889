/* SPDX-License-Identifier: GPL-3.0-or-later */
/* congvud procedure set, list; congvud holiday set, list. */
#include "server/admin/admin.h"

#include <congvu/base/i18n.h>
#include <congvu/base/mem.h>
#include <congvu/base/time.h>
#include <stdlib.h>
#include <string.h>

static bool one_of(const char *word, const char *const *words)
{
	for (; *words != NULL; words++)
		if (strcmp(word, *words) == 0)
			return true;
	return false;
}

static enum cv_rc set_words(struct cv_json *p, const struct cv_args *args, struct cv_err *err)
{
	static const char *const routes[] = {"desk", "leader", "head", "head_leader", NULL};
	static const char *const pauses[] = {"continue", "restart", NULL};
	static const char *const texts[][2] = {{"name", "name"}, {"short", "short"}, {"field", "field"}};
	const char *route = cv_args_text(args, "route"), *pause = cv_args_text(args, "pause");

	for (size_t i = 0; i < CV_COUNT(texts); i++)
		if (cv_args_text(args, texts[i][0]) != NULL)
			cv_json_set_str(p, texts[i][1], cv_args_text(args, texts[i][0]));
	if (route != NULL && !one_of(route, routes))
		return cv_err_set(err, CV_DATA, "route", _("--route phải là desk, leader, head hoặc head_leader"));
	if (pause != NULL && !one_of(pause, pauses))
		return cv_err_set(err, CV_DATA, "pause", _("--pause phải là continue hoặc restart"));
	if (route != NULL)
		cv_json_set_str(p, "route", route);
	if (pause != NULL)
		cv_json_set_str(p, "pause", pause);
	return CV_OK;
}

static enum cv_rc set_numbers(struct cv_json *p, const struct cv_args *args, struct cv_err *err)
{
	long days, hours, level;
	bool has_days = cv_args_int(args, "days", &days), has_hours = cv_args_int(args, "hours", &hours);

	if (has_days && has_hours)
		return cv_err_set(err, CV_USAGE, "hours", _("chỉ một trong --days, --hours"));
	if ((has_days && (days < 0 || days > 2000)) || (has_hours && (hours < 0 || hours > 8000)))
		return cv_err_set(err, CV_DATA, has_days ? "days" : "hours", _("thời hạn không hợp lệ"));
	if (has_days) {
		cv_json_set_int(p, "days", days);
		cv_json_remove(p, "hours");
	}
	if (has_hours) {
		cv_json_set_int(p, "hours", hours);
		cv_json_remove(p, "days");
	}
	if (cv_args_int(args, "level", &level)) {
		if (level < 1 || level > 4)
			return cv_err_set(err, CV_DATA, "level", _("mức độ dịch vụ từ 1 đến 4"));
		cv_json_set_int(p, "level", level);
	}
	return CV_OK;
}

static enum cv_rc set_people(struct cv_desk *desk, struct cv_json *p, const struct cv_args *args, struct cv_err *err)
{
	const char *unit = cv_args_text(args, "unit"), *person = cv_args_text(args, "assignee");

	if (unit != NULL && cv_dbctx_object(desk->ctx, CV_KIND_UNIT, unit) == NULL)
		return cv_err_set(err, CV_DATA, "unit", _("không có đơn vị %s"), unit);
	if (person != NULL && person[0] != '\0' && cv_dbctx_object(desk->ctx, CV_KIND_USER, person) == NULL)
		return cv_err_set(err, CV_DATA, "assignee", _("không có người dùng %s"), person);
	if (unit != NULL)
		cv_json_set_str(p, "default_unit", unit);
	if (person != NULL)
		cv_json_set_str(p, "default_assignee", person[0] != '\0' ? person : NULL);
	return CV_OK;
}

static enum cv_rc set(struct cv_desk *desk, const struct cv_args *args, struct cv_err *err)
{
	const char *code = cv_args_operand(args, 0);
	const struct cv_json *old = cv_dbctx_object(desk->ctx, CV_KIND_PROCEDURE, code);

	if (!cv_id_valid(code))
		return cv_err_set(err, CV_DATA, "code", _("mã thủ tục không hợp lệ: %s"), code);
	if (old == NULL && cv_args_text(args, "name") == NULL)
		return cv_err_set(err, CV_USAGE, "name", _("thủ tục mới cần --name"));
	struct cv_json *p = old != NULL ? cv_json_dup(old) : cv_json_new_object();
	cv_json_set_str(p, "id", code);
	cv_json_set_str(p, "code", code);
	enum cv_rc rc = set_words(p, args, err);
	if (rc == CV_OK)
		rc = set_numbers(p, args, err);
	if (rc == CV_OK)
		rc = set_people(desk, p, args, err);
	if (rc == CV_OK)
		return cv_desk_put(desk, CV_KIND_PROCEDURE, p, "procedure.set", err);
	cv_json_destroy(p);
	return rc;
}

int cv_admin_procedure_set(void *app, const struct cv_args *args)
{
	return cv_desk_change(app, args, set);
}

static void print_procedure(const struct cv_json *p)
{
	char days[24] = "";

	if (cv_json_get(p, "days") != NULL)
		snprintf(days, sizeof(days), "%lld", (long long)cv_json_int(p, "days", 0));
	const char *cells[] = {cv_json_s(p, "code"),  cv_json_s(p, "name"),	   cv_json_s(p, "field"), days,
			       cv_json_s(p, "route"), cv_json_s(p, "default_unit")};
	cv_print_row(stdout, cells, CV_COUNT(cells));
}

int cv_admin_procedure_list(void *app, const struct cv_args *args)
{
	return cv_desk_show(app, args, CV_KIND_PROCEDURE, print_procedure);
}

static void print_holiday(const struct cv_json *day)
{
	const char *cells[] = {cv_json_s(day, "date"), cv_json_s(day, "unit"), cv_json_s(day, "kind"),
			       cv_json_s(day, "note")};

	cv_print_row(stdout, cells, CV_COUNT(cells));
}

int cv_admin_holiday_list(void *app, const struct cv_args *args)
{
	return cv_desk_show(app, args, CV_KIND_HOLIDAY, print_holiday);
}

static enum cv_rc set_holiday(struct cv_desk *desk, const struct cv_args *args, struct cv_err *err)
{
	const char *date = cv_args_operand(args, 0), *kind = cv_args_operand(args, 1);
	const char *unit = cv_args_text(args, "unit");
	int32_t day;

	if (!cv_date_parse(date, &day))
		return cv_err_set(err, CV_DATA, "date", _("ngày phải có dạng 2026-11-22"));
	if (strcmp(kind, "OFF") != 0 && strcmp(kind, "WORK") != 0)
		return cv_err_set(err, CV_DATA, "kind", _("phải là OFF (nghỉ) hoặc WORK (làm bù)"));
	if (unit != NULL && cv_dbctx_object(desk->ctx, CV_KIND_UNIT, unit) == NULL)
		return cv_err_set(err, CV_DATA, "unit", _("không có đơn vị %s"), unit);
	struct cv_json *row = cv_json_new_object();
	char *id = cv_strf("%s:%s", unit != NULL ? unit : "*", date);
	cv_json_set_str(row, "id", id);
	cv_json_set_str(row, "unit", unit != NULL ? unit : "*");
	cv_json_set_str(row, "date", date);
	cv_json_set_str(row, "kind", kind);
	cv_json_set_str(row, "note", cv_args_text(args, "note"));
	free(id);
	return cv_desk_put(desk, CV_KIND_HOLIDAY, row, "holiday.set", err);
}

int cv_admin_holiday_set(void *app, const struct cv_args *args)
{
	return cv_desk_change(app, args, set_holiday);
}
