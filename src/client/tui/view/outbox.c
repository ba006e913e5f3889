/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Screen 8: what waits to be sent, and what came back. Everything here is saved on this machine; nothing leaves the
 * list but by the server's acceptance or a person's word.
 */
#include "client/tui/view/outbox_words.h"
#include "client/tui/view/wrap.h"

#include <congvu/base/i18n.h>
#include <congvu/base/mem.h>
#include <congvu/base/text.h>
#include <congvu/base/time.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NARROW 72

struct outbox {
	struct cv_view v;
	struct cv_json *waiting, *person; /* owned: rows of cv_core_outbox */
	struct cv_list list;		  /* the waiting ones, then those that need a person */
	int64_t mid;			  /* where the cursor stands */
};

static void outbox_close(struct cv_view *v)
{
	struct outbox *o = (struct outbox *)v;

	cv_json_destroy(o->waiting);
	cv_json_destroy(o->person);
	free(o);
}

static const struct cv_json *row_at(const struct outbox *o, int64_t at)
{
	CV_JSON_EACH (row, o->waiting)
		if (at-- == 0)
			return row;
	CV_JSON_EACH (row, o->person)
		if (at-- == 0)
			return row;
	return NULL;
}

static void outbox_read(struct cv_view *v)
{
	struct outbox *o = (struct outbox *)v;
	struct cv_json *rows = NULL;

	cv_json_destroy(o->waiting);
	cv_json_destroy(o->person);
	o->waiting = cv_json_new_array();
	o->person = cv_json_new_array();
	if (cv_core_outbox(v->ui->core, &rows, NULL) == CV_OK)
		CV_JSON_EACH (row, rows)
			cv_json_push(cv_outbox_needs_person(row) ? o->person : o->waiting, cv_json_dup(row));
	cv_json_destroy(rows);
	o->list.count = (int64_t)(cv_json_count(o->waiting) + cv_json_count(o->person));
	for (int64_t i = 0; i < o->list.count; i++)
		if (cv_json_int(row_at(o, i), "mid", 0) == o->mid)
			o->list.at = i;
}

/* ---- drawing ---- */
static void draw_row(struct outbox *o, struct cv_term *t, int row, int width, const struct cv_json *item, bool here,
		     bool first)
{
	char at[24] = "", words[80];
	struct cv_buf title;
	int64_t when;

	cv_buf_init(&title, 1000);
	cv_outbox_title(o->v.ui, &title, item);
	cv_outbox_state(o->v.ui, words, sizeof(words), item, first);
	if (cv_time_parse(cv_json_s(item, "at"), &when))
		cv_clock_text(at, when, cv_ui_now(o->v.ui));
	bool narrow = width + 1 < NARROW;
	int room = narrow ? width - 7 : width - 8 - cv_text_width(words) - 2;
	cv_put(t, row, 0, 1, CV_BOLD, here ? ">" : " ");
	cv_put(t, row, 3, 1, cv_outbox_needs_person(item) ? CV_ALERT : CV_PLAIN, cv_outbox_mark(item));
	/* The day stands only where it is another one. */
	int used = narrow ? 0 : cv_put(t, row, 6, 11, CV_PLAIN, at) + 2;
	int col = narrow ? 6 : 6 + (used > 7 ? used : 7);
	cv_put(t, row, col, room - (col - 8), CV_PLAIN, title.data);
	if (!narrow)
		cv_put_right(t, row, width, CV_PLAIN, words);
	if (here)
		cv_term_cursor(t, row, col);
	cv_buf_finish(&title);
}

static void draw_head(struct outbox *o, struct cv_term *t, int row, int width)
{
	struct cv_live_line line = {0};
	size_t waiting = cv_json_count(o->waiting), person = cv_json_count(o->person);
	char *left = cv_strf(_("Chờ gửi %zu · Cần xem lại %zu"), waiting, person), at[24];

	cv_put(t, row, 1, width - 1, CV_BOLD, left);
	if (o->v.ui->live != NULL)
		cv_live_line(o->v.ui->live, &line);
	if (!line.online && line.since != CV_TIME_NONE && line.since != 0) {
		cv_clock_text(at, line.since, cv_ui_now(o->v.ui));
		char *right = cv_strf(_("MẤT MẠNG từ %s, tự thử lại"), at);
		if (cv_text_width(left) + cv_text_width(right) + 4 < width)
			cv_put_right(t, row, width, CV_PLAIN, right);
		free(right);
	}
	free(left);
}

