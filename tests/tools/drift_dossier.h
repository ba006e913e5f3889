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

static void set_lines(struct cv_json *args, const char *name)
{
	static const char *const lines[] = {"Đơn đăng ký", "Giấy khai sinh", "Bản vẽ"};
	struct cv_json *list = cv_json_new_array();

	for (uint64_t n = draw(3) + 1; n > 0; n--)
		cv_json_push(list, cv_json_new_string(lines[n - 1]));
	cv_json_set(args, name, list);
}

/* Steps of a dossier that waits, stops, is late or leaves the house. */
static struct cv_json *further_args(const char *op)
{
	static const char *const contacts[] = {"phone", "zalo", "email", "fax"};
	struct cv_json *args = cv_json_new_object();
	char eid[CV_UUID_SIZE];

	if (!strncmp(op, "dossier.request-", 16) || !strcmp(op, "dossier.apologise")) {
		cv_uuid7(env, eid);
		cv_json_set_str(args, "eid", eid);
	}
	if (!strcmp(op, "dossier.request-supplement")) {
		set_lines(args, "items");
		if (draw(3) == 0)
			cv_json_set_bool(args, "again", true);
		if (draw(3) == 0)
			cv_json_set_str(args, "contact", contacts[draw(CV_COUNT(contacts))]);
	} else if (!strcmp(op, "dossier.receive-supplement")) {
		set_lines(args, "received");
	} else if (!strcmp(op, "dossier.request-payment")) {
		cv_json_set_str(args, "name", "Lệ phí");
		cv_json_set_int(args, "amount", (int64_t)draw(3) * 15000);
	} else if (!strcmp(op, "dossier.settle-withdrawal")) {
		cv_json_set_bool(args, "agree", draw(2));
	} else if (!strcmp(op, "dossier.issue")) {
		cv_json_set_str(args, "number", "12/QĐ-UBND");
		cv_json_set_str(args, "date", draw(2) ? "2026-08-03" : "2026-08-10");
	} else if (!strcmp(op, "dossier.deliver")) {
		cv_json_set_str(args, "way", draw(2) ? "hand" : "post");
		cv_json_set_str(args, "receiver", words());
	} else if (!strcmp(op, "dossier.apologise")) {
		cv_json_set_str(args, "text", words());
	} else if (strcmp(op, "dossier.receive-supplement") != 0 && strcmp(op, "dossier.confirm-payment") != 0) {
		cv_json_set_str(args, "reason", words());
	}
	if (!strcmp(op, "dossier.extend"))
		cv_json_set_str(args, "until", draw(2) ? "2027-12-31" : "2026-01-02");
	return args;
}

static bool further(const char *op)
{
	static const char *const ops[] = {"dossier.request-supplement",
					  "dossier.receive-supplement",
					  "dossier.request-payment",
					  "dossier.confirm-payment",
					  "dossier.request-withdrawal",
					  "dossier.settle-withdrawal",
					  "dossier.issue",
					  "dossier.deliver",
					  "dossier.refuse",
					  "dossier.stop",
					  "dossier.rework",
					  "dossier.extend",
					  "dossier.reroute",
					  "dossier.explain",
					  "dossier.apologise"};

	for (size_t i = 0; i < CV_COUNT(ops); i++)
		if (!strcmp(op, ops[i]))
			return true;
	return false;
}

/* A step that the dossier can take now, mostly; a quarter are any at all. */
static const char *next_step(const char *id)
{
	static const char *const ops[] = {"dossier.accept",
					  "dossier.submit",
					  "dossier.recall",
					  "dossier.note",
					  "dossier.edit",
					  "dossier.request-supplement",
					  "dossier.issue",
					  "dossier.receive-supplement",
					  "dossier.deliver",
					  "dossier.request-payment",
					  "dossier.confirm-payment",
					  "dossier.request-withdrawal",
					  "dossier.forward",
					  "dossier.start",
					  "dossier.assign",
					  "dossier.return",
					  "dossier.endorse",
					  "dossier.approve",
					  "dossier.settle-withdrawal",
					  "dossier.refuse",
					  "dossier.stop",
					  "dossier.rework",
					  "dossier.extend",
					  "dossier.reroute",
					  "dossier.explain",
					  "dossier.apologise"};
	const char *op = ops[draw(CV_COUNT(ops))];
	struct cv_act now = {.user = cv_core_user(core), .origin = "person", .rights = ~0U, .at = cv_now(env)};
	struct cv_json *dossier = NULL;
	struct cv_err err;

	now.now = now.at;
	cv_err_init(&err);
	if (draw(4) && cv_core_get(core, CV_KIND_DOSSIER, id, &dossier, NULL) == CV_OK) {
		const struct cv_ctx *ctx = cv_core_ctx(core);
		for (int n = 0; n < 40 && cv_dossier_can(ctx, cv_op_find(op), dossier, &now, &err) != CV_OK; n++)
			op = ops[draw(CV_COUNT(ops))];
		if (cv_dossier_can(ctx, cv_op_find(op), dossier, &now, &err) == CV_OK)
			possible[cv_op_find(op) - cv_ops] = true;
	}
	cv_json_destroy(dossier);
	return op;
}

static void one_dossier(void)
{
	char id[CV_UUID_SIZE];

	cv_uuid7(env, id);
	act("dossier.new", CV_KIND_DOSSIER, id, new_args());
	for (uint64_t n = draw(8); n > 0; n--) {
		const char *op = next_step(id);
		struct cv_json *args = further(op)		     ? further_args(op)
				       : !strcmp(op, "dossier.note") ? comment_args()
				       : !strcmp(op, "dossier.edit") ? edit_args()
				       : !strcmp(op, "dossier.return") || !strcmp(op, "dossier.endorse") ||
						       !strcmp(op, "dossier.approve")
					       ? check_args()
					       : move_args(op);

		act(op, CV_KIND_DOSSIER, id, args);
	}
}

#endif
