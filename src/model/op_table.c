/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The operation table: adding a verb to the product is adding a row here, a function beside it, and a test. */
#include "ops.h"

#include <congvu/base/i18n.h>

#include <stddef.h>

#define LONG_TEXT  16384 /* bytes */
#define SHORT_TEXT 4096
#define END                                                                                                            \
	{                                                                                                              \
		NULL, CV_ARG_TEXT, false, 0, 0, NULL, NULL                                                             \
	}

#define PLACES "office|home|field|leave"

static const struct cv_arg report_submit[] = {
	{"date", CV_ARG_DATE, true, 0, 0, NULL, N_("ngày")},
	{"slot", CV_ARG_SLOT, true, 0, 0, NULL, N_("khung giờ")},
	{"done", CV_ARG_TEXT, false, 0, LONG_TEXT, NULL, N_("đã làm")},
	{"doing", CV_ARG_TEXT, false, 0, LONG_TEXT, NULL, N_("đang làm")},
	{"blocked", CV_ARG_TEXT, false, 0, LONG_TEXT, NULL, N_("vướng mắc")},
	{"proposal", CV_ARG_TEXT, false, 0, LONG_TEXT, NULL, N_("đề xuất, kiến nghị")},
	{"health", CV_ARG_WORD, false, 0, 0, "ok|sick|isolated|other", N_("sức khỏe")},
	{"counts", CV_ARG_COUNTS, false, 0, 0, NULL, N_("tiếp nhận/giải quyết/quá hạn")},
	{"urgent", CV_ARG_BOOL, false, 0, 0, NULL, N_("khẩn")},
	{"requested_by", CV_ARG_USER, false, 0, 0, NULL, N_("người yêu cầu")},
	{"event", CV_ARG_LINE, false, 0, 500, NULL, N_("sự việc")},
	{"deadline", CV_ARG_TIME, false, 0, 0, NULL, N_("thời hạn")},
	{"filled_from", CV_ARG_ID, false, 0, 0, NULL, N_("lấy từ")},
	END,
};
static const struct cv_arg comment[] = {
	{"eid", CV_ARG_EID, true, 0, 0, NULL, NULL},
	{"text", CV_ARG_TEXT, true, 1, SHORT_TEXT, NULL, N_("ý kiến")},
	END,
};
static const struct cv_arg none[] = {END};
static const struct cv_arg workday_register[] = {
	{"date", CV_ARG_DATE, true, 0, 0, NULL, N_("ngày")},
	{"place", CV_ARG_WORD, false, 0, 0, PLACES, N_("nơi làm việc")},
	{"place_pm", CV_ARG_WORD, false, 0, 0, PLACES, N_("nơi làm việc buổi chiều")},
	{"items", CV_ARG_ITEMS, false, 0, 100, NULL, N_("các việc")},
	END,
};
static const struct cv_arg workday_record[] = {
	{"eid", CV_ARG_EID, true, 0, 0, NULL, NULL},
	{"state", CV_ARG_WORD, false, 0, 0, "planned|doing|done|partial|dropped", N_("tình trạng")},
	{"percent", CV_ARG_INT, false, 0, 100, NULL, N_("phần trăm")},
	{"hours", CV_ARG_NUM, false, 0, 24, NULL, N_("số giờ")},
	{"result", CV_ARG_TEXT, false, 0, SHORT_TEXT, NULL, N_("kết quả")},
	END,
};
static const struct cv_arg workday_review[] = {
	{"progress", CV_ARG_INT, false, 1, 3, NULL, N_("tiến độ")},
	{"quality", CV_ARG_INT, false, 1, 4, NULL, N_("chất lượng")},
	{"comment", CV_ARG_TEXT, false, 0, SHORT_TEXT, NULL, N_("ý kiến")},
	END,
};
static const struct cv_arg workday_return[] = {
	{"comment", CV_ARG_TEXT, false, 0, SHORT_TEXT, NULL, N_("ý kiến")},
	END,
};

const struct cv_op cv_ops[] = {
	{"report.submit", CV_KIND_REPORT, CV_OP_COMMUTES | CV_OP_CRON, CV_RIGHT_REPORT_WRITE, report_submit,
	 N_("gửi báo cáo"), cv_report_submit},
	{"report.comment", CV_KIND_REPORT, CV_OP_COMMUTES, CV_RIGHT_REPORT_WRITE | CV_RIGHT_REVIEW, comment,
	 N_("ghi ý kiến vào báo cáo"), cv_report_comment},
	{"report.see", CV_KIND_REPORT, CV_OP_COMMUTES, CV_RIGHT_REVIEW, none, N_("đánh dấu đã xem báo cáo"),
	 cv_report_see},
	{"workday.register", CV_KIND_WORKDAY, CV_OP_COMMUTES, CV_RIGHT_REPORT_WRITE | CV_RIGHT_REVIEW, workday_register,
	 N_("đăng ký công việc trong ngày"), cv_workday_register},
	{"workday.record", CV_KIND_WORKDAY, 0, CV_RIGHT_REPORT_WRITE, workday_record, N_("ghi kết quả công việc"),
	 cv_workday_record},
	{"workday.review", CV_KIND_WORKDAY, 0, CV_RIGHT_REVIEW, workday_review, N_("nhận xét ngày làm việc"),
	 cv_workday_review},
	{"workday.see", CV_KIND_WORKDAY, CV_OP_COMMUTES, CV_RIGHT_REVIEW, none, N_("đánh dấu đã xem ngày làm việc"),
	 cv_workday_see},
	{"workday.return", CV_KIND_WORKDAY, 0, CV_RIGHT_REVIEW, workday_return, N_("trả lại ngày làm việc để ghi thêm"),
	 cv_workday_return},
	{NULL, CV_KIND_UNKNOWN, 0, 0, NULL, NULL, NULL},
};
