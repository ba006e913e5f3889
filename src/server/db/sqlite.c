/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The SQLite driver: WAL, synchronous=FULL (asserted), statements kept by their text. */
#include "server/db/db.h"
#include "server/db/migrate.h"

#include <congvu/base/fs.h>
#include <congvu/base/i18n.h>
#include <congvu/base/log.h>
#include <congvu/base/mem.h>
#include <fcntl.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BUSY_MS	   5000
#define MAX_PARAMS 40

struct cv_stmt {
	struct cv_stmt *next;
	char *sql;	 /* owned */
	sqlite3_stmt *s; /* NULL: it could not be prepared; stepping fails */
	bool busy, broken;
	int params[MAX_PARAMS + 1]; /* SQLite's index of $1, $2 … */
};

struct cv_db {
	sqlite3 *h;
	struct cv_stmt *cache;
};

static enum cv_rc fail(struct cv_db *db, struct cv_err *err)
{
	int code = sqlite3_errcode(db->h) & 0xff;

	cv_log(CV_LOG_WARN, "sqlite: %s", sqlite3_errmsg(db->h));
	if (code == SQLITE_BUSY || code == SQLITE_LOCKED)
		return cv_err_set(err, CV_BUSY, NULL, _("cơ sở dữ liệu đang bận"));
	if (code == SQLITE_CORRUPT || code == SQLITE_NOTADB)
		return cv_err_set(err, CV_CORRUPT, NULL, _("cơ sở dữ liệu bị hỏng"));
	return cv_err_set(err, CV_IO, NULL, _("cơ sở dữ liệu: %s"), sqlite3_errmsg(db->h));
}

static enum cv_rc set_up(struct cv_db *db, bool create, struct cv_err *err)
{
	sqlite3_busy_timeout(db->h, BUSY_MS);
	enum cv_rc rc = cv_db_exec(db,
				   "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
				   "PRAGMA temp_store=MEMORY; PRAGMA cache_size=-16000",
				   err);
	if (rc != CV_OK)
		return rc;
	/* A WAL with synchronous=NORMAL can lose an acknowledged commit. */
	struct cv_stmt *st = cv_db_query(db, "PRAGMA synchronous", "");
	int64_t level = cv_stmt_step(st) == CV_STEP_ROW ? cv_stmt_int(st, 0) : -1;
	cv_stmt_done(st);
	if (level < 2)
		return cv_err_set(err, CV_INTERNAL, NULL, _("cơ sở dữ liệu không ghi chắc chắn xuống đĩa"));
	return cv_db_migrate(db, create, err);
}

static enum cv_rc check_place(const char *dir, const char *path, bool create, struct cv_err *err)
{
	const char *type;
	enum cv_rc rc = create ? cv_dir_make(dir, err) : CV_OK;

	if (rc != CV_OK)
		return rc;
	if (!create && !cv_file_exists(path)) {
		rc = cv_err_set(err, CV_CONFIG, "data", _("%s chưa có dữ liệu của cơ quan nào"), dir);
		cv_err_hint(err, _("tạo mới bằng: congvud init --data %s --office TÊN --admin NGƯỜI"), dir);
		return rc;
	}
	if (cv_dir_is_remote(dir, &type))
		return cv_err_set(err, CV_CONFIG, "data", _("%s nằm trên ổ mạng (%s), dữ liệu có thể hỏng"), dir, type);
	if (!cv_file_exists(path)) {
		int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600); /* the WAL gets the same rights */
		if (fd >= 0)
			close(fd);
	}
	return CV_OK;
}

