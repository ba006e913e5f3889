/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of congvu's verbs: parsing, usage, help and completion come from here. */
#include "cli.h"

#include <congvu/base/i18n.h>

#define END                                                                                                            \
	{                                                                                                              \
		NULL, 0, CV_OPT_FLAG, NULL, NULL                                                                       \
	}
#define DATE                                                                                                           \
	{                                                                                                              \
		"date", 0, CV_OPT_TEXT, "NGÀY", N_("ngày, mặc định hôm nay")                                           \
	}
#define WAIT                                                                                                           \
	{"no-wait", 0, CV_OPT_FLAG, NULL, N_("không chờ máy chủ trả lời")},                                            \
	{                                                                                                              \
		"retry-until", 0, CV_OPT_TEXT, "GIỜ", N_("thử gửi đến giờ này: 17:30 hoặc +5m")                        \
	}
#define ANYWAY                                                                                                         \
	{                                                                                                              \
		"anyway", 0, CV_OPT_FLAG, NULL, N_("vẫn gửi dù trên máy thấy chưa được phép")                          \
	}
#define WHOSE                                                                                                          \
	{"user", 0, CV_OPT_TEXT, "TÊN", N_("của người này")},                                                          \
	{                                                                                                              \
		"unit", 0, CV_OPT_TEXT, "MÃ", N_("của đơn vị này")                                                     \
	}

static const struct cv_opt redo_opts[] = {WAIT, END};
static const struct cv_opt edit_opts[] = {
	{"set", 0, CV_OPT_LIST, "MỤC=NỘI_DUNG", N_("nội dung mới của một mục; để trống là bỏ mục đó")},
	WAIT,
	END,
};

