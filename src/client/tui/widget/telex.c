/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A word is taken apart into letters (which vowel, with which mark, which tone, capital or not), the key changes them,
 * the tone is put where Vietnamese writes it, and the word is put together again.
 */
#include "client/tui/widget/telex.h"

#include <congvu/base/mem.h>
#include <congvu/base/text.h>

#include <ctype.h>
#include <string.h>

/* Rows: the twelve vowels; columns: level, huyền, hỏi, ngã, sắc, nặng. */
static const char *const small[12][6] = {
	{"a", "à", "ả", "ã", "á", "ạ"}, {"ă", "ằ", "ẳ", "ẵ", "ắ", "ặ"}, {"â", "ầ", "ẩ", "ẫ", "ấ", "ậ"},
	{"e", "è", "ẻ", "ẽ", "é", "ẹ"}, {"ê", "ề", "ể", "ễ", "ế", "ệ"}, {"i", "ì", "ỉ", "ĩ", "í", "ị"},
	{"o", "ò", "ỏ", "õ", "ó", "ọ"}, {"ô", "ồ", "ổ", "ỗ", "ố", "ộ"}, {"ơ", "ờ", "ở", "ỡ", "ớ", "ợ"},
	{"u", "ù", "ủ", "ũ", "ú", "ụ"}, {"ư", "ừ", "ử", "ữ", "ứ", "ự"}, {"y", "ỳ", "ỷ", "ỹ", "ý", "ỵ"},
};
static const char *const capital[12][6] = {
	{"A", "À", "Ả", "Ã", "Á", "Ạ"}, {"Ă", "Ằ", "Ẳ", "Ẵ", "Ắ", "Ặ"}, {"Â", "Ầ", "Ẩ", "Ẫ", "Ấ", "Ậ"},
	{"E", "È", "Ẻ", "Ẽ", "É", "Ẹ"}, {"Ê", "Ề", "Ể", "Ễ", "Ế", "Ệ"}, {"I", "Ì", "Ỉ", "Ĩ", "Í", "Ị"},
	{"O", "Ò", "Ỏ", "Õ", "Ó", "Ọ"}, {"Ô", "Ồ", "Ổ", "Ỗ", "Ố", "Ộ"}, {"Ơ", "Ờ", "Ở", "Ỡ", "Ớ", "Ợ"},
	{"U", "Ù", "Ủ", "Ũ", "Ú", "Ụ"}, {"Ư", "Ừ", "Ử", "Ữ", "Ứ", "Ự"}, {"Y", "Ỳ", "Ỷ", "Ỹ", "Ý", "Ỵ"},
};
enum vowel { A, AW, AA, E, EE, I, O, OO, OW, U, UW, Y, CONSONANT, D_BAR };

#define LETTERS 32
struct letter {
	enum vowel vowel;
	bool upper;
	char plain; /* of a consonant */
};
struct word {
	struct letter letters[LETTERS];
	int n, tone;
};

const char *cv_method_name(enum cv_method method)
{
	return method == CV_METHOD_TELEX ? "Telex" : method == CV_METHOD_VNI ? "VNI" : "";
}

static bool take_vowel(struct word *w, struct letter *l, const char *s, size_t n)
{
	for (int row = 0; row < 12; row++)
		for (int tone = 0; tone < 6; tone++)
			for (int upper = 0; upper < 2; upper++) {
				const char *own = upper ? capital[row][tone] : small[row][tone];
				if (strlen(own) != n || memcmp(own, s, n) != 0)
					continue;
				*l = (struct letter){.vowel = (enum vowel)row, .upper = upper};
				if (tone > 0)
					w->tone = tone;
				return true;
			}
	return false;
}

/* False: too long, or letters of another language. */
static bool take_apart(struct word *w, const char *text)
{
	size_t left = strlen(text);

	*w = (struct word){.n = 0};
	while (left > 0) {
		size_t n = cv_grapheme_next(text, left);
		if (w->n == LETTERS || n == 0)
			return false;
		struct letter *l = &w->letters[w->n];
		if (n == 2 && (memcmp(text, "đ", 2) == 0 || memcmp(text, "Đ", 2) == 0))
			*l = (struct letter){.vowel = D_BAR, .upper = memcmp(text, "Đ", 2) == 0};
		else if (!take_vowel(w, l, text, n)) {
			if (n != 1)
				return false;
			*l = (struct letter){.vowel = CONSONANT, .plain = *text};
		}
		w->n++;
		text += n;
		left -= n;
	}
	return true;
}

