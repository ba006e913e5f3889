/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A day's registered work with its results. Registering appends; n is a number for people, given once and never used
 * again; a day is recorded when every item is final.
 */
#include "ops.h"
#include "verdict.h"

#include <congvu/base/mem.h>
#include <congvu/base/time.h>

#include <string.h>

#define LATEST_DAYS   7
#define FURTHEST_DAYS 60

static bool final_state(const char *state)
{
	return strcmp(state, "done") == 0 || strcmp(state, "partial") == 0 || strcmp(state, "dropped") == 0;
}

static const char *state_of(const struct cv_json *workday)
{
	const struct cv_json *items = cv_json_array_of(workday, "items");

	CV_JSON_EACH (item, items)
		if (!final_state(cv_json_s(item, "state")))
			return "registered";
	return cv_json_count(items) > 0 ? "recorded" : "registered";
}

/* Owner out of "w:<user>:<date>", checked against the date. */
static bool owner_of(char *owner, size_t size, const char *id, const char *date)
{
	char expected[CV_ID_MAX + 1];
	const char *end = strrchr(id, ':');

	if (strncmp(id, "w:", 2) != 0 || end == NULL || end <= id + 2 || (size_t)(end - id - 2) >= size)
		return false;
	memcpy(owner, id + 2, (size_t)(end - id - 2));
	owner[end - id - 2] = '\0';
	cv_id_workday(expected, owner, date);
	return cv_login_valid(owner) && strcmp(expected, id) == 0;
}

static bool may_register(const struct cv_ctx *ctx, const char *owner, const struct cv_json *args,
			 const struct cv_act *act)
{
	const struct cv_json *user;

	if (strcmp(owner, act->user) == 0)
		return (act->rights & CV_RIGHT_REPORT_WRITE) != 0 &&
		       cv_ctx_get(ctx, CV_KIND_USER, owner, &user) != CV_ABSENT;
	return strcmp(cv_json_s(args, "place"), "leave") == 0 && cv_json_count(cv_json_get(args, "items")) == 0 &&
	       (act->rights & CV_RIGHT_REVIEW) != 0 && cv_heads(ctx, act->user, owner) != CV_ABSENT;
}

static bool same_item(const struct cv_json *have, const struct cv_json *want)
{
	static const char *const fields[] = {"title", "expected", "deadline", "dossier"};

	for (size_t i = 0; i < CV_COUNT(fields); i++)
		if (strcmp(cv_json_s(have, fields[i]), cv_json_s(want, fields[i])) != 0)
			return false;
	return true;
}

static struct cv_json *new_item(const struct cv_json *want, int64_t n)
{
	static const char *const fields[] = {"eid", "title", "expected", "deadline", "dossier"};
	struct cv_json *item = cv_json_new_object();

	for (size_t i = 0; i < CV_COUNT(fields); i++)
		if (cv_json_s(want, fields[i])[0] != '\0')
			cv_json_set_str(item, fields[i], cv_json_s(want, fields[i]));
	cv_json_set_int(item, "n", n);
	cv_json_set_str(item, "state", "planned");
	cv_json_set_int(item, "percent", 0);
	return item;
}

/* Appends what is new; *bad when an eid is there with other content. Returns how many were added. */
static int append(struct cv_json *workday, const struct cv_json *items, bool *bad)
{
	int added = 0;
	int64_t n = cv_json_int(workday, "last_n", 0);

	CV_JSON_EACH (want, items) {
		const struct cv_json *have = cv_element(workday, "items", cv_json_s(want, "eid"));
		if (have != NULL) {
			*bad = *bad || !same_item(have, want);
			continue;
		}
		cv_json_push(cv_array_in(workday, "items"), new_item(want, ++n));
		added++;
	}
	cv_json_set_int(workday, "last_n", n);
	return added;
}

