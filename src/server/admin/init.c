/* SPDX-License-Identifier: GPL-3.0-or-later */
/* congvud init, serve, check. */
#include "server/admin/admin.h"
#include "server/auth/auth.h"

#include <congvu/base/i18n.h>
#include <congvu/base/seal.h>
#include <stdlib.h>

static enum cv_rc check_arguments(const struct cv_args *args, struct cv_err *err)
{
	const char *admin = cv_args_text(args, "admin"), *office = cv_args_text(args, "office");

	if (cv_args_text(args, "data") == NULL || office == NULL || admin == NULL)
		return cv_err_set(err, CV_USAGE, NULL, _("init cần --data, --office và --admin"));
	if (!cv_login_valid(admin))
		return cv_err_set(err, CV_DATA, "admin", _("tên đăng nhập gồm chữ thường không dấu và số: %s"), admin);
	return CV_OK;
}

static enum cv_rc set_facts(struct cv_db *db, const struct cv_new_office *how, struct cv_err *err)
{
	uint8_t key[CV_KEY_SIZE], epoch[6];
	char hex[2 * CV_KEY_SIZE + 1], name[16] = "k";

	cv_random(key, sizeof(key));
	cv_random(epoch, sizeof(epoch));
	cv_hex(hex, key, sizeof(key));
	cv_hex(name + 1, epoch, sizeof(epoch));
	enum cv_rc rc = cv_meta_set(db, "office_name", how->name, err);
	if (rc == CV_OK)
		rc = cv_meta_set(db, "office_code", how->code != NULL ? how->code : "", err);
	if (rc == CV_OK)
		rc = cv_meta_set(db, "epoch", name, err);
	if (rc == CV_OK)
		rc = cv_meta_set(db, "server_key", hex, err);
	cv_wipe(key, sizeof(key));
	cv_wipe(hex, sizeof(hex));
	return rc;
}

static struct cv_json *root_unit(const char *name)
{
	struct cv_json *unit = cv_json_new_object();

	cv_json_set_str(unit, "id", CV_ROOT_UNIT);
	cv_json_set_str(unit, "code", CV_ROOT_UNIT);
	cv_json_set_str(unit, "name", name);
	cv_json_set_str(unit, "parent", "");
	return unit;
}

static struct cv_json *admin_user(const char *login)
{
	struct cv_json *user = cv_json_new_object(), *roles = cv_json_new_array(), *role = cv_json_new_object();

	cv_json_set_str(role, "role", "admin");
	cv_json_set_str(role, "unit", CV_ROOT_UNIT);
	cv_json_push(roles, role);
	cv_json_set_str(user, "id", login);
	cv_json_set_str(user, "name", login);
	cv_json_set(user, "roles", roles);
	cv_json_set_bool(user, "active", true);
	return user;
}

static struct cv_json *office_policy(void)
{
	struct cv_json *policy = cv_json_new_object();

	cv_json_set_str(policy, "id", "*");
	return policy;
}

static enum cv_rc fill(struct cv_desk *desk, const struct cv_new_office *how, struct cv_err *err)
{
	char *key = cv_meta_get(desk->db, "server_key");
	enum cv_rc rc = CV_OK;

	if (key[0] != '\0') /* an init that was cut off has none and may be done again */
		rc = cv_err_set(err, CV_DATA, "data", _("%s đã có dữ liệu của một cơ quan"), how->dir);
	free(key);
	if (rc == CV_OK)
		rc = set_facts(desk->db, how, err);
	if (rc == CV_OK)
		rc = cv_desk_put(desk, CV_KIND_UNIT, root_unit(how->name), "init", err);
	if (rc == CV_OK)
		rc = cv_desk_put(desk, CV_KIND_POLICY, office_policy(), "init", err);
	if (rc == CV_OK)
		rc = cv_desk_put(desk, CV_KIND_USER, admin_user(how->admin), "init", err);
	return rc == CV_OK ? cv_account_set(desk->db, how->admin, how->hash, err) : rc;
}

enum cv_rc cv_office_make(struct cv_desk *desk, const struct cv_new_office *how, struct cv_err *err)
{
	enum cv_rc rc = cv_db_open(&desk->db, how->dir, true, err);

	if (rc != CV_OK)
		return rc;
	desk->ctx = cv_dbctx_create(desk->db);
	desk->batch = cv_batch_create(desk->ctx);
	rc = cv_db_begin(desk->db, true, err);
	desk->writing = rc == CV_OK;
	return rc == CV_OK ? fill(desk, how, err) : rc;
}

int cv_admin_init(void *app, const struct cv_args *args)
{
	struct cv_admin *admin = app;
	struct cv_desk desk = {.env = admin->env, .json = cv_args_flag(args, "json")};
	struct cv_err err;
	char hash[128];
	struct cv_new_office how = {.dir = cv_args_text(args, "data"),
				    .name = cv_args_text(args, "office"),
				    .code = cv_args_text(args, "code"),
				    .admin = cv_args_text(args, "admin"),
				    .hash = hash};

	cv_err_init(&err);
	enum cv_rc rc = check_arguments(args, &err);
	if (rc == CV_OK)
		rc = cv_admin_password(hash, args, how.admin, &err);
	if (rc == CV_OK)
		rc = cv_office_make(&desk, &how, &err);
	return cv_desk_close(&desk, rc, &err);
}

int cv_admin_serve(void *app, const struct cv_args *args)
{
	struct cv_admin *admin = app;
	struct cv_err err;
	const char *listen = cv_args_text(args, "listen");
	struct cv_serve how = {.dir = cv_args_text(args, "data"),
			       .listen = listen != NULL ? listen : "127.0.0.1:8080",
			       .tls_cert = cv_args_text(args, "tls-cert"),
			       .tls_key = cv_args_text(args, "tls-key"),
			       .port_file = cv_args_text(args, "port-file")};

	cv_err_init(&err);
	enum cv_rc rc = how.dir == NULL
				? cv_err_set(&err, CV_USAGE, "data", _("thiếu --data: thư mục dữ liệu của cơ quan"))
				: cv_serve_run(admin->env, &how, &err);
	return rc == CV_OK ? 0 : cv_admin_fail(cv_args_flag(args, "json"), &err);
}
