/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The schema and its history; used by the drivers when they open a database. */
#ifndef CONGVU_SERVER_MIGRATE_H
#define CONGVU_SERVER_MIGRATE_H

#include "server/db/db.h"

/* Brings the schema to this program's version, in one write transaction. CV_CONFIG for a newer schema, or for a
 * database without one when `may_create` is false. */
enum cv_rc cv_db_migrate(struct cv_db *db, bool may_create, struct cv_err *err);

#endif
