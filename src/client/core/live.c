/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Three threads, each with a cv_core of its own:
 *   writer  takes jobs in order; what it queued wakes the pusher
 *   pusher  sends and receives when woken, tries again after faults; holds sync.lock only inside cv_core_sync
 *   poller  holds the long poll and nothing else; a push of this device ends it at once
 * A pause parks all three outside transactions, locks and requests.
 */
#include "client/core/live_inside.h"

#include <congvu/base/mem.h>
#include <congvu/base/time.h>
#include <congvu/core/dossiers.h>
#include <congvu/core/live.h>

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <time.h>
#include <unistd.h>

#define POLL_S	   50
#define POLL_MIN_S 20
#define TRY_MS	   5000 /* after a fault, doubled each time */
#define TRY_MAX_MS 30000
#define PAUSE_MS   10000

void cv_live_tell(struct cv_live *live, const struct cv_live_event *e)
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

void cv_live_tell_kind(struct cv_live *live, enum cv_live_kind kind)
{
	struct cv_live_event e = {.kind = kind};

	cv_live_tell(live, &e);
}

/* Did anybody write into the store since it was looked at last? Other programs' writes are seen this way, too. */
static bool written(const struct cv_live *live)
{
	char events[4096] __attribute__((aligned(8)));
	bool any = false;

	while (read(live->watch, events, sizeof(events)) > 0)
		any = true;
	return any;
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
	if (e != NULL || !written(live))
		return e != NULL;
	*event = (struct cv_live_event){.kind = CV_LIVE_CHANGED};
	return true;
}

int cv_live_fd(const struct cv_live *live)
{
	return live->both;
}

void cv_live_line(struct cv_live *live, struct cv_live_line *out)
{
	pthread_mutex_lock(&live->lock);
	*out = live->line;
	pthread_mutex_unlock(&live->lock);
}

/* ---- waiting; the monotonic clock, whatever the wall clock does ---- */
/* With the lock held: until woken or `ms` are over (-1: for ever). */
void cv_live_nap(struct cv_live *live, int64_t ms)
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
bool cv_live_park(struct worker *w)
{
	struct cv_live *live = w->live;

	while (live->paused && !live->end) {
		/* Told once: parked threads that wake each other would never rest. */
		if (!w->parked) {
			w->parked = true;
			pthread_cond_broadcast(&live->wake);
		}
		cv_live_nap(live, -1);
	}
	w->parked = false;
	return !live->end;
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
		cv_live_tell_kind(live, CV_LIVE_LINE);
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
	struct cv_sync_how how = {.wait = CV_WAIT_NORMAL, .poll_s = wait_s, .once = true};
	struct cv_sync_out out = {0};
	struct cv_err err;

	cv_err_init(&err);
	enum cv_rc rc = cv_core_sync(w->core, &how, &out, &err);
	cv_json_destroy(out.result);
	return rc == CV_QUEUED ? err.rc : rc;
}

/* An office's programs do not all come back in the same second. */
static int64_t jitter(const struct cv_env *env, int64_t most)
{
	uint32_t random;

	env->random(env->data, &random, sizeof(random));
	return (int64_t)(random % (uint32_t)most);
}

static void *push_loop(void *data)
{
	struct worker *w = data;
	struct cv_live *live = w->live;
	int64_t wait = TRY_MS, again = 0; /* when it tries by itself, whoever wakes it before */

	pthread_mutex_lock(&live->lock);
	while (cv_live_park(w)) {
		if (!live->push && cv_live_fetch_one(w))
			continue;
		if (!live->push) {
			int64_t left = again - cv_mono(w->core->env);
			/* Offline it tries again by itself; one success and the poller takes over. */
			if (!live->line.online && left <= 0)
				live->push = true;
			else
				cv_live_nap(live, live->line.online ? -1 : left);
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
		cv_live_tell_kind(live, CV_LIVE_CHANGED);
		pthread_mutex_lock(&live->lock);
		again = cv_mono(w->core->env) + wait - jitter(w->core->env, wait / 2);
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
	while (cv_live_park(w)) {
		/* Nothing to hold while there is no line, or while a push would end it at once. */
		if (!live->line.online || live->line.sending || live->push) {
			cv_live_nap(live, -1);
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
			cv_live_tell_kind(live, CV_LIVE_CHANGED);
		else if (rc != CV_INTERRUPTED)
			cv_live_sync(live); /* the pusher finds out what is wrong */
		pthread_mutex_lock(&live->lock);
		if (rc != CV_OK && rc != CV_INTERRUPTED)
			cv_live_nap(live, 500);
		else if (took < 50 && !live->end && !live->paused)
			cv_live_nap(live, 50); /* a server that does not hold polls is not asked in a circle */
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
	w->core->stop = &live->stop_requests;
	w->core->stop_fd = live->stop_fd;
	w->started = pthread_create(&w->thread, NULL, loop, w) == 0;
	return w->started ? CV_OK : cv_err_set(err, CV_INTERNAL, NULL, NULL);
}

/* The store's log file tells by itself when it is written: nobody has to look again and again. */
static void watch_store(struct cv_live *live, struct cv_core *core)
{
	char *log = cv_strf("%s/store.db-wal", core->paths.data);
	struct epoll_event in = {.events = EPOLLIN};

	live->watch = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	inotify_add_watch(live->watch, log, IN_MODIFY);
	live->both = epoll_create1(EPOLL_CLOEXEC);
	epoll_ctl(live->both, EPOLL_CTL_ADD, live->fd, &in);
	epoll_ctl(live->both, EPOLL_CTL_ADD, live->watch, &in);
	free(log);
}

enum cv_rc cv_live_start(struct cv_live **out, struct cv_core *core, struct cv_err *err)
{
	struct cv_live *live = cv_alloc(sizeof(*live));

	*out = NULL;
	pthread_mutex_init(&live->lock, NULL);
	pthread_cond_init(&live->wake, NULL);
	live->fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	live->stop_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	watch_store(live, core);
	live->push = true;
	live->line = (struct cv_live_line){.since = CV_TIME_NONE, .last_sync = CV_TIME_NONE};
	enum cv_rc rc = begin(&live->writer, live, core, cv_live_write_loop, err);
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

	__atomic_store_n(&live->stop_requests, cut, __ATOMIC_RELEASE);
	done = cut ? write(live->stop_fd, &n, sizeof(n)) : read(live->stop_fd, &n, sizeof(n));
	(void)done;
}

void cv_live_pause(struct cv_live *live)
{
	cut_requests(live, true);
	pthread_mutex_lock(&live->lock);
	while (live->first != NULL || live->writing)
		cv_live_nap(live, 100);
	live->paused = true;
	pthread_cond_broadcast(&live->wake);
	/* A request was told to end, and a commit ends; what is still not standing after this hangs in the disk. */
	int64_t most = cv_mono(live->writer.core->env) + PAUSE_MS;
	while (!(live->writer.parked && live->pusher.parked && live->poller.parked) &&
	       cv_mono(live->writer.core->env) < most)
		cv_live_nap(live, 100);
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
	cv_live_fetch_free(live->fetches);
	close(live->both);
	close(live->watch);
	close(live->fd);
	close(live->stop_fd);
	pthread_cond_destroy(&live->wake);
	pthread_mutex_destroy(&live->lock);
	free(live);
}
