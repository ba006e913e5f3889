/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Logging in and out. The server is asked first, so that a wrong password changes nothing here; then the key is put
 * where it shall live, and only when it is safe there the store is made to need it. A key that could not be put ends
 * the login: nothing weaker is tried.
 */
#include "client/core/inside.h"

#include <congvu/base/i18n.h>
#include <congvu/base/mem.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct login {
	struct cv_core *core;
	const struct cv_login *how;
	const char *secrets;
	bool same;  /* the person who is at home here logs in again: store, key, outbox and device stay */
	bool fresh; /* a new master key */
	bool given; /* the key comes from outside (command, credentials): it is not ours to put */
	char *ca;   /* owned, NULL: the system's */
	struct cv_json *session;
};

static bool encrypted(const struct login *l)
{
	return strncmp(l->how->server, "http:", 5) != 0;
}

static enum cv_rc check(struct login *l, struct cv_err *err)
{
	struct cv_core *core = l->core;
	size_t unsent, person;

	cv_store_counts(core->store, &unsent, &person);
	l->same = cv_store_has_keys(core->store) && strcmp(core->user, l->how->user) == 0 &&
		  strcmp(core->server, l->how->server) == 0;
	if (!l->same && unsent + person > 0)
		return cv_err_set(err, CV_USAGE, "user",
				  _("còn %zu việc chưa gửi của %s; hãy gửi xong hoặc đăng xuất trước"), unsent + person,
				  core->user);
	if (!encrypted(l) && l->how->ca_file != NULL)
		return cv_err_set(err, CV_USAGE, "ca", _("--ca chỉ đi với https"));
	return CV_OK;
}

/* Said now, else what was said at the first login, else the configuration's. */
static enum cv_rc choose_ca(struct login *l, struct cv_err *err)
{
	char *own = cv_strf("%s/ca.pem", l->core->paths.data);
	const char *config = cv_core_config(l->core, "ca");

	if (l->how->ca_file != NULL)
		l->ca = cv_strdup(l->how->ca_file);
	else if (l->same && encrypted(l) && cv_file_exists(own))
		l->ca = cv_strdup(own);
	else if (encrypted(l) && config[0] != '\0')
		l->ca = cv_strdup(config);
	free(own);
	if (l->ca != NULL && !cv_file_exists(l->ca))
		return cv_err_set(err, CV_NO_INPUT, "ca", _("không có tệp chứng thư %s"), l->ca);
	return CV_OK;
}

static enum cv_rc keep_ca(const struct login *l, struct cv_err *err)
{
	char *text = NULL, *own = cv_strf("%s/ca.pem", l->core->paths.data);
	size_t n = 0;
	enum cv_rc rc = CV_OK;

	if (l->ca == NULL)
		unlink(own);
	else
		rc = cv_file_read(&text, &n, l->ca, (size_t)1 << 20, err);
	if (text != NULL && rc == CV_OK)
		rc = cv_file_write(own, text, n, err);
	free(text);
	free(own);
	return rc;
}

static bool from_outside(const struct login *l)
{
	const char *dir = l->core->env->get(l->core->env->data, "CREDENTIALS_DIRECTORY");
	char *path = dir != NULL ? cv_strf("%s/congvu", dir) : NULL;
	bool there = strcmp(l->secrets, "command") == 0 || (path != NULL && cv_file_exists(path));

	free(path);
	return there;
}

static enum cv_rc known_secrets(const char *how, struct cv_err *err)
{
	static const char *const known[] = {"libsecret", "command", "passphrase", "file"};

	for (size_t i = 0; i < CV_COUNT(known); i++)
		if (strcmp(known[i], how) == 0)
			return CV_OK;
	return cv_err_set(err, CV_USAGE, "secrets", _("nơi giữ khóa phải là libsecret, command, passphrase hoặc file"));
}

