/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The two forms of screen 2: several rows of work at once; the result of one. */
#include "client/tui/view/form_view.h"

#include <congvu/base/i18n.h>
#include <congvu/base/mem.h>
#include <congvu/base/time.h>
#include <congvu/model/words.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROWS 8

struct form {
	struct cv_form_view base;
	bool recording;
	char date[CV_DATE_SIZE], eid[CV_ID_MAX + 1], percent[24];
	char names[ROWS][16], labels[ROWS][24];
};

static const char *const places[] = {"home", "office", "field", NULL};
static const char *const states[] = {"planned", "doing", "done", "partial", "dropped", NULL};

static struct cv_json *registration(struct form *x)
{
	struct cv_json *args = cv_json_new_object(), *items = cv_json_new_array(), *all = cv_form_args(&x->base.form);
	char eid[CV_UUID_SIZE];

	for (int i = 0; i < ROWS; i++) {
		const char *title = cv_json_str(all, x->names[i]);
		if (title == NULL)
			continue;
		struct cv_json *item = cv_json_new_object();
		cv_uuid7(x->base.view.ui->env, eid);
		cv_json_set_str(item, "eid", eid);
		cv_json_set_str(item, "title", title);
		cv_json_push(items, item);
	}
	cv_json_set_str(args, "date", x->date);
	cv_json_set(args, "items", items);
	cv_json_set_str(args, "place", cv_json_str(all, "place"));
	cv_json_destroy(all);
	return args;
}

static struct cv_json *recording(struct form *x, bool *bad)
{
	struct cv_json *args = cv_form_args(&x->base.form);
	const char *text = cv_form_text(&x->base.form, "percent");
	char *end;
	long n = strtol(text, &end, 10);

	cv_json_remove(args, "percent");
	*bad = *end != '\0' || n < 0 || n > 100;
	/* Left as it was: then what is finished becomes 100 by itself. */
	if (text[0] != '\0' && strcmp(text, x->percent) != 0)
		cv_json_set_int(args, "percent", n);
	cv_json_set_str(args, "eid", x->eid);
	return args;
}

static bool final_state(const char *state)
{
	return strcmp(state, "done") == 0 || strcmp(state, "partial") == 0 || strcmp(state, "dropped") == 0;
}

/* Was this the last open row? Then the day is recorded and the 17h report is offered. */
static bool all_done(struct form *x)
{
	struct cv_json *day = NULL;
	int open = 0;

	cv_core_get(x->base.view.ui->core, CV_KIND_WORKDAY, x->base.id, &day, NULL);
	CV_JSON_EACH (item, cv_json_array_of(day, "items")) {
		if (!final_state(cv_json_s(item, "state")) && strcmp(cv_json_s(item, "eid"), x->eid) != 0)
			open++;
	}
	cv_json_destroy(day);
	return open == 0;
}

static unsigned send(struct cv_form_view *base)
{
	struct form *x = (struct form *)base;
	bool bad = false;
	struct cv_json *args = x->recording ? recording(x, &bad) : registration(x);
	unsigned turn;

	if (bad) {
		turn = cv_form_view_wrong(base, "percent", _("Phần trăm phải là số từ 0 đến 100"));
	} else if (!x->recording && cv_json_count(cv_json_array_of(args, "items")) == 0) {
		turn = cv_form_view_wrong(base, "", _("Chưa có việc nào để đăng ký"));
	} else {
		bool offer = !x->recording || (final_state(cv_json_s(args, "state")) && all_done(x));
		turn = cv_form_view_act(base, x->recording ? "workday.record" : "workday.register", args, base->title);
		/* The report is filled from what is being queued: it is offered when that is safe. */
		if (offer && base->sent) {
			base->view.ui->offer_after = base->act;
			base->view.ui->offer_registering = !x->recording;
		}
	}
	cv_json_destroy(args);
	return turn;
}

static const struct cv_view_ops ops = {
	.name = N_("Ghi việc"), .code = "M-202", .draw = cv_form_view_draw, CV_FORM_VIEW_OPS};

static struct form *new_form(struct cv_ui *ui, const char *draft)
{
	struct form *x = cv_alloc(sizeof(*x));

	cv_form_view_init(&x->base, ui, &ops);
	x->base.send = send;
	x->base.draft = cv_strdup(draft);
	cv_ui_today(ui, x->date);
	cv_id_workday(x->base.id, cv_core_user(ui->core), x->date);
	return x;
}

struct cv_view *cv_view_register(struct cv_ui *ui)
{
	struct form *x = new_form(ui, "work/register");
	struct cv_field place = {.name = "place",
				 .label = _("Nơi làm việc"),
				 .kind = CV_FIELD_CHOICE,
				 .choices = places,
				 .choice_label = cv_word_label};

	x->base.title = cv_strdup(_("Đăng ký việc hôm nay"));
	x->base.place = "register";
	for (int i = 0; i < ROWS; i++) {
		snprintf(x->names[i], sizeof(x->names[i]), "item%d", i);
		snprintf(x->labels[i], sizeof(x->labels[i]), _("Việc %d"), i + 1);
		struct cv_field f = {.name = x->names[i], .label = x->labels[i], .kind = CV_FIELD_LINE, .max = 500};
		cv_form_add(&x->base.form, &f);
	}
	cv_form_add(&x->base.form, &place);
	cv_form_view_take_draft(&x->base);
	return &x->base.view;
}

struct cv_view *cv_view_record(struct cv_ui *ui, const char *id, const struct cv_json *item)
{
	char *draft = cv_strf("work/record/%s", cv_json_s(item, "eid"));
	struct form *x = new_form(ui, draft);
	struct cv_field fields[] = {
		{.name = "state",
		 .label = _("Tình trạng"),
		 .kind = CV_FIELD_CHOICE,
		 .choices = states,
		 .choice_label = cv_word_label},
		{.name = "percent", .label = _("Phần trăm"), .kind = CV_FIELD_LINE, .width = 5, .max = 3},
		{.name = "result", .label = _("Kết quả đạt được"), .kind = CV_FIELD_TEXT, .rows = 6},
	};

	free(draft);
	x->recording = true;
	cv_strcopy(x->base.id, sizeof(x->base.id), id);
	cv_strcopy(x->eid, sizeof(x->eid), cv_json_s(item, "eid"));
	x->base.title =
		cv_strf(_("Kết quả việc %lld · %s"), (long long)cv_json_int(item, "n", 0), cv_json_s(item, "title"));
	for (size_t i = 0; i < CV_COUNT(fields); i++)
		cv_form_add(&x->base.form, &fields[i]);
	snprintf(x->percent, sizeof(x->percent), "%lld", (long long)cv_json_int(item, "percent", 0));
	cv_form_set(&x->base.form, "state", cv_json_s(item, "state"));
	cv_form_set(&x->base.form, "percent", x->percent);
	cv_form_set(&x->base.form, "result", cv_json_s(item, "result"));
	cv_form_view_take_draft(&x->base);
	return &x->base.view;
}
