/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lists by clear columns and sealed short lines. */
#include "client/store/db.h"

#include <congvu/base/buf.h>
#include <congvu/base/mem.h>
#include <congvu/base/text.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	const char *key; /* no due date sorts behind all others */
	bool number, down;
} orders[] = {
	[CV_STORE_BY_DUE] = {CV_STORE_DUE("o.due"), true, false},
	[CV_STORE_BY_RECEIVED] = {"o.received", true, true},
	[CV_STORE_BY_CODE] = {"o.code", false, false},
};

static void add_words(struct cv_buf *sql, const char *column, const char *const *words, bool in)
{
	cv_buf_addf(sql, " AND %s %s (", column, in ? "IN" : "NOT IN");
	for (size_t i = 0; words[i] != NULL; i++) {
		char *quoted = sqlite3_mprintf("%Q", words[i]);
		cv_buf_addf(sql, "%s%s", i > 0 ? "," : "", quoted);
		sqlite3_free(quoted);
	}
	cv_buf_puts(sql, in && words[0] == NULL ? "'')" : ")");
}

/* As a list when the index on it shall be used, else as an expression that no index knows: rows then come in the
 * order of another one. */
static void add_statuses(struct cv_buf *sql, unsigned statuses, bool list)
{
	bool first = true;

	if (statuses == 0xFFFF)
		return;
	if (!list) {
		cv_buf_addf(sql, " AND (%u >> o.status) & 1", statuses);
		return;
	}
	cv_buf_puts(sql, " AND o.status IN (");
	for (int i = 0; i < 16; i++) {
		if ((statuses >> i & 1) == 0)
			continue;
		cv_buf_addf(sql, "%s%d", first ? "" : ",", i);
		first = false;
	}
	cv_buf_puts(sql, ")");
}

/* due: the column, or the expression of the index that the rows are read off. */
static void add_conditions(struct cv_buf *sql, const struct cv_line_filter *f, const char *due, bool counting)
{
	cv_buf_puts(sql, " WHERE o.kind = 'dossier'");
	add_statuses(sql, f->statuses, counting);
	if (f->owner != NULL)
		add_words(sql, "o.owner", (const char *const[]){f->owner, NULL}, true);
	if (f->step != NULL)
		add_words(sql, "o.step", (const char *const[]){f->step, NULL}, true);
	if (f->mark != NULL)
		add_words(sql, "o.mark", (const char *const[]){f->mark, NULL}, true);
	if (f->units != NULL)
		add_words(sql, "o.unit", f->units, true);
	if (f->without != NULL && f->without[0] != NULL)
		add_words(sql, "o.id", f->without, false);
	if (f->due_to != 0)
		cv_buf_addf(sql, " AND %s >= %lld AND %s < %lld", due, (long long)(f->due_from > 0 ? f->due_from : 1),
			    due, (long long)f->due_to);
	if (f->unread)
		cv_buf_puts(sql,
			    " AND o.rev > COALESCE((SELECT rev FROM seen s WHERE s.kind = o.kind AND s.id = o.id), 0)");
}

int64_t cv_store_lines_count(struct cv_store *s, const struct cv_line_filter *f)
{
	struct cv_buf sql;
	int64_t n = -1;

	cv_buf_init(&sql, 1 << 20);
	cv_buf_puts(&sql, "SELECT COUNT(*) FROM object o");
	add_conditions(&sql, f, "o.due", true);
	sqlite3_stmt *st = cv_store_stmt(s, sql.data, "");
	if (st != NULL && sqlite3_step(st) == SQLITE_ROW)
		n = sqlite3_column_int64(st, 0);
	sqlite3_finalize(st);
	cv_buf_finish(&sql);
	return n;
}

