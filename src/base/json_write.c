/* SPDX-License-Identifier: GPL-3.0-or-later */
/* JSON out: compact text, canonical text, string literals. */
#include "base/json_tree.h"

#include <congvu/base/json.h>
#include <congvu/base/mem.h>
#include <congvu/base/text.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool cv_json_quote(struct cv_buf *out, const char *s)
{
	static const char from[] = "\"\\\b\f\n\r\t", to[] = "\"\\bfnrt";
	size_t n = strlen(s), run = 0;
	char *repaired = NULL;

	if (!cv_utf8_valid(s, n)) {
		/* A fault of ours, but what goes out is JSON all the same. */
		repaired = cv_text_nfc_dup(s);
		s = repaired;
		n = strlen(s);
	}
	cv_buf_putc(out, '"');
	for (size_t at = 0; at < n; at++) {
		unsigned char c = (unsigned char)s[at];
		if (c >= 0x20 && c != '"' && c != '\\' && c != 0x7F)
			continue;
		cv_buf_add(out, s + run, at - run);
		run = at + 1;
		const char *found = strchr(from, c);
		if (found != NULL)
			cv_buf_addf(out, "\\%c", to[found - from]);
		else
			cv_buf_addf(out, "\\u%04x", c);
	}
	cv_buf_add(out, s + run, n - run);
	free(repaired);
	return cv_buf_putc(out, '"');
}

static void write_number(struct cv_buf *out, double value)
{
	if (!isfinite(value)) {
		cv_buf_puts(out, "null");
	} else if (fabs(value) < 9007199254740992.0 && !(value < floor(value)) && !(value > floor(value))) {
		cv_buf_addf(out, "%lld", (long long)value);
	} else {
		char text[32];
		for (int precision = 15; precision <= 17; precision++) {
			snprintf(text, sizeof(text), "%.*g", precision, value);
			double back = strtod(text, NULL);
			if (!(back < value) && !(back > value))
				break;
		}
		cv_buf_puts(out, text);
	}
}

static void write_node(struct cv_buf *out, const cJSON *node, bool sorted);

static void write_member(struct cv_buf *out, const cJSON *member, bool first, bool sorted)
{
	if (!first)
		cv_buf_putc(out, ',');
	cv_json_quote(out, member->string);
	cv_buf_putc(out, ':');
	write_node(out, member, sorted);
}

static void write_members(struct cv_buf *out, const cJSON *node, bool sorted)
{
	cv_buf_putc(out, '{');
	if (sorted) {
		size_t count;
		const cJSON **members = cv_json_sorted(node, &count);
		for (size_t i = 0; i < count; i++)
			write_member(out, members[i], i == 0, true);
		free(members);
	} else {
		for (const cJSON *m = node->child; m != NULL; m = m->next)
			write_member(out, m, m == node->child, false);
	}
	cv_buf_putc(out, '}');
}

static void write_node(struct cv_buf *out, const cJSON *node, bool sorted)
{
	switch (cv_json_type((const struct cv_json *)node)) {
	case CV_JSON_NULL:
		cv_buf_puts(out, "null");
		break;
	case CV_JSON_BOOL:
		cv_buf_puts(out, cJSON_IsTrue(node) ? "true" : "false");
		break;
	case CV_JSON_NUMBER:
		write_number(out, node->valuedouble);
		break;
	case CV_JSON_STRING:
		cv_json_quote(out, node->valuestring);
		break;
	case CV_JSON_OBJECT:
		write_members(out, node, sorted);
		break;
	case CV_JSON_ARRAY:
		cv_buf_putc(out, '[');
		for (const cJSON *e = node->child; e != NULL; e = e->next) {
			write_node(out, e, sorted);
			if (e->next != NULL)
				cv_buf_putc(out, ',');
		}
		cv_buf_putc(out, ']');
		break;
	}
}

bool cv_json_write(struct cv_buf *out, const struct cv_json *j)
{
	write_node(out, (const cJSON *)j, false);
	return !out->full;
}

static char *text_of(const struct cv_json *j, bool sorted)
{
	struct cv_buf b;

	cv_buf_init(&b, SIZE_MAX); /* a tree is never bigger than what was read under a limit: no cut here */
	write_node(&b, (const cJSON *)j, sorted);
	return cv_buf_take(&b);
}

char *cv_json_text(const struct cv_json *j)
{
	return text_of(j, false);
}

char *cv_json_canonical(const struct cv_json *j)
{
	return text_of(j, true);
}
