/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The first run: three fields (four where nobody has set the server), a line to try Vietnamese, the six keys. */
#include "client/tui/view/login.h"
#include "client/tui/widget/form.h"

#include <congvu/base/i18n.h>
#include <congvu/base/mem.h>
#include <congvu/base/seal.h>

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const machines[] = {"own", "shared", NULL};

static const char *machine_label(const char *machine)
{
	return strcmp(machine, "own") == 0 ? _("của riêng tôi") : _("dùng chung: gửi xong thì xóa");
}

struct attempt {
	struct cv_core *core;
	struct cv_login how;
	struct cv_err err;
	enum cv_rc rc;
	atomic_bool done;
};

static void *log_in(void *data)
{
	struct attempt *a = data;

	a->rc = cv_core_login(a->core, &a->how, &a->err);
	atomic_store(&a->done, true);
	return NULL;
}

static void draw(struct cv_ui *ui, struct cv_form *form, const char *told)
{
	struct cv_term *t = ui->term;
	int rows = cv_term_rows(t), cols = cv_term_cols(t), y;
	const char *help = cv_core_config(ui->core, "help_phone");

	cv_term_erase(t);
	cv_put(t, 1, cols > 60 ? 22 : 1, -1, CV_BOLD, _("CÔNG VỤ"));
	cv_put(t, 2, cols > 60 ? 22 : 1, -1, CV_PLAIN, _("Làm việc tại nhà: hồ sơ, việc hôm nay, báo cáo"));
	cv_put(t, 4, 1, cols - 2, CV_PLAIN, _("Lần đầu trên máy này: điền các ô rồi bấm Enter. Mất khoảng 1 phút."));
	cv_form_draw(form, t, 6, 6, cols);
	cv_put(t, 12, 1, cols - 2, CV_ALERT, told);
	cv_rule(t, 13, 1, cols - 2);
	y = 14;
	if (rows > 20) {
		cv_put(t, y++, 1, cols - 2, CV_PLAIN, _("Sáu phím đủ dùng cả ngày:"));
		cv_put(t, y++, 4, cols - 5, CV_PLAIN,
		       _("↑ ↓   chọn dòng          Enter   mở, làm tiếp       Esc   quay lại"));
		cv_put(t, y++, 4, cols - 5, CV_PLAIN,
		       _("m     mọi việc làm được  F2      gửi, lưu           ?     giúp"));
		cv_put(t, y, 1, cols - 2, CV_PLAIN,
		       _("Không phím nào ở đây làm mất dữ liệu. Rớt mạng vẫn làm tiếp, vào lại là còn."));
	}
	if (help[0] != '\0') {
		char line[160];
		snprintf(line, sizeof(line), _("Cần người giúp: %s, đọc mã này cho họ: M-001"), help);
		cv_put(t, rows - 2, 1, cols - 2, CV_PLAIN, line);
	}
	cv_put(t, rows - 1, 1, cols - 2, CV_BOLD, _("Enter Đăng nhập  Tab Ô tiếp  Esc Thoát"));
	cv_term_show(t);
}

/* Waits for the thread while the screen lives. */
static enum cv_rc attempt(struct cv_ui *ui, struct cv_form *form, const struct cv_login *how, struct cv_err *err)
{
	struct attempt a = {.core = ui->core, .how = *how};
	pthread_t thread;
	struct cv_key key;

	cv_err_init(&a.err);
	if (pthread_create(&thread, NULL, log_in, &a) != 0)
		return cv_err_set(err, CV_INTERNAL, NULL, NULL);
	while (!atomic_load(&a.done)) {
		draw(ui, form, _("Đang đăng nhập…"));
		cv_term_key(ui->term, &key, 200, -1);
	}
	pthread_join(thread, NULL);
	*err = a.err;
	return a.rc;
}

