/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opening, output, and the one way every act goes. */
#include "cli.h"

#include <congvu/base/fs.h>
#include <congvu/base/i18n.h>
#include <congvu/base/mem.h>
#include <congvu/base/text.h>
#include <congvu/base/time.h>

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MAX_TEXT ((size_t)64 << 10)

int cv_cli_fail(struct cv_cli *cli, const struct cv_err *err, const struct cv_json *data)
{
	if (cli->json)
		cv_print_error(stdout, err, data);
	else
		cv_complain("congvu", err);
	return cv_rc_exit(err->rc);
}

/* Verbs that queue something offer --no-wait; sync only sends. */
static bool acts(const struct cv_args *args)
{
	const struct cv_verb *verb = cv_args_verb(args);

	for (const struct cv_opt *o = verb->opts; o != NULL && o->name != NULL; o++)
		if (strcmp(o->name, "no-wait") == 0)
			return strcmp(verb->noun, "sync") != 0;
	return false;
}

/* A full or busy disk before the row is stored: the status must not read as "queued" (75). */
static void not_saved(struct cv_err *err)
{
	struct cv_err why = *err;

	if (err->rc != CV_IO && err->rc != CV_BUSY)
		return;
	cv_err_init(err);
	cv_err_set(err, CV_NOT_SAVED, NULL, _("CHƯA LƯU: %s"), why.detail);
}

int cv_cli_open(struct cv_cli *cli, const struct cv_args *args, bool must_exist, bool reading)
{
	const char *account = cv_args_text(args, "account");
	struct cv_err err;

	cv_err_init(&err);
	cli->args = args;
	cli->json = cli->json || cv_args_flag(args, "json"); /* main has seen it even where an option swallowed it */
	cli->plain = cv_args_flag(args, "plain");
	if (account == NULL)
		account = cv_args_flag(args, "for-cron") ? "cron" : "default";
	struct cv_core_open how = {.env = cli->env, .account = account, .must_exist = must_exist};
	if (isatty(STDIN_FILENO) && !cv_args_flag(args, "no-input"))
		how.ask = cv_ask_secret;
	if (cv_core_open(&cli->core, &how, &err) != CV_OK) {
		if (acts(args))
			not_saved(&err);
		return cv_cli_fail(cli, &err, NULL);
	}
	CV_JSON_EACH (warning, cv_core_warnings(cli->core))
		fprintf(stderr, "congvu: %s\n", cv_json_string(warning));
	if (reading && cv_core_unlock(cli->core, &err) != CV_OK)
		return cv_cli_fail(cli, &err, NULL);
	return 0;
}

int cv_cli_show(struct cv_cli *cli, struct cv_json *data, void (*plain)(struct cv_cli *cli, const struct cv_json *data))
{
	if (cli->json)
		cv_print_ok(stdout, data);
	else if (plain != NULL)
		plain(cli, data);
	cv_json_destroy(data);
	return 0;
}

struct cv_json *cv_cli_page(struct cv_json *items)
{
	struct cv_json *page = cv_json_new_object();

	cv_json_set(page, "items", items);
	cv_json_set_null(page, "next");
	return page;
}

/* "17:30" today (or tomorrow when it has passed), "+5m", "+2h". */
static bool until(int64_t *out, const char *text, int64_t now)
{
	char *end = NULL;

	if (text[0] == '+') {
		long n = strtol(text + 1, &end, 10);
		if (n < 0 || n > 1440 || end == text + 1 || (strcmp(end, "m") != 0 && strcmp(end, "h") != 0))
			return false;
		*out = now + n * (*end == 'h' ? 3600000LL : 60000LL);
		return true;
	}
	int minute = cv_clock_parse(text);
	if (minute < 0)
		return false;
	*out = cv_date_at(cv_date_of(now), minute);
	if (*out <= now)
		*out += CV_DAY_MS;
	return true;
}

enum cv_rc cv_cli_waiting(struct cv_sync_how *how, const struct cv_cli *cli, struct cv_err *err)
{
	const char *retry = cv_args_text(cli->args, "retry-until");

