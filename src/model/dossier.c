/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Dossiers: the table of transitions and the one path that all of them take: is it there, is it the time, is it hers,
 * its own condition, the act, one line of history.
 */
#include "dossier.h"
#include "ops.h"

#include <congvu/base/mem.h>
#include <congvu/base/time.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	int status;
	const char *step, *label;
} places[CV_PLACE_COUNT] = {
#define X(name, status, step, label) [CV_PLACE_##name] = {status, step, label},
	CV_PLACE_TABLE(X)
#undef X
};

enum cv_place cv_dossier_place(const struct cv_json *dossier)
{
	int64_t status = cv_json_int(dossier, "status", 0);
	const char *step = status == 4 ? cv_json_s(dossier, "step") : "";

	for (int p = 0; p < CV_PLACE_COUNT; p++)
		if (places[p].status == status && strcmp(places[p].step, step) == 0)
			return (enum cv_place)p;
	return CV_PLACE_UNKNOWN;
}

const char *cv_place_label(enum cv_place place)
{
	return place < CV_PLACE_COUNT ? _(places[place].label) : _("bước khác");
}

bool cv_words_blank(const char *text)
{
	return strspn(text, " \t\n") == strlen(text);
}

void cv_moment_put(struct cv_json *object, const char *key, int64_t at)
{
	char text[CV_TIME_SIZE];

	cv_time_format(at, text);
	cv_json_set_str(object, key, text);
}

void cv_member_copy(struct cv_json *to, const struct cv_json *from, const char *key)
{
	const struct cv_json *value = cv_json_get(from, key);

	if (value != NULL && !cv_json_is(value, CV_JSON_NULL))
		cv_json_set(to, key, cv_json_dup(value));
}

void cv_dossier_put(struct cv_json *dossier, enum cv_place place)
{
	cv_json_set_int(dossier, "status", places[place].status);
	if (places[place].step[0] != '\0')
		cv_json_set_str(dossier, "step", places[place].step);
	else
		cv_json_remove(dossier, "step");
}

bool cv_dossier_ended(const struct cv_json *dossier)
{
	int64_t status = cv_json_int(dossier, "status", 0);

	return status == 3 || status == 8 || status == 10;
}

bool cv_dossier_paused(const struct cv_json *dossier)
{
	int64_t status = cv_json_int(dossier, "status", 0);

	return status >= 5 && status <= 7;
}

/* The receiver has acted once the proposal has passed the head. */
static const char *already_seen(const struct cv_ctx *ctx, const struct cv_json *dossier, const struct cv_act *act)
{
	const struct cv_json *decision = cv_json_object_of(dossier, "decision");

	(void)ctx;
	(void)act;
	return cv_json_int(decision, "n", 0) == cv_json_int(cv_json_object_of(dossier, "proposal"), "n", 0) &&
			       decision != NULL
		       ? _("người nhận đã xem xét nên không rút lại được")
		       : NULL;
}

static const char *no_self_assign(const struct cv_ctx *ctx, const struct cv_json *dossier, const struct cv_act *act)
{
	const char *assignee = cv_json_s(dossier, "assignee");

	(void)ctx;
	return assignee[0] != '\0' && strcmp(assignee, act->user) != 0 ? _("hồ sơ đã có người thụ lý") : NULL;
}

/* The head decides alone only where the procedure says so. */
static const char *not_competent(const struct cv_ctx *ctx, const struct cv_json *dossier, const struct cv_act *act)
{
	(void)act;
	return cv_dossier_place(dossier) == CV_PLACE_AT_HEAD && strcmp(cv_dossier_route(ctx, dossier), "head") != 0
		       ? _("thủ tục này còn phải qua lãnh đạo: dùng “trình lãnh đạo”")
		       : NULL;
}

