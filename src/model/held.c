/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the time of a dossier went: out of its history, one row of this table an act. */
#include <congvu/base/mem.h>
#include <congvu/base/time.h>
#include <congvu/model/deadline.h>
#include <congvu/model/dossier.h>
#include <congvu/model/held.h>

#include <string.h>

enum holder { DESK, UNASSIGNED, WORKING, HEAD, LEADER, ISSUE, CITIZEN, OTHER, NOBODY, SAME, BY_ROUTE, BEFORE };
static const char *const words[] = {"desk", "unassigned", "working", "head", "leader", "issue", "citizen", "other", ""};

static const struct {
	const char *op;
	enum holder then;
} acts[] = {
	{"new", DESK},
	{"accept", DESK},
	{"forward", UNASSIGNED},
	{"reroute", UNASSIGNED},
	{"assign", WORKING},
	{"start", WORKING},
	{"recall", WORKING},
	{"return", WORKING},
	{"rework", WORKING},
	{"receive-supplement", WORKING},
	{"confirm-payment", WORKING},
	{"submit", BY_ROUTE},
	{"endorse", BY_ROUTE},
	{"approve", ISSUE},
	{"request-supplement", CITIZEN},
	{"request-payment", CITIZEN},
	{"request-withdrawal", CITIZEN},
	{"settle-withdrawal", BEFORE},
	{"issue", NOBODY},
	{"refuse", NOBODY},
	{"stop", NOBODY},
	{"deliver", NOBODY},
};

static enum holder after(const char *op)
{
	for (size_t i = 0; i < CV_COUNT(acts); i++)
		if (strcmp(acts[i].op, op) == 0)
			return acts[i].then;
	return SAME;
}

static enum holder at_place(const struct cv_json *dossier)
{
	static const enum holder places[CV_PLACE_COUNT] = {
		[CV_PLACE_NEW] = DESK,		 [CV_PLACE_RECEIVED] = DESK,
		[CV_PLACE_REFUSED] = NOBODY,	 [CV_PLACE_UNASSIGNED] = UNASSIGNED,
		[CV_PLACE_WORKING] = WORKING,	 [CV_PLACE_AT_HEAD] = HEAD,
		[CV_PLACE_AT_LEADER] = LEADER,	 [CV_PLACE_APPROVED] = ISSUE,
		[CV_PLACE_SUPPLEMENT] = CITIZEN, [CV_PLACE_PAYMENT] = CITIZEN,
		[CV_PLACE_WITHDRAWAL] = CITIZEN, [CV_PLACE_STOPPED] = NOBODY,
		[CV_PLACE_DONE] = NOBODY,	 [CV_PLACE_DELIVERED] = NOBODY,
	};
	enum cv_place place = cv_dossier_place(dossier);

	return place < CV_PLACE_COUNT ? places[place] : OTHER;
}

/* Taking it in (--take) and forwarding may assign in the same act; reroute may go to the desk: the next act tells. */
static enum holder told_by_next(enum holder now, const char *next)
{
	static const char *const by_assignee[] = {"submit", "request-supplement", "request-payment"};

	if (now != DESK && now != UNASSIGNED)
		return now;
	if (strcmp(next, "forward") == 0)
		return DESK;
	for (size_t i = 0; i < CV_COUNT(by_assignee); i++)
		if (strcmp(next, by_assignee[i]) == 0)
			return WORKING;
	return now;
}

static enum holder by_route(const char *route, const char *op)
{
	bool endorsed = strcmp(op, "endorse") == 0;

	if (strcmp(route, "desk") == 0)
		return ISSUE;
	if (strcmp(route, "leader") == 0)
		return LEADER;
	return !endorsed ? HEAD : strcmp(route, "head") == 0 ? ISSUE : LEADER;
}

/* The next act that moves, or NULL: notes and edits in between do not. */
static const struct cv_json *next_move(const struct cv_json *row)
{
	for (row = cv_json_next(row); row != NULL; row = cv_json_next(row))
		if (after(cv_json_s(row, "op")) != SAME)
			return row;
	return NULL;
}

static int64_t moment(const struct cv_json *row)
{
	int64_t t;

	if (cv_time_parse(cv_json_str(row, "recv"), &t) || cv_time_parse(cv_json_str(row, "at"), &t))
		return t;
	return CV_TIME_NONE;
}

void cv_dossier_held(struct cv_json *into, const struct cv_ctx *ctx, const struct cv_json *dossier, int64_t now)
{
	const char *unit = cv_json_s(dossier, "unit");
	const char *route = cv_json_s(cv_json_object_of(dossier, "rule"), "route");
	enum holder holder = at_place(dossier), before = DESK;
	int days[NOBODY + 1] = {0};
	struct cv_json *held = cv_json_new_object();

	cv_json_set_str(into, "held_by", words[holder]);
	CV_JSON_EACH (row, cv_json_array_of(dossier, "history")) {
		const char *op = cv_json_s(row, "op");
		enum holder then = after(op);
		if (then == SAME)
			continue;
		const struct cv_json *next = next_move(row);
		int64_t from = moment(row), to = next != NULL ? moment(next) : now;
		then = then == BY_ROUTE ? by_route(route, op) : then == BEFORE ? before : then;
		then = next != NULL ? told_by_next(then, cv_json_s(next, "op")) : holder;
		if (then != CITIZEN)
			before = then;
		if (from != CV_TIME_NONE && to != CV_TIME_NONE)
			days[then] += cv_working_days(ctx, unit, cv_date_of(from), cv_date_of(to));
	}
	for (int h = 0; h < NOBODY; h++)
		if (days[h] > 0)
			cv_json_set_int(held, words[h], days[h]);
	cv_json_set(into, "held", held);
}
