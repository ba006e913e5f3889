/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A thread's own connection to the database; and pools of threads for what takes long. */
#include "server/http/http.h"

#include <congvu/base/log.h>
#include <congvu/base/mem.h>
#include <stdlib.h>

#define USES 1000 /* requests after which the cache of objects starts anew even if nobody wrote */

struct cv_thread *cv_thread_get(struct cv_req *r)
{
	struct cv_thread *t = pthread_getspecific(r->http->thread_key);
	struct cv_err err;

	if (t != NULL)
		return t;
	cv_err_init(&err);
	t = cv_alloc(sizeof(*t));
	if (cv_db_open(&t->db, r->http->how->dir, false, &err) != CV_OK) {
		free(t);
		cv_reply_err(r, &err);
		return NULL;
	}
	t->ctx = cv_dbctx_create(t->db);
	t->version = -1;
	pthread_setspecific(r->http->thread_key, t);
	return t;
}

bool cv_thread_begin(struct cv_thread *t, struct cv_req *r)
{
	struct cv_err err;

	cv_err_init(&err);
	if (cv_db_begin(t->db, false, &err) != CV_OK) {
		cv_reply_err(r, &err);
		return false;
	}
	int64_t version = cv_db_data_version(t->db);
	if (version != t->version || ++t->uses > USES || cv_dbctx_failed(t->ctx)) {
		cv_dbctx_reset(t->ctx);
		t->version = version;
		t->uses = 0;
	}
	return true;
}

void cv_thread_end(struct cv_thread *t)
{
	cv_db_rollback(t->db); /* it only read */
}

/* ---- pools ---- */

struct task {
	struct task *next;
	struct cv_req *req;
	cv_handler *work;
};

struct cv_pool {
	pthread_mutex_t lock;
	pthread_cond_t wake;
	struct task *first, **end;
	size_t count, max;
	bool stop;
	int threads;
	pthread_t *ids; /* owned */
};

static struct task *next_task(struct cv_pool *p)
{
	pthread_mutex_lock(&p->lock);
	while (p->first == NULL && !p->stop)
		pthread_cond_wait(&p->wake, &p->lock);
	struct task *t = p->first;
	if (t != NULL) {
		p->first = t->next;
		if (p->first == NULL)
			p->end = &p->first;
		p->count--;
	}
	pthread_mutex_unlock(&p->lock);
	return t;
}

static void *pool_main(void *data)
{
	for (struct task *t; (t = next_task(data)) != NULL;) {
		t->work(t->req);
		cv_req_resume(t->req);
		free(t);
	}
	return NULL;
}

struct cv_pool *cv_pool_create(struct cv_http *http, int threads, size_t max)
{
	struct cv_pool *p = cv_alloc(sizeof(*p));

	(void)http;
	pthread_mutex_init(&p->lock, NULL);
	pthread_cond_init(&p->wake, NULL);
	p->end = &p->first;
	p->max = max;
	p->ids = cv_alloc((size_t)threads * sizeof(*p->ids));
	while (p->threads < threads && pthread_create(&p->ids[p->threads], NULL, pool_main, p) == 0)
		p->threads++;
	return p;
}

void cv_pool_destroy(struct cv_pool *p)
{
	if (p == NULL)
		return;
	pthread_mutex_lock(&p->lock);
	p->stop = true;
	pthread_cond_broadcast(&p->wake);
	pthread_mutex_unlock(&p->lock);
	for (int i = 0; i < p->threads; i++)
		pthread_join(p->ids[i], NULL);
	pthread_cond_destroy(&p->wake);
	pthread_mutex_destroy(&p->lock);
	free(p->ids);
	free(p);
}

void cv_pool_run(struct cv_pool *p, struct cv_req *r, cv_handler *work)
{
	struct task *t;

	pthread_mutex_lock(&p->lock);
	bool room = p->count < p->max && p->threads > 0;
	p->count += room;
	pthread_mutex_unlock(&p->lock);
	if (!room) {
		cv_reply_problem(r, 503, "busy", NULL);
		return;
	}
	if (!cv_req_suspend(r, NULL)) {
		pthread_mutex_lock(&p->lock);
		p->count--;
		pthread_mutex_unlock(&p->lock);
		return;
	}
	t = cv_alloc(sizeof(*t));
	t->req = r;
	t->work = work;
	pthread_mutex_lock(&p->lock);
	*p->end = t;
	p->end = &t->next;
	pthread_cond_signal(&p->wake);
	pthread_mutex_unlock(&p->lock);
}
