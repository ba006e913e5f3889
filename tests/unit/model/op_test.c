/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Operations: verdicts of reports and workdays by role, state and content; the board; scopes. */
#include "world.h"

#include <congvu/base/i18n.h>
#include <congvu/model/board.h>
#include <congvu/model/fill.h>
#include <congvu/model/view.h>

#define NINE   "2026-11-23T09:00:00+07:00"
#define SEVEN  "2026-11-23T07:00:00+07:00"
#define R07    "r:hanh:2026-11-23:07"
#define BODY07 "{\"date\":\"2026-11-23\",\"slot\":\"07\",\"done\":\"Đã trình 3 hồ sơ\"}"

static void reports_by_person_date_and_content(void **state)
{
	static const struct {
		const char *user, *id, *args;
		enum cv_st st;
		const char *field;
	} rows[] = {
		{"hanh", R07, BODY07, CV_ST_LATE, ""},
		{"hanh", R07, BODY07, CV_ST_NOOP, ""},
		{"hanh", R07, "{\"date\":\"2026-11-23\",\"slot\":\"07\",\"done\":\"sửa\"}", CV_ST_APPLIED, ""},
		{"an", R07, BODY07, CV_ST_FORBIDDEN, ""},
		{"tri", "r:tri:2026-11-23:07", BODY07, CV_ST_FORBIDDEN, ""},
		{"hanh", "r:hanh:2026-11-23:11", BODY07, CV_ST_REJECTED, "id"},
		{"hanh", "r:hanh:2026-11-23:09", "{\"date\":\"2026-11-23\",\"slot\":\"09\",\"done\":\"x\"}",
		 CV_ST_REJECTED, "slot"},
		{"hanh", "r:hanh:2026-11-24:07", "{\"date\":\"2026-11-24\",\"slot\":\"07\",\"done\":\"x\"}",
		 CV_ST_REJECTED, "date"},
		{"hanh", "r:hanh:2026-11-15:07", "{\"date\":\"2026-11-15\",\"slot\":\"07\",\"done\":\"x\"}",
		 CV_ST_REJECTED, "date"},
		{"hanh", "r:hanh:2026-11-16:07", "{\"date\":\"2026-11-16\",\"slot\":\"07\",\"done\":\"x\"}", CV_ST_LATE,
		 ""},
		{"hanh", "r:hanh:2026-11-23:11", "{\"date\":\"2026-11-23\",\"slot\":\"11\",\"done\":\"x\"}",
		 CV_ST_APPLIED, ""},
		{"hanh", "r:hanh:2026-11-23:17", "{\"date\":\"2026-11-23\",\"slot\":\"17\",\"done\":\"  \"}",
		 CV_ST_REJECTED, "done"},
		{"hanh", "r:hanh:2026-11-23:17", "{\"date\":\"2026-11-23\",\"slot\":\"17\",\"done\":\"(MẬT)\"}",
		 CV_ST_REJECTED, "done"},
		{"hanh", "r:hanh:2026-11-23:17", "{\"date\":\"23/11\",\"slot\":\"17\",\"done\":\"x\"}", CV_ST_REJECTED,
		 "date"},
		{"hanh", "r:hanh:2026-11-23:17", "{\"slot\":\"17\",\"done\":\"x\"}", CV_ST_REJECTED, "date"},
		{"hanh", "r:hanh:2026-11-23:17",
		 "{\"date\":\"2026-11-23\",\"slot\":\"17\",\"done\":\"x\",\"counts\":{\"received\":-1}}",
		 CV_ST_REJECTED, "counts"},
		{"hanh", "019abcde-0000-7000-8000-000000000003",
		 "{\"date\":\"2026-11-23\",\"slot\":\"adhoc\",\"done\":\"x\"}", CV_ST_APPLIED, ""},
		{"hanh", "019abcde-0000-7000-8000-000000000001",
		 "{\"date\":\"2026-11-23\",\"slot\":\"adhoc\",\"done\":\"x\",\"event\":\"Mưa ngập\"}", CV_ST_APPLIED,
		 ""},
		{"hanh", "019abcde-0000-7000-8000-000000000002",
		 "{\"date\":\"2026-11-23\",\"slot\":\"adhoc\",\"done\":\"x\",\"requested_by\":\"lan\"}", CV_ST_REJECTED,
		 "deadline"},
		{"hanh", "adhoc-report-1", "{\"date\":\"2026-11-23\",\"slot\":\"adhoc\",\"done\":\"x\"}",
		 CV_ST_REJECTED, "id"},
		{"hanh", "019abcde-0000-4000-8000-000000000004",
		 "{\"date\":\"2026-11-23\",\"slot\":\"adhoc\",\"done\":\"x\"}", CV_ST_REJECTED, "id"},
		{"hanh", "r:hanh:2026-11-23:17", "{\"date\":\"2026-11-23\",\"slot\":\"17\",\"counts\":null}",
		 CV_ST_REJECTED, "done"},
		{"hanh", "r:hanh:2026-11-23:17", "{\"date\":\"2026-11-23\",\"slot\":\"17\",\"counts\":{}}",
		 CV_ST_REJECTED, "done"},
		{"hanh", "r:hanh:2026-11-23:17", "{\"date\":\"2026-11-23\",\"slot\":\"17\",\"done\":\"x\\u0007\"}",
		 CV_ST_REJECTED, "done"},
		{"hanh", "r:hanh:2026-11-23:17",
		 "{\"date\":\"2026-11-23\",\"slot\":\"17\",\"counts\":{\"received\":3}}", CV_ST_APPLIED, ""},
	};
	struct world w;

	(void)state;
	world_begin(&w);
	for (size_t i = 0; i < CV_COUNT(rows); i++) {
		struct cv_err why;
		enum cv_st st = world_do(&w, rows[i].user, "person", "report.submit", rows[i].id, rows[i].args, NINE,
					 NINE, &why);
		if (st != rows[i].st || strcmp(why.field, rows[i].field) != 0)
			fail_msg("row %zu: %s, field %s, %s", i, cv_st_word(st), why.field, why.detail);
	}
	const struct cv_json *report = world_object(&w, CV_KIND_REPORT, R07);
	assert_int_equal(cv_json_int(report, "revision", 0), 2);
	assert_string_equal(cv_json_s(report, "done"), "sửa");
	assert_string_equal(cv_json_s(report, "judged"), "late");
	const struct cv_json *old = cv_json_first(cv_json_array_of(report, "revisions"));
	assert_string_equal(cv_json_s(old, "done"), "Đã trình 3 hồ sơ");
	world_end(&w);
}

