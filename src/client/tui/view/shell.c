/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The loop: keys and events come in, handlers say what must happen, here it happens. One thread; whatever may wait is
 * done by cv_live's.
 */
#include "client/tui/tui.h"
#include "client/tui/view/chrome.h"
#include "client/tui/view/hold.h"
#include "client/tui/widget/telex.h"

#include <congvu/base/i18n.h>
#include <congvu/base/mem.h>
#include <congvu/base/time.h>
#include <congvu/model/policy.h>

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MIN_ROWS 12
#define MIN_COLS 40
#define SAY_MS	 6000

/* ---- what views ask for ---- */
const struct cv_json *cv_ui_me(struct cv_ui *ui)
{
	const struct cv_json *user = NULL;

	cv_ctx_get(cv_core_ctx(ui->core), CV_KIND_USER, cv_core_user(ui->core), &user);
	return user;
}

bool cv_ui_role(struct cv_ui *ui, const char *role)
{
	return cv_user_has_role(cv_ui_me(ui), role);
}

bool cv_ui_heads(struct cv_ui *ui)
{
	return cv_ui_role(ui, "head") || cv_ui_role(ui, "deputy") || cv_ui_role(ui, "leader");
}

int64_t cv_ui_now(struct cv_ui *ui)
{
	return cv_now(ui->env);
}

void cv_ui_today(struct cv_ui *ui, char out[16])
{
	cv_date_format(cv_date_of(cv_ui_now(ui)), out);
}

struct cv_json *cv_ui_policy(struct cv_ui *ui)
{
	return cv_policy_resolve(cv_core_ctx(ui->core), cv_user_unit(cv_ui_me(ui)));
}

struct cv_act cv_ui_actor(struct cv_ui *ui)
{
	const struct cv_json *rights = cv_json_array_of(cv_core_session(ui->core), "rights");
	int64_t now = cv_ui_now(ui);

	return (struct cv_act){.user = cv_core_user(ui->core),
			       .device = cv_core_device(ui->core),
			       .origin = "person",
			       .rights = rights != NULL ? cv_rights_parse(rights) : ~0U,
			       .at = now,
			       .now = now};
}

static void say(struct cv_ui *ui, bool alert, const char *fmt, va_list ap)
{
	vsnprintf(ui->message, sizeof(ui->message), fmt, ap);
	ui->message_until = cv_mono(ui->env) + SAY_MS;
	ui->alert = alert;
}

void cv_ui_say(struct cv_ui *ui, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(ui, false, fmt, ap);
	va_end(ap);
}

void cv_ui_alert(struct cv_ui *ui, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(ui, true, fmt, ap);
	va_end(ap);
}

void cv_action_add(struct cv_actions *a, const char *key, const char *label, bool hint, const char *why)
{
	if (a->count == CV_ACTIONS)
		return;
	struct cv_action *own = &a->list[a->count++];
	*own = (struct cv_action){.key = key, .label = label, .hint = hint};
	if (why != NULL)
		cv_strcopy(own->why, sizeof(own->why), why);
}

void cv_ui_stale(struct cv_ui *ui)
{
	for (int i = 0; i < ui->depth; i++)
		ui->stack[i]->stale = true;
	ui->todo_at = 0;
}

void cv_ui_push(struct cv_ui *ui, struct cv_view *v)
{
	if (v == NULL || ui->depth == CV_DEPTH) {
		if (v != NULL)
			v->ops->close(v);
		return;
	}
	v->stale = true;
	ui->stack[ui->depth++] = v;
}

static struct cv_view *top(struct cv_ui *ui)
{
	return ui->stack[ui->depth - 1];
}

static void pop(struct cv_ui *ui)
{
	struct cv_view *v = ui->stack[--ui->depth];

	if (v->ops->save != NULL)
		v->ops->save(v);
	v->ops->close(v);
	if (ui->depth > 0)
		top(ui)->stale = true;
}

void cv_ui_replace(struct cv_ui *ui, struct cv_view *v)
{
	pop(ui);
	if (v != NULL)
		cv_ui_push(ui, v);
}

