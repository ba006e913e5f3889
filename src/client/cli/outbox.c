/* SPDX-License-Identifier: GPL-3.0-or-later */
/* congvu outbox …, congvu conflict … */
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

/* The row of the operand's number; owned, NULL: there is none. */
static int row_of(struct cv_cli *cli, const struct cv_args *parsed, struct cv_json **found)
{
	struct cv_json *items = NULL;
	int64_t mid;
	int status = all(cli, parsed, &items);

	*found = NULL;
	if (status != 0)
		return status;
	bool ok = number(parsed, &mid);
	CV_JSON_EACH (row, items)
		if (ok && cv_json_int(row, "mid", 0) == mid)
			*found = cv_json_dup(row);
	cv_json_destroy(items);
	return *found != NULL ? 0 : no_such_row(cli);
}

int cv_cli_outbox_show(void *app, const struct cv_args *parsed)
{
	struct cv_json *found;
	int status = row_of(app, parsed, &found);

	return status != 0 ? status : cv_cli_show(app, found, plain_row);
}

/* Queued anew with `changes`, sent, told like any act. */
static int again(struct cv_cli *cli, const struct cv_json *row, const struct cv_json *changes)
{
	struct cv_err err, locked;
	int64_t fresh = 0;

	cv_err_init(&err);
	cv_err_init(&locked);
	if (cv_core_unlock(cli->core, &locked) != CV_OK)
		return cv_cli_fail(cli, &locked, NULL);
	if (cv_core_outbox_edit(cli->core, cv_json_int(row, "mid", 0), changes, &fresh, &err) != CV_OK)
		return cv_cli_fail(cli, &err, NULL);
	return cv_cli_deliver(cli, fresh, cv_json_s(row, "id"), &locked, NULL);
}

static const struct cv_arg *argument(const struct cv_op *op, const char *name)
{
	for (const struct cv_arg *arg = op != NULL ? op->args : NULL; arg != NULL && arg->name != NULL; arg++)
		if (strcmp(arg->name, name) == 0)
			return arg;
	return NULL;
}

/* Text stands as it is; numbers, lists and people are JSON. */
static struct cv_json *value_of(const struct cv_arg *arg, const char *text)
{
	struct cv_json *value = NULL;

	switch (arg->kind) {
	case CV_ARG_INT:
	case CV_ARG_NUM:
	case CV_ARG_BOOL:
	case CV_ARG_COUNTS:
	case CV_ARG_ITEMS:
	case CV_ARG_USERS:
	case CV_ARG_PERSON:
		return cv_json_parse(&value, text, strlen(text), &cv_json_request, NULL) == CV_OK ? value : NULL;
	default:
		return cv_json_new_string(text);
	}
}

/* "field=value"; "field=" removes it. */
static enum cv_rc set_one(struct cv_json *changes, const struct cv_op *op, const char *text, struct cv_err *err)
{
	const char *is = strchr(text, '=');
	char *name = cv_strndup(text, is != NULL ? (size_t)(is - text) : 0);
	const struct cv_arg *arg = argument(op, name);
	struct cv_json *value = NULL;

	if (arg != NULL)
		value = is[1] == '\0' ? cv_json_new_null() : value_of(arg, is + 1);
	if (value != NULL)
		cv_json_set(changes, name, value);
	free(name);
	return value != NULL ? CV_OK : cv_err_set(err, CV_USAGE, "set", _("--set cần dạng MỤC=NỘI_DUNG: %s"), text);
}

static enum cv_rc changes_of(struct cv_json **out, const struct cv_args *parsed, const struct cv_json *row,
			     struct cv_err *err)
{
	const struct cv_op *op = cv_op_find(cv_json_s(row, "op"));
	enum cv_rc rc = CV_OK;

	*out = cv_json_new_object();
	if (cv_args_count(parsed, "set") == 0)
		rc = cv_err_set(err, CV_USAGE, "set", _("cần --set MỤC=NỘI_DUNG: điều gì phải đổi"));
	for (size_t i = 0; rc == CV_OK && i < cv_args_count(parsed, "set"); i++)
		rc = set_one(*out, op, cv_args_nth(parsed, "set", i), err);
	return rc;
}

static int redo(struct cv_cli *cli, const struct cv_args *parsed, const struct cv_json *row, bool edit)
{
	struct cv_json *changes = NULL;
	struct cv_err err;

	cv_err_init(&err);
	enum cv_rc rc = edit ? changes_of(&changes, parsed, row, &err) : CV_OK;
	int status = rc == CV_OK ? again(cli, row, changes) : cv_cli_fail(cli, &err, NULL);
	cv_json_destroy(changes);
	return status;
}

