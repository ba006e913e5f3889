/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Booking an answer: results, changes and cursor in one transaction.
 *   accepted result       outbox row moves to the archive (kept 30 days)
 *   refused result        row stays, state "needs person", with the server's words; if rows made before anybody could
 *                         know of it wait on the same object, the refusal stands until they have been answered
 *   retry, or none        row stays as it is and is sent again
 *   another epoch         the archive goes back to the outbox
 *   changes and cursor    count only if the stored cursor is still the one the request carried (another process
 *                         may have booked a later page meanwhile); results always count
 */
#include "client/store/db.h"

#include <congvu/base/i18n.h>
#include <congvu/base/mem.h>
#include <congvu/base/time.h>
#include <congvu/model/kind.h>
#include <congvu/model/op.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KEEP_MS (30 * 86400000LL)

static enum cv_rc seal_json(struct cv_store *s, const char *ad, const struct cv_json *j, void **out, size_t *n)
{
	char *text = cv_json_text(j);
	enum cv_rc rc = cv_seal_row(out, n, s->row_key, ad, text, strlen(text));

	cv_wipe(text, strlen(text));
	free(text);
	return rc;
}

static enum cv_rc to_archive(struct cv_store *s, int64_t mid, const void *sealed, size_t n, int64_t rev, int64_t now,
			     struct cv_err *err)
{
	enum cv_rc rc = cv_store_done(
		s,
		cv_store_stmt(s,
			      "INSERT OR REPLACE INTO archive (mid, op, kind, id, at, booked, rev, box, result)"
			      " SELECT mid, op, kind, id, at, ?1, CASE WHEN ?2 > coalesce((SELECT o.rev FROM object o"
			      " WHERE o.kind = outbox.kind AND o.id = outbox.id), 0) THEN ?2 ELSE 0 END, box, ?3"
			      " FROM outbox WHERE mid = ?4",
			      "iibi", now, rev, sealed, n, mid),
		err);

	return rc != CV_OK ? rc : cv_store_done(s, cv_store_stmt(s, "DELETE FROM outbox WHERE mid = ?", "i", mid), err);
}

static enum cv_rc to_person(struct cv_store *s, int64_t mid, const void *sealed, size_t n, bool local,
			    struct cv_err *err)
{
	enum cv_rc rc = cv_store_done(
		s, cv_store_stmt(s, "UPDATE outbox SET state = 3, result = ? WHERE mid = ?", "bi", sealed, n, mid),
		err);

	/* The server does not know of what was set aside here. */
	if (rc != CV_OK || local)
		return rc;
	return cv_store_done(s,
			     cv_store_stmt(s,
					   "INSERT OR REPLACE INTO refusal (mid, id, last) SELECT mid, id,"
					   " (SELECT seq FROM sqlite_sequence WHERE name = 'outbox') FROM outbox"
					   " WHERE mid = ?",
					   "i", mid),
			     err);
}

static enum cv_rc book_result(struct cv_store *s, const struct cv_json *result, const struct cv_booking *b,
			      struct cv_err *err)
{
	int64_t mid = cv_json_int(result, "mid", 0);
	enum cv_st st = cv_st_of(cv_json_str(result, "st"));
	void *sealed;
	size_t n;

	if (mid <= 0 || !cv_st_final(st))
		return CV_OK;
	enum cv_rc rc = seal_json(s, "result", result, &sealed, &n);
	if (rc != CV_OK)
		return rc;
	if (cv_st_accepted(st))
		rc = to_archive(s, mid, sealed, n, cv_json_int(result, "rev", 0), b->now, err);
	else
		rc = to_person(s, mid, sealed, n, b->local, err);
	free(sealed);
	return rc;
}

/* The short line that lists and search read instead of the body. *out NULL: this kind has none. */
static enum cv_rc seal_line(struct cv_store *s, enum cv_kind kind, const char *ad, const struct cv_json *body,
			    void **out, size_t *n)
{
	char *line = cv_row_line(kind, body);
	enum cv_rc rc = CV_OK;

	*out = NULL;
	*n = 0;
	if (line != NULL) {
		rc = cv_seal_row(out, n, s->row_key, ad, line, strlen(line));
		cv_wipe(line, strlen(line));
	}
	free(line);
	return rc;
}