static const struct cv_move moves[] = {
	{"dossier.accept", AT(NEW), CV_WHO_CLERK, NULL, cv_act_accept, N_("tiếp nhận")},
	{"dossier.forward", AT(RECEIVED), CV_WHO_CLERK, NULL, cv_act_forward, N_("chuyển đơn vị")},
	{"dossier.assign", AT_WORK, CV_WHO_HEAD, NULL, cv_act_assign, N_("phân công")},
	{"dossier.start", AT_WORK, CV_WHO_OFFICER, no_self_assign, cv_act_start, N_("nhận thụ lý")},
	{"dossier.note", AT_ANY, CV_WHO_READER, NULL, cv_act_note, N_("ghi chú")},
	{"dossier.edit", AT_OPEN, CV_WHO_KEEPER, NULL, cv_act_edit, N_("sửa thông tin")},
	{"dossier.submit", AT(WORKING), CV_WHO_ASSIGNEE, NULL, cv_act_submit, N_("trình duyệt")},
	{"dossier.recall", AT_CHECK | AT(APPROVED), CV_WHO_SUBMITTER, already_seen, cv_act_recall, N_("rút trình")},
	{"dossier.endorse", AT(AT_HEAD), CV_WHO_CHECKER, NULL, cv_act_endorse, N_("duyệt, trình tiếp")},
	{"dossier.approve", AT_CHECK, CV_WHO_CHECKER, not_competent, cv_act_approve, N_("phê duyệt")},
	{"dossier.return", AT_CHECK, CV_WHO_CHECKER, NULL, cv_act_return, N_("trả lại")},
	{"dossier.issue", AT(APPROVED), CV_WHO_REGISTRAR, NULL, cv_act_issue, N_("cấp số")},
	{"dossier.refuse", AT(NEW), CV_WHO_CLERK, NULL, cv_act_refuse, N_("từ chối tiếp nhận")},
	{"dossier.request-supplement", AT(WORKING), CV_WHO_ASSIGNEE, NULL, cv_act_request_supplement,
	 N_("yêu cầu bổ sung")},
	{"dossier.receive-supplement", AT(SUPPLEMENT), CV_WHO_KEEPER, NULL, cv_act_receive_supplement,
	 N_("nhận bổ sung")},
	{"dossier.request-payment", AT(WORKING), CV_WHO_KEEPER, NULL, cv_act_request_payment, N_("yêu cầu nộp phí")},
	{"dossier.confirm-payment", AT(PAYMENT), CV_WHO_KEEPER, NULL, cv_act_confirm_payment, N_("xác nhận đã nộp")},
	{"dossier.request-withdrawal", AT(NEW) | AT(RECEIVED) | AT_WORK | AT(SUPPLEMENT) | AT(PAYMENT), CV_WHO_CLERK,
	 NULL, cv_act_request_withdrawal, N_("xin rút")},
	{"dossier.settle-withdrawal", AT(WITHDRAWAL), CV_WHO_HIGHER, NULL, cv_act_settle_withdrawal,
	 N_("giải quyết xin rút")},
	{"dossier.stop", AT_WORK | AT_CHECK | AT(APPROVED) | AT(SUPPLEMENT) | AT(PAYMENT), CV_WHO_HIGHER, NULL,
	 cv_act_stop, N_("dừng giải quyết")},
	{"dossier.rework", AT(DONE), CV_WHO_HEAD, NULL, cv_act_rework, N_("làm lại")},
	{"dossier.deliver", AT(DONE), CV_WHO_CLERK, NULL, cv_act_deliver, N_("trả kết quả")},
	{"dossier.extend", AT(RECEIVED) | AT_WORK | AT_CHECK | AT(APPROVED), CV_WHO_LEADER, NULL, cv_act_extend,
	 N_("gia hạn")},
	{"dossier.reroute", AT_WORK, CV_WHO_HEAD, NULL, cv_act_reroute, N_("chuyển lại")},
	{"dossier.explain", AT_ANY, CV_WHO_ASSIGNEE, NULL, cv_act_explain, N_("giải trình chậm")},
	{"dossier.apologise", AT_OPEN, CV_WHO_KEEPER, NULL, cv_act_apologise, N_("xin lỗi công dân")},
};

const struct cv_move *cv_move_find(const char *op)
{
	for (size_t i = 0; i < CV_COUNT(moves); i++)
		if (strcmp(moves[i].op, op) == 0)
			return &moves[i];
	return NULL;
}

