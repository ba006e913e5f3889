/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The writer thread: takes what queued while the last commit ran, one transaction for all, then tells every request.
 * When the commit fails nothing was done, every request of the batch hears CV_BUSY and the connection is opened anew
 * (a failed fsync is never tried again on the same descriptor).
 */
#include "server/db/db.h"
#include "server/work/closed.h"
#include "server/work/run.h"

#include <congvu/base/log.h>
#include <congvu/base/mem.h>
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define BATCH	    256
#define QUEUE	    4096
#define LOOK_EVERY  200		      /* ms between two looks for writes by other processes */
#define PURGE_EVERY 3600000	      /* ms */
#define KEEP_DONE   (35 * 86400000LL) /* longer than clients keep what they sent (30 days) */

struct cv_work {
	const struct cv_env *env;
	char *dir; /* owned */
	void (*changed)(void *data, const struct cv_json *scopes);
	void *data;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	/* under lock */
	struct cv_job *first, *last;
	size_t queued;
	bool stop;
	/* the thread's own */
	struct cv_db *db;
	struct cv_dbctx *ctx;
	struct cv_batch *batch;
	int64_t version, counter, purged;
};

struct cv_job *cv_job_create(void)
{
	struct cv_job *job = cv_alloc(sizeof(*job));

	job->results = cv_json_new_array();
	return job;
}

void cv_job_destroy(struct cv_job *job)
{
	if (job == NULL)
		return;
	for (size_t i = 0; i < job->count; i++)
		free(job->items[i].raw);
	free(job->items);
	cv_json_destroy(job->results);
	free(job);
}

static void close_db(struct cv_work *w)
{
	cv_batch_destroy(w->batch);
	cv_dbctx_destroy(w->ctx);
	cv_db_close(w->db);
	w->batch = NULL;
	w->ctx = NULL;
	w->db = NULL;
}

static int64_t read_counter(struct cv_work *w)
{
	struct cv_stmt *st = cv_db_query(w->db, "SELECT n FROM counter WHERE one = 1", "");
	int64_t n = cv_stmt_step(st) == CV_STEP_ROW ? cv_stmt_int(st, 0) : w->counter;

	cv_stmt_done(st);
	return n;
}

static enum cv_rc open_db(struct cv_work *w, struct cv_err *err)
{
	enum cv_rc rc = cv_db_open(&w->db, w->dir, false, err);

	if (rc != CV_OK)
		return rc;
	w->ctx = cv_dbctx_create(w->db);
	w->batch = cv_batch_create(w->ctx);
	w->version = cv_db_data_version(w->db);
	w->counter = read_counter(w);
	return CV_OK;
}

static enum cv_rc run_write(struct cv_work *w, struct cv_job *job, struct cv_err *err)
{
	size_t mark = cv_batch_mark(w->batch);
	enum cv_rc rc = cv_db_savepoint(w->db, err);

	if (rc != CV_OK)
		return rc;
	job->rc = job->write(job, w->batch);
	if (job->rc == CV_OK || job->rc == CV_LOGIN)
		return cv_db_release(w->db, err);
	cv_db_undo(w->db);
	cv_batch_cut(w->batch, mark);
	cv_dbctx_reset(cv_batch_ctx(w->batch));
	return CV_OK;
}

static enum cv_rc run_job(struct cv_work *w, struct cv_job *job, struct cv_err *err)
{
	enum cv_run how = CV_RUN_ON;

	if (job->write != NULL)
		return run_write(w, job, err);
	enum cv_rc rc = cv_run_begin(w->batch, w->env, job, err);
	job->rc = CV_OK;
	for (size_t i = 0; rc == CV_OK && how == CV_RUN_ON && i < job->count; i++)
		how = cv_run_item(w->batch, w->env, job, &job->items[i]);
	if (how == CV_RUN_FORKED)
		job->rc = CV_CONFLICT;
	return rc;
}

static enum cv_rc run_batch(struct cv_work *w, struct cv_job *jobs, struct cv_err *err)
{
	enum cv_rc rc = cv_db_begin(w->db, true, err);