static void ad_hoc_reports_are_judged_by_their_deadline(void **state)
{
	static const struct {
		const char *at, *now, *judged;
	} rows[] = {
		{"2026-11-23T08:59:00+07:00", "2026-11-23T08:59:59+07:00", "on_time"},
		{"2026-11-23T08:59:00+07:00", "2026-11-23T09:00:00+07:00", "caught_up"},
		{"2026-11-23T08:59:00+07:00", "2026-11-26T08:59:00+07:00", "caught_up"},
		{"2026-11-23T08:59:00+07:00", "2026-11-26T08:59:01+07:00", "late"},
		{"2026-11-23T09:00:00+07:00", "2026-11-23T09:00:00+07:00", "late"},
	};
	static const char id[] = "019abcde-0000-7000-8000-000000000005";
	static const char args[] = "{\"date\":\"2026-11-23\",\"slot\":\"adhoc\",\"done\":\"x\","
				   "\"requested_by\":\"lan\",\"deadline\":\"2026-11-23T09:00:00+07:00\"}";

	(void)state;
	for (size_t i = 0; i < CV_COUNT(rows); i++) {
		struct world w;
		world_begin(&w);
		enum cv_st st =
			world_do(&w, "hanh", "person", "report.submit", id, args, rows[i].at, rows[i].now, NULL);
		assert_int_equal(st, strcmp(rows[i].judged, "late") == 0 ? CV_ST_LATE : CV_ST_APPLIED);
		assert_string_equal(cv_json_s(world_object(&w, CV_KIND_REPORT, id), "judged"), rows[i].judged);
		world_end(&w);
	}
}

