/* SPDX-License-Identifier: GPL-3.0-or-later */
/* congvud unit add, list. */
#include "server/admin/admin.h"

#include <congvu/base/i18n.h>
#include <congvu/base/mem.h>
#include <string.h>

static bool code_valid(const char *code)
{
	return strlen(code) <= 32 && code[0] != '\0' &&
	       strspn(code, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-") == strlen(code);
}

static enum cv_rc add(struct cv_desk *desk, const struct cv_args *args, struct cv_err *err)
{
	const char *code = cv_args_operand(args, 0), *name = cv_args_text(args, "name");
	const char *parent = cv_args_text(args, "parent");

	if (name == NULL || name[0] == '\0')
		return cv_err_set(err, CV_USAGE, "name", _("thiếu --name: tên đơn vị"));
	if (!code_valid(code))
		return cv_err_set(err, CV_DATA, "code", _("mã đơn vị gồm chữ không dấu, số, . _ -: %s"), code);
	if (cv_dbctx_object(desk->ctx, CV_KIND_UNIT, code) != NULL)
		return cv_err_set(err, CV_DATA, "code", _("đơn vị %s đã có"), code);
	if (parent == NULL)
		parent = CV_ROOT_UNIT;
	if (cv_dbctx_object(desk->ctx, CV_KIND_UNIT, parent) == NULL)
		return cv_err_set(err, CV_DATA, "parent", _("không có đơn vị cấp trên %s"), parent);
	struct cv_json *unit = cv_json_new_object();
	cv_json_set_str(unit, "id", code);
	cv_json_set_str(unit, "code", code);
	cv_json_set_str(unit, "name", name);
	cv_json_set_str(unit, "parent", parent);
	return cv_desk_put(desk, CV_KIND_UNIT, unit, "unit.add", err);
}

int cv_admin_unit_add(void *app, const struct cv_args *args)
{
	return cv_desk_change(app, args, add);
}

static void print_unit(const struct cv_json *unit)
{
	const char *cells[] = {cv_json_s(unit, "code"), cv_json_s(unit, "name"), cv_json_s(unit, "parent")};

	cv_print_row(stdout, cells, CV_COUNT(cells));
}

int cv_admin_unit_list(void *app, const struct cv_args *args)
{
	return cv_desk_show(app, args, CV_KIND_UNIT, print_unit);
}
