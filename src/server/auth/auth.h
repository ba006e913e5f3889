/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Accounts, devices, tokens (contract 7). Access tokens: 256 random bits stored as a hash, 15 minutes. The refresh
 * token rotates; within 120 s its use again gives the same successor, derived, not stored.
 */
#ifndef CONGVU_SERVER_AUTH_H
#define CONGVU_SERVER_AUTH_H

#include <congvu/base/env.h>
#include <congvu/base/err.h>
#include <congvu/base/json.h>
#include <stdint.h>

struct cv_db;
struct cv_dbctx;

struct cv_session {
	char user[40];
	char device[48];
	unsigned rights; /* roles' rights AND the token's */
	bool script;	 /* only report.write sync.own: a --for-cron device */
	int64_t last_mid;
};
struct cv_tokens {
	char access[64], refresh[96];
	int expires_in; /* seconds */
	char device[48];
	char user[40];
};

/* A new account or a new password; hash from cv_password_hash. In the caller's write transaction. */
enum cv_rc cv_account_set(struct cv_db *db, const char *user, const char *hash, struct cv_err *err);
/* The stored hash to verify on the password thread; a fixed dummy hash for unknown or disabled users (same time). */
enum cv_rc cv_account_hash(char out[128], bool *real, struct cv_db *db, const char *user, struct cv_err *err);
/* After the password was right: gives a device (kept if `device` is this user's and not revoked) and tokens.
 * rights_subset: 0 = all the roles allow. In the caller's write transaction. */
enum cv_rc cv_auth_login(struct cv_tokens *out, struct cv_db *db, const struct cv_env *env, const char *user,
			 const char *device_name, const char *device, unsigned rights_subset, struct cv_err *err);
/* CV_LOGIN: unknown, expired, reused after the grace (then the family is revoked: the caller commits all the same).
 * fork: a new device. In the caller's write transaction. */
enum cv_rc cv_auth_refresh(struct cv_tokens *out, struct cv_db *db, const struct cv_env *env, const char *refresh,
			   bool fork, struct cv_err *err);
/* Looks an access token up. CV_LOGIN with code token-expired or login-required; CV_DISABLED. */
enum cv_rc cv_auth_check(struct cv_session *out, struct cv_db *db, const struct cv_env *env, const char *access,
			 struct cv_err *err);
enum cv_rc cv_auth_revoke(struct cv_db *db, const struct cv_env *env, const char *device, struct cv_err *err);
/* The body of GET /v1/session (contract 1), "tag" included. Caller owns. */
struct cv_json *cv_session_body(struct cv_dbctx *c, const struct cv_session *s);

#endif
