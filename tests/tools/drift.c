/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Random sequences of operations through the client's core, offline, then through the real server: what was drawn must
 * equal what the server made of it, field by field, but for the fields that only the server sets.
 *
 *   drift SEED SEQUENCES BATCH [dossiers]    in a HOME that is logged in; prints how many objects were compared
 *
 * The program is linked with --wrap=cv_op_apply. With DRIFT_NO_APPLY=1 the client's call does nothing: then the
 * comparison has to fail, or it would prove nothing.
 */
#include <congvu/base/env.h>
#include <congvu/base/json.h>
#include <congvu/base/mem.h>
#include <congvu/base/time.h>
#include <congvu/core/core.h>
#include <congvu/model/dossier.h>
#include <congvu/model/op.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TOUCHED_MAX 4096

void __real_cv_op_apply(const struct cv_ctx *ctx, const struct cv_op *op, const char *id, const struct cv_json *object,
			const struct cv_json *args, const struct cv_act *act, struct cv_outcome *out);
void __wrap_cv_op_apply(const struct cv_ctx *ctx, const struct cv_op *op, const char *id, const struct cv_json *object,
			const struct cv_json *args, const struct cv_act *act, struct cv_outcome *out);

void __wrap_cv_op_apply(const struct cv_ctx *ctx, const struct cv_op *op, const char *id, const struct cv_json *object,
			const struct cv_json *args, const struct cv_act *act, struct cv_outcome *out)
{
	if (getenv("DRIFT_NO_APPLY")) {
		memset(out, 0, sizeof(*out));
		out->st = CV_ST_APPLIED;
		return;
	}
	__real_cv_op_apply(ctx, op, id, object, args, act, out);
}

static uint64_t state;

static uint64_t draw(uint64_t below)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (state >> 11) % below;
}

static struct cv_core *core;
static const struct cv_env *env;

struct touched {
	enum cv_kind kind;
	char id[128];
	struct cv_json *drawn; /* owned */
};
static struct touched touched[TOUCHED_MAX];
static size_t touched_count;
static bool possible[64]; /* per row of cv_ops: was it ever drawn where the rules allow it? */
static size_t acts, refused, compared;

static void die(const char *what, const struct cv_err *err)
{
	fprintf(stderr, "drift: %s: %s %s %s\n", what, err->code, err->field, err->detail);
	exit(2);
}

static void touch(enum cv_kind kind, const char *id)
{
	for (size_t i = 0; i < touched_count; i++)
		if (touched[i].kind == kind && !strcmp(touched[i].id, id))
			return;
	if (touched_count == TOUCHED_MAX) {
		fprintf(stderr, "drift: batch too large\n");
		exit(64);
	}
	touched[touched_count].kind = kind;
	touched[touched_count].drawn = NULL;
	snprintf(touched[touched_count].id, sizeof(touched[0].id), "%s", id);
	touched_count++;
}

/* ---- arguments: mostly sensible, sometimes not ---- */
static const char *words(void)
{
	static const char *const list[] = {"Thẩm định hồ sơ đất đai",
					   "gọi 3 công dân; còn 2",
					   "Đã xong\nhai dòng",
					   "Nguye\xcc\x82\xcc\x83n",
					   "\"nháy\" và \\ chéo %s",
					   " ",
					   "",
					   "đổi mật khẩu cho người dân",
					   "0"};

	return list[draw(CV_COUNT(list))];
}

static void date_text(char out[CV_DATE_SIZE], int from, int to)
{
	cv_date_format(cv_date_of(cv_now(env)) + from + (int)draw((uint64_t)(to - from + 1)), out);
}

static void set_words(struct cv_json *args, const char *key)
{
	if (draw(2))
		cv_json_set_str(args, key, words());
}

static struct cv_json *report_args(const char *date, const char *slot)
{
	static const char *const health[] = {"ok", "sick", "isolated", "other", "superb"};
	struct cv_json *args = cv_json_new_object(), *counts;
	char number[32];

