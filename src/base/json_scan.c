/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The strict scan in front of cJSON: RFC 8259 grammar, UTF-8, limits, no duplicate keys, no U+0000, integers
 * within 2^53, nothing behind the end. Iterative, so that depth is bounded by a number and not by the stack.
 */
#include <congvu/base/i18n.h>
#include <congvu/base/json.h>
#include <congvu/base/mem.h>
#include <congvu/base/text.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

const struct cv_json_limits cv_json_request = {.bytes = 1 << 20, .string = 64 << 10, .depth = 32, .nodes = 20000};
const struct cv_json_limits cv_json_answer = {.bytes = 4 << 20, .string = 64 << 10, .depth = 32, .nodes = 200000};

#define MAX_INTEGER 9007199254740992.0 /* 2^53: beyond it neighbours become equal */
#define MAX_DEPTH   64

struct key {
	uint64_t hash; /* of the decoded bytes */
	size_t offset; /* of the key's literal, to compare when hashes meet */
	size_t len;    /* decoded */
};

struct level {
	bool object;
	size_t first_key; /* index into keys */
	size_t name;	  /* offset of the current member's name, behind its quote; 0 = none yet */
	size_t index;	  /* of the current element */
};

struct scan {
	const char *s;
	size_t n, at;
	const struct cv_json_limits *limits;
	struct cv_err *err;
	struct level stack[MAX_DEPTH];
	int depth;
	int nodes;
	struct key *keys; /* owned: the keys of all open objects, innermost last */
	size_t key_count, key_cap;
	size_t string_len; /* decoded length and hash of the last string */
	uint64_t string_hash;
};

/* A member's name if it is a plain word, else "?": what is no JSON is not to be repeated to a terminal. */
static void add_name(const struct scan *sc, struct cv_buf *path, size_t name)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
	size_t end = name;

	while (end < sc->n && sc->s[end] != '\0' && strchr(plain, sc->s[end]) != NULL)
		end++;
	if (path->len > 0)
		cv_buf_putc(path, '.');
	if (end > name && end < sc->n && sc->s[end] == '"')
		cv_buf_add(path, sc->s + name, end - name);
	else
		cv_buf_putc(path, '?');
}

/* Where the scan stands, as in "push[3].args.date". */
static void add_path(const struct scan *sc, struct cv_buf *path)
{
	for (int i = 0; i < sc->depth; i++) {
		const struct level *level = &sc->stack[i];
		if (!level->object)
			cv_buf_addf(path, "[%zu]", level->index);
		else if (level->name != 0)
			add_name(sc, path, level->name);
	}
}

static enum cv_rc bad(struct scan *sc, enum cv_rc rc, const char *what)
{
	struct cv_buf path;

	cv_buf_init(&path, sizeof(sc->err->field) - 1);
	add_path(sc, &path);
	cv_err_set(sc->err, rc, path.data, _("JSON không đúng ở byte %zu: %s"), sc->at, what);
	cv_buf_finish(&path);
	return rc;
}

static void blanks(struct scan *sc)
{
	while (sc->at < sc->n && strchr(" \t\r\n", sc->s[sc->at]) != NULL && sc->s[sc->at] != '\0')
		sc->at++;
}

static bool eat(struct scan *sc, char c)
{
	if (sc->at >= sc->n || sc->s[sc->at] != c)
		return false;
	sc->at++;
	return true;
}

static int hex4(const struct scan *sc, size_t at)
{
	int value = 0;

	if (at + 4 > sc->n)
		return -1;
	for (size_t i = at; i < at + 4; i++) {
		char c = sc->s[i];
		int digit = c >= '0' && c <= '9'   ? c - '0'
			    : c >= 'a' && c <= 'f' ? c - 'a' + 10
			    : c >= 'A' && c <= 'F' ? c - 'A' + 10
						   : -1;
		if (digit < 0)
			return -1;
		value = value * 16 + digit;
	}
	return value;
}

/* FNV-1a with a final mix; only to find candidates, equality is decided on the bytes. */
static void hash_byte(struct scan *sc, unsigned char c)
{
	sc->string_hash = (sc->string_hash ^ c) * 1099511628211ULL;
	sc->string_len++;
}

