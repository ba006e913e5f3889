/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The HTTP wing's own header. A request is collected whole, then its route's function runs on the connection's
 * thread. The function fills the reply, or suspends the request and names the function that goes on with it.
 *
 * Locks: watch.lock (connections), waiters.lock (long polls), pool.lock, throttle.lock. None is held while another of
 * them is taken; libmicrohttpd's own locks may be taken under waiters.lock.
 */
#ifndef CONGVU_SERVER_HTTP_H
#define CONGVU_SERVER_HTTP_H

#include "server/auth/auth.h"
#include "server/db/db.h"
#include "server/http/query.h"
#include "server/office.h"
#include "server/work/work.h"

#include <congvu/base/buf.h>
#include <congvu/base/env.h>
#include <congvu/base/json.h>
#include <congvu/model/kind.h>
#include <microhttpd.h>
#include <pthread.h>
#include <stdatomic.h>

#define CV_HTTP_BODY	   (256 << 10) /* as sent */
#define CV_HTTP_UNPACKED   (1 << 20)   /* after gzip or zstd */
#define CV_HTTP_DISCARD	   (4 << 20)   /* a body too long is read so far to answer 413, then cut */
#define CV_HTTP_WHOLE_MS   15000       /* a request has to come whole within this */
#define CV_HTTP_IDLE_S	   60	       /* a kept connection without a request */
#define CV_HTTP_ANSWER_MS  120000      /* an answer has to be taken within this */
#define CV_HTTP_WAIT_MAX   50	       /* seconds of a long poll */
#define CV_HTTP_MIN_CLIENT "0.1.0"

struct cv_http;
struct cv_req;
typedef void cv_handler(struct cv_req *r);

struct cv_route {
	const char *method;
	const char *path; /* "/v1/{collection}/{id}" */
	bool open;	  /* needs no token */
	unsigned rights;  /* any of them; 0 = every token */
	cv_handler *run;
};
extern const struct cv_route cv_routes[]; /* ends with method NULL */

struct cv_match {
	const struct cv_route *route; /* NULL: no such path, or allow[0] is set: no such method */
	enum cv_kind kind;
	char id[CV_ID_MAX + 1];
	char allow[64];
};
void cv_route_match(struct cv_match *out, const char *method, const char *raw_path);

/* ---- a connection, watched ---- */
struct cv_conn {
	struct cv_conn *prev, *next;
	int fd;
	bool loopback;
	char address[48];
	_Atomic int64_t deadline; /* monotonic ms; the connection is cut when it passes */
	atomic_bool whole;	  /* a request came whole and is not answered yet */
	bool left;		  /* the watchdog's: the client was found gone last time */
};

struct cv_reply {
	unsigned status; /* 0: none yet */
	char *body;	 /* owned */
	size_t n;
	const char *type;
	struct {
		const char *name;
		char *value; /* owned */
	} heads[6];
	size_t head_count;
};

struct cv_req {
	struct cv_http *http;
	struct MHD_Connection *mhd;
	struct cv_conn *conn;
	char *uri;	     /* owned: as it came, cut at '?' */
	const char *uri_end; /* in libmicrohttpd's buffer: where the URI's first NUL stands */
	struct cv_query query;
	bool begun, fatal, too_big, suspended;
	struct cv_match match;
	struct cv_buf body;
	size_t body_seen;
	struct cv_session session;
	struct cv_reply reply;
	cv_handler *again; /* what goes on after a suspension; NULL: the reply is ready */
	void *state;	   /* owned by the handler */
	void (*state_free)(void *state);
	int64_t started;
};
struct cv_req *cv_req_create(struct cv_http *http, const char *uri);
void cv_req_destroy(struct cv_req *r);
const char *cv_req_header(struct cv_req *r, const char *name); /* borrowed or NULL */
/* The body as a JSON object; replies itself and returns NULL if it is none. Caller owns. */
struct cv_json *cv_req_json(struct cv_req *r);
struct cv_json *cv_req_json_within(struct cv_req *r, const struct cv_json_limits *limits);
/* From here on another thread may work on the request; it ends with cv_req_resume. False: the server is stopping, a
 * reply was made. */
bool cv_req_suspend(struct cv_req *r, cv_handler *again);
void cv_req_resume(struct cv_req *r);
/* Framing that a proxy might read differently; false: answer 400 and close. */
bool cv_req_strict(struct cv_req *r, const char *method, const char *version);

/* ---- replies ---- */
void cv_reply_json(struct cv_req *r, unsigned status, struct cv_json *body); /* taken */
void cv_reply_text(struct cv_req *r, unsigned status, const char *text);
void cv_reply_head(struct cv_req *r, const char *name, const char *value);
void cv_reply_problem(struct cv_req *r, unsigned status, const char *code, const char *detail);
/* extra members are moved from `more` (taken, may be NULL). */
void cv_reply_problem_with(struct cv_req *r, unsigned status, const char *code, const char *detail,
			   struct cv_json *more);
void cv_reply_err(struct cv_req *r, const struct cv_err *err);
enum MHD_Result cv_reply_send(struct cv_req *r);

