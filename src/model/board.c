/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The head's board and a person's day: pure functions of objects. */
#include <congvu/base/mem.h>
#include <congvu/base/text.h>
#include <congvu/base/time.h>
#include <congvu/model/board.h>
#include <congvu/model/policy.h>
#include <congvu/model/slot.h>

#include <stdlib.h>
#include <string.h>

struct day {
	const struct cv_ctx *ctx;
	const struct cv_json *user, *policy;
	const struct cv_json *workday; /* borrowed, NULL if none */
	struct cv_slot slots[CV_SLOT_MAX];
	int count;
	int32_t date;
	int64_t now;
	char text[CV_DATE_SIZE];
};

static void look(struct day *d)
{
	char id[CV_ID_MAX + 1];

	d->count = cv_slots(d->slots, d->policy);
	cv_date_format(d->date, d->text);
	cv_id_workday(id, cv_json_s(d->user, "id"), d->text);
	cv_ctx_get(d->ctx, CV_KIND_WORKDAY, id, &d->workday);
}

static const struct cv_json *report_of(const struct day *d, const struct cv_slot *slot)
{
	char id[CV_ID_MAX + 1];
	const struct cv_json *report;

	cv_id_report(id, cv_json_s(d->user, "id"), d->text, slot->name);
	return cv_ctx_get(d->ctx, CV_KIND_REPORT, id, &report) == CV_FOUND ? report : NULL;
}

static const char *cell(const struct day *d, const struct cv_slot *slot)
{
	const struct cv_json *report = report_of(d, slot);

	if (report != NULL)
		return cv_json_str(report, "judged") != NULL ? cv_json_s(report, "judged") : "on_time";
	if (!cv_slot_expected(d->ctx, d->policy, d->user, d->date, slot))
		return "exempt";
	return d->now < cv_date_at(d->date, slot->at + slot->grace) ? "pending" : "missing";
}

static bool exempt_all_day(const struct day *d)
{
	for (int i = 0; i < d->count; i++)
		if (cv_slot_expected(d->ctx, d->policy, d->user, d->date, &d->slots[i]))
			return false;
	return true;
}

static struct cv_json *person(const struct day *d)
{
	struct cv_json *row = cv_json_new_object(), *cells = cv_json_new_object();
	bool items = cv_json_count(cv_json_array_of(d->workday, "items")) > 0;

	cv_json_set_str(row, "user", cv_json_s(d->user, "id"));
	cv_json_set_str(row, "name", cv_json_s(d->user, "name"));
	cv_json_set_str(row, "place", cv_json_s(d->workday, "place"));
	if (cv_json_str(d->workday, "place_pm") != NULL)
		cv_json_set_str(row, "place_pm", cv_json_s(d->workday, "place_pm"));
	if (exempt_all_day(d))
		cv_json_set_null(row, "registered");
	else
		cv_json_set_bool(row, "registered", items);
	const char *state = cv_json_s(d->workday, "state");
	cv_json_set_str(row, "workday", items && state[0] != '\0' ? state : "none");
	cv_json_set_str(row, "phone", cv_json_s(d->user, "phone"));
	for (int i = 0; i < d->count; i++)
		cv_json_set_str(cells, d->slots[i].name, cell(d, &d->slots[i]));
	cv_json_set(row, "slots", cells);
	cv_json_set_int(row, "late_dossiers", 0);
	cv_json_set_int(row, "load", 0);
	return row;
}

/* Who is missing something stands first, who is on leave last. */
static int rank(const struct cv_json *row)
{
	CV_JSON_EACH (c, cv_json_object_of(row, "slots"))
		if (strcmp(cv_json_string(c), "missing") == 0)
			return 0;
	return cv_json_is(cv_json_get(row, "registered"), CV_JSON_NULL) ? 2 : 1;
}

static int by_need(const void *a, const void *b)
{
	const struct cv_json *x = *(struct cv_json *const *)a, *y = *(struct cv_json *const *)b;

	if (rank(x) != rank(y))
		return rank(x) - rank(y);
	int order = cv_name_collate(cv_json_s(x, "name"), cv_json_s(y, "name"));
	/* Namesakes stand in the same order on every machine. */
	return order != 0 ? order : strcmp(cv_json_s(x, "user"), cv_json_s(y, "user"));
}

