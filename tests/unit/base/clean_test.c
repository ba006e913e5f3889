/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Hostile text: escape sequences, invisible signs, marks without end, in bounded time. */
#include <unit/cmocka_all.h>

#include <congvu/base/mem.h>
#include <congvu/base/text.h>
#include <time.h>

#define ZWJ_SIGN "\xE2\x80\x8D"
#define WOMAN	 "\xF0\x9F\x91\xA9"
#define LAPTOP	 "\xF0\x9F\x92\xBB"

static const struct {
	const char *in, *out;
} rows[] = {
	{"", ""},
	{"plain\ttext\n", "plain\ttext\n"},
	{"a\033[31;1mb\033[0mc", "abc"},
	{"a\xC2\x9B"
	 "31mb",
	 "ab"}, /* the C1 form of CSI */
	{"a\033(Bb", "ab"},
	{"a\033#8b", "ab"},
	{"a\033cb", "ab"},
	{"a\033]0;title\007b", "ab"},
	{"a\033]0;title\xC2\x9C"
	 "b",
	 "ab"},
	{"a\xC2\x9D"
	 "0;title\033\\b",
	 "ab"},
	{"a\033Pq\033\\b", "ab"},
	{"a\033]shown all the same", "ashown all the same"}, /* must not hide the rest */
	{"a\033[31\033[0mb", "ab"},
	{"a\033[31\nb", "a\nb"},
	{"a\033", "a"},
	{"a\033\033[0mb", "ab"},
	{"a\x08\x07\x01\x7F"
	 "b",
	 "ab"},
	{"x\r\ny", "x\ny"},
	{"x\ry", "x\ny"},
	{"x\xE2\x80\xA8y\xE2\x80\xA9z", "x\ny\nz"},
	{"x\xC2\x85y", "x\ny"},
	{"\xE2\x80\xAEgnp\xE2\x81\xA6.exe\xE2\x81\xA9", "gnp.exe"},
	{"a\xE2\x80\x8B\xE2\x80\x8C\xE2\x81\xA0\xEF\xBB\xBF\xC2\xAD"
	 "b",
	 "ab"},
	{"a\xF3\xA0\x81\x81"
	 "b",
	 "ab"}, /* tags */
	{"a\xEF\xB8\x8F"
	 "b",
	 "ab"},
	{"\xE2\x9D\xA4\xEF\xB8\x8F", "\xE2\x9D\xA4\xEF\xB8\x8F"}, /* a heart keeps its selector */
	{WOMAN ZWJ_SIGN LAPTOP, WOMAN ZWJ_SIGN LAPTOP},
	{WOMAN ZWJ_SIGN "x", WOMAN "x"},
	{"x" ZWJ_SIGN LAPTOP, "x" LAPTOP},
	{"\xCC\x81x", "x"}, /* a mark without a base */
	{"a\n\xCC\x81x", "a\nx"},
	{"a\xFF\x80z\xE1\xBA", "a\xEF\xBF\xBD\xEF\xBF\xBDz\xEF\xBF\xBD\xEF\xBF\xBD"},
	{"Nguye\xCC\x82\xCC\x83n", "Nguyễn"},
};

static void rows_come_out_as_told(void **state)
{
	(void)state;
	for (size_t i = 0; i < CV_COUNT(rows); i++) {
		char *out = cv_text_clean_dup(rows[i].in, true);
		if (strcmp(out, rows[i].out) != 0)
			fail_msg("row %zu: <%s>", i, out);
		char *again = cv_text_clean_dup(out, true);
		assert_string_equal(again, out);
		free(again);
		free(out);
	}
}

static void without_lines_nothing_moves_the_cursor(void **state)
{
	(void)state;
	for (size_t i = 0; i < CV_COUNT(rows); i++) {
		char *out = cv_text_clean_dup(rows[i].in, false);
		for (const char *p = out; *p != '\0'; p++)
			assert_true((unsigned char)*p >= 0x20 && *p != 0x7F);
		free(out);
	}
}