static void a_script_never_displaces_a_person(void **state)
{
	struct world w;
	static const char other[] = "{\"date\":\"2026-11-23\",\"slot\":\"07\",\"done\":\"tự động\"}";

	(void)state;
	world_begin(&w);
	assert_int_equal(world_do(&w, "hanh", "person", "report.submit", R07, BODY07, SEVEN, SEVEN, NULL),
			 CV_ST_APPLIED);
	assert_int_equal(world_do(&w, "hanh", "script", "report.submit", R07, other, SEVEN, SEVEN, NULL), CV_ST_NOOP);
	assert_int_equal(world_do(&w, "hanh", "script", "report.submit", R07, other, SEVEN, SEVEN, NULL), CV_ST_NOOP);
	const struct cv_json *report = world_object(&w, CV_KIND_REPORT, R07);
	assert_string_equal(cv_json_s(report, "done"), "Đã trình 3 hồ sơ");
	assert_string_equal(cv_json_s(report, "origin"), "person");
	assert_int_equal(cv_json_count(cv_json_array_of(report, "revisions")), 1);
	world_end(&w);
}

static void who_may_comment_and_see(void **state)
{
	static const struct {
		const char *user, *op, *args;
		enum cv_st st;
	} rows[] = {
		{"an", "report.comment", "{\"eid\":\"e1\",\"text\":\"x\"}", CV_ST_FORBIDDEN},
		{"khue", "report.comment", "{\"eid\":\"e1\",\"text\":\"x\"}", CV_ST_FORBIDDEN},
		{"lan", "report.comment", "{\"eid\":\"e1\",\"text\":\"x\"}", CV_ST_APPLIED},
		{"lan", "report.comment", "{\"eid\":\"e1\",\"text\":\"x\"}", CV_ST_NOOP},
		{"lan", "report.comment", "{\"eid\":\"e1\",\"text\":\"y\"}", CV_ST_REJECTED},
		{"lan", "report.comment", "{\"eid\":\"e5\",\"text\":\" \"}", CV_ST_REJECTED},
		{"dung", "report.comment", "{\"eid\":\"e2\",\"text\":\"x\"}", CV_ST_APPLIED},
		{"giam", "report.comment", "{\"eid\":\"e3\",\"text\":\"x\"}", CV_ST_APPLIED},
		{"hanh", "report.comment", "{\"eid\":\"e4\",\"text\":\"x\"}", CV_ST_APPLIED},
		{"hanh", "report.see", "{}", CV_ST_FORBIDDEN},
		{"lan", "report.see", "{}", CV_ST_APPLIED},
		{"lan", "report.see", "{}", CV_ST_NOOP},
	};
	struct world w;

	(void)state;
	world_begin(&w);
	world_do(&w, "hanh", "person", "report.submit", R07, BODY07, SEVEN, SEVEN, NULL);
	for (size_t i = 0; i < CV_COUNT(rows); i++)
		if (world_do(&w, rows[i].user, "person", rows[i].op, R07, rows[i].args, NINE, NINE, NULL) != rows[i].st)
			fail_msg("row %zu", i);
	/* What is not there is answered like what is forbidden. */
	assert_int_equal(world_do(&w, "lan", "person", "report.see", "r:hanh:2026-11-23:17", "{}", NINE, NINE, NULL),
			 CV_ST_FORBIDDEN);
	world_end(&w);
}

#define DAY "w:hanh:2026-11-23"
#define ITEMS                                                                                                             \
	"{\"date\":\"2026-11-23\",\"place\":\"home\",\"items\":[{\"eid\":\"a\",\"title\":\"Giải quyết 5 hồ sơ\"}," \
	"{\"eid\":\"b\",\"title\":\"Rà soát sổ\"}]}"

