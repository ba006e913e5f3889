/* SPDX-License-Identifier: GPL-3.0-or-later */
/* JSON trees: cJSON behind names of our own. struct cv_json is a cJSON node. */
#include <congvu/base/i18n.h>
#include <congvu/base/json.h>
#include <congvu/base/mem.h>
#include <congvu/base/text.h>

#include <cjson/cJSON.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static cJSON *raw(const struct cv_json *j)
{
	return (cJSON *)(uintptr_t)j;
}

static struct cv_json *wrap(cJSON *c)
{
	return (struct cv_json *)c;
}

static void *hook_alloc(size_t n)
{
	return cv_alloc(n);
}

/* Our allocator in cJSON, so that none of its calls can answer NULL for want of memory. */
__attribute__((constructor)) static void set_hooks(void)
{
	cJSON_Hooks hooks = {.malloc_fn = hook_alloc, .free_fn = free};
	cJSON_InitHooks(&hooks);
}

static bool plain_ascii(const char *s)
{
	for (; *s != '\0'; s++)
		if ((unsigned char)*s >= 0x80)
			return false;
	return true;
}

static void nfc_in_place(char **text)
{
	if (*text == NULL || plain_ascii(*text))
		return;
	char *nfc = cv_text_nfc_dup(*text);
	free(*text);
	*text = nfc;
}

static void normalise(cJSON *node)
{
	for (; node != NULL; node = node->next) {
		nfc_in_place(&node->valuestring);
		nfc_in_place(&node->string);
		normalise(node->child);
	}
}

enum cv_rc cv_json_parse(struct cv_json **out, const char *s, size_t n, const struct cv_json_limits *limits,
			 struct cv_err *err)
{
	*out = NULL;
	enum cv_rc rc = cv_json_scan(s, n, limits, err);
	if (rc != CV_OK)
		return rc;
	cJSON *tree = cJSON_ParseWithLength(s, n);
	if (tree == NULL)
		return cv_err_set(err, CV_SYNTAX, NULL, _("không đọc được JSON"));
	normalise(tree);
	*out = wrap(tree);
	return CV_OK;
}

void cv_json_destroy(struct cv_json *j)
{
	cJSON_Delete(raw(j));
}

struct cv_json *cv_json_dup(const struct cv_json *j)
{
	return j == NULL ? NULL : wrap(cJSON_Duplicate(raw(j), true));
}

static bool equal_members(const cJSON *a, const cJSON *b)
{
	int count = 0;

	for (const cJSON *m = a->child; m != NULL; m = m->next, count++) {
		const cJSON *other = cJSON_GetObjectItemCaseSensitive(b, m->string);
		if (other == NULL || !cv_json_equal((const struct cv_json *)m, (const struct cv_json *)other))
			return false;
	}
	return count == cJSON_GetArraySize(b);
}

bool cv_json_equal(const struct cv_json *ja, const struct cv_json *jb)
{
	const cJSON *a = raw(ja), *b = raw(jb);

	if (cv_json_type(ja) != cv_json_type(jb))
		return false;
	switch (cv_json_type(ja)) {
	case CV_JSON_NULL:
		return true;
	case CV_JSON_BOOL:
		return cJSON_IsTrue(a) == cJSON_IsTrue(b);
	case CV_JSON_NUMBER:
		return !(a->valuedouble < b->valuedouble) && !(a->valuedouble > b->valuedouble);
	case CV_JSON_STRING:
		return strcmp(a->valuestring, b->valuestring) == 0;
	case CV_JSON_OBJECT:
		return equal_members(a, b);
	case CV_JSON_ARRAY:
		break;
	}
	const cJSON *x = a->child, *y = b->child;
	for (; x != NULL && y != NULL; x = x->next, y = y->next)
		if (!cv_json_equal((const struct cv_json *)x, (const struct cv_json *)y))
			return false;
	return x == NULL && y == NULL;
}

