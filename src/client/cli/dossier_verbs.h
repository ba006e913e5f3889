/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The dossier's options and verbs: a part of the table in verbs.c, which includes this once. */
#define ACT(...)                                                                                                       \
	{                                                                                                              \
		__VA_ARGS__, WAIT, ANYWAY, END                                                                         \
	}
static const struct cv_opt dossier_list[] = {
	{"view", 0, CV_OPT_TEXT, "NHÓM", N_("mine, unit, approve, paused, late, soon, unread, returned, all")},
	{"status", 0, CV_OPT_INT, "SỐ", N_("trạng thái 1 đến 10")},
	{"due", 0, CV_OPT_TEXT, "HẠN", N_("overdue, today hoặc số ngày như 7d")},
	{"unit", 0, CV_OPT_TEXT, "MÃ", N_("của đơn vị này")},
	{"search", 0, CV_OPT_TEXT, "CHỮ", N_("tìm trong mã, tên, điện thoại, nội dung; không cần dấu")},
	{"sort", 0, CV_OPT_TEXT, "CỘT", N_("due, received hoặc code")},
	{"limit", 0, CV_OPT_INT, "SỐ", N_("nhiều nhất bấy nhiêu")},
	{"after", 0, CV_OPT_TEXT, "DẤU", N_("trang sau dấu này")},
	{"online", 0, CV_OPT_FLAG, NULL, N_("hỏi máy chủ")},
	END,
};
static const struct cv_opt dossier_new[] = {
	{"procedure", 0, CV_OPT_TEXT, "MÃ", N_("mã thủ tục")},
	{"applicant", 0, CV_OPT_TEXT, "TÊN", N_("chủ hồ sơ")},
	{"phone", 0, CV_OPT_TEXT, "SỐ", N_("điện thoại")},
	{"address", 0, CV_OPT_TEXT, "CHỮ", N_("địa chỉ")},
	{"channel", 0, CV_OPT_TEXT, "CÁCH", N_("direct, online hoặc post")},
	{"on-behalf", 0, CV_OPT_FLAG, NULL, N_("nộp hộ công dân")},
	{"received", 0, CV_OPT_TEXT, "GIỜ", N_("nộp lúc, dạng RFC 3339")},
	{"note", 0, CV_OPT_TEXT, "CHỮ", N_("ghi chú")},
	WAIT,
	ANYWAY,
	END,
};
static const struct cv_opt dossier_accept[] = ACT({"take", 0, CV_OPT_FLAG, NULL, N_("nhận và tự giải quyết")});
static const struct cv_opt dossier_forward[] = ACT({"to", 0, CV_OPT_TEXT, "ĐƠN VỊ", N_("đơn vị giải quyết")});
static const struct cv_opt dossier_assign[] = {
	{"to", 0, CV_OPT_TEXT, "TÊN", N_("người thụ lý")},
	{"co", 0, CV_OPT_LIST, "TÊN", N_("người phối hợp")},
	{"watch", 0, CV_OPT_LIST, "TÊN", N_("người theo dõi")},
	{"reason", 0, CV_OPT_TEXT, "CHỮ", N_("lý do giao lại")},
	WAIT,
	ANYWAY,
	END,
};
static const struct cv_opt dossier_plain[] = {WAIT, ANYWAY, END};
static const struct cv_opt dossier_text[] = ACT({"text", 0, CV_OPT_TEXT, "CHỮ", N_("nội dung")});
static const struct cv_opt dossier_check[] = {
	{"n", 0, CV_OPT_INT, "SỐ", N_("lần trình muốn nói đến, mặc định lần đang thấy")},
	{"comment", 0, CV_OPT_TEXT, "CHỮ", N_("ý kiến")},
	WAIT,
	ANYWAY,
	END,
};
static const struct cv_opt dossier_return[] = {
	{"n", 0, CV_OPT_INT, "SỐ", N_("lần trình muốn nói đến, mặc định lần đang thấy")},
	{"reason", 0, CV_OPT_TEXT, "CHỮ", N_("vì sao trả lại")},
	{"comment", 0, CV_OPT_TEXT, "CHỮ", N_("như --reason")},
	WAIT,
	ANYWAY,
	END,
};
static const struct cv_opt dossier_issue[] = {
	{"n", 0, CV_OPT_INT, "SỐ", N_("lần trình muốn nói đến, mặc định lần đang thấy")},
	{"number", 0, CV_OPT_TEXT, "SỐ", N_("số văn bản")},
	{"date", 0, CV_OPT_TEXT, "NGÀY", N_("ngày văn bản")},
	WAIT,
	ANYWAY,
	END,
};
static const struct cv_opt dossier_edit[] = {
	{"applicant", 0, CV_OPT_TEXT, "TÊN", N_("chủ hồ sơ")},
	{"phone", 0, CV_OPT_TEXT, "SỐ", N_("điện thoại")},
	{"address", 0, CV_OPT_TEXT, "CHỮ", N_("địa chỉ")},
	{"priority", 0, CV_OPT_TEXT, "ĐỘ", N_("normal, urgent, very_urgent, express")},
	WAIT,
	ANYWAY,
	END,
};
static const struct cv_opt dossier_reason[] = ACT({"reason", 0, CV_OPT_TEXT, "CHỮ", N_("lý do")});
static const struct cv_opt dossier_request_supplement[] = {
	{"item", 0, CV_OPT_LIST, "GIẤY TỜ", N_("giấy tờ cần bổ sung")},
	{"reason", 0, CV_OPT_TEXT, "CHỮ", N_("lý do")},
	{"contact", 0, CV_OPT_TEXT, "CÁCH", N_("phone, zalo hoặc email")},
	{"reply-by", 0, CV_OPT_TEXT, "NGÀY", N_("bổ sung trước ngày")},
	{"again", 0, CV_OPT_FLAG, NULL, N_("vẫn yêu cầu lần nữa, dù hồ sơ bị tính là trễ")},
	WAIT,
	ANYWAY,
	END,
};
static const struct cv_opt dossier_receive_supplement[] = {
	{"item", 0, CV_OPT_LIST, "GIẤY TỜ", N_("giấy tờ đã nhận")},
	{"text", 0, CV_OPT_TEXT, "CHỮ", N_("ghi chú")},
	WAIT,
	ANYWAY,
	END,
};
static const struct cv_opt dossier_request_payment[] = {
	{"amount", 0, CV_OPT_INT, "SỐ", N_("số tiền, đồng")},
	{"text", 0, CV_OPT_TEXT, "CHỮ", N_("khoản phí")},
	WAIT,
	ANYWAY,
	END,
};
static const struct cv_opt dossier_settle_withdrawal[] = {
	{"agree", 0, CV_OPT_FLAG, NULL, N_("đồng ý cho rút")},
	{"disagree", 0, CV_OPT_FLAG, NULL, N_("không đồng ý")},
	{"reason", 0, CV_OPT_TEXT, "CHỮ", N_("lý do")},
	WAIT,
	ANYWAY,
	END,
};
static const struct cv_opt dossier_deliver[] = {
	{"way", 0, CV_OPT_TEXT, "CÁCH", N_("hand (tại quầy) hoặc post (bưu chính)")},
	{"receiver", 0, CV_OPT_TEXT, "TÊN", N_("người nhận")},
	{"tracking", 0, CV_OPT_TEXT, "MÃ", N_("mã bưu gửi")},
	WAIT,
	ANYWAY,
	END,
};
static const struct cv_opt dossier_extend[] = {
	{"until", 0, CV_OPT_TEXT, "NGÀY", N_("hẹn lại ngày")},
	{"reason", 0, CV_OPT_TEXT, "CHỮ", N_("lý do")},
	WAIT,
	ANYWAY,
	END,
};
static const struct cv_opt dossier_reroute[] = {
	{"to", 0, CV_OPT_TEXT, "ĐƠN VỊ", N_("đơn vị đúng; không nói thì về bộ phận một cửa")},
	{"reason", 0, CV_OPT_TEXT, "CHỮ", N_("lý do")},
	WAIT,
	ANYWAY,
	END,
};
static const struct cv_opt dossier_apologise[] = {
	{"text", 0, CV_OPT_TEXT, "CHỮ", N_("nội dung")},
	{"contact", 0, CV_OPT_TEXT, "CÁCH", N_("phone, zalo hoặc email")},
	WAIT,
	ANYWAY,
	END,
};
static const struct cv_opt due_opts[] = {
	{"received", 0, CV_OPT_TEXT, "GIỜ", N_("tiếp nhận lúc")},
	{"days", 0, CV_OPT_INT, "SỐ", N_("số ngày làm việc")},
	{"hours", 0, CV_OPT_INT, "SỐ", N_("số giờ làm việc")},
	{"pause", 0, CV_OPT_LIST, "TỪ..ĐẾN", N_("tạm dừng")},
	{"restart", 0, CV_OPT_FLAG, NULL, N_("sau tạm dừng tính lại từ đầu")},
	END,
};

