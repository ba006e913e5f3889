/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of congvud's verbs. */
#include "server/admin/admin.h"

#include <congvu/base/i18n.h>

static const struct cv_opt globals[] = {
	{"data", 0, CV_OPT_PATH, N_("THƯ_MỤC"), N_("thư mục dữ liệu của cơ quan")},
	{"json", 0, CV_OPT_FLAG, NULL, N_("in một đối tượng JSON")},
	{0},
};
static const struct cv_opt init_opts[] = {
	{"office", 0, CV_OPT_TEXT, N_("TÊN"), N_("tên cơ quan")},
	{"code", 0, CV_OPT_TEXT, N_("MÃ"), N_("mã định danh cơ quan trong mã hồ sơ")},
	{"admin", 0, CV_OPT_TEXT, N_("NGƯỜI"), N_("tên đăng nhập của người quản trị")},
	{"password-stdin", 0, CV_OPT_FLAG, NULL, N_("đọc mật khẩu từ dòng đầu của đầu vào chuẩn")},
	{0},
};
static const struct cv_opt serve_opts[] = {
	{"listen", 0, CV_OPT_TEXT, N_("ĐỊA_CHỈ:CỔNG"), N_("nơi nghe, mặc định 127.0.0.1:8080; cổng 0 là tự chọn")},
	{"tls-cert", 0, CV_OPT_PATH, N_("TỆP"), N_("chứng thư TLS")},
	{"tls-key", 0, CV_OPT_PATH, N_("TỆP"), N_("khóa riêng của chứng thư")},
	{"port-file", 0, CV_OPT_PATH, N_("TỆP"), N_("ghi cổng đang nghe vào tệp này")},
	{0},
};
static const struct cv_opt unit_opts[] = {
	{"name", 0, CV_OPT_TEXT, N_("TÊN"), N_("tên đơn vị")},
	{"parent", 0, CV_OPT_TEXT, N_("MÃ"), N_("đơn vị cấp trên, mặc định là chính cơ quan (office)")},
	{0},
};
static const struct cv_opt user_opts[] = {
	{"full-name", 0, CV_OPT_TEXT, N_("HỌ_TÊN"), N_("họ và tên")},
	{"unit", 0, CV_OPT_TEXT, N_("MÃ"), N_("đơn vị")},
	{"role", 0, CV_OPT_TEXT, N_("VAI_TRÒ[,VAI_TRÒ]"),
	 N_("officer, head, deputy, leader, clerk, registrar, petition, admin")},
	{"phone", 0, CV_OPT_TEXT, N_("SỐ"), N_("điện thoại")},
	{"password-stdin", 0, CV_OPT_FLAG, NULL, N_("đọc mật khẩu từ dòng đầu của đầu vào chuẩn")},
	{0},
};
static const struct cv_opt set_opts[] = {
	{"full-name", 0, CV_OPT_TEXT, N_("HỌ_TÊN"), N_("họ và tên")},
	{"unit", 0, CV_OPT_TEXT, N_("MÃ"), N_("đơn vị")},
	{"role", 0, CV_OPT_TEXT, N_("VAI_TRÒ[,VAI_TRÒ]"),
	 N_("officer, head, deputy, leader, clerk, registrar, petition, admin")},
	{"phone", 0, CV_OPT_TEXT, N_("SỐ"), N_("điện thoại")},
	{0},
};
static const struct cv_opt password_opts[] = {
	{"password-stdin", 0, CV_OPT_FLAG, NULL, N_("đọc mật khẩu từ dòng đầu của đầu vào chuẩn")},
	{0},
};
static const struct cv_opt procedure_opts[] = {
	{"name", 0, CV_OPT_TEXT, N_("TÊN"), N_("tên thủ tục")},
	{"short", 0, CV_OPT_TEXT, N_("TÊN"), N_("tên gọn cho danh sách")},
	{"field", 0, CV_OPT_TEXT, N_("TÊN"), N_("lĩnh vực")},
	{"days", 0, CV_OPT_INT, N_("SỐ"), N_("thời hạn, ngày làm việc; 0 là trong ngày")},
	{"hours", 0, CV_OPT_INT, N_("SỐ"), N_("thời hạn, giờ làm việc")},
	{"route", 0, CV_OPT_TEXT, N_("ĐƯỜNG"), N_("desk, leader, head hoặc head_leader")},
	{"unit", 0, CV_OPT_TEXT, N_("MÃ"), N_("đơn vị giải quyết")},
	{"assignee", 0, CV_OPT_TEXT, N_("TÊN"), N_("người thụ lý mặc định")},
	{"pause", 0, CV_OPT_TEXT, N_("CÁCH"), N_("sau tạm dừng: continue hoặc restart")},
	{"level", 0, CV_OPT_INT, N_("SỐ"), N_("mức độ dịch vụ công trực tuyến 1 đến 4")},
	{0},
};
static const struct cv_opt holiday_opts[] = {
	{"unit", 0, CV_OPT_TEXT, N_("MÃ"), N_("riêng cho đơn vị này")},
	{"note", 0, CV_OPT_TEXT, N_("CHỮ"), N_("ghi chú")},
	{0},
};
static const struct cv_opt policy_opts[] = {
	{"unit", 0, CV_OPT_TEXT, N_("MÃ"), N_("riêng cho đơn vị này")},
	{0},
};

