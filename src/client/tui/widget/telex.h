/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Typing Vietnamese where the machine has no input method: Telex and VNI, one key after another, over the word before
 * the cursor. Pure.
 */
#ifndef CONGVU_TUI_TELEX_H
#define CONGVU_TUI_TELEX_H

#include <stdbool.h>
#include <stddef.h>

enum cv_method { CV_METHOD_NONE, CV_METHOD_TELEX, CV_METHOD_VNI };
const char *cv_method_name(enum cv_method method); /* "Telex"; "" for none */

/* What the word becomes with this key: false when the key is just a letter to append. word and out are UTF-8 in NFC;
 * out has size bytes. The same key again takes back what it did and appends itself ("aaa" gives "aa"). */
bool cv_telex(char *out, size_t size, const char *word, char key, enum cv_method method);
/* Bytes of the word that ends at `at`: letters only. */
size_t cv_telex_word(const char *text, size_t at);

#endif
