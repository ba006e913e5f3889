/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Three threads, each with a cv_core of its own:
 *   writer  takes jobs in order; what it queued wakes the pusher
 *   pusher  sends and receives when woken, tries again after faults; holds sync.lock only inside cv_core_sync
 *   poller  holds the long poll and nothing else; a push of this device ends it at once
 * A pause parks all three outside transactions, locks and requests.
 */
#include "client/core/inside.h"

#include <congvu/base/mem.h>
#include <congvu/base/time.h>
#include <congvu/core/dossiers.h>
#include <congvu/core/live.h>

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#define POLL_S	   50
#define POLL_MIN_S 20
#define TRY_MS	   5000 /* after a fault, doubled each time */
#define TRY_MAX_MS 60000

enum job_kind { JOB_ACT, JOB_DRAFT, JOB_RETRY, JOB_DROP, JOB_SEEN };
struct job {
	struct job *next;
	enum job_kind kind;
	uint64_t ticket;
	char *name;	      /* owned: op, draft's name or dossier */
	char *id;	      /* owned */
	struct cv_json *json; /* owned: args or draft; NULL forgets */
	int64_t mid;
	bool anyway;
};
struct event {
	struct event *next;
	struct cv_live_event e;
};

struct worker {
	struct cv_live *live;
	struct cv_core *core; /* owned */
	pthread_t thread;
	bool started, parked;
};

struct cv_live {
	pthread_mutex_t lock;
	pthread_cond_t wake;
	struct worker writer, pusher, poller;
	int fd, stop_fd; /* eventfds: news for the screen; ends requests */
	volatile int stop_requests;
	/* under lock */
	struct job *first, *last;
	bool writing;
	struct event *events, *last_event;
	bool end, paused, push;
	uint64_t tickets;
	struct cv_live_line line;
};

static void tell(struct cv_live *live, const struct cv_live_event *e)
{
	uint64_t one = 1;
	struct event *event = cv_alloc(sizeof(*event));

	event->e = *e;
	pthread_mutex_lock(&live->lock);
	if (live->last_event != NULL)
		live->last_event->next = event;
	else
		live->events = event;
	live->last_event = event;
	pthread_mutex_unlock(&live->lock);
	if (write(live->fd, &one, sizeof(one)) != sizeof(one))
		return; /* the counter is full: the reader will come anyway */
}

static void tell_kind(struct cv_live *live, enum cv_live_kind kind)
{
	struct cv_live_event e = {.kind = kind};

	tell(live, &e);
}

bool cv_live_next(struct cv_live *live, struct cv_live_event *event)
{
	uint64_t n;
	ssize_t got = read(live->fd, &n, sizeof(n)); /* non-blocking; what counts is the list */

	(void)got;
	pthread_mutex_lock(&live->lock);
	struct event *e = live->events;
	if (e != NULL) {
		live->events = e->next;
		if (live->events == NULL)
			live->last_event = NULL;
		*event = e->e;
	}
	pthread_mutex_unlock(&live->lock);
	free(e);
	return e != NULL;
}

int cv_live_fd(const struct cv_live *live)
{
	return live->fd;
}

void cv_live_line(struct cv_live *live, struct cv_live_line *out)
{
	pthread_mutex_lock(&live->lock);
	*out = live->line;
	pthread_mutex_unlock(&live->lock);
}

/* ---- waiting; the monotonic clock, whatever the wall clock does ---- */
/* With the lock held: until woken or `ms` are over (-1: for ever). */
static void nap(struct cv_live *live, int64_t ms)
{
	struct timespec until;

	if (ms < 0) {
		pthread_cond_wait(&live->wake, &live->lock);
		return;
	}
	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += ms / 1000;
	until.tv_nsec += ms % 1000 * 1000000;
	if (until.tv_nsec >= 1000000000) {
		until.tv_sec++;
		until.tv_nsec -= 1000000000;
	}
	pthread_cond_clockwait(&live->wake, &live->lock, CLOCK_MONOTONIC, &until);
}

/* With the lock held: stands still while the program is paused. False: the end. */
static bool park(struct worker *w)
{
	struct cv_live *live = w->live;

	while (live->paused && !live->end) {
		w->parked = true;
		pthread_cond_broadcast(&live->wake);
		nap(live, -1);
	}
	w->parked = false;
	return !live->end;
}

