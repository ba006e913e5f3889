/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One pushed operation: memory of (device, mid), apply, object, audit, result. Cases, in this order:
 *   no mid to be read                      rejected bad-request, mid null, nothing remembered
 *   mid known, same bytes                  the remembered result with "dup": true
 *   mid known, other bytes                 the device is forked: the job ends
 *   misshapen, unknown op, a text too long rejected, remembered
 *   an earlier refusal on the same object  rejected depends, remembered (unless the operation commutes)
 *   else                                   the operation's own verdict, remembered
 *   the database fails                     back to the savepoint, `retry`, nothing remembered
 */
#include "server/work/run.h"
#include "server/db/db.h"
#include "server/work/code.h"

#include <congvu/base/i18n.h>
#include <congvu/base/mem.h>
#include <congvu/base/seal.h>
#include <congvu/base/time.h>
#include <congvu/model/view.h>
#include <stdlib.h>
#include <string.h>

#define SEEN_EVERY 60000 /* ms between two writes of last_seen */

struct run {
	struct cv_batch *b;
	struct cv_job *job;
	int64_t now;
	const struct cv_json *element;
	int64_t mid;
	const struct cv_op *op; /* NULL if unknown */
	const char *id;
	bool too_long; /* readable, but some text of it is longer than a text may be */
	struct cv_outcome out;
	char hash[CV_HEX_SIZE];
};

/* Wide enough that an element of any request that was taken can be read: its number has to be answered. */
static const struct cv_json_limits element_limits = {.bytes = 1 << 20, .string = 1 << 20, .depth = 32, .nodes = 20000};

void cv_work_one(struct cv_batch *b, const struct cv_env *env, const struct cv_op *op, const char *id,
		 const struct cv_json *args, const struct cv_act *act, struct cv_outcome *out)
{
	struct cv_dbctx *c = cv_batch_ctx(b);

	(void)env;
	cv_op_apply(cv_dbctx_ctx(c), op, id, cv_dbctx_object(c, op->kind, id), args, act, out);
	if (cv_dbctx_failed(c) || ((out->effects & CV_EFFECT_GIVE_CODE) != 0 &&
				   cv_code_give(cv_batch_db(b), act->now, out->object) != CV_OK)) {
		out->st = CV_ST_RETRY;
	} else if (out->object != NULL && cv_st_accepted(out->st)) {
		struct cv_json *object = out->object;
		out->object = NULL;
		if (cv_object_put(b, op->kind, object, NULL) != CV_OK)
			out->st = CV_ST_RETRY;
	}
}

static void refuse(struct run *r, const char *code, const char *field, const char *detail)
{
	r->out.st = CV_ST_REJECTED;
	cv_err_code(&r->out.err, CV_REJECTED, code, field, "%s", detail);
}

/* The refused mid that stands before this operation, 0 if none. */
static int64_t refused_before(struct run *r)
{
	struct cv_stmt *st = cv_db_query(cv_batch_db(r->b), "SELECT mid FROM refused WHERE device = $1 AND id = $2",
					 "ss", r->job->device, r->id);
	int64_t mid = cv_stmt_step(st) == CV_STEP_ROW ? cv_stmt_int(st, 0) : 0;

	cv_stmt_done(st);
	return mid;
}

/* Redoing names what it redoes: the person has seen that refusal. */
static bool depends(struct run *r)
{
	int64_t mid = r->op->flags & CV_OP_COMMUTES ? 0 : refused_before(r);

	return mid > 0 && mid < r->mid && cv_json_int(r->element, "supersedes", 0) < mid;
}

static void act(struct run *r, const struct cv_env *env)
{
	const struct cv_json *args = cv_json_get(r->element, "args");
	struct cv_json *none = args == NULL ? cv_json_new_object() : NULL;
	struct cv_act who = {.user = r->job->user,
			     .device = r->job->device,
			     .origin = r->job->script ? "script" : "person",
			     .rights = r->job->rights,
			     .now = r->now,
			     .authority = true,
			     .base = cv_json_object_of(r->element, "base")};

	if (r->too_long)
		refuse(r, "too-large", NULL, _("một đoạn chữ dài quá mức máy chủ nhận (64 KiB)"));
	else if (r->op == NULL)
		refuse(r, "unknown-op", "op", _("máy chủ không có thao tác này"));
	else if (!cv_id_valid(r->id))
		refuse(r, "bad-request", "id", _("mã không đúng"));
	else if (!cv_time_parse(cv_json_s(r->element, "at"), &who.at))
		refuse(r, "bad-request", "at", _("thời điểm không đúng"));
	else if (args != NULL && !cv_json_is(args, CV_JSON_OBJECT))
		refuse(r, "bad-request", "args", _("dữ liệu không đúng"));
	else if (depends(r))
		refuse(r, "depends", NULL, _("thao tác trước đó trên mục này không được nhận"));
	else
		cv_work_one(r->b, env, r->op, r->id, args != NULL ? args : none, &who, &r->out);
	cv_json_destroy(none);
}