static struct cv_json *sorted(struct cv_json *people)
{
	size_t n = cv_json_count(people), i = 0;
	struct cv_json **rows = cv_reallocarray(NULL, n + 1, sizeof(*rows));
	struct cv_json *out = cv_json_new_array();

	CV_JSON_EACH (row, people)
		rows[i++] = row;
	qsort(rows, n, sizeof(*rows), by_need);
	for (i = 0; i < n; i++)
		cv_json_push(out, cv_json_dup(rows[i]));
	free(rows);
	cv_json_destroy(people);
	return out;
}

static bool given(const char *state)
{
	return strcmp(state, "on_time") == 0 || strcmp(state, "caught_up") == 0 || strcmp(state, "late") == 0;
}

static struct cv_json *totals(const struct cv_json *people, const struct cv_slot *slots, int count)
{
	struct cv_json *out = cv_json_new_object();
	int64_t registered = 0;

	CV_JSON_EACH (row, people)
		registered += cv_json_bool(row, "registered", false);
	cv_json_set_int(out, "registered", registered);
	for (int i = 0; i < count; i++) {
		int64_t n = 0;
		CV_JSON_EACH (row, people)
			n += given(cv_json_s(cv_json_object_of(row, "slots"), slots[i].name));
		cv_json_set_int(out, slots[i].name, n);
	}
	cv_json_set_int(out, "people", (int64_t)cv_json_count(people));
	return out;
}

static bool expected_person(const struct cv_json *policy, const struct cv_json *user)
{
	if (!cv_json_bool(user, "active", true))
		return false;
	CV_JSON_EACH (role, cv_json_array_of(policy, "expected_roles"))
		if (cv_json_string(role) != NULL && cv_user_has_role(user, cv_json_string(role)))
			return true;
	return false;
}

static void add_load(struct cv_json *row, const struct cv_json *load)
{
	cv_json_set_int(row, "late_dossiers", cv_json_int(load, "late_dossiers", 0));
	cv_json_set_int(row, "load", cv_json_int(load, "load", 0));
}

static struct cv_json *people_of(const struct cv_board_in *in)
{
	struct cv_json *people = cv_json_new_array();

	CV_JSON_EACH (user, in->users) {
		const char *unit = cv_user_unit(user);
		if (cv_unit_within(in->ctx, unit, in->unit) != CV_FOUND)
			continue;
		struct cv_json *policy = cv_policy_resolve(in->ctx, unit);
		if (expected_person(policy, user)) {
			struct day d = {
				.ctx = in->ctx, .user = user, .policy = policy, .date = in->date, .now = in->now};
			look(&d);
			struct cv_json *row = person(&d);
			cv_json_set_str(row, "last_seen", cv_json_str(in->last_seen, cv_json_s(user, "id")));
			if (cv_json_get(row, "last_seen") == NULL)
				cv_json_set_null(row, "last_seen");
			add_load(row, cv_json_object_of(in->loads, cv_json_s(user, "id")));
			cv_json_push(people, row);
		}
		cv_json_destroy(policy);
	}
	return sorted(people);
}

struct cv_json *cv_board(const struct cv_board_in *in)
{
	struct cv_slot slots[CV_SLOT_MAX];
	char date[CV_DATE_SIZE];
	struct cv_json *policy = cv_policy_resolve(in->ctx, in->unit);
	struct cv_json *board = cv_json_new_object(), *names = cv_json_new_array();
	struct cv_json *people = people_of(in);
	int count = cv_slots(slots, policy);

	cv_date_format(in->date, date);
	for (int i = 0; i < count; i++)
		cv_json_push(names, cv_json_new_string(slots[i].name));
	cv_json_set_str(board, "date", date);
	cv_json_set_str(board, "unit", in->unit);
	cv_json_set(board, "slots", names);
	cv_json_set(board, "totals", totals(people, slots, count));
	cv_json_set(board, "people", people);
	cv_json_destroy(policy);
	return board;
}

struct cv_json *cv_day_of(const struct cv_ctx *ctx, const struct cv_json *user, int32_t date, int64_t now)
{
	struct cv_json *policy = cv_policy_resolve(ctx, cv_user_unit(user));
	struct day d = {.ctx = ctx, .user = user, .policy = policy, .date = date, .now = now};

	look(&d);
	struct cv_json *row = person(&d);
	cv_json_set_str(row, "date", d.text);
	cv_json_destroy(policy);
	return row;
}
