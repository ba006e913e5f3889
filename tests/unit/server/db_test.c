/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The database's driver: durability, savepoints, nested statements, schema, two connections. */
#include "unit/server/desk.h"

static void opens_durable_and_only_what_is_there(void **state)
{
	struct desk d;
	struct cv_db *db;
	struct cv_err err = {0};

	(void)state;
	desk_open(&d);
	assert_int_equal(desk_count(&d, "PRAGMA synchronous"), 2);
	assert_int_equal(desk_count(&d, "PRAGMA foreign_keys"), 1);
	assert_int_equal(cv_db_open(&db, "/nonexistent-office", false, &err), CV_CONFIG);
	assert_null(db);
	assert_int_equal(cv_meta_set(d.db, "schema", "999", NULL), CV_OK);
	assert_int_equal(cv_db_open(&db, d.dir, false, NULL), CV_CONFIG);
	desk_close(&d);
}

static void savepoints_and_rollback(void **state)
{
	struct desk d;

	(void)state;
	desk_open(&d);
	assert_int_equal(cv_db_begin(d.db, true, NULL), CV_OK);
	assert_int_equal(cv_meta_set(d.db, "a", "1", NULL), CV_OK);
	assert_int_equal(cv_db_savepoint(d.db, NULL), CV_OK);
	assert_int_equal(cv_meta_set(d.db, "b", "1", NULL), CV_OK);
	cv_db_undo(d.db);
	assert_int_equal(cv_db_commit(d.db, NULL), CV_OK);
	assert_int_equal(desk_count(&d, "SELECT count(*) FROM meta WHERE key IN ('a', 'b')"), 1);
	assert_int_equal(cv_db_begin(d.db, true, NULL), CV_OK);
	assert_int_equal(cv_meta_set(d.db, "c", "1", NULL), CV_OK);
	cv_db_rollback(d.db);
	assert_int_equal(desk_count(&d, "SELECT count(*) FROM meta WHERE key = 'c'"), 0);
	desk_close(&d);
}

static void the_same_statement_twice_at_once(void **state)
{
	struct desk d;
	static const char sql[] = "SELECT id FROM object WHERE kind = $1 ORDER BY id";

	(void)state;
	desk_open(&d);
	struct cv_stmt *a = cv_db_query(d.db, sql, "s", "unit"), *b = cv_db_query(d.db, sql, "s", "user");
	assert_ptr_not_equal(a, b);
	assert_int_equal(cv_stmt_step(a), CV_STEP_ROW);
	assert_int_equal(cv_stmt_step(b), CV_STEP_ROW);
	assert_string_equal(cv_stmt_text(a, 0), "p1");
	assert_string_equal(cv_stmt_text(b, 0), "hanh");
	cv_stmt_done(a);
	cv_stmt_done(b);
	assert_int_equal(cv_stmt_step(cv_db_query(d.db, "SELECT nonsense", "")), CV_STEP_FAIL);
	desk_close(&d);
}

static void another_connections_write_shows(void **state)
{
	struct desk d;
	struct cv_db *other;

	(void)state;
	desk_open(&d);
	assert_int_equal(cv_db_open(&other, d.dir, false, NULL), CV_OK);
	int64_t before = cv_db_data_version(d.db);
	assert_int_equal(cv_db_data_version(d.db), before);
	assert_int_equal(cv_meta_set(other, "a", "1", NULL), CV_OK);
	assert_int_not_equal(cv_db_data_version(d.db), before);
	cv_db_close(other);
	desk_close(&d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(opens_durable_and_only_what_is_there),
		cmocka_unit_test(savepoints_and_rollback),
		cmocka_unit_test(the_same_statement_twice_at_once),
		cmocka_unit_test(another_connections_write_shows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
