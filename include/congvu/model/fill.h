/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A report filled from the day's registered work (done: items done or partial with their results; doing: the open
 * ones). Texts are owned by the caller; "" when there is nothing.
 */
#ifndef CONGVU_MODEL_FILL_H
#define CONGVU_MODEL_FILL_H

#include <congvu/base/json.h>

void cv_fill_from_workday(char **done, char **doing, const struct cv_json *workday);

#endif
