/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is shown: the server's object with the pending operations applied on top, in the order they were made. The
 * server's body itself is never changed, and nothing is ever rebased into it: when a newer body comes the same rows are
 * applied again. The cases of one row, which are the server's cases (work/run.c):
 *
 *   accepted, and the store holds its object at the result's revision   not drawn: the body has it
 *   accepted, and its object has not come yet                           drawn
 *   refused ("needs person")                                            not drawn: the text waits with its reason
 *   unsent, and cv_op_apply accepts                                     drawn
 *   unsent, and cv_op_apply refuses                                     not drawn, the object is marked
 * "may_be_returned"; it counts as a refusal for the rows behind it unsent, an earlier row on the object is refused,
 * does not commute   not drawn, marked: it will end as `depends` the same, but it commutes, or names the refusal in
 * "supersedes"     as if there were no refusal
 *
 * An earlier refusal is either foreseen here, or one the server gave and still holds because rows that were made before
 * anybody saw it wait behind it (store: refusal). Acknowledged refusals count no more.
 */
#include "client/core/inside.h"

#include <congvu/base/i18n.h>
#include <congvu/base/mem.h>
#include <congvu/base/time.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void cv_core_forget_drawn(struct cv_core *core)
{
	core->pending_loaded = false; /* the rows stay: the next look takes them over */
	if (core->drawn == NULL)
		return;
	/* What was handed out of it is still in somebody's hand: any call may find that another thread has written. */
	cv_json_destroy(core->retired[core->retired_at]);
	core->retired[core->retired_at] = core->drawn;
	core->retired_at = (core->retired_at + 1) % CV_COUNT(core->retired);
	core->drawn = NULL;
}

enum cv_rc cv_core_load_pending(struct cv_core *core, struct cv_err *err)
{
	if (core->pending_loaded)
		return CV_OK;
	enum cv_rc rc = cv_store_pending(core->store, &core->pending, &core->pending_count, err);
	core->pending_loaded = rc == CV_OK;
	return rc;
}

static unsigned rights_of(struct cv_core *core)
{
	const struct cv_json *list = cv_json_array_of(core->session, "rights");

	return list != NULL ? cv_rights_parse(list) : ~0U; /* unknown: the server decides */
}

/* Applies one pending row; an object it does not fit is left as it is. *refused: the mid of the refusal that stands
 * against the object so far. */
static struct cv_json *draw_one(struct cv_core *core, struct cv_json *object, const struct cv_pending *row,
				int64_t *refused)
{
	struct cv_json *element = NULL;
	const struct cv_op *op = cv_op_find(row->op);
	struct cv_outcome out = {.st = CV_ST_REJECTED};

	if (op == NULL || row->element == NULL ||
	    cv_json_parse(&element, row->element, strlen(row->element), &cv_json_answer, NULL) != CV_OK)
		return object;
	struct cv_act act = {.user = core->user,
			     .device = core->device,
			     .origin = core->script ? "script" : "person",
			     .rights = rights_of(core),
			     .at = row->at,
			     .now = row->at,
			     .base = cv_json_object_of(element, "base")};
	bool depends = row->unsent && (op->flags & CV_OP_COMMUTES) == 0 && *refused > 0 && *refused < row->mid &&
		       cv_json_int(element, "supersedes", 0) < *refused;
	if (!depends)
		cv_op_apply(&core->ctx, op, row->id, object, cv_json_get(element, "args"), &act, &out);
	if (out.object != NULL) {
		cv_json_destroy(object);
		object = out.object;
		out.object = NULL;
	} else if (!cv_st_accepted(out.st) && row->unsent) {
		*refused = row->mid;
		if (object != NULL)
			cv_json_set_bool(object, "may_be_returned", true);
	}
	cv_outcome_finish(&out);
	cv_json_destroy(element);
	return object;
}

static enum cv_rc draw(struct cv_core *core, const char *kind, const char *id, struct cv_json *object,
		       struct cv_json **out, struct cv_err *err)
{
	int64_t pending = 0, refused = 0;
	enum cv_rc rc = cv_core_load_pending(core, err);

