/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What offices may set: the keys, their defaults and their checks. */
#include <congvu/base/cmdline.h>
#include <congvu/base/i18n.h>
#include <congvu/base/mem.h>
#include <congvu/base/time.h>
#include <congvu/model/policy.h>
#include <congvu/model/slot.h>

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum value_kind { SLOTS, CLOCK, ROLES, NUMBER, FLAG, WORD, HOURS };

static const struct {
	const char *key;
	enum value_kind kind;
	const char *value; /* JSON */
	const char *help;
} keys[] = {
	{"slots", SLOTS,
	 "[{\"slot\":\"07\",\"at\":\"07:00\",\"half\":\"morning\",\"open_before\":120,\"grace_min\":15},"
	 "{\"slot\":\"11\",\"at\":\"11:00\",\"half\":\"morning\",\"open_before\":120,\"grace_min\":15},"
	 "{\"slot\":\"17\",\"at\":\"17:00\",\"half\":\"afternoon\",\"open_before\":120,\"grace_min\":15}]",
	 N_("các khung giờ báo cáo trong ngày")},
	{"register_by", CLOCK, "\"08:00\"", N_("giờ chậm nhất đăng ký công việc")},
	{"expected_roles", ROLES, "[\"officer\",\"clerk\",\"registrar\",\"petition\",\"deputy\"]",
	 N_("vai trò phải báo cáo")},
	{"keep_closed_days", NUMBER, "30", N_("số ngày giữ hồ sơ đã xong trên máy")},
	{"cache_days", NUMBER, "14", N_("số ngày không liên lạc thì khóa dữ liệu trên máy")},
	{"self_assign", FLAG, "false", N_("chuyên viên được tự nhận hồ sơ chưa phân công")},
	{"four_eyes", FLAG, "true", N_("người trình không được tự duyệt")},
	{"close_at", CLOCK, "\"17:00\"", N_("giờ hết ngày làm việc")},
	{"hours", HOURS, "[\"07:30-11:30\",\"13:00-17:00\"]", N_("giờ làm việc")},
	{"link_base", WORD, "\"\"", N_("địa chỉ trình duyệt tới được, để tạo liên kết xem")},
};

static struct cv_json *parse(const char *text)
{
	struct cv_json *out;

	return cv_json_parse(&out, text, strlen(text), &cv_json_request, NULL) == CV_OK ? out : NULL;
}

static void lay_over(struct cv_json *policy, const struct cv_ctx *ctx, const char *id)
{
	const struct cv_json *object;

	if (cv_ctx_get(ctx, CV_KIND_POLICY, id, &object) != CV_FOUND)
		return;
	for (size_t i = 0; i < CV_COUNT(keys); i++) {
		const struct cv_json *value = cv_json_get(object, keys[i].key);
		if (value != NULL)
			cv_json_set(policy, keys[i].key, cv_json_dup(value));
	}
}

struct cv_json *cv_policy_resolve(const struct cv_ctx *ctx, const char *unit)
{
	const char *chain[16];
	const struct cv_json *object;
	int depth = 0;
	struct cv_json *policy = cv_json_new_object();

	for (size_t i = 0; i < CV_COUNT(keys); i++)
		cv_json_set(policy, keys[i].key, parse(keys[i].value));
	lay_over(policy, ctx, "*");
	while (unit[0] != '\0' && depth < (int)CV_COUNT(chain)) {
		chain[depth++] = unit;
		if (cv_ctx_get(ctx, CV_KIND_UNIT, unit, &object) != CV_FOUND)
			break;
		unit = cv_json_s(object, "parent");
	}
	while (depth > 0)
		lay_over(policy, ctx, chain[--depth]);
	return policy;
}

