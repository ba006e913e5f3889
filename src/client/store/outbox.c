/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The outbox: rows are sealed to the account's public key, so that writing needs no secret. A row leaves it only with
 * the server's final acceptance in hand (to the archive) or by a person's word.
 */
#include "client/store/db.h"

#include <congvu/base/i18n.h>
#include <congvu/base/mem.h>

#include <stdlib.h>
#include <string.h>

const char *cv_out_state_word(enum cv_out_state state)
{
	static const char *const words[] = {"queued", "sending", "unknown", "needs_person"};

	return words[state];
}

void cv_out_row_finish(struct cv_out_row *row)
{
	free(row->element);
	cv_json_destroy(row->result);
	row->element = NULL;
	row->result = NULL;
}

void cv_out_rows_free(struct cv_out_row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++)
		cv_out_row_finish(&rows[i]);
	free(rows);
}

struct fresh {
	const char *op, *kind, *id;
	int64_t at;
	char *(*format)(void *data, int64_t mid);
	void *data;
	void *box; /* owned: what was written */
	size_t box_n;
};

/* The row is made first with an empty box to learn its number, then filled: one transaction. */
static enum cv_rc insert(struct cv_store *s, int64_t *mid, struct fresh *f, struct cv_err *err)
{
	enum cv_rc rc = cv_store_done(
		s,
		cv_store_stmt(
			s, "INSERT INTO outbox (op, kind, id, at, state, attempts, box) VALUES (?, ?, ?, ?, 0, 0, x'')",
			"sssi", f->op, f->kind, f->id, f->at),
		err);

	if (rc != CV_OK)
		return rc;
	*mid = sqlite3_last_insert_rowid(s->db);
	char *element = f->format(f->data, *mid);
	rc = cv_box_seal(&f->box, &f->box_n, s->box.public_key, element, strlen(element));
	cv_wipe(element, strlen(element));
	free(element);
	if (rc != CV_OK)
		return cv_err_set(err, rc, NULL, NULL);
	return cv_store_done(
		s, cv_store_stmt(s, "UPDATE outbox SET box = ? WHERE mid = ?", "bi", f->box, f->box_n, *mid), err);
}

/* The number alone proves nothing: rolled back, it may be another process's by now. No two boxes are alike. */
static bool row_there(struct cv_store *s, int64_t mid, const struct fresh *f)
{
	if (f->box == NULL)
		return false;
	sqlite3_stmt *st =
		cv_store_stmt(s, "SELECT 1 FROM outbox WHERE mid = ? AND box = ?", "ib", mid, f->box, f->box_n);
	bool there = st != NULL && sqlite3_step(st) == SQLITE_ROW;

	sqlite3_finalize(st);
	return there;
}

/* Another process has carried the rows over to a new file: what is written to this one is not seen any more. */
static bool moved(struct cv_store *s)
{
	int is = 0;

	return sqlite3_file_control(s->db, "main", SQLITE_FCNTL_HAS_MOVED, &is) == SQLITE_OK && is != 0;
}

/* CV_NOT_SAVED only when the reopened file shows the row absent; fault says why. */
static enum cv_rc enqueue_once(struct cv_store *s, int64_t *mid, struct fresh *f, struct cv_err *fault)
{
	if (s->db == NULL || moved(s))
		cv_store_reopen(s, NULL);
	enum cv_rc rc = cv_store_exec(s, "BEGIN IMMEDIATE", fault);
	if (rc != CV_OK)
		return CV_NOT_SAVED;
	rc = insert(s, mid, f, fault);
	if (rc == CV_OK)
		rc = cv_store_exec(s, "COMMIT", fault);
	if (rc == CV_OK)
		return CV_OK;
	/* After a failed COMMIT nobody knows: the reopened file does. A failed fsync is never tried again on the same
	 * descriptor. */
	sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
	return *mid != 0 && cv_store_reopen(s, NULL) == CV_OK && row_there(s, *mid, f) ? CV_OK : CV_NOT_SAVED;
}

