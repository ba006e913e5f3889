/* SPDX-License-Identifier: GPL-3.0-or-later */
/* congvud policy list, get, set. */
#include "server/admin/admin.h"

#include <congvu/base/i18n.h>
#include <congvu/base/mem.h>
#include <congvu/model/policy.h>
#include <stdlib.h>
#include <string.h>

static const char *unit_of(const struct cv_args *args)
{
	const char *unit = cv_args_text(args, "unit");

	return unit != NULL ? unit : "";
}

static enum cv_rc check_unit(struct cv_desk *desk, const char *unit, struct cv_err *err)
{
	if (unit[0] == '\0' || cv_dbctx_object(desk->ctx, CV_KIND_UNIT, unit) != NULL)
		return CV_OK;
	return cv_err_set(err, CV_DATA, "unit", _("không có đơn vị %s"), unit);
}

struct cv_json *cv_admin_settings(void)
{
	struct cv_json *out = cv_json_new_array(), *policy = cv_policy_resolve(NULL, "");

	CV_JSON_EACH (value, policy) {
		struct cv_json *item = cv_json_new_object();
		char *text = cv_json_text(value);
		cv_json_set_str(item, "key", cv_json_key(value));
		cv_json_set_str(item, "value", text);
		cv_json_set_str(item, "help", cv_policy_help(cv_json_key(value)));
		cv_json_push(out, item);
		free(text);
	}
	cv_json_destroy(policy);
	return out;
}

int cv_admin_policy_list(void *app, const struct cv_args *args)
{
	struct cv_desk desk;
	struct cv_err err;
	enum cv_rc rc = cv_desk_open(&desk, app, args, false, &err);

	if (rc == CV_OK)
		rc = check_unit(&desk, unit_of(args), &err);
	if (rc == CV_OK) {
		struct cv_json *policy = cv_policy_resolve(cv_dbctx_ctx(desk.ctx), unit_of(args));
		if (desk.json)
			cv_print_ok(stdout, policy);
		CV_JSON_EACH (item, desk.json ? NULL : policy) {
			char *value = cv_json_text(item);
			const char *cells[] = {cv_json_key(item), value, cv_policy_help(cv_json_key(item))};
			cv_print_row(stdout, cells, CV_COUNT(cells));
			free(value);
		}
		cv_json_destroy(policy);
	}
	return cv_desk_close(&desk, rc, &err);
}

static enum cv_rc known(const char *key, struct cv_err *err)
{
	const char *const *keys = cv_policy_keys();

	for (size_t i = 0; keys[i] != NULL; i++)
		if (strcmp(keys[i], key) == 0)
			return CV_OK;
	const char *near = cv_suggest(key, keys);
	cv_err_set(err, CV_DATA, "key", _("không có mục %s"), key);
	if (near != NULL)
		cv_err_hint(err, _("ý là %s?"), near);
	return CV_DATA;
}

int cv_admin_policy_get(void *app, const struct cv_args *args)
{
	struct cv_desk desk;
	struct cv_err err;
	const char *key = cv_args_operand(args, 0);
	enum cv_rc rc = cv_desk_open(&desk, app, args, false, &err);

	if (rc == CV_OK)
		rc = known(key, &err);
	if (rc == CV_OK)
		rc = check_unit(&desk, unit_of(args), &err);
	if (rc == CV_OK) {
		struct cv_json *policy = cv_policy_resolve(cv_dbctx_ctx(desk.ctx), unit_of(args));
		const struct cv_json *value = cv_json_get(policy, key);
		char *text = cv_json_string(value) != NULL ? cv_strdup(cv_json_string(value)) : cv_json_text(value);
		const char *cells[] = {text};
		if (desk.json)
			cv_print_ok(stdout, value);
		else
			cv_print_row(stdout, cells, 1);
		free(text);
		cv_json_destroy(policy);
	}
	return cv_desk_close(&desk, rc, &err);
}

static enum cv_rc set(struct cv_desk *desk, const struct cv_args *args, struct cv_err *err)
{
	const char *key = cv_args_operand(args, 0);
	const char *id = unit_of(args)[0] != '\0' ? unit_of(args) : "*";
	struct cv_json *value = NULL;
	enum cv_rc rc = check_unit(desk, unit_of(args), err);

	if (rc == CV_OK)
		rc = cv_policy_value(&value, key, cv_args_operand(args, 1), err);
	if (rc != CV_OK)
		return rc;
	const struct cv_json *old = cv_dbctx_object(desk->ctx, CV_KIND_POLICY, id);
	struct cv_json *policy = old != NULL ? cv_json_dup(old) : cv_json_new_object();
	cv_json_set_str(policy, "id", id);
	cv_json_set(policy, key, value);
	return cv_desk_put(desk, CV_KIND_POLICY, policy, "policy.set", err);
}

int cv_admin_policy_set(void *app, const struct cv_args *args)
{
	return cv_desk_change(app, args, set);
}
