/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is due now, and how it is said. */
#include <congvu/base/buf.h>
#include <congvu/base/i18n.h>
#include <congvu/base/mem.h>
#include <congvu/base/time.h>
#include <congvu/model/board.h>
#include <congvu/model/policy.h>
#include <congvu/model/slot.h>
#include <congvu/model/todo.h>

#include <stdlib.h>
#include <string.h>

/* In this order they are shown. name, screen */
#define KIND_TABLE(X)                                                                                                  \
	X(RETURNED, "2") /* the head gave the day back: more is to be written */                                       \
	X(REGISTER, "2") /* no work registered; minutes to policy.register_by */                                       \
	X(REPORT, "3")	 /* a slot is open; minutes to its hour, then to the end of its grace */                       \
	X(LATE, "3")	 /* a slot has passed without a report; minutes since its hour */                              \
	X(RECORD, "2")	 /* the day's last slot is open and results are not recorded */                                \
	X(CHECK, "1")	 /* dossiers wait for this person's word */                                                    \
	X(OVERDUE, "1")	 /* own dossiers past their day */                                                             \
	X(MISSING, "6")	 /* the head's people who have not sent the slot just closed */                                \
	X(REVIEW, "8")	 /* operations that need a person */

enum kind {
#define X(name, screen) TODO_##name,
	KIND_TABLE(X)
#undef X
};

struct todo {
	enum kind kind;
	const char *slot; /* borrowed */
	int minutes;	  /* left; of LATE: passed */
	bool grace;	  /* of REPORT: its hour has passed, it still counts as in time */
	int64_t count;
};

struct look {
	const struct cv_todo_in *in;
	struct cv_json *out;	      /* owned */
	struct cv_json *policy, *day; /* owned */
	struct cv_slot slots[CV_SLOT_MAX];
	int slot_count;
	int minute; /* of today */
};

/* ---- words ---- */
/* "07" is said "07h"; a slot of another name as it is. */
static void put_slot(struct cv_buf *out, const char *slot)
{
	cv_buf_puts(out, slot);
	if (slot[0] != '\0' && strspn(slot, "0123456789") == strlen(slot))
		cv_buf_putc(out, 'h');
}

static void put_minutes(struct cv_buf *out, int minutes)
{
	if (minutes < 60)
		cv_buf_addf(out, _("%d phút"), minutes);
	else if (minutes % 60 == 0)
		cv_buf_addf(out, _("%d giờ"), minutes / 60);
	else
		cv_buf_addf(out, _("%d giờ %d phút"), minutes / 60, minutes % 60);
}

static void put_left(struct cv_buf *out, int minutes, const char *left, const char *passed)
{
	cv_buf_puts(out, ", ");
	cv_buf_puts(out, minutes > 0 ? left : passed);
	cv_buf_putc(out, ' ');
	put_minutes(out, abs(minutes));
}

static void put_words(struct cv_buf *out, const struct todo *t)
{
	long long n = (long long)t->count;

	switch (t->kind) {
	case TODO_RETURNED:
		cv_buf_puts(out, _("ngày làm việc bị trả lại để ghi thêm"));
		break;
	case TODO_REGISTER:
		cv_buf_puts(out, _("đăng ký việc hôm nay"));
		put_left(out, t->minutes, _("còn"), _("muộn"));
		break;
	case TODO_REPORT:
	case TODO_LATE:
		cv_buf_puts(out, _("báo cáo "));
		put_slot(out, t->slot);
		if (t->grace)
			cv_buf_puts(out, _(", kịp đúng giờ"));
		put_left(out, t->kind == TODO_LATE ? -t->minutes : t->minutes, _("còn"), _("muộn"));
		break;
	case TODO_RECORD:
		cv_buf_addf(out, _("ghi kết quả %lld việc"), n);
		break;
	case TODO_CHECK:
		cv_buf_addf(out, _("%lld chờ duyệt"), n);
		break;
	case TODO_OVERDUE:
		cv_buf_addf(out, _("%lld hồ sơ trễ hạn"), n);
		break;
	case TODO_MISSING:
		cv_buf_addf(out, _("%lld người chưa gửi "), n);
		put_slot(out, t->slot);
		break;
	case TODO_REVIEW:
		cv_buf_addf(out, _("%lld cần xem lại"), n);
		break;
	default:
		break;
	}
}

static void add(struct look *l, const struct todo *t)
{
	static const char *const screens[] = {
#define X(name, screen) screen,
		KIND_TABLE(X)
#undef X
	};
	struct cv_json *item = cv_json_new_object();
	struct cv_buf words;

	cv_buf_init(&words, 400);
	put_words(&words, t);
	cv_json_set_str(item, "key", screens[t->kind]);
	cv_json_set_str(item, "text", words.data);
	cv_json_push(l->out, item);
	cv_buf_finish(&words);
}

