/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The log: one line an event, RFC 3339 times, rotated by size (1 MiB, 3 kept), 0600. It holds ids, counts and
 * codes, never texts, names, tokens or passwords; every argument is cleaned of control characters.
 */
#ifndef CONGVU_BASE_LOG_H
#define CONGVU_BASE_LOG_H

#include <congvu/base/env.h>
#include <congvu/base/err.h>

enum cv_log_level { CV_LOG_ERROR, CV_LOG_WARN, CV_LOG_INFO, CV_LOG_DEBUG };

/* One log per process. path NULL: stderr. Safe to call from any thread after open. */
enum cv_rc cv_log_open(const struct cv_env *env, const char *path, enum cv_log_level level, struct cv_err *err);
void cv_log_close(void);
void cv_log(enum cv_log_level level, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
