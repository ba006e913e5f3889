/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Completion scripts from the tables, for bash, zsh and fish. The zsh script is the bash one under bashcompinit:
 * one set of words, one way to be wrong.
 */
#include "base/cmdline.h"
#include <congvu/base/i18n.h>
#include <stdlib.h>
#include <string.h>

static void words(FILE *to, const struct cv_program *program, const char *noun)
{
	const char **list = cv_words_of(program, noun);

	for (size_t i = 0; list[i] != NULL; i++)
		fprintf(to, "%s%s", i == 0 ? "" : " ", list[i]);
	free(list);
}

static void option_words(FILE *to, const struct cv_opt *opts)
{
	for (const struct cv_opt *o = opts; o != NULL && o->name != NULL; o++)
		fprintf(to, " --%s", o->name);
}

/* The names of options that take a value, so that the value is not taken for a noun or a verb. */
static void valued_names(FILE *to, const struct cv_opt *opts)
{
	for (const struct cv_opt *o = opts; o != NULL && o->name != NULL; o++) {
		if (o->kind != CV_OPT_FLAG)
			fprintf(to, "|--%s", o->name);
	}
}

static void bash_functions(FILE *to, const struct cv_program *program)
{
	const char **nouns = cv_words_of(program, NULL);

	fprintf(to, "_%s() {\n\tlocal cur=${COMP_WORDS[COMP_CWORD]} noun='' verb='' i w words\n", program->name);
	fprintf(to, "\tfor ((i = 1; i < COMP_CWORD; i++)); do\n\t\tw=${COMP_WORDS[i]}\n\t\tcase $w in\n");
	fprintf(to, "\t\t-@");
	valued_names(to, program->globals);
	fprintf(to, ") ((i++)) ;;\n\t\t-*) ;;\n");
	fprintf(to, "\t\t*) if [[ -z $noun ]]; then noun=$w; elif [[ -z $verb ]]; then verb=$w; fi ;;\n");
	fprintf(to, "\t\tesac\n\tdone\n\tcase \"$noun $verb\" in\n");
	const struct cv_verb *bare = cv_verb_find(program, "", NULL);
	fprintf(to, "\t' ') words='");
	words(to, program, NULL);
	option_words(to, bare != NULL ? bare->opts : NULL);
	fprintf(to, "' ;;\n");
	for (size_t i = 0; nouns[i] != NULL; i++) {
		bool verbs;

		cv_noun_known(program, nouns[i], &verbs);
		if (!verbs)
			continue;
		fprintf(to, "\t'%s ') words='", nouns[i]);
		words(to, program, nouns[i]);
		fprintf(to, "' ;;\n");
	}
	for (const struct cv_verb *v = program->verbs; v->noun != NULL; v++) {
		if (v->noun[0] == '\0')
			continue;
		if (v->verb == NULL)
			fprintf(to, "\t'%s '*) words='", v->noun);
		else
			fprintf(to, "\t'%s %s') words='", v->noun, v->verb);
		option_words(to, v->opts);
		fprintf(to, "' ;;\n");
	}
	fprintf(to, "\t*) words='' ;;\n\tesac\n\twords=\"$words");
	option_words(to, program->globals);
	fprintf(to, " --help\"\n\tmapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$cur\")\n}\n");
	free(nouns);
}

static void bash(FILE *to, const struct cv_program *program)
{
	bash_functions(to, program);
	fprintf(to, "complete -o default -F _%s %s\n", program->name, program->name);
}

static void zsh(FILE *to, const struct cv_program *program)
{
	fprintf(to, "#compdef %s\nautoload -U +X bashcompinit && bashcompinit\n", program->name);
	bash(to, program);
}

/* Text inside single quotes of fish: backslash and quote are escaped. */
static void fish_quoted(FILE *to, const char *text)
{
	fputc('\'', to);
	for (const char *p = text == NULL ? "" : text; *p != '\0'; p++) {
		if (*p == '\'' || *p == '\\')
			fputc('\\', to);
		fputc(*p, to);
	}
	fputc('\'', to);
}

static void fish_options(FILE *to, const char *program, const char *condition, const struct cv_opt *opts)
{
	for (const struct cv_opt *o = opts; o != NULL && o->name != NULL; o++) {
		fprintf(to, "complete -c %s %s -l %s", program, condition, o->name);
		if (o->letter != 0)
			fprintf(to, " -s %c", o->letter);
		if (o->kind == CV_OPT_PATH)
			fprintf(to, " -r -F");
		else if (o->kind != CV_OPT_FLAG)
			fprintf(to, " -x");
		fprintf(to, " -d ");
		fish_quoted(to, o->help == NULL ? "" : _(o->help));
		fputc('\n', to);
	}
}

static void fish_verb(FILE *to, const struct cv_program *program, const struct cv_verb *v)
{
	char condition[256];

	if (v->verb == NULL) {
		fprintf(to, "complete -c %s -n __fish_use_subcommand -a %s -d ", program->name, v->noun);
		snprintf(condition, sizeof(condition), "-n '__fish_seen_subcommand_from %s'", v->noun);
	} else {
		fprintf(to, "complete -c %s -f -n '__fish_seen_subcommand_from %s' -a %s -d ", program->name, v->noun,
			v->verb);
		snprintf(condition, sizeof(condition),
			 "-n '__fish_seen_subcommand_from %s; and __fish_seen_subcommand_from %s'", v->noun, v->verb);
	}
	fish_quoted(to, v->help == NULL ? "" : _(v->help));
	fputc('\n', to);
	fish_options(to, program->name, condition, v->opts);
}

static void fish(FILE *to, const struct cv_program *program)
{
	const char **nouns = cv_words_of(program, NULL);

	for (size_t i = 0; nouns[i] != NULL; i++) {
		bool verbs;

		cv_noun_known(program, nouns[i], &verbs);
		if (verbs)
			fprintf(to, "complete -c %s -f -n __fish_use_subcommand -a %s\n", program->name, nouns[i]);
	}
	for (const struct cv_verb *v = program->verbs; v->noun != NULL; v++) {
		if (v->noun[0] != '\0')
			fish_verb(to, program, v);
	}
	const struct cv_verb *bare = cv_verb_find(program, "", NULL);
	fish_options(to, program->name, "", program->globals);
	if (bare != NULL)
		fish_options(to, program->name, "-n __fish_use_subcommand", bare->opts);
	free(nouns);
}

enum cv_rc cv_completion(FILE *to, const struct cv_program *program, const char *shell, struct cv_err *err)
{
	if (strcmp(shell, "bash") == 0) {
		bash(to, program);
	} else if (strcmp(shell, "zsh") == 0) {
		zsh(to, program);
	} else if (strcmp(shell, "fish") == 0) {
		fish(to, program);
	} else {
		cv_err_set(err, CV_USAGE, "shell", _("không có phần điền lệnh cho “%s”"), shell);
		cv_err_hint(err, "bash, zsh, fish");
		return CV_USAGE;
	}
	return CV_OK;
}
