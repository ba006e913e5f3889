/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * GET /v1/{collection}: newest day first, dossiers by due date, receipt or code; then id; page by page through a token
 * that names the last row. Rows are chosen by the list columns, then what the viewer may not read is left out, then
 * unit, state and search are applied.
 */
#include "server/http/http.h"

#include <congvu/base/i18n.h>
#include <congvu/base/mem.h>
#include <congvu/base/text.h>
#include <congvu/base/time.h>
#include <congvu/model/deadline.h>
#include <congvu/model/view.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LIMIT	  50
#define LIMIT_MAX 200
#define LOOK_MAX  5000 /* rows read for one page; then the page ends early, with a token */
#define KEY_SIZE  80
#define NEVER	  "9007199254740991" /* where no due date sorts: behind all others */

/* An order: the expression that is sorted by, the way, and where a first page begins. */
static const struct order {
	const char *name, *key;
	bool number, down;
	const char *before_all;
} orders[] = {
	{"date", "date", false, true, "~"}, /* "~" sorts behind every date and id */
	{"due", "CASE WHEN due IS NULL OR due = 0 THEN " NEVER " ELSE due END", true, false, "-1"},
	{"received", "CASE WHEN received IS NULL THEN 0 ELSE received END", true, true, NEVER},
	{"code", "code", false, false, ""},
};

struct list {
	struct cv_req *r;
	struct cv_thread *t;
	int limit;
	int64_t status; /* -1: any */
	const char *state, *unit;
	char *search;		  /* owned, folded */
	int64_t due_from, due_to; /* moments; due_to 0: any */
	const struct order *order;
	char key[KEY_SIZE], id[CV_ID_MAX + 1];
	int64_t now;
	struct cv_json *items;
	bool more;
};

static const char *param(const struct list *l, const char *name)
{
	return cv_query_get(&l->r->query, name);
}

static bool dates_good(const struct list *l)
{
	static const char *const names[] = {"date", "from", "to"};
	int32_t day;

	for (size_t i = 0; i < CV_COUNT(names); i++)
		if (param(l, names[i])[0] != '\0' && !cv_date_parse(param(l, names[i]), &day))
			return false;
	return true;
}

static bool number(const char *s, int64_t *out)
{
	size_t n = strspn(s, "0123456789");

	if (n == 0 || n > 9 || s[n] != '\0')
		return false;
	*out = strtoll(s, NULL, 10);
	return true;
}

/* overdue | today | Nd */
static bool read_due(struct list *l)
{
	const char *due = param(l, "due");
	int32_t today = cv_date_of(l->now);
	int64_t days;
	char digits[12];

	if (due[0] == '\0')
		return true;
	l->due_from = 1;
	if (strcmp(due, "overdue") == 0) {
		l->due_to = l->now;
	} else if (strcmp(due, "today") == 0) {
		l->due_from = cv_date_at(today, 0);
		l->due_to = cv_date_at(today + 1, 0);
	} else {
		size_t n = strlen(due);
		if (n < 2 || n > 4 || due[n - 1] != 'd')
			return false;
		cv_strcopy(digits, n, due);
		if (!number(digits, &days))
			return false;
		l->due_from = l->now;
		l->due_to = cv_date_at(today + (int32_t)days + 1, 0);
	}
	return true;
}

static bool read_order(struct list *l)
{
	const char *sort = param(l, "sort");

	l->order = &orders[l->r->match.kind == CV_KIND_DOSSIER ? 2 : 0];
	if (sort[0] == '\0')
		return true;
	for (size_t i = 0; i < CV_COUNT(orders); i++) {
		if (strcmp(orders[i].name, sort) == 0) {
			l->order = &orders[i];
			return true;
		}
	}
	return false;
}

