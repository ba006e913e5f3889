/* SPDX-License-Identifier: GPL-3.0-or-later */
/* "Did you mean": the nearest word by edit distance (insert, delete, replace, swap of neighbours). */
#include <congvu/base/cmdline.h>
#include <string.h>

#define WORD_MAX 64
#define FAR	 3

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Distance with neighbouring swaps counted as one (optimal string alignment); FAR for long words. */
static size_t distance(const char *a, const char *b)
{
	size_t n = strlen(a), m = strlen(b);
	size_t rows[3][WORD_MAX + 1];

	if (n > WORD_MAX || m > WORD_MAX || (n > m ? n - m : m - n) >= FAR)
		return FAR;
	for (size_t j = 0; j <= m; j++)
		rows[0][j] = j;
	for (size_t i = 1; i <= n; i++) {
		size_t *row = rows[i % 3], *before = rows[(i + 2) % 3], *second = rows[(i + 1) % 3];

		row[0] = i;
		for (size_t j = 1; j <= m; j++) {
			size_t d = before[j - 1] + (a[i - 1] != b[j - 1]);

			d = least(d, least(before[j], row[j - 1]) + 1);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				d = least(d, second[j - 2] + 1);
			row[j] = d;
		}
	}
	return rows[n % 3][m];
}

const char *cv_suggest(const char *word, const char *const *words)
{
	const char *best = NULL;
	size_t best_d = FAR;

	for (size_t i = 0; words[i] != NULL; i++) {
		size_t d = distance(word, words[i]);

		/* Two changes in a word of two letters are no likeness. */
		if (d < best_d && d < strlen(words[i]) && d < strlen(word)) {
			best = words[i];
			best_d = d;
		}
	}
	return best;
}
