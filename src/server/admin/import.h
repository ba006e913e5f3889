/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the kinds of congvud import share: a row's cells by our names, and what becomes of it. */
#ifndef CONGVU_SERVER_ADMIN_IMPORT_H
#define CONGVU_SERVER_ADMIN_IMPORT_H

#include "server/admin/admin.h"
#include "server/admin/csv.h"
#include "server/admin/map.h"

enum cv_import_what { CV_IMPORT_NEW, CV_IMPORT_CHANGED, CV_IMPORT_SAME };

struct cv_import {
	struct cv_desk desk;
	const struct cv_import_kind *kind;
	struct cv_map *map;
	bool update, skip_existing;
	const char *slips; /* where the codes of new users go; NULL: they have none */
	struct cv_buf codes;
	char time[40]; /* the moment of the import, for what carries one */
	/* the row at hand */
	struct cv_csv_row *row;
	int at[32]; /* the cell of each of our columns, -1: the file has none */
	struct cv_err *err;
};

struct cv_import_column {
	const char *name;
	const char *also; /* folded other headers, with "|" between: what Vietnamese sheets call it */
	bool needed;
};
struct cv_import_kind {
	const char *word;
	const struct cv_import_column *columns; /* ends with name NULL */
	/* Stores the row or says in im->err what is wrong with it. */
	enum cv_rc (*take)(struct cv_import *im, enum cv_import_what *what);
	/* An object as cells, for export; out gets one text per column. Owned. */
	void (*give)(const struct cv_json *object, char **out);
	enum cv_kind objects;
};
extern const struct cv_import_kind cv_import_units, cv_import_users, cv_import_procedures, cv_import_holidays,
	cv_import_dossiers;

/* A cell, mapped; "" if there is none. Borrowed. */
const char *cv_import_cell(struct cv_import *im, const char *column);
/* Stores what was made of the row unless it is there already: `old` (borrowed, NULL: new) is left alone or changed as
 * the options say. `object` is taken. */
enum cv_rc cv_import_put(struct cv_import *im, struct cv_json *object, const struct cv_json *old, const char *op,
			 enum cv_import_what *what);
enum cv_rc cv_import_bad(struct cv_import *im, const char *column, const char *why);
/* True if folded `text` is one of the words between "|". */
bool cv_import_word(const char *words, const char *text);

#endif