bool cv_json_quote(struct cv_buf *out, const char *s)
{
	cv_buf_putc(out, '"');
	for (; *s != '\0'; s++) {
		unsigned char c = (unsigned char)*s;
		const char *found = strchr("\"\\\b\f\n\r\t", c);
		if (found != NULL) {
			static const char from[] = "\"\\\b\f\n\r\t", to[] = "\"\\bfnrt";
			cv_buf_putc(out, '\\');
			cv_buf_putc(out, to[strchr(from, c) - from]);
		} else if (c < 0x20 || c == 0x7F) {
			cv_buf_addf(out, "\\u%04x", c);
		} else {
			cv_buf_putc(out, (char)c);
		}
	}
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

static int by_name(const void *a, const void *b)
{
	return strcmp((*(cJSON *const *)a)->string, (*(cJSON *const *)b)->string);
}

static void write_node(struct cv_buf *out, const cJSON *node, bool sorted);

static void write_members(struct cv_buf *out, const cJSON *node, bool sorted)
{
	int count = cJSON_GetArraySize(node), i = 0;
	const cJSON **members = cv_reallocarray(NULL, (size_t)count + 1, sizeof(cJSON *));

	for (const cJSON *m = node->child; m != NULL; m = m->next)
		members[i++] = m;
	if (sorted)
		qsort(members, (size_t)count, sizeof(cJSON *), by_name);
	cv_buf_putc(out, '{');
	for (i = 0; i < count; i++) {
		if (i > 0)
			cv_buf_putc(out, ',');
		cv_json_quote(out, members[i]->string);
		cv_buf_putc(out, ':');
		write_node(out, members[i], sorted);
	}
	cv_buf_putc(out, '}');
	free(members);
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

#define MAX_TEXT ((size_t)64 << 20)

bool cv_json_write(struct cv_buf *out, const struct cv_json *j)
{
	write_node(out, raw(j), false);
	return !out->full;
}

static char *text_of(const struct cv_json *j, bool sorted)
{
	struct cv_buf b;

	cv_buf_init(&b, MAX_TEXT);
	write_node(&b, raw(j), sorted);
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

/* ---- reading ---- */
enum cv_json_type cv_json_type(const struct cv_json *j)
{
	const cJSON *c = raw(j);

	if (cJSON_IsBool(c))
		return CV_JSON_BOOL;
	if (cJSON_IsNumber(c))
		return CV_JSON_NUMBER;
	if (cJSON_IsString(c))
		return CV_JSON_STRING;
	if (cJSON_IsArray(c))
		return CV_JSON_ARRAY;
	return cJSON_IsObject(c) ? CV_JSON_OBJECT : CV_JSON_NULL;
}

bool cv_json_is(const struct cv_json *j, enum cv_json_type type)
{
	return j != NULL && cv_json_type(j) == type;
}

struct cv_json *cv_json_get(const struct cv_json *o, const char *key)
{
	return wrap(cJSON_GetObjectItemCaseSensitive(raw(o), key));
}

static struct cv_json *typed(const struct cv_json *o, const char *key, enum cv_json_type type)
{
	struct cv_json *j = cv_json_get(o, key);

	return cv_json_is(j, type) ? j : NULL;
}

struct cv_json *cv_json_object_of(const struct cv_json *o, const char *key)
{
	return typed(o, key, CV_JSON_OBJECT);
}

struct cv_json *cv_json_array_of(const struct cv_json *o, const char *key)
{
	return typed(o, key, CV_JSON_ARRAY);
}

const char *cv_json_str(const struct cv_json *o, const char *key)
{
	return cv_json_string(cv_json_get(o, key));
}

const char *cv_json_s(const struct cv_json *o, const char *key)
{
	const char *s = cv_json_str(o, key);

	return s != NULL ? s : "";
}

int64_t cv_json_int(const struct cv_json *o, const char *key, int64_t fallback)
{
	int64_t value;

	return cv_json_is_int(cv_json_get(o, key), &value) ? value : fallback;
}

double cv_json_num(const struct cv_json *o, const char *key, double fallback)
{
	const struct cv_json *j = typed(o, key, CV_JSON_NUMBER);

	return j != NULL ? raw(j)->valuedouble : fallback;
}

bool cv_json_bool(const struct cv_json *o, const char *key, bool fallback)
{
	const struct cv_json *j = typed(o, key, CV_JSON_BOOL);

	return j != NULL ? cJSON_IsTrue(raw(j)) : fallback;
}

const char *cv_json_string(const struct cv_json *j)
{
	return cv_json_is(j, CV_JSON_STRING) ? raw(j)->valuestring : NULL;
}

bool cv_json_is_int(const struct cv_json *j, int64_t *out)
{
	if (!cv_json_is(j, CV_JSON_NUMBER))
		return false;
	double value = raw(j)->valuedouble;
	if (fabs(value) >= 9007199254740992.0 || value < floor(value) || value > floor(value))
		return false;
	*out = (int64_t)value;
	return true;
}

size_t cv_json_count(const struct cv_json *j)
{
	return j == NULL ? 0 : (size_t)cJSON_GetArraySize(raw(j));
}

struct cv_json *cv_json_first(const struct cv_json *j)
{
	return j == NULL ? NULL : wrap(raw(j)->child);
}

struct cv_json *cv_json_next(const struct cv_json *j)
{
	return wrap(raw(j)->next);
}

const char *cv_json_key(const struct cv_json *j)
{
	return raw(j)->string;
}

/* ---- making ---- */
struct cv_json *cv_json_new_object(void)
{
	return wrap(cJSON_CreateObject());
}

struct cv_json *cv_json_new_array(void)
{
	return wrap(cJSON_CreateArray());
}

struct cv_json *cv_json_new_string(const char *s)
{
	return s == NULL ? cv_json_new_null() : wrap(cJSON_CreateString(s));
}

struct cv_json *cv_json_new_int(int64_t n)
{
	return cv_json_new_num((double)n);
}

struct cv_json *cv_json_new_num(double n)
{
	return wrap(cJSON_CreateNumber(n));
}

struct cv_json *cv_json_new_bool(bool b)
{
	return wrap(cJSON_CreateBool(b));
}

struct cv_json *cv_json_new_null(void)
{
	return wrap(cJSON_CreateNull());
}

void cv_json_set(struct cv_json *o, const char *key, struct cv_json *value)
{
	if (cv_json_get(o, key) != NULL)
		cJSON_ReplaceItemInObjectCaseSensitive(raw(o), key, raw(value));
	else
		cJSON_AddItemToObject(raw(o), key, raw(value));
}

void cv_json_set_str(struct cv_json *o, const char *key, const char *value)
{
	if (value == NULL)
		cv_json_remove(o, key);
	else
		cv_json_set(o, key, cv_json_new_string(value));
}

void cv_json_set_int(struct cv_json *o, const char *key, int64_t value)
{
	cv_json_set(o, key, cv_json_new_int(value));
}

void cv_json_set_bool(struct cv_json *o, const char *key, bool value)
{
	cv_json_set(o, key, cv_json_new_bool(value));
}

void cv_json_set_null(struct cv_json *o, const char *key)
{
	cv_json_set(o, key, cv_json_new_null());
}

void cv_json_remove(struct cv_json *o, const char *key)
{
	cJSON_DeleteItemFromObjectCaseSensitive(raw(o), key);
}

void cv_json_push(struct cv_json *array, struct cv_json *value)
{
	cJSON_AddItemToArray(raw(array), raw(value));
}

void cv_json_remove_at(struct cv_json *array, size_t n)
{
	cJSON_DeleteItemFromArray(raw(array), (int)n);
}

struct cv_json *cv_json_take(struct cv_json *o, const char *key)
{
	return wrap(cJSON_DetachItemFromObjectCaseSensitive(raw(o), key));
}