static bool set_place(struct cv_json *workday, const struct cv_json *args)
{
	const char *place = cv_json_str(args, "place"), *pm = cv_json_str(args, "place_pm");
	bool changed = false;

	if (place != NULL && strcmp(cv_json_s(workday, "place"), place) != 0) {
		cv_json_set_str(workday, "place", place);
		changed = true;
	}
	if (place != NULL && pm == NULL && cv_json_get(workday, "place_pm") != NULL) {
		cv_json_remove(workday, "place_pm");
		changed = true;
	}
	if (pm != NULL && strcmp(cv_json_s(workday, "place_pm"), pm) != 0) {
		cv_json_set_str(workday, "place_pm", pm);
		changed = true;
	}
	return changed;
}

static struct cv_json *new_day(const char *owner, const char *date)
{
	struct cv_json *workday = cv_json_new_object();

	cv_json_set_str(workday, "user", owner);
	cv_json_set_str(workday, "date", date);
	cv_json_set_str(workday, "place", "home");
	cv_json_set(workday, "items", cv_json_new_array());
	cv_json_set(workday, "seen", cv_json_new_array());
	return workday;
}

static void do_register(const char *owner, const struct cv_json *object, const struct cv_json *args,
			const struct cv_act *act, struct cv_outcome *out)
{
	bool bad = false;
	char at[CV_TIME_SIZE];
	struct cv_json *workday = object != NULL ? cv_json_dup(object) : new_day(owner, cv_json_s(args, "date"));
	int added = append(workday, cv_json_get(args, "items"), &bad);
	bool moved = set_place(workday, args);

	if (bad) {
		cv_reject(out, "eid", _("việc này đã có nội dung khác"));
	} else if (object == NULL && added == 0 && cv_json_str(args, "place") == NULL) {
		cv_reject(out, "items", _("chưa có việc nào để đăng ký"));
	} else if (object != NULL && added == 0 && !moved) {
		cv_accept(out, CV_ST_NOOP, NULL);
	} else {
		cv_time_format(act->at, at);
		if (cv_json_get(workday, "registered_at") == NULL && added > 0)
			cv_json_set_str(workday, "registered_at", at);
		/* Another place alone takes back no review and no return. */
		if (added > 0 || object == NULL)
			cv_json_set_str(workday, "state", state_of(workday));
		cv_accept(out, CV_ST_APPLIED, workday);
		return;
	}
	cv_json_destroy(workday);
}

void cv_workday_register(const struct cv_ctx *ctx, const char *id, const struct cv_json *object,
			 const struct cv_json *args, const struct cv_act *act, struct cv_outcome *out)
{
	char owner[40];
	int32_t date = 0, today = cv_date_of(act->now);

	cv_date_parse(cv_json_s(args, "date"), &date);
	if (!owner_of(owner, sizeof(owner), id, cv_json_s(args, "date")))
		cv_reject(out, "id", _("mã ngày làm việc không khớp người và ngày"));
	else if (!may_register(ctx, owner, args, act))
		cv_forbid(out);
	else if (date < today - LATEST_DAYS || date > today + FURTHEST_DAYS)
		cv_reject(out, "date", _("chỉ đăng ký từ 7 ngày trước đến 60 ngày tới"));
	else if (strcmp(cv_json_s(object, "state"), "locked") == 0)
		cv_reject(out, "date", _("ngày này đã khóa sổ"));
	else
		do_register(owner, object, args, act, out);
}

/* Copies what is said over what was; true if anything changed. */
static bool record_item(struct cv_json *item, const struct cv_json *args)
{
	static const char *const fields[] = {"state", "percent", "hours", "result"};
	bool changed = false;

	for (size_t i = 0; i < CV_COUNT(fields); i++) {
		const struct cv_json *value = cv_json_get(args, fields[i]);
		if (value == NULL || cv_json_is(value, CV_JSON_NULL) ||
		    (cv_json_get(item, fields[i]) != NULL && cv_json_equal(cv_json_get(item, fields[i]), value)))
			continue;
		cv_json_set(item, fields[i], cv_json_dup(value));
		changed = true;
	}
	if (strcmp(cv_json_s(args, "state"), "done") == 0 && cv_json_get(args, "percent") == NULL &&
	    cv_json_int(item, "percent", 0) != 100) {
		cv_json_set_int(item, "percent", 100);
		changed = true;
	}
	return changed;
}

