/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Screen 8: what waits to be sent, and what a person must look at. Everything here is saved on this machine. */
#include "client/tui/view/view.h"

#include <congvu/base/i18n.h>
#include <congvu/base/mem.h>
#include <congvu/base/time.h>
#include <congvu/model/dossier.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct outbox {
	struct cv_view view;
	struct cv_json *rows; /* owned: waiting ones first, then those for a person */
	struct cv_list list;
	int height;
	int64_t waiting, person;
};

static struct outbox *of(struct cv_view *v)
{
	return (struct outbox *)v;
}

static void outbox_close(struct cv_view *v)
{
	cv_json_destroy(of(v)->rows);
	free(v);
}

static bool for_person(const struct cv_json *row)
{
	return strcmp(cv_json_s(row, "state"), "needs_person") == 0;
}

static void outbox_read(struct cv_view *v)
{
	struct outbox *x = of(v);
	struct cv_json *all = NULL;

	cv_json_destroy(x->rows);
	x->rows = cv_json_new_array();
	x->waiting = x->person = 0;
	if (cv_core_outbox(v->ui->core, &all, NULL) != CV_OK)
		return;
	for (int pass = 0; pass < 2; pass++)
		CV_JSON_EACH (row, all) {
			if (for_person(row) != (pass == 1))
				continue;
			cv_json_push(x->rows, cv_json_dup(row));
			*(pass == 0 ? &x->waiting : &x->person) += 1;
		}
	x->list.count = (int64_t)cv_json_count(x->rows);
	cv_json_destroy(all);
}

static const struct cv_json *selected(struct outbox *x)
{
	int64_t i = 0;

	CV_JSON_EACH (row, x->rows)
		if (i++ == x->list.at)
			return row;
	return NULL;
}

/* "Báo cáo 11h ngày 20/11", "Trình duyệt hồ sơ 261119-0003" */
static void title_of(struct outbox *x, const struct cv_json *row, char *out, size_t size)
{
	const char *op = cv_json_s(row, "op"), *id = cv_json_s(row, "id");
	const struct cv_json *args = cv_json_object_of(row, "args"), *object;
	const struct cv_op *known = cv_op_find(op);

	if (strcmp(op, "report.submit") == 0) {
		bool adhoc = strcmp(cv_json_s(args, "slot"), "adhoc") == 0;
		snprintf(out, size, adhoc ? _("Báo cáo đột xuất%.0s ngày %s") : _("Báo cáo %sh ngày %s"),
			 cv_json_s(args, "slot"), cv_json_s(args, "date"));
	} else if (strncmp(op, "dossier.", 8) == 0) {
		bool here = cv_ctx_get(cv_core_ctx(x->view.ui->core), CV_KIND_DOSSIER, id, &object) == CV_FOUND;
		snprintf(out, size, "%s · %s", known != NULL ? _(known->help) : op,
			 here ? cv_dossier_code_short(cv_json_s(object, "code")) : id);
	} else {
		snprintf(out, size, "%s", known != NULL ? _(known->help) : op);
	}
}

static const char *sign_of(const struct cv_json *row)
{
	const char *state = cv_json_s(row, "state");

	if (for_person(row))
		return strcmp(cv_json_s(cv_json_object_of(row, "error"), "st"), "conflict") == 0 ? "≠" : "×";
	return strcmp(state, "sending") == 0 ? "→" : "C";
}

static const char *state_words(const struct cv_json *row)
{
	const char *state = cv_json_s(row, "state");

	if (for_person(row))
		return strcmp(cv_json_s(cv_json_object_of(row, "error"), "st"), "conflict") == 0 ? _("khác bản máy chủ")
												 : _("không được nhận");
	if (strcmp(state, "sending") == 0)
		return _("đang gửi");
	return strcmp(state, "unknown") == 0 ? _("đã thử, gửi lại") : _("có mạng là tự gửi");
}

static void draw_row(struct outbox *x, struct cv_term *t, int y, int cols, const struct cv_json *row, bool here)
{
	char at[24] = "", title[200];
	int64_t when;

	if (cv_time_parse(cv_json_str(row, "at"), &when))
		cv_clock_text(at, when, cv_ui_now(x->view.ui));
	title_of(x, row, title, sizeof(title));
	cv_put(t, y, 0, 1, CV_PLAIN, here ? ">" : " ");
	cv_put(t, y, 3, 1, for_person(row) ? CV_ALERT : CV_PLAIN, sign_of(row));
	cv_put_cell(t, y, 6, 12, CV_PLAIN, at);
	cv_put_cell(t, y, 19, cols - 40, here ? CV_BOLD : CV_PLAIN, title);
	cv_put(t, y, cols - 20, 19, CV_PLAIN, state_words(row));
}

