/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the parts of work share about the look-ups. */
#ifndef CONGVU_SERVER_DBCTX_H
#define CONGVU_SERVER_DBCTX_H

#include "server/db/db.h"
#include "server/work/work.h"

struct cv_db *cv_dbctx_db(struct cv_dbctx *c);
/* From now on look-ups give this object, which is taken; older ones stay readable until the reset. */
void cv_dbctx_cover(struct cv_dbctx *c, enum cv_kind kind, const char *id, struct cv_json *object);

#endif
