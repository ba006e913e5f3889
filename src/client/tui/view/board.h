/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The inside of the head's board. Private to board.c, board_draw.c. */
#ifndef CONGVU_TUI_BOARD_H
#define CONGVU_TUI_BOARD_H

#include "client/tui/view/day.h"

struct board {
	struct cv_view v;
	char unit[CV_ID_MAX + 1];
	int32_t date;
	struct cv_json *people; /* owned: cv_board's rows with "cells", "place_text", "day_text" */
	struct cv_list list;
	char login[40]; /* where the cursor stands */
	struct cv_slot slots[CV_SLOT_MAX];
	int count, now; /* slots; the one the day is about, or -1 */
	int64_t minute; /* of the reading */
	char *missing;	/* owned: given names of who has not sent the current slot */
	int missing_count;
	struct cv_day_ask ask;
	bool remote; /* a leader's: her machine does not hold these people's days */
};

const struct cv_json *cv_board_person(const struct board *b, int64_t at);
/* Has this slot not been given? */
bool cv_board_lacks(const struct cv_json *person, const struct cv_slot *slot);
void cv_board_draw(struct board *b, struct cv_term *t, int top, int bottom, int cols);

struct cv_view *cv_view_board_of(struct cv_ui *ui, const char *unit, int32_t date, bool remote);
/* A leader's: first the units below hers. */
struct cv_view *cv_view_units(struct cv_ui *ui, const char *unit);

#endif
