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

#define PLACES	   "office|home|field|leave"
#define PRIORITIES "normal|urgent|very_urgent|express"

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

static const struct cv_arg dossier_new[] = {
	{"procedure", CV_ARG_ID, true, 0, 0, NULL, N_("thủ tục")},
	{"applicant", CV_ARG_PERSON, true, 0, 0, NULL, N_("chủ hồ sơ")},
	{"submitter", CV_ARG_PERSON, false, 0, 0, NULL, N_("người nộp")},
	{"channel", CV_ARG_INT, false, 1, 3, NULL, N_("hình thức nộp")},
	{"submitted_at", CV_ARG_TIME, false, 0, 0, NULL, N_("nộp lúc")},
	{"on_behalf", CV_ARG_BOOL, false, 0, 0, NULL, N_("nộp hộ")},
	{"priority", CV_ARG_WORD, false, 0, 0, PRIORITIES, N_("độ khẩn")},
	{"alias", CV_ARG_ID, false, 0, 0, NULL, N_("mã tạm")},
	{"note", CV_ARG_TEXT, false, 0, SHORT_TEXT, NULL, N_("ghi chú")},
	END,
};
static const struct cv_arg dossier_accept[] = {
	{"take", CV_ARG_BOOL, false, 0, 0, NULL, N_("nhận và tự giải quyết")},
	END,
};
static const struct cv_arg dossier_forward[] = {
	{"unit", CV_ARG_ID, false, 0, 0, NULL, N_("đơn vị")},
	END,
};
static const struct cv_arg dossier_assign[] = {
	{"assignee", CV_ARG_USER, true, 0, 0, NULL, N_("người thụ lý")},
	{"co", CV_ARG_USERS, false, 0, 20, NULL, N_("phối hợp")},
	{"watch", CV_ARG_USERS, false, 0, 20, NULL, N_("theo dõi")},
	{"reason", CV_ARG_TEXT, false, 0, SHORT_TEXT, NULL, N_("lý do")},
	END,
};
static const struct cv_arg dossier_edit[] = {
	{"applicant", CV_ARG_PERSON, false, 0, 0, NULL, N_("chủ hồ sơ")},
	{"submitter", CV_ARG_PERSON, false, 0, 0, NULL, N_("người nộp")},
	{"channel", CV_ARG_INT, false, 1, 3, NULL, N_("hình thức nộp")},
	{"priority", CV_ARG_WORD, false, 0, 0, PRIORITIES, N_("độ khẩn")},
	END,
};
static const struct cv_arg dossier_submit[] = {
	{"text", CV_ARG_TEXT, false, 0, LONG_TEXT, NULL, N_("nội dung trình")},
	END,
};
static const struct cv_arg dossier_check[] = {
	{"n", CV_ARG_INT, false, 1, 1000000, NULL, N_("lần trình")},
	{"comment", CV_ARG_TEXT, false, 0, SHORT_TEXT, NULL, N_("ý kiến")},
	END,
};
static const struct cv_arg dossier_issue[] = {
	{"n", CV_ARG_INT, false, 1, 1000000, NULL, N_("lần trình")},
	{"number", CV_ARG_LINE, true, 1, 60, NULL, N_("số văn bản")},
	{"date", CV_ARG_DATE, true, 0, 0, NULL, N_("ngày văn bản")},
	END,
};

