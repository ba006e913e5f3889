/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One dossier: who, what, until when, where it lies; what was said; and what may be done with it now. */
#include "client/tui/view/hold.h"
#include "client/tui/widget/edit.h"

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

enum part { PART_HISTORY, PART_NOTES, PART_PAPERS, PART_COUNT };

struct dossier {
	struct cv_view view;
	char id[CV_ID_MAX + 1];
	struct cv_json *d; /* owned; NULL: gone */
	enum part part;
	struct cv_list list;
	int height;
};

static struct dossier *of(struct cv_view *v)
{
	return (struct dossier *)v;
}

/* ---- acts, shared with the list ---- */
/* A letter has one meaning; which operation it runs depends on who and where. */
static const struct {
	const char *key; /* a letter; ":…" stands in the menu only */
	const char *op, *label;
	bool hint;
} acts[] = {
	{"t", "dossier.submit", N_("Trình duyệt"), true},
	{"d", "dossier.approve", N_("Phê duyệt"), true},
	{"d", "dossier.endorse", N_("Duyệt, trình lãnh đạo"), true},
	{"z", "dossier.return", N_("Trả lại để sửa"), true},
	{"b", "dossier.request-supplement", N_("Yêu cầu bổ sung"), true},
	{"b", "dossier.receive-supplement", N_("Nhận bổ sung"), true},
	{"s", "dossier.issue", N_("Cấp số"), true},
	{"c", "dossier.note", N_("Ghi chú"), true},
	{"i", "dossier.accept", N_("Tiếp nhận"), true},
	{"i", "dossier.deliver", N_("Trả kết quả"), true},
	{"e", "dossier.forward", N_("Chuyển đơn vị"), true},
	{"w", "dossier.assign", N_("Phân công"), true},
	{"w", "dossier.start", N_("Tự nhận thụ lý"), false},
	{"u", "dossier.recall", N_("Rút trình"), false},
	{":refuse", "dossier.refuse", N_("Từ chối tiếp nhận"), false},
	{":request-payment", "dossier.request-payment", N_("Yêu cầu nộp phí"), false},
	{":confirm-payment", "dossier.confirm-payment", N_("Xác nhận đã nộp phí"), false},
	{":request-withdrawal", "dossier.request-withdrawal", N_("Công dân xin rút"), false},
	{":settle-withdrawal", "dossier.settle-withdrawal", N_("Giải quyết xin rút"), false},
	{":stop", "dossier.stop", N_("Dừng giải quyết"), false},
	{":rework", "dossier.rework", N_("Đưa về làm lại"), false},
	{":extend", "dossier.extend", N_("Gia hạn"), false},
	{":reroute", "dossier.reroute", N_("Chuyển lại nơi khác"), false},
	{":explain", "dossier.explain", N_("Giải trình chậm"), false},
	{":apologise", "dossier.apologise", N_("Ghi đã xin lỗi"), false},
};

static enum cv_rc can(struct cv_ui *ui, const struct cv_json *d, const char *op, struct cv_err *err)
{
	struct cv_act act = cv_ui_actor(ui);

	cv_err_init(err);
	return cv_dossier_can(cv_core_ctx(ui->core), cv_op_find(op), d, &act, err);
}

/* Of two operations behind one letter the possible one is shown, else the one whose refusal is about the moment. */
static int choose(struct cv_ui *ui, const struct cv_json *d, const char *key)
{
	struct cv_err err;
	int best = -1;

	for (size_t i = 0; i < CV_COUNT(acts); i++) {
		if (strcmp(acts[i].key, key) != 0)
			continue;
		enum cv_rc rc = can(ui, d, acts[i].op, &err);
		if (rc == CV_OK)
			return (int)i;
		if (best < 0 || rc == CV_REJECTED)
			best = (int)i;
	}
	return best;
}

void cv_dossier_actions(struct cv_ui *ui, const char *id, struct cv_actions *out)
{
	struct cv_json *d = NULL;
	struct cv_err err;

	if (cv_core_get(ui->core, CV_KIND_DOSSIER, id, &d, NULL) != CV_OK)
		return;
	for (size_t i = 0; i < CV_COUNT(acts); i++) {
		if (choose(ui, d, acts[i].key) != (int)i)
			continue;
		enum cv_rc rc = can(ui, d, acts[i].op, &err);
		const char *why = rc == CV_OK ? NULL : err.detail;
		cv_action_add(out, acts[i].key, _(acts[i].label), acts[i].hint, why);
	}
	cv_json_destroy(d);
}

