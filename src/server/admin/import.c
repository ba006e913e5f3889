/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * congvud import, export. Every line is looked at, every bad one told with its number; then all is stored in one
 * transaction, or nothing.
 */
#include "server/admin/import.h"

#include <congvu/base/fs.h>
#include <congvu/base/i18n.h>
#include <congvu/base/mem.h>
#include <congvu/base/text.h>
#include <congvu/base/time.h>
#include <stdlib.h>
#include <string.h>

#define MAX_TOLD 100 /* bad lines named one by one; the rest is counted */

static const struct cv_import_kind *const kinds[] = {&cv_import_units, &cv_import_users, &cv_import_procedures,
						     &cv_import_holidays, &cv_import_dossiers};

struct counts {
	long fresh, changed, same, bad;
	struct cv_buf lines; /* "17, 203" */
	struct cv_json *faults;
};

static const struct cv_import_kind *kind_of(const char *word)
{
	for (size_t i = 0; i < CV_COUNT(kinds); i++)
		if (strcmp(kinds[i]->word, word) == 0)
			return kinds[i];
	return NULL;
}

static size_t column_count(const struct cv_import_kind *kind)
{
	size_t n = 0;

	while (kind->columns[n].name != NULL)
		n++;
	return n;
}

bool cv_import_word(const char *words, const char *text)
{
	size_t n = strlen(text);

	while (words != NULL && *words != '\0' && n > 0) {
		size_t len = strcspn(words, "|");
		if (len == n && memcmp(words, text, n) == 0)
			return true;
		words += len + (words[len] == '|');
	}
	return false;
}

const char *cv_import_cell(struct cv_import *im, const char *column)
{
	const char *fixed = cv_map_const(im->map, column), *value = "";

	if (fixed != NULL)
		return fixed;
	for (size_t i = 0; im->kind->columns[i].name != NULL; i++)
		if (strcmp(im->kind->columns[i].name, column) == 0 && im->at[i] >= 0 && (size_t)im->at[i] < im->row->n)
			value = im->row->cells[im->at[i]];
	if (!cv_map_value(im->map, column, value, &value))
		cv_err_set(im->err, CV_DATA, column, _("tệp ánh xạ không biết giá trị “%s”"), value);
	return value;
}

enum cv_rc cv_import_bad(struct cv_import *im, const char *column, const char *why)
{
	return cv_err_set(im->err, CV_DATA, column, "%s", why);
}

/* True if every member of `object` has the same value in `old`. */
static bool same(const struct cv_json *object, const struct cv_json *old)
{
	CV_JSON_EACH (member, object) {
		const struct cv_json *other = cv_json_get(old, cv_json_key(member));
		char *a = cv_json_text(member), *b = other != NULL ? cv_json_text(other) : cv_strdup("");
		bool equal = strcmp(a, b) == 0;
		free(a);
		free(b);
		if (!equal)
			return false;
	}
	return true;
}

enum cv_rc cv_import_put(struct cv_import *im, struct cv_json *object, const struct cv_json *old, const char *op,
			 enum cv_import_what *what)
{
	*what = old == NULL ? CV_IMPORT_NEW : CV_IMPORT_SAME;
	if (old != NULL && (im->skip_existing || same(object, old))) {
		cv_json_destroy(object);
		return CV_OK;
	}
	if (old != NULL && !im->update) {
		cv_json_destroy(object);
		cv_err_set(im->err, CV_DATA, NULL, _("đã có và khác bản đang có"));
		cv_err_hint(im->err, "%s", _("thêm --update để đổi, --skip-existing để giữ"));
		return CV_DATA;
	}
	if (old != NULL) {
		*what = CV_IMPORT_CHANGED;
		struct cv_json *whole = cv_json_dup(old);
		CV_JSON_EACH (member, object)
			cv_json_set(whole, cv_json_key(member), cv_json_dup(member));
		cv_json_destroy(object);
		object = whole;
	}
	return cv_desk_put(&im->desk, im->kind->objects, object, op, im->err);
}

