/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One dossier by whatever people call it, and the marks this machine keeps about it. */
#include "client/core/inside.h"

#include <congvu/base/i18n.h>
#include <congvu/base/mem.h>
#include <congvu/core/dossiers.h>

#include <stdlib.h>
#include <string.h>

/* Not on the server yet, or known by its provisional code. */
static bool among_pending(struct cv_core *core, char *out, const char *code)
{
	for (size_t i = 0; i < core->pending_count; i++) {
		struct cv_json *body = NULL;
		char id[CV_ID_MAX + 1];
		if (strcmp(core->pending[i].kind, "dossier") != 0)
			continue;
		cv_strcopy(id, sizeof(id), core->pending[i].id);
		if (cv_core_get(core, CV_KIND_DOSSIER, id, &body, NULL) != CV_OK)
			continue;
		bool same = strcmp(cv_json_s(body, "code"), code) == 0 || strcmp(id, code) == 0;
		cv_json_destroy(body);
		if (same) {
			cv_strcopy(out, CV_ID_MAX + 1, id);
			return true;
		}
	}
	return false;
}

/* An alias stands in the searched line. */
static bool by_alias(struct cv_core *core, char *out, const char *code)
{
	struct cv_dossier_query q = {.group = CV_GROUP_ALL, .search = code, .limit = 20};
	struct cv_json *page = NULL;
	bool found = false;

	if (cv_core_dossiers(core, &q, &page, NULL) != CV_OK)
		return false;
	CV_JSON_EACH (item, cv_json_array_of(page, "items")) {
		struct cv_json *body = NULL;
		if (!found && cv_core_get(core, CV_KIND_DOSSIER, cv_json_s(item, "id"), &body, NULL) == CV_OK)
			CV_JSON_EACH (alias, cv_json_array_of(body, "aliases"))
				if (cv_json_string(alias) != NULL && strcmp(cv_json_string(alias), code) == 0)
					found = true;
		if (found && body != NULL)
			cv_strcopy(out, CV_ID_MAX + 1, cv_json_s(body, "id"));
		cv_json_destroy(body);
		if (found)
			break;
	}
	cv_json_destroy(page);
	return found;
}

enum cv_rc cv_core_dossier_find(struct cv_core *core, char *out, const char *code, struct cv_err *err)
{
	struct cv_err own;

	cv_err_init(&own);
	enum cv_rc rc = cv_store_find_code(core->store, out, CV_ID_MAX + 1, code, &own);
	if (rc == CV_OK || cv_core_load_pending(core, NULL) != CV_OK)
		return rc == CV_OK ? rc : cv_err_set(err, rc, "code", NULL);
	if (among_pending(core, out, code) || by_alias(core, out, code))
		return CV_OK;
	return cv_err_set(err, CV_NOT_FOUND, "code", _("không có hồ sơ %s trên máy này"), code);
}
enum cv_rc cv_core_dossier_seen(struct cv_core *core, const char *id, struct cv_err *err)
{
	return cv_store_mark_seen(core->store, "dossier", id, err);
}

char *cv_core_provisional_code(struct cv_core *core)
{
	char desk[4] = "", *last = cv_store_meta(core->store, "last_provisional");
	int64_t n = strtoll(last, NULL, 10) + 1;
	size_t at = 0;

	/* The desk's short name: letters of the login, so that two desks never print the same. */
	for (const char *p = core->user; *p != '\0' && at < 3; p++)
		if (*p >= 'a' && *p <= 'z')
			desk[at++] = (char)(*p - 'a' + 'A');
	free(last);
	char *text = cv_strf("%lld", (long long)n);
	enum cv_rc rc = cv_store_set_meta(core->store, "last_provisional", text, NULL);
	free(text);
	return rc == CV_OK ? cv_strf("T-%s-%04lld", desk, (long long)n) : NULL;
}
