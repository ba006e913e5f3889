/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A form for any operation, made from its row in the table: adding an operation adds its form. What is being typed is
 * kept as a draft under the operation and its object.
 */
#include "client/tui/view/view.h"
#include "client/tui/widget/form.h"

#include <congvu/base/i18n.h>
#include <congvu/base/mem.h>
#include <congvu/base/time.h>
#include <congvu/core/draft.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WORDS 8

struct act {
	struct cv_view view;
	const struct cv_op *op;
	char id[CV_ID_MAX + 1];
	char *title; /* owned */
	char *draft; /* owned: its name */
	int64_t n;   /* the proposal that is meant; 0 = none */
	struct cv_form form;
	char labels[CV_FORM_MAX][80];
	char words[120];
	const char *values[WORDS + 1], *choices[WORDS + 1]; /* into words[]; of the one choice field */
	bool sent;
};

static struct act *of(struct cv_view *v)
{
	return (struct act *)v;
}

static void act_close(struct cv_view *v)
{
	struct act *x = of(v);

	cv_form_finish(&x->form);
	free(x->title);
	free(x->draft);
	free(x);
}

static void act_read(struct cv_view *v)
{
	(void)v;
}

static void act_save(struct cv_view *v)
{
	struct act *x = of(v);

	if (x->sent || !x->form.changed)
		return;
	struct cv_json *draft = cv_form_save(&x->form);
	cv_live_draft(v->ui->live, x->draft, draft);
	cv_json_destroy(draft);
	x->form.changed = false;
	cv_ui_place(v->ui, x->op->name, x->id, x->title);
}

static unsigned act_tick(struct cv_view *v)
{
	act_save(v);
	return CV_TURN_NONE;
}

/* A small letter at the head of a table's help becomes a label's capital. */
static const char *capital(const char *label, char out[80])
{
	/* ASCII, or the two-byte letters of đ and the vowels with marks stay as the table writes them. */
	cv_strcopy(out, 80, label);
	if (out[0] >= 'a' && out[0] <= 'z')
		out[0] = (char)(out[0] - 'a' + 'A');
	else if ((unsigned char)out[0] == 0xC4 && (unsigned char)out[1] == 0x91)
		out[1] = (char)0x90; /* đ, Đ */
	else if ((unsigned char)out[0] == 0xC3 && (unsigned char)out[1] >= 0xA0)
		out[1] = (char)(out[1] - 0x20); /* ý, Ý */
	return out;
}

/* Words of the wire and what people call them. */
static const char *word_label(const char *word)
{
	static const char *const words[][2] = {
		{"phone", N_("điện thoại")},  {"zalo", "Zalo"},
		{"email", N_("thư điện tử")}, {"hand", N_("tại quầy")},
		{"post", N_("bưu chính")},    {"normal", N_("thường")},
		{"urgent", N_("khẩn")},	      {"very_urgent", N_("thượng khẩn")},
		{"express", N_("hỏa tốc")},
	};

	for (size_t i = 0; i < CV_COUNT(words); i++)
		if (strcmp(words[i][0], word) == 0)
			return words[i][1];
	return word;
}

/* "phone|zalo|email" as a choice; one a form is enough so far. */
static bool set_words(struct act *x, struct cv_field *field, const char *words)
{
	char *at = x->words;
	int n = 0;

	if (x->values[0] != NULL || strlen(words) >= sizeof(x->words))
		return false;
	cv_strcopy(x->words, sizeof(x->words), words);
	while (at != NULL && n < WORDS) {
		char *bar = strchr(at, '|');
		if (bar != NULL)
			*bar = '\0';
		x->values[n] = at;
		x->choices[n++] = word_label(at);
		at = bar != NULL ? bar + 1 : NULL;
	}
	field->kind = CV_FIELD_CHOICE;
	field->values = x->values;
	field->choices = x->choices;
	return true;
}

