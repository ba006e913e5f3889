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

static struct cv_json *no_args(void)
{
	return cv_json_new_object();
}

static struct cv_json *accept_args(void)
{
	struct cv_json *args = cv_json_new_object();

	if (draw(2))
		cv_json_set_bool(args, "take", draw(3) > 0);
	return args;
}

static struct cv_json *forward_args(void)
{
	static const char *const units[] = {"p1", "p2", "mc", "nowhere"};
	struct cv_json *args = cv_json_new_object();

	if (draw(2))
		cv_json_set_str(args, "unit", units[draw(CV_COUNT(units))]);
	return args;
}

static struct cv_json *reason_args(void)
{
	struct cv_json *args = cv_json_new_object();

	cv_json_set_str(args, "reason", words());
	return args;
}

static struct cv_json *assign_args(void)
{
	static const char *const users[] = {"hanh", "minh", "lan", "tatca", "nobody"};
	struct cv_json *args = reason_args();

	cv_json_set_str(args, "assignee", users[draw(CV_COUNT(users))]);
	return args;
}

static struct cv_json *submit_args(void)
{
	struct cv_json *args = cv_json_new_object();

	cv_json_set_str(args, "text", words());
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

static struct cv_json *eid_args(void)
{
	struct cv_json *args = cv_json_new_object();
	char eid[CV_UUID_SIZE];

	cv_uuid7(env, eid);
	cv_json_set_str(args, "eid", eid);
	return args;
}

static struct cv_json *request_supplement_args(void)
{
	static const char *const contacts[] = {"phone", "zalo", "email", "fax"};
	struct cv_json *args = eid_args();

	set_lines(args, "items");
	if (draw(3) == 0)
		cv_json_set_bool(args, "again", true);
	if (draw(3) == 0)
		cv_json_set_str(args, "contact", contacts[draw(CV_COUNT(contacts))]);
	return args;
}

static struct cv_json *receive_supplement_args(void)
{
	struct cv_json *args = cv_json_new_object();

	set_lines(args, "received");
	return args;
}

static struct cv_json *request_payment_args(void)
{
	struct cv_json *args = eid_args();

	cv_json_set_str(args, "name", "Lệ phí");
	cv_json_set_int(args, "amount", (int64_t)draw(3) * 15000);
	return args;
}

static struct cv_json *request_withdrawal_args(void)
{
	struct cv_json *args = eid_args();

	cv_json_set_str(args, "reason", words());
	return args;
}

static struct cv_json *settle_withdrawal_args(void)
{
	struct cv_json *args = reason_args();

	cv_json_set_bool(args, "agree", draw(2));
	return args;
}

static struct cv_json *issue_args(void)
{
	struct cv_json *args = cv_json_new_object();

	cv_json_set_str(args, "number", "12/QĐ-UBND");
	cv_json_set_str(args, "date", draw(2) ? "2026-08-03" : "2026-08-10");
	return args;
}

static struct cv_json *deliver_args(void)
{
	struct cv_json *args = cv_json_new_object();

	cv_json_set_str(args, "way", draw(2) ? "hand" : "post");
	cv_json_set_str(args, "receiver", words());
	return args;
}

static struct cv_json *extend_args(void)
{
	struct cv_json *args = reason_args();

	cv_json_set_str(args, "until", draw(2) ? "2027-12-31" : "2026-01-02");
	return args;
}

static struct cv_json *apologise_args(void)
{
	struct cv_json *args = eid_args();

	cv_json_set_str(args, "text", words());
	return args;
}

static const struct step {
	const char *op;
	struct cv_json *(*args)(void);
} steps[] = {
	{"dossier.accept", accept_args},
	{"dossier.forward", forward_args},
	{"dossier.assign", assign_args},
	{"dossier.start", no_args},
	{"dossier.note", comment_args},
	{"dossier.edit", edit_args},
	{"dossier.submit", submit_args},
	{"dossier.recall", no_args},
	{"dossier.endorse", check_args},
	{"dossier.approve", check_args},
	{"dossier.return", check_args},
	{"dossier.issue", issue_args},
	{"dossier.refuse", reason_args},
	{"dossier.request-supplement", request_supplement_args},
	{"dossier.receive-supplement", receive_supplement_args},
	{"dossier.request-payment", request_payment_args},
	{"dossier.confirm-payment", no_args},
	{"dossier.request-withdrawal", request_withdrawal_args},
	{"dossier.settle-withdrawal", settle_withdrawal_args},
	{"dossier.stop", reason_args},
	{"dossier.rework", reason_args},
	{"dossier.deliver", deliver_args},
	{"dossier.extend", extend_args},
	{"dossier.reroute", reason_args},
	{"dossier.explain", reason_args},
	{"dossier.apologise", apologise_args},
};

static bool can(const struct step *step, const struct cv_json *dossier)
{
	struct cv_act now = {.user = cv_core_user(core), .origin = "person", .rights = ~0U, .at = cv_now(env)};
	struct cv_err err;

	now.now = now.at;
	cv_err_init(&err);
	return cv_dossier_can(cv_core_ctx(core), cv_op_find(step->op), dossier, &now, &err) == CV_OK;
}

/* A step that the dossier can take now, mostly; a quarter are any at all. */
static const struct step *next_step(const char *id)
{
	const struct step *step = &steps[draw(CV_COUNT(steps))];
	struct cv_json *dossier = NULL;

	if (draw(4) && cv_core_get(core, CV_KIND_DOSSIER, id, &dossier, NULL) == CV_OK) {
		for (int n = 0; n < 40 && !can(step, dossier); n++)
			step = &steps[draw(CV_COUNT(steps))];
		if (can(step, dossier))
			possible[cv_op_find(step->op) - cv_ops] = true;
	}
	cv_json_destroy(dossier);
	return step;
}

static void one_dossier(void)
{
	char id[CV_UUID_SIZE];

	cv_uuid7(env, id);
	act("dossier.new", CV_KIND_DOSSIER, id, new_args());
	for (uint64_t n = draw(8); n > 0; n--) {
		const struct step *step = next_step(id);
		act(step->op, CV_KIND_DOSSIER, id, step->args());
	}
}

#endif
