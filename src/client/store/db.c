/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opening the store, its schema, keys and small facts. */
#include "client/store/db.h"

#include <congvu/base/fs.h>
#include <congvu/base/i18n.h>
#include <congvu/base/mem.h>
#include <congvu/base/time.h>

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* The schema's history: a step is never edited after a release, a new one is added behind it. */
static const char *const steps[] = {
	"CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;"
	"CREATE TABLE sealed_meta (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;"
	"CREATE TABLE outbox (mid INTEGER PRIMARY KEY AUTOINCREMENT, op TEXT NOT NULL, kind TEXT NOT NULL,"
	" id TEXT NOT NULL, at INTEGER NOT NULL, state INTEGER NOT NULL, attempts INTEGER NOT NULL,"
	" box BLOB NOT NULL, result BLOB);"
	"CREATE INDEX outbox_object ON outbox (id, op, mid);"
	"CREATE TABLE archive (mid INTEGER PRIMARY KEY, op TEXT NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL,"
	" at INTEGER NOT NULL, booked INTEGER NOT NULL, rev INTEGER NOT NULL, box BLOB NOT NULL, result BLOB NOT NULL);"
	"CREATE INDEX archive_object ON archive (id, op, mid);"
	"CREATE TABLE object (kind TEXT NOT NULL, id TEXT NOT NULL, rev INTEGER NOT NULL, gen INTEGER NOT NULL,"
	" owner TEXT NOT NULL, unit TEXT NOT NULL, day TEXT NOT NULL, slot TEXT NOT NULL, body BLOB NOT NULL,"
	" PRIMARY KEY (kind, id)) WITHOUT ROWID;"
	"CREATE INDEX object_day ON object (kind, day, id);"
	"CREATE TABLE draft (name TEXT PRIMARY KEY, box BLOB NOT NULL) WITHOUT ROWID;",

	/* Dossiers. Lists are sorted and filtered by these columns; what carries a name stands sealed in `line`. */
	"ALTER TABLE object ADD COLUMN code TEXT NOT NULL DEFAULT '';"
	"ALTER TABLE object ADD COLUMN status INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE object ADD COLUMN step TEXT NOT NULL DEFAULT '';"
	"ALTER TABLE object ADD COLUMN mark TEXT NOT NULL DEFAULT '';"
	"ALTER TABLE object ADD COLUMN due INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE object ADD COLUMN received INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE object ADD COLUMN line BLOB;"
	"CREATE INDEX object_owner_due ON object (kind, owner, due, id);"
	"CREATE INDEX object_due ON object (kind, due, id);"
	"CREATE INDEX object_received ON object (kind, received, id);"
	"CREATE INDEX object_code ON object (kind, code, id);"
	"CREATE TABLE seen (kind TEXT NOT NULL, id TEXT NOT NULL, rev INTEGER NOT NULL, PRIMARY KEY"
	" (kind, id)) WITHOUT ROWID;",

	/* `refusal`: what the server still holds against later rows on the same object; those up to `last` were made
	 * before anybody saw it. */
	"CREATE TABLE refusal (mid INTEGER PRIMARY KEY, id TEXT NOT NULL, last INTEGER NOT NULL);"
	"CREATE INDEX refusal_object ON refusal (id, mid);"
	/* rev is kept only until the object has come at that revision: what is still to be drawn is found without
	 * reading thirty days. */
	"UPDATE archive SET rev = 0 WHERE rev <= coalesce((SELECT o.rev FROM object o WHERE o.kind = archive.kind"
	" AND o.id = archive.id), 0);"
	"CREATE INDEX archive_waiting ON archive (mid) WHERE rev > 0;",

	/* Lists are read off an index in the order they are shown in, and counted without touching a row. */
	"DROP INDEX object_due; DROP INDEX object_owner_due;"
	"CREATE INDEX object_due ON object (kind, (" CV_STORE_DUE_COLUMN "), id);"
	"CREATE INDEX object_owner_due ON object (kind, owner, (" CV_STORE_DUE_COLUMN "), id);"
	"CREATE INDEX object_count ON object (kind, status, due, step, owner, unit, mark, rev);",
};
#define VERSION ((int64_t)CV_COUNT(steps))

enum cv_rc cv_store_fault(struct cv_store *s, struct cv_err *err)
{
	int code = sqlite3_errcode(s->db);

