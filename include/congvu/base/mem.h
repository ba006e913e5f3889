/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Memory. Allocation never returns NULL: every input is bounded before it is read, and what was
 * acknowledged is on disk before anybody hears of it, so a program that truly has no memory ends at
 * once (exit 70, one line on stderr) and loses nothing. See docs/decisions.md, "Out of memory".
 */
#ifndef CONGVU_BASE_MEM_H
#define CONGVU_BASE_MEM_H

#include <stddef.h>

void *cv_alloc(size_t size) __attribute__((malloc, returns_nonnull)); /* zeroed */
void *cv_realloc(void *p, size_t size) __attribute__((returns_nonnull));
/* count * size with the overflow checked. */
void *cv_reallocarray(void *p, size_t count, size_t size) __attribute__((returns_nonnull));
char *cv_strdup(const char *s) __attribute__((malloc)); /* NULL gives NULL */
char *cv_strndup(const char *s, size_t n) __attribute__((malloc));
char *cv_strf(const char *fmt, ...) __attribute__((malloc, format(printf, 1, 2)));
/* Copies at most size-1 bytes, never half a UTF-8 sequence, always ends with NUL. */
void cv_strcopy(char *dst, size_t size, const char *src);

#define CV_COUNT(array) (sizeof(array) / sizeof((array)[0]))

#endif
