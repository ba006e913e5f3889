/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Drafts: what is being typed, sealed to the account's public key like the outbox, so that neither a dropped line nor a
 * killed program loses it. Written by cv_live_draft; read here.
 */
#ifndef CONGVU_CORE_DRAFT_H
#define CONGVU_CORE_DRAFT_H

#include <congvu/core/core.h>

/* *out owned. CV_NOT_FOUND; CV_LOCKED. */
enum cv_rc cv_core_draft(struct cv_core *core, const char *name, struct cv_json **out, struct cv_err *err);

#endif