static unsigned run(struct cv_ui *ui, const char *id, int i)
{
	struct cv_json *d = NULL, *args;
	struct cv_err err;
	unsigned turn = CV_TURN_DRAW;

	if (i < 0 || cv_core_get(ui->core, CV_KIND_DOSSIER, id, &d, NULL) != CV_OK)
		return CV_TURN_UNKNOWN;
	enum cv_rc rc = can(ui, d, acts[i].op, &err);
	const char *code = cv_dossier_code_short(cv_json_s(d, "code"));
	char *title = cv_strf("%s %s", _(acts[i].label), code);
	if (rc != CV_OK) {
		cv_ui_say(ui, _("Chưa được: %s – %s"), _(acts[i].label), err.detail);
	} else if (cv_op_find(acts[i].op)->args[0].name == NULL) {
		char *question = cv_strf("%s?", title);
		args = cv_json_new_object();
		if (cv_ui_confirm(ui, question))
			cv_ui_act(ui, acts[i].op, id, args, title);
		cv_json_destroy(args);
		free(question);
	} else {
		cv_ui_push(ui, cv_view_act(ui, acts[i].op, id, title));
	}
	free(title);
	cv_json_destroy(d);
	return turn;
}

unsigned cv_dossier_key(struct cv_ui *ui, const char *id, const char *key)
{
	struct cv_json *d = NULL;

	/* The same letter again: do not wait. */
	if (key[0] == 'u' ? cv_hold_take_back(ui) : (key[0] == 'd' || key[0] == 's') && cv_hold_now(ui, id))
		return CV_TURN_READ;
	if (cv_core_get(ui->core, CV_KIND_DOSSIER, id, &d, NULL) != CV_OK)
		return CV_TURN_UNKNOWN;
	int i = choose(ui, d, key);
	cv_json_destroy(d);
	return run(ui, id, i);
}

/* ---- the screen ---- */
static void dossier_close(struct cv_view *v)
{
	cv_json_destroy(of(v)->d);
	free(v);
}

static const struct cv_json *rows_of(const struct dossier *x)
{
	static const char *const keys[] = {"history", "notes", "attachments"};

	return cv_json_array_of(x->d, keys[x->part]);
}

static void dossier_read(struct cv_view *v)
{
	struct dossier *x = of(v);

	cv_json_destroy(x->d);
	x->d = NULL;
	cv_core_get(v->ui->core, CV_KIND_DOSSIER, x->id, &x->d, NULL);
	x->list.count = (int64_t)cv_json_count(rows_of(x));
}

static const char *at_words(char out[24], struct cv_ui *ui, const char *text)
{
	int64_t t;

	out[0] = '\0';
	if (cv_time_parse(text, &t))
		cv_clock_text(out, t, cv_ui_now(ui));
	return out;
}

static void put_line(struct cv_term *t, int y, int cols, const char *label, const char *value)
{
	cv_put(t, y, 1, 11, CV_DIM, label);
	cv_put(t, y, 13, cols - 14, CV_PLAIN, value);
}

static int draw_facts(struct dossier *x, struct cv_term *t, int y, int cols)
{
	struct cv_ui *ui = x->view.ui;
	const struct cv_json *person = cv_json_object_of(x->d, "applicant"),
			     *procedure = cv_json_object_of(x->d, "procedure"),
			     *submitter = cv_json_object_of(x->d, "submitter");
	static const char *const channels[] = {"", N_("trực tiếp"), N_("trực tuyến"), N_("bưu chính")};
	int64_t channel = cv_json_int(x->d, "channel", 0), when;
	char line[400], at[24], due[40], day[40];

	snprintf(line, sizeof(line), "%s (%s%s%s)", cv_json_s(procedure, "name"), cv_json_s(procedure, "code"),
		 cv_json_s(procedure, "field")[0] != '\0' ? ", " : "", cv_json_s(procedure, "field"));
	put_line(t, y++, cols, _("Thủ tục"), line);
	snprintf(line, sizeof(line), "%s%s%s", cv_json_s(person, "name"),
		 cv_json_s(person, "phone")[0] != '\0' ? _("   Điện thoại ") : "", cv_json_s(person, "phone"));
	put_line(t, y++, cols, _("Chủ hồ sơ"), line);
	snprintf(line, sizeof(line), "%s%s%s %s", cv_json_s(submitter, "name"), submitter != NULL ? "   " : "",
		 channel >= 1 && channel <= 3 ? _(channels[channel]) : "",
		 at_words(at, ui, cv_json_str(x->d, "submitted_at")));
	put_line(t, y++, cols, _("Nộp"), line);
	if (cv_time_parse(cv_json_str(x->d, "due_at"), &when)) {
		cv_due_words(due, cv_core_ctx(ui->core), x->d, cv_ui_now(ui));
		cv_day_text(day, cv_date_of(when));
		snprintf(line, sizeof(line), "%02d:%02d %s · %s   (%s)", cv_minute_of(when) / 60,
			 cv_minute_of(when) % 60, day, due, _("v: vì sao hạn này"));
		put_line(t, y++, cols, _("Hẹn trả"), line);
	}
	snprintf(line, sizeof(line), "%s%s%s", cv_place_label(cv_dossier_place(x->d)),
		 cv_json_s(x->d, "assignee")[0] != '\0' ? " · " : "", cv_person_name(ui, cv_json_s(x->d, "assignee")));
	put_line(t, y++, cols, _("Đang ở"), line);
	return y;
}

