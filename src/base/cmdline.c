/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The argument reader: a walk over argv that finds noun, verb, options and operands by the program's tables. */
#include "base/cmdline.h"
#include <congvu/base/i18n.h>
#include <congvu/base/mem.h>
#include <congvu/base/text.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct value {
	const struct cv_opt *opt;
	char *text; /* owned; NULL for flags */
	long number;
};

struct operand {
	char *text;	   /* owned, NFC */
	const char *typed; /* borrowed from argv */
};

struct cv_args {
	const struct cv_verb *verb;
	struct value *values; /* owned */
	size_t n_values;
	struct operand *operands; /* owned */
	size_t n_operands;
};

/* Where the walk stands. */
struct walk {
	const struct cv_program *program;
	struct cv_args *args; /* owned until handed over */
	int argc, at;
	char **argv;
	const char *noun;
	FILE *to;
	bool answered; /* help or version was printed */
	struct cv_err *err;
};

/* ---- faults ---------------------------------------------------------------------------------------- */

static void hint_word(struct walk *w, const char *word, const char *dashes, const char *const *words)
{
	const char *near = cv_suggest(word, words);
	const char *noun = w->noun == NULL ? "" : w->noun;

	if (near != NULL)
		cv_err_hint(w->err, _("có phải “%s%s”?"), dashes, near);
	else
		cv_err_hint(w->err, _("xem: %s%s%s --help"), w->program->name, noun[0] == '\0' ? "" : " ", noun);
}

static enum cv_rc unknown_word(struct walk *w, const char *word)
{
	const char **words = cv_words_of(w->program, w->noun);

	if (w->noun == NULL)
		cv_err_set(w->err, CV_USAGE, NULL, _("không có lệnh “%s”"), word);
	else
		cv_err_set(w->err, CV_USAGE, NULL, _("lệnh “%s” không có việc “%s”"), w->noun, word);
	hint_word(w, word, "", words);
	free(words);
	return CV_USAGE;
}

static size_t add_names(const char **words, size_t n, const struct cv_opt *opts)
{
	for (const struct cv_opt *o = opts; o != NULL && o->name != NULL && n < 126; o++)
		words[n++] = o->name;
	return n;
}

static enum cv_rc unknown_option(struct walk *w, const char *shown, const char *name)
{
	const char *words[128];
	size_t n = 0;

	if (w->args->verb != NULL)
		n = add_names(words, n, w->args->verb->opts);
	n = add_names(words, n, w->program->globals);
	words[n++] = "help";
	words[n] = NULL;
	cv_err_set(w->err, CV_USAGE, name, _("không có tùy chọn “%s”"), shown);
	hint_word(w, name, "--", words);
	return CV_USAGE;
}

/* ---- values ---------------------------------------------------------------------------------------- */

static enum cv_rc check_utf8(struct walk *w, const char *field, const char *text)
{
	if (cv_utf8_valid(text, strlen(text)))
		return CV_OK;
	return cv_err_set(w->err, CV_DATA, field, _("chữ gõ vào không phải UTF-8"));
}

static enum cv_rc read_number(struct walk *w, struct value *v)
{
	char *end = NULL;

	errno = 0;
	v->number = strtol(v->text, &end, 10);
	if (errno != 0 || end == v->text || *end != '\0')
		return cv_err_set(w->err, CV_DATA, v->opt->name, _("--%s cần một số nguyên, không phải “%s”"),
				  v->opt->name, v->text);
	return CV_OK;
}

/* text NULL: a flag. */
static enum cv_rc add_value(struct walk *w, const struct cv_opt *opt, const char *text)
{
	struct cv_args *a = w->args;
	struct value *v;
	enum cv_rc rc = text == NULL ? CV_OK : check_utf8(w, opt->name, text);

	if (rc != CV_OK)
		return rc;
	if (opt->kind != CV_OPT_LIST && opt->kind != CV_OPT_FLAG && cv_args_count(a, opt->name) > 0)
		return cv_err_set(w->err, CV_USAGE, opt->name, _("--%s chỉ được ghi một lần"), opt->name);
	a->values = cv_reallocarray(a->values, a->n_values + 1, sizeof(*a->values));
	v = &a->values[a->n_values++];
	*v = (struct value){.opt = opt};
	if (text != NULL)
		v->text = opt->kind == CV_OPT_PATH ? cv_strdup(text) : cv_text_nfc_dup(text);
	return opt->kind == CV_OPT_INT ? read_number(w, v) : CV_OK;
}

/* attached: the text behind "=" or behind the letter, or NULL. */
static enum cv_rc take_value(struct walk *w, const struct cv_opt *opt, const char *attached)
{
	if (attached == NULL) {
		if (w->at >= w->argc)
			return cv_err_set(w->err, CV_USAGE, opt->name, _("--%s cần một giá trị (%s)"), opt->name,
					  opt->value == NULL ? "…" : opt->value);
		attached = w->argv[w->at++];
	}
	return add_value(w, opt, attached);
}

static const struct cv_opt *verb_opts(const struct walk *w)
{
	return w->args->verb == NULL ? NULL : w->args->verb->opts;
}

