/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The inside of a person's day. Private to person.c, person_draw.c. */
#ifndef CONGVU_TUI_PERSON_H
#define CONGVU_TUI_PERSON_H

#include "client/tui/view/day.h"

/* Where the keys go: the rows, or one of the marks. */
enum part { PART_ROWS, PART_PROGRESS, PART_QUALITY, PART_COMMENT, PART_COUNT };

struct person {
	struct cv_view v;
	char unit[CV_ID_MAX + 1];
	int32_t date;
	char login[40];
	struct cv_json *board;	 /* owned: people in the board's order */
	struct cv_json *row;	 /* owned: this one's row of it, or NULL */
	struct cv_json *workday; /* owned or NULL */
	struct cv_json *reports; /* owned: array of bodies, slots in order, ad hoc ones behind */
	struct cv_slot slots[CV_SLOT_MAX];
	int count;
	struct cv_list list; /* items, then reports */
	enum part part;
	int progress, quality; /* 0 = none */
	char *comment;	       /* owned or NULL */
	bool marked;	       /* by this person since she came: what the store says does not overwrite it */
};

/* The selected item or report; *is_report tells which. NULL: there is none. */
const struct cv_json *cv_person_selected(const struct person *p, bool *is_report);
/* Where this login stands on the board; -1 not at all. */
int64_t cv_person_place(const struct person *p, const char *login, int64_t *count);

void cv_person_draw(struct cv_view *v, struct cv_term *t, int top, int bottom, int cols);
/* "Báo cáo 11h đúng giờ 11:07" */
void cv_report_words(struct person *p, char *out, size_t size, const struct cv_json *report);

#endif
