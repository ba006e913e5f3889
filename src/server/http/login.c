/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Login, tokens, logout, password, session. What hashes or writes runs on the pools. */
#include "server/http/http.h"

#include <congvu/base/i18n.h>
#include <congvu/base/mem.h>
#include <congvu/base/seal.h>
#include <congvu/model/ctx.h>
#include <stdlib.h>
#include <string.h>

#define PASSWORD_MIN 8
#define PASSWORD_MAX 1024

static void reply_tokens(struct cv_req *r, struct cv_thread *t, struct cv_tokens *tokens)
{
	struct cv_session session;
	struct cv_err err;
	struct cv_json *o;

	cv_err_init(&err);
	if (!cv_thread_begin(t, r))
		return;
	if (cv_auth_check(&session, t->db, r->http->env, tokens->access, &err) != CV_OK) {
		cv_thread_end(t);
		cv_reply_err(r, &err);
		return;
	}
	o = cv_json_new_object();
	cv_json_set_str(o, "access_token", tokens->access);
	cv_json_set_int(o, "expires_in", tokens->expires_in);
	cv_json_set_str(o, "refresh_token", tokens->refresh);
	cv_json_set(o, "session", cv_session_body(t->ctx, &session));
	cv_thread_end(t);
	cv_reply_json(r, 200, o);
}

/* ---- writes: they join the writer's batch, so that they do not fight it for the file ---- */

struct write {
	struct cv_job job;
	struct cv_http *http;
	const char *user, *name, *device, *text; /* borrowed: name of the device, refresh token or password hash */
	unsigned rights;
	bool fork;
	struct cv_tokens tokens;
	struct cv_err err;
	struct cv_json *body; /* owned, what the texts are borrowed from, or NULL */
};

static enum cv_rc write_login(struct cv_job *job, struct cv_batch *b)
{
	struct write *w = (struct write *)job;

	return cv_auth_login(&w->tokens, cv_batch_db(b), w->http->env, w->user, w->name, w->device, w->rights, &w->err);
}

static enum cv_rc write_refresh(struct cv_job *job, struct cv_batch *b)
{
	struct write *w = (struct write *)job;

	return cv_auth_refresh(&w->tokens, cv_batch_db(b), w->http->env, w->text, w->fork, &w->err);
}

static enum cv_rc write_revoke(struct cv_job *job, struct cv_batch *b)
{
	struct write *w = (struct write *)job;

	return cv_auth_revoke(cv_batch_db(b), w->http->env, w->device, &w->err);
}

static enum cv_rc write_password(struct cv_job *job, struct cv_batch *b)
{
	struct write *w = (struct write *)job;

	return cv_account_set(cv_batch_db(b), w->user, w->text, &w->err);
}

/* Replies if it was not done. */
static bool written(struct cv_req *r, struct write *w, enum cv_rc rc)
{
	if (rc == CV_BUSY || (rc != CV_OK && w->err.rc == CV_OK))
		cv_reply_problem(r, 503, "busy", NULL);
	else if (rc != CV_OK)
		cv_reply_err(r, &w->err);
	return rc == CV_OK;
}

static bool password_right(struct cv_req *r, struct cv_thread *t, const char *user, const char *password)
{
	char hash[128];
	bool real = false;
	struct cv_err err;

	cv_err_init(&err);
	if (cv_account_hash(hash, &real, t->db, user, &err) != CV_OK) {
		cv_reply_err(r, &err);
		return false;
	}
	/* Verified also for an unknown user, so that both take the same time. */
	bool right = cv_password_verify(hash, password) && real;
	if (!right)
		cv_reply_problem(r, 401, "login-required", _("tên đăng nhập hoặc mật khẩu không đúng"));
	return right;
}

static void login_with(struct cv_req *r, struct cv_thread *t, const struct cv_json *body)
{
	const char *user = cv_json_s(body, "user"), *device = cv_json_str(body, "device");
	const char *address = r->conn != NULL ? r->conn->address : "";
	const struct cv_json *rights = cv_json_get(body, "rights");
	unsigned subset = rights != NULL ? cv_rights_parse(rights) : 0;
	int wait = cv_throttle_wait(r->http->throttle, user, address, cv_mono(r->http->env));

	if (wait > 0) {
		char *text = cv_strf("%d", wait);
		cv_reply_head(r, MHD_HTTP_HEADER_RETRY_AFTER, text);
		cv_reply_problem(r, 429, "too-many-tries", NULL);
		free(text);
		return;
	}
	if (rights != NULL && subset == 0) {
		cv_reply_problem(r, 422, "bad-data", _("rights không có quyền nào được biết"));
		return;
	}
	bool right = password_right(r, t, user, cv_json_s(body, "password"));
	cv_throttle_note(r->http->throttle, user, address, cv_mono(r->http->env), right);
	if (!right)
		return;
	struct write w = {.job.write = write_login,
			  .http = r->http,
			  .user = user,
			  .name = cv_json_s(body, "device_name"),
			  .device = device,
			  .rights = subset};
	if (written(r, &w, cv_work_call(r->http->work, &w.job)))
		reply_tokens(r, t, &w.tokens);
	cv_wipe(&w.tokens, sizeof(w.tokens));
}