/* "Tiếp nhận ── Phân công ── Thụ lý ●── Trình duyệt ── Cấp số ── Trả kết quả" */
static int draw_way(struct dossier *x, struct cv_term *t, int y, int cols)
{
	static const char *const stations[] = {N_("Tiếp nhận"),	  N_("Phân công"), N_("Thụ lý"),
					       N_("Trình duyệt"), N_("Cấp số"),	   N_("Trả kết quả")};
	static const int station_of[CV_PLACE_COUNT] = {
		[CV_PLACE_NEW] = 0,	   [CV_PLACE_RECEIVED] = 0,   [CV_PLACE_REFUSED] = 0,
		[CV_PLACE_UNASSIGNED] = 1, [CV_PLACE_WORKING] = 2,    [CV_PLACE_AT_HEAD] = 3,
		[CV_PLACE_AT_LEADER] = 3,  [CV_PLACE_APPROVED] = 4,   [CV_PLACE_SUPPLEMENT] = 2,
		[CV_PLACE_PAYMENT] = 2,	   [CV_PLACE_WITHDRAWAL] = 2, [CV_PLACE_STOPPED] = 2,
		[CV_PLACE_DONE] = 5,	   [CV_PLACE_DELIVERED] = 5,
	};
	enum cv_place place = cv_dossier_place(x->d);
	int here = place < CV_PLACE_COUNT ? station_of[place] : -1, col = 1;

	if (cols < 76)
		return y;
	for (int i = 0; i < (int)CV_COUNT(stations); i++) {
		col += cv_put(t, y, col, -1, i == here ? CV_BOLD : i < here ? CV_PLAIN : CV_DIM, _(stations[i]));
		if (i == here)
			col += cv_put(t, y, col, -1, CV_PLAIN, " ●");
		if (i + 1 < (int)CV_COUNT(stations))
			col += cv_put(t, y, col, -1, CV_PLAIN, i == here ? "── " : " ── ");
	}
	return y + 1;
}

/* The proposal, and what was said about it. */
static int draw_words(struct dossier *x, struct cv_term *t, int y, int cols)
{
	const struct cv_json *proposal = cv_json_object_of(x->d, "proposal"),
			     *decision = cv_json_object_of(x->d, "decision");
	char line[600], at[24];
	struct cv_ui *ui = x->view.ui;

	if (cv_json_s(proposal, "text")[0] != '\0') {
		snprintf(line, sizeof(line), _("Trình lần %lld (%s, %s): “%s”"),
			 (long long)cv_json_int(proposal, "n", 0), at_words(at, ui, cv_json_str(proposal, "at")),
			 cv_person_name(ui, cv_json_s(proposal, "by")), cv_json_s(proposal, "text"));
		cv_put(t, y++, 1, cols - 2, CV_PLAIN, line);
	}
	if (cv_json_s(decision, "comment")[0] != '\0') {
		bool back = strcmp(cv_json_s(decision, "verdict"), "returned") == 0;
		snprintf(line, sizeof(line), "%s (%s, %s): “%s”", back ? _("Ý kiến trả lại") : _("Ý kiến"),
			 at_words(at, ui, cv_json_str(decision, "at")), cv_person_name(ui, cv_json_s(decision, "by")),
			 cv_json_s(decision, "comment"));
		cv_put(t, y++, 1, cols - 2, back ? CV_BOLD : CV_PLAIN, line);
	}
	if (cv_json_s(decision, "number")[0] != '\0') {
		snprintf(line, sizeof(line), _("Số văn bản %s, ngày %s"), cv_json_s(decision, "number"),
			 cv_json_s(decision, "date"));
		cv_put(t, y++, 1, cols - 2, CV_PLAIN, line);
	}
	return y;
}

