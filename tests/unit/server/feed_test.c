/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pages of the feed: snapshot, cursors, resets, moves. */
#include "server/work/closed.h"
#include "unit/server/desk.h"

#include <congvu/model/view.h>

static struct cv_feed_page page_of(struct desk *d, const char *user, const char *cursor, int max)
{
	struct cv_feed_page page;
	struct cv_feed_in in = {.user = user, .device = user, .epoch = "k1", .cursor = cursor, .max = max};

	cv_dbctx_reset(d->ctx);
	assert_int_equal(cv_feed_read(&page, d->db, d->ctx, &in, NULL), CV_OK);
	return page;
}

static const char *reason(const struct cv_feed_page *page)
{
	return cv_json_s(page->reset, "reason");
}

static void put_report(struct desk *d, const char *user, int n, const char *text)
{
	char *json =
		cv_strf("{\"id\":\"x%d\",\"user\":\"%s\",\"date\":\"2026-11-25\",\"slot\":\"adhoc\",\"done\":\"%s\"}",
			n, user, text);

	desk_put(d, CV_KIND_REPORT, json);
	free(json);
}

/* Reads to the end; returns the number of changes, *puts of them of reports. */
static int read_all(struct desk *d, const char *user, char cursor[256], int max, int *puts, int *drops)
{
	int n = 0;
	bool more = true;

	*puts = *drops = 0;
	while (more) {
		struct cv_feed_page page = page_of(d, user, cursor, max);
		assert_true(cv_json_count(page.changes) <= (size_t)max);
		CV_JSON_EACH (change, page.changes) {
			n++;
			*puts += strcmp(cv_json_s(change, "kind"), "report") == 0 &&
				 strcmp(cv_json_s(change, "op"), "put") == 0;
			*drops += strcmp(cv_json_s(change, "op"), "drop") == 0;
		}
		more = page.more;
		cv_strcopy(cursor, 256, page.cursor);
		cv_feed_page_finish(&page);
	}
	return n;
}

static void pages_of_one_lose_nothing_and_say_nothing_twice(void **state)
{
	struct desk d;
	char cursor[256] = "", again[256];
	int puts, drops;

	(void)state;
	desk_open(&d);
	for (int i = 0; i < 20; i++)
		put_report(&d, "hanh", i, "a");
	put_report(&d, "lan", 99, "not for p1");
	for (int i = 0; i < 5; i++)
		put_report(&d, "hanh", i, "b");
	assert_int_equal(read_all(&d, "truong", cursor, 1, &puts, &drops), 7 + 20); /* policy, 3 units, 3 people */
	assert_int_equal(puts, 20);
	assert_int_equal(drops, 0);
	cv_strcopy(again, sizeof(again), cursor);
	assert_int_equal(read_all(&d, "truong", again, 200, &puts, &drops), 0);
	assert_string_equal(again, cursor);
	put_report(&d, "lan", 98, "not for p1");
	assert_int_equal(read_all(&d, "truong", again, 200, &puts, &drops), 0);
	assert_string_equal(again, cursor);
	put_report(&d, "hanh", 3, "c");
	assert_int_equal(read_all(&d, "truong", again, 200, &puts, &drops), 1);
	assert_string_not_equal(again, cursor);
	desk_close(&d);
}

static void bad_cursors_start_afresh(void **state)
{
	static const char *const bad[] = {"garbage", "c1.", "c1.AAAA", "c9.x", "c1.-5"};
	struct desk d;
	char cursor[256] = "";
	int puts, drops;

	(void)state;
	desk_open(&d);
	for (size_t i = 0; i < CV_COUNT(bad); i++) {
		struct cv_feed_page page = page_of(&d, "hanh", bad[i], 200);
		assert_string_equal(reason(&page), "expired");
		assert_int_equal(cv_json_count(page.changes), 7);
		cv_feed_page_finish(&page);
	}
	read_all(&d, "truong", cursor, 200, &puts, &drops);
	struct cv_feed_page page = page_of(&d, "hanh", cursor, 200); /* a stranger's */
	assert_string_equal(reason(&page), "expired");
	cv_feed_page_finish(&page);
	assert_int_equal(cv_db_exec(d.db, "UPDATE counter SET n = 1", NULL), CV_OK);
	page = page_of(&d, "truong", cursor, 200); /* of the future */
	assert_string_equal(reason(&page), "expired");
	cv_feed_page_finish(&page);
	assert_int_equal(cv_meta_set(d.db, "epoch", "k2", NULL), CV_OK);
	page = page_of(&d, "truong", cursor, 200);
	assert_string_equal(reason(&page), "epoch");
	cv_feed_page_finish(&page);
	desk_close(&d);
}

