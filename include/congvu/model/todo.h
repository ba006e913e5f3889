/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a person has to do now ("LÀM NGAY"): a pure function of her day, the policy's slots and a few counts. Every item
 * names the screen that leads there. Nothing due, no item.
 */
#ifndef CONGVU_MODEL_TODO_H
#define CONGVU_MODEL_TODO_H

#include <congvu/base/buf.h>
#include <congvu/model/ctx.h>
#include <stdint.h>

/* In this order they are shown. name, screen */
#define CV_TODO_TABLE(X)                                                                                               \
	X(RETURNED, 2) /* the head gave the day back: more is to be written */                                         \
	X(REGISTER, 2) /* no work registered; minutes to policy.register_by */                                         \
	X(REPORT, 3)   /* a slot is open; minutes to its hour, then to the end of its grace */                         \
	X(LATE, 3)     /* a slot has passed without a report; minutes since its hour */                                \
	X(RECORD, 2)   /* the day's last slot is open and results are not recorded; count of open rows */              \
	X(APPROVE, 1)  /* dossiers wait for this person's word */                                                      \
	X(OVERDUE, 1)  /* own dossiers past their day */                                                               \
	X(MISSING, 6)  /* the head's people who have not sent the slot just closed */                                  \
	X(REVIEW, 8)   /* operations that need a person */

enum cv_todo_kind {
#define X(name, screen) CV_TODO_##name,
	CV_TODO_TABLE(X)
#undef X
		CV_TODO_COUNT
};

struct cv_todo {
	enum cv_todo_kind kind;
	int screen;
	char slot[16]; /* REPORT, LATE, MISSING */
	int minutes;   /* left; of LATE: passed */
	bool grace;    /* REPORT: its hour has passed, it still counts as in time */
	int64_t count;
};
#define CV_TODO_MAX 24

struct cv_todo_in {
	const struct cv_ctx *ctx;
	const struct cv_json *user;
	int64_t now;
	/* Counted by the caller; negative or 0: nothing to say. */
	int64_t approve, overdue, review;
	const struct cv_json *board; /* cv_board of a head's unit for today, or NULL */
};
/* Fills out[CV_TODO_MAX]; how many. */
size_t cv_todo(struct cv_todo *out, const struct cv_todo_in *in);

/* "báo cáo 11h, còn 19 phút", translated. */
void cv_todo_words(struct cv_buf *out, const struct cv_todo *todo);
/* "LÀM NGAY  [3] báo cáo 11h, còn 19 phút  [8] 1 cần xem lại": as many as fit into `columns`, whole ones only. Empty
 * when nothing is due. */
void cv_todo_line(struct cv_buf *out, const struct cv_todo *todos, size_t count, int columns);

#endif
