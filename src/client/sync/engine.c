/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The engine. One round is one POST /v1/sync: push, results, changes, cursor. What can happen to a pushed row:
 *
 *   answer with its final result     booked: accepted -> archive; refused -> "needs person", text kept
 *   answer with `retry` for it       stays, sent again after the back-off
 *   answer without its result        no proof: the whole answer is a fault of the line, nothing of it is booked
 *   no complete answer               "unknown": sent again under the same number; the server knows it by (device, mid)
 *   409 device-forked                results before it are booked; a new device is asked for, rows get new numbers
 *   epoch changed                    the server went backwards: the 30-day archive is pushed again, same numbers
 *   413                              the batch is halved; a single row that is too large is set aside: "needs person",
 * text kept any other status                 nothing is booked, nothing is deleted; the row waits
 *
 * The sending lock is courtesy, not correctness: whoever finds it taken waits 3 s and then sends himself.
 */
#include "client/net/net.h"
#include "client/store/store.h"
#include "client/sync/sync.h"
#include "client/sync/token.h"

#include <congvu/base/fs.h>
#include <congvu/base/i18n.h>
#include <congvu/base/log.h>
#include <congvu/base/mem.h>
#include <congvu/base/time.h>
#include <congvu/model/op.h>

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_ROWS   100
#define MAX_BYTES  ((size_t)200 << 10)
#define MAX_PAGES  100000
#define LOCK_MS	   3000
#define MAX_RESETS 3

struct round {
	struct cv_sync *s;
	struct cv_out_row *rows; /* owned */
	size_t count;
	size_t limit;			/* rows of one push; halved on 413 */
	char *cursor, *epoch, *session; /* owned, as sent */
	int64_t ack;
	int resets; /* how often in a row the same reason */
	char reason[32];
	bool more;
	bool forked;
};

static void round_clear(struct round *r)
{
	cv_out_rows_free(r->rows, r->count);
	r->rows = NULL;
	r->count = 0;
	free(r->cursor);
	free(r->epoch);
	free(r->session);
	r->cursor = r->epoch = r->session = NULL;
}

/* A reset goes on after a crash, and in whatever process gets the next page: the mark is in the store. It is set before
 * the first page is booked and taken off when the last one has been; once too often deletes nothing. */
static bool in_reset(struct cv_store *store)
{
	char *mark = cv_store_meta(store, "in_reset");
	bool on = strcmp(mark, "1") == 0;

	free(mark);
	return on;
}

static enum cv_rc end_reset(struct cv_store *store, const char *cursor, struct cv_err *err)
{
	char *now = cv_store_meta(store, "cursor");
	bool booked = strcmp(now, cursor) == 0; /* else another process has moved on, and ends it */

	free(now);
	return booked ? cv_store_set_meta(store, "in_reset", "", err) : CV_OK;
}

static enum cv_rc load_round(struct round *r, struct cv_err *err)
{
	struct cv_store *store = r->s->store;
	int64_t mids[MAX_ROWS];

	round_clear(r);
	r->cursor = cv_store_meta(store, "cursor");
	r->epoch = cv_store_meta(store, "epoch");
	r->session = cv_store_meta(store, "session_tag");
	r->ack = cv_store_ack(store);
	enum cv_rc rc = cv_store_outbox(store, &r->rows, &r->count, true, r->limit, MAX_BYTES, err);
	for (size_t i = 0; rc == CV_OK && i < r->count; i++)
		mids[i] = r->rows[i].mid;
	return rc == CV_OK && r->count > 0 ? cv_store_mark_sending(store, mids, r->count, err) : rc;
}

/* The elements go out byte for byte as they were queued. */
static bool write_body(struct cv_buf *b, const struct round *r)
{
	char *device = cv_store_meta(r->s->store, "device");

	cv_buf_puts(b, "{\"v\":1,\"device\":");
	cv_json_quote(b, device);
	free(device);
	if (r->epoch[0] != '\0') {
		cv_buf_puts(b, ",\"epoch\":");
		cv_json_quote(b, r->epoch);
	}
	if (r->cursor[0] != '\0') {
		cv_buf_puts(b, ",\"cursor\":");
		cv_json_quote(b, r->cursor);
	}
	if (r->session[0] != '\0') {
		cv_buf_puts(b, ",\"session\":");
		cv_json_quote(b, r->session);
	}
	if (r->count > 0 && r->ack > 0)
		cv_buf_addf(b, ",\"ack\":%lld", (long long)r->ack);
	cv_buf_puts(b, ",\"push\":[");
	for (size_t i = 0; i < r->count; i++) {
		if (i > 0)
			cv_buf_putc(b, ',');
		if (r->rows[i].element == NULL)
			return false;
		cv_buf_puts(b, r->rows[i].element);
	}
	return cv_buf_puts(b, "]}");
}