void cv_workday_record(const struct cv_ctx *ctx, const char *id, const struct cv_json *object,
		       const struct cv_json *args, const struct cv_act *act, struct cv_outcome *out)
{
	(void)ctx;
	(void)id;
	if (object == NULL || strcmp(cv_json_s(object, "user"), act->user) != 0) {
		cv_forbid(out);
		return;
	}
	if (strcmp(cv_json_s(object, "state"), "locked") == 0) {
		cv_reject(out, "eid", _("ngày này đã khóa sổ"));
		return;
	}
	struct cv_json *workday = cv_json_dup(object);
	struct cv_json *item = cv_element(workday, "items", cv_json_s(args, "eid"));
	if (item != NULL && record_item(item, args)) {
		char at[CV_TIME_SIZE];
		cv_time_format(act->at, at);
		cv_json_set_str(workday, "state", state_of(workday));
		cv_json_set_str(workday, "recorded_at", at);
		cv_accept(out, CV_ST_APPLIED, workday);
		return;
	}
	cv_json_destroy(workday);
	if (item == NULL)
		cv_reject(out, "eid", _("không có việc này trong ngày"));
	else
		cv_accept(out, CV_ST_NOOP, NULL);
}

static bool may_review(const struct cv_ctx *ctx, const struct cv_json *object, const struct cv_act *act)
{
	return object != NULL && cv_heads(ctx, act->user, cv_json_s(object, "user")) != CV_ABSENT;
}

static void judge_day(const struct cv_json *object, const struct cv_json *args, const struct cv_act *act,
		      const char *state, struct cv_outcome *out)
{
	static const char *const fields[] = {"progress", "quality", "comment"};
	char at[CV_TIME_SIZE];
	const struct cv_json *old = cv_json_object_of(object, "review");
	if (strcmp(cv_json_s(object, "state"), "locked") == 0) {
		cv_reject(out, "date", _("ngày này đã khóa sổ"));
		return;
	}
	bool same = strcmp(cv_json_s(object, "state"), state) == 0 && strcmp(cv_json_s(old, "by"), act->user) == 0;
	struct cv_json *review = cv_json_new_object();

	cv_time_format(act->at, at);
	cv_json_set_str(review, "by", act->user);
	cv_json_set_str(review, "at", at);
	for (size_t i = 0; i < CV_COUNT(fields); i++) {
		const struct cv_json *value = cv_json_get(args, fields[i]), *before = cv_json_get(old, fields[i]);
		bool absent = value == NULL || cv_json_is(value, CV_JSON_NULL);
		same = same && (absent ? before == NULL : before != NULL && cv_json_equal(before, value));
		if (!absent)
			cv_json_set(review, fields[i], cv_json_dup(value));
	}
	if (same) {
		cv_json_destroy(review);
		cv_accept(out, CV_ST_NOOP, NULL);
		return;
	}
	struct cv_json *workday = cv_json_dup(object);
	cv_json_set(workday, "review", review);
	cv_json_set_str(workday, "state", state);
	cv_accept(out, CV_ST_APPLIED, workday);
}

void cv_workday_review(const struct cv_ctx *ctx, const char *id, const struct cv_json *object,
		       const struct cv_json *args, const struct cv_act *act, struct cv_outcome *out)
{
	(void)id;
	if (may_review(ctx, object, act))
		judge_day(object, args, act, "reviewed", out);
	else
		cv_forbid(out);
}

void cv_workday_return(const struct cv_ctx *ctx, const char *id, const struct cv_json *object,
		       const struct cv_json *args, const struct cv_act *act, struct cv_outcome *out)
{
	(void)id;
	if (may_review(ctx, object, act))
		judge_day(object, args, act, "returned", out);
	else
		cv_forbid(out);
}

void cv_workday_see(const struct cv_ctx *ctx, const char *id, const struct cv_json *object, const struct cv_json *args,
		    const struct cv_act *act, struct cv_outcome *out)
{
	(void)id;
	(void)args;
	if (may_review(ctx, object, act))
		cv_mark_seen(object, act, out);
	else
		cv_forbid(out);
}
