/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * congvud demo: a believable office. What its people did they did by real operations, at the hours of the last days;
 * the same call on the same day gives the same office (but for its keys). Everybody's password is DEMO_PASSWORD.
 */
#include "server/admin/demo.h"

#include <congvu/base/i18n.h>
#include <congvu/base/mem.h>
#include <congvu/base/seal.h>
#include <congvu/model/slot.h>
#include <congvu/model/view.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SMALL 66
#define LARGE 100000
#define CHUNK 200 /* dossiers a transaction */

static const char *const units[][2] = {
	{"tp", "Bộ phận Tư pháp - Hộ tịch"}, {"dd", "Bộ phận Địa chính - Xây dựng"}, {"mc", "Bộ phận Một cửa"}};

static const struct {
	const char *login, *name, *unit, *role, *phone;
} people[] = {
	{"hanh", "Lê Thị Hạnh", "tp", "officer", "0912345601"},
	{"an", "Nguyễn Đức Ân", "tp", "officer", "0912345602"},
	{"lan", "Nguyễn Thị Lan", "tp", "head", "0912345603"},
	{"cuong", "Phạm Quốc Cường", "dd", "officer", "0912345604"},
	{"yen", "Võ Hoàng Yến", "dd", "officer", "0912345605"},
	{"phuc", "Đỗ Hữu Phúc", "dd", "deputy", "0912345606"},
	{"binh", "Trần Văn Bình", "dd", "head", "0912345607"},
	{"le", "Trần Thị Mỹ Lệ", "mc", "clerk", "0912345608"},
	{"mai", "Trịnh Thị Mai", "mc", "clerk", "0912345609"},
	{"thu", "Ngô Minh Thư", "office", "registrar", "0912345610"},
	{"tam", "Hoàng Thị Tâm", "office", "petition", "0912345611"},
	{"giam", "Vũ Đình Giám", "office", "leader", "0912345612"},
};

static const struct {
	const char *code, *name, *field;
	int days;
	const char *route, *unit;
} procedures[] = {
	{"1.001193", "Đăng ký khai sinh", "Hộ tịch", 1, "head", "tp"},
	{"1.004884", "Đăng ký lại khai sinh", "Hộ tịch", 5, "head_leader", "tp"},
	{"1.000656", "Đăng ký khai tử", "Hộ tịch", 1, "head", "tp"},
	{"2.000635", "Cấp bản sao trích lục hộ tịch", "Hộ tịch", 1, "head", "tp"},
	{"1.004873", "Cấp giấy xác nhận tình trạng hôn nhân", "Hộ tịch", 3, "head_leader", "tp"},
	{"2.000815", "Chứng thực bản sao từ bản chính", "Chứng thực", 0, "head", "tp"},
	{"2.001019", "Chứng thực di chúc", "Chứng thực", 2, "head_leader", "tp"},
	{"1.012783", "Cấp đổi Giấy chứng nhận quyền sử dụng đất", "Đất đai", 10, "head_leader", "dd"},
	{"1.012784", "Tách thửa hoặc hợp thửa đất", "Đất đai", 15, "head_leader", "dd"},
	{"1.012786", "Cấp lại Giấy chứng nhận do bị mất", "Đất đai", 20, "head_leader", "dd"},
	{"1.012789", "Cung cấp thông tin, dữ liệu đất đai", "Đất đai", 3, "leader", "dd"},
	{"1.012812", "Hòa giải tranh chấp đất đai", "Đất đai", 30, "head_leader", "dd"},
};

static enum cv_rc make_people(struct demo *d, const char *hash)
{
	enum cv_rc rc = CV_OK;

