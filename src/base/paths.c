/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where files live: XDG Base Directory 0.8, with the password database when HOME is missing (cron). */
#include <congvu/base/fs.h>
#include <congvu/base/i18n.h>
#include <congvu/base/mem.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool account_ok(const char *name)
{
	static const char first[] = "abcdefghijklmnopqrstuvwxyz0123456789";
	static const char rest[] = "abcdefghijklmnopqrstuvwxyz0123456789_.-";
	size_t n = strlen(name);

	return n >= 1 && n <= 32 && strchr(first, name[0]) != NULL && strspn(name, rest) == n;
}

static char *home_of(const struct cv_env *env)
{
	const char *home = env->get(env->data, "HOME");
	struct passwd pw, *found = NULL;
	char text[4096];

	if (home != NULL && home[0] == '/')
		return cv_strdup(home);
	if (getpwuid_r(geteuid(), &pw, text, sizeof(text), &found) != 0 || found == NULL)
		return NULL;
	return found->pw_dir != NULL && found->pw_dir[0] == '/' ? cv_strdup(found->pw_dir) : NULL;
}

/* Relative values of XDG variables are invalid and ignored, as the specification says. */
static char *base_dir(const struct cv_env *env, const char *variable, const char *home, const char *under)
{
	const char *value = env->get(env->data, variable);

	if (value != NULL && value[0] == '/')
		return cv_strf("%s/congvu", value);
	return cv_strf("%s/%s/congvu", home, under);
}

enum cv_rc cv_paths_init(struct cv_paths *p, const struct cv_env *env, const char *account, struct cv_err *err)
{
	char *home, *data;

	memset(p, 0, sizeof(*p));
	if (account == NULL)
		account = "default";
	if (!account_ok(account)) {
		cv_err_set(err, CV_CONFIG, "account", _("tên tài khoản “%s” không dùng được"), account);
		cv_err_hint(err, _("dùng chữ thường không dấu, chữ số, “_”, “.” hoặc “-”, nhiều nhất 32 ký tự"));
		return CV_CONFIG;
	}
	home = home_of(env);
	if (home == NULL) {
		cv_err_set(err, CV_CONFIG, NULL, _("không biết thư mục nhà (HOME)"));
		cv_err_hint(err, _("đặt biến HOME rồi chạy lại"));
		return CV_CONFIG;
	}
	p->config = base_dir(env, "XDG_CONFIG_HOME", home, ".config");
	data = base_dir(env, "XDG_DATA_HOME", home, ".local/share");
	p->data = cv_strf("%s/%s", data, account);
	p->state = base_dir(env, "XDG_STATE_HOME", home, ".local/state");
	p->system = cv_strdup("/etc/congvu");
	free(data);
	free(home);
	return CV_OK;
}

void cv_paths_finish(struct cv_paths *p)
{
	free(p->config);
	free(p->data);
	free(p->state);
	free(p->system);
	memset(p, 0, sizeof(*p));
}
