/* SPDX-License-Identifier: GPL-3.0-or-later */
/* congvu config … : what holds now, the office's file with one's own over it. */
#include "cli.h"

#include <congvu/base/i18n.h>
#include <congvu/base/mem.h>

#include <string.h>

static const struct {
	const char *key, *help;
} settings[] = {
	{"server", N_("địa chỉ máy chủ")},
	{"ca", N_("chứng thư gốc để tin máy chủ")},
	{"secrets", N_("nơi giữ khóa")},
	{"secret_command", N_("lệnh lấy khóa")},
	{"proxy", N_("máy trung gian")},
	{"device_name", N_("tên máy này")},
	{"scan_dir", N_("thư mục máy quét")},
	{"lock_after", N_("phút không dùng thì khóa")},
	{"help_phone", N_("số điện thoại hỗ trợ")},
};

static void plain_settings(struct cv_cli *cli, const struct cv_json *data)
{
	(void)cli;
	CV_JSON_EACH (item, cv_json_array_of(data, "items")) {
		const char *cells[] = {cv_json_s(item, "key"), cv_json_s(item, "value"), cv_json_s(item, "help")};
		cv_print_row(stdout, cells, CV_COUNT(cells));
	}
}

static struct cv_json *setting(struct cv_cli *cli, size_t i)
{
	struct cv_json *item = cv_json_new_object();

	cv_json_set_str(item, "key", settings[i].key);
	cv_json_set_str(item, "value", cv_core_config(cli->core, settings[i].key));
	cv_json_set_str(item, "help", _(settings[i].help));
	return item;
}

int cv_cli_config_list(void *app, const struct cv_args *parsed)
{
	struct cv_cli *cli = app;
	int status = cv_cli_open(cli, parsed, false, false);

	if (status != 0)
		return status;
	struct cv_json *items = cv_json_new_array();
	for (size_t i = 0; i < CV_COUNT(settings); i++)
		cv_json_push(items, setting(cli, i));
	return cv_cli_show(cli, cv_cli_page(items), plain_settings);
}

static void plain_value(struct cv_cli *cli, const struct cv_json *data)
{
	const char *cells[] = {cv_json_s(data, "value")};

	(void)cli;
	cv_print_row(stdout, cells, 1);
}

int cv_cli_config_get(void *app, const struct cv_args *parsed)
{
	struct cv_cli *cli = app;
	const char *key = cv_args_operand(parsed, 0);
	const char *words[CV_COUNT(settings) + 1] = {NULL};
	struct cv_err err;
	int status = cv_cli_open(cli, parsed, false, false);

	if (status != 0)
		return status;
	for (size_t i = 0; i < CV_COUNT(settings); i++) {
		words[i] = settings[i].key;
		if (strcmp(settings[i].key, key) == 0)
			return cv_cli_show(cli, setting(cli, i), plain_value);
	}
	cv_err_init(&err);
	cv_err_set(&err, CV_USAGE, "key", _("không có mục cấu hình này"));
	if (cv_suggest(key, words) != NULL)
		cv_err_hint(&err, _("có phải %s?"), cv_suggest(key, words));
	return cv_cli_fail(cli, &err, NULL);
}
