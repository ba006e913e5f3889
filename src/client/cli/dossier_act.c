/* SPDX-License-Identifier: GPL-3.0-or-later */
/* congvu dossier <act> CODE…: one table says which option becomes which argument. */
#include "cli.h"

#include <congvu/base/i18n.h>
#include <congvu/base/mem.h>
#include <congvu/core/dossiers.h>

#include <stdlib.h>
#include <string.h>

enum shape { TEXT, FLAG, NUMBER, LIST };
struct give {
	const char *option, *argument;
	enum shape shape;
};
#define GIVE_MAX 5
static const struct {
	const char *verb, *op;
	struct give gives[GIVE_MAX];
} acts[] = {
	{"accept", "dossier.accept", {{"take", "take", FLAG}}},
	{"forward", "dossier.forward", {{"to", "unit", TEXT}}},
	{"assign",
	 "dossier.assign",
	 {{"to", "assignee", TEXT}, {"co", "co", LIST}, {"watch", "watch", LIST}, {"reason", "reason", TEXT}}},
	{"start", "dossier.start", {{NULL, NULL, TEXT}}},
	{"note", "dossier.note", {{"text", "text", TEXT}}},
	{"submit", "dossier.submit", {{"text", "text", TEXT}}},
	{"recall", "dossier.recall", {{NULL, NULL, TEXT}}},
	{"endorse", "dossier.endorse", {{"n", "n", NUMBER}, {"comment", "comment", TEXT}}},
	{"approve", "dossier.approve", {{"n", "n", NUMBER}, {"comment", "comment", TEXT}}},
	{"return", "dossier.return", {{"n", "n", NUMBER}, {"reason", "comment", TEXT}, {"comment", "comment", TEXT}}},
	{"issue", "dossier.issue", {{"n", "n", NUMBER}, {"number", "number", TEXT}, {"date", "date", TEXT}}},
	{"refuse", "dossier.refuse", {{"reason", "reason", TEXT}}},
	{"request-supplement",
	 "dossier.request-supplement",
	 {{"item", "items", LIST},
	  {"reason", "reason", TEXT},
	  {"contact", "contact", TEXT},
	  {"reply-by", "reply_by", TEXT},
	  {"again", "again", FLAG}}},
	{"receive-supplement", "dossier.receive-supplement", {{"item", "received", LIST}, {"text", "text", TEXT}}},
	{"request-payment", "dossier.request-payment", {{"amount", "amount", NUMBER}, {"text", "name", TEXT}}},
	{"confirm-payment", "dossier.confirm-payment", {{"text", "receipt", TEXT}}},
	{"request-withdrawal", "dossier.request-withdrawal", {{"reason", "reason", TEXT}}},
	{"settle-withdrawal", "dossier.settle-withdrawal", {{"agree", "agree", FLAG}, {"reason", "reason", TEXT}}},
	{"stop", "dossier.stop", {{"reason", "reason", TEXT}}},
	{"rework", "dossier.rework", {{"reason", "reason", TEXT}}},
	{"deliver",
	 "dossier.deliver",
	 {{"way", "way", TEXT}, {"receiver", "receiver", TEXT}, {"tracking", "tracking", TEXT}}},
	{"extend", "dossier.extend", {{"until", "until", TEXT}, {"reason", "reason", TEXT}}},
	{"reroute", "dossier.reroute", {{"to", "unit", TEXT}, {"reason", "reason", TEXT}}},
	{"explain", "dossier.explain", {{"reason", "reason", TEXT}}},
	{"apologise", "dossier.apologise", {{"text", "text", TEXT}, {"contact", "contact", TEXT}}},
	{"edit", "dossier.edit", {{"priority", "priority", TEXT}}},
};

