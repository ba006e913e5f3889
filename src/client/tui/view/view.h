/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A screen is one file that ends in a filled struct cv_view_ops. Handlers of keys say what must happen; only the loop
 * (shell.c) acts. Nothing here waits for a disk or a network: reading comes from ui->core, acting goes through
 * cv_ui_act.
 */
#ifndef CONGVU_TUI_VIEW_H
#define CONGVU_TUI_VIEW_H

#include "client/tui/term/term.h"
#include "client/tui/view/keys.h"

#include <congvu/core/core.h>
#include <congvu/core/live.h>

struct cv_ui;
struct cv_view;

/* What a handler wants; bits. */
enum {
	CV_TURN_NONE = 0,    /* the key was taken, nothing to draw */
	CV_TURN_DRAW = 1,    /* draw again */
	CV_TURN_READ = 2,    /* read the data again, then draw */
	CV_TURN_BACK = 4,    /* leave this view */
	CV_TURN_QUIT = 8,    /* leave the program */
	CV_TURN_UNKNOWN = 16 /* the key means nothing here */
};

/* One thing a person may do here: the hint line, the menu and the help are made of these. */
struct cv_action {
	const char *key;   /* as the screens know it: "t", "F2", "Enter"; shown through cv_ui_key */
	const char *label; /* translated: "Trình duyệt" */
	char why[160];	   /* why not now; "" = possible */
	bool hint;	   /* stands on the last line if there is room */
};
#define CV_ACTIONS 48
struct cv_actions {
	struct cv_action list[CV_ACTIONS];
	int count;
};
/* why may be NULL. */
void cv_action_add(struct cv_actions *a, const char *key, const char *label, bool hint, const char *why);

struct cv_view_ops {
	const char *name; /* of the screen, for help and error codes */
	const char *code; /* short, to be read over the phone: "M-101" */
	int tab;	  /* digit of the tab it belongs to, 0 = none: then the view draws the first line itself */
	bool typing;	  /* keys are text: no command letters */
	void (*close)(struct cv_view *v);
	/* Reads what it shows from ui->core. */
	void (*read)(struct cv_view *v);
	/* Draws rows [top, bottom). */
	void (*draw)(struct cv_view *v, struct cv_term *t, int top, int bottom, int cols);
	/* `command` is the key as a letter (Vietnamese letters count as theirs), 0 if it is none. */
	unsigned (*key)(struct cv_view *v, const struct cv_key *key, char command);
	void (*actions)(struct cv_view *v, struct cv_actions *out);
	/* An action of the menu that has no letter (":extend"); may be NULL. */
	unsigned (*named)(struct cv_view *v, const char *name);
	/* Saves what is being typed (also on SIGHUP). May be NULL. */
	void (*save)(struct cv_view *v);
	/* The draft with this ticket is on the disk; may be NULL. */
	void (*saved)(struct cv_view *v, uint64_t ticket);
	/* Every second while it is on top; may be NULL. */
	unsigned (*tick)(struct cv_view *v);
};
struct cv_view {
	const struct cv_view_ops *ops;
	struct cv_ui *ui; /* borrowed */
	bool stale;	  /* read before the next draw */
};

#define CV_DEPTH 8
struct cv_ui {
	const struct cv_env *env;
	struct cv_core *core; /* reading only */
	struct cv_live *live;
	struct cv_term *term;
	struct cv_view *stack[CV_DEPTH]; /* owned */
	int depth;
	bool read_only;
	char message[200]; /* right of the status line */
	int64_t message_until;
	bool alert;
	/* acts on their way: told when their result comes */
	struct {
		uint64_t ticket;
		int64_t mid;
		char said[120];
		char op[40], id[CV_ID_MAX + 1];
		struct cv_json *args; /* owned until queued, for "send all the same" */
		char *draft;	      /* owned: forgotten when the act is safe; NULL: none */
	} acts[16];
	uint64_t offer_after; /* when this act is queued, the report is offered */
	bool offer_registering;
	struct cv_hold *hold; /* owned: what waits its ten seconds (hold.h) */
	struct cv_json *todo; /* owned: LÀM NGAY, [{"key","text"}] */
	int64_t todo_at;
	size_t unsent, person; /* of the outbox */
	int method;	       /* enum cv_method of the built-in input method */
	struct cv_keys keys;
};