static const char *act_word(const char *op)
{
	static char name[48];

	if (strcmp(op, "new") == 0)
		return _("nhận hồ sơ mới");
	snprintf(name, sizeof(name), "dossier.%s", op);
	const struct cv_op *row = cv_op_find(name);
	return row != NULL ? _(row->help) : op;
}

static void row_words(struct dossier *x, const struct cv_json *row, char *out, size_t size)
{
	char at[24];
	struct cv_ui *ui = x->view.ui;

	at_words(at, ui, cv_json_str(row, "at"));
	if (x->part == PART_HISTORY)
		snprintf(out, size, "%-12s %s: %s%s%s", at, cv_person_name(ui, cv_json_s(row, "by")),
			 act_word(cv_json_s(row, "op")), cv_json_s(row, "note")[0] != '\0' ? " – " : "",
			 cv_json_s(row, "note"));
	else if (x->part == PART_NOTES)
		snprintf(out, size, "%-12s %s: %s", at, cv_person_name(ui, cv_json_s(row, "by")),
			 cv_json_s(row, "text"));
	else
		snprintf(out, size, "%s   %s   %lld kB", cv_json_s(row, "name"), cv_json_s(row, "type"),
			 (long long)(cv_json_int(row, "size", 0) + 1023) / 1024);
}

static void draw_parts(struct dossier *x, struct cv_term *t, int y, int bottom, int cols)
{
	static const char *const labels[] = {N_("Diễn biến"), N_("Ghi chú"), N_("Giấy tờ")};
	static const char *const keys[] = {"history", "notes", "attachments"};
	int col = 1;

	for (int i = 0; i < PART_COUNT; i++) {
		char text[60];
		bool here = i == (int)x->part;
		snprintf(text, sizeof(text), here ? "[%s %zu]" : " %s %zu ", _(labels[i]),
			 cv_json_count(cv_json_array_of(x->d, keys[i])));
		col += cv_put(t, y, col, -1, here ? CV_BOLD : CV_PLAIN, text) + 1;
	}
	if (col + 20 < cols)
		cv_put_right(t, y, cols - 1, CV_DIM, _("Tab: chuyển mục"));
	x->height = bottom - y - 1;
	cv_list_fit(&x->list, x->height);
	/* The newest is what one wants to know: it stands on top. */
	int64_t n = x->list.count, i = 0;
	CV_JSON_EACH (row, rows_of(x)) {
		int64_t shown = n - 1 - i++ - x->list.top;
		char text[600];
		if (shown < 0 || shown >= x->height)
			continue;
		row_words(x, row, text, sizeof(text));
		cv_put(t, y + 1 + (int)shown, 0, 1, CV_PLAIN, shown + x->list.top == x->list.at ? ">" : " ");
		cv_put(t, y + 1 + (int)shown, 1, cols - 2, CV_PLAIN, text);
	}
	cv_term_cursor(t, y + 1 + (int)(x->list.at - x->list.top), 1);
}

static void dossier_draw(struct cv_view *v, struct cv_term *t, int top, int bottom, int cols)
{
	struct dossier *x = of(v);
	char title[160], due[40];
	int y = top + 2;

	if (x->d == NULL) {
		cv_put(t, top, 1, cols - 2, CV_BOLD, _("Hồ sơ này không còn ở máy này"));
		cv_put(t, top + 2, 1, cols - 2, CV_PLAIN, _("Đã chuyển cho người khác hoặc đã xong. q: quay lại."));
		cv_term_cursor(t, top, 1);
		return;
	}
	snprintf(title, sizeof(title), _("Hồ sơ %s"), cv_json_s(x->d, "code"));
	int used = cv_put(t, top, 1, cols - 2, CV_BOLD, title);
	cv_due_words(due, cv_core_ctx(v->ui->core), x->d, cv_ui_now(v->ui));
	struct cv_row row;
	cv_row_of(&row, CV_KIND_DOSSIER, x->d);
	snprintf(title, sizeof(title), "%s%s%s", row.mark[0] == 'r' ? _("< BỊ TRẢ LẠI · ") : "", due,
		 cv_json_int(x->d, "pending", 0) > 0 ? _(" · C chờ gửi") : "");
	if (used + cv_text_width(title) + 3 < cols)
		cv_put_right(t, top, cols - 1, CV_PLAIN, title);
	cv_rule(t, top + 1, 1, cols - 2);
	/* A low window has no room for empty lines. */
	int air = bottom - top > 18 ? 1 : 0;
	y = draw_facts(x, t, y, cols) + air;
	y = draw_way(x, t, y, cols) + air;
	y = draw_words(x, t, y, cols) + air;
	cv_rule(t, bottom - 1, 1, cols - 2);
	if (y + 2 < bottom)
		draw_parts(x, t, y, bottom - 1, cols);
	else
		cv_term_cursor(t, top, 1);
}

