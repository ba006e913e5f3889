/* SPDX-License-Identifier: GPL-3.0-or-later */
/* GET /v1/board: the head's board of a unit and day; with tree=1 also the totals of the units below. */
#include "server/http/http.h"

#include <congvu/base/i18n.h>
#include <congvu/base/time.h>
#include <congvu/model/board.h>
#include <stdlib.h>
#include <string.h>

static struct cv_json *all_of(struct cv_thread *t, const char *kind, bool *good)
{
	struct cv_json *all = cv_json_new_array();
	struct cv_stmt *st = cv_db_query(t->db, "SELECT body FROM object WHERE kind = $1 ORDER BY id", "s", kind);
	enum cv_step step;

	while ((step = cv_stmt_step(st)) == CV_STEP_ROW) {
		struct cv_json *one = NULL;
		const char *body = cv_stmt_text(st, 0);
		if (cv_json_parse(&one, body, strlen(body), &cv_json_answer, NULL) == CV_OK)
			cv_json_push(all, one);
		else
			*good = false;
	}
	cv_stmt_done(st);
	*good = *good && step != CV_STEP_FAIL;
	return all;
}

static struct cv_json *last_seen(struct cv_thread *t, bool *good)
{
	struct cv_json *seen = cv_json_new_object();
	struct cv_stmt *st = cv_db_query(
		t->db, "SELECT \"user\", MAX(last_seen) FROM device WHERE last_seen > 0 GROUP BY \"user\"", "");
	enum cv_step step;

	while ((step = cv_stmt_step(st)) == CV_STEP_ROW) {
		char text[CV_TIME_SIZE];
		cv_time_format(cv_stmt_int(st, 1) / 1000 * 1000, text);
		cv_json_set_str(seen, cv_stmt_text(st, 0), text);
	}
	cv_stmt_done(st);
	*good = *good && step != CV_STEP_FAIL;
	return seen;
}

/* What each holds: in process (what waits for the citizen is no load), and of what runs what is late. */
static struct cv_json *loads(struct cv_thread *t, int64_t now, bool *good)
{
	struct cv_json *all = cv_json_new_object();
	struct cv_stmt *st =
		cv_db_query(t->db,
			    "SELECT \"user\", SUM(CASE WHEN status = 4 THEN 1 ELSE 0 END),"
			    " SUM(CASE WHEN due > 0 AND due < $1 THEN 1 ELSE 0 END) FROM object"
			    " WHERE kind = 'dossier' AND status IN (1, 2, 4) AND \"user\" <> '' GROUP BY \"user\"",
			    "i", now);
	enum cv_step step;

	while ((step = cv_stmt_step(st)) == CV_STEP_ROW) {
		struct cv_json *one = cv_json_new_object();
		cv_json_set_int(one, "load", cv_stmt_int(st, 1));
		cv_json_set_int(one, "late_dossiers", cv_stmt_int(st, 2));
		cv_json_set(all, cv_stmt_text(st, 0), one);
	}
	cv_stmt_done(st);
	*good = *good && step != CV_STEP_FAIL;
	return all;
}

/* The units right below with their totals. */
static struct cv_json *units_below(struct cv_thread *t, struct cv_board_in *in, bool *good)
{
	struct cv_json *units = all_of(t, "unit", good), *out = cv_json_new_array();
	const char *top = in->unit;

	CV_JSON_EACH (unit, units) {
		const char *code = cv_json_s(unit, "id");
		if (strcmp(cv_json_s(unit, "parent"), top) != 0 || strcmp(code, top) == 0)
			continue;
		struct cv_json *row = cv_json_new_object();
		in->unit = code;
		struct cv_json *board = cv_board(in);
		cv_json_set_str(row, "unit", code);
		cv_json_set_str(row, "name", cv_json_s(unit, "name"));
		cv_json_set(row, "totals", cv_json_take(board, "totals"));
		cv_json_push(out, row);
		cv_json_destroy(board);
	}
	in->unit = top;
	cv_json_destroy(units);
	return out;
}

static struct cv_json *make_board(struct cv_req *r, struct cv_thread *t, const char *unit, int32_t date, bool *good)
{
	int64_t now = cv_now(r->http->env);
	struct cv_json *users = all_of(t, "user", good), *seen = last_seen(t, good), *held = loads(t, now, good);
	struct cv_json *board = NULL;
	struct cv_board_in in = {.ctx = cv_dbctx_ctx(t->ctx),
				 .unit = unit,
				 .date = date,
				 .now = now,
				 .users = users,
				 .last_seen = seen,
				 .loads = held};

	if (*good)
		board = cv_board(&in);
	if (board != NULL && strcmp(cv_query_get(&r->query, "tree"), "1") == 0)
		cv_json_set(board, "units", units_below(t, &in, good));
	*good = *good && !cv_dbctx_failed(t->ctx);
	cv_json_destroy(users);
	cv_json_destroy(seen);
	cv_json_destroy(held);
	return board;
}

void cv_handle_board(struct cv_req *r)
{
	static const char *const roles[] = {"head", "deputy", "leader", NULL};
	const char *unit = cv_query_get(&r->query, "unit"), *day = cv_query_get(&r->query, "date");
	int32_t date = cv_date_of(cv_now(r->http->env));
	struct cv_thread *t = cv_thread_get(r);
	bool good = true, mine;
	struct cv_json *board = NULL;

	if (t == NULL)
		return;
	if (day[0] != '\0' && !cv_date_parse(day, &date)) {
		cv_reply_problem(r, 400, "bad-request", _("ngày phải có dạng 2026-11-22"));
		return;
	}
	if (!cv_thread_begin(t, r))
		return;
	if (unit[0] == '\0')
		unit = cv_user_unit(cv_dbctx_object(t->ctx, CV_KIND_USER, r->session.user));
	/* Another's unit and one that is not there look alike. */
	mine = cv_dbctx_object(t->ctx, CV_KIND_UNIT, unit) != NULL &&
	       cv_role_over(cv_dbctx_ctx(t->ctx), r->session.user, roles, unit) == CV_FOUND;
	if (mine)
		board = make_board(r, t, unit, date, &good);
	cv_thread_end(t);
	if (!mine)
		cv_reply_problem(r, 404, "not-found", NULL);
	else if (!good)
		cv_reply_problem(r, 500, "internal", NULL);
	else
		cv_reply_json(r, 200, board);
	if (!mine || !good)
		cv_json_destroy(board);
}