static void a_day_from_registering_to_review(void **state)
{
	static const struct {
		const char *user, *op, *args;
		enum cv_st st;
		const char *day_state;
	} rows[] = {
		{"an", "workday.register", ITEMS, CV_ST_FORBIDDEN, ""},
		{"lan", "workday.register", ITEMS, CV_ST_FORBIDDEN, ""},
		{"hanh", "workday.register", "{\"date\":\"2026-11-23\",\"items\":[]}", CV_ST_REJECTED, ""},
		{"hanh", "workday.register", ITEMS, CV_ST_APPLIED, "registered"},
		{"hanh", "workday.register", ITEMS, CV_ST_NOOP, "registered"},
		{"hanh", "workday.register", "{\"date\":\"2026-11-23\",\"items\":[{\"eid\":\"a\",\"title\":\"khác\"}]}",
		 CV_ST_REJECTED, "registered"},
		{"hanh", "workday.register",
		 "{\"date\":\"2026-11-23\",\"items\":[{\"eid\":\"c\",\"title\":\"Gọi công dân\"}]}", CV_ST_APPLIED,
		 "registered"},
		{"hanh", "workday.record", "{\"eid\":\"a\",\"state\":\"done\",\"result\":\"5/5\"}", CV_ST_APPLIED,
		 "registered"},
		{"hanh", "workday.record", "{\"eid\":\"b\",\"state\":\"partial\",\"percent\":50}", CV_ST_APPLIED,
		 "registered"},
		{"hanh", "workday.record", "{\"eid\":\"z\",\"state\":\"done\"}", CV_ST_REJECTED, "registered"},
		{"hanh", "workday.record", "{\"eid\":\"c\",\"percent\":101}", CV_ST_REJECTED, "registered"},
		{"an", "workday.record", "{\"eid\":\"c\",\"state\":\"done\"}", CV_ST_FORBIDDEN, "registered"},
		{"hanh", "workday.record", "{\"eid\":\"c\",\"state\":\"dropped\"}", CV_ST_APPLIED, "recorded"},
		{"hanh", "workday.review", "{}", CV_ST_FORBIDDEN, "recorded"},
		{"khue", "workday.review", "{}", CV_ST_FORBIDDEN, "recorded"},
		{"lan", "workday.see", "{}", CV_ST_APPLIED, "recorded"},
		{"lan", "workday.return", "{\"comment\":\"ghi thêm\"}", CV_ST_APPLIED, "returned"},
		{"hanh", "workday.record", "{\"eid\":\"b\",\"state\":\"done\"}", CV_ST_APPLIED, "recorded"},
		{"lan", "workday.review", "{\"progress\":2,\"quality\":3}", CV_ST_APPLIED, "reviewed"},
		{"lan", "workday.review", "{\"progress\":2,\"quality\":3}", CV_ST_NOOP, "reviewed"},
		{"lan", "workday.review", "{\"progress\":4}", CV_ST_REJECTED, "reviewed"},
		{"hanh", "workday.register", "{\"date\":\"2026-11-23\",\"place\":\"field\"}", CV_ST_APPLIED,
		 "reviewed"},
		{"hanh", "workday.register", "{\"date\":\"2026-11-23\",\"items\":[{\"eid\":\"d\",\"title\":\" \"}]}",
		 CV_ST_REJECTED, "reviewed"},
	};
	struct world w;

	(void)state;
	world_begin(&w);
	for (size_t i = 0; i < CV_COUNT(rows); i++) {
		struct cv_err why;
		enum cv_st st = world_do(&w, rows[i].user, "person", rows[i].op, DAY, rows[i].args, NINE, NINE, &why);
		const char *now = cv_json_s(world_object(&w, CV_KIND_WORKDAY, DAY), "state");
		if (st != rows[i].st || strcmp(now, rows[i].day_state) != 0)
			fail_msg("row %zu: %s, %s, %s", i, cv_st_word(st), now, why.detail);
	}
	int64_t n = 0;
	CV_JSON_EACH (item, cv_json_array_of(world_object(&w, CV_KIND_WORKDAY, DAY), "items"))
		assert_int_equal(cv_json_int(item, "n", 0), ++n);
	assert_int_equal(n, 3);
	world_end(&w);
}

