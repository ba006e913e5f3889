/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The database behind one small interface (SQLite now, PostgreSQL to join). SQL in the subset both share: `$1`
 * parameters, no engine's own JSON operators, RETURNING and ON CONFLICT allowed. A connection belongs to one thread.
 */
#ifndef CONGVU_SERVER_DB_H
#define CONGVU_SERVER_DB_H

#include <congvu/base/err.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cv_db;
struct cv_stmt; /* owned by the connection, cached by its SQL text */

enum cv_step { CV_STEP_ROW, CV_STEP_DONE, CV_STEP_FAIL };

/* dir: the data directory; opens (and makes, if create) dir/office.db: WAL, synchronous=FULL (asserted),
 * foreign_keys, busy timeout 5 s; runs the migrations when create or writable and older. A newer schema is refused. */
enum cv_rc cv_db_open(struct cv_db **out, const char *dir, bool create, struct cv_err *err);
void cv_db_close(struct cv_db *db);
/* A whole copy of the database file `from` as it is at one moment, also while others write; `to` must not exist and is
 * made 0600. Both are looked through: CV_CORRUPT, CV_NO_INPUT if `from` is no database. */
enum cv_rc cv_db_snapshot(const char *from, const char *to, struct cv_err *err);
/* Several statements without parameters. */
enum cv_rc cv_db_exec(struct cv_db *db, const char *sql, struct cv_err *err);
enum cv_rc cv_db_begin(struct cv_db *db, bool write, struct cv_err *err);
enum cv_rc cv_db_commit(struct cv_db *db, struct cv_err *err);
void cv_db_rollback(struct cv_db *db);
enum cv_rc cv_db_savepoint(struct cv_db *db, struct cv_err *err);
enum cv_rc cv_db_release(struct cv_db *db, struct cv_err *err);
void cv_db_undo(struct cv_db *db); /* back to the savepoint and drop it */

/* A statement ready to run: parameters bound by `types`, one letter each: i int64_t, s const char * (NULL = null),
 * b const void * and size_t, n null. The strings must live until the next step. */
struct cv_stmt *cv_db_query(struct cv_db *db, const char *sql, const char *types, ...);
/* The same with lists: integers are $1 …, texts follow them. For statements with a varying number of places (<= 40). */
struct cv_stmt *cv_db_query_list(struct cv_db *db, const char *sql, const int64_t *ints, size_t n_ints,
				 const char *const *texts, size_t n_texts);
enum cv_step cv_stmt_step(struct cv_stmt *st);
int64_t cv_stmt_int(struct cv_stmt *st, int column);
const char *cv_stmt_text(struct cv_stmt *st, int column); /* borrowed until the next step; "" for null */
const void *cv_stmt_blob(struct cv_stmt *st, int column, size_t *n);
bool cv_stmt_null(struct cv_stmt *st, int column);
void cv_stmt_done(struct cv_stmt *st); /* resets; always call after use */
/* Runs to the end; *changed (or NULL) gets the number of rows. */
enum cv_rc cv_db_run(struct cv_db *db, int64_t *changed, struct cv_err *err, const char *sql, const char *types, ...);
/* What the engine said last, for the log. */
const char *cv_db_message(struct cv_db *db);
/* Grows when another connection or process wrote (PRAGMA data_version). */
int64_t cv_db_data_version(struct cv_db *db);

#endif
