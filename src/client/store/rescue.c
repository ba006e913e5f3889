/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A damaged store: what a person wrote is carried over into a new file, the damaged one stays beside it. In an order
 * that may be cut at any point and begun again:
 *   1. store.new.db is filled row by row from what can be read, marked whole in the same transaction, closed
 *   2. the damaged file gets a second name, its log moves with it
 *   3. store.new.db takes the place of store.db; the mark "store.damaged" goes
 * Objects and cursor are not carried over: the next sync brings them anew. Numbers go on far above the old ones.
 */
#include "client/store/db.h"

#include <congvu/base/fs.h>
#include <congvu/base/log.h>
#include <congvu/base/mem.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define LOCK_MS	   10000
#define GAP	   1000	  /* numbers left out: the damaged file may have given some that cannot be read */
#define PROBES_MAX 100000 /* numbers tried one by one behind an unreadable page */

static char *place(const struct cv_store *s, const char *name)
{
	return cv_strf("%s/%s", s->dir, name);
}

void cv_store_mark_damaged(const struct cv_store *s)
{
	char *path = place(s, CV_STORE_DAMAGED);
	int fd = open(path, O_CREAT | O_WRONLY | O_CLOEXEC | O_NOFOLLOW, 0600);

	if (fd >= 0)
		close(fd);
	free(path);
}

bool cv_store_damaged(const struct cv_store *s)
{
	char *path = place(s, CV_STORE_DAMAGED);
	bool marked = cv_file_exists(path);

	free(path);
	return marked;
}

static void bind_row(sqlite3_stmt *to, sqlite3_stmt *from)
{
	for (int i = 0; i < sqlite3_column_count(from); i++)
		sqlite3_bind_value(to, i + 1, sqlite3_column_value(from, i));
}

/* The rows that `select` gives from its first parameter on; *last: the number of the last row that was read. Stops at
 * what cannot be read; true if it came to the end. */
static bool copy_from(sqlite3 *old, sqlite3 *fresh, const char *select, const char *insert, int64_t *last, size_t *rows)
{
	sqlite3_stmt *from = NULL, *to = NULL;
	int code = SQLITE_ERROR;

	if (sqlite3_prepare_v2(old, select, -1, &from, NULL) == SQLITE_OK &&
	    sqlite3_prepare_v2(fresh, insert, -1, &to, NULL) == SQLITE_OK) {
		sqlite3_bind_int64(from, 1, *last);
		while ((code = sqlite3_step(from)) == SQLITE_ROW) {
			bind_row(to, from);
			*rows += sqlite3_step(to) == SQLITE_DONE ? 1 : 0;
			sqlite3_reset(to);
			*last = sqlite3_column_int64(from, 0);
		}
	}
	sqlite3_finalize(from);
	sqlite3_finalize(to);
	return code == SQLITE_DONE;
}

static int64_t number_of(sqlite3 *db, const char *sql)
{
	sqlite3_stmt *st = NULL;
	int64_t n = 0;

	if (sqlite3_prepare_v2(db, sql, -1, &st, NULL) == SQLITE_OK && sqlite3_step(st) == SQLITE_ROW)
		n = sqlite3_column_int64(st, 0);
	sqlite3_finalize(st);
	return n;
}

/* Behind a page that cannot be read the numbers are tried one by one. */
static size_t copy_acts(sqlite3 *old, sqlite3 *fresh, const char *ahead, const char *one, const char *insert,
			int64_t end)
{
	size_t rows = 0;
	int64_t last = 0;

	if (copy_from(old, fresh, ahead, insert, &last, &rows))
		return rows;
	for (int64_t mid = last + 1, tries = 0; mid <= end && tries < PROBES_MAX; mid++, tries++) {
		int64_t at = mid;
		copy_from(old, fresh, one, insert, &at, &rows);
	}
	return rows;
}

