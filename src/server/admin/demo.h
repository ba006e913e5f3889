/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the parts of congvud demo share. */
#ifndef CONGVU_SERVER_ADMIN_DEMO_H
#define CONGVU_SERVER_ADMIN_DEMO_H

#include "server/admin/admin.h"
#include "server/auth/auth.h"

#include <congvu/base/time.h>

#define DEMO_PASSWORD "congvu-mau"
#define DEMO_DAYS     45

struct demo {
	struct cv_desk desk;
	struct cv_err *err;
	uint64_t seed;
	int64_t now;
	int32_t days[DEMO_DAYS]; /* the last working days, [0] the latest */
	int day_count;
};
unsigned demo_random(struct demo *d, unsigned below);
/* A login of this unit and role. */
const char *demo_member(struct demo *d, const char *unit, const char *role);
void demo_pick(struct demo *d, const char **code, const char **unit, const char **route);
/* Runs the operation as that person at that time; args is taken. False if the time has not come or nothing may happen
 * any more; a refusal is an error of the demo (d->err). */
bool demo_act(struct demo *d, const char *who, const char *op, const char *id, struct cv_json *args, int64_t at);
/* {key: value}; key NULL: {}. */
struct cv_json *demo_args(const char *key, const char *value);
/* The n-th dossier, somewhere on its way. */
void demo_dossier(struct demo *d, int n);

#endif
