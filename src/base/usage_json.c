/* SPDX-License-Identifier: GPL-3.0-or-later */
/* --help --json: a program's tables as one JSON object. */
#include "base/cmdline.h"
#include <congvu/base/i18n.h>
#include <congvu/base/mem.h>
#include <string.h>

/* _() of the empty text would give the catalogue's header. */
static void set_text(struct cv_json *object, const char *key, const char *text)
{
	if (text != NULL && text[0] != '\0')
		cv_json_set_str(object, key, _(text));
}

static struct cv_json *options(const struct cv_opt *opts)
{
	struct cv_json *out = cv_json_new_array();

	for (const struct cv_opt *o = opts; o != NULL && o->name != NULL; o++) {
		char letter[2] = {o->letter, '\0'};
		struct cv_json *item = cv_json_new_object();

		cv_json_set_str(item, "name", o->name);
		if (o->letter != 0)
			cv_json_set_str(item, "letter", letter);
		if (o->kind != CV_OPT_FLAG)
			cv_json_set_str(item, "value", o->value != NULL ? _(o->value) : "…");
		cv_json_set_bool(item, "repeats", o->kind == CV_OPT_LIST);
		set_text(item, "help", o->help);
		cv_json_push(out, item);
	}
	return out;
}

static struct cv_json *verb(const struct cv_verb *v)
{
	struct cv_json *item = cv_json_new_object();

	cv_json_set_str(item, "noun", v->noun);
	if (v->verb != NULL)
		cv_json_set_str(item, "verb", v->verb);
	set_text(item, "operands", v->operands);
	set_text(item, "help", v->help);
	if (v->example != NULL)
		cv_json_set_str(item, "example", v->example);
	cv_json_set(item, "options", options(v->opts));
	return item;
}

static struct cv_json *errors(void)
{
	struct cv_json *out = cv_json_new_array();

	for (int rc = CV_OK; rc < CV_RC_COUNT; rc++) {
		struct cv_json *item = cv_json_new_object();

		cv_json_set_str(item, "code", cv_rc_code((enum cv_rc)rc));
		cv_json_set_int(item, "exit", cv_rc_exit((enum cv_rc)rc));
		cv_json_set_str(item, "text", cv_rc_text((enum cv_rc)rc));
		cv_json_push(out, item);
	}
	return out;
}

void cv_usage_json(FILE *to, const struct cv_program *program, const char *noun, const char *verb_name)
{
	struct cv_json *data = cv_json_new_object(), *verbs = cv_json_new_array();

	cv_json_set_str(data, "name", program->name);
	cv_json_set_str(data, "version", program->version);
	set_text(data, "about", program->about);
	cv_json_set(data, "globals", options(program->globals));
	for (const struct cv_verb *v = program->verbs; v->noun != NULL; v++) {
		if (noun != NULL && strcmp(v->noun, noun) != 0)
			continue;
		if (verb_name == NULL || (v->verb != NULL && strcmp(v->verb, verb_name) == 0))
			cv_json_push(verbs, verb(v));
	}
	cv_json_set(data, "verbs", verbs);
	cv_json_set(data, "errors", errors());
	if (program->settings != NULL)
		cv_json_set(data, "settings", program->settings());
	cv_print_ok(to, data);
	cv_json_destroy(data);
}