/* ---- the header ---- */
static bool is_header(const struct cv_import *im, const struct cv_import_column *column, const char *cell)
{
	const char *theirs = cv_map_column(im->map, column->name);

	if (theirs != NULL)
		return strcmp(theirs, cell) == 0;
	char *folded = cv_text_fold_dup(cell);
	for (char *p = folded; *p != '\0'; p++)
		if (*p == ' ')
			*p = '_';
	bool yes = strcmp(folded, column->name) == 0 || cv_import_word(column->also, folded);
	free(folded);
	return yes;
}

static enum cv_rc read_header(struct cv_import *im, struct cv_csv *csv)
{
	struct cv_csv_row row;
	const char *words[33] = {NULL}, *stranger;

	if (!cv_csv_next(csv, &row))
		return cv_err_set(im->err, CV_DATA, "file", _("tệp không có dòng nào"));
	enum cv_rc rc =
		row.fault != NULL ? cv_err_set(im->err, CV_DATA, "file", _("dòng %d: %s"), row.line, row.fault) : CV_OK;
	for (size_t i = 0; im->kind->columns[i].name != NULL; i++) {
		const struct cv_import_column *column = &im->kind->columns[i];
		words[i] = column->name;
		im->at[i] = -1;
		for (size_t k = 0; k < row.n && im->at[i] < 0; k++)
			if (is_header(im, column, row.cells[k]))
				im->at[i] = (int)k;
		if (rc == CV_OK && im->at[i] < 0 && cv_map_const(im->map, column->name) == NULL &&
		    (column->needed || cv_map_column(im->map, column->name) != NULL)) {
			const char *theirs = cv_map_column(im->map, column->name);
			rc = cv_err_set(im->err, CV_DATA, column->name, _("tệp không có cột “%s”"),
					theirs != NULL ? theirs : column->name);
		}
	}
	if (rc == CV_OK && !cv_map_knows(im->map, words, &stranger)) {
		rc = cv_err_set(im->err, CV_DATA, "map", _("ánh xạ nói đến cột không có: %s"), stranger);
		if (cv_suggest(stranger, words) != NULL)
			cv_err_hint(im->err, _("có phải %s?"), cv_suggest(stranger, words));
	}
	cv_csv_row_finish(&row);
	return rc;
}

/* ---- rows ---- */
static void tell_bad(struct cv_import *im, struct counts *c, int line, const struct cv_err *err)
{
	cv_buf_addf(&c->lines, "%s%d", c->bad > 0 ? ", " : "", line);
	c->bad++;
	if (c->bad > MAX_TOLD)
		return;
	struct cv_json *row = cv_json_new_object();
	cv_json_set_int(row, "line", line);
	cv_json_set_str(row, "code", err->code);
	cv_json_set_str(row, "field", err->field);
	cv_json_set_str(row, "detail", err->detail);
	cv_json_push(c->faults, row);
	if (im->desk.json)
		return;
	char *text = cv_strf(_("dòng %d: %s%s%s"), line, err->field, err->field[0] != '\0' ? ": " : "", err->detail);
	char *clean = cv_text_clean_dup(text, false);
	fprintf(stderr, "congvud: %s\n", clean);
	free(clean);
	free(text);
}

static enum cv_rc secret_in(struct cv_import *im)
{
	const char *what;

	for (size_t i = 0; i < im->row->n; i++)
		if (cv_text_state_secret(im->row->cells[i], &what))
			return cv_err_set(im->err, CV_STATE_SECRET, NULL, NULL);
	return CV_OK;
}

/* One row in a savepoint: a bad one leaves nothing. CV_DATA and the like: the line is bad; other faults end all. */
static enum cv_rc take_row(struct cv_import *im, struct counts *c, struct cv_csv_row *row)
{
	struct cv_err err;
	enum cv_import_what what = CV_IMPORT_NEW;