	*how = (struct cv_sync_how){.wait = CV_WAIT_NORMAL};
	if (cv_args_flag(cli->args, "no-wait"))
		how->wait = CV_WAIT_NONE;
	if (retry == NULL)
		return CV_OK;
	if (!until(&how->until, retry, cv_now(cli->env)))
		return cv_err_set(err, CV_USAGE, "retry-until", _("--retry-until cần dạng 17:30 hoặc +5m"));
	how->wait = CV_WAIT_UNTIL;
	return CV_OK;
}

static struct cv_json *verdict(const struct cv_cli *cli, int64_t mid, const char *id, enum cv_st st,
			       const struct cv_json *result)
{
	struct cv_json *data = cv_json_new_object();

	cv_json_set_int(data, "mid", mid);
	cv_json_set_str(data, "id", id);
	cv_json_set_str(data, "code", cli->code);
	cv_json_set_str(data, "st", cv_st_word(st));
	if (cv_json_str(result, "why") != NULL)
		cv_json_set_str(data, "why", cv_json_str(result, "why"));
	if (cv_json_get(result, "rev") != NULL)
		cv_json_set(data, "rev", cv_json_dup(cv_json_get(result, "rev")));
	return data;
}

/* The server has refused: 10, with its own words. */
static int refused(struct cv_cli *cli, struct cv_json *data, enum cv_st st, const struct cv_json *result)
{
	struct cv_err err;
	enum cv_rc rc = st == CV_ST_CONFLICT ? CV_CONFLICT : st == CV_ST_FORBIDDEN ? CV_FORBIDDEN : CV_REJECTED;
	const char *detail = cv_json_str(result, "detail"), *code = cv_json_str(result, "code");

	cv_err_init(&err);
	cv_err_code(&err, rc, code != NULL ? code : cv_rc_code(rc), cv_json_s(result, "field"), "%s",
		    detail != NULL ? detail : cv_rc_text(rc));
	cv_err_hint(&err, "%s", _("Nội dung vẫn giữ: congvu outbox list"));
	int status = cv_cli_fail(cli, &err, data);
	cv_json_destroy(data);
	return status;
}

/* Queued but without a final result. What stood in the way decides between 75, 76, 77 and 78. */
static int queued(struct cv_cli *cli, struct cv_json *data, struct cv_err *why)
{
	bool person = cv_rc_retry(why->rc) == CV_RETRY_PERSON &&
		      (cv_rc_exit(why->rc) == 76 || cv_rc_exit(why->rc) == 77 || cv_rc_exit(why->rc) == 78);
	int status = 75;

	if (person || why->rc == CV_INTERRUPTED) {
		cv_err_hint(why, "%s", _("Nội dung đã lưu trên máy, chưa gửi"));
		status = cv_cli_fail(cli, why, data);
	} else if (cli->json) {
		cv_print_ok(stdout, data);
	} else {
		struct cv_err said;
		cv_err_init(&said);
		cv_err_set(&said, CV_QUEUED, NULL, NULL);
		cv_err_hint(&said, "%s", why->rc != CV_OK ? why->detail : _("Có mạng sẽ tự gửi"));
		cv_complain("congvu", &said);
	}
	cv_json_destroy(data);
	return status;
}

static int finish(struct cv_cli *cli, int64_t mid, const char *id, const struct cv_sync_out *out, struct cv_err *why,
		  const char *said)
{
	struct cv_json *data = verdict(cli, mid, id, out->st, out->result);

	if (!cv_st_final(out->st))
		return queued(cli, data, why);
	if (!cv_st_accepted(out->st))
		return refused(cli, data, out->st, out->result);
	if (cli->json)
		cv_print_ok(stdout, data);
	else if (isatty(STDOUT_FILENO) && said != NULL)
		printf("%s%s\n", said, out->st == CV_ST_LATE ? _(" (muộn giờ)") : "");
	cv_json_destroy(data);
	return 0;
}

static int advise(struct cv_cli *cli, const char *id, const struct cv_act_out *act)
{
	struct cv_json *data = verdict(cli, 0, id, act->st, NULL);
	struct cv_err err = act->refusal;

	if (err.rc == CV_OK)
		cv_err_set(&err, CV_REJECTED, NULL, NULL);
	bool bad = err.rc == CV_DATA || err.rc == CV_STATE_SECRET;
	cv_err_hint(&err, "%s", _("Chưa lưu gì; vẫn gửi thì thêm --anyway"));
	if (!bad)
		err.rc = act->st == CV_ST_FORBIDDEN ? CV_FORBIDDEN : CV_REJECTED;
	int status = cv_cli_fail(cli, &err, data);
	cv_json_destroy(data);
	return status;
}

