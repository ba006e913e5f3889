/* SPDX-License-Identifier: GPL-3.0-or-later */
/* JSON: what the strict scan refuses, and that trees come back as they went. */
#include <unit/cmocka_all.h>

#include <congvu/base/json.h>
#include <congvu/base/mem.h>

static enum cv_rc scan(const char *s, size_t n)
{
	return cv_json_scan(s, n, &cv_json_request, NULL);
}

static void refuses_what_is_not_json(void **state)
{
	static const struct {
		const char *s;
		enum cv_rc rc;
	} rows[] = {
		{"{}", CV_OK},
		{" [1,2.5e3,-0,true,false,null,\"x\"] ", CV_OK},
		{"{\"a\":{\"b\":[{}]},\"c\":[]}", CV_OK},
		{"\"\\ud83d\\ude00\"", CV_OK},
		{"", CV_SYNTAX},
		{"{\"a\":1,\"a\":2}", CV_SYNTAX},
		{"{\"a\":1,\"\\u0061\":2}", CV_SYNTAX},
		{"{\"a\":1,\"b\":{\"a\":1},\"c\":3}", CV_OK},
		{"[1,]", CV_SYNTAX},
		{"[1 2]", CV_SYNTAX},
		{"{\"a\" 1}", CV_SYNTAX},
		{"{a:1}", CV_SYNTAX},
		{"[01]", CV_SYNTAX},
		{"[1.]", CV_SYNTAX},
		{"[.5]", CV_SYNTAX},
		{"[+1]", CV_SYNTAX},
		{"[NaN]", CV_SYNTAX},
		{"[1e400]", CV_SYNTAX},
		{"[9007199254740991]", CV_OK},
		{"[9007199254740993]", CV_SYNTAX},
		{"[\"\\u0000\"]", CV_SYNTAX},
		{"[\"\\ud800\"]", CV_SYNTAX},
		{"[\"\\udc00\"]", CV_SYNTAX},
		{"[\"\\x\"]", CV_SYNTAX},
		{"[\"a\nb\"]", CV_SYNTAX},
		{"[\"\xFF\"]", CV_SYNTAX},
		{"{} x", CV_SYNTAX},
		{"{}{}", CV_SYNTAX},
		{"[\"open", CV_SYNTAX},
		{"{\"a\":", CV_SYNTAX},
		{"tru", CV_SYNTAX},
	};
	(void)state;
	for (size_t i = 0; i < CV_COUNT(rows); i++)
		if (scan(rows[i].s, strlen(rows[i].s)) != rows[i].rc)
			fail_msg("%s", rows[i].s);
	assert_int_equal(scan("{}\0x", 4), CV_SYNTAX);
}

static void limits_hold(void **state)
{
	char deep[20001];

	(void)state;
	memset(deep, '[', 10000);
	memset(deep + 10000, ']', 10000);
	assert_int_equal(scan(deep, 20000), CV_LIMIT);
	assert_int_equal(scan(deep + 10000 - 32, 64), CV_OK);
	assert_int_equal(scan(deep + 10000 - 33, 66), CV_LIMIT);
	struct cv_buf b;
	cv_buf_init(&b, 1 << 20);
	cv_buf_puts(&b, "[0");
	for (int i = 0; i < 20000; i++)
		cv_buf_puts(&b, ",0");
	cv_buf_puts(&b, "]");
	assert_int_equal(scan(b.data, b.len), CV_LIMIT);
	cv_buf_reset(&b);
	cv_buf_puts(&b, "\"");
	for (int i = 0; i < 65537; i++)
		cv_buf_putc(&b, 'x');
	cv_buf_puts(&b, "\"");
	assert_int_equal(scan(b.data, b.len), CV_LIMIT);
	cv_buf_finish(&b);
}

static void trees_round_trip(void **state)
{
	static const char text[] = "{\"b\":[1,-2,0.5,\"Nguyễn\\n\\\"\",null,true],\"a\":{\"x\":9007199254740991}}";
	struct cv_json *j, *k;

	(void)state;
	assert_int_equal(cv_json_parse(&j, text, strlen(text), &cv_json_request, NULL), CV_OK);
	char *out = cv_json_text(j);
	assert_string_equal(out, text);
	assert_int_equal(cv_json_parse(&k, out, strlen(out), &cv_json_request, NULL), CV_OK);
	assert_true(cv_json_equal(j, k));
	char *canonical = cv_json_canonical(j);
	assert_memory_equal(canonical, "{\"a\":", 5);
	cv_json_set_int(k, "c", 1);
	assert_false(cv_json_equal(j, k));
	assert_int_equal(cv_json_int(cv_json_get(j, "a"), "x", 0), 9007199254740991);
	assert_null(cv_json_get(j, "A"));
	free(canonical);
	free(out);
	cv_json_destroy(j);
	cv_json_destroy(k);
}

static void strings_become_nfc(void **state)
{
	static const char text[] = "{\"n\":\"Nguye\xCC\x82\xCC\x83n\"}";
	struct cv_json *j;

	(void)state;
	assert_int_equal(cv_json_parse(&j, text, strlen(text), &cv_json_request, NULL), CV_OK);
	assert_string_equal(cv_json_s(j, "n"), "Nguyễn");
	cv_json_destroy(j);
}

static enum cv_rc collect(void *data, const char *slice, size_t n)
{
	cv_buf_add(data, slice, n);
	cv_buf_putc(data, '|');
	return CV_OK;
}

static void slices_are_the_raw_bytes(void **state)
{
	static const char text[] = "{ \"x\" : [1], \"push\" : [ {\"a\": \"]},\\\"\"} , 12,[1, 2] ], \"y\":{}}";
	struct cv_buf b;

	(void)state;
	cv_buf_init(&b, 1000);
	assert_int_equal(cv_json_slices(text, strlen(text), "push", collect, &b), CV_OK);
	assert_string_equal(b.data, "{\"a\": \"]},\\\"\"}|12|[1, 2]|");
	cv_buf_reset(&b);
	cv_json_slices(text, strlen(text), "none", collect, &b);
	assert_string_equal(b.data, "");
	cv_buf_finish(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refuses_what_is_not_json), cmocka_unit_test(limits_hold),
		cmocka_unit_test(trees_round_trip),	    cmocka_unit_test(strings_become_nfc),
		cmocka_unit_test(slices_are_the_raw_bytes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
