/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What stands over a screen for a moment: a question, a line to fill, a text to read, the menu. */
#include "client/tui/view/hold.h"
#include "client/tui/widget/edit.h"

#include <congvu/base/i18n.h>
#include <congvu/base/mem.h>
#include <congvu/base/text.h>

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* False: the program is to end; the dialog ends with it. */
static bool wait_key(struct cv_ui *ui, struct cv_key *key)
{
	while (!cv_term_key(ui->term, key, 1000, -1)) {
		if (cv_term_signal(ui->term) != 0)
			return false;
		cv_hold_tick(ui); /* a question left open does not keep what waits its ten seconds */
	}
	return true;
}

static void wipe_rows(struct cv_ui *ui, int row, int count)
{
	for (int i = 0; i < count; i++)
		cv_put_cell(ui->term, row + i, 0, cv_term_cols(ui->term), CV_PLAIN, "");
}

/* Text in rows from `row` on, broken at blanks; gives how many rows it took. */
static int put_wrapped(struct cv_ui *ui, int row, int col, int width, const char *text, int most)
{
	struct cv_edit e;
	struct cv_edit_row r;
	int n = 0;

	cv_edit_init(&e, strlen(text) + 16, true);
	cv_edit_set(&e, text);
	for (; n < most && cv_edit_row(&e, width, n, &r); n++) {
		char *part = cv_strndup(e.text + r.from, r.n);
		cv_put(ui->term, row + n, col, width, CV_PLAIN, part);
		free(part);
	}
	cv_edit_finish(&e);
	return n;
}

bool cv_ui_confirm(struct cv_ui *ui, const char *question)
{
	int rows = cv_term_rows(ui->term), cols = cv_term_cols(ui->term);
	struct cv_key key;
	bool vietnamese;

	for (;;) {
		wipe_rows(ui, rows - 6, 6);
		cv_rule(ui->term, rows - 6, 1, cols - 2);
		put_wrapped(ui, rows - 5, 1, cols - 2, question, 3);
		cv_put(ui->term, rows - 1, 1, cols - 2, CV_BOLD, _("Enter, c: có    Esc, k: không"));
		cv_term_cursor(ui->term, rows - 5, 1);
		cv_term_show(ui->term);
		if (!wait_key(ui, &key))
			return false;
		char command = cv_key_command(&key, &vietnamese);
		if (key.kind == CV_KEY_ENTER || command == 'c' || command == 'y')
			return true;
		if (key.kind == CV_KEY_ESC || command == 'k' || command == 'n' || command == 'q')
			return false;
	}
}

char *cv_ui_ask(struct cv_ui *ui, const char *label, const char *text)
{
	return cv_ui_ask_live(ui, label, text, NULL, NULL);
}

char *cv_ui_ask_live(struct cv_ui *ui, const char *label, const char *text,
		     void (*changed)(void *data, const char *text), void *data)
{
	int row = cv_term_rows(ui->term) - 1, cols = cv_term_cols(ui->term);
	struct cv_edit e;
	struct cv_key key;

	cv_edit_init(&e, 400, false);
	cv_edit_set(&e, text);
	for (;;) {
		int used, at, col;
		cv_put_cell(ui->term, row, 0, cols - 1, CV_PLAIN, "");
		used = 1 + cv_put(ui->term, row, 1, cols / 2, CV_BOLD, label);
		cv_put(ui->term, row, used + 1, cols - used - 3, CV_PLAIN, e.text);
		cv_edit_where(&e, 10000, &at, &col);
		cv_term_cursor(ui->term, row, used + 1 + col);
		cv_term_show(ui->term);
		if (!wait_key(ui, &key) || key.kind == CV_KEY_ESC || (key.kind == CV_KEY_CTRL && key.number == 'g')) {
			cv_edit_finish(&e);
			return NULL;
		}
		if (key.kind == CV_KEY_ENTER) {
			char *out = cv_strdup(e.text);
			cv_edit_finish(&e);
			return out;
		}
		key.method = ui->method;
		if (key.kind == CV_KEY_F && key.number == 9)
			ui->method = (ui->method + 1) % 3;
		else if (key.kind == CV_KEY_PASTE)
			cv_edit_insert(&e, cv_term_paste(ui->term));
		else
			cv_edit_key(&e, &key, 10000);
		if (changed != NULL && e.changed)
			changed(data, e.text);
		e.changed = false;
	}
}

int cv_put_text(struct cv_term *t, int row, int height, int cols, const char *text, int *top)
{
	struct cv_edit e;
	struct cv_edit_row r;

	cv_edit_init(&e, strlen(text) * 3 + 16, true);
	cv_edit_set(&e, text);
	int rows = cv_edit_rows(&e, cols - 2);
	if (*top > rows - height)
		*top = rows - height;
	if (*top < 0)
		*top = 0;
	for (int i = 0; i < height && cv_edit_row(&e, cols - 2, *top + i, &r); i++) {
		char *part = cv_strndup(e.text + r.from, r.n);
		cv_put(t, row + i, 1, cols - 2, CV_PLAIN, part);
		free(part);
	}
	cv_edit_finish(&e);
	return rows;
}