/* ---- drawing ---- */
static void gather(struct cv_ui *ui, struct cv_actions *a)
{
	struct cv_view *v = top(ui);

	a->count = 0;
	v->ops->actions(v, a);
	if (v->ops->typing)
		return;
	cv_action_add(a, "m", _("Mục lục"), true, NULL);
	cv_action_add(a, "?", _("Giúp"), true, NULL);
	cv_action_add(a, ":", _("Lệnh bất kỳ"), false, NULL);
	cv_action_add(a, "F5", _("Cập nhật ngay"), false, NULL);
	cv_action_add(a, "q", ui->depth > 1 ? _("Quay lại") : _("Thoát"), ui->depth > 1, NULL);
}

void cv_ui_draw(struct cv_ui *ui)
{
	struct cv_view *v = top(ui);
	struct cv_actions actions;
	int rows = cv_term_rows(ui->term), cols = cv_term_cols(ui->term), first = 0;

	cv_term_erase(ui->term);
	if (rows < MIN_ROWS || cols < MIN_COLS) {
		cv_put(ui->term, 0, 0, cols, CV_PLAIN, _("Cửa sổ quá nhỏ:"));
		cv_put(ui->term, 1, 0, cols, CV_PLAIN, _("cần ít nhất 40 cột, 12 dòng"));
		cv_term_show(ui->term);
		return;
	}
	if (ui->todo_at == 0 || cv_chrome_old(ui))
		cv_chrome_read(ui);
	if (v->stale) {
		v->stale = false;
		v->ops->read(v);
	}
	if (v->ops->tab > 0)
		first = cv_chrome_top(ui, v->ops->tab);
	v->ops->draw(v, ui->term, first, rows - 2, cols);
	gather(ui, &actions);
	cv_chrome_bottom(ui, &actions);
	cv_term_show(ui->term);
}

/* ---- keys ---- */
static struct cv_view *open_tab(struct cv_ui *ui, int digit)
{
	switch (digit) {
	case 1:
		return cv_view_inbox(ui);
	case 2:
		return cv_view_work(ui);
	case 3:
		return cv_view_reports(ui);
	case 6:
		return cv_view_board(ui);
	case 8:
		return cv_view_outbox(ui);
	default:
		return NULL;
	}
}

static bool go_tab(struct cv_ui *ui, int digit)
{
	if (!cv_tab_allowed(ui, digit))
		return false;
	if (top(ui)->ops->tab == digit && ui->depth == 1)
		return true;
	struct cv_view *v = open_tab(ui, digit);
	if (v == NULL)
		return false;
	while (ui->depth > 0)
		pop(ui);
	cv_ui_push(ui, v);
	return true;
}

static void suspend(struct cv_ui *ui)
{
	for (int i = 0; i < ui->depth; i++)
		if (ui->stack[i]->ops->save != NULL)
			ui->stack[i]->ops->save(ui->stack[i]);
	/* Without a shell that takes us back a stopped program would be lost. */
	if (getpgrp() == getsid(0)) {
		cv_ui_say(ui, "%s", _("Không tạm dừng được ở đây; q để thoát"));
		return;
	}
	cv_hold_send_all(ui);
	cv_live_pause(ui->live);
	cv_term_leave(ui->term);
	printf("%s\n", _("Đang tạm dừng. Gõ fg để quay lại."));
	fflush(stdout);
	raise(SIGSTOP);
	cv_term_enter(ui->term);
	cv_live_resume(ui->live);
	cv_ui_stale(ui);
}

static bool may_quit(struct cv_ui *ui)
{
	if (ui->unsent == 0)
		return true;
	char *text = cv_strf(_("Còn %zu việc chờ gửi. Thoát vẫn giữ, lần sau tự gửi. Thoát?"), ui->unsent);
	bool yes = cv_ui_confirm(ui, text);
	free(text);
	return yes;
}

static unsigned run_key(struct cv_ui *ui, const char *name);

static unsigned menu(struct cv_ui *ui, const char *title)
{
	struct cv_actions actions;
	char chosen[40];

	gather(ui, &actions);
	cv_ui_menu(ui, title, &actions, chosen);
	return chosen[0] != '\0' ? run_key(ui, chosen) : CV_TURN_DRAW;
}