/* One line of the list's picture: a heading, a row, or nothing. */
static int draw_lists(struct outbox *o, struct cv_term *t, int top, int height, int width)
{
	int64_t waiting = (int64_t)cv_json_count(o->waiting), i = 0;
	int row = top, last = top + height;
	bool narrow = width + 1 < NARROW;

	cv_list_fit(&o->list, height - (narrow ? 2 : 4) > 0 ? height - (narrow ? 2 : 4) : 1);
	if (waiting > 0 && o->list.top < waiting)
		cv_put(t, row++, 1, width - 1, CV_BOLD,
		       narrow ? _("CHỜ GỬI – có mạng là tự gửi")
			      : _("CHỜ GỬI – đã lưu trên máy này, có mạng là tự gửi, không phải làm gì"));
	CV_JSON_EACH (item, o->waiting) {
		if (i >= o->list.top && row < last)
			draw_row(o, t, row++, width, item, i == o->list.at, i == 0);
		i++;
	}
	if (cv_json_count(o->person) == 0)
		return row;
	if (!narrow && row > top && row < last)
		row++;
	if (row < last)
		cv_put(t, row++, 1, width - 1, CV_BOLD,
		       narrow ? _("CẦN XEM LẠI – chờ người quyết định")
			      : _("CẦN XEM LẠI – nội dung vẫn giữ nguyên, chờ người quyết định"));
	CV_JSON_EACH (item, o->person) {
		if (i >= o->list.top && row < last)
			draw_row(o, t, row++, width, item, i == o->list.at, false);
		i++;
	}
	return row;
}

/* Of a field edit: what I wrote beside what the server holds. */
static int draw_both(struct outbox *o, struct cv_term *t, int row, int last, int width, const struct cv_json *item)
{
	const struct cv_op *op = cv_op_find(cv_json_s(item, "op"));
	struct cv_json *theirs = NULL;
	int half = (width - 1) / 2;

	cv_core_get_server(o->v.ui->core, op->kind, cv_json_s(item, "id"), &theirs, NULL);
	cv_put(t, row, 1, half - 2, CV_BOLD, _("Bản của tôi"));
	cv_put(t, row, half, 1, CV_PLAIN, "│");
	cv_put(t, row++, half + 2, width - half - 2, CV_BOLD, _("Trên máy chủ"));
	for (const struct cv_arg *a = op->args; a->name != NULL && row < last; a++) {
		const struct cv_json *mine = cv_json_get(cv_json_get(item, "args"), a->name);
		struct cv_buf b;
		if (mine == NULL || a->help == NULL)
			continue;
		cv_buf_init(&b, 20000);
		cv_buf_addf(&b, "%s: ", _(a->help));
		cv_outbox_value(o->v.ui, &b, a->kind, mine);
		cv_put(t, row, 1, half - 2, CV_PLAIN, b.data);
		cv_put(t, row, half, 1, CV_PLAIN, "│");
		cv_buf_reset(&b);
		cv_outbox_value(o->v.ui, &b, a->kind, cv_json_get(theirs, a->name));
		cv_put(t, row++, half + 2, width - half - 2, CV_PLAIN, b.len > 0 ? b.data : _("(không có)"));
		cv_buf_finish(&b);
	}
	cv_json_destroy(theirs);
	return row;
}

static void draw_detail(struct outbox *o, struct cv_term *t, int row, int last, int width)
{
	const struct cv_json *item = row_at(o, o->list.at), *error = cv_json_object_of(item, "error");
	const struct cv_op *op = cv_op_find(cv_json_s(item, "op"));
	bool both = cv_outbox_needs_person(item) && op != NULL && (op->flags & CV_OP_BASE) != 0;
	struct cv_buf b;

	if (item == NULL)
		return;
	cv_buf_init(&b, 1 << 20);
	if (both) {
		row = draw_both(o, t, row, last - 2, width, item);
	} else {
		cv_outbox_content(o->v.ui, &b, item);
		row = cv_wrap_draw(t, row, error != NULL ? last - 2 : last, 1, width - 1, b.data != NULL ? b.data : "");
		cv_buf_reset(&b);
	}
	if (error != NULL) {
		const char *why = cv_json_s(error, "detail");
		cv_buf_addf(&b, _("Vì sao: %s"), why[0] != '\0' ? why : cv_json_s(error, "code"));
		cv_wrap_draw(t, row, last, 1, width - 1, b.data);
	}
	cv_buf_finish(&b);
}

static void outbox_draw(struct cv_view *v, struct cv_term *t, int top, int bottom, int cols)
{
	struct outbox *o = (struct outbox *)v;
	int width = cols - 1, height;

	draw_head(o, t, top++, width);
	if (o->list.count == 0) {
		cv_put(t, top + 1, 1, width - 1, CV_PLAIN, _("Không còn gì chờ gửi: máy chủ đã nhận hết."));
		cv_term_cursor(t, top + 1, 1);
		return;
	}
	if (cols >= NARROW)
		top++;
	/* The rows get what they need up to the half; the selected one's content the rest. */
	height = (int)o->list.count + 3;
	height = height > (bottom - top) / 2 + 1 ? (bottom - top) / 2 + 1 : height;
	int row = draw_lists(o, t, top, height, width);
	cv_rule(t, row, 1, width - 1);
	draw_detail(o, t, row + 1, bottom, width);
}

