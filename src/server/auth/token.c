/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Devices and tokens. A login makes a family; the refresh token of generation g is base64url(family, g, MAC) with the
 * MAC made by the server's key over family and generation, so that the successor can be given again within the grace
 * without being stored. Access tokens are random and stored as a hash.
 */
#include "server/auth/auth.h"
#include "server/db/db.h"
#include "server/office.h"
#include "server/work/work.h"

#include <congvu/base/i18n.h>
#include <congvu/base/mem.h>
#include <congvu/base/seal.h>
#include <congvu/model/ctx.h>
#include <stdlib.h>
#include <string.h>

#define ACCESS_S      900
#define GRACE_MS      120000
#define SLIDING_MS    (30 * 86400000LL)
#define ABSOLUTE_MS   (180 * 86400000LL)
#define FAMILY_BYTES  16
#define REFRESH_BYTES (FAMILY_BYTES + 8 + CV_HASH_SIZE)

struct family {
	char id[2 * FAMILY_BYTES + 1];
	char device[48], user[40];
	int64_t gen, rotated, created, expires;
	bool revoked, shut; /* shut: the device is revoked or the account disabled */
};

static enum cv_rc db_fault(struct cv_db *db, struct cv_err *err)
{
	return cv_err_set(err, CV_IO, NULL, "auth: %s", cv_db_message(db));
}

static enum cv_rc server_key(uint8_t key[CV_KEY_SIZE], struct cv_db *db, struct cv_err *err)
{
	char *hex = cv_meta_get(db, "server_key");
	bool fine = strlen(hex) == 2 * CV_KEY_SIZE && cv_unhex(key, CV_KEY_SIZE, hex);

	cv_wipe(hex, strlen(hex));
	free(hex);
	return fine ? CV_OK : cv_err_set(err, CV_CORRUPT, NULL, "server_key");
}

/* out: REFRESH_BYTES. */
static void refresh_bytes(uint8_t *out, const uint8_t key[CV_KEY_SIZE], const uint8_t *id, uint64_t gen)
{
	uint8_t said[8 + FAMILY_BYTES + 8] = "refresh1";

	memcpy(out, id, FAMILY_BYTES);
	for (int i = 0; i < 8; i++)
		out[FAMILY_BYTES + i] = (uint8_t)(gen >> (56 - 8 * i));
	memcpy(said + 8, out, FAMILY_BYTES + 8);
	cv_hmac(out + FAMILY_BYTES + 8, key, said, sizeof(said));
}

/* False for what this server never gave. */
static bool refresh_read(char id[2 * FAMILY_BYTES + 1], int64_t *gen, const uint8_t key[CV_KEY_SIZE], const char *text)
{
	uint8_t got[128], want[REFRESH_BYTES];
	size_t n;
	uint64_t g = 0;

	if (text == NULL || strlen(text) > 120 || !cv_unb64(got, &n, text) || n != REFRESH_BYTES)
		return false;
	for (int i = 0; i < 8; i++)
		g = g << 8 | got[FAMILY_BYTES + i];
	refresh_bytes(want, key, got, g);
	if (!cv_equal_secret(want, got, REFRESH_BYTES))
		return false;
	cv_hex(id, got, FAMILY_BYTES);
	*gen = (int64_t)g;
	return true;
}

/* A new access token and the family's refresh token of its generation, into *out. */
static enum cv_rc give(struct cv_tokens *out, struct cv_db *db, const struct cv_env *env,
		       const uint8_t key[CV_KEY_SIZE], const struct family *f, struct cv_err *err)
{
	uint8_t id[FAMILY_BYTES], bytes[REFRESH_BYTES];
	char hash[CV_HEX_SIZE];
	int64_t now = cv_now(env);

	cv_token_make(out->access);
	cv_sha256_hex(hash, out->access, strlen(out->access));
	if (!cv_unhex(id, FAMILY_BYTES, f->id))
		return cv_err_set(err, CV_CORRUPT, NULL, "family");
	refresh_bytes(bytes, key, id, (uint64_t)f->gen);
	cv_b64(out->refresh, bytes, sizeof(bytes));
	out->expires_in = ACCESS_S;
	cv_strcopy(out->device, sizeof(out->device), f->device);
	cv_strcopy(out->user, sizeof(out->user), f->user);
	enum cv_rc rc =
		cv_db_run(db, NULL, err, "DELETE FROM token WHERE family = $1 AND expires < $2", "si", f->id, now);
	if (rc == CV_OK)
		rc = cv_db_run(db, NULL, err, "INSERT INTO token (hash, family, expires) VALUES ($1, $2, $3)", "ssi",
			       hash, f->id, now + ACCESS_S * 1000LL);
	return rc;
}

