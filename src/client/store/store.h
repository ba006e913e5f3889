/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The sealed local store: one SQLite file (WAL, synchronous=FULL) per account. Objects are sealed under the account's
 * key; the outbox is sealed to the account's public key, so that writing needs no secret. Knows no network.
 */
#ifndef CONGVU_CLIENT_STORE_H
#define CONGVU_CLIENT_STORE_H

#include <congvu/base/env.h>
#include <congvu/base/err.h>
#include <congvu/base/json.h>
#include <congvu/base/seal.h>
#include <stdbool.h>
#include <stdint.h>

struct cv_store;

/* dir/store.db. Makes it if absent. A damaged one is moved aside and unsent rows are carried over. A newer schema:
 * CV_CONFIG. Remote file systems are refused: CV_CONFIG. */
enum cv_rc cv_store_open(struct cv_store **out, const char *dir, struct cv_err *err);
void cv_store_close(struct cv_store *s);
/* The file was damaged: unsent rows were carried over into a new one, the old one stays as damaged-*.db. */
bool cv_store_was_rescued(const struct cv_store *s);
int64_t cv_store_data_version(struct cv_store *s); /* grows when another process wrote */
/* Until cv_store_look_end() all reads see one state, whoever writes meanwhile. False: a transaction is open already, or
 * none could be begun; then there is nothing to end. */
bool cv_store_look(struct cv_store *s);
void cv_store_look_end(struct cv_store *s);

/* ---- keys ---- */
bool cv_store_has_keys(struct cv_store *s); /* somebody logged in here once */
/* First login: makes the box keys; the secret half is sealed under the master key. */
enum cv_rc cv_store_set_keys(struct cv_store *s, const uint8_t master[CV_KEY_SIZE], struct cv_err *err);
/* CV_CRYPTO if the master key is not this store's. */
enum cv_rc cv_store_unlock(struct cv_store *s, const uint8_t master[CV_KEY_SIZE], struct cv_err *err);
bool cv_store_locked(const struct cv_store *s);
/* Objects are not read (CV_LOCKED) when the last sync is longer ago than `days`; writing and sending go on. 0: no
 * limit. */
void cv_store_set_keep(struct cv_store *s, const struct cv_env *env, int64_t days);

/* ---- small facts in the clear: user, server, device, epoch, cursor, last_sync, offline_since, traffic … ---- */
char *cv_store_meta(struct cv_store *s, const char *key); /* owned, "" if none */
enum cv_rc cv_store_set_meta(struct cv_store *s, const char *key, const char *value, struct cv_err *err);
/* Sealed facts: session body. */
enum cv_rc cv_store_secret_meta(struct cv_store *s, const char *key, struct cv_json **out, struct cv_err *err);
enum cv_rc cv_store_set_secret_meta(struct cv_store *s, const char *key, const struct cv_json *value,
				    struct cv_err *err);

/* ---- the outbox ---- */
enum cv_out_state { CV_OUT_QUEUED, CV_OUT_SENDING, CV_OUT_UNKNOWN /* sent, no answer */, CV_OUT_NEEDS_PERSON };
const char *cv_out_state_word(enum cv_out_state state);
struct cv_out_row {
	int64_t mid;
	char op[40], kind[16], id[128];
	int64_t at;
	enum cv_out_state state;
	int attempts;
	char digest[CV_HEX_SIZE]; /* keyed hash of op, id and canonical args: finds the same act again */
	char *element;		  /* the push element's bytes, owned; NULL while locked */
	struct cv_json *result;	  /* owned, stored result of a refusal or NULL */
};
void cv_out_row_finish(struct cv_out_row *row);

/* One transaction, durable when it returns. `element` is printed with the mid filled in by `format` after the mid is
 * known (AUTOINCREMENT: never reused). CV_NOT_SAVED only after reopening the file showed the row absent; if it is there
 * in spite of a failed COMMIT the call is CV_OK. */
enum cv_rc cv_store_enqueue(struct cv_store *s, int64_t *mid, const char *op, const char *kind, const char *id,
			    int64_t at, char *(*format)(void *data, int64_t mid), void *data, struct cv_err *err);
/* Never below this: last_mid of the server on an empty store. */
enum cv_rc cv_store_raise_mid(struct cv_store *s, int64_t last_mid, struct cv_err *err);
/* Rows to send, in order of mid (not those that need a person); at most max rows and max_bytes. *rows owned. */
enum cv_rc cv_store_outbox(struct cv_store *s, struct cv_out_row **rows, size_t *count, bool unsent_only, size_t max,
			   size_t max_bytes, struct cv_err *err);
void cv_out_rows_free(struct cv_out_row *rows, size_t count);
/* Contract 3 "ack": every result up to this mid is booked, and no row made before a refusal was seen waits for it. */
int64_t cv_store_ack(struct cv_store *s);
void cv_store_counts(struct cv_store *s, size_t *unsent, size_t *needs_person);
enum cv_rc cv_store_mark_sending(struct cv_store *s, const int64_t *mids, size_t count, struct cv_err *err);
enum cv_rc cv_store_mark_unknown(struct cv_store *s, struct cv_err *err); /* sending -> unknown */
enum cv_rc cv_store_outbox_drop(struct cv_store *s, int64_t mid, struct cv_err *err);
/* What is drawn over the server's bodies, in order of mid: unsent rows, and accepted ones whose object has not come at
 * the result's revision yet. CV_LOCKED. *rows owned; what they were before is taken over (or NULL and 0). */
