/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Marks of a state secret in a text (State Secrets Law 117/2025/QH15): MẬT, TỐI MẬT, TUYỆT MẬT in capitals, standing
 * alone: at the beginning or the end of a line or title, or between brackets, slashes and the like, and not beside
 * another word in capitals. So "đổi mật khẩu", "BẢO MẬT", "mật ong" and "HỌ VÀ TÊN MẬT" pass.
 */
#include <congvu/base/mem.h>
#include <congvu/base/text.h>

#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

static const char *const marks[] = {"TUYỆT MẬT", "TỐI MẬT", "MẬT"};

static bool letter(utf8proc_int32_t cp)
{
	utf8proc_category_t c = utf8proc_category(cp);

	return (c >= UTF8PROC_CATEGORY_LU && c <= UTF8PROC_CATEGORY_LO) || c == UTF8PROC_CATEGORY_ND;
}

/* The code point before `at`, 0 at the beginning. */
static utf8proc_int32_t before(const char *s, size_t at)
{
	utf8proc_int32_t cp = 0;

	if (at == 0)
		return 0;
	do
		at--;
	while (at > 0 && ((unsigned char)s[at] & 0xC0) == 0x80);
	utf8proc_iterate((const utf8proc_uint8_t *)s + at, -1, &cp);
	return cp;
}

static utf8proc_int32_t after(const char *s)
{
	utf8proc_int32_t cp = 0;

	if (*s == '\0')
		return 0;
	utf8proc_iterate((const utf8proc_uint8_t *)s, -1, &cp);
	return cp;
}

/* Is the word that ends before `at` (behind blanks) written in capitals? One-letter words and numbers are none. */
static bool capitals(const char *s, size_t from, size_t to)
{
	int upper = 0, lower = 0;

	for (size_t at = from; at < to;) {
		utf8proc_int32_t cp;
		utf8proc_ssize_t len =
			utf8proc_iterate((const utf8proc_uint8_t *)s + at, (utf8proc_ssize_t)(to - at), &cp);
		if (len <= 0)
			break;
		at += (size_t)len;
		utf8proc_category_t c = utf8proc_category(cp);
		upper += c == UTF8PROC_CATEGORY_LU;
		lower += c == UTF8PROC_CATEGORY_LL;
	}
	return upper > 0 && lower == 0;
}

static bool blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool capital_word_before(const char *s, size_t at)
{
	size_t to = at;
	while (to > 0 && blank(s[to - 1]))
		to--;
	size_t from = to;
	while (from > 0 && letter(before(s, from)))
		do
			from--;
		while (from > 0 && ((unsigned char)s[from] & 0xC0) == 0x80);
	return to < at && from < to && capitals(s, from, to);
}

static bool capital_word_after(const char *s, size_t at)
{
	size_t from = at;
	while (blank(s[from]))
		from++;
	size_t to = from;
	utf8proc_int32_t cp;
	while (s[to] != '\0') {
		utf8proc_ssize_t len = utf8proc_iterate((const utf8proc_uint8_t *)s + to, -1, &cp);
		if (len <= 0 || !letter(cp))
			break;
		to += (size_t)len;
	}
	return from > at && to > from && capitals(s, from, to);
}

/* A sign that sets a mark apart, or the end of a line. */
static bool edge(utf8proc_int32_t cp)
{
	if (cp < 0x80)
		return cp == 0 || strchr("\r\n()[]{}<>/|\\_-\"'.:;,*#!", (int)cp) != NULL;
	/* dashes, quotes, bullets, ellipsis; guillemets and the middle dot */
	return (cp >= 0x2010 && cp <= 0x2027) || cp == 0xAB || cp == 0xBB || cp == 0xB7;
}

static bool edge_before(const char *s, size_t at)
{
	while (at > 0 && blank(s[at - 1]))
		at--;
	return edge(before(s, at));
}

static bool edge_after(const char *s, size_t at)
{
	while (blank(s[at]))
		at++;
	return edge(after(s + at));
}

static bool stands_alone(const char *s, size_t at, size_t len)
{
	if (letter(before(s, at)) || letter(after(s + at + len)))
		return false;
	if (capital_word_before(s, at) || capital_word_after(s, at + len))
		return false;
	return edge_before(s, at) || edge_after(s, at + len);
}

/* NFC with every kind of blank as one space, so that "TỐI  MẬT" is the mark that a reader sees. */
static char *even_blanks(const char *text)
{
	char *s = cv_text_nfc_dup(text);
	struct cv_buf b;
	bool blank_before = false;

	cv_buf_init(&b, strlen(s));
	for (size_t at = 0; s[at] != '\0';) {
		utf8proc_int32_t cp;
		size_t len = (size_t)utf8proc_iterate((const utf8proc_uint8_t *)s + at, -1, &cp);
		bool space = cp == '\t' || utf8proc_category(cp) == UTF8PROC_CATEGORY_ZS;
		if (!space)
			cv_buf_add(&b, s + at, len);
		else if (!blank_before)
			cv_buf_putc(&b, ' ');
		blank_before = space;
		at += len;
	}
	free(s);
	return cv_buf_take(&b);
}

static bool find_mark(const char *text, const char **what)
{
	char *s = even_blanks(text);
	bool found = false;

	for (size_t m = 0; m < CV_COUNT(marks) && !found; m++) {
		size_t len = strlen(marks[m]);
		for (const char *p = strstr(s, marks[m]); p != NULL && !found; p = strstr(p + len, marks[m])) {
			found = stands_alone(s, (size_t)(p - s), len);
			if (found && what != NULL)
				*what = marks[m];
		}
	}
	free(s);
	return found;
}

bool cv_text_state_secret(const char *text, const char **what)
{
	/* As it came (a mark inside an escape sequence would be stored with it) and as a reader sees it (a zero-width
	 * sign inside the word hides nothing from him). */
	if (find_mark(text, what))
		return true;
	char *clean = cv_text_clean_dup(text, true);
	bool found = strcmp(clean, text) != 0 && find_mark(clean, what);
	free(clean);
	return found;
}
