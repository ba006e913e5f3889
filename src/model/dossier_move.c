/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The way of a dossier between people: forward, assign, submit, check, issue. */
#include "dossier.h"

#include <congvu/base/mem.h>
#include <congvu/base/time.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Is this person one who may get a dossier of that unit? */
static enum cv_found can_hold(const struct cv_ctx *ctx, const char *login, const char *unit)
{
	const struct cv_json *user;
	enum cv_found found = cv_ctx_get(ctx, CV_KIND_USER, login, &user);

	if (found != CV_FOUND)
		return found;
	if (!cv_json_bool(user, "active", true))
		return CV_ABSENT;
	return cv_unit_within(ctx, cv_user_unit(user), unit);
}

/* The procedure's own person, if she is there and of that unit. */
static const char *default_assignee(struct cv_scene *s, const char *unit)
{
	const struct cv_json *known;
	const char *code = cv_json_s(cv_json_object_of(s->dossier, "procedure"), "code");

	if (cv_ctx_get(s->ctx, CV_KIND_PROCEDURE, code, &known) != CV_FOUND)
		return "";
	const char *login = cv_json_s(known, "default_assignee");
	return login[0] != '\0' && can_hold(s->ctx, login, unit) == CV_FOUND ? login : "";
}

bool cv_act_forward(struct cv_scene *s)
{
	const struct cv_json *known;
	const char *unit = cv_json_s(s->args, "unit");
	const char *code = cv_json_s(cv_json_object_of(s->dossier, "procedure"), "code");

	if (unit[0] == '\0' && cv_ctx_get(s->ctx, CV_KIND_PROCEDURE, code, &known) == CV_FOUND)
		unit = cv_json_s(known, "default_unit");
	if (unit[0] == '\0')
		return cv_scene_refuse(s, "unit", _("chưa nói chuyển đến đơn vị nào"));
	if (cv_ctx_get(s->ctx, CV_KIND_UNIT, unit, &known) == CV_ABSENT)
		return cv_scene_refuse(s, "unit", _("không có đơn vị này"));
	char *to = cv_strdup(unit);
	const char *person = default_assignee(s, to);
	cv_json_set_str(s->dossier, "unit", to);
	cv_dossier_put(s->dossier, person[0] != '\0' ? CV_PLACE_WORKING : CV_PLACE_UNASSIGNED);
	if (person[0] != '\0')
		cv_json_set_str(s->dossier, "assignee", person);
	s->note = to;
	return true;
}

static bool set_people(struct cv_scene *s, const char *key)
{
	const struct cv_json *list = cv_json_array_of(s->args, key), *user;

	if (list == NULL)
		return true;
	CV_JSON_EACH (item, list)
		if (cv_ctx_get(s->ctx, CV_KIND_USER, cv_json_string(item), &user) == CV_ABSENT)
			return cv_scene_refuse(s, key, _("không có người này"));
	cv_json_set(s->dossier, key, cv_json_dup(list));
	return true;
}

bool cv_act_assign(struct cv_scene *s)
{
	const char *to = cv_json_s(s->args, "assignee"), *old = cv_json_s(s->before, "assignee");
	const char *reason = cv_json_s(s->args, "reason");

	if (can_hold(s->ctx, to, cv_json_s(s->before, "unit")) == CV_ABSENT)
		return cv_scene_refuse(s, "assignee", _("người này không thuộc đơn vị đang giữ hồ sơ"));
	bool moved = strcmp(old, to) != 0;
	if (moved && old[0] != '\0' && cv_words_blank(reason))
		return cv_scene_refuse(s, "reason", _("giao lại cho người khác thì phải nói lý do"));
	if (!set_people(s, "co") || !set_people(s, "watch"))
		return false;
	cv_json_set_str(s->dossier, "assignee", to);
	cv_dossier_put(s->dossier, CV_PLACE_WORKING);
	if (cv_json_equal(s->before, s->dossier))
		return false; /* noop */
	size_t size = strlen(to) + strlen(reason) + 4;
	s->note = cv_alloc(size);
	snprintf(s->note, size, "%s%s%s", to, cv_words_blank(reason) ? "" : ": ", cv_words_blank(reason) ? "" : reason);
	return true;
}

bool cv_act_start(struct cv_scene *s)
{
	if (cv_dossier_place(s->before) == CV_PLACE_WORKING &&
	    strcmp(cv_json_s(s->before, "assignee"), s->act->user) == 0)
		return false; /* noop */
	cv_json_set_str(s->dossier, "assignee", s->act->user);
	cv_dossier_put(s->dossier, CV_PLACE_WORKING);
	return true;
}

static enum cv_place after_submit(const char *route)
{
	if (strcmp(route, "desk") == 0)
		return CV_PLACE_APPROVED;
	return strcmp(route, "leader") == 0 ? CV_PLACE_AT_LEADER : CV_PLACE_AT_HEAD;
}