static unsigned control_key(struct cv_ui *ui, int letter)
{
	switch (letter) {
	case 'z':
		suspend(ui);
		return CV_TURN_READ;
	case 'l':
		cv_term_redraw(ui->term);
		return CV_TURN_DRAW;
	case 'c':
		cv_ui_say(ui, "%s", _("Ctrl-C không thoát; q hoặc Esc để quay lại"));
		return CV_TURN_DRAW;
	default:
		return CV_TURN_UNKNOWN;
	}
}

static unsigned function_key(struct cv_ui *ui, int number)
{
	switch (number) {
	case 1:
		return menu(ui, _("Giúp"));
	case 5:
		cv_live_sync(ui->live);
		cv_ui_say(ui, "%s", _("Đang cập nhật"));
		return CV_TURN_DRAW;
	case 9:
		ui->method = (ui->method + 1) % 3;
		cv_ui_say(ui, _("Bộ gõ có sẵn: %s"),
			  ui->method == 0 ? _("tắt") : cv_method_name((enum cv_method)ui->method));
		return CV_TURN_DRAW;
	case 10:
		return menu(ui, _("Mục lục"));
	default:
		return CV_TURN_UNKNOWN;
	}
}

static bool leaves(const struct cv_ui *ui, const struct cv_key *key, char command)
{
	bool ctrl_g = key->kind == CV_KEY_CTRL && key->number == 'g';

	return command == 'q' || key->kind == CV_KEY_ESC || ctrl_g ||
	       (ui->depth > 1 && (command == 'h' || key->kind == CV_KEY_LEFT));
}

/* Keys that mean the same everywhere. */
static unsigned shell_key(struct cv_ui *ui, const struct cv_key *key, char command)
{
	unsigned turn = key->kind == CV_KEY_CTRL ? control_key(ui, key->number)
			: key->kind == CV_KEY_F	 ? function_key(ui, key->number)
						 : CV_TURN_UNKNOWN;

	if (turn != CV_TURN_UNKNOWN || top(ui)->ops->typing)
		return turn;
	if (command == 'm' || command == '?')
		return menu(ui, command == 'm' ? _("Mục lục") : _("Giúp"));
	if (command == 'u' && cv_hold_take_back(ui))
		return CV_TURN_READ;
	if (command == ':') {
		cv_ui_command(ui);
		return CV_TURN_READ;
	}
	if (command >= '1' && command <= '8')
		return go_tab(ui, command - '0') ? CV_TURN_READ : CV_TURN_UNKNOWN;
	if (leaves(ui, key, command))
		return ui->depth > 1 ? CV_TURN_BACK : CV_TURN_QUIT;
	return CV_TURN_UNKNOWN;
}

static void unknown_key(struct cv_ui *ui, const struct cv_key *key, char command, bool vietnamese)
{
	if (key->kind == CV_KEY_PASTE)
		cv_ui_say(ui, "%s", _("Chỗ này không dán chữ được"));
	else if (vietnamese)
		cv_ui_say(ui, "%s", _("Bộ gõ tiếng Việt đang bật"));
	else if (command >= 'A' && command <= 'Z')
		cv_ui_say(ui, "%s", _("Caps Lock đang bật?"));
	else if (command > ' ')
		cv_ui_say(ui, _("Phím “%c” chưa có nghĩa ở đây; m: mục lục"), command);
}

/* The letter as the screens know it. */
static char command_of(struct cv_ui *ui, const struct cv_key *key, bool *vietnamese)
{
	char letter = cv_key_command(key, vietnamese);

	return letter > 0 ? ui->keys.meaning[(int)letter] : '\0';
}

static unsigned one_key(struct cv_ui *ui, struct cv_key *key)
{
	struct cv_view *v = top(ui);
	bool vietnamese = false;
	char command = v->ops->typing ? '\0' : command_of(ui, key, &vietnamese);

	key->method = ui->method;

	if (key->kind == CV_KEY_RESIZE)
		return CV_TURN_READ;
	unsigned turn = v->ops->key(v, key, command);
	if (turn & CV_TURN_UNKNOWN)
		turn = shell_key(ui, key, command);
	if ((turn & CV_TURN_UNKNOWN) && !v->ops->typing)
		unknown_key(ui, key, command, vietnamese);
	return turn & CV_TURN_UNKNOWN ? CV_TURN_DRAW : turn;
}

