/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Unpacking within limits; delays of password tries. */
#include "unit/cmocka_all.h"

#include "server/http/http.h"

#include <congvu/base/mem.h>

static void there_and_back(void **state)
{
	char text[20000];
	struct cv_buf out;
	size_t n = 0;

	(void)state;
	memset(text, 'a', sizeof(text));
	char *packed = cv_gzip(text, sizeof(text), &n);
	assert_non_null(packed);
	assert_true(n < 200);
	cv_buf_init(&out, CV_HTTP_UNPACKED);
	assert_int_equal(cv_unpack(&out, "gzip", packed, n, CV_HTTP_UNPACKED), CV_OK);
	assert_int_equal(out.len, sizeof(text));
	assert_memory_equal(out.data, text, sizeof(text));
	cv_buf_reset(&out);
	assert_int_equal(cv_unpack(&out, "gzip", packed, n, sizeof(text) - 1), CV_LIMIT);
	cv_buf_reset(&out);
	assert_int_equal(cv_unpack(&out, "gzip", packed, n - 1, CV_HTTP_UNPACKED), CV_DATA);
	cv_buf_reset(&out);
	assert_int_equal(cv_unpack(&out, "gzip", "rubbish", 7, CV_HTTP_UNPACKED), CV_DATA);
	assert_int_equal(cv_unpack(&out, "zstd", "rubbish", 7, CV_HTTP_UNPACKED), CV_DATA);
	assert_int_equal(cv_unpack(&out, "zstd", "", 0, CV_HTTP_UNPACKED), CV_DATA);
	assert_int_equal(cv_unpack(&out, "br", packed, n, CV_HTTP_UNPACKED), CV_NOT_FOUND);
	cv_buf_finish(&out);
	free(packed);
}

/* What does not get shorter is sent as it is. */
static void not_worth_it(void **state)
{
	size_t n = 0;

	(void)state;
	assert_null(cv_gzip("ab", 2, &n));
}

static void tries(void **state)
{
	struct cv_throttle *t = cv_throttle_create();

	(void)state;
	for (int i = 0; i < 3; i++) {
		assert_int_equal(cv_throttle_wait(t, "hanh", "::1", 1000), 0);
		cv_throttle_note(t, "hanh", "::1", 1000, false);
	}
	assert_int_equal(cv_throttle_wait(t, "hanh", "::1", 1000), 0);
	cv_throttle_note(t, "hanh", "::1", 1000, false);
	assert_int_equal(cv_throttle_wait(t, "hanh", "::1", 1000), 1);
	assert_int_equal(cv_throttle_wait(t, "minh", "::1", 1000), 0);
	assert_int_equal(cv_throttle_wait(t, "hanh", "::1", 2000), 0);
	for (int i = 0; i < 20; i++)
		cv_throttle_note(t, "hanh", "::1", 2000, false);
	assert_int_equal(cv_throttle_wait(t, "hanh", "::1", 2000), 300);
	cv_throttle_note(t, "hanh", "::1", 3000, true);
	assert_int_equal(cv_throttle_wait(t, "hanh", "::1", 3000), 0);
	cv_throttle_destroy(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(there_and_back),
		cmocka_unit_test(not_worth_it),
		cmocka_unit_test(tries),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
