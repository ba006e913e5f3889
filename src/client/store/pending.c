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

/* Opening a box costs 55 us and the element of a mid never changes: what the last answer holds is taken over. */
static char *known(struct cv_pending *old, size_t count, int64_t mid)
{
	size_t lo = 0, hi = count;

	while (lo < hi) {
		size_t at = (lo + hi) / 2;
		if (old[at].mid < mid)
			lo = at + 1;
		else
			hi = at;
	}
	if (lo == count || old[lo].mid != mid)
		return NULL;
	char *element = old[lo].element;
	old[lo].element = NULL;
	return element;
}

static enum cv_rc read_row(struct cv_store *s, sqlite3_stmt *st, struct cv_pending *row, struct cv_pending *old,
			   size_t old_count, struct cv_err *err)
{
	void *text = NULL;
	size_t n;

	*row = (struct cv_pending){.mid = sqlite3_column_int64(st, 0),
				   .at = sqlite3_column_int64(st, 4),
				   .unsent = sqlite3_column_int(st, 6) != 0,
				   .refused = sqlite3_column_int64(st, 7)};
	cv_strcopy(row->op, sizeof(row->op), (const char *)sqlite3_column_text(st, 1));
	cv_strcopy(row->kind, sizeof(row->kind), (const char *)sqlite3_column_text(st, 2));
	cv_strcopy(row->id, sizeof(row->id), (const char *)sqlite3_column_text(st, 3));
	row->element = known(old, old_count, row->mid);
	if (row->element != NULL)
		return CV_OK;
	enum cv_rc rc =
		cv_box_open(&text, &n, &s->box, sqlite3_column_blob(st, 5), (size_t)sqlite3_column_bytes(st, 5), err);
	row->element = text;
	return rc;
}

enum cv_rc cv_store_pending(struct cv_store *s, struct cv_pending **rows, size_t *count, struct cv_err *err)
{
	static const char sql[] = "SELECT mid, op, kind, id, at, box, 1, coalesce((SELECT max(r.mid) FROM refusal r "
				  "WHERE r.id = outbox.id), 0)"
				  " FROM outbox WHERE state < 3"
				  " UNION ALL SELECT a.mid, a.op, a.kind, a.id, a.at, a.box, 0, 0 FROM archive a WHERE "
				  "a.rev > 0 ORDER BY 1";
	enum cv_rc rc = CV_OK;
	int code = SQLITE_ERROR;
	size_t cap = 0, old_count = *count;
	struct cv_pending *old = *rows;

	*rows = NULL;
	*count = 0;
	if (s->locked) {
		cv_pending_free(old, old_count);
		return cv_err_set(err, CV_LOCKED, NULL, NULL);
	}
	sqlite3_stmt *st = cv_store_stmt(s, sql, "");
	while (rc == CV_OK && st != NULL && (code = sqlite3_step(st)) == SQLITE_ROW) {
		if (*count == cap) {
			cap = cap != 0 ? cap * 2 : 16;
			*rows = cv_reallocarray(*rows, cap, sizeof(**rows));
		}
		rc = read_row(s, st, &(*rows)[(*count)++], old, old_count, err);
	}
	sqlite3_finalize(st);
	cv_pending_free(old, old_count);
	if (rc == CV_OK && code != SQLITE_DONE)
		rc = cv_store_fault(s, err);
	if (rc != CV_OK) {
		cv_pending_free(*rows, *count);
		*rows = NULL;
		*count = 0;
	}
	return rc;
}
