/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "client/tui/view/form_view.h"

#include <congvu/base/i18n.h>
#include <congvu/base/mem.h>
#include <congvu/base/time.h>
#include <congvu/core/draft.h>

#include <stdlib.h>
#include <string.h>

static struct cv_form_view *of(struct cv_view *v)
{
	return (struct cv_form_view *)v;
}

void cv_form_view_init(struct cv_form_view *x, struct cv_ui *ui, const struct cv_view_ops *ops)
{
	x->view = (struct cv_view){.ops = ops, .ui = ui};
	x->saved_at = CV_TIME_NONE;
	cv_form_init(&x->form);
}

void cv_form_view_close(struct cv_view *v)
{
	struct cv_form_view *x = of(v);

	cv_form_finish(&x->form);
	free(x->draft);
	free(x->title);
	free(x);
}

void cv_form_view_read(struct cv_view *v)
{
	(void)v;
}

void cv_form_view_take_draft(struct cv_form_view *x)
{
	struct cv_ui *ui = x->view.ui;
	struct cv_json *draft = NULL;
	char at[24];

	if (cv_core_draft(ui->core, x->draft, &draft, NULL) == CV_OK) {
		cv_form_load(&x->form, draft);
		x->had_draft = true;
		x->saved_at = cv_json_int(draft, "time", cv_ui_now(ui));
		cv_clock_text(at, x->saved_at, cv_ui_now(ui));
		cv_ui_say(ui, _("Tiếp tục bản nháp lúc %s"), at);
	}
	cv_json_destroy(draft);
}

/* The place goes first: whoever finds the draft saved finds the way to it, too. */
void cv_form_view_save(struct cv_view *v)
{
	struct cv_form_view *x = of(v);

	if (x->sent || !x->form.changed)
		return;
	struct cv_json *draft = cv_form_save(&x->form);
	cv_json_set_int(draft, "time", cv_ui_now(v->ui));
	if (x->place != NULL)
		cv_ui_place(v->ui, x->place, x->place_id, x->title);
	x->ticket = cv_live_draft(v->ui->live, x->draft, draft);
	cv_json_destroy(draft);
	x->form.changed = false;
}

/* Only what is on the disk is called saved. */
void cv_form_view_saved(struct cv_view *v, uint64_t ticket)
{
	if (of(v)->ticket == ticket)
		of(v)->saved_at = cv_ui_now(v->ui);
}

unsigned cv_form_view_tick(struct cv_view *v)
{
	cv_form_view_save(v);
	return CV_TURN_NONE;
}

unsigned cv_form_view_act(struct cv_form_view *x, const char *op, const struct cv_json *args, const char *said)
{
	struct cv_ui *ui = x->view.ui;

	/* What was typed last is on its way to the disk before the act is: a full disk then costs nothing. */
	cv_form_view_save(&x->view);
	x->act = cv_ui_act_from(ui, op, x->id, args, said, x->draft);
	if (x->act == 0)
		return CV_TURN_DRAW;
	x->sent = true;
	return CV_TURN_BACK | CV_TURN_READ;
}

unsigned cv_form_view_wrong(struct cv_form_view *x, const char *field, const char *why)
{
	cv_ui_alert(x->view.ui, "%s", why);
	for (int i = 0; i < x->form.count; i++)
		if (strcmp(x->form.fields[i].name, field) == 0)
			x->form.at = i;
	return CV_TURN_DRAW;
}

static void edit_outside(struct cv_form_view *x)
{
	struct cv_edit *edit = &x->form.fields[x->form.at].edit;
	struct cv_json *text = NULL;

	if (cv_ui_editor(x->view.ui, &text, edit->text)) {
		cv_edit_set(edit, cv_json_string(text));
		x->form.changed = true;
	}
	cv_json_destroy(text);
}

unsigned cv_form_view_key(struct cv_view *v, const struct cv_key *key, char command)
{
	struct cv_form_view *x = of(v);

	(void)command;
	switch (cv_form_key(&x->form, key, cv_term_paste(v->ui->term), cv_term_cols(v->ui->term))) {
	case CV_FORM_SEND:
		return x->send(x);
	case CV_FORM_LEAVE:
		if (x->form.changed || x->had_draft || x->ticket != 0)
			cv_ui_say(v->ui, "%s", _("Đã giữ bản nháp"));
		cv_form_view_save(v);
		if (x->place != NULL)
			cv_ui_place(v->ui, NULL, NULL, NULL);
		return CV_TURN_BACK;
	case CV_FORM_EDITOR:
		edit_outside(x);
		return CV_TURN_DRAW;
	case CV_FORM_TAKEN:
		return CV_TURN_DRAW;
	default:
		return CV_TURN_UNKNOWN;
	}
}

void cv_form_view_draw(struct cv_view *v, struct cv_term *t, int top, int bottom, int cols)
{
	struct cv_form_view *x = of(v);

	cv_put(t, top, 1, cols - 2, CV_BOLD, x->title);
	cv_rule(t, top + 1, 1, cols - 2);
	cv_form_draw(&x->form, t, top + 3, bottom - top - 4, cols);
	cv_rule(t, bottom - 1, 1, cols - 2);
}

void cv_form_view_actions(struct cv_view *v, struct cv_actions *out)
{
	(void)v;
	cv_action_add(out, "F2", _("hoặc Ctrl-S Gửi"), true, NULL);
	cv_action_add(out, "Tab", _("Ô tiếp"), true, NULL);
	cv_action_add(out, "Ctrl-O", _("Soạn ngoài"), true, NULL);
	cv_action_add(out, "Esc", _("Để đó (giữ nháp)"), true, NULL);
}