/* NULL or what is wrong with the query. */
static const char *read_query(struct list *l)
{
	const char *limit = param(l, "limit"), *status = param(l, "status"), *page = param(l, "page");
	int64_t n = LIMIT;

	l->status = -1;
	l->state = "";
	l->unit = param(l, "unit");
	if (!read_order(l))
		return _("sort phải là date, due, received hoặc code");
	if (!read_due(l))
		return _("due phải là overdue, today hoặc số ngày như 7d");
	cv_strcopy(l->key, sizeof(l->key), l->order->before_all);
	cv_strcopy(l->id, sizeof(l->id), l->order->down ? "~" : "");
	if (limit[0] != '\0' && (!number(limit, &n) || n < 1))
		return _("limit phải là số từ 1 đến 200");
	l->limit = n < LIMIT_MAX ? (int)n : LIMIT_MAX;
	if (status[0] != '\0' && !number(status, &l->status))
		l->state = status;
	if (!dates_good(l))
		return _("ngày phải có dạng 2026-11-22");
	if (page[0] != '\0' && !cv_page_parse(page, l->key, sizeof(l->key), l->id, sizeof(l->id)))
		return _("page không đúng");
	l->search = cv_text_fold_dup(param(l, "search"));
	return NULL;
}

static bool text_found(const struct cv_json *j, const char *search)
{
	if (cv_json_is(j, CV_JSON_STRING)) {
		char *folded = cv_text_fold_dup(cv_json_string(j));
		bool found = cv_text_find(folded, search);
		free(folded);
		return found;
	}
	CV_JSON_EACH (item, j) {
		if (text_found(item, search))
			return true;
	}
	return false;
}

/* Takes the row into the page if it belongs there. */
static void consider(struct list *l, const char *body, const char *unit)
{
	const struct cv_session *s = &l->r->session;
	const struct cv_ctx *ctx = cv_dbctx_ctx(l->t->ctx);
	enum cv_kind kind = l->r->match.kind;
	struct cv_json *object = NULL, *view = NULL;

	if (l->unit[0] != '\0' && cv_unit_within(ctx, unit, l->unit) != CV_FOUND)
		return;
	if (cv_json_parse(&object, body, strlen(body), &cv_json_answer, NULL) != CV_OK)
		return;
	if (cv_may_read(ctx, s->user, s->rights, kind, object) &&
	    (l->state[0] == '\0' || strcmp(cv_json_s(object, "state"), l->state) == 0))
		view = cv_view_body(ctx, s->user, kind, object);
	if (view != NULL && kind == CV_KIND_DOSSIER)
		cv_json_set_str(view, "due_state", cv_due_state_word(cv_due_state(ctx, object, l->now)));
	/* Searched is what is shown: a hidden field must not be guessed by searching it. */
	if (view != NULL && (l->search[0] == '\0' || text_found(view, l->search)))
		cv_json_push(l->items, view);
	else
		cv_json_destroy(view);
	cv_json_destroy(object);
}

static struct cv_stmt *query(struct list *l, const char *key, const char *id)
{
	struct cv_buf sql;

	cv_buf_init(&sql, 2048);
	cv_buf_addf(&sql,
		    "SELECT id, %s, unit, body FROM object WHERE kind = $1 AND ($2 = '' OR \"user\" = $2)"
		    " AND ($3 = '' OR date = $3) AND ($4 = '' OR date >= $4) AND ($5 = '' OR date <= $5)"
		    " AND ($6 = '' OR slot = $6) AND ($7 < 0 OR status = $7)"
		    " AND ($10 = 0 OR (due >= $11 AND due < $10 AND status IN (1, 2, 4))) AND (%s, id) %s ($8, $9)"
		    " ORDER BY 2 %s, id %s",
		    l->order->key, l->order->key, l->order->down ? "<" : ">", l->order->down ? "DESC" : "ASC",
		    l->order->down ? "DESC" : "ASC");
	const char *kind = cv_kind_word(l->r->match.kind);
	const char *user = param(l, "user")[0] != '\0' ? param(l, "user") : param(l, "assignee");
	struct cv_stmt *st =
		l->order->number
			? cv_db_query(l->t->db, sql.data, "ssssssiisii", kind, user, param(l, "date"), param(l, "from"),
				      param(l, "to"), param(l, "slot"), l->status, (int64_t)strtoll(key, NULL, 10), id,
				      l->due_to, l->due_from)
			: cv_db_query(l->t->db, sql.data, "ssssssissii", kind, user, param(l, "date"), param(l, "from"),
				      param(l, "to"), param(l, "slot"), l->status, key, id, l->due_to, l->due_from);
	cv_buf_finish(&sql);
	return st;
}