static int64_t clear_time(int64_t t)
{
	return t == CV_TIME_NONE ? 0 : t;
}

static enum cv_rc put(struct cv_store *s, const struct cv_json *change, int64_t gen, struct cv_err *err)
{
	const char *word = cv_json_s(change, "kind"), *id = cv_json_s(change, "id");
	const struct cv_json *body = cv_json_object_of(change, "body");
	enum cv_kind kind = cv_kind_of(word);
	struct cv_row row;
	void *sealed = NULL, *line = NULL;
	size_t n, line_n;
	char ad[200];

	snprintf(ad, sizeof(ad), "%s/%s", word, id);
	cv_row_of(&row, kind, body);
	enum cv_rc rc = seal_json(s, ad, body, &sealed, &n);
	if (rc == CV_OK)
		rc = seal_line(s, kind, ad, body, &line, &line_n);
	if (rc == CV_OK)
		rc = cv_store_done(
			s,
			cv_store_stmt(s,
				      "INSERT OR REPLACE INTO object (kind, id, rev, gen, owner, unit, day, slot, body,"
				      " code, status, step, mark, due, received, line)"
				      " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
				      "ssiissssbsissiib", word, id, cv_json_int(change, "rev", 0), gen, row.user,
				      row.unit, row.date, row.slot, sealed, n, row.code, (int64_t)row.status, row.step,
				      row.mark, clear_time(row.due), clear_time(row.received), line, line_n),
			err);
	free(sealed);
	free(line);
	/* Own acts that this body already has are no longer drawn over it. */
	return rc != CV_OK ? rc
			   : cv_store_done(s,
					   cv_store_stmt(s,
							 "UPDATE archive SET rev = 0 WHERE id = ? AND kind = ? AND"
							 " rev > 0 AND rev <= ?",
							 "ssi", id, word, cv_json_int(change, "rev", 0)),
					   err);
}

static enum cv_rc book_change(struct cv_store *s, const struct cv_json *change, int64_t gen, struct cv_err *err)
{
	const char *kind = cv_json_str(change, "kind"), *id = cv_json_str(change, "id");

	if (kind == NULL || id == NULL || strlen(kind) > 40 || strlen(id) > CV_ID_MAX)
		return CV_OK;
	if (strcmp(cv_json_s(change, "op"), "put") == 0 && cv_json_object_of(change, "body") != NULL)
		return put(s, change, gen, err);
	enum cv_rc rc =
		cv_store_done(s, cv_store_stmt(s, "DELETE FROM object WHERE kind = ? AND id = ?", "ss", kind, id), err);
	/* Own acts on it are no longer waited for: else they would be drawn over nothing. */
	return rc != CV_OK ? rc
			   : cv_store_done(s,
					   cv_store_stmt(s, "UPDATE archive SET rev = 0 WHERE kind = ? AND id = ?",
							 "ss", kind, id),
					   err);
}

static int64_t number(struct cv_store *s, const char *key)
{
	char *text = cv_store_meta(s, key);
	int64_t n = strtoll(text, NULL, 10);

	free(text);
	return n;
}

static enum cv_rc set_number(struct cv_store *s, const char *key, int64_t n, struct cv_err *err)
{
	char text[24];

	snprintf(text, sizeof(text), "%lld", (long long)n);
	return cv_store_set_meta(s, key, text, err);
}

/* The server's data went backwards: what is kept for 30 days goes back to the outbox under its own numbers. In the
 * same transaction as the epoch, or a crash between the two would lose it. */
static enum cv_rc repush(struct cv_store *s, const struct cv_booking *b, struct cv_err *err)
{
	char *before = cv_store_meta(s, "epoch");
	bool back = b->epoch != NULL && before[0] != '\0' && strcmp(before, b->epoch) != 0;