/* ---- keys ---- */
static unsigned send_again(struct outbox *o, const struct cv_json *row)
{
	if (!cv_outbox_needs_person(row)) {
		cv_live_sync(o->v.ui->live);
		cv_ui_say(o->v.ui, "%s", _("Việc này tự gửi; đang thử ngay"));
		return CV_TURN_DRAW;
	}
	if (cv_ui_confirm(o->v.ui, _("Gửi lại y nguyên nội dung này như một việc mới?"))) {
		cv_live_retry(o->v.ui->live, cv_json_int(row, "mid", 0));
		cv_ui_say(o->v.ui, "%s", _("Đã đưa lại vào danh sách chờ gửi"));
	}
	return CV_TURN_DRAW;
}

static unsigned drop(struct outbox *o, const struct cv_json *row)
{
	if (!cv_outbox_needs_person(row)) {
		cv_ui_say(o->v.ui, "%s", _("Chưa bỏ được: việc này đã lưu để gửi, máy chủ trả lời rồi mới bỏ"));
		return CV_TURN_DRAW;
	}
	if (cv_ui_confirm(o->v.ui, _("Bỏ hẳn bản của tôi? Nội dung đã ghi ở đây sẽ mất."))) {
		cv_live_drop(o->v.ui->live, cv_json_int(row, "mid", 0));
		cv_ui_say(o->v.ui, "%s", _("Đã bỏ"));
	}
	return CV_TURN_DRAW;
}

static void copy(struct outbox *o, const struct cv_json *row)
{
	struct cv_buf b;

	cv_buf_init(&b, 1 << 20);
	cv_outbox_content(o->v.ui, &b, row);
	if (b.len > 0) {
		cv_term_copy(o->v.ui->term, b.data);
		cv_ui_pager(o->v.ui, _("Đã chép; nếu không dán được, bôi đen dưới đây"), b.data);
	}
	cv_buf_finish(&b);
}

/* Opens what the row is about. */
static void open_object(struct outbox *o, const struct cv_json *row)
{
	const char *kind = cv_json_s(row, "kind"), *slot = cv_json_s(cv_json_get(row, "args"), "slot");
	struct cv_buf b;

	if (strcmp(kind, "dossier") == 0) {
		cv_ui_push(o->v.ui, cv_view_dossier(o->v.ui, cv_json_s(row, "id")));
		return;
	}
	if (strcmp(cv_json_s(row, "op"), "report.submit") == 0 && strcmp(slot, "adhoc") != 0 &&
	    cv_outbox_needs_person(row)) {
		cv_ui_push(o->v.ui, cv_view_report_form(o->v.ui, slot));
		return;
	}
	cv_buf_init(&b, 1 << 20);
	cv_outbox_content(o->v.ui, &b, row);
	cv_ui_pager(o->v.ui, _("Nội dung đã lưu"), b.data != NULL ? b.data : "");
	cv_buf_finish(&b);
}

static unsigned outbox_key(struct cv_view *v, const struct cv_key *key, char command)
{
	struct outbox *o = (struct outbox *)v;
	const struct cv_json *row = row_at(o, o->list.at);
	bool send = (key->kind == CV_KEY_F && key->number == 2) || (key->kind == CV_KEY_CTRL && key->number == 's');

	if (cv_list_key(&o->list, key, command, (cv_term_rows(v->ui->term) - 6) / 2)) {
		o->mid = cv_json_int(row_at(o, o->list.at), "mid", 0);
		return CV_TURN_DRAW;
	}
	if (row == NULL)
		return CV_TURN_UNKNOWN;
	o->mid = cv_json_int(row, "mid", 0);
	if (send)
		return send_again(o, row);
	if (command == '-')
		return drop(o, row);
	if (command == 'y')
		copy(o, row);
	else if (key->kind == CV_KEY_ENTER || command == 'l' || key->kind == CV_KEY_RIGHT)
		open_object(o, row);
	else
		return CV_TURN_UNKNOWN;
	return CV_TURN_DRAW;
}

static void outbox_actions(struct cv_view *v, struct cv_actions *out)
{
	struct outbox *o = (struct outbox *)v;
	const struct cv_json *row = row_at(o, o->list.at);
	const char *none = row == NULL ? _("không còn gì chờ gửi") : NULL;
	const char *not_back = none != NULL		     ? none
			       : cv_outbox_needs_person(row) ? NULL
							     : _("chỉ bỏ được việc bị trả lại");

	cv_action_add(out, "F2", row != NULL && cv_outbox_needs_person(row) ? _("Gửi lại") : _("Gửi ngay"), true, none);
	cv_action_add(out, "-", _("Bỏ bản của tôi"), true, not_back);
	cv_action_add(out, "y", _("Chép nội dung"), true, none);
	cv_action_add(out, "Enter", _("Mở"), true, none);
}

static const struct cv_view_ops outbox_ops = {
	.name = "outbox",
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
	struct outbox *o = cv_alloc(sizeof(*o));

	o->v = (struct cv_view){.ops = &outbox_ops, .ui = ui, .stale = true};
	return &o->v;
}
