/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Small parsers of the wire: path segments, query, Prefer, Accept-Encoding, versions, page tokens. Pure.
 */
#ifndef CONGVU_SERVER_HTTP_QUERY_H
#define CONGVU_SERVER_HTTP_QUERY_H

#include <stdbool.h>
#include <stddef.h>

#define CV_QUERY_MAX 24
struct cv_query {
	char *text; /* owned: names and values, decoded */
	struct {
		const char *name, *value;
	} pairs[CV_QUERY_MAX];
	size_t count;
};
/* Decodes %XX; false for bad escapes, NUL, control bytes, bad UTF-8, too many pairs or a name given twice. */
bool cv_query_parse(struct cv_query *out, const char *text);
void cv_query_finish(struct cv_query *q);
const char *cv_query_get(const struct cv_query *q, const char *name); /* "" if absent */
/* Decodes one segment of a path in place of `out`; false if bad or too long. */
bool cv_segment_decode(char *out, size_t size, const char *s, size_t n);

/* "wait=N" of a Prefer header: seconds, 0 if absent or misshapen, at most max. */
int cv_prefer_wait(const char *prefer, int max);
/* May the answer be sent in this coding ("gzip")? "gzip;q=0" says no. */
bool cv_accepts(const char *accept, const char *coding);
bool cv_media_is_json(const char *content_type);
/* Compares "1.2.3" by numbers: < 0, 0, > 0. "congvu/0.1.0" counts as "0.1.0". */
int cv_version_compare(const char *a, const char *b);

/* The page token holds the last row's date and id. Caller frees. */
char *cv_page_make(const char *date, const char *id);
bool cv_page_parse(const char *token, char *date, size_t date_size, char *id, size_t id_size);

#endif
