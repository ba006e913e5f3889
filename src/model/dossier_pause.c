/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What makes the clock stand still: a supplement, a payment, a withdrawal asked for; and what lets it run again. */
#include "dossier.h"

#include <congvu/base/mem.h>
#include <congvu/base/time.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void begin_pause(struct cv_scene *s, const char *reason)
{
	struct cv_json *pause = cv_json_new_object();

	cv_json_set_str(pause, "eid", cv_json_s(s->args, "eid"));
	cv_moment_put(pause, "from", s->act->at);
	cv_json_set_str(pause, "reason", reason);
	cv_json_push(cv_array_in(s->dossier, "pauses"), pause);
}

static struct cv_json *last_of(struct cv_json *array)
{
	struct cv_json *last = NULL;

	CV_JSON_EACH (item, array)
		last = item;
	return last;
}

static void end_pause(struct cv_scene *s, const char *why)
{
	struct cv_json *pause = last_of(cv_json_array_of(s->dossier, "pauses"));

	if (pause != NULL && cv_json_str(pause, "to") == NULL)
		cv_moment_put(pause, "to", s->act->at);
	cv_dossier_set_due(s, why);
}

/* ---- supplement (domain 2.2, form 02) ---- */
bool cv_act_request_supplement(struct cv_scene *s)
{
	static const char *const fields[] = {"eid", "items", "reason", "contact", "reply_by"};
	const struct cv_json *before = cv_json_array_of(s->before, "supplements");

	if (cv_json_count(cv_json_array_of(s->args, "items")) == 0 && cv_words_blank(cv_json_s(s->args, "reason")))
		return cv_scene_refuse(s, "items", _("chưa nói cần bổ sung giấy tờ gì"));
	/* QĐ 766: a second request makes the dossier count as late, so it is never made unawares. */
	if (cv_json_count(before) > 0 && !cv_json_bool(s->args, "again", false))
		return cv_scene_refuse(s, "again",
				       _("đã yêu cầu bổ sung một lần; yêu cầu lần nữa thì hồ sơ bị tính là trễ, phải "
					 "nói rõ là vẫn yêu cầu"));
	struct cv_json *row = cv_json_new_object();
	for (size_t i = 0; i < CV_COUNT(fields); i++)
		cv_member_copy(row, s->args, fields[i]);
	cv_json_set_str(row, "by", s->act->user);
	cv_moment_put(row, "at", s->act->at);
	cv_json_push(cv_array_in(s->dossier, "supplements"), row);
	begin_pause(s, "supplement");
	cv_dossier_put(s->dossier, CV_PLACE_SUPPLEMENT);
	s->note = cv_strdup(cv_json_s(s->args, "reason"));
	return true;
}

bool cv_act_receive_supplement(struct cv_scene *s)
{
	struct cv_json *row = last_of(cv_json_array_of(s->dossier, "supplements"));

	if (row != NULL) {
		cv_moment_put(row, "received_at", s->act->at);
		cv_member_copy(row, s->args, "received");
	}
	end_pause(s, "supplement");
	cv_dossier_put(s->dossier, CV_PLACE_WORKING);
	s->note = cv_strdup(cv_json_s(s->args, "text"));
	return true;
}

/* ---- payment ---- */
bool cv_act_request_payment(struct cv_scene *s)
{
	struct cv_json *fee = cv_json_new_object();

	cv_json_set_str(fee, "eid", cv_json_s(s->args, "eid"));
	cv_json_set_str(fee, "name",
			cv_words_blank(cv_json_s(s->args, "name")) ? _("phí, lệ phí") : cv_json_s(s->args, "name"));
	cv_member_copy(fee, s->args, "amount");
	cv_json_push(cv_array_in(s->dossier, "fees"), fee);
	begin_pause(s, "payment");
	cv_dossier_put(s->dossier, CV_PLACE_PAYMENT);
	return true;
}

bool cv_act_confirm_payment(struct cv_scene *s)
{
	CV_JSON_EACH (fee, cv_json_array_of(s->dossier, "fees")) {
		if (cv_json_str(fee, "paid_at") != NULL)
			continue;
		cv_moment_put(fee, "paid_at", s->act->at);
		cv_member_copy(fee, s->args, "receipt");
	}
	end_pause(s, "payment");
	cv_dossier_put(s->dossier, CV_PLACE_WORKING);
	return true;
}

/* ---- withdrawal ---- */
bool cv_act_request_withdrawal(struct cv_scene *s)
{
	struct cv_json *row = cv_json_new_object();

	if (cv_words_blank(cv_json_s(s->args, "reason"))) {
		cv_json_destroy(row);
		return cv_scene_refuse(s, "reason", _("cần lý do"));
	}
	cv_member_copy(row, s->before, "status");
	cv_member_copy(row, s->before, "step");
	cv_json_set_str(row, "reason", cv_json_s(s->args, "reason"));
	cv_moment_put(row, "at", s->act->at);
	cv_json_set(s->dossier, "withdrawal", row);
	/* A supplement's or payment's pause goes on; else one begins. */
	if (!cv_dossier_paused(s->before) && cv_json_str(s->before, "received_at") != NULL)
		begin_pause(s, "withdrawal");
	cv_dossier_put(s->dossier, CV_PLACE_WITHDRAWAL);
	s->note = cv_strdup(cv_json_s(s->args, "reason"));
	return true;
}

bool cv_act_settle_withdrawal(struct cv_scene *s)
{
	const struct cv_json *row = cv_json_object_of(s->before, "withdrawal");
	bool agree = cv_json_bool(s->args, "agree", false);

	if (cv_json_get(s->args, "agree") == NULL)
		return cv_scene_refuse(s, "agree", _("đồng ý hay không đồng ý cho rút?"));
	if (agree) {
		cv_moment_put(s->dossier, "ended_at", s->act->now);
		cv_dossier_put(s->dossier, CV_PLACE_STOPPED);
	} else {
		if (cv_words_blank(cv_json_s(s->args, "reason")))
			return cv_scene_refuse(s, "reason", _("không đồng ý thì phải nói lý do"));
		cv_member_copy(s->dossier, row, "status");
		cv_member_copy(s->dossier, row, "step");
		if (!cv_dossier_paused(s->dossier))
			end_pause(s, "withdrawal");
	}
	s->note = cv_strdup(cv_json_s(s->args, "reason"));
	return true;
}
