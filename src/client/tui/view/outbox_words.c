/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "client/tui/view/outbox_words.h"

#include <congvu/base/i18n.h>
#include <congvu/base/mem.h>
#include <congvu/base/text.h>
#include <congvu/base/time.h>
#include <congvu/model/dossier.h>
#include <congvu/model/words.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool cv_outbox_needs_person(const struct cv_json *row)
{
	return strcmp(cv_json_s(row, "state"), "needs_person") == 0;
}

static void put_day(struct cv_buf *out, const char *date)
{
	int year, month, day;
	int32_t d;

	if (!cv_date_parse(date, &d))
		return;
	cv_date_split(d, &year, &month, &day);
	cv_buf_addf(out, _(" ngày %02d/%02d"), day, month);
}

static void put_object(struct cv_ui *ui, struct cv_buf *out, const struct cv_json *row)
{
	struct cv_json *dossier = NULL;
	const char *id = cv_json_s(row, "id");

	if (strcmp(cv_json_s(row, "kind"), "dossier") == 0) {
		if (cv_core_get(ui->core, CV_KIND_DOSSIER, id, &dossier, NULL) == CV_OK &&
		    cv_json_s(dossier, "code")[0] != '\0')
			cv_buf_addf(out, " %s", cv_dossier_code_short(cv_json_s(dossier, "code")));
		else
			cv_buf_addf(out, " %s",
				    cv_json_s(cv_json_object_of(cv_json_get(row, "args"), "applicant"), "name"));
		cv_json_destroy(dossier);
		return;
	}
	/* "w:<user>:<date>", "r:<user>:<date>:<slot>" */
	const char *user = strchr(id, ':'), *date = user != NULL ? strchr(user + 1, ':') : NULL;
	if (date == NULL)
		return;
	char *login = cv_strndup(user + 1, (size_t)(date - user - 1)), *day = cv_strndup(date + 1, 10);
	if (strcmp(login, cv_core_user(ui->core)) != 0)
		cv_buf_addf(out, " %s", cv_name_given(cv_person_name(ui, login)));
	put_day(out, day);
	free(login);
	free(day);
}

/* "Báo cáo 11h ngày 20/11", "Ghi chú vào hồ sơ 261119-0014". */
void cv_outbox_title(struct cv_ui *ui, struct cv_buf *out, const struct cv_json *row)
{
	const struct cv_op *op = cv_op_find(cv_json_s(row, "op"));
	const char *slot = cv_json_s(cv_json_get(row, "args"), "slot");
	struct cv_buf b;

	cv_buf_init(&b, 1000);
	if (strcmp(cv_json_s(row, "op"), "report.submit") == 0) {
		bool hour = slot[0] != '\0' && strspn(slot, "0123456789") == strlen(slot);
		if (strcmp(slot, "adhoc") == 0)
			cv_buf_puts(&b, _("Báo cáo đột xuất"));
		else
			cv_buf_addf(&b, _("Báo cáo %s%s"), slot, hour ? "h" : "");
		put_day(&b, cv_json_s(cv_json_get(row, "args"), "date"));
	} else {
		/* The operation's own words, begun with a capital. */
		const char *help = op != NULL ? _(op->help) : cv_json_s(row, "op");
		if (help[0] >= 'a' && help[0] <= 'z') {
			cv_buf_putc(&b, (char)(help[0] - 'a' + 'A'));
			help++;
		} else if (strncmp(help, "đ", strlen("đ")) == 0) {
			cv_buf_puts(&b, "Đ");
			help += strlen("đ");
		}
		cv_buf_puts(&b, help);
		put_object(ui, &b, row);
	}
	cv_buf_puts(out, b.data);
	cv_buf_finish(&b);
}

const char *cv_outbox_mark(const struct cv_json *row)
{
	const char *state = cv_json_s(row, "state");

	if (cv_outbox_needs_person(row))
		return strcmp(cv_json_s(cv_json_get(row, "error"), "st"), "conflict") == 0 ? "≠" : "×";
	return strcmp(state, "queued") == 0 ? "C" : "→";
}