	*out = object;
	for (size_t i = 0; rc == CV_OK && i < core->pending_count; i++) {
		const struct cv_pending *row = &core->pending[i];
		if (strcmp(row->id, id) != 0 || strcmp(row->kind, kind) != 0)
			continue;
		refused = row->refused > refused ? row->refused : refused;
		*out = draw_one(core, *out, row, &refused);
		pending += row->unsent ? 1 : 0;
	}
	if (pending > 0 && *out != NULL)
		cv_json_set_int(*out, "pending", pending);
	return rc;
}

enum cv_rc cv_core_get_server(struct cv_core *core, enum cv_kind kind, const char *id, struct cv_json **out,
			      struct cv_err *err)
{
	int64_t rev;

	return cv_store_get(core->store, cv_kind_word(kind), id, out, &rev, err);
}

enum cv_rc cv_core_get(struct cv_core *core, enum cv_kind kind, const char *id, struct cv_json **out,
		       struct cv_err *err)
{
	struct cv_json *object = NULL;
	struct cv_err own;

	*out = NULL;
	cv_err_init(&own);
	bool began = cv_core_look(core);
	enum cv_rc rc = cv_core_get_server(core, kind, id, &object, &own);
	if (rc == CV_OK || rc == CV_NOT_FOUND)
		rc = draw(core, cv_kind_word(kind), id, object, out, err);
	else if (err != NULL && err->rc == CV_OK)
		*err = own;
	cv_core_look_end(core, began);
	return rc == CV_OK && *out == NULL ? cv_err_set(err, CV_NOT_FOUND, "id", NULL) : rc;
}

static enum cv_found look_up(void *data, enum cv_kind kind, const char *id, const struct cv_json **out)
{
	struct cv_core *core = data;
	char key[200];

	snprintf(key, sizeof(key), "%s/%s", cv_kind_word(kind), id);
	struct cv_json *known = cv_json_get(core->drawn, key);
	if (known == NULL) {
		/* Put the mark first: drawing may look the same object up again. */
		cv_json_set(core->drawn, key, cv_json_new_null());
		struct cv_json *object = NULL;
		core->looking++; /* no cv_core_look(): in the middle of a rule nothing is forgotten */
		enum cv_rc rc = cv_core_get(core, kind, id, &object, NULL);
		core->looking--;
		if (rc == CV_OK)
			cv_json_set(core->drawn, key, object);
		else if (rc != CV_NOT_FOUND)
			return CV_UNKNOWN;
		known = cv_json_get(core->drawn, key);
	}
	if (cv_json_is(known, CV_JSON_OBJECT)) {
		*out = known;
		return CV_FOUND;
	}
	/* Before the first sync nothing is known; afterwards a catalogue object that is not here is not there. A narrow
	 * account is sent its own things only, so the absence of others says nothing. */
	return cv_kind_catalogue(kind) && core->session != NULL ? CV_ABSENT : CV_UNKNOWN;
}

const struct cv_ctx *cv_core_ctx(struct cv_core *core)
{
	int64_t version = cv_store_data_version(core->store);

	/* Another process or thread wrote. Not in the middle of a look-up: one rule sees one state, and the rows that
	 * are being drawn stay where they are. */
	if (version != core->data_version && core->looking == 0) {
		cv_core_forget_drawn(core);
		core->data_version = version;
	}
	if (core->drawn == NULL)
		core->drawn = cv_json_new_object();
	core->ctx = (struct cv_ctx){.data = core, .get = look_up};
	return &core->ctx;
}

bool cv_core_look(struct cv_core *core)
{
	bool began = core->looking == 0 && cv_store_look(core->store);

	cv_core_ctx(core);
	core->looking++;
	return began;
}

void cv_core_look_end(struct cv_core *core, bool began)
{
	core->looking--;
	if (began)
		cv_store_look_end(core->store);
}

/* ---- lists ---- */
struct list {
	struct cv_core *core;
	const char *kind;
	struct cv_json *items;
	struct cv_err *err;
};

static enum cv_rc add(void *data, const char *id, int64_t rev, const struct cv_json *body)
{
	struct list *l = data;
	struct cv_json *drawn;

	(void)rev;
	enum cv_rc rc = draw(l->core, l->kind, id, cv_json_dup(body), &drawn, l->err);
	if (drawn != NULL)
		cv_json_push(l->items, drawn);
	return rc;
}

