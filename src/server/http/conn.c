/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The life of a request: request line seen (cv_http_uri), headers checked, body collected, route run, perhaps
 * suspended and resumed, answered, completed.
 */
#include "server/http/http.h"

#include <arpa/inet.h>
#include <congvu/base/i18n.h>
#include <congvu/base/mem.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

struct cv_req *cv_req_create(struct cv_http *http, const char *uri)
{
	struct cv_req *r = cv_alloc(sizeof(*r));

	r->http = http;
	r->uri = cv_strdup(uri);
	r->started = cv_mono(http->env);
	cv_buf_init(&r->body, CV_HTTP_BODY);
	atomic_fetch_add(&http->requests, 1);
	atomic_fetch_add(&http->total, 1);
	return r;
}

void cv_req_destroy(struct cv_req *r)
{
	if (r == NULL)
		return;
	atomic_fetch_sub(&r->http->requests, 1);
	if (r->state_free != NULL)
		r->state_free(r->state);
	for (size_t i = 0; i < r->reply.head_count; i++)
		free(r->reply.heads[i].value);
	free(r->reply.body);
	cv_buf_finish(&r->body);
	cv_query_finish(&r->query);
	free(r->uri);
	free(r);
}

const char *cv_req_header(struct cv_req *r, const char *name)
{
	return MHD_lookup_connection_value(r->mhd, MHD_HEADER_KIND, name);
}

bool cv_req_suspend(struct cv_req *r, cv_handler *again)
{
	atomic_fetch_add(&r->http->suspended, 1);
	if (atomic_load(&r->http->stopping)) {
		atomic_fetch_sub(&r->http->suspended, 1);
		cv_reply_problem(r, 503, "busy", _("máy chủ đang dừng"));
		return false;
	}
	r->again = again;
	r->suspended = true;
	if (r->conn != NULL) /* whoever suspends gives the time back */
		atomic_store(&r->conn->deadline, INT64_MAX);
	MHD_suspend_connection(r->mhd);
	return true;
}

void cv_req_resume(struct cv_req *r)
{
	struct cv_http *http = r->http;

	MHD_resume_connection(r->mhd);
	/* r may be gone from here on. */
	atomic_fetch_sub(&http->suspended, 1);
}

void cv_http_connection(void *cls, struct MHD_Connection *mhd, void **ctx, enum MHD_ConnectionNotificationCode what)
{
	struct cv_http *http = cls;

	if (what == MHD_CONNECTION_NOTIFY_STARTED) {
		struct cv_conn *c = cv_alloc(sizeof(*c));
		const union MHD_ConnectionInfo *fd = MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CONNECTION_FD);
		const union MHD_ConnectionInfo *peer = MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
		c->fd = fd->connect_fd;
		if (peer->client_addr->sa_family == AF_INET) {
			const struct sockaddr_in *a = (const void *)peer->client_addr;
			inet_ntop(AF_INET, &a->sin_addr, c->address, sizeof(c->address));
			c->loopback = ntohl(a->sin_addr.s_addr) >> 24 == 127;
		} else if (peer->client_addr->sa_family == AF_INET6) {
			const struct sockaddr_in6 *a = (const void *)peer->client_addr;
			inet_ntop(AF_INET6, &a->sin6_addr, c->address, sizeof(c->address));
			c->loopback = IN6_IS_ADDR_LOOPBACK(&a->sin6_addr);
		}
		atomic_store(&c->deadline, cv_mono(http->env) + CV_HTTP_WHOLE_MS);
		cv_watch_add(&http->watch, c);
		*ctx = c;
	} else if (*ctx != NULL) {
		cv_watch_remove(&http->watch, *ctx);
		free(*ctx);
		*ctx = NULL;
	}
}

void *cv_http_uri(void *cls, const char *uri, struct MHD_Connection *mhd)
{
	struct cv_http *http = cls;
	struct cv_req *r = cv_req_create(http, uri);
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

	r->mhd = mhd;
	r->uri_end = uri + strlen(uri);
	r->conn = info != NULL ? info->socket_context : NULL;
	if (r->conn != NULL)
		atomic_store(&r->conn->deadline, cv_mono(http->env) + CV_HTTP_WHOLE_MS);
	return r;
}

void cv_http_completed(void *cls, struct MHD_Connection *mhd, void **req, enum MHD_RequestTerminationCode why)
{
	struct cv_http *http = cls;
	struct cv_req *r = *req;

	(void)mhd;
	(void)why;
	if (r == NULL)
		return;
	/* A kept connection may idle as long as libmicrohttpd lets it; dripping the next request line may not. */
	if (r->conn != NULL) {
		atomic_store(&r->conn->whole, false);
		atomic_store(&r->conn->deadline, cv_mono(http->env) + CV_HTTP_IDLE_S * 1000 + CV_HTTP_WHOLE_MS);
	}
	cv_req_destroy(r);
	*req = NULL;
}

/* What can be said before the body has come; the body is read all the same, so that the connection stays usable. */
static void check_head(struct cv_req *r, const char *method)
{
	char *mark = strchr(r->uri, '?');
	const char *client = cv_req_header(r, "Congvu-Client");

	if (mark != NULL)
		*mark = '\0';
	cv_route_match(&r->match, method, r->uri);
	if (r->match.route == NULL && r->match.allow[0] == '\0') {
		cv_reply_problem(r, 404, "not-found", NULL);
	} else if (r->match.route == NULL) {
		cv_reply_head(r, MHD_HTTP_HEADER_ALLOW, r->match.allow);
		cv_reply_problem(r, 405, "method-not-allowed", NULL);
	} else if (!cv_query_parse(&r->query, mark != NULL ? mark + 1 : "")) {
		cv_reply_problem(r, 400, "bad-request", _("phần sau dấu ? không đúng"));
	} else if (client != NULL && cv_version_compare(client, CV_HTTP_MIN_CLIENT) < 0) {
		cv_reply_problem(r, 400, "client-too-old", cv_rc_text(CV_CLIENT_TOO_OLD));
	}
}

