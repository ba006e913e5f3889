/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Due dates; each step is kept for "vì sao hạn này". */
#include "dossier.h"

#include <congvu/base/mem.h>
#include <congvu/base/time.h>
#include <congvu/model/deadline.h>
#include <congvu/model/policy.h>
#include <congvu/model/slot.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SAME_DAY_UNTIL (15 * 60) /* minute of the day: domain 2.5, the 15:00 rule */
#define HORIZON	       4000	 /* days: no term is longer, a calendar without working days ends the walk */
#define SPANS	       8

struct span {
	int from, to; /* minutes of the day */
};
struct clock {
	const struct cv_ctx *ctx;
	const char *unit;
	int close_at;
	struct span spans[SPANS];
	int span_count;
	struct cv_json *steps;
};

static bool working(const struct clock *c, int32_t day)
{
	return cv_day_working_in(c->ctx, c->unit, day);
}

static int32_t next_working(const struct clock *c, int32_t day)
{
	for (int i = 0; i < HORIZON; i++)
		if (working(c, ++day))
			return day;
	return day;
}

static void step(struct clock *c, int32_t day, const char *what, int64_t left)
{
	char date[CV_DATE_SIZE];
	struct cv_json *row = cv_json_new_object();

	cv_date_format(day, date);
	cv_json_set_str(row, "date", date);
	cv_json_set_str(row, "what", what);
	cv_json_set_int(row, "left", left);
	cv_json_push(c->steps, row);
}

static void read_hours(struct clock *c, const struct cv_json *policy)
{
	CV_JSON_EACH (item, cv_json_array_of(policy, "hours")) {
		char from[8] = "";
		const char *text = cv_json_string(item), *dash = text != NULL ? strchr(text, '-') : NULL;
		if (dash == NULL || (size_t)(dash - text) >= sizeof(from) || c->span_count == SPANS)
			continue;
		memcpy(from, text, (size_t)(dash - text));
		struct span s = {cv_clock_parse(from), cv_clock_parse(dash + 1)};
		if (s.from >= 0 && s.to > s.from)
			c->spans[c->span_count++] = s;
	}
}

static void clock_init(struct clock *c, const struct cv_ctx *ctx, const char *unit)
{
	struct cv_json *policy = cv_policy_resolve(ctx, unit);

	*c = (struct clock){.ctx = ctx, .unit = unit, .steps = cv_json_new_array()};
	c->close_at = cv_clock_parse(cv_json_s(policy, "close_at"));
	if (c->close_at < 0)
		c->close_at = 17 * 60;
	read_hours(c, policy);
	cv_json_destroy(policy);
}

/* The day from which days are counted; says why it is another one than that of the moment. */
static int32_t day_zero(struct clock *c, int64_t moment, int left)
{
	int32_t day = cv_date_of(moment);

	if (!working(c, day)) {
		step(c, day, _("ngày nghỉ, tính từ ngày làm việc kế tiếp"), left);
		return next_working(c, day);
	}
	if (cv_minute_of(moment) >= c->close_at) {
		step(c, day, _("sau giờ làm việc, tính từ ngày làm việc kế tiếp"), left);
		return next_working(c, day);
	}
	return day;
}

/* Counts `left` working days on from `day`, at most to `stop` (inclusive); returns where it stands. */
static int32_t count_days(struct clock *c, int32_t day, int *left, int32_t stop)
{
	for (int i = 0; *left > 0 && day < stop && i < HORIZON; i++) {
		day++;
		if (working(c, day)) {
			step(c, day, _("ngày làm việc"), --*left);
		} else {
			step(c, day, cv_weekday(day) >= 6 ? _("ngày nghỉ cuối tuần") : _("ngày nghỉ lễ"), *left);
		}
	}
	return day;
}

