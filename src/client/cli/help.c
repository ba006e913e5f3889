/* SPDX-License-Identifier: GPL-3.0-or-later */
/* congvu help: a command's usage, or one of the topics that are no command. */
#include "cli.h"

#include <congvu/base/i18n.h>
#include <congvu/base/mem.h>

#include <stdlib.h>
#include <string.h>

static void topic_exit(void)
{
	for (int rc = CV_OK; rc < CV_RC_COUNT; rc++)
		printf("%4d  %-16s %s\n", cv_rc_exit((enum cv_rc)rc), cv_rc_code((enum cv_rc)rc),
		       cv_rc_text((enum cv_rc)rc));
}

static void topic_conf(void)
{
	const char *key, *help;

	for (size_t i = 0; (key = cv_core_setting(i, &help)) != NULL; i++)
		printf("  %-16s %s\n", key, help);
}

static const struct {
	const char *name;
	void (*print)(void);
	const char *help;
} topics[] = {
	{"exit", topic_exit, N_("mã kết thúc và mã lỗi")},
	{"conf", topic_conf, N_("các mục của congvu.conf")},
};

static bool is_noun(const char *word)
{
	for (const struct cv_verb *v = cv_congvu.verbs; v->noun != NULL; v++)
		if (v->noun[0] != '\0' && strcmp(v->noun, word) == 0)
			return true;
	return false;
}

static const char *nearest(const char *word)
{
	const char *words[256] = {NULL};
	size_t n = 0;

	for (size_t i = 0; i < CV_COUNT(topics); i++)
		words[n++] = topics[i].name;
	for (const struct cv_verb *v = cv_congvu.verbs; v->noun != NULL && n + 1 < CV_COUNT(words); v++)
		if (v->noun[0] != '\0')
			words[n++] = v->noun;
	return cv_suggest(word, words);
}

int cv_cli_help(void *app, const struct cv_args *args)
{
	const char *word = cv_args_operand(args, 0);
	struct cv_cli *cli = app;
	struct cv_err err;

	if (word == NULL) {
		cv_usage(stdout, &cv_congvu, NULL, NULL);
		printf("\n%s\n", _("Đọc thêm:"));
		for (size_t i = 0; i < CV_COUNT(topics); i++)
			printf("  congvu help %-16s %s\n", topics[i].name, _(topics[i].help));
		return 0;
	}
	for (size_t i = 0; i < CV_COUNT(topics); i++) {
		if (strcmp(topics[i].name, word) == 0) {
			topics[i].print();
			return 0;
		}
	}
	if (is_noun(word)) {
		cv_usage(stdout, &cv_congvu, word, cv_args_operand(args, 1));
		return 0;
	}
	cv_err_init(&err);
	cv_err_set(&err, CV_USAGE, NULL, _("không có lệnh “%s”"), word);
	if (nearest(word) != NULL)
		cv_err_hint(&err, _("có phải %s?"), nearest(word));
	return cv_cli_fail(cli, &err, NULL);
}
