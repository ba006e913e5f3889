/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * CSV as it comes (RFC 4180 and what Excel makes of it): comma, semicolon or tab, quoted cells with line breaks, UTF-8
 * with or without BOM, UTF-16 with BOM, CRLF.
 */
#ifndef CONGVU_SERVER_ADMIN_CSV_H
#define CONGVU_SERVER_ADMIN_CSV_H

#include <congvu/base/err.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#define CV_CSV_CELLS 64

struct cv_csv;
struct cv_csv_row {
	int line;		   /* of the file, from 1: where the row begins */
	size_t n;		   /* cells, at most CV_CSV_CELLS */
	char *cells[CV_CSV_CELLS]; /* owned by the row: NFC, without blanks around */
	const char *fault;	   /* NULL, or why the row cannot be read (translated) */
};

/* CV_NO_INPUT, CV_LIMIT (64 MiB), CV_DATA. */
enum cv_rc cv_csv_open(struct cv_csv **out, const char *path, struct cv_err *err);
void cv_csv_close(struct cv_csv *csv);
/* The next row that is not empty; false at the end. Finish it. */
bool cv_csv_next(struct cv_csv *csv, struct cv_csv_row *row);
void cv_csv_row_finish(struct cv_csv_row *row);

/* One row, quoted where needed, ended by a line break. */
void cv_csv_print(FILE *to, const char *const *cells, size_t n);

#endif
