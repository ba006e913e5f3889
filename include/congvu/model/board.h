/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The head's board: a pure function of objects, the same on server and client (shape: cli.md "report board").
 */
#ifndef CONGVU_MODEL_BOARD_H
#define CONGVU_MODEL_BOARD_H

#include <congvu/model/ctx.h>
#include <stdint.h>

struct cv_board_in {
	const struct cv_ctx *ctx; /* reports and workdays are looked up by id through it, too */
	const char *unit;	  /* people of this unit and its subtree */
	int32_t date;
	int64_t now;
	const struct cv_json *users;	 /* array of user objects (all active ones will do) */
	const struct cv_json *last_seen; /* object login -> RFC 3339, or NULL */
	const struct cv_json *loads;	 /* object login -> {"late_dossiers","load"}, or NULL: all are 0 */
};
/* {"date","unit","slots","people":[…],"totals":{…}}; people: missing first, then by given name, leave last.
 * Caller owns. */
struct cv_json *cv_board(const struct cv_board_in *in);
/* The day of one person for her own eyes: slots with their states, workday state. Caller owns. */
struct cv_json *cv_day_of(const struct cv_ctx *ctx, const struct cv_json *user, int32_t date, int64_t now);

#endif