static const struct cv_opt globals[] = {
	{"account", 0, CV_OPT_TEXT, "TÊN", N_("tài khoản trên máy này, mặc định default")},
	{"json", 0, CV_OPT_FLAG, NULL, N_("in một đối tượng JSON")},
	{"plain", 0, CV_OPT_FLAG, NULL, N_("in dòng, các ô cách nhau bằng tab")},
	{"no-input", 0, CV_OPT_FLAG, NULL, N_("không hỏi gì")},
	{"no-color", 0, CV_OPT_FLAG, NULL, N_("không dùng màu")},
	END,
};
static const struct cv_opt login[] = {
	{"server", 0, CV_OPT_TEXT, "URL", N_("máy chủ")},
	{"user", 0, CV_OPT_TEXT, "TÊN", N_("tên đăng nhập")},
	{"password-stdin", 0, CV_OPT_FLAG, NULL, N_("đọc mật khẩu từ đầu vào")},
	{"ca", 0, CV_OPT_PATH, "TỆP", N_("chứng thư gốc để tin máy chủ")},
	{"secrets", 0, CV_OPT_TEXT, "NƠI", N_("nơi giữ khóa: libsecret, command, passphrase, file")},
	{"for-cron", 0, CV_OPT_FLAG, NULL, N_("cho việc tự động: chỉ gửi báo cáo, tài khoản cron")},
	END,
};
static const struct cv_opt logout[] = {{"discard-unsent", 0, CV_OPT_FLAG, NULL, N_("bỏ cả những gì chưa gửi")}, END};
static const struct cv_opt sync_opts[] = {WAIT, END};
static const struct cv_opt submit[] = {
	{"slot", 0, CV_OPT_TEXT, "KHUNG", N_("07, 11, 17, auto hoặc adhoc")},
	DATE,
	{"done", 0, CV_OPT_TEXT, "CHỮ", N_("đã làm")},
	{"doing", 0, CV_OPT_TEXT, "CHỮ", N_("đang làm")},
	{"blocked", 0, CV_OPT_TEXT, "CHỮ", N_("vướng mắc")},
	{"proposal", 0, CV_OPT_TEXT, "CHỮ", N_("đề xuất, kiến nghị")},
	{"from", 0, CV_OPT_PATH, "TỆP", N_("đọc nội dung từ tệp, - là đầu vào")},
	{"health", 0, CV_OPT_TEXT, "LOẠI", N_("ok, sick, isolated, other")},
	{"counts", 0, CV_OPT_TEXT, "R/S/O", N_("tiếp nhận/giải quyết/quá hạn")},
	{"urgent", 0, CV_OPT_FLAG, NULL, N_("khẩn, báo ngay lãnh đạo")},
	{"requested-by", 0, CV_OPT_TEXT, "TÊN", N_("người yêu cầu báo cáo đột xuất")},
	{"event", 0, CV_OPT_TEXT, "CHỮ", N_("sự việc của báo cáo đột xuất")},
	{"deadline", 0, CV_OPT_TEXT, "GIỜ", N_("thời hạn, dạng RFC 3339")},
	{"fill", 0, CV_OPT_FLAG, NULL, N_("lấy nội dung từ việc đã đăng ký")},
	{"spread", 0, CV_OPT_FLAG, NULL, N_("đợi ngẫu nhiên đến 60 giây rồi mới gửi, cho việc tự động")},
	{"check", 0, CV_OPT_FLAG, NULL, N_("kiểm tra, không gửi")},
	WAIT,
	ANYWAY,
	END,
};
static const struct cv_opt reports[] = {
	DATE,  {"from", 0, CV_OPT_TEXT, "NGÀY", N_("từ ngày")},	   {"to", 0, CV_OPT_TEXT, "NGÀY", N_("đến ngày")},
	WHOSE, {"slot", 0, CV_OPT_TEXT, "KHUNG", N_("khung giờ")}, END,
};
static const struct cv_opt board[] = {
	DATE,
	{"unit", 0, CV_OPT_TEXT, "MÃ", N_("đơn vị, mặc định của mình")},
	{"tree", 0, CV_OPT_FLAG, NULL, N_("cả các đơn vị bên dưới, hỏi máy chủ")},
	{"online", 0, CV_OPT_FLAG, NULL, N_("hỏi máy chủ")},
	{"missing", 0, CV_OPT_FLAG, NULL, N_("chỉ người chưa gửi")},
	END,
};
static const struct cv_opt comment[] = {{"text", 0, CV_OPT_TEXT, "CHỮ", N_("ý kiến")}, WAIT, ANYWAY, END};
static const struct cv_opt work_register[] = {
	DATE,
	{"place", 0, CV_OPT_TEXT, "NƠI", N_("office, home, field, leave")},
	{"place-pm", 0, CV_OPT_TEXT, "NƠI", N_("buổi chiều, nếu khác")},
	{"item", 0, CV_OPT_LIST, "VIỆC", N_("tên việc[ ;expected=…][ ;deadline=…][ ;dossier=MÃ]")},
	{"file", 0, CV_OPT_PATH, "TỆP", N_("mỗi dòng một việc, - là đầu vào")},
	{"user", 0, CV_OPT_TEXT, "TÊN", N_("trưởng đơn vị ghi nghỉ cho người này")},
	WAIT,
	ANYWAY,
	END,
};
static const struct cv_opt work_copy[] = {
	DATE, {"from", 0, CV_OPT_TEXT, "NGÀY", N_("lấy việc chưa xong của ngày này")}, WAIT, ANYWAY, END,
};
static const struct cv_opt work_list[] = {DATE, WHOSE, END};
static const struct cv_opt work_record[] = {
	DATE,
	{"state", 0, CV_OPT_TEXT, "LOẠI", N_("planned, doing, done, partial, dropped")},
	{"percent", 0, CV_OPT_INT, "SỐ", N_("0 đến 100")},
	{"result", 0, CV_OPT_TEXT, "CHỮ", N_("kết quả")},
	WAIT,
	ANYWAY,
	END,
};
static const struct cv_opt work_review[] = {
	DATE,
	{"progress", 0, CV_OPT_INT, "1-3", N_("tiến độ: chậm, đúng, vượt")},
	{"quality", 0, CV_OPT_INT, "1-4", N_("chất lượng: chưa đạt, đạt, tốt, xuất sắc")},
	{"comment", 0, CV_OPT_TEXT, "CHỮ", N_("ý kiến")},
	WAIT,
	ANYWAY,
	END,
};

#include "dossier_verbs.h"

static const struct cv_opt screen[] = {{"read-only", 0, CV_OPT_FLAG, NULL, N_("chỉ xem")}, END};

