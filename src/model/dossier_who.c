/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who may act on a dossier (domain: roles of the one-stop mechanism). */
#include "dossier.h"

#include <congvu/base/mem.h>
#include <congvu/model/policy.h>
#include <congvu/model/view.h>

#include <string.h>

static const char *const labels[] = {
	[CV_WHO_CLERK] = N_("chỉ bộ phận một cửa"),
	[CV_WHO_ASSIGNEE] = N_("chỉ người thụ lý"),
	[CV_WHO_OFFICER] = N_("chỉ chuyên viên của đơn vị, khi cơ quan cho tự nhận"),
	[CV_WHO_HEAD] = N_("chỉ trưởng, phó bộ phận của đơn vị"),
	[CV_WHO_CHECKER] = N_("chỉ người có thẩm quyền duyệt ở bước này, không phải người trình"),
	[CV_WHO_SUBMITTER] = N_("chỉ người đã trình"),
	[CV_WHO_REGISTRAR] = N_("chỉ văn thư"),
	[CV_WHO_READER] = N_("không được xem hồ sơ này"),
	[CV_WHO_KEEPER] = N_("chỉ bộ phận một cửa hoặc người thụ lý"),
	[CV_WHO_HIGHER] = N_("chỉ trưởng bộ phận hoặc lãnh đạo"),
	[CV_WHO_LEADER] = N_("chỉ lãnh đạo"),
};

const char *cv_who_label(enum cv_who who)
{
	return _(labels[who]);
}

static enum cv_found has_role(const struct cv_ctx *ctx, const char *login, const char *role)
{
	const struct cv_json *user;
	enum cv_found found = cv_ctx_get(ctx, CV_KIND_USER, login, &user);

	if (found != CV_FOUND)
		return found;
	return cv_json_bool(user, "active", true) && cv_user_has_role(user, role) ? CV_FOUND : CV_ABSENT;
}

static enum cv_found said(bool yes)
{
	return yes ? CV_FOUND : CV_ABSENT;
}

static const char *submitter(const struct cv_json *dossier)
{
	return cv_json_s(cv_json_object_of(dossier, "proposal"), "by");
}

static bool policy_flag(const struct cv_ctx *ctx, const struct cv_json *dossier, const char *key, bool fallback)
{
	struct cv_json *policy = cv_policy_resolve(ctx, cv_json_s(dossier, "unit"));
	bool set = cv_json_bool(policy, key, fallback);

	cv_json_destroy(policy);
	return set;
}

static enum cv_found is_officer(const struct cv_ctx *ctx, const struct cv_json *dossier, const struct cv_act *act)
{
	static const char *const officers[] = {"officer", "deputy", "head", NULL};
	enum cv_found here = cv_role_over(ctx, act->user, officers, cv_json_s(dossier, "unit"));

	if (strcmp(cv_json_s(dossier, "assignee"), act->user) == 0)
		return CV_FOUND;
	if (here != CV_FOUND)
		return here;
	return said(policy_flag(ctx, dossier, "self_assign", false));
}

static enum cv_found is_checker(const struct cv_ctx *ctx, const struct cv_json *dossier, const struct cv_act *act)
{
	static const char *const heads[] = {"head", "deputy", NULL};
	static const char *const leaders[] = {"leader", NULL};
	bool at_leader = cv_dossier_place(dossier) == CV_PLACE_AT_LEADER;

	if (strcmp(submitter(dossier), act->user) == 0 && policy_flag(ctx, dossier, "four_eyes", true))
		return CV_ABSENT;
	return cv_role_over(ctx, act->user, at_leader ? leaders : heads, cv_json_s(dossier, "unit"));
}

static enum cv_found is_reader(const struct cv_ctx *ctx, const struct cv_json *dossier, const struct cv_act *act)
{
	const struct cv_json *user;
	enum cv_found known = cv_ctx_get(ctx, CV_KIND_USER, act->user, &user);

	/* What a client holds was sent to it; only the server knows all scopes. */
	if (known != CV_FOUND || !act->authority)
		return known == CV_ABSENT ? CV_ABSENT : CV_UNKNOWN;
	return said(cv_may_read(ctx, act->user, act->rights, CV_KIND_DOSSIER, dossier));
}

enum cv_found cv_dossier_who(enum cv_who who, const struct cv_ctx *ctx, const struct cv_json *dossier,
			     const struct cv_act *act)
{
	static const char *const heads[] = {"head", "deputy", NULL};
	static const char *const leaders[] = {"leader", NULL};
	static const char *const above[] = {"head", "deputy", "leader", NULL};
	bool mine = strcmp(cv_json_s(dossier, "assignee"), act->user) == 0;

	switch (who) {
	case CV_WHO_CLERK:
		return has_role(ctx, act->user, "clerk");
	case CV_WHO_ASSIGNEE:
		return said(mine);
	case CV_WHO_OFFICER:
		return is_officer(ctx, dossier, act);
	case CV_WHO_HEAD:
		return cv_role_over(ctx, act->user, heads, cv_json_s(dossier, "unit"));
	case CV_WHO_CHECKER:
		return is_checker(ctx, dossier, act);
	case CV_WHO_SUBMITTER:
		return said(strcmp(submitter(dossier), act->user) == 0);
	case CV_WHO_REGISTRAR:
		return has_role(ctx, act->user, "registrar");
	case CV_WHO_READER:
		return is_reader(ctx, dossier, act);
	case CV_WHO_HIGHER:
		return cv_role_over(ctx, act->user, above, cv_json_s(dossier, "unit"));
	case CV_WHO_LEADER:
		return cv_role_over(ctx, act->user,
				    strcmp(cv_dossier_route(ctx, dossier), "head") == 0 ? above : leaders,
				    cv_json_s(dossier, "unit"));
	case CV_WHO_KEEPER:
		return mine ? CV_FOUND : has_role(ctx, act->user, "clerk");
	}
	return CV_ABSENT;
}
