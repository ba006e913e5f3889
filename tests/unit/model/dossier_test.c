/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every act × place × person, and what the acts leave behind. */
#include "world.h"

#include <congvu/model/dossier.h>
#include <congvu/model/view.h>

#define NOW "2026-11-20T10:00:00+07:00"

static const char *now_is = NOW;

static struct world *office(void)
{
	static struct world w;

	world_begin(&w);
	world_put(&w, CV_KIND_UNIT, "vp", world_parse("{\"name\":\"UBND\"}"));
	world_put(&w, CV_KIND_UNIT, "p1", world_parse("{\"name\":\"Tư pháp\",\"parent\":\"vp\"}"));
	world_put(&w, CV_KIND_UNIT, "p2", world_parse("{\"name\":\"Địa chính\",\"parent\":\"vp\"}"));
	world_put(&w, CV_KIND_UNIT, "mc", world_parse("{\"name\":\"Một cửa\",\"parent\":\"vp\"}"));
	world_person(&w, "hanh", "Hạnh", "officer", "p1");
	world_person(&w, "bich", "Bích", "officer", "p1");
	world_person(&w, "an", "Ân", "officer", "p2");
	world_person(&w, "truong", "Trưởng", "head", "p1");
	world_person(&w, "khac", "Khác", "head", "p2");
	world_person(&w, "giam", "Giám", "leader", "vp");
	world_person(&w, "le", "Lệ", "clerk", "mc");
	world_person(&w, "thu", "Thư", "registrar", "vp");
	world_put(&w, CV_KIND_PROCEDURE, "1.1",
		  world_parse("{\"code\":\"1.1\",\"name\":\"Khai sinh\",\"days\":3,\"route\":\"head_leader\","
			      "\"default_unit\":\"p1\"}"));
	return &w;
}

static struct cv_json *dossier(const char *place, const char *route)
{
	char text[700];
	int status = strcmp(place, "new") == 0		? 1
		     : strcmp(place, "received") == 0	? 2
		     : strcmp(place, "refused") == 0	? 3
		     : strcmp(place, "done") == 0	? 9
		     : strcmp(place, "supplement") == 0 ? 5
		     : strcmp(place, "payment") == 0	? 6
		     : strcmp(place, "withdrawal") == 0 ? 7
							: 4;

	snprintf(text, sizeof(text),
		 "{\"id\":\"d1\",\"status\":%d,%s%s%s\"procedure\":{\"code\":\"1.1\"},\"rule\":{\"route\":\"%s\","
		 "\"days\":3},"
		 "\"unit\":\"p1\",\"assignee\":\"%s\",\"applicant\":{\"name\":\"Ổn\",\"phone\":\"0912345678\"},"
		 "\"received_at\":\"2026-11-16T09:00:00+07:00\","
		 "\"proposal\":{\"n\":2,\"by\":\"hanh\",\"text\":\"đề nghị\"}}",
		 status, status == 4 ? "\"step\":\"" : "", status == 4 ? place : "", status == 4 ? "\"," : "", route,
		 strcmp(place, "unassigned") == 0 ? "" : "hanh");
	return world_parse(text);
}

static struct cv_outcome run(struct world *w, const char *op, const struct cv_json *object, const char *who,
			     const char *args)
{
	struct cv_outcome out;
	const struct cv_json *user = NULL;
	struct cv_json *a = world_parse(args);
	struct cv_act act = {.user = who, .device = "d", .origin = "person", .authority = true};

	cv_time_parse(now_is, &act.now);
	act.at = act.now;
	cv_ctx_get(&w->ctx, CV_KIND_USER, who, &user);
	act.rights = cv_rights_of_roles(user);
	cv_op_apply(&w->ctx, cv_op_find(op), "d1", object, a, &act, &out);
	cv_json_destroy(a);
	return out;
}

static const char *const people[] = {"hanh", "bich", "an", "truong", "khac", "giam", "le", "thu"};
static const char *const places[] = {"new",	"received",  "refused",	 "unassigned", "working",
				     "at_head", "at_leader", "approved", "done"};

