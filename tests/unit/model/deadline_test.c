/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "world.h"

#include <congvu/model/deadline.h>
#include <congvu/model/slot.h>

/* No rows of its own: the compiled-in days off. */
static enum cv_found nothing(void *data, enum cv_kind kind, const char *id, const struct cv_json **out)
{
	(void)data;
	(void)kind;
	(void)id;
	*out = NULL;
	return CV_ABSENT;
}
static const struct cv_ctx plain = {.get = nothing};

static int64_t at(const char *text)
{
	int64_t t = 0;
	int32_t day;

	if (strlen(text) == 10) {
		assert_true(cv_date_parse(text, &day));
		return cv_date_at(day, 9 * 60);
	}
	assert_true(cv_time_parse(text, &t));
	return t;
}

static void expect(const struct cv_term *term, const char *due)
{
	struct cv_due out;
	char text[CV_TIME_SIZE] = "none";

	cv_due_compute(&out, &plain, term);
	if (out.at != CV_TIME_NONE)
		cv_time_format(out.at, text);
	assert_string_equal(text, due);
	cv_due_finish(&out);
}

/* Worked examples (domain 2.6). */
static void test_days(void **state)
{
	static const struct {
		const char *received;
		int days;
		const char *due;
	} rows[] = {
		{"2020-04-01", 3, "2020-04-07T17:00:00+07:00"},
		{"2021-06-06", 5, "2021-06-14T17:00:00+07:00"},
		{"2024-04-26", 3, "2024-05-04T17:00:00+07:00"},
		{"2026-02-13", 1, "2026-02-23T17:00:00+07:00"},
		{"2026-08-20", 3, "2026-08-24T17:00:00+07:00"},
		{"2026-11-23", 1, "2026-11-25T17:00:00+07:00"},
		{"2026-11-16", 10, "2026-12-01T17:00:00+07:00"},
		/* after closing, to the minute */
		{"2026-11-16T16:59:59+07:00", 1, "2026-11-17T17:00:00+07:00"},
		{"2026-11-16T17:00:00+07:00", 1, "2026-11-18T17:00:00+07:00"},
		/* the same day; after three o'clock the next working one */
		{"2026-11-16T14:59:00+07:00", 0, "2026-11-16T17:00:00+07:00"},
		{"2026-11-16T15:00:00+07:00", 0, "2026-11-17T17:00:00+07:00"},
		{"2026-11-20T18:00:00+07:00", 0, "2026-11-23T17:00:00+07:00"},
	};

	(void)state;
	for (size_t i = 0; i < CV_COUNT(rows); i++) {
		struct cv_term t = {.unit = "", .received = at(rows[i].received), .days = rows[i].days, .hours = -1};
		expect(&t, rows[i].due);
	}
}

static void test_pauses(void **state)
{
	struct cv_pause p[] = {{at("2026-11-19"), at("2026-11-26")}};
	struct cv_term t = {
		.unit = "", .received = at("2026-11-16"), .days = 10, .hours = -1, .pauses = p, .pause_count = 1};

	(void)state;
	expect(&t, "2026-12-07T17:00:00+07:00");
	t.restart = true;
	expect(&t, "2026-12-10T17:00:00+07:00");
	p[0].to = CV_TIME_NONE;
	expect(&t, "none");
}

static void test_hours(void **state)
{
	struct cv_pause p[] = {{at("2026-11-16T10:30:00+07:00"), at("2026-11-17T14:00:00+07:00")}};
	struct cv_term t = {.unit = "", .received = at("2026-11-16T09:30:00+07:00"), .days = -1, .hours = 4};

	(void)state;
	expect(&t, "2026-11-16T15:00:00+07:00");
	t.received = at("2026-11-16T16:30:00+07:00");
	expect(&t, "2026-11-17T11:00:00+07:00");
	t.received = at("2026-11-22T10:00:00+07:00"); /* a Sunday */
	expect(&t, "2026-11-23T11:30:00+07:00");
	t.received = at("2026-11-16T09:30:00+07:00");
	t.pauses = p;
	t.pause_count = 1;
	expect(&t, "2026-11-17T17:00:00+07:00");
}

