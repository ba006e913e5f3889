/* SPDX-License-Identifier: GPL-3.0-or-later */
/* UTF-8, normal form, search form, width and graphemes: utf8proc does the work. */
#include <congvu/base/mem.h>
#include <congvu/base/text.h>

#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#define MAX_COPY ((size_t)16 << 20)

/* One code point at s (n bytes left); length in bytes, or 0 for an invalid one. NUL counts as a code point. */
static size_t decode(const char *s, size_t n, utf8proc_int32_t *cp)
{
	utf8proc_ssize_t len = utf8proc_iterate((const utf8proc_uint8_t *)s, (utf8proc_ssize_t)n, cp);

	return len > 0 ? (size_t)len : 0;
}

bool cv_utf8_valid(const char *s, size_t n)
{
	utf8proc_int32_t cp;

	for (size_t at = 0; at < n;) {
		if ((unsigned char)s[at] < 0x80) {
			at++;
			continue;
		}
		size_t len = decode(s + at, n - at, &cp);
		if (len == 0)
			return false;
		at += len;
	}
	return true;
}

/* A copy with every invalid byte and every NUL replaced, so that utf8proc_map accepts it. */
static void repair(struct cv_buf *out, const char *s, size_t n)
{
	utf8proc_int32_t cp;

	for (size_t at = 0; at < n;) {
		size_t len = decode(s + at, n - at, &cp);
		if (len == 0 || cp == 0) {
			cv_buf_puts(out, "\xEF\xBF\xBD");
			at++;
		} else {
			cv_buf_add(out, s + at, len);
			at += len;
		}
	}
}

static bool map(struct cv_buf *out, const char *s, size_t n, utf8proc_option_t options)
{
	struct cv_buf clean;
	utf8proc_uint8_t *mapped = NULL;

	cv_buf_init(&clean, MAX_COPY);
	repair(&clean, s, n);
	utf8proc_ssize_t len =
		utf8proc_map((const utf8proc_uint8_t *)clean.data, (utf8proc_ssize_t)clean.len, &mapped, options);
	bool ok = len >= 0 && cv_buf_add(out, mapped, (size_t)len);
	free(mapped);
	cv_buf_finish(&clean);
	return ok;
}

/* Letters that are in normal form whatever stands beside them (Latin up to U+02FF, U+1E00-1EFF: all of Vietnamese;
 * U+2010-203F: dashes, quotes): bytes of the one at s, or 0. */
static size_t settled(const unsigned char *s, size_t n)
{
	if (s[0] < 0x80)
		return s[0] != 0;
	if (s[0] >= 0xC2 && s[0] <= 0xCB)
		return n >= 2 && (s[1] & 0xC0) == 0x80 ? 2 : 0;
	if (n < 3 || (s[1] & 0xC0) != 0x80 || (s[2] & 0xC0) != 0x80)
		return 0;
	if (s[0] == 0xE1)
		return s[1] >= 0xB8 && s[1] <= 0xBB ? 3 : 0;
	return s[0] == 0xE2 && s[1] == 0x80 && s[2] >= 0x90 ? 3 : 0;
}

static bool all_settled(const char *s, size_t n)
{
	for (size_t at = 0, len; at < n; at += len) {
		len = settled((const unsigned char *)s + at, n - at);
		if (len == 0)
			return false;
	}
	return true;
}

struct points {
	utf8proc_int32_t *cp; /* owned */
	size_t len, cap;
};

static void decompose(struct points *p, const char *s, size_t n)
{
	utf8proc_int32_t cp;
	int unused = 0;

	for (size_t at = 0; at < n;) {
		size_t len = decode(s + at, n - at, &cp);
		if (p->cap - p->len < 8) {
			p->cap = p->cap * 2 + 64;
			p->cp = cv_reallocarray(p->cp, p->cap, sizeof(*p->cp));
		}
		if (len == 0 || cp == 0)
			cp = 0xFFFD;
		/* The longest canonical decomposition has 4 code points. */
		p->len += (size_t)utf8proc_decompose_char(cp, p->cp + p->len, 8, UTF8PROC_STABLE | UTF8PROC_DECOMPOSE,
							  &unused);
		at += len > 0 ? len : 1;
	}
}

static unsigned int class_of(utf8proc_int32_t cp)
{
	return (unsigned int)utf8proc_get_property(cp)->combining_class & 0xFF;
}

/* A stable counting sort: utf8proc's own exchange sort takes seconds for 64 KiB of marks, and a stranger sends them. */
static void order_run(utf8proc_int32_t *cp, size_t n)
{
	size_t from[257] = {0};
	utf8proc_int32_t *sorted = cv_reallocarray(NULL, n, sizeof(*sorted));

	for (size_t i = 0; i < n; i++)
		from[class_of(cp[i]) + 1]++;
	for (size_t c = 1; c < CV_COUNT(from); c++)
		from[c] += from[c - 1];
	for (size_t i = 0; i < n; i++)
		sorted[from[class_of(cp[i])]++] = cp[i];
	memcpy(cp, sorted, n * sizeof(*sorted));
	free(sorted);
}