	cv_err_init(&err);
	im->err = &err; // cppcheck-suppress autoVariables ; only while this row is taken
	im->row = row;
	size_t mark = cv_batch_mark(im->desk.batch);
	enum cv_rc rc = cv_db_savepoint(im->desk.db, &err);
	if (rc != CV_OK)
		return rc;
	rc = row->fault != NULL ? cv_err_set(&err, CV_DATA, NULL, "%s", row->fault) : secret_in(im);
	if (rc == CV_OK)
		rc = im->kind->take(im, &what);
	if (rc == CV_OK)
		rc = err.rc; /* a cell's value was unknown to the map */
	if (rc == CV_OK) {
		rc = cv_db_release(im->desk.db, &err);
		c->fresh += what == CV_IMPORT_NEW;
		c->changed += what == CV_IMPORT_CHANGED;
		c->same += what == CV_IMPORT_SAME;
		return rc;
	}
	cv_batch_cut(im->desk.batch, mark);
	cv_db_undo(im->desk.db);
	cv_dbctx_reset(im->desk.ctx);
	if (cv_rc_exit(rc) != 65)
		return rc;
	tell_bad(im, c, row->line, &err);
	return CV_OK;
}

static enum cv_rc take_all(struct cv_import *im, struct cv_csv *csv, struct counts *c, struct cv_err *err)
{
	struct cv_csv_row row;
	enum cv_rc rc = CV_OK;

	im->err = err;
	rc = read_header(im, csv);
	while (rc == CV_OK && cv_csv_next(csv, &row)) {
		rc = take_row(im, c, &row);
		if (rc != CV_OK && im->err->rc != CV_OK)
			*err = *im->err;
		cv_csv_row_finish(&row);
	}
	im->err = err;
	return rc;
}

static void tell(struct cv_import *im, const struct counts *c, bool dry, bool kept)
{
	struct cv_json *data;

	if (im->desk.json) {
		data = cv_json_new_object();
		cv_json_set_int(data, "new", c->fresh);
		cv_json_set_int(data, "changed", c->changed);
		cv_json_set_int(data, "same", c->same);
		cv_json_set_int(data, "bad", c->bad);
		cv_json_set_bool(data, "stored", kept && !dry);
		cv_json_set(data, "lines", cv_json_dup(c->faults));
		if (kept) {
			cv_print_ok(stdout, data);
		} else {
			struct cv_err err;
			cv_err_init(&err);
			cv_err_set(&err, CV_DATA, "file", _("có %ld dòng lỗi, chưa lưu gì"), c->bad);
			cv_print_error(stdout, &err, data);
		}
		cv_json_destroy(data);
		return;
	}
	printf(_("%ld mới, %ld đổi, %ld như cũ, %ld lỗi"), c->fresh, c->changed, c->same, c->bad);
	if (c->bad > 0)
		printf(_(" (dòng %s)"), c->lines.data);
	printf("%s\n", !kept ? _("; chưa lưu gì") : dry ? _("; chỉ kiểm tra, chưa lưu") : "");
}

static enum cv_rc open_map(struct cv_import *im, const struct cv_args *args, struct cv_err *err)
{
	enum cv_rc rc = cv_map_open(&im->map, cv_args_text(args, "map"), err);

	for (size_t i = 0; rc == CV_OK && i < cv_args_count(args, "set"); i++)
		rc = cv_map_set(im->map, cv_args_nth(args, "set", i), err);
	return rc;
}

static int template_of(const struct cv_import_kind *kind)
{
	const char *cells[32];
	size_t n = column_count(kind);

	for (size_t i = 0; i < n; i++)
		cells[i] = kind->columns[i].name;
	cv_csv_print(stdout, cells, n);
	return 0;
}

static enum cv_rc write_slips(struct cv_import *im, struct cv_err *err)
{
	if (im->slips == NULL || im->codes.len == 0)
		return CV_OK;
	return cv_file_write(im->slips, im->codes.data, im->codes.len, err);
}

