/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Screen 1: the dossiers. Only the rows on screen are read; counts are the same query as the list. */
#include "client/tui/view/view.h"

#include <congvu/base/i18n.h>
#include <congvu/base/mem.h>
#include <congvu/base/text.h>
#include <congvu/base/time.h>
#include <congvu/core/dossiers.h>
#include <congvu/model/deadline.h>
#include <congvu/model/dossier.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DETAIL 3 /* rule and two lines about the selected row */

struct inbox {
	struct cv_view view;
	struct cv_dossier_query q;
	char *search; /* owned or NULL */
	struct cv_list list;
	int64_t late, paused;
	struct cv_json *rows; /* owned: the window's */
	int64_t rows_top;
	int height;		/* of the list, as drawn last */
	struct cv_json *detail; /* owned: the body of the selected one */
	char detail_id[CV_ID_MAX + 1];
};

static struct inbox *of(struct cv_view *v)
{
	return (struct inbox *)v;
}

static void inbox_close(struct cv_view *v)
{
	struct inbox *x = of(v);

	cv_json_destroy(x->rows);
	cv_json_destroy(x->detail);
	free(x->search);
	free(x);
}

static int64_t count(struct inbox *x, enum cv_group view)
{
	struct cv_dossier_query q = {.group = view};

	if (x->q.group == CV_GROUP_MINE)
		q.user = cv_core_user(x->view.ui->core);
	int64_t n = cv_core_dossier_count(x->view.ui->core, &q);
	return n > 0 ? n : 0;
}

static void read_window(struct inbox *x)
{
	struct cv_dossier_query q = x->q;
	struct cv_json *page = NULL;

	cv_list_fit(&x->list, x->height);
	q.skip = (int)x->list.top;
	q.limit = x->height + 1;
	cv_json_destroy(x->rows);
	x->rows = NULL;
	if (cv_core_dossiers(x->view.ui->core, &q, &page, NULL) == CV_OK)
		x->rows = cv_json_take(page, "items");
	cv_json_destroy(page);
	x->rows_top = x->list.top;
}

static void inbox_read(struct cv_view *v)
{
	struct inbox *x = of(v);
	int64_t n = cv_core_dossier_count(v->ui->core, &x->q);

	x->list.count = n > 0 ? n : 0;
	x->late = count(x, CV_GROUP_LATE);
	x->paused = count(x, CV_GROUP_PAUSED);
	x->detail_id[0] = '\0';
	read_window(x);
}

static const struct cv_json *row_at(struct inbox *x, int64_t index)
{
	int64_t i = x->rows_top;

	CV_JSON_EACH (row, x->rows)
		if (i++ == index)
			return row;
	return NULL;
}

static const struct cv_json *selected(struct inbox *x)
{
	return x->list.count > 0 ? row_at(x, x->list.at) : NULL;
}

/* The work's sign and the sending's sign have a column each: never colour alone. */
static const char *work_sign(struct inbox *x, const struct cv_json *row, int64_t now)
{
	if (strcmp(cv_json_s(row, "mark"), "r") == 0)
		return "<";
	if (cv_due_state(cv_core_ctx(x->view.ui->core), row, now) == CV_DUE_OVERDUE)
		return "!";
	return cv_json_bool(row, "unread", false) ? "*" : " ";
}

static const char *send_sign(const struct cv_json *row)
{
	if (cv_json_bool(row, "may_be_returned", false))
		return "?";
	return cv_json_int(row, "pending", 0) > 0 ? "C" : " ";
}

static const char *step_words(const struct cv_json *row)
{
	if (strcmp(cv_json_s(row, "mark"), "r") == 0)
		return _("bị trả lại");
	return cv_place_label(cv_dossier_place(row));
}

struct widths {
	int code, procedure, applicant, due, step;
};

static struct widths widths_for(int cols)
{
	struct widths w = {.code = 11, .due = 12};