enum cv_rc cv_store_enqueue(struct cv_store *s, int64_t *mid, const char *op, const char *kind, const char *id,
			    int64_t at, char *(*format)(void *data, int64_t mid), void *data, struct cv_err *err)
{
	struct fresh f = {.op = op, .kind = kind, .id = id, .at = at, .format = format, .data = data};
	struct cv_err fault;

	*mid = 0;
	if (!s->has_keys)
		return cv_err_set(err, CV_LOGIN, NULL, NULL);
	for (int tries = 0;; tries++) {
		cv_err_init(&fault);
		enum cv_rc rc = enqueue_once(s, mid, &f, &fault);
		free(f.box);
		f.box = NULL;
		if (rc == CV_OK && !moved(s))
			return CV_OK;
		*mid = 0;
		bool again = tries == 0 && (rc == CV_OK || fault.rc == CV_CORRUPT);
		if (again && rc != CV_OK)
			again = cv_store_rescue(s, NULL) == CV_OK && cv_store_reopen(s, NULL) == CV_OK;
		if (!again)
			return cv_err_set(err, CV_NOT_SAVED, NULL, _("CHƯA LƯU: %s"),
					  fault.detail[0] != '\0' ? fault.detail : cv_rc_text(CV_CORRUPT));
	}
}

enum cv_rc cv_store_raise_mid(struct cv_store *s, int64_t last_mid, struct cv_err *err)
{
	enum cv_rc rc = cv_store_exec(s, "BEGIN IMMEDIATE", err);

	if (rc == CV_OK) /* sqlite_sequence has a row only after the first insert */
		rc = cv_store_exec(s,
				   "INSERT INTO sqlite_sequence (name, seq) SELECT 'outbox', 0"
				   " WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'outbox')",
				   err);
	if (rc == CV_OK)
		rc = cv_store_done(s,
				   cv_store_stmt(s,
						 "UPDATE sqlite_sequence SET seq = max(seq, ?) WHERE name = 'outbox'",
						 "i", last_mid),
				   err);
	if (rc == CV_OK)
		return cv_store_exec(s, "COMMIT", err);
	sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
	return rc;
}

static char *open_box(struct cv_store *s, const void *box, size_t n)
{
	void *text = NULL;
	size_t len;

	if (s->locked || cv_box_open(&text, &len, &s->box, box, n, NULL) != CV_OK)
		return NULL;
	return text;
}

static struct cv_json *open_result(struct cv_store *s, const void *sealed, size_t n)
{
	void *text = NULL;
	size_t len;
	struct cv_json *out = NULL;

	if (n == 0 || s->locked || cv_open_row(&text, &len, s->row_key, "result", sealed, n, NULL) != CV_OK)
		return NULL;
	cv_json_parse(&out, text, len, &cv_json_answer, NULL);
	free(text);
	return out;
}

static void read_row(struct cv_store *s, sqlite3_stmt *st, struct cv_out_row *row)
{
	*row = (struct cv_out_row){.mid = sqlite3_column_int64(st, 0),
				   .at = sqlite3_column_int64(st, 4),
				   .state = (enum cv_out_state)sqlite3_column_int(st, 5),
				   .attempts = sqlite3_column_int(st, 6)};
	cv_strcopy(row->op, sizeof(row->op), (const char *)sqlite3_column_text(st, 1));
	cv_strcopy(row->kind, sizeof(row->kind), (const char *)sqlite3_column_text(st, 2));
	cv_strcopy(row->id, sizeof(row->id), (const char *)sqlite3_column_text(st, 3));
	row->element = open_box(s, sqlite3_column_blob(st, 7), (size_t)sqlite3_column_bytes(st, 7));
	row->result = open_result(s, sqlite3_column_blob(st, 8), (size_t)sqlite3_column_bytes(st, 8));
}

enum cv_rc cv_store_outbox(struct cv_store *s, struct cv_out_row **rows, size_t *count, bool unsent_only, size_t max,
			   size_t max_bytes, struct cv_err *err)
{
	sqlite3_stmt *st = cv_store_stmt(
		s,
		"SELECT mid, op, kind, id, at, state, attempts, box, result FROM outbox WHERE state < ? ORDER BY mid",
		"i", (int64_t)(unsent_only ? CV_OUT_NEEDS_PERSON : CV_OUT_NEEDS_PERSON + 1));
	size_t bytes = 0, cap = 0;
	int code = SQLITE_ERROR;

	*rows = NULL;
	*count = 0;
	while (st != NULL && *count < max && (code = sqlite3_step(st)) == SQLITE_ROW) {
		bytes += (size_t)sqlite3_column_bytes(st, 7);
		if (*count > 0 && bytes > max_bytes)
			break;
		if (*count == cap) {
			cap = cap != 0 ? cap * 2 : 16;
			*rows = cv_reallocarray(*rows, cap, sizeof(**rows));
		}
		read_row(s, st, &(*rows)[(*count)++]);
	}
	sqlite3_finalize(st);
	if (code == SQLITE_ROW || code == SQLITE_DONE || *count == max)
		return CV_OK;
	return cv_store_fault(s, err);
}

