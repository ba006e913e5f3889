/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Look-ups, people, units and rights. */
#include <congvu/base/mem.h>
#include <congvu/model/ctx.h>

#include <string.h>

#define MAX_DEPTH 16 /* of the tree of units; also what ends a cycle */

enum cv_found cv_ctx_get(const struct cv_ctx *ctx, enum cv_kind kind, const char *id, const struct cv_json **out)
{
	*out = NULL;
	if (ctx == NULL || ctx->get == NULL)
		return CV_UNKNOWN;
	return ctx->get(ctx->data, kind, id, out);
}

static const struct {
	unsigned right;
	const char *word;
} rights[] = {
	{CV_RIGHT_SYNC, "sync"},
	{CV_RIGHT_SYNC_OWN, "sync.own"},
	{CV_RIGHT_REPORT_WRITE, "report.write"},
	{CV_RIGHT_DOSSIER_WRITE, "dossier.write"},
	{CV_RIGHT_REVIEW, "review"},
	{CV_RIGHT_APPROVE, "approve"},
	{CV_RIGHT_ADMIN, "admin"},
};

/* What each role allows: contract 4. Whoever may sync everything may also ask for her own part only. */
static const struct {
	const char *role;
	unsigned rights;
} roles[] = {
	{"officer", CV_RIGHT_REPORT_WRITE | CV_RIGHT_DOSSIER_WRITE},
	{"head", CV_RIGHT_REPORT_WRITE | CV_RIGHT_DOSSIER_WRITE | CV_RIGHT_REVIEW | CV_RIGHT_APPROVE},
	{"deputy", CV_RIGHT_REPORT_WRITE | CV_RIGHT_DOSSIER_WRITE | CV_RIGHT_REVIEW | CV_RIGHT_APPROVE},
	{"leader", CV_RIGHT_REPORT_WRITE | CV_RIGHT_REVIEW | CV_RIGHT_APPROVE},
	{"clerk", CV_RIGHT_REPORT_WRITE | CV_RIGHT_DOSSIER_WRITE},
	{"registrar", CV_RIGHT_REPORT_WRITE | CV_RIGHT_DOSSIER_WRITE},
	{"petition", CV_RIGHT_REPORT_WRITE | CV_RIGHT_DOSSIER_WRITE},
	{"admin", CV_RIGHT_ADMIN},
};

const char *cv_right_word(unsigned right)
{
	for (size_t i = 0; i < CV_COUNT(rights); i++)
		if (rights[i].right == right)
			return rights[i].word;
	return "";
}

unsigned cv_rights_parse(const struct cv_json *array)
{
	unsigned all = 0;

	CV_JSON_EACH (item, array)
		for (size_t i = 0; i < CV_COUNT(rights); i++)
			if (cv_json_string(item) != NULL && strcmp(cv_json_string(item), rights[i].word) == 0)
				all |= rights[i].right;
	return all;
}

struct cv_json *cv_rights_format(unsigned mask)
{
	struct cv_json *array = cv_json_new_array();

	for (size_t i = 0; i < CV_COUNT(rights); i++)
		if (mask & rights[i].right)
			cv_json_push(array, cv_json_new_string(rights[i].word));
	return array;
}

static unsigned rights_of_role(const char *role)
{
	for (size_t i = 0; i < CV_COUNT(roles); i++)
		if (strcmp(roles[i].role, role) == 0)
			return roles[i].rights | CV_RIGHT_SYNC | CV_RIGHT_SYNC_OWN;
	return 0;
}

bool cv_role_valid(const char *role)
{
	return rights_of_role(role) != 0;
}

unsigned cv_rights_of_roles(const struct cv_json *user)
{
	unsigned all = 0;

	if (!cv_json_bool(user, "active", true))
		return 0;
	CV_JSON_EACH (item, cv_json_array_of(user, "roles"))
		all |= rights_of_role(cv_json_s(item, "role"));
	return all;
}

const char *cv_user_unit(const struct cv_json *user)
{
	return cv_json_s(cv_json_first(cv_json_array_of(user, "roles")), "unit");
}

bool cv_user_has_role(const struct cv_json *user, const char *role)
{
	CV_JSON_EACH (item, cv_json_array_of(user, "roles"))
		if (strcmp(cv_json_s(item, "role"), role) == 0)
			return true;
	return false;
}

enum cv_found cv_unit_within(const struct cv_ctx *ctx, const char *unit, const char *top)
{
	const struct cv_json *object;

	for (int depth = 0; depth < MAX_DEPTH && unit[0] != '\0'; depth++) {
		if (strcmp(unit, top) == 0)
			return CV_FOUND;
		enum cv_found found = cv_ctx_get(ctx, CV_KIND_UNIT, unit, &object);
		if (found != CV_FOUND)
			return found;
		unit = cv_json_s(object, "parent");
	}
	return CV_ABSENT;
}

static bool among(const char *word, const char *const *words)
{
	for (; *words != NULL; words++)
		if (strcmp(word, *words) == 0)
			return true;
	return false;
}

enum cv_found cv_role_over(const struct cv_ctx *ctx, const char *viewer, const char *const *wanted, const char *unit)
{
	const struct cv_json *user;
	enum cv_found best = cv_ctx_get(ctx, CV_KIND_USER, viewer, &user);

	if (best != CV_FOUND)
		return best;
	best = CV_ABSENT;
	CV_JSON_EACH (item, cv_json_array_of(user, "roles")) {
		if (!among(cv_json_s(item, "role"), wanted))
			continue;
		enum cv_found found = cv_unit_within(ctx, unit, cv_json_s(item, "unit"));
		if (found == CV_FOUND)
			return CV_FOUND;
		if (found == CV_UNKNOWN)
			best = CV_UNKNOWN;
	}
	return best;
}

enum cv_found cv_heads(const struct cv_ctx *ctx, const char *viewer, const char *owner)
{
	static const char *const heads[] = {"head", "deputy", NULL};
	const struct cv_json *user;

	if (strcmp(viewer, owner) == 0)
		return CV_ABSENT;
	enum cv_found found = cv_ctx_get(ctx, CV_KIND_USER, owner, &user);
	if (found != CV_FOUND)
		return found;
	return cv_role_over(ctx, viewer, heads, cv_user_unit(user));
}
