/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading and writing CSV. */
#include "server/admin/csv.h"

#include <congvu/base/buf.h>
#include <congvu/base/fs.h>
#include <congvu/base/i18n.h>
#include <congvu/base/mem.h>
#include <congvu/base/text.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define FILE_MAX ((size_t)64 << 20)

struct cv_csv {
	char *text; /* owned, UTF-8 (or what claims to be), ended by NUL */
	size_t n, at;
	int line;
	char comma;
};

static void put_utf8(char **to, uint32_t c)
{
	char *p = *to;

	if (c < 0x80) {
		*p++ = (char)c;
	} else if (c < 0x800) {
		*p++ = (char)(0xC0 | c >> 6);
		*p++ = (char)(0x80 | (c & 0x3F));
	} else if (c < 0x10000) {
		*p++ = (char)(0xE0 | c >> 12);
		*p++ = (char)(0x80 | (c >> 6 & 0x3F));
		*p++ = (char)(0x80 | (c & 0x3F));
	} else {
		*p++ = (char)(0xF0 | c >> 18);
		*p++ = (char)(0x80 | (c >> 12 & 0x3F));
		*p++ = (char)(0x80 | (c >> 6 & 0x3F));
		*p++ = (char)(0x80 | (c & 0x3F));
	}
	*to = p;
}

/* Excel's "Unicode text". A half pair becomes U+FFFD. */
static void from_utf16(struct cv_csv *csv, bool big)
{
	const unsigned char *from = (const unsigned char *)csv->text;
	char *out = cv_alloc(csv->n * 2 + 4), *to = out;
	size_t high = big ? 0 : 1;

	for (size_t i = 2; i + 1 < csv->n; i += 2) {
		uint32_t c = (uint32_t)from[i + high] << 8 | from[i + 1 - high];
		if (c >= 0xD800 && c < 0xDC00 && i + 3 < csv->n) {
			uint32_t low = (uint32_t)from[i + 2 + high] << 8 | from[i + 3 - high];
			if (low >= 0xDC00 && low < 0xE000) {
				c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
				i += 2;
			}
		}
		put_utf8(&to, c >= 0xD800 && c < 0xE000 ? 0xFFFD : c);
	}
	free(csv->text);
	csv->text = out;
	csv->n = (size_t)(to - out);
	csv->text[csv->n] = '\0';
}

/* The separator that the first line has most of. */
static char separator(const char *text)
{
	static const char marks[] = ",;\t";
	size_t count[3] = {0};
	bool quoted = false;
	size_t best = 0;

	for (; *text != '\0' && (quoted || (*text != '\n' && *text != '\r')); text++) {
		const char *mark = strchr(marks, *text);
		quoted = quoted != (*text == '"');
		if (!quoted && mark != NULL && *mark != '\0')
			count[mark - marks]++;
	}
	for (size_t i = 1; i < 3; i++)
		if (count[i] > count[best])
			best = i;
	return marks[best];
}

enum cv_rc cv_csv_open(struct cv_csv **out, const char *path, struct cv_err *err)
{
	struct cv_csv *csv = cv_alloc(sizeof(*csv));
	struct cv_err own;

	*out = NULL;
	cv_err_init(&own);
	enum cv_rc rc = cv_file_read(&csv->text, &csv->n, path, FILE_MAX, &own);
	if (rc != CV_OK) {
		free(csv);
		return rc == CV_LIMIT ? cv_err_set(err, CV_LIMIT, "file", _("%s lớn quá 64 MiB"), path)
				      : cv_err_set(err, CV_NO_INPUT, "file", _("không đọc được %s"), path);
	}
	if (csv->n >= 2 && memcmp(csv->text, "\xFF\xFE", 2) == 0)
		from_utf16(csv, false);
	else if (csv->n >= 2 && memcmp(csv->text, "\xFE\xFF", 2) == 0)
		from_utf16(csv, true);
	if (csv->n >= 3 && memcmp(csv->text, "\xEF\xBB\xBF", 3) == 0)
		csv->at = 3;
	csv->line = 1;
	csv->comma = separator(csv->text + csv->at);
	*out = csv;
	return CV_OK;
}

