/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A form for any operation, made from its row in the table: adding an operation adds its form. What is being typed is
 * kept as a draft under the operation and its object.
 */
#include "client/tui/view/form_view.h"

#include <congvu/base/i18n.h>
#include <congvu/base/mem.h>
#include <congvu/base/time.h>
#include <congvu/model/words.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WORDS 8

struct act {
	struct cv_form_view base;
	const struct cv_op *op;
	int64_t n; /* the proposal that is meant; 0 = none */
	char labels[CV_FORM_MAX][80];
	char words[120];
	const char *choices[WORDS + 1]; /* into words[]; of the one choice field */
};

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

/* "phone|zalo|email" as a choice; one a form is enough so far. */
static bool set_words(struct act *x, struct cv_field *field, const char *words)
{
	char *at = x->words;
	int n = 0;

	if (x->choices[0] != NULL || strlen(words) >= sizeof(x->words))
		return false;
	cv_strcopy(x->words, sizeof(x->words), words);
	while (at != NULL && n < WORDS) {
		char *bar = strchr(at, '|');
		if (bar != NULL)
			*bar = '\0';
		x->choices[n++] = at;
		at = bar != NULL ? bar + 1 : NULL;
	}
	field->kind = CV_FIELD_CHOICE;
	field->choices = x->choices;
	field->choice_label = cv_word_label;
	return true;
}

static void add_field(struct act *x, const struct cv_arg *arg)
{
	struct cv_field field = {.name = arg->name, .max = arg->max > 0 ? (size_t)arg->max : 200};

	if (strcmp(arg->name, "eid") == 0 || strcmp(arg->name, "n") == 0 || arg->help == NULL)
		return;
	field.label = capital(_(arg->help), x->labels[x->base.form.count]);
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
	cv_form_add(&x->base.form, &field);
}

static void today(struct act *x)
{
	char day[CV_DATE_SIZE];

	cv_date_format(cv_date_of(cv_ui_now(x->base.view.ui)), day);
	if (cv_form_field(&x->base.form, "date") != NULL)
		cv_form_set(&x->base.form, "date", day);
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
	struct cv_json *args = cv_form_args(&x->base.form);
	char eid[CV_UUID_SIZE];

	for (const struct cv_arg *arg = x->op->args; arg->name != NULL; arg++) {
		if (strcmp(arg->name, "eid") == 0) {
			cv_uuid7(x->base.view.ui->env, eid);
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
			cv_json_set_bool(args, arg->name, cv_form_field(&x->base.form, "agree")->chosen != 0);
	}
	return args;
}

/* What is wrong stands at its field, before anything is queued. */
static unsigned send(struct cv_form_view *base)
{
	struct act *x = (struct act *)base;
	struct cv_ui *ui = base->view.ui;
	struct cv_json *args = arguments(x), *object = NULL;
	struct cv_outcome out;
	struct cv_act act = cv_ui_actor(ui);
	unsigned turn;

	cv_core_get(ui->core, x->op->kind, base->id, &object, NULL);
	cv_op_apply(cv_core_ctx(ui->core), x->op, base->id, object, args, &act, &out);
	if (out.st == CV_ST_REJECTED && (out.err.rc == CV_DATA || out.err.rc == CV_STATE_SECRET))
		turn = cv_form_view_wrong(base, out.err.field, out.err.detail);
	else
		turn = cv_form_view_act(base, x->op->name, args, base->title);
	cv_outcome_finish(&out);
	cv_json_destroy(object);
	cv_json_destroy(args);
	return turn;
}

static const struct cv_view_ops ops = {
	.name = N_("Biểu mẫu"), .code = "M-103", .draw = cv_form_view_draw, CV_FORM_VIEW_OPS};

struct cv_view *cv_view_act(struct cv_ui *ui, const char *op, const char *id, const char *title)
{
	struct act *x = cv_alloc(sizeof(*x));
	struct cv_json *object = NULL;

	cv_form_view_init(&x->base, ui, &ops);
	x->op = cv_op_find(op);
	x->base.send = send;
	x->base.title = cv_strdup(title);
	x->base.draft = cv_strf("%s/%s", op, id);
	x->base.place = x->op->name;
	cv_strcopy(x->base.id, sizeof(x->base.id), id);
	cv_strcopy(x->base.place_id, sizeof(x->base.place_id), id);
	for (const struct cv_arg *arg = x->op->args; arg->name != NULL; arg++)
		add_field(x, arg);
	today(x);
	/* An approval means the text that was on the screen when it was begun. */
	if (cv_core_get(ui->core, x->op->kind, id, &object, NULL) == CV_OK)
		x->n = cv_json_int(cv_json_object_of(object, "proposal"), "n", 0);
	cv_json_destroy(object);
	cv_form_view_take_draft(&x->base);
	return &x->base.view;
}
