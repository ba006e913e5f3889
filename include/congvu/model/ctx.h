/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Read-only look-ups that the pure functions get. The answer may be "unknown" (the client has not got that
 * catalogue): then the client accepts and the server decides. The server never answers unknown.
 */
#ifndef CONGVU_MODEL_CTX_H
#define CONGVU_MODEL_CTX_H

#include <congvu/model/kind.h>
#include <stdint.h>

enum cv_found { CV_FOUND, CV_ABSENT, CV_UNKNOWN };

struct cv_ctx {
	void *data;
	/* *out is borrowed and lives until the ctx's owner says otherwise (at least through one apply). */
	enum cv_found (*get)(void *data, enum cv_kind kind, const char *id, const struct cv_json **out);
};
enum cv_found cv_ctx_get(const struct cv_ctx *ctx, enum cv_kind kind, const char *id, const struct cv_json **out);

/* ---- people and units ---- */
/* Rights of a token and of roles: contract 4. */
enum {
	CV_RIGHT_SYNC = 1,
	CV_RIGHT_SYNC_OWN = 2,
	CV_RIGHT_REPORT_WRITE = 4,
	CV_RIGHT_DOSSIER_WRITE = 8,
	CV_RIGHT_REVIEW = 16,
	CV_RIGHT_APPROVE = 32,
	CV_RIGHT_ADMIN = 64
};
const char *cv_right_word(unsigned right);	       /* of one bit */
unsigned cv_rights_parse(const struct cv_json *array); /* unknown words are ignored */
struct cv_json *cv_rights_format(unsigned rights);
/* What the roles of a user object allow. */
unsigned cv_rights_of_roles(const struct cv_json *user);
bool cv_role_valid(const char *role);

/* The user's home unit: that of the first role; "" if none. Borrowed. */
const char *cv_user_unit(const struct cv_json *user);
bool cv_user_has_role(const struct cv_json *user, const char *role);
/* True if unit is `top` or lies below it; unknown units end the walk (depth <= 16, cycles end it too). */
enum cv_found cv_unit_within(const struct cv_ctx *ctx, const char *unit, const char *top);
/* Does `viewer` hold one of the roles (ends with NULL) over the unit? CV_FOUND yes, CV_ABSENT no. */
enum cv_found cv_role_over(const struct cv_ctx *ctx, const char *viewer, const char *const *roles, const char *unit);
/* head or deputy over the owner's home unit, and not the owner herself. */
enum cv_found cv_heads(const struct cv_ctx *ctx, const char *viewer, const char *owner);

#endif
