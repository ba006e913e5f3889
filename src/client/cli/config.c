/* SPDX-License-Identifier: GPL-3.0-or-later */
/* congvu config … : what holds now, the office's file with one's own over it. */
#include "cli.h"

#include <congvu/base/i18n.h>
#include <congvu/base/mem.h>

#include <string.h>

#define MAX_SETTINGS 40

static void plain_settings(struct cv_cli *cli, const struct cv_json *data)
{
	(void)cli;
	CV_JSON_EACH (item, cv_json_array_of(data, "items")) {
		const char *cells[] = {cv_json_s(item, "key"), cv_json_s(item, "value"), cv_json_s(item, "help")};
		cv_print_row(stdout, cells, CV_COUNT(cells));
	}
}

static struct cv_json *setting(const char *key, const char *value, const char *help)
{
	struct cv_json *item = cv_json_new_object();

	cv_json_set_str(item, "key", key);
	cv_json_set_str(item, "value", value);
	cv_json_set_str(item, "help", help);
	return item;
}

struct cv_json *cv_cli_settings(void)
{
	struct cv_json *items = cv_json_new_array();
	const char *help, *key;

	for (size_t i = 0; (key = cv_core_setting(i, &help)) != NULL; i++)
		cv_json_push(items, setting(key, "", help));
	return items;
}

int cv_cli_config_list(void *app, const struct cv_args *parsed)
{
	struct cv_cli *cli = app;
	int status = cv_cli_open(cli, parsed, false, false);

	if (status != 0)
		return status;
	struct cv_json *items = cv_json_new_array();
	const char *help, *key;
	for (size_t i = 0; (key = cv_core_setting(i, &help)) != NULL; i++)
		cv_json_push(items, setting(key, cv_core_config(cli->core, key), help));
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
	const char *words[MAX_SETTINGS + 1] = {NULL}, *help;
	struct cv_err err;
	int status = cv_cli_open(cli, parsed, false, false);

	if (status != 0)
		return status;
	for (size_t i = 0; i < MAX_SETTINGS && (words[i] = cv_core_setting(i, &help)) != NULL; i++)
		if (strcmp(words[i], key) == 0)
			return cv_cli_show(cli, setting(key, cv_core_config(cli->core, key), help), plain_value);
	cv_err_init(&err);
	cv_err_set(&err, CV_USAGE, "key", _("không có mục cấu hình này"));
	if (cv_suggest(key, words) != NULL)
		cv_err_hint(&err, _("có phải %s?"), cv_suggest(key, words));
	return cv_cli_fail(cli, &err, NULL);
}