/* A whole office's timers fire in the same second: up to a minute of chance between them. */
static void spread(const struct cv_cli *cli)
{
	uint32_t ms;

	if (!cv_args_flag(cli->args, "spread"))
		return;
	cli->env->random(cli->env->data, &ms, sizeof(ms));
	poll(NULL, 0, (int)(ms % 60000));
}

int cv_cli_act(struct cv_cli *cli, const char *op, const char *id, const struct cv_json *args, const char *said)
{
	struct cv_sync_how how;
	struct cv_act_out act = {0};
	struct cv_sync_out out = {.st = CV_ST_QUEUED};
	struct cv_err err, locked;

	cv_err_init(&err);
	cv_err_init(&locked);
	if (cv_cli_waiting(&how, cli, &err) != CV_OK)
		return cv_cli_fail(cli, &err, NULL);
	cv_core_unlock(cli->core, &locked); /* a locked key does not stop writing; it is told at the end */
	struct cv_act_in in = {.op = op, .id = id, .args = args, .anyway = cv_args_flag(cli->args, "anyway")};
	if (cv_core_act(cli->core, &in, &act, &err) != CV_OK) {
		not_saved(&err);
		return cv_cli_fail(cli, &err, NULL);
	}
	if (act.st == CV_ST_FORBIDDEN || act.st == CV_ST_REJECTED)
		return advise(cli, id, &act);
	out.st = act.st;
	how.mid = act.mid;
	if (act.st == CV_ST_QUEUED && cv_core_locked(cli->core))
		err = locked;
	else if (act.st == CV_ST_QUEUED && how.wait != CV_WAIT_NONE) {
		spread(cli);
		cv_core_sync(cli->core, &how, &out, &err);
	}
	int status = finish(cli, act.mid, id, &out, &err, said);
	cv_json_destroy(out.result);
	return status;
}

int cv_cli_deliver(struct cv_cli *cli, int64_t mid, const char *id, struct cv_err *locked, const char *said)
{
	struct cv_sync_how how;
	struct cv_sync_out out = {.st = CV_ST_QUEUED};
	struct cv_err err;

	cv_err_init(&err);
	if (cv_cli_waiting(&how, cli, &err) != CV_OK)
		return cv_cli_fail(cli, &err, NULL);
	how.mid = mid;
	if (cv_core_locked(cli->core))
		err = *locked;
	else if (how.wait != CV_WAIT_NONE)
		cv_core_sync(cli->core, &how, &out, &err);
	int status = finish(cli, mid, id, &out, &err, said);
	cv_json_destroy(out.result);
	return status;
}

/* ---- several at once ---- */
static enum cv_st told(struct cv_cli *cli, struct cv_cli_act *a, struct cv_json *list, bool *person, bool *open)
{
	struct cv_json *result = NULL;
	enum cv_st st = a->out.st;

	if (a->out.mid != 0)
		cv_core_result(cli->core, a->out.mid, &result);
	if (result != NULL && st == CV_ST_QUEUED)
		st = cv_st_of(cv_json_str(result, "st"));
	cli->code = a->code;
	struct cv_json *row = verdict(cli, a->out.mid, a->id, st, result);
	const char *detail = cv_json_str(result, "detail");
	if (detail == NULL && a->out.refusal.detail[0] != '\0')
		detail = a->out.refusal.detail;
	if (detail == NULL && a->err.detail[0] != '\0')
		detail = a->err.detail;
	cv_json_set_str(row, "detail", detail);
	if (!cv_st_accepted(st) && !cli->json)
		fprintf(stderr, "congvu: %s: %s\n", a->code,
			detail != NULL	     ? detail
			: st == CV_ST_QUEUED ? cv_rc_text(CV_QUEUED)
					     : cv_rc_text(CV_REJECTED));
	*open = *open || !cv_st_final(st);
	*person = *person || (cv_st_final(st) && !cv_st_accepted(st));
	cv_json_push(list, row);
	cv_json_destroy(result);
	cli->code = NULL;
	return st;
}