static void login_work(struct cv_req *r)
{
	struct cv_json *body = cv_req_json(r);
	struct cv_thread *t = body != NULL ? cv_thread_get(r) : NULL;
	const char *password = cv_json_str(body, "password");

	if (t == NULL) {
		cv_json_destroy(body);
		return;
	}
	if (cv_json_str(body, "user") == NULL || password == NULL || strlen(password) > PASSWORD_MAX)
		cv_reply_problem(r, 400, "bad-request", _("cần user và password"));
	else
		login_with(r, t, body);
	cv_json_destroy(body);
	cv_wipe(r->body.data, r->body.len);
}

void cv_handle_login(struct cv_req *r)
{
	cv_pool_run(r->http->passwords, r, login_work);
}

static void write_free(void *state)
{
	struct write *w = state;

	cv_json_destroy(w->body);
	cv_wipe(&w->tokens, sizeof(w->tokens));
	free(w);
}

static void refreshed(struct cv_req *r)
{
	struct write *w = r->state;
	struct cv_thread *t = cv_thread_get(r);

	if (t != NULL && written(r, w, w->job.rc))
		reply_tokens(r, t, &w->tokens);
}

static void refresh_done(struct cv_job *job)
{
	cv_req_resume(job->data);
}

/* Many renew at the same minute of the morning: no thread waits for any of them. */
void cv_handle_token(struct cv_req *r)
{
	struct cv_json *body = cv_req_json(r);
	const char *refresh = cv_json_str(body, "refresh_token");

	if (body == NULL)
		return;
	struct write *w = cv_alloc(sizeof(*w));
	*w = (struct write){.job = {.write = write_refresh, .done = refresh_done, .data = r},
			    .http = r->http,
			    .text = refresh,
			    .fork = cv_json_bool(body, "fork", false),
			    .body = body};
	r->state = w;
	r->state_free = write_free;
	if (refresh == NULL) {
		cv_reply_problem(r, 400, "bad-request", _("cần refresh_token"));
	} else if (cv_req_suspend(r, refreshed) && !cv_work_submit(r->http->work, &w->job)) {
		w->job.rc = CV_BUSY;
		cv_req_resume(r);
	}
}

static void reply_done(struct cv_req *r)
{
	struct cv_json *o = cv_json_new_object();

	cv_json_set_bool(o, "ok", true);
	cv_reply_json(r, 200, o);
}

static void logout_work(struct cv_req *r)
{
	struct write w = {.job.write = write_revoke, .http = r->http, .device = r->session.device};

	if (written(r, &w, cv_work_call(r->http->work, &w.job)))
		reply_done(r);
}

void cv_handle_logout(struct cv_req *r)
{
	cv_pool_run(r->http->tokens, r, logout_work);
}

static void change_password(struct cv_req *r, struct cv_thread *t, const char *old, const char *fresh)
{
	const char *address = r->conn != NULL ? r->conn->address : "";
	int64_t now = cv_mono(r->http->env);
	char hash[128];
	struct cv_err err;

	cv_err_init(&err);
	if (cv_throttle_wait(r->http->throttle, r->session.user, address, now) > 0) {
		cv_reply_problem(r, 429, "too-many-tries", NULL);
		return;
	}
	bool right = password_right(r, t, r->session.user, old);
	cv_throttle_note(r->http->throttle, r->session.user, address, now, right);
	if (!right)
		return;
	if (cv_password_hash(hash, fresh, &err) != CV_OK) {
		cv_reply_err(r, &err);
		return;
	}
	struct write w = {.job.write = write_password, .http = r->http, .user = r->session.user, .text = hash};
	if (written(r, &w, cv_work_call(r->http->work, &w.job)))
		reply_done(r);
}

static void password_work(struct cv_req *r)
{
	struct cv_json *body = cv_req_json(r);
	struct cv_thread *t = body != NULL ? cv_thread_get(r) : NULL;
	const char *old = cv_json_str(body, "old"), *fresh = cv_json_str(body, "new");

	if (t != NULL && (old == NULL || fresh == NULL || strlen(old) > PASSWORD_MAX))
		cv_reply_problem(r, 400, "bad-request", _("cần old và new"));
	else if (t != NULL && (strlen(fresh) < PASSWORD_MIN || strlen(fresh) > PASSWORD_MAX))
		cv_reply_problem(r, 422, "bad-data", _("mật khẩu mới phải từ 8 đến 1024 ký tự"));
	else if (t != NULL)
		change_password(r, t, old, fresh);
	cv_json_destroy(body);
	cv_wipe(r->body.data, r->body.len);
}

void cv_handle_password(struct cv_req *r)
{
	cv_pool_run(r->http->passwords, r, password_work);
}

void cv_handle_session(struct cv_req *r)
{
	struct cv_thread *t = cv_thread_get(r);

	if (t == NULL || !cv_thread_begin(t, r))
		return;
	struct cv_json *body = cv_session_body(t->ctx, &r->session);
	cv_thread_end(t);
	cv_reply_json(r, 200, body);
}
