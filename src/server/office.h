/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The office's own facts (table meta): name, agency code, epoch, server key. And the programs' verbs.
 */
#ifndef CONGVU_SERVER_OFFICE_H
#define CONGVU_SERVER_OFFICE_H

#include <congvu/base/cmdline.h>
#include <congvu/base/env.h>
#include <congvu/base/err.h>

struct cv_db;

/* "" if there is none. Caller owns. Keys: office_name, office_code, epoch, server_key (hex), schema. */
char *cv_meta_get(struct cv_db *db, const char *key);
enum cv_rc cv_meta_set(struct cv_db *db, const char *key, const char *value, struct cv_err *err);

#define CV_SERVE_LOCK "serve.lock" /* in the data directory: held by whoever serves or replaces the data */

struct cv_serve {
	const char *dir, *listen;		    /* "127.0.0.1:8080"; port 0 picks one */
	const char *tls_cert, *tls_key, *port_file; /* may be NULL */
};
/* src/server/http/serve.c: runs until SIGTERM or SIGINT; gives the exit status' rc. */
enum cv_rc cv_serve_run(const struct cv_env *env, const struct cv_serve *how, struct cv_err *err);

/* src/server/admin: the table of congvud's verbs. app passed to run() is a struct cv_admin. */
struct cv_admin {
	const struct cv_env *env;
};
extern const struct cv_program cv_congvud;

#endif