	if (rc != CV_OK)
		return rc;
	cv_batch_reset(w->batch);
	for (struct cv_job *job = jobs; rc == CV_OK && job != NULL; job = job->next)
		rc = run_job(w, job, err);
	if (rc == CV_OK)
		rc = cv_batch_publish(w->batch, err);
	if (rc == CV_OK)
		return cv_db_commit(w->db, err);
	cv_db_rollback(w->db);
	return rc;
}

/* Each job may be gone once its done() was called. */
static void tell(struct cv_job *jobs, enum cv_rc rc)
{
	while (jobs != NULL) {
		struct cv_job *job = jobs;
		jobs = job->next;
		job->next = NULL;
		if (rc != CV_OK) {
			job->rc = CV_BUSY;
			job->forked_mid = 0;
			if (job->write == NULL) {
				cv_json_destroy(job->results);
				job->results = cv_json_new_array();
			}
		}
		job->done(job);
	}
}

static void serve(struct cv_work *w, struct cv_job *jobs)
{
	struct cv_err err = {0};
	enum cv_rc rc = w->db != NULL ? CV_OK : open_db(w, &err);

	if (rc == CV_OK)
		rc = run_batch(w, jobs, &err);
	if (rc != CV_OK) {
		cv_log(CV_LOG_ERROR, "a batch was not stored: %s", err.detail);
		if (rc != CV_BUSY)
			close_db(w);
	}
	tell(jobs, rc);
	if (rc != CV_OK || cv_json_count(cv_batch_scopes(w->batch)) == 0)
		return;
	w->counter = cv_batch_counter(w->batch);
	w->changed(w->data, cv_batch_scopes(w->batch));
}

/* Writes by other processes and connections: only those that published wake anybody. */
static void look_around(struct cv_work *w)
{
	if (w->db == NULL)
		return;
	int64_t version = cv_db_data_version(w->db);
	if (version == w->version)
		return;
	w->version = version;
	int64_t counter = read_counter(w);
	if (counter != w->counter) {
		w->counter = counter;
		w->changed(w->data, NULL);
	}
}

/* Old endings go in a transaction of their own; their holders are woken. */
static void close_old(struct cv_work *w)
{
	struct cv_err err = {0};
	size_t count = 0;
	enum cv_rc rc = cv_db_begin(w->db, true, &err);

	if (rc != CV_OK)
		return;
	cv_batch_reset(w->batch);
	rc = cv_closed_leave(w->batch, cv_dbctx_ctx(w->ctx), cv_now(w->env), &count);
	if (rc == CV_OK)
		rc = cv_batch_publish(w->batch, &err);
	if (rc == CV_OK && count > 0)
		rc = cv_db_commit(w->db, &err);
	else
		cv_db_rollback(w->db);
	if (rc == CV_OK && count > 0) {
		w->counter = cv_batch_counter(w->batch);
		w->changed(w->data, cv_batch_scopes(w->batch));
		w->purged -= PURGE_EVERY; /* there may be more: the next round looks again */
	} else if (rc != CV_OK && rc != CV_BUSY) {
		close_db(w); /* as after a batch: opened anew by the next one */
	}
}

static void purge(struct cv_work *w)
{
	int64_t now = cv_now(w->env);

	if (w->db == NULL || cv_mono(w->env) - w->purged < PURGE_EVERY)
		return;
	w->purged = cv_mono(w->env);
	/* A failure costs nothing: the next hour tries again. */
	if (cv_db_run(w->db, NULL, NULL, "DELETE FROM done WHERE at < $1", "i", now - KEEP_DONE) != CV_OK ||
	    cv_db_run(w->db, NULL, NULL, "DELETE FROM token WHERE expires < $1", "i", now) != CV_OK)
		cv_log(CV_LOG_WARN, "old rows were not purged");
	close_old(w);
}

static void wait_a_little(struct cv_work *w)
{
	struct timespec until;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_nsec += LOOK_EVERY * 1000000L;
	if (until.tv_nsec >= 1000000000L) {
		until.tv_nsec -= 1000000000L;
		until.tv_sec++;
	}
	/* Not pthread_cond_timedwait: where the clock is a set one (tests), that returns at once and spins. */
	pthread_cond_clockwait(&w->wake, &w->lock, CLOCK_MONOTONIC, &until);
}

