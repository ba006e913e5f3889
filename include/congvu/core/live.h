/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The program's hands: what the screen wants done is done by other threads, so that no key ever waits for a disk or a
 * network. One thread writes (acts and drafts, in order), one pushes and pulls, one holds the long poll. News comes
 * back as events behind a descriptor to poll. Reading stays on the caller's own cv_core.
 */
#ifndef CONGVU_CORE_LIVE_H
#define CONGVU_CORE_LIVE_H

#include <congvu/core/core.h>

struct cv_live;

/* Starts the threads on connections of their own, unlocked like `core`. */
enum cv_rc cv_live_start(struct cv_live **out, struct cv_core *core, struct cv_err *err);
/* Writes what is still to write, ends the line, joins the threads. Accepts NULL. */
void cv_live_stop(struct cv_live *live);
int cv_live_fd(const struct cv_live *live); /* readable while there are events */

/* Queues an act; its outcome comes as CV_LIVE_ACTED with this ticket. Arguments are copied. */
uint64_t cv_live_act(struct cv_live *live, const struct cv_act_in *in);
/* Keeps a draft under its name, NULL forgets it. Survives kill -9 once the thread has written it: within a second of
 * the last key, or at cv_live_flush; CV_LIVE_SAVED with this ticket says that it is. */
uint64_t cv_live_draft(struct cv_live *live, const char *name, const struct cv_json *draft);
/* Puts a refused row back, drops it, marks a dossier as seen: small writes without an answer of their own. */
void cv_live_retry(struct cv_live *live, int64_t mid);
void cv_live_drop(struct cv_live *live, int64_t mid);
void cv_live_seen(struct cv_live *live, const char *dossier);
/* Waits until everything queued so far is written: for SIGHUP and before the end. */
void cv_live_flush(struct cv_live *live);
/* Asks the server for what is not kept here (GET, e.g. "/v1/board?…"); CV_LIVE_FETCHED with this ticket tells that
 * cv_live_fetched has the answer. */
uint64_t cv_live_fetch(struct cv_live *live, const char *path);
/* The answer, once: *out is owned, NULL with err when there is none. False: it has not come yet. */
bool cv_live_fetched(struct cv_live *live, uint64_t ticket, struct cv_json **out, struct cv_err *err);
/* Sends and receives now (F5). */
void cv_live_sync(struct cv_live *live);
/* Stands still (no lock, no transaction, no request) until resumed: around Ctrl-Z. */
void cv_live_pause(struct cv_live *live);
void cv_live_resume(struct cv_live *live);

enum cv_live_kind {
	CV_LIVE_ACTED,	 /* an act is queued, refused or failed: ticket, out, err */
	CV_LIVE_SAVED,	 /* a draft is on the disk: ticket */
	CV_LIVE_CHANGED, /* objects, outbox or results changed: read again */
	CV_LIVE_LINE,	 /* the line came or went: cv_live_line */
	CV_LIVE_FETCHED	 /* cv_live_fetched(ticket) */
};
struct cv_live_event {
	enum cv_live_kind kind;
	uint64_t ticket;
	struct cv_act_out out;
	struct cv_err err; /* rc CV_OK when the act was queued */
};
/* The next event, or false. Never waits. */
bool cv_live_next(struct cv_live *live, struct cv_live_event *event);

struct cv_live_line {
	bool online;
	bool sending;
	int64_t since;	   /* when it went, CV_TIME_NONE while online */
	int64_t last_sync; /* CV_TIME_NONE: never in this program's life */
	enum cv_rc fault;  /* why not: CV_LOGIN and CV_CONFIG need a person */
};
void cv_live_line(struct cv_live *live, struct cv_live_line *out);

#endif
