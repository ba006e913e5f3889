/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What congvud's verbs share: an office opened for one command, errors told, passwords asked. */
#include "server/admin/admin.h"

#include <congvu/base/i18n.h>
#include <congvu/base/mem.h>
#include <congvu/base/seal.h>
#include <congvu/base/time.h>
#include <stdlib.h>
#include <string.h>

#define ACTOR	     "congvud"
#define MIN_PASSWORD 8 /* bytes */

int cv_admin_fail(bool json, const struct cv_err *err)
{
	if (json)
		cv_print_error(stdout, err, NULL);
	else
		cv_complain("congvud", err);
	return cv_rc_exit(err->rc);
}

enum cv_rc cv_desk_open(struct cv_desk *desk, void *app, const struct cv_args *args, bool write, struct cv_err *err)
{
	struct cv_admin *admin = app;
	const char *dir = cv_args_text(args, "data");
	enum cv_rc rc = CV_OK;

	memset(desk, 0, sizeof(*desk));
	cv_err_init(err);
	desk->env = admin->env;
	desk->json = cv_args_flag(args, "json");
	if (dir == NULL)
		rc = cv_err_set(err, CV_USAGE, "data", _("thiếu --data: thư mục dữ liệu của cơ quan"));
	if (rc == CV_OK)
		rc = cv_db_open(&desk->db, dir, false, err);
	if (rc == CV_OK) {
		desk->ctx = cv_dbctx_create(desk->db);
		desk->batch = cv_batch_create(desk->ctx);
		rc = write ? cv_db_begin(desk->db, true, err) : CV_OK;
		desk->writing = write && rc == CV_OK;
	}
	return rc;
}

int cv_desk_close(struct cv_desk *desk, enum cv_rc rc, struct cv_err *err)
{
	if (desk->writing && rc == CV_OK)
		rc = cv_batch_publish(desk->batch, err);
	if (desk->writing && rc == CV_OK)
		rc = cv_db_commit(desk->db, err);
	else if (desk->writing)
		cv_db_rollback(desk->db);
	cv_batch_destroy(desk->batch);
	cv_dbctx_destroy(desk->ctx);
	cv_db_close(desk->db);
	return rc == CV_OK ? 0 : cv_admin_fail(desk->json, err);
}

enum cv_rc cv_desk_audit(struct cv_desk *desk, const char *op, const char *kind, const char *id, struct cv_err *err)
{
	int64_t now = cv_now(desk->env);

	return cv_audit(desk->db, now, ACTOR, "", op, kind, id, 0, now, "", err);
}

enum cv_rc cv_desk_put(struct cv_desk *desk, enum cv_kind kind, struct cv_json *object, const char *op,
		       struct cv_err *err)
{
	char now[CV_TIME_SIZE];
	char *id = cv_strdup(cv_json_s(object, "id"));

	cv_time_format(cv_now(desk->env), now);
	cv_json_set_str(object, "updated_at", now);
	cv_json_set_str(object, "updated_by", ACTOR);
	enum cv_rc rc = cv_object_put(desk->batch, kind, object, err);
	if (rc == CV_OK)
		rc = cv_desk_audit(desk, op, cv_kind_word(kind), id, err);
	free(id);
	return rc;
}

enum cv_rc cv_desk_user(struct cv_json **out, struct cv_desk *desk, const char *login, struct cv_err *err)
{
	const struct cv_json *user = cv_dbctx_object(desk->ctx, CV_KIND_USER, login);

	*out = NULL;
	if (user == NULL)
		return cv_err_set(err, CV_NOT_FOUND, "user", _("không có người dùng %s"), login);
	*out = cv_json_dup(user);
	return CV_OK;
}

enum cv_rc cv_desk_list(struct cv_json **items, struct cv_desk *desk, enum cv_kind kind, struct cv_err *err)
{
	struct cv_stmt *st =
		cv_db_query(desk->db, "SELECT id FROM object WHERE kind = $1 ORDER BY id", "s", cv_kind_word(kind));
	enum cv_rc rc = CV_OK;
	enum cv_step step;

	*items = cv_json_new_array();
	while (rc == CV_OK && (step = cv_stmt_step(st)) != CV_STEP_DONE) {
		const struct cv_json *object =
			step == CV_STEP_ROW ? cv_dbctx_object(desk->ctx, kind, cv_stmt_text(st, 0)) : NULL;
		if (object != NULL)
			cv_json_push(*items, cv_json_dup(object));
		else
			rc = cv_err_set(err, CV_IO, NULL, "%s: %s", cv_kind_word(kind), cv_db_message(desk->db));
	}
	cv_stmt_done(st);
	if (rc != CV_OK) {
		cv_json_destroy(*items);
		*items = NULL;
	}
	return rc;
}

int cv_desk_change(void *app, const struct cv_args *args,
		   enum cv_rc (*change)(struct cv_desk *desk, const struct cv_args *args, struct cv_err *err))
{
	struct cv_desk desk;
	struct cv_err err;
	enum cv_rc rc = cv_desk_open(&desk, app, args, true, &err);

	if (rc == CV_OK)
		rc = change(&desk, args, &err);
	return cv_desk_close(&desk, rc, &err);
}

int cv_desk_show(void *app, const struct cv_args *args, enum cv_kind kind, void (*row)(const struct cv_json *object))
{
	struct cv_desk desk;
	struct cv_err err;
	struct cv_json *items = NULL;
	enum cv_rc rc = cv_desk_open(&desk, app, args, false, &err);

	if (rc == CV_OK)
		rc = cv_desk_list(&items, &desk, kind, &err);
	if (rc == CV_OK) {
		struct cv_json *data = cv_json_new_object();
		CV_JSON_EACH (object, desk.json ? NULL : items)
			row(object);
		cv_json_set(data, "items", items);
		if (desk.json)
			cv_print_ok(stdout, data);
		cv_json_destroy(data);
	}
	return cv_desk_close(&desk, rc, &err);
}

enum cv_rc cv_admin_password(char hash[128], const struct cv_args *args, const char *user, struct cv_err *err)
{
	char *password = NULL;
	char *prompt = cv_strf(_("Mật khẩu mới của %s: "), user);
	enum cv_rc rc = cv_args_flag(args, "password-stdin") ? cv_read_secret(&password, err)
							     : cv_ask_secret(&password, prompt, err);

	free(prompt);
	if (rc != CV_OK)
		return rc;
	if (strlen(password) < MIN_PASSWORD)
		rc = cv_err_set(err, CV_DATA, "password", _("mật khẩu phải có ít nhất %d ký tự"), MIN_PASSWORD);
	else
		rc = cv_password_hash(hash, password, err);
	cv_wipe(password, strlen(password));
	free(password);
	return rc;
}
