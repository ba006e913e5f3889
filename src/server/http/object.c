/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One object by its id; health and metrics. */
#include "server/http/http.h"

#include <congvu/base/mem.h>
#include <congvu/base/seal.h>
#include <congvu/model/deadline.h>
#include <congvu/model/held.h>
#include <congvu/model/view.h>
#include <stdlib.h>
#include <string.h>

static void reply_object(struct cv_req *r, struct cv_json *body)
{
	const char *match = cv_req_header(r, MHD_HTTP_HEADER_IF_NONE_MATCH);
	char *text = cv_json_canonical(body), hash[CV_HEX_SIZE];

	/* Of what this viewer sees, not of the revision alone: others see other bodies of the same revision. */
	cv_sha256_hex(hash, text, strlen(text));
	free(text);
	text = cv_strf("\"%lld-%.16s\"", (long long)cv_json_int(body, "rev", 0), hash);
	cv_reply_head(r, MHD_HTTP_HEADER_ETAG, text);
	if (match != NULL && (strcmp(match, "*") == 0 || strstr(match, text) != NULL)) {
		cv_json_destroy(body);
		cv_reply_text(r, 304, "");
	} else {
		cv_reply_json(r, 200, body);
	}
	free(text);
}

static void job_free(void *state)
{
	cv_job_destroy(state);
}

static void job_done(struct cv_job *job)
{
	cv_req_resume(job->data);
}

/* The audit row is safe; only now is the citizen's data shown. */
static void revealed(struct cv_req *r)
{
	struct cv_job *job = r->state;
	struct cv_thread *t = cv_thread_get(r);
	struct cv_json *body = NULL;

	if (job->rc != CV_OK) {
		cv_reply_problem(r, 503, "busy", NULL);
		return;
	}
	if (t == NULL || !cv_thread_begin(t, r))
		return;
	const struct cv_json *object = cv_dbctx_object(t->ctx, r->match.kind, r->match.id);
	if (object != NULL)
		body = cv_json_dup(object);
	cv_thread_end(t);
	if (body != NULL)
		reply_object(r, body);
	else
		cv_reply_problem(r, 404, "not-found", NULL);
}

static void reveal(struct cv_req *r)
{
	struct cv_job *job = cv_job_create();

	cv_strcopy(job->user, sizeof(job->user), r->session.user);
	cv_strcopy(job->device, sizeof(job->device), r->session.device);
	cv_strcopy(job->seen_op, sizeof(job->seen_op), "dossier.reveal");
	cv_strcopy(job->seen_kind, sizeof(job->seen_kind), cv_kind_word(r->match.kind));
	cv_strcopy(job->seen_id, sizeof(job->seen_id), r->match.id);
	job->done = job_done;
	job->data = r;
	r->state = job;
	r->state_free = job_free;
	if (!cv_req_suspend(r, revealed))
		return;
	if (!cv_work_submit(r->http->work, job)) {
		job->rc = CV_BUSY;
		cv_req_resume(r);
	}
}

void cv_handle_object(struct cv_req *r)
{
	struct cv_thread *t = cv_thread_get(r);
	struct cv_json *body = NULL;
	bool uncovered = false, wanted = strcmp(cv_query_get(&r->query, "reveal"), "1") == 0;

	if (t == NULL || !cv_thread_begin(t, r))
		return;
	const struct cv_ctx *ctx = cv_dbctx_ctx(t->ctx);
	const struct cv_json *object = cv_dbctx_object(t->ctx, r->match.kind, r->match.id);
	if (object != NULL && cv_may_read(ctx, r->session.user, r->session.rights, r->match.kind, object)) {
		body = cv_view_body(ctx, r->session.user, r->match.kind, object);
		if (r->match.kind == CV_KIND_DOSSIER) {
			int64_t now = cv_now(r->http->env);
			cv_json_set_str(body, "due_state", cv_due_state_word(cv_due_state(ctx, object, now)));
			cv_dossier_held(body, ctx, object, now);
			uncovered = wanted && cv_may_reveal(ctx, r->session.user, object);
		}
	}
	bool failed = cv_dbctx_failed(t->ctx);
	cv_thread_end(t);
	if (failed)
		cv_reply_problem(r, 500, "internal", NULL);
	else if (body == NULL)
		cv_reply_problem(r, 404, "not-found", NULL);
	else if (uncovered)
		reveal(r);
	else if (wanted && r->match.kind == CV_KIND_DOSSIER)
		cv_reply_problem(r, 403, "forbidden", NULL);
	else
		reply_object(r, cv_json_dup(body));
	cv_json_destroy(body);
}

void cv_handle_health(struct cv_req *r)
{
	struct cv_json *o = cv_json_new_object();

	cv_json_set_str(o, "status", "ok");
	cv_reply_json(r, 200, o);
}

/* Ready: not stopping, and the database answers. */
void cv_handle_ready(struct cv_req *r)
{
	struct cv_thread *t = cv_thread_get(r);

	if (t == NULL)
		return;
	char *epoch = cv_meta_get(t->db, "epoch");
	bool ready = epoch[0] != '\0' && !atomic_load(&r->http->stopping);
	free(epoch);
	if (ready)
		cv_handle_health(r);
	else
		cv_reply_problem(r, 503, "busy", NULL);
}

void cv_handle_metrics(struct cv_req *r)
{
	struct cv_http *h = r->http;

	if (r->conn == NULL || !r->conn->loopback) {
		cv_reply_problem(r, 404, "not-found", NULL);
		return;
	}
	pthread_mutex_lock(&h->watch.lock);
	size_t connections = h->watch.count;
	pthread_mutex_unlock(&h->watch.lock);
	char *text = cv_strf("# TYPE congvud_requests_total counter\ncongvud_requests_total %llu\n"
			     "# TYPE congvud_refused_total counter\ncongvud_refused_total %llu\n"
			     "# TYPE congvud_failed_total counter\ncongvud_failed_total %llu\n"
			     "# TYPE congvud_cut_total counter\ncongvud_cut_total %llu\n"
			     "# TYPE congvud_connections gauge\ncongvud_connections %zu\n"
			     "# TYPE congvud_waiters gauge\ncongvud_waiters %zu\n",
			     (unsigned long long)atomic_load(&h->total), (unsigned long long)atomic_load(&h->refused),
			     (unsigned long long)atomic_load(&h->failed), (unsigned long long)atomic_load(&h->cut),
			     connections, cv_waiters_count(h->waiters));
	cv_reply_text(r, 200, text);
	free(text);
}
