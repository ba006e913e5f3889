/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Questions to the server whose answers are not kept here: asked by the pusher, taken by the screen. */
#include "client/core/live_inside.h"

#include <congvu/base/mem.h>

#include <stdlib.h>

uint64_t cv_live_fetch(struct cv_live *live, const char *path)
{
	struct fetch *f = cv_alloc(sizeof(*f)), **last = &live->fetches;

	f->path = cv_strdup(path);
	cv_err_init(&f->err);
	pthread_mutex_lock(&live->lock);
	uint64_t ticket = f->ticket = ++live->tickets;
	while (*last != NULL)
		last = &(*last)->next;
	*last = f;
	pthread_cond_broadcast(&live->wake);
	pthread_mutex_unlock(&live->lock);
	return ticket;
}

static void fetch_free(struct fetch *f)
{
	free(f->path);
	cv_json_destroy(f->json);
	free(f);
}

void cv_live_fetch_free(struct fetch *all)
{
	while (all != NULL) {
		struct fetch *next = all->next;
		fetch_free(all);
		all = next;
	}
}

/* The one being asked is not taken out by anybody else meanwhile: it is not done. */
bool cv_live_fetch_one(struct worker *w)
{
	struct cv_live *live = w->live;
	struct fetch *f = live->fetches;

	while (f != NULL && f->done)
		f = f->next;
	if (f == NULL)
		return false;
	pthread_mutex_unlock(&live->lock);
	f->err.rc = cv_core_fetch(w->core, f->path, &f->json, &f->err);
	struct cv_live_event e = {.kind = CV_LIVE_FETCHED, .ticket = f->ticket};
	pthread_mutex_lock(&live->lock);
	f->done = true;
	pthread_mutex_unlock(&live->lock);
	cv_live_tell(live, &e);
	pthread_mutex_lock(&live->lock);
	return true;
}

bool cv_live_fetched(struct cv_live *live, uint64_t ticket, struct cv_json **out, struct cv_err *err)
{
	struct fetch **at = &live->fetches, *f = NULL;

	*out = NULL;
	pthread_mutex_lock(&live->lock);
	while (*at != NULL && (*at)->ticket != ticket)
		at = &(*at)->next;
	if (*at != NULL && (*at)->done) {
		f = *at;
		*at = f->next;
	}
	pthread_mutex_unlock(&live->lock);
	if (f == NULL)
		return false;
	*out = f->json;
	f->json = NULL;
	if (err != NULL)
		*err = f->err;
	fetch_free(f);
	return true;
}
