/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Feed entries of a transaction: kept in memory, numbered and written last, so that numbers are given in the order
 * of commits and a reader never passes over one that is still to come. */
#include "server/work/batch.h"
#include "server/work/dbctx.h"

#include <congvu/base/mem.h>
#include <stdlib.h>
#include <string.h>

struct entry {
	char *scope, *id; /* owned */
	enum cv_kind kind;
	const char *op; /* static */
};

struct cv_batch {
	struct cv_dbctx *ctx;
	struct entry *entries; /* owned */
	size_t n, room;
	struct cv_json *scopes; /* owned: of the last publish */
	int64_t counter;
};

struct cv_batch *cv_batch_create(struct cv_dbctx *c)
{
	struct cv_batch *b = cv_alloc(sizeof(*b));

	b->ctx = c;
	b->scopes = cv_json_new_array();
	return b;
}

void cv_batch_destroy(struct cv_batch *b)
{
	if (b == NULL)
		return;
	cv_batch_cut(b, 0);
	free(b->entries);
	cv_json_destroy(b->scopes);
	free(b);
}

void cv_batch_reset(struct cv_batch *b)
{
	cv_batch_cut(b, 0);
	cv_json_destroy(b->scopes);
	b->scopes = cv_json_new_array();
	cv_dbctx_reset(b->ctx);
}

struct cv_db *cv_batch_db(const struct cv_batch *b)
{
	return cv_dbctx_db(b->ctx);
}

struct cv_dbctx *cv_batch_ctx(const struct cv_batch *b)
{
	return b->ctx;
}

size_t cv_batch_mark(const struct cv_batch *b)
{
	return b->n;
}

void cv_batch_cut(struct cv_batch *b, size_t mark)
{
	while (b->n > mark) {
		b->n--;
		free(b->entries[b->n].scope);
		free(b->entries[b->n].id);
	}
}

void cv_batch_note(struct cv_batch *b, const struct cv_json *scopes, enum cv_kind kind, const char *id, const char *op)
{
	CV_JSON_EACH (scope, scopes) {
		if (b->n == b->room) {
			b->room = b->room == 0 ? 64 : 2 * b->room;
			b->entries = cv_reallocarray(b->entries, b->room, sizeof(*b->entries));
		}
		b->entries[b->n++] = (struct entry){cv_strdup(cv_json_string(scope)), cv_strdup(id), kind, op};
	}
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void collect_scopes(struct cv_batch *b)
{
	const char **all = cv_reallocarray(NULL, b->n + 1, sizeof(*all));

	for (size_t i = 0; i < b->n; i++)
		all[i] = b->entries[i].scope;
	qsort(all, b->n, sizeof(*all), by_text);
	for (size_t i = 0; i < b->n; i++)
		if (i == 0 || strcmp(all[i], all[i - 1]) != 0)
			cv_json_push(b->scopes, cv_json_new_string(all[i]));
	free(all);
}

static enum cv_rc count_up(struct cv_batch *b, int64_t *first, struct cv_err *err)
{
	struct cv_stmt *st = cv_db_query(cv_batch_db(b), "UPDATE counter SET n = n + $1 WHERE one = 1 RETURNING n", "i",
					 (int64_t)b->n);
	bool fine = cv_stmt_step(st) == CV_STEP_ROW;

	if (fine)
		b->counter = cv_stmt_int(st, 0);
	fine = fine && cv_stmt_step(st) == CV_STEP_DONE;
	cv_stmt_done(st);
	*first = b->counter - (int64_t)b->n + 1;
	return fine ? CV_OK : cv_err_set(err, CV_IO, NULL, "counter: %s", cv_db_message(cv_batch_db(b)));
}

enum cv_rc cv_batch_publish(struct cv_batch *b, struct cv_err *err)
{
	int64_t first;
	enum cv_rc rc;

	if (b->n == 0)
		return CV_OK;
	rc = count_up(b, &first, err);
	for (size_t i = 0; rc == CV_OK && i < b->n; i++) {
		const struct entry *e = &b->entries[i];
		rc = cv_db_run(cv_batch_db(b), NULL, err,
			       "INSERT INTO feed (scope, kind, id, seq, op) VALUES ($1, $2, $3, $4, $5)"
			       " ON CONFLICT (kind, id, scope) DO UPDATE SET seq = excluded.seq, op = excluded.op",
			       "sssis", e->scope, cv_kind_word(e->kind), e->id, first + (int64_t)i, e->op);
	}
	if (rc == CV_OK)
		collect_scopes(b);
	cv_batch_cut(b, 0);
	return rc;
}

const struct cv_json *cv_batch_scopes(const struct cv_batch *b)
{
	return b->scopes;
}

int64_t cv_batch_counter(const struct cv_batch *b)
{
	return b->counter;
}
