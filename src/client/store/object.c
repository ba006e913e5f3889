/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Objects as the server sent them, drafts, and forgetting. */
#include "client/store/db.h"

#include <congvu/base/i18n.h>
#include <congvu/base/mem.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static enum cv_rc open_body(struct cv_store *s, const char *kind, const char *id, sqlite3_stmt *st, int column,
			    struct cv_json **body, struct cv_err *err)
{
	char ad[200];
	void *text = NULL;
	size_t n;

	snprintf(ad, sizeof(ad), "%s/%s", kind, id);
	enum cv_rc rc = cv_open_row(&text, &n, s->row_key, ad, sqlite3_column_blob(st, column),
				    (size_t)sqlite3_column_bytes(st, column), err);
	if (rc == CV_OK)
		rc = cv_json_parse(body, text, n, &cv_json_answer, err);
	free(text);
	return rc;
}

enum cv_rc cv_store_get(struct cv_store *s, const char *kind, const char *id, struct cv_json **body, int64_t *rev,
			struct cv_err *err)
{
	enum cv_rc rc = CV_NOT_FOUND;

	*body = NULL;
	*rev = 0;
	if (cv_store_readable(s, err) != CV_OK)
		return CV_LOCKED;
	sqlite3_stmt *st = cv_store_stmt(s, "SELECT rev, body FROM object WHERE kind = ? AND id = ?", "ss", kind, id);
	if (st != NULL && sqlite3_step(st) == SQLITE_ROW) {
		*rev = sqlite3_column_int64(st, 0);
		rc = open_body(s, kind, id, st, 1, body, err);
	} else {
		cv_err_set(err, CV_NOT_FOUND, "id", NULL);
	}
	sqlite3_finalize(st);
	return rc;
}

enum cv_rc cv_store_list(struct cv_store *s, const char *kind, const struct cv_store_filter *f,
			 enum cv_rc (*each)(void *data, const char *id, int64_t rev, const struct cv_json *body),
			 void *data, struct cv_err *err)
{
	static const char sql[] = "SELECT id, rev, body FROM object WHERE kind = ?1 AND (?2 = '' OR owner = ?2)"
				  " AND (?3 = '' OR unit = ?3) AND (?4 = '' OR slot = ?4) AND (?5 = '' OR day >= ?5)"
				  " AND (?6 = '' OR day <= ?6) ORDER BY day DESC, id LIMIT ?7";
	enum cv_rc rc = CV_OK;
	int code = SQLITE_ERROR;

	if (cv_store_readable(s, err) != CV_OK)
		return CV_LOCKED;
	sqlite3_stmt *st = cv_store_stmt(s, sql, "ssssssi", kind, f->user ? f->user : "", f->unit ? f->unit : "",
					 f->slot ? f->slot : "", f->from ? f->from : "", f->to ? f->to : "",
					 (int64_t)(f->limit > 0 ? f->limit : -1));
	while (rc == CV_OK && st != NULL && (code = sqlite3_step(st)) == SQLITE_ROW) {
		struct cv_json *body = NULL;
		char *id = cv_strdup((const char *)sqlite3_column_text(st, 0));
		rc = open_body(s, kind, id, st, 2, &body, err);
		if (rc == CV_OK)
			rc = each(data, id, sqlite3_column_int64(st, 1), body);
		cv_json_destroy(body);
		free(id);
	}
	sqlite3_finalize(st);
	return rc == CV_OK && code != SQLITE_DONE ? cv_store_fault(s, err) : rc;
}

enum cv_rc cv_store_set_draft(struct cv_store *s, const char *name, const struct cv_json *draft, struct cv_err *err)
{
	void *box;
	size_t n;

	if (draft == NULL)
		return cv_store_done(s, cv_store_stmt(s, "DELETE FROM draft WHERE name = ?", "s", name), err);
	char *text = cv_json_text(draft);
	enum cv_rc rc = cv_box_seal(&box, &n, s->box.public_key, text, strlen(text));
	free(text);
	if (rc != CV_OK)
		return cv_err_set(err, rc, NULL, NULL);
	rc = cv_store_done(
		s, cv_store_stmt(s, "INSERT OR REPLACE INTO draft (name, box) VALUES (?, ?)", "sb", name, box, n), err);
	free(box);
	return rc;
}

enum cv_rc cv_store_draft(struct cv_store *s, const char *name, struct cv_json **out, struct cv_err *err)
{
	void *text = NULL;
	size_t n;
	enum cv_rc rc = CV_NOT_FOUND;

	*out = NULL;
	if (s->locked)
		return cv_err_set(err, CV_LOCKED, NULL, NULL);
	sqlite3_stmt *st = cv_store_stmt(s, "SELECT box FROM draft WHERE name = ?", "s", name);
	if (st != NULL && sqlite3_step(st) == SQLITE_ROW)
		rc = cv_box_open(&text, &n, &s->box, sqlite3_column_blob(st, 0), (size_t)sqlite3_column_bytes(st, 0),
				 err);
	sqlite3_finalize(st);
	if (rc == CV_OK)
		rc = cv_json_parse(out, text, n, &cv_json_answer, err);
	free(text);
	return rc;
}

enum cv_rc cv_store_wipe(struct cv_store *s, bool everything, struct cv_err *err)
{
	enum cv_rc rc = cv_store_exec(s,
				      "DELETE FROM object; DELETE FROM archive; DELETE FROM sealed_meta;"
				      "UPDATE meta SET value = '' WHERE name = 'cursor';",
				      err);

	if (rc == CV_OK && everything)
		rc = cv_store_exec(s, "DELETE FROM outbox; DELETE FROM draft; DELETE FROM meta;", err);
	if (rc == CV_OK && everything)
		s->has_keys = false;
	if (rc == CV_OK)
		rc = cv_store_exec(s, "PRAGMA wal_checkpoint(TRUNCATE); VACUUM;", err);
	return rc;
}
