/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inside of the program's hands. Private to live.c and live_write.c. */
#ifndef CONGVU_CLIENT_CORE_LIVE_INSIDE_H
#define CONGVU_CLIENT_CORE_LIVE_INSIDE_H

#include "client/core/inside.h"

#include <congvu/core/live.h>
#include <pthread.h>

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

struct fetch {
	struct fetch *next;
	uint64_t ticket;
	char *path; /* owned */
	bool done;
	struct cv_json *json; /* owned */
	struct cv_err err;
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
	int fd, stop_fd;   /* eventfds: news for the screen; ends requests */
	int watch, both;   /* inotify on the store's log; epoll over fd and watch: what the screen polls */
	int stop_requests; /* atomically */
	/* under lock */
	struct job *first, *last;
	bool writing;
	struct event *events, *last_event;
	bool end, paused, push;
	uint64_t tickets;
	struct fetch *fetches; /* asked for, and answered but not taken */
	struct cv_live_line line;
};

void cv_live_tell(struct cv_live *live, const struct cv_live_event *e);
void cv_live_tell_kind(struct cv_live *live, enum cv_live_kind kind);
/* With the lock held: until woken or `ms` are over (-1: for ever). By the monotonic clock. */
void cv_live_nap(struct cv_live *live, int64_t ms);
/* With the lock held: stands still while the program is paused. False: the end. */
bool cv_live_park(struct worker *w);
void *cv_live_write_loop(void *worker);
/* With the lock held, which is given up meanwhile: one question to the server. False: nothing is asked for. */
bool cv_live_fetch_one(struct worker *w);
void cv_live_fetch_free(struct fetch *all);

#endif
