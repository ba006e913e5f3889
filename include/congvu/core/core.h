/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * libcongvu: what the command line and the full-screen program may do. One cv_core is one account opened in one
 * process. Nothing here prints or asks; nothing here touches the network except where it says so.
 */
#ifndef CONGVU_CORE_CORE_H
#define CONGVU_CORE_CORE_H

#include <congvu/base/env.h>
#include <congvu/base/json.h>
#include <congvu/model/op.h>
#include <stdint.h>

struct cv_core;

struct cv_core_open {
	const struct cv_env *env;
	const char *account; /* "default", "cron", … */
	bool must_exist;     /* CV_LOGIN if nobody ever logged in here */
	/* Asks a person for a passphrase; NULL: nobody can be asked. *out is owned. */
	enum cv_rc (*ask)(char **out, const char *prompt, struct cv_err *err);
};
/* Opens configuration and store. Needs no secret and no network: a store whose key cannot be had now is open for
 * writing only (cv_core_locked). Refuses a state directory on NFS or SMB (CV_CONFIG). */
enum cv_rc cv_core_open(struct cv_core **out, const struct cv_core_open *how, struct cv_err *err);
void cv_core_close(struct cv_core *core);
/* Another connection to the same account for another thread, unlocked if this one is; keeps its line to the server
 * open between calls. */
enum cv_rc cv_core_clone(struct cv_core **out, struct cv_core *core, struct cv_err *err);

/* ---- who ---- */
/* Gets the master key from where login put it (libsecret helper killed after 3 s, command 10 s, file …). CV_LOCKED. */
enum cv_rc cv_core_unlock(struct cv_core *core, struct cv_err *err);
bool cv_core_locked(const struct cv_core *core);
const char *cv_core_user(const struct cv_core *core);	/* "" before login */
const char *cv_core_server(const struct cv_core *core); /* URL, "" before login */
const char *cv_core_device(const struct cv_core *core);
bool cv_core_script(const struct cv_core *core); /* a --for-cron account */
/* The last session body (contract 1), borrowed; NULL if locked or none. */
const struct cv_json *cv_core_session(struct cv_core *core);

struct cv_login {
	const char *server, *user, *password, *ca_file; /* ca_file may be NULL */
	const char *secrets; /* libsecret | command | passphrase | file; NULL: the configuration's, else libsecret */
	bool for_cron;
};
/* Network. Gets a device, stores key and tokens, first sync. */
enum cv_rc cv_core_login(struct cv_core *core, const struct cv_login *how, struct cv_err *err);
/* Network (best effort for the server's side). CV_DATA with the number when something is unsent and !discard. */
enum cv_rc cv_core_logout(struct cv_core *core, bool discard_unsent, struct cv_err *err);

/* ---- acting ---- */
struct cv_act_in {
	const char *op, *id;
	const struct cv_json *args; /* borrowed */
	const char *base_rev;	    /* reserved, NULL */
	bool anyway;		    /* queue in spite of a local refusal for rights or state */
	int64_t supersedes;	    /* mid of a refused operation this one redoes, 0 = none */
};
struct cv_act_out {
	int64_t mid;	       /* 0 if nothing was queued (already true, or refused) */
	enum cv_st st;	       /* CV_ST_QUEUED, or CV_ST_NOOP when the same act is confirmed already */
	bool repeated;	       /* the same act is in the outbox already: mid is that one's */
	struct cv_err refusal; /* local advice when CV_ST_FORBIDDEN / CV_ST_REJECTED */
};
/* Checks, applies on the local object, and writes the outbox row in one FULL transaction: from the return of CV_OK with
 * st QUEUED nothing can lose it. CV_DATA/CV_STATE_SECRET/CV_USAGE: nothing stored. CV_NOT_SAVED: surely not stored. */
enum cv_rc cv_core_act(struct cv_core *core, const struct cv_act_in *in, struct cv_act_out *out, struct cv_err *err);

