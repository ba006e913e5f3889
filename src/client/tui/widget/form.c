/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "client/tui/widget/form.h"

#include <congvu/base/i18n.h>
#include <congvu/base/mem.h>
#include <congvu/base/seal.h>
#include <congvu/base/text.h>

#include <stdlib.h>
#include <string.h>

#define LABEL_MAX 28 /* columns */

void cv_form_init(struct cv_form *f)
{
	*f = (struct cv_form){.label_width = 16};
}

void cv_form_finish(struct cv_form *f)
{
	for (int i = 0; i < f->count; i++)
		cv_edit_finish(&f->fields[i].edit);
	f->count = 0;
}

struct cv_field *cv_form_add(struct cv_form *f, const struct cv_field *field)
{
	if (f->count == CV_FORM_MAX)
		return NULL;
	struct cv_field *own = &f->fields[f->count++];
	*own = *field;
	cv_edit_init(&own->edit, field->max > 0 ? field->max : 4096, field->kind == CV_FIELD_TEXT);
	own->edit.secret = field->kind == CV_FIELD_SECRET;
	/* Labels beside their fields are shown whole, as long as they leave room. */
	if (own->kind != CV_FIELD_TEXT && own->kind != CV_FIELD_NOTE && own->label != NULL) {
		int width = cv_text_width(own->label) + 2;
		if (width > f->label_width)
			f->label_width = width < LABEL_MAX ? width : LABEL_MAX;
	}
	if (own->rows == 0)
		own->rows = own->kind == CV_FIELD_TEXT ? 3 : 1;
	if (f->fields[f->at].kind == CV_FIELD_NOTE)
		f->at = f->count - 1;
	return own;
}

struct cv_field *cv_form_field(struct cv_form *f, const char *name)
{
	for (int i = 0; i < f->count; i++)
		if (strcmp(f->fields[i].name, name) == 0)
			return &f->fields[i];
	return NULL;
}

static void choose(struct cv_field *field, const char *value)
{
	for (int i = 0; field->choices != NULL && field->choices[i] != NULL; i++)
		if (strcmp(field->choices[i], value) == 0)
			field->chosen = i;
	if (field->kind == CV_FIELD_CHECK)
		field->chosen = strcmp(value, "1") == 0;
}

void cv_form_set(struct cv_form *f, const char *name, const char *text)
{
	struct cv_field *field = cv_form_field(f, name);

	if (field == NULL)
		return;
	if (field->kind == CV_FIELD_CHOICE || field->kind == CV_FIELD_CHECK)
		choose(field, text);
	else
		cv_edit_set(&field->edit, text);
}

const char *cv_form_text(struct cv_form *f, const char *name)
{
	struct cv_field *field = cv_form_field(f, name);

	return field != NULL ? field->edit.text : "";
}

static bool writes(const struct cv_field *field)
{
	return field->kind == CV_FIELD_TEXT || field->kind == CV_FIELD_LINE || field->kind == CV_FIELD_SECRET;
}

static int text_width(const struct cv_form *f, const struct cv_field *field, int width)
{
	int room = field->kind == CV_FIELD_TEXT ? width - 4 : width - f->label_width - 6;

	return field->width > 0 && field->width < room ? field->width : room > 8 ? room : 8;
}

static bool step(struct cv_form *f, int by)
{
	for (int i = f->at + by; i >= 0 && i < f->count; i += by) {
		if (f->fields[i].kind != CV_FIELD_NOTE) {
			f->at = i;
			return true;
		}
	}
	return false;
}

static void wrap(struct cv_form *f, int by)
{
	if (step(f, by))
		return;
	f->at = by > 0 ? -1 : f->count;
	step(f, by);
}

static bool turn(struct cv_field *field, const struct cv_key *key)
{
	int n = 2, by = key->kind == CV_KEY_LEFT ? -1 : 1;
	bool blank = key->kind == CV_KEY_CHAR && key->text[0] == ' ';

	if (key->kind != CV_KEY_LEFT && key->kind != CV_KEY_RIGHT && !blank)
		return false;
	for (n = 0; field->choices != NULL && field->choices[n] != NULL;)
		n++;
	if (field->kind == CV_FIELD_CHECK || n == 0)
		n = 2;
	field->chosen = (field->chosen + by + n) % n;
	return true;
}

/* Keys that mean the form, not the field. */
static enum cv_form_act form_key(const struct cv_field *field, const struct cv_key *key)
{
	bool ctrl = key->kind == CV_KEY_CTRL;

	if ((key->kind == CV_KEY_F && key->number == 2) || (ctrl && key->number == 's'))
		return CV_FORM_SEND;
	if (key->kind == CV_KEY_ESC || (ctrl && key->number == 'g'))
		return CV_FORM_LEAVE;
	return ctrl && key->number == 'o' && field->kind == CV_FIELD_TEXT ? CV_FORM_EDITOR : CV_FORM_NOTHING;
}