void cv_outbox_state(struct cv_ui *ui, char *out, size_t size, const struct cv_json *row, bool first)
{
	const char *state = cv_json_s(row, "state"), *st = cv_json_s(cv_json_get(row, "error"), "st");
	struct cv_live_line line = {0};
	int tries = (int)cv_json_int(row, "attempts", 0);

	if (ui->live != NULL)
		cv_live_line(ui->live, &line);
	if (cv_outbox_needs_person(row))
		cv_strcopy(out, size,
			   strcmp(st, "conflict") == 0	  ? _("khác bản máy chủ")
			   : strcmp(st, "forbidden") == 0 ? _("không được phép")
							  : _("không được nhận"));
	else if (strcmp(state, "sending") == 0)
		snprintf(out, size, _("đang gửi, lần %d"), tries);
	else if (strcmp(state, "unknown") == 0)
		snprintf(out, size, line.online ? _("đã gửi, chờ trả lời, lần %d") : _("đã thử %d lần, chờ có mạng"),
			 tries);
	else if (line.online)
		cv_strcopy(out, size, first ? _("gửi ngay") : _("gửi ngay sau"));
	else
		cv_strcopy(out, size, _("chờ có mạng"));
}

/* A value in words: texts as they are, people by name, rows by their titles. */
void cv_outbox_value(struct cv_ui *ui, struct cv_buf *out, enum cv_arg_kind kind, const struct cv_json *value)
{
	const char *text = cv_json_string(value), *item_text;
	int64_t n;

	if (kind == CV_ARG_USER && text != NULL)
		cv_buf_puts(out, cv_person_name(ui, text));
	else if (text != NULL)
		cv_buf_puts(out, kind == CV_ARG_WORD ? cv_word_label(text) : text);
	else if (cv_json_is_int(value, &n))
		cv_buf_addf(out, "%lld", (long long)n);
	else if (cv_json_is(value, CV_JSON_BOOL))
		cv_buf_puts(out, cv_json_is_true(value) ? _("có") : _("không"));
	else if (cv_json_str(value, "name") != NULL)
		cv_buf_puts(out, cv_json_s(value, "name"));
	else if (cv_json_is(value, CV_JSON_ARRAY))
		CV_JSON_EACH (item, value) {
			cv_buf_puts(out, item != cv_json_first(value) ? "; " : "");
			item_text = cv_json_string(item) != NULL ? cv_json_string(item) : cv_json_s(item, "title");
			cv_buf_puts(out, kind == CV_ARG_USERS ? cv_person_name(ui, item_text) : item_text);
		}
	else if (cv_json_get(value, "received") != NULL)
		cv_buf_addf(out, "%lld/%lld/%lld", (long long)cv_json_int(value, "received", 0),
			    (long long)cv_json_int(value, "settled", 0), (long long)cv_json_int(value, "overdue", 0));
}

/* All that was typed, a line each: for the screen, and to be copied. */
void cv_outbox_content(struct cv_ui *ui, struct cv_buf *out, const struct cv_json *row)
{
	const struct cv_op *op = cv_op_find(cv_json_s(row, "op"));
	const struct cv_json *args = cv_json_get(row, "args");

	if (args == NULL)
		cv_buf_puts(out, _("(nội dung đã niêm phong; mở khóa mới xem được)\n"));
	if (op == NULL || args == NULL)
		return;
	for (const struct cv_arg *a = op->args; a->name != NULL; a++) {
		const struct cv_json *value = cv_json_get(args, a->name);
		if (value == NULL || a->help == NULL || strcmp(a->name, "date") == 0 || strcmp(a->name, "slot") == 0)
			continue;
		cv_buf_addf(out, "%s: ", _(a->help));
		cv_outbox_value(ui, out, a->kind, value);
		cv_buf_putc(out, '\n');
	}
}
