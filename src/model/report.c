/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reports: one per person, date and slot; ad hoc ones without limit. Another text is a new revision, the old one is
 * kept. A script's revision never becomes current over a person's.
 */
#include "ops.h"
#include "verdict.h"

#include <congvu/base/mem.h>
#include <congvu/base/time.h>
#include <congvu/model/policy.h>
#include <congvu/model/slot.h>

#include <stdlib.h>
#include <string.h>

#define LATEST_DAYS 7
#define CAUGHT_UP   (72 * 3600 * 1000LL) /* as for slots: the client's clock is believed this long */

static const char *const texts[] = {"done", "doing", "blocked", "proposal"};
/* What makes two submissions the same one. */
static const char *const content[] = {"done",	"doing",  "blocked",	  "proposal", "health",
				      "counts", "urgent", "requested_by", "event",    "deadline"};

static bool same_content(const struct cv_json *report, const struct cv_json *args)
{
	for (size_t i = 0; i < CV_COUNT(content); i++) {
		const struct cv_json *a = cv_json_get(report, content[i]), *b = cv_json_get(args, content[i]);
		bool empty_a = a == NULL || (cv_json_string(a) != NULL && cv_json_string(a)[0] == '\0') ||
			       (cv_json_is(a, CV_JSON_BOOL) && !cv_json_bool(report, content[i], false));
		bool empty_b = b == NULL || (cv_json_string(b) != NULL && cv_json_string(b)[0] == '\0') ||
			       (cv_json_is(b, CV_JSON_BOOL) && !cv_json_bool(args, content[i], false)) ||
			       cv_json_is(b, CV_JSON_NULL);
		if (empty_a != empty_b || (!empty_a && !cv_json_equal(a, b)))
			return false;
	}
	return true;
}

static void copy_content(struct cv_json *report, const struct cv_json *args)
{
	for (size_t i = 0; i < CV_COUNT(content); i++) {
		const struct cv_json *value = cv_json_get(args, content[i]);
		bool empty = value == NULL || cv_json_is(value, CV_JSON_NULL) ||
			     (cv_json_string(value) != NULL && cv_json_string(value)[0] == '\0');
		if (empty)
			cv_json_remove(report, content[i]);
		else
			cv_json_set(report, content[i], cv_json_dup(value));
	}
}

/* One revision as the history keeps it. */
static struct cv_json *revision_of(const struct cv_json *from)
{
	static const char *const more[] = {"revision", "written_at", "received_at", "origin", "filled_from"};
	struct cv_json *revision = cv_json_new_object();

	copy_content(revision, from);
	for (size_t i = 0; i < CV_COUNT(more); i++)
		if (cv_json_get(from, more[i]) != NULL)
			cv_json_set(revision, more[i], cv_json_dup(cv_json_get(from, more[i])));
	return revision;
}

static void stamp(struct cv_json *report, const struct cv_json *args, const struct cv_act *act)
{
	char at[CV_TIME_SIZE], now[CV_TIME_SIZE];

	cv_time_format(act->at, at);
	cv_time_format(act->now, now);
	copy_content(report, args);
	cv_json_set_str(report, "written_at", at);
	cv_json_set_str(report, "received_at", now);
	cv_json_set_str(report, "origin", act->origin);
	cv_json_set_str(report, "filled_from", cv_json_str(args, "filled_from"));
}

static bool has_text(const struct cv_json *args)
{
	for (size_t i = 0; i < CV_COUNT(texts); i++) {
		const char *text = cv_json_s(args, texts[i]);
		if (strspn(text, " \t\n") < strlen(text))
			return true;
	}
	return cv_json_count(cv_json_object_of(args, "counts")) > 0;
}

static const char *when_refused(const struct cv_json *args, const struct cv_act *act)
{
	int32_t date = 0, today = cv_date_of(act->now);

	cv_date_parse(cv_json_s(args, "date"), &date);
	if (date > today)
		return _("ngày báo cáo chưa đến");
	return date < today - LATEST_DAYS ? _("chỉ nhận báo cáo của 7 ngày gần đây") : NULL;
}

