/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Operations flagged `hold` (approve, issue …) wait ten seconds before they go: `u` takes them back, the same letter on
 * the same object sends at once, leaving sends, and none waits past its object's deadline. What waits is saved like a
 * draft: a killed program's next start sends it.
 */
#ifndef CONGVU_TUI_HOLD_H
#define CONGVU_TUI_HOLD_H

#include "client/tui/view/view.h"

struct cv_hold;
/* False: this operation waits for nobody (or too many wait already): queue it. args is copied. */
bool cv_hold_add(struct cv_ui *ui, const char *op, const char *id, const struct cv_json *args, const char *said);
/* Takes back the newest; false: nothing waits. */
bool cv_hold_take_back(struct cv_ui *ui);
/* Sends what waits for this object; false: nothing does. */
bool cv_hold_now(struct cv_ui *ui, const char *id);
/* Sends what is due, tells what is not; how long until it has to be asked again in ms, -1: nothing waits. */
int cv_hold_tick(struct cv_ui *ui);
/* CV_LIVE_SAVED came: what waits is on the disk, if this is its draft. */
void cv_hold_saved(struct cv_ui *ui, uint64_t ticket);
void cv_hold_send_all(struct cv_ui *ui);
/* At the start: what a killed program was still holding goes now. */
void cv_hold_resume(struct cv_ui *ui);
void cv_hold_finish(struct cv_ui *ui);

#endif