static void a_locked_day_stays_as_it_is(void **state)
{
	static const struct {
		const char *user, *op, *args;
	} rows[] = {
		{"hanh", "workday.register", "{\"date\":\"2026-11-23\",\"items\":[{\"eid\":\"d\",\"title\":\"x\"}]}"},
		{"hanh", "workday.record", "{\"eid\":\"a\",\"state\":\"done\"}"},
		{"lan", "workday.review", "{\"progress\":2}"},
		{"lan", "workday.return", "{}"},
	};
	struct world w;

	(void)state;
	world_begin(&w);
	world_do(&w, "hanh", "person", "workday.register", DAY, ITEMS, NINE, NINE, NULL);
	struct cv_json *locked = cv_json_dup(world_object(&w, CV_KIND_WORKDAY, DAY));
	cv_json_set_str(locked, "state", "locked");
	world_put(&w, CV_KIND_WORKDAY, DAY, locked);
	for (size_t i = 0; i < CV_COUNT(rows); i++) {
		if (world_do(&w, rows[i].user, "person", rows[i].op, DAY, rows[i].args, NINE, NINE, NULL) !=
		    CV_ST_REJECTED)
			fail_msg("row %zu", i);
		assert_string_equal(cv_json_s(world_object(&w, CV_KIND_WORKDAY, DAY), "state"), "locked");
	}
	world_end(&w);
}

static void a_client_without_catalogues_accepts(void **state)
{
	struct world w;

	(void)state;
	world_begin(&w);
	w.blind = true;
	assert_int_equal(world_do(&w, "hanh", "person", "report.submit", "r:hanh:2026-11-23:09",
				  "{\"date\":\"2026-11-23\",\"slot\":\"09\",\"done\":\"x\"}", NINE, NINE, NULL),
			 CV_ST_APPLIED);
	world_end(&w);
}

static struct cv_json *board_at(struct world *w, const char *unit, const char *now)
{
	struct cv_json *users = cv_json_new_array();

	CV_JSON_EACH (object, w->objects)
		if (strncmp(cv_json_key(object), "user/", 5) == 0)
			cv_json_push(users, cv_json_dup(object));
	int64_t t = world_time(now);
	struct cv_board_in in = {.ctx = &w->ctx, .unit = unit, .date = cv_date_of(t), .now = t, .users = users};
	struct cv_json *board = cv_board(&in);
	cv_json_destroy(users);
	return board;
}

static const struct cv_json *person_of(const struct cv_json *board, const char *user)
{
	CV_JSON_EACH (row, cv_json_array_of(board, "people"))
		if (strcmp(cv_json_s(row, "user"), user) == 0)
			return row;
	return NULL;
}

static void the_board_tells_who_and_what(void **state)
{
	struct world w;

	(void)state;
	world_begin(&w);
	world_do(&w, "hanh", "person", "report.submit", R07, BODY07, SEVEN, SEVEN, NULL);
	world_do(&w, "hanh", "person", "workday.register", DAY, ITEMS, SEVEN, SEVEN, NULL);
	world_do(&w, "lan", "person", "workday.register", "w:an:2026-11-23",
		 "{\"date\":\"2026-11-23\",\"place\":\"leave\",\"items\":[]}", SEVEN, SEVEN, NULL);
	struct cv_json *board = board_at(&w, "p1", NINE);
	/* Officers and deputies owe; head and leader do not; p2 is not p1's. Missing first, leave last. */
	static const char *const order[] = {"bich", "dung", "hanh", "an"};
	size_t i = 0;
	CV_JSON_EACH (row, cv_json_array_of(board, "people")) {
		assert_true(i < CV_COUNT(order));
		assert_string_equal(cv_json_s(row, "user"), order[i++]);
	}
	assert_int_equal(i, CV_COUNT(order));
	const struct cv_json *cells = cv_json_get(person_of(board, "hanh"), "slots");
	assert_string_equal(cv_json_s(cells, "07"), "on_time");
	assert_string_equal(cv_json_s(cells, "11"), "pending");
	assert_string_equal(cv_json_s(cv_json_get(person_of(board, "bich"), "slots"), "07"), "missing");
	assert_string_equal(cv_json_s(cv_json_get(person_of(board, "an"), "slots"), "17"), "exempt");
	assert_true(cv_json_is(cv_json_get(person_of(board, "an"), "registered"), CV_JSON_NULL));
	const struct cv_json *totals = cv_json_get(board, "totals");
	assert_int_equal(cv_json_int(totals, "registered", -1), 1);
	assert_int_equal(cv_json_int(totals, "07", -1), 1);
	assert_int_equal(cv_json_int(totals, "people", -1), 4);
	cv_json_destroy(board);
	world_end(&w);
}

