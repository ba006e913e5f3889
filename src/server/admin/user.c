/* SPDX-License-Identifier: GPL-3.0-or-later */
/* congvud user add, set, disable, list, reset-password. */
#include "server/admin/admin.h"
#include "server/auth/auth.h"

#include <congvu/base/i18n.h>
#include <congvu/base/mem.h>
#include <congvu/model/view.h>
#include <stdlib.h>
#include <string.h>

static const char *const role_words[] = {"officer",   "head",	  "deputy", "leader", "clerk",
					 "registrar", "petition", "admin",  NULL};

/* "head,officer" → the roles over the unit. */
static enum cv_rc roles_of(struct cv_json **out, const char *text, const char *unit, struct cv_err *err)
{
	struct cv_json *roles = cv_json_new_array();

	*out = NULL;
	while (*text != '\0') {
		size_t n = strcspn(text, ",");
		char *word = cv_strndup(text, n);
		if (!cv_role_valid(word)) {
			const char *near = cv_suggest(word, role_words);
			cv_err_set(err, CV_DATA, "role", _("không có vai trò %s"), word);
			if (near != NULL)
				cv_err_hint(err, _("ý là %s?"), near);
			free(word);
			cv_json_destroy(roles);
			return CV_DATA;
		}
		struct cv_json *role = cv_json_new_object();
		cv_json_set_str(role, "role", word);
		cv_json_set_str(role, "unit", unit);
		cv_json_push(roles, role);
		free(word);
		text += n + (text[n] == ',');
	}
	*out = roles;
	return cv_json_count(roles) > 0 ? CV_OK : cv_err_set(err, CV_DATA, "role", _("thiếu vai trò"));
}

static enum cv_rc check_unit(struct cv_desk *desk, const char *unit, struct cv_err *err)
{
	if (cv_dbctx_object(desk->ctx, CV_KIND_UNIT, unit) != NULL)
		return CV_OK;
	return cv_err_set(err, CV_DATA, "unit", _("không có đơn vị %s"), unit);
}

static enum cv_rc check_new(struct cv_desk *desk, const struct cv_args *args, struct cv_err *err)
{
	const char *login = cv_args_operand(args, 0);

	if (cv_args_text(args, "full-name") == NULL || cv_args_text(args, "unit") == NULL ||
	    cv_args_text(args, "role") == NULL)
		return cv_err_set(err, CV_USAGE, NULL, _("cần --full-name, --unit và --role"));
	if (!cv_login_valid(login))
		return cv_err_set(err, CV_DATA, "user", _("tên đăng nhập gồm chữ thường không dấu và số: %s"), login);
	if (cv_dbctx_object(desk->ctx, CV_KIND_USER, login) != NULL)
		return cv_err_set(err, CV_DATA, "user", _("người dùng %s đã có"), login);
	return check_unit(desk, cv_args_text(args, "unit"), err);
}

static enum cv_rc add(struct cv_desk *desk, const struct cv_args *args, const char *hash, struct cv_err *err)
{
	struct cv_json *roles = NULL;
	const char *login = cv_args_operand(args, 0), *phone = cv_args_text(args, "phone");
	enum cv_rc rc = check_new(desk, args, err);

	if (rc == CV_OK)
		rc = roles_of(&roles, cv_args_text(args, "role"), cv_args_text(args, "unit"), err);
	if (rc != CV_OK) {
		cv_json_destroy(roles);
		return rc;
	}
	struct cv_json *user = cv_json_new_object();
	cv_json_set_str(user, "id", login);
	cv_json_set_str(user, "name", cv_args_text(args, "full-name"));
	cv_json_set(user, "roles", roles);
	if (phone != NULL)
		cv_json_set_str(user, "phone", phone);
	cv_json_set_bool(user, "active", true);
	rc = cv_desk_put(desk, CV_KIND_USER, user, "user.add", err);
	return rc == CV_OK ? cv_account_set(desk->db, login, hash, err) : rc;
}