	free(before);
	if (!back)
		return CV_OK;
	return cv_store_exec(s,
			     "INSERT OR IGNORE INTO outbox (mid, op, kind, id, at, state, attempts, box)"
			     " SELECT mid, op, kind, id, at, 0, 0, box FROM archive; DELETE FROM archive;",
			     err);
}

/* Changes count only if the stored cursor is still the one that the request carried. */
static bool counts(struct cv_store *s, const struct cv_booking *b)
{
	char *cursor = cv_store_meta(s, "cursor");
	bool mine = strcmp(cursor, b->old_cursor != NULL ? b->old_cursor : "") == 0;

	free(cursor);
	return mine && b->new_cursor != NULL;
}

static enum cv_rc book_changes(struct cv_store *s, const struct cv_booking *b, struct cv_err *err)
{
	enum cv_rc rc = CV_OK;

	int64_t gen = number(s, "gen") + (b->reset_begin ? 1 : 0);
	if (b->reset_begin)
		rc = set_number(s, "gen", gen, err);
	for (struct cv_json *c = cv_json_first(b->changes); rc == CV_OK && c != NULL; c = cv_json_next(c))
		rc = book_change(s, c, gen, err);
	if (rc == CV_OK && b->reset_end)
		rc = cv_store_done(s, cv_store_stmt(s, "DELETE FROM object WHERE gen < ?", "i", gen), err);
	if (rc == CV_OK && b->reset_end)
		rc = cv_store_exec(s,
				   "UPDATE archive SET rev = 0 WHERE rev > 0 AND NOT EXISTS"
				   " (SELECT 1 FROM object o WHERE o.kind = archive.kind AND o.id = archive.id)",
				   err);
	if (rc == CV_OK)
		rc = cv_store_set_meta(s, "cursor", b->new_cursor, err);
	if (rc == CV_OK && b->epoch != NULL)
		rc = cv_store_set_meta(s, "epoch", b->epoch, err);
	return rc;
}

/* The server has already acted: whoever holds the file is waited for three times as long as elsewhere. */
static enum cv_rc begin(struct cv_store *s, struct cv_err *err)
{
	enum cv_rc rc = CV_BUSY;

	for (int i = 0; i < 2 && rc == CV_BUSY; i++)
		rc = cv_store_exec(s, "BEGIN IMMEDIATE", NULL);
	return rc == CV_OK ? rc : cv_store_exec(s, "BEGIN IMMEDIATE", err);
}

enum cv_rc cv_store_book(struct cv_store *s, const struct cv_booking *b, struct cv_err *err)
{
	if (s->locked)
		return cv_err_set(err, CV_LOCKED, NULL, NULL);
	enum cv_rc rc = begin(s, err);
	if (rc != CV_OK)
		return rc;
	bool all = counts(s, b);
	if (all) /* before the results: those of this answer are the new data's */
		rc = repush(s, b, err);
	for (struct cv_json *r = cv_json_first(b->results); rc == CV_OK && r != NULL; r = cv_json_next(r))
		rc = book_result(s, r, b, err);
	if (rc == CV_OK)
		rc = cv_store_exec(
			s,
			"DELETE FROM refusal WHERE NOT EXISTS (SELECT 1 FROM outbox o WHERE o.id = refusal.id"
			" AND o.state < 3 AND o.mid > refusal.mid AND o.mid <= refusal.last)",
			err);
	if (rc == CV_OK && all)
		rc = book_changes(s, b, err);
	if (rc == CV_OK && b->session != NULL)
		rc = cv_store_set_secret_meta(s, "session", b->session, err);
	if (rc == CV_OK)
		rc = set_number(s, "last_sync", b->now, err);
	if (rc == CV_OK)
		rc = cv_store_done(s, cv_store_stmt(s, "DELETE FROM archive WHERE booked < ?", "i", b->now - KEEP_MS),
				   err);
	if (rc == CV_OK && (rc = cv_store_exec(s, "COMMIT", err)) == CV_OK)
		return CV_OK;
	sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
	return rc;
}