static void give(struct cv_json *out, const struct cv_args *args, const struct give *g)
{
	long n;

	if (g->shape == FLAG && cv_args_flag(args, g->option))
		cv_json_set_bool(out, g->argument, true);
	if (g->shape == NUMBER && cv_args_int(args, g->option, &n))
		cv_json_set_int(out, g->argument, n);
	if (g->shape == TEXT && cv_args_text(args, g->option) != NULL)
		cv_json_set_str(out, g->argument, cv_args_text(args, g->option));
	if (g->shape == LIST && cv_args_count(args, g->option) > 0) {
		struct cv_json *list = cv_json_new_array();
		for (size_t i = 0; i < cv_args_count(args, g->option); i++)
			cv_json_push(list, cv_json_new_string(cv_args_nth(args, g->option, i)));
		cv_json_set(out, g->argument, list);
	}
}

/* An edit names only what it edits. */
static void give_person(struct cv_json *out, const struct cv_args *args)
{
	static const char *const members[][2] = {{"applicant", "name"}, {"phone", "phone"}, {"address", "address"}};
	struct cv_json *person = cv_json_new_object();

	for (size_t i = 0; i < CV_COUNT(members); i++)
		cv_json_set_str(person, members[i][1], cv_args_text(args, members[i][0]));
	if (cv_json_count(person) > 0)
		cv_json_set(out, "applicant", person);
	else
		cv_json_destroy(person);
}

/* What the dossier itself adds: the proposal that is meant, the element's id. */
static void complete(struct cv_cli *cli, struct cv_json *out, const char *op, const char *id)
{
	char eid[CV_UUID_SIZE];
	struct cv_json *d = NULL;

	for (const struct cv_arg *arg = cv_op_find(op)->args; arg->name != NULL; arg++)
		if (strcmp(arg->name, "eid") == 0) {
			cv_uuid7(cli->env, eid);
			cv_json_set_str(out, "eid", eid);
		}
	if (cv_args_flag(cli->args, "disagree"))
		cv_json_set_bool(out, "agree", false);
	bool names = strcmp(op, "dossier.endorse") == 0 || strcmp(op, "dossier.approve") == 0 ||
		     strcmp(op, "dossier.return") == 0 || strcmp(op, "dossier.issue") == 0;
	if (!names || cv_json_get(out, "n") != NULL || cv_core_get(cli->core, CV_KIND_DOSSIER, id, &d, NULL) != CV_OK)
		return;
	int64_t n = cv_json_int(cv_json_object_of(d, "proposal"), "n", 0);
	if (n > 0)
		cv_json_set_int(out, "n", n);
	cv_json_destroy(d);
}

int cv_cli_dossier_act(void *app, const struct cv_args *args)
{
	struct cv_cli *cli = app;
	const char *verb = cv_args_verb(args)->verb;
	size_t count = cv_args_operands(args), i = 0;
	struct cv_err err;
	int status = cv_cli_open(cli, args, true, true);

	if (status != 0)
		return status;
	cv_err_init(&err);
	while (i + 1 < CV_COUNT(acts) && strcmp(acts[i].verb, verb) != 0)
		i++;
	struct cv_cli_act *todo = cv_reallocarray(NULL, count, sizeof(*todo));
	size_t n = 0;
	for (; n < count && status == 0; n++) {
		todo[n] = (struct cv_cli_act){.op = acts[i].op, .code = cv_args_operand(args, n)};
		todo[n].args = cv_json_new_object();
		for (int g = 0; g < GIVE_MAX && acts[i].gives[g].option != NULL; g++)
			give(todo[n].args, args, &acts[i].gives[g]);
		if (strcmp(verb, "edit") == 0)
			give_person(todo[n].args, args);
		if (cv_core_dossier_find(cli->core, todo[n].id, todo[n].code, &err) != CV_OK)
			status = cv_cli_fail(cli, &err, NULL);
		else
			complete(cli, todo[n].args, acts[i].op, todo[n].id);
	}
	if (status == 0)
		status = cv_cli_acts(cli, todo, n);
	for (size_t k = 0; k < n; k++)
		cv_json_destroy(todo[k].args);
	free(todo);
	return status;
}
