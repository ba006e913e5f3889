/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Units, users, procedures and days off out of CSV, and back. */
#include "server/admin/import.h"
#include "server/auth/auth.h"

#include <congvu/base/i18n.h>
#include <congvu/base/mem.h>
#include <congvu/base/seal.h>
#include <congvu/base/text.h>
#include <congvu/base/time.h>
#include <congvu/model/view.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static const struct cv_json *there(struct cv_import *im, enum cv_kind kind, const char *id)
{
	return id[0] != '\0' ? cv_dbctx_object(im->desk.ctx, kind, id) : NULL;
}

static char *dup_of(const struct cv_json *object, const char *key)
{
	return cv_strdup(cv_json_s(object, key));
}

static char *number_of(const struct cv_json *object, const char *key)
{
	return cv_json_get(object, key) == NULL ? cv_strdup("")
						: cv_strf("%lld", (long long)cv_json_int(object, key, 0));
}

/* ---- units ---- */
static enum cv_rc take_unit(struct cv_import *im, enum cv_import_what *what)
{
	const char *code = cv_import_cell(im, "code"), *name = cv_import_cell(im, "name");
	const char *parent = cv_import_cell(im, "parent"), *agency = cv_import_cell(im, "agency");
	const struct cv_json *old = there(im, CV_KIND_UNIT, code);

	if (!cv_id_valid(code))
		return cv_import_bad(im, "code", _("mã không hợp lệ"));
	if (name[0] == '\0')
		return cv_import_bad(im, "name", _("còn thiếu"));
	if (parent[0] == '\0' && strcmp(code, CV_ROOT_UNIT) != 0)
		parent = CV_ROOT_UNIT;
	if (parent[0] != '\0' && (there(im, CV_KIND_UNIT, parent) == NULL || strcmp(parent, code) == 0))
		return cv_import_bad(im, "parent", _("không có đơn vị này"));
	if (old != NULL && cv_unit_within(cv_dbctx_ctx(im->desk.ctx), parent, code) == CV_FOUND)
		return cv_import_bad(im, "parent", _("đơn vị không thể nằm dưới chính nó"));
	struct cv_json *unit = cv_json_new_object();
	cv_json_set_str(unit, "id", code);
	cv_json_set_str(unit, "code", code);
	cv_json_set_str(unit, "name", name);
	if (parent[0] != '\0')
		cv_json_set_str(unit, "parent", parent);
	if (agency[0] != '\0')
		cv_json_set_str(unit, "agency", agency);
	return cv_import_put(im, unit, old, "unit.import", what);
}

static void give_unit(const struct cv_json *o, char **out)
{
	out[0] = dup_of(o, "code");
	out[1] = dup_of(o, "name");
	out[2] = dup_of(o, "parent");
	out[3] = dup_of(o, "agency");
}

static const struct cv_import_column unit_columns[] = {
	{"code", "ma|ma_don_vi", true},
	{"name", "ten|ten_don_vi", true},
	{"parent", "cap_tren|don_vi_cap_tren|truc_thuoc", false},
	{"agency", "ma_dinh_danh", false},
	{0},
};
const struct cv_import_kind cv_import_units = {"units", unit_columns, take_unit, give_unit, CV_KIND_UNIT};

/* ---- users ---- */
static const struct {
	const char *role, *words; /* folded */
} roles[] = {
	{"officer", "chuyen_vien|cong_chuc"},
	{"head", "truong_phong|truong_bo_phan|truong_don_vi"},
	{"deputy", "pho_phong|pho_truong_phong|pho_bo_phan"},
	{"leader", "lanh_dao|chu_tich|pho_chu_tich"},
	{"clerk", "mot_cua|tiep_nhan|bo_phan_mot_cua"},
	{"registrar", "van_thu"},
	{"petition", "tiep_dan|tiep_cong_dan"},
	{"admin", "quan_tri"},
};

static const char *role_of(const char *word)
{
	char *folded = cv_text_fold_dup(word);
	const char *out = NULL;

	for (char *p = folded; *p != '\0'; p++)
		if (*p == ' ')
			*p = '_';
	for (size_t i = 0; i < CV_COUNT(roles); i++)
		if (strcmp(folded, roles[i].role) == 0 || cv_import_word(roles[i].words, folded))
			out = roles[i].role;
	free(folded);
	return out;
}

static struct cv_json *roles_of(struct cv_import *im, const char *text, const char *unit)
{
	struct cv_json *out = cv_json_new_array();

	while (*text != '\0') {
		size_t n = strcspn(text, ",;/");
		size_t skip = strspn(text, " ");
		char *word = skip < n ? cv_strndup(text + skip, n - skip) : cv_strdup("");
		const char *role = role_of(word);
		free(word);
		if (role == NULL) {
			cv_import_bad(im, "role", _("không có vai trò này"));
			break;
		}
		struct cv_json *item = cv_json_new_object();
		cv_json_set_str(item, "role", role);
		cv_json_set_str(item, "unit", unit);
		cv_json_push(out, item);
		text += n + (text[n] != '\0');
	}
	return out;
}