static bool field_key(struct cv_form *f, struct cv_field *field, const struct cv_key *key, const char *paste, int width)
{
	if (!writes(field)) {
		bool turned = turn(field, key);
		f->changed = f->changed || turned;
		return turned;
	}
	if (key->kind == CV_KEY_PASTE)
		cv_edit_insert(&field->edit, paste);
	else if (!cv_edit_key(&field->edit, key, text_width(f, field, width)))
		return false;
	f->changed = f->changed || field->edit.changed;
	field->edit.changed = false;
	return true;
}

enum cv_form_act cv_form_key(struct cv_form *f, const struct cv_key *key, const char *paste, int width)
{
	struct cv_field *field = &f->fields[f->at];
	enum cv_form_act act = form_key(field, key);

	if (act != CV_FORM_NOTHING)
		return act;
	if (field_key(f, field, key, paste, width))
		return CV_FORM_TAKEN;
	switch (key->kind) {
	case CV_KEY_TAB:
		wrap(f, 1);
		return CV_FORM_TAKEN;
	case CV_KEY_BACKTAB:
		wrap(f, -1);
		return CV_FORM_TAKEN;
	case CV_KEY_DOWN:
	case CV_KEY_UP:
		step(f, key->kind == CV_KEY_DOWN ? 1 : -1);
		return CV_FORM_TAKEN;
	case CV_KEY_ENTER:
		return step(f, 1) ? CV_FORM_TAKEN : CV_FORM_SEND;
	default:
		return CV_FORM_NOTHING;
	}
}

/* ---- drawing ---- */
static int height_of(const struct cv_field *field)
{
	return field->kind == CV_FIELD_TEXT ? field->rows + 1 : 1;
}

static int row_of(const struct cv_form *f, int index)
{
	int row = 0;

	for (int i = 0; i < index; i++)
		row += height_of(&f->fields[i]);
	return row;
}

struct canvas {
	struct cv_term *t;
	int row, height, width, top;
};

/* A row of the form as a row of the terminal; -1 outside. */
static int at_row(const struct canvas *c, int row)
{
	return row >= c->top && row < c->top + c->height ? c->row + row - c->top : -1;
}

static void put_text_row(const struct canvas *c, const struct cv_edit *e, int width, int i, int row, int col)
{
	struct cv_edit_row r;

	if (at_row(c, row) < 0 || !cv_edit_row(e, width, i, &r))
		return;
	char *part = cv_strndup(e->text + r.from, r.n);
	cv_put(c->t, at_row(c, row), col, width, CV_PLAIN, part);
	cv_wipe(part, strlen(part));
	free(part);
}

static void draw_text(const struct cv_form *f, const struct canvas *c, struct cv_field *field, int row, bool here)
{
	int width = text_width(f, field, c->width), at, col, first = 0;

	if (at_row(c, row) >= 0) {
		int used = cv_put(c->t, at_row(c, row), 1, -1, here ? CV_BOLD : CV_PLAIN, field->label);
		if (field->hint != NULL)
			cv_put(c->t, at_row(c, row), 3 + used, c->width - used - 4, CV_DIM, field->hint);
	}
	cv_edit_where(&field->edit, width, &at, &col);
	if (here && at >= field->rows)
		first = at - field->rows + 1;
	for (int i = 0; i < field->rows; i++) {
		if (at_row(c, row + 1 + i) >= 0)
			cv_put(c->t, at_row(c, row + 1 + i), 1, 1, here ? CV_BOLD : CV_PLAIN, "│");
		put_text_row(c, &field->edit, width, first + i, row + 1 + i, 3);
	}
	if (here)
		cv_term_cursor(c->t, at_row(c, row + 1 + at - first), 3 + col);
}

/* A line longer than its box shows the part around the cursor. */
static void draw_line(const struct cv_form *f, const struct canvas *c, struct cv_field *field, int row, bool here)
{
	int width = text_width(f, field, c->width), y = at_row(c, row), col = f->label_width + 1;
	char *before = cv_strndup(field->edit.text, field->edit.at), *shown;
	int at = field->edit.secret ? (int)cv_grapheme_count(before) : cv_text_width(before);
	size_t from = 0;

	free(before);
	cv_put(c->t, y, 1, f->label_width - 1, here ? CV_BOLD : CV_PLAIN, field->label);
	cv_put(c->t, y, col, 1, CV_PLAIN, "[");
	if (field->edit.secret) {
		size_t n = cv_grapheme_count(field->edit.text);
		shown = cv_alloc(n + 1);
		memset(shown, '*', n);
		from = n > (size_t)width ? n - (size_t)width : 0;
	} else {
		while (at >= width) {
			size_t n = cv_grapheme_next(field->edit.text + from, field->edit.n - from);
			char *one = cv_strndup(field->edit.text + from, n);
			at -= cv_text_width(one);
			free(one);
			from += n;
		}
		shown = cv_strdup(field->edit.text);
	}
	cv_put_cell(c->t, y, col + 2, width, here ? CV_UNDERLINE : CV_PLAIN, shown + from);
	cv_put(c->t, y, col + 3 + width, 1, CV_PLAIN, "]");
	if (field->hint != NULL)
		cv_put(c->t, y, col + 6 + width, c->width - col - 6 - width, CV_DIM, field->hint);
	if (here)
		cv_term_cursor(c->t, y, col + 2 + (at < width ? at : width));
	cv_wipe(shown, strlen(shown));
	free(shown);
}