static void add_field(struct act *x, const struct cv_arg *arg)
{
	struct cv_field field = {.name = arg->name, .max = arg->max > 0 ? (size_t)arg->max : 200};

	if (strcmp(arg->name, "eid") == 0 || strcmp(arg->name, "n") == 0 || arg->help == NULL)
		return;
	field.label = capital(_(arg->help), x->labels[x->form.count]);
	switch (arg->kind) {
	case CV_ARG_TEXT:
		field.kind = CV_FIELD_TEXT;
		field.rows = 5;
		break;
	case CV_ARG_LINES:
		field.kind = CV_FIELD_TEXT;
		field.rows = 4;
		field.max = 8192;
		break;
	case CV_ARG_WORD:
		if (!set_words(x, &field, arg->words))
			return;
		break;
	case CV_ARG_BOOL:
		field.kind = CV_FIELD_CHECK;
		break;
	case CV_ARG_DATE:
		field.kind = CV_FIELD_LINE;
		field.width = 12;
		field.hint = _("dạng 2026-11-22");
		break;
	case CV_ARG_USER:
	case CV_ARG_USERS:
		field.kind = CV_FIELD_LINE;
		field.hint = _("tên đăng nhập");
		field.width = 24;
		break;
	case CV_ARG_LINE:
	case CV_ARG_ID:
	case CV_ARG_INT:
		field.kind = CV_FIELD_LINE;
		field.width = 30;
		break;
	default:
		return;
	}
	cv_form_add(&x->form, &field);
}

static void today(struct act *x)
{
	char day[CV_DATE_SIZE];

	cv_date_format(cv_date_of(cv_ui_now(x->view.ui)), day);
	if (cv_form_field(&x->form, "date") != NULL)
		cv_form_set(&x->form, "date", day);
}

/* Logins apart by blanks or commas; papers by line ends. */
static struct cv_json *list_of(const char *text, const char *marks)
{
	struct cv_json *list = cv_json_new_array();

	while (*text != '\0') {
		size_t n = strcspn(text, marks);
		char *one = cv_strndup(text, n);
		if (n > 0)
			cv_json_push(list, cv_json_new_string(one));
		free(one);
		text += n + strspn(text + n, marks);
	}
	return list;
}

static struct cv_json *arguments(struct act *x)
{
	struct cv_json *args = cv_form_args(&x->form);
	char eid[CV_UUID_SIZE];

	for (const struct cv_arg *arg = x->op->args; arg->name != NULL; arg++) {
		if (strcmp(arg->name, "eid") == 0) {
			cv_uuid7(x->view.ui->env, eid);
			cv_json_set_str(args, "eid", eid);
		}
		if (strcmp(arg->name, "n") == 0 && x->n > 0)
			cv_json_set_int(args, "n", x->n);
		const char *text = cv_json_str(args, arg->name);
		if (text != NULL && (arg->kind == CV_ARG_USERS || arg->kind == CV_ARG_LINES))
			cv_json_set(args, arg->name, list_of(text, arg->kind == CV_ARG_USERS ? " ,\n" : "\n"));
		else if (text != NULL && arg->kind == CV_ARG_INT)
			cv_json_set_int(args, arg->name, strtoll(text, NULL, 10));
		else if (text == NULL && arg->kind == CV_ARG_BOOL && strcmp(arg->name, "agree") == 0)
			cv_json_set_bool(args, arg->name, cv_form_field(&x->form, "agree")->chosen != 0);
	}
	return args;
}

