/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Deadlines, as a pure function of calendar, term and pauses. Working days: Civil Code 2015 art. 147 (the first day is
 * not counted, a period that ends on a day off moves on); pauses and the 15:00 rule: one-stop mechanism.
 *   DAY   day 0 = day of receipt, or the next working day when that is none or receipt was after closing;
 *         due = the n-th working day after day 0, at closing time. n = 0: day 0 itself, the next one after 15:00.
 *   HOUR  working minutes are added inside the working intervals.
 *   pause used = what ran until the pause; after it the rest runs on (or everything again: restart).
 */
#ifndef CONGVU_MODEL_DEADLINE_H
#define CONGVU_MODEL_DEADLINE_H

#include <congvu/model/ctx.h>
#include <stdint.h>

struct cv_pause {
	int64_t from, to; /* to: CV_TIME_NONE while it lasts */
};
struct cv_term {
	const char *unit; /* whose calendar and hours; "" = the office's */
	int64_t received;
	int days, hours; /* one of them >= 0, the other -1; both -1: no deadline */
	bool restart;
	const struct cv_pause *pauses; /* borrowed, in order of time */
	size_t pause_count;
};
struct cv_due {
	int64_t at;	       /* CV_TIME_NONE: no deadline, or it stands still now */
	bool paused;	       /* an open pause: `at` is not known before it ends */
	struct cv_json *steps; /* owned: [{"date","what","left"}], left in days or minutes */
};
void cv_due_compute(struct cv_due *out, const struct cv_ctx *ctx, const struct cv_term *term);
void cv_due_finish(struct cv_due *due);

/* Working days in (from, to], by the unit's calendar; negative when to < from. */
int cv_working_days(const struct cv_ctx *ctx, const char *unit, int32_t from, int32_t to);

enum cv_due_state {
	CV_DUE_NONE,
	CV_DUE_OK,
	CV_DUE_SOON, /* at most one working day left */
	CV_DUE_OVERDUE,
	CV_DUE_PAUSED,
	CV_DUE_EARLY, /* ended on an earlier day */
	CV_DUE_ON_TIME,
	CV_DUE_LATE
};
const char *cv_due_state_word(enum cv_due_state state);
/* Computed when read, never stored. */
enum cv_due_state cv_due_state(const struct cv_ctx *ctx, const struct cv_json *dossier, int64_t now);
/* "trễ 1 ngày", "hôm nay", "còn 2 ngày", "tạm dừng", "" without deadline. out has 40 bytes. */
void cv_due_words(char *out, const struct cv_ctx *ctx, const struct cv_json *dossier, int64_t now);

/* How the due date of this dossier came about (its rule, receipt and pauses). */
void cv_due_of_dossier(struct cv_due *out, const struct cv_ctx *ctx, const struct cv_json *dossier);

#endif