const char *cv_dossier_next_label(const struct cv_ctx *ctx, const struct cv_json *dossier)
{
	const char *route = cv_dossier_route(ctx, dossier);

	switch (cv_dossier_place(dossier)) {
	case CV_PLACE_WORKING:
		return cv_place_label(after_submit(route));
	case CV_PLACE_AT_HEAD:
		return cv_place_label(strcmp(route, "head") == 0 ? CV_PLACE_APPROVED : CV_PLACE_AT_LEADER);
	case CV_PLACE_AT_LEADER:
		return cv_place_label(CV_PLACE_APPROVED);
	case CV_PLACE_APPROVED:
		return cv_place_label(CV_PLACE_DONE);
	default:
		return "";
	}
}

static int64_t proposal_n(const struct cv_json *dossier)
{
	return cv_json_int(cv_json_object_of(dossier, "proposal"), "n", 0);
}

bool cv_act_submit(struct cv_scene *s)
{
	char at[CV_TIME_SIZE];
	struct cv_json *proposal = cv_json_new_object();

	cv_time_format(s->act->at, at);
	cv_json_set_int(proposal, "n", proposal_n(s->before) + 1);
	cv_json_set_str(proposal, "text", cv_json_s(s->args, "text"));
	cv_json_set_str(proposal, "by", s->act->user);
	cv_json_set_str(proposal, "at", at);
	cv_json_set(s->dossier, "proposal", proposal);
	cv_json_remove(s->dossier, "decision");
	cv_dossier_put(s->dossier, after_submit(cv_dossier_route(s->ctx, s->before)));
	s->note = cv_strdup(cv_json_s(s->args, "text"));
	return true;
}

bool cv_act_recall(struct cv_scene *s)
{
	cv_dossier_put(s->dossier, CV_PLACE_WORKING);
	return true;
}

/* An approval means a text: the one that the person saw. Without n it is the one shown here last. */
static bool same_proposal(struct cv_scene *s)
{
	int64_t n = cv_json_int(s->args, "n", 0);

	if (n == 0 || n == proposal_n(s->before))
		return true;
	return cv_scene_conflict(s, _("người thụ lý đã trình bản khác, cần xem lại bản mới"));
}

static void decide(struct cv_scene *s, const char *verdict)
{
	char at[CV_TIME_SIZE];
	struct cv_json *d = cv_json_new_object();
	const char *comment = cv_json_s(s->args, "comment");

	cv_time_format(s->act->at, at);
	cv_json_set_str(d, "verdict", verdict);
	cv_json_set_int(d, "n", proposal_n(s->before));
	cv_json_set_str(d, "by", s->act->user);
	cv_json_set_str(d, "at", at);
	if (!cv_words_blank(comment))
		cv_json_set_str(d, "comment", comment);
	cv_json_set(s->dossier, "decision", d);
	s->note = cv_strdup(comment);
}

bool cv_act_endorse(struct cv_scene *s)
{
	bool alone = strcmp(cv_dossier_route(s->ctx, s->before), "head") == 0;

	if (!same_proposal(s))
		return false;
	decide(s, alone ? "approved" : "endorsed");
	cv_dossier_put(s->dossier, alone ? CV_PLACE_APPROVED : CV_PLACE_AT_LEADER);
	return true;
}

bool cv_act_approve(struct cv_scene *s)
{
	if (!same_proposal(s))
		return false;
	decide(s, "approved");
	cv_dossier_put(s->dossier, CV_PLACE_APPROVED);
	return true;
}

bool cv_act_return(struct cv_scene *s)
{
	if (cv_words_blank(cv_json_s(s->args, "comment")))
		return cv_scene_refuse(s, "comment", _("trả lại thì phải nói vì sao"));
	if (!same_proposal(s))
		return false;
	decide(s, "returned");
	cv_dossier_put(s->dossier, CV_PLACE_WORKING);
	return true;
}

bool cv_act_issue(struct cv_scene *s)
{
	if (!same_proposal(s))
		return false;
	struct cv_json *decision = cv_json_object_of(s->dossier, "decision") != NULL
					   ? cv_json_dup(cv_json_object_of(s->dossier, "decision"))
					   : cv_json_new_object();
	cv_json_set_str(decision, "number", cv_json_s(s->args, "number"));
	cv_json_set_str(decision, "date", cv_json_s(s->args, "date"));
	cv_json_set(s->dossier, "decision", decision);
	cv_moment_put(s->dossier, "ended_at", s->act->now);
	cv_dossier_put(s->dossier, CV_PLACE_DONE);
	s->note = cv_strdup(cv_json_s(s->args, "number"));
	return true;
}
