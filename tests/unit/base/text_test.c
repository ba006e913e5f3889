/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text: normal form, search form, columns, graphemes, cleaning, Vietnamese order, secrecy marks. */
#include <unit/cmocka_all.h>

#include <congvu/base/mem.h>
#include <congvu/base/text.h>

static void folds_accents_case_and_d(void **state)
{
	static const struct {
		const char *in, *out;
	} rows[] = {
		{"Đặng Ngọc Ẩn", "dang ngoc an"},     {"ĐƯỜNG", "duong"},
		{"Nguye\xCC\x82\xCC\x83n", "nguyen"}, /* decomposed */
		{"  hai\t\tchữ \n", "hai chu "},      {"", ""},
		{"abc\xFFz", "abc\xEF\xBF\xBDz"},
	};
	(void)state;
	for (size_t i = 0; i < CV_COUNT(rows); i++) {
		char *out = cv_text_fold_dup(rows[i].in);
		assert_string_equal(out, rows[i].out);
		free(out);
	}
}

static void normal_form_is_composed(void **state)
{
	(void)state;
	char *out = cv_text_nfc_dup("Nguye\xCC\x82\xCC\x83n");
	assert_string_equal(out, "Nguyễn");
	free(out);
}

static void utf8_is_checked(void **state)
{
	static const struct {
		const char *s;
		bool ok;
	} rows[] = {{"tiếng Việt", true},	 {"\xC0\x80", false}, {"\xED\xA0\x80", false},
		    {"\xF4\x90\x80\x80", false}, {"\xE1\xBA", false}, {"", true}};
	(void)state;
	for (size_t i = 0; i < CV_COUNT(rows); i++)
		assert_int_equal(cv_utf8_valid(rows[i].s, strlen(rows[i].s)), rows[i].ok);
}

static void columns_and_graphemes(void **state)
{
	int used;

	(void)state;
	assert_int_equal(cv_text_width("Nguyễn"), 6);
	assert_int_equal(cv_text_width("Nguye\xCC\x82\xCC\x83n"), 6);
	assert_int_equal(cv_text_width("作者"), 4);
	assert_int_equal(cv_text_cut("作者", 3, &used), 3);
	assert_int_equal(used, 2);
	assert_int_equal(cv_grapheme_count("Nguye\xCC\x82\xCC\x83n"), 6);
	assert_int_equal(cv_grapheme_next("e\xCC\x82\xCC\x83n", 6), 5);
	assert_int_equal(cv_grapheme_prev("ae\xCC\x82\xCC\x83", 6), 5);
	assert_int_equal(cv_grapheme_prev("", 0), 0);
}

static void foreign_text_is_harmless(void **state)
{
	static const struct {
		const char *in, *out;
		bool lines;
	} rows[] = {
		{"a\033[31mb\033[0mc", "abc", false},
		{"a\033]0;title\007b", "ab", false},
		{"a\033]0;title\033\\b", "ab", false},
		{"x\033[", "x", false},
		{"x\r\ny", "x y", false},
		{"x\ny", "x\ny", true},
		{"\xE2\x80\xAEgnp", "gnp", false},
		{"a\xE2\x80\x8B"
		 "b",
		 "ab", false},
		{"x\xC2\x9B"
		 "Ay",
		 "xy", false}, /* cursor up, as C1 */
		{"Nguye\xCC\x82\xCC\x83n", "Nguyễn", false},
	};
	(void)state;
	for (size_t i = 0; i < CV_COUNT(rows); i++) {
		char *out = cv_text_clean_dup(rows[i].in, rows[i].lines);
		assert_string_equal(out, rows[i].out);
		free(out);
	}
}

static void a_hundred_marks_become_eight(void **state)
{
	char in[1 + 200 + 1] = "z";

	(void)state;
	for (int i = 0; i < 100; i++)
		memcpy(in + 1 + 2 * i, "\xCC\xA7", 2);
	char *out = cv_text_clean_dup(in, false);
	assert_true(strlen(out) <= 1 + 2 * 8);
	free(out);
}

static void sorts_as_vietnamese_lists_do(void **state)
{
	static const char *const words[] = {"an", "Ân", "ba", "ca", "chi", "da",     "đa",  "em",  "ên", "la",
					    "là", "lả", "lã", "lá", "lạ",  "lá cây", "oan", "ông", "ơn", "ưa"};
	static const char *const names[] = {"Nguyễn Đức Ân", "Phan Thị Bích", "Vũ Minh Châu",
					    "Trần Văn Đẩu",  "Đỗ Ngọc Ỷ",     "Võ Hoàng Yến"};
	(void)state;
	for (size_t i = 0; i + 1 < CV_COUNT(words); i++)
		assert_true(cv_text_collate(words[i], words[i + 1]) < 0);
	for (size_t i = 0; i + 2 < CV_COUNT(names); i++)
		assert_true(cv_name_collate(names[i], names[i + 1]) < 0);
	assert_true(cv_name_collate(names[4], names[5]) < 0);
	assert_int_equal(cv_text_collate("Nguye\xCC\x82\xCC\x83n", "Nguyễn"), 0);
	assert_string_equal(cv_name_given("Lê Thị Hạnh"), "Hạnh");
}

static void state_secrets_are_seen(void **state)
{
	static const struct {
		const char *s;
		bool secret;
	} rows[] = {
		{"MẬT", true},
		{"TUYỆT MẬT", true},
		{"(TỐI MẬT) Kế hoạch", true},
		{"Kế hoạch diễn tập - MẬT", true},
		{"MẬT: phương án", true},
		{"bao-cao (MẬT).pdf", true},
		{"MẬT_ke hoach.pdf", true},
		{"dòng một\nMẬT\ndòng ba", true},
		{"MA\xCC\xA3\xCC\x82T", true}, /* decomposed */
		{"đổi mật khẩu", false},
		{"BẢO MẬT", false},
		{"BẢO MẬT THÔNG TIN", false},
		{"mật ong", false},
		{"HỌ VÀ TÊN MẬT", false},
		{"Mật khẩu", false},
		{"", false},
	};
	(void)state;
	for (size_t i = 0; i < CV_COUNT(rows); i++) {
		const char *what = NULL;
		if (cv_text_state_secret(rows[i].s, &what) != rows[i].secret)
			fail_msg("%s", rows[i].s);
		assert_int_equal(what != NULL, rows[i].secret);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(folds_accents_case_and_d),
		cmocka_unit_test(normal_form_is_composed),
		cmocka_unit_test(utf8_is_checked),
		cmocka_unit_test(columns_and_graphemes),
		cmocka_unit_test(foreign_text_is_harmless),
		cmocka_unit_test(a_hundred_marks_become_eight),
		cmocka_unit_test(sorts_as_vietnamese_lists_do),
		cmocka_unit_test(state_secrets_are_seen),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
