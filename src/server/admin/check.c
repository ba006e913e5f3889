/* SPDX-License-Identifier: GPL-3.0-or-later */
/* congvud check: invariants of the database and the audit chain. */
#include "server/admin/admin.h"

#include <congvu/base/i18n.h>
#include <congvu/base/mem.h>
#include <stdlib.h>
#include <string.h>

/* Each gives the number of rows that break it. */
static const struct {
	const char *name, *sql;
} rules[] = {
	{"feed-beyond-counter", "SELECT count(*) FROM feed WHERE seq > (SELECT n FROM counter)"},
	{"object-not-published",
	 "SELECT count(*) FROM object o WHERE NOT (o.kind = 'dossier' AND o.status IN (3, 8, 10)) AND"
	 " NOT EXISTS (SELECT 1 FROM feed f WHERE f.kind = o.kind AND f.id = o.id AND f.op = 'put')"},
	{"feed-without-object",
	 "SELECT count(*) FROM feed f WHERE f.op = 'put' AND NOT EXISTS (SELECT 1 FROM object o WHERE"
	 " o.kind = f.kind AND o.id = f.id)"},
	{"done-beyond-last-mid", "SELECT count(*) FROM done d WHERE d.mid > (SELECT last_mid FROM device v WHERE"
				 " v.id = d.device)"},
	{"done-without-device",
	 "SELECT count(*) FROM done d WHERE NOT EXISTS (SELECT 1 FROM device v WHERE v.id = d.device)"},
	{"account-without-user", "SELECT count(*) FROM account a WHERE NOT EXISTS (SELECT 1 FROM object o WHERE"
				 " o.kind = 'user' AND o.id = a.\"user\")"},
};

static enum cv_rc count_rows(int64_t *n, struct cv_db *db, const char *sql, struct cv_err *err)
{
	struct cv_stmt *st = cv_db_query(db, sql, "");
	bool fine = cv_stmt_step(st) == CV_STEP_ROW;

	*n = fine ? cv_stmt_int(st, 0) : -1;
	cv_stmt_done(st);
	return fine ? CV_OK : cv_err_set(err, CV_IO, NULL, "check: %s", cv_db_message(db));
}

/* The body's own id and revision are those of its row. */
static enum cv_rc check_bodies(int64_t *wrong, struct cv_db *db)
{
	enum cv_step step;
	struct cv_stmt *st = cv_db_query(db, "SELECT kind, id, rev, body FROM object", "");

	*wrong = 0;
	while ((step = cv_stmt_step(st)) == CV_STEP_ROW) {
		struct cv_json *object = NULL;
		const char *body = cv_stmt_text(st, 3);
		if (cv_json_parse(&object, body, strlen(body), &cv_json_answer, NULL) != CV_OK ||
		    strcmp(cv_json_s(object, "id"), cv_stmt_text(st, 1)) != 0 ||
		    cv_json_int(object, "rev", 0) != cv_stmt_int(st, 2))
			(*wrong)++;
		cv_json_destroy(object);
	}
	cv_stmt_done(st);
	return step == CV_STEP_DONE ? CV_OK : CV_IO;
}

static void tell(struct cv_json *rows, bool json, const char *name, int64_t wrong)
{
	struct cv_json *row = cv_json_new_object();
	char *count = cv_strf("%lld", (long long)wrong);
	const char *cells[] = {name, wrong == 0 ? "ok" : _("SAI"), count};

	cv_json_set_str(row, "name", name);
	cv_json_set_bool(row, "ok", wrong == 0);
	cv_json_set_int(row, "wrong", wrong);
	cv_json_push(rows, row);
	if (!json)
		cv_print_row(stdout, cells, 3);
	free(count);
}

int cv_admin_check(void *app, const struct cv_args *args)
{
	struct cv_desk desk;
	struct cv_err err;
	struct cv_json *rows = cv_json_new_array(), *data = cv_json_new_object();
	int64_t n, bad = 0, faults = 0;
	enum cv_rc rc = cv_desk_open(&desk, app, args, false, &err);

	for (size_t i = 0; rc == CV_OK && i < CV_COUNT(rules); i++) {
		rc = count_rows(&n, desk.db, rules[i].sql, &err);
		if (rc == CV_OK) {
			tell(rows, desk.json, rules[i].name, n);
			faults += n;
		}
	}
	if (rc == CV_OK && check_bodies(&n, desk.db) != CV_OK)
		rc = cv_err_set(&err, CV_IO, NULL, "check: %s", cv_db_message(desk.db));
	if (rc == CV_OK) {
		tell(rows, desk.json, "object-body", n);
		faults += n;
		n = 0;
		cv_audit_check(desk.db, &n, &bad);
		tell(rows, desk.json, "audit-chain", bad > 0);
		if (faults > 0 || bad > 0)
			rc = bad > 0 ? cv_err_set(&err, CV_CORRUPT, "audit", _("nhật ký không khớp từ dòng %lld"),
						  (long long)bad)
				     : cv_err_set(&err, CV_CORRUPT, NULL, _("%lld dòng dữ liệu không khớp"),
						  (long long)faults);
	}
	cv_json_set(data, "checks", rows);
	if (rc == CV_OK && desk.json)
		cv_print_ok(stdout, data);
	cv_json_destroy(data);
	return cv_desk_close(&desk, rc, &err);
}
