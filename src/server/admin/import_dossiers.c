/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Dossiers out of another program's CSV. They come as they stand there: no act is replayed, one history row says where
 * they are from. What they lack is computed (the due date) or left out.
 */
#include "server/admin/import.h"
#include "server/work/code.h"

#include <congvu/base/i18n.h>
#include <congvu/base/mem.h>
#include <congvu/base/text.h>
#include <congvu/base/time.h>
#include <congvu/model/deadline.h>
#include <congvu/model/dossier.h>
#include <stdlib.h>
#include <string.h>

#define MORNING (8 * 60)  /* a receipt without an hour */
#define EVENING (17 * 60) /* a due date or an end without an hour */

static const struct {
	const char *name;
	enum cv_place place;
} places[] = {
#define X(name, status, step, label) {label, CV_PLACE_##name},
	CV_PLACE_TABLE(X)
#undef X
};

static const struct {
	int status;
	const char *step;
} place_codes[] = {
#define X(name, status, step, label) [CV_PLACE_##name] = {status, step},
	CV_PLACE_TABLE(X)
#undef X
};

/* "4", or what the screens say ("chờ phân công"). */
static enum cv_place place_of(const char *status, const char *step, bool assigned)
{
	char *folded = cv_text_fold_dup(status), *end = NULL;
	enum cv_place out = CV_PLACE_UNKNOWN;
	long n = strtol(status, &end, 10);

	for (size_t i = 0; i < CV_COUNT(places); i++) {
		char *label = cv_text_fold_dup(places[i].name);
		if (strcmp(folded, label) == 0)
			out = places[i].place;
		free(label);
	}
	free(folded);
	if (out != CV_PLACE_UNKNOWN || end == status || *end != '\0')
		return out;
	if (n == 4 && step[0] == '\0')
		step = assigned ? "working" : "unassigned";
	for (size_t i = 0; i < CV_PLACE_COUNT; i++)
		if (place_codes[i].status == n && (n != 4 || strcmp(place_codes[i].step, step) == 0))
			return (enum cv_place)i;
	return CV_PLACE_UNKNOWN;
}

static int channel_of(const char *text)
{
	static const char *const words[] = {"1|direct|truc tiep", "2|online|truc tuyen|qua mang",
					    "3|post|buu chinh|buu dien"};
	char *folded = cv_text_fold_dup(text);
	int out = text[0] == '\0' ? 1 : 0;

	for (size_t i = 0; i < CV_COUNT(words) && out == 0; i++)
		if (cv_import_word(words[i], folded))
			out = (int)i + 1;
	free(folded);
	return out;
}

/* *out stays CV_TIME_NONE for an empty cell. */
static bool moment(struct cv_import *im, const char *column, int minute, int64_t *out)
{
	const char *text = cv_import_cell(im, column);

	*out = CV_TIME_NONE;
	if (text[0] == '\0' || cv_map_time(im->map, text, minute, out))
		return true;
	cv_import_bad(im, column, _("không phải thời điểm"));
	return false;
}

static void set_moment(struct cv_json *o, const char *key, int64_t t)
{
	char text[CV_TIME_SIZE];

	if (t == CV_TIME_NONE)
		return;
	cv_time_format(t, text);
	cv_json_set_str(o, key, text);
}

static struct cv_json *applicant_of(struct cv_import *im)
{
	static const char *const keys[][2] = {{"name", "applicant"}, {"phone", "phone"}, {"address", "address"}};
	struct cv_json *person = cv_json_new_object();

	for (size_t i = 0; i < CV_COUNT(keys); i++)
		if (cv_import_cell(im, keys[i][1])[0] != '\0')
			cv_json_set_str(person, keys[i][0], cv_import_cell(im, keys[i][1]));
	return person;
}

/* The catalogue's procedure with the rule in force, or one that the catalogue does not know: no deadline then. */
static void set_procedure(struct cv_import *im, struct cv_json *d, const char *code)
{
	static const char *const rule_fields[] = {"route", "days", "hours", "pause"};
	const struct cv_json *known = cv_dbctx_object(im->desk.ctx, CV_KIND_PROCEDURE, code);
	struct cv_json *procedure = cv_json_new_object(), *rule = cv_json_new_object();

	cv_json_set_str(procedure, "code", code);
	cv_json_set_str(procedure, "name", known != NULL ? cv_json_s(known, "name") : code);
	if (known != NULL && cv_json_s(known, "field")[0] != '\0')
		cv_json_set_str(procedure, "field", cv_json_s(known, "field"));
	for (size_t i = 0; i < CV_COUNT(rule_fields); i++)
		if (cv_json_get(known, rule_fields[i]) != NULL)
			cv_json_set(rule, rule_fields[i], cv_json_dup(cv_json_get(known, rule_fields[i])));
	cv_json_set(d, "procedure", procedure);
	cv_json_set(d, "rule", rule);
}

