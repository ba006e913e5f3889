/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bytes to keys: both families, torn and unknown sequences, pastes. */
#include "client/tui/term/input.h"

#include <stdio.h>
#include <string.h>
#include <unit/cmocka_all.h>

/* "U" up, "H" home, "F2", "^s", "a", "ESC", "PASTE(…)" … of bytes that come at once, then silence. */
static void keys_of(char *out, size_t size, const char *bytes, size_t n)
{
	static const char *const names[] = {"?",   "",	"",  "ENTER", "TAB", "BACKTAB", "ESC", "BS",   "DEL",
					    "INS", "U", "D", "L",     "R",   "HOME",	"END", "PGUP", "PGDN"};
	struct cv_input in;
	struct cv_key key;
	size_t at = 0;

	out[0] = '\0';
	cv_input_init(&in);
	for (size_t i = 0; i <= n; i++) {
		bool whole = i < n ? cv_input_byte(&in, (unsigned char)bytes[i], 1000, &key)
				   : cv_input_idle(&in, 1000 + CV_ESC_MS, &key);
		if (!whole)
			continue;
		at += (size_t)snprintf(out + at, size - at, "%s", at > 0 ? " " : "");
		if (key.kind == CV_KEY_CHAR)
			at += (size_t)snprintf(out + at, size - at, "%s", key.text);
		else if (key.kind == CV_KEY_CTRL)
			at += (size_t)snprintf(out + at, size - at, "^%c", key.number);
		else if (key.kind == CV_KEY_F)
			at += (size_t)snprintf(out + at, size - at, "F%d", key.number);
		else if (key.kind == CV_KEY_PASTE)
			at += (size_t)snprintf(out + at, size - at, "PASTE(%s)", in.paste.data);
		else
			at += (size_t)snprintf(out + at, size - at, "%s", names[key.kind]);
	}
	cv_input_finish(&in);
}

static const struct {
	const char *bytes, *keys;
} rows[] = {
	{"a\r\t\x7f\x13", "a ENTER TAB BS ^s"},
	{"đ", "đ"},
	{"\x1b[A\x1bOA\x1b[1;5A", "U U U"},
	{"\x1b[1~\x1b[7~\x1b[H\x1bOH", "HOME HOME HOME HOME"},
	{"\x1b[4~\x1b[8~\x1b[F\x1bOF", "END END END END"},
	{"\x1b[11~\x1bOP\x1b[[A\x1b[12~\x1bOQ\x1b[[B", "F1 F1 F1 F2 F2 F2"},
	{"\x1b[14~\x1bOS\x1b[[D\x1b[24~", "F4 F4 F4 F12"},
	{"\x1b[200;5ux", "x"},
	{"\x1b]11;rgb:0000/0000/0000\x07y", "y"},
	{"\x1bP1$r0m\x1b\\z", "z"},
	{"\x1b[?62;22cq", "q"},
	{"\x1b", "ESC"},
	{"\x1b\x1b", "ESC ESC"},
	{"\x1b[200~q6\rđ\x1b[201~j", "PASTE(q6\nđ) j"},
	{"\x1b[200~a\x1b[31mb\x1b[201~", "PASTE(ab)"},
	{"\xff\xfe"
	 "a",
	 "a"},
	{"\xe1\xbb", ""},
	{"\x1b[Z", "BACKTAB"},
};

static void test_sequences(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char got[400];
		keys_of(got, sizeof(got), rows[i].bytes, strlen(rows[i].bytes));
		if (strcmp(got, rows[i].keys) != 0)
			fail_msg("row %zu: %s, not %s", i, got, rows[i].keys);
	}
}

/* A sequence torn by the line: the ESC has become a key, the rest must change nothing. */
static void test_torn(void **state)
{
	struct cv_input in;
	struct cv_key key;

	(void)state;
	cv_input_init(&in);
	assert_false(cv_input_byte(&in, 0x1B, 0, &key));
	assert_true(cv_input_idle(&in, CV_ESC_MS, &key));
	assert_false(cv_input_byte(&in, '[', CV_ESC_MS + 10, &key));
	assert_false(cv_input_byte(&in, 'A', CV_ESC_MS + 20, &key));
	assert_true(cv_input_byte(&in, 'j', CV_ESC_MS + 30, &key));
	assert_true(cv_input_byte(&in, '1', CV_ESC_MS + 500, &key));
	cv_input_finish(&in);
}

static void test_never_more_than_a_sequence_holds(void **state)
{
	struct cv_input in;
	struct cv_key key;

	(void)state;
	cv_input_init(&in);
	cv_input_byte(&in, 0x1B, 0, &key);
	cv_input_byte(&in, '[', 0, &key);
	for (int i = 0; i < 100000; i++)
		assert_false(cv_input_byte(&in, '1', 0, &key));
	assert_false(cv_input_byte(&in, 'A', 0, &key));
	assert_true(cv_input_byte(&in, 'x', 1000, &key));
	cv_input_finish(&in);
}

static void test_vietnamese_letters_are_their_keys(void **state)
{
	static const char *const letters[][2] = {{"đ", "d"}, {"ư", "w"}, {"â", "a"}, {"ọ", "j"}, {"ó", "s"},
						 {"ò", "f"}, {"ỏ", "r"}, {"õ", "x"}, {"t", "t"}};

	(void)state;
	for (size_t i = 0; i < sizeof(letters) / sizeof(letters[0]); i++) {
		struct cv_key key = {.kind = CV_KEY_CHAR};
		bool vietnamese;
		strcpy(key.text, letters[i][0]);
		assert_int_equal(cv_key_command(&key, &vietnamese), letters[i][1][0]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sequences),
		cmocka_unit_test(test_torn),
		cmocka_unit_test(test_never_more_than_a_sequence_holds),
		cmocka_unit_test(test_vietnamese_letters_are_their_keys),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
