/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The error table and the filling of struct cv_err. */
#include <congvu/base/buf.h>
#include <congvu/base/err.h>
#include <congvu/base/i18n.h>
#include <congvu/base/mem.h>

#include <stdarg.h>

#define MAX_PRINTED ((size_t)4 << 20)

static const struct {
	int exit;
	enum cv_retry retry;
	const char *code;
	const char *text;
} table[CV_RC_COUNT] = {
#define X(name, exit, retry, code, text) [CV_##name] = {exit, CV_RETRY_##retry, code, text},
	CV_RC_TABLE(X)
#undef X
};

static enum cv_rc known(enum cv_rc rc)
{
	return (unsigned)rc < CV_RC_COUNT ? rc : CV_INTERNAL;
}

int cv_rc_exit(enum cv_rc rc)
{
	return table[known(rc)].exit;
}

enum cv_retry cv_rc_retry(enum cv_rc rc)
{
	return table[known(rc)].retry;
}

const char *cv_rc_code(enum cv_rc rc)
{
	return table[known(rc)].code;
}

const char *cv_rc_text(enum cv_rc rc)
{
	return _(table[known(rc)].text);
}

void cv_err_init(struct cv_err *err)
{
	*err = (struct cv_err){.rc = CV_OK};
}

/* Through a string of any length, so that the cut never falls inside a letter. */
static void __attribute__((format(printf, 3, 0))) print_cut(char *dst, size_t size, const char *fmt, va_list ap)
{
	struct cv_buf whole;

	cv_buf_init(&whole, MAX_PRINTED);
	if (cv_buf_vaddf(&whole, fmt, ap))
		cv_strcopy(dst, size, whole.data);
	cv_buf_finish(&whole);
}

static void fill(struct cv_err *err, enum cv_rc rc, const char *code, const char *field, const char *fmt, va_list ap)
{
	if (err == NULL || err->rc != CV_OK)
		return;
	err->rc = rc;
	cv_strcopy(err->code, sizeof(err->code), code);
	cv_strcopy(err->field, sizeof(err->field), field != NULL ? field : "");
	/* Also what stays if a sentence cannot be printed. */
	cv_strcopy(err->detail, sizeof(err->detail), cv_rc_text(rc));
	if (fmt == NULL)
		return;
	print_cut(err->detail, sizeof(err->detail), fmt, ap);
}

enum cv_rc cv_err_set(struct cv_err *err, enum cv_rc rc, const char *field, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fill(err, rc, cv_rc_code(rc), field, fmt, ap);
	va_end(ap);
	return rc;
}

enum cv_rc cv_err_code(struct cv_err *err, enum cv_rc rc, const char *code, const char *field, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fill(err, rc, code, field, fmt, ap);
	va_end(ap);
	return rc;
}

void cv_err_hint(struct cv_err *err, const char *fmt, ...)
{
	va_list ap;

	if (err == NULL || err->hint[0] != '\0')
		return;
	va_start(ap, fmt);
	print_cut(err->hint, sizeof(err->hint), fmt, ap);
	va_end(ap);
}
