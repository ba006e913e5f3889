/* SPDX-License-Identifier: GPL-3.0-or-later */
/* congvu outbox … */
#include "cli.h"

#include <congvu/base/i18n.h>
#include <congvu/base/mem.h>

#include <stdlib.h>
#include <string.h>

static void plain_outbox(struct cv_cli *cli, const struct cv_json *data)
{
	(void)cli;
	CV_JSON_EACH (row, cv_json_array_of(data, "items")) {
		char *mid = cv_strf("%lld", (long long)cv_json_int(row, "mid", 0));
		const struct cv_json *error = cv_json_get(row, "error");
		const char *text = cv_json_string(error) != NULL ? cv_json_string(error) : cv_json_s(error, "detail");
		const char *cells[] = {
			mid, cv_json_s(row, "at"), cv_json_s(row, "op"), cv_json_s(row, "id"), cv_json_s(row, "state"),
			text};
		cv_print_row(stdout, cells, CV_COUNT(cells));
		free(mid);
	}
}

static int all(struct cv_cli *cli, const struct cv_args *parsed, struct cv_json **items)
{
	struct cv_err err;
	int status = cv_cli_open(cli, parsed, true, false);

	if (status != 0)
		return status;
	cv_err_init(&err);
	cv_core_unlock(cli->core, NULL); /* locked: the rows are listed without their texts */
	return cv_core_outbox(cli->core, items, &err) == CV_OK ? 0 : cv_cli_fail(cli, &err, NULL);
}

int cv_cli_outbox_list(void *app, const struct cv_args *parsed)
{
	struct cv_json *items = NULL;
	int status = all(app, parsed, &items);

	return status != 0 ? status : cv_cli_show(app, cv_cli_page(items), plain_outbox);
}

static bool number(const struct cv_args *parsed, int64_t *mid)
{
	char *end;

	*mid = strtoll(cv_args_operand(parsed, 0), &end, 10);
	return *end == '\0' && *mid > 0;
}

static int no_such_row(struct cv_cli *cli)
{
	struct cv_err err;

	cv_err_init(&err);
	cv_err_set(&err, CV_DATA, "mid", _("không có dòng này trong hộp chờ gửi"));
	return cv_cli_fail(cli, &err, NULL);
}

static void plain_row(struct cv_cli *cli, const struct cv_json *row)
{
	struct cv_json *items = cv_json_new_array();

	cv_json_push(items, cv_json_dup(row));
	struct cv_json *page = cv_cli_page(items);
	plain_outbox(cli, page);
	cv_json_destroy(page);
}

int cv_cli_outbox_show(void *app, const struct cv_args *parsed)
{
	struct cv_json *items = NULL, *found = NULL;
	int64_t mid;
	int status = all(app, parsed, &items);

	if (status != 0)
		return status;
	bool ok = number(parsed, &mid);
	CV_JSON_EACH (row, items)
		if (ok && cv_json_int(row, "mid", 0) == mid)
			found = cv_json_dup(row);
	cv_json_destroy(items);
	return found != NULL ? cv_cli_show(app, found, plain_row) : no_such_row(app);
}

int cv_cli_outbox_retry(void *app, const struct cv_args *parsed)
{
	struct cv_cli *cli = app;
	struct cv_err err;
	int64_t mid, fresh = 0;
	int status = cv_cli_open(cli, parsed, true, true);

	if (status != 0)
		return status;
	cv_err_init(&err);
	if (!number(parsed, &mid))
		return no_such_row(cli);
	if (cv_core_outbox_retry(cli->core, mid, &fresh, &err) != CV_OK)
		return cv_cli_fail(cli, &err, NULL);
	struct cv_json *data = cv_json_new_object();
	cv_json_set_int(data, "mid", fresh);
	cv_json_set_str(data, "st", "queued");
	return cv_cli_show(cli, data, NULL);
}

int cv_cli_outbox_drop(void *app, const struct cv_args *parsed)
{
	struct cv_cli *cli = app;
	struct cv_err err;
	int64_t mid;
	int status = cv_cli_open(cli, parsed, true, false);

	if (status != 0)
		return status;
	cv_err_init(&err);
	if (!number(parsed, &mid))
		return no_such_row(cli);
	if (cv_core_outbox_drop(cli->core, mid, &err) != CV_OK)
		return cv_cli_fail(cli, &err, NULL);
	return cv_cli_show(cli, cv_json_new_object(), NULL);
}