static void scopes_carry_work_to_whom_it_concerns(void **state)
{
	static const struct {
		const char *viewer;
		bool report, workday, read_report;
	} rows[] = {{"hanh", true, true, true},	  {"an", false, true, false},  {"bich", false, false, false},
		    {"lan", true, true, true},	  {"dung", true, true, true},  {"khue", false, false, false},
		    {"giam", false, false, true}, {"tri", false, false, false}};
	struct world w;

	(void)state;
	world_begin(&w);
	world_do(&w, "hanh", "person", "report.submit", R07, BODY07, SEVEN, SEVEN, NULL);
	world_do(&w, "hanh", "person", "workday.register", DAY, ITEMS, SEVEN, SEVEN, NULL);
	const struct cv_json *report = world_object(&w, CV_KIND_REPORT, R07);
	struct cv_json *of_report = cv_scopes_of_object(&w.ctx, CV_KIND_REPORT, report);
	struct cv_json *of_day = cv_scopes_of_object(&w.ctx, CV_KIND_WORKDAY, world_object(&w, CV_KIND_WORKDAY, DAY));
	for (size_t i = 0; i < CV_COUNT(rows); i++) {
		struct cv_json *mine = cv_scopes_of_user(&w.ctx, rows[i].viewer, false);
		unsigned rights = cv_rights_of_roles(world_object(&w, CV_KIND_USER, rows[i].viewer));
		if (cv_scopes_meet(of_report, mine) != rows[i].report ||
		    cv_scopes_meet(of_day, mine) != rows[i].workday ||
		    cv_may_read(&w.ctx, rows[i].viewer, rights, CV_KIND_REPORT, report) != rows[i].read_report)
			fail_msg("%s", rows[i].viewer);
		cv_json_destroy(mine);
	}
	cv_json_destroy(of_report);
	cv_json_destroy(of_day);
	world_end(&w);
}

static void a_report_fills_from_the_day(void **state)
{
	char *done, *doing;
	struct cv_json *day = world_parse(
		"{\"items\":[{\"title\":\"A\",\"state\":\"done\",\"percent\":100,\"result\":\"xong\"},"
		"{\"title\":\"B\",\"state\":\"doing\",\"percent\":60},{\"title\":\"C\",\"state\":\"dropped\"}]}");
	(void)state;
	cv_fill_from_workday(&done, &doing, day);
	assert_string_equal(done, "- A: xong");
	assert_string_equal(doing, "- B (60 %)");
	free(done);
	free(doing);
	cv_json_destroy(day);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reports_by_person_date_and_content),
		cmocka_unit_test(ad_hoc_reports_are_judged_by_their_deadline),
		cmocka_unit_test(a_script_never_displaces_a_person),
		cmocka_unit_test(who_may_comment_and_see),
		cmocka_unit_test(a_day_from_registering_to_review),
		cmocka_unit_test(a_locked_day_stays_as_it_is),
		cmocka_unit_test(a_client_without_catalogues_accepts),
		cmocka_unit_test(the_board_tells_who_and_what),
		cmocka_unit_test(scopes_carry_work_to_whom_it_concerns),
		cmocka_unit_test(a_report_fills_from_the_day),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
