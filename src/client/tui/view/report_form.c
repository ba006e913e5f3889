/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The report form: always opened filled from the day's work, kept as a draft, sent when the person has seen it. */
#include "client/tui/view/view.h"
#include "client/tui/widget/form.h"

#include <congvu/base/i18n.h>
#include <congvu/base/mem.h>
#include <congvu/base/time.h>
#include <congvu/core/draft.h>
#include <congvu/model/fill.h>
#include <congvu/model/policy.h>
#include <congvu/model/slot.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct form {
	struct cv_view view;
	char id[CV_ID_MAX + 1], slot[16], date[CV_DATE_SIZE];
	char *draft; /* owned: its name */
	struct cv_form form;
	bool had_draft, sent;
	int64_t saved_at; /* of the draft, CV_TIME_NONE */
	uint64_t ticket;  /* of the draft being written */
};

static struct form *form_of(struct cv_view *v)
{
	return (struct form *)v;
}

static void form_close(struct cv_view *v)
{
	struct form *x = form_of(v);

	cv_form_finish(&x->form);
	free(x->draft);
	free(x);
}

static void form_read(struct cv_view *v)
{
	(void)v;
}

static void form_save(struct cv_view *v)
{
	struct form *x = form_of(v);

	if (x->sent || !x->form.changed)
		return;
	struct cv_json *draft = cv_form_save(&x->form);
	cv_json_set_int(draft, "time", cv_ui_now(v->ui));
	cv_ui_place(v->ui, "report", x->slot, NULL);
	x->ticket = cv_live_draft(v->ui->live, x->draft, draft);
	cv_json_destroy(draft);
	x->form.changed = false;
}

/* Only what is on the disk is called saved. */
static void form_saved(struct cv_view *v, uint64_t ticket)
{
	if (form_of(v)->ticket == ticket)
		form_of(v)->saved_at = cv_ui_now(v->ui);
}

static unsigned form_tick(struct cv_view *v)
{
	form_save(v);
	return CV_TURN_NONE;
}

static void add_text(struct form *x, const char *name, const char *label, const char *hint, int rows)
{
	struct cv_field f = {
		.name = name, .label = label, .hint = hint, .kind = CV_FIELD_TEXT, .rows = rows, .max = 16384};

	cv_form_add(&x->form, &f);
}

static void add_number(struct form *x, const char *name, const char *label)
{
	struct cv_field f = {.name = name, .label = label, .kind = CV_FIELD_LINE, .width = 6, .max = 7};

	cv_form_add(&x->form, &f);
}

static void add_fields(struct form *x)
{
	bool tight = cv_term_rows(x->view.ui->term) < 24;
	struct cv_field urgent = {
		.name = "urgent", .label = _("Khẩn"), .kind = CV_FIELD_CHECK, .hint = _("báo ngay lãnh đạo")};
	struct cv_field event = {.name = "event", .label = _("Sự việc"), .kind = CV_FIELD_LINE, .max = 500};

	x->form.label_width = 17;
	if (strcmp(x->slot, "adhoc") == 0)
		cv_form_add(&x->form, &event);
	add_text(x, "done", _("Đã làm"), _("(lấy từ Việc hôm nay, sửa được)"), tight ? 2 : 3);
	add_text(x, "doing", _("Đang làm, sẽ làm"), NULL, 2);
	add_text(x, "blocked", _("Vướng mắc"), NULL, 2);
	add_text(x, "proposal", _("Đề xuất, kiến nghị"), NULL, 2);
	add_number(x, "received", _("Tiếp nhận"));
	add_number(x, "settled", _("Giải quyết xong"));
	add_number(x, "overdue", _("Quá hạn"));
	cv_form_add(&x->form, &urgent);
}

static const struct cv_json *sent_report(struct form *x)
{
	const struct cv_json *report;

	return cv_ctx_get(cv_core_ctx(x->view.ui->core), CV_KIND_REPORT, x->id, &report) == CV_FOUND ? report : NULL;
}

