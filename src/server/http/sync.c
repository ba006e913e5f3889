/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * POST /v1/sync: push to the writer, then pull; or a long poll.
 *
 *   start -> (push) -> writer -> pushed -> pull -> reply
 *   start -> (no push) -> pull -> reply, or wait -> woken -> pull …, or ended -> nothing new, the same cursor
 */
#include "server/feed/feed.h"
#include "server/http/http.h"

#include <congvu/base/i18n.h>
#include <congvu/base/mem.h>
#include <congvu/base/time.h>
#include <congvu/model/view.h>
#include <stdlib.h>
#include <string.h>

#define PUSH_MAX    100
#define WANT_MAX    50
#define CHANGES_MAX 200

/* One text that is too long is its operation's fault (the writer rejects it), not the envelope's. */
static const struct cv_json_limits envelope_limits = {
	.bytes = CV_HTTP_UNPACKED, .string = CV_HTTP_UNPACKED, .depth = 32, .nodes = 20000};

struct sync {
	struct cv_json *envelope;
	struct cv_job *job;
	struct cv_waiter waiter;
	bool own_only;
	int64_t deadline; /* of the long poll; 0: none */
};

static void sync_free(void *state)
{
	struct sync *s = state;

	cv_json_destroy(s->envelope);
	cv_job_destroy(s->job);
	cv_json_destroy(s->waiter.scopes);
	free(s);
}

/* ---- the envelope ---- */

static const char *fault_of(const struct cv_json *e)
{
	const struct cv_json *push = cv_json_get(e, "push"), *want = cv_json_get(e, "want");
	int64_t mid;

	if (cv_json_int(e, "v", 0) != 1)
		return _("phiên bản v không được biết");
	if (cv_json_str(e, "device") == NULL)
		return _("thiếu device");
	if (push != NULL && !cv_json_is(push, CV_JSON_ARRAY))
		return _("push phải là danh sách");
	if (want != NULL && (!cv_json_is(want, CV_JSON_ARRAY) || cv_json_count(want) > WANT_MAX))
		return _("want không đúng");
	CV_JSON_EACH (item, push) {
		const struct cv_json *number = cv_json_get(item, "mid");
		if (!cv_json_is(item, CV_JSON_OBJECT) || number == NULL || !cv_json_is_int(number, &mid) || mid < 1)
			return _("một phần tử của push không có mid");
	}
	return NULL;
}

static enum cv_rc add_item(void *data, const char *slice, size_t n)
{
	struct cv_job *job = data;

	job->items[job->count].raw = cv_strndup(slice, n);
	job->items[job->count++].n = n;
	return CV_OK;
}

static struct cv_job *job_of(struct cv_req *r, const struct cv_json *envelope, size_t count)
{
	struct cv_job *job = cv_job_create();

	cv_strcopy(job->user, sizeof(job->user), r->session.user);
	cv_strcopy(job->device, sizeof(job->device), r->session.device);
	job->rights = r->session.rights;
	job->script = r->session.script;
	job->ack = cv_json_int(envelope, "ack", 0);
	job->items = cv_alloc(count * sizeof(*job->items));
	cv_json_slices(r->body.data, r->body.len, "push", add_item, job);
	return job;
}

/* ---- the answer ---- */

static void add_want(struct cv_req *r, struct cv_thread *t, const struct sync *s, struct cv_json *changes)
{
	const struct cv_ctx *ctx = cv_dbctx_ctx(t->ctx);
	struct cv_json *mine = cv_scopes_of_user(ctx, r->session.user, s->own_only);

	CV_JSON_EACH (w, cv_json_array_of(s->envelope, "want")) {
		enum cv_kind kind = cv_kind_of(cv_json_s(w, "kind"));
		const char *id = cv_json_s(w, "id");
		const struct cv_json *object =
			kind < CV_KIND_COUNT && cv_id_valid(id) ? cv_dbctx_object(t->ctx, kind, id) : NULL;
		struct cv_json *theirs = object != NULL ? cv_scopes_of_object(ctx, kind, object) : NULL;
		bool put = theirs != NULL && cv_scopes_meet(mine, theirs);
		struct cv_json *change = cv_json_new_object();
		cv_json_set_str(change, "op", put ? "put" : "drop");
		cv_json_set_str(change, "kind", cv_json_s(w, "kind"));
		cv_json_set_str(change, "id", id);
		if (put) {
			cv_json_set_int(change, "rev", cv_json_int(object, "rev", 0));
			cv_json_set(change, "body", cv_view_body(ctx, r->session.user, kind, object));
		}
		cv_json_push(changes, change);
		cv_json_destroy(theirs);
	}
	cv_json_destroy(mine);
}

static void reply_page(struct cv_req *r, struct sync *s, const char *epoch, struct cv_feed_page *page,
		       struct cv_json *session, bool tell_session)
{
	struct cv_json *o = cv_json_new_object();
	char now[CV_TIME_SIZE];

