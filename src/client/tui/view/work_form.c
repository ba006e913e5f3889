/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The two forms of screen 2: several rows of work at once; the result of one. */
#include "client/tui/view/view.h"
#include "client/tui/widget/form.h"

#include <congvu/base/i18n.h>
#include <congvu/base/mem.h>
#include <congvu/base/time.h>
#include <congvu/core/draft.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROWS 8

struct form {
	struct cv_view view;
	bool recording;
	char id[CV_ID_MAX + 1], date[CV_DATE_SIZE], eid[CV_ID_MAX + 1];
	char *title, *draft; /* owned */
	struct cv_form form;
	char names[ROWS][16], labels[ROWS][24];
	bool sent;
};

static const char *const place_labels[] = {N_("tại nhà"), N_("cơ quan"), N_("địa bàn"), NULL};
static const char *const place_values[] = {"home", "office", "field", NULL};
static const char *const state_labels[] = {N_("chưa làm"), N_("đang làm"), N_("xong"), N_("dở dang"), N_("bỏ"), NULL};
static const char *const state_values[] = {"planned", "doing", "done", "partial", "dropped", NULL};

static struct form *of(struct cv_view *v)
{
	return (struct form *)v;
}

static void form_close(struct cv_view *v)
{
	struct form *x = of(v);

	cv_form_finish(&x->form);
	free(x->title);
	free(x->draft);
	free(x);
}

static void form_read(struct cv_view *v)
{
	(void)v;
}

static void form_save(struct cv_view *v)
{
	struct form *x = of(v);

	if (x->sent || !x->form.changed)
		return;
	struct cv_json *draft = cv_form_save(&x->form);
	cv_live_draft(v->ui->live, x->draft, draft);
	cv_json_destroy(draft);
	x->form.changed = false;
	if (!x->recording)
		cv_ui_place(v->ui, "register", NULL, NULL);
}

static unsigned form_tick(struct cv_view *v)
{
	form_save(v);
	return CV_TURN_NONE;
}

static struct cv_json *registration(struct form *x)
{
	struct cv_json *args = cv_json_new_object(), *items = cv_json_new_array(), *all = cv_form_args(&x->form);
	char eid[CV_UUID_SIZE];

	for (int i = 0; i < ROWS; i++) {
		const char *title = cv_json_str(all, x->names[i]);
		if (title == NULL)
			continue;
		struct cv_json *item = cv_json_new_object();
		cv_uuid7(x->view.ui->env, eid);
		cv_json_set_str(item, "eid", eid);
		cv_json_set_str(item, "title", title);
		cv_json_push(items, item);
	}
	cv_json_set_str(args, "date", x->date);
	cv_json_set(args, "items", items);
	cv_json_set_str(args, "place", cv_json_str(all, "place"));
	cv_json_destroy(all);
	return args;
}

static struct cv_json *recording(struct form *x, bool *bad)
{
	struct cv_json *args = cv_form_args(&x->form);
	const char *text = cv_form_text(&x->form, "percent");
	char *end;
	long n = strtol(text, &end, 10);

	cv_json_remove(args, "percent");
	*bad = *end != '\0' || n < 0 || n > 100;
	if (text[0] != '\0')
		cv_json_set_int(args, "percent", n);
	cv_json_set_str(args, "eid", x->eid);
	return args;
}

/* Was this the last open row? Then the day is recorded and the 17h report is offered. */
static bool all_done(struct form *x)
{
	struct cv_json *day = NULL;
	int open = 0;

	cv_core_get(x->view.ui->core, CV_KIND_WORKDAY, x->id, &day, NULL);
	CV_JSON_EACH (item, cv_json_array_of(day, "items")) {
		const char *state = cv_json_s(item, "state");
		bool final =
			strcmp(state, "done") == 0 || strcmp(state, "partial") == 0 || strcmp(state, "dropped") == 0;
		if (!final && strcmp(cv_json_s(item, "eid"), x->eid) != 0)
			open++;
	}
	cv_json_destroy(day);
	return open == 0;
}

static unsigned send(struct form *x)
{
	struct cv_ui *ui = x->view.ui;
	bool bad = false;
	struct cv_json *args = x->recording ? recording(x, &bad) : registration(x);

	if (bad) {
		cv_ui_alert(ui, "%s", _("Phần trăm phải là số từ 0 đến 100"));
	} else if (!x->recording && cv_json_count(cv_json_array_of(args, "items")) == 0) {
		cv_ui_alert(ui, "%s", _("Chưa có việc nào để đăng ký"));
	} else {
		const char *state = cv_json_s(args, "state");
		bool final =
			strcmp(state, "done") == 0 || strcmp(state, "partial") == 0 || strcmp(state, "dropped") == 0;
		bool offer = !x->recording || (final && all_done(x));
		x->sent = true;
		cv_live_draft(ui->live, x->draft, NULL);
		cv_ui_place(ui, NULL, NULL, NULL);
		uint64_t ticket =
			cv_ui_act(ui, x->recording ? "workday.record" : "workday.register", x->id, args, x->title);
		/* The report is filled from what is being queued: it is offered when that is safe. */
		if (offer)
			ui->offer_after = ticket;
		cv_json_destroy(args);
		return CV_TURN_BACK | CV_TURN_READ;
	}
	cv_json_destroy(args);
	return CV_TURN_DRAW;
}