static enum cv_rc family_make(struct family *f, struct cv_db *db, const struct cv_env *env, struct cv_err *err)
{
	uint8_t id[FAMILY_BYTES];

	cv_random(id, sizeof(id));
	cv_hex(f->id, id, sizeof(id));
	f->gen = 1;
	f->created = f->rotated = cv_now(env);
	f->expires = f->created + SLIDING_MS;
	return cv_db_run(
		db, NULL, err,
		"INSERT INTO family (id, device, gen, rotated, created, expires) VALUES ($1, $2, 1, $3, $3, $4)",
		"ssii", f->id, f->device, f->created, f->expires);
}

static enum cv_rc device_make(struct family *f, struct cv_db *db, const struct cv_env *env, const char *name,
			      int64_t rights, struct cv_err *err)
{
	char id[CV_UUID_SIZE];

	cv_uuid7(env, id);
	cv_strcopy(f->device, sizeof(f->device), id);
	return cv_db_run(db, NULL, err,
			 "INSERT INTO device (id, \"user\", name, rights, last_mid, created, last_seen)"
			 " VALUES ($1, $2, $3, $4, 0, $5, $5)",
			 "sssii", f->device, f->user, name != NULL ? name : "", rights, cv_now(env));
}

/* The device from before, if it is this user's and not revoked: it keeps its mids. Its older families end. */
static enum cv_rc device_keep(bool *kept, struct family *f, struct cv_db *db, const struct cv_env *env,
			      const char *device, int64_t rights, struct cv_err *err)
{
	int64_t n = 0, now = cv_now(env);

	*kept = false;
	if (device == NULL || device[0] == '\0')
		return CV_OK;
	enum cv_rc rc = cv_db_run(db, &n, err,
				  "UPDATE device SET rights = $3, last_seen = $4 WHERE id = $1 AND \"user\" = $2"
				  " AND revoked IS NULL",
				  "ssii", device, f->user, rights, now);
	if (rc != CV_OK || n == 0)
		return rc;
	*kept = true;
	cv_strcopy(f->device, sizeof(f->device), device);
	return cv_db_run(db, NULL, err, "UPDATE family SET revoked = $2 WHERE device = $1 AND revoked IS NULL", "si",
			 device, now);
}

enum cv_rc cv_auth_login(struct cv_tokens *out, struct cv_db *db, const struct cv_env *env, const char *user,
			 const char *device_name, const char *device, unsigned rights_subset, struct cv_err *err)
{
	uint8_t key[CV_KEY_SIZE];
	struct family f = {0};
	bool kept;
	int64_t rights = rights_subset == 0 ? -1 : (int64_t)rights_subset;

	memset(out, 0, sizeof(*out));
	cv_strcopy(f.user, sizeof(f.user), user);
	enum cv_rc rc = server_key(key, db, err);
	if (rc == CV_OK)
		rc = device_keep(&kept, &f, db, env, device, rights, err);
	if (rc == CV_OK && !kept)
		rc = device_make(&f, db, env, device_name, rights, err);
	if (rc == CV_OK)
		rc = family_make(&f, db, env, err);
	if (rc == CV_OK)
		rc = give(out, db, env, key, &f, err);
	if (rc == CV_OK)
		rc = cv_audit(db, cv_now(env), user, f.device, "login", "device", f.device, 0, cv_now(env), "", err);
	cv_wipe(key, sizeof(key));
	return rc;
}

static enum cv_rc family_load(struct family *f, struct cv_db *db, const char *id, struct cv_err *err)
{
	struct cv_stmt *st =
		cv_db_query(db,
			    "SELECT f.device, d.\"user\", f.gen, f.rotated, f.created, f.expires, f.revoked, d.revoked,"
			    " coalesce(a.disabled, 1) FROM family f JOIN device d ON d.id = f.device"
			    " LEFT JOIN account a ON a.\"user\" = d.\"user\" WHERE f.id = $1",
			    "s", id);
	enum cv_step step = cv_stmt_step(st);