static enum cv_rc set_times(struct cv_import *im, struct cv_json *d)
{
	int64_t submitted, received, due, ended;
	int64_t status = cv_json_int(d, "status", 0);

	if (!moment(im, "submitted_at", MORNING, &submitted) || !moment(im, "received_at", MORNING, &received) ||
	    !moment(im, "due_at", EVENING, &due) || !moment(im, "ended_at", EVENING, &ended))
		return CV_DATA;
	if (submitted == CV_TIME_NONE)
		submitted = received;
	if (received == CV_TIME_NONE && status >= 2 && status != 3)
		received = submitted;
	if (submitted == CV_TIME_NONE)
		return cv_import_bad(im, "received_at", _("còn thiếu"));
	set_moment(d, "submitted_at", submitted);
	set_moment(d, "received_at", received);
	set_moment(d, "due_at", due);
	/* Real files hold ends before their beginning: such an end says nothing. */
	if ((status == 3 || status >= 8) && ended >= submitted)
		set_moment(d, "ended_at", ended);
	if (due == CV_TIME_NONE && received != CV_TIME_NONE) {
		struct cv_due computed;
		cv_due_of_dossier(&computed, cv_dbctx_ctx(im->desk.ctx), d);
		set_moment(d, "due_at", computed.at);
		cv_due_finish(&computed);
	}
	return CV_OK;
}

static enum cv_rc set_holders(struct cv_import *im, struct cv_json *d)
{
	const char *unit = cv_import_cell(im, "unit"), *assignee = cv_import_cell(im, "assignee");

	if (unit[0] == '\0')
		unit = CV_ROOT_UNIT;
	if (cv_dbctx_object(im->desk.ctx, CV_KIND_UNIT, unit) == NULL)
		return cv_import_bad(im, "unit", _("không có đơn vị này"));
	if (assignee[0] != '\0' && cv_dbctx_object(im->desk.ctx, CV_KIND_USER, assignee) == NULL)
		return cv_import_bad(im, "assignee", _("không có người này"));
	cv_json_set_str(d, "unit", unit);
	if (assignee[0] != '\0')
		cv_json_set_str(d, "assignee", assignee);
	enum cv_place place = place_of(cv_import_cell(im, "status"), cv_import_cell(im, "step"), assignee[0] != '\0');
	if (place == CV_PLACE_UNKNOWN)
		return cv_import_bad(im, "status", _("không biết trạng thái này"));
	cv_json_set_int(d, "status", place_codes[place].status);
	if (place_codes[place].step[0] != '\0')
		cv_json_set_str(d, "step", place_codes[place].step);
	return CV_OK;
}

static void set_history(struct cv_import *im, struct cv_json *d)
{
	char id[CV_UUID_SIZE];
	struct cv_json *rows = cv_json_new_array(), *row = cv_json_new_object();
	const char *note = cv_import_cell(im, "note");

	cv_uuid7(im->desk.env, id);
	cv_json_set_str(d, "id", id);
	cv_json_set_str(row, "op", "import");
	cv_json_set_str(row, "by", "congvud");
	cv_json_set_str(row, "at", im->time);
	cv_json_set_str(row, "recv", im->time);
	if (note[0] != '\0')
		cv_json_set_str(row, "note", note);
	cv_json_push(rows, row);
	cv_json_set(d, "history", rows);
	cv_json_set(d, "aliases", cv_json_new_array());
}

static const struct cv_json *with_code(struct cv_import *im, const char *code)
{
	char *id = NULL;
	struct cv_stmt *st =
		cv_db_query(im->desk.db, "SELECT id FROM object WHERE kind = 'dossier' AND code = $1", "s", code);

	if (cv_stmt_step(st) == CV_STEP_ROW)
		id = cv_strdup(cv_stmt_text(st, 0));
	cv_stmt_done(st);
	const struct cv_json *out = id != NULL ? cv_dbctx_object(im->desk.ctx, CV_KIND_DOSSIER, id) : NULL;
	free(id);
	return out;
}

