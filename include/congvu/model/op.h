/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The operation table: everything a person does is one row here and one pure function. Client and server run
 * the same function; the row also drives key, command, help, completion, man page and the JSON check.
 */
#ifndef CONGVU_MODEL_OP_H
#define CONGVU_MODEL_OP_H

#include <congvu/base/err.h>
#include <congvu/model/ctx.h>
#include <stdint.h>

enum cv_arg_kind {
	CV_ARG_TEXT, /* max: bytes; lines allowed */
	CV_ARG_LINE, /* one line */
	CV_ARG_WORD, /* one of `words`, separated by | */
	CV_ARG_INT,  /* min..max */
	CV_ARG_NUM,
	CV_ARG_BOOL,
	CV_ARG_DATE,   /* 2026-11-22 */
	CV_ARG_TIME,   /* RFC 3339 */
	CV_ARG_SLOT,   /* a policy slot or adhoc: [a-z0-9]{1,12} */
	CV_ARG_USER,   /* login */
	CV_ARG_EID,    /* element id */
	CV_ARG_COUNTS, /* {received,settled,overdue} */
	CV_ARG_ITEMS,  /* rows of registered work */
	CV_ARG_USERS,  /* list of logins */
	CV_ARG_LINES,  /* list of lines; max: how many */
	CV_ARG_PERSON, /* {name,kind,phone,address,id_no,relation} */
	CV_ARG_ID      /* any object id or code */
};
struct cv_arg {
	const char *name;
	enum cv_arg_kind kind;
	bool required;
	int64_t min, max;
	const char *words;
	const char *help; /* N_("…") label */
};

enum {
	CV_OP_COMMUTES = 1, /* carries no base; order on the object does not matter */
	CV_OP_CRON = 2,	    /* safe for scripts */
	CV_OP_HOLD = 4,	    /* waits 10 s in the program before it goes */
	CV_OP_BASE = 8	    /* field edit: carries base */
};

enum cv_st {
	CV_ST_APPLIED,
	CV_ST_NOOP,
	CV_ST_LATE,
	CV_ST_NEED_BLOB,
	CV_ST_CONFLICT,
	CV_ST_REJECTED,
	CV_ST_FORBIDDEN,
	CV_ST_GONE,
	CV_ST_RETRY,
	CV_ST_QUEUED
};
const char *cv_st_word(enum cv_st st);
enum cv_st cv_st_of(const char *word); /* an unknown word counts as CV_ST_RETRY (not proven) */
bool cv_st_accepted(enum cv_st st);    /* applied, noop, late, need_blob */
bool cv_st_final(enum cv_st st);

/* Who acts, when. `now` is the server's clock with authority, else the client's own. */
struct cv_act {
	const char *user;
	const char *device;
	const char *origin; /* "person" or "script" (a device of --for-cron) */
	unsigned rights;    /* role rights AND token rights */
	int64_t at;	    /* the client's time of the act */
	int64_t now;
	bool authority;
	/* Of a field edit: the edited fields as they stood when she edited; NULL if none were sent. */
	const struct cv_json *base;
};

enum { CV_EFFECT_GIVE_CODE = 1 };

struct cv_outcome {
	enum cv_st st;
	struct cv_json *object; /* owned; the new object, NULL if nothing changes */
	unsigned effects;
	char why[32];	   /* e.g. "superseded" on a noop */
	struct cv_err err; /* code, field, detail of a refusal */
};
void cv_outcome_finish(struct cv_outcome *o);

struct cv_op {
	const char *name; /* "report.submit" */
	enum cv_kind kind;
	unsigned flags;
	unsigned right;
	const struct cv_arg *args; /* ends with name NULL */
	const char *help;	   /* N_("…") */
	/* object is NULL if there is none yet. Rights and arguments were checked for shape before; who may act on
	 * this object is the function's own business. */
	void (*apply)(const struct cv_ctx *ctx, const char *id, const struct cv_json *object,
		      const struct cv_json *args, const struct cv_act *act, struct cv_outcome *out);
};
/* The table, ends with name NULL. */
extern const struct cv_op cv_ops[];
const struct cv_op *cv_op_find(const char *name);

/* Checks shape only (types, limits, unknown words, state secrets, valid id): no look-ups. Unknown arguments are
 * ignored. CV_DATA or CV_STATE_SECRET with the field. */
enum cv_rc cv_op_check(const struct cv_op *op, const char *id, const struct cv_json *args, struct cv_err *err);
/* The whole: check, right, apply; common fields (id, updated_at, updated_by) are set on out->object. Never sets rev. */
void cv_op_apply(const struct cv_ctx *ctx, const struct cv_op *op, const char *id, const struct cv_json *object,
		 const struct cv_json *args, const struct cv_act *act, struct cv_outcome *out);

#endif