static const struct cv_opt demo_opts[] = {
	{"size", 0, CV_OPT_TEXT, "small|large", N_("66 hồ sơ, hoặc 100.000")},
	{0},
};
static const struct cv_opt import_opts[] = {
	{"map", 0, CV_OPT_PATH, N_("TỆP"), N_("tệp ánh xạ cột và giá trị của phần mềm khác")},
	{"set", 0, CV_OPT_LIST, N_("CỘT=GIÁ_TRỊ"), N_("giá trị cho mọi dòng")},
	{"dry-run", 0, CV_OPT_FLAG, NULL, N_("chỉ kiểm tra, không lưu")},
	{"skip-bad", 0, CV_OPT_FLAG, NULL, N_("lưu các dòng đúng, bỏ các dòng lỗi")},
	{"update", 0, CV_OPT_FLAG, NULL, N_("đổi cái đã có theo tệp")},
	{"skip-existing", 0, CV_OPT_FLAG, NULL, N_("giữ nguyên cái đã có")},
	{"slips", 0, CV_OPT_PATH, N_("TỆP"), N_("ghi phiếu mật khẩu lần đầu của người dùng mới vào đây")},
	{"template", 0, CV_OPT_FLAG, NULL, N_("in dòng tiêu đề")},
	{0},
};