/* "0912 345 678", "912345678" (Excel ate the zero) → "0912345678"; NULL if it is no number. Owned. */
static char *phone_of(const char *text)
{
	char digits[24];
	size_t n = 0;

	for (const char *p = text; *p != '\0'; p++) {
		if (isdigit((unsigned char)*p) && n + 1 < sizeof(digits))
			digits[n++] = *p;
		else if (strchr(" .-+()", *p) == NULL)
			return NULL;
	}
	digits[n] = '\0';
	if (n == 9 && digits[0] != '0')
		return cv_strf("0%s", digits);
	if (n == 11 && strncmp(digits, "84", 2) == 0)
		return cv_strf("0%s", digits + 2);
	return n >= 3 ? cv_strdup(digits) : NULL;
}

/* A code to log in with for the first time, on a slip to hand out; without --slips nobody can log in yet. */
static enum cv_rc give_account(struct cv_import *im, const char *login, const char *name)
{
	static const char letters[] = "abcdefghjkmnpqrstuvwxyz23456789";
	char code[15], hash[128];
	uint8_t random[14];

	cv_random(random, sizeof(random));
	for (size_t i = 0; i < sizeof(random); i++)
		code[i] = i % 5 == 4 ? '-' : letters[random[i] % (sizeof(letters) - 1)];
	code[14] = '\0';
	enum cv_rc rc = cv_password_hash(hash, code, im->err);
	if (rc == CV_OK)
		rc = cv_account_set(im->desk.db, login, hash, im->err);
	if (rc == CV_OK && im->slips != NULL) {
		cv_buf_addf(&im->codes, "--------\n%s\n", name);
		cv_buf_addf(&im->codes, _("Tên đăng nhập: %s\n"), login);
		cv_buf_addf(&im->codes, _("Mật khẩu lần đầu: %s\n"), code);
		cv_buf_addf(&im->codes, "%s\n", _("Đăng nhập xong hãy đổi mật khẩu"));
	}
	cv_wipe(code, sizeof(code));
	return rc;
}

static enum cv_rc take_user(struct cv_import *im, enum cv_import_what *what)
{
	const char *login = cv_import_cell(im, "user"), *name = cv_import_cell(im, "full_name");
	const char *unit = cv_import_cell(im, "unit"), *number = cv_import_cell(im, "phone");
	const struct cv_json *old = there(im, CV_KIND_USER, login);

	if (!cv_login_valid(login))
		return cv_import_bad(im, "user", _("tên đăng nhập không hợp lệ"));
	if (name[0] == '\0')
		return cv_import_bad(im, "full_name", _("còn thiếu"));
	if (there(im, CV_KIND_UNIT, unit) == NULL)
		return cv_import_bad(im, "unit", _("không có đơn vị này"));
	struct cv_json *list = roles_of(im, cv_import_cell(im, "role"), unit);
	if (im->err->rc == CV_OK && cv_json_count(list) == 0)
		cv_import_bad(im, "role", _("còn thiếu"));
	char *phone = phone_of(number);
	if (im->err->rc == CV_OK && number[0] != '\0' && phone == NULL)
		cv_import_bad(im, "phone", _("không phải số điện thoại"));
	if (im->err->rc != CV_OK) {
		cv_json_destroy(list);
		free(phone);
		return im->err->rc;
	}
	struct cv_json *user = cv_json_new_object();
	cv_json_set_str(user, "id", login);
	cv_json_set_str(user, "name", name);
	cv_json_set(user, "roles", list);
	if (phone != NULL && number[0] != '\0')
		cv_json_set_str(user, "phone", phone);
	if (old == NULL)
		cv_json_set_bool(user, "active", true);
	bool fresh = old == NULL;
	char *shown = cv_strdup(name);
	enum cv_rc rc = cv_import_put(im, user, old, "user.import", what);
	if (rc == CV_OK && fresh)
		rc = give_account(im, login, shown);
	free(shown);
	free(phone);
	return rc;
}

static void give_user(const struct cv_json *o, char **out)
{
	struct cv_buf words;

	cv_buf_init(&words, 4096);
	CV_JSON_EACH (role, cv_json_array_of(o, "roles"))
		cv_buf_addf(&words, "%s%s", words.len > 0 ? "," : "", cv_json_s(role, "role"));
	out[0] = dup_of(o, "id");
	out[1] = dup_of(o, "name");
	out[2] = cv_strdup(cv_user_unit(o));
	out[3] = cv_strdup(words.data != NULL ? words.data : "");
	out[4] = dup_of(o, "phone");
	cv_buf_finish(&words);
}

