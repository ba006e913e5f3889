/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * HTTP over libcurl: one connection handle, limits, TLS, no redirects, no netrc. Knows nothing of the model. What
 * happened on the wire is all it tells; what the server decided is in status and body.
 */
#ifndef CONGVU_CLIENT_NET_H
#define CONGVU_CLIENT_NET_H

#include <congvu/base/buf.h>
#include <congvu/base/env.h>
#include <congvu/base/err.h>
#include <congvu/base/json.h>
#include <stdint.h>

struct cv_net;
struct cv_net_setup {
	const struct cv_env *env;
	const char *server;  /* "https://host:port" or http on loopback: anything else is CV_CONFIG */
	const char *ca_file; /* NULL: the system's; with http CV_USAGE */
	const char *proxy;   /* NULL: none */
};
enum cv_rc cv_net_open(struct cv_net **out, const struct cv_net_setup *setup, struct cv_err *err);
void cv_net_close(struct cv_net *n);

struct cv_request {
	const char *method, *path; /* "POST", "/v1/sync" */
	const char *token;	   /* bearer or NULL */
	const char *prefer;	   /* "wait=50" or NULL (then LOW_SPEED is off) */
	const char *idempotency_key;
	const void *body; /* JSON, may be NULL */
	size_t body_n;
	int timeout_ms;	 /* in all */
	bool fresh;	 /* a new connection */
	const int *stop; /* set (atomically) by another thread: give up (CV_INTERRUPTED) */
	int stop_fd;	 /* readable then: a waiting request ends at once; 0 = none */
};
struct cv_answer {
	int status;
	struct cv_json *json;	/* owned: the parsed body (strict); NULL if it was not JSON */
	int64_t retry_after_ms; /* -1 if none */
	int64_t server_date;	/* Date header, CV_TIME_NONE */
};
void cv_answer_finish(struct cv_answer *a);
/* CV_OK: a complete answer whose body is JSON came (any status). CV_UNREACHABLE: no connection; CV_TRANSPORT: anything
 * else that is not a complete JSON answer (HTML, redirect, cut, bad length); CV_CONFIG: TLS certificate not trusted;
 * one retry on a fresh connection after a dead reused one is made here, and only for requests that are safe to repeat
 * (all of ours are: (device, mid) makes them so). */
enum cv_rc cv_net_do(struct cv_net *n, const struct cv_request *r, struct cv_answer *out, struct cv_err *err);
/* Since open. */
void cv_net_traffic(const struct cv_net *n, int64_t *requests, int64_t *up, int64_t *down);

#endif