	for (size_t i = 0; rc == CV_OK && i < CV_COUNT(units); i++) {
		struct cv_json *unit = cv_json_new_object();
		cv_json_set_str(unit, "id", units[i][0]);
		cv_json_set_str(unit, "code", units[i][0]);
		cv_json_set_str(unit, "name", units[i][1]);
		cv_json_set_str(unit, "parent", CV_ROOT_UNIT);
		rc = cv_desk_put(&d->desk, CV_KIND_UNIT, unit, "unit.add", d->err);
	}
	for (size_t i = 0; rc == CV_OK && i < CV_COUNT(people); i++) {
		struct cv_json *user = cv_json_new_object(), *roles = cv_json_new_array(), *role = cv_json_new_object();
		cv_json_set_str(role, "role", people[i].role);
		cv_json_set_str(role, "unit", people[i].unit);
		cv_json_push(roles, role);
		cv_json_set_str(user, "id", people[i].login);
		cv_json_set_str(user, "name", people[i].name);
		cv_json_set(user, "roles", roles);
		cv_json_set_str(user, "phone", people[i].phone);
		cv_json_set_bool(user, "active", true);
		rc = cv_desk_put(&d->desk, CV_KIND_USER, user, "user.add", d->err);
		if (rc == CV_OK)
			rc = cv_account_set(d->desk.db, people[i].login, hash, d->err);
	}
	return rc;
}

static enum cv_rc make_procedures(struct demo *d)
{
	enum cv_rc rc = CV_OK;

	for (size_t i = 0; rc == CV_OK && i < CV_COUNT(procedures); i++) {
		struct cv_json *p = cv_json_new_object();
		cv_json_set_str(p, "id", procedures[i].code);
		cv_json_set_str(p, "code", procedures[i].code);
		cv_json_set_str(p, "name", procedures[i].name);
		cv_json_set_str(p, "field", procedures[i].field);
		cv_json_set_int(p, "days", procedures[i].days);
		cv_json_set_str(p, "route", procedures[i].route);
		cv_json_set_str(p, "default_unit", procedures[i].unit);
		rc = cv_desk_put(&d->desk, CV_KIND_PROCEDURE, p, "procedure.set", d->err);
	}
	return rc;
}

/* The day, not a fixed date: so that "due today" is due today. */
static void find_days(struct demo *d)
{
	int32_t day = cv_date_of(d->now);

	for (d->day_count = 0; d->day_count < DEMO_DAYS; day--)
		if (cv_day_working(cv_dbctx_ctx(d->desk.ctx), day))
			d->days[d->day_count++] = day;
}

unsigned demo_random(struct demo *d, unsigned below)
{
	d->seed = d->seed * 6364136223846793005ULL + 1442695040888963407ULL;
	return (unsigned)((d->seed >> 33) % below);
}

const char *demo_member(struct demo *d, const char *unit, const char *role)
{
	const char *found[8] = {NULL};
	unsigned n = 0;

	for (size_t i = 0; i < CV_COUNT(people) && n < CV_COUNT(found); i++)
		if (strcmp(people[i].unit, unit) == 0 && strcmp(people[i].role, role) == 0)
			found[n++] = people[i].login;
	return n > 0 ? found[demo_random(d, n)] : "";
}

void demo_pick(struct demo *d, const char **code, const char **unit, const char **route)
{
	unsigned i = demo_random(d, CV_COUNT(procedures));

	*code = procedures[i].code;
	*unit = procedures[i].unit;
	*route = procedures[i].route;
}

bool demo_act(struct demo *d, const char *who, const char *op, const char *id, struct cv_json *args, int64_t at)
{
	const struct cv_json *user = cv_dbctx_object(d->desk.ctx, CV_KIND_USER, who);
	struct cv_act act = {.user = who,
			     .device = "demo",
			     .origin = "person",
			     .rights = cv_rights_of_roles(user),
			     .at = at,
			     .now = at,
			     .authority = true};
	struct cv_outcome out = {0};
	const struct cv_op *row = cv_op_find(op);
	bool done = true;

	if (d->err->rc != CV_OK || at > d->now || row == NULL) { /* what would happen later has not happened */
		cv_json_destroy(args);
		return false;
	}
	cv_work_one(d->desk.batch, d->desk.env, row, id, args, &act, &out);
	if (!cv_st_accepted(out.st)) {
		cv_err_set(d->err, CV_INTERNAL, out.err.field, "demo: %s %s: %s", op, who, out.err.detail);
		done = false;
	} else {
		cv_audit(d->desk.db, at, who, "demo", op, cv_kind_word(row->kind), id, 0, at, "", d->err);
	}
	cv_outcome_finish(&out);
	cv_json_destroy(args);
	return done;
}