static bool slot_valid(const struct cv_json *slot)
{
	const char *name = cv_json_s(slot, "slot");
	const char *half = cv_json_s(slot, "half");
	int64_t before = cv_json_int(slot, "open_before", -1), grace = cv_json_int(slot, "grace_min", -1);

	return name[0] != '\0' && strlen(name) <= 12 && strcmp(name, "adhoc") != 0 && strcmp(name, "auto") != 0 &&
	       strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789") == strlen(name) &&
	       cv_clock_parse(cv_json_s(slot, "at")) >= 0 &&
	       (strcmp(half, "morning") == 0 || strcmp(half, "afternoon") == 0) && before >= 0 && before <= 1440 &&
	       grace >= 0 && grace <= 720;
}

static bool slots_valid(const struct cv_json *value)
{
	if (!cv_json_is(value, CV_JSON_ARRAY) || cv_json_count(value) < 1 || cv_json_count(value) > CV_SLOT_MAX)
		return false;
	CV_JSON_EACH (slot, value) {
		if (!slot_valid(slot))
			return false;
		for (const struct cv_json *other = cv_json_next(slot); other != NULL; other = cv_json_next(other))
			if (strcmp(cv_json_s(slot, "slot"), cv_json_s(other, "slot")) == 0)
				return false;
	}
	return true;
}

static bool roles_valid(const struct cv_json *value)
{
	if (!cv_json_is(value, CV_JSON_ARRAY))
		return false;
	CV_JSON_EACH (role, value)
		if (cv_json_string(role) == NULL || !cv_role_valid(cv_json_string(role)))
			return false;
	return true;
}

static bool hours_valid(const struct cv_json *value)
{
	if (!cv_json_is(value, CV_JSON_ARRAY) || cv_json_count(value) == 0)
		return false;
	CV_JSON_EACH (item, value) {
		const char *text = cv_json_string(item);
		char from[8];
		if (text == NULL || strlen(text) != 11 || text[5] != '-')
			return false;
		cv_strcopy(from, 6, text);
		if (cv_clock_parse(from) < 0 || cv_clock_parse(text + 6) <= cv_clock_parse(from))
			return false;
	}
	return true;
}

static bool value_valid(enum value_kind kind, const struct cv_json *value)
{
	int64_t n;

	switch (kind) {
	case SLOTS:
		return slots_valid(value);
	case CLOCK:
		return cv_json_string(value) != NULL && cv_clock_parse(cv_json_string(value)) >= 0;
	case ROLES:
		return roles_valid(value);
	case NUMBER:
		return cv_json_is_int(value, &n) && n >= 0 && n <= 3650;
	case FLAG:
		return cv_json_is(value, CV_JSON_BOOL);
	case WORD:
		return cv_json_is(value, CV_JSON_STRING);
	case HOURS:
		return hours_valid(value);
	}
	return false;
}

enum cv_rc cv_policy_value(struct cv_json **out, const char *key, const char *text, struct cv_err *err)
{
	*out = NULL;
	for (size_t i = 0; i < CV_COUNT(keys); i++) {
		if (strcmp(keys[i].key, key) != 0)
			continue;
		struct cv_json *value = parse(text);
		if (value == NULL || (keys[i].kind == CLOCK && !cv_json_is(value, CV_JSON_STRING))) {
			cv_json_destroy(value);
			value = cv_json_new_string(text);
		}
		if (value_valid(keys[i].kind, value)) {
			*out = value;
			return CV_OK;
		}
		cv_json_destroy(value);
		return cv_err_set(err, CV_DATA, key, _("giá trị không hợp cho %s; mặc định là %s"), key, keys[i].value);
	}
	const char *near = cv_suggest(key, cv_policy_keys());
	return cv_err_set(err, CV_DATA, "key", near != NULL ? _("không có mục %s; ý là %s?") : _("không có mục %s"),
			  key, near);
}

static const char *names[CV_COUNT(keys) + 1];

static void list_names(void)
{
	for (size_t i = 0; i < CV_COUNT(keys); i++)
		names[i] = keys[i].key;
}

const char *const *cv_policy_keys(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT; /* the server's threads may ask at once */

	pthread_once(&once, list_names);
	return names;
}

const char *cv_policy_help(const char *key)
{
	for (size_t i = 0; i < CV_COUNT(keys); i++)
		if (strcmp(keys[i].key, key) == 0)
			return _(keys[i].help);
	return "";
}
