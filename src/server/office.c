/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The office's own facts: table meta. */
#include "server/office.h"
#include "server/db/db.h"

#include <congvu/base/mem.h>

char *cv_meta_get(struct cv_db *db, const char *key)
{
	struct cv_stmt *st = cv_db_query(db, "SELECT value FROM meta WHERE key = $1", "s", key);
	char *value = cv_strdup(cv_stmt_step(st) == CV_STEP_ROW ? cv_stmt_text(st, 0) : "");

	cv_stmt_done(st);
	return value;
}

enum cv_rc cv_meta_set(struct cv_db *db, const char *key, const char *value, struct cv_err *err)
{
	return cv_db_run(db, NULL, err,
			 "INSERT INTO meta (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = $2",
			 "ss", key, value);
}
