/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The frame around every operation: shape of the arguments, right, the pure function, common fields. */
#include <congvu/base/i18n.h>
#include <congvu/base/mem.h>
#include <congvu/base/text.h>
#include <congvu/base/time.h>
#include <congvu/model/op.h>

#include <string.h>

static const char *const st_words[] = {"applied",  "noop",	"late", "need_blob", "conflict",
				       "rejected", "forbidden", "gone", "retry",     "queued"};

const char *cv_st_word(enum cv_st st)
{
	return (size_t)st < CV_COUNT(st_words) ? st_words[st] : "retry";
}

enum cv_st cv_st_of(const char *word)
{
	for (size_t i = 0; i < CV_ST_QUEUED; i++)
		if (word != NULL && strcmp(st_words[i], word) == 0)
			return (enum cv_st)i;
	return CV_ST_RETRY;
}

bool cv_st_accepted(enum cv_st st)
{
	return st == CV_ST_APPLIED || st == CV_ST_NOOP || st == CV_ST_LATE || st == CV_ST_NEED_BLOB;
}

bool cv_st_final(enum cv_st st)
{
	return st != CV_ST_RETRY && st != CV_ST_QUEUED;
}

void cv_outcome_finish(struct cv_outcome *o)
{
	cv_json_destroy(o->object);
	*o = (struct cv_outcome){.st = CV_ST_REJECTED};
}

const struct cv_op *cv_op_find(const char *name)
{
	for (const struct cv_op *op = cv_ops; name != NULL && op->name != NULL; op++)
		if (strcmp(op->name, name) == 0)
			return op;
	return NULL;
}

static enum cv_rc bad(struct cv_err *err, const char *field, const char *what)
{
	return cv_err_set(err, CV_DATA, field, "%s: %s", field, what);
}

/* ---- one argument ---- */
static enum cv_rc check_text(const struct cv_arg *arg, const char *text, struct cv_err *err)
{
	const char *mark;
	bool lines = arg->kind == CV_ARG_TEXT;

	for (const unsigned char *p = (const unsigned char *)text; *p != '\0'; p++)
		if ((*p < 0x20 && !(lines && (*p == '\n' || *p == '\t'))) || *p == 0x7F)
			return bad(err, arg->name, _("có ký tự điều khiển"));
	if (arg->min > 0 && strspn(text, " \t\n") == strlen(text))
		return bad(err, arg->name, _("còn thiếu"));
	if ((int64_t)strlen(text) > arg->max)
		return bad(err, arg->name, _("quá dài"));
	if (cv_text_state_secret(text, &mark))
		return cv_err_set(err, CV_STATE_SECRET, arg->name,
				  _("có dấu \"%s\": tài liệu mật chỉ xử lý tại cơ quan, không nhập vào đây"), mark);
	return CV_OK;
}

static bool word_among(const char *word, const char *words)
{
	size_t n = strlen(word);

	for (const char *p = words; n > 0 && p != NULL && *p != '\0'; p = strchr(p, '|') ? strchr(p, '|') + 1 : NULL)
		if (strncmp(p, word, n) == 0 && (p[n] == '|' || p[n] == '\0'))
			return true;
	return false;
}

static bool slot_name(const char *s)
{
	size_t n = strlen(s);

	return n > 0 && n <= 12 && strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789") == n;
}

static enum cv_rc check_string(const struct cv_arg *arg, const char *s, struct cv_err *err)
{
	int64_t t;
	int32_t d;

	switch (arg->kind) {
	case CV_ARG_TEXT:
	case CV_ARG_LINE:
		return check_text(arg, s, err);
	case CV_ARG_WORD:
		return word_among(s, arg->words) ? CV_OK : bad(err, arg->name, _("giá trị lạ"));
	case CV_ARG_DATE:
		return cv_date_parse(s, &d) ? CV_OK : bad(err, arg->name, _("ngày phải có dạng 2026-11-22"));
	case CV_ARG_TIME:
		return cv_time_parse(s, &t) ? CV_OK
					    : bad(err, arg->name, _("giờ phải có dạng 2026-11-22T11:00:00+07:00"));
	case CV_ARG_SLOT:
		return slot_name(s) ? CV_OK : bad(err, arg->name, _("khung giờ không hợp lệ"));
	case CV_ARG_USER:
		return cv_login_valid(s) ? CV_OK : bad(err, arg->name, _("tên đăng nhập không hợp lệ"));
	default: /* CV_ARG_EID, CV_ARG_ID */
		return cv_id_valid(s) ? CV_OK : bad(err, arg->name, _("mã không hợp lệ"));
	}
}