static const struct cv_json *result_for(const struct cv_json *results, int64_t mid)
{
	CV_JSON_EACH (result, results)
		if (cv_json_int(result, "mid", 0) == mid)
			return result;
	return NULL;
}

/* Every pushed row up to the first retry must have its result; else the answer proves nothing. */
static bool proven(const struct round *r, const struct cv_json *results)
{
	for (size_t i = 0; i < r->count; i++) {
		const struct cv_json *result = result_for(results, r->rows[i].mid);
		if (result == NULL)
			return false;
		if (cv_st_of(cv_json_str(result, "st")) == CV_ST_RETRY)
			return true;
	}
	return true;
}

static enum cv_rc book_session(struct cv_sync *s, const struct cv_json *answer, struct cv_err *err)
{
	const struct cv_json *session = cv_json_object_of(answer, "session_body");

	return session == NULL ? CV_OK : cv_store_set_meta(s->store, "session_tag", cv_json_s(answer, "session"), err);
}

/* A server that starts over for the same reason again and again would be asked for ever. */
static bool starts_over(struct round *r, const struct cv_json *reset)
{
	if (reset == NULL)
		return false;
	r->resets = strcmp(r->reason, cv_json_s(reset, "reason")) == 0 ? r->resets + 1 : 1;
	cv_strcopy(r->reason, sizeof(r->reason), cv_json_s(reset, "reason"));
	return r->resets >= MAX_RESETS;
}

static enum cv_rc book(struct round *r, const struct cv_json *answer, struct cv_err *err)
{
	const struct cv_json *reset = cv_json_object_of(answer, "reset");
	const char *epoch = cv_json_str(answer, "epoch");

	if (cv_json_array_of(answer, "results") == NULL || cv_json_array_of(answer, "changes") == NULL ||
	    cv_json_str(answer, "cursor") == NULL || !proven(r, cv_json_array_of(answer, "results")))
		return cv_err_set(err, CV_TRANSPORT, NULL, _("máy chủ trả lời thiếu kết quả"));
	r->more = cv_json_bool(answer, "more", false);
	if (starts_over(r, reset)) {
		/* What was sent is settled all the same. */
		struct cv_booking sent = {.results = cv_json_get(answer, "results"), .now = cv_now(r->s->env)};
		enum cv_rc booked = cv_store_book(r->s->store, &sent, err);
		return booked != CV_OK ? booked
				       : cv_err_set(err, CV_PROTOCOL, NULL,
						    _("máy chủ yêu cầu tải lại từ đầu quá nhiều lần (%s)"), r->reason);
	}
	if (r->more && r->count == 0 && strcmp(cv_json_s(answer, "cursor"), r->cursor) == 0)
		return cv_err_set(err, CV_PROTOCOL, NULL, _("máy chủ gửi mãi một trang"));
	struct cv_booking b = {.results = cv_json_get(answer, "results"),
			       .changes = cv_json_get(answer, "changes"),
			       .old_cursor = r->cursor,
			       .new_cursor = cv_json_str(answer, "cursor"),
			       .epoch = epoch,
			       .reset_begin = reset != NULL,
			       .now = cv_now(r->s->env),
			       .session = cv_json_object_of(answer, "session_body")};
	enum cv_rc rc = reset != NULL ? cv_store_set_meta(r->s->store, "in_reset", "1", err) : CV_OK;
	b.reset_end = !r->more && in_reset(r->s->store);
	if (rc == CV_OK)
		rc = cv_store_book(r->s->store, &b, err);
	if (rc == CV_OK)
		rc = book_session(r->s, answer, err);
	if (rc == CV_OK && b.reset_end)
		rc = end_reset(r->s->store, b.new_cursor, err);
	return rc;
}

/* Two machines share one identity: take a new one, keep every unsent row. */
static enum cv_rc fork_device(struct round *r, const struct cv_json *problem, struct cv_err *err)
{
	char *token;
	const struct cv_json *results = cv_json_array_of(problem, "results");
	int64_t mid = cv_json_int(problem, "mid", 0);

	if (r->forked)
		return cv_err_set(err, CV_PROTOCOL, NULL, _("máy chủ từ chối máy này hai lần"));
	r->forked = true;
	struct cv_booking b = {.results = results, .now = cv_now(r->s->env)};
	enum cv_rc rc = cv_store_book(r->s->store, &b, err);
	if (rc == CV_OK)
		rc = cv_token_load(r->s, &token, err);
	if (rc != CV_OK)
		return rc;
	rc = cv_token_refresh(r->s, token, true, err);
	free(token);
	return rc == CV_OK ? cv_store_renumber(r->s->store, mid, 0, err) : rc;
}

