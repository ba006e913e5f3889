/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Marks of a state secret: what is refused, and what an official writes every day. */
#include <unit/cmocka_all.h>

#include <congvu/base/mem.h>
#include <congvu/base/text.h>

static const struct {
	const char *s, *mark; /* NULL: passes */
} rows[] = {
	{"MẬT", "MẬT"},
	{"Độ mật: MẬT", "MẬT"},
	{"[TUYỆT MẬT] phương án", "TUYỆT MẬT"},
	{"Số 12/MẬT/2026", "MẬT"},
	{"TỐI MẬT", "TỐI MẬT"},
	{"TỐI  MẬT", "TỐI MẬT"},
	{"TỐI\xC2\xA0MẬT", "TỐI MẬT"},
	{"TỐI\tMẬT", "TỐI MẬT"},
	{"TO\xCC\x82\xCC\x81I MA\xCC\x82\xCC\xA3T", "TỐI MẬT"}, /* decomposed, marks in typing order */
	{"M\xE2\x80\x8BẬT", "MẬT"},				/* zero width inside */
	{"\xE2\x80\x8EMẬT ke hoach", "MẬT"},
	{"tiêu đề\xE2\x80\xA8MẬT\xE2\x80\xA8tiếp theo", "MẬT"},
	{"\033]0;MẬT\007kế hoạch", "MẬT"}, /* hidden in an escape sequence, stored all the same */
	{"Kế hoạch – MẬT – bản 2", "MẬT"},
	{"ke hoach MẬT.pdf", "MẬT"},
	{"bao-cao_MẬT_v2.docx", "MẬT"},
	{"Công văn\r\nMẬT\r\nKính gửi", "MẬT"},
	{"", NULL},
	{"đổi mật khẩu", NULL},
	{"đổi MẬT khẩu", NULL},
	{"BẢO MẬT", NULL},
	{"BẢO  MẬT", NULL},
	{"BẢO\xC2\xA0MẬT", NULL},
	{"QUY CHẾ BẢO MẬT THÔNG TIN", NULL},
	{"mật ong", NULL},
	{"Mật", NULL},
	{"HỌ VÀ TÊN MẬT", NULL},
	{"MẬTX", NULL},
	{"XMẬT", NULL},
	{"MAT", NULL},
};

static void marks_are_told_from_words(void **state)
{
	(void)state;
	for (size_t i = 0; i < CV_COUNT(rows); i++) {
		const char *what = NULL;
		bool found = cv_text_state_secret(rows[i].s, &what);
		if (found != (rows[i].mark != NULL))
			fail_msg("<%s>: %d", rows[i].s, found);
		if (found)
			assert_string_equal(what, rows[i].mark);
		assert_int_equal(cv_text_state_secret(rows[i].s, NULL), found);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(marks_are_told_from_words)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