static void fields(struct cv_ui *ui, struct cv_form *form)
{
	struct cv_field list[] = {
		{.name = "server", .label = _("Máy chủ"), .kind = CV_FIELD_LINE, .width = 40, .max = 200},
		{.name = "user",
		 .label = _("Tên đăng nhập"),
		 .kind = CV_FIELD_LINE,
		 .width = 24,
		 .max = 40,
		 .hint = _("ghi trên phiếu cấp tài khoản")},
		{.name = "password",
		 .label = _("Mật khẩu"),
		 .kind = CV_FIELD_SECRET,
		 .width = 24,
		 .max = 400,
		 .hint = _("hiện dấu * thay chữ là đúng")},
		{.name = "machine",
		 .label = _("Máy này"),
		 .kind = CV_FIELD_CHOICE,
		 .choices = machines,
		 .choice_label = machine_label},
		{.name = "try",
		 .label = _("Gõ thử"),
		 .kind = CV_FIELD_LINE,
		 .width = 24,
		 .max = 200,
		 .hint = _("tiếng Việt có dấu, rồi bỏ qua")},
	};
	bool known = cv_core_config(ui->core, "server")[0] != '\0';

	cv_form_init(form);
	for (size_t i = known ? 1 : 0; i < CV_COUNT(list); i++)
		cv_form_add(form, &list[i]);
}

/* The keyring if there is one; a file only after a yes. */
static enum cv_rc with_key(struct cv_ui *ui, struct cv_form *form, struct cv_login *how, struct cv_err *err)
{
	const char *set = cv_core_config(ui->core, "secrets");

	how->secrets = set[0] != '\0' ? set : "libsecret";
	enum cv_rc rc = attempt(ui, form, how, err);
	if (set[0] != '\0' || (rc != CV_LOCKED && rc != CV_IO && rc != CV_CONFIG && rc != CV_INTERNAL) ||
	    !cv_ui_confirm(ui,
			   _("Máy này không có kho khóa. Giữ khóa trong tệp mà chỉ tài khoản này trên máy đọc được?")))
		return rc;
	cv_err_init(err);
	how->secrets = "file";
	return attempt(ui, form, how, err);
}

static enum cv_rc try_login(struct cv_ui *ui, struct cv_form *form, char told[700])
{
	const char *set = cv_core_config(ui->core, "server"), *ca = cv_core_config(ui->core, "ca");
	struct cv_login how = {.server = set[0] != '\0' ? set : cv_form_text(form, "server"),
			       .user = cv_form_text(form, "user"),
			       .password = cv_form_text(form, "password"),
			       .ca_file = ca[0] != '\0' ? ca : NULL};
	struct cv_err err;

	cv_err_init(&err);
	if (how.server[0] == '\0' || how.user[0] == '\0' || how.password[0] == '\0') {
		cv_strcopy(told, 700, _("Còn ô chưa điền"));
		return CV_DATA;
	}
	enum cv_rc rc = with_key(ui, form, &how, &err);
	if (rc != CV_OK)
		snprintf(told, 700, "%s%s%s", err.detail, err.hint[0] != '\0' ? ". " : "", err.hint);
	return rc;
}

bool cv_first_run(struct cv_ui *ui, bool *shared)
{
	struct cv_form form;
	struct cv_key key;
	char told[700] = "";
	enum cv_rc rc = CV_DATA;

	fields(ui, &form);
	while (rc != CV_OK) {
		draw(ui, &form, told);
		if (!cv_term_key(ui->term, &key, 1000, -1)) {
			if (cv_term_signal(ui->term) != 0)
				break;
			continue;
		}
		enum cv_form_act act = CV_FORM_TAKEN;
		/* Enter logs in as soon as there is something to log in with. */
		if (key.kind == CV_KEY_ENTER && cv_form_text(&form, "password")[0] != '\0')
			act = CV_FORM_SEND;
		else
			act = cv_form_key(&form, &key, cv_term_paste(ui->term), cv_term_cols(ui->term));
		if (act == CV_FORM_LEAVE)
			break;
		if (act == CV_FORM_SEND)
			rc = try_login(ui, &form, told);
	}
	*shared = cv_form_field(&form, "machine")->chosen == 1;
	cv_form_finish(&form);
	return rc == CV_OK;
}
