/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * JSON. cJSON builds the trees; since it is no validator (duplicate keys, bad UTF-8, raw control bytes,
 * trailing garbage, 2^53+1 all pass) one strict scan stands in front of every parse, and look-ups are
 * case-sensitive. Integers are exact to 2^53.
 */
#ifndef CONGVU_BASE_JSON_H
#define CONGVU_BASE_JSON_H

#include <congvu/base/buf.h>
#include <congvu/base/err.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cv_json; /* opaque: a node of the tree */

enum cv_json_type { CV_JSON_NULL, CV_JSON_BOOL, CV_JSON_NUMBER, CV_JSON_STRING, CV_JSON_ARRAY, CV_JSON_OBJECT };

struct cv_json_limits {
	size_t bytes;  /* of the whole text */
	size_t string; /* bytes of one string, unescaped */
	int depth;
	int nodes;
};
extern const struct cv_json_limits cv_json_request; /* 1 MiB, 64 KiB, 32, 20,000: contract 6 */
extern const struct cv_json_limits cv_json_answer;  /* for pages from the server: 4 MiB, 64 KiB, 32, 200,000 */

/* Strict RFC 8259 + UTF-8 + no duplicate keys + no \u0000, no lone surrogates, integers within 2^53, ends at n. */
enum cv_rc cv_json_scan(const char *s, size_t n, const struct cv_json_limits *limits, struct cv_err *err);
/* Scans, then builds. Strings come out in NFC. */
enum cv_rc cv_json_parse(struct cv_json **out, const char *s, size_t n, const struct cv_json_limits *limits,
			 struct cv_err *err);
void cv_json_destroy(struct cv_json *j); /* accepts NULL */
struct cv_json *cv_json_dup(const struct cv_json *j);
/* Deep equality; the order of an object's members plays no part. */
bool cv_json_equal(const struct cv_json *a, const struct cv_json *b);
/* Compact text, caller frees. Numbers that are integers print as integers. */
char *cv_json_text(const struct cv_json *j);
bool cv_json_write(struct cv_buf *out, const struct cv_json *j);
/* Canonical form (members sorted, compact): equal trees give equal bytes. Caller frees. */
char *cv_json_canonical(const struct cv_json *j);
/* Appends s as a JSON string literal with quotes. */
bool cv_json_quote(struct cv_buf *out, const char *s);

/* The raw byte slices of the elements of the array that is member `key` of the top object in text s
 * (already scanned). Calls each(data, slice, n) in order. Used to hash push elements as they came. */
enum cv_rc cv_json_slices(const char *s, size_t n, const char *key,
			  enum cv_rc (*each)(void *data, const char *slice, size_t len), void *data);

enum cv_json_type cv_json_type(const struct cv_json *j); /* NULL counts as CV_JSON_NULL */
bool cv_json_is(const struct cv_json *j, enum cv_json_type type);
/* Member look-ups: borrowed; absent (or of another type) gives NULL or the fallback. o may be NULL. */
struct cv_json *cv_json_get(const struct cv_json *o, const char *key);
struct cv_json *cv_json_object_of(const struct cv_json *o, const char *key);
struct cv_json *cv_json_array_of(const struct cv_json *o, const char *key);
const char *cv_json_str(const struct cv_json *o, const char *key);
/* As cv_json_str, but "" for absent. */
const char *cv_json_s(const struct cv_json *o, const char *key);
int64_t cv_json_int(const struct cv_json *o, const char *key, int64_t fallback);
double cv_json_num(const struct cv_json *o, const char *key, double fallback);
bool cv_json_bool(const struct cv_json *o, const char *key, bool fallback);
/* The node's own value. */
const char *cv_json_string(const struct cv_json *j); /* NULL unless a string */
bool cv_json_is_int(const struct cv_json *j, int64_t *out);
bool cv_json_is_true(const struct cv_json *j);

size_t cv_json_count(const struct cv_json *j); /* elements or members */
struct cv_json *cv_json_first(const struct cv_json *j);
struct cv_json *cv_json_next(const struct cv_json *j);
const char *cv_json_key(const struct cv_json *j); /* of a member */
#define CV_JSON_EACH(item, container)                                                                                  \
	for (struct cv_json *item = cv_json_first(container); item != NULL; item = cv_json_next(item))

struct cv_json *cv_json_new_object(void);
struct cv_json *cv_json_new_array(void);
struct cv_json *cv_json_new_string(const char *s); /* NULL gives JSON null */
struct cv_json *cv_json_new_int(int64_t n);
struct cv_json *cv_json_new_num(double n);
struct cv_json *cv_json_new_bool(bool b);
struct cv_json *cv_json_new_null(void);

/* Each replaces a member of that name. `value` is taken. set_str with NULL removes the member. */
void cv_json_set(struct cv_json *o, const char *key, struct cv_json *value);
void cv_json_set_str(struct cv_json *o, const char *key, const char *value);
void cv_json_set_int(struct cv_json *o, const char *key, int64_t value);
void cv_json_set_bool(struct cv_json *o, const char *key, bool value);
void cv_json_set_null(struct cv_json *o, const char *key);
void cv_json_remove(struct cv_json *o, const char *key);
void cv_json_push(struct cv_json *array, struct cv_json *value); /* value is taken */
/* Removes the n-th element. */
void cv_json_remove_at(struct cv_json *array, size_t n);
/* Unlinks a member or NULL; the caller owns it. */
struct cv_json *cv_json_take(struct cv_json *o, const char *key);

#endif
