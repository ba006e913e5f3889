/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Who sees what: one predicate for get, list, search, count, board, statistics, export and the feed.
 */
#ifndef CONGVU_MODEL_VIEW_H
#define CONGVU_MODEL_VIEW_H

#include <congvu/model/ctx.h>

/* Scopes under which an object is published ("*", "u:<login>", "n:<unit>" for that unit and each ancestor …), as
 * an array of strings; and the scopes a person subscribes to. An object is sent to a person iff they meet.
 * own_only: a token with sync.own. Caller owns. */
struct cv_json *cv_scopes_of_object(const struct cv_ctx *ctx, enum cv_kind kind, const struct cv_json *object);
struct cv_json *cv_scopes_of_user(const struct cv_ctx *ctx, const char *user, bool own_only);
bool cv_scopes_meet(const struct cv_json *a, const struct cv_json *b);
/* May this person read the object online (wider than the feed: workdays are readable by the whole office,
 * a leader reads all reports)? */
bool cv_may_read(const struct cv_ctx *ctx, const char *user, unsigned rights, enum cv_kind kind,
		 const struct cv_json *object);
/* The body as this viewer gets it (masked phone, no id number …). Caller owns. */
struct cv_json *cv_view_body(const struct cv_ctx *ctx, const char *viewer, enum cv_kind kind,
			     const struct cv_json *object);

/* May this person, who may read the dossier, see the citizen's hidden data (audited)? The desk, who handles it, and the
 * heads over it. */
bool cv_may_reveal(const struct cv_ctx *ctx, const char *viewer, const struct cv_json *dossier);

#endif