static void who_moves_takes_her_reports_along(void **state)
{
	struct desk d;
	struct cv_json *user;
	char head[256] = "", own[256] = "";
	int puts, drops;
	static const char moved[] = "{\"id\":\"hanh\",\"name\":\"hanh\",\"active\":true,"
				    "\"roles\":[{\"role\":\"officer\",\"unit\":\"p2\"}]}";

	(void)state;
	desk_open(&d);
	put_report(&d, "hanh", 1, "a");
	read_all(&d, "truong", head, 200, &puts, &drops);
	assert_int_equal(puts, 1);
	read_all(&d, "hanh", own, 200, &puts, &drops);
	assert_int_equal(puts, 1);
	struct cv_json *before =
		cv_scopes_of_object(cv_dbctx_ctx(d.ctx), CV_KIND_REPORT, cv_dbctx_object(d.ctx, CV_KIND_REPORT, "x1"));
	assert_int_equal(cv_json_parse(&user, moved, strlen(moved), &cv_json_request, NULL), CV_OK);
	assert_int_equal(cv_db_begin(d.db, true, NULL), CV_OK);
	cv_batch_reset(d.batch);
	assert_int_equal(cv_object_put(d.batch, CV_KIND_USER, user, NULL), CV_OK);
	assert_int_equal(cv_object_republish(d.batch, CV_KIND_REPORT, "x1", before, NULL), CV_OK);
	assert_int_equal(cv_batch_publish(d.batch, NULL), CV_OK);
	assert_int_equal(cv_db_commit(d.db, NULL), CV_OK);
	cv_json_destroy(before);
	assert_int_equal(read_all(&d, "truong", head, 200, &puts, &drops),
			 2); /* the person, and the report that left */
	assert_int_equal(drops, 1);
	struct cv_feed_page page = page_of(&d, "hanh", own, 200);
	assert_string_equal(reason(&page), "rights");
	cv_feed_page_finish(&page);
	head[0] = '\0'; /* a snapshot has no tombstones */
	read_all(&d, "truong", head, 200, &puts, &drops);
	assert_int_equal(puts + drops, 0);
	desk_close(&d);
}

static void pages_end_at_256_kib(void **state)
{
	struct desk d;
	char cursor[256] = "";
	char *text = cv_alloc(60001);
	int puts, drops;

	(void)state;
	memset(text, 'x', 60000);
	desk_open(&d);
	read_all(&d, "truong", cursor, 200, &puts, &drops);
	for (int i = 0; i < 6; i++)
		put_report(&d, "hanh", i, text);
	struct cv_feed_page page = page_of(&d, "truong", cursor, 200);
	assert_int_equal(cv_json_count(page.changes), 4);
	assert_true(page.more);
	cv_feed_page_finish(&page);
	read_all(&d, "truong", cursor, 200, &puts, &drops);
	assert_int_equal(puts, 6);
	free(text);
	desk_close(&d);
}

static void put_closed(struct desk *d, int n, const char *touched, int note)
{
	char *json = cv_strf("{\"id\":\"d%d\",\"status\":8,\"unit\":\"p1\",\"assignee\":\"hanh\",\"updated_at\":\"%s\","
			     "\"note\":%d}",
			     n, touched, note);

	desk_put(d, CV_KIND_DOSSIER, json);
	free(json);
}

static size_t leave(struct desk *d)
{
	size_t n;

	assert_int_equal(cv_db_begin(d->db, true, NULL), CV_OK);
	cv_batch_reset(d->batch);
	assert_int_equal(cv_closed_leave(d->batch, cv_dbctx_ctx(d->ctx), d->now, &n), CV_OK);
	assert_int_equal(cv_batch_publish(d->batch, NULL), CV_OK);
	assert_int_equal(cv_db_commit(d->db, NULL), CV_OK);
	return n;
}

static int dossiers(struct desk *d, const char *user, char cursor[256], const char *op)
{
	struct cv_feed_page page = page_of(d, user, cursor, 200);
	int n = 0;

	CV_JSON_EACH (change, page.changes)
		n += strcmp(cv_json_s(change, "kind"), "dossier") == 0 && strcmp(cv_json_s(change, "op"), op) == 0;
	cv_strcopy(cursor, 256, page.cursor);
	cv_feed_page_finish(&page);
	return n;
}

/* Kept 30 days; then gone from machines, not sent to new ones, and back when somebody acts on it. */
static void what_ended_long_ago_leaves(void **state)
{
	struct desk d;
	char own[256] = "", head[256] = "", fresh[256] = "";

	(void)state;
	desk_open(&d);
	put_closed(&d, 1, "2026-10-25T09:00:00+07:00", 1);
	put_closed(&d, 2, "2026-10-27T09:00:00+07:00", 1);
	assert_int_equal(dossiers(&d, "hanh", own, "put"), 2);
	assert_int_equal(dossiers(&d, "truong", head, "put"), 2);
	assert_int_equal(leave(&d), 1);
	assert_int_equal(leave(&d), 0);
	assert_int_equal(dossiers(&d, "hanh", own, "drop"), 1);
	assert_int_equal(dossiers(&d, "truong", head, "drop"), 1);
	assert_int_equal(dossiers(&d, "truong", fresh, "put"), 1);
	put_closed(&d, 1, "2026-11-25T09:00:00+07:00", 2);
	assert_int_equal(dossiers(&d, "truong", head, "put"), 1);
	assert_int_equal(leave(&d), 0);
	desk_close(&d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pages_of_one_lose_nothing_and_say_nothing_twice),
		cmocka_unit_test(bad_cursors_start_afresh),
		cmocka_unit_test(who_moves_takes_her_reports_along),
		cmocka_unit_test(pages_end_at_256_kib),
		cmocka_unit_test(what_ended_long_ago_leaves),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
