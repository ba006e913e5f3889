/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Foreign text made harmless for a terminal. */
#include <congvu/base/mem.h>
#include <congvu/base/text.h>

#include <string.h>
#include <utf8proc.h>

#define MAX_COPY  ((size_t)16 << 20)
#define MAX_MARKS 8

enum { ESC = 0x1B, DCS = 0x90, SOS = 0x98, CSI = 0x9B, ST = 0x9C, OSC = 0x9D, PM = 0x9E, APC = 0x9F, ZWJ = 0x200D };

/* Bytes from s to behind the BEL or ST that ends a string sequence (OSC and its kin). An unfinished one gives 0: its
 * text is harmless without the introducer, and must not be a way to hide the rest. */
static size_t string_sequence(const char *s, size_t n)
{
	for (size_t at = 0; at < n && s[at] != '\n'; at++) {
		if (s[at] == '\a')
			return at + 1;
		if (n - at >= 2 && (memcmp(s + at, "\033\\", 2) == 0 || memcmp(s + at, "\xC2\x9C", 2) == 0))
			return at + 2;
	}
	return 0;
}

/* Bytes of parameters, intermediates and the final byte of a CSI sequence; what is cut short ends where it is cut. */
static size_t csi_sequence(const char *s, size_t n)
{
	size_t at = 0;

	while (at < n && s[at] >= 0x20 && s[at] <= 0x3F)
		at++;
	return at < n && s[at] >= 0x40 && s[at] <= 0x7E ? at + 1 : at;
}

/* Behind ESC. */
static size_t escape_sequence(const char *s, size_t n)
{
	size_t at = 0;

	if (n == 0)
		return 0;
	if (s[0] == '[')
		return 1 + csi_sequence(s + 1, n - 1);
	if (s[0] != '\0' && strchr("]PX^_", s[0]) != NULL)
		return 1 + string_sequence(s + 1, n - 1);
	while (at < n && s[at] >= 0x20 && s[at] <= 0x2F)
		at++;
	return at < n && s[at] >= 0x30 && s[at] <= 0x7E ? at + 1 : at;
}

static bool control(utf8proc_int32_t cp)
{
	return cp < 0x20 || (cp >= 0x7F && cp < 0xA0);
}

/* Bytes at s that belong to the control character before them. */
static size_t sequence(utf8proc_int32_t cp, const char *s, size_t n)
{
	switch (cp) {
	case ESC:
		return escape_sequence(s, n);
	case CSI:
		return csi_sequence(s, n);
	case DCS:
	case SOS:
	case OSC:
	case PM:
	case APC:
		return string_sequence(s, n);
	default:
		return 0;
	}
}

/* CR LF is one line break, CR at the end is nothing; CR, NEL and the Unicode separators alone are one as well: dropped,
 * they would join words. */
static bool line_break(utf8proc_int32_t cp, const char *next, size_t n)
{
	if (cp == '\r')
		return n > 0 && *next != '\n';
	return cp == '\n' || cp == 0x85 || cp == 0x2028 || cp == 0x2029;
}

static bool emoji(utf8proc_int32_t cp)
{
	return cp >= 0 && utf8proc_get_property(cp)->boundclass == UTF8PROC_BOUNDCLASS_EXTENDED_PICTOGRAPHIC;
}

/* Is an emoji, perhaps with its skin tone or its presentation selector, what stands before? */
static bool emoji_before(utf8proc_int32_t before)
{
	return emoji(before) || before == 0xFE0F || (before >= 0x1F3FB && before <= 0x1F3FF);
}

/* Everything of the category Cf (bidi controls, zero width, BOM, soft hyphen, tags), fillers that show nothing, and
 * variation selectors but for the one behind an emoji. */
static bool invisible(utf8proc_int32_t cp, utf8proc_int32_t before)
{
	if (cp == 0xFE0F)
		return !emoji(before);
	return utf8proc_category(cp) == UTF8PROC_CATEGORY_CF || (cp >= 0x2060 && cp <= 0x206F) ||
	       (cp >= 0xFE00 && cp <= 0xFE0F) || (cp >= 0xE0000 && cp <= 0xE0FFF) || cp == 0x034F || cp == 0x115F ||
	       cp == 0x1160 || cp == 0x3164 || cp == 0xFFA0;
}

static bool mark(utf8proc_int32_t cp)
{
	utf8proc_category_t category = utf8proc_category(cp);

	return category == UTF8PROC_CATEGORY_MN || category == UTF8PROC_CATEGORY_ME || category == UTF8PROC_CATEGORY_MC;
}

struct pass {
	struct cv_buf *out;
	bool keep_lines;
	utf8proc_int32_t before; /* what was kept last; -1 at the beginning of a line */
	int marks;
};

static void put(struct pass *p, const char *here, size_t len, utf8proc_int32_t cp)
{
	p->marks = mark(cp) ? p->marks + 1 : 0;
	/* A mark without a base would sit on whatever the screen shows before it. */
	if (p->marks > MAX_MARKS || (p->marks > 0 && p->before < 0))
		return;
	cv_buf_add(p->out, here, len);
	p->before = cp;
}

static void put_blank(struct pass *p, char c)
{
	cv_buf_putc(p->out, p->keep_lines ? c : ' ');
	p->before = -1;
	p->marks = 0;
}

static bool joins(const struct pass *p, const char *next, size_t n)
{
	utf8proc_int32_t cp;

	return emoji_before(p->before) &&
	       utf8proc_iterate((const utf8proc_uint8_t *)next, (utf8proc_ssize_t)n, &cp) > 0 && emoji(cp);
}

static void run(struct pass *p, const char *s, size_t n)
{
	utf8proc_int32_t cp = 0;

	for (size_t at = 0; at < n;) {
		const char *here = s + at;
		utf8proc_ssize_t len =
			utf8proc_iterate((const utf8proc_uint8_t *)here, (utf8proc_ssize_t)(n - at), &cp);
		if (len <= 0) {
			put(p, "\xEF\xBF\xBD", 3, 0xFFFD);
			at++;
			continue;
		}
		at += (size_t)len;
		if (line_break(cp, s + at, n - at))
			put_blank(p, '\n');
		else if (cp == '\t')
			put_blank(p, '\t');
		else if (control(cp))
			at += sequence(cp, s + at, n - at);
		else if (cp == ZWJ ? joins(p, s + at, n - at) : !invisible(cp, p->before))
			put(p, here, (size_t)len, cp);
	}
}

bool cv_text_clean(struct cv_buf *out, const char *s, size_t n, bool keep_lines)
{
	struct cv_buf b;
	struct pass p = {.out = &b, .keep_lines = keep_lines, .before = -1};

	cv_buf_init(&b, MAX_COPY);
	run(&p, s, n);
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