struct cv_pending {
	int64_t mid, at;
	char op[40], kind[16], id[128];
	int64_t refused; /* the refusal the server still holds against the object, 0: none */
	bool unsent;
	char *element; /* owned */
};
enum cv_rc cv_store_pending(struct cv_store *s, struct cv_pending **rows, size_t *count, struct cv_err *err);
void cv_pending_free(struct cv_pending *rows, size_t count);
/* Final results are kept 30 days with their element (sealed): for repeats, and to push again after an epoch change. */
enum cv_rc cv_store_result(struct cv_store *s, int64_t mid, struct cv_json **result,
			   struct cv_err *err); /* *result NULL: none */
/* The newest act on this object in outbox or archive: its mid, whether it is still open, its element. *element owned.
 */
enum cv_rc cv_store_last_act(struct cv_store *s, const char *op, const char *id, int64_t *mid, bool *open,
			     char **element, struct cv_json **result, struct cv_err *err);
/* device-forked: what is not acknowledged from this mid on gets new mids above `last_mid`; nothing is dropped. */
enum cv_rc cv_store_renumber(struct cv_store *s, int64_t from_mid, int64_t last_mid, struct cv_err *err);

/* ---- booking: results, changes and cursor in one transaction ---- */
struct cv_booking {
	const struct cv_json *results; /* contract 3, may be NULL */
	const struct cv_json *changes; /* may be NULL */
	const char *old_cursor;	       /* compare-and-swap: changes count only if the stored one is still this */
	const char *new_cursor;
	const char *epoch; /* another than the stored one: everything kept for 30 days goes back to the outbox */
	bool reset_begin, reset_end; /* generation: first page of a reset; last page: unmarked rows go */
	int64_t now;
	const struct cv_json *session; /* session_body or NULL */
	bool local;		       /* the results are this program's own (set aside), not the server's */
};
enum cv_rc cv_store_book(struct cv_store *s, const struct cv_booking *b, struct cv_err *err);

/* ---- objects as the server sent them ---- */
enum cv_rc cv_store_get(struct cv_store *s, const char *kind, const char *id, struct cv_json **body, int64_t *rev,
			struct cv_err *err); /* CV_NOT_FOUND */
struct cv_store_filter {
	const char *user, *unit, *slot, *from, *to; /* NULL = any */
	int limit;
};
/* Calls each(data, id, rev, body); body is borrowed. Order: date descending, then id. */
enum cv_rc cv_store_list(struct cv_store *s, const char *kind, const struct cv_store_filter *f,
			 enum cv_rc (*each)(void *data, const char *id, int64_t rev, const struct cv_json *body),
			 void *data, struct cv_err *err);
/* Lists of dossiers without their bodies: chosen by clear columns, named by a sealed line (cv_row_line). */
enum cv_store_order { CV_STORE_BY_DUE, CV_STORE_BY_RECEIVED, CV_STORE_BY_CODE };
struct cv_line_filter {
	unsigned statuses;		 /* bit n: status n */
	const char *owner, *step, *mark; /* NULL = any */
	const char *const *units;	 /* ends with NULL; NULL = any */
	const char *const *without;	 /* ids left out, ends with NULL; may be NULL */
	int64_t due_from, due_to;	 /* to is exclusive, 0 = any */
	bool unread;
	enum cv_store_order order;
	const char *after_key, *after_id; /* behind this row; after_id NULL = from the start */
};
struct cv_line_row {
	const char *id, *owner, *unit, *code, *step, *mark;
	const char *key; /* what it was sorted by, for after_key */
	int64_t rev, due, received;
	int status;
	bool unread;
	char *line; /* may be cut */
};
/* Calls each() in order until it gives CV_INTERRUPTED (enough) or an error. */
enum cv_rc cv_store_lines(struct cv_store *s, const struct cv_line_filter *f,
			  enum cv_rc (*each)(void *data, const struct cv_line_row *row), void *data,
			  struct cv_err *err);
int64_t cv_store_lines_count(struct cv_store *s, const struct cv_line_filter *f); /* -1 on error */
enum cv_rc cv_store_mark_seen(struct cv_store *s, const char *kind, const char *id, struct cv_err *err);
/* By code, id, or the end of a code. CV_NOT_FOUND. */
enum cv_rc cv_store_find_code(struct cv_store *s, char *id, size_t size, const char *code, struct cv_err *err);
/* Drafts: sealed boxes by name; NULL text removes. */
enum cv_rc cv_store_set_draft(struct cv_store *s, const char *name, const struct cv_json *draft, struct cv_err *err);
enum cv_rc cv_store_draft(struct cv_store *s, const char *name, struct cv_json **out, struct cv_err *err);
/* Deletes cache and archive (logout, wipe); the outbox only if `everything`. */
enum cv_rc cv_store_wipe(struct cv_store *s, bool everything, struct cv_err *err);

#endif