/* The judging of a first revision; NULL for an ad hoc one without deadline. */
static const char *judged(const struct cv_json *policy, const struct cv_json *args, const struct cv_act *act)
{
	struct cv_slot slot;
	int32_t date;
	int64_t deadline;

	if (!cv_date_parse(cv_json_s(args, "date"), &date))
		return NULL;
	if (cv_slot_find(&slot, policy, cv_json_s(args, "slot")))
		return cv_judged_word(cv_judge(&slot, date, act->at, act->now));
	if (!cv_time_parse(cv_json_str(args, "deadline"), &deadline))
		return NULL;
	return cv_judged_word(act->now < deadline				      ? CV_JUDGED_ON_TIME
			      : act->at < deadline && act->now - act->at <= CAUGHT_UP ? CV_JUDGED_CAUGHT_UP
										      : CV_JUDGED_LATE);
}

static void first_revision(const struct cv_json *policy, const struct cv_json *args, const struct cv_act *act,
			   struct cv_outcome *out)
{
	struct cv_json *report = cv_json_new_object();
	const char *label = judged(policy, args, act);

	cv_json_set_str(report, "user", act->user);
	cv_json_set_str(report, "date", cv_json_s(args, "date"));
	cv_json_set_str(report, "slot", cv_json_s(args, "slot"));
	stamp(report, args, act);
	cv_json_set_str(report, "judged", label);
	cv_json_set_int(report, "revision", 1);
	cv_json_set(report, "revisions", cv_json_new_array());
	cv_json_set(report, "comments", cv_json_new_array());
	cv_json_set(report, "seen", cv_json_new_array());
	cv_accept(out, label != NULL && strcmp(label, "late") == 0 ? CV_ST_LATE : CV_ST_APPLIED, report);
}

static bool known_revision(const struct cv_json *object, const struct cv_json *args)
{
	CV_JSON_EACH (old, cv_json_array_of(object, "revisions"))
		if (cv_json_bool(old, "superseded", false) && same_content(old, args))
			return true;
	return false;
}

static void next_revision(const struct cv_json *object, const struct cv_json *args, const struct cv_act *act,
			  struct cv_outcome *out)
{
	bool beaten = strcmp(act->origin, "script") == 0 && strcmp(cv_json_s(object, "origin"), "person") == 0;

	bool same = same_content(object, args);

	if (same || (beaten && known_revision(object, args))) {
		cv_accept(out, CV_ST_NOOP, NULL);
		cv_strcopy(out->why, sizeof(out->why), same ? "same" : "superseded");
		return;
	}
	struct cv_json *report = cv_json_dup(object);
	int64_t number = cv_json_int(object, "revision", 1);
	if (beaten) {
		struct cv_json *shadow = cv_json_new_object();
		stamp(shadow, args, act);
		cv_json_set_bool(shadow, "superseded", true);
		cv_json_push(cv_array_in(report, "revisions"), shadow);
		cv_accept(out, CV_ST_NOOP, report);
		cv_strcopy(out->why, sizeof(out->why), "superseded");
		return;
	}
	cv_json_push(cv_array_in(report, "revisions"), revision_of(object));
	stamp(report, args, act);
	cv_json_set_int(report, "revision", number + 1);
	cv_accept(out, CV_ST_APPLIED, report);
}

/* The ids of ad hoc reports are made by the client: UUIDs of version 7, so that they sort by time. */
static bool uuid7(const char *id)
{
	if (strlen(id) != 36 || id[14] != '7' || strchr("89ab", id[19]) == NULL)
		return false;
	for (int i = 0; i < 36; i++) {
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;
		if (dash ? id[i] != '-' : strchr("0123456789abcdef", id[i]) == NULL)
			return false;
	}
	return true;
}

static bool slot_ok(const struct cv_json *policy, enum cv_found user, const char *id, const struct cv_json *args,
		    const struct cv_act *act, struct cv_outcome *out)
{
	char expected[CV_ID_MAX + 1];
	const char *slot = cv_json_s(args, "slot");
	struct cv_slot found;

	if (strcmp(slot, "adhoc") == 0) {
		if (cv_json_s(args, "requested_by")[0] != '\0' && cv_json_s(args, "deadline")[0] == '\0')
			cv_reject(out, "deadline", _("báo cáo theo yêu cầu phải có thời hạn"));
		else if (!uuid7(id))
			cv_reject(out, "id", _("mã báo cáo không đúng"));
		else
			return true;
		return false;
	}
	cv_id_report(expected, act->user, cv_json_s(args, "date"), slot);
	if (strcmp(id, expected) != 0)
		cv_reject(out, "id", _("mã báo cáo không khớp người, ngày, khung giờ"));
	else if (user != CV_UNKNOWN && !cv_slot_find(&found, policy, slot))
		cv_reject(out, "slot", _("đơn vị không có khung giờ này"));
	else
		return true;
	return false;
}