static void hash_code_point(struct scan *sc, unsigned cp)
{
	if (cp < 0x80) {
		hash_byte(sc, (unsigned char)cp);
	} else if (cp < 0x800) {
		hash_byte(sc, (unsigned char)(0xC0 | cp >> 6));
		hash_byte(sc, (unsigned char)(0x80 | (cp & 63)));
	} else if (cp < 0x10000) {
		hash_byte(sc, (unsigned char)(0xE0 | cp >> 12));
		hash_byte(sc, (unsigned char)(0x80 | (cp >> 6 & 63)));
		hash_byte(sc, (unsigned char)(0x80 | (cp & 63)));
	} else {
		hash_byte(sc, (unsigned char)(0xF0 | cp >> 18));
		hash_byte(sc, (unsigned char)(0x80 | (cp >> 12 & 63)));
		hash_byte(sc, (unsigned char)(0x80 | (cp >> 6 & 63)));
		hash_byte(sc, (unsigned char)(0x80 | (cp & 63)));
	}
}

static enum cv_rc unicode_escape(struct scan *sc)
{
	int high = hex4(sc, sc->at);
	if (high < 0)
		return bad(sc, CV_SYNTAX, _("\\u không đủ 4 chữ số"));
	if (high == 0)
		return bad(sc, CV_SYNTAX, _("ký tự U+0000"));
	sc->at += 4;
	if (high >= 0xDC00 && high <= 0xDFFF)
		return bad(sc, CV_SYNTAX, _("nửa ký tự thay thế"));
	if (high < 0xD800 || high > 0xDBFF) {
		hash_code_point(sc, (unsigned)high);
		return CV_OK;
	}
	int low = sc->at + 2 <= sc->n && sc->s[sc->at] == '\\' && sc->s[sc->at + 1] == 'u' ? hex4(sc, sc->at + 2) : -1;
	if (low < 0xDC00 || low > 0xDFFF)
		return bad(sc, CV_SYNTAX, _("nửa ký tự thay thế"));
	sc->at += 6;
	hash_code_point(sc, 0x10000U + (((unsigned)high & 0x3FF) << 10) + ((unsigned)low & 0x3FF));
	return CV_OK;
}

static enum cv_rc escape(struct scan *sc)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";

	if (sc->at >= sc->n)
		return bad(sc, CV_SYNTAX, _("chuỗi chưa đóng"));
	char c = sc->s[sc->at++];
	if (c == 'u')
		return unicode_escape(sc);
	const char *p = c != '\0' ? strchr(from, c) : NULL;
	if (p == NULL)
		return bad(sc, CV_SYNTAX, _("dấu \\ lạ"));
	hash_byte(sc, (unsigned char)to[p - from]);
	return CV_OK;
}

/* Behind the opening quote. UTF-8 of the whole text was checked before. */
static enum cv_rc string(struct scan *sc)
{
	sc->string_len = 0;
	sc->string_hash = 14695981039346656037ULL;
	while (sc->at < sc->n) {
		unsigned char c = (unsigned char)sc->s[sc->at++];
		if (c == '"')
			return CV_OK;
		if (c < 0x20)
			return bad(sc, CV_SYNTAX, _("ký tự điều khiển trong chuỗi"));
		if (c == '\\') {
			enum cv_rc rc = escape(sc);
			if (rc != CV_OK)
				return rc;
		} else {
			hash_byte(sc, c);
		}
		if (sc->string_len > sc->limits->string)
			return bad(sc, CV_LIMIT, _("chuỗi quá dài"));
	}
	return bad(sc, CV_SYNTAX, _("chuỗi chưa đóng"));
}

static size_t digits(struct scan *sc)
{
	size_t from = sc->at;

	while (sc->at < sc->n && sc->s[sc->at] >= '0' && sc->s[sc->at] <= '9')
		sc->at++;
	return sc->at - from;
}

static enum cv_rc number(struct scan *sc)
{
	size_t from = sc->at;
	bool integer = true;

	eat(sc, '-');
	size_t lead = sc->at;
	size_t count = digits(sc);
	if (count == 0 || (count > 1 && sc->s[lead] == '0'))
		return bad(sc, CV_SYNTAX, _("số viết sai"));
	if (eat(sc, '.')) {
		integer = false;
		if (digits(sc) == 0)
			return bad(sc, CV_SYNTAX, _("số viết sai"));
	}
	if (eat(sc, 'e') || eat(sc, 'E')) {
		integer = false;
		if (!eat(sc, '+'))
			eat(sc, '-');
		if (digits(sc) == 0)
			return bad(sc, CV_SYNTAX, _("số viết sai"));
	}
	char text[64];
	size_t len = sc->at - from;
	if (len >= sizeof(text))
		return bad(sc, CV_LIMIT, _("số quá dài"));
	memcpy(text, sc->s + from, len);
	text[len] = '\0';
	double value = strtod(text, NULL);
	/* 2^53+1 rounds to 2^53, so the bound itself is refused for integers, too. */
	if (!isfinite(value) || (integer && fabs(value) >= MAX_INTEGER))
		return bad(sc, CV_SYNTAX, _("số quá lớn"));
	return CV_OK;
}

