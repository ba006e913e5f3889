/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sealed store: numbers, boxes, booking, resets, and what a failing disk may not do. */
#include <unit/cmocka_all.h>

#include "client/store/store.h"

#include <congvu/base/fs.h>
#include <congvu/base/mem.h>

#include <pthread.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define ID "r:hanh:2026-11-24:07"

static const uint8_t master[CV_KEY_SIZE] = {7, 1, 2};
static char dir[64];
static struct cv_store *store;

static void reopen(bool unlock)
{
	cv_store_close(store);
	assert_int_equal(cv_store_open(&store, dir, NULL), CV_OK);
	if (unlock)
		assert_int_equal(cv_store_unlock(store, master, NULL), CV_OK);
}

static int set_up(void **state)
{
	(void)state;
	snprintf(dir, sizeof(dir), "/tmp/cv-store-XXXXXX");
	assert_non_null(mkdtemp(dir));
	assert_int_equal(cv_store_open(&store, dir, NULL), CV_OK);
	assert_false(cv_store_has_keys(store));
	assert_int_equal(cv_store_set_keys(store, master, NULL), CV_OK);
	return 0;
}

static int tear_down(void **state)
{
	static const char *const names[] = {"store.db", "store.db-wal", "store.db-shm"};

	(void)state;
	cv_store_close(store);
	store = NULL;
	for (size_t i = 0; i < CV_COUNT(names); i++) {
		char *path = cv_strf("%s/%s", dir, names[i]);
		unlink(path);
		free(path);
	}
	return rmdir(dir);
}

static char *format(void *data, int64_t mid)
{
	return cv_strf("{\"mid\":%lld,\"op\":\"report.submit\",\"args\":{\"done\":\"%s\"}}", (long long)mid,
		       (char *)data);
}

static enum cv_rc queue(int64_t *mid, const char *text, struct cv_err *err)
{
	return cv_store_enqueue(store, mid, "report.submit", "report", ID, 1000, format, (void *)text, err);
}

static int64_t queued(const char *text)
{
	int64_t mid = 0;

	assert_int_equal(queue(&mid, text, NULL), CV_OK);
	return mid;
}

static struct cv_json *parsed(const char *text)
{
	struct cv_json *j = NULL;

	assert_int_equal(cv_json_parse(&j, text, strlen(text), &cv_json_answer, NULL), CV_OK);
	return j;
}

/* Books JSON texts (NULL: none) between two cursors. */
static void book(const char *results, const char *changes, const char *from, const char *to)
{
	struct cv_json *r = results != NULL ? parsed(results) : NULL, *c = changes != NULL ? parsed(changes) : NULL;
	struct cv_booking b = {.results = r, .changes = c, .old_cursor = from, .new_cursor = to, .now = 5000};

	assert_int_equal(cv_store_book(store, &b, NULL), CV_OK);
	cv_json_destroy(r);
	cv_json_destroy(c);
}

static void book_st(int64_t mid, const char *rest)
{
	char *results = cv_strf("[{\"mid\":%lld,%s}]", (long long)mid, rest);

	book(results, NULL, NULL, NULL);
	free(results);
}

static size_t unsent(void)
{
	size_t n, person;

	cv_store_counts(store, &n, &person);
	return n;
}

static size_t pending(void)
{
	struct cv_pending *rows = NULL;
	size_t n = 0;

	assert_int_equal(cv_store_pending(store, &rows, &n, NULL), CV_OK);
	cv_pending_free(rows, n);
	return n;
}

static void test_numbers_are_never_used_again(void **state)
{
	int64_t first = queued("một");

	(void)state;
	book_st(first, "\"st\":\"applied\",\"rev\":1");
	assert_int_equal(unsent(), 0);
	reopen(true);
	int64_t second = queued("hai");
	assert_true(second > first);
	assert_int_equal(cv_store_raise_mid(store, 500, NULL), CV_OK);
	assert_int_equal(queued("ba"), 501);
	assert_int_equal(cv_store_raise_mid(store, 20, NULL), CV_OK);
	assert_int_equal(queued("bốn"), 502);
}

