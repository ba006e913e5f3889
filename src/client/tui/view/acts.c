/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Acts on their way: being saved, waiting, answered; what the hands tell is told on the status line. */
#include "client/tui/view/chrome.h"
#include "client/tui/view/hold.h"

#include <congvu/base/i18n.h>
#include <congvu/base/mem.h>
#include <congvu/base/time.h>

#include <stdlib.h>

uint64_t cv_ui_act(struct cv_ui *ui, const char *op, const char *id, const struct cv_json *args, const char *said)
{
	uint64_t ticket = cv_ui_act_from(ui, op, id, args, said, NULL);

	return ticket == CV_ACT_HELD ? 0 : ticket;
}

static void forget_draft(struct cv_ui *ui, const char *draft)
{
	if (draft == NULL)
		return;
	cv_live_draft(ui->live, draft, NULL);
	cv_ui_place(ui, NULL, NULL, NULL);
}

uint64_t cv_ui_act_from(struct cv_ui *ui, const char *op, const char *id, const struct cv_json *args, const char *said,
			const char *draft)
{
	/* What is held lies on the disk before the draft goes: the writer works in order. */
	if (!ui->read_only && cv_hold_add(ui, op, id, args, said)) {
		forget_draft(ui, draft);
		return CV_ACT_HELD;
	}
	uint64_t ticket = cv_ui_act_now(ui, op, id, args, said);
	for (size_t i = 0; draft != NULL && ticket != 0 && i < CV_COUNT(ui->acts); i++)
		if (ui->acts[i].ticket == ticket)
			ui->acts[i].draft = cv_strdup(draft);
	return ticket;
}

uint64_t cv_ui_act_now(struct cv_ui *ui, const char *op, const char *id, const struct cv_json *args, const char *said)
{
	struct cv_act_in in = {.op = op, .id = id, .args = args};
	size_t free_at = 0;

	if (ui->read_only) {
		cv_ui_alert(ui, "%s", _("Đang chỉ xem: không gửi gì"));
		return 0;
	}
	for (size_t i = 0; i < CV_COUNT(ui->acts); i++) {
		if (ui->acts[i].ticket == 0) {
			free_at = i;
			break;
		}
		if (ui->acts[i].ticket < ui->acts[free_at].ticket)
			free_at = i; /* the oldest is told by the outbox screen */
	}
	cv_ui_forget_act(ui, free_at);
	ui->acts[free_at].args = cv_json_dup(args);
	cv_strcopy(ui->acts[free_at].said, sizeof(ui->acts[free_at].said), said);
	cv_strcopy(ui->acts[free_at].op, sizeof(ui->acts[free_at].op), op);
	cv_strcopy(ui->acts[free_at].id, sizeof(ui->acts[free_at].id), id);
	ui->acts[free_at].ticket = cv_live_act(ui->live, &in);
	cv_ui_say(ui, _("%s: đang lưu"), said);
	return ui->acts[free_at].ticket;
}

void cv_ui_forget_act(struct cv_ui *ui, size_t i)
{
	cv_json_destroy(ui->acts[i].args);
	ui->acts[i].args = NULL;
	free(ui->acts[i].draft);
	ui->acts[i].draft = NULL;
	ui->acts[i].ticket = 0;
	ui->acts[i].mid = 0;
}

/* Asks; a yes queues it once more with the same words and the same draft, a no lets it go. */
static void ask_again(struct cv_ui *ui, size_t i, const char *question, bool anyway)
{
	if (!cv_ui_confirm(ui, question)) {
		cv_ui_forget_act(ui, i);
		return;
	}
	struct cv_act_in in = {.op = ui->acts[i].op, .id = ui->acts[i].id, .args = ui->acts[i].args, .anyway = anyway};
	ui->acts[i].ticket = cv_live_act(ui->live, &in);
}

/* What could not be saved is in memory only: it stays until the person has made room or gives it up. */
static void not_saved(struct cv_ui *ui, size_t i, const struct cv_live_event *e)
{
	char *question = cv_strf(_("CHƯA LƯU %s: %s. Thử lưu lại?"), ui->acts[i].said, e->err.detail);

	cv_term_bell(ui->term);
	ask_again(ui, i, question, false);
	free(question);
}