	if (cols < 72) { /* narrow: no procedure, no code */
		w.code = 0;
		w.due = 11;
		w.step = 0;
		w.applicant = cols - 5 - w.due - 1;
		return w;
	}
	w.step = 14;
	int rest = cols - 4 - w.code - 1 - w.due - 1 - w.step - 1;
	w.procedure = rest * 57 / 100;
	w.applicant = rest - w.procedure - 1;
	return w;
}

static void draw_row(struct inbox *x, struct cv_term *t, int y, const struct cv_json *row, const struct widths *w,
		     bool here, int64_t now)
{
	char due[40];
	int col = 4;
	unsigned attr = CV_PLAIN; /* the mark and the terminal's cursor say where one is: moving on costs two marks */

	cv_due_words(due, cv_core_ctx(x->view.ui->core), row, now);
	cv_put(t, y, 0, 1, CV_PLAIN, here ? ">" : " ");
	const char *sign = work_sign(x, row, now);
	cv_put(t, y, 1, 1, sign[0] == '!' ? CV_ALERT : CV_PLAIN, sign);
	cv_put(t, y, 2, 1, CV_PLAIN, send_sign(row));
	if (w->code > 0) {
		cv_put_cell(t, y, col, w->code, attr, cv_dossier_code_short(cv_json_s(row, "code")));
		col += w->code + 1;
		cv_put_cell(t, y, col, w->procedure, attr, cv_json_s(cv_json_object_of(row, "procedure"), "name"));
		col += w->procedure + 1;
	}
	cv_put_cell(t, y, col, w->applicant, attr, cv_json_s(cv_json_object_of(row, "applicant"), "name"));
	col += w->applicant + 1;
	cv_put_cell(t, y, col, w->due, sign[0] == '!' ? CV_ALERT : attr, due);
	if (w->step > 0)
		cv_put(t, y, col + w->due + 1, w->step, attr, step_words(row));
}

static void draw_detail(struct inbox *x, struct cv_term *t, int y, int cols)
{
	const struct cv_json *row = selected(x);
	char line[300], due[24] = "", at[24];
	static const char *const channels[] = {"", N_("trực tiếp"), N_("trực tuyến"), N_("bưu chính")};
	int64_t now = cv_ui_now(x->view.ui), when;

	if (row == NULL)
		return;
	if (strcmp(x->detail_id, cv_json_s(row, "id")) != 0) {
		cv_json_destroy(x->detail);
		x->detail = NULL;
		cv_core_get(x->view.ui->core, CV_KIND_DOSSIER, cv_json_s(row, "id"), &x->detail, NULL);
		cv_strcopy(x->detail_id, sizeof(x->detail_id), cv_json_s(row, "id"));
	}
	const struct cv_json *d = x->detail != NULL ? x->detail : row;
	int64_t channel = cv_json_int(d, "channel", 0);
	if (cv_time_parse(cv_json_str(d, "due_at"), &when))
		cv_clock_text(due, when, now);
	snprintf(line, sizeof(line), "%s%s%s%s%s%s", cv_json_s(d, "code"), due[0] != '\0' ? _(" · hẹn trả ") : "", due,
		 channel >= 1 && channel <= 3 ? " · " : "", channel >= 1 && channel <= 3 ? _(channels[channel]) : "",
		 cv_json_bool(d, "on_behalf", false) ? _(" · nộp hộ") : "");
	cv_put(t, y, 1, cols - 2, CV_PLAIN, line);
	const struct cv_json *decision = cv_json_object_of(d, "decision");
	if (cv_json_str(decision, "comment") != NULL && cv_time_parse(cv_json_s(decision, "at"), &when)) {
		bool back = strcmp(cv_json_s(decision, "verdict"), "returned") == 0;
		cv_clock_text(at, when, now);
		snprintf(line, sizeof(line), "%s %s, %s: “%s”", back ? _("Trả lại") : _("Ý kiến"), at,
			 cv_person_name(x->view.ui, cv_json_s(decision, "by")), cv_json_s(decision, "comment"));
		cv_put(t, y + 1, 1, cols - 2, CV_PLAIN, line);
	} else if (cv_json_s(d, "assignee")[0] != '\0' && x->q.group != CV_GROUP_MINE) {
		snprintf(line, sizeof(line), _("Đang ở %s"), cv_person_name(x->view.ui, cv_json_s(d, "assignee")));
		cv_put(t, y + 1, 1, cols - 2, CV_PLAIN, line);
	}
}

