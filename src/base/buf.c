/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The bounded, growing buffer. */
#include <congvu/base/buf.h>
#include <congvu/base/mem.h>

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIRST 64

void cv_buf_init(struct cv_buf *b, size_t max)
{
	/* Half of the address space is no limit either, and max + 1 cannot overflow. */
	*b = (struct cv_buf){.max = max < SIZE_MAX / 2 ? max : SIZE_MAX / 2};
	b->cap = b->max + 1 < FIRST ? b->max + 1 : FIRST;
	b->data = cv_alloc(b->cap);
}

void cv_buf_finish(struct cv_buf *b)
{
	free(b->data);
	*b = (struct cv_buf){0};
}

void cv_buf_reset(struct cv_buf *b)
{
	b->len = 0;
	b->full = false;
	if (b->data != NULL)
		b->data[0] = '\0';
}

static bool make_room(struct cv_buf *b, size_t n)
{
	if (b->full || n > b->max - b->len) {
		b->full = true;
		return false;
	}
	size_t need = b->len + n + 1;
	if (need <= b->cap && b->data != NULL)
		return true;
	size_t cap = b->cap < FIRST ? FIRST : b->cap;
	while (cap < need)
		cap *= 2;
	if (cap > b->max + 1)
		cap = b->max + 1;
	b->data = cv_realloc(b->data, cap);
	b->cap = cap;
	return true;
}

bool cv_buf_add(struct cv_buf *b, const void *bytes, size_t n)
{
	if (!make_room(b, n))
		return false;
	if (n != 0)
		memcpy(b->data + b->len, bytes, n);
	b->len += n;
	b->data[b->len] = '\0';
	return true;
}

bool cv_buf_puts(struct cv_buf *b, const char *s)
{
	return cv_buf_add(b, s, strlen(s));
}

bool cv_buf_putc(struct cv_buf *b, char c)
{
	return cv_buf_add(b, &c, 1);
}

bool cv_buf_vaddf(struct cv_buf *b, const char *fmt, va_list ap)
{
	char *text = NULL;
	int n = vasprintf(&text, fmt, ap);
	if (n < 0) {
		b->full = true;
		return false;
	}
	bool ok = cv_buf_add(b, text, (size_t)n);
	free(text);
	return ok;
}

bool cv_buf_addf(struct cv_buf *b, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	bool ok = cv_buf_vaddf(b, fmt, ap);
	va_end(ap);
	return ok;
}

char *cv_buf_take(struct cv_buf *b)
{
	char *data = b->data != NULL ? b->data : cv_alloc(1);
	*b = (struct cv_buf){.max = b->max};
	return data;
}