	snprintf(number, sizeof(number), "bản %" PRIu64, draw(4)); /* now and then the same again */
	cv_json_set_str(args, "date", date);
	cv_json_set_str(args, "slot", slot);
	cv_json_set_str(args, "done", number);
	set_words(args, "doing");
	set_words(args, "blocked");
	set_words(args, "proposal");
	if (!draw(3))
		cv_json_set_str(args, "health", health[draw(CV_COUNT(health))]);
	if (!draw(3)) {
		counts = cv_json_new_object();
		cv_json_set_int(counts, "received", (int64_t)draw(20));
		cv_json_set_int(counts, "settled", (int64_t)draw(20));
		cv_json_set_int(counts, "overdue", (int64_t)draw(3));
		cv_json_set(args, "counts", counts);
	}
	if (!draw(4))
		cv_json_set_bool(args, "urgent", draw(2));
	if (!strcmp(slot, "adhoc") && draw(2))
		cv_json_set_str(args, "event", "kiểm tra đột xuất");
	return args;
}

static struct cv_json *items(void)
{
	struct cv_json *list = cv_json_new_array();
	char eid[CV_UUID_SIZE];

	for (uint64_t n = draw(3) + 1; n > 0; n--) {
		struct cv_json *item = cv_json_new_object();

		cv_uuid7(env, eid);
		cv_json_set_str(item, "eid", eid);
		cv_json_set_str(item, "title", draw(8) ? "Rà soát sổ hộ tịch" : words());
		set_words(item, "expected");
		cv_json_push(list, item);
	}
	return list;
}

static struct cv_json *register_args(const char *date)
{
	static const char *const places[] = {"office", "home", "field", "leave", "beach"};
	struct cv_json *args = cv_json_new_object();

	cv_json_set_str(args, "date", date);
	if (draw(2))
		cv_json_set_str(args, "place", places[draw(CV_COUNT(places))]);
	if (!draw(3))
		cv_json_set_str(args, "place_pm", places[draw(CV_COUNT(places))]);
	cv_json_set(args, "items", items());
	return args;
}

/* A random item of the drawn workday; a made-up one if there is none. */
static void pick_eid(char out[64], const char *id)
{
	struct cv_json *day = NULL;
	const struct cv_json *list;
	size_t n;

	snprintf(out, 64, "0192f0c0-0000-7000-8000-00000000000%d", (int)draw(10));
	if (cv_core_get(core, CV_KIND_WORKDAY, id, &day, NULL) != CV_OK)
		return;
	list = cv_json_array_of(day, "items");
	n = cv_json_count(list);
	if (n > 0 && draw(10)) {
		n = draw(n);
		CV_JSON_EACH (item, list)
			if (n-- == 0)
				snprintf(out, 64, "%s", cv_json_s(item, "eid"));
	}
	cv_json_destroy(day);
}

static struct cv_json *record_args(const char *id)
{
	static const char *const states[] = {"planned", "doing", "done", "partial", "dropped", "perfect"};
	struct cv_json *args = cv_json_new_object();
	char eid[64];

	pick_eid(eid, id);
	cv_json_set_str(args, "eid", eid);
	if (draw(4))
		cv_json_set_str(args, "state", states[draw(CV_COUNT(states))]);
	if (draw(2))
		cv_json_set_int(args, "percent", (int64_t)draw(103));
	if (!draw(3))
		cv_json_set(args, "hours", cv_json_new_num((double)draw(40) / 2));
	set_words(args, "result");
	return args;
}

static struct cv_json *review_args(void)
{
	struct cv_json *args = cv_json_new_object();

	if (draw(2))
		cv_json_set_int(args, "progress", (int64_t)draw(5));
	if (draw(2))
		cv_json_set_int(args, "quality", (int64_t)draw(6));
	set_words(args, "comment");
	return args;
}

static struct cv_json *comment_args(void)
{
	struct cv_json *args = cv_json_new_object();
	char eid[CV_UUID_SIZE];

	cv_uuid7(env, eid);
	cv_json_set_str(args, "eid", eid);
	cv_json_set_str(args, "text", words());
	return args;
}

/* ---- acting ---- */
static void act(const char *op, enum cv_kind kind, const char *id, struct cv_json *args)
{
	struct cv_act_in in = {.op = op, .id = id, .args = args, .anyway = true};
	struct cv_act_out out;
	struct cv_err err;
	enum cv_rc rc;

	cv_err_init(&err);
	memset(&out, 0, sizeof(out));
	rc = cv_core_act(core, &in, &out, &err);
	acts++;
	if (rc == CV_OK) {
		touch(kind, id);
	} else if (rc == CV_DATA || rc == CV_STATE_SECRET || rc == CV_USAGE || rc == CV_NOT_FOUND)
		refused++;
	else
		die(op, &err);
	cv_json_destroy(args);
}