static void why_due(struct dossier *x)
{
	struct cv_due due;
	struct cv_buf text;

	cv_due_of_dossier(&due, cv_core_ctx(x->view.ui->core), x->d);
	cv_buf_init(&text, 64 << 10);
	CV_JSON_EACH (step, due.steps) {
		int32_t date = 0;
		char day[40];
		cv_date_parse(cv_json_s(step, "date"), &date);
		cv_day_text(day, date);
		cv_buf_addf(&text, _("%s: %s (còn %lld)\n"), day, cv_json_s(step, "what"),
			    (long long)cv_json_int(step, "left", 0));
	}
	cv_ui_pager(x->view.ui, _("Vì sao hạn này"), text.data);
	cv_buf_finish(&text);
	cv_due_finish(&due);
}

static void show_row(struct dossier *x)
{
	int64_t i = x->list.count;

	CV_JSON_EACH (row, rows_of(x)) {
		char text[4600];
		if (--i != x->list.at)
			continue;
		row_words(x, row, text, sizeof(text));
		cv_ui_pager(x->view.ui, cv_json_s(x->d, "code"), text);
	}
}

static unsigned dossier_key(struct cv_view *v, const struct cv_key *key, char command)
{
	struct dossier *x = of(v);

	if (x->d == NULL)
		return CV_TURN_UNKNOWN;
	if (key->kind == CV_KEY_TAB || key->kind == CV_KEY_BACKTAB) {
		x->part = (enum part)((x->part + (key->kind == CV_KEY_TAB ? 1 : PART_COUNT - 1)) % PART_COUNT);
		x->list = (struct cv_list){0};
		return CV_TURN_READ;
	}
	if (cv_list_key(&x->list, key, command, x->height))
		return CV_TURN_DRAW;
	if (key->kind == CV_KEY_ENTER) {
		show_row(x);
		return CV_TURN_DRAW;
	}
	if (command == 'v') {
		why_due(x);
		return CV_TURN_DRAW;
	}
	if (command == 'y') {
		cv_term_copy(v->ui->term, cv_json_s(x->d, "code"));
		cv_ui_say(v->ui, _("Đã chép %s"), cv_json_s(x->d, "code"));
		return CV_TURN_DRAW;
	}
	if (command != '\0' && strchr(CV_DOSSIER_KEYS, command) != NULL)
		return cv_dossier_key(v->ui, x->id, (const char[]){command, '\0'});
	return CV_TURN_UNKNOWN;
}

static unsigned dossier_named(struct cv_view *v, const char *name)
{
	return cv_dossier_key(v->ui, of(v)->id, name);
}

static void dossier_actions(struct cv_view *v, struct cv_actions *out)
{
	struct dossier *x = of(v);

	if (x->d != NULL)
		cv_dossier_actions(v->ui, x->id, out);
	cv_action_add(out, "v", _("Vì sao hạn"), true, NULL);
	cv_action_add(out, "y", _("Chép mã"), false, NULL);
}

static const struct cv_view_ops ops = {
	.name = N_("Một hồ sơ"),
	.code = "M-102",
	.close = dossier_close,
	.read = dossier_read,
	.draw = dossier_draw,
	.key = dossier_key,
	.actions = dossier_actions,
	.named = dossier_named,
};

struct cv_view *cv_view_dossier(struct cv_ui *ui, const char *id)
{
	struct dossier *x = cv_alloc(sizeof(*x));

	x->view = (struct cv_view){.ops = &ops, .ui = ui};
	cv_strcopy(x->id, sizeof(x->id), id);
	x->height = 5;
	cv_live_seen(ui->live, id);
	return &x->view;
}
