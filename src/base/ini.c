/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * INI files through inih. inih cuts silently: lines at INI_MAX_LINE, names of sections and keys at 50 bytes. Here
 * every line is looked at before inih sees it, and one that would be cut is an error with its number. Comments
 * stand on lines of their own, a value has one line.
 */
#include <congvu/base/fs.h>
#include <congvu/base/i18n.h>
#include <congvu/base/ini.h>
#include <congvu/base/mem.h>
#include <congvu/base/text.h>
#include <ini.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define FILE_MAX_BYTES ((size_t)256 << 10)
#define NAME_MAX_BYTES 49

struct reader {
	const char *name; /* of the file, for messages */
	const char *at;
	int line;
	cv_ini_entry each;
	void *data;
	enum cv_rc rc;
	struct cv_err *err;
};

/* Longest line inih can take whole, without its end: "\r\n" and NUL are counted in INI_MAX_LINE. */
static size_t line_limit(void)
{
	return (size_t)ini_max_line - 3;
}

static void complain(struct reader *r, const char *what)
{
	if (r->rc == CV_OK)
		r->rc = cv_err_set(r->err, CV_CONFIG, NULL, _("%s dòng %d: %s"), r->name, r->line, what);
}

/* False if inih would cut the name of the section or key that begins at p and ends with one of `ends`. */
static bool name_fits(const char *p, size_t n, const char *ends)
{
	size_t used = 0;

	while (used < n && strchr(ends, p[used]) == NULL)
		used++;
	while (used > 0 && (p[used - 1] == ' ' || p[used - 1] == '\t'))
		used--;
	return used <= NAME_MAX_BYTES;
}

/* Looks at one line without its end, before inih does. */
static void check_line(struct reader *r, const char *line, size_t n)
{
	size_t blanks = 0;

	if (n > line_limit())
		complain(r, _("quá dài"));
	else if (memchr(line, '\0', n) != NULL || !cv_utf8_valid(line, n))
		complain(r, _("không phải chữ UTF-8"));
	while (blanks < n && (line[blanks] == ' ' || line[blanks] == '\t'))
		blanks++;
	line += blanks;
	n -= blanks;
	if (r->rc != CV_OK || n == 0 || *line == '#' || *line == ';')
		return;
	if (*line == '[' ? !name_fits(line + 1, n - 1, "]") : !name_fits(line, n, "=:"))
		complain(r, _("tên quá dài"));
}

/* inih's reader: one line a call, like fgets. Ends early after a fault. */
static char *next_line(char *out, int size, void *stream)
{
	struct reader *r = stream;
	const char *end;
	size_t n;

	if (r->rc != CV_OK || *r->at == '\0')
		return NULL;
	end = strchrnul(r->at, '\n');
	n = (size_t)(end - r->at);
	r->line++;
	check_line(r, r->at, n > 0 && end[-1] == '\r' ? n - 1 : n);
	if (r->rc != CV_OK || n + 2 > (size_t)size)
		return NULL;
	memcpy(out, r->at, n);
	out[n] = '\n';
	out[n + 1] = '\0';
	r->at = *end == '\0' ? end : end + 1;
	return out;
}

static int on_entry(void *user, const char *section, const char *key, const char *value)
{
	struct reader *r = user;
	struct cv_err inner;
	char *clean;

	if (r->rc != CV_OK)
		return 0;
	clean = cv_text_nfc_dup(value == NULL ? "" : value);
	cv_err_init(&inner);
	r->rc = r->each(r->data, section, key, clean, r->line, &inner);
	if (r->rc != CV_OK) {
		cv_err_set(r->err, r->rc, inner.field[0] == '\0' ? key : inner.field, _("%s dòng %d: %s"), r->name,
			   r->line, inner.detail[0] == '\0' ? cv_rc_text(r->rc) : inner.detail);
		if (inner.hint[0] != '\0')
			cv_err_hint(r->err, "%s", inner.hint);
	}
	free(clean);
	return r->rc == CV_OK;
}

/* Debian's inih takes its limits from globals. Set once: no multi-line values, no comments behind values (";" and
 * "#" are keys of the key file), first error ends, lines up to 4 KiB. */
static void set_limits(void)
{
	ini_allow_multiline = false;
	ini_allow_inline_comments = false;
	ini_stop_on_first_error = true;
	ini_use_stack = true;
	ini_max_line = 4096;
}

enum cv_rc cv_ini_text(const char *name, const char *text, cv_ini_entry each, void *data, struct cv_err *err)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	struct reader r = {.name = name, .at = text, .each = each, .data = data, .err = err};
	int bad;

	pthread_once(&once, set_limits);
	bad = ini_parse_stream(next_line, &r, on_entry, &r);
	if (r.rc == CV_OK && bad > 0) {
		r.line = bad;
		complain(&r, _("cần dạng “tên = giá trị”"));
	}
	if (r.rc == CV_OK && bad < 0)
		r.rc = cv_err_set(err, CV_INTERNAL, NULL, NULL);
	return r.rc;
}

enum cv_rc cv_ini_read(const char *path, cv_ini_entry each, void *data, struct cv_err *err)
{
	char *text;
	size_t n;
	enum cv_rc rc = cv_file_read(&text, &n, path, FILE_MAX_BYTES, err);

	if (rc == CV_LIMIT) {
		if (err != NULL)
			err->rc = CV_CONFIG;
		return CV_CONFIG;
	}
	if (rc != CV_OK)
		return rc;
	if (strlen(text) != n)
		rc = cv_err_set(err, CV_CONFIG, NULL, _("%s: không phải tệp chữ"), path);
	else
		rc = cv_ini_text(path, text, each, data, err);
	free(text);
	return rc;
}