static void order_marks(struct points *p)
{
	for (size_t at = 0; at < p->len;) {
		size_t end = at;
		bool ordered = true;
		for (; end < p->len && class_of(p->cp[end]) != 0; end++)
			ordered = ordered && (end == at || class_of(p->cp[end - 1]) <= class_of(p->cp[end]));
		if (!ordered)
			order_run(p->cp + at, end - at);
		at = end + 1;
	}
}

bool cv_text_nfc(struct cv_buf *out, const char *s, size_t n)
{
	struct points p = {.cp = NULL};
	struct cv_buf text;
	utf8proc_uint8_t bytes[4];

	if (all_settled(s, n))
		return cv_buf_add(out, s, n);
	decompose(&p, s, n);
	order_marks(&p);
	utf8proc_ssize_t len =
		utf8proc_normalize_utf32(p.cp, (utf8proc_ssize_t)p.len, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
	cv_buf_init(&text, MAX_COPY);
	for (utf8proc_ssize_t i = 0; i < len; i++)
		cv_buf_add(&text, bytes, (size_t)utf8proc_encode_char(p.cp[i], bytes));
	bool ok = len >= 0 && !text.full && cv_buf_add(out, text.data, text.len);
	cv_buf_finish(&text);
	free(p.cp);
	return ok;
}

char *cv_text_nfc_dup(const char *s)
{
	struct cv_buf b;

	cv_buf_init(&b, MAX_COPY);
	cv_text_nfc(&b, s, strlen(s));
	return cv_buf_take(&b);
}

/* đ has no decomposition, so folding marks away does not reach it. Blanks become one space. */
static void fold_rest(struct cv_buf *out, const char *s, size_t n)
{
	bool blank = false;

	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)s[i];
		if (c == ' ' || (c >= '\t' && c <= '\r')) {
			blank = true;
			continue;
		}
		if (blank && out->len > 0)
			cv_buf_putc(out, ' ');
		blank = false;
		if (c == 0xC4 && i + 1 < n && ((unsigned char)s[i + 1] & 0xFE) == 0x90) { /* Đ U+0110, đ U+0111 */
			cv_buf_putc(out, 'd');
			i++;
		} else {
			cv_buf_putc(out, (char)c);
		}
	}
	if (blank && out->len > 0)
		cv_buf_putc(out, ' ');
}

bool cv_text_fold(struct cv_buf *out, const char *s, size_t n)
{
	struct cv_buf b;

	cv_buf_init(&b, MAX_COPY);
	bool ok = map(&b, s, n, UTF8PROC_STABLE | UTF8PROC_DECOMPOSE | UTF8PROC_CASEFOLD | UTF8PROC_STRIPMARK);
	fold_rest(out, b.data, b.len);
	cv_buf_finish(&b);
	return ok && !out->full;
}

char *cv_text_fold_dup(const char *s)
{
	struct cv_buf b;

	cv_buf_init(&b, MAX_COPY);
	cv_text_fold(&b, s, strlen(s));
	return cv_buf_take(&b);
}

bool cv_text_find(const char *haystack, const char *needle)
{
	return strstr(haystack, needle) != NULL;
}

/* ---- columns and graphemes ---- */
/* Columns of one grapheme cluster: its widest code point (marks and joiners are 0). */
static int cluster_width(const char *s, size_t n)
{
	int widest = 0;
	utf8proc_int32_t cp;

	for (size_t at = 0; at < n;) {
		size_t len = decode(s + at, n - at, &cp);
		if (len == 0) {
			at++;
			widest = widest > 0 ? widest : 1;
			continue;
		}
		int w = utf8proc_charwidth(cp);
		if (utf8proc_category(cp) == UTF8PROC_CATEGORY_CO)
			w = 1; /* private use: terminals give it one column */
		widest = w > widest ? w : widest;
		at += len;
	}
	return widest;
}

size_t cv_grapheme_next(const char *s, size_t n)
{
	utf8proc_int32_t before, cp, state = 0;

	if (n == 0 || s[0] == '\0')
		return 0;
	size_t at = decode(s, n, &before);
	if (at == 0)
		return 1;
	while (at < n) {
		size_t len = decode(s + at, n - at, &cp);
		if (len == 0 || utf8proc_grapheme_break_stateful(before, cp, &state))
			break;
		before = cp;
		at += len;
	}
	return at;
}

size_t cv_grapheme_prev(const char *s, size_t at)
{
	size_t from = 0, last = 0;

	while (from < at) {
		size_t len = cv_grapheme_next(s + from, at - from);
		if (len == 0)
			break;
		last = len;
		from += len;
	}
	return last;
}

size_t cv_grapheme_count(const char *s)
{
	size_t count = 0, n = strlen(s);

	for (size_t at = 0; at < n; count++)
		at += cv_grapheme_next(s + at, n - at);
	return count;
}

size_t cv_text_cut(const char *s, int width, int *used)
{
	size_t at = 0, n = strlen(s);
	int columns = 0;

	while (at < n) {
		size_t len = cv_grapheme_next(s + at, n - at);
		int w = cluster_width(s + at, len);
		if (columns + w > width)
			break;
		columns += w;
		at += len;
	}
	if (used != NULL)
		*used = columns;
	return at;
}

int cv_text_width(const char *s)
{
	int columns;

	cv_text_cut(s, 1 << 30, &columns);
	return columns;
}
