/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "client/tui/widget/edit.h"
#include "client/tui/widget/telex.h"

#include <congvu/base/mem.h>
#include <congvu/base/seal.h>
#include <congvu/base/text.h>

#include <stdlib.h>
#include <string.h>

void cv_edit_init(struct cv_edit *e, size_t max, bool lines)
{
	*e = (struct cv_edit){.text = cv_strdup(""), .max = max, .lines = lines};
}

void cv_edit_finish(struct cv_edit *e)
{
	if (e->text != NULL)
		cv_wipe(e->text, e->n);
	free(e->text);
	e->text = NULL;
}

void cv_edit_set(struct cv_edit *e, const char *text)
{
	cv_edit_finish(e);
	e->text = cv_strdup("");
	e->n = e->at = 0;
	cv_edit_insert(e, text);
	e->changed = false;
}

static void replace(struct cv_edit *e, size_t from, size_t to, const char *with, size_t n)
{
	char *text = cv_alloc(e->n - (to - from) + n + 1);

	memcpy(text, e->text, from);
	memcpy(text + from, with, n);
	memcpy(text + from + n, e->text + to, e->n - to);
	e->n = e->n - (to - from) + n;
	text[e->n] = '\0';
	cv_wipe(e->text, strlen(e->text));
	free(e->text);
	e->text = text;
	e->at = from + n;
	e->changed = true;
}

/* The letter before the cursor may combine with what is typed now ("a" and a combining mark): cleaned and put into NFC
 * are both together. */
void cv_edit_insert(struct cv_edit *e, const char *text)
{
	size_t from = e->at - cv_grapheme_prev(e->text, e->at), before = e->at - from;
	char *joint = cv_alloc(before + strlen(text) + 1);

	memcpy(joint, e->text + from, before);
	memcpy(joint + before, text, strlen(text) + 1);
	char *clean = cv_text_clean_dup(joint, true);
	if (!e->lines)
		for (char *p = clean; *p != '\0'; p++)
			if (*p == '\n' || *p == '\t')
				*p = ' ';
	size_t n = strlen(clean), room = e->max - (e->n - before);
	while (n > room) {
		size_t last = cv_grapheme_prev(clean, n);
		n -= last > 0 ? last : n;
	}
	if (n >= before)
		replace(e, from, e->at, clean, n);
	cv_wipe(joint, strlen(joint));
	cv_wipe(clean, strlen(clean));
	free(joint);
	free(clean);
}

/* ---- rows ---- */
/* Where the row that begins at `from` ends, and where the next one begins. */
static size_t break_row(const struct cv_edit *e, int width, size_t from, size_t *next)
{
	size_t end = from, blank = 0;
	int used = 0;

	*next = e->n + 1;
	while (end < e->n) {
		size_t n = cv_grapheme_next(e->text + end, e->n - end);
		char one[64];
		if (n == 0 || e->text[end] == '\n')
			break;
		cv_strcopy(one, n < sizeof(one) ? n + 1 : sizeof(one), e->text + end);
		int w = cv_text_width(one);
		if (used + w > width) {
			/* At a blank if there is one, and not in the middle of a word. */
			*next = blank > 0 ? blank : end;
			return *next;
		}
		if (e->text[end] == ' ')
			blank = end + 1;
		used += w;
		end += n;
	}
	if (end < e->n)
		*next = end + 1; /* behind the line end */
	return end;
}

bool cv_edit_row(const struct cv_edit *e, int width, int i, struct cv_edit_row *row)
{
	size_t from = 0, next;

	for (;; i--) {
		size_t end = break_row(e, width, from, &next);
		if (i == 0) {
			*row = (struct cv_edit_row){from, end - from};
			return true;
		}
		if (next > e->n)
			return false;
		from = next;
	}
}

int cv_edit_rows(const struct cv_edit *e, int width)
{
	struct cv_edit_row row;
	int n = 1;

	while (cv_edit_row(e, width, n, &row))
		n++;
	return n;
}

static int columns(const struct cv_edit *e, size_t from, size_t to)
{
	char *part = cv_strndup(e->text + from, to - from);
	int w = e->secret ? (int)cv_grapheme_count(part) : cv_text_width(part);

	cv_wipe(part, strlen(part));
	free(part);
	return w;
}

