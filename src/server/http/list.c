/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * GET /v1/{collection}: newest day first, then id; page by page through a token that names the last row. Rows are
 * chosen by the list columns, then what the viewer may not read is left out, then unit, state and search are applied.
 */
#include "server/http/http.h"

#include <congvu/base/i18n.h>
#include <congvu/base/mem.h>
#include <congvu/base/text.h>
#include <congvu/base/time.h>
#include <congvu/model/view.h>
#include <stdlib.h>
#include <string.h>

#define LIMIT	  50
#define LIMIT_MAX 200
#define LOOK_MAX  5000 /* rows read for one page; then the page ends early, with a token */
#define BEYOND	  "~"  /* sorts behind every date and id */

struct list {
	struct cv_req *r;
	struct cv_thread *t;
	int limit;
	int64_t status; /* -1: any */
	const char *state, *unit;
	char *search; /* owned, folded */
	char date[CV_DATE_SIZE], id[CV_ID_MAX + 1];
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

/* NULL or what is wrong with the query. */
static const char *read_query(struct list *l)
{
	const char *limit = param(l, "limit"), *status = param(l, "status"), *page = param(l, "page");
	int64_t n = LIMIT;

	l->status = -1;
	l->state = "";
	l->unit = param(l, "unit");
	cv_strcopy(l->date, sizeof(l->date), BEYOND);
	cv_strcopy(l->id, sizeof(l->id), BEYOND);
	if (limit[0] != '\0' && (!number(limit, &n) || n < 1))
		return _("limit phải là số từ 1 đến 200");
	l->limit = n < LIMIT_MAX ? (int)n : LIMIT_MAX;
	if (status[0] != '\0' && !number(status, &l->status))
		l->state = status;
	if (!dates_good(l))
		return _("ngày phải có dạng 2026-11-22");
	if (page[0] != '\0' && !cv_page_parse(page, l->date, sizeof(l->date), l->id, sizeof(l->id)))
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
	/* Searched is what is shown: a hidden field must not be guessed by searching it. */
	if (view != NULL && (l->search[0] == '\0' || text_found(view, l->search)))
		cv_json_push(l->items, view);
	else
		cv_json_destroy(view);
	cv_json_destroy(object);
}

static bool read_rows(struct list *l)
{
	char from_date[CV_DATE_SIZE], from_id[CV_ID_MAX + 1];
	int looked = 0;

	cv_strcopy(from_date, sizeof(from_date), l->date);
	cv_strcopy(from_id, sizeof(from_id), l->id);
	struct cv_stmt *st =
		cv_db_query(l->t->db,
			    "SELECT id, date, unit, body FROM object WHERE kind = $1 AND ($2 = '' OR \"user\" = $2)"
			    " AND ($3 = '' OR date = $3) AND ($4 = '' OR date >= $4) AND ($5 = '' OR date <= $5)"
			    " AND ($6 = '' OR slot = $6) AND ($7 < 0 OR status = $7) AND (date, id) < ($8, $9)"
			    " ORDER BY date DESC, id DESC",
			    "ssssssiss", cv_kind_word(l->r->match.kind),
			    param(l, "user")[0] != '\0' ? param(l, "user") : param(l, "assignee"), param(l, "date"),
			    param(l, "from"), param(l, "to"), param(l, "slot"), l->status, from_date, from_id);
	enum cv_step step = CV_STEP_DONE;

	while ((step = cv_stmt_step(st)) == CV_STEP_ROW) {
		/* One row more than fits tells that there is more. */
		if (cv_json_count(l->items) >= (size_t)l->limit || looked++ >= LOOK_MAX) {
			l->more = true;
			break;
		}
		cv_strcopy(l->date, sizeof(l->date), cv_stmt_text(st, 1));
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
	char *token = l->more ? cv_page_make(l->date, l->id) : NULL;

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
	struct list l = {.r = r, .t = cv_thread_get(r)};
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