/* Counting its memory costs SQLite one lock for all threads at every allocation, and Debian's has no lookaside. */
static void configure(void)
{
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

enum cv_rc cv_db_open(struct cv_db **out, const char *dir, bool create, struct cv_err *err)
{
	char *path = cv_strf("%s/office.db", dir);
	struct cv_db *db = cv_alloc(sizeof(*db));
	enum cv_rc rc = check_place(dir, path, create, err);
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	*out = NULL;
	pthread_once(&once, configure);
	if (rc == CV_OK &&
	    sqlite3_open_v2(path, &db->h, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK)
		rc = cv_err_set(err, CV_CONFIG, "data", _("không mở được %s"), path);
	free(path);
	if (rc == CV_OK)
		rc = set_up(db, create, err);
	if (rc == CV_OK)
		*out = db;
	else
		cv_db_close(db);
	return rc;
}

void cv_db_close(struct cv_db *db)
{
	if (db == NULL)
		return;
	while (db->cache != NULL) {
		struct cv_stmt *st = db->cache;
		db->cache = st->next;
		sqlite3_finalize(st->s);
		free(st->sql);
		free(st);
	}
	sqlite3_close(db->h);
	free(db);
}

enum cv_rc cv_db_exec(struct cv_db *db, const char *sql, struct cv_err *err)
{
	return sqlite3_exec(db->h, sql, NULL, NULL, NULL) == SQLITE_OK ? CV_OK : fail(db, err);
}

enum cv_rc cv_db_begin(struct cv_db *db, bool write, struct cv_err *err)
{
	return cv_db_run(db, NULL, err, write ? "BEGIN IMMEDIATE" : "BEGIN", "");
}

enum cv_rc cv_db_commit(struct cv_db *db, struct cv_err *err)
{
	enum cv_rc rc = cv_db_run(db, NULL, err, "COMMIT", "");

	if (rc != CV_OK)
		cv_db_rollback(db);
	return rc;
}

void cv_db_rollback(struct cv_db *db)
{
	/* Some errors (disk full, I/O) have rolled back already. */
	if (sqlite3_get_autocommit(db->h) == 0)
		cv_db_run(db, NULL, NULL, "ROLLBACK", "");
}

enum cv_rc cv_db_savepoint(struct cv_db *db, struct cv_err *err)
{
	return cv_db_run(db, NULL, err, "SAVEPOINT op", "");
}

enum cv_rc cv_db_release(struct cv_db *db, struct cv_err *err)
{
	return cv_db_run(db, NULL, err, "RELEASE op", "");
}

void cv_db_undo(struct cv_db *db)
{
	if (sqlite3_get_autocommit(db->h) != 0)
		return;
	cv_db_run(db, NULL, NULL, "ROLLBACK TO op", "");
	cv_db_run(db, NULL, NULL, "RELEASE op", "");
}

static void compile(struct cv_db *db, struct cv_stmt *st)
{
	char name[16];

	if (sqlite3_prepare_v3(db->h, st->sql, -1, SQLITE_PREPARE_PERSISTENT, &st->s, NULL) != SQLITE_OK) {
		st->s = NULL;
		return;
	}
	for (int i = 1; i <= MAX_PARAMS; i++) {
		snprintf(name, sizeof(name), "$%d", i);
		st->params[i] = sqlite3_bind_parameter_index(st->s, name);
	}
}

static struct cv_stmt *prepare(struct cv_db *db, const char *sql)
{
	struct cv_stmt *st = cv_alloc(sizeof(*st));
	st->sql = cv_strdup(sql);
	st->next = db->cache;
	db->cache = st;
	compile(db, st);
	return st;
}

/* A kept statement of that text that nobody steps, moved to the front; else a new one. */
static struct cv_stmt *find_free(struct cv_db *db, const char *sql)
{
	for (struct cv_stmt **at = &db->cache; *at != NULL; at = &(*at)->next) {
		struct cv_stmt *st = *at;
		if (st->busy || strcmp(st->sql, sql) != 0)
			continue;
		if (st->s == NULL) /* it failed before; the schema may be another now */
			compile(db, st);
		*at = st->next;
		st->next = db->cache;
		db->cache = st;
		return st;
	}
	return prepare(db, sql);
}

/* What is bound stays the caller's until the statement is done (SQLITE_STATIC). */
static void bind(struct cv_stmt *st, const char *types, va_list ap)
{
	for (int i = 1; *types != '\0'; types++, i++) {
		int at = i <= MAX_PARAMS ? st->params[i] : 0, rc;
		if (*types == 'i') {
			rc = sqlite3_bind_int64(st->s, at, va_arg(ap, int64_t));
		} else if (*types == 's') {
			rc = sqlite3_bind_text(st->s, at, va_arg(ap, const char *), -1, SQLITE_STATIC);
		} else if (*types == 'b') {
			const void *bytes = va_arg(ap, const void *);
			rc = sqlite3_bind_blob64(st->s, at, bytes, va_arg(ap, size_t), SQLITE_STATIC);
		} else {
			rc = sqlite3_bind_null(st->s, at);
		}
		if (rc != SQLITE_OK)
			st->broken = true;
	}
}

static struct cv_stmt *query(struct cv_db *db, const char *sql, const char *types, va_list ap)
{
	struct cv_stmt *st = find_free(db, sql);

	st->busy = true;
	st->broken = false;
	if (st->s != NULL)
		bind(st, types, ap);
	return st;
}

struct cv_stmt *cv_db_query(struct cv_db *db, const char *sql, const char *types, ...)
{
	va_list ap;

	va_start(ap, types);
	struct cv_stmt *st = query(db, sql, types, ap);
	va_end(ap);
	return st;
}

struct cv_stmt *cv_db_query_list(struct cv_db *db, const char *sql, const int64_t *ints, size_t n_ints,
				 const char *const *texts, size_t n_texts)
{
	struct cv_stmt *st = find_free(db, sql);
	size_t n = 0;

	st->busy = true;
	st->broken = n_ints + n_texts > MAX_PARAMS;
	if (st->s == NULL || st->broken)
		return st;
	for (size_t i = 0; i < n_ints; i++)
		if (sqlite3_bind_int64(st->s, st->params[++n], ints[i]) != SQLITE_OK)
			st->broken = true;
	for (size_t i = 0; i < n_texts; i++)
		if (sqlite3_bind_text(st->s, st->params[++n], texts[i], -1, SQLITE_STATIC) != SQLITE_OK)
			st->broken = true;
	return st;
}

enum cv_step cv_stmt_step(struct cv_stmt *st)
{
	int code = st->s != NULL && !st->broken ? sqlite3_step(st->s) : SQLITE_ERROR;

	return code == SQLITE_ROW ? CV_STEP_ROW : code == SQLITE_DONE ? CV_STEP_DONE : CV_STEP_FAIL;
}

int64_t cv_stmt_int(struct cv_stmt *st, int column)
{
	return sqlite3_column_int64(st->s, column);
}

const char *cv_stmt_text(struct cv_stmt *st, int column)
{
	const char *text = (const char *)sqlite3_column_text(st->s, column);

	return text != NULL ? text : "";
}

const void *cv_stmt_blob(struct cv_stmt *st, int column, size_t *n)
{
	const void *bytes = sqlite3_column_blob(st->s, column);

	*n = (size_t)sqlite3_column_bytes(st->s, column);
	return bytes;
}

bool cv_stmt_null(struct cv_stmt *st, int column)
{
	return sqlite3_column_type(st->s, column) == SQLITE_NULL;
}

void cv_stmt_done(struct cv_stmt *st)
{
	if (st->s != NULL) {
		sqlite3_reset(st->s);
		sqlite3_clear_bindings(st->s);
	}
	st->busy = false;
}

enum cv_rc cv_db_run(struct cv_db *db, int64_t *changed, struct cv_err *err, const char *sql, const char *types, ...)
{
	va_list ap;
	enum cv_step step;

	va_start(ap, types);
	struct cv_stmt *st = query(db, sql, types, ap);
	va_end(ap);
	do
		step = cv_stmt_step(st);
	while (step == CV_STEP_ROW);
	enum cv_rc rc = step == CV_STEP_DONE ? CV_OK : fail(db, err);
	if (rc == CV_OK && changed != NULL)
		*changed = sqlite3_changes64(db->h);
	cv_stmt_done(st);
	return rc;
}

const char *cv_db_message(struct cv_db *db)
{
	return sqlite3_errmsg(db->h);
}

int64_t cv_db_data_version(struct cv_db *db)
{
	struct cv_stmt *st = cv_db_query(db, "PRAGMA data_version", "");
	int64_t version = cv_stmt_step(st) == CV_STEP_ROW ? cv_stmt_int(st, 0) : 0;

	cv_stmt_done(st);
	return version;
}
