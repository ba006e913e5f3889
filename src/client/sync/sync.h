/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The engine: push, results, pull, cursor, reset, epoch; login and tokens. Joins store and net.
 */
#ifndef CONGVU_CLIENT_SYNC_H
#define CONGVU_CLIENT_SYNC_H

#include <congvu/base/env.h>
#include <congvu/base/err.h>
#include <congvu/base/json.h>
#include <congvu/base/seal.h>
#include <stdbool.h>

struct cv_store;
struct cv_net;

struct cv_sync {
	const struct cv_env *env;
	struct cv_store *store; /* borrowed */
	struct cv_net *net;	/* borrowed */
	const char *dir;	/* the account's directory: tokens, refresh.lock, sync.lock */
	const uint8_t *master;	/* CV_KEY_SIZE bytes */
	const int *stop;	/* set atomically by another thread; may be NULL */
	int stop_fd;		/* readable when *stop was set: ends a waiting request at once; 0 = none */
	int64_t deadline;	/* monotonic ms no request may outlive; 0: none. cv_sync_run sets it */
};

/* POST /v1/login with the answer's tokens sealed into dir/tokens. rights: array or NULL. *session owned. */
enum cv_rc cv_sync_login(struct cv_sync *s, const char *user, const char *password, const char *device_name,
			 const struct cv_json *rights, struct cv_json **session, struct cv_err *err);
enum cv_rc cv_sync_logout(struct cv_sync *s, struct cv_err *err);

struct cv_sync_round {
	int64_t deadline; /* monotonic ms */
	int64_t mid; /* stop as soon as this one has its final result; 0: until nothing is unsent and no page is left */
	int wait_s;  /* > 0 and nothing to push: one long poll, without sync.lock */
	bool once;   /* a fault ends it: the caller tries again in its own time */
};
/* Rounds until done or the deadline, with retry and back-off (contract 5) inside it; holds sync.lock while pushing and
 * booking (waits at most 3 s for another holder, then sends itself). CV_OK: done. */
enum cv_rc cv_sync_run(struct cv_sync *s, const struct cv_sync_round *how, struct cv_err *err);
/* A GET with the token, refreshed if needed. */
enum cv_rc cv_sync_fetch(struct cv_sync *s, const char *path, struct cv_json **out, struct cv_err *err);

#endif
