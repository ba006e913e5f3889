/* SPDX-License-Identifier: GPL-3.0-or-later */
/* JSON trees: cJSON behind names of our own. struct cv_json is a cJSON node. */
#include "base/json_tree.h"

#include <congvu/base/i18n.h>
#include <congvu/base/json.h>
#include <congvu/base/mem.h>
#include <congvu/base/text.h>

#include <math.h>
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

/* True if the text became another one. */
static bool nfc_in_place(char **text)
{
	if (*text == NULL || plain_ascii(*text))
		return false;
	char *nfc = cv_text_nfc_dup(*text);
	bool changed = strcmp(nfc, *text) != 0;
	free(*text);
	*text = nfc;
	return changed;
}

static int by_name(const void *a, const void *b)
{
	return strcmp((*(cJSON *const *)a)->string, (*(cJSON *const *)b)->string);
}

const cJSON **cv_json_sorted(const cJSON *node, size_t *count)
{
	size_t n = (size_t)cJSON_GetArraySize(node), i = 0;
	const cJSON **members = cv_reallocarray(NULL, n + 1, sizeof(*members));

	for (const cJSON *m = node->child; m != NULL; m = m->next)
		members[i++] = m;
	qsort(members, n, sizeof(*members), by_name);
	*count = n;
	return members;
}

static bool has_twins(const cJSON *object)
{
	size_t count;
	bool twins = false;
	const cJSON **members = cv_json_sorted(object, &count);

	for (size_t i = 1; i < count && !twins; i++)
		twins = strcmp(members[i - 1]->string, members[i]->string) == 0;
	free(members);
	return twins;
}

/* False if two names of one object that were written differently are the same name in NFC. */
static bool normalise(cJSON *node)
{
	bool renamed = false;

	nfc_in_place(&node->valuestring);
	for (cJSON *child = node->child; child != NULL; child = child->next) {
		renamed = nfc_in_place(&child->string) || renamed;
		if (!normalise(child))
			return false;
	}
	return !renamed || !has_twins(node);
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
	if (!normalise(tree)) {
		cJSON_Delete(tree);
		return cv_err_set(err, CV_SYNTAX, NULL, "%s", _("tên trường lặp lại"));
	}
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

static bool equal_sorted(const cJSON *a, const cJSON *b)
{
	size_t na, nb;
	const cJSON **x = cv_json_sorted(a, &na), **y = cv_json_sorted(b, &nb);
	bool equal = na == nb;

	for (size_t i = 0; i < na && equal; i++)
		equal = strcmp(x[i]->string, y[i]->string) == 0 &&
			cv_json_equal((const struct cv_json *)x[i], (const struct cv_json *)y[i]);
	free(x);
	free(y);
	return equal;
}

/* Mostly the members come in the same order; else sorting keeps a big object from costing its square. */
static bool equal_members(const cJSON *a, const cJSON *b)
{
	const cJSON *x = a->child, *y = b->child;

	for (; x != NULL && y != NULL; x = x->next, y = y->next)
		if (strcmp(x->string, y->string) != 0)
			return equal_sorted(a, b);
	if (x != NULL || y != NULL)
		return false;
	for (x = a->child, y = b->child; x != NULL; x = x->next, y = y->next)
		if (!cv_json_equal((const struct cv_json *)x, (const struct cv_json *)y))
			return false;
	return true;
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

bool cv_json_is_true(const struct cv_json *j)
{
	return j != NULL && cJSON_IsTrue(raw(j));
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
