/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Lists of dossiers. What no pending operation touches is read by its columns and short line; the few that are touched
 * are drawn whole and put into the same order.
 */
#include "client/core/inside.h"

#include <congvu/base/i18n.h>
#include <congvu/base/mem.h>
#include <congvu/base/text.h>
#include <congvu/base/time.h>
#include <congvu/core/dossiers.h>
#include <congvu/model/dossier.h>
#include <congvu/model/slot.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LIMIT	 200
#define OPEN	 0x2F6U /* statuses 1, 2, 4, 5, 6, 7, 9 */
#define HANDLED	 0x0F0U /* 4, 5, 6, 7 */
#define RUNNING	 0x016U /* 1, 2, 4 */
#define PAUSED	 0x0E0U /* 5, 6, 7 */
#define ANY	 0xFFFFU
#define UNIT_MAX 400

static const struct {
	const char *word, *label;
} views[] = {
#define X(name, word, label) [CV_GROUP_##name] = {word, label},
	CV_GROUP_TABLE(X)
#undef X
};

const char *cv_group_word(enum cv_group view)
{
	return views[view].word;
}

const char *cv_group_label(enum cv_group view)
{
	return _(views[view].label);
}

bool cv_group_of(enum cv_group *out, const char *word)
{
	for (int v = 0; v < CV_GROUP_COUNT; v++) {
		if (strcmp(views[v].word, word) == 0) {
			*out = (enum cv_group)v;
			return true;
		}
	}
	return false;
}

static const struct cv_json *me(struct cv_core *core)
{
	const struct cv_json *user = NULL;

	return cv_ctx_get(cv_core_ctx(core), CV_KIND_USER, core->user, &user) == CV_FOUND ? user : NULL;
}

enum cv_group cv_group_home(struct cv_core *core)
{
	const struct cv_json *user = me(core);

	if (cv_user_has_role(user, "head") || cv_user_has_role(user, "deputy") || cv_user_has_role(user, "leader"))
		return CV_GROUP_APPROVE;
	return cv_user_has_role(user, "clerk") || cv_user_has_role(user, "registrar") ? CV_GROUP_ALL : CV_GROUP_MINE;
}

/* ---- the query as columns ---- */
struct query {
	struct cv_core *core;
	const struct cv_dossier_query *q;
	struct cv_line_filter f;
	const char *units[UNIT_MAX + 1];
	struct cv_json *unit_names; /* owned: keeps units[] alive */
	char **without;		    /* owned: ids drawn apart */
	struct cv_json *drawn;	    /* owned: array of drawn bodies that fit */
	char *search;		    /* owned, folded, or NULL */
	/* while rows are taken */
	struct cv_json *items;
	int skip, limit;
	bool more;
	char key[80], id[CV_ID_MAX + 1];
	char *after; /* owned */
	struct cv_err *err;
};

static enum cv_rc add_unit(void *data, const char *id, int64_t rev, const struct cv_json *body)
{
	struct query *x = data;

	(void)rev;
	(void)body;
	cv_json_push(x->unit_names, cv_json_new_string(id));
	return CV_OK;
}

/* The units at and below `top`. */
static void units_below(struct query *x, const char *top)
{
	size_t n = 0;
	struct cv_store_filter all = {0};

	x->unit_names = cv_json_new_array();
	cv_store_list(x->core->store, "unit", &all, add_unit, x, NULL);
	CV_JSON_EACH (unit, x->unit_names)
		if (n < UNIT_MAX && cv_unit_within(cv_core_ctx(x->core), cv_json_string(unit), top) == CV_FOUND)
			x->units[n++] = cv_json_string(unit);
	x->f.units = x->units;
}

static int64_t end_of_next_day(struct query *x, int64_t now)
{
	int32_t day = cv_date_of(now);

	for (int i = 0; i < 30; i++)
		if (cv_day_working_in(cv_core_ctx(x->core), cv_user_unit(me(x->core)), ++day))
			break;
	return cv_date_at(day + 1, 0);
}

