/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A small office in memory for the model's tests: objects by kind and id. */
#ifndef CONGVU_TESTS_WORLD_H
#define CONGVU_TESTS_WORLD_H

#include <unit/cmocka_all.h>

#include <congvu/base/mem.h>
#include <congvu/base/time.h>
#include <congvu/model/op.h>
#include <stdio.h>

struct world {
	struct cv_json *objects; /* "<kind>/<id>" -> object */
	struct cv_ctx ctx;
	bool blind; /* answers unknown, as a client without catalogues */
};

static inline struct cv_json *world_parse(const char *text)
{
	struct cv_json *j = NULL;
	struct cv_err err;

	cv_err_init(&err);
	if (cv_json_parse(&j, text, strlen(text), &cv_json_request, &err) != CV_OK)
		fail_msg("%s: %s", text, err.detail);
	return j;
}

static inline enum cv_found world_get(void *data, enum cv_kind kind, const char *id, const struct cv_json **out)
{
	struct world *w = data;
	char key[200];

	if (w->blind)
		return CV_UNKNOWN;
	snprintf(key, sizeof(key), "%s/%s", cv_kind_word(kind), id);
	*out = cv_json_get(w->objects, key);
	return *out != NULL ? CV_FOUND : CV_ABSENT;
}

static inline void world_put(struct world *w, enum cv_kind kind, const char *id, struct cv_json *object)
{
	char key[200];

	snprintf(key, sizeof(key), "%s/%s", cv_kind_word(kind), id);
	cv_json_set_str(object, "id", id);
	cv_json_set(w->objects, key, object);
}

static inline void world_person(struct world *w, const char *login, const char *name, const char *role,
				const char *unit)
{
	char text[300];

	snprintf(text, sizeof(text), "{\"name\":\"%s\",\"roles\":[{\"role\":\"%s\",\"unit\":\"%s\"}],\"active\":true}",
		 name, role, unit);
	world_put(w, CV_KIND_USER, login, world_parse(text));
}

/* vp (the office) > p1, p2; p1 > t1. hanh, an: officers of p1; bich: officer of t1; lan: head of p1; dung: deputy of
 * p1; khue: officer of p2; giam: leader of vp; tri: admin. */
static inline void world_begin(struct world *w)
{
	*w = (struct world){.objects = cv_json_new_object()};
	w->ctx = (struct cv_ctx){.data = w, .get = world_get};
	world_put(w, CV_KIND_UNIT, "vp", world_parse("{\"name\":\"Ủy ban\"}"));
	world_put(w, CV_KIND_UNIT, "p1", world_parse("{\"name\":\"Phòng Tư pháp\",\"parent\":\"vp\"}"));
	world_put(w, CV_KIND_UNIT, "t1", world_parse("{\"name\":\"Tổ Hộ tịch\",\"parent\":\"p1\"}"));
	world_put(w, CV_KIND_UNIT, "p2", world_parse("{\"name\":\"Phòng Kinh tế\",\"parent\":\"vp\"}"));
	world_person(w, "hanh", "Lê Thị Hạnh", "officer", "p1");
	world_person(w, "an", "Nguyễn Đức Ân", "officer", "p1");
	world_person(w, "bich", "Phan Thị Bích", "officer", "t1");
	world_person(w, "lan", "Ngô Thị Lan", "head", "p1");
	world_person(w, "dung", "Trần Văn Dũng", "deputy", "p1");
	world_person(w, "khue", "Đặng Thị Khuê", "officer", "p2");
	world_person(w, "giam", "Vũ Đình Giám", "leader", "vp");
	world_person(w, "tri", "Quản Trị", "admin", "vp");
}

static inline void world_end(struct world *w)
{
	cv_json_destroy(w->objects);
}

static inline int64_t world_time(const char *text)
{
	int64_t t = 0;

	assert_true(cv_time_parse(text, &t));
	return t;
}

/* Runs an operation with authority and keeps its object. Returns the verdict; `why` may be NULL. */
static inline enum cv_st world_do(struct world *w, const char *user, const char *origin, const char *op, const char *id,
				  const char *args, const char *at, const char *now, struct cv_err *why)
{
	struct cv_outcome out;
	const struct cv_json *object = NULL, *who = NULL;
	const struct cv_op *row = cv_op_find(op);
	struct cv_json *parsed = world_parse(args);
	bool blind = w->blind;

	assert_non_null(row);
	w->blind = false;
	world_get(w, row->kind, id, &object);
	world_get(w, CV_KIND_USER, user, &who);
	w->blind = blind;
	struct cv_act act = {.user = user,
			     .device = "d1",
			     .origin = origin,
			     .rights = cv_rights_of_roles(who),
			     .at = world_time(at),
			     .now = world_time(now),
			     .authority = true};
	cv_op_apply(&w->ctx, row, id, object, parsed, &act, &out);
	enum cv_st st = out.st;
	if (why != NULL)
		*why = out.err;
	if (out.object != NULL) {
		world_put(w, row->kind, id, out.object);
		out.object = NULL;
	}
	cv_outcome_finish(&out);
	cv_json_destroy(parsed);
	return st;
}

static inline const struct cv_json *world_object(struct world *w, enum cv_kind kind, const char *id)
{
	const struct cv_json *object = NULL;

	world_get(w, kind, id, &object);
	return object;
}

#endif