/* ---- the writer ---- */
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
	tell(live, &e);
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
		cv_store_set_draft(core->store, job->name, job->json, NULL);
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
	tell_kind(live, CV_LIVE_CHANGED);
}

static void *write_loop(void *data)
{
	struct worker *w = data;
	struct cv_live *live = w->live;

	pthread_mutex_lock(&live->lock);
	/* The end comes only after everything that was asked for is written. */
	while (live->first != NULL || park(w)) {
		struct job *job = live->first;
		if (job == NULL) {
			nap(live, -1);
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

void cv_live_draft(struct cv_live *live, const char *name, const struct cv_json *draft)
{
	struct job *job = job_new(JOB_DRAFT, name, 0);

	job->json = draft != NULL ? cv_json_dup(draft) : NULL;
	add_job(live, job);
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
		nap(live, 100);
	pthread_mutex_unlock(&live->lock);
}

/* ---- the line ---- */
static void set_line(struct cv_live *live, struct cv_core *core, enum cv_rc rc)
{
	bool was, online = rc == CV_OK;

	if (rc == CV_INTERRUPTED)
		return;
	pthread_mutex_lock(&live->lock);
	was = live->line.online;
	live->line.online = online;
	live->line.fault = rc;
	if (online) {
		live->line.last_sync = cv_now(core->env);
		live->line.since = CV_TIME_NONE;
	} else if (live->line.since == CV_TIME_NONE) {
		live->line.since = cv_now(core->env);
	}
	pthread_mutex_unlock(&live->lock);
	if (was != online)
		tell_kind(live, CV_LIVE_LINE);
}

void cv_live_sync(struct cv_live *live)
{
	pthread_mutex_lock(&live->lock);
	live->push = true;
	pthread_cond_broadcast(&live->wake);
	pthread_mutex_unlock(&live->lock);
}

static enum cv_rc sync_once(struct worker *w, int wait_s)
{
	struct cv_sync_how how = {.wait = CV_WAIT_NORMAL,
				  .poll_s = wait_s,
				  .once = true,
				  .stop = &w->live->stop_requests,
				  .stop_fd = w->live->stop_fd};
	struct cv_sync_out out = {0};
	struct cv_err err;
	int64_t before = cv_store_data_version(w->core->store);

	(void)before;
	cv_err_init(&err);
	enum cv_rc rc = cv_core_sync(w->core, &how, &out, &err);
	cv_json_destroy(out.result);
	return rc == CV_QUEUED ? err.rc : rc;
}

static void *push_loop(void *data)
{
	struct worker *w = data;
	struct cv_live *live = w->live;
	int64_t wait = TRY_MS;

	pthread_mutex_lock(&live->lock);
	while (park(w)) {
		if (!live->push) {
			nap(live, live->line.online ? -1 : wait);
			/* Offline it tries again by itself; one success and the poller takes over. */
			live->push = live->push || (!live->line.online && !live->end && !live->paused);
			continue;
		}
		live->push = false;
		live->line.sending = true;
		pthread_mutex_unlock(&live->lock);
		enum cv_rc rc = sync_once(w, 0);
		set_line(live, w->core, rc);
		pthread_mutex_lock(&live->lock);
		live->line.sending = false;
		pthread_cond_broadcast(&live->wake); /* the poller may go on */
		pthread_mutex_unlock(&live->lock);
		tell_kind(live, CV_LIVE_CHANGED);
		pthread_mutex_lock(&live->lock);
		if (rc == CV_OK)
			wait = TRY_MS;
		else if (!live->push)
			wait = wait * 2 < TRY_MAX_MS ? wait * 2 : TRY_MAX_MS;
	}
	pthread_mutex_unlock(&live->lock);
	return NULL;
}

static void *poll_loop(void *data)
{
	struct worker *w = data;
	struct cv_live *live = w->live;
	int wait_s = POLL_S;

	pthread_mutex_lock(&live->lock);
	while (park(w)) {
		/* Nothing to hold while there is no line, or while a push would end it at once. */
		if (!live->line.online || live->line.sending || live->push) {
			nap(live, -1);
			continue;
		}
		pthread_mutex_unlock(&live->lock);
		int64_t begin = cv_mono(w->core->env);
		enum cv_rc rc = sync_once(w, wait_s);
		int64_t took = cv_mono(w->core->env) - begin;
		/* Something between cuts silent connections: ask for less next time. */
		if (rc == CV_TRANSPORT && took > 5000)
			wait_s = wait_s * 3 / 4 > POLL_MIN_S ? wait_s * 3 / 4 : POLL_MIN_S;
		if (rc == CV_OK)
			tell_kind(live, CV_LIVE_CHANGED);
		else if (rc != CV_INTERRUPTED)
			cv_live_sync(live); /* the pusher finds out what is wrong */
		pthread_mutex_lock(&live->lock);
		if (rc != CV_OK && rc != CV_INTERRUPTED)
			nap(live, 500);
		else if (took < 50 && !live->end && !live->paused)
			nap(live, 50); /* a server that does not hold polls is not asked in a circle */
	}
	pthread_mutex_unlock(&live->lock);
	return NULL;
}

/* ---- life ---- */
static enum cv_rc begin(struct worker *w, struct cv_live *live, struct cv_core *like, void *(*loop)(void *),
			struct cv_err *err)
{
	w->live = live;
	enum cv_rc rc = cv_core_clone(&w->core, like, err);
	if (rc != CV_OK)
		return rc;
	w->started = pthread_create(&w->thread, NULL, loop, w) == 0;
	return w->started ? CV_OK : cv_err_set(err, CV_INTERNAL, NULL, NULL);
}

enum cv_rc cv_live_start(struct cv_live **out, struct cv_core *core, struct cv_err *err)
{
	struct cv_live *live = cv_alloc(sizeof(*live));

	*out = NULL;
	pthread_mutex_init(&live->lock, NULL);
	pthread_cond_init(&live->wake, NULL);
	live->fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	live->stop_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	live->push = true;
	live->line = (struct cv_live_line){.since = CV_TIME_NONE, .last_sync = CV_TIME_NONE};
	enum cv_rc rc = begin(&live->writer, live, core, write_loop, err);
	if (rc == CV_OK)
		rc = begin(&live->pusher, live, core, push_loop, err);
	if (rc == CV_OK)
		rc = begin(&live->poller, live, core, poll_loop, err);
	if (rc != CV_OK) {
		cv_live_stop(live);
		return rc;
	}
	*out = live;
	return CV_OK;
}

static void cut_requests(struct cv_live *live, bool cut)
{
	uint64_t n = 1;
	ssize_t done;

	live->stop_requests = cut;
	done = cut ? write(live->stop_fd, &n, sizeof(n)) : read(live->stop_fd, &n, sizeof(n));
	(void)done;
}

void cv_live_pause(struct cv_live *live)
{
	cut_requests(live, true);
	pthread_mutex_lock(&live->lock);
	while (live->first != NULL || live->writing)
		nap(live, 100);
	live->paused = true;
	pthread_cond_broadcast(&live->wake);
	for (int i = 0; i < 30 && !(live->writer.parked && live->pusher.parked && live->poller.parked); i++)
		nap(live, 100);
	pthread_mutex_unlock(&live->lock);
}

void cv_live_resume(struct cv_live *live)
{
	cut_requests(live, false);
	pthread_mutex_lock(&live->lock);
	live->paused = false;
	live->push = true;
	pthread_cond_broadcast(&live->wake);
	pthread_mutex_unlock(&live->lock);
}

static void join(struct worker *w)
{
	if (w->started)
		pthread_join(w->thread, NULL);
	cv_core_close(w->core);
}

void cv_live_stop(struct cv_live *live)
{
	struct cv_live_event e;

	if (live == NULL)
		return;
	cut_requests(live, true);
	pthread_mutex_lock(&live->lock);
	live->end = true;
	pthread_cond_broadcast(&live->wake);
	pthread_mutex_unlock(&live->lock);
	join(&live->writer);
	join(&live->pusher);
	join(&live->poller);
	while (cv_live_next(live, &e))
		;
	close(live->fd);
	close(live->stop_fd);
	pthread_cond_destroy(&live->wake);
	pthread_mutex_destroy(&live->lock);
	free(live);
}
