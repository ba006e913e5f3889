/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The report form: always opened filled from the day's work, kept as a draft, sent when the person has seen it. */
#include "client/tui/view/form_view.h"

#include <congvu/base/i18n.h>
#include <congvu/base/mem.h>
#include <congvu/base/time.h>
#include <congvu/model/fill.h>
#include <congvu/model/policy.h>
#include <congvu/model/slot.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct form {
	struct cv_form_view base;
	char slot[16], date[CV_DATE_SIZE];
};

static void add_text(struct form *x, const char *name, const char *label, const char *hint, int rows)
{
	struct cv_field f = {
		.name = name, .label = label, .hint = hint, .kind = CV_FIELD_TEXT, .rows = rows, .max = 16384};

	cv_form_add(&x->base.form, &f);
}

static void add_number(struct form *x, const char *name, const char *label)
{
	struct cv_field f = {.name = name, .label = label, .kind = CV_FIELD_LINE, .width = 6, .max = 7};

	cv_form_add(&x->base.form, &f);
}

static void add_fields(struct form *x)
{
	bool tight = cv_term_rows(x->base.view.ui->term) < 24;
	struct cv_field urgent = {
		.name = "urgent", .label = _("Khẩn"), .kind = CV_FIELD_CHECK, .hint = _("báo ngay lãnh đạo")};
	struct cv_field event = {.name = "event", .label = _("Sự việc"), .kind = CV_FIELD_LINE, .max = 500};

	x->base.form.label_width = 17;
	if (strcmp(x->slot, "adhoc") == 0)
		cv_form_add(&x->base.form, &event);
	add_text(x, "done", _("Đã làm"), _("(lấy từ Việc hôm nay, sửa được)"), tight ? 2 : 3);
	add_text(x, "doing", _("Đang làm, sẽ làm"), NULL, 2);
	add_text(x, "blocked", _("Vướng mắc"), NULL, 2);
	add_text(x, "proposal", _("Đề xuất, kiến nghị"), NULL, 2);
	add_number(x, "received", _("Tiếp nhận"));
	add_number(x, "settled", _("Giải quyết xong"));
	add_number(x, "overdue", _("Quá hạn"));
	cv_form_add(&x->base.form, &urgent);
}

static const struct cv_json *sent_report(struct form *x)
{
	const struct cv_json *report;

	return cv_ctx_get(cv_core_ctx(x->base.view.ui->core), CV_KIND_REPORT, x->base.id, &report) == CV_FOUND ? report
													       : NULL;
}

static void fill(struct form *x)
{
	static const char *const texts[] = {"done", "doing", "blocked", "proposal", "event"};
	static const char *const numbers[] = {"received", "settled", "overdue"};
	const struct cv_json *report = sent_report(x), *workday;
	char id[CV_ID_MAX + 1], *done, *doing, number[24];

	if (report != NULL) { /* a correction begins with what was sent */
		for (size_t i = 0; i < CV_COUNT(texts); i++)
			cv_form_set(&x->base.form, texts[i], cv_json_s(report, texts[i]));
		for (size_t i = 0; i < CV_COUNT(numbers); i++) {
			int64_t n = cv_json_int(cv_json_object_of(report, "counts"), numbers[i], -1);
			snprintf(number, sizeof(number), "%lld", (long long)n);
			cv_form_set(&x->base.form, numbers[i], n >= 0 ? number : "");
		}
		cv_form_set(&x->base.form, "urgent", cv_json_bool(report, "urgent", false) ? "1" : "0");
		return;
	}
	cv_id_workday(id, cv_core_user(x->base.view.ui->core), x->date);
	if (strcmp(x->slot, "adhoc") == 0 ||
	    cv_ctx_get(cv_core_ctx(x->base.view.ui->core), CV_KIND_WORKDAY, id, &workday) != CV_FOUND)
		return;
	cv_fill_from_workday(&done, &doing, workday);
	cv_form_set(&x->base.form, "done", done);
	cv_form_set(&x->base.form, "doing", doing);
	free(done);
	free(doing);
}

static bool read_number(struct form *x, struct cv_json *counts, const char *name)
{
	const char *text = cv_form_text(&x->base.form, name);
	char *end;

	text += strspn(text, " ");
	if (*text == '\0')
		return true;
	long n = strtol(text, &end, 10);
	end += strspn(end, " ");
	if (*end != '\0' || n < 0 || n > 1000000)
		return false;
	cv_json_set_int(counts, name, n);
	return true;
}

static struct cv_json *arguments(struct form *x, const char **wrong)
{
	static const char *const numbers[] = {"received", "settled", "overdue"};
	struct cv_json *args = cv_form_args(&x->base.form), *counts = cv_json_new_object();

