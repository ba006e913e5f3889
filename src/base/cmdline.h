/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the parts of the command line share among themselves: look-ups in a program's tables. */
#ifndef CONGVU_SRC_BASE_CMDLINE_H
#define CONGVU_SRC_BASE_CMDLINE_H

#include <congvu/base/cmdline.h>

/* The row of noun and verb (verb may be NULL), or NULL. */
const struct cv_verb *cv_verb_find(const struct cv_program *program, const char *noun, const char *verb);
/* True if any row has the noun; *verbs tells whether one of them has a verb. */
bool cv_noun_known(const struct cv_program *program, const char *noun, bool *verbs);
/* Words of the table without repetition, ends with NULL; the array is owned, the words are borrowed. Nouns when
 * noun is NULL, else the noun's verbs. */
const char **cv_words_of(const struct cv_program *program, const char *noun);
/* opts may be NULL. */
const struct cv_opt *cv_opt_find(const struct cv_opt *opts, const char *name, size_t n);
const struct cv_opt *cv_opt_letter(const struct cv_opt *opts, char letter);

#endif
