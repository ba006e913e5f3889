/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "client/tui/view/wrap.h"

#include <congvu/base/mem.h>
#include <congvu/base/text.h>

#include <stdlib.h>
#include <string.h>

/* Bytes of `line` (n of them) that one row takes: up to the last blank that fits. */
static size_t row_of(const char *line, size_t n, int width)
{
	int used;
	size_t fit = cv_text_cut(line, width, &used), blank = fit;

	if (fit >= n)
		return n;
	while (blank > 0 && line[blank] != ' ')
		blank--;
	return blank > 0 ? blank : fit;
}

int cv_wrap_draw(struct cv_term *t, int row, int last, int col, int width, const char *text)
{
	while (*text != '\0' && row < last) {
		size_t line = strcspn(text, "\n");
		char *one = cv_strndup(text, line);
		size_t fit = row_of(one, line, width);
		if (fit == 0 && line > 0)
			fit = line; /* not even one letter fits */
		one[fit] = '\0';
		cv_put(t, row++, col, width, CV_PLAIN, one);
		free(one);
		text += fit;
		text += *text == '\n' || *text == ' ' ? 1 : 0;
	}
	return row;
}

void cv_put_first(struct cv_term *t, int row, int col, int width, const char *text)
{
	char *line = cv_strndup(text, strcspn(text, "\n"));
	int used = 0;
	bool whole = cv_text_width(line) <= width && strchr(text, '\n') == NULL;

	if (!whole && width > 1)
		line[cv_text_cut(line, width - 1, &used)] = '\0';
	used = cv_put(t, row, col, width, CV_PLAIN, line);
	if (!whole && used < width)
		cv_put(t, row, col + used, 1, CV_PLAIN, "…");
	free(line);
}