static enum cv_rc check_counts(const struct cv_arg *arg, const struct cv_json *value, struct cv_err *err)
{
	static const char *const names[] = {"received", "settled", "overdue"};

	if (!cv_json_is(value, CV_JSON_OBJECT))
		return bad(err, arg->name, _("phải là các số tiếp nhận/giải quyết/quá hạn"));
	for (size_t i = 0; i < CV_COUNT(names); i++) {
		int64_t n = 0;
		const struct cv_json *number = cv_json_get(value, names[i]);
		if (number != NULL && (!cv_json_is_int(number, &n) || n < 0 || n > 1000000))
			return bad(err, arg->name, _("phải là số từ 0 đến 1.000.000"));
	}
	return CV_OK;
}

static const struct cv_arg item_args[] = {
	{"eid", CV_ARG_EID, true, 0, 0, NULL, NULL},	       {"title", CV_ARG_LINE, true, 1, 500, NULL, NULL},
	{"expected", CV_ARG_TEXT, false, 0, 2000, NULL, NULL}, {"deadline", CV_ARG_LINE, false, 0, 40, NULL, NULL},
	{"dossier", CV_ARG_ID, false, 0, 0, NULL, NULL},       {NULL, CV_ARG_TEXT, false, 0, 0, NULL, NULL},
};

static enum cv_rc check_args(const struct cv_arg *list, const struct cv_json *args, struct cv_err *err);

static enum cv_rc check_items(const struct cv_arg *arg, const struct cv_json *value, struct cv_err *err)
{
	if (!cv_json_is(value, CV_JSON_ARRAY) || (int64_t)cv_json_count(value) > arg->max)
		return bad(err, arg->name, _("danh sách việc không hợp lệ hoặc quá dài"));
	CV_JSON_EACH (item, value) {
		if (!cv_json_is(item, CV_JSON_OBJECT))
			return bad(err, arg->name, _("mỗi việc phải là một mục"));
		enum cv_rc rc = check_args(item_args, item, err);
		if (rc != CV_OK)
			return rc;
	}
	return CV_OK;
}

static enum cv_rc check_number(const struct cv_arg *arg, const struct cv_json *value, struct cv_err *err)
{
	int64_t n;
	bool ok = cv_json_is(value, CV_JSON_NUMBER);

	if (ok && arg->kind == CV_ARG_INT)
		ok = cv_json_is_int(value, &n) && n >= arg->min && n <= arg->max;
	else if (ok) {
		struct cv_json *box = cv_json_new_object();
		cv_json_set(box, "n", cv_json_dup(value));
		double d = cv_json_num(box, "n", -1);
		cv_json_destroy(box);
		ok = d >= (double)arg->min && d <= (double)arg->max;
	}
	return ok ? CV_OK
		  : cv_err_set(err, CV_DATA, arg->name, _("%s: phải là số từ %lld đến %lld"), arg->name,
			       (long long)arg->min, (long long)arg->max);
}

static enum cv_rc check_users(const struct cv_arg *arg, const struct cv_json *value, struct cv_err *err)
{
	if (!cv_json_is(value, CV_JSON_ARRAY) || (int64_t)cv_json_count(value) > arg->max)
		return bad(err, arg->name, _("danh sách người không hợp lệ hoặc quá dài"));
	CV_JSON_EACH (item, value)
		if (!cv_login_valid(cv_json_string(item)))
			return bad(err, arg->name, _("tên đăng nhập không hợp lệ"));
	return CV_OK;
}

static enum cv_rc check_lines(const struct cv_arg *arg, const struct cv_json *value, struct cv_err *err)
{
	static const struct cv_arg line = {"", CV_ARG_LINE, true, 1, 500, NULL, NULL};

