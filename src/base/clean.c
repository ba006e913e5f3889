/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Foreign text made harmless for a terminal. */
#include <congvu/base/mem.h>
#include <congvu/base/text.h>

#include <string.h>
#include <utf8proc.h>

#define MAX_COPY  ((size_t)16 << 20)
#define MAX_MARKS 8

/* Bytes of an escape sequence at s (behind ESC): CSI to its final byte, OSC and the other strings to BEL or ST, else
 * the one character that follows. An unfinished sequence goes to the end of the text. */
static size_t string_sequence(const char *s, size_t n)
{
	for (size_t at = 1; at < n; at++) {
		if (s[at] == '\a')
			return at + 1;
		if (s[at] == '\033' && at + 1 < n && s[at + 1] == '\\')
			return at + 2;
		if (s[at] == '\n')
			return at;
	}
	return n;
}

static size_t sequence(const char *s, size_t n)
{
	if (n == 0)
		return 0;
	if (strchr("]PX^_", s[0]) != NULL && s[0] != '\0')
		return string_sequence(s, n);
	if (s[0] != '[')
		return s[0] >= 0x20 && s[0] < 0x7F ? 1 : 0;
	for (size_t at = 1; at < n; at++) {
		if (s[at] >= 0x40 && s[at] <= 0x7E)
			return at + 1;
		if (s[at] < 0x20)
			return at;
	}
	return n;
}

static bool emoji_like(utf8proc_int32_t cp)
{
	return cp >= 0x1F000 || (cp >= 0x2600 && cp <= 0x27BF) || cp == 0xFE0F;
}

/* Invisible: bidi controls, zero width, joiners (unless between emoji), tags, line separators, BOM. */
static bool invisible(utf8proc_int32_t cp, utf8proc_int32_t before)
{
	if (cp == 0x200D)
		return !emoji_like(before);
	return (cp >= 0x200B && cp <= 0x200F) || (cp >= 0x2028 && cp <= 0x202E) || (cp >= 0x2060 && cp <= 0x206F) ||
	       cp == 0x061C || cp == 0xFEFF || cp == 0x00AD || cp == 0x034F || cp == 0x180E || cp == 0x115F ||
	       cp == 0x1160 || cp == 0x3164 || (cp >= 0xE0000 && cp <= 0xE0FFF);
}

static bool control(utf8proc_int32_t cp)
{
	return cp < 0x20 || (cp >= 0x7F && cp < 0xA0);
}

static bool mark(utf8proc_int32_t cp)
{
	utf8proc_category_t category = utf8proc_category(cp);

	return category == UTF8PROC_CATEGORY_MN || category == UTF8PROC_CATEGORY_ME;
}

static void pass(struct cv_buf *out, const char *s, size_t n, bool keep_lines)
{
	utf8proc_int32_t cp = 0, before = 0;
	int marks = 0;

	for (size_t at = 0; at < n;) {
		utf8proc_ssize_t len =
			utf8proc_iterate((const utf8proc_uint8_t *)s + at, (utf8proc_ssize_t)(n - at), &cp);
		if (len <= 0) {
			cv_buf_puts(out, "\xEF\xBF\xBD");
			at++;
			continue;
		}
		const char *here = s + at;
		at += (size_t)len;
		if (cp == 0x1B) {
			at += sequence(s + at, n - at);
		} else if (cp == '\n' || cp == '\t') {
			cv_buf_putc(out, keep_lines ? (char)cp : ' ');
		} else if (!control(cp) && !invisible(cp, before)) {
			marks = mark(cp) ? marks + 1 : 0;
			if (marks <= MAX_MARKS)
				cv_buf_add(out, here, (size_t)len);
			before = cp;
		}
	}
}

bool cv_text_clean(struct cv_buf *out, const char *s, size_t n, bool keep_lines)
{
	struct cv_buf b;

	cv_buf_init(&b, MAX_COPY);
	pass(&b, s, n, keep_lines);
	bool ok = cv_text_nfc(out, b.data, b.len);
	cv_buf_finish(&b);
	return ok;
}

char *cv_text_clean_dup(const char *s, bool keep_lines)
{
	struct cv_buf b;

	cv_buf_init(&b, MAX_COPY);
	cv_text_clean(&b, s, strlen(s), keep_lines);
	return cv_buf_take(&b);
}
