/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The words that fields and arguments hold on the wire, as people say them: one table for screens, forms and commands.
 */
#ifndef CONGVU_MODEL_WORDS_H
#define CONGVU_MODEL_WORDS_H

/* "partial" -> "dở dang". Translated, borrowed; a word that is not in the table stays as it is. */
const char *cv_word_label(const char *word);

#endif