/* "place:person person…" for each place where it is possible; everything else is refused. */
static const struct {
	const char *op, *args, *route;
	const char *allowed[18];
} rules[] = {
	{"dossier.accept", "{}", "head_leader", {"new:le"}},
	{"dossier.forward", "{\"unit\":\"p2\"}", "head_leader", {"received:le"}},
	{"dossier.assign",
	 "{\"assignee\":\"bich\",\"reason\":\"nghỉ\"}",
	 "head_leader",
	 {"unassigned:truong", "working:truong"}},
	{"dossier.submit", "{\"text\":\"x\"}", "head_leader", {"working:hanh"}},
	{"dossier.recall", "{}", "head_leader", {"at_head:hanh", "at_leader:hanh", "approved:hanh"}},
	{"dossier.endorse", "{\"n\":2}", "head_leader", {"at_head:truong"}},
	{"dossier.approve", "{\"n\":2}", "head_leader", {"at_leader:giam"}},
	{"dossier.approve", "{\"n\":2}", "head", {"at_head:truong", "at_leader:giam"}},
	{"dossier.return", "{\"comment\":\"thiếu\"}", "head_leader", {"at_head:truong", "at_leader:giam"}},
	{"dossier.issue", "{\"number\":\"1\",\"date\":\"2026-11-20\"}", "head_leader", {"approved:thu"}},
	{"dossier.start", "{}", "head_leader", {"working:hanh"}},
	{"dossier.refuse", "{\"reason\":\"thiếu\"}", "head_leader", {"new:le"}},
	{"dossier.request-supplement", "{\"eid\":\"e1\",\"items\":[\"căn cước\"]}", "head_leader", {"working:hanh"}},
	{"dossier.receive-supplement", "{}", "head_leader", {"supplement:hanh", "supplement:le"}},
	{"dossier.request-payment", "{\"eid\":\"e1\",\"amount\":50000}", "head_leader", {"working:hanh", "working:le"}},
	{"dossier.confirm-payment", "{}", "head_leader", {"payment:hanh", "payment:le"}},
	{"dossier.request-withdrawal",
	 "{\"reason\":\"đổi ý\"}",
	 "head_leader",
	 {"new:le", "received:le", "unassigned:le", "working:le", "supplement:le", "payment:le"}},
	{"dossier.settle-withdrawal", "{\"agree\":true}", "head_leader", {"withdrawal:truong"}},
	{"dossier.stop",
	 "{\"reason\":\"không đủ điều kiện\"}",
	 "head_leader",
	 {"unassigned:truong", "unassigned:giam", "working:truong", "working:giam", "at_head:truong", "at_head:giam",
	  "at_leader:truong", "at_leader:giam", "approved:truong", "approved:giam", "supplement:truong",
	  "supplement:giam", "payment:truong", "payment:giam"}},
	{"dossier.rework", "{\"reason\":\"sai tên\"}", "head_leader", {"done:truong"}},
	{"dossier.deliver", "{\"way\":\"hand\"}", "head_leader", {"done:le"}},
	{"dossier.extend",
	 "{\"until\":\"2026-12-20\",\"reason\":\"chờ xác minh\"}",
	 "head_leader",
	 {"received:giam", "unassigned:giam", "working:giam", "at_head:giam", "at_leader:giam", "approved:giam"}},
	{"dossier.reroute",
	 "{\"unit\":\"p2\",\"reason\":\"nhầm\"}",
	 "head_leader",
	 {"unassigned:truong", "working:truong"}},
};

static bool listed(const char *const *allowed, const char *place, const char *who)
{
	for (int i = 0; allowed[i] != NULL; i++) {
		size_t n = strlen(place);
		if (strncmp(allowed[i], place, n) == 0 && allowed[i][n] == ':' && strcmp(allowed[i] + n + 1, who) == 0)
			return true;
	}
	return false;
}

static void test_matrix(void **state)
{
	struct world *w = office();
	int cases = 0;

	(void)state;
	for (size_t r = 0; r < CV_COUNT(rules); r++)
		for (size_t p = 0; p < CV_COUNT(places); p++)
			for (size_t i = 0; i < CV_COUNT(people); i++, cases++) {
				struct cv_json *d = dossier(places[p], rules[r].route);
				struct cv_outcome out = run(w, rules[r].op, d, people[i], rules[r].args);
				bool want = listed(rules[r].allowed, places[p], people[i]);
				if (cv_st_accepted(out.st) != want)
					fail_msg("%s at %s by %s: %s (%s)", rules[r].op, places[p], people[i],
						 cv_st_word(out.st), out.err.detail);
				/* a refusal says why */
				assert_true(want || out.err.detail[0] != '\0');
				cv_outcome_finish(&out);
				cv_json_destroy(d);
			}
	assert_true(cases > 1500);
	world_end(w);
}