void cv_ui_pager(struct cv_ui *ui, const char *title, const char *text)
{
	struct cv_key key;
	int first = 0;
	bool vietnamese;

	for (;;) {
		int rows = cv_term_rows(ui->term), cols = cv_term_cols(ui->term), height = rows - 3;
		cv_term_erase(ui->term);
		cv_put(ui->term, 0, 1, cols - 2, CV_BOLD, title);
		cv_rule(ui->term, 1, 1, cols - 2);
		cv_put_text(ui->term, 2, height, cols, text, &first);
		cv_put(ui->term, rows - 1, 1, cols - 2, CV_BOLD, _("Esc, q: quay lại   ↑ ↓: đọc tiếp"));
		cv_term_cursor(ui->term, 2, 1);
		cv_term_show(ui->term);
		if (!wait_key(ui, &key))
			return;
		char command = cv_key_command(&key, &vietnamese);
		if (key.kind == CV_KEY_ESC || key.kind == CV_KEY_ENTER || command == 'q')
			return;
		if (key.kind == CV_KEY_DOWN || command == 'j')
			first++;
		else if (key.kind == CV_KEY_UP || command == 'k')
			first--;
		else if (key.kind == CV_KEY_PGDN || command == ' ')
			first += height - 1;
		else if (key.kind == CV_KEY_PGUP)
			first -= height - 1;
		else if (key.kind == CV_KEY_HOME || command == 'g')
			first = 0;
		else if (key.kind == CV_KEY_END || command == 'G')
			first = INT_MAX / 2;
	}
}

/* ---- the menu ---- */
static int filter(const struct cv_actions *all, const char *typed, int *shown)
{
	char *folded = cv_text_fold_dup(typed);
	int n = 0;

	for (int i = 0; i < all->count; i++) {
		char *label = cv_text_fold_dup(all->list[i].label);
		if (folded[0] == '\0' || cv_text_find(label, folded))
			shown[n++] = i;
		free(label);
	}
	free(folded);
	return n;
}

static void draw_menu(struct cv_ui *ui, const char *title, const struct cv_actions *all, const int *shown,
		      struct cv_list *l, const struct cv_edit *typed)
{
	int rows = cv_term_rows(ui->term), cols = cv_term_cols(ui->term), height = rows - 4, at, col;

	cv_list_fit(l, height);
	cv_term_erase(ui->term);
	int used = 1 + cv_put(ui->term, 0, 1, cols - 2, CV_BOLD, title);
	used += 2 + cv_put(ui->term, 0, used + 2, cols - used - 3, CV_PLAIN, _("gõ để lọc:"));
	cv_put(ui->term, 0, used + 1, cols - used - 2, CV_PLAIN, typed->text);
	cv_edit_where(typed, 10000, &at, &col);
	cv_rule(ui->term, 1, 1, cols - 2);
	for (int i = 0; i < height && l->top + i < l->count; i++) {
		const struct cv_action *a = &all->list[shown[l->top + i]];
		bool here = l->top + i == l->at;
		char key[16];
		cv_put(ui->term, 2 + i, 0, 1, CV_PLAIN, here ? ">" : " ");
		cv_put_cell(ui->term, 2 + i, 1, 7, CV_BOLD,
			    a->key[0] == ':' && a->key[1] != '\0' ? "" : cv_ui_key(ui, a->key, key));
		int w = cv_put(ui->term, 2 + i, 9, cols - 10, a->why[0] != '\0' ? CV_DIM : CV_PLAIN, a->label);
		if (a->why[0] != '\0') {
			char *why = cv_strf("– %s", a->why);
			cv_put(ui->term, 2 + i, 10 + w, cols - 11 - w, CV_DIM, why);
			free(why);
		}
	}
	cv_put(ui->term, rows - 1, 1, cols - 2, CV_PLAIN, _("Enter: làm   ↑ ↓: chọn   Esc: quay lại"));
	cv_term_cursor(ui->term, 0, used + 1 + col);
	cv_term_show(ui->term);
}

const char *cv_ui_menu(struct cv_ui *ui, const char *title, const struct cv_actions *all, char out[40])
{
	struct cv_list l = {0};
	struct cv_edit typed;
	struct cv_key key;
	int shown[CV_ACTIONS];

	out[0] = '\0';
	cv_edit_init(&typed, 60, false);
	for (;;) {
		l.count = filter(all, typed.text, shown);
		draw_menu(ui, title, all, shown, &l, &typed);
		if (!wait_key(ui, &key) || key.kind == CV_KEY_ESC)
			break;
		if (key.kind == CV_KEY_ENTER && l.count > 0) {
			const struct cv_action *a = &all->list[shown[l.at]];
			if (a->why[0] == '\0') {
				cv_strcopy(out, 40, a->key);
				break;
			}
			cv_ui_say(ui, "%s: %s", a->label, a->why);
		} else if (key.kind == CV_KEY_UP || key.kind == CV_KEY_DOWN || key.kind == CV_KEY_PGUP ||
			   key.kind == CV_KEY_PGDN) {
			cv_list_key(&l, &key, '\0', cv_term_rows(ui->term) - 4);
		} else if (cv_edit_key(&typed, &key, 10000)) {
			l.at = 0;
		}
	}
	cv_edit_finish(&typed);
	return out;
}
