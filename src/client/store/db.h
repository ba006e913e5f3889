/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The store's inside: connection, keys, and small helpers around SQLite. Private to the store. */
#ifndef CONGVU_CLIENT_STORE_DB_H
#define CONGVU_CLIENT_STORE_DB_H

#include "client/store/store.h"

#include <sqlite3.h>

/* What dossiers are sorted by: no due date stands behind all others. An index holds it, so it is written once. */
#define CV_STORE_DUE_COLUMN  CV_STORE_DUE("due")
#define CV_STORE_DUE(column) "CASE WHEN " column " = 0 THEN 9007199254740991 ELSE " column " END"

struct cv_store {
	sqlite3 *db;
	char *dir; /* owned */
	bool locked;
	uint8_t row_key[CV_KEY_SIZE]; /* seals rows; derived from the master key */
	struct cv_box_keys box;	      /* public half always, secret half when unlocked */
	bool has_keys;
	const struct cv_env *env; /* whose clock says how old the cache is; NULL: it does not age */
	int64_t keep_ms, last_sync;
	bool rescued; /* this process carried the rows over from a damaged file */
};

/* CV_LOCKED while the key is away, and while the cache is older than policy.cache_days. */
enum cv_rc cv_store_readable(struct cv_store *s, struct cv_err *err);
enum cv_rc cv_store_fault(struct cv_store *s, struct cv_err *err);
enum cv_rc cv_store_exec(struct cv_store *s, const char *sql, struct cv_err *err);
/* Prepared and bound: i int64_t, s text, b blob and size_t. NULL on failure. The caller finalizes. */
sqlite3_stmt *cv_store_stmt(struct cv_store *s, const char *sql, const char *types, ...);
/* Runs to the end and finalizes. */
enum cv_rc cv_store_done(struct cv_store *s, sqlite3_stmt *st, struct cv_err *err);
#define CV_STORE_DAMAGED "store.damaged" /* stands in the directory while the file is known to be damaged */
void cv_store_mark_damaged(const struct cv_store *s);
bool cv_store_damaged(const struct cv_store *s);
/* Closes the file and carries over what a person wrote (rescue.c); the caller opens anew. */
enum cv_rc cv_store_rescue(struct cv_store *s, struct cv_err *err);
/* All steps of the schema in an open transaction of another file. */
bool cv_store_make_schema(sqlite3 *db);
enum cv_rc cv_store_reopen(struct cv_store *s, struct cv_err *err);

#endif