/* The reason, or CV_OK. On "unknown" the server decides. */
static enum cv_rc may(const struct cv_move *move, const struct cv_ctx *ctx, const struct cv_json *dossier,
		      const struct cv_act *act, struct cv_err *err)
{
	enum cv_place place = cv_dossier_place(dossier);
	const char *why;

	if (cv_dossier_who(move->who, ctx, dossier, act) == CV_ABSENT)
		return cv_err_set(err, CV_FORBIDDEN, NULL, "%s", cv_who_label(move->who));
	if (place != CV_PLACE_UNKNOWN && (move->from & (1U << place)) == 0)
		return cv_err_code(err, CV_REJECTED, "wrong-state", "status", _("hồ sơ đang ở bước: %s"),
				   cv_place_label(place));
	why = move->unless != NULL ? move->unless(ctx, dossier, act) : NULL;
	return why != NULL ? cv_err_code(err, CV_REJECTED, "not-now", NULL, "%s", why) : CV_OK;
}

enum cv_rc cv_dossier_can(const struct cv_ctx *ctx, const struct cv_op *op, const struct cv_json *dossier,
			  const struct cv_act *act, struct cv_err *err)
{
	const struct cv_move *move = cv_move_find(op->name);

	if ((act->rights & op->right) == 0)
		return cv_err_set(err, CV_FORBIDDEN, NULL, "%s",
				  move != NULL ? cv_who_label(move->who) : cv_rc_text(CV_FORBIDDEN));
	return move != NULL ? may(move, ctx, dossier, act, err) : CV_OK;
}

bool cv_scene_refuse(struct cv_scene *s, const char *field, const char *why)
{
	cv_reject(s->out, field, why);
	return false;
}

bool cv_scene_conflict(struct cv_scene *s, const char *why)
{
	s->out->st = CV_ST_CONFLICT;
	cv_err_code(&s->out->err, CV_CONFLICT, "conflict", "n", "%s", why);
	return false;
}

static void run(const char *op, struct cv_scene *s)
{
	const struct cv_move *move = cv_move_find(op);
	struct cv_err *err = &s->out->err;

	if (s->before == NULL) {
		cv_forbid(s->out);
		return;
	}
	switch (may(move, s->ctx, s->before, s->act, err)) {
	case CV_OK:
		break;
	case CV_FORBIDDEN:
		s->out->st = CV_ST_FORBIDDEN;
		return;
	default:
		s->out->st = CV_ST_REJECTED;
		return;
	}
	s->dossier = cv_json_dup(s->before);
	s->out->st = CV_ST_APPLIED;
	if (move->act(s)) {
		cv_dossier_history(s, move->op + strlen("dossier."), s->note);
		cv_accept(s->out, CV_ST_APPLIED, s->dossier);
	} else {
		if (s->out->st == CV_ST_APPLIED)
			s->out->st = CV_ST_NOOP;
		cv_json_destroy(s->dossier);
	}
	free(s->note);
}

/* One function a row, because the table of operations wants one. */
#define MOVE_AS(name, word)                                                                                            \
	CV_OP_FUNCTION(cv_dossier_##name)                                                                              \
	{                                                                                                              \
		struct cv_scene s = {.ctx = ctx, .id = id, .before = object, .args = args, .act = act, .out = out};    \
		run("dossier." word, &s);                                                                              \
	}
#define MOVE(name) MOVE_AS(name, #name)
MOVE(accept)
MOVE(forward)
MOVE(assign)
MOVE(start)
MOVE(note)
MOVE(edit)
MOVE(submit)
MOVE(recall)
MOVE(endorse)
MOVE(approve)
MOVE(return )
MOVE(issue)
MOVE(refuse)
MOVE(stop)
MOVE(rework)
MOVE(deliver)
MOVE(extend)
MOVE(reroute)
MOVE(explain)
MOVE(apologise)
MOVE_AS(request_supplement, "request-supplement")
MOVE_AS(receive_supplement, "receive-supplement")
MOVE_AS(request_payment, "request-payment")
MOVE_AS(confirm_payment, "confirm-payment")
MOVE_AS(request_withdrawal, "request-withdrawal")
MOVE_AS(settle_withdrawal, "settle-withdrawal")
