/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A copied home directory: two stores gave the same numbers to different acts. The token is forked and what is not
 * acknowledged gets new numbers; the element's bytes are made anew because their number is part of them.
 */
#include "client/store/db.h"

#include <congvu/base/mem.h>

#include <stdlib.h>
#include <string.h>

/* The element with another mid; everything else byte for byte in meaning. */
static char *with_mid(const char *element, int64_t mid)
{
	struct cv_json *j;

	if (cv_json_parse(&j, element, strlen(element), &cv_json_answer, NULL) != CV_OK)
		return NULL;
	cv_json_set_int(j, "mid", mid);
	char *text = cv_json_text(j);
	cv_json_destroy(j);
	return text;
}

static enum cv_rc move(struct cv_store *s, const struct cv_out_row *row, int64_t fresh, struct cv_err *err)
{
	void *box;
	size_t n;
	char *element = row->element != NULL ? with_mid(row->element, fresh) : NULL;

	if (element == NULL)
		return cv_err_set(err, CV_CRYPTO, NULL, NULL);
	enum cv_rc rc = cv_box_seal(&box, &n, s->box.public_key, element, strlen(element));
	free(element);
	if (rc != CV_OK)
		return cv_err_set(err, rc, NULL, NULL);
	rc = cv_store_done(s,
			   cv_store_stmt(s, "UPDATE outbox SET mid = ?, box = ?, state = 0 WHERE mid = ?", "ibi", fresh,
					 box, n, row->mid),
			   err);
	free(box);
	return rc;
}

enum cv_rc cv_store_renumber(struct cv_store *s, int64_t from_mid, int64_t last_mid, struct cv_err *err)
{
	struct cv_out_row *rows;
	size_t count;
	int64_t fresh = last_mid;
	enum cv_rc rc = cv_store_outbox(s, &rows, &count, true, SIZE_MAX, SIZE_MAX, err);

	if (rc != CV_OK)
		return rc;
	for (size_t i = 0; i < count; i++)
		fresh = rows[i].mid > fresh ? rows[i].mid : fresh;
	rc = cv_store_exec(s, "BEGIN IMMEDIATE", err);
	for (size_t i = 0; rc == CV_OK && i < count; i++)
		if (rows[i].mid >= from_mid)
			rc = move(s, &rows[i], ++fresh, err);
	if (rc == CV_OK) /* the new device was refused nothing yet */
		rc = cv_store_exec(s, "DELETE FROM refusal", err);
	if (rc == CV_OK)
		rc = cv_store_exec(s, "COMMIT", err);
	if (rc != CV_OK)
		sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
	cv_out_rows_free(rows, count);
	return rc == CV_OK ? cv_store_raise_mid(s, fresh, err) : rc;
}
