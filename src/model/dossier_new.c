/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Intake: a new dossier, and taking it in. */
#include "dossier.h"
#include "ops.h"

#include <congvu/base/mem.h>
#include <congvu/base/time.h>
#include <congvu/model/deadline.h>
#include <congvu/model/slot.h>

#include <stdlib.h>
#include <string.h>

#define CAUGHT_UP (72 * 3600 * 1000LL) /* as for reports: the client's clock is believed this long */

static const char *const applicant_fields[] = {"name", "kind", "phone", "address", "id_no"};

static struct cv_json *procedure_of(const struct cv_ctx *ctx, const char *code)
{
	const struct cv_json *known;
	struct cv_json *out = cv_json_new_object();

	cv_json_set_str(out, "code", code);
	if (cv_ctx_get(ctx, CV_KIND_PROCEDURE, code, &known) == CV_FOUND) {
		cv_json_set_str(out, "name", cv_json_s(known, "name"));
		cv_json_set_str(out, "field", cv_json_s(known, "field"));
	}
	return out;
}

static bool may_create(const struct cv_ctx *ctx, const struct cv_json *args, const struct cv_act *act)
{
	const struct cv_json *user;
	enum cv_found found = cv_ctx_get(ctx, CV_KIND_USER, act->user, &user);

	if (found != CV_FOUND)
		return found == CV_UNKNOWN;
	/* An officer may file for a citizen who cannot (S1: khu phố nộp hộ). */
	return cv_user_has_role(user, "clerk") ||
	       (cv_json_bool(args, "on_behalf", false) && cv_user_has_role(user, "officer"));
}

/* What a second sending of the same intake has in common with the first. */
static bool same_intake(const struct cv_json *object, const struct cv_json *args)
{
	const struct cv_json *a = cv_json_object_of(object, "applicant"), *b = cv_json_object_of(args, "applicant");

	for (size_t i = 0; i < CV_COUNT(applicant_fields); i++)
		if (strcmp(cv_json_s(a, applicant_fields[i]), cv_json_s(b, applicant_fields[i])) != 0)
			return false;
	return strcmp(cv_json_s(cv_json_object_of(object, "procedure"), "code"), cv_json_s(args, "procedure")) == 0;
}

static const char *wrong(const struct cv_ctx *ctx, const struct cv_json *args, const char **field)
{
	const struct cv_json *known;
	const struct cv_json *applicant = cv_json_object_of(args, "applicant");

	*field = "procedure";
	if (cv_ctx_get(ctx, CV_KIND_PROCEDURE, cv_json_s(args, "procedure"), &known) == CV_ABSENT)
		return _("không có thủ tục này");
	*field = "applicant";
	if (strspn(cv_json_s(applicant, "name"), " ") == strlen(cv_json_s(applicant, "name")))
		return _("chưa có tên chủ hồ sơ");
	return NULL;
}

CV_OP_FUNCTION(cv_dossier_new)
{
	static const char *const plain[] = {"applicant", "submitter", "on_behalf", "priority"};
	char at[CV_TIME_SIZE];
	const char *field, *why = wrong(ctx, args, &field);
	const struct cv_json *user;

	(void)id;
	if (!may_create(ctx, args, act)) {
		out->st = CV_ST_FORBIDDEN;
		cv_err_set(&out->err, CV_FORBIDDEN, NULL, "%s", cv_who_label(CV_WHO_CLERK));
		return;
	}
	if (object != NULL) {
		if (same_intake(object, args))
			cv_accept(out, CV_ST_NOOP, NULL);
		else
			cv_reject(out, "id", _("đã có hồ sơ khác mang mã này"));
		return;
	}
	if (why != NULL) {
		cv_reject(out, field, why);
		return;
	}
	struct cv_json *d = cv_json_new_object();
	cv_time_format(act->at, at);
	cv_json_set(d, "procedure", procedure_of(ctx, cv_json_s(args, "procedure")));
	for (size_t i = 0; i < CV_COUNT(plain); i++)
		cv_member_copy(d, args, plain[i]);
	cv_json_set_int(d, "channel", cv_json_int(args, "channel", 1));
	cv_json_set_str(d, "submitted_at",
			cv_json_str(args, "submitted_at") != NULL ? cv_json_s(args, "submitted_at") : at);
	cv_dossier_put(d, CV_PLACE_NEW);
	if (cv_ctx_get(ctx, CV_KIND_USER, act->user, &user) == CV_FOUND)
		cv_json_set_str(d, "unit", cv_user_unit(user));
	cv_json_set(d, "aliases", cv_json_new_array());
	if (cv_json_s(args, "alias")[0] != '\0')
		cv_json_push(cv_json_array_of(d, "aliases"), cv_json_new_string(cv_json_s(args, "alias")));
	if (!act->authority)
		cv_json_set_str(d, "code", cv_json_str(args, "alias"));
	struct cv_scene s = {
		.ctx = ctx, .id = id, .before = object, .args = args, .act = act, .out = out, .dossier = d};
	cv_dossier_history(&s, "new", cv_json_str(args, "note"));
	out->effects |= CV_EFFECT_GIVE_CODE;
	cv_accept(out, CV_ST_APPLIED, d);
}

