/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the parts of work share about a transaction's feed entries. */
#ifndef CONGVU_SERVER_BATCH_H
#define CONGVU_SERVER_BATCH_H

#include "server/work/work.h"

/* Remembers a "put" or "drop" of the object in each of the scopes (array of strings). */
void cv_batch_note(struct cv_batch *b, const struct cv_json *scopes, enum cv_kind kind, const char *id, const char *op);

#endif
