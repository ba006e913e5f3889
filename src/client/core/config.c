/* SPDX-License-Identifier: GPL-3.0-or-later */
/* congvu.conf: the office's file first, one's own over it. */
#include "client/core/inside.h"

#include <congvu/base/cmdline.h>
#include <congvu/base/i18n.h>
#include <congvu/base/ini.h>
#include <congvu/base/mem.h>

#include <stdlib.h>
#include <string.h>

static const struct {
	const char *key, *help;
} table[] = {
	{"server", N_("địa chỉ máy chủ")},
	{"ca", N_("chứng thư gốc để tin máy chủ")},
	{"secrets", N_("nơi giữ khóa: libsecret, command, passphrase hoặc file")},
	{"secret_command", N_("lệnh in ra khóa, khi secrets = command")},
	{"proxy", N_("máy trung gian; biến môi trường không được xem")},
	{"device_name", N_("tên máy này trong danh sách máy đăng nhập")},
	{"scan_dir", N_("thư mục máy quét")},
	{"lock_after", N_("phút không dùng thì khóa")},
	{"help_phone", N_("số điện thoại hỗ trợ")},
};

const char *cv_core_setting(size_t i, const char **help)
{
	if (i >= CV_COUNT(table))
		return NULL;
	*help = _(table[i].help);
	return table[i].key;
}

static bool known(const char *key)
{
	for (size_t i = 0; i < CV_COUNT(table); i++)
		if (strcmp(table[i].key, key) == 0)
			return true;
	return false;
}

static void warn(struct cv_core *core, const char *key, int line)
{
	const char *words[CV_COUNT(table) + 1] = {NULL};

	for (size_t i = 0; i < CV_COUNT(table); i++)
		words[i] = table[i].key;
	const char *near = cv_suggest(key, words);
	char *text = near != NULL ? cv_strf(_("%s, dòng %d: không có mục “%s”; có phải “%s”?"), core->reading, line,
					    key, near)
				  : cv_strf(_("%s, dòng %d: không có mục “%s”"), core->reading, line, key);

	if (core->warnings == NULL)
		core->warnings = cv_json_new_array();
	cv_json_push(core->warnings, cv_json_new_string(text));
	free(text);
}

static enum cv_rc take(void *data, const char *section, const char *key, const char *value, int line,
		       struct cv_err *err)
{
	struct cv_core *core = data;

	(void)section;
	(void)err;
	if (!known(key)) {
		warn(core, key, line);
		return CV_OK;
	}
	for (int i = 0; i < core->setting_count; i++) {
		if (strcmp(core->settings[i].key, key) == 0) {
			free(core->settings[i].value);
			core->settings[i].value = cv_strdup(value);
			return CV_OK;
		}
	}
	core->settings[core->setting_count++] = (struct cv_setting){cv_strdup(key), cv_strdup(value)};
	return CV_OK;
}

enum cv_rc cv_config_load(struct cv_core *core, struct cv_err *err)
{
	const char *const dirs[] = {core->paths.system, core->paths.config};

	for (size_t i = 0; i < CV_COUNT(dirs); i++) {
		char *path = cv_strf("%s/congvu.conf", dirs[i]);
		struct cv_err own;
		cv_err_init(&own);
		core->reading = path;
		enum cv_rc rc = cv_ini_read(path, take, core, &own);
		core->reading = NULL;
		free(path);
		if (rc != CV_OK && rc != CV_NOT_FOUND) {
			if (err != NULL)
				*err = own;
			return rc;
		}
	}
	return CV_OK;
}

void cv_config_free(struct cv_core *core)
{
	for (int i = 0; i < core->setting_count; i++) {
		free(core->settings[i].key);
		free(core->settings[i].value);
	}
	core->setting_count = 0;
	cv_json_destroy(core->warnings);
	core->warnings = NULL;
}

const char *cv_core_config(const struct cv_core *core, const char *key)
{
	for (int i = 0; i < core->setting_count; i++)
		if (strcmp(core->settings[i].key, key) == 0)
			return core->settings[i].value;
	return "";
}

const struct cv_json *cv_core_warnings(const struct cv_core *core)
{
	return core->warnings;
}

char *cv_core_config_path(const struct cv_core *core, const char *name)
{
	return cv_strf("%s/%s", core->paths.config, name);
}