static void test_routes(void **state)
{
	static const struct {
		const char *route, *submit, *endorse;
	} rows[] = {{"desk", "approved", NULL},
		    {"leader", "at_leader", NULL},
		    {"head", "at_head", "approved"},
		    {"head_leader", "at_head", "at_leader"}};
	struct world *w = office();

	(void)state;
	for (size_t i = 0; i < CV_COUNT(rows); i++) {
		struct cv_json *d = dossier("working", rows[i].route);
		struct cv_outcome out = run(w, "dossier.submit", d, "hanh", "{\"text\":\"x\"}");
		assert_string_equal(cv_json_s(out.object, "step"), rows[i].submit);
		assert_int_equal(cv_json_int(cv_json_object_of(out.object, "proposal"), "n", 0), 3);
		if (rows[i].endorse != NULL) {
			struct cv_outcome next = run(w, "dossier.endorse", out.object, "truong", "{\"n\":3}");
			assert_string_equal(cv_json_s(next.object, "step"), rows[i].endorse);
			cv_outcome_finish(&next);
		}
		cv_outcome_finish(&out);
		cv_json_destroy(d);
	}
	world_end(w);
}

static void test_another_proposal_conflicts(void **state)
{
	static const struct {
		const char *op, *place, *who, *args;
	} rows[] = {
		{"dossier.endorse", "at_head", "truong", "{\"n\":1}"},
		{"dossier.approve", "at_leader", "giam", "{\"n\":1}"},
		{"dossier.return", "at_head", "truong", "{\"n\":1,\"comment\":\"x\"}"},
		{"dossier.issue", "approved", "thu", "{\"n\":1,\"number\":\"1\",\"date\":\"2026-11-20\"}"},
	};
	struct world *w = office();

	(void)state;
	for (size_t i = 0; i < CV_COUNT(rows); i++) {
		struct cv_json *d = dossier(rows[i].place, "head_leader");
		struct cv_outcome out = run(w, rows[i].op, d, rows[i].who, rows[i].args);
		assert_int_equal(out.st, CV_ST_CONFLICT);
		assert_null(out.object);
		cv_outcome_finish(&out);
		cv_json_destroy(d);
	}
	world_end(w);
}

static void test_accept_starts_the_clock(void **state)
{
	struct world *w = office();
	struct cv_json *d =
		world_parse("{\"id\":\"d1\",\"status\":1,\"procedure\":{\"code\":\"1.1\"},\"unit\":\"mc\"}");
	struct cv_outcome out = run(w, "dossier.accept", d, "le", "{\"take\":true}");

	(void)state;
	assert_string_equal(cv_json_s(out.object, "due_at"), "2026-11-26T17:00:00+07:00");
	assert_string_equal(cv_json_s(out.object, "received_at"), NOW);
	assert_string_equal(cv_json_s(out.object, "assignee"), "le");
	assert_string_equal(cv_json_s(cv_json_object_of(out.object, "rule"), "route"), "head_leader");
	assert_int_equal(cv_json_count(cv_json_array_of(out.object, "history")), 1);
	cv_outcome_finish(&out);
	cv_json_destroy(d);
	world_end(w);
}

static void test_new_and_again(void **state)
{
	static const char args[] = "{\"procedure\":\"1.1\",\"applicant\":{\"name\":\"Ổn\"},\"channel\":2}";
	struct world *w = office();
	struct cv_outcome out = run(w, "dossier.new", NULL, "le", args), again, other, officer, behalf, absent;

	(void)state;
	assert_int_equal(out.st, CV_ST_APPLIED);
	assert_int_equal(out.effects, CV_EFFECT_GIVE_CODE);
	again = run(w, "dossier.new", out.object, "le", args);
	assert_int_equal(again.st, CV_ST_NOOP);
	other = run(w, "dossier.new", out.object, "le", "{\"procedure\":\"1.1\",\"applicant\":{\"name\":\"Bà\"}}");
	assert_int_equal(other.st, CV_ST_REJECTED);
	officer = run(w, "dossier.new", NULL, "hanh", args);
	assert_int_equal(officer.st, CV_ST_FORBIDDEN);
	behalf = run(w, "dossier.new", NULL, "hanh",
		     "{\"procedure\":\"1.1\",\"applicant\":{\"name\":\"Ổn\"},\"on_behalf\":true}");
	assert_int_equal(behalf.st, CV_ST_APPLIED);
	absent = run(w, "dossier.new", NULL, "le", "{\"procedure\":\"9.9\",\"applicant\":{\"name\":\"Ổn\"}}");
	assert_int_equal(absent.st, CV_ST_REJECTED);
	cv_outcome_finish(&out);
	cv_outcome_finish(&again);
	cv_outcome_finish(&other);
	cv_outcome_finish(&officer);
	cv_outcome_finish(&behalf);
	cv_outcome_finish(&absent);
	world_end(w);
}

