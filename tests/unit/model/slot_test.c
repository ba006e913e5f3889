/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Slots: judging at the edges, which slot is meant by "auto", working days, who owes a report. */
#include "world.h"

#include <congvu/model/policy.h>
#include <congvu/model/slot.h>

static void judging_is_half_open(void **state)
{
	static const struct {
		const char *written, *received;
		enum cv_judged judged;
	} rows[] = {
		{"2026-11-23T06:59:59.999+07:00", "2026-11-23T06:59:59.999+07:00", CV_JUDGED_ON_TIME},
		{"2026-11-23T07:00:00.000+07:00", "2026-11-23T07:00:00.000+07:00", CV_JUDGED_ON_TIME},
		{"2026-11-23T07:14:59.999+07:00", "2026-11-23T07:14:59.999+07:00", CV_JUDGED_ON_TIME},
		{"2026-11-23T07:15:00+07:00", "2026-11-23T07:15:00+07:00", CV_JUDGED_LATE},
		{"2026-11-23T07:14:59.999+07:00", "2026-11-23T07:15:00+07:00", CV_JUDGED_CAUGHT_UP},
		{"2026-11-23T07:10:00+07:00", "2026-11-26T07:10:00+07:00", CV_JUDGED_CAUGHT_UP},
		{"2026-11-23T07:10:00+07:00", "2026-11-26T07:10:00.001+07:00", CV_JUDGED_LATE},
		{"2026-11-23T09:00:00+07:00", "2026-11-23T07:10:00+07:00", CV_JUDGED_ON_TIME},
	};
	struct cv_slot slot = {.name = "07", .at = 420, .open_before = 120, .grace = 15};
	int32_t date;

	(void)state;
	assert_true(cv_date_parse("2026-11-23", &date));
	for (size_t i = 0; i < CV_COUNT(rows); i++)
		assert_int_equal(cv_judge(&slot, date, world_time(rows[i].written), world_time(rows[i].received)),
				 rows[i].judged);
}

static bool has(void *data, const char *slot)
{
	const char *have = data;

	return strstr(have, slot) != NULL;
}

static void auto_means_the_open_slot_or_the_one_just_passed(void **state)
{
	static const struct {
		const char *now, *have, *slot; /* NULL: none */
		bool late;
	} rows[] = {
		{"2026-11-23T04:59:59+07:00", "", NULL, false},	  {"2026-11-23T05:00:00+07:00", "", "07", false},
		{"2026-11-23T07:14:59+07:00", "", "07", false},	  {"2026-11-23T07:20:00+07:00", "", "07", true},
		{"2026-11-23T07:20:00+07:00", "07", NULL, false}, {"2026-11-23T11:40:00+07:00", "", "11", true},
		{"2026-11-23T13:30:00+07:00", "", NULL, false},	  {"2026-11-23T17:20:00+07:00", "", "17", true},
		{"2026-11-23T23:59:00+07:00", "", NULL, false},	  {"2026-11-22T23:58:00Z", "", "07", false},
	};
	struct world w;

	(void)state;
	world_begin(&w);
	struct cv_json *policy = cv_policy_resolve(&w.ctx, "p1");
	for (size_t i = 0; i < CV_COUNT(rows); i++) {
		struct cv_slot slot;
		bool late;
		enum cv_rc rc =
			cv_slot_auto(&slot, &late, policy, world_time(rows[i].now), has, (void *)rows[i].have, NULL);
		assert_int_equal(rc, rows[i].slot != NULL ? CV_OK : CV_DATA);
		if (rows[i].slot == NULL)
			continue;
		assert_string_equal(slot.name, rows[i].slot);
		assert_int_equal(late, rows[i].late);
	}
	cv_json_destroy(policy);
	world_end(&w);
}

static void work_leads_to_a_report(void **state)
{
	static const struct {
		const char *now, *have;
		bool registering;
		const char *slot;
	} rows[] = {
		{"2026-11-23T00:01:00+07:00", "", true, "07"},	  {"2026-11-23T06:58:00+07:00", "", true, "07"},
		{"2026-11-23T10:30:00+07:00", "07", true, "07"},  {"2026-11-23T18:00:00+07:00", "", true, "07"},
		{"2026-11-23T00:01:00+07:00", "", false, "07"},	  {"2026-11-23T10:30:00+07:00", "07", false, "11"},
		{"2026-11-23T11:40:00+07:00", "07", false, "11"}, {"2026-11-23T11:40:00+07:00", "11", false, "17"},
		{"2026-11-23T14:00:00+07:00", "", false, "17"},	  {"2026-11-23T16:50:00+07:00", "", false, "17"},
		{"2026-11-23T23:30:00+07:00", "", false, "17"},
	};
	struct world w;
	struct cv_slot slot;

	(void)state;
	world_begin(&w);
	struct cv_json *policy = cv_policy_resolve(&w.ctx, "p1");
	for (size_t i = 0; i < CV_COUNT(rows); i++) {
		assert_true(cv_slot_of_work(&slot, policy, world_time(rows[i].now), rows[i].registering, has,
					    (void *)rows[i].have));
		assert_string_equal(slot.name, rows[i].slot);
	}
	cv_json_destroy(policy);
	world_end(&w);
}