static void fill(struct form *x)
{
	static const char *const texts[] = {"done", "doing", "blocked", "proposal", "event"};
	static const char *const numbers[] = {"received", "settled", "overdue"};
	const struct cv_json *report = sent_report(x), *workday;
	char id[CV_ID_MAX + 1], *done, *doing, number[24];

	if (report != NULL) { /* a correction begins with what was sent */
		for (size_t i = 0; i < CV_COUNT(texts); i++)
			cv_form_set(&x->form, texts[i], cv_json_s(report, texts[i]));
		for (size_t i = 0; i < CV_COUNT(numbers); i++) {
			int64_t n = cv_json_int(cv_json_object_of(report, "counts"), numbers[i], -1);
			snprintf(number, sizeof(number), "%lld", (long long)n);
			cv_form_set(&x->form, numbers[i], n >= 0 ? number : "");
		}
		cv_form_set(&x->form, "urgent", cv_json_bool(report, "urgent", false) ? "1" : "0");
		return;
	}
	cv_id_workday(id, cv_core_user(x->view.ui->core), x->date);
	if (strcmp(x->slot, "adhoc") == 0 ||
	    cv_ctx_get(cv_core_ctx(x->view.ui->core), CV_KIND_WORKDAY, id, &workday) != CV_FOUND)
		return;
	cv_fill_from_workday(&done, &doing, workday);
	cv_form_set(&x->form, "done", done);
	cv_form_set(&x->form, "doing", doing);
	free(done);
	free(doing);
}

static bool read_number(struct form *x, struct cv_json *counts, const char *name)
{
	const char *text = cv_form_text(&x->form, name);
	char *end;

	text += strspn(text, " ");
	if (*text == '\0')
		return true;
	long n = strtol(text, &end, 10);
	end += strspn(end, " ");
	if (*end != '\0' || n < 0 || n > 1000000)
		return false;
	cv_json_set_int(counts, name, n);
	return true;
}

static struct cv_json *arguments(struct form *x, const char **wrong)
{
	static const char *const numbers[] = {"received", "settled", "overdue"};
	struct cv_json *args = cv_form_args(&x->form), *counts = cv_json_new_object();

	*wrong = NULL;
	for (size_t i = 0; i < CV_COUNT(numbers); i++) {
		cv_json_remove(args, numbers[i]);
		if (!read_number(x, counts, numbers[i]))
			*wrong = numbers[i];
	}
	if (cv_json_count(counts) > 0)
		cv_json_set(args, "counts", counts);
	else
		cv_json_destroy(counts);
	cv_json_set_str(args, "date", x->date);
	cv_json_set_str(args, "slot", x->slot);
	return args;
}

static void go_to(struct form *x, const char *field)
{
	for (int i = 0; i < x->form.count; i++)
		if (strcmp(x->form.fields[i].name, field) == 0)
			x->form.at = i;
}

static unsigned send(struct form *x)
{
	struct cv_ui *ui = x->view.ui;
	const char *wrong;
	struct cv_json *args = arguments(x, &wrong);
	struct cv_act act = cv_ui_actor(ui);
	struct cv_outcome out;
	char said[60];
	unsigned turn = CV_TURN_DRAW;

	cv_op_apply(cv_core_ctx(ui->core), cv_op_find("report.submit"), x->id, sent_report(x), args, &act, &out);
	if (wrong != NULL) {
		cv_ui_alert(ui, "%s", _("Số liệu phải là số từ 0 đến 1.000.000"));
		go_to(x, wrong);
	} else if (out.st == CV_ST_REJECTED && (out.err.rc == CV_DATA || out.err.rc == CV_STATE_SECRET)) {
		cv_ui_alert(ui, "%s", out.err.detail);
		go_to(x, out.err.field);
	} else {
		x->sent = true;
		cv_live_draft(ui->live, x->draft, NULL);
		cv_ui_place(ui, NULL, NULL, NULL);
		if (strcmp(x->slot, "adhoc") == 0)
			cv_strcopy(said, sizeof(said), _("Báo cáo đột xuất"));
		else
			snprintf(said, sizeof(said), _("Báo cáo %sh"), x->slot);
		cv_ui_act(ui, "report.submit", x->id, args, said);
		turn = CV_TURN_BACK | CV_TURN_READ;
	}
	cv_outcome_finish(&out);
	cv_json_destroy(args);
	return turn;
}

static unsigned form_key(struct cv_view *v, const struct cv_key *key, char command)
{
	struct form *x = form_of(v);
	struct cv_json *text = NULL;

	(void)command;
	switch (cv_form_key(&x->form, key, cv_term_paste(v->ui->term), cv_term_cols(v->ui->term))) {
	case CV_FORM_SEND:
		return send(x);
	case CV_FORM_LEAVE:
		if (x->form.changed || x->had_draft)
			cv_ui_say(v->ui, "%s", _("Đã giữ bản nháp"));
		form_save(v);
		cv_ui_place(v->ui, NULL, NULL, NULL);
		return CV_TURN_BACK;
	case CV_FORM_EDITOR:
		if (cv_ui_editor(v->ui, &text, x->form.fields[x->form.at].edit.text)) {
			cv_edit_set(&x->form.fields[x->form.at].edit, cv_json_string(text));
			x->form.changed = true;
		}
		cv_json_destroy(text);
		return CV_TURN_DRAW;
	case CV_FORM_TAKEN:
		return CV_TURN_DRAW;
	default:
		return CV_TURN_UNKNOWN;
	}
}

