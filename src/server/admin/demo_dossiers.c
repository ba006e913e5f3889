/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The demo's dossiers: each goes its way by real operations and stops somewhere, so that all states are there. */
#include "server/admin/demo.h"

#include <congvu/base/mem.h>
#include <congvu/model/slot.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const family[] = {"Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Huỳnh",
				     "Phan",   "Vũ",   "Võ", "Đặng", "Bùi",   "Đỗ"};
static const char *const middle[] = {"Văn", "Thị", "Đức", "Ngọc", "Quang", "Minh", "Thu", "Hữu", "Xuân", "Thanh"};
static const char *const given[] = {"Ổn",    "Quỳ", "Khuê", "Lộc",  "Yến", "Ẩn",   "Hải", "Tuấn",
				    "Hương", "Mai", "Sơn",  "Bình", "Đạt", "Thảo", "Vy"};
static const char *const streets[] = {"phố Huế", "phố Bạch Mai", "đường Giải Phóng", "ngõ Tạ Quang Bửu",
				      "phố Lê Thanh Nghị"};

/* Where it stops. */
enum stop {
	NEW,
	RECEIVED,
	UNASSIGNED,
	WORKING,
	WORKING_TOO,
	RETURNED,
	AT_HEAD,
	AT_LEADER,
	APPROVED,
	DONE,
	DELIVERED,
	OTHERS
};

struct way {
	struct demo *d;
	const char *id, *unit, *route, *clerk, *assignee;
	int day; /* index of d->days, falls with time */
	int minute;
};

/* A few working hours later, or the next day. */
static int64_t later(struct way *w)
{
	w->minute += 45 + (int)demo_random(w->d, 120);
	if (w->minute > 16 * 60 + 40) {
		w->minute = 8 * 60 + (int)demo_random(w->d, 60);
		w->day--;
	}
	return w->day < 0 ? INT64_MAX : cv_date_at(w->d->days[w->day], w->minute);
}

static struct cv_json *intake(struct demo *d, const char *code)
{
	struct cv_json *args = demo_args("procedure", code), *person = cv_json_new_object();
	char text[120];

	snprintf(text, sizeof(text), "%s %s %s", family[demo_random(d, CV_COUNT(family))],
		 middle[demo_random(d, CV_COUNT(middle))], given[demo_random(d, CV_COUNT(given))]);
	cv_json_set_str(person, "name", text);
	snprintf(text, sizeof(text), "09%08u", demo_random(d, 100000000));
	cv_json_set_str(person, "phone", text);
	snprintf(text, sizeof(text), "Số %u %s", 1 + demo_random(d, 300), streets[demo_random(d, CV_COUNT(streets))]);
	cv_json_set_str(person, "address", text);
	cv_json_set(args, "applicant", person);
	cv_json_set_int(args, "channel", 1 + demo_random(d, 3));
	return args;
}

static bool submit(struct way *w, const char *text)
{
	return demo_act(w->d, w->assignee, "dossier.submit", w->id, demo_args("text", text), later(w));
}

/* Whoever has to sign on this route; `last` stops before the leader. */
static bool sign(struct way *w, bool last)
{
	struct demo *d = w->d;
	int64_t n = cv_json_int(cv_json_object_of(cv_dbctx_object(d->desk.ctx, CV_KIND_DOSSIER, w->id), "proposal"),
				"n", 1);
	struct cv_json *args = demo_args(NULL, NULL);

	cv_json_set_int(args, "n", n);
	if (strncmp(w->route, "head", 4) == 0) {
		if (!demo_act(d, demo_member(d, w->unit, "head"), "dossier.endorse", w->id, cv_json_dup(args),
			      later(w)))
			last = true;
	}
	bool leader = strcmp(w->route, "leader") == 0 || strcmp(w->route, "head_leader") == 0;
	bool done = !last && (!leader || demo_act(d, "giam", "dossier.approve", w->id, cv_json_dup(args), later(w)));
	cv_json_destroy(args);
	return done;
}

static bool issue(struct way *w, int n)
{
	char number[32], date[CV_DATE_SIZE];
	int64_t at = later(w);
	const struct cv_json *d = cv_dbctx_object(w->d->desk.ctx, CV_KIND_DOSSIER, w->id);
	struct cv_json *args = demo_args(NULL, NULL);

	if (at > w->d->now) {
		cv_json_destroy(args);
		return false;
	}
	snprintf(number, sizeof(number), "%d/UBND", n + 1);
	cv_date_format(cv_date_of(at), date);
	cv_json_set_int(args, "n", cv_json_int(cv_json_object_of(d, "proposal"), "n", 1));
	cv_json_set_str(args, "number", number);
	cv_json_set_str(args, "date", date);
	return demo_act(w->d, "thu", "dossier.issue", w->id, args, at);
}