static void answer_help(struct walk *w)
{
	const struct cv_verb *v = w->args->verb;
	bool json = cv_opt_find(w->program->globals, "json", 4) != NULL && cv_argv_has(w->argc, w->argv, "--json");

	if (json)
		cv_usage_json(w->to, w->program, v != NULL ? v->noun : w->noun, v != NULL ? v->verb : NULL);
	else if (v != NULL && v->noun[0] != '\0')
		cv_usage(w->to, w->program, v->noun, v->verb == NULL ? "" : v->verb);
	else
		cv_usage(w->to, w->program, w->noun, NULL);
	w->answered = true;
}

static enum cv_rc long_option(struct walk *w, const char *word)
{
	const char *name = word + 2, *equals = strchr(name, '=');
	size_t n = equals == NULL ? strlen(name) : (size_t)(equals - name);
	const struct cv_opt *opt = cv_opt_find(verb_opts(w), name, n);

	if (opt == NULL)
		opt = cv_opt_find(w->program->globals, name, n);
	if (opt == NULL && strcmp(name, "help") == 0) {
		answer_help(w);
		return CV_OK;
	}
	if (opt == NULL && strcmp(name, "version") == 0) {
		fprintf(w->to, "%s %s\n", w->program->name, w->program->version);
		w->answered = true;
		return CV_OK;
	}
	if (opt == NULL) {
		char *bare = cv_strndup(name, n);
		char *shown = cv_strf("--%s", bare);
		enum cv_rc rc = unknown_option(w, shown, bare);

		free(shown);
		free(bare);
		return rc;
	}
	if (opt->kind != CV_OPT_FLAG)
		return take_value(w, opt, equals == NULL ? NULL : equals + 1);
	if (equals != NULL)
		return cv_err_set(w->err, CV_USAGE, opt->name, _("--%s không nhận giá trị"), opt->name);
	return add_value(w, opt, NULL);
}

/* "-o PATH", "-oPATH", "-ab" for flags. */
static enum cv_rc short_options(struct walk *w, const char *word)
{
	for (const char *p = word + 1; *p != '\0' && !w->answered; p++) {
		const struct cv_opt *opt = cv_opt_letter(verb_opts(w), *p);
		enum cv_rc rc;

		if (opt == NULL)
			opt = cv_opt_letter(w->program->globals, *p);
		if (opt == NULL && *p == 'h') {
			answer_help(w);
			return CV_OK;
		}
		if (opt == NULL) {
			enum cv_rc bad = check_utf8(w, NULL, word);

			return bad != CV_OK ? bad : unknown_option(w, word, "");
		}
		if (opt->kind != CV_OPT_FLAG)
			return take_value(w, opt, p[1] == '\0' ? NULL : p + 1);
		rc = add_value(w, opt, NULL);
		if (rc != CV_OK)
			return rc;
	}
	return CV_OK;
}

/* ---- the walk -------------------------------------------------------------------------------------- */

static enum cv_rc add_operand(struct walk *w, const char *word)
{
	struct cv_args *a = w->args;
	enum cv_rc rc = check_utf8(w, NULL, word);

	if (rc != CV_OK)
		return rc;
	a->operands = cv_reallocarray(a->operands, a->n_operands + 1, sizeof(*a->operands));
	a->operands[a->n_operands].text = cv_text_nfc_dup(word);
	a->operands[a->n_operands].typed = word;
	a->n_operands++;
	return CV_OK;
}

/* A word that is no option: noun, then verb where the noun has verbs, then operands. */
static enum cv_rc plain_word(struct walk *w, const char *word)
{
	bool verbs = false;
	enum cv_rc rc = check_utf8(w, NULL, word);

	if (rc != CV_OK)
		return rc;
	if (w->args->verb != NULL)
		return add_operand(w, word);
	if (w->noun == NULL) {
		if (word[0] == '\0' || !cv_noun_known(w->program, word, &verbs))
			return unknown_word(w, word);
		w->noun = word;
		if (!verbs)
			w->args->verb = cv_verb_find(w->program, word, NULL);
		return CV_OK;
	}
	w->args->verb = cv_verb_find(w->program, w->noun, word);
	if (w->args->verb != NULL)
		return CV_OK;
	w->args->verb = cv_verb_find(w->program, w->noun, NULL);
	return w->args->verb != NULL ? add_operand(w, word) : unknown_word(w, word);
}

/* An option that is not global, before a verb was named: the row without verb, or without any word, is meant. */
static void settle_verb(struct walk *w, const char *word)
{
	const struct cv_verb *bare;
	const char *name = word + 2;

	if (w->args->verb != NULL || word[1] != '-')
		return;
	bare = cv_verb_find(w->program, w->noun == NULL ? "" : w->noun, NULL);
	if (bare != NULL && cv_opt_find(w->program->globals, name, strcspn(name, "=")) == NULL &&
	    cv_opt_find(bare->opts, name, strcspn(name, "=")) != NULL)
		w->args->verb = bare;
}

static enum cv_rc walk_all(struct walk *w)
{
	bool options = true;
	enum cv_rc rc = CV_OK;