static enum MHD_Result begin(struct cv_req *r, const char *method, const char *version)
{
	const char *length;

	r->begun = true;
	if (!cv_req_strict(r, method, version)) {
		r->fatal = true;
		cv_reply_problem(r, 400, "bad-request", _("phần đầu của yêu cầu không đúng"));
		return cv_reply_send(r);
	}
	length = cv_req_header(r, MHD_HTTP_HEADER_CONTENT_LENGTH);
	if (length != NULL && strtoull(length, NULL, 10) > CV_HTTP_BODY) {
		r->fatal = true;
		cv_reply_problem(r, 413, "too-large", NULL);
		return cv_reply_send(r);
	}
	check_head(r, method);
	return MHD_YES;
}

static enum MHD_Result collect(struct cv_req *r, const char *data, size_t *n)
{
	r->body_seen += *n;
	if (r->body_seen > CV_HTTP_DISCARD)
		return MHD_NO;
	if (r->body_seen > CV_HTTP_BODY)
		r->too_big = true;
	else if (r->reply.status == 0)
		cv_buf_add(&r->body, data, *n);
	*n = 0;
	return MHD_YES;
}

/* Replies and returns false if the body cannot be used as it came. */
static bool unpack(struct cv_req *r)
{
	const char *coding = cv_req_header(r, MHD_HTTP_HEADER_CONTENT_ENCODING);
	struct cv_buf plain;
	enum cv_rc rc;

	if (coding == NULL || strcasecmp(coding, "identity") == 0)
		return true;
	cv_buf_init(&plain, CV_HTTP_UNPACKED);
	rc = cv_unpack(&plain, coding, r->body.data, r->body.len, CV_HTTP_UNPACKED);
	if (rc == CV_OK) {
		cv_buf_finish(&r->body);
		r->body = plain;
		return true;
	}
	cv_buf_finish(&plain);
	if (rc == CV_NOT_FOUND)
		cv_reply_problem(r, 415, "unsupported-encoding", _("không nhận cách nén này"));
	else if (rc == CV_LIMIT)
		cv_reply_problem(r, 413, "too-large", NULL);
	else
		cv_reply_problem(r, 400, "bad-request", _("không giải nén được"));
	return false;
}

struct cv_json *cv_req_json(struct cv_req *r)
{
	return cv_req_json_within(r, &cv_json_request);
}

struct cv_json *cv_req_json_within(struct cv_req *r, const struct cv_json_limits *limits)
{
	struct cv_json *body = NULL;
	struct cv_err err;

	cv_err_init(&err);
	if (cv_json_parse(&body, r->body.data, r->body.len, limits, &err) != CV_OK) {
		cv_reply_problem(r, 400, "bad-request", err.detail);
		return NULL;
	}
	if (!cv_json_is(body, CV_JSON_OBJECT)) {
		cv_json_destroy(body);
		cv_reply_problem(r, 400, "bad-request", _("cần một đối tượng JSON"));
		return NULL;
	}
	return body;
}

/* The token's session; replies and returns false without one. */
static bool authenticate(struct cv_req *r)
{
	const char *head = cv_req_header(r, MHD_HTTP_HEADER_AUTHORIZATION);
	unsigned rights = r->match.route->rights;
	struct cv_thread *t;
	struct cv_err err;

	cv_err_init(&err);
	if (head == NULL || strncasecmp(head, "Bearer ", 7) != 0 || head[7] == '\0') {
		cv_reply_problem(r, 401, "login-required", cv_rc_text(CV_LOGIN));
		return false;
	}
	t = cv_thread_get(r);
	if (t == NULL)
		return false;
	if (cv_auth_check(&r->session, t->db, r->http->env, head + 7, &err) != CV_OK) {
		cv_reply_err(r, &err);
		return false;
	}
	cv_waiters_end_device(r->http->waiters, r->session.device);
	if (rights != 0 && (r->session.rights & rights) == 0) {
		cv_reply_problem(r, 403, "forbidden", cv_rc_text(CV_FORBIDDEN));
		return false;
	}
	return true;
}

static void dispatch(struct cv_req *r)
{
	bool post = r->match.route != NULL && strcmp(r->match.route->method, "POST") == 0;

	if (r->reply.status != 0)
		return;
	if (r->too_big)
		cv_reply_problem(r, 413, "too-large", NULL);
	else if (!r->match.route->open && !authenticate(r))
		return;
	else if (post && !cv_media_is_json(cv_req_header(r, MHD_HTTP_HEADER_CONTENT_TYPE)))
		cv_reply_problem(r, 415, "unsupported-media-type", _("thân yêu cầu phải là application/json"));
	else if (!post || unpack(r))
		r->match.route->run(r);
}

enum MHD_Result cv_http_access(void *cls, struct MHD_Connection *mhd, const char *url, const char *method,
			       const char *version, const char *data, size_t *n, void **req)
{
	struct cv_req *r = *req;

	(void)cls;
	(void)mhd;
	(void)url;
	if (r == NULL)
		return MHD_NO;
	if (!r->begun)
		return begin(r, method, version);
	if (*n > 0)
		return collect(r, data, n);
	if (r->conn != NULL)
		atomic_store(&r->conn->whole, true);
	if (r->suspended) {
		cv_handler *again = r->again;
		r->suspended = false;
		r->again = NULL;
		if (again != NULL)
			again(r);
	} else {
		dispatch(r);
	}
	return r->suspended ? MHD_YES : cv_reply_send(r);
}
