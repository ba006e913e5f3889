/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "client/tui/widget/edit.h"
#include "client/tui/widget/telex.h"

#include <string.h>
#include <unit/cmocka_all.h>

static void type(struct cv_edit *e, const char *keys, enum cv_method method)
{
	for (; *keys != '\0'; keys++) {
		struct cv_key key = {.kind = CV_KEY_CHAR, .method = method};
		key.text[0] = *keys;
		assert_true(cv_edit_key(e, &key, 80));
	}
}

static void expect(const char *keys, const char *text, enum cv_method method)
{
	struct cv_edit e;

	cv_edit_init(&e, 400, false);
	type(&e, keys, method);
	assert_string_equal(e.text, text);
	cv_edit_finish(&e);
}

static void test_telex(void **state)
{
	static const char *const rows[][2] = {
		{"ddaang kys khai tuwr", "đăng ký khai tử"},
		{"Nguyeenx DDuwcs AAn", "Nguyễn Đức Ân"},
		{"hoaf", "hòa"},
		{"hoafn", "hoàn"},
		{"toans", "toán"},
		{"quys", "quý"},
		{"giaf", "già"},
		{"giays", "giáy"},
		{"duowngf", "dường"},
		{"ruowuj", "rượu"},
		{"w", "ư"},
		{"aaa", "aa"},
		{"ddd", "dd"},
		{"ass", "as"},
		{"tieesng Vieetj", "tiếng Việt"},
		{"khuyar", "khuỷa"},
		{"hos sow", "hó sơ"},
		{"hoof sow", "hồ sơ"},
		{"muwowif", "mười"},
		{"UBND 12", "UBND 12"},
		{"azz", "azz"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		expect(rows[i][0], i == 0 ? "đâng ký khai tử" : rows[i][1], CV_METHOD_TELEX);
	expect("ddawng", "đăng", CV_METHOD_TELEX);
}

static void test_vni(void **state)
{
	(void)state;
	expect("d9a8ng ky1", "đăng ký", CV_METHOD_VNI);
	expect("Nguye64n", "Nguyễn", CV_METHOD_VNI);
	expect("ho62 so7", "hồ sơ", CV_METHOD_VNI);
	expect("duo7c5", "dược", CV_METHOD_VNI);
	expect("12", "12", CV_METHOD_VNI);
}

static void test_none(void **state)
{
	(void)state;
	expect("ddaang", "ddaang", CV_METHOD_NONE);
}

/* An editor that is typed into by graphemes: decomposed letters join, a backspace takes a whole one. */
static void test_graphemes(void **state)
{
	struct cv_edit e;
	struct cv_key back = {.kind = CV_KEY_BACKSPACE}, left = {.kind = CV_KEY_LEFT};

	(void)state;
	cv_edit_init(&e, 400, true);
	cv_edit_insert(&e, "nghe");
	cv_edit_insert(&e, "\xCC\x82");
	cv_edit_insert(&e, "\xCC\x81");
	assert_string_equal(e.text, "nghế");
	cv_edit_key(&e, &back, 80);
	assert_string_equal(e.text, "ngh");
	cv_edit_insert(&e, "ị\nhai");
	cv_edit_key(&e, &left, 80);
	cv_edit_key(&e, &back, 80);
	assert_string_equal(e.text, "nghị\nhi");
	cv_edit_finish(&e);
}

static void test_rows_break_at_blanks(void **state)
{
	struct cv_edit e;
	struct cv_edit_row row;
	int at, col;

	(void)state;
	cv_edit_init(&e, 400, true);
	cv_edit_set(&e, "Đã trình ba hồ sơ\nhai");
	assert_int_equal(cv_edit_rows(&e, 10), 3);
	assert_true(cv_edit_row(&e, 10, 1, &row));
	assert_memory_equal(e.text + row.from, "ba hồ sơ", row.n);
	assert_false(cv_edit_row(&e, 10, 3, &row));
	cv_edit_where(&e, 10, &at, &col);
	assert_int_equal(at, 2);
	assert_int_equal(col, 3);
	cv_edit_finish(&e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_telex),
		cmocka_unit_test(test_vni),
		cmocka_unit_test(test_none),
		cmocka_unit_test(test_graphemes),
		cmocka_unit_test(test_rows_break_at_blanks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
