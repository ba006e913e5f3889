/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Kinds, their ids, and the columns that lists are sorted and filtered by. */
#include <congvu/base/mem.h>
#include <congvu/base/time.h>
#include <congvu/model/kind.h>

#include <ctype.h>
#include <stdio.h>
#include <string.h>

static const struct {
	const char *word, *collection;
	bool catalogue;
} kinds[CV_KIND_COUNT] = {
#define X(name, word, collection, catalogue) [CV_KIND_##name] = {word, collection, catalogue},
	CV_KIND_TABLE(X)
#undef X
};

const char *cv_kind_word(enum cv_kind kind)
{
	return (unsigned)kind < CV_KIND_COUNT ? kinds[kind].word : "unknown";
}

const char *cv_kind_collection(enum cv_kind kind)
{
	return (unsigned)kind < CV_KIND_COUNT ? kinds[kind].collection : "unknown";
}

bool cv_kind_catalogue(enum cv_kind kind)
{
	return (unsigned)kind < CV_KIND_COUNT && kinds[kind].catalogue;
}

enum cv_kind cv_kind_of(const char *word)
{
	for (int k = 0; k < CV_KIND_COUNT; k++)
		if (strcmp(kinds[k].word, word) == 0)
			return (enum cv_kind)k;
	return CV_KIND_UNKNOWN;
}

enum cv_kind cv_kind_of_collection(const char *word)
{
	for (int k = 0; k < CV_KIND_COUNT; k++)
		if (strcmp(kinds[k].collection, word) == 0)
			return (enum cv_kind)k;
	return CV_KIND_UNKNOWN;
}

bool cv_id_valid(const char *id)
{
	size_t n = 0;

	if (id == NULL)
		return false;
	for (; id[n] != '\0'; n++)
		if ((unsigned char)id[n] <= ' ' || (unsigned char)id[n] >= 0x7F || strchr("/\\\"'?#%", id[n]) != NULL)
			return false;
	return n > 0 && n <= CV_ID_MAX;
}

void cv_id_report(char *out, const char *user, const char *date, const char *slot)
{
	snprintf(out, CV_ID_MAX + 1, "r:%s:%s:%s", user, date, slot);
}

void cv_id_workday(char *out, const char *user, const char *date)
{
	snprintf(out, CV_ID_MAX + 1, "w:%s:%s", user, date);
}

bool cv_login_valid(const char *name)
{
	if (name == NULL || name[0] < 'a' || name[0] > 'z' || strlen(name) > 32)
		return false;
	return strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_.-") == strlen(name);
}

const char *const *cv_kind_server_fields(enum cv_kind kind)
{
	static const char *const common[] = {"rev", "updated_at", NULL};
	static const char *const report[] = {"rev", "updated_at", "received_at", "judged", NULL};
	static const char *const workday[] = {"rev", "updated_at", "n", NULL};
	static const char *const dossier[] = {"rev", "updated_at", "code", "received_at", "due_at", NULL};

	switch (kind) {
	case CV_KIND_REPORT:
		return report;
	case CV_KIND_WORKDAY:
		return workday;
	case CV_KIND_DOSSIER:
		return dossier;
	default:
		return common;
	}
}

static int64_t moment(const struct cv_json *object, const char *key)
{
	int64_t t;

	return cv_time_parse(cv_json_str(object, key), &t) ? t : CV_TIME_NONE;
}

void cv_row_of(struct cv_row *out, enum cv_kind kind, const struct cv_json *object)
{
	const char *owner = kind == CV_KIND_DOSSIER ? "assignee" : kind == CV_KIND_USER ? "id" : "user";

	*out = (struct cv_row){
		.user = cv_json_s(object, owner),
		.unit = kind == CV_KIND_UNIT ? cv_json_s(object, "id") : cv_json_s(object, "unit"),
		.date = cv_json_s(object, "date"),
		.slot = cv_json_s(object, "slot"),
		.step = cv_json_s(object, "step"),
		.code = cv_json_s(object, "code"),
		.status = (int)cv_json_int(object, "status", 0),
		.due = moment(object, "due_at"),
		.received = moment(object, "received_at"),
	};
}
