/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the board and a person's day say of a day, in an office's words. Private to those screens. */
#ifndef CONGVU_TUI_DAY_H
#define CONGVU_TUI_DAY_H

#include "client/tui/view/view.h"

#include <congvu/base/buf.h>
#include <congvu/model/slot.h>

/* The unit this person heads (or leads), "" if none. Copied: out has CV_ID_MAX + 1 bytes. */
void cv_day_unit(struct cv_ui *ui, char *out);
void cv_unit_name(struct cv_ui *ui, const char *unit, char *out, size_t size); /* its code when unknown */
/* cv_board of that unit from what this machine holds. Owned; NULL when it cannot be read. */
struct cv_json *cv_day_board(struct cv_ui *ui, const char *unit, int32_t date, bool loads);
/* What only the server knows (when each was last in contact; the people of a leader's units): asked for by another
 * thread, at most once a minute. */
struct cv_day_ask {
	uint64_t ticket;	/* on its way, 0 = none */
	int64_t asked;		/* monotonic ms */
	int32_t date;		/* that was asked for */
	struct cv_json *answer; /* owned: the last board that came, or NULL */
	struct cv_err err;	/* why the last one did not */
};
void cv_day_ask(struct cv_ui *ui, struct cv_day_ask *ask, const char *unit, int32_t date);
void cv_day_ask_finish(struct cv_day_ask *ask);

/* The unit's slots in order of time; how many. */
int cv_day_slots(struct cv_ui *ui, const char *unit, struct cv_slot out[CV_SLOT_MAX]);
/* The slot the day is about: the open one, else the last that has passed; -1 before the first one opens. */
int cv_day_slot_now(const struct cv_slot *slots, int count, int32_t date, int64_t now);

#define CV_CELL 40 /* bytes */
/* "đúng giờ", "muộn 12", "gửi bù", "tự động", "! chưa", "chưa gửi", "nghỉ", "–"; "" while it is not open. */
void cv_day_cell(char out[CV_CELL], struct cv_ui *ui, const struct cv_json *person, const struct cv_slot *slot,
		 int32_t date);
/* "đã ĐK", "đã ghi", "đã xem", "trả lại", "chưa", "! chưa". */
void cv_day_registered(char out[CV_CELL], struct cv_ui *ui, const struct cv_json *person, int32_t date);
/* "nhà/CQ"; "" when nothing is known. */
void cv_day_place(char out[CV_CELL], const struct cv_json *person);
bool cv_day_on_leave(const struct cv_json *person);

/* A slot as it is said: "11h". out has 24 bytes. */
void cv_slot_text(char out[24], const char *slot);
/* "0912 345 678". out has 40 bytes. */
void cv_phone_text(char out[40], const char *phone);
/* The report's first revision: when it was written and received; false if there is no report. */
bool cv_report_times(struct cv_ui *ui, const char *id, int64_t *written, int64_t *received);

#endif