static void test_writing_needs_no_secret(void **state)
{
	struct cv_out_row *rows;
	size_t n;

	(void)state;
	reopen(false);
	assert_true(cv_store_locked(store));
	int64_t mid = queued("viết lúc khóa");
	assert_int_equal(cv_store_outbox(store, &rows, &n, true, 10, 100000, NULL), CV_OK);
	assert_int_equal(n, 1);
	assert_null(rows[0].element);
	cv_out_rows_free(rows, n);
	uint8_t wrong[CV_KEY_SIZE] = {9};
	assert_int_equal(cv_store_unlock(store, wrong, NULL), CV_CRYPTO);
	assert_true(cv_store_locked(store));
	assert_int_equal(cv_store_unlock(store, master, NULL), CV_OK);
	assert_int_equal(cv_store_outbox(store, &rows, &n, true, 10, 100000, NULL), CV_OK);
	assert_int_equal(rows[0].mid, mid);
	assert_non_null(strstr(rows[0].element, "viết lúc khóa"));
	cv_out_rows_free(rows, n);
}

static void test_no_text_in_the_clear(void **state)
{
	static const char *const names[] = {"store.db", "store.db-wal"};

	(void)state;
	int64_t mid = queued("DAUVET-7731");
	book_st(mid, "\"st\":\"rejected\",\"detail\":\"DAUVET-7731\"");
	book(NULL,
	     "[{\"op\":\"put\",\"kind\":\"report\",\"id\":\"" ID "\",\"rev\":1,\"body\":{\"done\":\"DAUVET-7731\"}}]",
	     "", "c1");
	for (size_t i = 0; i < CV_COUNT(names); i++) {
		char *path = cv_strf("%s/%s", dir, names[i]), *bytes = NULL;
		size_t n = 0;
		struct stat st;
		assert_int_equal(cv_file_read(&bytes, &n, path, 1 << 26, NULL), CV_OK);
		assert_true(n > 0);
		assert_null(memmem(bytes, n, "DAUVET", 6));
		assert_int_equal(stat(path, &st), 0);
		assert_int_equal(st.st_mode & 077, 0);
		free(bytes);
		free(path);
	}
}

static void test_results_are_booked_by_their_word(void **state)
{
	static const struct {
		const char *rest;
		size_t unsent, person;
		bool kept;
	} cases[] = {{"\"st\":\"applied\",\"rev\":2", 0, 0, true},
		     {"\"st\":\"noop\",\"rev\":2", 0, 0, true},
		     {"\"st\":\"late\",\"rev\":2", 0, 0, true},
		     {"\"st\":\"need_blob\"", 0, 0, true},
		     {"\"st\":\"conflict\"", 0, 1, true},
		     {"\"st\":\"forbidden\"", 0, 1, true},
		     {"\"st\":\"retry\"", 1, 0, false},
		     {"\"st\":\"something-new\"", 1, 0, false}};

	(void)state;
	for (size_t i = 0; i < CV_COUNT(cases); i++) {
		struct cv_json *result;
		size_t n, person;
		int64_t mid = queued("x");
		book_st(mid, cases[i].rest);
		cv_store_counts(store, &n, &person);
		assert_int_equal(n, cases[i].unsent);
		assert_int_equal(person, cases[i].person);
		assert_int_equal(cv_store_result(store, mid, &result, NULL), CV_OK);
		assert_int_equal(result != NULL, cases[i].kept);
		cv_json_destroy(result);
		book_st(mid, "\"st\":\"rejected\"");
		assert_int_equal(cv_store_outbox_drop(store, mid, NULL),
				 cases[i].unsent + cases[i].person > 0 ? CV_OK : CV_NOT_FOUND);
	}
}

static void test_changes_count_only_on_their_cursor(void **state)
{
	static const char put[] =
		"[{\"op\":\"put\",\"kind\":\"report\",\"id\":\"" ID "\",\"rev\":7,\"body\":{\"id\":\"a\"}}]";
	struct cv_json *body;
	int64_t rev, mid = queued("x");
	char *results = cv_strf("[{\"mid\":%lld,\"st\":\"applied\",\"rev\":7}]", (long long)mid);

	(void)state;
	book(NULL, "[]", "", "c5");
	book(results, put, "c4", "c6"); /* somebody booked c5 meanwhile */
	assert_int_equal(cv_store_get(store, "report", ID, &body, &rev, NULL), CV_NOT_FOUND);
	assert_int_equal(unsent(), 0); /* the result counts all the same */
	char *cursor = cv_store_meta(store, "cursor");
	assert_string_equal(cursor, "c5");
	free(cursor);
	book(NULL, put, "c5", "c6");
	assert_int_equal(cv_store_get(store, "report", ID, &body, &rev, NULL), CV_OK);
	assert_int_equal(rev, 7);
	cv_json_destroy(body);
	free(results);
}

