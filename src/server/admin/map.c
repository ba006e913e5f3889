/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Map files, and times as other programs write them. */
#include "server/admin/map.h"

#include <congvu/base/fs.h>
#include <congvu/base/i18n.h>
#include <congvu/base/ini.h>
#include <congvu/base/mem.h>
#include <congvu/base/time.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

enum part { COLUMN, CONSTANT, VALUE };
enum order { ISO, DMY, MDY };

struct entry {
	enum part part;
	char *ours, *from, *to; /* owned; from only for values */
};
struct cv_map {
	struct entry *entries; /* owned */
	size_t n;
	enum order order;
	bool named_zone; /* TZ is set to it: the C library knows its summer time */
	int offset_min;	 /* else */
};

static void add(struct cv_map *map, enum part part, const char *ours, const char *from, const char *to)
{
	map->entries = cv_reallocarray(map->entries, map->n + 1, sizeof(*map->entries));
	map->entries[map->n++] = (struct entry){part, cv_strdup(ours), cv_strdup(from), cv_strdup(to)};
}

static enum cv_rc zone(struct cv_map *map, const char *value, struct cv_err *err)
{
	int h, m;
	char sign, rest;

	if (sscanf(value, "%c%2d:%2d%c", &sign, &h, &m, &rest) == 3 && (sign == '+' || sign == '-') && h < 15 &&
	    m < 60) {
		map->offset_min = (sign == '-' ? -1 : 1) * (h * 60 + m);
		return CV_OK;
	}
	char *path = cv_strf("/usr/share/zoneinfo/%s", value);
	bool there = strstr(value, "..") == NULL && value[0] != '/' && cv_file_exists(path);
	free(path);
	if (!there)
		return cv_err_set(err, CV_CONFIG, "zone", _("không biết múi giờ %s (gói tzdata)"), value);
	setenv("TZ", value, 1);
	tzset();
	map->named_zone = true;
	return CV_OK;
}

static enum cv_rc option(struct cv_map *map, const char *key, const char *value, struct cv_err *err)
{
	if (strcmp(key, "zone") == 0)
		return zone(map, value, err);
	if (strcmp(key, "date") != 0)
		return cv_err_set(err, CV_CONFIG, key, _("tệp ánh xạ: không có mục %s"), key);
	if (strcmp(value, "iso") == 0)
		map->order = ISO;
	else if (strcmp(value, "dmy") == 0)
		map->order = DMY;
	else if (strcmp(value, "mdy") == 0)
		map->order = MDY;
	else
		return cv_err_set(err, CV_CONFIG, "date", _("tệp ánh xạ: date phải là iso, dmy hoặc mdy"));
	return CV_OK;
}

static enum cv_rc take(void *data, const char *section, const char *key, const char *value, int line,
		       struct cv_err *err)
{
	struct cv_map *map = data;

	(void)line;
	if (strcmp(section, "options") == 0)
		return option(map, key, value, err);
	if (strcmp(section, "columns") == 0)
		add(map, COLUMN, key, "", value);
	else if (strcmp(section, "const") == 0)
		add(map, CONSTANT, key, "", value);
	else if (strncmp(section, "values ", 7) == 0)
		add(map, VALUE, section + 7, key, value);
	else
		return cv_err_set(err, CV_CONFIG, section, _("tệp ánh xạ: không có phần [%s]"), section);
	return CV_OK;
}

enum cv_rc cv_map_open(struct cv_map **out, const char *path, struct cv_err *err)
{
	struct cv_map *map = cv_alloc(sizeof(*map));
	enum cv_rc rc = CV_OK;
	bool there = path == NULL || cv_file_exists(path);

	*out = NULL;
	map->order = DMY;
	map->offset_min = 7 * 60;
	if (!there)
		rc = cv_err_set(err, CV_NO_INPUT, "map", _("không đọc được %s"), path);
	else if (path != NULL)
		rc = cv_ini_read(path, take, map, err);
	if (rc == CV_OK)
		*out = map;
	else
		cv_map_close(map);
	return rc;
}

void cv_map_close(struct cv_map *map)
{
	if (map == NULL)
		return;
	for (size_t i = 0; i < map->n; i++) {
		free(map->entries[i].ours);
		free(map->entries[i].from);
		free(map->entries[i].to);
	}
	free(map->entries);
	free(map);
}

enum cv_rc cv_map_set(struct cv_map *map, const char *text, struct cv_err *err)
{
	const char *equals = strchr(text, '=');

	if (equals == NULL || equals == text)
		return cv_err_set(err, CV_USAGE, "set", _("--set cần dạng CỘT=GIÁ_TRỊ"));
	char *ours = cv_strndup(text, (size_t)(equals - text));
	add(map, CONSTANT, ours, "", equals + 1);
	free(ours);
	return CV_OK;
}

