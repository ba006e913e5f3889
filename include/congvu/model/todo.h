/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * LÀM NGAY: what is due now, as a pure function, most pressing first. Nothing due, an empty list.
 */
#ifndef CONGVU_MODEL_TODO_H
#define CONGVU_MODEL_TODO_H

#include <congvu/model/ctx.h>
#include <stdint.h>

struct cv_todo_in {
	const struct cv_ctx *ctx;   /* own workday and reports are looked up through it */
	const struct cv_json *user; /* NULL before login: then only the counts speak */
	int64_t now;
	int64_t needs_person;	     /* rows of the outbox */
	int64_t late, to_check;	     /* dossiers: mine that are late; waiting for my approval */
	const struct cv_json *board; /* cv_board of a head's unit for today, or NULL: who has not sent */
};
/* [{"key":"3","text":"báo cáo 11h, còn 19 phút"}]; owned. key: the screen's digit. */
struct cv_json *cv_todo(const struct cv_todo_in *in);

#endif
