/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Slots: reading the policy, judging, and which slot it is now. */
#include <congvu/base/i18n.h>
#include <congvu/base/mem.h>
#include <congvu/base/time.h>
#include <congvu/model/slot.h>

#include <stdlib.h>
#include <string.h>

#define MINUTE_MS   60000LL
#define CAUGHT_UP   (72 * 60 * MINUTE_MS)
#define AUTO_LATEST 120 /* minutes after its hour that "auto" still means a slot */

static int by_time(const void *a, const void *b)
{
	return ((const struct cv_slot *)a)->at - ((const struct cv_slot *)b)->at;
}

int cv_slots(struct cv_slot *out, const struct cv_json *policy)
{
	int count = 0;

	CV_JSON_EACH (item, cv_json_array_of(policy, "slots")) {
		if (count == CV_SLOT_MAX)
			break;
		struct cv_slot *s = &out[count];
		s->at = cv_clock_parse(cv_json_s(item, "at"));
		if (s->at < 0)
			continue;
		cv_strcopy(s->name, sizeof(s->name), cv_json_s(item, "slot"));
		s->open_before = (int)cv_json_int(item, "open_before", 120);
		s->grace = (int)cv_json_int(item, "grace_min", 15);
		s->half = strcmp(cv_json_s(item, "half"), "afternoon") == 0 ? 'a' : 'm';
		count++;
	}
	qsort(out, (size_t)count, sizeof(*out), by_time);
	return count;
}

bool cv_slot_find(struct cv_slot *out, const struct cv_json *policy, const char *name)
{
	struct cv_slot slots[CV_SLOT_MAX];
	int count = cv_slots(slots, policy);

	for (int i = 0; i < count; i++) {
		if (strcmp(slots[i].name, name) == 0) {
			*out = slots[i];
			return true;
		}
	}
	return false;
}

const char *cv_judged_word(enum cv_judged j)
{
	static const char *const words[] = {"on_time", "caught_up", "late"};

	return words[j];
}

enum cv_judged cv_judge(const struct cv_slot *slot, int32_t date, int64_t written_at, int64_t received_at)
{
	int64_t closes = cv_date_at(date, slot->at + slot->grace);

	if (received_at < closes)
		return CV_JUDGED_ON_TIME;
	if (written_at < closes && received_at - written_at <= CAUGHT_UP)
		return CV_JUDGED_CAUGHT_UP;
	return CV_JUDGED_LATE;
}

static bool role_expected(const struct cv_json *policy, const struct cv_json *user)
{
	CV_JSON_EACH (role, cv_json_array_of(policy, "expected_roles"))
		if (cv_json_string(role) != NULL && cv_user_has_role(user, cv_json_string(role)))
			return true;
	return false;
}

static bool on_leave(const struct cv_ctx *ctx, const char *user, int32_t date, char half)
{
	char id[CV_ID_MAX + 1], day[CV_DATE_SIZE];
	const struct cv_json *workday;

	cv_date_format(date, day);
	cv_id_workday(id, user, day);
	if (cv_ctx_get(ctx, CV_KIND_WORKDAY, id, &workday) != CV_FOUND)
		return false;
	const char *place = cv_json_s(workday, "place");
	const char *afternoon = cv_json_str(workday, "place_pm");
	return strcmp(half == 'a' && afternoon != NULL ? afternoon : place, "leave") == 0;
}

bool cv_slot_expected(const struct cv_ctx *ctx, const struct cv_json *policy, const struct cv_json *user, int32_t date,
		      const struct cv_slot *slot)
{
	return role_expected(policy, user) && cv_day_working_in(ctx, cv_user_unit(user), date) &&
	       !on_leave(ctx, cv_json_s(user, "id"), date, slot->half);
}

static enum cv_rc none_now(const struct cv_json *policy, int64_t now, struct cv_err *err)
{
	struct cv_slot next;
	int32_t date;
	int64_t opens, closes;
	char when[CV_TIME_SIZE];

	if (!cv_slot_next(&next, &date, &opens, &closes, policy, now))
		return cv_err_set(err, CV_DATA, "slot", _("không có khung giờ báo cáo nào"));
	cv_time_format(opens, when);
	return cv_err_set(err, CV_DATA, "slot",
			  _("lúc này không có khung báo cáo nào; khung %s nhận từ %.5s ngày %.10s"), next.name,
			  when + 11, when);
}

enum cv_rc cv_slot_auto(struct cv_slot *out, bool *late, const struct cv_json *policy, int64_t now,
			bool (*has_report)(void *data, const char *slot), void *data, struct cv_err *err)
{
	struct cv_slot slots[CV_SLOT_MAX];
	int count = cv_slots(slots, policy);
	int32_t today = cv_date_of(now);

	*late = false;
	for (int i = 0; i < count; i++) {
		if (now >= cv_date_at(today, slots[i].at - slots[i].open_before) &&
		    now < cv_date_at(today, slots[i].at + slots[i].grace)) {
			*out = slots[i];
			return CV_OK;
		}
	}
	for (int i = count - 1; i >= 0; i--) {
		if (now < cv_date_at(today, slots[i].at + slots[i].grace))
			continue;
		if (now <= cv_date_at(today, slots[i].at + AUTO_LATEST) && !has_report(data, slots[i].name)) {
			*out = slots[i];
			*late = true;
			return CV_OK;
		}
		break;
	}
	return none_now(policy, now, err);
}

bool cv_slot_of_work(struct cv_slot *out, const struct cv_json *policy, int64_t now, bool registering,
		     bool (*has_report)(void *data, const char *slot), void *data)
{
	struct cv_slot slots[CV_SLOT_MAX];
	int count = cv_slots(slots, policy), i = 0;
	bool late;

	if (count == 0)
		return false;
	if (!registering && cv_slot_auto(out, &late, policy, now, has_report, data, NULL) == CV_OK)
		return true;
	while (!registering && i < count - 1 && now >= cv_date_at(cv_date_of(now), slots[i].at + slots[i].grace))
		i++;
	*out = slots[i];
	return true;
}

bool cv_slot_next(struct cv_slot *out, int32_t *date, int64_t *opens, int64_t *closes, const struct cv_json *policy,
		  int64_t now)
{
	struct cv_slot slots[CV_SLOT_MAX];
	int count = cv_slots(slots, policy);

	if (count == 0)
		return false;
	*date = cv_date_of(now);
	int i = 0;
	while (i < count && now >= cv_date_at(*date, slots[i].at + slots[i].grace))
		i++;
	if (i == count) {
		i = 0;
		(*date)++;
	}
	*out = slots[i];
	*opens = cv_date_at(*date, slots[i].at - slots[i].open_before);
	*closes = cv_date_at(*date, slots[i].at + slots[i].grace);
	return true;
}
