/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ends, and what happens around them: refuse, stop, rework, deliver; and more time, another unit, the reason of a
 * delay. */
#include "dossier.h"

#include <congvu/base/mem.h>
#include <congvu/base/time.h>
#include <congvu/model/policy.h>

#include <stdlib.h>
#include <string.h>

/* The reason goes into the history; without one the act is refused. */
static bool with_reason(struct cv_scene *s)
{
	const char *reason = cv_json_s(s->args, "reason");

	if (cv_words_blank(reason))
		return cv_scene_refuse(s, "reason", _("cần lý do"));
	s->note = cv_strdup(reason);
	return true;
}

bool cv_act_refuse(struct cv_scene *s)
{
	if (!with_reason(s))
		return false;
	cv_moment_put(s->dossier, "ended_at", s->act->now);
	cv_dossier_put(s->dossier, CV_PLACE_REFUSED);
	return true;
}

bool cv_act_stop(struct cv_scene *s)
{
	if (!with_reason(s))
		return false;
	cv_moment_put(s->dossier, "ended_at", s->act->now);
	cv_dossier_put(s->dossier, CV_PLACE_STOPPED);
	return true;
}

bool cv_act_rework(struct cv_scene *s)
{
	if (!with_reason(s))
		return false;
	cv_json_remove(s->dossier, "ended_at");
	cv_json_remove(s->dossier, "decision");
	cv_dossier_put(s->dossier, CV_PLACE_WORKING);
	return true;
}

bool cv_act_deliver(struct cv_scene *s)
{
	static const char *const fields[] = {"way", "receiver", "tracking"};
	struct cv_json *delivery = cv_json_object_of(s->dossier, "delivery") != NULL
					   ? cv_json_dup(cv_json_object_of(s->dossier, "delivery"))
					   : cv_json_new_object();
	bool post = strcmp(cv_json_s(s->args, "way"), "post") == 0;

	for (size_t i = 0; i < CV_COUNT(fields); i++)
		if (cv_json_s(s->args, fields[i])[0] != '\0')
			cv_json_set_str(delivery, fields[i], cv_json_s(s->args, fields[i]));
	cv_json_set_str(delivery, "state", post ? "sent" : "delivered");
	cv_moment_put(delivery, "hand_over_at", s->act->at);
	cv_json_set(s->dossier, "delivery", delivery);
	cv_dossier_put(s->dossier, CV_PLACE_DELIVERED);
	s->note = cv_strdup(cv_json_s(s->args, "receiver"));
	return true;
}

/* At most once, and never shorter (NĐ 61/2018: a new appointment at most once). */
bool cv_act_extend(struct cv_scene *s)
{
	int32_t until = 0;
	int64_t old;
	struct cv_json *policy = cv_policy_resolve(s->ctx, cv_json_s(s->before, "unit"));
	int close_at = cv_clock_parse(cv_json_s(policy, "close_at"));

	cv_json_destroy(policy);
	if (cv_json_bool(s->before, "extended", false))
		return cv_scene_refuse(s, "until", _("hồ sơ đã được gia hạn một lần"));
	if (!with_reason(s))
		return false;
	cv_date_parse(cv_json_s(s->args, "until"), &until);
	int64_t due = cv_date_at(until, close_at >= 0 ? close_at : 17 * 60);
	if (cv_time_parse(cv_json_str(s->before, "due_at"), &old)) {
		struct cv_json *row = cv_json_new_object();
		if (due <= old) {
			cv_json_destroy(row);
			return cv_scene_refuse(s, "until", _("gia hạn phải sau ngày hẹn trả cũ"));
		}
		cv_json_set_str(row, "due_at", cv_json_s(s->before, "due_at"));
		cv_moment_put(row, "until", s->act->now);
		cv_json_set_str(row, "why", "extend");
		cv_json_push(cv_array_in(s->dossier, "due_history"), row);
	}
	cv_moment_put(s->dossier, "due_at", due);
	cv_json_set_bool(s->dossier, "extended", true);
	return true;
}

/* Wrongly sent: back to the desk, or on to the unit that it belongs to. */
bool cv_act_reroute(struct cv_scene *s)
{
	const struct cv_json *known;
	const char *unit = cv_json_s(s->args, "unit");

	if (!with_reason(s))
		return false;
	cv_json_remove(s->dossier, "assignee");
	if (unit[0] == '\0') {
		cv_dossier_put(s->dossier, CV_PLACE_RECEIVED);
		return true;
	}
	if (cv_ctx_get(s->ctx, CV_KIND_UNIT, unit, &known) == CV_ABSENT)
		return cv_scene_refuse(s, "unit", _("không có đơn vị này"));
	cv_json_set_str(s->dossier, "unit", unit);
	cv_dossier_put(s->dossier, CV_PLACE_UNASSIGNED);
	return true;
}

bool cv_act_explain(struct cv_scene *s)
{
	if (!with_reason(s))
		return false;
	cv_json_set_str(s->dossier, "late_reason", cv_json_s(s->args, "reason"));
	return true;
}

/* Form 04: the citizen is told that it will be late, and when it will be done. */
bool cv_act_apologise(struct cv_scene *s)
{
	struct cv_json *contact = cv_json_new_object();

	cv_json_set_str(contact, "eid", cv_json_s(s->args, "eid"));
	cv_moment_put(contact, "at", s->act->at);
	cv_json_set_str(contact, "by", s->act->user);
	cv_json_set_str(contact, "way",
			cv_json_s(s->args, "contact")[0] != '\0' ? cv_json_s(s->args, "contact") : "phone");
	cv_json_set_str(contact, "outcome", "apology");
	cv_json_set_str(contact, "text", cv_json_s(s->args, "text"));
	cv_json_push(cv_array_in(s->dossier, "contacts"), contact);
	s->note = cv_strdup(cv_json_s(s->args, "text"));
	return true;
}