void cv_csv_close(struct cv_csv *csv)
{
	if (csv == NULL)
		return;
	free(csv->text);
	free(csv);
}

static bool ends_cell(const struct cv_csv *csv)
{
	return csv->at >= csv->n || csv->text[csv->at] == csv->comma || csv->text[csv->at] == '\n' ||
	       csv->text[csv->at] == '\r';
}

/* A quoted cell with its doubled quotes undone; what stands behind the closing quote is a fault. */
static const char *quoted_cell(struct cv_csv *csv, struct cv_buf *cell)
{
	for (csv->at++; csv->at < csv->n; csv->at++) {
		char c = csv->text[csv->at];
		if (c == '"' && csv->at + 1 < csv->n && csv->text[csv->at + 1] == '"') {
			csv->at++;
		} else if (c == '"') {
			csv->at++;
			return ends_cell(csv) ? NULL : _("có chữ sau dấu nháy đóng");
		}
		csv->line += c == '\n';
		cv_buf_putc(cell, c);
	}
	return _("dấu nháy không đóng");
}

static const char *take_cell(struct cv_csv *csv, struct cv_csv_row *row)
{
	const char *fault = NULL;
	struct cv_buf cell;

	cv_buf_init(&cell, (size_t)1 << 20);
	if (csv->at < csv->n && csv->text[csv->at] == '"')
		fault = quoted_cell(csv, &cell);
	while (!ends_cell(csv))
		cv_buf_putc(&cell, csv->text[csv->at++]);
	const char *text = cell.data != NULL ? cell.data : "";
	size_t n = strlen(text);
	if (fault == NULL && (n != cell.len || !cv_utf8_valid(text, n)))
		fault = _("không phải chữ UTF-8");
	while (n > 0 && strchr(" \t\r\n", text[n - 1]) != NULL)
		n--;
	size_t skip = strspn(text, " \t\r\n");
	char *bare = skip < n ? cv_strndup(text + skip, n - skip) : cv_strdup("");
	if (row->n < CV_CSV_CELLS)
		row->cells[row->n++] = fault == NULL ? cv_text_nfc_dup(bare) : cv_strdup("");
	else
		fault = _("quá nhiều cột");
	free(bare);
	cv_buf_finish(&cell);
	return fault;
}

static bool empty(const struct cv_csv_row *row)
{
	for (size_t i = 0; i < row->n; i++)
		if (row->cells[i][0] != '\0')
			return false;
	return row->fault == NULL;
}

bool cv_csv_next(struct cv_csv *csv, struct cv_csv_row *row)
{
	while (csv->at < csv->n) {
		*row = (struct cv_csv_row){.line = csv->line};
		for (;;) {
			const char *fault = take_cell(csv, row);
			if (row->fault == NULL)
				row->fault = fault;
			if (csv->at >= csv->n || csv->text[csv->at] != csv->comma)
				break;
			csv->at++;
		}
		if (csv->at < csv->n && csv->text[csv->at] == '\r')
			csv->at++;
		if (csv->at < csv->n && csv->text[csv->at] == '\n')
			csv->at++;
		csv->line++;
		if (!empty(row))
			return true;
		cv_csv_row_finish(row);
	}
	return false;
}

void cv_csv_row_finish(struct cv_csv_row *row)
{
	for (size_t i = 0; i < row->n; i++)
		free(row->cells[i]);
	row->n = 0;
}

void cv_csv_print(FILE *to, const char *const *cells, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const char *text = cells[i] != NULL ? cells[i] : "";
		bool quote = strpbrk(text, ",;\"\n\r\t") != NULL || text[0] == ' ';
		if (i > 0)
			fputc(',', to);
		if (quote)
			fputc('"', to);
		for (; *text != '\0'; text++) {
			if (*text == '"')
				fputc('"', to);
			fputc(*text, to);
		}
		if (quote)
			fputc('"', to);
	}
	fputs("\r\n", to);
}
