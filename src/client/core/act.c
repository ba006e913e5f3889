/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Acting: check, apply, queue; and sending what is queued. */
#include "client/core/inside.h"

#include <congvu/base/i18n.h>
#include <congvu/base/mem.h>
#include <congvu/base/time.h>

#include <stdlib.h>
#include <string.h>

#define ALL_IN_ALL 30000 /* ms: how long an act may wait for its result */
#define POLL_SLACK 10000 /* ms: how long a server may take to end a long poll that is over */

struct element {
	const struct cv_act_in *in;
	int64_t at;
	struct cv_json *base; /* owned, or NULL */
};

static char *format(void *data, int64_t mid)
{
	const struct element *e = data;
	char at[CV_TIME_SIZE];
	struct cv_json *j = cv_json_new_object();

	cv_time_format(e->at, at);
	cv_json_set_int(j, "mid", mid);
	cv_json_set_str(j, "op", e->in->op);
	cv_json_set_str(j, "id", e->in->id);
	cv_json_set(j, "base", e->base != NULL ? cv_json_dup(e->base) : cv_json_new_null());
	cv_json_set_str(j, "at", at);
	cv_json_set(j, "args", cv_json_dup(e->in->args));
	if (e->in->supersedes > 0)
		cv_json_set_int(j, "supersedes", e->in->supersedes);
	char *text = cv_json_text(j);
	cv_json_destroy(j);
	return text;
}

static bool same_args(const char *element, const struct cv_json *args)
{
	struct cv_json *j = NULL;

	if (element == NULL || cv_json_parse(&j, element, strlen(element), &cv_json_answer, NULL) != CV_OK)
		return false;
	bool same = cv_json_equal(cv_json_get(j, "args"), args);
	cv_json_destroy(j);
	return same;
}

static struct cv_act actor(const struct cv_core *core, int64_t now)
{
	const struct cv_json *list = cv_json_array_of(core->session, "rights");

	return (struct cv_act){.user = core->user,
			       .device = core->device,
			       .origin = core->script ? "script" : "person",
			       .rights = list != NULL ? cv_rights_parse(list) : ~0U,
			       .at = now,
			       .now = now};
}

/* Would it change nothing as things are shown here? A confirmed act may have been overtaken by another device's. */
static bool still_so(struct cv_core *core, const struct cv_act_in *in)
{
	const struct cv_op *op = cv_op_find(in->op);
	struct cv_json *object = NULL;
	struct cv_outcome verdict;
	struct cv_act act = actor(core, cv_now(core->env));

	cv_core_get(core, op->kind, in->id, &object, NULL);
	cv_op_apply(cv_core_ctx(core), op, in->id, object, in->args, &act, &verdict);
	bool so = verdict.st == CV_ST_NOOP;
	cv_outcome_finish(&verdict);
	cv_json_destroy(object);
	return so;
}

/* The same act again: its number and, when the server has confirmed it, that. */
static bool repeated(struct cv_core *core, const struct cv_act_in *in, struct cv_act_out *out)
{
	char *element = NULL;
	struct cv_json *result = NULL;
	int64_t mid;
	bool open = false;

	if (!core->unlocked || in->supersedes > 0)
		return false;
	cv_store_last_act(core->store, in->op, in->id, &mid, &open, &element, &result, NULL);
	bool same = mid != 0 && same_args(element, in->args) && (open || still_so(core, in));
	if (same) {
		out->mid = mid;
		out->repeated = true;
		out->st = open ? CV_ST_QUEUED : cv_st_of(cv_json_str(result, "st"));
		/* An archived act is confirmed; a later reader only needs to know that nothing changed. */
		if (!open && cv_st_accepted(out->st))
			out->st = CV_ST_NOOP;
	}
	cv_json_destroy(result);
	if (element != NULL)
		cv_wipe(element, strlen(element));
	free(element);
	return same && (open || cv_st_accepted(out->st));
}

/* What the same function says here; advice only. True: go on and queue. */
static bool advised(struct cv_core *core, const struct cv_op *op, const struct cv_act_in *in, int64_t now,
		    struct cv_act_out *out)
{
	struct cv_json *object = NULL;
	struct cv_outcome verdict;

	if (!core->unlocked)
		return true;
	cv_core_get(core, op->kind, in->id, &object, NULL);
	struct cv_act act = actor(core, now);
	cv_op_apply(cv_core_ctx(core), op, in->id, object, in->args, &act, &verdict);
	/* A foreign object that is not here may well be on the server. */
	bool unsure = object == NULL && verdict.st == CV_ST_FORBIDDEN;
	bool ok = cv_st_accepted(verdict.st) || unsure;
	if (!ok) {
		out->st = verdict.st;
		out->refusal = verdict.err;
	}
	cv_outcome_finish(&verdict);
	cv_json_destroy(object);
	return ok;
}

