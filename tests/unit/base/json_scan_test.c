/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What gets past a scan of the bytes: names equal only in NFC, escaped names, big objects; and where errors point. */
#include <unit/cmocka_all.h>

#include <congvu/base/err.h>
#include <congvu/base/json.h>
#include <congvu/base/mem.h>
#include <congvu/base/text.h>
#include <time.h>

static enum cv_rc parse(struct cv_json **j, const char *s, struct cv_err *err)
{
	return cv_json_parse(j, s, strlen(s), &cv_json_request, err);
}

static void names_are_compared_as_they_will_be_read(void **state)
{
	static const struct {
		const char *s;
		enum cv_rc rc;
	} rows[] = {
		{"{\"\xC3\xA9\":1,\"e\xCC\x81\":2}", CV_SYNTAX},
		{"{\"x\":{\"e\xCC\x81\":1,\"e\\u0301\":2}}", CV_SYNTAX},
		{"[{\"\\u00e9\":1,\"b\":0,\"e\\u0301\":2}]", CV_SYNTAX},
		{"{\"e\":1,\"e\xCC\x81\":2}", CV_OK},
		{"{\"a\":1,\"A\":2}", CV_OK},
		{"{\"\":1,\"\":2}", CV_SYNTAX},
	};
	(void)state;
	for (size_t i = 0; i < CV_COUNT(rows); i++) {
		struct cv_json *j;
		if (parse(&j, rows[i].s, NULL) != rows[i].rc)
			fail_msg("%s", rows[i].s);
		assert_int_equal(j != NULL, rows[i].rc == CV_OK);
		cv_json_destroy(j);
	}
}

static void errors_say_where(void **state)
{
	static const struct {
		const char *s, *field;
	} rows[] = {
		{"{\"push\":[1,{\"args\":{\"date\":01}}]}", "push[1].args.date"},
		{"{\"a\":{},\"b\":[[],[tru]]}", "b[1][0]"},
		{"{\"\\u001b[31m\":x}", "?"},
		{"{\"\xC3\xA9\":x}", "?"},
		{"[", "[0]"},
		{"{", ""},
		{"", ""},
	};
	(void)state;
	for (size_t i = 0; i < CV_COUNT(rows); i++) {
		struct cv_err err;
		cv_err_init(&err);
		assert_int_equal(cv_json_scan(rows[i].s, strlen(rows[i].s), &cv_json_request, &err), CV_SYNTAX);
		assert_string_equal(err.field, rows[i].field);
		assert_non_null(strstr(err.detail, "byte"));
	}
}

static void a_long_path_is_cut_and_ends(void **state)
{
	struct cv_err err;
	struct cv_buf b;

	(void)state;
	cv_err_init(&err);
	cv_buf_init(&b, 4096);
	for (int i = 0; i < 30; i++)
		cv_buf_puts(&b, "{\"a_rather_long_name\":");
	assert_int_equal(cv_json_scan(b.data, b.len, &cv_json_request, &err), CV_SYNTAX);
	assert_in_range(strlen(err.field), 1, sizeof(err.field) - 1);
	cv_buf_finish(&b);
}

static enum cv_rc count(void *data, const char *slice, size_t n)
{
	assert_true(n == 1 && *slice >= '1' && *slice <= '3');
	++*(int *)data;
	return CV_OK;
}

/* The tree finds "push" however it is spelled, so the slices must, too. */
static void slices_know_escaped_names(void **state)
{
	static const char *const texts[] = {
		"{\"push\":[1,2,3]}",
		"{\"pu\\u0073h\":[1,2,3]}",
		"{\"a\\\"\":[9,9],\"\\u0070ush\" :[ 1 , 2 , 3 ]}",
	};
	(void)state;
	for (size_t i = 0; i < CV_COUNT(texts); i++) {
		struct cv_json *j;
		int n = 0;
		assert_int_equal(parse(&j, texts[i], NULL), CV_OK);
		assert_int_equal(cv_json_slices(texts[i], strlen(texts[i]), "push", count, &n), CV_OK);
		assert_int_equal(n, cv_json_count(cv_json_array_of(j, "push")));
		cv_json_destroy(j);
	}
}