/* ---- what is due ---- */
static void add_count(struct look *l, enum kind kind, int64_t count)
{
	if (count > 0)
		add(l, &(struct todo){.kind = kind, .count = count});
}

static const char *state_of(const struct look *l, const struct cv_slot *slot)
{
	return cv_json_s(cv_json_object_of(l->day, "slots"), slot->name);
}

static void look_at_registering(struct look *l)
{
	const struct cv_slot *first = &l->slots[0], *last = &l->slots[l->slot_count - 1];
	int by = cv_clock_parse(cv_json_s(l->policy, "register_by"));

	if (strcmp(cv_json_s(l->day, "workday"), "returned") == 0)
		add(l, &(struct todo){.kind = TODO_RETURNED});
	/* null: nothing is expected of her today. */
	if (!cv_json_is(cv_json_get(l->day, "registered"), CV_JSON_BOOL) || cv_json_bool(l->day, "registered", true))
		return;
	if (l->minute >= first->at - first->open_before && l->minute < last->at + last->grace)
		add(l, &(struct todo){.kind = TODO_REGISTER, .minutes = by - l->minute});
}

static void look_at_slots(struct look *l)
{
	for (int i = 0; i < l->slot_count; i++) {
		const struct cv_slot *s = &l->slots[i];
		const char *state = state_of(l, s);
		if (strcmp(state, "pending") == 0 && l->minute >= s->at - s->open_before) {
			bool grace = l->minute >= s->at;
			int end = grace ? s->at + s->grace : s->at;
			add(l,
			    &(struct todo){
				    .kind = TODO_REPORT, .slot = s->name, .grace = grace, .minutes = end - l->minute});
		}
	}
	for (int i = 0; i < l->slot_count; i++) {
		const struct cv_slot *s = &l->slots[i];
		if (strcmp(state_of(l, s), "missing") == 0)
			add(l, &(struct todo){.kind = TODO_LATE, .slot = s->name, .minutes = l->minute - s->at});
	}
}

static bool final_state(const char *state)
{
	return strcmp(state, "done") == 0 || strcmp(state, "partial") == 0 || strcmp(state, "dropped") == 0;
}

static void look_at_results(struct look *l)
{
	const struct cv_slot *last = &l->slots[l->slot_count - 1];
	const struct cv_json *workday;
	char id[CV_ID_MAX + 1];
	int64_t open = 0;

	if (strcmp(cv_json_s(l->day, "workday"), "registered") != 0 || l->minute < last->at - last->open_before)
		return;
	cv_id_workday(id, cv_json_s(l->in->user, "id"), cv_json_s(l->day, "date"));
	if (cv_ctx_get(l->in->ctx, CV_KIND_WORKDAY, id, &workday) != CV_FOUND)
		return;
	CV_JSON_EACH (item, cv_json_array_of(workday, "items"))
		open += !final_state(cv_json_s(item, "state"));
	add_count(l, TODO_RECORD, open);
}

/* The last slot that has closed: earlier ones are told on the board itself. */
static void look_at_people(struct look *l)
{
	const struct cv_slot *closed = NULL;
	int64_t missing = 0;

	for (int i = 0; i < l->slot_count; i++)
		if (l->minute >= l->slots[i].at + l->slots[i].grace)
			closed = &l->slots[i];
	if (closed == NULL)
		return;
	CV_JSON_EACH (person, cv_json_array_of(l->in->board, "people"))
		missing += strcmp(cv_json_s(cv_json_object_of(person, "slots"), closed->name), "missing") == 0;
	if (missing > 0)
		add(l, &(struct todo){.kind = TODO_MISSING, .slot = closed->name, .count = missing});
}

struct cv_json *cv_todo(const struct cv_todo_in *in)
{
	struct look l = {.in = in, .out = cv_json_new_array(), .minute = cv_minute_of(in->now)};

	if (in->user != NULL) {
		l.policy = cv_policy_resolve(in->ctx, cv_user_unit(in->user));
		l.slot_count = cv_slots(l.slots, l.policy);
		l.day = cv_day_of(in->ctx, in->user, cv_date_of(in->now), in->now);
	}
	if (l.slot_count > 0) {
		look_at_registering(&l);
		look_at_slots(&l);
		look_at_results(&l);
	}
	add_count(&l, TODO_CHECK, in->to_check);
	add_count(&l, TODO_OVERDUE, in->late);
	if (in->board != NULL)
		look_at_people(&l);
	add_count(&l, TODO_REVIEW, in->needs_person);
	cv_json_destroy(l.policy);
	cv_json_destroy(l.day);
	return l.out;
}
