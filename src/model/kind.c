/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Kinds, their ids, and the columns that lists are sorted and filtered by. */
#include <congvu/base/buf.h>
#include <congvu/base/mem.h>
#include <congvu/base/text.h>
#include <congvu/base/time.h>
#include <congvu/model/dossier.h>
#include <congvu/model/kind.h>

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
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
		.mark = kind == CV_KIND_DOSSIER && cv_dossier_place(object) == CV_PLACE_WORKING &&
					strcmp(cv_json_s(cv_json_object_of(object, "decision"), "verdict"),
					       "returned") == 0
				? "r"
				: "",
		.status = (int)cv_json_int(object, "status", 0),
		.due = moment(object, "due_at"),
		.received = moment(object, "received_at"),
	};
}

#define LINE_MAX 4096 /* bytes; what a longer search text leaves out is found by asking the server */
#define CUT	 "\x1f"

/* Digits also without blanks: people search "0912345678" where "0912 345 678" stands. */
static void add_digits(struct cv_buf *b, const char *phone)
{
	for (; *phone != '\0'; phone++)
		if ((*phone >= '0' && *phone <= '9') || *phone == 'x')
			cv_buf_putc(b, *phone);
	cv_buf_putc(b, ' ');
}

char *cv_row_line(enum cv_kind kind, const struct cv_json *object)
{
	const struct cv_json *person = cv_json_object_of(object, "applicant");
	const struct cv_json *procedure = cv_json_object_of(object, "procedure");
	struct cv_buf search, line;

	if (kind != CV_KIND_DOSSIER)
		return NULL;
	cv_buf_init(&search, LINE_MAX);
	cv_buf_addf(&search, "%s ", cv_json_s(object, "code"));
	CV_JSON_EACH (alias, cv_json_array_of(object, "aliases"))
		cv_buf_addf(&search, "%s ", cv_json_string(alias) != NULL ? cv_json_string(alias) : "");
	cv_buf_addf(&search, "%s %s %s ", cv_json_s(person, "name"), cv_json_s(procedure, "code"),
		    cv_json_s(procedure, "name"));
	add_digits(&search, cv_json_s(person, "phone"));
	cv_buf_addf(&search, "%s ", cv_json_s(cv_json_object_of(object, "proposal"), "text"));
	CV_JSON_EACH (note, cv_json_array_of(object, "notes"))
		cv_buf_addf(&search, "%s ", cv_json_s(note, "text"));
	char *folded = cv_text_fold_dup(search.data);
	cv_buf_finish(&search);
	cv_buf_init(&line, 3 * LINE_MAX);
	cv_buf_addf(&line, "%s" CUT "%s" CUT "%s", cv_json_s(person, "name"), cv_json_s(procedure, "name"), folded);
	free(folded);
	return cv_buf_take(&line);
}

void cv_line_cut(struct cv_line *out, char *line)
{
	char *second = strchr(line, CUT[0]), *third = second != NULL ? strchr(second + 1, CUT[0]) : NULL;

	*out = (struct cv_line){line, "", ""};
	if (third == NULL)
		return;
	*second = *third = '\0';
	out->procedure = second + 1;
	out->folded = third + 1;
}
