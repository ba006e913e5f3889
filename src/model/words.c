/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <congvu/base/i18n.h>
#include <congvu/base/mem.h>
#include <congvu/model/words.h>

#include <string.h>

static const char *const words[][2] = {
	/* workday: items[].state */
	{"planned", N_("chưa làm")},
	{"doing", N_("đang làm")},
	{"done", N_("xong")},
	{"partial", N_("dở dang")},
	{"dropped", N_("bỏ")},
	/* workday: place, place_pm */
	{"office", N_("cơ quan")},
	{"home", N_("tại nhà")},
	{"field", N_("địa bàn")},
	{"leave", N_("nghỉ")},
	/* a slot's cell */
	{"on_time", N_("đúng giờ")},
	{"caught_up", N_("gửi bù")},
	{"late", N_("muộn")},
	{"missing", N_("chưa gửi")},
	{"pending", N_("chưa gửi")},
	{"exempt", N_("không phải gửi")},
	/* dossier: contact, way, priority */
	{"phone", N_("điện thoại")},
	{"zalo", "Zalo"},
	{"email", N_("thư điện tử")},
	{"hand", N_("tại quầy")},
	{"post", N_("bưu chính")},
	{"normal", N_("thường")},
	{"urgent", N_("khẩn")},
	{"very_urgent", N_("thượng khẩn")},
	{"express", N_("hỏa tốc")},
};

const char *cv_word_label(const char *word)
{
	for (size_t i = 0; i < CV_COUNT(words); i++)
		if (strcmp(words[i][0], word) == 0)
			return _(words[i][1]);
	return word;
}