static void test_scopes(void **state)
{
	static const struct {
		const char *place, *who;
		bool sent;
	} rows[] = {
		{"new", "le", true},	       {"new", "hanh", true},	    {"new", "thu", false},
		{"working", "hanh", true},     {"working", "truong", true}, {"working", "khac", false},
		{"working", "le", false},      {"working", "giam", false},  {"at_leader", "giam", true},
		{"approved", "thu", true},     {"approved", "giam", false}, {"done", "le", true},
		{"unassigned", "bich", false},
	};
	struct world *w = office();

	(void)state;
	for (size_t i = 0; i < CV_COUNT(rows); i++) {
		struct cv_json *d = dossier(rows[i].place, "head_leader");
		struct cv_json *its = cv_scopes_of_object(&w->ctx, CV_KIND_DOSSIER, d);
		struct cv_json *mine = cv_scopes_of_user(&w->ctx, rows[i].who, false);
		if (cv_scopes_meet(its, mine) != rows[i].sent)
			fail_msg("%s, %s", rows[i].place, rows[i].who);
		cv_json_destroy(its);
		cv_json_destroy(mine);
		cv_json_destroy(d);
	}
	world_end(w);
}

static void test_masks_and_codes(void **state)
{
	char mask[32];

	(void)state;
	cv_phone_mask(mask, "0912 345 678");
	assert_string_equal(mask, "09xx xxx 678");
	cv_phone_mask(mask, "");
	assert_string_equal(mask, "");
	cv_phone_mask(mask, "113");
	assert_string_equal(mask, "xxx");
	assert_true(cv_dossier_code_valid("000.00.00.H26-260930-0012"));
	assert_true(cv_dossier_code_valid("H15.50.05.13-261008-0975"));
	assert_false(cv_dossier_code_valid("H15-261308-0975"));
	assert_false(cv_dossier_code_valid("H15-261108-09"));
	assert_string_equal(cv_dossier_code_short("H29.12-261117-0012"), "261117-0012");
	assert_string_equal(cv_dossier_code_short("T-LE-0008"), "T-LE-0008");
}

static void test_an_edit_does_not_overwrite_unseen(void **state)
{
	struct world *w = office();
	struct cv_json *d = dossier("working", "head"), *seen = world_parse("{\"priority\":\"normal\"}");
	struct cv_json *args = world_parse("{\"priority\":\"urgent\"}");
	struct cv_act act = {.user = "hanh", .rights = ~0U, .authority = true, .base = seen};
	struct cv_outcome out;

	(void)state;
	cv_json_set_str(d, "priority", "express");
	cv_op_apply(&w->ctx, cv_op_find("dossier.edit"), "d1", d, args, &act, &out);
	assert_int_equal(out.st, CV_ST_CONFLICT);
	cv_outcome_finish(&out);
	cv_json_set_str(d, "priority", "normal");
	cv_op_apply(&w->ctx, cv_op_find("dossier.edit"), "d1", d, args, &act, &out);
	assert_int_equal(out.st, CV_ST_APPLIED);
	cv_outcome_finish(&out);
	cv_json_destroy(d);
	cv_json_destroy(seen);
	cv_json_destroy(args);
	world_end(w);
}

static struct cv_json *after(struct world *w, struct cv_json *d, const char *op, const char *who, const char *args)
{
	struct cv_outcome out = run(w, op, d, who, args);

	if (out.object == NULL)
		fail_msg("%s: %s", op, out.err.detail);
	struct cv_json *next = out.object;
	out.object = NULL;
	cv_outcome_finish(&out);
	cv_json_destroy(d);
	return next;
}

/* The worked example of domain 2.6: received 16/11, ten days, paused 19/11, complete 26/11; due moves to 7/12 and the
 * old due date is kept. */