static enum cv_rc give_code(struct cv_import *im, struct cv_json *d, const char *code)
{
	if (code[0] == '\0')
		return cv_code_give(im->desk.db, cv_now(im->desk.env), d);
	if (strlen(code) > 64)
		return cv_import_bad(im, "code", _("mã không hợp lệ"));
	cv_json_set_str(d, "code", code);
	return cv_code_reserve(im->desk.db, code, im->err);
}

static enum cv_rc take_dossier(struct cv_import *im, enum cv_import_what *what)
{
	const char *code = cv_import_cell(im, "code"), *procedure = cv_import_cell(im, "procedure");
	const struct cv_json *old = code[0] != '\0' ? with_code(im, code) : NULL;
	int channel = channel_of(cv_import_cell(im, "channel"));

	if (procedure[0] == '\0' || strlen(procedure) > 100)
		return cv_import_bad(im, "procedure", _("còn thiếu"));
	if (cv_import_cell(im, "applicant")[0] == '\0')
		return cv_import_bad(im, "applicant", _("còn thiếu"));
	if (channel == 0)
		return cv_import_bad(im, "channel", _("phải là direct, online hoặc post"));
	struct cv_json *d = cv_json_new_object();
	cv_json_set(d, "applicant", applicant_of(im));
	cv_json_set_int(d, "channel", channel);
	set_procedure(im, d, procedure);
	enum cv_rc rc = set_holders(im, d);
	if (rc == CV_OK)
		rc = set_times(im, d);
	if (rc == CV_OK)
		rc = im->err->rc;
	if (rc == CV_OK && old == NULL)
		rc = give_code(im, d, code);
	if (rc != CV_OK) {
		cv_json_destroy(d);
		return rc;
	}
	if (old == NULL)
		set_history(im, d);
	return cv_import_put(im, d, old, "dossier.import", what);
}

static void give_dossier(const struct cv_json *o, char **out)
{
	static const char *const plain[] = {"code",	    NULL,	   NULL,     NULL,	NULL,
					    NULL,	    NULL,	   "step",   "unit",	"assignee",
					    "submitted_at", "received_at", "due_at", "ended_at"};
	const struct cv_json *applicant = cv_json_object_of(o, "applicant");
	static const char *const channels[] = {"", "direct", "online", "post"};
	int64_t channel = cv_json_int(o, "channel", 0);

	for (size_t i = 0; i < CV_COUNT(plain); i++)
		out[i] = plain[i] != NULL ? cv_strdup(cv_json_s(o, plain[i])) : NULL;
	out[1] = cv_strdup(cv_json_s(cv_json_object_of(o, "procedure"), "code"));
	out[2] = cv_strdup(cv_json_s(applicant, "name"));
	out[3] = cv_strdup(cv_json_s(applicant, "phone"));
	out[4] = cv_strdup(cv_json_s(applicant, "address"));
	out[5] = cv_strdup(channels[channel >= 1 && channel <= 3 ? channel : 0]);
	out[6] = cv_strf("%lld", (long long)cv_json_int(o, "status", 0));
	out[14] = cv_strdup(cv_json_s(cv_json_first(cv_json_array_of(o, "history")), "note"));
}

static const struct cv_import_column columns[] = {
	{"code", "ma|ma_ho_so|so_ho_so", false},
	{"procedure", "thu_tuc|ma_thu_tuc", true},
	{"applicant", "chu_ho_so|nguoi_nop|ho_ten|to_chuc_ca_nhan", true},
	{"phone", "dien_thoai|so_dien_thoai|sdt", false},
	{"address", "dia_chi", false},
	{"channel", "hinh_thuc|hinh_thuc_nop|kenh", false},
	{"status", "trang_thai", true},
	{"step", "buoc", false},
	{"unit", "don_vi|ma_don_vi|phong|bo_phan", false},
	{"assignee", "nguoi_thu_ly|can_bo|can_bo_thu_ly", false},
	{"submitted_at", "ngay_nop", false},
	{"received_at", "ngay_tiep_nhan|ngay_nhan", false},
	{"due_at", "hen_tra|ngay_hen_tra|han", false},
	{"ended_at", "ngay_ket_thuc|ngay_tra|ngay_tra_ket_qua", false},
	{"note", "ghi_chu", false},
	{0},
};
const struct cv_import_kind cv_import_dossiers = {"dossiers", columns, take_dossier, give_dossier, CV_KIND_DOSSIER};
