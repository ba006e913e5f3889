/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Scopes and the one predicate. Names of scopes: "*" everyone; "u:<login>" that person; "n:<unit>" members of that
 * unit; "h:<unit>" heads and deputies of that unit; "l:<unit>" leaders of that unit; "c:*" the one-stop;
 * "r:*" registrars.
 */
#include <congvu/base/buf.h>
#include <congvu/base/mem.h>
#include <congvu/model/dossier.h>
#include <congvu/model/policy.h>
#include <congvu/model/view.h>

#include <string.h>

#define MAX_DEPTH 16

static void add(struct cv_json *scopes, char letter, const char *name)
{
	struct cv_buf b;

	if (name[0] == '\0')
		return;
	cv_buf_init(&b, 200);
	cv_buf_addf(&b, "%c:%s", letter, name);
	cv_json_push(scopes, cv_json_new_string(b.data));
	cv_buf_finish(&b);
}

/* The unit and all above it. */
static void add_chain(struct cv_json *scopes, const struct cv_ctx *ctx, char letter, const char *unit)
{
	const struct cv_json *object;

	for (int depth = 0; depth < MAX_DEPTH && unit[0] != '\0'; depth++) {
		add(scopes, letter, unit);
		if (cv_ctx_get(ctx, CV_KIND_UNIT, unit, &object) != CV_FOUND)
			break;
		unit = cv_json_s(object, "parent");
	}
}

static void add_people(struct cv_json *scopes, const struct cv_json *logins)
{
	CV_JSON_EACH (login, logins)
		if (cv_json_string(login) != NULL)
			add(scopes, 'u', cv_json_string(login));
}

/* Contract 2, "Who is sent what". */
static void dossier_scopes(struct cv_json *scopes, const struct cv_ctx *ctx, const struct cv_json *d)
{
	const char *unit = cv_json_s(d, "unit");

	add(scopes, 'u', cv_json_s(d, "assignee"));
	add_people(scopes, cv_json_array_of(d, "co"));
	add_people(scopes, cv_json_array_of(d, "watch"));
	add_chain(scopes, ctx, 'h', unit);
	switch (cv_dossier_place(d)) {
	case CV_PLACE_NEW:
	case CV_PLACE_RECEIVED:
	case CV_PLACE_SUPPLEMENT:
	case CV_PLACE_PAYMENT:
	case CV_PLACE_WITHDRAWAL:
	case CV_PLACE_DONE:
		add(scopes, 'c', "*");
		break;
	case CV_PLACE_APPROVED:
		add(scopes, 'r', "*");
		break;
	case CV_PLACE_AT_LEADER:
		add_chain(scopes, ctx, 'l', unit);
		break;
	case CV_PLACE_UNASSIGNED: {
		struct cv_json *policy = cv_policy_resolve(ctx, unit);
		if (cv_json_bool(policy, "self_assign", false))
			add(scopes, 'n', unit);
		cv_json_destroy(policy);
		break;
	}
	default:
		break;
	}
}

struct cv_json *cv_scopes_of_object(const struct cv_ctx *ctx, enum cv_kind kind, const struct cv_json *object)
{
	struct cv_json *scopes = cv_json_new_array();
	const struct cv_json *user;

	if (cv_kind_catalogue(kind)) {
		cv_json_push(scopes, cv_json_new_string("*"));
		return scopes;
	}
	if (kind == CV_KIND_DOSSIER) {
		dossier_scopes(scopes, ctx, object);
		return scopes;
	}
	const char *owner = cv_json_s(object, "user");
	add(scopes, 'u', owner);
	if (cv_ctx_get(ctx, CV_KIND_USER, owner, &user) != CV_FOUND)
		return scopes;
	const char *unit = cv_user_unit(user);
	if (kind == CV_KIND_WORKDAY)
		add(scopes, 'n', unit);
	add_chain(scopes, ctx, 'h', unit);
	/* A leader is sent what is urgent and what heads report; the rest she reads online. */
	if (kind == CV_KIND_REPORT && (cv_json_bool(object, "urgent", false) || cv_user_has_role(user, "head")))
		add_chain(scopes, ctx, 'l', unit);
	return scopes;
}

struct cv_json *cv_scopes_of_user(const struct cv_ctx *ctx, const char *login, bool own_only)
{
	struct cv_json *scopes = cv_json_new_array();
	const struct cv_json *user;