static bool is_vowel(const struct word *w, int i)
{
	return i >= 0 && i < w->n && w->letters[i].vowel < CONSONANT;
}

static bool plain_is(const struct word *w, int i, char c)
{
	return i >= 0 && i < w->n && w->letters[i].vowel == CONSONANT && tolower(w->letters[i].plain) == c;
}

/* The cluster of vowels that carries the tone: the u of "qu" and the i of "gia" belong to the consonant. */
static bool cluster(const struct word *w, int *from, int *to)
{
	int i = 0;

	while (i < w->n && !is_vowel(w, i))
		i++;
	*from = i;
	while (is_vowel(w, i))
		i++;
	*to = i;
	bool qu = plain_is(w, *from - 1, 'q') && w->letters[*from].vowel == U;
	bool gi = plain_is(w, *from - 1, 'g') && *from < w->n && w->letters[*from].vowel == I;
	if ((qu || gi) && *to - *from > 1)
		(*from)++;
	return *from < *to;
}

static int tone_at(const struct word *w)
{
	int from, to, best = -1;

	if (!cluster(w, &from, &to))
		return -1;
	for (int i = from; i < to; i++) {
		enum vowel v = w->letters[i].vowel;
		if (v == AW || v == AA || v == EE || v == OO || v == OW || v == UW)
			best = i; /* the last one with a mark: ư ơ in "ươ" is ơ */
	}
	if (best >= 0)
		return best;
	if (to - from == 1)
		return from;
	if (to - from == 2)
		return to < w->n ? to - 1 : from; /* toán, hòa */
	return from + 1;
}

static void put_together(char *out, size_t size, const struct word *w)
{
	int at = w->tone > 0 ? tone_at(w) : -1;
	size_t n = 0;

	for (int i = 0; i < w->n; i++) {
		const struct letter *l = &w->letters[i];
		char one[2] = {l->plain, '\0'};
		const char *s = one;
		if (l->vowel == D_BAR)
			s = l->upper ? "Đ" : "đ";
		else if (l->vowel < CONSONANT)
			s = (l->upper ? capital : small)[l->vowel][i == at ? w->tone : 0];
		if (n + strlen(s) + 1 > size)
			break;
		memcpy(out + n, s, strlen(s));
		n += strlen(s);
	}
	out[n] = '\0';
}

static void append(struct word *w, char key)
{
	static const char letters[] = "aeiouy";
	static const enum vowel vowels[] = {A, E, I, O, U, Y};
	const char *found = strchr(letters, tolower(key));

	if (w->n == LETTERS)
		return;
	struct letter *l = &w->letters[w->n++];
	*l = (struct letter){.vowel = CONSONANT, .plain = key};
	if (found != NULL && key != '\0')
		*l = (struct letter){.vowel = vowels[found - letters], .upper = isupper((unsigned char)key)};
}

/* What a key wants: the tone, or a vowel to become another. */
struct wish {
	int tone; /* 1..5; 0: take it away; -1: none */
	struct {
		enum vowel from, to;
	} marks[3]; /* ends with from == to */
	bool d_bar;
};

static bool telex_wish(struct wish *wish, char key)
{
	static const char tones[] = "zfrxsj";
	const char *tone = strchr(tones, key);

	*wish = (struct wish){.tone = -1};
	if (tone != NULL)
		wish->tone = (int)(tone - tones);
	else if (key == 'a')
		*wish = (struct wish){.tone = -1, .marks = {{A, AA}}};
	else if (key == 'e')
		*wish = (struct wish){.tone = -1, .marks = {{E, EE}}};
	else if (key == 'o')
		*wish = (struct wish){.tone = -1, .marks = {{O, OO}}};
	else if (key == 'w')
		*wish = (struct wish){.tone = -1, .marks = {{A, AW}, {O, OW}, {U, UW}}};
	else if (key == 'd')
		wish->d_bar = true;
	else
		return false;
	return true;
}

