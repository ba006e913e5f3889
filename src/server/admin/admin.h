/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What congvud's verbs share. Each verb gives the exit status. */
#ifndef CONGVU_SERVER_ADMIN_H
#define CONGVU_SERVER_ADMIN_H

#include "server/db/db.h"
#include "server/office.h"
#include "server/work/work.h"

#define CV_ROOT_UNIT "office" /* the office itself, made by init: units without a parent stand below it */

/* An office opened for one command: database, look-ups, batch; `writing` has a transaction open. */
struct cv_desk {
	struct cv_db *db;
	struct cv_dbctx *ctx;
	struct cv_batch *batch;
	const struct cv_env *env;
	bool json, writing;
};
/* --data is required. On failure it is told already and *desk is empty. */
enum cv_rc cv_desk_open(struct cv_desk *desk, void *app, const struct cv_args *args, bool write, struct cv_err *err);
/* With rc CV_OK publishes and commits, else takes back; tells the error; gives the exit status. */
int cv_desk_close(struct cv_desk *desk, enum cv_rc rc, struct cv_err *err);
/* What most verbs are: the office opened for writing, one thing done in it, the exit status. */
int cv_desk_change(void *app, const struct cv_args *args,
		   enum cv_rc (*change)(struct cv_desk *desk, const struct cv_args *args, struct cv_err *err));
/* Shows the objects of a kind: {"items":[…]}, or what row() prints of each. */
int cv_desk_show(void *app, const struct cv_args *args, enum cv_kind kind, void (*row)(const struct cv_json *object));
/* A line of audit as the administrator of this machine. */
enum cv_rc cv_desk_audit(struct cv_desk *desk, const char *op, const char *kind, const char *id, struct cv_err *err);
/* Stores a catalogue's object with its common fields; it is taken. */
enum cv_rc cv_desk_put(struct cv_desk *desk, enum cv_kind kind, struct cv_json *object, const char *op,
		       struct cv_err *err);
/* The user as she is now; a copy the caller owns. CV_NOT_FOUND. */
enum cv_rc cv_desk_user(struct cv_json **out, struct cv_desk *desk, const char *login, struct cv_err *err);
struct cv_new_office {
	const char *dir, *name, *code, *admin, *hash; /* code may be NULL */
};
/* Makes the database and the office in it, in an open transaction of the desk (which has env and json set). */
enum cv_rc cv_office_make(struct cv_desk *desk, const struct cv_new_office *how, struct cv_err *err);
/* Tells an error in the form asked for and gives its exit status. */
int cv_admin_fail(bool json, const struct cv_err *err);
/* The objects of a kind, in the order of their ids. *items owned, NULL on error. */
enum cv_rc cv_desk_list(struct cv_json **items, struct cv_desk *desk, enum cv_kind kind, struct cv_err *err);
/* Asks for a password (terminal, or the first line of stdin with --password-stdin) and hashes it. */
enum cv_rc cv_admin_password(char hash[128], const struct cv_args *args, const char *user, struct cv_err *err);

/* The policies with their defaults, for the manual. */
struct cv_json *cv_admin_settings(void);

int cv_admin_init(void *app, const struct cv_args *args);
int cv_admin_serve(void *app, const struct cv_args *args);
int cv_admin_unit_add(void *app, const struct cv_args *args);
int cv_admin_unit_list(void *app, const struct cv_args *args);
int cv_admin_user_add(void *app, const struct cv_args *args);
int cv_admin_user_set(void *app, const struct cv_args *args);
int cv_admin_user_disable(void *app, const struct cv_args *args);
int cv_admin_user_list(void *app, const struct cv_args *args);
int cv_admin_user_reset_password(void *app, const struct cv_args *args);
int cv_admin_device_list(void *app, const struct cv_args *args);
int cv_admin_device_revoke(void *app, const struct cv_args *args);
int cv_admin_policy_list(void *app, const struct cv_args *args);
int cv_admin_policy_get(void *app, const struct cv_args *args);
int cv_admin_policy_set(void *app, const struct cv_args *args);
int cv_admin_procedure_set(void *app, const struct cv_args *args);
int cv_admin_procedure_list(void *app, const struct cv_args *args);
int cv_admin_holiday_set(void *app, const struct cv_args *args);
int cv_admin_holiday_list(void *app, const struct cv_args *args);
int cv_admin_backup(void *app, const struct cv_args *args);
int cv_admin_restore(void *app, const struct cv_args *args);
int cv_admin_import(void *app, const struct cv_args *args);
int cv_admin_demo(void *app, const struct cv_args *args);
int cv_admin_export(void *app, const struct cv_args *args);
int cv_admin_check(void *app, const struct cv_args *args);

#endif