int cv_cli_outbox_retry(void *app, const struct cv_args *parsed)
{
	struct cv_json *row;
	int status = row_of(app, parsed, &row);

	status = status == 0 ? redo(app, parsed, row, false) : status;
	cv_json_destroy(row);
	return status;
}

int cv_cli_outbox_edit(void *app, const struct cv_args *parsed)
{
	struct cv_json *row;
	int status = row_of(app, parsed, &row);

	status = status == 0 ? redo(app, parsed, row, true) : status;
	cv_json_destroy(row);
	return status;
}

static int drop(struct cv_cli *cli, int64_t mid)
{
	struct cv_err err;

	cv_err_init(&err);
	if (cv_core_outbox_drop(cli->core, mid, &err) != CV_OK)
		return cv_cli_fail(cli, &err, NULL);
	return cv_cli_show(cli, cv_json_new_object(), NULL);
}

int cv_cli_outbox_drop(void *app, const struct cv_args *parsed)
{
	int64_t mid;
	int status = cv_cli_open(app, parsed, true, false);

	if (status != 0)
		return status;
	return number(parsed, &mid) ? drop(app, mid) : no_such_row(app);
}

/* ---- conflicts: rows that the server could not take because somebody else was faster ---- */
static bool conflict(const struct cv_json *row)
{
	return strcmp(cv_json_s(cv_json_object_of(row, "error"), "st"), cv_st_word(CV_ST_CONFLICT)) == 0;
}

int cv_cli_conflict_list(void *app, const struct cv_args *parsed)
{
	struct cv_json *items = NULL, *found = cv_json_new_array();
	int status = all(app, parsed, &items);

	CV_JSON_EACH (row, items)
		if (conflict(row))
			cv_json_push(found, cv_json_dup(row));
	cv_json_destroy(items);
	if (status == 0)
		return cv_cli_show(app, cv_cli_page(found), plain_outbox);
	cv_json_destroy(found);
	return status;
}

static int conflict_of(struct cv_cli *cli, const struct cv_args *parsed, struct cv_json **row)
{
	int status = row_of(cli, parsed, row);

	if (status != 0 || conflict(*row))
		return status;
	cv_json_destroy(*row);
	*row = NULL;
	return no_such_row(cli);
}

static void plain_conflict(struct cv_cli *cli, const struct cv_json *row)
{
	const struct cv_json *theirs = cv_json_object_of(row, "theirs");

	(void)cli;
	CV_JSON_EACH (mine, cv_json_object_of(row, "args")) {
		char *own = cv_json_text(mine), *other = cv_json_text(cv_json_get(theirs, cv_json_key(mine)));
		const char *cells[] = {cv_json_key(mine), own, other};
		cv_print_row(stdout, cells, CV_COUNT(cells));
		free(own);
		free(other);
	}
}

int cv_cli_conflict_show(void *app, const struct cv_args *parsed)
{
	struct cv_json *row;
	int status = conflict_of(app, parsed, &row);

	return status != 0 ? status : cv_cli_show(app, row, plain_conflict);
}

/* An approval names the text it approves: another text is approved by whoever has read it, not by "mine". */
int cv_cli_conflict_keep_mine(void *app, const struct cv_args *parsed)
{
	struct cv_json *row;
	struct cv_err err;
	int status = conflict_of(app, parsed, &row);
	const struct cv_op *op = cv_op_find(cv_json_s(row, "op"));

	if (status == 0 && op != NULL && (op->flags & CV_OP_HOLD) != 0) {
		cv_err_init(&err);
		cv_err_set(&err, CV_DATA, "n", _("nội dung đã khác khi bạn duyệt: hãy xem lại rồi duyệt"));
		cv_err_hint(&err, "congvu dossier show %s", cv_json_s(cv_json_object_of(row, "theirs"), "code"));
		status = cv_cli_fail(app, &err, NULL);
	} else if (status == 0) {
		status = redo(app, parsed, row, false);
	}
	cv_json_destroy(row);
	return status;
}

int cv_cli_conflict_keep_theirs(void *app, const struct cv_args *parsed)
{
	struct cv_json *row;
	int status = conflict_of(app, parsed, &row);

	status = status == 0 ? drop(app, cv_json_int(row, "mid", 0)) : status;
	cv_json_destroy(row);
	return status;
}

int cv_cli_conflict_merge(void *app, const struct cv_args *parsed)
{
	struct cv_json *row;
	int status = conflict_of(app, parsed, &row);

	status = status == 0 ? redo(app, parsed, row, true) : status;
	cv_json_destroy(row);
	return status;
}
