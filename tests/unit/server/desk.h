/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A small office in a temporary directory, for the tests of the server's data half. */
#ifndef CONGVU_TEST_DESK_H
#define CONGVU_TEST_DESK_H

#include "server/auth/auth.h"
#include "server/db/db.h"
#include "server/feed/feed.h"
#include "server/office.h"
#include "server/work/work.h"
#include "unit/cmocka_all.h"

#include <congvu/base/mem.h>
#include <congvu/base/seal.h>
#include <congvu/base/time.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct desk {
	char dir[64];
	struct cv_db *db;
	struct cv_dbctx *ctx;
	struct cv_batch *batch;
	struct cv_env env;
	int64_t now;
};

static int64_t desk_now(void *data)
{
	return ((struct desk *)data)->now;
}

static inline void desk_put(struct desk *d, enum cv_kind kind, const char *json)
{
	struct cv_json *object;

	assert_int_equal(cv_json_parse(&object, json, strlen(json), &cv_json_request, NULL), CV_OK);
	assert_int_equal(cv_db_begin(d->db, true, NULL), CV_OK);
	cv_batch_reset(d->batch);
	assert_int_equal(cv_object_put(d->batch, kind, object, NULL), CV_OK);
	assert_int_equal(cv_batch_publish(d->batch, NULL), CV_OK);
	assert_int_equal(cv_db_commit(d->db, NULL), CV_OK);
}

/* Units p1 and p2 below vp; officer hanh and head truong in p1, officer lan in p2. */
static inline void desk_open(struct desk *d)
{
	static const char *const users[][3] = {
		{"hanh", "officer", "p1"}, {"truong", "head", "p1"}, {"lan", "officer", "p2"}};

	memset(d, 0, sizeof(*d));
	d->env = *cv_env_system();
	d->env.data = d;
	d->env.now = desk_now;
	assert_true(cv_time_parse("2026-11-25T10:00:00+07:00", &d->now));
	snprintf(d->dir, sizeof(d->dir), "/tmp/cvtestXXXXXX");
	assert_non_null(mkdtemp(d->dir));
	assert_int_equal(cv_seal_start(NULL), CV_OK);
	assert_int_equal(cv_db_open(&d->db, d->dir, true, NULL), CV_OK);
	d->ctx = cv_dbctx_create(d->db);
	d->batch = cv_batch_create(d->ctx);
	assert_int_equal(cv_meta_set(d->db, "epoch", "k1", NULL), CV_OK);
	assert_int_equal(cv_meta_set(d->db, "server_key",
				     "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff", NULL),
			 CV_OK);
	desk_put(d, CV_KIND_POLICY, "{\"id\":\"*\"}");
	desk_put(d, CV_KIND_UNIT, "{\"id\":\"vp\",\"code\":\"vp\",\"name\":\"VP\",\"parent\":\"\"}");
	desk_put(d, CV_KIND_UNIT, "{\"id\":\"p1\",\"code\":\"p1\",\"name\":\"P1\",\"parent\":\"vp\"}");
	desk_put(d, CV_KIND_UNIT, "{\"id\":\"p2\",\"code\":\"p2\",\"name\":\"P2\",\"parent\":\"vp\"}");
	for (size_t i = 0; i < CV_COUNT(users); i++) {
		char *json = cv_strf(
			"{\"id\":\"%s\",\"name\":\"%s\",\"active\":true,\"roles\":[{\"role\":\"%s\",\"unit\":\"%s\"}]}",
			users[i][0], users[i][0], users[i][1], users[i][2]);
		desk_put(d, CV_KIND_USER, json);
		free(json);
		assert_int_equal(cv_account_set(d->db, users[i][0], "none", NULL), CV_OK);
	}
}

static inline void desk_close(struct desk *d)
{
	static const char *const files[] = {"office.db", "office.db-wal", "office.db-shm"};

	cv_batch_destroy(d->batch);
	cv_dbctx_destroy(d->ctx);
	cv_db_close(d->db);
	for (size_t i = 0; i < CV_COUNT(files); i++) {
		char *path = cv_strf("%s/%s", d->dir, files[i]);
		unlink(path);
		free(path);
	}
	assert_int_equal(rmdir(d->dir), 0);
}

static inline int64_t desk_count(struct desk *d, const char *sql)
{
	struct cv_stmt *st = cv_db_query(d->db, sql, "");

	assert_int_equal(cv_stmt_step(st), CV_STEP_ROW);
	int64_t n = cv_stmt_int(st, 0);
	cv_stmt_done(st);
	return n;
}

#endif