static void test_a_supplement_moves_the_due_date(void **state)
{
	struct world *w = office();
	struct cv_json *d = dossier("working", "head_leader");

	(void)state;
	cv_json_set_int(cv_json_object_of(d, "rule"), "days", 10);
	cv_json_set_str(d, "due_at", "2026-12-01T17:00:00+07:00");
	now_is = "2026-11-19T09:00:00+07:00";
	d = after(w, d, "dossier.request-supplement", "hanh", "{\"eid\":\"s1\",\"items\":[\"căn cước\"]}");
	assert_int_equal(cv_json_int(d, "status", 0), 5);
	struct cv_outcome blocked = run(w, "dossier.submit", d, "hanh", "{\"text\":\"x\"}");
	assert_int_equal(blocked.st, CV_ST_REJECTED); /* a decision waits for an open supplement */
	cv_outcome_finish(&blocked);
	now_is = "2026-11-26T09:00:00+07:00";
	d = after(w, d, "dossier.receive-supplement", "le", "{\"received\":[\"căn cước\"]}");
	assert_string_equal(cv_json_s(d, "due_at"), "2026-12-07T17:00:00+07:00");
	assert_string_equal(cv_json_s(cv_json_first(cv_json_array_of(d, "due_history")), "due_at"),
			    "2026-12-01T17:00:00+07:00");
	/* The second one only by saying so. */
	struct cv_outcome second =
		run(w, "dossier.request-supplement", d, "hanh", "{\"eid\":\"s2\",\"items\":[\"ảnh\"]}");
	assert_string_equal(second.err.field, "again");
	cv_outcome_finish(&second);
	d = after(w, d, "dossier.request-supplement", "hanh", "{\"eid\":\"s2\",\"items\":[\"ảnh\"],\"again\":true}");
	cv_json_destroy(d);
	now_is = NOW;
	world_end(w);
}

static void test_a_withdrawal_refused_goes_back_where_it_was(void **state)
{
	struct world *w = office();
	struct cv_json *d = dossier("working", "head_leader");

	(void)state;
	d = after(w, d, "dossier.request-withdrawal", "le", "{\"reason\":\"đổi ý\"}");
	assert_int_equal(cv_json_int(d, "status", 0), 7);
	d = after(w, d, "dossier.settle-withdrawal", "truong", "{\"agree\":false,\"reason\":\"đã xong\"}");
	assert_string_equal(cv_json_s(d, "step"), "working");
	assert_non_null(cv_json_str(cv_json_first(cv_json_array_of(d, "pauses")), "to"));
	cv_json_destroy(d);
	world_end(w);
}

static void test_more_time_once_and_never_less(void **state)
{
	struct world *w = office();
	struct cv_json *d = dossier("working", "head_leader");
	struct cv_outcome out;

	(void)state;
	cv_json_set_str(d, "due_at", "2026-12-01T17:00:00+07:00");
	out = run(w, "dossier.extend", d, "giam", "{\"until\":\"2026-11-30\",\"reason\":\"x\"}");
	assert_int_equal(out.st, CV_ST_REJECTED);
	cv_outcome_finish(&out);
	d = after(w, d, "dossier.extend", "giam", "{\"until\":\"2026-12-08\",\"reason\":\"chờ xác minh\"}");
	assert_string_equal(cv_json_s(d, "due_at"), "2026-12-08T17:00:00+07:00");
	out = run(w, "dossier.extend", d, "giam", "{\"until\":\"2026-12-18\",\"reason\":\"lần hai\"}");
	assert_int_equal(out.st, CV_ST_REJECTED);
	cv_outcome_finish(&out);
	cv_json_destroy(d);
	world_end(w);
}

/* Extended to 8/12; a supplement from 19/11 to 26/11 leaves the twelve days that were left (24/11 is a holiday). */
static void test_a_supplement_keeps_an_extension(void **state)
{
	struct world *w = office();
	struct cv_json *d = dossier("working", "head_leader");

	(void)state;
	cv_json_set_str(d, "due_at", "2026-12-01T17:00:00+07:00");
	now_is = "2026-11-18T09:00:00+07:00";
	d = after(w, d, "dossier.extend", "giam", "{\"until\":\"2026-12-08\",\"reason\":\"chờ xác minh\"}");
	now_is = "2026-11-19T09:00:00+07:00";
	d = after(w, d, "dossier.request-supplement", "hanh", "{\"eid\":\"s1\",\"items\":[\"căn cước\"]}");
	now_is = "2026-11-26T09:00:00+07:00";
	d = after(w, d, "dossier.receive-supplement", "le", "{\"received\":[\"căn cước\"]}");
	assert_string_equal(cv_json_s(d, "due_at"), "2026-12-14T17:00:00+07:00");
	cv_json_destroy(d);
	now_is = NOW;
	world_end(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_matrix),
		cmocka_unit_test(test_routes),
		cmocka_unit_test(test_another_proposal_conflicts),
		cmocka_unit_test(test_accept_starts_the_clock),
		cmocka_unit_test(test_new_and_again),
		cmocka_unit_test(test_scopes),
		cmocka_unit_test(test_masks_and_codes),
		cmocka_unit_test(test_an_edit_does_not_overwrite_unseen),
		cmocka_unit_test(test_a_supplement_moves_the_due_date),
		cmocka_unit_test(test_a_withdrawal_refused_goes_back_where_it_was),
		cmocka_unit_test(test_more_time_once_and_never_less),
		cmocka_unit_test(test_a_supplement_keeps_an_extension),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
