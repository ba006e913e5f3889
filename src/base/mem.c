/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Memory that never answers NULL; see the header for why. */
#include <congvu/base/mem.h>

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static _Noreturn void out_of_memory(void)
{
	static const char text[] = "congvu: hết bộ nhớ / out of memory\n";
	ssize_t n = write(STDERR_FILENO, text, sizeof(text) - 1);
	(void)n;
	_exit(70);
}

void *cv_alloc(size_t size)
{
	void *p = calloc(1, size != 0 ? size : 1);
	if (p == NULL)
		out_of_memory();
	return p;
}

void *cv_realloc(void *p, size_t size)
{
	void *q = realloc(p, size != 0 ? size : 1);
	if (q == NULL)
		out_of_memory();
	return q;
}

void *cv_reallocarray(void *p, size_t count, size_t size)
{
	if (size != 0 && count > SIZE_MAX / size)
		out_of_memory();
	return cv_realloc(p, count * size);
}

char *cv_strdup(const char *s)
{
	return s == NULL ? NULL : cv_strndup(s, strlen(s));
}

char *cv_strndup(const char *s, size_t n)
{
	size_t len = strnlen(s, n);
	char *copy = cv_alloc(len + 1);
	memcpy(copy, s, len);
	return copy;
}

char *cv_strf(const char *fmt, ...)
{
	char *text = NULL;
	va_list ap;

	va_start(ap, fmt);
	int n = vasprintf(&text, fmt, ap);
	va_end(ap);
	if (n < 0)
		out_of_memory();
	return text;
}

void cv_strcopy(char *dst, size_t size, const char *src)
{
	if (size == 0)
		return;
	size_t n = strlen(src);
	if (n >= size) {
		n = size - 1;
		/* Step back over continuation bytes: never leave half a character behind. */
		while (n > 0 && ((unsigned char)src[n] & 0xC0) == 0x80)
			n--;
	}
	memcpy(dst, src, n);
	dst[n] = '\0';
}
