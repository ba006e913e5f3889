/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `{agency}-{yymmdd}-{0001}` (QCVN 102:2016, QĐ 20/2020/QĐ-TTg). */
#include "server/work/code.h"
#include "server/office.h"

#include <congvu/base/mem.h>
#include <congvu/base/time.h>
#include <congvu/model/dossier.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NO_AGENCY "000.00.00.H00" /* an office that was made without a code */

static int64_t next_number(struct cv_db *db, const char *agency, const char *day)
{
	struct cv_stmt *st = cv_db_query(db,
					 "INSERT INTO code (agency, day, n) VALUES ($1, $2, 1)"
					 " ON CONFLICT (agency, day) DO UPDATE SET n = code.n + 1 RETURNING n",
					 "ss", agency, day);
	int64_t n = cv_stmt_step(st) == CV_STEP_ROW ? cv_stmt_int(st, 0) : 0;

	if (n > 0 && cv_stmt_step(st) != CV_STEP_DONE)
		n = 0;
	cv_stmt_done(st);
	return n;
}

enum cv_rc cv_code_give(struct cv_db *db, int64_t now, struct cv_json *dossier)
{
	char day[CV_DATE_SIZE], short_day[8];
	char *agency = cv_meta_get(db, "office_code");

	cv_date_format(cv_date_of(now), day);
	snprintf(short_day, sizeof(short_day), "%.2s%.2s%.2s", day + 2, day + 5, day + 8);
	const char *own = agency[0] != '\0' ? agency : NO_AGENCY;
	int64_t n = next_number(db, own, short_day);
	if (n > 0) {
		char *code = cv_strf("%s-%s-%04lld", own, short_day, (long long)n);
		cv_json_set_str(dossier, "code", code);
		free(code);
	}
	free(agency);
	return n > 0 ? CV_OK : CV_IO;
}

enum cv_rc cv_code_reserve(struct cv_db *db, const char *code, struct cv_err *err)
{
	const char *first = strchr(code, '-');

	if (!cv_dossier_code_valid(code))
		return CV_OK;
	char *agency = cv_strndup(code, (size_t)(first - code)), *day = cv_strndup(first + 1, 6);
	enum cv_rc rc = cv_db_run(db, NULL, err,
				  "INSERT INTO code (agency, day, n) VALUES ($1, $2, $3) ON CONFLICT (agency, day)"
				  " DO UPDATE SET n = CASE WHEN code.n < $3 THEN $3 ELSE code.n END",
				  "ssi", agency, day, (int64_t)strtoll(first + 8, NULL, 10));
	free(agency);
	free(day);
	return rc;
}
