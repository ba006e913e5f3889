/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Look-ups in a program's tables of verbs and options. */
#include "base/cmdline.h"
#include <congvu/base/mem.h>
#include <string.h>

const struct cv_verb *cv_verb_find(const struct cv_program *program, const char *noun, const char *verb)
{
	for (const struct cv_verb *v = program->verbs; v->noun != NULL; v++) {
		if (strcmp(v->noun, noun) != 0 || (v->verb == NULL) != (verb == NULL))
			continue;
		if (verb == NULL || strcmp(v->verb, verb) == 0)
			return v;
	}
	return NULL;
}

bool cv_noun_known(const struct cv_program *program, const char *noun, bool *verbs)
{
	bool known = false;

	*verbs = false;
	for (const struct cv_verb *v = program->verbs; v->noun != NULL; v++) {
		if (strcmp(v->noun, noun) != 0)
			continue;
		known = true;
		*verbs = *verbs || v->verb != NULL;
	}
	return known;
}

static bool has_word(const char *const *words, size_t n, const char *word)
{
	for (size_t i = 0; i < n; i++) {
		if (strcmp(words[i], word) == 0)
			return true;
	}
	return false;
}

const char **cv_words_of(const struct cv_program *program, const char *noun)
{
	size_t total = 0, n = 0;
	const char **words;

	while (program->verbs[total].noun != NULL)
		total++;
	words = cv_reallocarray(NULL, total + 1, sizeof(*words));
	for (size_t i = 0; i < total; i++) {
		const struct cv_verb *v = &program->verbs[i];
		const char *word = noun == NULL ? v->noun : v->verb;

		if (word == NULL || word[0] == '\0' || (noun != NULL && strcmp(v->noun, noun) != 0))
			continue;
		if (!has_word(words, n, word))
			words[n++] = word;
	}
	words[n] = NULL;
	return words;
}

const struct cv_opt *cv_opt_find(const struct cv_opt *opts, const char *name, size_t n)
{
	for (const struct cv_opt *o = opts; o != NULL && o->name != NULL; o++) {
		if (strlen(o->name) == n && memcmp(o->name, name, n) == 0)
			return o;
	}
	return NULL;
}

const struct cv_opt *cv_opt_letter(const struct cv_opt *opts, char letter)
{
	for (const struct cv_opt *o = opts; o != NULL && o->name != NULL; o++) {
		if (o->letter != 0 && o->letter == letter)
			return o;
	}
	return NULL;
}