static void draw_detail(struct outbox *x, struct cv_term *t, int y, int bottom, int cols)
{
	const struct cv_json *row = selected(x), *error = cv_json_object_of(row, "error");
	char line[600];

	cv_rule(t, y++, 1, cols - 2);
	if (row == NULL)
		return;
	if (cv_json_s(error, "detail")[0] != '\0') {
		snprintf(line, sizeof(line), _("Vì sao: %s"), cv_json_s(error, "detail"));
		cv_put(t, y++, 1, cols - 2, CV_BOLD, line);
	}
	CV_JSON_EACH (arg, cv_json_object_of(row, "args")) {
		const char *text = cv_json_string(arg);
		if (y >= bottom || text == NULL || strcmp(cv_json_key(arg), "eid") == 0)
			continue;
		snprintf(line, sizeof(line), "%s │ %s", cv_json_key(arg), text);
		cv_put(t, y++, 1, cols - 2, CV_PLAIN, line);
	}
}

static void outbox_draw(struct cv_view *v, struct cv_term *t, int top, int bottom, int cols)
{
	struct outbox *x = of(v);
	char line[160];
	int y = top + 2, detail = (bottom - top) / 3;
	int64_t i = 0;

	snprintf(line, sizeof(line), _("Chờ gửi %lld · Cần xem lại %lld"), (long long)x->waiting, (long long)x->person);
	cv_put(t, top, 1, cols - 2, CV_BOLD, line);
	x->height = bottom - detail - y - 4;
	cv_list_fit(&x->list, x->height);
	if (x->list.count == 0) {
		cv_put(t, y, 1, cols - 2, CV_PLAIN, _("Không có gì chờ gửi, không có gì cần xem lại."));
		cv_term_cursor(t, y, 1);
		return;
	}
	if (x->waiting > 0)
		cv_put(t, y++, 1, cols - 2, CV_DIM,
		       _("CHỜ GỬI – đã lưu trên máy này, có mạng là tự gửi, không phải làm gì"));
	CV_JSON_EACH (row, x->rows) {
		if (i == x->waiting)
			cv_put(t, y++, 1, cols - 2, CV_DIM,
			       _("CẦN XEM LẠI – nội dung vẫn giữ nguyên, chờ người quyết định"));
		if (i >= x->list.top && i < x->list.top + x->height) {
			if (i == x->list.at)
				cv_term_cursor(t, y, 3);
			draw_row(x, t, y++, cols, row, i == x->list.at);
		}
		i++;
	}
	draw_detail(x, t, bottom - detail, bottom, cols);
}

static char *text_of(const struct cv_json *row)
{
	struct cv_buf b;

	cv_buf_init(&b, 128 << 10);
	CV_JSON_EACH (arg, cv_json_object_of(row, "args"))
		if (cv_json_string(arg) != NULL && strcmp(cv_json_key(arg), "eid") != 0)
			cv_buf_addf(&b, "%s\n", cv_json_string(arg));
	char *out = cv_strdup(b.data != NULL ? b.data : "");
	cv_buf_finish(&b);
	return out;
}

static unsigned outbox_key(struct cv_view *v, const struct cv_key *key, char command)
{
	struct outbox *x = of(v);
	const struct cv_json *row = selected(x);

	if (cv_list_key(&x->list, key, command, x->height))
		return CV_TURN_DRAW;
	if (row == NULL)
		return CV_TURN_UNKNOWN;
	if (key->kind == CV_KEY_ENTER || command == 'y') {
		char *text = text_of(row), title[200];
		title_of(x, row, title, sizeof(title));
		if (command == 'y')
			cv_term_copy(v->ui->term, text);
		cv_ui_pager(v->ui, title, text);
		free(text);
		return CV_TURN_DRAW;
	}
	if (key->kind == CV_KEY_F && key->number == 2 && for_person(row)) {
		cv_live_retry(v->ui->live, cv_json_int(row, "mid", 0));
		cv_ui_say(v->ui, "%s", _("Gửi lại như một việc mới"));
		return CV_TURN_DRAW;
	}
	if (command == '-' && for_person(row)) {
		if (cv_ui_confirm(v->ui, _("Bỏ hẳn nội dung này? Không lấy lại được.")))
			cv_live_drop(v->ui->live, cv_json_int(row, "mid", 0));
		return CV_TURN_DRAW;
	}
	return CV_TURN_UNKNOWN;
}

static void outbox_actions(struct cv_view *v, struct cv_actions *out)
{
	struct outbox *x = of(v);
	const struct cv_json *row = selected(x);
	const char *none = row == NULL ? _("không có gì") : NULL;
	const char *waits = row == NULL ? none : for_person(row) ? NULL : _("đang chờ gửi, không phải làm gì");

	cv_action_add(out, "Enter", _("Đọc"), true, none);
	cv_action_add(out, "F2", _("Gửi lại"), true, waits);
	cv_action_add(out, "-", _("Bỏ"), true, waits);
	cv_action_add(out, "y", _("Chép"), true, none);
}

static const struct cv_view_ops ops = {
	.name = N_("Chờ gửi"),
	.code = "M-801",
	.tab = 8,
	.close = outbox_close,
	.read = outbox_read,
	.draw = outbox_draw,
	.key = outbox_key,
	.actions = outbox_actions,
};

struct cv_view *cv_view_outbox(struct cv_ui *ui)
{
	struct outbox *x = cv_alloc(sizeof(*x));

	x->view = (struct cv_view){.ops = &ops, .ui = ui};
	x->height = 8;
	return &x->view;
}
