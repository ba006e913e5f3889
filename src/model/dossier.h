/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Inside of the dossier rules. A transition is one row: what it is called, where it may start, who may, a condition of
 * its own, and the function that fills the new object. Private to the model.
 */
#ifndef CONGVU_MODEL_DOSSIER_INSIDE_H
#define CONGVU_MODEL_DOSSIER_INSIDE_H

#include "verdict.h"

#include <congvu/model/dossier.h>

#define AT(place) (1U << CV_PLACE_##place)
#define AT_WORK	  (AT(UNASSIGNED) | AT(WORKING))
#define AT_CHECK  (AT(AT_HEAD) | AT(AT_LEADER))
#define AT_OPEN                                                                                                        \
	(AT(NEW) | AT(RECEIVED) | AT_WORK | AT_CHECK | AT(APPROVED) | AT(SUPPLEMENT) | AT(PAYMENT) | AT(WITHDRAWAL) |  \
	 AT(DONE))
#define AT_ANY (~0U)

enum cv_who {
	CV_WHO_CLERK,	  /* one-stop */
	CV_WHO_ASSIGNEE,  /* who handles it */
	CV_WHO_OFFICER,	  /* an officer of the dossier's unit, where the policy lets people take work themselves */
	CV_WHO_HEAD,	  /* head or deputy over the dossier's unit */
	CV_WHO_CHECKER,	  /* at the head's step the head, at the leader's step a leader; not who submitted it */
	CV_WHO_SUBMITTER, /* who submitted it */
	CV_WHO_REGISTRAR, /* văn thư */
	CV_WHO_READER,	  /* whoever may see it */
	CV_WHO_KEEPER,	  /* clerk or assignee */
	CV_WHO_HIGHER,	  /* head, deputy or leader over the unit */
	CV_WHO_LEADER	  /* leader over the unit; its head where the head decides alone */
};

struct cv_scene {
	const struct cv_ctx *ctx;
	const char *id;
	const struct cv_json *before; /* NULL only for dossier.new */
	const struct cv_json *args;
	const struct cv_act *act;
	struct cv_outcome *out;
	struct cv_json *dossier; /* the copy that becomes the new object */
	char *note;		 /* owned: what the history says, or NULL */
};

struct cv_move {
	const char *op;
	unsigned from; /* places, AT(…) */
	enum cv_who who;
	/* A condition of its own: NULL or the reason why not. */
	const char *(*unless)(const struct cv_ctx *ctx, const struct cv_json *dossier, const struct cv_act *act);
	/* Fills scene->dossier, or refuses through scene->out. True: goes on. */
	bool (*act)(struct cv_scene *s);
	const char *done; /* N_("…"): the history's word for it */
};
const struct cv_move *cv_move_find(const char *op);

/* ---- who.c ---- */
enum cv_found cv_dossier_who(enum cv_who who, const struct cv_ctx *ctx, const struct cv_json *dossier,
			     const struct cv_act *act);
const char *cv_who_label(enum cv_who who); /* translated: "chỉ người thụ lý" */

/* ---- small hands ---- */
bool cv_words_blank(const char *text); /* nothing but white space */
void cv_moment_put(struct cv_json *object, const char *key, int64_t at);
/* Of an absent or null member: nothing. */
void cv_member_copy(struct cv_json *to, const struct cv_json *from, const char *key);
/* One line of history. note may be NULL. */
void cv_dossier_history(struct cv_scene *s, const char *op, const char *note);
void cv_dossier_put(struct cv_json *dossier, enum cv_place place);
/* The rule under which it was received: {route,days,hours,pause,default_unit,default_assignee}; an empty one gives the
 * catalogue's, as far as known. Owned. */
struct cv_json *cv_dossier_rule(const struct cv_ctx *ctx, const struct cv_json *dossier);
const char *cv_dossier_route(const struct cv_ctx *ctx, const struct cv_json *dossier);
/* Sets due_at from receipt, rule and pauses; says so in due_history when it moved. */
void cv_dossier_set_due(struct cv_scene *s, const char *why);
bool cv_scene_refuse(struct cv_scene *s, const char *field, const char *why); /* false */
bool cv_scene_conflict(struct cv_scene *s, const char *why);		      /* false */

/* ---- the acts, one family a file ---- */
bool cv_act_accept(struct cv_scene *s);
bool cv_act_forward(struct cv_scene *s);
bool cv_act_assign(struct cv_scene *s);
bool cv_act_start(struct cv_scene *s);
bool cv_act_note(struct cv_scene *s);
bool cv_act_edit(struct cv_scene *s);
bool cv_act_submit(struct cv_scene *s);
bool cv_act_recall(struct cv_scene *s);
bool cv_act_endorse(struct cv_scene *s);
bool cv_act_approve(struct cv_scene *s);
bool cv_act_return(struct cv_scene *s);
bool cv_act_issue(struct cv_scene *s);
bool cv_act_request_supplement(struct cv_scene *s);
bool cv_act_receive_supplement(struct cv_scene *s);
bool cv_act_request_payment(struct cv_scene *s);
bool cv_act_confirm_payment(struct cv_scene *s);
bool cv_act_request_withdrawal(struct cv_scene *s);
bool cv_act_settle_withdrawal(struct cv_scene *s);
bool cv_act_refuse(struct cv_scene *s);
bool cv_act_stop(struct cv_scene *s);
bool cv_act_rework(struct cv_scene *s);
bool cv_act_deliver(struct cv_scene *s);
bool cv_act_extend(struct cv_scene *s);
bool cv_act_reroute(struct cv_scene *s);
bool cv_act_explain(struct cv_scene *s);
bool cv_act_apologise(struct cv_scene *s);

#endif