void cv_report_submit(const struct cv_ctx *ctx, const char *id, const struct cv_json *object,
		      const struct cv_json *args, const struct cv_act *act, struct cv_outcome *out)
{
	const struct cv_json *user;
	enum cv_found found = cv_ctx_get(ctx, CV_KIND_USER, act->user, &user);
	const char *refused = when_refused(args, act);

	if (found == CV_ABSENT || (object != NULL && strcmp(cv_json_s(object, "user"), act->user) != 0)) {
		cv_forbid(out);
		return;
	}
	if (strncmp(id, "r:", 2) == 0 &&
	    (strncmp(id + 2, act->user, strlen(act->user)) != 0 || id[2 + strlen(act->user)] != ':')) {
		cv_forbid(out);
		return;
	}
	struct cv_json *policy = cv_policy_resolve(ctx, found == CV_FOUND ? cv_user_unit(user) : "");
	if (refused != NULL)
		cv_reject(out, "date", refused);
	else if (!has_text(args))
		cv_reject(out, "done", _("báo cáo chưa có nội dung"));
	else if (slot_ok(policy, found, id, args, act, out)) {
		if (object == NULL)
			first_revision(policy, args, act, out);
		else
			next_revision(object, args, act, out);
	}
	cv_json_destroy(policy);
}

/* The author's head or a leader over her unit; unknown counts as yes (the server decides). */
static bool over_author(const struct cv_ctx *ctx, const char *viewer, const char *author)
{
	static const char *const leaders[] = {"leader", NULL};
	const struct cv_json *user;

	if (cv_heads(ctx, viewer, author) != CV_ABSENT)
		return true;
	return strcmp(viewer, author) != 0 && cv_ctx_get(ctx, CV_KIND_USER, author, &user) == CV_FOUND &&
	       cv_role_over(ctx, viewer, leaders, cv_user_unit(user)) != CV_ABSENT;
}

void cv_report_comment(const struct cv_ctx *ctx, const char *id, const struct cv_json *object,
		       const struct cv_json *args, const struct cv_act *act, struct cv_outcome *out)
{
	(void)id;
	const char *author = cv_json_s(object, "user");
	if (object == NULL || (strcmp(author, act->user) != 0 && !over_author(ctx, act->user, author))) {
		cv_forbid(out);
		return;
	}
	const struct cv_json *old = cv_element(object, "comments", cv_json_s(args, "eid"));
	if (old != NULL) {
		if (strcmp(cv_json_s(old, "text"), cv_json_s(args, "text")) == 0)
			cv_accept(out, CV_ST_NOOP, NULL);
		else
			cv_reject(out, "eid", _("ý kiến này đã có nội dung khác"));
		return;
	}
	struct cv_json *report = cv_json_dup(object), *comment = cv_json_new_object();
	char at[CV_TIME_SIZE];
	cv_time_format(act->at, at);
	cv_json_set_str(comment, "eid", cv_json_s(args, "eid"));
	cv_json_set_str(comment, "by", act->user);
	cv_json_set_str(comment, "at", at);
	cv_json_set_str(comment, "text", cv_json_s(args, "text"));
	cv_json_push(cv_array_in(report, "comments"), comment);
	cv_accept(out, CV_ST_APPLIED, report);
}

void cv_mark_seen(const struct cv_json *object, const struct cv_act *act, struct cv_outcome *out)
{
	char at[CV_TIME_SIZE];

	CV_JSON_EACH (seen, cv_json_array_of(object, "seen")) {
		if (strcmp(cv_json_s(seen, "user"), act->user) == 0) {
			cv_accept(out, CV_ST_NOOP, NULL);
			return;
		}
	}
	struct cv_json *copy = cv_json_dup(object), *mark = cv_json_new_object();
	cv_time_format(act->at, at);
	cv_json_set_str(mark, "user", act->user);
	cv_json_set_str(mark, "at", at);
	cv_json_push(cv_array_in(copy, "seen"), mark);
	cv_accept(out, CV_ST_APPLIED, copy);
}

void cv_report_see(const struct cv_ctx *ctx, const char *id, const struct cv_json *object, const struct cv_json *args,
		   const struct cv_act *act, struct cv_outcome *out)
{
	(void)id;
	(void)args;
	if (object == NULL || !over_author(ctx, act->user, cv_json_s(object, "user")))
		cv_forbid(out);
	else
		cv_mark_seen(object, act, out);
}
