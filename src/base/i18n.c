/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Language. Vietnamese unless LC_ALL, LC_MESSAGES or LANG (the first one that is set) begins with "en".
 *
 * gettext looks for the language in the name of the LC_MESSAGES locale, or in $LANGUAGE; for the locale "C" it
 * looks nowhere. en_US.UTF-8 is not generated on most servers, C.UTF-8 always is there, and with it glibc (2.36,
 * Debian 12) obeys $LANGUAGE. So: LC_MESSAGES is the user's locale if it exists, else C.UTF-8, and $LANGUAGE is
 * set to "en" for this process. Not English: gettext is not asked at all.
 */
#include <congvu/base/fs.h>
#include <congvu/base/i18n.h>
#include <congvu/base/mem.h>
#include <langinfo.h>
#include <libintl.h>
#include <limits.h>
#include <locale.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

static bool english;

/* Messages in English were asked for: POSIX order of precedence, empty counts as unset. */
static bool wants_english(const struct cv_env *env)
{
	static const char *const variables[] = {"LC_ALL", "LC_MESSAGES", "LANG"};

	for (size_t i = 0; i < CV_COUNT(variables); i++) {
		const char *value = env->get(env->data, variables[i]);

		if (value != NULL && value[0] != '\0')
			return strncasecmp(value, "en", 2) == 0;
	}
	return false;
}

/* $exe/../locale or $exe/locale of a build tree, else the installed place. Caller frees. */
static char *locale_dir(void)
{
	static const char *const beside[] = {"locale", "../locale", "../share/locale"};
	char exe[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", exe, sizeof(exe) - 1);
	char *slash;

	if (n <= 0)
		return cv_strdup(CONGVU_PREFIX "/share/locale");
	exe[n] = '\0';
	slash = strrchr(exe, '/');
	if (slash == NULL)
		return cv_strdup(CONGVU_PREFIX "/share/locale");
	*slash = '\0';
	for (size_t i = 0; i < CV_COUNT(beside); i++) {
		char *dir = cv_strf("%s/%s", exe, beside[i]);
		char *file = cv_strf("%s/en/LC_MESSAGES/congvu.mo", dir);
		bool found = cv_file_exists(file);

		free(file);
		if (found)
			return dir;
		free(dir);
	}
	return cv_strdup(CONGVU_PREFIX "/share/locale");
}

/* Takes the environment's locale for the category; what is missing or not UTF-8 becomes C.UTF-8. */
static void set_category(int category)
{
	if (setlocale(category, "") == NULL || (category == LC_CTYPE && strcmp(nl_langinfo(CODESET), "UTF-8") != 0))
		setlocale(category, "C.UTF-8");
}

void cv_i18n_start(const struct cv_env *env)
{
	char *dir;
	const char *name;

	set_category(LC_CTYPE);
	set_category(LC_COLLATE);
	set_category(LC_MESSAGES);
	english = wants_english(env);
	if (!english)
		return;
	name = setlocale(LC_MESSAGES, NULL);
	if (name == NULL || strcmp(name, "C") == 0 || strcmp(name, "POSIX") == 0)
		setlocale(LC_MESSAGES, "C.UTF-8");
	setenv("LANGUAGE", "en", 1);
	dir = locale_dir();
	bindtextdomain("congvu", dir);
	bind_textdomain_codeset("congvu", "UTF-8");
	free(dir);
}

const char *cv_tr(const char *text)
{
	/* The empty msgid is the catalogue's header. */
	return english && text[0] != '\0' ? dgettext("congvu", text) : text;
}
