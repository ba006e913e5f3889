/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * INI files through inih: `key = value` under optional `[section]`, `#` and `;` comments on lines of their own
 * (never behind a value: both are keys of the key file). A line has at most 4,093 bytes, a name 49.
 */
#ifndef CONGVU_BASE_INI_H
#define CONGVU_BASE_INI_H

#include <congvu/base/err.h>

/* Called per entry; a result other than CV_OK stops. section is "" before the first. value is NFC. */
typedef enum cv_rc (*cv_ini_entry)(void *data, const char *section, const char *key, const char *value, int line,
				   struct cv_err *err);
/* CV_NOT_FOUND if there is no file; CV_CONFIG with file and line for a bad one. Files over 256 KiB are refused. */
enum cv_rc cv_ini_read(const char *path, cv_ini_entry each, void *data, struct cv_err *err);
/* The same from memory; name is for messages. */
enum cv_rc cv_ini_text(const char *name, const char *text, cv_ini_entry each, void *data, struct cv_err *err);

#endif