static void set_view(struct query *x)
{
	struct cv_line_filter *f = &x->f;
	const struct cv_json *user = me(x->core);
	int64_t now = cv_now(x->core->env);

	switch (x->q->group) {
	case CV_GROUP_MINE:
		f->owner = x->core->user;
		f->statuses = HANDLED;
		break;
	case CV_GROUP_UNIT:
		f->statuses = OPEN;
		units_below(x, cv_user_unit(user));
		break;
	case CV_GROUP_APPROVE:
		f->statuses = 1U << 4;
		f->step = cv_user_has_role(user, "leader") ? "at_leader" : "at_head";
		break;
	case CV_GROUP_LATE:
		f->statuses = RUNNING;
		f->due_from = 1;
		f->due_to = now;
		break;
	case CV_GROUP_SOON:
		f->statuses = RUNNING;
		f->due_from = now;
		f->due_to = end_of_next_day(x, now);
		break;
	case CV_GROUP_PAUSED:
		f->statuses = PAUSED;
		break;
	case CV_GROUP_RETURNED:
		f->statuses = 1U << 4;
		f->mark = "r";
		break;
	case CV_GROUP_UNREAD:
		f->statuses = OPEN;
		f->unread = true;
		break;
	default:
		f->statuses = ANY;
	}
}

static bool among(const char *word, const char *const *words)
{
	for (; *words != NULL; words++)
		if (strcmp(word, *words) == 0)
			return true;
	return false;
}

static bool found(struct query *x, const char *folded)
{
	return x->search == NULL || cv_text_find(folded, x->search);
}

static int64_t clear_time(int64_t t)
{
	return t == CV_TIME_NONE ? 0 : t;
}

/* The same conditions on a drawn body. A new dossier of one's own is never "unread". */
static bool fits(struct query *x, const struct cv_json *body)
{
	const struct cv_line_filter *f = &x->f;
	struct cv_row row;
	struct cv_line parts;

	cv_row_of(&row, CV_KIND_DOSSIER, body);
	int64_t due = clear_time(row.due);
	if (((f->statuses >> row.status) & 1) == 0 || (f->owner != NULL && strcmp(row.user, f->owner) != 0) ||
	    (f->step != NULL && strcmp(row.step, f->step) != 0) ||
	    (f->mark != NULL && strcmp(row.mark, f->mark) != 0) || (f->units != NULL && !among(row.unit, f->units)) ||
	    f->unread || (f->due_to != 0 && (due < f->due_from || due >= f->due_to || due == 0)))
		return false;
	char *line = cv_row_line(CV_KIND_DOSSIER, body);
	cv_line_cut(&parts, line);
	bool yes = found(x, parts.folded);
	free(line);
	return yes;
}

/* Draws what pending operations touch. */
static enum cv_rc draw_pending(struct query *x)
{
	size_t n = 0;
	enum cv_rc rc = cv_core_load_pending(x->core, x->err);

	x->drawn = cv_json_new_array();
	x->without = cv_reallocarray(NULL, x->core->pending_count + 1, sizeof(*x->without));
	for (size_t i = 0; rc == CV_OK && i < x->core->pending_count; i++) {
		const struct cv_pending *p = &x->core->pending[i];
		bool again = false;
		for (size_t k = 0; k < n; k++)
			again = again || strcmp(x->without[k], p->id) == 0;
		if (strcmp(p->kind, "dossier") != 0 || again)
			continue;
		x->without[n++] = cv_strdup(p->id);
	}
	x->without[n] = NULL;
	/* Drawing may load the pending rows anew: from here on only the ids are used. */
	for (size_t i = 0; i < n; i++) {
		struct cv_json *body = NULL;
		if (cv_core_get(x->core, CV_KIND_DOSSIER, x->without[i], &body, NULL) == CV_OK && fits(x, body))
			cv_json_push(x->drawn, cv_json_dup(body));
		cv_json_destroy(body);
	}
	x->f.without = (const char *const *)x->without;
	return rc;
}

static enum cv_rc query_open(struct query *x)
{
	const struct cv_dossier_query *q = x->q;

