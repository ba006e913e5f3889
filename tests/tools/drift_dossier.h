/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dossiers for drift.c: what one person does with one, from intake on. Included there, after its helpers. */
#ifndef CONGVU_TEST_DRIFT_DOSSIER_H
#define CONGVU_TEST_DRIFT_DOSSIER_H

static struct cv_json *person_of(void)
{
	static const char *const names[] = {"Phạm Đức Ổn", "Nguye\xcc\x82\xcc\x83n A", "Công ty \"Một\"", " "};
	struct cv_json *person = cv_json_new_object();

	cv_json_set_str(person, "name", names[draw(CV_COUNT(names))]);
	if (draw(2))
		cv_json_set_str(person, "phone", "0912345678");
	if (draw(2))
		cv_json_set_str(person, "address", "Ngõ 12");
	return person;
}

static struct cv_json *new_args(void)
{
	static const char *const procedures[] = {"1.00desk", "1.00head", "1.00leader", "1.00head_leader", "9.99"};
	struct cv_json *args = cv_json_new_object();

	cv_json_set_str(args, "procedure", procedures[draw(20) == 0 ? 4 : draw(4)]);
	cv_json_set(args, "applicant", person_of());
	if (draw(2))
		cv_json_set_int(args, "channel", (int64_t)draw(5));
	if (draw(2))
		cv_json_set_bool(args, "on_behalf", draw(2));
	set_words(args, "note");
	return args;
}

static struct cv_json *edit_args(void)
{
	static const char *const priorities[] = {"normal", "urgent", "very_urgent", "express", "soon"};
	struct cv_json *args = cv_json_new_object();

	if (draw(2))
		cv_json_set(args, "applicant", person_of());
	if (draw(2))
		cv_json_set_int(args, "channel", (int64_t)draw(4));
	if (draw(2))
		cv_json_set_str(args, "priority", priorities[draw(CV_COUNT(priorities))]);
	return args;
}

static struct cv_json *check_args(void)
{
	struct cv_json *args = cv_json_new_object();

	if (draw(4))
		cv_json_set_int(args, "n", (int64_t)draw(3) + 1);
	if (draw(2))
		cv_json_set_str(args, "comment", words());
	return args;
}

static struct cv_json *move_args(const char *op)
{
	static const char *const units[] = {"p1", "p2", "mc", "nowhere"};
	static const char *const users[] = {"hanh", "minh", "lan", "nobody"};
	struct cv_json *args = cv_json_new_object();

	if (!strcmp(op, "dossier.accept") && draw(2))
		cv_json_set_bool(args, "take", draw(3) > 0);
	if (!strcmp(op, "dossier.forward") && draw(2))
		cv_json_set_str(args, "unit", units[draw(CV_COUNT(units))]);
	if (!strcmp(op, "dossier.assign"))
		cv_json_set_str(args, "assignee", users[draw(CV_COUNT(users))]);
	if (!strcmp(op, "dossier.assign") || !strcmp(op, "dossier.submit"))
		cv_json_set_str(args, !strcmp(op, "dossier.submit") ? "text" : "reason", words());
	return args;
}

/* The likely next steps, now and then any. */
static void one_dossier(void)
{
	static const char *const ops[] = {"dossier.accept", "dossier.submit",  "dossier.recall", "dossier.note",
					  "dossier.edit",   "dossier.forward", "dossier.start",	 "dossier.assign",
					  "dossier.return", "dossier.endorse"};
	char id[CV_UUID_SIZE];

	cv_uuid7(env, id);
	act("dossier.new", CV_KIND_DOSSIER, id, new_args());
	for (uint64_t n = draw(6); n > 0; n--) {
		const char *op = ops[draw(draw(4) ? 5 : CV_COUNT(ops))];
		struct cv_json *args = !strcmp(op, "dossier.note")   ? comment_args()
				       : !strcmp(op, "dossier.edit") ? edit_args()
				       : !strcmp(op, "dossier.return") || !strcmp(op, "dossier.endorse")
					       ? check_args()
					       : move_args(op);

		act(op, CV_KIND_DOSSIER, id, args);
	}
}

#endif
