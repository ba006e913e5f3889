/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The operations that are drawn over the server's bodies: unsent ones, and accepted ones whose object has not come yet.
 */
#include "client/store/db.h"

#include <congvu/base/mem.h>

#include <stdlib.h>

void cv_pending_free(struct cv_pending *rows, size_t count)
{
	for (size_t i = 0; i < count; i++)
		free(rows[i].element);
	free(rows);
}

static enum cv_rc read_row(struct cv_store *s, sqlite3_stmt *st, struct cv_pending *row, struct cv_err *err)
{
	void *text = NULL;
	size_t n;

	*row = (struct cv_pending){.mid = sqlite3_column_int64(st, 0),
				   .at = sqlite3_column_int64(st, 4),
				   .unsent = sqlite3_column_int(st, 6) != 0};
	cv_strcopy(row->op, sizeof(row->op), (const char *)sqlite3_column_text(st, 1));
	cv_strcopy(row->kind, sizeof(row->kind), (const char *)sqlite3_column_text(st, 2));
	cv_strcopy(row->id, sizeof(row->id), (const char *)sqlite3_column_text(st, 3));
	enum cv_rc rc =
		cv_box_open(&text, &n, &s->box, sqlite3_column_blob(st, 5), (size_t)sqlite3_column_bytes(st, 5), err);
	row->element = text;
	return rc;
}

enum cv_rc cv_store_pending(struct cv_store *s, struct cv_pending **rows, size_t *count, struct cv_err *err)
{
	static const char sql[] =
		"SELECT mid, op, kind, id, at, box, 1 FROM outbox WHERE state < 3"
		" UNION ALL SELECT a.mid, a.op, a.kind, a.id, a.at, a.box, 0 FROM archive a LEFT JOIN object o"
		" ON o.kind = a.kind AND o.id = a.id WHERE a.rev > coalesce(o.rev, 0) ORDER BY 1";
	enum cv_rc rc = CV_OK;
	int code = SQLITE_ERROR;
	size_t cap = 0;

	*rows = NULL;
	*count = 0;
	if (s->locked)
		return cv_err_set(err, CV_LOCKED, NULL, NULL);
	sqlite3_stmt *st = cv_store_stmt(s, sql, "");
	while (rc == CV_OK && st != NULL && (code = sqlite3_step(st)) == SQLITE_ROW) {
		if (*count == cap) {
			cap = cap != 0 ? cap * 2 : 16;
			*rows = cv_reallocarray(*rows, cap, sizeof(**rows));
		}
		rc = read_row(s, st, &(*rows)[(*count)++], err);
	}
	sqlite3_finalize(st);
	if (rc == CV_OK && code != SQLITE_DONE)
		rc = cv_store_fault(s, err);
	if (rc != CV_OK) {
		cv_pending_free(*rows, *count);
		*rows = NULL;
		*count = 0;
	}
	return rc;
}