	cv_time_format(cv_now(r->http->env), now);
	cv_json_set_int(o, "v", 1);
	cv_json_set_str(o, "epoch", epoch);
	cv_json_set_str(o, "cursor", page->cursor);
	cv_json_set_bool(o, "more", page->more);
	cv_json_set(o, "reset", page->reset != NULL ? page->reset : cv_json_new_null());
	cv_json_set_str(o, "session", cv_json_s(session, "tag"));
	cv_json_set_str(o, "now", now);
	cv_json_set(o, "results", s->job != NULL && s->job->results != NULL ? s->job->results : cv_json_new_array());
	if (s->job != NULL)
		s->job->results = NULL;
	cv_json_set(o, "changes", page->changes != NULL ? page->changes : cv_json_new_array());
	cv_json_set(o, "urgent", cv_json_new_array());
	page->reset = page->changes = NULL;
	if (tell_session)
		cv_json_set(o, "session_body", cv_json_dup(session));
	cv_reply_json(r, 200, o);
}

/* Ended without a change: what the request said, said back. */
static void reply_ended(struct cv_req *r, struct sync *s)
{
	struct cv_json *o = cv_json_new_object();
	char now[CV_TIME_SIZE];

	cv_time_format(cv_now(r->http->env), now);
	cv_json_set_int(o, "v", 1);
	cv_json_set_str(o, "epoch", cv_json_s(s->envelope, "epoch"));
	cv_json_set_str(o, "cursor", cv_json_s(s->envelope, "cursor"));
	cv_json_set_bool(o, "more", false);
	cv_json_set_null(o, "reset");
	cv_json_set_str(o, "session", cv_json_s(s->envelope, "session"));
	cv_json_set_str(o, "now", now);
	cv_json_set(o, "results", cv_json_new_array());
	cv_json_set(o, "changes", cv_json_new_array());
	cv_json_set(o, "urgent", cv_json_new_array());
	cv_reply_json(r, 200, o);
}

static void pull(struct cv_req *r);

static void woken(struct cv_req *r)
{
	struct sync *s = r->state;

	if (s->waiter.why == CV_WOKEN_CHANGE)
		pull(r);
	else
		reply_ended(r, s);
}

/* True if the request now waits (or was answered because the server stops). */
static bool wait_for_change(struct cv_req *r, struct sync *s, struct cv_json *scopes, uint64_t seen)
{
	cv_json_destroy(s->waiter.scopes);
	s->waiter.scopes = scopes;
	s->waiter.req = r;
	s->waiter.deadline = s->deadline;
	cv_strcopy(s->waiter.device, sizeof(s->waiter.device), r->session.device);
	return cv_waiters_add(r->http->waiters, &s->waiter, seen, woken);
}

/* What one look found, all of it in one read transaction. */
struct found {
	struct cv_feed_page page;
	struct cv_json *session;
	struct cv_json *scopes; /* owned; only if there is nothing to tell and the request may wait */
	char *epoch;
	bool tell_session;
};

static enum cv_rc read_all(struct found *f, struct cv_req *r, struct sync *s, struct cv_thread *t, struct cv_err *err)
{
	int64_t max = cv_json_int(s->envelope, "max", CHANGES_MAX);
	struct cv_feed_in in = {.user = r->session.user,
				.device = r->session.device,
				.own_only = s->own_only,
				.epoch = cv_json_str(s->envelope, "epoch"),
				.cursor = cv_json_str(s->envelope, "cursor"),
				.max = max < 1		   ? 1
				       : max > CHANGES_MAX ? CHANGES_MAX
							   : (int)max};
	enum cv_rc rc = cv_feed_read(&f->page, t->db, t->ctx, &in, err);

	if (rc != CV_OK)
		return rc;
	f->session = cv_session_body(t->ctx, &r->session);
	f->epoch = cv_meta_get(t->db, "epoch");
	f->tell_session = strcmp(cv_json_s(f->session, "tag"), cv_json_s(s->envelope, "session")) != 0;
	bool news = cv_json_count(f->page.changes) > 0 || f->page.reset != NULL || f->page.more || f->tell_session;
	if (!news && s->deadline > cv_mono(r->http->env))
		f->scopes = cv_scopes_of_user(cv_dbctx_ctx(t->ctx), r->session.user, s->own_only);
	else if (cv_json_count(cv_json_array_of(s->envelope, "want")) > 0)
		add_want(r, t, s, f->page.changes);
	return CV_OK;
}