static const struct cv_verb verbs[] = {
	{"", NULL, NULL, 0, 0, screen, N_("màn hình làm việc; không có màn hình thì in việc hôm nay"), NULL,
	 cv_cli_today},
	{"login", NULL, NULL, 0, 0, login, N_("đăng nhập trên máy này"),
	 "congvu login --server https://congvu.example:8443 --user hanh", cv_cli_login},
	{"logout", NULL, NULL, 0, 0, logout, N_("đăng xuất, xóa dữ liệu trên máy này"), NULL, cv_cli_logout},
	{"status", NULL, NULL, 0, 0, NULL, N_("ai, máy chủ, chờ gửi, khung báo cáo tới"), NULL, cv_cli_status},
	{"sync", NULL, NULL, 0, 0, sync_opts, N_("gửi và nhận ngay"), NULL, cv_cli_sync},
	{"today", NULL, NULL, 0, 0, NULL, N_("việc và báo cáo hôm nay"), NULL, cv_cli_today},
	{"doctor", NULL, NULL, 0, 0, NULL, N_("kiểm tra và chỉ cách sửa"), NULL, cv_cli_doctor},
	{"report", "submit", NULL, 0, 0, submit, N_("gửi báo cáo"), "congvu report submit --slot 11 --fill",
	 cv_cli_report_submit},
	{"report", "list", NULL, 0, 0, reports, N_("các báo cáo"), NULL, cv_cli_report_list},
	{"report", "show", "MÃ", 1, 1, NULL, N_("một báo cáo"), NULL, cv_cli_report_show},
	{"report", "board", NULL, 0, 0, board, N_("bảng theo dõi của đơn vị"), NULL, cv_cli_report_board},
	{"report", "comment", "MÃ", 1, 1, comment, N_("ghi ý kiến"), NULL, cv_cli_report_comment},
	{"work", "register", NULL, 0, 0, work_register, N_("đăng ký công việc"),
	 "congvu work register --item \"Giải quyết 5 hồ sơ hộ tịch\"", cv_cli_work_register},
	{"work", "list", NULL, 0, 0, work_list, N_("việc trong ngày"), NULL, cv_cli_work_list},
	{"work", "record", "SỐ", 1, 1, work_record, N_("ghi kết quả"), "congvu work record 1 --state done",
	 cv_cli_work_record},
	{"work", "copy-open", NULL, 0, 0, work_copy, N_("đăng ký tiếp việc chưa xong của ngày khác"),
	 "congvu work copy-open --from 2026-11-20", cv_cli_work_copy_open},
	{"work", "review", "TÊN", 1, 1, work_review, N_("nhận xét ngày làm việc"), NULL, cv_cli_work_review},
	{"work", "return", "TÊN", 1, 1, work_review, N_("trả lại để ghi thêm"), NULL, cv_cli_work_return},
	DOSSIER_VERBS,
	{"outbox", "list", NULL, 0, 0, NULL, N_("chờ gửi và cần xem lại"), NULL, cv_cli_outbox_list},
	{"outbox", "show", "SỐ", 1, 1, NULL, N_("một dòng"), NULL, cv_cli_outbox_show},
	{"outbox", "retry", "SỐ", 1, 1, redo_opts, N_("gửi lại như một việc mới"), NULL, cv_cli_outbox_retry},
	{"outbox", "edit", "SỐ", 1, 1, edit_opts, N_("sửa rồi gửi lại như một việc mới"),
	 "congvu outbox edit 42 --set done=\"Đã giải quyết 5 hồ sơ\"", cv_cli_outbox_edit},
	{"outbox", "drop", "SỐ", 1, 1, NULL, N_("bỏ hẳn"), NULL, cv_cli_outbox_drop},
	{"conflict", "list", NULL, 0, 0, NULL, N_("việc mà người khác đã sửa trước"), NULL, cv_cli_conflict_list},
	{"conflict", "show", "SỐ", 1, 1, NULL, N_("bản của tôi bên bản trên máy chủ"), NULL, cv_cli_conflict_show},
	{"conflict", "keep-mine", "SỐ", 1, 1, redo_opts, N_("gửi lại bản của tôi"), NULL, cv_cli_conflict_keep_mine},
	{"conflict", "keep-theirs", "SỐ", 1, 1, NULL, N_("bỏ bản của tôi"), NULL, cv_cli_conflict_keep_theirs},
	{"conflict", "merge", "SỐ", 1, 1, edit_opts, N_("gửi lại bản của tôi với mục đã sửa"), NULL,
	 cv_cli_conflict_merge},
	{"config", "list", NULL, 0, 0, NULL, N_("các mục cấu hình"), NULL, cv_cli_config_list},
	{"config", "get", "MỤC", 1, 1, NULL, N_("một mục cấu hình"), NULL, cv_cli_config_get},
	{"completion", NULL, "SHELL", 1, 1, NULL, N_("in mã hoàn thành lệnh: bash, zsh, fish"), NULL,
	 cv_cli_completion},
	{"help", NULL, "[LỆNH]", 0, 2, NULL, N_("giúp"), NULL, cv_cli_help},
	{NULL, NULL, NULL, 0, 0, NULL, NULL, NULL, NULL},
};

const struct cv_program cv_congvu = {
	.name = "congvu",
	.version = CONGVU_VERSION,
	.about = N_("hồ sơ, việc hôm nay và báo cáo của công chức làm việc tại nhà"),
	.verbs = verbs,
	.globals = globals,
	.settings = cv_cli_settings,
};

int cv_cli_completion(void *app, const struct cv_args *args)
{
	struct cv_err err;
	struct cv_cli *cli = app;

	cv_err_init(&err);
	cli->json = cv_args_flag(args, "json");
	return cv_completion(stdout, &cv_congvu, cv_args_operand(args, 0), &err) == CV_OK
		       ? 0
		       : cv_cli_fail(app, &err, NULL);
}