int cv_admin_user_add(void *app, const struct cv_args *args)
{
	struct cv_desk desk;
	struct cv_err err;
	char hash[128];
	/* The password first: nobody waits for the lock while somebody types. */
	cv_err_init(&err);
	enum cv_rc rc = cv_admin_password(hash, args, cv_args_operand(args, 0), &err);
	if (rc != CV_OK)
		return cv_admin_fail(cv_args_flag(args, "json"), &err);
	rc = cv_desk_open(&desk, app, args, true, &err);
	if (rc == CV_OK)
		rc = add(&desk, args, hash, &err);
	return cv_desk_close(&desk, rc, &err);
}

/* ---- what a person has written moves with her ---- */
struct moved {
	enum cv_kind kind;
	char *id;		/* owned */
	struct cv_json *before; /* owned */
};

static enum cv_rc list_own(struct moved **all, size_t *n, struct cv_desk *desk, const char *login, struct cv_err *err)
{
	enum cv_step step;
	size_t room = 0;
	struct cv_stmt *st = cv_db_query(
		desk->db,
		"SELECT kind, id FROM object WHERE kind IN ('report', 'workday') AND \"user\" = $1 ORDER BY date", "s",
		login);

	*all = NULL;
	*n = 0;
	while ((step = cv_stmt_step(st)) == CV_STEP_ROW) {
		if (*n == room) {
			room = room == 0 ? 64 : 2 * room;
			*all = cv_reallocarray(*all, room, sizeof(**all));
		}
		struct moved *m = &(*all)[(*n)++];
		m->kind = cv_kind_of(cv_stmt_text(st, 0));
		m->id = cv_strdup(cv_stmt_text(st, 1));
		m->before = cv_scopes_of_object(cv_dbctx_ctx(desk->ctx), m->kind,
						cv_dbctx_object(desk->ctx, m->kind, m->id));
	}
	cv_stmt_done(st);
	return step == CV_STEP_FAIL ? cv_err_set(err, CV_IO, NULL, "object: %s", cv_db_message(desk->db)) : CV_OK;
}

static enum cv_rc put_and_move(struct cv_desk *desk, const char *login, struct cv_json *user, const char *op,
			       struct cv_err *err)
{
	size_t n;
	struct moved *own;
	enum cv_rc rc = list_own(&own, &n, desk, login, err);

	if (rc == CV_OK)
		rc = cv_desk_put(desk, CV_KIND_USER, user, op, err);
	else
		cv_json_destroy(user);
	for (size_t i = 0; i < n; i++) {
		if (rc == CV_OK)
			rc = cv_object_republish(desk->batch, own[i].kind, own[i].id, own[i].before, err);
		cv_json_destroy(own[i].before);
		free(own[i].id);
	}
	free(own);
	return rc;
}

/* The roles that --unit and --role leave: each may stand alone. */
static enum cv_rc new_roles(struct cv_json *user, struct cv_desk *desk, const struct cv_args *args, struct cv_err *err)
{
	const char *unit = cv_args_text(args, "unit"), *role = cv_args_text(args, "role");
	struct cv_json *roles;

	if (unit != NULL && check_unit(desk, unit, err) != CV_OK)
		return CV_DATA;
	if (role != NULL) {
		enum cv_rc rc = roles_of(&roles, role, unit != NULL ? unit : cv_user_unit(user), err);
		if (rc == CV_OK)
			cv_json_set(user, "roles", roles);
		return rc;
	}
	CV_JSON_EACH (item, unit != NULL ? cv_json_array_of(user, "roles") : NULL)
		cv_json_set_str(item, "unit", unit);
	return CV_OK;
}

static enum cv_rc change(struct cv_desk *desk, const struct cv_args *args, struct cv_err *err)
{
	struct cv_json *user;
	const char *login = cv_args_operand(args, 0), *name = cv_args_text(args, "full-name");
	const char *phone = cv_args_text(args, "phone");
	bool roles = cv_args_text(args, "unit") != NULL || cv_args_text(args, "role") != NULL;