static void days_due(struct clock *c, const struct cv_term *t, struct cv_due *out)
{
	int left = t->days;
	int32_t day;

	step(c, cv_date_of(t->received), _("tiếp nhận"), left);
	day = day_zero(c, t->received, left);
	if (t->days == 0 && day == cv_date_of(t->received) && cv_minute_of(t->received) >= SAME_DAY_UNTIL) {
		step(c, day, _("nhận sau 15 giờ, trả ngày làm việc sau"), 0);
		day = next_working(c, day);
	}
	for (size_t i = 0; i < t->pause_count; i++) {
		const struct cv_pause *p = &t->pauses[i];
		day = count_days(c, day, &left, cv_date_of(p->from));
		step(c, cv_date_of(p->from), _("tạm dừng"), left);
		if (p->to == CV_TIME_NONE) {
			out->paused = true;
			return;
		}
		if (t->restart)
			left = t->days;
		step(c, cv_date_of(p->to), t->restart ? _("tính lại từ đầu") : _("tiếp tục tính"), left);
		day = day_zero(c, p->to, left);
	}
	day = count_days(c, day, &left, INT32_MAX);
	step(c, day, _("hẹn trả"), 0);
	out->at = cv_date_at(day, c->close_at);
}

/* Runs `left` working minutes from `t`, at most until `stop`; returns the moment. */
static int64_t count_minutes(struct clock *c, int64_t t, int64_t *left, int64_t stop)
{
	int32_t day = cv_date_of(t);

	for (int i = 0; *left > 0 && i < HORIZON; i++, day++) {
		int64_t before = *left;
		for (int s = 0; *left > 0 && working(c, day) && s < c->span_count; s++) {
			int64_t from = cv_date_at(day, c->spans[s].from), to = cv_date_at(day, c->spans[s].to);
			from = from < t ? t : from;
			to = to > stop ? stop : to;
			if (to <= from)
				continue;
			int64_t room = (to - from) / 60000;
			int64_t used = room < *left ? room : *left;
			*left -= used;
			t = from + used * 60000;
		}
		if (before != *left)
			step(c, day, _("giờ làm việc"), *left);
		if (cv_date_at(day + 1, 0) > stop)
			return *left > 0 ? stop : t;
	}
	return t;
}

static void hours_due(struct clock *c, const struct cv_term *t, struct cv_due *out)
{
	int64_t left = 60LL * t->hours, now = t->received;

	step(c, cv_date_of(now), _("tiếp nhận"), left);
	for (size_t i = 0; i < t->pause_count; i++) {
		const struct cv_pause *p = &t->pauses[i];
		count_minutes(c, now, &left, p->from);
		step(c, cv_date_of(p->from), _("tạm dừng"), left);
		if (p->to == CV_TIME_NONE) {
			out->paused = true;
			return;
		}
		if (t->restart)
			left = 60LL * t->hours;
		step(c, cv_date_of(p->to), t->restart ? _("tính lại từ đầu") : _("tiếp tục tính"), left);
		now = p->to;
	}
	now = count_minutes(c, now, &left, INT64_MAX - CV_DAY_MS);
	step(c, cv_date_of(now), _("hẹn trả"), 0);
	out->at = now;
}

void cv_due_compute(struct cv_due *out, const struct cv_ctx *ctx, const struct cv_term *term)
{
	struct clock c;

	clock_init(&c, ctx, term->unit);
	*out = (struct cv_due){.at = CV_TIME_NONE, .steps = c.steps};
	if (term->received == CV_TIME_NONE)
		return;
	if (term->days >= 0)
		days_due(&c, term, out);
	else if (term->hours >= 0)
		hours_due(&c, term, out);
	else
		step(&c, cv_date_of(term->received), _("thủ tục không có thời hạn"), 0);
}

void cv_due_finish(struct cv_due *due)
{
	cv_json_destroy(due->steps);
	due->steps = NULL;
}

int cv_working_days(const struct cv_ctx *ctx, const char *unit, int32_t from, int32_t to)
{
	int n = 0, sign = to < from ? -1 : 1;
	int32_t low = sign < 0 ? to : from, high = sign < 0 ? from : to;

	if (high - low > HORIZON)
		low = high - HORIZON;
	for (int32_t day = low + 1; day <= high; day++)
		n += cv_day_working_in(ctx, unit, day) ? 1 : 0;
	return sign * n;
}