enum cv_wait { CV_WAIT_NONE, CV_WAIT_NORMAL /* 30 s in all */, CV_WAIT_UNTIL };
struct cv_sync_how {
	enum cv_wait wait;
	int64_t until; /* CV_WAIT_UNTIL: moment */
	int64_t mid;   /* stop when this one has its final result; 0: a whole sync */
	int poll_s;    /* > 0: with nothing to send, wait this long for news (long poll) */
	bool once;     /* no second try after a fault */
};
struct cv_sync_out {
	size_t unsent, needs_person; /* after it */
	enum cv_st st;		     /* of how->mid: final, or CV_ST_QUEUED */
	struct cv_json *result;	     /* owned: the stored result of how->mid or NULL */
	int64_t requests, bytes_up, bytes_down;
};
/* Network. Push, results, pull, all pages. CV_OK when the server was reached and everything booked; else why not
 * (UNREACHABLE, LOGIN, LOCKED, PROTOCOL, …); out is filled in every case. */
enum cv_rc cv_core_sync(struct cv_core *core, const struct cv_sync_how *how, struct cv_sync_out *out,
			struct cv_err *err);

/* The stored result of an act, contract 3; *out owned, NULL while there is none. */
enum cv_rc cv_core_result(struct cv_core *core, int64_t mid, struct cv_json **out);

/* ---- reading (server object with the pending operations drawn on it); CV_LOCKED if the key is not there ---- */
/* *out owned; the drawn body, with "pending":n added while n operations of it are unsent. CV_NOT_FOUND. */
enum cv_rc cv_core_get(struct cv_core *core, enum cv_kind kind, const char *id, struct cv_json **out,
		       struct cv_err *err);
/* The server's body as it came, without pending operations. */
enum cv_rc cv_core_get_server(struct cv_core *core, enum cv_kind kind, const char *id, struct cv_json **out,
			      struct cv_err *err);
struct cv_filter {
	const char *user, *unit, *slot; /* NULL = any */
	const char *from, *to;		/* dates, inclusive, NULL = any */
	int limit;			/* 0 = all */
};
/* *out owned: array of drawn bodies, newest date first for reports and workdays, by id else. */
enum cv_rc cv_core_list(struct cv_core *core, enum cv_kind kind, const struct cv_filter *filter, struct cv_json **out,
			struct cv_err *err);
/* cv_board() of a unit and day from what this machine holds; `loads`: with each one's dossiers counted. *out owned. */
enum cv_rc cv_core_board(struct cv_core *core, const char *unit, int32_t date, bool loads, struct cv_json **out,
			 struct cv_err *err);
/* A ctx over the drawn objects for the model's functions; borrowed, valid until the next call that writes. */
const struct cv_ctx *cv_core_ctx(struct cv_core *core);
/* cli.md "outbox list" items; needs_person rows carry "error" and, if unlocked, "args". *out owned. */
enum cv_rc cv_core_outbox(struct cv_core *core, struct cv_json **out, struct cv_err *err);
/* Puts a needs_person row back to be sent again as a new mid; or drops it after the person said so. */
enum cv_rc cv_core_outbox_retry(struct cv_core *core, int64_t mid, int64_t *new_mid, struct cv_err *err);
/* The same with other arguments: the members of `changes` replace those of the row (null removes one). NULL: as it was.
 */
enum cv_rc cv_core_outbox_edit(struct cv_core *core, int64_t mid, const struct cv_json *changes, int64_t *new_mid,
			       struct cv_err *err);
enum cv_rc cv_core_outbox_drop(struct cv_core *core, int64_t mid, struct cv_err *err);
/* {"unsent","needs_person","last_sync","online","traffic":{…}}; owned. Works locked.
 * Network: asks the server for a sign of life, 2 s at most. */
struct cv_json *cv_core_status(struct cv_core *core);
/* Network: GET path (e.g. "/v1/board?…") with the account's token. *out owned: the parsed answer. */
enum cv_rc cv_core_fetch(struct cv_core *core, const char *path, struct cv_json **out, struct cv_err *err);
/* {"checks":[…]} (cli.md doctor); owned. Network for the server's line. */
struct cv_json *cv_core_doctor(struct cv_core *core, bool *ok);

/* ---- configuration: fewer than 40 keys, cli.md ---- */
/* /etc first, then the user's. */
const char *cv_core_config(const struct cv_core *core, const char *key); /* "" if not set; borrowed */
/* The i-th key there is, with its one line of help (translated); NULL after the last. */
const char *cv_core_setting(size_t i, const char **help);
/* A file of the person's own beside congvu.conf. Owned. */
char *cv_core_config_path(const struct cv_core *core, const char *name);
/* Unknown keys, with file, line and a suggestion: array of strings, borrowed; NULL if there are none. */
const struct cv_json *cv_core_warnings(const struct cv_core *core);

#endif