static const struct cv_arg dossier_reason[] = {
	{"reason", CV_ARG_TEXT, true, 1, SHORT_TEXT, NULL, N_("lý do")},
	END,
};
static const struct cv_arg dossier_request_withdrawal[] = {
	{"eid", CV_ARG_EID, false, 0, 0, NULL, NULL},
	{"reason", CV_ARG_TEXT, true, 1, SHORT_TEXT, NULL, N_("lý do")},
	END,
};
static const struct cv_arg dossier_reroute[] = {
	{"unit", CV_ARG_ID, false, 0, 0, NULL, N_("đơn vị")},
	{"reason", CV_ARG_TEXT, true, 1, SHORT_TEXT, NULL, N_("lý do")},
	END,
};
static const struct cv_arg dossier_request_supplement[] = {
	{"eid", CV_ARG_EID, true, 0, 0, NULL, NULL},
	{"items", CV_ARG_LINES, false, 0, 50, NULL, N_("giấy tờ cần bổ sung, mỗi dòng một loại")},
	{"reason", CV_ARG_TEXT, false, 0, SHORT_TEXT, NULL, N_("lý do")},
	{"contact", CV_ARG_WORD, false, 0, 0, "phone|zalo|email", N_("liên hệ qua")},
	{"reply_by", CV_ARG_DATE, false, 0, 0, NULL, N_("bổ sung trước ngày")},
	{"again", CV_ARG_BOOL, false, 0, 0, NULL, N_("vẫn yêu cầu lần nữa")},
	END,
};
static const struct cv_arg dossier_receive_supplement[] = {
	{"received", CV_ARG_LINES, false, 0, 50, NULL, N_("giấy tờ đã nhận, mỗi dòng một loại")},
	{"text", CV_ARG_TEXT, false, 0, SHORT_TEXT, NULL, N_("ghi chú")},
	END,
};
static const struct cv_arg dossier_request_payment[] = {
	{"eid", CV_ARG_EID, true, 0, 0, NULL, NULL},
	{"name", CV_ARG_LINE, false, 0, 200, NULL, N_("khoản phí")},
	{"amount", CV_ARG_INT, true, 0, 1000000000000, NULL, N_("số tiền, đồng")},
	END,
};
static const struct cv_arg dossier_confirm_payment[] = {
	{"receipt", CV_ARG_LINE, false, 0, 100, NULL, N_("số biên lai")},
	END,
};
static const struct cv_arg dossier_settle_withdrawal[] = {
	{"agree", CV_ARG_BOOL, false, 0, 0, NULL, N_("đồng ý cho rút")},
	{"reason", CV_ARG_TEXT, false, 0, SHORT_TEXT, NULL, N_("lý do")},
	END,
};
static const struct cv_arg dossier_deliver[] = {
	{"way", CV_ARG_WORD, true, 0, 0, "hand|post", N_("cách trả")},
	{"receiver", CV_ARG_LINE, false, 0, 200, NULL, N_("người nhận")},
	{"tracking", CV_ARG_LINE, false, 0, 100, NULL, N_("mã bưu gửi")},
	END,
};
static const struct cv_arg dossier_extend[] = {
	{"until", CV_ARG_DATE, true, 0, 0, NULL, N_("hẹn lại ngày")},
	{"reason", CV_ARG_TEXT, true, 1, SHORT_TEXT, NULL, N_("lý do")},
	END,
};
static const struct cv_arg dossier_apologise[] = {
	{"eid", CV_ARG_EID, true, 0, 0, NULL, NULL},
	{"contact", CV_ARG_WORD, false, 0, 0, "phone|zalo|email", N_("liên hệ qua")},
	{"text", CV_ARG_TEXT, true, 1, SHORT_TEXT, NULL, N_("nội dung")},
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
	 N_("đăng ký công việc"), cv_workday_register},
	{"workday.record", CV_KIND_WORKDAY, 0, CV_RIGHT_REPORT_WRITE, workday_record, N_("ghi kết quả công việc"),
	 cv_workday_record},
	{"workday.review", CV_KIND_WORKDAY, 0, CV_RIGHT_REVIEW, workday_review, N_("nhận xét ngày làm việc"),
	 cv_workday_review},
	{"workday.see", CV_KIND_WORKDAY, CV_OP_COMMUTES, CV_RIGHT_REVIEW, none, N_("đánh dấu đã xem ngày làm việc"),
	 cv_workday_see},
	{"workday.return", CV_KIND_WORKDAY, 0, CV_RIGHT_REVIEW, workday_return, N_("trả lại ngày làm việc để ghi thêm"),
	 cv_workday_return},
	{"dossier.new", CV_KIND_DOSSIER, 0, CV_RIGHT_DOSSIER_WRITE, dossier_new, N_("nhận hồ sơ mới"), cv_dossier_new},
	{"dossier.accept", CV_KIND_DOSSIER, 0, CV_RIGHT_DOSSIER_WRITE, dossier_accept, N_("tiếp nhận hồ sơ"),
	 cv_dossier_accept},
	{"dossier.forward", CV_KIND_DOSSIER, 0, CV_RIGHT_DOSSIER_WRITE, dossier_forward, N_("chuyển hồ sơ đến đơn vị"),
	 cv_dossier_forward},
	{"dossier.assign", CV_KIND_DOSSIER, 0, CV_RIGHT_REVIEW, dossier_assign, N_("phân công người thụ lý"),
	 cv_dossier_assign},
	{"dossier.start", CV_KIND_DOSSIER, 0, CV_RIGHT_DOSSIER_WRITE, none, N_("tự nhận thụ lý"), cv_dossier_start},
	{"dossier.note", CV_KIND_DOSSIER, CV_OP_COMMUTES, CV_RIGHT_DOSSIER_WRITE | CV_RIGHT_REVIEW, comment,
	 N_("ghi chú vào hồ sơ"), cv_dossier_note},
	{"dossier.edit", CV_KIND_DOSSIER, CV_OP_BASE, CV_RIGHT_DOSSIER_WRITE, dossier_edit, N_("sửa thông tin hồ sơ"),
	 cv_dossier_edit},
	{"dossier.submit", CV_KIND_DOSSIER, 0, CV_RIGHT_DOSSIER_WRITE, dossier_submit, N_("trình duyệt"),
	 cv_dossier_submit},
	{"dossier.recall", CV_KIND_DOSSIER, 0, CV_RIGHT_DOSSIER_WRITE, none, N_("rút trình"), cv_dossier_recall},
	{"dossier.endorse", CV_KIND_DOSSIER, CV_OP_HOLD, CV_RIGHT_APPROVE, dossier_check, N_("duyệt và trình lãnh đạo"),
	 cv_dossier_endorse},
	{"dossier.approve", CV_KIND_DOSSIER, CV_OP_HOLD, CV_RIGHT_APPROVE, dossier_check, N_("phê duyệt"),
	 cv_dossier_approve},
	{"dossier.return", CV_KIND_DOSSIER, 0, CV_RIGHT_APPROVE, dossier_check, N_("trả lại để sửa"),
	 cv_dossier_return},
	{"dossier.issue", CV_KIND_DOSSIER, CV_OP_HOLD, CV_RIGHT_DOSSIER_WRITE, dossier_issue, N_("cấp số, ban hành"),
	 cv_dossier_issue},
	{"dossier.refuse", CV_KIND_DOSSIER, CV_OP_HOLD, CV_RIGHT_DOSSIER_WRITE, dossier_reason, N_("từ chối tiếp nhận"),
	 cv_dossier_refuse},
	{"dossier.request-supplement", CV_KIND_DOSSIER, 0, CV_RIGHT_DOSSIER_WRITE, dossier_request_supplement,
	 N_("yêu cầu bổ sung giấy tờ"), cv_dossier_request_supplement},
	{"dossier.receive-supplement", CV_KIND_DOSSIER, 0, CV_RIGHT_DOSSIER_WRITE, dossier_receive_supplement,
	 N_("nhận giấy tờ bổ sung"), cv_dossier_receive_supplement},
	{"dossier.request-payment", CV_KIND_DOSSIER, 0, CV_RIGHT_DOSSIER_WRITE, dossier_request_payment,
	 N_("yêu cầu nộp phí"), cv_dossier_request_payment},
	{"dossier.confirm-payment", CV_KIND_DOSSIER, 0, CV_RIGHT_DOSSIER_WRITE, dossier_confirm_payment,
	 N_("xác nhận đã nộp phí"), cv_dossier_confirm_payment},
	{"dossier.request-withdrawal", CV_KIND_DOSSIER, 0, CV_RIGHT_DOSSIER_WRITE, dossier_request_withdrawal,
	 N_("ghi yêu cầu rút hồ sơ"), cv_dossier_request_withdrawal},
	{"dossier.settle-withdrawal", CV_KIND_DOSSIER, 0, CV_RIGHT_REVIEW, dossier_settle_withdrawal,
	 N_("giải quyết yêu cầu rút"), cv_dossier_settle_withdrawal},
	{"dossier.stop", CV_KIND_DOSSIER, CV_OP_HOLD, CV_RIGHT_APPROVE, dossier_reason, N_("dừng giải quyết"),
	 cv_dossier_stop},
	{"dossier.rework", CV_KIND_DOSSIER, 0, CV_RIGHT_REVIEW, dossier_reason, N_("đưa về làm lại"),
	 cv_dossier_rework},
	{"dossier.deliver", CV_KIND_DOSSIER, CV_OP_HOLD, CV_RIGHT_DOSSIER_WRITE, dossier_deliver, N_("trả kết quả"),
	 cv_dossier_deliver},
	{"dossier.extend", CV_KIND_DOSSIER, 0, CV_RIGHT_APPROVE, dossier_extend, N_("gia hạn"), cv_dossier_extend},
	{"dossier.reroute", CV_KIND_DOSSIER, 0, CV_RIGHT_REVIEW, dossier_reroute, N_("chuyển lại nơi khác"),
	 cv_dossier_reroute},
	{"dossier.explain", CV_KIND_DOSSIER, 0, CV_RIGHT_DOSSIER_WRITE, dossier_reason, N_("giải trình việc chậm"),
	 cv_dossier_explain},
	{"dossier.apologise", CV_KIND_DOSSIER, CV_OP_COMMUTES, CV_RIGHT_DOSSIER_WRITE, dossier_apologise,
	 N_("ghi đã xin lỗi công dân"), cv_dossier_apologise},
	{NULL, CV_KIND_UNKNOWN, 0, 0, NULL, NULL, NULL},
};
