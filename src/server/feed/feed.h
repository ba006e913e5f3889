/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Who sees which change: pages of the feed (contract 3).
 */
#ifndef CONGVU_SERVER_FEED_H
#define CONGVU_SERVER_FEED_H

#include <congvu/base/err.h>
#include <congvu/base/json.h>
#include <stdint.h>

struct cv_dbctx;
struct cv_db;

struct cv_feed_in {
	const char *user, *device;
	bool own_only;
	const char *epoch;  /* of the request, may be NULL or "" */
	const char *cursor; /* opaque text, may be NULL, garbage, a stranger's */
	int max;	    /* 1..200 changes; a page also ends at 256 KiB */
};
struct cv_feed_page {
	struct cv_json *changes; /* owned array */
	struct cv_json *reset;	 /* owned object or NULL */
	char cursor[256];
	bool more;
};
/* In the caller's read transaction, with a ctx that is as new. Nothing new: touches no object row and returns the
 * cursor it was given. */
enum cv_rc cv_feed_read(struct cv_feed_page *out, struct cv_db *db, struct cv_dbctx *ctx, const struct cv_feed_in *in,
			struct cv_err *err);
void cv_feed_page_finish(struct cv_feed_page *page);

#endif