/* The key that is at home here, one from outside, or a new one. */
static enum cv_rc find_key(struct login *l, struct cv_err *err)
{
	struct cv_core *core = l->core;
	struct cv_secret_place place = cv_core_place(core, l->secrets, l->how->server, l->how->user);
	struct cv_err own;

	cv_err_init(&own);
	l->given = from_outside(l);
	if (l->same) {
		enum cv_rc rc = cv_core_unlock(core, &own);
		size_t unsent, person;
		cv_store_counts(core->store, &unsent, &person);
		/* Surely gone, and nothing waits under it: begin anew. */
		if (rc == CV_OK || rc != CV_LOGIN || unsent + person > 0) {
			if (rc != CV_OK && err != NULL)
				*err = own;
			return rc;
		}
	}
	l->fresh = true;
	if (l->given)
		return cv_secret_get(core->master, &place, err);
	cv_random(core->master, CV_KEY_SIZE);
	return CV_OK;
}

static enum cv_rc open_line(const struct login *l, struct cv_sync *sync, struct cv_err *err)
{
	struct cv_core *core = l->core;
	const char *proxy = cv_core_config(core, "proxy");
	struct cv_net_setup setup = {
		.env = core->env, .server = l->how->server, .ca_file = l->ca, .proxy = proxy[0] != '\0' ? proxy : NULL};

	*sync = (struct cv_sync){
		.env = core->env, .store = core->store, .dir = core->paths.data, .master = core->master};
	return cv_net_open(&sync->net, &setup, err);
}

static enum cv_rc ask_server(struct login *l, struct cv_sync *sync, struct cv_err *err)
{
	char host[64] = "congvu";
	struct cv_json *rights = l->how->for_cron ? cv_rights_format(CV_RIGHT_REPORT_WRITE | CV_RIGHT_SYNC_OWN) : NULL;
	const char *name = cv_core_config(l->core, "device_name");

	gethostname(host, sizeof(host) - 1);
	enum cv_rc rc = cv_sync_login(sync, l->how->user, l->how->password, name[0] != '\0' ? name : host, rights,
				      &l->session, err);
	cv_json_destroy(rights);
	return rc;
}

/* The key first, then the store that needs it. */
static enum cv_rc settle_key(struct login *l, struct cv_err *err)
{
	struct cv_core *core = l->core;
	struct cv_secret_place place = cv_core_place(core, l->secrets, l->how->server, l->how->user);
	char *before = cv_store_meta(core->store, "secrets");
	bool moves = l->fresh || strcmp(before, l->secrets) != 0;
	enum cv_rc rc = CV_OK;

	if (moves && !l->given)
		rc = cv_secret_put(core->master, &place, err);
	if (rc == CV_OK && l->fresh && cv_store_has_keys(core->store))
		rc = cv_store_wipe(core->store, true, err);
	if (rc == CV_OK && l->fresh)
		rc = cv_store_set_keys(core->store, core->master, err);
	if (rc == CV_OK && moves)
		rc = cv_store_set_meta(core->store, "secrets", l->secrets, err);
	if (rc == CV_OK && moves && before[0] != '\0' && strcmp(before, l->secrets) != 0) {
		place.how = before; /* the place before this one keeps nothing behind */
		cv_secret_forget(&place, NULL);
	}
	free(before);
	return rc;
}

static enum cv_rc remember(const struct login *l, struct cv_err *err)
{
	struct cv_store *store = l->core->store;
	const struct {
		const char *key, *value;
	} facts[] = {{"user", l->how->user},
		     {"server", l->how->server},
		     {"device", cv_json_s(l->session, "device")},
		     {"script", l->how->for_cron ? "1" : "0"}};
	enum cv_rc rc = CV_OK;

	for (size_t i = 0; rc == CV_OK && i < CV_COUNT(facts); i++)
		rc = cv_store_set_meta(store, facts[i].key, facts[i].value, err);
	if (rc == CV_OK)
		rc = cv_store_raise_mid(store, cv_json_int(l->session, "last_mid", 0), err);
	if (rc == CV_OK)
		rc = cv_store_set_secret_meta(store, "session", l->session, err);
	return rc;
}