struct cv_json *demo_args(const char *key, const char *value)
{
	struct cv_json *args = cv_json_new_object();

	if (key != NULL)
		cv_json_set_str(args, key, value);
	return args;
}

/* ---- a week of registered work and reports ---- */
static const char *const tasks[] = {"Giải quyết 5 hồ sơ đến hạn",    "Rà soát sổ theo dõi tháng trước",
				    "Trả lời 3 ý kiến của công dân", "Họp giao ban trực tuyến",
				    "Soát 12 hồ sơ mới tiếp nhận",   "Lập danh sách hồ sơ trễ hạn"};

static void work_of_day(struct demo *d, const char *who, int32_t day, bool today)
{
	char id[80], date[CV_DATE_SIZE], eid[2][CV_UUID_SIZE];
	struct cv_json *args = cv_json_new_object(), *items = cv_json_new_array();

	cv_date_format(day, date);
	snprintf(id, sizeof(id), "w:%s:%s", who, date);
	for (int i = 0; i < 2; i++) {
		struct cv_json *item = cv_json_new_object();
		cv_uuid7(d->desk.env, eid[i]);
		cv_json_set_str(item, "eid", eid[i]);
		cv_json_set_str(item, "title", tasks[demo_random(d, CV_COUNT(tasks))]);
		cv_json_push(items, item);
	}
	cv_json_set_str(args, "date", date);
	cv_json_set_str(args, "place", "home");
	cv_json_set(args, "items", items);
	if (!demo_act(d, who, "workday.register", id, args, cv_date_at(day, 7 * 60 + (int)demo_random(d, 50))) || today)
		return;
	for (int i = 0; i < 2; i++) {
		args = demo_args("eid", eid[i]);
		cv_json_set_str(args, "state", i == 0 ? "done" : "partial");
		cv_json_set_int(args, "percent", i == 0 ? 100 : 60);
		cv_json_set_str(args, "result", i == 0 ? "Xong, đã trình" : "Còn 2 trường hợp, mai làm tiếp");
		demo_act(d, who, "workday.record", id, args, cv_date_at(day, 16 * 60 + 30 + i));
	}
}

static void reports_of_day(struct demo *d, const char *who, int32_t day)
{
	static const struct {
		const char *slot;
		int minute;
		const char *text;
	} slots[] = {{"07", 6 * 60 + 50, "Bắt đầu làm việc tại nhà, sức khỏe bình thường"},
		     {"11", 10 * 60 + 50, "Trình 3 hồ sơ, trả lời 2 ý kiến"},
		     {"17", 16 * 60 + 50, "Xong 5 hồ sơ, còn 2 hồ sơ chờ bổ sung"}};
	char id[80], date[CV_DATE_SIZE];

	cv_date_format(day, date);
	for (size_t i = 0; i < CV_COUNT(slots); i++) {
		unsigned luck = demo_random(d, 12);
		struct cv_json *args;
		if (luck == 0) /* nobody is perfect */
			continue;
		snprintf(id, sizeof(id), "r:%s:%s:%s", who, date, slots[i].slot);
		args = demo_args("date", date);
		cv_json_set_str(args, "slot", slots[i].slot);
		cv_json_set_str(args, "done", slots[i].text);
		demo_act(d, who, "report.submit", id, args,
			 cv_date_at(day, slots[i].minute + (luck == 1 ? 40 : (int)luck)));
	}
}