/* One that cannot be stored ends it: what stands before it is queued, nothing behind it was tried. */
static enum cv_rc queue_all(struct cv_cli *cli, struct cv_cli_act *acts, size_t count, bool *queued_any,
			    struct cv_err *err)
{
	for (size_t i = 0; i < count; i++) {
		struct cv_act_in in = {.op = acts[i].op,
				       .id = acts[i].id,
				       .args = acts[i].args,
				       .anyway = cv_args_flag(cli->args, "anyway")};
		cv_err_init(&acts[i].err);
		enum cv_rc rc = cv_core_act(cli->core, &in, &acts[i].out, &acts[i].err);
		if (rc == CV_DATA || rc == CV_STATE_SECRET || rc == CV_SYNTAX || rc == CV_LIMIT) {
			acts[i].out = (struct cv_act_out){.st = CV_ST_REJECTED};
		} else if (rc != CV_OK) {
			*err = acts[i].err;
			not_saved(err);
			return err->rc;
		}
		*queued_any = *queued_any || acts[i].out.st == CV_ST_QUEUED;
	}
	return CV_OK;
}

int cv_cli_acts(struct cv_cli *cli, struct cv_cli_act *acts, size_t count)
{
	struct cv_sync_how how;
	struct cv_sync_out out = {.st = CV_ST_QUEUED};
	struct cv_err err;
	bool queued_any = false, person = false, open = false;

	cv_err_init(&err);
	if (count == 1) {
		cli->code = acts[0].code;
		return cv_cli_act(cli, acts[0].op, acts[0].id, acts[0].args, NULL);
	}
	if (cv_cli_waiting(&how, cli, &err) != CV_OK)
		return cv_cli_fail(cli, &err, NULL);
	if (queue_all(cli, acts, count, &queued_any, &err) != CV_OK)
		return cv_cli_fail(cli, &err, NULL);
	if (queued_any && how.wait != CV_WAIT_NONE && !cv_core_locked(cli->core))
		cv_core_sync(cli->core, &how, &out, &err);
	cv_json_destroy(out.result);
	struct cv_json *list = cv_json_new_array();
	for (size_t i = 0; i < count; i++)
		told(cli, &acts[i], list, &person, &open);
	int status = person ? 10 : open ? (cv_core_locked(cli->core) ? 77 : 75) : 0;
	if (cli->json && (status == 0 || status == 75)) {
		cv_print_ok(stdout, list);
	} else if (cli->json) {
		struct cv_err summary;
		cv_err_init(&summary);
		cv_err_set(&summary, person ? CV_NEEDS_PERSON : CV_LOCKED, NULL, NULL);
		cv_print_error(stdout, &summary, list);
	}
	cv_json_destroy(list);
	return status;
}

bool cv_cli_date(struct cv_cli *cli, char out[16], int *exit_status)
{
	const char *text = cv_args_text(cli->args, "date");
	struct cv_err err;
	int32_t date;

	if (text == NULL || strcmp(text, "today") == 0)
		date = cv_date_of(cv_now(cli->env));
	else if (!cv_date_parse(text, &date)) {
		cv_err_init(&err);
		cv_err_set(&err, CV_DATA, "date", _("ngày phải có dạng 2026-11-22"));
		*exit_status = cv_cli_fail(cli, &err, NULL);
		return false;
	}
	cv_date_format(date, out);
	return true;
}

enum cv_rc cv_cli_text(char **out, const char *path, struct cv_err *err)
{
	char *raw = NULL;
	size_t n = 0;
	enum cv_rc rc = strcmp(path, "-") == 0 ? cv_fd_read(&raw, &n, STDIN_FILENO, MAX_TEXT, err)
					       : cv_file_read(&raw, &n, path, MAX_TEXT, err);

	*out = NULL;
	if (rc == CV_NOT_FOUND || rc == CV_IO) {
		if (err != NULL)
			err->rc = CV_NO_INPUT;
		rc = CV_NO_INPUT;
	}
	if (rc == CV_OK && (!cv_utf8_valid(raw, n) || memchr(raw, '\0', n) != NULL))
		rc = cv_err_set(err, CV_DATA, "from", _("tệp không phải văn bản UTF-8"));
	if (rc == CV_OK) {
		*out = cv_text_nfc_dup(raw);
		size_t len = strlen(*out);
		while (len > 0 && ((*out)[len - 1] == '\n' || (*out)[len - 1] == '\r'))
			(*out)[--len] = '\0';
	}
	free(raw);
	return rc;
}
