/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Long polls: suspended connections, by device, woken by scopes. A waiter costs memory, no thread. */
#include "server/http/http.h"

#include <congvu/base/mem.h>
#include <congvu/model/view.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#define BUCKETS 4096

struct cv_waiters {
	pthread_mutex_t lock;
	uint64_t changes; /* grows with every commit, so that none falls between reading and waiting */
	size_t count;
	struct cv_waiter *buckets[BUCKETS];
};

static size_t bucket_of(const char *device)
{
	size_t h = 5381;

	for (; *device != '\0'; device++)
		h = h * 33 + (unsigned char)*device;
	return h % BUCKETS;
}

struct cv_waiters *cv_waiters_create(void)
{
	struct cv_waiters *w = cv_alloc(sizeof(*w));

	pthread_mutex_init(&w->lock, NULL);
	return w;
}

void cv_waiters_destroy(struct cv_waiters *w)
{
	if (w != NULL)
		pthread_mutex_destroy(&w->lock);
	free(w);
}

uint64_t cv_waiters_now(struct cv_waiters *w)
{
	pthread_mutex_lock(&w->lock);
	uint64_t now = w->changes;
	pthread_mutex_unlock(&w->lock);
	return now;
}

bool cv_waiters_add(struct cv_waiters *ws, struct cv_waiter *w, uint64_t seen, cv_handler *again)
{
	pthread_mutex_lock(&ws->lock);
	bool fits = ws->changes == seen;
	if (fits && cv_req_suspend(w->req, again)) {
		struct cv_waiter **first = &ws->buckets[bucket_of(w->device)];
		w->why = CV_WAITING;
		w->prev = NULL;
		w->next = *first;
		if (*first != NULL)
			(*first)->prev = w;
		*first = w;
		ws->count++;
	}
	pthread_mutex_unlock(&ws->lock);
	return fits;
}

/* Under the lock. */
static void wake(struct cv_waiters *ws, struct cv_waiter *w, enum cv_woken why)
{
	if (w->prev != NULL)
		w->prev->next = w->next;
	else
		ws->buckets[bucket_of(w->device)] = w->next;
	if (w->next != NULL)
		w->next->prev = w->prev;
	ws->count--;
	w->why = why;
	cv_req_resume(w->req);
}

void cv_waiters_changed(void *waiters, const struct cv_json *scopes)
{
	struct cv_waiters *ws = waiters;

	pthread_mutex_lock(&ws->lock);
	ws->changes++;
	for (size_t i = 0; i < BUCKETS && ws->count > 0; i++) {
		for (struct cv_waiter *w = ws->buckets[i], *next; w != NULL; w = next) {
			next = w->next;
			if (scopes == NULL || cv_scopes_meet(w->scopes, scopes))
				wake(ws, w, CV_WOKEN_CHANGE);
		}
	}
	pthread_mutex_unlock(&ws->lock);
}

void cv_waiters_end_device(struct cv_waiters *ws, const char *device)
{
	pthread_mutex_lock(&ws->lock);
	for (struct cv_waiter *w = ws->buckets[bucket_of(device)], *next; w != NULL; w = next) {
		next = w->next;
		if (strcmp(w->device, device) == 0)
			wake(ws, w, CV_WOKEN_END);
	}
	pthread_mutex_unlock(&ws->lock);
}

/* libmicrohttpd does not look at a suspended connection: a client that left would be kept for the whole wait. */
static bool client_gone(const struct cv_waiter *w)
{
	struct pollfd p = {.fd = w->req->conn->fd, .events = POLLRDHUP};

	return poll(&p, 1, 0) > 0 && (p.revents & (POLLRDHUP | POLLHUP | POLLERR)) != 0;
}

void cv_waiters_sweep(struct cv_waiters *ws, int64_t now, bool gone, bool all)
{
	pthread_mutex_lock(&ws->lock);
	for (size_t i = 0; i < BUCKETS && ws->count > 0; i++) {
		for (struct cv_waiter *w = ws->buckets[i], *next; w != NULL; w = next) {
			next = w->next;
			if (all || w->deadline <= now || (gone && client_gone(w)))
				wake(ws, w, CV_WOKEN_END);
		}
	}
	pthread_mutex_unlock(&ws->lock);
}

size_t cv_waiters_count(struct cv_waiters *ws)
{
	pthread_mutex_lock(&ws->lock);
	size_t count = ws->count;
	pthread_mutex_unlock(&ws->lock);
	return count;
}
