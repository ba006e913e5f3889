/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A child program with a time limit: input on stdin, output collected. */
#ifndef CONGVU_CLIENT_CHILD_H
#define CONGVU_CLIENT_CHILD_H

#include <congvu/base/err.h>

/* Runs argv (ends with NULL); *out is owned (at most 4 KiB), *status its exit status (128 + n for a signal). Killed
 * after limit_ms: CV_LOCKED. */
enum cv_rc cv_child_run(char **out, int *status, const char *const *argv, const char *input, int limit_ms);
/* Path of a program of ours: beside this executable, else in the libexec of the installation. Owned. */
char *cv_child_beside(const char *name);

#endif