/* Too large for this server even alone: a person must see it, and the rows behind it go on. */
static enum cv_rc set_aside(struct round *r, struct cv_err *err)
{
	struct cv_json *results = cv_json_new_array(), *result = cv_json_new_object();

	cv_json_set_int(result, "mid", r->rows[0].mid);
	cv_json_set_str(result, "st", cv_st_word(CV_ST_REJECTED));
	cv_json_set_str(result, "code", cv_rc_code(CV_LIMIT));
	cv_json_set_str(result, "detail", _("lớn quá mức máy chủ nhận"));
	cv_json_push(results, result);
	struct cv_booking b = {.results = results, .now = cv_now(r->s->env), .local = true};
	enum cv_rc rc = cv_store_book(r->s->store, &b, err);
	cv_json_destroy(results);
	return rc;
}

/* 413. */
static enum cv_rc too_large(struct round *r, struct cv_err *err)
{
	r->more = true;
	if (r->count == 0)
		return cv_err_set(err, CV_PROTOCOL, NULL, NULL);
	if (r->count == 1)
		return set_aside(r, err);
	r->limit = r->count / 2;
	return CV_OK;
}

static enum cv_rc exchange(struct round *r, int wait_s, int timeout_ms, struct cv_answer *a, struct cv_err *err)
{
	struct cv_buf body;
	char prefer[32] = "";

	cv_buf_init(&body, (size_t)1 << 20);
	if (!write_body(&body, r)) {
		cv_buf_finish(&body);
		return cv_err_set(err, CV_CRYPTO, NULL, NULL);
	}
	if (wait_s > 0 && r->count == 0)
		snprintf(prefer, sizeof(prefer), "wait=%d", wait_s < 50 ? wait_s : 50);
	struct cv_request req = {.method = "POST",
				 .path = "/v1/sync",
				 .body = body.data,
				 .body_n = body.len,
				 .prefer = prefer[0] != '\0' ? prefer : NULL,
				 .timeout_ms = timeout_ms};
	enum cv_rc rc = cv_token_do(r->s, &req, a, err);
	cv_buf_finish(&body);
	return rc;
}

/* One round trip, booked. */
static enum cv_rc one_round(struct round *r, int wait_s, int timeout_ms, int64_t *retry_after, struct cv_err *err)
{
	struct cv_answer a = {0};
	enum cv_rc rc = load_round(r, err);

	*retry_after = -1;
	if (rc == CV_OK)
		rc = exchange(r, wait_s, timeout_ms, &a, err);
	if (rc == CV_OK) {
		*retry_after = a.retry_after_ms;
		if (a.status == 409 && strcmp(cv_json_s(a.json, "code"), "device-forked") == 0) {
			rc = fork_device(r, a.json, err);
			r->more = true;
		} else if (a.status == 413) {
			rc = too_large(r, err);
		} else {
			rc = cv_token_status(&a, err);
			cv_token_obey_wipe(r->s, &a, rc);
			rc = rc == CV_OK ? book(r, a.json, err) : rc;
		}
	}
	if (rc != CV_OK && r->count > 0)
		cv_store_mark_unknown(r->s->store, NULL);
	cv_answer_finish(&a);
	return rc;
}

static bool settled(struct cv_sync *s, const struct cv_sync_round *how, const struct round *r)
{
	struct cv_json *result = NULL;
	size_t unsent, person;

	if (how->mid != 0) {
		cv_store_result(s->store, how->mid, &result, NULL);
		bool done = result != NULL;
		cv_json_destroy(result);
		if (done)
			return true;
	}
	cv_store_counts(s->store, &unsent, &person);
	return unsent == 0 && !r->more;
}

static void pause_ms(const struct cv_sync *s, int64_t ms)
{
	for (; ms > 0 && (s->stop == NULL || __atomic_load_n(s->stop, __ATOMIC_ACQUIRE) == 0); ms -= 100)
		poll(NULL, 0, (int)(ms < 100 ? ms : 100));
}

/* Full jitter: random(0, 2 s * 2^n), at most 300 s, never below what the server asked for. */
static int64_t back_off(const struct cv_sync *s, int tries, int64_t retry_after)
{
	uint32_t random;
	int64_t most = 2000LL << (tries < 8 ? tries : 8);

	s->env->random(s->env->data, &random, sizeof(random));
	most = most > 300000 ? 300000 : most;
	int64_t wait = (int64_t)(random % (uint32_t)most);
	if (retry_after > 0) {
		int64_t asked = retry_after + (int64_t)(random % (uint32_t)(retry_after / 2 + 1));
		wait = asked > wait ? asked : wait;
	}
	return wait;
}

static enum cv_rc rounds(struct cv_sync *s, const struct cv_sync_round *how, struct cv_err *err)
{
	struct round r = {.s = s, .limit = MAX_ROWS};
	enum cv_rc rc = CV_OK;
	int tries = 0;