static sqlite3_stmt *statement(struct cv_store *s, const struct cv_line_filter *f)
{
	bool down = orders[f->order].down;
	struct cv_buf sql;

	cv_buf_init(&sql, 1 << 20);
	cv_buf_addf(
		&sql,
		"SELECT o.id, o.rev, o.owner, o.unit, o.code, o.status, o.step, o.mark, o.due, o.received, o.line, %s,"
		" o.rev > COALESCE((SELECT rev FROM seen s WHERE s.kind = o.kind AND s.id = o.id), 0)"
		" FROM object o",
		orders[f->order].key);
	add_conditions(&sql, f, orders[CV_STORE_BY_DUE].key, false);
	if (f->after_id != NULL)
		cv_buf_addf(&sql, " AND (%s, o.id) %s (?1, ?2)", orders[f->order].key, down ? "<" : ">");
	cv_buf_addf(&sql, " ORDER BY %s %s, o.id %s", orders[f->order].key, down ? "DESC" : "ASC",
		    down ? "DESC" : "ASC");
	sqlite3_stmt *st;
	if (f->after_id == NULL)
		st = cv_store_stmt(s, sql.data, "");
	else if (orders[f->order].number)
		st = cv_store_stmt(s, sql.data, "is", (int64_t)strtoll(f->after_key, NULL, 10), f->after_id);
	else
		st = cv_store_stmt(s, sql.data, "ss", f->after_key, f->after_id);
	cv_buf_finish(&sql);
	return st;
}

static const char *text(sqlite3_stmt *st, int column)
{
	const char *t = (const char *)sqlite3_column_text(st, column);

	return t != NULL ? t : "";
}

enum cv_rc cv_store_lines(struct cv_store *s, const struct cv_line_filter *f,
			  enum cv_rc (*each)(void *data, const struct cv_line_row *row), void *data, struct cv_err *err)
{
	enum cv_rc rc = CV_OK;
	int code = SQLITE_ERROR;

	if (cv_store_readable(s, err) != CV_OK)
		return CV_LOCKED;
	sqlite3_stmt *st = statement(s, f);
	while (rc == CV_OK && st != NULL && (code = sqlite3_step(st)) == SQLITE_ROW) {
		char ad[200], key[80];
		void *line = NULL;
		size_t n;
		struct cv_line_row row = {.id = text(st, 0),
					  .rev = sqlite3_column_int64(st, 1),
					  .owner = text(st, 2),
					  .unit = text(st, 3),
					  .code = text(st, 4),
					  .status = sqlite3_column_int(st, 5),
					  .step = text(st, 6),
					  .mark = text(st, 7),
					  .due = sqlite3_column_int64(st, 8),
					  .received = sqlite3_column_int64(st, 9),
					  .unread = sqlite3_column_int(st, 12) != 0,
					  .key = key};
		cv_strcopy(key, sizeof(key), text(st, 11));
		snprintf(ad, sizeof(ad), "dossier/%s", row.id);
		rc = cv_open_row(&line, &n, s->row_key, ad, sqlite3_column_blob(st, 10),
				 (size_t)sqlite3_column_bytes(st, 10), err);
		if (rc == CV_OK) {
			row.line = line;
			rc = each(data, &row);
		}
		free(line);
	}
	sqlite3_finalize(st);
	if (rc == CV_INTERRUPTED) /* each() has enough */
		return CV_OK;
	return rc == CV_OK && code != SQLITE_DONE ? cv_store_fault(s, err) : rc;
}

enum cv_rc cv_store_mark_seen(struct cv_store *s, const char *kind, const char *id, struct cv_err *err)
{
	return cv_store_done(s,
			     cv_store_stmt(s,
					   "INSERT OR REPLACE INTO seen (kind, id, rev)"
					   " SELECT kind, id, rev FROM object WHERE kind = ? AND id = ?",
					   "ss", kind, id),
			     err);
}

/* By whole code, or by the end of one ("261117-0012"). */
enum cv_rc cv_store_find_code(struct cv_store *s, char *id, size_t size, const char *code, struct cv_err *err)
{
	enum cv_rc rc = CV_NOT_FOUND;
	sqlite3_stmt *st = cv_store_stmt(
		s, "SELECT id FROM object WHERE kind = 'dossier' AND (code = ?1 OR id = ?1) LIMIT 1", "s", code);

	if (st != NULL && sqlite3_step(st) == SQLITE_ROW)
		rc = CV_OK;
	if (rc != CV_OK) {
		sqlite3_finalize(st);
		char *end = cv_strf("%%-%s", code);
		st = cv_store_stmt(s, "SELECT id FROM object WHERE kind = 'dossier' AND code LIKE ?1 LIMIT 2", "s",
				   end);
		free(end);
		if (st != NULL && sqlite3_step(st) == SQLITE_ROW)
			rc = CV_OK;
	}
	if (rc == CV_OK)
		cv_strcopy(id, size, text(st, 0));
	sqlite3_finalize(st);
	return rc == CV_OK ? rc : cv_err_set(err, CV_NOT_FOUND, "code", NULL);
}