/* The edited fields as they are shown now (earlier edits of one's own included). Owned; NULL without need. */
static struct cv_json *base_of(struct cv_core *core, const struct cv_op *op, const struct cv_act_in *in)
{
	struct cv_json *object = NULL, *base = NULL;

	if ((op->flags & CV_OP_BASE) == 0 || !core->unlocked ||
	    cv_core_get(core, op->kind, in->id, &object, NULL) != CV_OK)
		return NULL;
	base = cv_json_new_object();
	CV_JSON_EACH (arg, in->args) {
		const char *key = cv_json_key(arg);
		const struct cv_json *now = cv_json_get(object, key);
		cv_json_set(base, key, now != NULL ? cv_json_dup(now) : cv_json_new_null());
	}
	cv_json_destroy(object);
	return base;
}

enum cv_rc cv_core_act(struct cv_core *core, const struct cv_act_in *in, struct cv_act_out *out, struct cv_err *err)
{
	const struct cv_op *op = cv_op_find(in->op);
	struct element e = {in, cv_now(core->env), NULL};

	*out = (struct cv_act_out){.st = CV_ST_QUEUED};
	if (op == NULL)
		return cv_err_set(err, CV_USAGE, "op", _("không có việc này"));
	enum cv_rc rc = cv_op_check(op, in->id, in->args, err);
	if (rc != CV_OK)
		return rc;
	if (repeated(core, in, out))
		return CV_OK;
	*out = (struct cv_act_out){.st = CV_ST_QUEUED};
	if (!advised(core, op, in, e.at, out) && !in->anyway) {
		/* Wrong data is not for the server to say again. */
		if (out->refusal.rc == CV_DATA && out->st == CV_ST_REJECTED) {
			if (err != NULL)
				*err = out->refusal;
			return CV_DATA;
		}
		return CV_OK;
	}
	out->st = CV_ST_QUEUED;
	e.base = base_of(core, op, in);
	rc = cv_store_enqueue(core->store, &out->mid, in->op, cv_kind_word(op->kind), in->id, e.at, format, &e, err);
	cv_json_destroy(e.base);
	cv_core_forget_drawn(core);
	return rc;
}

static int64_t deadline_of(struct cv_core *core, const struct cv_sync_how *how)
{
	int64_t left = how->wait == CV_WAIT_UNTIL ? how->until - cv_now(core->env) : ALL_IN_ALL;

	if (how->poll_s > 0)
		left = how->poll_s * 1000LL + POLL_SLACK;

	return cv_mono(core->env) + (left > 0 ? left : 0);
}

enum cv_rc cv_core_sync(struct cv_core *core, const struct cv_sync_how *how, struct cv_sync_out *out,
			struct cv_err *err)
{
	struct cv_sync sync = {0};
	struct cv_sync_round round = {
		.deadline = deadline_of(core, how), .mid = how->mid, .wait_s = how->poll_s, .once = how->once};

	*out = (struct cv_sync_out){.st = CV_ST_QUEUED};
	enum cv_rc rc = core->unlocked ? CV_OK : cv_err_set(err, CV_LOCKED, NULL, NULL);
	if (rc == CV_OK)
		rc = cv_core_line(core, core->server, &sync, err);
	if (rc == CV_OK) {
		rc = cv_sync_run(&sync, &round, err);
		core->line_tried = true;
		core->line_up = rc == CV_OK;
	}
	cv_core_hang_up(core, &sync);
	cv_core_forget_drawn(core);
	if (core->unlocked)
		cv_core_refresh(core);
	cv_store_counts(core->store, &out->unsent, &out->needs_person);
	if (how->mid != 0) {
		cv_store_result(core->store, how->mid, &out->result, NULL);
		if (out->result != NULL)
			out->st = cv_st_of(cv_json_str(out->result, "st"));
	}
	out->requests = core->requests;
	out->bytes_up = core->up;
	out->bytes_down = core->down;
	return rc;
}

enum cv_rc cv_core_fetch(struct cv_core *core, const char *path, struct cv_json **out, struct cv_err *err)
{
	struct cv_sync sync = {0};
	enum cv_rc rc = cv_core_unlock(core, err);

	*out = NULL;
	if (rc == CV_OK)
		rc = cv_core_line(core, core->server, &sync, err);
	if (rc == CV_OK)
		rc = cv_sync_fetch(&sync, path, out, err);
	cv_core_hang_up(core, &sync);
	return rc;
}

enum cv_rc cv_core_result(struct cv_core *core, int64_t mid, struct cv_json **out)
{
	return cv_store_result(core->store, mid, out, NULL);
}