/* The rows are in; kept tells whether they stay. */
static int finish(struct cv_import *im, struct counts *c, const struct cv_args *args, enum cv_rc rc, struct cv_err *err)
{
	bool dry = cv_args_flag(args, "dry-run"), kept = c->bad == 0 || cv_args_flag(args, "skip-bad");
	int status = 65;

	if (rc == CV_OK && kept && !dry)
		rc = write_slips(im, err);
	if (rc == CV_OK && (dry || !kept)) {
		cv_db_rollback(im->desk.db);
		im->desk.writing = false;
	}
	status = cv_desk_close(&im->desk, rc, err);
	if (rc == CV_OK && status == 0) {
		tell(im, c, dry, kept);
		status = kept ? 0 : 65;
	}
	return status;
}

int cv_admin_import(void *app, const struct cv_args *args)
{
	const struct cv_import_kind *kind = kind_of(cv_args_verb(args)->verb);
	struct cv_import im = {.kind = kind, .slips = cv_args_text(args, "slips")};
	struct counts c = {.faults = NULL};
	struct cv_csv *csv = NULL;
	struct cv_err err;

	if (cv_args_flag(args, "template"))
		return template_of(kind);
	cv_err_init(&err);
	enum cv_rc rc =
		cv_args_operand(args, 0) != NULL ? CV_OK : cv_err_set(&err, CV_USAGE, "file", _("thiếu tệp CSV"));
	if (rc == CV_OK && cv_args_flag(args, "update") && cv_args_flag(args, "skip-existing"))
		rc = cv_err_set(&err, CV_USAGE, "update", _("chỉ một trong --update, --skip-existing"));
	im.update = cv_args_flag(args, "update");
	im.skip_existing = cv_args_flag(args, "skip-existing");
	cv_buf_init(&im.codes, (size_t)4 << 20);
	cv_buf_init(&c.lines, 4096);
	c.faults = cv_json_new_array();
	if (rc == CV_OK)
		rc = open_map(&im, args, &err);
	if (rc == CV_OK)
		rc = cv_csv_open(&csv, cv_args_operand_path(args, 0), &err);
	int status;
	if (rc != CV_OK) {
		status = cv_admin_fail(cv_args_flag(args, "json"), &err);
	} else {
		rc = cv_desk_open(&im.desk, app, args, true, &err);
		if (rc == CV_OK) {
			cv_time_format(cv_now(im.desk.env), im.time);
			rc = take_all(&im, csv, &c, &err);
		}
		status = finish(&im, &c, args, rc, &err);
	}
	cv_csv_close(csv);
	cv_map_close(im.map);
	cv_buf_finish(&im.codes);
	cv_buf_finish(&c.lines);
	cv_json_destroy(c.faults);
	return status;
}

/* ---- export ---- */
static void print_object(const struct cv_import_kind *kind, const struct cv_json *object)
{
	char *cells[32] = {NULL};
	size_t n = column_count(kind);

	kind->give(object, cells);
	cv_csv_print(stdout, (const char *const *)cells, n);
	for (size_t i = 0; i < n; i++)
		free(cells[i]);
}

int cv_admin_export(void *app, const struct cv_args *args)
{
	const struct cv_import_kind *kind = kind_of(cv_args_verb(args)->verb);
	struct cv_desk desk;
	struct cv_err err;
	struct cv_json *items = NULL;
	enum cv_rc rc = cv_desk_open(&desk, app, args, false, &err);

	if (rc == CV_OK)
		rc = cv_desk_list(&items, &desk, kind->objects, &err);
	if (rc == CV_OK) {
		struct cv_json *data = cv_json_new_object();
		if (!desk.json)
			template_of(kind);
		CV_JSON_EACH (object, desk.json ? NULL : items)
			print_object(kind, object);
		cv_json_set(data, "items", items);
		if (desk.json)
			cv_print_ok(stdout, data);
		cv_json_destroy(data);
	}
	return cv_desk_close(&desk, rc, &err);
}