/* States that other acts lead to: what a dossier looks like there. */
static void put_into(struct way *w, int status)
{
	struct demo *d = w->d;
	const struct cv_json *old = cv_dbctx_object(d->desk.ctx, CV_KIND_DOSSIER, w->id);
	struct cv_json *dossier = old != NULL ? cv_json_dup(old) : NULL;
	int64_t at = later(w);
	char text[CV_TIME_SIZE], eid[CV_UUID_SIZE];

	if (dossier == NULL || at > d->now || d->err->rc != CV_OK) {
		cv_json_destroy(dossier);
		return;
	}
	cv_time_format(at, text);
	cv_json_set_int(dossier, "status", status);
	cv_json_remove(dossier, "step");
	if (status >= 5 && status <= 7) {
		struct cv_json *pauses = cv_json_new_array(), *pause = cv_json_new_object();
		cv_uuid7(d->desk.env, eid);
		cv_json_set_str(pause, "eid", eid);
		cv_json_set_str(pause, "from", text);
		cv_json_set_str(pause, "reason",
				status == 5   ? "Bổ sung giấy xác nhận cư trú"
				: status == 6 ? "Nộp phí"
					      : "Công dân xin rút");
		cv_json_push(pauses, pause);
		cv_json_set(dossier, "pauses", pauses);
	} else {
		cv_json_set_str(dossier, "ended_at", text);
	}
	cv_desk_put(&d->desk, CV_KIND_DOSSIER, dossier, "demo", d->err);
}

static void go(struct way *w, int n, enum stop stop)
{
	struct demo *d = w->d;
	static const int others[] = {3, 5, 6, 7, 8};

	if (stop == NEW || !demo_act(d, w->clerk, "dossier.accept", w->id, demo_args(NULL, NULL), later(w)) ||
	    stop == RECEIVED)
		return;
	if (!demo_act(d, w->clerk, "dossier.forward", w->id, demo_args(NULL, NULL), later(w)) || stop == UNASSIGNED)
		return;
	if (!demo_act(d, demo_member(d, w->unit, "head"), "dossier.assign", w->id, demo_args("assignee", w->assignee),
		      later(w)))
		return;
	if (stop == WORKING || stop == WORKING_TOO)
		return;
	if (stop == OTHERS) {
		put_into(w, others[n / 12 % 5]);
		return;
	}
	if (!submit(w, "Hồ sơ đủ điều kiện, đề nghị xem xét") || stop == AT_HEAD)
		return;
	if (stop == RETURNED) {
		struct cv_json *args = demo_args("comment", "Bổ sung xác minh nơi cư trú trước đây");
		bool head = strncmp(w->route, "head", 4) == 0;
		cv_json_set_int(args, "n", 1);
		demo_act(d, head ? demo_member(d, w->unit, "head") : "giam", "dossier.return", w->id, args, later(w));
		return;
	}
	if (!sign(w, stop == AT_LEADER) || stop == APPROVED)
		return;
	if (issue(w, n) && stop == DELIVERED)
		put_into(w, 10);
}

void demo_dossier(struct demo *d, int n)
{
	char id[CV_UUID_SIZE];
	const char *code;
	enum stop stop = (enum stop)(n % (OTHERS + 1));
	struct way w = {.d = d, .id = id};

	cv_uuid7(d->desk.env, id);
	demo_pick(d, &code, &w.unit, &w.route);
	w.clerk = demo_member(d, "mc", "clerk");
	w.assignee = demo_member(d, w.unit, "officer");
	/* The further a dossier has come the earlier it began; some lie too long. */
	w.day = stop >= DONE || demo_random(d, 6) == 0 ? 6 + (int)demo_random(d, 20) : 1 + (int)demo_random(d, 4);
	if (stop == NEW)
		w.day = (int)demo_random(d, 2);
	w.minute = 7 * 60 + 30 + (int)demo_random(d, 60);
	if (demo_act(d, w.clerk, "dossier.new", id, intake(d, code), later(&w)))
		go(&w, n, stop);
}
