/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Small parsers of the wire. */
#include "server/http/query.h"

#include <congvu/base/mem.h>
#include <congvu/base/seal.h>
#include <congvu/base/text.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static int hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Decodes n bytes to out, which has room; the length, or -1. */
static long decode(char *out, const char *s, size_t n, bool plus)
{
	size_t at = 0;

	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)s[i];
		if (c == '%') {
			int high = i + 2 < n ? hex(s[i + 1]) : -1, low = high >= 0 ? hex(s[i + 2]) : -1;
			if (low < 0)
				return -1;
			c = (unsigned char)(high * 16 + low);
			i += 2;
		} else if (plus && c == '+') {
			c = ' ';
		}
		if (c < 0x20 || c == 0x7f)
			return -1;
		out[at++] = (char)c;
	}
	out[at] = '\0';
	return cv_utf8_valid(out, at) ? (long)at : -1;
}

bool cv_segment_decode(char *out, size_t size, const char *s, size_t n)
{
	char *room = cv_alloc(n + 1);
	long len = decode(room, s, n, false);
	bool good = len >= 0 && (size_t)len < size;

	if (good)
		memcpy(out, room, (size_t)len + 1);
	free(room);
	return good;
}

static bool add_pair(struct cv_query *q, char *out, const char *s, size_t n, size_t *used)
{
	const char *eq = memchr(s, '=', n);
	size_t name_n = eq != NULL ? (size_t)(eq - s) : n;
	long name = decode(out, s, name_n, true);
	long value =
		name > 0 ? decode(out + name + 1, eq != NULL ? eq + 1 : s + n, eq != NULL ? n - name_n - 1 : 0, true)
			 : -1;

	if (value < 0 || q->count == CV_QUERY_MAX || cv_query_get(q, out)[0] != '\0')
		return false;
	q->pairs[q->count].name = out;
	q->pairs[q->count++].value = out + name + 1;
	*used = (size_t)name + (size_t)value + 2;
	return true;
}

bool cv_query_parse(struct cv_query *out, const char *text)
{
	char *at;

	memset(out, 0, sizeof(*out));
	at = out->text = cv_alloc(2 * strlen(text) + 4);
	while (*text != '\0') {
		size_t n = strcspn(text, "&"), used = 0;
		if (n > 0 && !add_pair(out, at, text, n, &used))
			return false;
		at += used;
		text += n + (text[n] == '&');
	}
	return true;
}

void cv_query_finish(struct cv_query *q)
{
	free(q->text);
	memset(q, 0, sizeof(*q));
}

const char *cv_query_get(const struct cv_query *q, const char *name)
{
	for (size_t i = 0; i < q->count; i++)
		if (strcmp(q->pairs[i].name, name) == 0)
			return q->pairs[i].value;
	return "";
}

/* Runs over the members of a comma-separated header; returns the next, trimmed, or NULL. */
static const char *member(const char **s, size_t *n)
{
	const char *start;

	*s += strspn(*s, ", \t");
	if (**s == '\0')
		return NULL;
	start = *s;
	*n = strcspn(start, ",");
	*s += *n;
	while (*n > 0 && (start[*n - 1] == ' ' || start[*n - 1] == '\t'))
		--*n;
	return start;
}

int cv_prefer_wait(const char *prefer, int max)
{
	const char *m;
	size_t n;

	while (prefer != NULL && (m = member(&prefer, &n)) != NULL) {
		int value = 0;
		if (n < 6 || n > 10 || strncasecmp(m, "wait=", 5) != 0)
			continue;
		for (size_t i = 5; i < n; i++) {
			if (!isdigit((unsigned char)m[i]))
				return 0;
			value = value * 10 + (m[i] - '0');
		}
		return value < max ? value : max;
	}
	return 0;
}

/* True if the parameters of an Accept-Encoding member say q=0. */
static bool weight_zero(const char *m, size_t n)
{
	const char *q = memchr(m, ';', n);

	if (q == NULL)
		return false;
	n -= (size_t)(q - m) + 1;
	q++;
	while (n > 0 && (*q == ' ' || *q == '\t'))
		q++, n--;
	if (n < 3 || (q[0] != 'q' && q[0] != 'Q') || q[1] != '=')
		return false;
	for (size_t i = 2; i < n; i++)
		if (q[i] != '0' && q[i] != '.')
			return false;
	return true;
}

bool cv_accepts(const char *accept, const char *coding)
{
	const char *m;
	size_t n;

	while (accept != NULL && (m = member(&accept, &n)) != NULL) {
		size_t word = 0;
		while (word < n && m[word] != ';' && m[word] != ' ' && m[word] != '\t')
			word++;
		if (word == strlen(coding) && strncasecmp(m, coding, word) == 0)
			return !weight_zero(m, n);
	}
	return false;
}

bool cv_media_is_json(const char *content_type)
{
	static const char json[] = "application/json";
	size_t n = sizeof(json) - 1;

	if (content_type == NULL || strncasecmp(content_type, json, n) != 0)
		return false;
	return content_type[n] == '\0' || content_type[n] == ';' || content_type[n] == ' ';
}

int cv_version_compare(const char *a, const char *b)
{
	const char *slash = strchr(a, '/');

	if (slash != NULL)
		a = slash + 1;
	for (int i = 0; i < 3; i++) {
		char *end_a, *end_b;
		unsigned long x = strtoul(a, &end_a, 10), y = strtoul(b, &end_b, 10);
		if (x != y)
			return x < y ? -1 : 1;
		a = *end_a == '.' ? end_a + 1 : end_a;
		b = *end_b == '.' ? end_b + 1 : end_b;
	}
	return 0;
}

char *cv_page_make(const char *date, const char *id)
{
	char *plain = cv_strf("%s\n%s", date, id);
	size_t n = strlen(plain);
	char *token = cv_alloc(cv_b64_size(n) + 1);

	cv_b64(token, plain, n);
	free(plain);
	return token;
}

bool cv_page_parse(const char *token, char *date, size_t date_size, char *id, size_t id_size)
{
	size_t n = 0, room = strlen(token) * 3 / 4 + 4;
	char *plain = cv_alloc(room);
	bool good = cv_unb64(plain, &n, token) && n < room;
	char *line = good ? memchr(plain, '\n', n) : NULL;

	good = line != NULL && memchr(plain, '\0', n) == NULL && cv_utf8_valid(plain, n) &&
	       (size_t)(line - plain) < date_size && n - (size_t)(line - plain) - 1 < id_size &&
	       n > (size_t)(line - plain) + 1;
	if (good) {
		plain[n] = '\0';
		*line = '\0';
		cv_strcopy(date, date_size, plain);
		cv_strcopy(id, id_size, line + 1);
	}
	free(plain);
	return good;
}