static const struct cv_import_column user_columns[] = {
	{"user", "tai_khoan|ten_dang_nhap", true},	  {"full_name", "ho_ten|ho_va_ten|ten", true},
	{"unit", "don_vi|ma_don_vi|phong|bo_phan", true}, {"role", "vai_tro|chuc_vu|chuc_danh", true},
	{"phone", "dien_thoai|so_dien_thoai|sdt", false}, {0},
};
const struct cv_import_kind cv_import_users = {"users", user_columns, take_user, give_user, CV_KIND_USER};

/* ---- procedures ---- */
static bool number(struct cv_import *im, const char *column, long max, long *out)
{
	const char *text = cv_import_cell(im, column);
	char *end = NULL;

	*out = -1;
	if (text[0] == '\0')
		return true;
	*out = strtol(text, &end, 10);
	if (*end == '\0' && *out >= 0 && *out <= max)
		return true;
	cv_import_bad(im, column, _("phải là số"));
	return false;
}

static enum cv_rc take_procedure(struct cv_import *im, enum cv_import_what *what)
{
	const char *code = cv_import_cell(im, "code"), *name = cv_import_cell(im, "name");
	long days, hours, level;

	if (!cv_id_valid(code))
		return cv_import_bad(im, "code", _("mã không hợp lệ"));
	if (name[0] == '\0')
		return cv_import_bad(im, "name", _("còn thiếu"));
	if (!number(im, "days", 2000, &days) || !number(im, "hours", 8000, &hours) || !number(im, "level", 4, &level))
		return CV_DATA;
	if (days >= 0 && hours >= 0)
		return cv_import_bad(im, "hours", _("chỉ một trong days, hours"));
	struct cv_json *p = cv_json_new_object();
	cv_json_set_str(p, "id", code);
	cv_json_set_str(p, "code", code);
	cv_json_set_str(p, "name", name);
	if (cv_import_cell(im, "field")[0] != '\0')
		cv_json_set_str(p, "field", cv_import_cell(im, "field"));
	if (days >= 0)
		cv_json_set_int(p, "days", days);
	if (hours >= 0)
		cv_json_set_int(p, "hours", hours);
	if (level >= 1)
		cv_json_set_int(p, "level", level);
	return cv_import_put(im, p, there(im, CV_KIND_PROCEDURE, code), "procedure.import", what);
}

static void give_procedure(const struct cv_json *o, char **out)
{
	out[0] = dup_of(o, "code");
	out[1] = dup_of(o, "name");
	out[2] = dup_of(o, "field");
	out[3] = number_of(o, "days");
	out[4] = number_of(o, "hours");
	out[5] = number_of(o, "level");
}

static const struct cv_import_column procedure_columns[] = {
	{"code", "ma|ma_thu_tuc", true},
	{"name", "ten|ten_thu_tuc", true},
	{"field", "linh_vuc", false},
	{"days", "so_ngay|thoi_han", false},
	{"hours", "so_gio", false},
	{"level", "muc_do", false},
	{0},
};
const struct cv_import_kind cv_import_procedures = {"procedures", procedure_columns, take_procedure, give_procedure,
						    CV_KIND_PROCEDURE};

/* ---- days off ---- */
static enum cv_rc take_holiday(struct cv_import *im, enum cv_import_what *what)
{
	const char *kind = cv_import_cell(im, "kind");
	char date[CV_DATE_SIZE];
	int32_t day;

	if (!cv_map_date(im->map, cv_import_cell(im, "date"), &day))
		return cv_import_bad(im, "date", _("không phải ngày"));
	if (strcmp(kind, "OFF") != 0 && strcmp(kind, "WORK") != 0)
		return cv_import_bad(im, "kind", _("phải là OFF (nghỉ) hoặc WORK (làm bù)"));
	cv_date_format(day, date);
	struct cv_json *row = cv_json_new_object();
	char *id = cv_strf("*:%s", date);
	cv_json_set_str(row, "id", id);
	cv_json_set_str(row, "unit", "*");
	cv_json_set_str(row, "date", date);
	cv_json_set_str(row, "kind", kind);
	if (cv_import_cell(im, "note")[0] != '\0')
		cv_json_set_str(row, "note", cv_import_cell(im, "note"));
	enum cv_rc rc = cv_import_put(im, row, there(im, CV_KIND_HOLIDAY, id), "holiday.import", what);
	free(id);
	return rc;
}

static void give_holiday(const struct cv_json *o, char **out)
{
	out[0] = dup_of(o, "date");
	out[1] = dup_of(o, "kind");
	out[2] = dup_of(o, "note");
}

static const struct cv_import_column holiday_columns[] = {
	{"date", "ngay", true},
	{"kind", "loai", true},
	{"note", "ghi_chu", false},
	{0},
};
const struct cv_import_kind cv_import_holidays = {"holidays", holiday_columns, take_holiday, give_holiday,
						  CV_KIND_HOLIDAY};