static void forget_tokens(struct cv_core *core)
{
	char *tokens = cv_strf("%s/tokens", core->paths.data);

	unlink(tokens);
	free(tokens);
}

static enum cv_rc login(struct login *l, struct cv_err *err)
{
	struct cv_sync sync = {0};
	enum cv_rc rc = open_line(l, &sync, err);

	if (rc == CV_OK)
		rc = ask_server(l, &sync, err);
	if (rc == CV_OK && (rc = settle_key(l, err)) != CV_OK) {
		cv_sync_logout(&sync, NULL); /* a device whose key could not be kept would be a ghost */
		forget_tokens(l->core);
	}
	if (rc == CV_OK)
		rc = remember(l, err);
	if (rc == CV_OK)
		rc = keep_ca(l, err);
	cv_core_hang_up(l->core, &sync);
	return rc;
}

enum cv_rc cv_core_login(struct cv_core *core, const struct cv_login *how, struct cv_err *err)
{
	struct login l = {.core = core, .how = how, .secrets = how->secrets};
	enum cv_rc rc = check(&l, err);

	if (l.secrets == NULL)
		l.secrets = cv_core_config(core, "secrets")[0] != '\0' ? cv_core_config(core, "secrets") : "libsecret";
	if (rc == CV_OK)
		rc = known_secrets(l.secrets, err);
	if (rc == CV_OK)
		rc = choose_ca(&l, err);
	if (rc == CV_OK)
		rc = find_key(&l, err);
	if (rc == CV_OK)
		rc = login(&l, err);
	cv_json_destroy(l.session);
	free(l.ca);
	if (rc != CV_OK)
		return rc;
	core->unlocked = true;
	cv_core_forget_drawn(core);
	cv_core_refresh(core);
	struct cv_sync_how all = {.wait = CV_WAIT_NORMAL};
	struct cv_sync_out out = {0};
	rc = cv_core_sync(core, &all, &out, err);
	cv_json_destroy(out.result);
	return rc;
}

enum cv_rc cv_core_logout(struct cv_core *core, bool discard_unsent, struct cv_err *err)
{
	size_t unsent, person;
	struct cv_sync sync = {0};

	cv_store_counts(core->store, &unsent, &person);
	if (unsent + person > 0 && !discard_unsent) {
		enum cv_rc rc =
			cv_err_set(err, CV_DATA, NULL, _("còn %zu việc chưa gửi hoặc cần xem lại"), unsent + person);
		cv_err_hint(err, "%s", _("congvu sync, hoặc congvu logout --discard-unsent để bỏ"));
		return rc;
	}
	/* Telling the server is best effort: what must go is here. */
	if (core->unlocked && cv_core_line(core, core->server, &sync, NULL) == CV_OK)
		cv_sync_logout(&sync, NULL);
	cv_core_hang_up(core, &sync);
	char *how = cv_store_meta(core->store, "secrets"), *ca = cv_strf("%s/ca.pem", core->paths.data);
	struct cv_secret_place place = cv_core_place(core, how, core->server, core->user);
	/* A keyring that does not answer keeps a key that opens nothing any more; it is told all the same. */
	enum cv_rc rc = cv_secret_forget(&place, err);
	forget_tokens(core);
	unlink(ca);
	enum cv_rc wiped = cv_store_wipe(core->store, true, rc == CV_OK ? err : NULL);
	core->unlocked = false;
	cv_wipe(core->master, sizeof(core->master));
	cv_core_forget_drawn(core);
	cv_pending_free(core->pending, core->pending_count);
	core->pending = NULL;
	core->pending_count = 0;
	cv_core_refresh(core);
	free(how);
	free(ca);
	return rc != CV_OK ? rc : wiped;
}