static void working_days_follow_the_table_and_the_office(void **state)
{
	static const struct {
		const char *date;
		bool working;
	} rows[] = {{"2026-11-23", true}, {"2026-11-24", false}, {"2026-11-22", false}, {"2026-08-22", true},
		    {"2024-05-04", true}, {"2020-04-02", false}, {"2026-02-16", false}, {"2026-02-23", true}};
	struct world w;
	int32_t date;

	(void)state;
	world_begin(&w);
	for (size_t i = 0; i < CV_COUNT(rows); i++) {
		assert_true(cv_date_parse(rows[i].date, &date));
		assert_int_equal(cv_day_working(&w.ctx, date), rows[i].working);
	}
	world_put(&w, CV_KIND_HOLIDAY, "*:2026-11-24", world_parse("{\"kind\":\"WORK\"}"));
	assert_true(cv_date_parse("2026-11-24", &date));
	assert_true(cv_day_working(&w.ctx, date));
	/* p1 is off all the same, and t1 below it; p2 works as the office does; t1's own row is nearer than p1's. */
	world_put(&w, CV_KIND_HOLIDAY, "p1:2026-11-24", world_parse("{\"kind\":\"OFF\"}"));
	assert_false(cv_day_working_in(&w.ctx, "p1", date));
	assert_false(cv_day_working_in(&w.ctx, "t1", date));
	assert_true(cv_day_working_in(&w.ctx, "p2", date));
	world_put(&w, CV_KIND_HOLIDAY, "t1:2026-11-24", world_parse("{\"kind\":\"WORK\"}"));
	assert_true(cv_day_working_in(&w.ctx, "t1", date));
	world_end(&w);
}

static void policies_lie_over_each_other(void **state)
{
	struct world w;
	struct cv_slot slot;

	(void)state;
	world_begin(&w);
	world_put(&w, CV_KIND_POLICY, "*", world_parse("{\"register_by\":\"08:30\",\"cache_days\":3}"));
	world_put(
		&w, CV_KIND_POLICY, "p1",
		world_parse("{\"slots\":[{\"slot\":\"16\",\"at\":\"16:00\",\"half\":\"afternoon\",\"grace_min\":0}]}"));
	struct cv_json *policy = cv_policy_resolve(&w.ctx, "t1");
	assert_string_equal(cv_json_s(policy, "register_by"), "08:30");
	assert_true(cv_slot_find(&slot, policy, "16"));
	assert_int_equal(slot.at, 960);
	assert_false(cv_slot_find(&slot, policy, "07"));
	cv_json_destroy(policy);
	policy = cv_policy_resolve(&w.ctx, "p2");
	assert_true(cv_slot_find(&slot, policy, "07"));
	cv_json_destroy(policy);
	world_end(&w);
}

static void policy_values_are_checked(void **state)
{
	static const struct {
		const char *key, *text;
		bool ok;
	} rows[] = {
		{"register_by", "08:30", true},
		{"register_by", "25:00", false},
		{"cache_days", "7", true},
		{"cache_days", "-1", false},
		{"four_eyes", "false", true},
		{"four_eyes", "maybe", false},
		{"expected_roles", "[\"officer\"]", true},
		{"expected_roles", "[\"king\"]", false},
		{"slots", "[]", false},
		{"slots", "[{\"slot\":\"07\"}]", false},
		{"hours", "[\"07:30-11:30\"]", true},
		{"hours", "[\"11:30-07:30\"]", false},
		{"slotz", "[]", false},
	};
	(void)state;
	for (size_t i = 0; i < CV_COUNT(rows); i++) {
		struct cv_json *value = NULL;
		if ((cv_policy_value(&value, rows[i].key, rows[i].text, NULL) == CV_OK) != rows[i].ok)
			fail_msg("%s %s", rows[i].key, rows[i].text);
		cv_json_destroy(value);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(judging_is_half_open),
		cmocka_unit_test(auto_means_the_open_slot_or_the_one_just_passed),
		cmocka_unit_test(work_leads_to_a_report),
		cmocka_unit_test(working_days_follow_the_table_and_the_office),
		cmocka_unit_test(policies_lie_over_each_other),
		cmocka_unit_test(policy_values_are_checked),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
