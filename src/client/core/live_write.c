/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The writer: jobs in order, each told when it is done. */
#include "client/core/live_inside.h"

#include <congvu/base/mem.h>
#include <congvu/core/dossiers.h>

#include <stdlib.h>

static void job_free(struct job *job)
{
	if (job == NULL)
		return;
	free(job->name);
	free(job->id);
	cv_json_destroy(job->json);
	free(job);
}

static void do_act(struct cv_live *live, struct cv_core *core, const struct job *job)
{
	struct cv_act_in in = {
		.op = job->name, .id = job->id, .args = job->json, .anyway = job->anyway, .supersedes = job->mid};
	struct cv_live_event e = {.kind = CV_LIVE_ACTED, .ticket = job->ticket};

	cv_err_init(&e.err);
	e.err.rc = cv_core_act(core, &in, &e.out, &e.err);
	bool queued = e.err.rc == CV_OK && e.out.st == CV_ST_QUEUED;
	cv_live_tell(live, &e);
	if (queued)
		cv_live_sync(live);
}

static void do_job(struct cv_live *live, struct cv_core *core, const struct job *job)
{
	int64_t mid;

	switch (job->kind) {
	case JOB_ACT:
		do_act(live, core, job);
		return;
	case JOB_DRAFT:
		if (cv_store_set_draft(core->store, job->name, job->json, NULL) == CV_OK)
			cv_live_tell(live, &(struct cv_live_event){.kind = CV_LIVE_SAVED, .ticket = job->ticket});
		return;
	case JOB_RETRY:
		if (cv_core_outbox_retry(core, job->mid, &mid, NULL) == CV_OK)
			cv_live_sync(live);
		break;
	case JOB_DROP:
		cv_core_outbox_drop(core, job->mid, NULL);
		break;
	case JOB_SEEN:
		cv_core_dossier_seen(core, job->name, NULL);
		break;
	}
	cv_live_tell_kind(live, CV_LIVE_CHANGED);
}

void *cv_live_write_loop(void *data)
{
	struct worker *w = data;
	struct cv_live *live = w->live;

	pthread_mutex_lock(&live->lock);
	/* The end comes only after everything that was asked for is written. */
	while (live->first != NULL || cv_live_park(w)) {
		struct job *job = live->first;
		if (job == NULL) {
			cv_live_nap(live, -1);
			continue;
		}
		live->first = job->next;
		if (live->first == NULL)
			live->last = NULL;
		live->writing = true;
		pthread_mutex_unlock(&live->lock);
		do_job(live, w->core, job);
		job_free(job);
		pthread_mutex_lock(&live->lock);
		live->writing = false;
		pthread_cond_broadcast(&live->wake);
	}
	pthread_mutex_unlock(&live->lock);
	return NULL;
}

static void add_job(struct cv_live *live, struct job *job)
{
	pthread_mutex_lock(&live->lock);
	if (live->last != NULL)
		live->last->next = job;
	else
		live->first = job;
	live->last = job;
	pthread_cond_broadcast(&live->wake);
	pthread_mutex_unlock(&live->lock);
}

static struct job *job_new(enum job_kind kind, const char *name, int64_t mid)
{
	struct job *job = cv_alloc(sizeof(*job));

	job->kind = kind;
	job->name = name != NULL ? cv_strdup(name) : NULL;
	job->mid = mid;
	return job;
}

uint64_t cv_live_act(struct cv_live *live, const struct cv_act_in *in)
{
	struct job *job = job_new(JOB_ACT, in->op, in->supersedes);

	job->id = cv_strdup(in->id);
	job->json = cv_json_dup(in->args);
	job->anyway = in->anyway;
	pthread_mutex_lock(&live->lock);
	uint64_t ticket = job->ticket = ++live->tickets;
	pthread_mutex_unlock(&live->lock);
	add_job(live, job);
	return ticket;
}

uint64_t cv_live_draft(struct cv_live *live, const char *name, const struct cv_json *draft)
{
	struct job *job = job_new(JOB_DRAFT, name, 0);

	job->json = draft != NULL ? cv_json_dup(draft) : NULL;
	pthread_mutex_lock(&live->lock);
	uint64_t ticket = job->ticket = ++live->tickets;
	pthread_mutex_unlock(&live->lock);
	add_job(live, job);
	return ticket;
}

void cv_live_retry(struct cv_live *live, int64_t mid)
{
	add_job(live, job_new(JOB_RETRY, NULL, mid));
}

void cv_live_drop(struct cv_live *live, int64_t mid)
{
	add_job(live, job_new(JOB_DROP, NULL, mid));
}

void cv_live_seen(struct cv_live *live, const char *dossier)
{
	add_job(live, job_new(JOB_SEEN, dossier, 0));
}

void cv_live_flush(struct cv_live *live)
{
	pthread_mutex_lock(&live->lock);
	while ((live->first != NULL || live->writing) && !live->paused)
		cv_live_nap(live, 100);
	pthread_mutex_unlock(&live->lock);
}