/* ---- the thread's own connection to the database ---- */
struct cv_thread {
	struct cv_db *db;
	struct cv_dbctx *ctx;
	int64_t version;
	int uses;
};
/* NULL: a reply (500) was made. */
struct cv_thread *cv_thread_get(struct cv_req *r);
/* A read transaction with a ctx that is not older than it. False: a reply was made. */
bool cv_thread_begin(struct cv_thread *t, struct cv_req *r);
void cv_thread_end(struct cv_thread *t);

/* ---- pools for what takes long (passwords, tokens) ---- */
struct cv_pool;
struct cv_pool *cv_pool_create(struct cv_http *http, int threads, size_t max);
void cv_pool_destroy(struct cv_pool *p); /* finishes what is queued */
/* Suspends r and runs work(r) on the pool, which fills the reply. Full: 503. */
void cv_pool_run(struct cv_pool *p, struct cv_req *r, cv_handler *work);

/* ---- long polls ---- */
enum cv_woken { CV_WAITING, CV_WOKEN_CHANGE, CV_WOKEN_END };
struct cv_waiter {
	struct cv_waiter *prev, *next;
	struct cv_req *req;
	char device[48];
	struct cv_json *scopes; /* owned */
	int64_t deadline;
	enum cv_woken why;
};
struct cv_waiters;
struct cv_waiters *cv_waiters_create(void);
void cv_waiters_destroy(struct cv_waiters *w);
uint64_t cv_waiters_now(struct cv_waiters *w); /* to be taken before the database is read */
/* Suspends w->req unless something changed since `seen`: then false, look again. True with a reply when stopping. */
bool cv_waiters_add(struct cv_waiters *ws, struct cv_waiter *w, uint64_t seen, cv_handler *again);
void cv_waiters_changed(void *waiters, const struct cv_json *scopes);
void cv_waiters_end_device(struct cv_waiters *ws, const char *device);
/* Ends those whose time is over or whose client has gone; all: everyone. */
void cv_waiters_sweep(struct cv_waiters *ws, int64_t now, bool gone, bool all);
size_t cv_waiters_count(struct cv_waiters *ws);

/* ---- tries of passwords ---- */
struct cv_throttle;
struct cv_throttle *cv_throttle_create(void);
void cv_throttle_destroy(struct cv_throttle *t);
/* Seconds to wait before the next try, 0 = now. */
int cv_throttle_wait(struct cv_throttle *t, const char *user, const char *address, int64_t now);
void cv_throttle_note(struct cv_throttle *t, const char *user, const char *address, int64_t now, bool right);

/* ---- connections ---- */
struct cv_watch {
	pthread_mutex_t lock;
	struct cv_conn *first;
	size_t count;
};
void cv_watch_add(struct cv_watch *w, struct cv_conn *c);
void cv_watch_remove(struct cv_watch *w, struct cv_conn *c);
size_t cv_watch_cut(struct cv_watch *w, int64_t now); /* how many were cut */

/* ---- compression ---- */
/* CV_LIMIT beyond max, CV_DATA for what cannot be unpacked, CV_NOT_FOUND for an unknown coding. */
enum cv_rc cv_unpack(struct cv_buf *out, const char *coding, const void *bytes, size_t n, size_t max);
char *cv_gzip(const char *bytes, size_t n, size_t *packed); /* NULL: not worth it */

struct cv_tls;
enum cv_rc cv_tls_open(struct cv_tls **out, const char *cert, const char *key, struct cv_err *err);
enum cv_rc cv_tls_reload(struct cv_tls *t, struct cv_err *err);
void cv_tls_close(struct cv_tls *t);
/* For MHD_OPTION_HTTPS_CERT_CALLBACK2. It takes no data: there is one daemon in a process. */
void *cv_tls_callback(void);

struct cv_http {
	const struct cv_env *env;
	const struct cv_serve *how;
	struct MHD_Daemon *daemon;
	struct cv_work *work;
	struct cv_pool *passwords, *tokens;
	struct cv_waiters *waiters;
	struct cv_throttle *throttle;
	struct cv_tls *tls;
	struct cv_watch watch;
	pthread_key_t thread_key;
	pthread_t timer;
	atomic_bool stopping, timer_stop;
	atomic_size_t suspended, requests;
	_Atomic uint64_t total, refused, failed, cut, trace;
};
extern void *cv_http_uri(void *cls, const char *uri, struct MHD_Connection *mhd);
enum MHD_Result cv_http_access(void *cls, struct MHD_Connection *mhd, const char *url, const char *method,
			       const char *version, const char *data, size_t *n, void **req);
void cv_http_completed(void *cls, struct MHD_Connection *mhd, void **req, enum MHD_RequestTerminationCode why);
void cv_http_connection(void *cls, struct MHD_Connection *mhd, void **ctx, enum MHD_ConnectionNotificationCode what);

/* ---- handlers ---- */
cv_handler cv_handle_login, cv_handle_token, cv_handle_logout, cv_handle_password, cv_handle_session, cv_handle_sync,
	cv_handle_list, cv_handle_object, cv_handle_board, cv_handle_operation, cv_handle_health, cv_handle_ready,
	cv_handle_metrics;

#endif
