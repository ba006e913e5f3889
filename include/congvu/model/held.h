/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where a dossier lies, and how long it lay where (domain 2.2: a delay is explained by working days per holder).
 * Holders: desk, unassigned, working, head, leader, issue, citizen, other.
 */
#ifndef CONGVU_MODEL_HELD_H
#define CONGVU_MODEL_HELD_H

#include <congvu/model/ctx.h>
#include <stdint.h>

/* Puts "held_by" (a holder; "" once it is done) and "held" {holder: working days, none that are 0} into `into`.
 * Computed when read, never stored. into may be the dossier itself. */
void cv_dossier_held(struct cv_json *into, const struct cv_ctx *ctx, const struct cv_json *dossier, int64_t now);

#endif