/* One look at the feed. False: it came to waiting, but something changed meanwhile; look again. */
static bool look(struct cv_req *r, struct sync *s, struct cv_thread *t)
{
	uint64_t seen = cv_waiters_now(r->http->waiters);
	struct found f = {0};
	struct cv_err err;
	bool done = true;

	cv_err_init(&err);
	if (!cv_thread_begin(t, r))
		return true;
	enum cv_rc rc = read_all(&f, r, s, t, &err);
	cv_thread_end(t);
	if (rc != CV_OK)
		cv_reply_err(r, &err);
	else if (f.scopes != NULL)
		done = wait_for_change(r, s, f.scopes, seen);
	else
		reply_page(r, s, f.epoch, &f.page, f.session, f.tell_session);
	free(f.epoch);
	cv_json_destroy(f.session);
	cv_feed_page_finish(&f.page);
	return done;
}

static void pull(struct cv_req *r)
{
	struct cv_thread *t = cv_thread_get(r);

	while (t != NULL && !look(r, r->state, t))
		;
}

/* ---- push ---- */

static void job_done(struct cv_job *job)
{
	cv_req_resume(job->data);
}

static void pushed(struct cv_req *r)
{
	struct sync *s = r->state;
	struct cv_json *more;

	if (s->job->rc == CV_OK) {
		pull(r);
	} else if (s->job->rc == CV_CONFLICT) {
		more = cv_json_new_object();
		cv_json_set_int(more, "mid", s->job->forked_mid);
		cv_json_set(more, "results", s->job->results != NULL ? s->job->results : cv_json_new_array());
		s->job->results = NULL;
		cv_reply_problem_with(r, 409, "device-forked", _("số thứ tự này đã dùng cho nội dung khác"), more);
	} else {
		cv_reply_problem(r, 503, "busy", NULL);
	}
}

/*
 * After a restore: this device was answered for acts that are no longer here (ack above what is known of it), it does
 * not know so yet (another epoch), and sends something newer. It would be judged, and stored, before what was lost
 * comes again: it is put off; the answer tells the epoch, and everything comes in its order.
 */
static bool lost_before(struct cv_req *r, const struct sync *s)
{
	const struct cv_json *first = cv_json_first(cv_json_array_of(s->envelope, "push"));
	int64_t ack = cv_json_int(s->envelope, "ack", 0);
	const char *theirs = cv_json_s(s->envelope, "epoch");

	if (theirs[0] == '\0' || ack <= r->session.last_mid || cv_json_int(first, "mid", 0) <= ack)
		return false;
	struct cv_thread *t = cv_thread_get(r);
	char *epoch = t != NULL ? cv_meta_get(t->db, "epoch") : cv_strdup(theirs);
	bool lost = strcmp(epoch, theirs) != 0;
	free(epoch);
	return lost;
}

static void put_off(struct cv_req *r, struct sync *s)
{
	const struct cv_json *first = cv_json_first(cv_json_array_of(s->envelope, "push"));
	struct cv_json *result = cv_json_new_object();

	s->job = cv_job_create();
	cv_json_set_int(result, "mid", cv_json_int(first, "mid", 0));
	cv_json_set_str(result, "st", cv_st_word(CV_ST_RETRY));
	cv_json_push(s->job->results, result);
	pull(r);
}

static void push(struct cv_req *r, struct sync *s, size_t count)
{
	if (lost_before(r, s)) {
		put_off(r, s);
		return;
	}
	s->job = job_of(r, s->envelope, count);
	s->job->done = job_done;
	s->job->data = r;
	if (!cv_req_suspend(r, pushed))
		return;
	if (!cv_work_submit(r->http->work, s->job)) {
		s->job->rc = CV_BUSY;
		cv_req_resume(r);
	}
}

void cv_handle_sync(struct cv_req *r)
{
	struct cv_json *envelope = cv_req_json_within(r, &envelope_limits);
	size_t count = cv_json_count(cv_json_array_of(envelope, "push"));
	const char *fault = envelope != NULL ? fault_of(envelope) : NULL;
	struct sync *s;

	if (envelope == NULL)
		return;
	s = cv_alloc(sizeof(*s));
	s->envelope = envelope;
	s->own_only = (r->session.rights & CV_RIGHT_SYNC) == 0;
	r->state = s;
	r->state_free = sync_free;
	if (fault != NULL) {
		cv_reply_problem(r, 400, "bad-request", fault);
	} else if (strcmp(cv_json_s(envelope, "device"), r->session.device) != 0) {
		cv_reply_problem(r, 403, "device-mismatch", _("device không phải của phiên đăng nhập này"));
	} else if (count > PUSH_MAX) {
		cv_reply_problem(r, 413, "too-large", _("nhiều nhất 100 thao tác một lần"));
	} else if (count > 0) {
		push(r, s, count);
	} else {
		int wait = cv_prefer_wait(cv_req_header(r, "Prefer"), CV_HTTP_WAIT_MAX);
		bool want = cv_json_count(cv_json_array_of(envelope, "want")) > 0;
		s->deadline = wait > 0 && !want ? cv_mono(r->http->env) + wait * 1000LL : 0;
		pull(r);
	}
}
