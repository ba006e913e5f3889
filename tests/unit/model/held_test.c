/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the time of a dossier went. 16/11/2026 is a Monday, 24/11 a public holiday. */
#include "world.h"

#include <congvu/model/dossier.h>
#include <congvu/model/held.h>

#define ROW(op, day) "{\"op\":\"" op "\",\"recv\":\"2026-11-" day "T09:00:00+07:00\"}"
#define AT_START     ROW("new", "16") "," ROW("accept", "17")
#define FORWARDED    AT_START "," ROW("forward", "17") "," ROW("assign", "19") "," ROW("note", "20")

static const struct {
	const char *route, *place, *history, *held_by, *held;
} rows[] = {
	{"head", "\"status\":1", "", "desk", "{}"},
	{"head", "\"status\":2", AT_START, "desk", "{\"desk\":6}"},
	{"head", "\"status\":4,\"step\":\"unassigned\"", AT_START "," ROW("forward", "18"), "unassigned",
	 "{\"desk\":2,\"unassigned\":4}"},
	/* assigned in the same act: the next act tells */
	{"head", "\"status\":4,\"step\":\"at_head\"", AT_START "," ROW("forward", "17") "," ROW("submit", "20"), "head",
	 "{\"desk\":1,\"working\":3,\"head\":2}"},
	{"head", "\"status\":4,\"step\":\"working\"", AT_START "," ROW("forward", "17"), "working",
	 "{\"desk\":1,\"working\":5}"},
	{"head_leader", "\"status\":9",
	 FORWARDED "," ROW("submit", "20") "," ROW("endorse", "23") "," ROW("approve", "25") "," ROW("issue", "25"), "",
	 "{\"desk\":1,\"unassigned\":2,\"working\":1,\"head\":1,\"leader\":1}"},
	{"leader", "\"status\":4,\"step\":\"at_leader\"", FORWARDED "," ROW("submit", "24"), "leader",
	 "{\"desk\":1,\"unassigned\":2,\"working\":2,\"leader\":1}"},
	{"desk", "\"status\":4,\"step\":\"approved\"", AT_START "," ROW("submit", "18"), "issue",
	 "{\"desk\":1,\"working\":1,\"issue\":4}"},
	{"head", "\"status\":4,\"step\":\"working\"",
	 FORWARDED "," ROW("request-supplement", "20") "," ROW("receive-supplement", "24"), "working",
	 "{\"desk\":1,\"unassigned\":2,\"working\":2,\"citizen\":1}"},
	/* a withdrawal that was refused goes back to whom it was with */
	{"head", "\"status\":4,\"step\":\"working\"",
	 AT_START "," ROW("forward", "17") "," ROW("request-withdrawal", "18") "," ROW("settle-withdrawal",
										       "19") "," ROW("assign", "20"),
	 "working", "{\"desk\":1,\"unassigned\":2,\"citizen\":1,\"working\":2}"},
};

static void who_held_it_how_long(void **state)
{
	struct world w;

	(void)state;
	world_begin(&w);
	for (size_t i = 0; i < CV_COUNT(rows); i++) {
		char *text = cv_strf("{\"unit\":\"p1\",\"rule\":{\"route\":\"%s\"},%s,\"history\":[%s]}", rows[i].route,
				     rows[i].place, rows[i].history);
		struct cv_json *d = world_parse(text), *want = world_parse(rows[i].held);
		cv_dossier_held(d, &w.ctx, d, world_time("2026-11-25T10:00:00+07:00"));
		char *held = cv_json_text(cv_json_get(d, "held"));
		if (strcmp(cv_json_s(d, "held_by"), rows[i].held_by) != 0 ||
		    !cv_json_equal(cv_json_get(d, "held"), want))
			fail_msg("row %zu: %s %s", i, cv_json_s(d, "held_by"), held);
		free(held);
		free(text);
		cv_json_destroy(want);
		cv_json_destroy(d);
	}
	world_end(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(who_held_it_how_long)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
