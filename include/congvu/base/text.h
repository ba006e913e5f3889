/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Text. Inside the programs every string is valid UTF-8 in NFC; it becomes so at the boundary.
 * Folding, width and segmentation come from utf8proc (Unicode 14); the Vietnamese order is ours.
 */
#ifndef CONGVU_BASE_TEXT_H
#define CONGVU_BASE_TEXT_H

#include <congvu/base/buf.h>
#include <stdbool.h>
#include <stddef.h>

bool cv_utf8_valid(const char *s, size_t n);
/* Appends the NFC form; invalid bytes become U+FFFD. False if the buffer is full. */
bool cv_text_nfc(struct cv_buf *out, const char *s, size_t n);
char *cv_text_nfc_dup(const char *s);
/* Search form: NFD without marks, case-folded, đ and Đ to d, runs of blanks to one space. */
bool cv_text_fold(struct cv_buf *out, const char *s, size_t n);
char *cv_text_fold_dup(const char *s);
/* True if the folded needle occurs in the folded haystack (both already folded). */
bool cv_text_find(const char *haystack, const char *needle);

/* Columns on a terminal; control characters count 0. */
int cv_text_width(const char *s);
/* Bytes of the longest prefix of whole graphemes not wider than `width`; *used gets its columns. */
size_t cv_text_cut(const char *s, int width, int *used);
/* Bytes of the first grapheme cluster (UAX #29) of s, 0 at the end. */
size_t cv_grapheme_next(const char *s, size_t n);
/* Bytes of the last grapheme cluster before offset at, 0 at the beginning. */
size_t cv_grapheme_prev(const char *s, size_t at);
size_t cv_grapheme_count(const char *s);

/* Compares in Vietnamese dictionary order: letters (a ă â b c d đ e ê …), then tones (none, huyền, hỏi,
 * ngã, sắc, nặng), then case. TCVN 6909 order of letters. */
int cv_text_collate(const char *a, const char *b);
/* Compares full names as staff lists do: given name (last word) first, then the whole. */
int cv_name_collate(const char *a, const char *b);
/* The given name: the last word. Borrowed pointer into name. */
const char *cv_name_given(const char *name);

/* Makes text from a server, a citizen or a file harmless for a terminal: no C0 except '\n' and '\t' (when
 * keep_lines; else both become a space), no C1, no escape sequences (dropped whole), no bidi overrides or
 * isolates, no zero-width except joiners inside emoji, at most 8 marks on one base; result is NFC. */
bool cv_text_clean(struct cv_buf *out, const char *s, size_t n, bool keep_lines);
char *cv_text_clean_dup(const char *s, bool keep_lines);
/* True if the text carries a mark of a state secret (MẬT, TỐI MẬT, TUYỆT MẬT standing alone in capitals:
 * security rule 7). *what gets the mark found (static). State Secrets Law 117/2025/QH15. */
bool cv_text_state_secret(const char *s, const char **what);

#endif