/* Up to BATCH jobs, unlinked; NULL if none came in a while. *stop: none will come any more. */
static struct cv_job *take(struct cv_work *w, bool *stop)
{
	pthread_mutex_lock(&w->lock);
	if (w->first == NULL && !w->stop)
		wait_a_little(w);
	struct cv_job *jobs = w->first, *end = jobs;
	for (int i = 1; end != NULL && end->next != NULL && i < BATCH; i++)
		end = end->next;
	if (end != NULL) {
		w->first = end->next;
		end->next = NULL;
		if (w->first == NULL)
			w->last = NULL;
		for (struct cv_job *job = jobs; job != NULL; job = job->next)
			w->queued--;
	}
	*stop = w->stop && jobs == NULL;
	pthread_mutex_unlock(&w->lock);
	return jobs;
}

static void *main_loop(void *data)
{
	struct cv_work *w = data;
	bool stop = false;

	while (!stop) {
		struct cv_job *jobs = take(w, &stop);
		if (jobs != NULL)
			serve(w, jobs);
		look_around(w);
		purge(w);
	}
	return NULL;
}

static void destroy(struct cv_work *w)
{
	close_db(w);
	pthread_cond_destroy(&w->wake);
	pthread_mutex_destroy(&w->lock);
	free(w->dir);
	free(w);
}

enum cv_rc cv_work_start(struct cv_work **out, const struct cv_env *env, const char *dir,
			 void (*changed)(void *data, const struct cv_json *scopes), void *data, struct cv_err *err)
{
	struct cv_work *w = cv_alloc(sizeof(*w));

	*out = NULL;
	w->env = env;
	w->dir = cv_strdup(dir);
	w->changed = changed;
	w->data = data;
	w->purged = cv_mono(env) - PURGE_EVERY;
	pthread_mutex_init(&w->lock, NULL);
	pthread_cond_init(&w->wake, NULL);
	enum cv_rc rc = open_db(w, err);
	if (rc == CV_OK && pthread_create(&w->thread, NULL, main_loop, w) != 0)
		rc = cv_err_set(err, CV_INTERNAL, NULL, "pthread_create: %s", strerror(errno));
	if (rc == CV_OK)
		*out = w;
	else
		destroy(w);
	return rc;
}

bool cv_work_submit(struct cv_work *w, struct cv_job *job)
{
	bool taken = false;

	pthread_mutex_lock(&w->lock);
	if (!w->stop && w->queued < QUEUE) {
		job->next = NULL;
		if (w->last != NULL)
			w->last->next = job;
		else
			w->first = job;
		w->last = job;
		w->queued++;
		taken = true;
		pthread_cond_signal(&w->wake);
	}
	pthread_mutex_unlock(&w->lock);
	return taken;
}

struct call {
	pthread_mutex_t lock;
	pthread_cond_t wake;
	bool done;
};

static void call_done(struct cv_job *job)
{
	struct call *call = job->data;

	pthread_mutex_lock(&call->lock);
	call->done = true;
	pthread_cond_signal(&call->wake);
	pthread_mutex_unlock(&call->lock);
}

enum cv_rc cv_work_call(struct cv_work *w, struct cv_job *job)
{
	struct call *call = cv_alloc(sizeof(*call));
	enum cv_rc rc = CV_BUSY;

	pthread_mutex_init(&call->lock, NULL);
	pthread_cond_init(&call->wake, NULL);
	job->done = call_done;
	job->data = call;
	if (cv_work_submit(w, job)) {
		pthread_mutex_lock(&call->lock);
		while (!call->done)
			pthread_cond_wait(&call->wake, &call->lock);
		pthread_mutex_unlock(&call->lock);
		rc = job->rc;
	}
	pthread_cond_destroy(&call->wake);
	pthread_mutex_destroy(&call->lock);
	free(call);
	return rc;
}

void cv_work_stop(struct cv_work *w)
{
	if (w == NULL)
		return;
	pthread_mutex_lock(&w->lock);
	w->stop = true;
	pthread_cond_signal(&w->wake);
	pthread_mutex_unlock(&w->lock);
	pthread_join(w->thread, NULL);
	destroy(w);
}
