/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "client/tui/term/terminfo.h"

#include <congvu/base/buf.h>
#include <congvu/base/fs.h>
#include <congvu/base/mem.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_BYTES 32768

/* term(5): a header of six little-endian shorts, names, flags, numbers, offsets of strings (-1: absent). */
enum { MAGIC, NAMES, FLAGS, NUMBERS, STRINGS, HEADER = 12 };
enum { WIDE_NUMBERS = 01036, OLD_NUMBERS = 0432 };
/* Numbers of the capabilities: indn, rin, rep. */
static const size_t dropped[] = {109, 113, 121};

static unsigned word(const unsigned char *entry, int i)
{
	return (unsigned)entry[2 * i] | (unsigned)entry[2 * i + 1] << 8;
}

static bool drop(unsigned char *entry, size_t n)
{
	unsigned magic = n > HEADER ? word(entry, MAGIC) : 0;

	if (magic != WIDE_NUMBERS && magic != OLD_NUMBERS)
		return false;
	size_t at = HEADER + word(entry, NAMES) + word(entry, FLAGS);
	at += at & 1;
	at += (size_t)word(entry, NUMBERS) * (magic == WIDE_NUMBERS ? 4 : 2);
	for (size_t i = 0; i < CV_COUNT(dropped); i++) {
		if (dropped[i] >= word(entry, STRINGS) || at + 2 * dropped[i] + 2 > n)
			continue;
		entry[at + 2 * dropped[i]] = entry[at + 2 * dropped[i] + 1] = 0xff;
	}
	return true;
}

static size_t read_entry(unsigned char *out, const char *dir, const char *term)
{
	char *path = cv_strf("%s/%c/%s", dir, term[0], term);
	FILE *f = fopen(path, "rbe");
	size_t n = f != NULL ? fread(out, 1, MAX_BYTES, f) : 0;

	if (f != NULL)
		fclose(f);
	free(path);
	return n < MAX_BYTES ? n : 0;
}

static char *encode(const unsigned char *bytes, size_t n)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
	struct cv_buf b;

	cv_buf_init(&b, MAX_BYTES * 2);
	cv_buf_puts(&b, "b64:");
	for (size_t i = 0; i < n; i += 3) {
		unsigned v = (unsigned)bytes[i] << 16;
		v |= i + 1 < n ? (unsigned)bytes[i + 1] << 8 : 0;
		v |= i + 2 < n ? (unsigned)bytes[i + 2] : 0;
		cv_buf_putc(&b, digits[v >> 18 & 63]);
		cv_buf_putc(&b, digits[v >> 12 & 63]);
		cv_buf_putc(&b, i + 1 < n ? digits[v >> 6 & 63] : '=');
		cv_buf_putc(&b, i + 2 < n ? digits[v & 63] : '=');
	}
	return cv_buf_take(&b);
}

char *cv_terminfo_plain(const struct cv_env *env, const char *term)
{
	static const char *const dirs[] = {"/etc/terminfo", "/lib/terminfo", "/usr/share/terminfo"};
	const char *own = env->get(env->data, "TERMINFO"), *home = env->get(env->data, "HOME");
	unsigned char *entry;
	size_t n = 0;

	/* Names are files below fixed folders; one that is given in whole is the person's own affair. */
	if (term == NULL || term[0] == '\0' || term[0] == '.' || strchr(term, '/') != NULL || strlen(term) > 64 ||
	    (own != NULL && own[0] != '/'))
		return NULL;
	entry = cv_alloc(MAX_BYTES);
	if (own != NULL)
		n = read_entry(entry, own, term);
	if (n == 0 && home != NULL) {
		char *dir = cv_strf("%s/.terminfo", home);
		n = read_entry(entry, dir, term);
		free(dir);
	}
	for (size_t i = 0; i < CV_COUNT(dirs) && n == 0; i++)
		n = read_entry(entry, dirs[i], term);
	char *text = n > 0 && drop(entry, n) ? encode(entry, n) : NULL;
	free(entry);
	return text;
}