static bool listed(const struct cv_json *items, const char *id)
{
	CV_JSON_EACH (item, items)
		if (strcmp(cv_json_s(item, "id"), id) == 0)
			return true;
	return false;
}

static bool fits(const struct cv_filter *f, enum cv_kind kind, const struct cv_json *object)
{
	struct cv_row row;

	cv_row_of(&row, kind, object);
	return (f->user == NULL || strcmp(f->user, row.user) == 0) &&
	       (f->slot == NULL || strcmp(f->slot, row.slot) == 0) &&
	       (f->from == NULL || strcmp(row.date, f->from) >= 0) && (f->to == NULL || strcmp(row.date, f->to) <= 0) &&
	       f->unit == NULL;
}

/* Objects that exist so far only as pending operations. */
static enum cv_rc add_new(struct list *l, enum cv_kind kind, const struct cv_filter *f)
{
	enum cv_rc rc = cv_core_load_pending(l->core, l->err);

	for (size_t i = 0; rc == CV_OK && i < l->core->pending_count; i++) {
		const struct cv_pending *row = &l->core->pending[i];
		struct cv_json *drawn = NULL;
		if (strcmp(row->kind, l->kind) != 0 || listed(l->items, row->id))
			continue;
		rc = cv_core_get(l->core, kind, row->id, &drawn, NULL);
		if (rc == CV_OK && fits(f, kind, drawn))
			cv_json_push(l->items, drawn);
		else
			cv_json_destroy(drawn);
		rc = rc == CV_NOT_FOUND ? CV_OK : rc;
	}
	return rc;
}

/* Reports and workdays carry no unit of their own: it is their owner's. */
static bool of_unit(struct cv_core *core, const struct cv_json *item, const char *unit)
{
	const struct cv_json *user;

	return cv_ctx_get(&core->ctx, CV_KIND_USER, cv_json_s(item, "user"), &user) == CV_FOUND &&
	       cv_unit_within(&core->ctx, cv_user_unit(user), unit) == CV_FOUND;
}

static int by_date(const void *a, const void *b)
{
	const struct cv_json *x = *(struct cv_json *const *)a, *y = *(struct cv_json *const *)b;
	int newest = strcmp(cv_json_s(y, "date"), cv_json_s(x, "date"));

	return newest != 0 ? newest : strcmp(cv_json_s(x, "id"), cv_json_s(y, "id"));
}

/* What fits, in order, at most `limit`; items is taken. */
static struct cv_json *choose(struct cv_core *core, struct cv_json *items, const char *unit, int limit)
{
	size_t count = 0, n = cv_json_count(items);
	const struct cv_json **rows = cv_reallocarray(NULL, n + 1, sizeof(*rows));
	struct cv_json *out = cv_json_new_array();

	CV_JSON_EACH (item, items)
		if (unit == NULL || of_unit(core, item, unit))
			rows[count++] = item;
	qsort(rows, count, sizeof(*rows), by_date);
	for (size_t i = 0; i < count && (limit <= 0 || i < (size_t)limit); i++)
		cv_json_push(out, cv_json_dup(rows[i]));
	free(rows);
	cv_json_destroy(items);
	return out;
}

enum cv_rc cv_core_list(struct cv_core *core, enum cv_kind kind, const struct cv_filter *filter, struct cv_json **out,
			struct cv_err *err)
{
	bool own_unit = kind == CV_KIND_REPORT || kind == CV_KIND_WORKDAY;
	struct list l = {.core = core, .kind = cv_kind_word(kind), .items = cv_json_new_array(), .err = err};
	struct cv_filter f = *filter;

	*out = NULL;
	bool began = cv_core_look(core);
	if (own_unit)
		f.unit = NULL;
	/* The limit counts what is shown: after drawing, and after the owner's unit is known. */
	struct cv_store_filter sf = {.user = f.user, .unit = f.unit, .slot = f.slot, .from = f.from, .to = f.to};
	enum cv_rc rc = cv_store_list(core->store, l.kind, &sf, add, &l, err);
	if (rc == CV_OK)
		rc = add_new(&l, kind, &f);
	if (rc == CV_OK)
		*out = choose(core, l.items, own_unit ? filter->unit : NULL, filter->limit);
	else
		cv_json_destroy(l.items);
	cv_core_look_end(core, began);
	return rc;
}