static enum cv_rc word(struct scan *sc, const char *text)
{
	size_t len = strlen(text);

	if (sc->n - sc->at < len || memcmp(sc->s + sc->at, text, len) != 0)
		return bad(sc, CV_SYNTAX, _("giá trị lạ"));
	sc->at += len;
	return CV_OK;
}

/* Opens a container or reads a scalar; *opened tells which. */
static enum cv_rc value(struct scan *sc, bool *opened)
{
	*opened = false;
	if (++sc->nodes > sc->limits->nodes)
		return bad(sc, CV_LIMIT, _("quá nhiều phần tử"));
	char c = sc->at < sc->n ? sc->s[sc->at] : '\0';
	switch (c) {
	case '{':
	case '[':
		if (sc->depth >= sc->limits->depth || sc->depth >= MAX_DEPTH)
			return bad(sc, CV_LIMIT, _("lồng quá sâu"));
		sc->stack[sc->depth++] = (struct level){.object = c == '{', .first_key = sc->key_count};
		sc->at++;
		*opened = true;
		return CV_OK;
	case '"':
		sc->at++;
		return string(sc);
	case 't':
		return word(sc, "true");
	case 'f':
		return word(sc, "false");
	case 'n':
		return word(sc, "null");
	default:
		return number(sc);
	}
}

static enum cv_rc key(struct scan *sc)
{
	blanks(sc);
	size_t offset = sc->at;
	if (!eat(sc, '"'))
		return bad(sc, CV_SYNTAX, _("thiếu tên trường"));
	sc->stack[sc->depth - 1].name = sc->at;
	enum cv_rc rc = string(sc);
	if (rc != CV_OK)
		return rc;
	if (sc->key_count == sc->key_cap) {
		sc->key_cap = sc->key_cap != 0 ? sc->key_cap * 2 : 64;
		sc->keys = cv_reallocarray(sc->keys, sc->key_cap, sizeof(*sc->keys));
	}
	sc->keys[sc->key_count++] = (struct key){.hash = sc->string_hash, .offset = offset, .len = sc->string_len};
	blanks(sc);
	if (!eat(sc, ':'))
		return bad(sc, CV_SYNTAX, _("thiếu dấu hai chấm"));
	blanks(sc);
	return CV_OK;
}

static int by_hash(const void *a, const void *b)
{
	const struct key *x = a, *y = b;

	return x->hash < y->hash ? -1 : x->hash > y->hash;
}

/* At the end of an object: sorts its keys by hash and compares neighbours. Two keys with one 64-bit hash and one
 * length are taken as equal: a chance clash is beyond any input size we accept, and refusing is the safe side. */
static enum cv_rc close_object(struct scan *sc, size_t first)
{
	struct key *keys = sc->keys + first;
	size_t count = sc->key_count - first;

	if (count > 1) {
		qsort(keys, count, sizeof(*keys), by_hash);
		for (size_t i = 1; i < count; i++)
			if (keys[i].hash == keys[i - 1].hash && keys[i].len == keys[i - 1].len)
				return bad(sc, CV_SYNTAX, _("tên trường lặp lại"));
	}
	sc->key_count = first;
	return CV_OK;
}

/* After a value: closes what ends here. *more is true when another member or element follows. */
static enum cv_rc after_value(struct scan *sc, bool *more)
{
	*more = false;
	while (sc->depth > 0) {
		struct level *level = &sc->stack[sc->depth - 1];
		blanks(sc);
		if (eat(sc, ',')) {
			blanks(sc);
			level->index++;
			*more = true;
			return level->object ? key(sc) : CV_OK;
		}
		if (!eat(sc, level->object ? '}' : ']'))
			return bad(sc, CV_SYNTAX, _("thiếu dấu phẩy hoặc dấu đóng"));
		enum cv_rc rc = level->object ? close_object(sc, level->first_key) : CV_OK;
		if (rc != CV_OK)
			return rc;
		sc->depth--;
	}
	return CV_OK;
}