	if (step == CV_STEP_ROW) {
		cv_strcopy(f->id, sizeof(f->id), id);
		cv_strcopy(f->device, sizeof(f->device), cv_stmt_text(st, 0));
		cv_strcopy(f->user, sizeof(f->user), cv_stmt_text(st, 1));
		f->gen = cv_stmt_int(st, 2);
		f->rotated = cv_stmt_int(st, 3);
		f->created = cv_stmt_int(st, 4);
		f->expires = cv_stmt_int(st, 5);
		f->revoked = !cv_stmt_null(st, 6);
		f->shut = !cv_stmt_null(st, 7) || cv_stmt_int(st, 8) != 0;
	}
	cv_stmt_done(st);
	if (step == CV_STEP_FAIL)
		return db_fault(db, err);
	return step == CV_STEP_ROW ? CV_OK : cv_err_set(err, CV_LOGIN, NULL, NULL);
}

/* The next generation; or the same successor once more within the grace; after it somebody has a copy: the family
 * ends (and that has to be committed although the answer is a refusal). */
static enum cv_rc rotate(struct family *f, struct cv_db *db, int64_t now, int64_t gen, struct cv_err *err)
{
	/* Our own MAC on a later generation: this database went backwards (a restore), the person did nothing wrong. */
	if (gen > f->gen)
		f->gen = gen;
	if (gen == f->gen - 1 && now - f->rotated <= GRACE_MS)
		return CV_OK;
	if (gen != f->gen) {
		if (cv_db_run(db, NULL, err, "UPDATE family SET revoked = $2 WHERE id = $1", "si", f->id, now) != CV_OK)
			return CV_IO;
		return cv_err_set(err, CV_LOGIN, NULL, NULL);
	}
	f->gen++;
	f->rotated = now;
	f->expires = now + SLIDING_MS;
	if (f->expires > f->created + ABSOLUTE_MS)
		f->expires = f->created + ABSOLUTE_MS;
	return cv_db_run(db, NULL, err, "UPDATE family SET gen = $2, rotated = $3, expires = $4 WHERE id = $1", "siii",
			 f->id, f->gen, now, f->expires);
}

/* A copied home directory gets a device of its own, with the rights and the name of the first. */
static enum cv_rc fork_device(struct family *f, struct cv_db *db, const struct cv_env *env, struct cv_err *err)
{
	struct cv_stmt *st = cv_db_query(db, "SELECT name, rights FROM device WHERE id = $1", "s", f->device);
	bool found = cv_stmt_step(st) == CV_STEP_ROW;
	char *name = cv_strdup(found ? cv_stmt_text(st, 0) : "");
	int64_t rights = found ? cv_stmt_int(st, 1) : 0;

	cv_stmt_done(st);
	enum cv_rc rc = found ? device_make(f, db, env, name, rights, err) : db_fault(db, err);
	free(name);
	return rc == CV_OK ? family_make(f, db, env, err) : rc;
}

static enum cv_rc refresh(struct cv_tokens *out, struct cv_db *db, const struct cv_env *env, const char *text,
			  bool fork, struct cv_err *err)
{
	uint8_t key[CV_KEY_SIZE];
	char id[2 * FAMILY_BYTES + 1] = "";
	struct family f = {0};
	int64_t gen = 0, now = cv_now(env);
	enum cv_rc rc = server_key(key, db, err);

	if (rc == CV_OK && !refresh_read(id, &gen, key, text))
		rc = cv_err_set(err, CV_LOGIN, NULL, NULL);
	if (rc == CV_OK)
		rc = family_load(&f, db, id, err);
	if (rc == CV_OK && f.shut)
		rc = cv_err_set(err, CV_DISABLED, NULL, NULL);
	if (rc == CV_OK && (f.revoked || now >= f.expires))
		rc = cv_err_set(err, CV_LOGIN, NULL, NULL);
	if (rc == CV_OK)
		rc = fork && gen >= f.gen ? CV_OK : rotate(&f, db, now, gen, err);
	if (rc == CV_OK && fork)
		rc = fork_device(&f, db, env, err);
	if (rc == CV_OK)
		rc = give(out, db, env, key, &f, err);
	cv_wipe(key, sizeof(key));
	return rc;
}

enum cv_rc cv_auth_refresh(struct cv_tokens *out, struct cv_db *db, const struct cv_env *env, const char *text,
			   bool fork, struct cv_err *err)
{
	struct cv_tokens made = {0}; /* text may lie in *out */
	enum cv_rc rc = refresh(&made, db, env, text, fork, err);

	*out = made;
	return rc;
}