static bool fill(sqlite3 *old, sqlite3 *fresh, size_t *unsent)
{
	static const char outbox[] =
		"INSERT OR IGNORE INTO outbox (mid, op, kind, id, at, state, attempts, box, result)"
		" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";
	static const char archive[] = "INSERT OR IGNORE INTO archive (mid, op, kind, id, at, booked, rev, box, result)"
				      " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";
	int64_t none = 0, seq = number_of(old, "SELECT seq FROM sqlite_sequence WHERE name = 'outbox'");
	size_t rows = 0;

	copy_from(old, fresh,
		  "SELECT name, value FROM meta WHERE ?1 = ?1 AND name NOT IN ('cursor', 'gen', 'in_reset', "
		  "'session_tag')",
		  "INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)", &none, &rows);
	copy_from(old, fresh, "SELECT name, value FROM sealed_meta WHERE ?1 = ?1",
		  "INSERT OR REPLACE INTO sealed_meta (name, value) VALUES (?, ?)", &none, &rows);
	copy_from(old, fresh, "SELECT name, box FROM draft WHERE ?1 = ?1",
		  "INSERT OR REPLACE INTO draft (name, box) VALUES (?, ?)", &none, &rows);
	*unsent = copy_acts(
		old, fresh,
		"SELECT mid, op, kind, id, at, state, attempts, box, result FROM outbox WHERE mid > ?1 ORDER BY mid",
		"SELECT mid, op, kind, id, at, state, attempts, box, result FROM outbox WHERE mid = ?1", outbox, seq);
	copy_acts(old, fresh,
		  "SELECT mid, op, kind, id, at, booked, 0, box, result FROM archive WHERE mid > ?1 ORDER BY mid",
		  "SELECT mid, op, kind, id, at, booked, 0, box, result FROM archive WHERE mid = ?1", archive, seq);
	int64_t most = number_of(fresh, "SELECT max(coalesce((SELECT max(mid) FROM outbox), 0),"
					" coalesce((SELECT max(mid) FROM archive), 0))");
	char *sql = cv_strf("DELETE FROM sqlite_sequence WHERE name = 'outbox';"
			    "INSERT INTO sqlite_sequence (name, seq) VALUES ('outbox', %lld);"
			    "INSERT OR REPLACE INTO meta (name, value) VALUES ('rescued', '%zu');",
			    (long long)((most > seq ? most : seq) + GAP), *unsent);
	bool done = sqlite3_exec(fresh, sql, NULL, NULL, NULL) == SQLITE_OK;
	free(sql);
	return done;
}

/* True when store.new.db is whole, from now or from a try that was cut off behind it. */
static bool build(const struct cv_store *s, const char *path, size_t *unsent)
{
	char *damaged = place(s, "store.db");
	sqlite3 *old = NULL, *fresh = NULL;
	bool whole = false;

	if (sqlite3_open_v2(path, &fresh, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL) ==
		    SQLITE_OK &&
	    sqlite3_exec(fresh, "PRAGMA synchronous=FULL; PRAGMA secure_delete=ON", NULL, NULL, NULL) == SQLITE_OK) {
		whole = number_of(fresh, "SELECT count(*) FROM meta WHERE name = 'rescued'") == 1;
		*unsent = (size_t)number_of(fresh, "SELECT count(*) FROM outbox");
	}
	if (!whole && fresh != NULL &&
	    sqlite3_open_v2(damaged, &old, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) == SQLITE_OK) {
		sqlite3_busy_timeout(old, LOCK_MS);
		whole = sqlite3_exec(fresh, "BEGIN IMMEDIATE", NULL, NULL, NULL) == SQLITE_OK &&
			cv_store_make_schema(fresh) && fill(old, fresh, unsent) &&
			sqlite3_exec(fresh, "COMMIT", NULL, NULL, NULL) == SQLITE_OK;
	}
	/* The damaged file's log stays as it is: closing must not write it back. */
	sqlite3_file_control(old, "main", SQLITE_FCNTL_PERSIST_WAL, &(int){1});
	sqlite3_close(old);
	sqlite3_close(fresh);
	free(damaged);
	return whole;
}

static bool put_in_place(const struct cv_store *s, const char *fresh)
{
	char *store = place(s, "store.db"), *wal = place(s, "store.db-wal"), *shm = place(s, "store.db-shm"),
	     *mark = place(s, CV_STORE_DAMAGED), *aside = NULL;
	struct stat st;
	bool done;

	for (int64_t stamp = time(NULL);; stamp++) {
		free(aside);
		aside = cv_strf("%s/damaged-%lld.db", s->dir, (long long)stamp);
		if (stat(aside, &st) != 0)
			break;
	}
	char *aside_wal = cv_strf("%s-wal", aside);
	done = link(store, aside) == 0;
	if (done && rename(wal, aside_wal) != 0 && cv_file_exists(wal))
		done = false;
	unlink(shm);
	if (done)
		done = cv_file_publish(fresh, store, NULL) == CV_OK;
	if (done)
		unlink(mark);
	free(store);
	free(wal);
	free(shm);
	free(mark);
	free(aside);
	free(aside_wal);
	return done;
}

enum cv_rc cv_store_rescue(struct cv_store *s, struct cv_err *err)
{
	char *path = place(s, "rescue.lock"), *fresh = place(s, "store.new.db");
	size_t unsent = 0;
	int lock = -1;
	mode_t mask = umask(077);

	sqlite3_close(s->db);
	s->db = NULL;
	enum cv_rc rc = cv_lock_take(&lock, path, LOCK_MS, err);
	if (rc == CV_OK && cv_store_damaged(s)) { /* else another process was faster */
		if (!build(s, fresh, &unsent) || !put_in_place(s, fresh))
			rc = cv_err_set(err, CV_CORRUPT, NULL, NULL);
		else
			s->rescued = true;
		cv_log(CV_LOG_ERROR, "the store was damaged: %zu rows of the outbox carried over, rc %d", unsent, rc);
	}
	cv_lock_drop(lock);
	umask(mask);
	free(path);
	free(fresh);
	return rc;
}
