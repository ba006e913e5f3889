/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "client/tui/view/keys.h"

#include <congvu/base/buf.h>
#include <congvu/base/i18n.h>
#include <congvu/base/ini.h>
#include <congvu/base/mem.h>

#include <stdlib.h>
#include <string.h>

extern const char cv_data_keys_conf[];

#define NAMES 40
struct load {
	struct {
		char name[24], letter, standard;
	} names[NAMES];
	int count;
	bool own; /* reading the person's file */
	struct cv_buf told;
};

static int find(const struct load *l, const char *name)
{
	for (int i = 0; i < l->count; i++)
		if (strcmp(l->names[i].name, name) == 0)
			return i;
	return -1;
}

static enum cv_rc entry(void *data, const char *section, const char *key, const char *value, int line,
			struct cv_err *err)
{
	struct load *l = data;
	int i = find(l, key);
	bool letter = value[0] > ' ' && value[0] < 127 && value[1] == '\0' && (value[0] < '0' || value[0] > '9');

	(void)section;
	(void)err;
	if (!letter || (l->own && i < 0)) {
		cv_buf_addf(&l->told,
			    i < 0 ? _("keys.conf dòng %d: không có phím tên %s\n")
				  : _("keys.conf dòng %d: %s cần đúng một chữ hoặc dấu\n"),
			    line, key);
		return CV_OK;
	}
	if (i < 0 && l->count < NAMES) {
		i = l->count++;
		cv_strcopy(l->names[i].name, sizeof(l->names[i].name), key);
		l->names[i].standard = value[0];
	}
	if (i >= 0)
		l->names[i].letter = value[0];
	return CV_OK;
}

static bool taken(const struct load *l, int end, char letter)
{
	for (int i = 0; i < end; i++)
		if (l->names[i].letter == letter)
			return true;
	return false;
}

void cv_keys_load(struct cv_keys *keys, struct cv_core *core, char **told)
{
	struct load l = {.count = 0};
	char *path = cv_core_config_path(core, "keys.conf");
	struct cv_err err;

	cv_err_init(&err);
	cv_buf_init(&l.told, 4096);
	cv_ini_text("keys.conf", cv_data_keys_conf, entry, &l, NULL);
	l.own = true;
	if (cv_ini_read(path, entry, &l, &err) != CV_OK && err.rc != CV_NOT_FOUND)
		cv_buf_addf(&l.told, "%s\n", err.detail);
	*keys = (struct cv_keys){.meaning = {0}};
	for (int c = 0; c < 128; c++)
		keys->meaning[c] = keys->shown[c] = (char)c;
	/* A standard letter that was given away means nothing any more, unless another took it. */
	for (int i = 0; i < l.count; i++)
		if (l.names[i].letter != l.names[i].standard)
			keys->meaning[(int)l.names[i].standard] = '\0';
	for (int i = 0; i < l.count; i++) {
		if (taken(&l, i, l.names[i].letter)) {
			cv_buf_addf(&l.told, _("keys.conf: phím %c đã có nghĩa khác, bỏ %s\n"), l.names[i].letter,
				    l.names[i].name);
			continue;
		}
		keys->meaning[(int)l.names[i].letter] = l.names[i].standard;
		keys->shown[(int)l.names[i].standard] = l.names[i].letter;
	}
	*told = cv_strdup(l.told.data != NULL ? l.told.data : "");
	cv_buf_finish(&l.told);
	free(path);
}