/* A walk that shares nothing with the module but the calendar: every day is looked at, one after another. */
static int32_t walk(int32_t received, int minute, int days)
{
	int32_t zero = received;

	if (!cv_day_working(&plain, zero) || minute >= 17 * 60)
		do
			zero++;
		while (!cv_day_working(&plain, zero));
	int32_t day = zero;
	for (int n = 0; n < days; n += cv_day_working(&plain, day))
		day++;
	return day;
}

static void test_against_a_plain_walk(void **state)
{
	uint32_t seed = 20261201;
	int32_t first;

	(void)state;
	assert_true(cv_date_parse("2020-01-01", &first));
	for (int i = 0; i < 3000; i++) {
		seed = seed * 1664525 + 1013904223;
		int32_t day = first + (int32_t)((seed >> 8) % 2800);
		int minute = (int)((seed >> 3) % 1440), n = 1 + (int)((seed >> 20) % 40);
		struct cv_term t = {.unit = "", .received = cv_date_at(day, minute), .days = n, .hours = -1};
		struct cv_due due;
		cv_due_compute(&due, &plain, &t);
		assert_int_equal(cv_date_of(due.at), walk(day, minute, n));
		cv_due_finish(&due);
	}
}

static void test_states(void **state)
{
	static const struct {
		const char *dossier, *now, *state, *words;
	} rows[] = {
		{"{\"status\":4,\"step\":\"working\"}", "2026-11-20", "none", ""},
		{"{\"status\":4,\"due_at\":\"2026-11-25T17:00:00+07:00\"}", "2026-11-20", "ok", "còn 2 ngày"},
		{"{\"status\":4,\"due_at\":\"2026-11-25T17:00:00+07:00\"}", "2026-11-23", "soon", "còn 1 ngày"},
		{"{\"status\":4,\"due_at\":\"2026-11-25T17:00:00+07:00\"}", "2026-11-25", "soon", "hôm nay"},
		{"{\"status\":4,\"due_at\":\"2026-11-25T17:00:00+07:00\"}", "2026-11-26", "overdue", "trễ 1 ngày"},
		{"{\"status\":4,\"due_at\":\"2026-11-25T17:00:00+07:00\"}", "2026-11-25T17:00:01+07:00", "overdue",
		 "trễ hôm nay"},
		{"{\"status\":5,\"due_at\":\"2026-11-25T17:00:00+07:00\"}", "2026-12-25", "paused", "tạm dừng"},
		{"{\"status\":9,\"due_at\":\"2026-11-25T17:00:00+07:00\",\"ended_at\":\"2026-11-25T16:00:00+07:00\"}",
		 "2026-12-25", "on_time", "xong đúng hạn"},
		{"{\"status\":10,\"due_at\":\"2026-11-25T17:00:00+07:00\",\"ended_at\":\"2026-11-23T16:00:00+07:00\"}",
		 "2026-12-25", "early", "xong sớm"},
		{"{\"status\":9,\"due_at\":\"2026-11-25T17:00:00+07:00\",\"ended_at\":\"2026-11-25T17:00:01+07:00\"}",
		 "2026-12-25", "late", "xong trễ"},
		{"{\"status\":3,\"due_at\":\"2026-11-25T17:00:00+07:00\"}", "2026-12-25", "none", ""},
	};

	(void)state;
	for (size_t i = 0; i < CV_COUNT(rows); i++) {
		char words[40];
		struct cv_json *d = world_parse(rows[i].dossier);
		assert_string_equal(cv_due_state_word(cv_due_state(&plain, d, at(rows[i].now))), rows[i].state);
		cv_due_words(words, &plain, d, at(rows[i].now));
		assert_string_equal(words, rows[i].words);
		cv_json_destroy(d);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_days),   cmocka_unit_test(test_pauses),
		cmocka_unit_test(test_hours),  cmocka_unit_test(test_against_a_plain_walk),
		cmocka_unit_test(test_states),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