static void test_accepted_is_drawn_until_its_object_comes(void **state)
{
	(void)state;
	int64_t mid = queued("x");
	assert_int_equal(pending(), 1);
	book_st(mid, "\"st\":\"applied\",\"rev\":3");
	assert_int_equal(pending(), 1);
	book(NULL, "[{\"op\":\"put\",\"kind\":\"report\",\"id\":\"" ID "\",\"rev\":2,\"body\":{}}]", "", "c1");
	assert_int_equal(pending(), 1);
	book(NULL, "[{\"op\":\"put\",\"kind\":\"report\",\"id\":\"" ID "\",\"rev\":3,\"body\":{}}]", "c1", "c2");
	assert_int_equal(pending(), 0);
	book(NULL, "[{\"op\":\"drop\",\"kind\":\"report\",\"id\":\"" ID "\"}]", "c2", "c3");
	assert_int_equal(pending(), 0); /* not drawn over nothing */
}

static void test_a_reset_leaves_the_outbox(void **state)
{
	struct cv_json *body,
		*one = parsed(
			"[{\"op\":\"put\",\"kind\":\"user\",\"id\":\"lan\",\"rev\":2,\"body\":{\"id\":\"lan\"}}]");
	int64_t rev;

	(void)state;
	queued("x");
	book(NULL, "[{\"op\":\"put\",\"kind\":\"user\",\"id\":\"hanh\",\"rev\":1,\"body\":{\"id\":\"hanh\"}}]", "",
	     "c1");
	struct cv_booking first = {
		.changes = one, .old_cursor = "c1", .new_cursor = "r1", .reset_begin = true, .now = 1};
	assert_int_equal(cv_store_book(store, &first, NULL), CV_OK);
	assert_int_equal(cv_store_get(store, "user", "hanh", &body, &rev, NULL), CV_OK); /* never empty meanwhile */
	cv_json_destroy(body);
	struct cv_booking last = {.old_cursor = "r1", .new_cursor = "r2", .reset_end = true, .now = 1};
	assert_int_equal(cv_store_book(store, &last, NULL), CV_OK);
	assert_int_equal(cv_store_get(store, "user", "hanh", &body, &rev, NULL), CV_NOT_FOUND);
	assert_int_equal(cv_store_get(store, "user", "lan", &body, &rev, NULL), CV_OK);
	assert_int_equal(unsent(), 1);
	cv_json_destroy(body);
	cv_json_destroy(one);
}

static void test_a_server_that_went_back_gets_it_again(void **state)
{
	struct cv_out_row *rows;
	size_t n;

	(void)state;
	int64_t mid = queued("giữ lại");
	book_st(mid, "\"st\":\"applied\",\"rev\":1");
	struct cv_booking first = {.old_cursor = "", .new_cursor = "c1", .epoch = "k1", .now = 5000};
	assert_int_equal(cv_store_book(store, &first, NULL), CV_OK);
	assert_int_equal(unsent(), 0); /* the first epoch is no step back */
	struct cv_booking late = {.old_cursor = "c0", .new_cursor = "c2", .epoch = "k2", .now = 5000};
	assert_int_equal(cv_store_book(store, &late, NULL), CV_OK);
	assert_int_equal(unsent(), 0); /* another process has booked meanwhile: its epoch counts */
	struct cv_booking back = {.old_cursor = "c1", .new_cursor = "c2", .epoch = "k2", .now = 5000};
	assert_int_equal(cv_store_book(store, &back, NULL), CV_OK);
	assert_int_equal(unsent(), 1);
	assert_int_equal(cv_store_outbox(store, &rows, &n, true, 10, 100000, NULL), CV_OK);
	assert_int_equal(rows[0].mid, mid);
	assert_non_null(strstr(rows[0].element, "giữ lại"));
	cv_out_rows_free(rows, n);
}