const char *cv_ui_key(const struct cv_ui *ui, const char *key, char out[16])
{
	cv_strcopy(out, 16, key);
	if (key[0] > 0 && key[1] == '\0')
		out[0] = ui->keys.shown[(int)key[0]];
	return out;
}

void cv_ui_place(struct cv_ui *ui, const char *screen, const char *id, const char *title)
{
	struct cv_json *place = screen != NULL ? cv_json_new_object() : NULL;

	if (place != NULL) {
		cv_json_set_str(place, "screen", screen);
		cv_json_set_str(place, "id", id);
		cv_json_set_str(place, "title", title);
		cv_json_set_int(place, "at", cv_ui_now(ui));
	}
	cv_live_draft(ui->live, "place", place);
	cv_json_destroy(place);
}

/* A key by the name that actions show. */
static unsigned run_key(struct cv_ui *ui, const char *name)
{
	struct cv_key key = {.kind = CV_KEY_CHAR};
	char pressed[16];

	if (name[0] == ':' && name[1] != '\0')
		return top(ui)->ops->named != NULL ? top(ui)->ops->named(top(ui), name) : CV_TURN_DRAW;
	if (strcmp(name, "Enter") == 0)
		key.kind = CV_KEY_ENTER;
	else if (strcmp(name, "Esc") == 0)
		key.kind = CV_KEY_ESC;
	else if (strcmp(name, "Tab") == 0)
		key.kind = CV_KEY_TAB;
	else if (strcmp(name, "Space") == 0)
		cv_strcopy(key.text, sizeof(key.text), " ");
	else if (name[0] == 'F' && name[1] != '\0') {
		key.kind = CV_KEY_F;
		key.number = (int)strtol(name + 1, NULL, 10);
	} else {
		cv_ui_key(ui, name, pressed);
		cv_strcopy(key.text, sizeof(key.text), pressed);
	}
	return one_key(ui, &key);
}

static bool turn_to(struct cv_ui *ui, unsigned turn)
{
	if ((turn & CV_TURN_QUIT) && may_quit(ui))
		return false;
	if (turn & CV_TURN_BACK) {
		pop(ui);
		if (ui->depth == 0)
			return false;
	}
	if (turn & CV_TURN_READ)
		top(ui)->stale = true;
	return true;
}

static void save_all(struct cv_ui *ui)
{
	for (int i = 0; i < ui->depth; i++)
		if (ui->stack[i]->ops->save != NULL)
			ui->stack[i]->ops->save(ui->stack[i]);
	cv_live_flush(ui->live);
}

void cv_shell_run(struct cv_ui *ui)
{
	bool going = true, dirty = true;

	while (going) {
		struct cv_key key;
		struct cv_view *v;
		if (dirty)
			cv_ui_draw(ui);
		/* The countdown lives by the minute; a draft by the second. */
		bool holds = cv_hold_tick(ui) >= 0;
		int wait = holds || top(ui)->ops->tick != NULL ? 1000 : 20000;
		bool pressed = cv_term_key(ui->term, &key, wait, cv_live_fd(ui->live));
		dirty = true;
		if (pressed) {
			going = turn_to(ui, one_key(ui, &key));
		} else if (cv_term_signal(ui->term) != 0) {
			save_all(ui);
			going = false;
		} else if (!cv_ui_events(ui)) {
			v = top(ui);
			unsigned turn = v->ops->tick != NULL ? v->ops->tick(v) : CV_TURN_NONE;
			dirty = turn != CV_TURN_NONE || holds || cv_chrome_old(ui);
		}
	}
	cv_hold_send_all(ui);
	save_all(ui);
	cv_hold_finish(ui);
	while (ui->depth > 0)
		pop(ui);
	for (size_t i = 0; i < CV_COUNT(ui->acts); i++)
		cv_ui_forget_act(ui, i);
	cv_json_destroy(ui->todo);
}
