/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "client/tui/view/hold.h"

#include <congvu/base/i18n.h>
#include <congvu/base/mem.h>
#include <congvu/base/time.h>
#include <congvu/core/draft.h>

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define HOLD_MS 10000
#define MOST	8
#define DRAFT	"held"

struct held {
	char op[40], id[CV_ID_MAX + 1];
	char said[120];
	struct cv_json *args; /* owned */
	int64_t until;	      /* monotonic ms */
};
struct cv_hold {
	struct held list[MOST];
	int count;
	uint64_t ticket; /* of the draft being written; 0: it is on the disk */
};

/* One draft for all of them, with the process that holds them: another one that lives sends its own. */
static void keep(struct cv_ui *ui)
{
	struct cv_hold *h = ui->hold;
	struct cv_json *draft, *acts;

	if (h->count == 0) {
		cv_live_draft(ui->live, DRAFT, NULL);
		return;
	}
	draft = cv_json_new_object();
	acts = cv_json_new_array();
	for (int i = 0; i < h->count; i++) {
		struct cv_json *one = cv_json_new_object();
		cv_json_set_str(one, "op", h->list[i].op);
		cv_json_set_str(one, "id", h->list[i].id);
		cv_json_set_str(one, "said", h->list[i].said);
		cv_json_set(one, "args", cv_json_dup(h->list[i].args));
		cv_json_push(acts, one);
	}
	cv_json_set_int(draft, "pid", getpid());
	cv_json_set(draft, "acts", acts);
	h->ticket = cv_live_draft(ui->live, DRAFT, draft);
	cv_json_destroy(draft);
}

void cv_hold_saved(struct cv_ui *ui, uint64_t ticket)
{
	if (ui->hold != NULL && ui->hold->ticket == ticket)
		ui->hold->ticket = 0;
}

/* Never past the deadline of what it is about. */
static int64_t time_left(struct cv_ui *ui, const struct cv_op *op, const char *id)
{
	struct cv_json *object = NULL;
	int64_t due, left = HOLD_MS, now = cv_ui_now(ui);

	if (cv_core_get(ui->core, op->kind, id, &object, NULL) == CV_OK &&
	    cv_time_parse(cv_json_s(object, "due_at"), &due) && due > now && due - now < left)
		left = due - now;
	cv_json_destroy(object);
	return left;
}

bool cv_hold_add(struct cv_ui *ui, const char *op, const char *id, const struct cv_json *args, const char *said)
{
	const struct cv_op *row = cv_op_find(op);

	if (row == NULL || (row->flags & CV_OP_HOLD) == 0)
		return false;
	if (ui->hold == NULL)
		ui->hold = cv_alloc(sizeof(*ui->hold));
	if (ui->hold->count == MOST)
		return false;
	struct held *h = &ui->hold->list[ui->hold->count++];
	*h = (struct held){.args = cv_json_dup(args), .until = cv_mono(ui->env) + time_left(ui, row, id)};
	cv_strcopy(h->op, sizeof(h->op), op);
	cv_strcopy(h->id, sizeof(h->id), id);
	cv_strcopy(h->said, sizeof(h->said), said);
	keep(ui);
	cv_hold_tick(ui);
	return true;
}

static struct held take(struct cv_ui *ui, int i)
{
	struct held h = ui->hold->list[i];

	for (ui->hold->count--; i < ui->hold->count; i++)
		ui->hold->list[i] = ui->hold->list[i + 1];
	return h;
}

/* The draft goes after the act in the writer's order: in between it stands twice, and the core knows it again. */
static void release(struct cv_ui *ui, int i)
{
	struct held h = take(ui, i);

	cv_ui_act_now(ui, h.op, h.id, h.args, h.said);
	cv_json_destroy(h.args);
	keep(ui);
}

bool cv_hold_take_back(struct cv_ui *ui)
{
	if (ui->hold == NULL || ui->hold->count == 0)
		return false;
	struct held h = take(ui, ui->hold->count - 1);
	cv_ui_say(ui, _("Đã lấy lại: %s"), h.said);
	cv_json_destroy(h.args);
	keep(ui);
	return true;
}

bool cv_hold_now(struct cv_ui *ui, const char *id)
{
	for (int i = 0; ui->hold != NULL && i < ui->hold->count; i++) {
		if (strcmp(ui->hold->list[i].id, id) != 0)
			continue;
		release(ui, i);
		return true;
	}
	return false;
}

int cv_hold_tick(struct cv_ui *ui)
{
	int64_t now = cv_mono(ui->env);

	for (int i = 0; ui->hold != NULL && i < ui->hold->count;) {
		if (ui->hold->list[i].until <= now)
			release(ui, i);
		else
			i++;
	}
	if (ui->hold == NULL || ui->hold->count == 0)
		return -1;
	if (ui->alert && now < ui->message_until)
		return 1000; /* what went wrong is worth more */
	const struct held *last = &ui->hold->list[ui->hold->count - 1];
	cv_ui_say(ui,
		  ui->hold->ticket == 0 ? _("%s: đã lưu, gửi sau %d giây · u lấy lại")
					: _("%s: đang lưu, gửi sau %d giây · u lấy lại"),
		  last->said, (int)((last->until - now + 999) / 1000));
	return 1000;
}

void cv_hold_send_all(struct cv_ui *ui)
{
	while (ui->hold != NULL && ui->hold->count > 0)
		release(ui, 0);
}

void cv_hold_resume(struct cv_ui *ui)
{
	struct cv_json *draft = NULL;

	if (ui->read_only || cv_core_draft(ui->core, DRAFT, &draft, NULL) != CV_OK)
		return;
	pid_t pid = (pid_t)cv_json_int(draft, "pid", 0);
	if (pid <= 0 || pid == getpid() || kill(pid, 0) != 0) {
		CV_JSON_EACH (act, cv_json_array_of(draft, "acts"))
			cv_ui_act_now(ui, cv_json_s(act, "op"), cv_json_s(act, "id"), cv_json_get(act, "args"),
				      cv_json_s(act, "said"));
		cv_live_draft(ui->live, DRAFT, NULL);
	}
	cv_json_destroy(draft);
}

void cv_hold_finish(struct cv_ui *ui)
{
	for (int i = 0; ui->hold != NULL && i < ui->hold->count; i++)
		cv_json_destroy(ui->hold->list[i].args);
	free(ui->hold);
	ui->hold = NULL;
}