static void draw_head(struct inbox *x, struct cv_term *t, int y, int cols, const struct widths *w)
{
	char left[160], right[80];
	int col = 4;

	snprintf(left, sizeof(left), "%s%s%s%s", cv_group_label(x->q.group), x->search != NULL ? _(" · tìm “") : "",
		 x->search != NULL ? x->search : "", x->search != NULL ? "”" : "");
	snprintf(right, sizeof(right), _("%lld hồ sơ · %lld trễ · %lld tạm dừng"), (long long)x->list.count,
		 (long long)x->late, (long long)x->paused);
	int used = cv_put(t, y, 1, -1, CV_BOLD, left);
	if (used + cv_text_width(right) + 4 < cols)
		cv_put_right(t, y, cols - 1, CV_PLAIN, right);
	if (w->code > 0) {
		cv_put(t, y + 1, col, w->code, CV_DIM, _("Mã hồ sơ"));
		col += w->code + 1;
		cv_put(t, y + 1, col, w->procedure, CV_DIM, _("Thủ tục"));
		col += w->procedure + 1;
	}
	cv_put(t, y + 1, col, w->applicant, CV_DIM, _("Chủ hồ sơ"));
	col += w->applicant + 1;
	cv_put(t, y + 1, col, w->due, CV_DIM, _("Hẹn trả"));
	if (w->step > 0)
		cv_put(t, y + 1, col + w->due + 1, w->step, CV_DIM, _("Bước"));
}

static void inbox_draw(struct cv_view *v, struct cv_term *t, int top, int bottom, int cols)
{
	struct inbox *x = of(v);
	struct widths w = widths_for(cols);
	int64_t now = cv_ui_now(v->ui);
	int height = bottom - DETAIL - top - 2;

	if (height != x->height) {
		x->height = height;
		read_window(x);
	}
	cv_list_fit(&x->list, height);
	if (x->rows_top != x->list.top)
		read_window(x);
	draw_head(x, t, top, cols, &w);
	for (int i = 0; i < height && x->list.top + i < x->list.count; i++) {
		const struct cv_json *row = row_at(x, x->list.top + i);
		if (row != NULL)
			draw_row(x, t, top + 2 + i, row, &w, x->list.top + i == x->list.at, now);
	}
	if (x->list.count == 0)
		cv_put(t, top + 3, 4, cols - 5, CV_PLAIN,
		       x->search != NULL ? _("Không tìm thấy hồ sơ nào") : _("Không có hồ sơ nào ở đây"));
	cv_rule(t, bottom - DETAIL, 1, cols - 2);
	draw_detail(x, t, bottom - DETAIL + 1, cols);
	/* The cursor stands on the first letter of the selected row: a screen reader reads there. */
	cv_term_cursor(t, top + 2 + (int)(x->list.at - x->list.top), 4);
}

static unsigned next_view(struct inbox *x)
{
	struct cv_actions a = {0};
	char key[40], keys[CV_GROUP_COUNT][12];

	for (int i = 0; i < CV_GROUP_COUNT; i++) {
		struct cv_dossier_query q = {.group = (enum cv_group)i};
		static char labels[CV_GROUP_COUNT][100];
		snprintf(labels[i], sizeof(labels[i]), "%s  (%lld)", cv_group_label((enum cv_group)i),
			 (long long)cv_core_dossier_count(x->view.ui->core, &q));
		snprintf(keys[i], sizeof(keys[i]), "%d", i + 1);
		cv_action_add(&a, keys[i], labels[i], false, NULL);
	}
	cv_ui_menu(x->view.ui, _("Lọc"), &a, key);
	if (key[0] != '\0') {
		x->q.group = (enum cv_group)(key[0] - '1');
		x->list = (struct cv_list){0};
	}
	return CV_TURN_READ;
}