/* The reason is told only to those who may read the object: the answer is the same for what is not there. */
static void add_reason(struct run *r, struct cv_json *result, const struct cv_json *object)
{
	const struct cv_err *e = &r->out.err;
	bool hidden = r->out.st == CV_ST_FORBIDDEN &&
		      (object == NULL || !cv_may_read(cv_dbctx_ctx(cv_batch_ctx(r->b)), r->job->user, r->job->rights,
						      r->op->kind, object));

	if (hidden) {
		cv_json_set_str(result, "code", "forbidden");
		cv_json_set_str(result, "detail", cv_rc_text(CV_FORBIDDEN));
		return;
	}
	cv_json_set_str(result, "code", e->code[0] != '\0' ? e->code : cv_st_word(r->out.st));
	if (e->field[0] != '\0')
		cv_json_set_str(result, "field", e->field);
	if (e->detail[0] != '\0')
		cv_json_set_str(result, "detail", e->detail);
}

static struct cv_json *result_of(struct run *r)
{
	char recv[CV_TIME_SIZE];
	struct cv_dbctx *c = cv_batch_ctx(r->b);
	struct cv_json *result = cv_json_new_object();
	const struct cv_json *object = r->op != NULL ? cv_dbctx_object(c, r->op->kind, r->id) : NULL;

	cv_time_format(r->now, recv);
	if (r->mid > 0)
		cv_json_set_int(result, "mid", r->mid);
	else
		cv_json_set_null(result, "mid");
	cv_json_set_str(result, "st", cv_st_word(r->out.st));
	if (r->op != NULL)
		cv_json_set_str(result, "kind", cv_kind_word(r->op->kind));
	if (r->id[0] != '\0')
		cv_json_set_str(result, "id", r->id);
	if (cv_st_accepted(r->out.st))
		cv_json_set_int(result, "rev", cv_json_int(object, "rev", 0));
	else if (r->out.st != CV_ST_RETRY)
		add_reason(r, result, object);
	if (r->out.why[0] != '\0')
		cv_json_set_str(result, "why", r->out.why);
	if (r->out.st == CV_ST_CONFLICT && object != NULL)
		cv_json_set(result, "theirs", cv_view_body(cv_dbctx_ctx(c), r->job->user, r->op->kind, object));
	cv_json_set_str(result, "recv", recv);
	return result;
}

static enum cv_rc remember(struct run *r, const struct cv_json *result, struct cv_err *err)
{
	struct cv_db *db = cv_batch_db(r->b);
	char *text = cv_json_text(result);
	enum cv_rc rc = cv_db_run(
		db, NULL, err, "INSERT INTO done (device, mid, hash, st, result, at) VALUES ($1, $2, $3, $4, $5, $6)",
		"sisssi", r->job->device, r->mid, r->hash, cv_st_word(r->out.st), text, r->now);

	free(text);
	if (rc == CV_OK)
		rc = cv_db_run(db, NULL, err, "UPDATE device SET last_mid = $2 WHERE id = $1 AND last_mid < $2", "si",
			       r->job->device, r->mid);
	if (rc == CV_OK && !cv_st_accepted(r->out.st) && r->id[0] != '\0')
		rc = cv_db_run(db, NULL, err,
			       "INSERT INTO refused (device, id, mid) VALUES ($1, $2, $3)"
			       " ON CONFLICT (device, id) DO UPDATE SET mid = $3",
			       "ssi", r->job->device, r->id, r->mid);
	return rc;
}

/* What was done, and what was refused for rights or as a secret of the state; never with content. */
static enum cv_rc book(struct run *r, const struct cv_json *result, struct cv_err *err)
{
	int64_t at = r->now;
	bool secret = strcmp(r->out.err.code, "state-secret") == 0;

	if (r->op == NULL || r->out.st == CV_ST_NOOP ||
	    (!cv_st_accepted(r->out.st) && r->out.st != CV_ST_FORBIDDEN && !secret))
		return CV_OK;
	cv_time_parse(cv_json_s(r->element, "at"), &at);
	const char *note = secret ? "state-secret" : r->out.st == CV_ST_APPLIED ? "" : cv_st_word(r->out.st);
	return cv_audit(cv_batch_db(r->b), r->now, r->job->user, r->job->device, r->op->name, cv_kind_word(r->op->kind),
			r->id, cv_json_int(result, "rev", 0), at, note, err);
}

/* The remembered result, or NULL. *fork: the mid is known with other bytes. */
static struct cv_json *remembered(struct run *r, bool *fork, bool *failed)
{
	struct cv_json *result = NULL;
	struct cv_stmt *st =
		cv_db_query(cv_batch_db(r->b), "SELECT hash, result FROM done WHERE device = $1 AND mid = $2", "si",
			    r->job->device, r->mid);
	enum cv_step step = cv_stmt_step(st);