static const struct cv_verb verbs[] = {
	{"init", NULL, NULL, 0, 0, init_opts, N_("lập dữ liệu cho một cơ quan mới"),
	 "congvud init --data /var/lib/congvu --office 'UBND Phường Mẫu' --code H29.12 --admin quantri", cv_admin_init},
	{"serve", NULL, NULL, 0, 0, serve_opts, N_("chạy máy chủ"), "congvud serve --data /var/lib/congvu",
	 cv_admin_serve},
	{"unit", "add", N_("MÃ"), 1, 1, unit_opts, N_("thêm đơn vị"),
	 "congvud unit add p1 --name 'Phòng Tư pháp' --data /var/lib/congvu", cv_admin_unit_add},
	{"unit", "list", NULL, 0, 0, NULL, N_("các đơn vị: mã, tên, cấp trên"), NULL, cv_admin_unit_list},
	{"user", "add", N_("TÊN"), 1, 1, user_opts, N_("thêm người dùng"),
	 "congvud user add hanh --full-name 'Nguyễn Thị Hạnh' --unit p1 --role officer --data /var/lib/congvu",
	 cv_admin_user_add},
	{"user", "set", N_("TÊN"), 1, 1, set_opts, N_("đổi họ tên, đơn vị, vai trò, điện thoại"),
	 "congvud user set hanh --unit p2 --data /var/lib/congvu", cv_admin_user_set},
	{"user", "disable", N_("TÊN"), 1, 1, NULL, N_("khóa người dùng, có hiệu lực ngay"), NULL,
	 cv_admin_user_disable},
	{"user", "list", NULL, 0, 0, NULL, N_("người dùng: tên, họ tên, vai trò, điện thoại"), NULL,
	 cv_admin_user_list},
	{"user", "reset-password", N_("TÊN"), 1, 1, password_opts, N_("đặt mật khẩu mới; mọi máy phải đăng nhập lại"),
	 NULL, cv_admin_user_reset_password},
	{"policy", "list", NULL, 0, 0, policy_opts, N_("các mục cơ quan đặt được"), NULL, cv_admin_policy_list},
	{"policy", "get", N_("MỤC"), 1, 1, policy_opts, N_("giá trị của một mục"), NULL, cv_admin_policy_get},
	{"policy", "set", N_("MỤC GIÁ_TRỊ"), 2, 2, policy_opts, N_("đặt một mục"),
	 "congvud policy set register_by 08:30 --data /var/lib/congvu", cv_admin_policy_set},
	{"procedure", "set", N_("MÃ"), 1, 1, procedure_opts, N_("thêm hoặc đổi một thủ tục"),
	 "congvud procedure set 1.004873 --days 3 --route head_leader --data /var/lib/congvu", cv_admin_procedure_set},
	{"procedure", "list", NULL, 0, 0, NULL, N_("các thủ tục"), NULL, cv_admin_procedure_list},
	{"holiday", "set", N_("NGÀY OFF|WORK"), 2, 2, holiday_opts, N_("đặt ngày nghỉ hoặc ngày làm bù"),
	 "congvud holiday set 2027-02-11 OFF --data /var/lib/congvu", cv_admin_holiday_set},
	{"holiday", "list", NULL, 0, 0, NULL, N_("ngày nghỉ, làm bù do cơ quan đặt"), NULL, cv_admin_holiday_list},
	{"device", "list", NULL, 0, 0, NULL, N_("các máy đang đăng nhập"), NULL, cv_admin_device_list},
	{"device", "revoke", N_("MÁY"), 1, 1, NULL, N_("thu quyền đăng nhập của một máy"), NULL,
	 cv_admin_device_revoke},
	{"backup", NULL, N_("TỆP"), 1, 1, NULL, N_("sao lưu toàn bộ dữ liệu, cả khi máy chủ đang chạy"),
	 "congvud backup /var/backups/congvu.db --data /var/lib/congvu", cv_admin_backup},
	{"restore", NULL, N_("TỆP"), 1, 1, NULL,
	 N_("khôi phục từ bản sao lưu; dữ liệu đang có được giữ bên cạnh, các máy gửi lại việc 30 ngày gần đây"),
	 "congvud restore /var/backups/congvu.db --data /var/lib/congvu", cv_admin_restore},
	{"check", NULL, NULL, 0, 0, NULL, N_("kiểm tra dữ liệu và chuỗi nhật ký"), NULL, cv_admin_check},
	{"demo", NULL, NULL, 0, 0, demo_opts, N_("lập một cơ quan mẫu để dùng thử"), "congvud demo --data /tmp/mau",
	 cv_admin_demo},
	{"import", "units", N_("TỆP.csv"), 0, 1, import_opts, N_("nhập đơn vị"), NULL, cv_admin_import},
	{"import", "users", N_("TỆP.csv"), 0, 1, import_opts, N_("nhập người dùng"),
	 "congvud import users nguoi-dung.csv --slips phieu.txt --data /var/lib/congvu", cv_admin_import},
	{"import", "procedures", N_("TỆP.csv"), 0, 1, import_opts, N_("nhập thủ tục"), NULL, cv_admin_import},
	{"import", "holidays", N_("TỆP.csv"), 0, 1, import_opts, N_("nhập ngày nghỉ, ngày làm bù"), NULL,
	 cv_admin_import},
	{"import", "dossiers", N_("TỆP.csv"), 0, 1, import_opts, N_("nhập hồ sơ của phần mềm khác"),
	 "congvud import dossiers la311.csv --map docs/examples/la311.map --data /var/lib/congvu", cv_admin_import},
	{"export", "units", NULL, 0, 0, NULL, N_("in đơn vị dạng CSV"), NULL, cv_admin_export},
	{"export", "users", NULL, 0, 0, NULL, N_("in người dùng dạng CSV"), NULL, cv_admin_export},
	{"export", "procedures", NULL, 0, 0, NULL, N_("in thủ tục dạng CSV"), NULL, cv_admin_export},
	{"export", "holidays", NULL, 0, 0, NULL, N_("in ngày nghỉ, ngày làm bù dạng CSV"), NULL, cv_admin_export},
	{"export", "dossiers", NULL, 0, 0, NULL, N_("in hồ sơ dạng CSV"), NULL, cv_admin_export},
	{0},
};

const struct cv_program cv_congvud = {
	.name = "congvud",
	.version = CONGVU_VERSION,
	.about = N_("máy chủ trung tâm của cơ quan"),
	.verbs = verbs,
	.globals = globals,
	.settings = cv_admin_settings,
};
