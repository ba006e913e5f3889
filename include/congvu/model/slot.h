/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Report slots and how a report is judged (contract 2, "Slots"): half-open at both ends, on the +07 day.
 *   on_time iff received < at + grace; caught_up iff written < at + grace and received within 72 h; else late.
 */
#ifndef CONGVU_MODEL_SLOT_H
#define CONGVU_MODEL_SLOT_H

#include <congvu/base/err.h>
#include <congvu/model/ctx.h>
#include <stdint.h>

#define CV_SLOT_MAX 16
struct cv_slot {
	char name[16]; /* "07" */
	int at;	       /* minute of the day */
	int open_before;
	int grace; /* minutes */
	char half; /* 'm' morning, 'a' afternoon */
};
/* The policy's slots in order of time; returns how many (<= CV_SLOT_MAX). */
int cv_slots(struct cv_slot *out, const struct cv_json *policy);
bool cv_slot_find(struct cv_slot *out, const struct cv_json *policy, const char *name);

enum cv_judged { CV_JUDGED_ON_TIME, CV_JUDGED_CAUGHT_UP, CV_JUDGED_LATE };
const char *cv_judged_word(enum cv_judged j);
enum cv_judged cv_judge(const struct cv_slot *slot, int32_t date, int64_t written_at, int64_t received_at);

/* Is a report of this slot expected of the person (working half-day, not on leave, role expected)? */
bool cv_slot_expected(const struct cv_ctx *ctx, const struct cv_json *policy, const struct cv_json *user, int32_t date,
		      const struct cv_slot *slot);
/* working(d) of the calendar: weekday Mon-Fri and not a day off, or a make-up day; office's own rows over "*". */
bool cv_day_working(const struct cv_ctx *ctx, int32_t date);
/* The same for a unit: its own rows and its ancestors', nearest first, lie over the office's. */
bool cv_day_working_in(const struct cv_ctx *ctx, const char *unit, int32_t date);

/* cli.md "auto": the slot that is open now, else the last one passed by <= 120 min for which has_report(data, slot)
 * is false. CV_DATA with the next opening named otherwise. *late tells which case. */
enum cv_rc cv_slot_auto(struct cv_slot *out, bool *late, const struct cv_json *policy, int64_t now,
			bool (*has_report)(void *data, const char *slot), void *data, struct cv_err *err);
/* The report that the day's work leads to: right after registering the day's first; otherwise what "auto" means, else
 * the next to come today, else the day's last. False if the policy has no slots. */
bool cv_slot_of_work(struct cv_slot *out, const struct cv_json *policy, int64_t now, bool registering,
		     bool (*has_report)(void *data, const char *slot), void *data);
/* The next slot to come at `now` (maybe tomorrow's first): its date, opening and closing moments. False if none. */
bool cv_slot_next(struct cv_slot *out, int32_t *date, int64_t *opens, int64_t *closes, const struct cv_json *policy,
		  int64_t now);

#endif