void cv_edit_where(const struct cv_edit *e, int width, int *row, int *col)
{
	struct cv_edit_row r = {0, 0}, next;

	*row = 0;
	while (cv_edit_row(e, width, *row, &r)) {
		bool more = cv_edit_row(e, width, *row + 1, &next);
		if (!more || e->at < next.from)
			break;
		(*row)++;
	}
	*col = columns(e, r.from, e->at > r.from + r.n ? r.from + r.n : e->at);
}

static bool go_row(struct cv_edit *e, int width, int by)
{
	struct cv_edit_row r;
	int row, col, used;

	cv_edit_where(e, width, &row, &col);
	if (row + by < 0 || !cv_edit_row(e, width, row + by, &r))
		return false;
	char *part = cv_strndup(e->text + r.from, r.n);
	e->at = r.from + cv_text_cut(part, col, &used);
	cv_wipe(part, strlen(part));
	free(part);
	return true;
}

static void go_edge(struct cv_edit *e, int width, bool end)
{
	struct cv_edit_row r;
	int row, col;

	cv_edit_where(e, width, &row, &col);
	if (!cv_edit_row(e, width, row, &r))
		return;
	e->at = end ? r.from + r.n : r.from;
	/* A row that was broken at a blank ends before it. */
	if (end && r.n > 0 && r.from + r.n < e->n && e->text[r.from + r.n - 1] == ' ')
		e->at--;
}

static void erase_word(struct cv_edit *e)
{
	size_t from = e->at;

	while (from > 0 && e->text[from - 1] == ' ')
		from--;
	while (from > 0 && e->text[from - 1] != ' ' && e->text[from - 1] != '\n')
		from--;
	replace(e, from, e->at, "", 0);
}

static bool control(struct cv_edit *e, int letter, int width)
{
	switch (letter) {
	case 'a':
		go_edge(e, width, false);
		return true;
	case 'e':
		go_edge(e, width, true);
		return true;
	case 'w':
		erase_word(e);
		return true;
	case 'u':
		replace(e, 0, e->at, "", 0);
		return true;
	case 'k':
		replace(e, e->at, e->lines ? e->at + strcspn(e->text + e->at, "\n") : e->n, "", 0);
		return true;
	default:
		return false;
	}
}

/* A letter, through the built-in input method if it is on. */
static void type(struct cv_edit *e, const struct cv_key *key)
{
	size_t n = cv_telex_word(e->text, e->at);
	char *word = cv_strndup(e->text + e->at - n, n), out[200];
	bool one = key->text[0] > 0 && key->text[1] == '\0';

	if (one && n < 100 && cv_telex(out, sizeof(out), word, key->text[0], (enum cv_method)key->method))
		replace(e, e->at - n, e->at, out, strlen(out));
	else
		cv_edit_insert(e, key->text);
	cv_wipe(word, n);
	free(word);
}

bool cv_edit_key(struct cv_edit *e, const struct cv_key *key, int width)
{
	size_t n;

	switch (key->kind) {
	case CV_KEY_CHAR:
		type(e, key);
		return true;
	case CV_KEY_ENTER:
		if (e->lines)
			cv_edit_insert(e, "\n");
		return e->lines;
	case CV_KEY_BACKSPACE:
		n = cv_grapheme_prev(e->text, e->at);
		replace(e, e->at - n, e->at, "", 0);
		return true;
	case CV_KEY_DELETE:
		n = cv_grapheme_next(e->text + e->at, e->n - e->at);
		replace(e, e->at, e->at + n, "", 0);
		return true;
	case CV_KEY_LEFT:
		e->at -= cv_grapheme_prev(e->text, e->at);
		return true;
	case CV_KEY_RIGHT:
		e->at += cv_grapheme_next(e->text + e->at, e->n - e->at);
		return true;
	case CV_KEY_HOME:
		go_edge(e, width, false);
		return true;
	case CV_KEY_END:
		go_edge(e, width, true);
		return true;
	case CV_KEY_UP:
		return e->lines && go_row(e, width, -1);
	case CV_KEY_DOWN:
		return e->lines && go_row(e, width, 1);
	case CV_KEY_CTRL:
		return control(e, key->number, width);
	default:
		return false;
	}
}