static void own_report(void)
{
	static const char *const slots[] = {"07", "11", "17", "12"};
	char date[CV_DATE_SIZE], id[128];
	const char *slot = draw(20) ? slots[draw(3)] : slots[3];

	if (draw(3)) {
		char uuid[CV_UUID_SIZE];

		cv_uuid7(env, uuid);
		date_text(date, -1, 0);
		snprintf(id, sizeof(id), "%s", uuid);
		slot = "adhoc";
	} else {
		date_text(date, -8, 1);
		snprintf(id, sizeof(id), "r:%s:%s:%s", cv_core_user(core), date, slot);
	}
	for (uint64_t n = draw(4) + 1; n > 0; n--) {
		if (draw(3))
			act("report.submit", CV_KIND_REPORT, id, report_args(date, slot));
		else
			act("report.comment", CV_KIND_REPORT, id, comment_args());
	}
}

static void own_workday(void)
{
	char date[CV_DATE_SIZE], id[128];

	date_text(date, -8, 62);
	snprintf(id, sizeof(id), "w:%s:%s", cv_core_user(core), date);
	for (uint64_t n = draw(5) + 1; n > 0; n--) {
		if (!draw(3))
			act("workday.register", CV_KIND_WORKDAY, id, register_args(date));
		else
			act("workday.record", CV_KIND_WORKDAY, id, record_args(id));
	}
}

static struct cv_json *others[2]; /* reports, workdays; as they were listed last */

static void forget_others(void)
{
	for (size_t i = 0; i < CV_COUNT(others); i++) {
		cv_json_destroy(others[i]);
		others[i] = NULL;
	}
}

/* What a head does with an object of somebody else. */
static void on_anothers(void)
{
	size_t which = draw(2);
	enum cv_kind kind = which == 0 ? CV_KIND_REPORT : CV_KIND_WORKDAY;
	struct cv_filter filter = {.limit = 40};
	size_t n;

	if (!others[which] && cv_core_list(core, kind, &filter, &others[which], NULL) != CV_OK)
		return;
	if (cv_json_count(others[which]) == 0)
		return;
	n = draw(cv_json_count(others[which]));
	CV_JSON_EACH (object, others[which]) {
		if (n-- > 0)
			continue;
		const char *id = cv_json_s(object, "id");

		if (kind == CV_KIND_REPORT && draw(2))
			act("report.comment", kind, id, comment_args());
		else if (kind == CV_KIND_REPORT)
			act("report.see", kind, id, cv_json_new_object());
		else if (!draw(3))
			act("workday.see", kind, id, cv_json_new_object());
		else
			act(draw(3) ? "workday.review" : "workday.return", kind, id, review_args());
		break;
	}
}

#include "drift_dossier.h"

/* ---- comparing ---- */
/* The number of a proposal is what an approval names: it is compared. */
static bool server_only(enum cv_kind kind, const char *key)
{
	if (kind == CV_KIND_DOSSIER && key && !strcmp(key, "n"))
		return false;

	static const char *const keys[] = {"rev", "updated_at", "received_at", "judged", "n", "last_n", "pending",
					   "recv", "may_be_returned", "code", "due_at", "due_history", "ended_at",
					   /* masked for who does not call */
					   "phone", "address"};

	for (size_t i = 0; i < CV_COUNT(keys); i++)
		if (key && !strcmp(key, keys[i]))
			return true;
	return false;
}

static void strip(enum cv_kind kind, struct cv_json *j)
{
	bool again = true;

	while (again && cv_json_is(j, CV_JSON_OBJECT)) {
		again = false;
		CV_JSON_EACH (member, j)
			if (server_only(kind, cv_json_key(member))) {
				cv_json_remove(j, cv_json_key(member));
				again = true;
				break;
			}
	}
	CV_JSON_EACH (member, j)
		strip(kind, member);
}