	if (name == NULL && phone == NULL && !roles)
		return cv_err_set(err, CV_USAGE, NULL, _("cần ít nhất một trong --full-name, --unit, --role, --phone"));
	enum cv_rc rc = cv_desk_user(&user, desk, login, err);
	if (rc == CV_OK)
		rc = new_roles(user, desk, args, err);
	if (rc != CV_OK) {
		cv_json_destroy(user);
		return rc;
	}
	if (name != NULL)
		cv_json_set_str(user, "name", name);
	if (phone != NULL)
		cv_json_set_str(user, "phone", phone);
	return roles ? put_and_move(desk, login, user, "user.set", err)
		     : cv_desk_put(desk, CV_KIND_USER, user, "user.set", err);
}

int cv_admin_user_set(void *app, const struct cv_args *args)
{
	return cv_desk_change(app, args, change);
}

static enum cv_rc disable(struct cv_desk *desk, const struct cv_args *args, struct cv_err *err)
{
	struct cv_json *user;
	const char *login = cv_args_operand(args, 0);
	enum cv_rc rc = cv_desk_user(&user, desk, login, err);

	if (rc != CV_OK)
		return rc;
	cv_json_set_bool(user, "active", false);
	rc = cv_desk_put(desk, CV_KIND_USER, user, "user.disable", err);
	if (rc == CV_OK)
		rc = cv_db_run(desk->db, NULL, err, "UPDATE account SET disabled = 1 WHERE \"user\" = $1", "s", login);
	return rc;
}

int cv_admin_user_disable(void *app, const struct cv_args *args)
{
	return cv_desk_change(app, args, disable);
}

static void print_user(const struct cv_json *user)
{
	struct cv_buf roles;

	cv_buf_init(&roles, 1024);
	CV_JSON_EACH (item, cv_json_array_of(user, "roles"))
		cv_buf_addf(&roles, "%s%s@%s", roles.len > 0 ? "," : "", cv_json_s(item, "role"),
			    cv_json_s(item, "unit"));
	const char *cells[] = {cv_json_s(user, "id"), cv_json_s(user, "name"), roles.data, cv_json_s(user, "phone"),
			       cv_json_bool(user, "active", true) ? "" : _("đã khóa")};
	cv_print_row(stdout, cells, CV_COUNT(cells));
	cv_buf_finish(&roles);
}

int cv_admin_user_list(void *app, const struct cv_args *args)
{
	return cv_desk_show(app, args, CV_KIND_USER, print_user);
}

/* Whoever was logged in has to log in again; the devices keep their numbers. */
static enum cv_rc reset_password(struct cv_desk *desk, const char *login, const char *hash, struct cv_err *err)
{
	struct cv_json *user;
	enum cv_rc rc = cv_desk_user(&user, desk, login, err);

	cv_json_destroy(user);
	if (rc == CV_OK)
		rc = cv_account_set(desk->db, login, hash, err);
	if (rc == CV_OK)
		rc = cv_db_run(desk->db, NULL, err,
			       "UPDATE family SET revoked = $2 WHERE revoked IS NULL AND device IN"
			       " (SELECT id FROM device WHERE \"user\" = $1)",
			       "si", login, cv_now(desk->env));
	return rc == CV_OK ? cv_desk_audit(desk, "user.reset-password", "user", login, err) : rc;
}

int cv_admin_user_reset_password(void *app, const struct cv_args *args)
{
	struct cv_desk desk;
	struct cv_err err;
	char hash[128];
	cv_err_init(&err);
	enum cv_rc rc = cv_admin_password(hash, args, cv_args_operand(args, 0), &err);

	if (rc != CV_OK)
		return cv_admin_fail(cv_args_flag(args, "json"), &err);
	rc = cv_desk_open(&desk, app, args, true, &err);
	if (rc == CV_OK)
		rc = reset_password(&desk, cv_args_operand(args, 0), hash, &err);
	return cv_desk_close(&desk, rc, &err);
}