static unsigned form_key(struct cv_view *v, const struct cv_key *key, char command)
{
	struct form *x = of(v);
	struct cv_json *text = NULL;

	(void)command;
	switch (cv_form_key(&x->form, key, cv_term_paste(v->ui->term), cv_term_cols(v->ui->term))) {
	case CV_FORM_SEND:
		return send(x);
	case CV_FORM_LEAVE:
		if (x->form.changed)
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
	struct form *x = of(v);

	cv_put(t, top, 1, cols - 2, CV_BOLD, x->title);
	cv_rule(t, top + 1, 1, cols - 2);
	cv_form_draw(&x->form, t, top + 3, bottom - top - 4, cols);
	cv_rule(t, bottom - 1, 1, cols - 2);
}

static void form_actions(struct cv_view *v, struct cv_actions *out)
{
	(void)v;
	cv_action_add(out, "F2", _("hoặc Ctrl-S Gửi"), true, NULL);
	cv_action_add(out, "Tab", _("Ô tiếp"), true, NULL);
	cv_action_add(out, "Ctrl-O", _("Soạn ngoài"), true, NULL);
	cv_action_add(out, "Esc", _("Để đó (giữ nháp)"), true, NULL);
}

static const struct cv_view_ops ops = {
	.name = N_("Ghi việc"),
	.code = "M-202",
	.typing = true,
	.close = form_close,
	.read = form_read,
	.draw = form_draw,
	.key = form_key,
	.actions = form_actions,
	.save = form_save,
	.tick = form_tick,
};

static struct form *new_form(struct cv_ui *ui, const char *draft)
{
	struct form *x = cv_alloc(sizeof(*x));

	x->view = (struct cv_view){.ops = &ops, .ui = ui};
	x->draft = cv_strdup(draft);
	cv_ui_today(ui, x->date);
	cv_id_workday(x->id, cv_core_user(ui->core), x->date);
	cv_form_init(&x->form);
	return x;
}

static void take_draft(struct form *x)
{
	struct cv_json *draft = NULL;

	if (cv_core_draft(x->view.ui->core, x->draft, &draft, NULL) == CV_OK) {
		cv_form_load(&x->form, draft);
		cv_ui_say(x->view.ui, "%s", _("Tiếp tục bản nháp"));
	}
	cv_json_destroy(draft);
}

struct cv_view *cv_view_register(struct cv_ui *ui)
{
	struct form *x = new_form(ui, "work/register");
	struct cv_field place = {.name = "place",
				 .label = _("Nơi làm việc"),
				 .kind = CV_FIELD_CHOICE,
				 .choices = place_labels,
				 .values = place_values};

	x->title = cv_strdup(_("Đăng ký việc hôm nay"));
	for (int i = 0; i < ROWS; i++) {
		snprintf(x->names[i], sizeof(x->names[i]), "item%d", i);
		snprintf(x->labels[i], sizeof(x->labels[i]), _("Việc %d"), i + 1);
		struct cv_field f = {.name = x->names[i], .label = x->labels[i], .kind = CV_FIELD_LINE, .max = 500};
		cv_form_add(&x->form, &f);
	}
	cv_form_add(&x->form, &place);
	take_draft(x);
	return &x->view;
}

struct cv_view *cv_view_record(struct cv_ui *ui, const char *id, const struct cv_json *item)
{
	char *draft = cv_strf("work/record/%s", cv_json_s(item, "eid")), percent[24];
	struct form *x = new_form(ui, draft);
	struct cv_field fields[] = {
		{.name = "state",
		 .label = _("Tình trạng"),
		 .kind = CV_FIELD_CHOICE,
		 .choices = state_labels,
		 .values = state_values},
		{.name = "percent", .label = _("Phần trăm"), .kind = CV_FIELD_LINE, .width = 5, .max = 3},
		{.name = "result", .label = _("Kết quả đạt được"), .kind = CV_FIELD_TEXT, .rows = 6},
	};

	free(draft);
	x->recording = true;
	cv_strcopy(x->id, sizeof(x->id), id);
	cv_strcopy(x->eid, sizeof(x->eid), cv_json_s(item, "eid"));
	x->title = cv_strf(_("Kết quả việc %lld · %s"), (long long)cv_json_int(item, "n", 0), cv_json_s(item, "title"));
	for (size_t i = 0; i < CV_COUNT(fields); i++)
		cv_form_add(&x->form, &fields[i]);
	snprintf(percent, sizeof(percent), "%lld", (long long)cv_json_int(item, "percent", 0));
	cv_form_set(&x->form, "state", cv_json_s(item, "state"));
	cv_form_set(&x->form, "percent", percent);
	cv_form_set(&x->form, "result", cv_json_s(item, "result"));
	take_draft(x);
	return &x->view;
}