static void compare(struct touched *t)
{
	struct cv_json *server = NULL;
	struct cv_err err;
	enum cv_rc rc;

	cv_err_init(&err);
	rc = cv_core_get_server(core, t->kind, t->id, &server, &err);
	if (rc != CV_OK && rc != CV_NOT_FOUND)
		die(t->id, &err);
	/* A dossier that went to somebody else is no longer sent here: nothing to compare with. */
	if (t->kind == CV_KIND_DOSSIER && server == NULL && t->drawn != NULL) {
		cv_json_destroy(t->drawn);
		return;
	}
	strip(t->kind, t->drawn);
	strip(t->kind, server);
	if (!cv_json_equal(t->drawn, server)) {
		char *a = t->drawn ? cv_json_canonical(t->drawn) : NULL, *b = server ? cv_json_canonical(server) : NULL;

		printf("drift: %s %s\n drawn  %s\n server %s\n", cv_kind_word(t->kind), t->id, a ? a : "nothing",
		       b ? b : "nothing");
		exit(1);
	}
	compared += server != NULL;
	cv_json_destroy(server);
	cv_json_destroy(t->drawn);
}

/* Refused operations wait for a person: the person is this function. */
static void drop_refused(void)
{
	struct cv_json *list = NULL;
	struct cv_err err;

	cv_err_init(&err);
	if (cv_core_outbox(core, &list, &err) != CV_OK)
		die("outbox", &err);
	CV_JSON_EACH (row, list) {
		if (strcmp(cv_json_s(row, "state"), "needs_person")) {
			fprintf(stderr, "drift: %s is still unsent\n", cv_json_s(row, "op"));
			exit(2);
		}
		refused++;
		if (cv_core_outbox_drop(core, cv_json_int(row, "mid", 0), &err) != CV_OK)
			die("drop", &err);
	}
	cv_json_destroy(list);
}

static void settle(void)
{
	struct cv_sync_how how = {.wait = CV_WAIT_NORMAL};
	struct cv_sync_out out;
	struct cv_err err;

	for (size_t i = 0; i < touched_count; i++) {
		enum cv_rc rc;

		cv_err_init(&err);
		rc = cv_core_get(core, touched[i].kind, touched[i].id, &touched[i].drawn, &err);
		if (rc != CV_OK && rc != CV_NOT_FOUND)
			die(touched[i].id, &err);
	}
	cv_err_init(&err);
	memset(&out, 0, sizeof(out));
	if (cv_core_sync(core, &how, &out, &err) != CV_OK)
		die("sync", &err);
	cv_json_destroy(out.result);
	drop_refused();
	for (size_t i = 0; i < touched_count; i++)
		compare(&touched[i]);
	touched_count = 0;
}

static bool may_review(void)
{
	CV_JSON_EACH (right, cv_json_array_of(cv_core_session(core), "rights"))
		if (cv_json_string(right) && !strcmp(cv_json_string(right), "review"))
			return true;
	return false;
}

int main(int argc, char **argv)
{
	struct cv_core_open how = {.account = "default", .must_exist = true};
	struct cv_err err;
	long sequences, batch;
	bool head;

	bool dossiers = argc == 5 && !strcmp(argv[4], "dossiers");

	if (argc != 4 && !dossiers) {
		fprintf(stderr, "usage: drift SEED SEQUENCES BATCH [dossiers]\n");
		return 64;
	}
	state = strtoull(argv[1], NULL, 10) * 2654435761u + 88172645463325252u;
	sequences = strtol(argv[2], NULL, 10);
	batch = strtol(argv[3], NULL, 10);
	env = cv_env_system();
	how.env = env;
	cv_err_init(&err);
	if (cv_core_open(&core, &how, &err) != CV_OK || cv_core_unlock(core, &err) != CV_OK)
		die("open", &err);
	settle();
	head = may_review();
	for (long i = 1; i <= sequences; i++) {
		if (dossiers && draw(3))
			one_dossier();
		else if (head && draw(3))
			on_anothers();
		else if (draw(2))
			own_report();
		else
			own_workday();
		if (i % batch == 0 || i == sequences)
			settle();
		if (i % (10 * batch) == 0) /* listing opens every row: not each time */
			forget_others();
	}
	size_t kinds = 0;
	for (size_t i = 0; i < CV_COUNT(possible); i++)
		kinds += possible[i];
	printf("%ld sequences, %zu operations, %zu refused, %zu objects compared, %zu kinds\n", sequences, acts,
	       refused, compared, kinds);
	forget_others();
	cv_core_close(core);
	return 0;
}
