/* SPDX-License-Identifier: GPL-3.0-or-later */
/* LÀM NGAY: what is due at which minute, and for whom. */
#include "world.h"

#include <congvu/model/board.h>
#include <congvu/model/todo.h>

static struct world w;

static char *line_of(const struct cv_todo_in *in)
{
	struct cv_buf b;
	struct cv_json *items = cv_todo(in);

	cv_buf_init(&b, 1000);
	CV_JSON_EACH (item, items)
		cv_buf_addf(&b, "  [%s] %s", cv_json_s(item, "key"), cv_json_s(item, "text"));
	cv_json_destroy(items);
	return cv_buf_take(&b);
}

static void expect(const char *user, const char *now, const char *line)
{
	struct cv_todo_in in = {.ctx = &w.ctx, .user = world_object(&w, CV_KIND_USER, user), .now = world_time(now)};
	char *got = line_of(&in);

	assert_string_equal(got != NULL ? got : "", line);
	free(got);
}

static void an_officers_day(void **state)
{
	(void)state;
	world_begin(&w);
	expect("hanh", "2026-11-25T04:59:00+07:00", "");
	expect("hanh", "2026-11-25T06:46:00+07:00",
	       "  [2] đăng ký việc hôm nay, còn 1 giờ 14 phút  [3] báo cáo 07h, còn 14 phút");
	expect("hanh", "2026-11-25T07:06:00+07:00",
	       "  [2] đăng ký việc hôm nay, còn 54 phút  [3] báo cáo 07h, kịp đúng giờ, còn 9 phút");
	assert_int_equal(world_do(&w, "hanh", "person", "workday.register", "w:hanh:2026-11-25",
				  "{\"date\":\"2026-11-25\",\"items\":[{\"eid\":\"e1\",\"title\":\"Giải quyết 5 hồ "
				  "sơ\"},{\"eid\":\"e2\",\"title\":\"Giao ban\"}]}",
				  "2026-11-25T07:10:00+07:00", "2026-11-25T07:10:00+07:00", NULL),
			 CV_ST_APPLIED);
	expect("hanh", "2026-11-25T07:35:00+07:00", "  [3] báo cáo 07h, muộn 35 phút");
	assert_true(cv_st_accepted(world_do(&w, "hanh", "person", "report.submit", "r:hanh:2026-11-25:07",
					    "{\"date\":\"2026-11-25\",\"slot\":\"07\",\"done\":\"x\"}",
					    "2026-11-25T07:40:00+07:00", "2026-11-25T07:40:00+07:00", NULL)));
	expect("hanh", "2026-11-25T08:30:00+07:00", "");
	expect("hanh", "2026-11-25T10:41:00+07:00", "  [3] báo cáo 11h, còn 19 phút");
	expect("hanh", "2026-11-25T15:00:00+07:00",
	       "  [3] báo cáo 17h, còn 2 giờ  [3] báo cáo 11h, muộn 4 giờ  [2] ghi kết quả 2 việc");
	/* A day off and a head owe nothing. */
	expect("hanh", "2026-11-22T10:41:00+07:00", "");
	expect("lan", "2026-11-25T10:41:00+07:00", "");
	world_end(&w);
}

static void leave_and_a_day_given_back(void **state)
{
	(void)state;
	world_begin(&w);
	world_put(&w, CV_KIND_WORKDAY, "w:an:2026-11-25", world_parse("{\"user\":\"an\",\"place\":\"leave\"}"));
	expect("an", "2026-11-25T10:41:00+07:00", "");
	world_put(&w, CV_KIND_WORKDAY, "w:hanh:2026-11-25",
		  world_parse("{\"user\":\"hanh\",\"state\":\"returned\",\"items\":[{\"state\":\"done\"}]}"));
	expect("hanh", "2026-11-25T04:00:00+07:00", "  [2] ngày làm việc bị trả lại để ghi thêm");
	world_end(&w);
}

static void a_head_is_told_of_her_people(void **state)
{
	struct cv_json *users = cv_json_new_array();

	(void)state;
	world_begin(&w);
	static const char *const logins[] = {"hanh", "an", "bich", "lan", "dung", "khue"};
	for (size_t i = 0; i < CV_COUNT(logins); i++)
		cv_json_push(users, cv_json_dup(world_object(&w, CV_KIND_USER, logins[i])));
	struct cv_todo_in in = {.ctx = &w.ctx,
				.user = world_object(&w, CV_KIND_USER, "lan"),
				.now = world_time("2026-11-25T11:30:00+07:00"),
				.to_check = 3,
				.needs_person = 1};
	int32_t date = cv_date_of(in.now);
	struct cv_board_in board = {.ctx = &w.ctx, .unit = "p1", .date = date, .now = in.now, .users = users};
	struct cv_json *b = cv_board(&board);
	in.board = b;
	/* hanh, an, bich, dung; khue is p2's */
	char *line = line_of(&in);
	assert_string_equal(line, "  [1] 3 chờ duyệt  [6] 4 người chưa gửi 11h  [8] 1 cần xem lại");
	free(line);
	cv_json_destroy(b);
	cv_json_destroy(users);
	world_end(&w);
}

static void before_login_only_counts(void **state)
{
	struct cv_todo_in in = {.now = world_time("2026-11-25T16:30:00+07:00"), .needs_person = 2, .late = -1};

	(void)state;
	char *line = line_of(&in);
	assert_string_equal(line, "  [8] 2 cần xem lại");
	free(line);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_officers_day),
		cmocka_unit_test(leave_and_a_day_given_back),
		cmocka_unit_test(a_head_is_told_of_her_people),

		cmocka_unit_test(before_login_only_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