static bool vni_wish(struct wish *wish, char key)
{
	static const int tones[] = {0, 4, 1, 2, 3, 5}; /* 1 sắc 2 huyền 3 hỏi 4 ngã 5 nặng */

	*wish = (struct wish){.tone = -1};
	if (key >= '0' && key <= '5')
		wish->tone = tones[key - '0'];
	else if (key == '6')
		*wish = (struct wish){.tone = -1, .marks = {{A, AA}, {E, EE}, {O, OO}}};
	else if (key == '7')
		*wish = (struct wish){.tone = -1, .marks = {{O, OW}, {U, UW}}};
	else if (key == '8')
		*wish = (struct wish){.tone = -1, .marks = {{A, AW}}};
	else if (key == '9')
		wish->d_bar = true;
	else
		return false;
	return true;
}

static bool do_tone(struct word *w, int tone, char key)
{
	if (tone_at(w) < 0 || (tone == 0 && w->tone == 0))
		return false;
	if (tone == w->tone) { /* again: taken back, the key is a letter */
		w->tone = 0;
		append(w, key);
	} else {
		w->tone = tone;
	}
	return true;
}

static bool do_d(struct word *w, char key)
{
	struct letter *l = &w->letters[0];

	if (w->n == 0)
		return false;
	if (plain_is(w, 0, 'd')) {
		*l = (struct letter){.vowel = D_BAR, .upper = isupper((unsigned char)l->plain)};
		return true;
	}
	if (l->vowel != D_BAR)
		return false;
	*l = (struct letter){.vowel = CONSONANT, .plain = l->upper ? 'D' : 'd'};
	append(w, key);
	return true;
}

static bool do_marks(struct word *w, const struct wish *wish, char key)
{
	int from, to;
	bool done = false;

	if (!cluster(w, &from, &to))
		return false;
	/* The last vowel that can take the mark; of "uo" both ("ươ"). */
	for (int i = to - 1; i >= from && !done; i--)
		for (int m = 0; m < 3 && wish->marks[m].from != wish->marks[m].to && !done; m++) {
			if (w->letters[i].vowel == wish->marks[m].to) {
				for (int k = from; k < to; k++)
					for (int q = 0; q < 3; q++)
						if (wish->marks[q].from != wish->marks[q].to &&
						    w->letters[k].vowel == wish->marks[q].to)
							w->letters[k].vowel = wish->marks[q].from;
				append(w, key);
				return true;
			}
			if (w->letters[i].vowel != wish->marks[m].from)
				continue;
			w->letters[i].vowel = wish->marks[m].to;
			if (wish->marks[m].to == OW && i > from && w->letters[i - 1].vowel == U)
				w->letters[i - 1].vowel = UW;
			done = true;
		}
	return done;
}

static bool grant(struct word *w, const struct wish *wish, char key)
{
	if (wish->tone >= 0)
		return do_tone(w, wish->tone, key);
	return wish->d_bar ? do_d(w, key) : do_marks(w, wish, key);
}

bool cv_telex(char *out, size_t size, const char *word, char key, enum cv_method method)
{
	struct word w;
	struct wish wish;
	char low = (char)tolower((unsigned char)key);
	bool known = method == CV_METHOD_TELEX ? telex_wish(&wish, low) : vni_wish(&wish, low);

	if (method == CV_METHOD_NONE || !take_apart(&w, word))
		return false;
	bool done = known && grant(&w, &wish, key);
	/* A w alone is ư. */
	if (!done && method == CV_METHOD_TELEX && low == 'w' && w.n < LETTERS) {
		w.letters[w.n++] = (struct letter){.vowel = UW, .upper = isupper((unsigned char)key)};
		done = true;
	}
	/* One letter more may move the tone: "hòa" and n is "hoàn". */
	if (!done && w.tone > 0 && isalpha((unsigned char)key)) {
		append(&w, key);
		done = true;
	}
	if (done)
		put_together(out, size, &w);
	return done;
}

/* Letters of the word that ends at `at`. */
size_t cv_telex_word(const char *text, size_t at)
{
	size_t from = at;

	while (from > 0) {
		unsigned char c = (unsigned char)text[from - 1];
		if (c < 0x80 && !isalpha(c))
			break;
		from--;
	}
	return at - from;
}