	if (code == SQLITE_CORRUPT || code == SQLITE_NOTADB) {
		cv_store_mark_damaged(s);
		return cv_err_set(err, CV_CORRUPT, NULL, NULL);
	}
	if (code == SQLITE_BUSY || code == SQLITE_LOCKED)
		return cv_err_set(err, CV_BUSY, NULL, _("một chương trình khác đang giữ kho dữ liệu"));
	if (code == SQLITE_FULL)
		return cv_err_set(err, CV_IO, NULL, _("hết chỗ trên đĩa"));
	return cv_err_set(err, CV_IO, NULL, _("lỗi ghi đĩa (%d)"), sqlite3_extended_errcode(s->db));
}

enum cv_rc cv_store_exec(struct cv_store *s, const char *sql, struct cv_err *err)
{
	return sqlite3_exec(s->db, sql, NULL, NULL, NULL) == SQLITE_OK ? CV_OK : cv_store_fault(s, err);
}

static void bind(sqlite3_stmt *st, const char *types, va_list ap)
{
	for (int i = 1; *types != '\0'; i++, types++) {
		if (*types == 'i') {
			sqlite3_bind_int64(st, i, va_arg(ap, int64_t));
		} else if (*types == 's') {
			sqlite3_bind_text(st, i, va_arg(ap, const char *), -1, SQLITE_TRANSIENT);
		} else {
			const void *bytes = va_arg(ap, const void *);
			sqlite3_bind_blob(st, i, bytes, (int)va_arg(ap, size_t), SQLITE_TRANSIENT);
		}
	}
}

sqlite3_stmt *cv_store_stmt(struct cv_store *s, const char *sql, const char *types, ...)
{
	sqlite3_stmt *st = NULL;
	va_list ap;

	if (sqlite3_prepare_v2(s->db, sql, -1, &st, NULL) != SQLITE_OK)
		return NULL;
	va_start(ap, types);
	bind(st, types, ap);
	va_end(ap);
	return st;
}

enum cv_rc cv_store_done(struct cv_store *s, sqlite3_stmt *st, struct cv_err *err)
{
	int code = SQLITE_ERROR;

	if (st != NULL)
		do
			code = sqlite3_step(st);
		while (code == SQLITE_ROW);
	enum cv_rc rc = code == SQLITE_DONE ? CV_OK : cv_store_fault(s, err);
	sqlite3_finalize(st);
	return rc;
}

static int64_t pragma(struct cv_store *s, const char *sql)
{
	sqlite3_stmt *st = cv_store_stmt(s, sql, "");
	int64_t n = st != NULL && sqlite3_step(st) == SQLITE_ROW ? sqlite3_column_int64(st, 0) : -1;

	sqlite3_finalize(st);
	return n;
}

/* FULL is what "saved" means; asserted, not assumed. Nothing may lie in the clear in temp files or freed pages. */
static enum cv_rc set_up(struct cv_store *s, struct cv_err *err)
{
	sqlite3_busy_timeout(s->db, 10000);
	enum cv_rc rc = cv_store_exec(s,
				      "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA temp_store=MEMORY;"
				      "PRAGMA secure_delete=ON;",
				      err);
	if (rc == CV_OK && pragma(s, "PRAGMA synchronous") != 2)
		return cv_err_set(err, CV_INTERNAL, NULL, _("kho dữ liệu không ghi chắc chắn xuống đĩa"));
	return rc;
}

static enum cv_rc make_schema(struct cv_store *s, struct cv_err *err)
{
	enum cv_rc rc = cv_store_exec(s, "BEGIN IMMEDIATE", err);
	if (rc != CV_OK)
		return rc;
	int64_t version = pragma(s, "PRAGMA user_version");
	if (version < 0)
		rc = cv_store_fault(s, err);
	else if (version > VERSION)
		rc = cv_err_set(err, CV_CONFIG, NULL,
				_("dữ liệu trên máy của bản congvu mới hơn; hãy cập nhật chương trình"));
	for (; rc == CV_OK && version < VERSION; version++)
		rc = cv_store_exec(s, steps[version], err);
	if (rc == CV_OK) {
		char *mark = cv_strf("PRAGMA user_version=%lld", (long long)VERSION);
		rc = cv_store_exec(s, mark, err);
		free(mark);
	}
	if (rc == CV_OK)
		return cv_store_exec(s, "COMMIT", err);
	sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
	return rc;
}

bool cv_store_make_schema(sqlite3 *db)
{
	char *mark = cv_strf("PRAGMA user_version=%lld", (long long)VERSION);
	bool done = true;

	for (int64_t i = 0; done && i < VERSION; i++)
		done = sqlite3_exec(db, steps[i], NULL, NULL, NULL) == SQLITE_OK;
	done = done && sqlite3_exec(db, mark, NULL, NULL, NULL) == SQLITE_OK;
	free(mark);
	return done;
}