/* Every two-byte code point and every byte after ESC: no control is ever left. */
static void no_control_survives(void **state)
{
	(void)state;
	for (int a = 1; a < 256; a++)
		for (int b = 1; b < 256; b++) {
			char in[] = {'x', '\033', (char)a, (char)b, 'y', '\0'};
			char *out = cv_text_clean_dup(in, false);
			size_t n = strlen(out);
			assert_true(cv_utf8_valid(out, n));
			for (size_t i = 0; i < n; i++) {
				unsigned char c = (unsigned char)out[i];
				assert_true(c >= 0x20 && c != 0x7F);
				assert_false(c == 0xC2 && (unsigned char)out[i + 1] < 0xA0);
			}
			free(out);
		}
}

static void marks_are_counted(void **state)
{
	char in[1 + 200 + 1] = "z";

	(void)state;
	for (int i = 0; i < 100; i++)
		memcpy(in + 1 + 2 * i, "\xCC\xA7", 2);
	char *out = cv_text_clean_dup(in, false);
	assert_int_equal(strlen(out), 1 + 2 * 8);
	free(out);
}

/* 64 KiB of marks in the worst order: an exchange sort needs 250 million steps for them. */
static void normal_form_takes_its_time_by_length(void **state)
{
	struct cv_buf b;
	struct timespec from, to;

	(void)state;
	cv_buf_init(&b, 1 << 20);
	cv_buf_putc(&b, 'a');
	for (int i = 0; i < 16000; i++)
		cv_buf_puts(&b, "\xCC\x81");
	for (int i = 0; i < 16000; i++)
		cv_buf_puts(&b, "\xCC\xA3");
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
	char *out = cv_text_nfc_dup(b.data);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
	/* ạ takes the first dot below; the acutes follow all the dots. */
	assert_memory_equal(out, "\xE1\xBA\xA1\xCC\xA3", 5);
	assert_int_equal(strlen(out), 3 + 2 * (32000 - 1));
	assert_memory_equal(out + strlen(out) - 2, "\xCC\x81", 2);
	assert_true((double)(to.tv_sec - from.tv_sec) + (double)(to.tv_nsec - from.tv_nsec) / 1e9 < 0.5);
	free(out);
	cv_buf_finish(&b);
}

static void all_of_vietnamese_composes(void **state)
{
	static const struct {
		const char *nfd, *nfc;
	} pairs[] = {
		{"a\xCC\xA3\xCC\x82", "ậ"},
		{"a\xCC\x82\xCC\xA3", "ậ"},
		{"o\xCC\x9B\xCC\xA3", "ợ"},
		{"o\xCC\xA3\xCC\x9B", "ợ"},
		{"U\xCC\x9B\xCC\x83", "Ữ"},
		{"y\xCC\x89", "ỷ"},
		{"A\xCC\x86\xCC\x80", "Ằ"},
		{"đ", "đ"},
		{"\xE2\x80\x93 \xE1\xBA\xAD", "– ậ"},
		{"\xEA\xB0\x80", "\xEA\xB0\x80"},
		{"\xE1\x84\x80\xE1\x85\xA1", "\xEA\xB0\x80"}, /* Hangul by rule, not by table */
		{"\xE2\x84\xAB", "Å"},
	};
	(void)state;
	for (size_t i = 0; i < CV_COUNT(pairs); i++) {
		char *out = cv_text_nfc_dup(pairs[i].nfd);
		assert_string_equal(out, pairs[i].nfc);
		free(out);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_come_out_as_told),
		cmocka_unit_test(without_lines_nothing_moves_the_cursor),
		cmocka_unit_test(no_control_survives),
		cmocka_unit_test(marks_are_counted),
		cmocka_unit_test(normal_form_takes_its_time_by_length),
		cmocka_unit_test(all_of_vietnamese_composes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