static void set_search(struct inbox *x, const char *text)
{
	free(x->search);
	x->search = text != NULL && text[0] != '\0' ? cv_strdup(text) : NULL;
	x->q.search = x->search;
	x->list = (struct cv_list){0};
}

/* What fits stands there while the word is still being typed. */
static void typed(void *data, const char *text)
{
	struct inbox *x = data;

	set_search(x, text);
	inbox_read(&x->view);
	cv_ui_draw(x->view.ui);
}

static unsigned search(struct inbox *x)
{
	char *before = cv_strdup(x->search);
	char *text = cv_ui_ask_live(x->view.ui, _("Tìm:"), before != NULL ? before : "", typed, x);

	set_search(x, text != NULL ? text : before);
	free(text);
	free(before);
	return CV_TURN_READ;
}

static void copy_code(struct inbox *x)
{
	const struct cv_json *row = selected(x);

	if (row == NULL)
		return;
	cv_term_copy(x->view.ui->term, cv_json_s(row, "code"));
	cv_ui_say(x->view.ui, _("Đã chép %s"), cv_json_s(row, "code"));
}

static unsigned inbox_key(struct cv_view *v, const struct cv_key *key, char command)
{
	struct inbox *x = of(v);
	const struct cv_json *row = selected(x);
	int64_t top = x->list.top;

	if (cv_list_key(&x->list, key, command, x->height)) {
		(void)top;
		return CV_TURN_DRAW;
	}
	if ((key->kind == CV_KEY_ENTER || command == 'l' || key->kind == CV_KEY_RIGHT) && row != NULL) {
		cv_ui_push(v->ui, cv_view_dossier(v->ui, cv_json_s(row, "id")));
		return CV_TURN_DRAW;
	}
	if (command == 'f')
		return next_view(x);
	if (command == '/')
		return search(x);
	if (command == 'y') {
		copy_code(x);
		return CV_TURN_DRAW;
	}
	if (command == '=') {
		x->q.sort = (enum cv_sort)((x->q.sort + 1) % 3);
		cv_ui_say(v->ui, "%s",
			  x->q.sort == CV_SORT_DUE	  ? _("Xếp theo hạn trả")
			  : x->q.sort == CV_SORT_RECEIVED ? _("Xếp theo ngày nhận")
							  : _("Xếp theo mã"));
		return CV_TURN_READ;
	}
	if (command != '\0' && row != NULL && strchr(CV_DOSSIER_KEYS, command) != NULL)
		return cv_dossier_key(v->ui, cv_json_s(row, "id"), (const char[]){command, '\0'});
	return CV_TURN_UNKNOWN;
}

static unsigned inbox_named(struct cv_view *v, const char *name)
{
	const struct cv_json *row = selected(of(v));

	return row != NULL ? cv_dossier_key(v->ui, cv_json_s(row, "id"), name) : CV_TURN_UNKNOWN;
}

static void inbox_actions(struct cv_view *v, struct cv_actions *out)
{
	struct inbox *x = of(v);

	cv_action_add(out, "Enter", _("Mở"), true, selected(x) == NULL ? _("không có hồ sơ nào") : NULL);
	if (selected(x) != NULL)
		cv_dossier_actions(v->ui, cv_json_s(selected(x), "id"), out);
	cv_action_add(out, "/", _("Tìm"), true, NULL);
	cv_action_add(out, "f", _("Lọc"), true, NULL);
	cv_action_add(out, "=", _("Đổi cách xếp"), false, NULL);
	cv_action_add(out, "y", _("Chép mã"), false, NULL);
}

static const struct cv_view_ops ops = {
	.name = N_("Hồ sơ"),
	.code = "M-101",
	.tab = 1,
	.close = inbox_close,
	.read = inbox_read,
	.draw = inbox_draw,
	.key = inbox_key,
	.actions = inbox_actions,
	.named = inbox_named,
};

struct cv_view *cv_view_inbox(struct cv_ui *ui)
{
	struct inbox *x = cv_alloc(sizeof(*x));

	x->view = (struct cv_view){.ops = &ops, .ui = ui};
	x->q.group = cv_group_home(ui->core);
	x->height = 10;
	return &x->view;
}
