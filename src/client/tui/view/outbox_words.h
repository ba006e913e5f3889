/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a row of the outbox is called, and what it holds. Private to screen 8. */
#ifndef CONGVU_TUI_OUTBOX_WORDS_H
#define CONGVU_TUI_OUTBOX_WORDS_H

#include "client/tui/view/view.h"

#include <congvu/base/buf.h>

bool cv_outbox_needs_person(const struct cv_json *row);
/* "Báo cáo 11h ngày 20/11", "Ghi chú vào hồ sơ 261119-0014". */
void cv_outbox_title(struct cv_ui *ui, struct cv_buf *out, const struct cv_json *row);
/* The column of the sending state: C, →, ≠, ×. */
const char *cv_outbox_mark(const struct cv_json *row);
/* The same in words; first: nothing stands before it. */
void cv_outbox_state(struct cv_ui *ui, char *out, size_t size, const struct cv_json *row, bool first);
void cv_outbox_value(struct cv_ui *ui, struct cv_buf *out, enum cv_arg_kind kind, const struct cv_json *value);
/* All that was typed, a line each: for the screen, and to be copied. */
void cv_outbox_content(struct cv_ui *ui, struct cv_buf *out, const struct cv_json *row);

#endif