	if (!cv_json_is(value, CV_JSON_ARRAY) || (int64_t)cv_json_count(value) > arg->max)
		return bad(err, arg->name, _("danh sách không hợp lệ hoặc quá dài"));
	CV_JSON_EACH (item, value)
		if (cv_json_string(item) == NULL || check_string(&line, cv_json_string(item), NULL) != CV_OK)
			return bad(err, arg->name, _("mỗi mục phải là một dòng chữ"));
	return CV_OK;
}

static const struct cv_arg person_args[] = {
	{"name", CV_ARG_LINE, false, 1, 200, NULL, NULL}, {"kind", CV_ARG_INT, false, 0, 9, NULL, NULL},
	{"phone", CV_ARG_LINE, false, 0, 40, NULL, NULL}, {"address", CV_ARG_LINE, false, 0, 500, NULL, NULL},
	{"id_no", CV_ARG_LINE, false, 0, 40, NULL, NULL}, {"relation", CV_ARG_LINE, false, 0, 200, NULL, NULL},
	{NULL, CV_ARG_TEXT, false, 0, 0, NULL, NULL},
};

static enum cv_rc check_person(const struct cv_arg *arg, const struct cv_json *value, struct cv_err *err)
{
	if (!cv_json_is(value, CV_JSON_OBJECT))
		return bad(err, arg->name, _("phải là một mục"));
	return check_args(person_args, value, err);
}

static enum cv_rc check_arg(const struct cv_arg *arg, const struct cv_json *value, struct cv_err *err)
{
	switch (arg->kind) {
	case CV_ARG_INT:
	case CV_ARG_NUM:
		return check_number(arg, value, err);
	case CV_ARG_BOOL:
		return cv_json_is(value, CV_JSON_BOOL) ? CV_OK : bad(err, arg->name, _("phải là true hoặc false"));
	case CV_ARG_COUNTS:
		return check_counts(arg, value, err);
	case CV_ARG_ITEMS:
		return check_items(arg, value, err);
	case CV_ARG_USERS:
		return check_users(arg, value, err);
	case CV_ARG_LINES:
		return check_lines(arg, value, err);
	case CV_ARG_PERSON:
		return check_person(arg, value, err);
	default:
		if (cv_json_string(value) == NULL)
			return bad(err, arg->name, _("phải là chữ"));
		return check_string(arg, cv_json_string(value), err);
	}
}

static enum cv_rc check_args(const struct cv_arg *list, const struct cv_json *args, struct cv_err *err)
{
	for (const struct cv_arg *arg = list; arg->name != NULL; arg++) {
		const struct cv_json *value = cv_json_get(args, arg->name);
		if (value == NULL || cv_json_is(value, CV_JSON_NULL)) {
			if (arg->required)
				return bad(err, arg->name, _("còn thiếu"));
			continue;
		}
		enum cv_rc rc = check_arg(arg, value, err);
		if (rc != CV_OK)
			return rc;
	}
	return CV_OK;
}

enum cv_rc cv_op_check(const struct cv_op *op, const char *id, const struct cv_json *args, struct cv_err *err)
{
	if (!cv_id_valid(id))
		return bad(err, "id", _("mã không hợp lệ"));
	if (!cv_json_is(args, CV_JSON_OBJECT))
		return bad(err, "args", _("phải là một mục"));
	return check_args(op->args, args, err);
}

void cv_op_apply(const struct cv_ctx *ctx, const struct cv_op *op, const char *id, const struct cv_json *object,
		 const struct cv_json *args, const struct cv_act *act, struct cv_outcome *out)
{
	char now[CV_TIME_SIZE];

	*out = (struct cv_outcome){.st = CV_ST_REJECTED};
	if (cv_op_check(op, id, args, &out->err) != CV_OK)
		return;
	if ((act->rights & op->right) == 0) {
		out->st = CV_ST_FORBIDDEN;
		cv_err_set(&out->err, CV_FORBIDDEN, NULL, NULL);
		return;
	}
	op->apply(ctx, id, object, args, act, out);
	if (out->object == NULL)
		return;
	cv_time_format(act->now, now);
	cv_json_set_str(out->object, "id", id);
	cv_json_set_str(out->object, "updated_at", now);
	cv_json_set_str(out->object, "updated_by", act->user);
}