/* The last one counts: --set stands behind the file. */
static const struct entry *find(const struct cv_map *map, enum part part, const char *ours)
{
	for (size_t i = map->n; i > 0; i--)
		if (map->entries[i - 1].part == part && strcmp(map->entries[i - 1].ours, ours) == 0)
			return &map->entries[i - 1];
	return NULL;
}

const char *cv_map_column(const struct cv_map *map, const char *ours)
{
	const struct entry *e = find(map, COLUMN, ours);

	return e != NULL ? e->to : NULL;
}

const char *cv_map_const(const struct cv_map *map, const char *ours)
{
	const struct entry *e = find(map, CONSTANT, ours);

	return e != NULL ? e->to : NULL;
}

bool cv_map_value(const struct cv_map *map, const char *ours, const char *theirs, const char **out)
{
	const struct entry *rest = NULL;
	bool table = false;

	for (size_t i = 0; i < map->n; i++) {
		const struct entry *e = &map->entries[i];
		if (e->part != VALUE || strcmp(e->ours, ours) != 0)
			continue;
		table = true;
		if (strcasecmp(e->from, theirs) == 0) {
			*out = e->to;
			return true;
		}
		if (strcmp(e->from, "*") == 0)
			rest = e;
	}
	*out = rest != NULL ? rest->to : theirs;
	return !table || rest != NULL || theirs[0] == '\0';
}

bool cv_map_knows(const struct cv_map *map, const char *const *words, const char **stranger)
{
	for (size_t i = 0; i < map->n; i++) {
		bool known = false;
		for (size_t k = 0; words[k] != NULL; k++)
			known = known || strcmp(words[k], map->entries[i].ours) == 0;
		if (!known) {
			*stranger = map->entries[i].ours;
			return false;
		}
	}
	return true;
}

/* "8:15", "08:15:30", "8:15 PM", with or without "T" in front; -1 if it is none. */
static int seconds(const char *text)
{
	int h = 0, m = 0, s = 0, used = 0;

	text += strspn(text, "T ");
	if (sscanf(text, "%2d:%2d%n", &h, &m, &used) < 2 || used == 0)
		return -1;
	text += used;
	if (*text == ':') {
		if (sscanf(text, ":%2d%n", &s, &used) < 1)
			return -1;
		text += used;
	}
	text += strspn(text, " ");
	bool pm = strncasecmp(text, "PM", 2) == 0, am = strncasecmp(text, "AM", 2) == 0;
	if (pm || am) {
		if (h < 1 || h > 12)
			return -1;
		h = h % 12 + (pm ? 12 : 0);
		text += 2;
	}
	return *text == '\0' && h >= 0 && h < 24 && m >= 0 && m < 60 && s >= 0 && s < 60 ? h * 3600 + m * 60 + s : -1;
}

/* The date in front; *rest is what follows. */
static bool date_part(const struct cv_map *map, const char *text, int32_t *out, const char **rest)
{
	int a, b, c, used = 0;

	if (sscanf(text, "%4d-%2d-%2d%n", &a, &b, &c, &used) == 3 && used >= 8) {
		*rest = text + used;
		return cv_date_join(a, b, c, out);
	}
	used = 0;
	if (sscanf(text, "%2d%*[/.-]%2d%*[/.-]%4d%n", &a, &b, &c, &used) != 3 || used < 8 || map->order == ISO)
		return false;
	*rest = text + used;
	return map->order == MDY ? cv_date_join(c, a, b, out) : cv_date_join(c, b, a, out);
}

bool cv_map_date(const struct cv_map *map, const char *text, int32_t *out)
{
	const char *rest;

	return date_part(map, text, out, &rest) && rest[0] == '\0';
}

bool cv_map_time(const struct cv_map *map, const char *text, int minute, int64_t *out)
{
	const char *rest;
	int32_t day;
	int y, m, d;

	if (cv_time_parse(text, out))
		return true;
	if (!date_part(map, text, &day, &rest))
		return false;
	int s = rest[0] != '\0' ? seconds(rest) : minute * 60;
	if (s < 0)
		return false;
	cv_date_split(day, &y, &m, &d);
	if (!map->named_zone) {
		/* cv_date_at reckons in +07:00. */
		*out = cv_date_at(day, 0) + s * 1000LL + (7 * 60 - map->offset_min) * 60000LL;
		return true;
	}
	struct tm tm = {.tm_year = y - 1900,
			.tm_mon = m - 1,
			.tm_mday = d,
			.tm_sec = s % 60,
			.tm_min = s / 60 % 60,
			.tm_hour = s / 3600,
			.tm_isdst = -1};
	time_t t = mktime(&tm);
	*out = (int64_t)t * 1000;
	return t != (time_t)-1;
}