static void week(struct demo *d)
{
	for (int back = 5; back >= 0; back--) {
		for (size_t i = 0; i < CV_COUNT(people); i++) {
			if (strcmp(people[i].role, "head") == 0 || strcmp(people[i].role, "leader") == 0)
				continue;
			work_of_day(d, people[i].login, d->days[back], back == 0);
			reports_of_day(d, people[i].login, d->days[back]);
		}
	}
}

/* ---- the whole ---- */
static enum cv_rc next_chunk(struct demo *d)
{
	enum cv_rc rc = d->err->rc;

	if (rc == CV_OK)
		rc = cv_batch_publish(d->desk.batch, d->err);
	if (rc == CV_OK)
		rc = cv_db_commit(d->desk.db, d->err);
	d->desk.writing = false;
	cv_batch_reset(d->desk.batch);
	if (rc == CV_OK)
		rc = cv_db_begin(d->desk.db, true, d->err);
	d->desk.writing = rc == CV_OK;
	return rc;
}

static enum cv_rc fill(struct demo *d, int count, const char *hash)
{
	enum cv_rc rc = make_people(d, hash);

	if (rc == CV_OK)
		rc = make_procedures(d);
	find_days(d);
	for (int i = 0; rc == CV_OK && i < count; i++) {
		demo_dossier(d, i);
		rc = i % CHUNK == CHUNK - 1 ? next_chunk(d) : d->err->rc;
	}
	if (rc == CV_OK)
		week(d);
	return d->err->rc;
}

int cv_admin_demo(void *app, const struct cv_args *args)
{
	struct cv_admin *admin = app;
	const char *size = cv_args_text(args, "size"), *dir = cv_args_text(args, "data");
	struct cv_err err;
	struct demo d = {.desk = {.env = admin->env, .json = cv_args_flag(args, "json")},
			 .err = &err,
			 .seed = 20261123,
			 .now = cv_now(admin->env)};
	char hash[128];
	struct cv_new_office how = {.dir = dir,
				    .name = "Ủy ban nhân dân phường Bách Khoa",
				    .code = "H29.12",
				    .admin = "quantri",
				    .hash = hash};
	bool large = size != NULL && strcmp(size, "large") == 0;

	cv_err_init(&err);
	enum cv_rc rc = CV_OK;
	if (dir == NULL)
		rc = cv_err_set(&err, CV_USAGE, "data", _("thiếu --data: thư mục dữ liệu của cơ quan"));
	else if (size != NULL && !large && strcmp(size, "small") != 0)
		rc = cv_err_set(&err, CV_USAGE, "size", _("--size là small hoặc large"));
	if (rc == CV_OK)
		rc = cv_password_hash(hash, DEMO_PASSWORD, &err);
	if (rc == CV_OK)
		rc = cv_office_make(&d.desk, &how, &err);
	if (rc == CV_OK)
		rc = fill(&d, large ? LARGE : SMALL, hash);
	int status = cv_desk_close(&d.desk, rc, &err);
	if (status == 0 && !cv_args_flag(args, "json"))
		printf(_("Cơ quan mẫu ở %s, mật khẩu của mọi người là %s\n"), dir, DEMO_PASSWORD);
	for (size_t i = 0; status == 0 && !cv_args_flag(args, "json") && i < CV_COUNT(people); i++) {
		const char *cells[] = {people[i].login, people[i].name, people[i].unit, people[i].role};
		cv_print_row(stdout, cells, CV_COUNT(cells));
	}
	if (status == 0 && cv_args_flag(args, "json")) {
		struct cv_json *data = demo_args("password", DEMO_PASSWORD);
		cv_json_set_str(data, "data", dir);
		cv_print_ok(stdout, data);
		cv_json_destroy(data);
	}
	return status;
}