static double cpu(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* 20,000 members, compared with themselves in the other order: by the square it takes over a second. */
static void big_objects_are_compared_quickly(void **state)
{
	struct cv_json *a, *b;
	struct cv_buf up, down;

	(void)state;
	cv_buf_init(&up, 1 << 20);
	cv_buf_init(&down, 1 << 20);
	for (int i = 0; i < 19990; i++) {
		cv_buf_addf(&up, "%c\"member_%d\":%d", i == 0 ? '{' : ',', i, i);
		cv_buf_addf(&down, "%c\"member_%d\":%d", i == 0 ? '{' : ',', 19989 - i, 19989 - i);
	}
	cv_buf_putc(&up, '}');
	cv_buf_putc(&down, '}');
	double from = cpu();
	assert_int_equal(parse(&a, up.data, NULL), CV_OK);
	assert_int_equal(parse(&b, down.data, NULL), CV_OK);
	assert_true(cv_json_equal(a, b));
	assert_true(cpu() - from < 0.5);
	cv_json_remove(b, "member_7");
	assert_false(cv_json_equal(a, b));
	cv_json_destroy(a);
	cv_json_destroy(b);
	cv_buf_finish(&up);
	cv_buf_finish(&down);
}

static void what_goes_out_is_json(void **state)
{
	static const struct {
		const char *s, *literal;
	} rows[] = {
		{"", "\"\""},
		{"a\"\\\b\f\n\r\t\x01\x7Fz", "\"a\\\"\\\\\\b\\f\\n\\r\\t\\u0001\\u007fz\""},
		{"cắt giữa ch\xE1\xBB", "\"cắt giữa ch\xEF\xBF\xBD\xEF\xBF\xBD\""},
	};
	(void)state;
	for (size_t i = 0; i < CV_COUNT(rows); i++) {
		struct cv_buf b;
		cv_buf_init(&b, 1000);
		assert_true(cv_json_quote(&b, rows[i].s));
		assert_string_equal(b.data, rows[i].literal);
		assert_int_equal(cv_json_scan(b.data, b.len, &cv_json_request, NULL), CV_OK);
		cv_buf_finish(&b);
	}
}

/* A sentence longer than its place is cut between letters: it goes into JSON. */
static void errors_are_cut_between_letters(void **state)
{
	(void)state;
	for (int shift = 0; shift < 3; shift++) {
		struct cv_err err;
		char text[900];
		size_t n = 0;
		cv_err_init(&err);
		for (int i = 0; i < shift; i++)
			text[n++] = 'x';
		while (n + 4 < sizeof(text)) {
			memcpy(text + n, "ậ", 3);
			n += 3;
		}
		text[n] = '\0';
		assert_int_equal(cv_err_set(&err, CV_DATA, text, "%s", text), CV_DATA);
		cv_err_hint(&err, "%s", text);
		assert_true(cv_utf8_valid(err.detail, strlen(err.detail)) && strlen(err.detail) > 390);
		assert_true(cv_utf8_valid(err.hint, strlen(err.hint)) && strlen(err.hint) > 230);
		assert_true(cv_utf8_valid(err.field, strlen(err.field)) && strlen(err.field) > 55);
		/* The first error stays. */
		cv_err_set(&err, CV_IO, "other", "%s", "vaguer");
		assert_int_equal(err.rc, CV_DATA);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_compared_as_they_will_be_read),
		cmocka_unit_test(errors_say_where),
		cmocka_unit_test(a_long_path_is_cut_and_ends),
		cmocka_unit_test(slices_know_escaped_names),
		cmocka_unit_test(big_objects_are_compared_quickly),
		cmocka_unit_test(what_goes_out_is_json),
		cmocka_unit_test(errors_are_cut_between_letters),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