	set_view(x);
	if (q->status > 0 && q->status < 16)
		x->f.statuses &= 1U << q->status;
	if (q->user != NULL)
		x->f.owner = q->user;
	if (q->unit != NULL) {
		cv_json_destroy(x->unit_names);
		units_below(x, q->unit);
	}
	if (q->due_to != 0) {
		x->f.due_from = q->due_from;
		x->f.due_to = q->due_to;
		x->f.statuses &= RUNNING;
	}
	x->f.order = q->sort == CV_SORT_RECEIVED ? CV_STORE_BY_RECEIVED
		     : q->sort == CV_SORT_CODE	 ? CV_STORE_BY_CODE
						 : CV_STORE_BY_DUE;
	if (q->search != NULL && q->search[0] != '\0')
		x->search = cv_text_fold_dup(q->search);
	return draw_pending(x);
}

static void query_close(struct query *x)
{
	for (size_t i = 0; x->without != NULL && x->without[i] != NULL; i++)
		free(x->without[i]);
	free(x->without);
	free(x->search);
	free(x->after);
	cv_json_destroy(x->drawn);
	cv_json_destroy(x->unit_names);
}

/* ---- rows ---- */
static void key_of(struct query *x, char key[80], const struct cv_json *body)
{
	struct cv_row row;

	cv_row_of(&row, CV_KIND_DOSSIER, body);
	int64_t due = clear_time(row.due);
	if (x->f.order == CV_STORE_BY_CODE)
		cv_strcopy(key, 80, row.code);
	else if (x->f.order == CV_STORE_BY_DUE)
		snprintf(key, 80, "%lld", (long long)(due == 0 ? 9007199254740991 : due));
	else
		snprintf(key, 80, "%lld", (long long)clear_time(row.received));
}

/* < 0: a stands before b. */
static int order(struct query *x, const char *key_a, const char *id_a, const char *key_b, const char *id_b)
{
	int c;

	if (x->f.order == CV_STORE_BY_CODE) {
		c = strcmp(key_a, key_b);
	} else {
		long long a = strtoll(key_a, NULL, 10), b = strtoll(key_b, NULL, 10);
		c = a < b ? -1 : a > b;
	}
	if (c == 0)
		c = strcmp(id_a, id_b);
	return x->f.order == CV_STORE_BY_RECEIVED ? -c : c;
}

/* Takes the item (owned by the list from here) or ends. */
static enum cv_rc take(struct query *x, struct cv_json *item, const char *key, const char *id)
{
	if (x->skip > 0) {
		x->skip--;
	} else if (x->limit > 0) {
		cv_json_push(x->items, item);
		x->limit--;
		cv_strcopy(x->key, sizeof(x->key), key);
		cv_strcopy(x->id, sizeof(x->id), id);
		return CV_OK;
	} else {
		x->more = true;
	}
	cv_json_destroy(item);
	return x->more ? CV_INTERRUPTED : CV_OK;
}

/* Drawn rows that stand before (key, id); NULL: all that are left. */
static enum cv_rc take_drawn(struct query *x, const char *key, const char *id)
{
	enum cv_rc rc = CV_OK;

	while (rc == CV_OK) {
		struct cv_json *best = NULL;
		char best_key[80], own[80];
		size_t at = 0, best_at = 0;
		CV_JSON_EACH (body, x->drawn) {
			key_of(x, own, body);
			if (best == NULL || order(x, own, cv_json_s(body, "id"), best_key, cv_json_s(best, "id")) < 0) {
				best = body;
				best_at = at;
				cv_strcopy(best_key, sizeof(best_key), own);
			}
			at++;
		}
		if (best == NULL || (key != NULL && order(x, best_key, cv_json_s(best, "id"), key, id) > 0))
			break;
		bool passed = x->q->after != NULL && x->f.after_id != NULL &&
			      order(x, best_key, cv_json_s(best, "id"), x->f.after_key, x->f.after_id) <= 0;
		struct cv_json *item = cv_json_dup(best);
		struct cv_row row;
		cv_row_of(&row, CV_KIND_DOSSIER, item);
		cv_json_set_str(item, "mark", row.mark);
		cv_json_remove_at(x->drawn, best_at);
		if (passed)
			cv_json_destroy(item);
		else
			rc = take(x, item, best_key, cv_json_s(item, "id"));
	}
	return rc;
}

static void set_time(struct cv_json *item, const char *key, int64_t t)
{
	char text[CV_TIME_SIZE];

	if (t == 0)
		return;
	cv_time_format(t, text);
	cv_json_set_str(item, key, text);
}