/* Just behind an opening bracket: an empty container, or its first key. */
static enum cv_rc enter(struct scan *sc, bool *empty)
{
	bool object = sc->stack[sc->depth - 1].object;

	blanks(sc);
	*empty = eat(sc, object ? '}' : ']');
	if (*empty) {
		sc->depth--;
		return CV_OK;
	}
	return object ? key(sc) : CV_OK;
}

static enum cv_rc document(struct scan *sc)
{
	bool more = true;

	blanks(sc);
	while (more) {
		bool opened, empty = true;
		enum cv_rc rc = value(sc, &opened);
		if (rc == CV_OK && opened)
			rc = enter(sc, &empty);
		if (rc == CV_OK && (!opened || empty))
			rc = after_value(sc, &more);
		if (rc != CV_OK)
			return rc;
	}
	blanks(sc);
	return sc->at == sc->n ? CV_OK : bad(sc, CV_SYNTAX, _("thừa chữ ở cuối"));
}

enum cv_rc cv_json_scan(const char *s, size_t n, const struct cv_json_limits *limits, struct cv_err *err)
{
	struct scan sc = {.s = s, .n = n, .limits = limits, .err = err};

	if (n > limits->bytes)
		return cv_err_set(err, CV_LIMIT, NULL, _("JSON quá lớn: %zu byte, tối đa %zu"), n, limits->bytes);
	if (!cv_utf8_valid(s, n))
		return cv_err_set(err, CV_SYNTAX, NULL, _("JSON không phải UTF-8"));
	enum cv_rc rc = document(&sc);
	free(sc.keys);
	return rc;
}

struct slices {
	const char *key;
	enum cv_rc (*each)(void *data, const char *slice, size_t len);
	void *data;
};

/* Skips one value of a text known to be valid; gives the offset behind it. */
static size_t skip_value(const char *s, size_t n, size_t at)
{
	int depth = 0;

	for (; at < n; at++) {
		char c = s[at];
		if (c == '"') {
			for (at++; at < n && s[at] != '"'; at++)
				if (s[at] == '\\')
					at++;
			if (depth == 0)
				return at + 1;
		} else if (c == '{' || c == '[') {
			depth++;
		} else if (c == '}' || c == ']') {
			if (depth == 0)
				return at;
			if (--depth == 0)
				return at + 1;
		} else if (depth == 0 && strchr(", \t\r\n", c) != NULL) {
			return at;
		}
	}
	return at;
}

static size_t skip_blanks(const char *s, size_t n, size_t at, const char *more)
{
	while (at < n && (strchr(" \t\r\n", s[at]) != NULL || strchr(more, s[at]) != NULL))
		at++;
	return at;
}

static enum cv_rc slice_array(const char *s, size_t n, size_t at, const struct slices *how)
{
	at = skip_blanks(s, n, at + 1, "");
	while (at < n && s[at] != ']') {
		size_t end = skip_value(s, n, at);
		enum cv_rc rc = how->each(how->data, s + at, end - at);
		if (rc != CV_OK)
			return rc;
		at = skip_blanks(s, n, end, ",");
	}
	return CV_OK;
}

/* Does the string literal s say `name`? It may say it with escapes. */
static bool says(const char *s, size_t n, const char *name)
{
	struct cv_json *j;
	size_t len = strlen(name);

	if (memchr(s, '\\', n) == NULL)
		return n == len + 2 && memcmp(s + 1, name, len) == 0;
	if (cv_json_parse(&j, s, n, &cv_json_request, NULL) != CV_OK)
		return false;
	bool same = cv_json_string(j) != NULL && strcmp(cv_json_string(j), name) == 0;
	cv_json_destroy(j);
	return same;
}

enum cv_rc cv_json_slices(const char *s, size_t n, const char *name,
			  enum cv_rc (*each)(void *data, const char *slice, size_t len), void *data)
{
	struct slices how = {.key = name, .each = each, .data = data};
	size_t at = skip_blanks(s, n, 0, "{");

	while (at < n && s[at] == '"') {
		size_t end = skip_value(s, n, at);
		bool match = says(s + at, end - at, name);
		at = skip_blanks(s, n, end, ":");
		if (match && at < n && s[at] == '[')
			return slice_array(s, n, at, &how);
		at = skip_blanks(s, n, skip_value(s, n, at), ",");
	}
	return CV_OK;
}