/* A local refusal is advice: the catalogues here may be old. */
static void advise(struct cv_ui *ui, size_t i, const struct cv_live_event *e)
{
	const char *why = e->out.refusal.detail[0] != '\0' ? e->out.refusal.detail : cv_rc_text(CV_REJECTED);
	char *question =
		cv_strf(_("%s: trên máy này thấy chưa được (%s). Vẫn gửi lên máy chủ?"), ui->acts[i].said, why);

	ask_again(ui, i, question, true);
	free(question);
}

static void acted(struct cv_ui *ui, const struct cv_live_event *e)
{
	bool offer = ui->offer_after == e->ticket && e->err.rc == CV_OK && e->out.st == CV_ST_QUEUED;

	for (size_t i = 0; i < CV_COUNT(ui->acts); i++) {
		if (ui->acts[i].ticket != e->ticket)
			continue;
		if (e->err.rc == CV_NOT_SAVED || e->err.rc == CV_IO || e->err.rc == CV_BUSY) {
			not_saved(ui, i, e);
		} else if (e->err.rc != CV_OK) {
			cv_ui_alert(ui, "%s: %s", ui->acts[i].said, e->err.detail);
			cv_ui_forget_act(ui, i);
		} else if (e->out.st == CV_ST_QUEUED) {
			ui->acts[i].mid = e->out.mid;
			forget_draft(ui, ui->acts[i].draft);
			cv_ui_say(ui, _("%s: đã lưu, chờ gửi"), ui->acts[i].said);
		} else if (e->out.st == CV_ST_NOOP) {
			cv_ui_say(ui, _("%s: đã có, không đổi gì"), ui->acts[i].said);
			forget_draft(ui, ui->acts[i].draft);
			cv_ui_forget_act(ui, i);
		} else {
			advise(ui, i, e);
		}
	}
	if (offer) {
		ui->offer_after = 0;
		cv_ui_stale(ui);
		cv_ui_draw(ui);
		cv_offer_report(ui, ui->offer_registering);
	}
}

/* The server's word about what was sent from here. */
static void look_for_results(struct cv_ui *ui)
{
	for (size_t i = 0; i < CV_COUNT(ui->acts); i++) {
		struct cv_json *result = NULL;
		char at[24];
		int64_t recv = 0;
		if (ui->acts[i].mid == 0 || cv_core_result(ui->core, ui->acts[i].mid, &result) != CV_OK ||
		    result == NULL)
			continue;
		enum cv_st st = cv_st_of(cv_json_str(result, "st"));
		cv_time_parse(cv_json_s(result, "recv"), &recv);
		cv_clock_text(at, recv, cv_ui_now(ui));
		if (cv_st_accepted(st))
			cv_ui_say(ui, st == CV_ST_LATE ? _("√ %s đã gửi %s, muộn giờ") : _("√ %s đã gửi %s"),
				  ui->acts[i].said, at);
		else
			cv_ui_alert(ui, _("× %s: %s (xem màn hình 8)"), ui->acts[i].said,
				    cv_json_str(result, "detail") != NULL ? cv_json_s(result, "detail")
									  : cv_rc_text(CV_REJECTED));
		cv_json_destroy(result);
		cv_ui_forget_act(ui, i);
	}
}

bool cv_ui_events(struct cv_ui *ui)
{
	struct cv_live_event e;
	bool any = false;

	while (cv_live_next(ui->live, &e)) {
		any = true;
		if (e.kind == CV_LIVE_ACTED)
			acted(ui, &e);
		if (e.kind == CV_LIVE_SAVED)
			cv_hold_saved(ui, e.ticket);
		for (int i = 0; e.kind == CV_LIVE_SAVED && i < ui->depth; i++)
			if (ui->stack[i]->ops->saved != NULL)
				ui->stack[i]->ops->saved(ui->stack[i], e.ticket);
	}
	if (any) {
		look_for_results(ui);
		cv_ui_stale(ui);
	}
	return any;
}
