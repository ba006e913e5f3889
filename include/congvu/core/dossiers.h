/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Lists of dossiers out of the local store: sorted and filtered by clear columns, named by sealed short lines, with the
 * pending operations drawn on top. Bodies are not opened, so that 100,000 dossiers are listed as fast as twenty.
 */
#ifndef CONGVU_CORE_DOSSIERS_H
#define CONGVU_CORE_DOSSIERS_H

#include <congvu/core/core.h>

/* name, word, label */
#define CV_GROUP_TABLE(X)                                                                                              \
	X(MINE, "mine", N_("Của tôi · đang giải quyết"))                                                               \
	X(UNIT, "unit", N_("Của đơn vị · đang giải quyết"))                                                            \
	X(APPROVE, "approve", N_("Chờ tôi duyệt"))                                                                     \
	X(LATE, "late", N_("Trễ hạn"))                                                                                 \
	X(SOON, "soon", N_("Sắp đến hạn"))                                                                             \
	X(PAUSED, "paused", N_("Tạm dừng"))                                                                            \
	X(RETURNED, "returned", N_("Bị trả lại"))                                                                      \
	X(UNREAD, "unread", N_("Chưa xem"))                                                                            \
	X(ALL, "all", N_("Tất cả"))

enum cv_group {
#define X(name, word, label) CV_GROUP_##name,
	CV_GROUP_TABLE(X)
#undef X
		CV_GROUP_COUNT
};
const char *cv_group_word(enum cv_group view);
const char *cv_group_label(enum cv_group view); /* translated */
/* False for a word that is none. */
bool cv_group_of(enum cv_group *out, const char *word);
/* What this person looks at first: officers their own, heads and leaders what waits for them. */
enum cv_group cv_group_home(struct cv_core *core);

enum cv_sort { CV_SORT_DUE, CV_SORT_RECEIVED, CV_SORT_CODE };

struct cv_dossier_query {
	enum cv_group group;
	enum cv_sort sort;
	int status;		  /* 0 = any */
	int64_t due_from, due_to; /* moments, to is exclusive; due_to 0 = any */
	const char *unit, *user;  /* NULL = any */
	const char *search;	  /* accents and case do not matter; NULL = all */
	int limit;		  /* 0 = 200 */
	int skip;		  /* rows passed over: for a window in the middle */
	const char *after;	  /* the last page's "next", NULL = from the start */
};
/* *out owned: {"items":[…],"next":token or null}. An item has the object's field names, as far as lists need them: id,
 * code, status, step, assignee, unit, due_at, received_at, applicant{name}, procedure{name}, and for the screens: mark
 * ("r" sent back), unread, pending (unsent operations), may_be_returned. */
enum cv_rc cv_core_dossiers(struct cv_core *core, const struct cv_dossier_query *q, struct cv_json **out,
			    struct cv_err *err);
/* How many there are: the same query, so that a count always opens the list that it counts. -1 on error. */
int64_t cv_core_dossier_count(struct cv_core *core, const struct cv_dossier_query *q);
/* The dossier with this code, short code, alias or id, among those on this machine. out has CV_ID_MAX + 1 bytes. */
enum cv_rc cv_core_dossier_find(struct cv_core *core, char *out, const char *code, struct cv_err *err);
/* The person has looked at it as it is now: no longer "new". */
enum cv_rc cv_core_dossier_seen(struct cv_core *core, const char *id, struct cv_err *err);
/* "T-LE-0008": a code until the server gives one; never given twice by this device. Owned. */
char *cv_core_provisional_code(struct cv_core *core);

#endif
