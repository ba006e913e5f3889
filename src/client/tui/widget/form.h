/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Forms: fields one under another, scrolled when they do not fit. Tab and arrows move, F2 or Ctrl-S sends, Esc leaves
 * (the draft is kept by the view). A form is data: the view says which fields, the form knows how they behave.
 */
#ifndef CONGVU_TUI_FORM_H
#define CONGVU_TUI_FORM_H

#include "client/tui/term/term.h"
#include "client/tui/widget/edit.h"

#include <congvu/base/json.h>

enum cv_field_kind {
	CV_FIELD_TEXT,	 /* many lines, `rows` high */
	CV_FIELD_LINE,	 /* one line */
	CV_FIELD_SECRET, /* one line of stars */
	CV_FIELD_CHOICE, /* one of `choices` */
	CV_FIELD_CHECK,
	CV_FIELD_NOTE /* only tells: `label` */
};
struct cv_field {
	const char *name;  /* the argument's name; static */
	const char *label; /* translated, static */
	const char *hint;  /* translated, behind the label or field; may be NULL */
	enum cv_field_kind kind;
	int rows, width;
	size_t max;					/* bytes */
	const char *const *choices;			/* the argument's values; ends with NULL */
	const char *(*choice_label)(const char *value); /* what is shown of one, translated */
	/* state */
	struct cv_edit edit;
	int chosen;
};
#define CV_FORM_MAX 24
struct cv_form {
	struct cv_field fields[CV_FORM_MAX];
	int count, at; /* the field with the cursor */
	int top;       /* first row shown */
	int label_width;
	bool changed; /* since cv_form_settled */
};
void cv_form_init(struct cv_form *f);
void cv_form_finish(struct cv_form *f);
/* Copies the description; returns the field. */
struct cv_field *cv_form_add(struct cv_form *f, const struct cv_field *field);
struct cv_field *cv_form_field(struct cv_form *f, const char *name);
void cv_form_set(struct cv_form *f, const char *name, const char *text);
const char *cv_form_text(struct cv_form *f, const char *name);

enum cv_form_act { CV_FORM_NOTHING, CV_FORM_TAKEN, CV_FORM_SEND, CV_FORM_LEAVE, CV_FORM_EDITOR };
enum cv_form_act cv_form_key(struct cv_form *f, const struct cv_key *key, const char *paste, int width);
/* Draws into rows [row, row + height); puts the terminal's cursor into the field. */
void cv_form_draw(struct cv_form *f, struct cv_term *t, int row, int height, int width);

/* Draft: {"at":n,"cursor":n,"fields":{name:text}}. Owned by the caller. */
struct cv_json *cv_form_save(const struct cv_form *f);
void cv_form_load(struct cv_form *f, const struct cv_json *draft);
/* The filled fields as arguments: texts, chosen values, true for checks. Empty ones are left out. Owned. */
struct cv_json *cv_form_args(const struct cv_form *f);

#endif
