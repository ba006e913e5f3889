/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Objects. An object is a JSON tree with the field names of the wire (so that a field a newer server sends
 * survives), of one of these kinds. Ids: user = login name; unit, procedure = code; a slot's report
 * "r:<user>:<date>:<slot>"; a workday "w:<user>:<date>"; policy "*" or a unit's code; the rest UUIDv7.
 */
#ifndef CONGVU_MODEL_KIND_H
#define CONGVU_MODEL_KIND_H

#include <congvu/base/json.h>
#include <stdbool.h>

/* name, wire word, collection in URLs, catalogue (sent to everyone) */
#define CV_KIND_TABLE(X)                                                                                               \
	X(REPORT, "report", "reports", false)                                                                          \
	X(WORKDAY, "workday", "workdays", false)                                                                       \
	X(USER, "user", "users", true)                                                                                 \
	X(UNIT, "unit", "units", true)                                                                                 \
	X(POLICY, "policy", "policies", true)                                                                          \
	X(HOLIDAY, "holiday", "holidays", true)                                                                        \
	X(PROCEDURE, "procedure", "procedures", true)                                                                  \
	X(DOSSIER, "dossier", "dossiers", false)                                                                       \
	X(TASK, "task", "tasks", false)                                                                                \
	X(DUTY, "duty", "duties", false)

enum cv_kind {
#define X(name, word, collection, catalogue) CV_KIND_##name,
	CV_KIND_TABLE(X)
#undef X
		CV_KIND_COUNT,
	CV_KIND_UNKNOWN = CV_KIND_COUNT /* from a newer server: kept, shown generically */
};

const char *cv_kind_word(enum cv_kind kind);
const char *cv_kind_collection(enum cv_kind kind);
bool cv_kind_catalogue(enum cv_kind kind);
enum cv_kind cv_kind_of(const char *word);
enum cv_kind cv_kind_of_collection(const char *word);

#define CV_ID_MAX 120 /* bytes; printable ASCII without blanks */
bool cv_id_valid(const char *id);
/* "r:<user>:<date>:<slot>" and "w:<user>:<date>"; out has CV_ID_MAX + 1 bytes. */
void cv_id_report(char *out, const char *user, const char *date, const char *slot);
void cv_id_workday(char *out, const char *user, const char *date);
/* login names: [a-z][a-z0-9_.-]{0,31} */
bool cv_login_valid(const char *name);

/* Fields only the server sets; a drawn object carries them provisionally. Ends with NULL. */
const char *const *cv_kind_server_fields(enum cv_kind kind);

/* What lists are sorted and filtered by, the same on both sides. Strings are borrowed from the object. */
struct cv_row {
	const char *user; /* owner, assignee or the user itself; "" if none */
	const char *unit; /* "" if none: for reports and workdays the owner's home unit comes from look-ups */
	const char *date; /* "2026-11-22" or "" */
	const char *slot; /* "" if none */
	const char *step;
	const char *code;
	const char *mark; /* "r" a dossier that was sent back, else "" */
	int status;
	int64_t due;	  /* CV_TIME_NONE */
	int64_t received; /* CV_TIME_NONE */
};
void cv_row_of(struct cv_row *out, enum cv_kind kind, const struct cv_json *object);
/* What a list shows and a search looks through, without the whole object. NULL: this kind has no such line. Owned. */
char *cv_row_line(enum cv_kind kind, const struct cv_json *object);
/* The parts of such a line; borrowed pieces of `line`, which is cut. */
struct cv_line {
	const char *applicant, *procedure;
	const char *folded; /* code, aliases, applicant, phone, procedure, note texts: folded for search */
};
void cv_line_cut(struct cv_line *out, char *line);

#endif
