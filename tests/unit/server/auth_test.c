/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tokens: rotation, grace, reuse, expiry, fork, disabling; the session's tag. */
#include "unit/server/desk.h"

#include <congvu/model/ctx.h>

static struct cv_json *session_body(struct desk *d, const struct cv_session *s)
{
	cv_dbctx_reset(d->ctx);
	return cv_session_body(d->ctx, s);
}

static void login(struct cv_tokens *t, struct desk *d, const char *device, unsigned rights)
{
	assert_int_equal(cv_auth_login(t, d->db, &d->env, "hanh", "pc", device, rights, NULL), CV_OK);
}

static void refresh_rotates_and_forgives_for_120_s(void **state)
{
	struct desk d;
	struct cv_tokens a, b, c;
	struct cv_session s;
	struct cv_err err = {0};

	(void)state;
	desk_open(&d);
	login(&a, &d, NULL, 0);
	assert_int_equal(cv_auth_refresh(&b, d.db, &d.env, a.refresh, false, NULL), CV_OK);
	assert_string_not_equal(a.refresh, b.refresh);
	d.now += 120000;
	assert_int_equal(cv_auth_refresh(&c, d.db, &d.env, a.refresh, false, NULL), CV_OK);
	assert_string_equal(b.refresh, c.refresh);
	assert_int_equal(cv_auth_check(&s, d.db, &d.env, c.access, NULL), CV_OK);
	d.now += 1;
	assert_int_equal(cv_auth_refresh(&c, d.db, &d.env, a.refresh, false, &err), CV_LOGIN);
	assert_string_equal(err.code, "login-required");
	/* Somebody has a copy: the whole family has ended, also for the rightful successor. */
	assert_int_equal(cv_auth_refresh(&c, d.db, &d.env, b.refresh, false, NULL), CV_LOGIN);
	assert_int_equal(cv_auth_check(&s, d.db, &d.env, b.access, NULL), CV_LOGIN);
	desk_close(&d);
}

static void tokens_expire(void **state)
{
	struct desk d;
	struct cv_tokens a;
	struct cv_session s;
	struct cv_err err = {0};
	int64_t start;

	(void)state;
	desk_open(&d);
	start = d.now;
	login(&a, &d, NULL, 0);
	d.now = start + 900000 - 1;
	assert_int_equal(cv_auth_check(&s, d.db, &d.env, a.access, NULL), CV_OK);
	d.now++;
	assert_int_equal(cv_auth_check(&s, d.db, &d.env, a.access, &err), CV_LOGIN);
	assert_string_equal(err.code, "token-expired");
	/* 29 days at a time it lives on, but not beyond 180. */
	for (int day = 29; day < 180; day += 29) {
		d.now = start + day * CV_DAY_MS;
		assert_int_equal(cv_auth_refresh(&a, d.db, &d.env, a.refresh, false, NULL), CV_OK);
	}
	d.now = start + 180 * CV_DAY_MS;
	assert_int_equal(cv_auth_refresh(&a, d.db, &d.env, a.refresh, false, NULL), CV_LOGIN);
	assert_int_equal(cv_auth_refresh(&a, d.db, &d.env, "garbage", false, NULL), CV_LOGIN);
	desk_close(&d);
}

static void fork_keep_and_revoke(void **state)
{
	struct desk d;
	struct cv_tokens a, b, c;
	struct cv_session s;

	(void)state;
	desk_open(&d);
	login(&a, &d, NULL, 0);
	assert_int_equal(cv_auth_refresh(&b, d.db, &d.env, a.refresh, true, NULL), CV_OK);
	assert_string_not_equal(a.device, b.device);
	assert_int_equal(cv_auth_check(&s, d.db, &d.env, a.access, NULL), CV_OK);
	login(&c, &d, a.device, 0);
	assert_string_equal(a.device, c.device);
	assert_int_equal(cv_auth_revoke(d.db, &d.env, a.device, NULL), CV_OK);
	assert_int_equal(cv_auth_check(&s, d.db, &d.env, c.access, NULL), CV_DISABLED);
	login(&c, &d, a.device, 0);
	assert_string_not_equal(a.device, c.device);
	assert_int_equal(cv_db_run(d.db, NULL, NULL, "UPDATE account SET disabled = 1", ""), CV_OK);
	assert_int_equal(cv_auth_check(&s, d.db, &d.env, b.access, NULL), CV_DISABLED);
	assert_int_equal(cv_auth_refresh(&a, d.db, &d.env, b.refresh, false, NULL), CV_DISABLED);
	desk_close(&d);
}

static void scripts_and_tags(void **state)
{
	struct desk d;
	struct cv_tokens a;
	struct cv_session s;

	(void)state;
	desk_open(&d);
	login(&a, &d, NULL, CV_RIGHT_REPORT_WRITE | CV_RIGHT_SYNC_OWN);
	assert_int_equal(cv_auth_check(&s, d.db, &d.env, a.access, NULL), CV_OK);
	assert_true(s.script);
	assert_int_equal(s.rights, CV_RIGHT_REPORT_WRITE | CV_RIGHT_SYNC_OWN);
	login(&a, &d, NULL, 0);
	assert_int_equal(cv_auth_check(&s, d.db, &d.env, a.access, NULL), CV_OK);
	assert_false(s.script);
	struct cv_json *one = session_body(&d, &s);
	s.last_mid = 7;
	struct cv_json *two = session_body(&d, &s);
	assert_string_equal(cv_json_s(one, "tag"), cv_json_s(two, "tag"));
	assert_int_equal(cv_json_int(two, "last_mid", 0), 7);
	desk_put(&d, CV_KIND_POLICY, "{\"id\":\"*\",\"register_by\":\"09:00\"}");
	struct cv_json *three = session_body(&d, &s);
	assert_string_not_equal(cv_json_s(one, "tag"), cv_json_s(three, "tag"));
	cv_json_destroy(one);
	cv_json_destroy(two);
	cv_json_destroy(three);
	desk_close(&d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refresh_rotates_and_forgives_for_120_s),
		cmocka_unit_test(tokens_expire),
		cmocka_unit_test(fork_keep_and_revoke),
		cmocka_unit_test(scripts_and_tags),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
