/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Policy: what offices may set. The default is compiled in; the object "*" and the objects of the unit and its
 * ancestors lie over it, nearest last.
 */
#ifndef CONGVU_MODEL_POLICY_H
#define CONGVU_MODEL_POLICY_H

#include <congvu/base/err.h>
#include <congvu/model/ctx.h>

/* The resolved policy for a unit ("" = the office's own). Caller owns. */
struct cv_json *cv_policy_resolve(const struct cv_ctx *ctx, const char *unit);
/* Checks one key and its value (JSON text or a plain word); *out is owned. CV_DATA with a suggestion. */
enum cv_rc cv_policy_value(struct cv_json **out, const char *key, const char *text, struct cv_err *err);
/* Known keys, ends with NULL; and a key's one-line Vietnamese help. */
const char *const *cv_policy_keys(void);
const char *cv_policy_help(const char *key);

#endif