	*wrong = NULL;
	for (size_t i = 0; i < CV_COUNT(numbers); i++) {
		cv_json_remove(args, numbers[i]);
		if (!read_number(x, counts, numbers[i]))
			*wrong = numbers[i];
	}
	if (cv_json_count(counts) > 0)
		cv_json_set(args, "counts", counts);
	else
		cv_json_destroy(counts);
	cv_json_set_str(args, "date", x->date);
	cv_json_set_str(args, "slot", x->slot);
	return args;
}

static unsigned send(struct cv_form_view *base)
{
	struct form *x = (struct form *)base;
	struct cv_ui *ui = base->view.ui;
	const char *wrong;
	struct cv_json *args = arguments(x, &wrong);
	struct cv_act act = cv_ui_actor(ui);
	struct cv_outcome out;
	char said[60];
	unsigned turn;

	if (strcmp(x->slot, "adhoc") == 0)
		cv_strcopy(said, sizeof(said), _("Báo cáo đột xuất"));
	else
		snprintf(said, sizeof(said), _("Báo cáo %sh"), x->slot);
	cv_op_apply(cv_core_ctx(ui->core), cv_op_find("report.submit"), base->id, sent_report(x), args, &act, &out);
	if (wrong != NULL)
		turn = cv_form_view_wrong(base, wrong, _("Số liệu phải là số từ 0 đến 1.000.000"));
	else if (out.st == CV_ST_REJECTED && (out.err.rc == CV_DATA || out.err.rc == CV_STATE_SECRET))
		turn = cv_form_view_wrong(base, out.err.field, out.err.detail);
	else
		turn = cv_form_view_act(base, "report.submit", args, said);
	cv_outcome_finish(&out);
	cv_json_destroy(args);
	return turn;
}

static void form_draw(struct cv_view *v, struct cv_term *t, int top, int bottom, int cols)
{
	struct form *x = (struct form *)v;
	char day[40], line[200], at[24];
	struct cv_slot slot;
	struct cv_json *policy = cv_ui_policy(v->ui);
	const struct cv_json *report = sent_report(x);
	int32_t date = 0;

	cv_date_parse(x->date, &date);
	cv_day_text(day, date);
	if (strcmp(x->slot, "adhoc") == 0)
		snprintf(line, sizeof(line), _("Báo cáo đột xuất · %s"), day);
	else
		snprintf(line, sizeof(line), _("Báo cáo %sh · %s"), x->slot, day);
	cv_put(t, top, 1, cols - 2, CV_BOLD, line);
	cv_put_right(t, top, cols - 1, CV_PLAIN, cv_person_name(v->ui, cv_core_user(v->ui->core)));
	line[0] = '\0';
	if (cv_slot_find(&slot, policy, x->slot)) {
		int open = slot.at - slot.open_before, close = slot.at + slot.grace;
		snprintf(line, sizeof(line), _("Nhận từ %02d:%02d · đúng giờ đến hết %02d:%02d"), open / 60, open % 60,
			 close / 60, close % 60);
	}
	int used = cv_put(t, top + 1, 1, cols - 2, CV_PLAIN, line);
	if (x->base.saved_at != CV_TIME_NONE) {
		cv_clock_text(at, x->base.saved_at, cv_ui_now(v->ui));
		snprintf(line, sizeof(line), _("nháp đã lưu %s"), at);
	} else {
		cv_strcopy(line, sizeof(line), report != NULL ? _("ĐÃ GỬI, đang sửa") : _("BẢN NHÁP, chưa gửi"));
	}
	if (used + 24 < cols)
		cv_put_right(t, top + 1, cols - 1, CV_PLAIN, line);
	cv_rule(t, top + 2, 1, cols - 2);
	cv_form_draw(&x->base.form, t, top + 3, bottom - top - 4, cols);
	cv_rule(t, bottom - 1, 1, cols - 2);
	cv_json_destroy(policy);
}

static const struct cv_view_ops ops = {
	.name = N_("Soạn báo cáo"), .code = "M-302", .draw = form_draw, CV_FORM_VIEW_OPS};

struct cv_view *cv_view_report_form(struct cv_ui *ui, const char *slot)
{
	struct form *x = cv_alloc(sizeof(*x));
	char uuid[CV_UUID_SIZE];

	cv_form_view_init(&x->base, ui, &ops);
	x->base.send = send;
	x->base.place = "report";
	cv_strcopy(x->base.place_id, sizeof(x->base.place_id), slot);
	cv_ui_today(ui, x->date);
	cv_strcopy(x->slot, sizeof(x->slot), slot);
	if (strcmp(slot, "adhoc") == 0) {
		cv_uuid7(ui->env, uuid);
		cv_strcopy(x->base.id, sizeof(x->base.id), uuid);
		x->base.draft = cv_strf("report/adhoc/%s", x->date);
	} else {
		cv_id_report(x->base.id, cv_core_user(ui->core), x->date, slot);
		x->base.draft = cv_strf("report/%s", x->base.id);
	}
	add_fields(x);
	fill(x);
	cv_form_view_take_draft(&x->base);
	return &x->base.view;
}