static bool read_rows(struct list *l)
{
	char from_key[KEY_SIZE], from_id[CV_ID_MAX + 1];
	int looked = 0;

	cv_strcopy(from_key, sizeof(from_key), l->key);
	cv_strcopy(from_id, sizeof(from_id), l->id);
	struct cv_stmt *st = query(l, from_key, from_id);
	enum cv_step step = CV_STEP_DONE;

	while ((step = cv_stmt_step(st)) == CV_STEP_ROW) {
		/* One row more than fits tells that there is more. */
		if (cv_json_count(l->items) >= (size_t)l->limit || looked++ >= LOOK_MAX) {
			l->more = true;
			break;
		}
		if (l->order->number)
			snprintf(l->key, sizeof(l->key), "%lld", (long long)cv_stmt_int(st, 1));
		else
			cv_strcopy(l->key, sizeof(l->key), cv_stmt_text(st, 1));
		cv_strcopy(l->id, sizeof(l->id), cv_stmt_text(st, 0));
		char *body = cv_strdup(cv_stmt_text(st, 3)), *unit = cv_strdup(cv_stmt_text(st, 2));
		consider(l, body, unit);
		free(body);
		free(unit);
	}
	cv_stmt_done(st);
	return step != CV_STEP_FAIL && !cv_dbctx_failed(l->t->ctx);
}

/* The same query with another page. */
static char *next_link(const struct list *l, const char *token)
{
	struct cv_buf b;

	cv_buf_init(&b, 4096);
	cv_buf_addf(&b, "<%s?", l->r->uri);
	for (size_t i = 0; i < l->r->query.count; i++) {
		if (strcmp(l->r->query.pairs[i].name, "page") == 0)
			continue;
		for (int half = 0; half < 2; half++) {
			const char *s = half == 0 ? l->r->query.pairs[i].name : l->r->query.pairs[i].value;
			for (; *s != '\0'; s++) {
				bool plain = (*s >= '0' && *s <= '9') || (*s >= 'a' && *s <= 'z') ||
					     (*s >= 'A' && *s <= 'Z') || strchr("-._~", *s) != NULL;
				cv_buf_addf(&b, plain ? "%c" : "%%%02X", (unsigned char)*s);
			}
			cv_buf_putc(&b, half == 0 ? '=' : '&');
		}
	}
	cv_buf_addf(&b, "page=%s>; rel=\"next\"", token);
	return cv_buf_take(&b);
}

static void reply_list(struct list *l)
{
	struct cv_json *o = cv_json_new_object();
	char *token = l->more ? cv_page_make(l->key, l->id) : NULL;

	cv_json_set(o, "items", l->items);
	l->items = NULL;
	cv_json_set(o, "next", cv_json_new_string(token));
	if (token != NULL) {
		char *link = next_link(l, token);
		cv_reply_head(l->r, MHD_HTTP_HEADER_LINK, link);
		free(link);
	}
	cv_reply_json(l->r, 200, o);
	free(token);
}

void cv_handle_list(struct cv_req *r)
{
	struct list l = {.r = r, .t = cv_thread_get(r), .now = cv_now(r->http->env)};
	const char *fault = l.t != NULL ? read_query(&l) : NULL;

	if (fault != NULL) {
		cv_reply_problem(r, 400, "bad-request", fault);
	} else if (l.t != NULL && cv_thread_begin(l.t, r)) {
		l.items = cv_json_new_array();
		bool good = read_rows(&l);
		cv_thread_end(l.t);
		if (good)
			reply_list(&l);
		else
			cv_reply_problem(r, 500, "internal", NULL);
	}
	cv_json_destroy(l.items);
	free(l.search);
}
