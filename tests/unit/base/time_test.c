/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Moments, dates, the fixed +07 day, and UUIDv7. */
#include <unit/cmocka_all.h>

#include <congvu/base/buf.h>
#include <congvu/base/env.h>
#include <congvu/base/mem.h>
#include <congvu/base/time.h>

static void times_are_strict(void **state)
{
	static const struct {
		const char *s;
		const char *back; /* NULL: refused */
	} rows[] = {
		{"2026-11-22T06:58:10+07:00", "2026-11-22T06:58:10+07:00"},
		{"2026-11-21T23:58:10Z", "2026-11-22T06:58:10+07:00"},
		{"2026-11-22T06:59:59.999+07:00", "2026-11-22T06:59:59.999+07:00"},
		{"2026-11-22T06:59:59.9999+07:00", "2026-11-22T06:59:59.999+07:00"},
		{"2026-11-22T06:58:10", NULL},
		{"2026-02-30T06:58:10Z", NULL},
		{"2026-11-22 06:58:10Z", NULL},
		{"2026-11-22T24:00:00Z", NULL},
		{"2026-11-22T06:58:10.Z", NULL},
		{"2026-11-22T06:58:10Zx", NULL},
		{"1969-12-31T17:00:00Z", "1970-01-01T00:00:00+07:00"},
		{"1969-12-31T16:59:59.500Z", "1969-12-31T23:59:59.500+07:00"},
	};
	(void)state;
	for (size_t i = 0; i < CV_COUNT(rows); i++) {
		int64_t t;
		char out[CV_TIME_SIZE];
		assert_int_equal(cv_time_parse(rows[i].s, &t), rows[i].back != NULL);
		if (rows[i].back == NULL)
			continue;
		cv_time_format(t, out);
		assert_string_equal(out, rows[i].back);
	}
}

static void the_day_is_vietnams(void **state)
{
	int64_t t;
	char out[CV_DATE_SIZE];

	(void)state;
	setenv("TZ", "America/Los_Angeles", 1);
	assert_true(cv_time_parse("2026-11-21T23:58:00Z", &t));
	cv_date_format(cv_date_of(t), out);
	assert_string_equal(out, "2026-11-22");
	assert_int_equal(cv_minute_of(t), 6 * 60 + 58);
	assert_int_equal(cv_weekday(cv_date_of(t)), 7);
	assert_int_equal(cv_date_at(cv_date_of(t), 418), t);
}

static void every_date_round_trips(void **state)
{
	(void)state;
	int32_t first, last;
	assert_true(cv_date_parse("1900-01-01", &first) && cv_date_parse("2999-12-31", &last));
	for (int32_t d = first; d <= last; d++) {
		char out[CV_DATE_SIZE];
		int32_t back;
		cv_date_format(d, out);
		assert_true(cv_date_parse(out, &back) && back == d);
	}
	assert_false(cv_date_parse("2025-02-29", &first));
	assert_true(cv_date_parse("2024-02-29", &first));
}

static void none_is_written_as_nothing(void **state)
{
	char moment[CV_TIME_SIZE], date[CV_DATE_SIZE];

	(void)state;
	cv_time_format(CV_TIME_NONE, moment);
	assert_string_equal(moment, "");
	cv_date_format(CV_DATE_NONE, date);
	assert_string_equal(date, "");
	assert_int_equal(cv_date_of(CV_TIME_NONE), CV_DATE_NONE);
}

static void clocks_are_read(void **state)
{
	(void)state;
	assert_int_equal(cv_clock_parse("07:30"), 450);
	assert_int_equal(cv_clock_parse("7h30"), 450);
	assert_int_equal(cv_clock_parse("17h"), 1020);
	assert_int_equal(cv_clock_parse("17:"), -1);
	assert_int_equal(cv_clock_parse("24:00"), -1);
	assert_int_equal(cv_clock_parse("x"), -1);
}

static void uuids_sort_as_they_were_made(void **state)
{
	char before[CV_UUID_SIZE] = "", id[CV_UUID_SIZE];

	(void)state;
	for (int i = 0; i < 20000; i++) {
		cv_uuid7(cv_env_system(), id);
		assert_true(strcmp(before, id) < 0);
		assert_int_equal(id[14], '7');
		memcpy(before, id, sizeof(id));
	}
}

static void buffers_stop_at_their_maximum(void **state)
{
	struct cv_buf b;

	(void)state;
	cv_buf_init(&b, 5);
	assert_true(cv_buf_puts(&b, "abc"));
	assert_false(cv_buf_puts(&b, "def"));
	assert_string_equal(b.data, "abc");
	assert_false(cv_buf_putc(&b, 'd'));
	cv_buf_reset(&b);
	assert_true(cv_buf_addf(&b, "%d", 12345));
	char *taken = cv_buf_take(&b);
	assert_string_equal(taken, "12345");
	assert_int_equal(b.len, 0);
	assert_true(cv_buf_puts(&b, "again"));
	assert_string_equal(b.data, "again");
	cv_buf_finish(&b);
	cv_buf_init(&b, SIZE_MAX);
	for (int i = 0; i < 1000; i++)
		assert_true(cv_buf_puts(&b, "0123456789"));
	assert_int_equal(b.len, 10000);
	free(taken);
	cv_buf_finish(&b);
	char cut[4];
	cv_strcopy(cut, sizeof(cut), "aệz");
	assert_string_equal(cut, "a");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(times_are_strict),
		cmocka_unit_test(the_day_is_vietnams),
		cmocka_unit_test(every_date_round_trips),
		cmocka_unit_test(none_is_written_as_nothing),
		cmocka_unit_test(clocks_are_read),
		cmocka_unit_test(uuids_sort_as_they_were_made),
		cmocka_unit_test(buffers_stop_at_their_maximum),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
