/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What changes a dossier without moving it; codes and masks. */
#include "dossier.h"

#include <congvu/base/mem.h>
#include <congvu/base/time.h>

#include <string.h>

void cv_dossier_history(struct cv_scene *s, const char *op, const char *note)
{
	struct cv_json *row = cv_json_new_object();
	char at[CV_TIME_SIZE], now[CV_TIME_SIZE];

	cv_time_format(s->act->at, at);
	cv_time_format(s->act->now, now);
	cv_json_set_str(row, "op", op);
	cv_json_set_str(row, "by", s->act->user);
	cv_json_set_str(row, "at", at);
	cv_json_set_str(row, "recv", now);
	if (note != NULL && note[0] != '\0')
		cv_json_set_str(row, "note", note);
	cv_json_push(cv_array_in(s->dossier, "history"), row);
}

bool cv_act_note(struct cv_scene *s)
{
	char at[CV_TIME_SIZE];
	const struct cv_json *have = cv_element(s->before, "notes", cv_json_s(s->args, "eid"));

	if (have != NULL) {
		if (strcmp(cv_json_s(have, "text"), cv_json_s(s->args, "text")) != 0)
			return cv_scene_refuse(s, "eid", _("ghi chú này đã có nội dung khác"));
		return false; /* noop */
	}
	struct cv_json *note = cv_json_new_object();
	cv_time_format(s->act->at, at);
	cv_json_set_str(note, "eid", cv_json_s(s->args, "eid"));
	cv_json_set_str(note, "by", s->act->user);
	cv_json_set_str(note, "at", at);
	cv_json_set_str(note, "text", cv_json_s(s->args, "text"));
	cv_json_push(cv_array_in(s->dossier, "notes"), note);
	return true;
}

static const char *const editable[] = {"applicant", "submitter", "channel", "priority"};

/* A person who may not call sees a mask: it stands for the number behind it and is never written back. */
static bool masked(const char *value)
{
	return strchr(value, 'x') != NULL;
}

static bool same_member(const struct cv_json *now, const struct cv_json *then)
{
	char mask[32];
	const char *a = cv_json_string(now), *b = cv_json_string(then);

	if (now == NULL || then == NULL)
		return now == then || (then == NULL && now != NULL); /* not sent to her: not hers to compare */
	if (a == NULL || b == NULL || !masked(b))
		return cv_json_equal(now, then);
	cv_phone_mask(mask, a);
	return strcmp(mask, b) == 0;
}

static bool same_field(const struct cv_json *now, const struct cv_json *then)
{
	if (!cv_json_is(now, CV_JSON_OBJECT) || !cv_json_is(then, CV_JSON_OBJECT))
		return now == NULL || then == NULL ? now == then : cv_json_equal(now, then);
	CV_JSON_EACH (member, then)
		if (!same_member(cv_json_get(now, cv_json_key(member)), member))
			return false;
	return true;
}

/* An edit says what it edited away: whoever changed the same field meanwhile must not be overwritten unseen. */
static const char *overtaken(const struct cv_scene *s)
{
	const struct cv_json *was = s->act->base;

	for (size_t i = 0; was != NULL && i < CV_COUNT(editable); i++) {
		const struct cv_json *want = cv_json_get(s->args, editable[i]);
		const struct cv_json *now = cv_json_get(s->before, editable[i]), *then = cv_json_get(was, editable[i]);
		if (want == NULL || (now != NULL && same_field(now, want)))
			continue;
		if (cv_json_is(then, CV_JSON_NULL) ? now != NULL && then != NULL : !same_field(now, then))
			return editable[i];
	}
	return NULL;
}

/* Members that are said replace those that are there. */
static void merge(struct cv_json *dossier, const char *key, const struct cv_json *want)
{
	struct cv_json *have = cv_json_object_of(dossier, key);

	if (have == NULL || !cv_json_is(want, CV_JSON_OBJECT)) {
		cv_json_set(dossier, key, cv_json_dup(want));
		return;
	}
	CV_JSON_EACH (member, want) {
		const char *text = cv_json_string(member);
		if (strcmp(cv_json_key(member), "phone") != 0 || text == NULL || !masked(text))
			cv_json_set(have, cv_json_key(member), cv_json_dup(member));
	}
}

bool cv_act_edit(struct cv_scene *s)
{
	const char *field = overtaken(s);

	if (field != NULL) {
		cv_scene_conflict(s, _("người khác đã sửa mục này"));
		cv_strcopy(s->out->err.field, sizeof(s->out->err.field), field);
		return false;
	}
	for (size_t i = 0; i < CV_COUNT(editable); i++)
		if (cv_json_get(s->args, editable[i]) != NULL)
			merge(s->dossier, editable[i], cv_json_get(s->args, editable[i]));
	return !cv_json_equal(s->before, s->dossier); /* else noop */
}

void cv_phone_mask(char *out, const char *phone)
{
	char digits[24];
	size_t n = 0;

	for (; *phone != '\0' && n + 1 < sizeof(digits); phone++)
		if (*phone >= '0' && *phone <= '9')
			digits[n++] = *phone;
	digits[n] = '\0';
	if (n < 6) {
		cv_strcopy(out, 32, n == 0 ? "" : "xxx");
		return;
	}
	for (size_t i = 2; i + 3 < n; i++)
		digits[i] = 'x';
	/* "09xx xxx 123": the last six stand in two groups of three. */
	size_t at = 0;
	for (size_t i = 0; i < n; i++) {
		if (i == n - 6 || i == n - 3)
			out[at++] = ' ';
		out[at++] = digits[i];
	}
	out[at] = '\0';
}

const char *cv_dossier_code_short(const char *code)
{
	const char *dash = strchr(code, '-');

	/* "T-LE-0008" keeps its letter: it tells that the number is provisional. */
	return dash != NULL && code[0] != 'T' ? dash + 1 : code;
}

static size_t digits(const char *s)
{
	return strspn(s, "0123456789");
}

static bool agency(const char *s, size_t n)
{
	char last = '\0';

	for (size_t i = 0; i < n; i++) {
		bool fine = (s[i] >= '0' && s[i] <= '9') || s[i] == 'H' || s[i] == 'G' ||
			    (s[i] == '.' && last != '.' && last != '\0');
		if (!fine)
			return false;
		last = s[i];
	}
	return n >= 3 && n <= 16;
}

bool cv_dossier_code_valid(const char *code)
{
	const char *dash = strchr(code, '-');
	char date[CV_DATE_SIZE] = "20yy-mm-dd";
	int32_t day;

	if (dash == NULL || !agency(code, (size_t)(dash - code)) || digits(dash + 1) != 6 || dash[7] != '-')
		return false;
	memcpy(date + 2, dash + 1, 2);
	memcpy(date + 5, dash + 3, 2);
	memcpy(date + 8, dash + 5, 2);
	size_t n = digits(dash + 8);
	return cv_date_parse(date, &day) && n >= 4 && n <= 7 && dash[8 + n] == '\0';
}