/* The rule in force at receipt stays with the dossier, whatever the catalogue says later. */
static void keep_rule(struct cv_scene *s)
{
	static const char *const fields[] = {"route", "days", "hours", "pause", "from"};
	const struct cv_json *known;
	const char *code = cv_json_s(cv_json_object_of(s->dossier, "procedure"), "code");

	if (cv_ctx_get(s->ctx, CV_KIND_PROCEDURE, code, &known) != CV_FOUND)
		return;
	struct cv_json *rule = cv_json_new_object();
	for (size_t i = 0; i < CV_COUNT(fields); i++)
		cv_member_copy(rule, known, fields[i]);
	cv_json_set(s->dossier, "rule", rule);
}

struct cv_json *cv_dossier_rule(const struct cv_ctx *ctx, const struct cv_json *dossier)
{
	const struct cv_json *kept = cv_json_object_of(dossier, "rule"), *known;

	if (kept != NULL)
		return cv_json_dup(kept);
	const char *code = cv_json_s(cv_json_object_of(dossier, "procedure"), "code");
	return cv_ctx_get(ctx, CV_KIND_PROCEDURE, code, &known) == CV_FOUND ? cv_json_dup(known) : cv_json_new_object();
}

const char *cv_dossier_route(const struct cv_ctx *ctx, const struct cv_json *dossier)
{
	const struct cv_json *known;
	const char *route = cv_json_s(cv_json_object_of(dossier, "rule"), "route");

	if (route[0] == '\0' &&
	    cv_ctx_get(ctx, CV_KIND_PROCEDURE, cv_json_s(cv_json_object_of(dossier, "procedure"), "code"), &known) ==
		    CV_FOUND)
		route = cv_json_s(known, "route");
	return route[0] != '\0' ? route : "head_leader";
}

/* An extension is no part of the rule. What ran of it after a pause runs on, so that a supplement never takes back what
 * the leader gave. CV_TIME_NONE: not extended. */
static int64_t extended_due(const struct cv_ctx *ctx, const struct cv_json *dossier)
{
	const struct cv_json *pause = NULL;
	const char *unit = cv_json_s(dossier, "unit");
	int64_t due, from, to;

	if (!cv_json_bool(dossier, "extended", false) || !cv_time_parse(cv_json_str(dossier, "due_at"), &due))
		return CV_TIME_NONE;
	CV_JSON_EACH (item, cv_json_array_of(dossier, "pauses"))
		pause = item;
	if (!cv_time_parse(cv_json_str(pause, "from"), &from) || !cv_time_parse(cv_json_str(pause, "to"), &to) ||
	    from >= due)
		return due;
	int32_t old = cv_date_of(due), day = cv_date_of(to);
	for (int left = cv_working_days(ctx, unit, cv_date_of(from), old); left > 0 && day < old + 3660;)
		left -= cv_day_working_in(ctx, unit, ++day) ? 1 : 0;
	return cv_date_at(day, 0) + (due - cv_date_at(old, 0));
}

void cv_dossier_set_due(struct cv_scene *s, const char *why)
{
	struct cv_due due;
	char at[CV_TIME_SIZE], now[CV_TIME_SIZE];

	cv_due_of_dossier(&due, s->ctx, s->dossier);
	int64_t given = extended_due(s->ctx, s->dossier);
	if (given != CV_TIME_NONE && (due.at == CV_TIME_NONE || given > due.at))
		due.at = given;
	if (due.at != CV_TIME_NONE) {
		cv_time_format(due.at, at);
		if (strcmp(cv_json_s(s->dossier, "due_at"), at) != 0 && cv_json_s(s->dossier, "due_at")[0] != '\0') {
			struct cv_json *row = cv_json_new_object();
			cv_time_format(s->act->now, now);
			cv_json_set_str(row, "due_at", cv_json_s(s->dossier, "due_at"));
			cv_json_set_str(row, "until", now);
			cv_json_set_str(row, "why", why);
			cv_json_push(cv_array_in(s->dossier, "due_history"), row);
		}
		cv_json_set_str(s->dossier, "due_at", at);
	}
	cv_due_finish(&due);
}

/* The citizen's paper was received when the clerk said so, also when the line came back hours later; never later than
 * the server's own time, and believed for 72 hours. */
static int64_t receipt(const struct cv_act *act)
{
	return act->at <= act->now && act->now - act->at <= CAUGHT_UP ? act->at : act->now;
}

bool cv_act_accept(struct cv_scene *s)
{
	char at[CV_TIME_SIZE];
	const struct cv_json *user;

	cv_time_format(receipt(s->act), at);
	cv_json_set_str(s->dossier, "received_at", at);
	keep_rule(s);
	if (cv_ctx_get(s->ctx, CV_KIND_USER, s->act->user, &user) == CV_FOUND)
		cv_json_set_str(s->dossier, "unit", cv_user_unit(user));
	if (cv_json_bool(s->args, "take", false)) {
		/* The receiver handles it herself: accept, assign and start are one act. */
		cv_dossier_put(s->dossier, CV_PLACE_WORKING);
		cv_json_set_str(s->dossier, "assignee", s->act->user);
	} else {
		cv_dossier_put(s->dossier, CV_PLACE_RECEIVED);
	}
	cv_dossier_set_due(s, "accept");
	return true;
}
