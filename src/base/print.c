/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The output of commands: one JSON object, tab-separated rows, complaints on stderr. */
#include <congvu/base/buf.h>
#include <congvu/base/cmdline.h>
#include <congvu/base/i18n.h>
#include <congvu/base/text.h>
#include <stdlib.h>
#include <string.h>

static void print_line(FILE *to, struct cv_json *object)
{
	char *text = cv_json_text(object);

	fprintf(to, "%s\n", text);
	free(text);
	cv_json_destroy(object);
}

static struct cv_json *envelope(bool ok)
{
	struct cv_json *object = cv_json_new_object();

	cv_json_set_int(object, "v", 1);
	cv_json_set_bool(object, "ok", ok);
	return object;
}

void cv_print_ok(FILE *to, const struct cv_json *data)
{
	struct cv_json *object = envelope(true);

	cv_json_set(object, "data", data == NULL ? cv_json_new_null() : cv_json_dup(data));
	print_line(to, object);
}

void cv_print_error(FILE *to, const struct cv_err *err, const struct cv_json *data_or_null)
{
	struct cv_json *object = envelope(false), *fault = cv_json_new_object();

	cv_json_set_str(fault, "code", err->code[0] != '\0' ? err->code : cv_rc_code(err->rc));
	cv_json_set_str(fault, "detail", err->detail[0] != '\0' ? err->detail : cv_rc_text(err->rc));
	cv_json_set_str(fault, "field", err->field);
	if (err->hint[0] != '\0')
		cv_json_set_str(fault, "hint", err->hint);
	cv_json_set(object, "error", fault);
	if (data_or_null != NULL)
		cv_json_set(object, "data", cv_json_dup(data_or_null));
	print_line(to, object);
}

void cv_print_row(FILE *to, const char *const *cells, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		char *clean = cv_text_clean_dup(cells[i] == NULL ? "" : cells[i], false);

		fprintf(to, "%s%s", i == 0 ? "" : "\t", clean);
		free(clean);
	}
	fputc('\n', to);
}

/* Sentence and hint in one line; a full stop between them unless the sentence ends by itself. */
void cv_complain(const char *program, const struct cv_err *err)
{
	const char *detail = err->detail[0] != '\0' ? err->detail : cv_rc_text(err->rc);
	struct cv_buf line;
	char *clean;

	cv_buf_init(&line, 4096);
	cv_buf_addf(&line, "%s: %s", program, detail);
	if (err->hint[0] != '\0') {
		bool ends = strchr(".?!:;", line.data[line.len - 1]) != NULL;

		cv_buf_addf(&line, "%s %s", ends ? "" : ".", err->hint);
	}
	clean = cv_text_clean_dup(line.data, false);
	fprintf(stderr, "%s\n", clean);
	free(clean);
	cv_buf_finish(&line);
}