	for (int page = 0; page < MAX_PAGES; page++) {
		struct cv_err now;
		int64_t left = how->deadline - cv_mono(s->env), retry_after;
		cv_err_init(&now);
		rc = one_round(&r, how->wait_s,
			       (int)(left < 1000    ? 1000
				     : left > 60000 ? 60000
						    : left),
			       &retry_after, &now);
		if (rc == CV_OK && settled(s, how, &r))
			break;
		/* A page is progress and goes on; but who waits for one result does not wait for all pages. */
		if (rc == CV_OK && r.more && (how->mid == 0 || cv_mono(s->env) < how->deadline)) {
			tries = 0;
			continue;
		}
		bool later = rc == CV_OK || cv_rc_retry(rc) == CV_RETRY_LATER;
		int64_t wait = tries == 0 && retry_after < 0 ? 0 : back_off(s, tries, retry_after);
		tries++;
		if (!later || rc == CV_INTERRUPTED || how->once || cv_mono(s->env) + wait >= how->deadline) {
			if (rc == CV_OK)
				rc = cv_err_set(&now, CV_QUEUED, NULL, NULL);
			if (err != NULL && err->rc == CV_OK)
				*err = now;
			break;
		}
		pause_ms(s, wait);
	}
	round_clear(&r);
	return rc;
}

enum cv_rc cv_sync_run(struct cv_sync *s, const struct cv_sync_round *how, struct cv_err *err)
{
	char *path = cv_strf("%s/sync.lock", s->dir);
	struct round none = {.s = s, .more = true};
	int lock = -1;

	/* A whole sync may take as many pages as there are; only one act's answer is waited for that short. */
	s->deadline = how->mid != 0 ? how->deadline : 0;
	/* Nobody waits for a long poll: booking is compare-and-swap, so the lock is only courtesy. */
	bool held = how->wait_s == 0 && cv_lock_take(&lock, path, LOCK_MS, NULL) == CV_OK;
	free(path);
	/* The holder may have sent our row meanwhile. */
	none.more = how->mid == 0;
	enum cv_rc rc = how->mid != 0 && settled(s, how, &none) ? CV_OK : rounds(s, how, err);
	if (held)
		cv_lock_drop(lock);
	return rc;
}

enum cv_rc cv_sync_fetch(struct cv_sync *s, const char *path, struct cv_json **out, struct cv_err *err)
{
	struct cv_request r = {.method = "GET", .path = path};
	struct cv_answer a;
	enum cv_rc rc = cv_token_do(s, &r, &a, err);

	*out = NULL;
	if (rc == CV_OK)
		rc = cv_token_status(&a, err);
	if (rc == CV_OK) {
		*out = a.json;
		a.json = NULL;
	}
	cv_answer_finish(&a);
	return rc;
}

enum cv_rc cv_sync_login(struct cv_sync *s, const char *user, const char *password, const char *device_name,
			 const struct cv_json *rights, struct cv_json **session, struct cv_err *err)
{
	struct cv_json *body = cv_json_new_object();
	struct cv_answer a;
	char *device = cv_store_meta(s->store, "device");

	*session = NULL;
	cv_json_set_str(body, "user", user);
	cv_json_set_str(body, "password", password);
	cv_json_set_str(body, "device_name", device_name);
	if (device[0] != '\0')
		cv_json_set_str(body, "device", device);
	if (rights != NULL)
		cv_json_set(body, "rights", cv_json_dup(rights));
	free(device);
	char *text = cv_json_text(body);
	cv_json_destroy(body);
	struct cv_request r = {
		.method = "POST", .path = "/v1/login", .body = text, .body_n = strlen(text), .stop = s->stop};
	enum cv_rc rc = cv_net_do(s->net, &r, &a, err);
	if (rc == CV_OK)
		rc = cv_token_status(&a, err);
	if (rc == CV_OK &&
	    (cv_json_str(a.json, "access_token") == NULL || cv_json_object_of(a.json, "session") == NULL))
		rc = cv_err_set(err, CV_PROTOCOL, NULL, NULL);
	if (rc == CV_OK) {
		rc = cv_token_store(s, a.json, err);
		*session = cv_json_take(a.json, "session");
	}
	cv_wipe(text, strlen(text));
	free(text);
	cv_answer_finish(&a);
	return rc;
}

enum cv_rc cv_sync_logout(struct cv_sync *s, struct cv_err *err)
{
	struct cv_request r = {.method = "POST", .path = "/v1/logout", .body = "{}", .body_n = 2, .timeout_ms = 10000};
	struct cv_answer a;
	enum cv_rc rc = cv_token_do(s, &r, &a, err);

	if (rc == CV_OK)
		rc = cv_token_status(&a, err);
	cv_answer_finish(&a);
	return rc;
}