static struct cv_json *item_of(const struct cv_line_row *row, const struct cv_line *parts)
{
	struct cv_json *item = cv_json_new_object(), *person = cv_json_new_object(), *procedure = cv_json_new_object();

	cv_json_set_str(item, "id", row->id);
	cv_json_set_int(item, "rev", row->rev);
	cv_json_set_str(item, "code", row->code);
	cv_json_set_int(item, "status", row->status);
	if (row->step[0] != '\0')
		cv_json_set_str(item, "step", row->step);
	if (row->owner[0] != '\0')
		cv_json_set_str(item, "assignee", row->owner);
	cv_json_set_str(item, "unit", row->unit);
	set_time(item, "due_at", row->due);
	set_time(item, "received_at", row->received);
	cv_json_set_str(person, "name", parts->applicant);
	cv_json_set(item, "applicant", person);
	cv_json_set_str(procedure, "name", parts->procedure);
	cv_json_set(item, "procedure", procedure);
	cv_json_set_str(item, "mark", row->mark);
	cv_json_set_bool(item, "unread", row->unread);
	return item;
}

static enum cv_rc each_row(void *data, const struct cv_line_row *row)
{
	struct query *x = data;
	struct cv_line parts;
	enum cv_rc rc = take_drawn(x, row->key, row->id);

	if (rc != CV_OK)
		return rc;
	cv_line_cut(&parts, row->line);
	if (!found(x, parts.folded))
		return CV_OK;
	if (x->skip > 0) {
		x->skip--;
		return CV_OK;
	}
	return take(x, item_of(row, &parts), row->key, row->id);
}

enum cv_rc cv_core_dossiers(struct cv_core *core, const struct cv_dossier_query *q, struct cv_json **out,
			    struct cv_err *err)
{
	struct query x = {.core = core, .q = q, .items = cv_json_new_array(), .err = err};
	bool began = cv_core_look(core);
	enum cv_rc rc = query_open(&x);

	*out = NULL;
	x.skip = q->skip;
	x.limit = q->limit > 0 ? q->limit : LIMIT;
	if (rc == CV_OK && q->after != NULL && q->after[0] != '\0') {
		x.after = cv_strdup(q->after);
		char *cut = strchr(x.after, '/');
		if (cut == NULL)
			rc = cv_err_set(err, CV_DATA, "after", _("--after không đúng"));
		else {
			*cut = '\0';
			x.f.after_key = x.after;
			x.f.after_id = cut + 1;
		}
	}
	if (rc == CV_OK)
		rc = cv_store_lines(core->store, &x.f, each_row, &x, err);
	if (rc == CV_OK && !x.more) {
		enum cv_rc rest = take_drawn(&x, NULL, NULL);
		rc = rest == CV_INTERRUPTED ? CV_OK : rest;
	}
	if (rc == CV_OK) {
		*out = cv_json_new_object();
		cv_json_set(*out, "items", x.items);
		char *token = x.more ? cv_strf("%s/%s", x.key, x.id) : NULL;
		cv_json_set(*out, "next", cv_json_new_string(token));
		free(token);
	} else {
		cv_json_destroy(x.items);
	}
	query_close(&x);
	cv_core_look_end(core, began);
	return rc;
}

static enum cv_rc count_row(void *data, const struct cv_line_row *row)
{
	struct query *x = data;
	struct cv_line parts;

	cv_line_cut(&parts, row->line);
	x->skip += found(x, parts.folded);
	return CV_OK;
}

int64_t cv_core_dossier_count(struct cv_core *core, const struct cv_dossier_query *q)
{
	struct query x = {.core = core, .q = q};
	bool began = cv_core_look(core);
	int64_t n = -1;

	if (query_open(&x) == CV_OK) {
		if (x.search == NULL)
			n = cv_store_lines_count(core->store, &x.f);
		else if (cv_store_lines(core->store, &x.f, count_row, &x, NULL) == CV_OK)
			n = x.skip;
		if (n >= 0)
			n += (int64_t)cv_json_count(x.drawn);
	}
	query_close(&x);
	cv_core_look_end(core, began);
	return n;
}
