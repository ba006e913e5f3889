/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The outside world as a struct: clock, randomness, environment. Tests freeze it.
 */
#ifndef CONGVU_BASE_ENV_H
#define CONGVU_BASE_ENV_H

#include <stddef.h>
#include <stdint.h>

struct cv_env {
	void *data;
	int64_t (*now)(void *data);  /* milliseconds since 1970-01-01T00:00Z, wall clock */
	int64_t (*mono)(void *data); /* milliseconds, monotonic, never jumps */
	void (*random)(void *data, void *bytes, size_t n);
	const char *(*get)(void *data, const char *name); /* environment variable, borrowed, or NULL */
};

/* The real one. In a build of the tests, $CONGVU_FAKE_NOW (RFC 3339) is NOT honoured: use faketime. */
const struct cv_env *cv_env_system(void);
int64_t cv_now(const struct cv_env *env);
int64_t cv_mono(const struct cv_env *env);

#define CV_UUID_SIZE 37
/* UUIDv7 (RFC 9562): sortable by time, made by the client for objects and elements. */
void cv_uuid7(const struct cv_env *env, char out[CV_UUID_SIZE]);

#endif