/* What is wrong stands at its field, before anything is queued. */
static unsigned send(struct act *x)
{
	struct cv_ui *ui = x->view.ui;
	struct cv_json *args = arguments(x), *object = NULL;
	struct cv_err err;
	struct cv_outcome out;
	struct cv_act act = cv_ui_actor(ui);
	unsigned turn = CV_TURN_DRAW;

	cv_err_init(&err);
	cv_core_get(ui->core, x->op->kind, x->id, &object, NULL);
	cv_op_apply(cv_core_ctx(ui->core), x->op, x->id, object, args, &act, &out);
	if (out.st == CV_ST_REJECTED && out.err.rc == CV_DATA) {
		cv_ui_alert(ui, "%s", out.err.detail);
		for (int i = 0; i < x->form.count; i++)
			if (strcmp(x->form.fields[i].name, out.err.field) == 0)
				x->form.at = i;
	} else {
		x->sent = true;
		cv_live_draft(ui->live, x->draft, NULL);
		cv_ui_place(ui, NULL, NULL, NULL);
		cv_ui_act(ui, x->op->name, x->id, args, x->title);
		turn = CV_TURN_BACK | CV_TURN_READ;
	}
	cv_outcome_finish(&out);
	cv_json_destroy(object);
	cv_json_destroy(args);
	return turn;
}

static void edit_outside(struct act *x)
{
	struct cv_field *field = &x->form.fields[x->form.at];
	struct cv_json *text = NULL;

	if (cv_ui_editor(x->view.ui, &text, field->edit.text)) {
		cv_edit_set(&field->edit, cv_json_string(text));
		x->form.changed = true;
	}
	cv_json_destroy(text);
}

static unsigned act_key(struct cv_view *v, const struct cv_key *key, char command)
{
	struct act *x = of(v);

	(void)command;
	switch (cv_form_key(&x->form, key, cv_term_paste(v->ui->term), cv_term_cols(v->ui->term))) {
	case CV_FORM_SEND:
		return send(x);
	case CV_FORM_LEAVE:
		if (x->form.changed)
			cv_ui_say(v->ui, "%s", _("Đã giữ bản nháp"));
		act_save(v);
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

static void act_draw(struct cv_view *v, struct cv_term *t, int top, int bottom, int cols)
{
	struct act *x = of(v);

	cv_put(t, top, 1, cols - 2, CV_BOLD, x->title);
	cv_rule(t, top + 1, 1, cols - 2);
	cv_form_draw(&x->form, t, top + 3, bottom - top - 4, cols);
	cv_rule(t, bottom - 1, 1, cols - 2);
}

static void act_actions(struct cv_view *v, struct cv_actions *out)
{
	(void)v;
	cv_action_add(out, "F2", _("hoặc Ctrl-S Gửi"), true, NULL);
	cv_action_add(out, "Tab", _("Ô tiếp"), true, NULL);
	cv_action_add(out, "Ctrl-O", _("Soạn ngoài"), true, NULL);
	cv_action_add(out, "Esc", _("Để đó (giữ nháp)"), true, NULL);
}

static const struct cv_view_ops ops = {
	.name = N_("Biểu mẫu"),
	.code = "M-103",
	.typing = true,
	.close = act_close,
	.read = act_read,
	.draw = act_draw,
	.key = act_key,
	.actions = act_actions,
	.save = act_save,
	.tick = act_tick,
};

struct cv_view *cv_view_act(struct cv_ui *ui, const char *op, const char *id, const char *title)
{
	struct act *x = cv_alloc(sizeof(*x));
	struct cv_json *draft = NULL, *object = NULL;

	x->view = (struct cv_view){.ops = &ops, .ui = ui};
	x->op = cv_op_find(op);
	cv_strcopy(x->id, sizeof(x->id), id);
	x->title = cv_strdup(title);
	x->draft = cv_strf("%s/%s", op, id);
	cv_form_init(&x->form);
	for (const struct cv_arg *arg = x->op->args; arg->name != NULL; arg++)
		add_field(x, arg);
	today(x);
	/* An approval means the text that was on the screen when it was begun. */
	if (cv_core_get(ui->core, x->op->kind, id, &object, NULL) == CV_OK)
		x->n = cv_json_int(cv_json_object_of(object, "proposal"), "n", 0);
	cv_json_destroy(object);
	if (cv_core_draft(ui->core, x->draft, &draft, NULL) == CV_OK) {
		cv_form_load(&x->form, draft);
		cv_ui_say(ui, "%s", _("Tiếp tục bản nháp"));
	}
	cv_json_destroy(draft);
	return &x->view;
}