/* What was made before a refusal was seen waits behind it; what is made afterwards does not. */
static void test_a_refusal_stands_until_it_was_seen(void **state)
{
	struct cv_pending *rows = NULL;
	size_t n = 0;

	(void)state;
	int64_t first = queued("một");
	int64_t second = queued("hai");
	assert_int_equal(cv_store_ack(store), first - 1);
	book_st(first, "\"st\":\"rejected\",\"code\":\"bad-data\"");
	assert_int_equal(cv_store_ack(store), first - 1);
	assert_int_equal(cv_store_pending(store, &rows, &n, NULL), CV_OK);
	assert_int_equal(n, 1);
	assert_int_equal(rows[0].mid, second);
	assert_int_equal(rows[0].refused, first);
	book_st(second, "\"st\":\"rejected\",\"code\":\"depends\"");
	assert_int_equal(cv_store_ack(store), second);
	int64_t third = queued("ba");
	assert_int_equal(cv_store_ack(store), third - 1);
	assert_int_equal(cv_store_pending(store, &rows, &n, NULL), CV_OK);
	assert_int_equal(n, 1);
	assert_int_equal(rows[0].refused, 0);
	cv_pending_free(rows, n);
}

/* No byte can be written: said so, nothing there, and the next one is safe again. */
static void test_a_full_disk_is_said(void **state)
{
	struct rlimit before, none;
	struct cv_err err;
	int64_t mid = 0, first = queued("trước");

	(void)state;
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	none = before;
	none.rlim_cur = 4096;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &none), 0);
	cv_err_init(&err);
	enum cv_rc rc = queue(&mid, "không ghi được", &err);
	setrlimit(RLIMIT_FSIZE, &before);
	assert_int_equal(rc, CV_NOT_SAVED);
	assert_int_equal(mid, 0);
	assert_int_equal(unsent(), 1);
	assert_true(queued("sau") > first);
	assert_int_equal(unsent(), 2);
}

static void *let_go(void *data)
{
	struct timespec pause = {0, 300000000};

	nanosleep(&pause, NULL); /* the holder's own work, not a wait of the test */
	sqlite3_exec(data, "COMMIT", NULL, NULL, NULL);
	return NULL;
}

static void test_booking_waits_for_another_writer(void **state)
{
	char *path = cv_strf("%s/store.db", dir);
	sqlite3 *other;
	pthread_t thread;

	(void)state;
	int64_t mid = queued("x");
	assert_int_equal(sqlite3_open(path, &other), SQLITE_OK);
	assert_int_equal(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(pthread_create(&thread, NULL, let_go, other), 0);
	book_st(mid, "\"st\":\"applied\",\"rev\":1");
	pthread_join(thread, NULL);
	sqlite3_close(other);
	assert_int_equal(unsent(), 0);
	free(path);
}

static void test_a_look_sees_one_state(void **state)
{
	struct cv_store *other;
	char *seen;

	(void)state;
	assert_int_equal(cv_store_open(&other, dir, NULL), CV_OK);
	assert_int_equal(cv_store_set_meta(other, "cursor", "1", NULL), CV_OK);
	assert_true(cv_store_look(store));
	assert_false(cv_store_look(store)); /* nested: the outer one goes on */
	int64_t version = cv_store_data_version(store);
	assert_int_equal(cv_store_set_meta(other, "cursor", "2", NULL), CV_OK);
	seen = cv_store_meta(store, "cursor");
	assert_string_equal(seen, "1");
	free(seen);
	assert_int_equal(cv_store_data_version(store), version);
	cv_store_look_end(store);
	seen = cv_store_meta(store, "cursor");
	assert_string_equal(seen, "2");
	free(seen);
	assert_int_not_equal(cv_store_data_version(store), version);
	assert_int_equal(cv_store_set_meta(store, "cursor", "3", NULL), CV_OK);
	cv_store_close(other);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_numbers_are_never_used_again, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_writing_needs_no_secret, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_no_text_in_the_clear, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_results_are_booked_by_their_word, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_changes_count_only_on_their_cursor, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_accepted_is_drawn_until_its_object_comes, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_a_reset_leaves_the_outbox, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_a_server_that_went_back_gets_it_again, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_a_refusal_stands_until_it_was_seen, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_a_full_disk_is_said, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_booking_waits_for_another_writer, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_a_look_sees_one_state, set_up, tear_down),
	};

	if (cv_seal_start(NULL) != CV_OK)
		return 1;
	return cmocka_run_group_tests_name("client/store", tests, NULL, NULL);
}
