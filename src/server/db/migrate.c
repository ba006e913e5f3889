/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The schema and its history. A step is never edited after a release; a new one is added behind it. */
#include "server/db/migrate.h"

#include <congvu/base/i18n.h>
#include <congvu/base/mem.h>

/* Times are milliseconds since 1970, hashes hex. `feed` has one row per object and scope, at its newest number;
 * `done` is the memory of (device, mid), `refused` what later operations of a device on an object depend on. */
static const char *const steps[] = {
	"CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);"
	"CREATE TABLE counter (one INTEGER PRIMARY KEY CHECK (one = 1), n BIGINT NOT NULL);"
	"INSERT INTO counter (one, n) VALUES (1, 0);"
	"CREATE TABLE object (kind TEXT NOT NULL, id TEXT NOT NULL, rev BIGINT NOT NULL, body TEXT NOT NULL,"
	" \"user\" TEXT NOT NULL, unit TEXT NOT NULL, date TEXT NOT NULL, slot TEXT NOT NULL, status INTEGER NOT NULL,"
	" step TEXT NOT NULL, code TEXT NOT NULL, due BIGINT, received BIGINT, updated_at BIGINT NOT NULL,"
	" PRIMARY KEY (kind, id));"
	"CREATE INDEX object_user ON object (kind, \"user\", date);"
	"CREATE INDEX object_unit ON object (kind, unit, date);"
	"CREATE INDEX object_date ON object (kind, date);"
	"CREATE TABLE feed (scope TEXT NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL, seq BIGINT NOT NULL,"
	" op TEXT NOT NULL, PRIMARY KEY (kind, id, scope));"
	"CREATE UNIQUE INDEX feed_scope ON feed (scope, seq);"
	"CREATE TABLE done (device TEXT NOT NULL, mid BIGINT NOT NULL, hash TEXT NOT NULL, st TEXT NOT NULL,"
	" result TEXT NOT NULL, at BIGINT NOT NULL, PRIMARY KEY (device, mid));"
	"CREATE INDEX done_at ON done (at);"
	"CREATE TABLE refused (device TEXT NOT NULL, id TEXT NOT NULL, mid BIGINT NOT NULL,"
	" PRIMARY KEY (device, id));"
	"CREATE TABLE account (\"user\" TEXT PRIMARY KEY, hash TEXT NOT NULL, disabled INTEGER NOT NULL);"
	"CREATE TABLE device (id TEXT PRIMARY KEY, \"user\" TEXT NOT NULL, name TEXT NOT NULL, rights BIGINT NOT NULL,"
	" last_mid BIGINT NOT NULL, created BIGINT NOT NULL, last_seen BIGINT NOT NULL, revoked BIGINT);"
	"CREATE INDEX device_user ON device (\"user\");"
	"CREATE TABLE family (id TEXT PRIMARY KEY, device TEXT NOT NULL REFERENCES device (id), gen BIGINT NOT NULL,"
	" rotated BIGINT NOT NULL, created BIGINT NOT NULL, expires BIGINT NOT NULL, revoked BIGINT);"
	"CREATE INDEX family_device ON family (device);"
	"CREATE TABLE token (hash TEXT PRIMARY KEY, family TEXT NOT NULL REFERENCES family (id), expires BIGINT NOT "
	"NULL);"
	"CREATE INDEX token_family ON token (family);"
	"CREATE INDEX token_expires ON token (expires);"
	"CREATE TABLE audit (seq BIGINT PRIMARY KEY, at TEXT NOT NULL, recv TEXT NOT NULL, actor TEXT NOT NULL,"
	" device TEXT NOT NULL, op TEXT NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL, rev BIGINT NOT NULL,"
	" note TEXT NOT NULL, prev TEXT NOT NULL, hash TEXT NOT NULL);",
	/* 2: dossiers: the day's numbers, and the columns their lists are sorted by */
	"CREATE TABLE code (agency TEXT NOT NULL, day TEXT NOT NULL, n BIGINT NOT NULL, PRIMARY KEY (agency, day));"
	"CREATE INDEX object_code ON object (kind, code);"
	"CREATE INDEX object_due ON object (kind, due, id);"
	"CREATE INDEX object_received ON object (kind, received, id);",
};

/* 0: no schema at all. */
static int64_t version(struct cv_db *db)
{
	struct cv_stmt *st = cv_db_query(db, "SELECT value FROM meta WHERE key = 'schema'", "");
	int64_t n = cv_stmt_step(st) == CV_STEP_ROW ? cv_stmt_int(st, 0) : 0;

	cv_stmt_done(st);
	return n;
}

static enum cv_rc run_steps(struct cv_db *db, int64_t from, struct cv_err *err)
{
	enum cv_rc rc = CV_OK;

	for (int64_t i = from; rc == CV_OK && i < (int64_t)CV_COUNT(steps); i++)
		rc = cv_db_exec(db, steps[i], err);
	if (rc != CV_OK)
		return rc;
	return cv_db_run(
		db, NULL, err,
		"INSERT INTO meta (key, value) VALUES ('schema', $1) ON CONFLICT (key) DO UPDATE SET value = $1", "i",
		(int64_t)CV_COUNT(steps));
}

enum cv_rc cv_db_migrate(struct cv_db *db, bool may_create, struct cv_err *err)
{
	const int64_t want = (int64_t)CV_COUNT(steps);
	int64_t have = version(db);

	if (have > want)
		return cv_err_set(err, CV_CONFIG, NULL, _("dữ liệu này của một bản congvud mới hơn"));
	if (have == 0 && !may_create)
		return cv_err_set(err, CV_CONFIG, "data", _("thư mục này chưa có dữ liệu của cơ quan nào"));
	if (have == want)
		return CV_OK;
	enum cv_rc rc = cv_db_begin(db, true, err);
	if (rc != CV_OK)
		return rc;
	have = version(db); /* another process may have been faster */
	if (have < want)
		rc = run_steps(db, have, err);
	if (rc == CV_OK)
		return cv_db_commit(db, err);
	cv_db_rollback(db);
	return rc;
}