static const char *const words[] = {"none", "ok", "soon", "overdue", "paused", "early", "on_time", "late"};

const char *cv_due_state_word(enum cv_due_state state)
{
	return words[state];
}

/* End of the clock: state 9's time, else 10's, else 8's or 3's (QĐ 766). */
static int64_t moment(const struct cv_json *dossier, const char *key)
{
	int64_t t;

	return cv_time_parse(cv_json_str(dossier, key), &t) ? t : CV_TIME_NONE;
}

enum cv_due_state cv_due_state(const struct cv_ctx *ctx, const struct cv_json *dossier, int64_t now)
{
	int64_t due = moment(dossier, "due_at"), ended = moment(dossier, "ended_at");
	int64_t status = cv_json_int(dossier, "status", 0);

	if (status == 3 || status == 8)
		return CV_DUE_NONE;
	if (status >= 9 || (ended != CV_TIME_NONE && status >= 8))
		return due == CV_TIME_NONE || ended == CV_TIME_NONE ? CV_DUE_NONE
		       : ended > due				    ? CV_DUE_LATE
		       : cv_date_of(ended) < cv_date_of(due)	    ? CV_DUE_EARLY
								    : CV_DUE_ON_TIME;
	if (cv_dossier_paused(dossier))
		return CV_DUE_PAUSED;
	if (due == CV_TIME_NONE)
		return CV_DUE_NONE;
	if (now > due)
		return CV_DUE_OVERDUE;
	return cv_working_days(ctx, cv_json_s(dossier, "unit"), cv_date_of(now), cv_date_of(due)) <= 1 ? CV_DUE_SOON
												       : CV_DUE_OK;
}

void cv_due_words(char *out, const struct cv_ctx *ctx, const struct cv_json *dossier, int64_t now)
{
	enum cv_due_state state = cv_due_state(ctx, dossier, now);
	int64_t due = moment(dossier, "due_at");
	const char *unit = cv_json_s(dossier, "unit");

	out[0] = '\0';
	if (state == CV_DUE_PAUSED) {
		cv_strcopy(out, 40, _("tạm dừng"));
	} else if (state == CV_DUE_OVERDUE) {
		int n = cv_working_days(ctx, unit, cv_date_of(due), cv_date_of(now));
		if (n > 0)
			snprintf(out, 40, _("trễ %d ngày"), n);
		else
			cv_strcopy(out, 40, _("trễ hôm nay"));
	} else if (state == CV_DUE_OK || state == CV_DUE_SOON) {
		int n = cv_working_days(ctx, unit, cv_date_of(now), cv_date_of(due));
		if (n > 0)
			snprintf(out, 40, _("còn %d ngày"), n);
		else
			cv_strcopy(out, 40, _("hôm nay"));
	} else if (state != CV_DUE_NONE) {
		cv_strcopy(out, 40,
			   state == CV_DUE_EARLY     ? _("xong sớm")
			   : state == CV_DUE_ON_TIME ? _("xong đúng hạn")
						     : _("xong trễ"));
	}
}

void cv_due_of_dossier(struct cv_due *out, const struct cv_ctx *ctx, const struct cv_json *dossier)
{
	struct cv_json *rule = cv_dossier_rule(ctx, dossier);
	const struct cv_json *list = cv_json_array_of(dossier, "pauses");
	struct cv_pause *pauses = cv_reallocarray(NULL, cv_json_count(list) + 1, sizeof(*pauses));
	struct cv_term term = {.unit = cv_json_s(dossier, "unit"),
			       .received = moment(dossier, "received_at"),
			       .days = (int)cv_json_int(rule, "days", -1),
			       .hours = (int)cv_json_int(rule, "hours", -1),
			       .restart = strcmp(cv_json_s(rule, "pause"), "restart") == 0,
			       .pauses = pauses};

	CV_JSON_EACH (item, list)
		pauses[term.pause_count++] = (struct cv_pause){moment(item, "from"), moment(item, "to")};
	cv_due_compute(out, ctx, &term);
	free(pauses);
	cv_json_destroy(rule);
}
