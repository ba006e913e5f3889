/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Look-ups over a connection. What was parsed stays until the reset, also when a newer one covers it. */
#include "server/work/dbctx.h"

#include <congvu/base/log.h>
#include <congvu/base/mem.h>
#include <stdlib.h>
#include <string.h>

#define BUCKETS 256

struct entry {
	struct entry *next;
	enum cv_kind kind;
	char *id;		/* owned */
	struct cv_json *object; /* owned; NULL: there is none */
};

struct cv_dbctx {
	struct cv_db *db;
	struct cv_ctx ctx;
	struct entry *buckets[BUCKETS];
	bool failed;
};

static size_t bucket_of(enum cv_kind kind, const char *id)
{
	size_t h = 5381 + (size_t)kind;

	for (; *id != '\0'; id++)
		h = h * 33 + (unsigned char)*id;
	return h % BUCKETS;
}

static enum cv_found look_up(void *data, enum cv_kind kind, const char *id, const struct cv_json **out)
{
	*out = cv_dbctx_object(data, kind, id);
	return *out != NULL ? CV_FOUND : CV_ABSENT;
}

struct cv_dbctx *cv_dbctx_create(struct cv_db *db)
{
	struct cv_dbctx *c = cv_alloc(sizeof(*c));

	c->db = db;
	c->ctx.data = c;
	c->ctx.get = look_up;
	return c;
}

void cv_dbctx_destroy(struct cv_dbctx *c)
{
	if (c == NULL)
		return;
	cv_dbctx_reset(c);
	free(c);
}

void cv_dbctx_reset(struct cv_dbctx *c)
{
	c->failed = false;
	for (size_t i = 0; i < BUCKETS; i++) {
		while (c->buckets[i] != NULL) {
			struct entry *e = c->buckets[i];
			c->buckets[i] = e->next;
			cv_json_destroy(e->object);
			free(e->id);
			free(e);
		}
	}
}

const struct cv_ctx *cv_dbctx_ctx(struct cv_dbctx *c)
{
	return &c->ctx;
}

struct cv_db *cv_dbctx_db(struct cv_dbctx *c)
{
	return c->db;
}

void cv_dbctx_cover(struct cv_dbctx *c, enum cv_kind kind, const char *id, struct cv_json *object)
{
	size_t at = bucket_of(kind, id);
	struct entry *e = cv_alloc(sizeof(*e));

	e->kind = kind;
	e->id = cv_strdup(id);
	e->object = object;
	e->next = c->buckets[at];
	c->buckets[at] = e;
}

bool cv_dbctx_failed(const struct cv_dbctx *c)
{
	return c->failed;
}

static struct cv_json *load(struct cv_dbctx *c, enum cv_kind kind, const char *id)
{
	struct cv_json *object = NULL;
	struct cv_stmt *st =
		cv_db_query(c->db, "SELECT body FROM object WHERE kind = $1 AND id = $2", "ss", cv_kind_word(kind), id);

	enum cv_step step = cv_stmt_step(st);
	if (step == CV_STEP_ROW) {
		const char *body = cv_stmt_text(st, 0);
		if (cv_json_parse(&object, body, strlen(body), &cv_json_answer, NULL) != CV_OK)
			step = CV_STEP_FAIL;
	}
	if (step == CV_STEP_FAIL) {
		cv_log(CV_LOG_ERROR, "object %s %s cannot be read", cv_kind_word(kind), id);
		c->failed = true;
	}
	cv_stmt_done(st);
	return object;
}

const struct cv_json *cv_dbctx_object(struct cv_dbctx *c, enum cv_kind kind, const char *id)
{
	if (id == NULL || kind >= CV_KIND_COUNT)
		return NULL;
	for (struct entry *e = c->buckets[bucket_of(kind, id)]; e != NULL; e = e->next)
		if (e->kind == kind && strcmp(e->id, id) == 0)
			return e->object;
	struct cv_json *object = load(c, kind, id);
	cv_dbctx_cover(c, kind, id, object);
	return object;
}