	*failed = step == CV_STEP_FAIL;
	*fork = step == CV_STEP_ROW && strcmp(cv_stmt_text(st, 0), r->hash) != 0;
	if (step == CV_STEP_ROW && !*fork) {
		const char *text = cv_stmt_text(st, 1);
		*failed = cv_json_parse(&result, text, strlen(text), &cv_json_answer, NULL) != CV_OK;
	}
	cv_stmt_done(st);
	if (result != NULL)
		cv_json_set_bool(result, "dup", true);
	return result;
}

/* With a savepoint of its own; anything the database refuses takes all of it back. */
static enum cv_run run_fresh(struct run *r, const struct cv_env *env)
{
	size_t mark = cv_batch_mark(r->b);
	struct cv_db *db = cv_batch_db(r->b);
	struct cv_json *result;
	enum cv_rc rc = cv_db_savepoint(db, NULL);

	if (rc == CV_OK)
		act(r, env);
	else
		r->out.st = CV_ST_RETRY;
	result = result_of(r);
	if (r->out.st != CV_ST_RETRY)
		rc = remember(r, result, NULL);
	if (rc == CV_OK && r->out.st != CV_ST_RETRY)
		rc = book(r, result, NULL);
	if (rc == CV_OK && r->out.st != CV_ST_RETRY)
		rc = cv_db_release(db, NULL);
	if (rc != CV_OK || r->out.st == CV_ST_RETRY) {
		cv_db_undo(db);
		cv_batch_cut(r->b, mark);
		cv_dbctx_reset(cv_batch_ctx(r->b));
		cv_json_destroy(result);
		r->out.st = CV_ST_RETRY;
		result = result_of(r);
	}
	cv_json_push(r->job->results, result);
	return r->out.st == CV_ST_RETRY ? CV_RUN_RETRY : CV_RUN_ON;
}

static enum cv_run run_parsed(struct run *r, const struct cv_env *env)
{
	bool fork, failed;
	int64_t mid;
	const struct cv_json *number = cv_json_get(r->element, "mid");

	r->id = cv_json_s(r->element, "id");
	if (strlen(r->id) > CV_ID_MAX) /* not said back, not remembered */
		r->id = "";
	r->op = cv_op_find(cv_json_s(r->element, "op"));
	if (number == NULL || !cv_json_is_int(number, &mid) || mid < 1) {
		refuse(r, "bad-request", "mid", _("thiếu số thứ tự"));
		r->op = NULL;
		cv_json_push(r->job->results, result_of(r));
		return CV_RUN_ON;
	}
	r->mid = mid;
	struct cv_json *known = remembered(r, &fork, &failed);
	if (known != NULL) {
		cv_json_push(r->job->results, known);
		return CV_RUN_ON;
	}
	if (fork) {
		r->job->forked_mid = mid;
		return CV_RUN_FORKED;
	}
	if (failed) {
		r->out.st = CV_ST_RETRY;
		cv_json_push(r->job->results, result_of(r));
		return CV_RUN_RETRY;
	}
	return run_fresh(r, env);
}

enum cv_run cv_run_item(struct cv_batch *b, const struct cv_env *env, struct cv_job *job,
			const struct cv_push_item *item)
{
	struct run r = {.b = b, .job = job, .now = cv_now(env), .id = ""};
	struct cv_json *element = NULL;

	cv_sha256_hex(r.hash, item->raw, item->n);
	/* Not an object and unreadable alike: there is no mid to answer to. */
	if (cv_json_parse(&element, item->raw, item->n, &cv_json_request, NULL) != CV_OK) {
		r.too_long = cv_json_parse(&element, item->raw, item->n, &element_limits, NULL) == CV_OK;
		if (!r.too_long)
			element = cv_json_new_null();
	}
	r.element = element;
	enum cv_run how = run_parsed(&r, env);
	cv_outcome_finish(&r.out);
	cv_json_destroy(element);
	return how;
}

enum cv_rc cv_run_begin(struct cv_batch *b, const struct cv_env *env, const struct cv_job *job, struct cv_err *err)
{
	struct cv_db *db = cv_batch_db(b);
	int64_t now = cv_now(env);
	enum cv_rc rc = CV_OK;

	if (job->seen_op[0] != '\0')
		rc = cv_audit(db, now, job->user, job->device, job->seen_op, job->seen_kind, job->seen_id, 0, now, "",
			      err);
	if (rc == CV_OK && job->ack > 0)
		rc = cv_db_run(db, NULL, err, "DELETE FROM refused WHERE device = $1 AND mid <= $2", "si", job->device,
			       job->ack);
	if (rc == CV_OK)
		rc = cv_db_run(db, NULL, err, "UPDATE device SET last_seen = $2 WHERE id = $1 AND last_seen < $3",
			       "sii", job->device, now, now - SEEN_EVERY);
	return rc;
}
