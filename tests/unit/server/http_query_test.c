/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Parsers of the wire: query, segments, Prefer, Accept-Encoding, versions, page tokens; and the route table. */
#include "unit/cmocka_all.h"

#include "server/http/http.h"

#include <congvu/base/mem.h>

static void queries(void **state)
{
	static const struct {
		const char *text, *name, *want; /* want NULL: refused */
	} rows[] = {
		{"", "a", ""},	      {"a=1&b=2", "b", "2"}, {"a=1&b=2", "c", ""},  {"a=%C4%91+x", "a", "đ x"},
		{"&&a=1&", "a", "1"}, {"a", "a", ""},	     {"a=b=c", "a", "b=c"}, {"a=1&a=2", "a", NULL},
		{"a=%00", "a", NULL}, {"a=%0a", "a", NULL},  {"a=%", "a", NULL},    {"a=%4", "a", NULL},
		{"a=%zz", "a", NULL}, {"a=%ff", "a", NULL},  {"=1", "a", NULL},
	};

	(void)state;
	for (size_t i = 0; i < CV_COUNT(rows); i++) {
		struct cv_query q;
		bool good = cv_query_parse(&q, rows[i].text);
		assert_int_equal(good, rows[i].want != NULL);
		if (good)
			assert_string_equal(cv_query_get(&q, rows[i].name), rows[i].want);
		cv_query_finish(&q);
	}
}

static void too_many_pairs(void **state)
{
	struct cv_query q;
	char text[CV_QUERY_MAX * 4 + 8] = "";

	(void)state;
	for (int i = 0; i < CV_QUERY_MAX; i++) {
		char pair[5] = {(char)('A' + i), '=', '1', '&', '\0'};
		memcpy(text + 4 * i, pair, 5);
	}
	assert_true(cv_query_parse(&q, text));
	assert_string_equal(cv_query_get(&q, "X"), "1");
	cv_query_finish(&q);
	memcpy(text + 4 * CV_QUERY_MAX, "z=1", 4);
	assert_false(cv_query_parse(&q, text));
	cv_query_finish(&q);
}

static void waits(void **state)
{
	static const struct {
		const char *prefer;
		int want;
	} rows[] = {
		{NULL, 0},
		{"", 0},
		{"wait=20", 20},
		{"Wait=7", 7},
		{"wait=50", 50},
		{"wait=51", 50},
		{"wait=99999", 50},
		{"wait=", 0},
		{"wait=-1", 0},
		{"wait=1x", 0},
		{"respond-async, wait=5", 5},
		{"wait=0", 0},
		{"waiting=5", 0},
		{"wait=999999999999", 0},
	};

	(void)state;
	for (size_t i = 0; i < CV_COUNT(rows); i++)
		assert_int_equal(cv_prefer_wait(rows[i].prefer, 50), rows[i].want);
}

static void accepts(void **state)
{
	static const struct {
		const char *accept;
		bool want;
	} rows[] = {
		{NULL, false},
		{"", false},
		{"gzip", true},
		{"deflate, gzip", true},
		{"GZIP", true},
		{"gzip;q=0", false},
		{"gzip; q=0.0", false},
		{"gzip;q=0.5", true},
		{"xgzip", false},
		{"gzipx", false},
		{"zstd , gzip ;q=1", true},
		{"br", false},
	};

	(void)state;
	for (size_t i = 0; i < CV_COUNT(rows); i++)
		assert_int_equal(cv_accepts(rows[i].accept, "gzip"), rows[i].want);
	assert_true(cv_media_is_json("application/json"));
	assert_true(cv_media_is_json("Application/JSON; charset=utf-8"));
	assert_false(cv_media_is_json("application/jsonx"));
	assert_false(cv_media_is_json("text/plain"));
	assert_false(cv_media_is_json(NULL));
}

static void versions(void **state)
{
	(void)state;
	assert_true(cv_version_compare("0.1.0", "0.1.0") == 0);
	assert_true(cv_version_compare("congvu/0.0.9", "0.1.0") < 0);
	assert_true(cv_version_compare("0.10.0", "0.9.0") > 0);
	assert_true(cv_version_compare("1", "0.9.9") > 0);
	assert_true(cv_version_compare("rubbish", "0.1.0") < 0);
}

static void pages(void **state)
{
	char date[16], id[CV_ID_MAX + 1];
	char *token = cv_page_make("2026-11-22", "r:hanh:2026-11-22:07");

	(void)state;
	assert_true(cv_page_parse(token, date, sizeof(date), id, sizeof(id)));
	assert_string_equal(date, "2026-11-22");
	assert_string_equal(id, "r:hanh:2026-11-22:07");
	token[strlen(token) - 1] = '!';
	assert_false(cv_page_parse(token, date, sizeof(date), id, sizeof(id)));
	free(token);
	token = cv_page_make("", "vp");
	assert_true(cv_page_parse(token, date, sizeof(date), id, sizeof(id)));
	assert_string_equal(date, "");
	free(token);
	token = cv_page_make("a date that is too long", "vp");
	assert_false(cv_page_parse(token, date, sizeof(date), id, sizeof(id)));
	free(token);
	assert_false(cv_page_parse("garbage", date, sizeof(date), id, sizeof(id)));
	assert_false(cv_page_parse("", date, sizeof(date), id, sizeof(id)));
}

static void routes(void **state)
{
	static const struct {
		const char *method, *path, *pattern; /* NULL: none */
		const char *allow, *id;
	} rows[] = {
		{"POST", "/v1/sync", "/v1/sync", "", ""},
		{"GET", "/v1/sync", NULL, "POST", ""},
		{"GET", "/v1/reports", "/v1/{collection}", "", ""},
		{"HEAD", "/v1/reports", "/v1/{collection}", "", ""},
		{"PUT", "/v1/reports", NULL, "GET, HEAD", ""},
		{"GET", "/v1/reports/r:hanh:2026-11-22:07", "/v1/{collection}/{id}", "", "r:hanh:2026-11-22:07"},
		{"GET", "/v1/reports/r%3Ahanh", "/v1/{collection}/{id}", "", "r:hanh"},
		{"GET", "/v1/reports/a%20b", NULL, "", NULL},
		{"GET", "/v1/reports/", NULL, "", NULL},
		{"GET", "/v1/nonsense", NULL, "", NULL},
		{"GET", "/v1/%73ync", NULL, "", NULL},
		{"GET", "/v1/sync/", NULL, "", NULL},
		{"GET", "/v1//sync", NULL, "", NULL},
		{"GET", "", NULL, "", NULL},
		{"GET", "*", NULL, "", NULL},
		{"BREW", "/healthz", NULL, "GET, HEAD", ""},
	};

	(void)state;
	for (size_t i = 0; i < CV_COUNT(rows); i++) {
		struct cv_match m;
		cv_route_match(&m, rows[i].method, rows[i].path);
		if (rows[i].pattern != NULL) {
			assert_non_null(m.route);
			assert_string_equal(m.route->path, rows[i].pattern);
			assert_string_equal(m.id, rows[i].id);
		} else {
			assert_null(m.route);
		}
		assert_string_equal(m.allow, rows[i].allow);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(queries), cmocka_unit_test(too_many_pairs), cmocka_unit_test(waits),
		cmocka_unit_test(accepts), cmocka_unit_test(versions),	     cmocka_unit_test(pages),
		cmocka_unit_test(routes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
