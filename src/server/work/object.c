/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Storing an object: revision, list columns, scopes touched. */
#include "server/work/batch.h"
#include "server/work/dbctx.h"

#include <congvu/base/mem.h>
#include <congvu/base/time.h>
#include <congvu/model/view.h>
#include <stdlib.h>
#include <string.h>

/* Reports and workdays are listed under their owner's home unit. */
static const char *unit_of(struct cv_dbctx *c, enum cv_kind kind, const struct cv_row *row)
{
	if (row->unit[0] != '\0' || (kind != CV_KIND_REPORT && kind != CV_KIND_WORKDAY))
		return row->unit;
	return cv_user_unit(cv_dbctx_object(c, CV_KIND_USER, row->user));
}

static int64_t moment(int64_t t)
{
	return t == CV_TIME_NONE ? 0 : t;
}

static enum cv_rc store(struct cv_batch *b, enum cv_kind kind, const char *id, int64_t rev,
			const struct cv_json *object, struct cv_err *err)
{
	struct cv_row row;
	int64_t updated = 0;
	char *body = cv_json_text(object);

	cv_row_of(&row, kind, object);
	cv_time_parse(cv_json_s(object, "updated_at"), &updated);
	enum cv_rc rc = cv_db_run(
		cv_batch_db(b), NULL, err,
		"INSERT INTO object (kind, id, rev, body, \"user\", unit, date, slot, status, step, code, due, "
		"received,"
		" updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)"
		" ON CONFLICT (kind, id) DO UPDATE SET rev = $3, body = $4, \"user\" = $5, unit = $6, date = $7,"
		" slot = $8, status = $9, step = $10, code = $11, due = $12, received = $13, updated_at = $14",
		"ssisssssissiii", cv_kind_word(kind), id, rev, body, row.user, unit_of(cv_batch_ctx(b), kind, &row),
		row.date, row.slot, (int64_t)row.status, row.step, row.code, moment(row.due), moment(row.received),
		updated);
	free(body);
	return rc;
}

/* Scopes of `old` that `now` has not: there the object disappears. */
static struct cv_json *left(const struct cv_json *old, const struct cv_json *now)
{
	struct cv_json *gone = cv_json_new_array();

	CV_JSON_EACH (scope, old) {
		bool stays = false;
		CV_JSON_EACH (other, now)
			stays = stays || strcmp(cv_json_string(scope), cv_json_string(other)) == 0;
		if (!stays)
			cv_json_push(gone, cv_json_dup(scope));
	}
	return gone;
}

static void note_scopes(struct cv_batch *b, enum cv_kind kind, const char *id, const struct cv_json *before,
			const struct cv_json *object)
{
	struct cv_json *now = cv_scopes_of_object(cv_dbctx_ctx(cv_batch_ctx(b)), kind, object);
	struct cv_json *gone = left(before, now);

	cv_batch_note(b, gone, kind, id, "drop");
	cv_batch_note(b, now, kind, id, "put");
	cv_json_destroy(gone);
	cv_json_destroy(now);
}

enum cv_rc cv_object_put(struct cv_batch *b, enum cv_kind kind, struct cv_json *object, struct cv_err *err)
{
	struct cv_dbctx *c = cv_batch_ctx(b);
	char *id = cv_strdup(cv_json_s(object, "id"));
	const struct cv_json *old = cv_dbctx_object(c, kind, id);
	struct cv_json *before = old != NULL ? cv_scopes_of_object(cv_dbctx_ctx(c), kind, old) : NULL;
	int64_t rev = cv_json_int(old, "rev", 0) + 1;
	enum cv_rc rc;

	cv_json_set_int(object, "rev", rev);
	cv_dbctx_cover(c, kind, id, object);
	if (cv_dbctx_failed(c))
		rc = cv_err_set(err, CV_IO, NULL, NULL);
	else
		rc = store(b, kind, id, rev, object, err);
	if (rc == CV_OK)
		note_scopes(b, kind, id, before, object);
	cv_json_destroy(before);
	free(id);
	return rc;
}

enum cv_rc cv_object_republish(struct cv_batch *b, enum cv_kind kind, const char *id, const struct cv_json *before,
			       struct cv_err *err)
{
	const struct cv_json *object = cv_dbctx_object(cv_batch_ctx(b), kind, id);
	enum cv_rc rc;

	if (object == NULL)
		return cv_err_set(err, CV_INTERNAL, NULL, "%s %s is not there", cv_kind_word(kind), id);
	rc = store(b, kind, id, cv_json_int(object, "rev", 1), object, err); /* its unit column moves, too */
	if (rc == CV_OK)
		note_scopes(b, kind, id, before, object);
	return rc;
}