static void form_draw(struct cv_view *v, struct cv_term *t, int top, int bottom, int cols)
{
	struct form *x = form_of(v);
	char day[40], line[200], at[24];
	struct cv_slot slot;
	struct cv_json *policy = cv_ui_policy(v->ui);
	const struct cv_json *report = sent_report(x);
	int32_t date = 0;

	cv_date_parse(x->date, &date);
	cv_day_text(day, date);
	if (strcmp(x->slot, "adhoc") == 0)
		snprintf(line, sizeof(line), _("Báo cáo đột xuất · %s"), day);
	else
		snprintf(line, sizeof(line), _("Báo cáo %sh · %s"), x->slot, day);
	cv_put(t, top, 1, cols - 2, CV_BOLD, line);
	cv_put_right(t, top, cols - 1, CV_PLAIN, cv_person_name(v->ui, cv_core_user(v->ui->core)));
	line[0] = '\0';
	if (cv_slot_find(&slot, policy, x->slot)) {
		int open = slot.at - slot.open_before, close = slot.at + slot.grace;
		snprintf(line, sizeof(line), _("Nhận từ %02d:%02d · đúng giờ đến hết %02d:%02d"), open / 60, open % 60,
			 close / 60, close % 60);
	}
	int used = cv_put(t, top + 1, 1, cols - 2, CV_PLAIN, line);
	if (x->saved_at != CV_TIME_NONE) {
		cv_clock_text(at, x->saved_at, cv_ui_now(v->ui));
		snprintf(line, sizeof(line), _("nháp đã lưu %s"), at);
	} else {
		cv_strcopy(line, sizeof(line), report != NULL ? _("ĐÃ GỬI, đang sửa") : _("BẢN NHÁP, chưa gửi"));
	}
	if (used + 24 < cols)
		cv_put_right(t, top + 1, cols - 1, CV_PLAIN, line);
	cv_rule(t, top + 2, 1, cols - 2);
	cv_form_draw(&x->form, t, top + 3, bottom - top - 4, cols);
	cv_rule(t, bottom - 1, 1, cols - 2);
	cv_json_destroy(policy);
}

static void form_actions(struct cv_view *v, struct cv_actions *out)
{
	(void)v;
	cv_action_add(out, "F2", _("hoặc Ctrl-S Gửi"), true, NULL);
	cv_action_add(out, "Tab", _("Ô tiếp"), true, NULL);
	cv_action_add(out, "Ctrl-O", _("Soạn ngoài"), true, NULL);
	cv_action_add(out, "Esc", _("Để đó (giữ nháp)"), true, NULL);
}

static const struct cv_view_ops form_ops = {
	.name = N_("Soạn báo cáo"),
	.code = "M-302",
	.typing = true,
	.close = form_close,
	.read = form_read,
	.draw = form_draw,
	.key = form_key,
	.actions = form_actions,
	.save = form_save,
	.saved = form_saved,
	.tick = form_tick,
};

struct cv_view *cv_view_report_form(struct cv_ui *ui, const char *slot)
{
	struct form *x = cv_alloc(sizeof(*x));
	struct cv_json *draft = NULL;
	char uuid[CV_UUID_SIZE], at[24];

	x->view = (struct cv_view){.ops = &form_ops, .ui = ui};
	x->saved_at = CV_TIME_NONE;
	cv_ui_today(ui, x->date);
	cv_strcopy(x->slot, sizeof(x->slot), slot);
	if (strcmp(slot, "adhoc") == 0) {
		cv_uuid7(ui->env, uuid);
		cv_strcopy(x->id, sizeof(x->id), uuid);
		x->draft = cv_strf("report/adhoc/%s", x->date);
	} else {
		cv_id_report(x->id, cv_core_user(ui->core), x->date, slot);
		x->draft = cv_strf("report/%s", x->id);
	}
	cv_form_init(&x->form);
	add_fields(x);
	fill(x);
	if (cv_core_draft(ui->core, x->draft, &draft, NULL) == CV_OK) {
		cv_form_load(&x->form, draft);
		x->had_draft = true;
		x->saved_at = cv_json_int(draft, "time", cv_ui_now(ui));
		cv_clock_text(at, x->saved_at, cv_ui_now(ui));
		cv_ui_say(ui, _("Tiếp tục bản nháp lúc %s"), at);
	}
	cv_json_destroy(draft);
	return &x->view;
}
