/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tries of passwords, per user and address: three are free, then 1, 2, 4 … 300 s. In memory; a table of fixed size,
 * where two that meet share the delay.
 */
#include "server/http/http.h"

#include <congvu/base/mem.h>
#include <stdlib.h>

#define ROWS	   4096
#define FREE_TRIES 3
#define FORGET_MS  900000

struct row {
	int wrong;
	int64_t last;
};
struct cv_throttle {
	pthread_mutex_t lock;
	struct row rows[ROWS];
};

static struct row *row_of(struct cv_throttle *t, const char *user, const char *address)
{
	size_t h = 5381;

	for (; *user != '\0'; user++)
		h = h * 33 + (unsigned char)*user;
	h = h * 33;
	for (; *address != '\0'; address++)
		h = h * 33 + (unsigned char)*address;
	return &t->rows[h % ROWS];
}

struct cv_throttle *cv_throttle_create(void)
{
	struct cv_throttle *t = cv_alloc(sizeof(*t));

	pthread_mutex_init(&t->lock, NULL);
	return t;
}

void cv_throttle_destroy(struct cv_throttle *t)
{
	if (t != NULL)
		pthread_mutex_destroy(&t->lock);
	free(t);
}

static int64_t delay_of(int wrong)
{
	int64_t ms = 1000;

	if (wrong <= FREE_TRIES)
		return 0;
	for (int i = FREE_TRIES + 1; i < wrong && ms < 300000; i++)
		ms *= 2;
	return ms < 300000 ? ms : 300000;
}

int cv_throttle_wait(struct cv_throttle *t, const char *user, const char *address, int64_t now)
{
	pthread_mutex_lock(&t->lock);
	struct row *row = row_of(t, user, address);
	if (now - row->last > FORGET_MS)
		row->wrong = 0;
	int64_t left = row->last + delay_of(row->wrong) - now;
	pthread_mutex_unlock(&t->lock);
	return left > 0 ? (int)((left + 999) / 1000) : 0;
}

void cv_throttle_note(struct cv_throttle *t, const char *user, const char *address, int64_t now, bool right)
{
	pthread_mutex_lock(&t->lock);
	struct row *row = row_of(t, user, address);
	row->wrong = right ? 0 : row->wrong + 1;
	row->last = now;
	pthread_mutex_unlock(&t->lock);
}