	while (rc == CV_OK && !w->answered && w->at < w->argc) {
		const char *word = w->argv[w->at++];

		if (options && strcmp(word, "--") == 0) {
			options = false;
		} else if (options && word[0] == '-' && word[1] != '\0') {
			rc = check_utf8(w, NULL, word);
			if (rc != CV_OK)
				return rc;
			settle_verb(w, word);
			rc = word[1] == '-' ? long_option(w, word) : short_options(w, word);
		} else {
			rc = plain_word(w, word);
		}
	}
	return rc;
}

static enum cv_rc missing_verb(struct walk *w)
{
	if (w->noun == NULL)
		cv_err_set(w->err, CV_USAGE, NULL, _("thiếu tên lệnh"));
	else
		cv_err_set(w->err, CV_USAGE, NULL, _("lệnh “%s” cần nói rõ việc"), w->noun);
	cv_err_hint(w->err, _("xem: %s%s%s --help"), w->program->name, w->noun == NULL ? "" : " ",
		    w->noun == NULL ? "" : w->noun);
	return CV_USAGE;
}

static enum cv_rc check_operands(struct walk *w)
{
	const struct cv_verb *v = w->args->verb;
	size_t n = w->args->n_operands;

	if (n < (size_t)v->min_operands)
		cv_err_set(w->err, CV_USAGE, NULL, _("thiếu %s"), v->operands == NULL ? "…" : v->operands);
	else if (v->max_operands >= 0 && n > (size_t)v->max_operands)
		cv_err_set(w->err, CV_USAGE, NULL, _("thừa “%s”"), w->args->operands[v->max_operands].text);
	else
		return CV_OK;
	cv_err_hint(w->err, _("xem: %s%s%s%s%s --help"), w->program->name, v->noun[0] == '\0' ? "" : " ", v->noun,
		    v->verb == NULL ? "" : " ", v->verb == NULL ? "" : v->verb);
	return CV_USAGE;
}

enum cv_rc cv_args_parse(struct cv_args **out, const struct cv_program *program, int argc, char **argv, FILE *to,
			 struct cv_err *err)
{
	struct walk w = {.program = program, .argc = argc, .at = 1, .argv = argv, .to = to, .err = err};
	enum cv_rc rc;

	*out = NULL;
	w.args = cv_alloc(sizeof(*w.args));
	rc = walk_all(&w);
	if (rc == CV_OK && !w.answered && w.args->verb == NULL) {
		w.args->verb = cv_verb_find(program, w.noun == NULL ? "" : w.noun, NULL);
		if (w.args->verb == NULL)
			rc = missing_verb(&w);
	}
	if (rc == CV_OK && !w.answered)
		rc = check_operands(&w);
	if (rc == CV_OK && !w.answered)
		*out = w.args;
	else
		cv_args_destroy(w.args);
	return rc;
}

void cv_args_destroy(struct cv_args *a)
{
	if (a == NULL)
		return;
	for (size_t i = 0; i < a->n_values; i++)
		free(a->values[i].text);
	for (size_t i = 0; i < a->n_operands; i++)
		free(a->operands[i].text);
	free(a->values);
	free(a->operands);
	free(a);
}

bool cv_argv_has(int argc, char **argv, const char *flag)
{
	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
		if (strcmp(argv[i], flag) == 0)
			return true;
	}
	return false;
}

/* ---- what was found -------------------------------------------------------------------------------- */

static const struct value *nth_value(const struct cv_args *a, const char *name, size_t n)
{
	for (size_t i = 0; i < a->n_values; i++) {
		if (strcmp(a->values[i].opt->name, name) == 0 && n-- == 0)
			return &a->values[i];
	}
	return NULL;
}

const struct cv_verb *cv_args_verb(const struct cv_args *a)
{
	return a->verb;
}

bool cv_args_flag(const struct cv_args *a, const char *name)
{
	return nth_value(a, name, 0) != NULL;
}

const char *cv_args_text(const struct cv_args *a, const char *name)
{
	return cv_args_nth(a, name, 0);
}

bool cv_args_int(const struct cv_args *a, const char *name, long *out)
{
	const struct value *v = nth_value(a, name, 0);

	if (v == NULL)
		return false;
	*out = v->number;
	return true;
}

size_t cv_args_count(const struct cv_args *a, const char *name)
{
	size_t n = 0;

	for (size_t i = 0; i < a->n_values; i++)
		n += strcmp(a->values[i].opt->name, name) == 0;
	return n;
}

const char *cv_args_nth(const struct cv_args *a, const char *name, size_t n)
{
	const struct value *v = nth_value(a, name, n);

	return v == NULL ? NULL : v->text;
}

size_t cv_args_operands(const struct cv_args *a)
{
	return a->n_operands;
}

const char *cv_args_operand(const struct cv_args *a, size_t n)
{
	return n < a->n_operands ? a->operands[n].text : NULL;
}

const char *cv_args_operand_path(const struct cv_args *a, size_t n)
{
	return n < a->n_operands ? a->operands[n].typed : NULL;
}
