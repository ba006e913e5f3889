/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The real world behind struct cv_env, and UUIDv7. */
#include <congvu/base/env.h>

#include <pthread.h>
#include <stdlib.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

static int64_t read_clock(clockid_t id)
{
	struct timespec ts;

	clock_gettime(id, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static int64_t system_now(void *data)
{
	(void)data;
	return read_clock(CLOCK_REALTIME);
}

static int64_t system_mono(void *data)
{
	(void)data;
	return read_clock(CLOCK_MONOTONIC);
}

static void system_random(void *data, void *bytes, size_t n)
{
	unsigned char *p = bytes;

	(void)data;
	while (n > 0) {
		ssize_t got = getrandom(p, n, 0);
		if (got > 0) {
			p += got;
			n -= (size_t)got;
		}
	}
}

static const char *system_get(void *data, const char *name)
{
	(void)data;
	return getenv(name);
}

const struct cv_env *cv_env_system(void)
{
	static const struct cv_env env = {
		.now = system_now, .mono = system_mono, .random = system_random, .get = system_get};
	return &env;
}

int64_t cv_now(const struct cv_env *env)
{
	return env->now(env->data);
}

int64_t cv_mono(const struct cv_env *env)
{
	return env->mono(env->data);
}

/* The 12 bits after the time count within a millisecond, so that ids made in one process sort as they were made
 * (RFC 9562, 6.2, method 1). */
void cv_uuid7(const struct cv_env *env, char out[CV_UUID_SIZE])
{
	static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
	static int64_t last;
	static unsigned count;
	static const char digits[] = "0123456789abcdef";
	unsigned char b[16];

	env->random(env->data, b, sizeof(b));
	pthread_mutex_lock(&lock);
	int64_t now = cv_now(env);
	if (now > last) {
		last = now;
		count = ((unsigned)b[6] << 8 | b[7]) & 0x7FF;
	} else if (++count > 0xFFF) {
		last++;
		count = 0;
	}
	now = last;
	unsigned n = count;
	pthread_mutex_unlock(&lock);
	for (int i = 0; i < 6; i++)
		b[i] = (unsigned char)(now >> (40 - 8 * i));
	b[6] = (unsigned char)(0x70 | n >> 8);
	b[7] = (unsigned char)n;
	b[8] = (unsigned char)((b[8] & 0x3F) | 0x80);
	char *p = out;
	for (int i = 0; i < 16; i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			*p++ = '-';
		*p++ = digits[b[i] >> 4];
		*p++ = digits[b[i] & 15];
	}
	*p = '\0';
}
