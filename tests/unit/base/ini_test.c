/* SPDX-License-Identifier: GPL-3.0-or-later */
/* INI: what is read, and that nothing is cut silently. */
#include <congvu/base/ini.h>
#include <congvu/base/mem.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static enum cv_rc collect(void *data, const char *section, const char *key, const char *value, int line,
			  struct cv_err *err)
{
	char *out = data;
	size_t n = strlen(out);

	if (strcmp(key, "refuse") == 0) {
		cv_err_set(err, CV_CONFIG, key, "no such option");
		cv_err_hint(err, "try another");
		return CV_CONFIG;
	}
	snprintf(out + n, 8192 - n, "%d[%s]%s=%s|", line, section, key, value);
	return CV_OK;
}

static void reads(void **state)
{
	static const struct {
		const char *text, *want;
	} rows[] = {
		{"", ""},
		{"\n\n# c\n; c\n", ""},
		{"a = 1", "1[]a=1|"},
		{"a=1\r\nb: 2\r\n", "1[]a=1|2[]b=2|"},
		{"[s]\na = x y \n[t]\nb=\n", "2[s]a=x y|4[t]b=|"},
		{"  # c\na = 1 ; no comment # here\n", "2[]a=1 ; no comment # here|"},
		{"k = ;\n\nl = #\n", "1[]k=;|3[]l=#|"},
		{"\xef\xbb\xbf[s]\na=1\n", "2[s]a=1|"},
		{"ten = La\xcc\xa3n\n", "1[]ten=Lạn|"}, /* NFC */
		{"a = 1\n  b = 2\n", "1[]a=1|2[]b=2|"}, /* no continuation lines */
	};
	char out[8192];

	(void)state;
	for (size_t i = 0; i < CV_COUNT(rows); i++) {
		out[0] = '\0';
		assert_int_equal(cv_ini_text("t", rows[i].text, collect, out, NULL), CV_OK);
		assert_string_equal(out, rows[i].want);
	}
}

static void refuses(void **state)
{
	static const struct {
		const char *text;
		const char *where; /* must stand in the detail */
	} rows[] = {
		{"a=1\nrubbish\n", "t dòng 2:"},
		{"[open\n", "t dòng 1:"},
		{"a=\xff\n", "t dòng 1:"},
		{"\n\na1234567890123456789012345678901234567890123456789=1\n", "t dòng 3:"},
		{"[a1234567890123456789012345678901234567890123456789]\n", "t dòng 1:"},
		{"a=1\nrefuse=1\n", "t dòng 2: no such option"},
	};
	char out[8192];
	struct cv_err err;

	(void)state;
	for (size_t i = 0; i < CV_COUNT(rows); i++) {
		out[0] = '\0';
		cv_err_init(&err);
		assert_int_equal(cv_ini_text("t", rows[i].text, collect, out, &err), CV_CONFIG);
		assert_int_equal(err.rc, CV_CONFIG);
		assert_non_null(strstr(err.detail, rows[i].where));
	}
	assert_string_equal(err.field, "refuse");
	assert_string_equal(err.hint, "try another");
	/* What follows the fault is not read. */
	out[0] = '\0';
	assert_int_equal(cv_ini_text("t", "refuse=1\na=1\n", collect, out, NULL), CV_CONFIG);
	assert_string_equal(out, "");
}

/* The longest line comes whole; one byte more is an error with its number. */
static void long_lines(void **state)
{
	char *text = cv_alloc(8192), *out = cv_alloc(8192);
	struct cv_err err;

	(void)state;
	memcpy(text, "a=", 2);
	memset(text + 2, 'x', 4091);
	assert_int_equal(strlen(text), 4093);
	assert_int_equal(cv_ini_text("t", text, collect, out, NULL), CV_OK);
	assert_int_equal(strlen(out), strlen("1[]a=|") + 4091);
	memcpy(text + 4093, "x\n", 2);
	cv_err_init(&err);
	assert_int_equal(cv_ini_text("t", text, collect, out, &err), CV_CONFIG);
	assert_non_null(strstr(err.detail, "t dòng 1: quá dài"));
	free(text);
	free(out);
}

static void files(void **state)
{
	char path[] = "/tmp/congvu-ini.XXXXXX", out[8192] = "";
	int fd = mkstemp(path);
	struct cv_err err;

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(write(fd, "a=1\n", 4), 4);
	assert_int_equal(cv_ini_read(path, collect, out, NULL), CV_OK);
	assert_string_equal(out, "1[]a=1|");
	assert_int_equal(write(fd, "b=\0\n", 4), 4);
	assert_int_equal(cv_ini_read(path, collect, out, NULL), CV_CONFIG);
	assert_int_equal(ftruncate(fd, (256 << 10) + 1), 0);
	cv_err_init(&err);
	assert_int_equal(cv_ini_read(path, collect, out, &err), CV_CONFIG);
	assert_int_equal(err.rc, CV_CONFIG);
	close(fd);
	unlink(path);
	assert_int_equal(cv_ini_read(path, collect, out, NULL), CV_NOT_FOUND);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads),
		cmocka_unit_test(refuses),
		cmocka_unit_test(long_lines),
		cmocka_unit_test(files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
