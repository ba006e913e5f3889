/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Vietnamese is the source language; po/en.po translates. Only LC_CTYPE, LC_COLLATE and LC_MESSAGES are ever
 * set: with LC_NUMERIC of vi_VN printf writes "1,50" and strtod reads 1.5 as 1.
 */
#ifndef CONGVU_BASE_I18N_H
#define CONGVU_BASE_I18N_H

#include <congvu/base/env.h>

/* Once at start. A locale that is not UTF-8 (LANG=C) becomes C.UTF-8. */
void cv_i18n_start(const struct cv_env *env);
const char *cv_tr(const char *text) __attribute__((format_arg(1)));
#define _(text)	 cv_tr(text)
#define N_(text) text

#endif
