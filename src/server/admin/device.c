/* SPDX-License-Identifier: GPL-3.0-or-later */
/* congvud device list, revoke. */
#include "server/admin/admin.h"
#include "server/auth/auth.h"

#include <congvu/base/i18n.h>
#include <congvu/base/mem.h>
#include <congvu/base/time.h>

static struct cv_json *device_of(struct cv_stmt *st)
{
	char seen[CV_TIME_SIZE];
	struct cv_json *device = cv_json_new_object();

	cv_time_format(cv_stmt_int(st, 3), seen);
	cv_json_set_str(device, "device", cv_stmt_text(st, 0));
	cv_json_set_str(device, "user", cv_stmt_text(st, 1));
	cv_json_set_str(device, "name", cv_stmt_text(st, 2));
	cv_json_set_str(device, "last_seen", seen);
	cv_json_set_bool(device, "revoked", !cv_stmt_null(st, 4));
	return device;
}

int cv_admin_device_list(void *app, const struct cv_args *args)
{
	struct cv_desk desk;
	struct cv_err err;
	enum cv_step step = CV_STEP_DONE;
	enum cv_rc rc = cv_desk_open(&desk, app, args, false, &err);
	struct cv_json *data = cv_json_new_object(), *items = cv_json_new_array();

	cv_json_set(data, "items", items);
	if (rc == CV_OK) {
		struct cv_stmt *st = cv_db_query(
			desk.db, "SELECT id, \"user\", name, last_seen, revoked FROM device ORDER BY \"user\", created",
			"");
		while ((step = cv_stmt_step(st)) == CV_STEP_ROW)
			cv_json_push(items, device_of(st));
		cv_stmt_done(st);
	}
	if (step == CV_STEP_FAIL)
		rc = cv_err_set(&err, CV_IO, NULL, "device: %s", cv_db_message(desk.db));
	if (rc == CV_OK && desk.json)
		cv_print_ok(stdout, data);
	CV_JSON_EACH (device, rc != CV_OK || desk.json ? NULL : items) {
		const char *cells[] = {cv_json_s(device, "device"), cv_json_s(device, "user"),
				       cv_json_s(device, "name"), cv_json_s(device, "last_seen"),
				       cv_json_bool(device, "revoked", false) ? _("đã thu") : ""};
		cv_print_row(stdout, cells, CV_COUNT(cells));
	}
	cv_json_destroy(data);
	return cv_desk_close(&desk, rc, &err);
}

static enum cv_rc revoke(struct cv_desk *desk, const struct cv_args *args, struct cv_err *err)
{
	const char *device = cv_args_operand(args, 0);
	enum cv_rc rc = cv_auth_revoke(desk->db, desk->env, device, err);

	return rc == CV_OK ? cv_desk_audit(desk, "device.revoke", "device", device, err) : rc;
}

int cv_admin_device_revoke(void *app, const struct cv_args *args)
{
	return cv_desk_change(app, args, revoke);
}
