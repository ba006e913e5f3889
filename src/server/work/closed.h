/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ended dossiers leave the machines of those who held them. */
#ifndef CONGVU_SERVER_CLOSED_H
#define CONGVU_SERVER_CLOSED_H

#include "server/work/work.h"

/* Notes drops for ended dossiers that have lain longer than policy.keep_closed_days, some hundreds at a time; *count:
 * how many. Inside a write transaction whose end publishes. */
enum cv_rc cv_closed_leave(struct cv_batch *b, const struct cv_ctx *ctx, int64_t now, size_t *count);

#endif