int64_t cv_store_ack(struct cv_store *s)
{
	static const char sql[] = "SELECT min(coalesce((SELECT min(mid) - 1 FROM outbox WHERE state < 3),"
				  " (SELECT seq FROM sqlite_sequence WHERE name = 'outbox'), 0),"
				  " coalesce((SELECT min(mid) - 1 FROM refusal), 9223372036854775807))";
	sqlite3_stmt *st = cv_store_stmt(s, sql, "");
	int64_t ack = st != NULL && sqlite3_step(st) == SQLITE_ROW ? sqlite3_column_int64(st, 0) : 0;

	sqlite3_finalize(st);
	return ack;
}

void cv_store_counts(struct cv_store *s, size_t *unsent, size_t *needs_person)
{
	sqlite3_stmt *st = cv_store_stmt(s, "SELECT sum(state < 3), sum(state = 3) FROM outbox", "");

	*unsent = *needs_person = 0;
	if (st != NULL && sqlite3_step(st) == SQLITE_ROW) {
		*unsent = (size_t)sqlite3_column_int64(st, 0);
		*needs_person = (size_t)sqlite3_column_int64(st, 1);
	}
	sqlite3_finalize(st);
}

enum cv_rc cv_store_mark_sending(struct cv_store *s, const int64_t *mids, size_t count, struct cv_err *err)
{
	enum cv_rc rc = cv_store_exec(s, "BEGIN IMMEDIATE", err);

	for (size_t i = 0; rc == CV_OK && i < count; i++)
		rc = cv_store_done(
			s,
			cv_store_stmt(
				s, "UPDATE outbox SET state = 1, attempts = attempts + 1 WHERE mid = ? AND state < 3",
				"i", mids[i]),
			err);
	if (rc == CV_OK)
		return cv_store_exec(s, "COMMIT", err);
	sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
	return rc;
}

enum cv_rc cv_store_mark_unknown(struct cv_store *s, struct cv_err *err)
{
	return cv_store_exec(s, "UPDATE outbox SET state = 2 WHERE state = 1", err);
}

enum cv_rc cv_store_outbox_drop(struct cv_store *s, int64_t mid, struct cv_err *err)
{
	enum cv_rc rc =
		cv_store_done(s, cv_store_stmt(s, "DELETE FROM outbox WHERE mid = ? AND state = 3", "i", mid), err);

	if (rc == CV_OK && sqlite3_changes(s->db) == 0)
		return cv_err_set(err, CV_NOT_FOUND, "mid", _("không có dòng cần xem lại nào mang số này"));
	return rc;
}

enum cv_rc cv_store_result(struct cv_store *s, int64_t mid, struct cv_json **result, struct cv_err *err)
{
	sqlite3_stmt *st = cv_store_stmt(s,
					 "SELECT result FROM archive WHERE mid = ?1 UNION ALL SELECT result FROM "
					 "outbox WHERE mid = ?1 AND state = 3",
					 "i", mid);
	int code = st != NULL ? sqlite3_step(st) : SQLITE_ERROR;

	*result = NULL;
	if (code == SQLITE_ROW)
		*result = open_result(s, sqlite3_column_blob(st, 0), (size_t)sqlite3_column_bytes(st, 0));
	sqlite3_finalize(st);
	return code == SQLITE_ROW || code == SQLITE_DONE ? CV_OK : cv_store_fault(s, err);
}

enum cv_rc cv_store_last_act(struct cv_store *s, const char *op, const char *id, int64_t *mid, bool *open,
			     char **element, struct cv_json **result, struct cv_err *err)
{
	sqlite3_stmt *st = cv_store_stmt(s,
					 "SELECT mid, box, x'', 1 FROM outbox WHERE id = ?1 AND op = ?2 AND state < 3"
					 " UNION ALL SELECT mid, box, result, 0 FROM archive WHERE id = ?1 AND op = ?2"
					 " ORDER BY mid DESC LIMIT 1",
					 "ss", id, op);
	int code = st != NULL ? sqlite3_step(st) : SQLITE_ERROR;

	*mid = 0;
	*element = NULL;
	*result = NULL;
	if (code == SQLITE_ROW) {
		*mid = sqlite3_column_int64(st, 0);
		*open = sqlite3_column_int(st, 3) != 0;
		*element = open_box(s, sqlite3_column_blob(st, 1), (size_t)sqlite3_column_bytes(st, 1));
		*result = open_result(s, sqlite3_column_blob(st, 2), (size_t)sqlite3_column_bytes(st, 2));
	}
	sqlite3_finalize(st);
	return code == SQLITE_ROW || code == SQLITE_DONE ? CV_OK : cv_store_fault(s, err);
}
