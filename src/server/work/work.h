/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Running operations with authority. One writer thread takes what queued while the last commit ran (<= 256
 * requests), one transaction, one savepoint per operation: dedup row, apply, object, audit; at the end the
 * counter and the feed rows; commit; then every request is told.
 */
#ifndef CONGVU_SERVER_WORK_H
#define CONGVU_SERVER_WORK_H

#include <congvu/base/env.h>
#include <congvu/base/json.h>
#include <congvu/model/op.h>

struct cv_db;

/* ---- the ctx over a connection: objects parsed and cached until cv_dbctx_reset ---- */
struct cv_dbctx;
struct cv_dbctx *cv_dbctx_create(struct cv_db *db);
void cv_dbctx_destroy(struct cv_dbctx *c);
void cv_dbctx_reset(struct cv_dbctx *c); /* forget what was cached (at each transaction's begin) */
const struct cv_ctx *cv_dbctx_ctx(struct cv_dbctx *c);
/* Parsed object or NULL; borrowed until the reset. */
const struct cv_json *cv_dbctx_object(struct cv_dbctx *c, enum cv_kind kind, const char *id);

/* True if a look-up since the reset failed (as opposed to finding nothing): what was read must not be trusted. */
bool cv_dbctx_failed(const struct cv_dbctx *c);

/* ---- storing, inside a write transaction ---- */
/* Feed entries of a transaction, in memory until cv_publish writes them (cut back on rollback). */
struct cv_batch;
struct cv_batch *cv_batch_create(struct cv_dbctx *c);
void cv_batch_destroy(struct cv_batch *b);
void cv_batch_reset(struct cv_batch *b); /* at each transaction's begin: no entries, no scopes, no cached objects */
struct cv_db *cv_batch_db(const struct cv_batch *b);
struct cv_dbctx *cv_batch_ctx(const struct cv_batch *b);
size_t cv_batch_mark(const struct cv_batch *b);
void cv_batch_cut(struct cv_batch *b, size_t mark);
/* Writes object with rev = old rev + 1 (set in it), its list columns, and remembers the scopes touched (old and
 * new). `object` is taken. */
enum cv_rc cv_object_put(struct cv_batch *b, enum cv_kind kind, struct cv_json *object, struct cv_err *err);
/* Publishes an object again without a new revision, because its scopes changed with another object (a person moved
 * to another unit). `before`: its scopes from before, as cv_scopes_of_object gave them. */
enum cv_rc cv_object_republish(struct cv_batch *b, enum cv_kind kind, const char *id, const struct cv_json *before,
			       struct cv_err *err);
/* Last in the transaction: counter and feed rows. */
enum cv_rc cv_batch_publish(struct cv_batch *b, struct cv_err *err);
/* The feed's counter as the last publish left it (0 before). */
int64_t cv_batch_counter(const struct cv_batch *b);
/* The scopes touched, for waking waiters: array of strings, borrowed. */
const struct cv_json *cv_batch_scopes(const struct cv_batch *b);
/* Appends a row to the hash-chained audit. note holds no content. */
enum cv_rc cv_audit(struct cv_db *db, int64_t now, const char *actor, const char *device, const char *op,
		    const char *kind, const char *id, int64_t rev, int64_t at, const char *note, struct cv_err *err);
/* True if the chain of hashes holds; else *bad is the first row that does not fit. *rows: how many were read. */
bool cv_audit_check(struct cv_db *db, int64_t *rows, int64_t *bad);
/* Runs one operation as an administrator's command or an import does (begin..commit is the caller's). */
void cv_work_one(struct cv_batch *b, const struct cv_env *env, const struct cv_op *op, const char *id,
		 const struct cv_json *args, const struct cv_act *act, struct cv_outcome *out);

/* ---- the writer thread ---- */
struct cv_push_item {
	char *raw; /* owned: the bytes as they came */
	size_t n;
};
struct cv_job {
	struct cv_job *next;
	/* in */
	char user[40];
	char device[48];
	unsigned rights;
	bool script; /* a device of --for-cron */
	/* An audit row of its own: who saw hidden data. seen_op "" = none. */
	char seen_op[24], seen_kind[16], seen_id[CV_ID_MAX + 1];
	int64_t ack;		    /* of the request: refusals up to this mid are known to the client (0: none) */
	struct cv_push_item *items; /* owned */
	size_t count;
	/* Instead of items: another write that joins the batch, with a savepoint of its own. CV_OK and CV_LOGIN keep
	 * what it wrote (a reused token ends its family), anything else takes it back; rc says which. */
	enum cv_rc (*write)(struct cv_job *job, struct cv_batch *b);
	/* out: filled before done() is called */
	enum cv_rc rc;			  /* CV_OK; CV_BUSY: nothing was done, answer 503; CV_CONFLICT: device forked */
	struct cv_json *results;	  /* owned: array, contract 3 */
	int64_t forked_mid;		  /* for CV_CONFLICT */
	void (*done)(struct cv_job *job); /* called on the writer thread after the commit */
	void *data;
};
struct cv_job *cv_job_create(void);
void cv_job_destroy(struct cv_job *job);

struct cv_work;
/* changed(data, scopes) is called on the writer thread after each commit that touched scopes, also for writes by other
 * processes (then with scopes NULL: wake everyone). */
enum cv_rc cv_work_start(struct cv_work **out, const struct cv_env *env, const char *dir,
			 void (*changed)(void *data, const struct cv_json *scopes), void *data, struct cv_err *err);
/* Takes the job. False (job not taken) when the queue is longer than the limit: shed with 503. */
bool cv_work_submit(struct cv_work *w, struct cv_job *job);
/* Submits a job with `write` and waits for it; not for the writer's own thread. */
enum cv_rc cv_work_call(struct cv_work *w, struct cv_job *job);
void cv_work_stop(struct cv_work *w); /* finishes what is queued */

#endif
