/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A report's texts out of the day's registered work. */
#include <congvu/base/buf.h>
#include <congvu/model/fill.h>

#include <string.h>

#define MAX_TEXT 16000

static void line(struct cv_buf *b, const struct cv_json *item)
{
	const char *result = cv_json_s(item, "result");
	int64_t percent = cv_json_int(item, "percent", 0);

	if (b->len > 0)
		cv_buf_putc(b, '\n');
	cv_buf_addf(b, "- %s", cv_json_s(item, "title"));
	if (percent > 0 && percent < 100)
		cv_buf_addf(b, " (%lld %%)", (long long)percent);
	if (result[0] != '\0')
		cv_buf_addf(b, ": %s", result);
}

void cv_fill_from_workday(char **done, char **doing, const struct cv_json *workday)
{
	struct cv_buf finished, open;

	cv_buf_init(&finished, MAX_TEXT);
	cv_buf_init(&open, MAX_TEXT);
	CV_JSON_EACH (item, cv_json_array_of(workday, "items")) {
		const char *state = cv_json_s(item, "state");
		if (strcmp(state, "dropped") == 0)
			continue;
		line(strcmp(state, "done") == 0 || strcmp(state, "partial") == 0 ? &finished : &open, item);
	}
	*done = cv_buf_take(&finished);
	*doing = cv_buf_take(&open);
}
