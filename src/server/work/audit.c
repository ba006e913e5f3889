/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The audit: every row carries the hash of the one before it, so that an edited or removed row shows. */
#include "server/db/db.h"
#include "server/work/work.h"

#include <congvu/base/buf.h>
#include <congvu/base/mem.h>
#include <congvu/base/seal.h>
#include <congvu/base/time.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIRST "0000000000000000000000000000000000000000000000000000000000000000"

/* Lengths stand before the cells, so that no two rows give the same bytes. */
static void hash_row(char out[CV_HEX_SIZE], const char *prev, int64_t seq, int64_t rev, const char *const *cells,
		     size_t n)
{
	struct cv_sha256 s;
	char head[96];

	snprintf(head, sizeof(head), "%s:%lld:%lld", prev, (long long)seq, (long long)rev);
	cv_sha256_begin(&s);
	cv_sha256_add(&s, head, strlen(head));
	for (size_t i = 0; i < n; i++) {
		snprintf(head, sizeof(head), ":%zu:", strlen(cells[i]));
		cv_sha256_add(&s, head, strlen(head));
		cv_sha256_add(&s, cells[i], strlen(cells[i]));
	}
	cv_sha256_end(&s, out);
}

enum cv_rc cv_audit(struct cv_db *db, int64_t now, const char *actor, const char *device, const char *op,
		    const char *kind, const char *id, int64_t rev, int64_t at, const char *note, struct cv_err *err)
{
	char prev[CV_HEX_SIZE] = FIRST, hash[CV_HEX_SIZE], recv[CV_TIME_SIZE], acted[CV_TIME_SIZE];
	int64_t seq = 1;
	struct cv_stmt *st = cv_db_query(db, "SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1", "");
	enum cv_step step = cv_stmt_step(st);

	if (step == CV_STEP_ROW) {
		seq = cv_stmt_int(st, 0) + 1;
		cv_strcopy(prev, sizeof(prev), cv_stmt_text(st, 1));
	}
	cv_stmt_done(st);
	if (step == CV_STEP_FAIL)
		return cv_err_set(err, CV_IO, NULL, "audit: %s", cv_db_message(db));
	cv_time_format(now, recv);
	cv_time_format(at, acted);
	const char *cells[] = {acted, recv, actor, device, op, kind, id, note};
	hash_row(hash, prev, seq, rev, cells, CV_COUNT(cells));
	return cv_db_run(db, NULL, err,
			 "INSERT INTO audit (seq, at, recv, actor, device, op, kind, id, rev, note, prev, hash)"
			 " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
			 "isssssssisss", seq, acted, recv, actor, device, op, kind, id, rev, note, prev, hash);
}

bool cv_audit_check(struct cv_db *db, int64_t *rows, int64_t *bad)
{
	char prev[CV_HEX_SIZE] = FIRST, hash[CV_HEX_SIZE];
	int64_t want = 1;
	enum cv_step step;
	struct cv_stmt *st = cv_db_query(
		db, "SELECT seq, rev, prev, hash, at, recv, actor, device, op, kind, id, note FROM audit ORDER BY seq",
		"");

	*bad = 0;
	while ((step = cv_stmt_step(st)) == CV_STEP_ROW && *bad == 0) {
		const char *cells[8];
		for (int i = 0; i < 8; i++)
			cells[i] = cv_stmt_text(st, 4 + i);
		hash_row(hash, prev, cv_stmt_int(st, 0), cv_stmt_int(st, 1), cells, CV_COUNT(cells));
		if (cv_stmt_int(st, 0) != want || strcmp(prev, cv_stmt_text(st, 2)) != 0 ||
		    strcmp(hash, cv_stmt_text(st, 3)) != 0)
			*bad = want;
		cv_strcopy(prev, sizeof(prev), hash);
		want++;
	}
	cv_stmt_done(st);
	if (step == CV_STEP_FAIL && *bad == 0)
		*bad = want;
	*rows = want - 1;
	return *bad == 0;
}
