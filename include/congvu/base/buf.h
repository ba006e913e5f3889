/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A growing byte buffer with a maximum. Once an append would pass the maximum the buffer is
 * `full`: it keeps what it had, and every later append is ignored, so that a caller may build
 * first and check once. data is always NUL-terminated (the NUL is not counted in len).
 */
#ifndef CONGVU_BASE_BUF_H
#define CONGVU_BASE_BUF_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

struct cv_buf {
	char *data; /* owned; NULL only when taken or finished */
	size_t len;
	size_t cap;
	size_t max; /* bytes */
	bool full;
};

void cv_buf_init(struct cv_buf *b, size_t max);
void cv_buf_finish(struct cv_buf *b); /* accepts an already finished one */
void cv_buf_reset(struct cv_buf *b);  /* empty again, memory kept */
/* Each returns false when the buffer is (now) full. */
bool cv_buf_add(struct cv_buf *b, const void *bytes, size_t n);
bool cv_buf_puts(struct cv_buf *b, const char *s);
bool cv_buf_putc(struct cv_buf *b, char c);
bool cv_buf_addf(struct cv_buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
bool cv_buf_vaddf(struct cv_buf *b, const char *fmt, va_list ap) __attribute__((format(printf, 2, 0)));
/* Hands the bytes over (caller frees); the buffer is empty again, holds nothing to finish, and may be added to. */
char *cv_buf_take(struct cv_buf *b);

#endif