/* ---- for views ---- */
const struct cv_json *cv_ui_me(struct cv_ui *ui); /* the user object; may be NULL */
bool cv_ui_role(struct cv_ui *ui, const char *role);
bool cv_ui_heads(struct cv_ui *ui); /* head, deputy or leader */
int64_t cv_ui_now(struct cv_ui *ui);
void cv_ui_today(struct cv_ui *ui, char out[16]); /* "2026-11-20" */
struct cv_json *cv_ui_policy(struct cv_ui *ui);	  /* of this person's unit; owned */
/* As cv_act of this person, for advice. */
struct cv_act cv_ui_actor(struct cv_ui *ui);
/* Tells on the status line for some seconds. */
void cv_ui_say(struct cv_ui *ui, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void cv_ui_alert(struct cv_ui *ui, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Queues an act; `said` is what it is called in the answer ("Báo cáo 11h"). args is copied. */
/* Gives its ticket, 0 if nothing is sent (read-only). */
uint64_t cv_ui_act_now(struct cv_ui *ui, const char *op, const char *id, const struct cv_json *args, const char *said);
/* The same, but one flagged `hold` waits first: then 0. */
uint64_t cv_ui_act(struct cv_ui *ui, const char *op, const char *id, const struct cv_json *args, const char *said);
/* The same out of a form: its draft is forgotten when the act is safe, not before. CV_ACT_HELD when it waits its ten
 * seconds (hold.h), which is safe, too. */
#define CV_ACT_HELD UINT64_MAX
uint64_t cv_ui_act_from(struct cv_ui *ui, const char *op, const char *id, const struct cv_json *args, const char *said,
			const char *draft);
void cv_ui_push(struct cv_ui *ui, struct cv_view *v); /* takes it; NULL does nothing */
/* Leaves the view on top (it is destroyed) and puts v in its place; NULL: only leaves. */
void cv_ui_replace(struct cv_ui *ui, struct cv_view *v);
void cv_ui_stale(struct cv_ui *ui); /* every view reads again */
/* Questions that stand over the screen. */
bool cv_ui_confirm(struct cv_ui *ui, const char *question);
/* A line of text; owned, NULL when left with Esc. */
char *cv_ui_ask(struct cv_ui *ui, const char *label, const char *text);
/* The same; changed() is told after every letter, and draws what stands above. */
char *cv_ui_ask_live(struct cv_ui *ui, const char *label, const char *text,
		     void (*changed)(void *data, const char *text), void *data);
/* Shows a text until a key is pressed; moves with the arrows. */
void cv_ui_pager(struct cv_ui *ui, const char *title, const char *text);
/* The menu or the help over the view's actions; gives the chosen action's key or "". */
const char *cv_ui_menu(struct cv_ui *ui, const char *title, const struct cv_actions *actions, char out[40]);
void cv_ui_command(struct cv_ui *ui); /* ":" */
/* A text broken at blanks in rows [row, row + height), from its row *top on (kept in range); gives how many rows it
 * has. */
int cv_put_text(struct cv_term *t, int row, int height, int cols, const char *text, int *top);
/* Soạn bằng chương trình ngoài: the text in $EDITOR through a 0600 file; false if it was not changed. */
bool cv_ui_editor(struct cv_ui *ui, struct cv_json **text, const char *before);
void cv_ui_draw(struct cv_ui *ui);
/* A key as this person presses it. out has 16 bytes. */
const char *cv_ui_key(const struct cv_ui *ui, const char *key, char out[16]);
/* Where a form stands, so that a later start stands there again: {"screen":…,"id":…}; NULL: nowhere special. */
void cv_ui_place(struct cv_ui *ui, const char *screen, const char *id, const char *title);

/* "10:41", "10:41 19/11" on another day. out has 24 bytes. */
void cv_clock_text(char out[24], int64_t t, int64_t now);
/* "Thứ Sáu 20/11/2026"; out has 40 bytes. */
void cv_day_text(char out[40], int32_t date);
/* A person's name by login; the login if unknown. Borrowed until the next read. */
const char *cv_person_name(struct cv_ui *ui, const char *login);

/* ---- a list that remembers where it stands ---- */
struct cv_list {
	int64_t count, at, top;
};
/* Moves by the usual keys (j k arrows g G Home End page half page); false: not one of them. */
bool cv_list_key(struct cv_list *l, const struct cv_key *key, char command, int height);
void cv_list_fit(struct cv_list *l, int height); /* after count or height changed */

/* ---- what may be done with a dossier, the same in list and dossier ---- */
void cv_dossier_actions(struct cv_ui *ui, const char *id, struct cv_actions *out);
/* Runs the act that this key means ("t", or ":extend" of the menu), or tells why it is not possible. */
unsigned cv_dossier_key(struct cv_ui *ui, const char *id, const char *key);
#define CV_DOSSIER_KEYS "tdzbsciewu"

/* ---- the screens; each is NULL when it does not fit this person ---- */
struct cv_view *cv_view_inbox(struct cv_ui *ui);
struct cv_view *cv_view_dossier(struct cv_ui *ui, const char *id);
struct cv_view *cv_view_act(struct cv_ui *ui, const char *op, const char *id, const char *title);
struct cv_view *cv_view_work(struct cv_ui *ui);
struct cv_view *cv_view_register(struct cv_ui *ui);
struct cv_view *cv_view_record(struct cv_ui *ui, const char *workday, const struct cv_json *item);
/* The form of the report that the day's work leads to now. */
void cv_report_of_work(struct cv_ui *ui);
/* Asks first, and only who owes that report and has not written it. */
void cv_offer_report(struct cv_ui *ui, bool registering);
/* "tại nhà", or a dash: translated, borrowed. */
const char *cv_place_words(const char *place);
struct cv_view *cv_view_reports(struct cv_ui *ui);
struct cv_view *cv_view_report_form(struct cv_ui *ui, const char *slot);
struct cv_view *cv_view_board(struct cv_ui *ui);
struct cv_view *cv_view_person(struct cv_ui *ui, const char *login, int32_t date);
struct cv_view *cv_view_outbox(struct cv_ui *ui);

#endif