	cv_json_push(scopes, cv_json_new_string("*"));
	if (cv_ctx_get(ctx, CV_KIND_USER, login, &user) != CV_FOUND)
		return scopes;
	bool admin_only = cv_rights_of_roles(user) == (CV_RIGHT_ADMIN | CV_RIGHT_SYNC | CV_RIGHT_SYNC_OWN);
	if (!admin_only)
		add(scopes, 'u', login);
	if (own_only || admin_only)
		return scopes;
	CV_JSON_EACH (item, cv_json_array_of(user, "roles")) {
		const char *role = cv_json_s(item, "role"), *unit = cv_json_s(item, "unit");
		if (strcmp(role, "admin") == 0)
			continue;
		add(scopes, 'n', unit);
		if (strcmp(role, "head") == 0 || strcmp(role, "deputy") == 0)
			add(scopes, 'h', unit);
		if (strcmp(role, "leader") == 0)
			add(scopes, 'l', unit);
		if (strcmp(role, "clerk") == 0)
			add(scopes, 'c', "*");
		if (strcmp(role, "registrar") == 0)
			add(scopes, 'r', "*");
	}
	return scopes;
}

bool cv_scopes_meet(const struct cv_json *a, const struct cv_json *b)
{
	CV_JSON_EACH (x, a)
		CV_JSON_EACH (y, b)
			if (strcmp(cv_json_string(x), cv_json_string(y)) == 0)
				return true;
	return false;
}

/* What is sent may be read; a leader reads all dossiers below her, online. */
static bool may_read_dossier(const struct cv_ctx *ctx, const char *login, const struct cv_json *dossier)
{
	static const char *const leaders[] = {"leader", NULL};
	struct cv_json *mine = cv_scopes_of_user(ctx, login, false),
		       *its = cv_scopes_of_object(ctx, CV_KIND_DOSSIER, dossier);
	bool meet = cv_scopes_meet(mine, its);

	cv_json_destroy(mine);
	cv_json_destroy(its);
	return meet || cv_role_over(ctx, login, leaders, cv_json_s(dossier, "unit")) == CV_FOUND;
}

bool cv_may_read(const struct cv_ctx *ctx, const char *login, unsigned rights, enum cv_kind kind,
		 const struct cv_json *object)
{
	static const char *const above[] = {"head", "deputy", "leader", NULL};
	const struct cv_json *user, *owner;

	if ((rights & (CV_RIGHT_SYNC | CV_RIGHT_SYNC_OWN)) == 0)
		return false;
	if (cv_kind_catalogue(kind))
		return true;
	if (kind == CV_KIND_DOSSIER)
		return (rights & CV_RIGHT_SYNC) != 0 && may_read_dossier(ctx, login, object);
	const char *owner_login = cv_json_s(object, "user");
	bool own = strcmp(owner_login, login) == 0;
	if (own || (rights & CV_RIGHT_SYNC) == 0)
		return own;
	if (cv_ctx_get(ctx, CV_KIND_USER, login, &user) != CV_FOUND ||
	    cv_ctx_get(ctx, CV_KIND_USER, owner_login, &owner) != CV_FOUND)
		return false;
	if ((cv_rights_of_roles(user) & CV_RIGHT_REPORT_WRITE) == 0)
		return false; /* an administrator alone sees the catalogues */
	if (kind == CV_KIND_WORKDAY)
		return true;
	return kind == CV_KIND_REPORT && cv_role_over(ctx, login, above, cv_user_unit(owner)) == CV_FOUND;
}

/* Sync and lists carry a person's name and a masked phone; address and papers only after a reveal. */
static void hide_person(struct cv_json *person, bool may_call)
{
	char mask[32];

	if (person == NULL)
		return;
	cv_json_remove(person, "id_no");
	cv_json_remove(person, "address");
	if (cv_json_str(person, "phone") == NULL || may_call)
		return;
	cv_phone_mask(mask, cv_json_s(person, "phone"));
	cv_json_set_str(person, "phone", mask);
}

struct cv_json *cv_view_body(const struct cv_ctx *ctx, const char *viewer, enum cv_kind kind,
			     const struct cv_json *object)
{
	struct cv_json *body = cv_json_dup(object);

	(void)ctx;
	if (kind == CV_KIND_DOSSIER) {
		/* Whoever handles an open dossier calls back, also when the line is down. */
		bool may_call = !cv_dossier_ended(object) && strcmp(cv_json_s(object, "assignee"), viewer) == 0;
		hide_person(cv_json_object_of(body, "applicant"), may_call);
		hide_person(cv_json_object_of(body, "submitter"), may_call);
	}
	return body;
}

bool cv_may_reveal(const struct cv_ctx *ctx, const char *viewer, const struct cv_json *dossier)
{
	static const char *const heads[] = {"head", "deputy", NULL};
	const struct cv_json *user;

	if (strcmp(cv_json_s(dossier, "assignee"), viewer) == 0)
		return true;
	if (cv_ctx_get(ctx, CV_KIND_USER, viewer, &user) == CV_FOUND && cv_user_has_role(user, "clerk"))
		return true;
	return cv_role_over(ctx, viewer, heads, cv_json_s(dossier, "unit")) == CV_FOUND;
}
