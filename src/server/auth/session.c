/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who asks: an access token's session, the end of a device, and the body of GET /v1/session. */
#include "server/auth/auth.h"
#include "server/db/db.h"
#include "server/office.h"
#include "server/work/dbctx.h"
#include "server/work/work.h"

#include <congvu/base/i18n.h>
#include <congvu/base/mem.h>
#include <congvu/base/seal.h>
#include <congvu/model/policy.h>
#include <stdlib.h>
#include <string.h>

/* What a cron job's device may do, and nothing else (contract: --for-cron). */
#define SCRIPT_RIGHTS (CV_RIGHT_REPORT_WRITE | CV_RIGHT_SYNC_OWN)

/* Roles' rights AND the device's, read at each request so that a change takes effect at once. */
static enum cv_rc set_rights(struct cv_session *out, int64_t device_rights, const char *body, struct cv_err *err)
{
	struct cv_json *user;

	if (body[0] == '\0')
		return cv_err_set(err, CV_DISABLED, NULL, NULL);
	enum cv_rc rc = cv_json_parse(&user, body, strlen(body), &cv_json_answer, err);
	if (rc != CV_OK)
		return rc;
	out->rights = cv_rights_of_roles(user) & (unsigned)device_rights;
	out->script = device_rights > 0 && (device_rights & ~(int64_t)SCRIPT_RIGHTS) == 0;
	cv_json_destroy(user);
	return CV_OK;
}

enum cv_rc cv_auth_check(struct cv_session *out, struct cv_db *db, const struct cv_env *env, const char *access,
			 struct cv_err *err)
{
	char hash[CV_HEX_SIZE];
	enum cv_rc rc = CV_OK;

	memset(out, 0, sizeof(*out));
	cv_sha256_hex(hash, access, strlen(access));
	struct cv_stmt *st =
		cv_db_query(db,
			    "SELECT d.\"user\", d.id, d.rights, d.last_mid, t.expires, f.revoked, d.revoked, "
			    "coalesce(a.disabled, 1),"
			    " o.body FROM token t JOIN family f ON f.id = t.family JOIN device d ON d.id = f.device"
			    " LEFT JOIN account a ON a.\"user\" = d.\"user\""
			    " LEFT JOIN object o ON o.kind = 'user' AND o.id = d.\"user\" WHERE t.hash = $1",
			    "s", hash);
	switch (cv_stmt_step(st)) {
	case CV_STEP_FAIL:
		rc = cv_err_set(err, CV_IO, NULL, "auth: %s", cv_db_message(db));
		break;
	case CV_STEP_DONE:
		rc = cv_err_code(err, CV_LOGIN, "token-expired", NULL, "%s", cv_rc_text(CV_LOGIN));
		break;
	case CV_STEP_ROW:
		if (!cv_stmt_null(st, 6) || cv_stmt_int(st, 7) != 0)
			rc = cv_err_set(err, CV_DISABLED, NULL, NULL);
		else if (!cv_stmt_null(st, 5))
			rc = cv_err_set(err, CV_LOGIN, NULL, NULL);
		else if (cv_stmt_int(st, 4) <= cv_now(env))
			rc = cv_err_code(err, CV_LOGIN, "token-expired", NULL, "%s", cv_rc_text(CV_LOGIN));
		else
			rc = set_rights(out, cv_stmt_int(st, 2), cv_stmt_text(st, 8), err);
		cv_strcopy(out->user, sizeof(out->user), cv_stmt_text(st, 0));
		cv_strcopy(out->device, sizeof(out->device), cv_stmt_text(st, 1));
		out->last_mid = cv_stmt_int(st, 3);
		break;
	}
	cv_stmt_done(st);
	return rc;
}

enum cv_rc cv_auth_revoke(struct cv_db *db, const struct cv_env *env, const char *device, struct cv_err *err)
{
	int64_t n = 0;
	enum cv_rc rc = cv_db_run(db, &n, err, "UPDATE device SET revoked = $2 WHERE id = $1 AND revoked IS NULL", "si",
				  device, cv_now(env));

	if (rc == CV_OK && n == 0)
		return cv_err_set(err, CV_NOT_FOUND, "device", _("không có máy %s đang đăng nhập"), device);
	return rc;
}

static struct cv_json *limits(void)
{
	static const struct {
		const char *name;
		int64_t value;
	} all[] = {
		{"request_bytes", 262144}, {"unpacked_bytes", 1048576},
		{"operations", 100},	   {"changes", 200},
		{"page_bytes", 262144},	   {"depth", 32},
		{"string_bytes", 65536},   {"wait_s", 50},
		{"wait_floor_s", 20},
	};
	struct cv_json *o = cv_json_new_object();

	for (size_t i = 0; i < CV_COUNT(all); i++)
		cv_json_set_int(o, all[i].name, all[i].value);
	return o;
}

static void set_office(struct cv_json *body, struct cv_db *db)
{
	struct cv_json *office = cv_json_new_object();
	char *code = cv_meta_get(db, "office_code"), *name = cv_meta_get(db, "office_name");

	cv_json_set_str(office, "code", code);
	cv_json_set_str(office, "name", name);
	cv_json_set(body, "office", office);
	free(code);
	free(name);
}

/* The tag names everything but what every push changes. */
static void set_tag(struct cv_json *body)
{
	char hash[CV_HEX_SIZE];
	char *text = cv_json_canonical(body);

	cv_sha256_hex(hash, text, strlen(text));
	free(text);
	hash[16] = '\0';
	char *tag = cv_strf("s%s", hash);
	cv_json_set_str(body, "tag", tag);
	free(tag);
}

struct cv_json *cv_session_body(struct cv_dbctx *c, const struct cv_session *s)
{
	const struct cv_json *user = cv_dbctx_object(c, CV_KIND_USER, s->user);
	const struct cv_json *roles = cv_json_array_of(user, "roles");
	struct cv_json *policy = cv_policy_resolve(cv_dbctx_ctx(c), cv_user_unit(user));
	struct cv_json *body = cv_json_new_object();

	cv_json_set_str(body, "user", s->user);
	cv_json_set_str(body, "name", cv_json_s(user, "name"));
	cv_json_set(body, "roles", roles != NULL ? cv_json_dup(roles) : cv_json_new_array());
	cv_json_set(body, "rights", cv_rights_format(s->rights));
	cv_json_set_str(body, "device", s->device);
	set_office(body, cv_dbctx_db(c));
	cv_json_set(body, "slots", cv_json_dup(cv_json_get(policy, "slots")));
	cv_json_set(body, "policy", policy);
	cv_json_set(body, "limits", limits());
	cv_json_set_str(body, "server", "congvud/" CONGVU_VERSION);
	cv_json_set_str(body, "min_client", "0.1.0");
	set_tag(body);
	cv_json_set_int(body, "last_mid", s->last_mid);
	return body;
}
