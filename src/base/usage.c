/* SPDX-License-Identifier: GPL-3.0-or-later */
/* --help on its three levels, from the tables. */
#include "base/cmdline.h"
#include <congvu/base/buf.h>
#include <congvu/base/i18n.h>
#include <congvu/base/text.h>
#include <string.h>

#define HELP_COLUMN 30

/* "  left            help", the help on a line of its own where the left side is long. */
static void two_columns(FILE *to, const char *left, const char *help)
{
	int width = cv_text_width(left);

	fprintf(to, "  %s", left);
	if (help == NULL || help[0] == '\0') {
		fputc('\n', to);
		return;
	}
	if (width > HELP_COLUMN - 2)
		fprintf(to, "\n  %*s%s\n", HELP_COLUMN, "", _(help));
	else
		fprintf(to, "%*s%s\n", HELP_COLUMN - width, "", _(help));
}

static void option_row(FILE *to, const struct cv_opt *o)
{
	struct cv_buf left;

	cv_buf_init(&left, 256);
	if (o->letter != 0)
		cv_buf_addf(&left, "-%c, ", o->letter);
	cv_buf_addf(&left, "--%s", o->name);
	if (o->kind != CV_OPT_FLAG)
		cv_buf_addf(&left, " %s", o->value == NULL ? "…" : _(o->value));
	two_columns(to, left.data, o->help);
	cv_buf_finish(&left);
}

static void options(FILE *to, const char *title, const struct cv_opt *opts)
{
	if (opts == NULL || opts->name == NULL)
		return;
	fprintf(to, "\n%s\n", title);
	for (const struct cv_opt *o = opts; o->name != NULL; o++)
		option_row(to, o);
}

static void common(FILE *to, const struct cv_program *program)
{
	options(to, _("Tùy chọn chung:"), program->globals);
	if (program->globals == NULL || program->globals->name == NULL)
		fputc('\n', to);
	two_columns(to, "-h, --help", N_("xem cách dùng"));
	two_columns(to, "--version", N_("xem phiên bản"));
}

static void verb_row(FILE *to, const struct cv_verb *v)
{
	struct cv_buf left;

	cv_buf_init(&left, 256);
	cv_buf_puts(&left, v->noun);
	if (v->verb != NULL)
		cv_buf_addf(&left, " %s", v->verb);
	if (v->operands != NULL)
		cv_buf_addf(&left, " %s", _(v->operands));
	two_columns(to, left.data, v->help);
	cv_buf_finish(&left);
}

static void usage_program(FILE *to, const struct cv_program *program)
{
	const struct cv_verb *bare = cv_verb_find(program, "", NULL);

	fprintf(to, "%s %s", program->name, program->version);
	if (program->about != NULL)
		fprintf(to, " – %s", _(program->about));
	fprintf(to, "\n\n%s %s %s\n", _("Cách dùng:"), program->name, _("LỆNH [VIỆC] [tùy chọn]"));
	if (bare != NULL)
		fprintf(to, "           %s  %s\n", program->name, bare->help == NULL ? "" : _(bare->help));
	fprintf(to, "\n%s\n", _("Các lệnh:"));
	for (const struct cv_verb *v = program->verbs; v->noun != NULL; v++) {
		if (v->noun[0] != '\0')
			verb_row(to, v);
	}
	if (bare != NULL)
		options(to, _("Tùy chọn khi không có lệnh:"), bare->opts);
	common(to, program);
}

static void usage_noun(FILE *to, const struct cv_program *program, const char *noun)
{
	fprintf(to, "%s %s %s %s\n\n", _("Cách dùng:"), program->name, noun, _("VIỆC [tùy chọn]"));
	for (const struct cv_verb *v = program->verbs; v->noun != NULL; v++) {
		if (strcmp(v->noun, noun) == 0)
			verb_row(to, v);
	}
	common(to, program);
}

static void usage_verb(FILE *to, const struct cv_program *program, const struct cv_verb *v)
{
	fprintf(to, "%s %s %s", _("Cách dùng:"), program->name, v->noun);
	if (v->verb != NULL)
		fprintf(to, " %s", v->verb);
	if (v->opts != NULL && v->opts->name != NULL)
		fprintf(to, " %s", _("[tùy chọn]"));
	if (v->operands != NULL)
		fprintf(to, " %s", _(v->operands));
	if (v->help != NULL)
		fprintf(to, "\n\n%s", _(v->help));
	fputc('\n', to);
	options(to, _("Tùy chọn:"), v->opts);
	common(to, program);
	if (v->example != NULL)
		fprintf(to, "\n%s\n  %s\n", _("Ví dụ:"), v->example);
}

void cv_usage(FILE *to, const struct cv_program *program, const char *noun, const char *verb)
{
	const struct cv_verb *v = NULL;
	bool verbs = false;

	if (noun != NULL && verb != NULL)
		v = cv_verb_find(program, noun, verb[0] == '\0' ? NULL : verb);
	if (noun != NULL && v == NULL && cv_noun_known(program, noun, &verbs) && !verbs)
		v = cv_verb_find(program, noun, NULL);
	if (v != NULL)
		usage_verb(to, program, v);
	else if (noun != NULL && noun[0] != '\0')
		usage_noun(to, program, noun);
	else
		usage_program(to, program);
}
