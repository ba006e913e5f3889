/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Working days: the compiled-in table (src/data/holidays.txt), and the office's own rows over it. */
#include <congvu/base/time.h>
#include <congvu/model/slot.h>

#include <stdio.h>
#include <string.h>

#define MAX_DEPTH 16 /* of the tree of units */

extern const char cv_data_holidays_txt[];

/* 'O' off, 'W' make-up day, 0 none. Lines are "2026-11-24 OFF". */
static char built_in(const char *date)
{
	for (const char *line = cv_data_holidays_txt; line != NULL && *line != '\0';) {
		if (strncmp(line, date, 10) == 0 && line[10] == ' ')
			return line[11];
		line = strchr(line, '\n');
		if (line != NULL)
			line++;
	}
	return '\0';
}

/* The row laid down by a unit or, with "*", by the office. */
static char laid_down(const struct cv_ctx *ctx, const char *unit, const char *day)
{
	char id[CV_ID_MAX + 1];
	const struct cv_json *row;

	snprintf(id, sizeof(id), "%s:%s", unit, day);
	return cv_ctx_get(ctx, CV_KIND_HOLIDAY, id, &row) == CV_FOUND ? cv_json_s(row, "kind")[0] : '\0';
}

bool cv_day_working(const struct cv_ctx *ctx, int32_t date)
{
	return cv_day_working_in(ctx, "", date);
}

bool cv_day_working_in(const struct cv_ctx *ctx, const char *unit, int32_t date)
{
	char day[CV_DATE_SIZE], kind = '\0';
	const struct cv_json *object;

	cv_date_format(date, day);
	for (int depth = 0; kind == '\0' && depth < MAX_DEPTH && unit[0] != '\0'; depth++) {
		kind = laid_down(ctx, unit, day);
		unit = cv_ctx_get(ctx, CV_KIND_UNIT, unit, &object) == CV_FOUND ? cv_json_s(object, "parent") : "";
	}
	if (kind == '\0')
		kind = laid_down(ctx, "*", day);
	if (kind == '\0')
		kind = built_in(day);
	if (kind == 'W')
		return true;
	return kind != 'O' && cv_weekday(date) <= 5;
}