enum cv_rc cv_store_reopen(struct cv_store *s, struct cv_err *err)
{
	char *path = cv_strf("%s/store.db", s->dir);
	int code;

	sqlite3_close(s->db);
	s->db = NULL;
	code = sqlite3_open_v2(path, &s->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL);
	free(path);
	if (code != SQLITE_OK)
		return cv_store_fault(s, err);
	enum cv_rc rc = set_up(s, err);
	return rc == CV_OK && pragma(s, "PRAGMA user_version") != VERSION ? make_schema(s, err) : rc;
}

static bool meta_bytes(struct cv_store *s, const char *name, uint8_t *out, size_t n)
{
	char *hex = cv_store_meta(s, name);
	bool ok = strlen(hex) == 2 * n && cv_unhex(out, n, hex);

	free(hex);
	return ok;
}

enum cv_rc cv_store_open(struct cv_store **out, const char *dir, struct cv_err *err)
{
	const char *kind = NULL;
	struct cv_store *s = cv_alloc(sizeof(*s));
	struct cv_err first;

	*out = NULL;
	s->dir = cv_strdup(dir);
	s->locked = true;
	cv_err_init(&first);
	enum cv_rc rc = cv_dir_make(dir, err);
	if (rc == CV_OK && cv_dir_is_remote(dir, &kind)) {
		rc = cv_err_set(err, CV_CONFIG, NULL, _("thư mục dữ liệu nằm trên %s: không giữ an toàn được"), kind);
		cv_err_hint(err, "%s", _("Đặt XDG_DATA_HOME vào đĩa của máy này"));
	}
	mode_t mask = umask(077);
	if (rc == CV_OK)
		rc = cv_store_damaged(s) ? CV_CORRUPT : cv_store_reopen(s, &first);
	if (rc == CV_CORRUPT) {
		rc = cv_store_rescue(s, err);
		rc = rc == CV_OK ? cv_store_reopen(s, err) : rc;
	} else if (rc != CV_OK && err != NULL && err->rc == CV_OK) {
		*err = first;
	}
	umask(mask);
	if (rc != CV_OK) {
		cv_store_close(s);
		return rc;
	}
	s->has_keys = meta_bytes(s, "public_key", s->box.public_key, CV_KEY_SIZE);
	*out = s;
	return CV_OK;
}

bool cv_store_was_rescued(const struct cv_store *s)
{
	return s->rescued;
}

void cv_store_close(struct cv_store *s)
{
	if (s == NULL)
		return;
	sqlite3_close(s->db);
	cv_wipe(s->row_key, sizeof(s->row_key));
	cv_wipe(&s->box, sizeof(s->box));
	free(s->dir);
	free(s);
}

int64_t cv_store_data_version(struct cv_store *s)
{
	return pragma(s, "PRAGMA data_version");
}

/* ---- keys ---- */
bool cv_store_has_keys(struct cv_store *s)
{
	return s->has_keys;
}

bool cv_store_locked(const struct cv_store *s)
{
	return s->locked;
}

static int64_t last_sync(struct cv_store *s)
{
	char *text = cv_store_meta(s, "last_sync");
	int64_t at = strtoll(text, NULL, 10);

	free(text);
	return at;
}

void cv_store_set_keep(struct cv_store *s, const struct cv_env *env, int64_t days)
{
	s->env = env;
	s->keep_ms = days * 86400000LL;
	s->last_sync = last_sync(s);
}

enum cv_rc cv_store_readable(struct cv_store *s, struct cv_err *err)
{
	if (s->locked)
		return cv_err_set(err, CV_LOCKED, NULL, NULL);
	if (s->env == NULL || s->keep_ms <= 0 || s->last_sync <= 0)
		return CV_OK;
	int64_t now = cv_now(s->env);
	if (now - s->last_sync > s->keep_ms)
		s->last_sync = last_sync(s); /* another process may have been there */
	if (now - s->last_sync <= s->keep_ms)
		return CV_OK;
	cv_err_set(err, CV_LOCKED, NULL, _("%lld ngày chưa nối máy chủ: dữ liệu trên máy đóng lại đến lần đồng bộ tới"),
		   (long long)((now - s->last_sync) / 86400000));
	cv_err_hint(err, "congvu sync");
	return CV_LOCKED;
}

