/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What all screens with a form share: the draft that is saved a second after the last key, the place to which a later
 * start comes back, sending, leaving, the person's own editor. A screen embeds it first and fills in `send`.
 */
#ifndef CONGVU_TUI_FORM_VIEW_H
#define CONGVU_TUI_FORM_VIEW_H

#include "client/tui/view/view.h"
#include "client/tui/widget/form.h"

struct cv_form_view {
	struct cv_view view;
	struct cv_form form;
	char *draft, *title;	/* owned; the draft's name */
	const char *place;	/* screen for cv_ui_place, static or borrowed from the operation table; NULL: none */
	char id[CV_ID_MAX + 1]; /* the object */
	char place_id[CV_ID_MAX + 1];
	uint64_t ticket;  /* of the draft being written */
	uint64_t act;	  /* ticket of the act that was sent */
	int64_t saved_at; /* of the draft on the disk, CV_TIME_NONE */
	bool had_draft, sent;
	unsigned (*send)(struct cv_form_view *x);
};
void cv_form_view_init(struct cv_form_view *x, struct cv_ui *ui, const struct cv_view_ops *ops);
/* After the fields are there: what was being typed when it was left last. */
void cv_form_view_take_draft(struct cv_form_view *x);
/* Queues the act and gives what send() returns. The draft is forgotten only when the act is safe. */
unsigned cv_form_view_act(struct cv_form_view *x, const char *op, const struct cv_json *args, const char *said);
/* Puts the cursor into the field at fault and tells why. */
unsigned cv_form_view_wrong(struct cv_form_view *x, const char *field, const char *why);

/* Members of cv_view_ops. */
void cv_form_view_close(struct cv_view *v);
void cv_form_view_read(struct cv_view *v);
void cv_form_view_draw(struct cv_view *v, struct cv_term *t, int top, int bottom, int cols);
unsigned cv_form_view_key(struct cv_view *v, const struct cv_key *key, char command);
void cv_form_view_actions(struct cv_view *v, struct cv_actions *out);
void cv_form_view_save(struct cv_view *v);
void cv_form_view_saved(struct cv_view *v, uint64_t ticket);
unsigned cv_form_view_tick(struct cv_view *v);
#define CV_FORM_VIEW_OPS                                                                                               \
	.typing = true, .close = cv_form_view_close, .read = cv_form_view_read, .key = cv_form_view_key,               \
	.actions = cv_form_view_actions, .save = cv_form_view_save, .saved = cv_form_view_saved,                       \
	.tick = cv_form_view_tick

#endif