static void draw_choice(const struct cv_form *f, const struct canvas *c, const struct cv_field *field, int row,
			bool here)
{
	int y = at_row(c, row), col = f->label_width + 1;

	cv_put(c->t, y, 1, f->label_width - 1, here ? CV_BOLD : CV_PLAIN, field->label);
	if (field->kind == CV_FIELD_CHECK) {
		cv_put(c->t, y, col, 3, CV_PLAIN, field->chosen ? "[x]" : "[ ]");
		if (here)
			cv_term_cursor(c->t, y, col + 1);
		if (field->hint != NULL)
			cv_put(c->t, y, col + 4, c->width - col - 4, CV_PLAIN, field->hint);
		return;
	}
	for (int i = 0; field->choices != NULL && field->choices[i] != NULL; i++) {
		bool on = i == field->chosen;
		cv_put(c->t, y, col, 3, CV_PLAIN, on ? "(•)" : "( )");
		if (here && on)
			cv_term_cursor(c->t, y, col + 1);
		col += 4 +
		       cv_put(c->t, y, col + 4, c->width - col - 4, on ? CV_BOLD : CV_PLAIN,
			      field->choice_label(field->choices[i])) +
		       3;
	}
}

void cv_form_draw(struct cv_form *f, struct cv_term *t, int row, int height, int width)
{
	int first = row_of(f, f->at), last = first + height_of(&f->fields[f->at]) - 1;

	if (last >= f->top + height)
		f->top = last - height + 1;
	if (first < f->top)
		f->top = first;
	struct canvas c = {t, row, height, width, f->top};
	for (int i = 0; i < f->count; i++) {
		struct cv_field *field = &f->fields[i];
		int y = row_of(f, i);
		bool here = i == f->at;
		if (field->kind == CV_FIELD_TEXT)
			draw_text(f, &c, field, y, here);
		else if (at_row(&c, y) < 0)
			continue;
		else if (field->kind == CV_FIELD_NOTE)
			cv_put(t, at_row(&c, y), 1, width - 2, CV_DIM, field->label);
		else if (writes(field))
			draw_line(f, &c, field, y, here);
		else
			draw_choice(f, &c, field, y, here);
	}
}

/* ---- drafts and arguments ---- */
struct cv_json *cv_form_save(const struct cv_form *f)
{
	struct cv_json *draft = cv_json_new_object(), *fields = cv_json_new_object();

	for (int i = 0; i < f->count; i++) {
		const struct cv_field *field = &f->fields[i];
		char number[16] = {(char)('0' + field->chosen), '\0'};
		if (field->kind != CV_FIELD_SECRET && field->kind != CV_FIELD_NOTE)
			cv_json_set_str(fields, field->name, writes(field) ? field->edit.text : number);
	}
	cv_json_set_int(draft, "at", f->at);
	cv_json_set_int(draft, "cursor", (int64_t)f->fields[f->at].edit.at);
	cv_json_set(draft, "fields", fields);
	return draft;
}

void cv_form_load(struct cv_form *f, const struct cv_json *draft)
{
	const struct cv_json *fields = cv_json_object_of(draft, "fields");
	int64_t at = cv_json_int(draft, "at", 0), cursor = cv_json_int(draft, "cursor", 0);

	for (int i = 0; i < f->count; i++) {
		struct cv_field *field = &f->fields[i];
		const char *text = cv_json_str(fields, field->name);
		if (text == NULL)
			continue;
		if (writes(field))
			cv_edit_set(&field->edit, text);
		else
			field->chosen = text[0] - '0';
	}
	if (at >= 0 && at < f->count && f->fields[at].kind != CV_FIELD_NOTE)
		f->at = (int)at;
	struct cv_edit *e = &f->fields[f->at].edit;
	if (cursor >= 0 && (size_t)cursor <= e->n && ((unsigned char)e->text[cursor] & 0xC0) != 0x80)
		e->at = (size_t)cursor;
}

struct cv_json *cv_form_args(const struct cv_form *f)
{
	struct cv_json *args = cv_json_new_object();

	for (int i = 0; i < f->count; i++) {
		const struct cv_field *field = &f->fields[i];
		const char *text = field->edit.text;
		if (field->kind == CV_FIELD_NOTE)
			continue;
		if (writes(field) && strspn(text, " \n\t") < strlen(text))
			cv_json_set_str(args, field->name, text);
		if (field->kind == CV_FIELD_CHECK && field->chosen)
			cv_json_set_bool(args, field->name, true);
		if (field->kind == CV_FIELD_CHOICE && field->choices[field->chosen][0] != '\0')
			cv_json_set_str(args, field->name, field->choices[field->chosen]);
	}
	return args;
}