#define DOSSIER_VERBS                                                                                                   \
	{                                                                                                               \
		"dossier",                                                                                              \
		"list",                                                                                                 \
		NULL,                                                                                                   \
		0,                                                                                                      \
		0,                                                                                                      \
		dossier_list,                                                                                           \
		N_("danh sách hồ sơ"),                                                                                  \
		"congvu dossier list --view mine",                                                                      \
		cv_cli_dossier_list},                                                                                   \
		{"dossier", "show", "MÃ", 1, 1, NULL, N_("một hồ sơ"), NULL, cv_cli_dossier_show},                      \
		{"dossier", "history", "MÃ", 1, 1, NULL, N_("diễn biến"), NULL, cv_cli_dossier_history},                \
		{"dossier", "why-due", "MÃ", 1, 1, NULL, N_("vì sao hạn này"), NULL, cv_cli_dossier_why_due},           \
		{"dossier",                                                                                             \
		 "new",                                                                                                 \
		 NULL,                                                                                                  \
		 0,                                                                                                     \
		 0,                                                                                                     \
		 dossier_new,                                                                                           \
		 N_("nhận hồ sơ mới, in mã"),                                                                           \
		 "congvu dossier new --procedure 1.004873 --applicant \"Phạm Đức Ổn\"",                                 \
		 cv_cli_dossier_new},                                                                                   \
		{"dossier", "accept", "MÃ…", 1, -1, dossier_accept, N_("tiếp nhận"), NULL, cv_cli_dossier_act},         \
		{"dossier", "forward", "MÃ…", 1, -1, dossier_forward, N_("chuyển đơn vị"), NULL, cv_cli_dossier_act},   \
		{"dossier",                                                                                             \
		 "assign",                                                                                              \
		 "MÃ…",                                                                                                 \
		 1,                                                                                                     \
		 -1,                                                                                                    \
		 dossier_assign,                                                                                        \
		 N_("phân công"),                                                                                       \
		 "congvu dossier assign 261117-0012 --to hanh",                                                         \
		 cv_cli_dossier_act},                                                                                   \
		{"dossier", "start", "MÃ…", 1, -1, dossier_plain, N_("tự nhận thụ lý"), NULL, cv_cli_dossier_act},      \
		{"dossier", "note", "MÃ…", 1, -1, dossier_text, N_("ghi chú"), NULL, cv_cli_dossier_act},               \
		{"dossier", "submit", "MÃ…", 1, -1, dossier_text, N_("trình duyệt"), NULL, cv_cli_dossier_act},         \
		{"dossier", "recall", "MÃ…", 1, -1, dossier_plain, N_("rút trình"), NULL, cv_cli_dossier_act},          \
		{"dossier", "endorse",	       "MÃ…", 1, -1, dossier_check, N_("duyệt, trình lãnh đạo"),                \
		 NULL,	    cv_cli_dossier_act},                                                                        \
		{"dossier", "approve", "MÃ…", 1, -1, dossier_check, N_("phê duyệt"), NULL, cv_cli_dossier_act},         \
		{"dossier", "return", "MÃ…", 1, -1, dossier_return, N_("trả lại để sửa"), NULL, cv_cli_dossier_act},    \
		{"dossier", "issue", "MÃ…", 1, -1, dossier_issue, N_("cấp số, ban hành"), NULL, cv_cli_dossier_act},    \
		{"dossier", "refuse", "MÃ…", 1, -1, dossier_reason, N_("từ chối tiếp nhận"), NULL, cv_cli_dossier_act}, \
		{"dossier", "request-supplement", "MÃ…", 1, -1, dossier_request_supplement, N_("yêu cầu bổ sung"),      \
		 NULL,	    cv_cli_dossier_act},                                                                        \
		{"dossier", "receive-supplement", "MÃ…", 1, -1, dossier_receive_supplement, N_("nhận bổ sung"),         \
		 NULL,	    cv_cli_dossier_act},                                                                        \
		{"dossier", "request-payment", "MÃ…", 1, -1, dossier_request_payment, N_("yêu cầu nộp phí"),            \
		 NULL,	    cv_cli_dossier_act},                                                                        \
		{"dossier", "confirm-payment", "MÃ…", 1, -1, dossier_text, N_("xác nhận đã nộp phí"),                   \
		 NULL,	    cv_cli_dossier_act},                                                                        \
		{"dossier", "request-withdrawal", "MÃ…", 1, -1, dossier_reason, N_("ghi yêu cầu rút"),                  \
		 NULL,	    cv_cli_dossier_act},                                                                        \
		{"dossier", "settle-withdrawal", "MÃ…", 1, -1, dossier_settle_withdrawal, N_("giải quyết yêu cầu rút"), \
		 NULL,	    cv_cli_dossier_act},                                                                        \
		{"dossier", "stop", "MÃ…", 1, -1, dossier_reason, N_("dừng giải quyết"), NULL, cv_cli_dossier_act},     \
		{"dossier", "rework", "MÃ…", 1, -1, dossier_reason, N_("đưa về làm lại"), NULL, cv_cli_dossier_act},    \
		{"dossier", "deliver", "MÃ…", 1, -1, dossier_deliver, N_("trả kết quả"), NULL, cv_cli_dossier_act},     \
		{"dossier", "extend", "MÃ…", 1, -1, dossier_extend, N_("gia hạn"), NULL, cv_cli_dossier_act},           \
		{"dossier", "reroute", "MÃ…", 1, -1, dossier_reroute, N_("chuyển lại"), NULL, cv_cli_dossier_act},      \
		{"dossier", "explain",	       "MÃ…", 1, -1, dossier_reason, N_("giải trình việc chậm"),                \
		 NULL,	    cv_cli_dossier_act},                                                                        \
		{"dossier", "apologise",       "MÃ…", 1, -1, dossier_apologise, N_("ghi đã xin lỗi"),                   \
		 NULL,	    cv_cli_dossier_act},                                                                        \
		{"dossier", "edit", "MÃ…", 1, -1, dossier_edit, N_("sửa thông tin"), NULL, cv_cli_dossier_act},         \
	{                                                                                                               \
		"due", NULL, NULL, 0, 0, due_opts, N_("tính ngày hẹn trả"),                                             \
			"congvu due --received 2026-11-16 --days 10 --pause 2026-11-19..2026-11-26", cv_cli_due         \
	}
