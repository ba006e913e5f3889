/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Ended dossiers leave the machines of those who held them policy.keep_closed_days after their last change. The server
 * keeps them: lists and single objects still show them online.
 */
#include "server/work/closed.h"
#include "server/db/db.h"
#include "server/work/batch.h"

#include <congvu/base/mem.h>
#include <congvu/model/policy.h>

#include <stdlib.h>

#define MOST 500 /* in one transaction */

static enum cv_rc drop(struct cv_batch *b, const char *id)
{
	struct cv_json *scopes = cv_json_new_array();
	struct cv_stmt *st = cv_db_query(
		cv_batch_db(b), "SELECT scope FROM feed WHERE kind = 'dossier' AND id = $1 AND op = 'put'", "s", id);
	enum cv_step step;

	while ((step = cv_stmt_step(st)) == CV_STEP_ROW)
		cv_json_push(scopes, cv_json_new_string(cv_stmt_text(st, 0)));
	cv_stmt_done(st);
	if (step == CV_STEP_DONE)
		cv_batch_note(b, scopes, CV_KIND_DOSSIER, id, "drop");
	cv_json_destroy(scopes);
	return step == CV_STEP_DONE ? CV_OK : CV_IO;
}

enum cv_rc cv_closed_leave(struct cv_batch *b, const struct cv_ctx *ctx, int64_t now, size_t *count)
{
	struct cv_json *policy = cv_policy_resolve(ctx, ""), *ids = cv_json_new_array();
	int64_t before = now - cv_json_int(policy, "keep_closed_days", 30) * 86400000LL;
	struct cv_stmt *st =
		cv_db_query(cv_batch_db(b),
			    "SELECT o.id FROM object o WHERE o.kind = 'dossier' AND o.status IN (3, 8, 10)"
			    " AND o.updated_at < $1 AND EXISTS (SELECT 1 FROM feed f WHERE f.kind = 'dossier'"
			    " AND f.id = o.id AND f.op = 'put') LIMIT $2",
			    "ii", before, (int64_t)MOST);
	enum cv_step step;
	enum cv_rc rc = CV_OK;

	while ((step = cv_stmt_step(st)) == CV_STEP_ROW)
		cv_json_push(ids, cv_json_new_string(cv_stmt_text(st, 0)));
	cv_stmt_done(st);
	if (step != CV_STEP_DONE)
		rc = CV_IO;
	CV_JSON_EACH (id, ids)
		rc = rc == CV_OK ? drop(b, cv_json_string(id)) : rc;
	*count = cv_json_count(ids);
	cv_json_destroy(ids);
	cv_json_destroy(policy);
	return rc;
}
