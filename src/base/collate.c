/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Vietnamese dictionary order. Each character gives three keys: its letter (29 of the alphabet and f j w z), its tone
 * (ngang, huyền, hỏi, ngã, sắc, nặng), its case. Whole texts are compared by letters first, then tones, then case,
 * so that a tone never outweighs a later letter.
 */
#include <congvu/base/mem.h>
#include <congvu/base/text.h>

#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

struct weight {
	int letter, tone, upper;
};

enum { BREVE = 0x306, CIRCUMFLEX = 0x302, HORN = 0x31B };

static int tone_of(utf8proc_int32_t cp)
{
	switch (cp) {
	case 0x300: /* huyền */
		return 1;
	case 0x309: /* hỏi */
		return 2;
	case 0x303: /* ngã */
		return 3;
	case 0x301: /* sắc */
		return 4;
	case 0x323: /* nặng */
		return 5;
	default:
		return 0;
	}
}

/* Letters take steps of 4 above their base, so that ă, â, đ, ê, ô, ơ, ư stand behind it. */
static int letter_weight(utf8proc_int32_t base, utf8proc_int32_t modifier)
{
	int step = modifier == BREVE ? 1 : modifier == CIRCUMFLEX ? 2 : modifier == HORN ? 3 : 0;

	if (base == 0x111)
		return 'd' * 4 + 1;
	return (int)base * 4 + step;
}

/* Decomposed text into weights; *count gets how many. */
static struct weight *weigh(const char *s, size_t *count)
{
	utf8proc_uint8_t *nfd = NULL;
	char *valid = cv_text_nfc_dup(s);
	utf8proc_ssize_t n = utf8proc_map((const utf8proc_uint8_t *)valid, (utf8proc_ssize_t)strlen(valid), &nfd,
					  UTF8PROC_STABLE | UTF8PROC_DECOMPOSE);
	struct weight *w = cv_reallocarray(NULL, (size_t)(n > 0 ? n : 0) + 1, sizeof(*w));
	utf8proc_int32_t cp, base = 0;
	*count = 0;
	for (utf8proc_ssize_t at = 0; at < n;) {
		utf8proc_ssize_t len = utf8proc_iterate(nfd + at, n - at, &cp);
		if (len <= 0)
			break;
		at += len;
		if (*count > 0 && tone_of(cp) != 0) {
			w[*count - 1].tone = tone_of(cp);
		} else if (*count > 0 && (cp == BREVE || cp == CIRCUMFLEX || cp == HORN)) {
			w[*count - 1].letter = letter_weight(base, cp);
		} else {
			base = utf8proc_tolower(cp);
			w[(*count)++] = (struct weight){.letter = letter_weight(base, 0), .upper = base != cp};
		}
	}
	free(nfd);
	free(valid);
	return w;
}

static int sign(int a, int b)
{
	return (a > b) - (a < b);
}

static int compare(const struct weight *a, size_t na, const struct weight *b, size_t nb)
{
	size_t n = na < nb ? na : nb;

	for (size_t i = 0; i < n; i++)
		if (a[i].letter != b[i].letter)
			return sign(a[i].letter, b[i].letter);
	if (na != nb)
		return na < nb ? -1 : 1;
	for (size_t i = 0; i < n; i++)
		if (a[i].tone != b[i].tone)
			return sign(a[i].tone, b[i].tone);
	for (size_t i = 0; i < n; i++)
		if (a[i].upper != b[i].upper)
			return sign(a[i].upper, b[i].upper);
	return 0;
}

int cv_text_collate(const char *a, const char *b)
{
	size_t na, nb;
	struct weight *wa = weigh(a, &na), *wb = weigh(b, &nb);
	int result = compare(wa, na, wb, nb);

	free(wa);
	free(wb);
	return result;
}

const char *cv_name_given(const char *name)
{
	const char *given = name;

	for (const char *p = name; *p != '\0'; p++)
		if (*p == ' ' && p[1] != '\0' && p[1] != ' ')
			given = p + 1;
	return given;
}

int cv_name_collate(const char *a, const char *b)
{
	int result = cv_text_collate(cv_name_given(a), cv_name_given(b));

	return result != 0 ? result : cv_text_collate(a, b);
}