enum cv_rc cv_store_set_keys(struct cv_store *s, const uint8_t master[CV_KEY_SIZE], struct cv_err *err)
{
	char hex[2 * CV_KEY_SIZE + 1];
	void *sealed;
	size_t n;

	cv_key_derive(s->row_key, master, 1, "cvstore1");
	cv_box_make(&s->box);
	enum cv_rc rc = cv_seal_row(&sealed, &n, s->row_key, "box", s->box.secret_key, CV_KEY_SIZE);
	if (rc != CV_OK)
		return rc;
	char *text = cv_alloc(2 * n + 1);
	cv_hex(text, sealed, n);
	cv_hex(hex, s->box.public_key, CV_KEY_SIZE);
	rc = cv_store_set_meta(s, "secret_key", text, err);
	if (rc == CV_OK)
		rc = cv_store_set_meta(s, "public_key", hex, err);
	free(text);
	free(sealed);
	s->has_keys = rc == CV_OK;
	s->locked = rc != CV_OK;
	return rc;
}

enum cv_rc cv_store_unlock(struct cv_store *s, const uint8_t master[CV_KEY_SIZE], struct cv_err *err)
{
	uint8_t sealed[CV_KEY_SIZE + CV_SEAL_OVERHEAD];
	void *opened = NULL;
	size_t n;

	cv_key_derive(s->row_key, master, 1, "cvstore1");
	if (!meta_bytes(s, "secret_key", sealed, sizeof(sealed)))
		return cv_err_set(err, CV_CRYPTO, NULL, NULL);
	enum cv_rc rc = cv_open_row(&opened, &n, s->row_key, "box", sealed, sizeof(sealed), err);
	if (rc != CV_OK)
		return rc;
	memcpy(s->box.secret_key, opened, CV_KEY_SIZE);
	cv_wipe(opened, n);
	free(opened);
	s->locked = false;
	return CV_OK;
}

/* ---- small facts ---- */
char *cv_store_meta(struct cv_store *s, const char *key)
{
	sqlite3_stmt *st = cv_store_stmt(s, "SELECT value FROM meta WHERE name = ?", "s", key);
	char *value =
		cv_strdup(st != NULL && sqlite3_step(st) == SQLITE_ROW ? (const char *)sqlite3_column_text(st, 0) : "");

	sqlite3_finalize(st);
	return value;
}

enum cv_rc cv_store_set_meta(struct cv_store *s, const char *key, const char *value, struct cv_err *err)
{
	return cv_store_done(
		s, cv_store_stmt(s, "INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)", "ss", key, value), err);
}

enum cv_rc cv_store_secret_meta(struct cv_store *s, const char *key, struct cv_json **out, struct cv_err *err)
{
	void *text = NULL;
	size_t n = 0;
	enum cv_rc rc = CV_NOT_FOUND;

	*out = NULL;
	if (s->locked)
		return cv_err_set(err, CV_LOCKED, NULL, NULL);
	sqlite3_stmt *st = cv_store_stmt(s, "SELECT value FROM sealed_meta WHERE name = ?", "s", key);
	if (st != NULL && sqlite3_step(st) == SQLITE_ROW)
		rc = cv_open_row(&text, &n, s->row_key, key, sqlite3_column_blob(st, 0),
				 (size_t)sqlite3_column_bytes(st, 0), err);
	sqlite3_finalize(st);
	if (rc == CV_OK)
		rc = cv_json_parse(out, text, n, &cv_json_answer, err);
	free(text);
	return rc;
}

enum cv_rc cv_store_set_secret_meta(struct cv_store *s, const char *key, const struct cv_json *value,
				    struct cv_err *err)
{
	void *sealed;
	size_t n;
	char *text = cv_json_text(value);
	enum cv_rc rc = cv_seal_row(&sealed, &n, s->row_key, key, text, strlen(text));

	free(text);
	if (rc != CV_OK)
		return rc;
	rc = cv_store_done(s,
			   cv_store_stmt(s, "INSERT OR REPLACE INTO sealed_meta (name, value) VALUES (?, ?)", "sb", key,
					 sealed, n),
			   err);
	free(sealed);
	return rc;
}

bool cv_store_look(struct cv_store *s)
{
	return sqlite3_get_autocommit(s->db) != 0 && cv_store_exec(s, "BEGIN", NULL) == CV_OK;
}

void cv_store_look_end(struct cv_store *s)
{
	if (sqlite3_get_autocommit(s->db) == 0) /* a rescued store is another file, without it */
		cv_store_exec(s, "COMMIT", NULL);
}
