/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opening an account, unlocking it, logging in and out. */
#include "client/core/inside.h"

#include <congvu/base/i18n.h>
#include <congvu/base/mem.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

/* Neither a core file nor another process of the same user may show what is held in memory. */
static void no_core_dumps(void)
{
	struct rlimit none = {0, 0};

	setrlimit(RLIMIT_CORE, &none);
	prctl(PR_SET_DUMPABLE, 0);
}

void cv_core_refresh(struct cv_core *core)
{
	free(core->user);
	free(core->server);
	free(core->device);
	core->user = cv_store_meta(core->store, "user");
	core->server = cv_store_meta(core->store, "server");
	core->device = cv_store_meta(core->store, "device");
	char *script = cv_store_meta(core->store, "script");
	core->script = strcmp(script, "1") == 0;
	free(script);
	cv_json_destroy(core->session);
	core->session = NULL;
	if (core->unlocked)
		cv_store_secret_meta(core->store, "session", &core->session, NULL);
}

enum cv_rc cv_core_open(struct cv_core **out, const struct cv_core_open *how, struct cv_err *err)
{
	struct cv_core *core = cv_alloc(sizeof(*core));

	*out = NULL;
	no_core_dumps();
	core->env = how->env;
	core->ask = how->ask;
	core->account = cv_strdup(how->account);
	enum cv_rc rc = cv_paths_init(&core->paths, how->env, how->account, err);
	if (rc == CV_OK)
		rc = cv_config_load(core, err);
	if (rc == CV_OK && how->must_exist) {
		char *path = cv_strf("%s/store.db", core->paths.data);
		if (!cv_file_exists(path)) {
			rc = cv_err_set(err, CV_LOGIN, NULL, _("chưa đăng nhập trên máy này"));
			cv_err_hint(err, "%s", _("congvu login --server URL --user TÊN"));
		}
		free(path);
	}
	if (rc == CV_OK)
		rc = cv_store_open(&core->store, core->paths.data, err);
	if (rc == CV_OK && how->must_exist && !cv_store_has_keys(core->store)) {
		rc = cv_err_set(err, CV_LOGIN, NULL, _("chưa đăng nhập trên máy này"));
		cv_err_hint(err, "%s", _("congvu login --server URL --user TÊN"));
	}
	if (rc != CV_OK) {
		cv_core_close(core);
		return rc;
	}
	cv_core_refresh(core);
	*out = core;
	return CV_OK;
}

void cv_core_close(struct cv_core *core)
{
	if (core == NULL)
		return;
	cv_core_forget_drawn(core);
	cv_store_close(core->store);
	cv_config_free(core);
	cv_paths_finish(&core->paths);
	cv_json_destroy(core->session);
	cv_wipe(core->master, sizeof(core->master));
	free(core->user);
	free(core->server);
	free(core->device);
	free(core->account);
	free(core);
}

struct cv_secret_place cv_core_place(struct cv_core *core, const char *how, const char *server, const char *user)
{
	return (struct cv_secret_place){.env = core->env,
					.how = how,
					.dir = core->paths.data,
					.account = core->account,
					.server = server,
					.user = user,
					.command = cv_core_config(core, "secret_command"),
					.terminal = core->ask != NULL,
					.ask = core->ask};
}

enum cv_rc cv_core_unlock(struct cv_core *core, struct cv_err *err)
{
	if (core->unlocked)
		return CV_OK;
	if (!cv_store_has_keys(core->store))
		return cv_err_set(err, CV_LOGIN, NULL, NULL);
	char *how = cv_store_meta(core->store, "secrets");
	struct cv_secret_place place = cv_core_place(core, how, core->server, core->user);
	enum cv_rc rc = cv_secret_get(core->master, &place, err);
	free(how);
	if (rc == CV_OK && cv_store_unlock(core->store, core->master, NULL) != CV_OK)
		rc = cv_err_set(err, CV_LOCKED, NULL, _("khóa lấy được không phải của kho dữ liệu này"));
	core->unlocked = rc == CV_OK;
	if (rc == CV_OK)
		cv_core_refresh(core);
	return rc;
}

bool cv_core_locked(const struct cv_core *core)
{
	return !core->unlocked;
}

const char *cv_core_user(const struct cv_core *core)
{
	return core->user;
}

const char *cv_core_server(const struct cv_core *core)
{
	return core->server;
}

const char *cv_core_device(const struct cv_core *core)
{
	return core->device;
}

bool cv_core_script(const struct cv_core *core)
{
	return core->script;
}

const struct cv_json *cv_core_session(struct cv_core *core)
{
	return core->session;
}

enum cv_rc cv_core_line(struct cv_core *core, const char *server, struct cv_sync *sync, struct cv_err *err)
{
	char *own_ca = cv_strf("%s/ca.pem", core->paths.data);
	const char *proxy = cv_core_config(core, "proxy");
	struct cv_net_setup setup = {.env = core->env,
				     .server = server,
				     .ca_file = cv_file_exists(own_ca) ? own_ca : NULL,
				     .proxy = proxy[0] != '\0' ? proxy : NULL};

	*sync = (struct cv_sync){
		.env = core->env, .store = core->store, .dir = core->paths.data, .master = core->master};
	enum cv_rc rc = cv_net_open(&sync->net, &setup, err);
	free(own_ca);
	return rc;
}

void cv_core_hang_up(struct cv_core *core, struct cv_sync *sync)
{
	int64_t requests = 0, up = 0, down = 0;

	if (sync->net == NULL)
		return;
	cv_net_traffic(sync->net, &requests, &up, &down);
	core->requests += requests;
	core->up += up;
	core->down += down;
	cv_net_close(sync->net);
	sync->net = NULL;
}

/* ---- login ---- */
static enum cv_rc copy_ca(struct cv_core *core, const char *file, struct cv_err *err)
{
	char *text = NULL, *path = cv_strf("%s/ca.pem", core->paths.data);
	size_t n = 0;
	enum cv_rc rc = CV_OK;

	if (file == NULL || file[0] == '\0') {
		unlink(path);
	} else if ((rc = cv_file_read(&text, &n, file, 1 << 20, err)) == CV_OK) {
		rc = cv_file_write(path, text, n, err);
	} else if (err != NULL && rc == CV_NOT_FOUND) {
		err->rc = rc = CV_NO_INPUT;
	}
	free(text);
	free(path);
	return rc;
}

static enum cv_rc check_login(struct cv_core *core, const struct cv_login *how, struct cv_err *err)
{
	size_t unsent, person;

	cv_store_counts(core->store, &unsent, &person);
	if (core->user[0] != '\0' && strcmp(core->user, how->user) != 0 && unsent + person > 0)
		return cv_err_set(err, CV_USAGE, "user",
				  _("còn %zu việc chưa gửi của %s; hãy gửi xong hoặc đăng xuất trước"), unsent + person,
				  core->user);
	if (strncmp(how->server, "http:", 5) == 0 && how->ca_file != NULL)
		return cv_err_set(err, CV_USAGE, "ca", _("--ca chỉ đi với https"));
	return CV_OK;
}

/* A new master key, or the one that is there when the same person logs in again. */
static enum cv_rc ready_key(struct cv_core *core, const struct cv_login *how, bool *fresh, struct cv_err *err)
{
	*fresh = !cv_store_has_keys(core->store) || strcmp(core->user, how->user) != 0;
	if (*fresh) {
		if (cv_store_has_keys(core->store)) {
			enum cv_rc rc = cv_store_wipe(core->store, true, err);
			if (rc != CV_OK)
				return rc;
		}
		cv_random(core->master, CV_KEY_SIZE);
		return CV_OK;
	}
	return cv_core_unlock(core, err);
}

static enum cv_rc keep_key(struct cv_core *core, const struct cv_login *how, const char *secrets, struct cv_err *err)
{
	struct cv_secret_place place = cv_core_place(core, secrets, how->server, how->user);
	enum cv_rc rc = strcmp(secrets, "command") == 0 ? cv_secret_get(core->master, &place, err)
							: cv_secret_put(core->master, &place, err);

	if (rc == CV_OK)
		rc = cv_store_set_keys(core->store, core->master, err);
	if (rc == CV_OK)
		rc = cv_store_set_meta(core->store, "secrets", secrets, err);
	return rc;
}

static enum cv_rc ask_server(struct cv_core *core, const struct cv_login *how, struct cv_json **session,
			     struct cv_err *err)
{
	char host[64] = "congvu";
	struct cv_sync sync;
	struct cv_json *rights = how->for_cron ? cv_rights_format(CV_RIGHT_REPORT_WRITE | CV_RIGHT_SYNC_OWN) : NULL;
	const char *name = cv_core_config(core, "device_name");
	enum cv_rc rc = cv_core_line(core, how->server, &sync, err);

	gethostname(host, sizeof(host) - 1);
	if (rc == CV_OK)
		rc = cv_sync_login(&sync, how->user, how->password, name[0] != '\0' ? name : host, rights, session,
				   err);
	cv_core_hang_up(core, &sync);
	cv_json_destroy(rights);
	return rc;
}

static enum cv_rc remember(struct cv_core *core, const struct cv_login *how, const struct cv_json *session,
			   struct cv_err *err)
{
	enum cv_rc rc = cv_store_set_meta(core->store, "user", how->user, err);

	if (rc == CV_OK)
		rc = cv_store_set_meta(core->store, "server", how->server, err);
	if (rc == CV_OK)
		rc = cv_store_set_meta(core->store, "script", how->for_cron ? "1" : "0", err);
	if (rc == CV_OK)
		rc = cv_store_raise_mid(core->store, cv_json_int(session, "last_mid", 0), err);
	if (rc == CV_OK)
		rc = cv_store_set_secret_meta(core->store, "session", session, err);
	return rc;
}

enum cv_rc cv_core_login(struct cv_core *core, const struct cv_login *how, struct cv_err *err)
{
	const char *secrets = how->secrets;
	struct cv_json *session = NULL;
	bool fresh = false;
	enum cv_rc rc = check_login(core, how, err);

	if (secrets == NULL)
		secrets = cv_core_config(core, "secrets")[0] != '\0' ? cv_core_config(core, "secrets") : "libsecret";
	if (rc == CV_OK)
		rc = copy_ca(core, how->ca_file != NULL ? how->ca_file : cv_core_config(core, "ca"), err);
	if (rc == CV_OK)
		rc = ready_key(core, how, &fresh, err);
	/* The keyring is asked before the server: a device that could not keep its key would be a ghost. */
	if (rc == CV_OK && fresh)
		rc = keep_key(core, how, secrets, err);
	if (rc == CV_OK)
		rc = ask_server(core, how, &session, err);
	if (rc == CV_OK)
		rc = remember(core, how, session, err);
	cv_json_destroy(session);
	if (rc != CV_OK)
		return rc;
	core->unlocked = true;
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
	struct cv_sync sync;

	cv_store_counts(core->store, &unsent, &person);
	if (unsent + person > 0 && !discard_unsent) {
		enum cv_rc rc =
			cv_err_set(err, CV_DATA, NULL, _("còn %zu việc chưa gửi hoặc cần xem lại"), unsent + person);
		cv_err_hint(err, "%s", _("congvu sync, hoặc congvu logout --discard-unsent để bỏ"));
		return rc;
	}
	/* Telling the server is best effort: what must go is here. */
	if (core->unlocked && cv_core_line(core, core->server, &sync, NULL) == CV_OK) {
		cv_sync_logout(&sync, NULL);
		cv_core_hang_up(core, &sync);
	}
	char *how = cv_store_meta(core->store, "secrets"), *tokens = cv_strf("%s/tokens", core->paths.data);
	struct cv_secret_place place = cv_core_place(core, how, core->server, core->user);
	enum cv_rc rc = cv_secret_forget(&place, err);
	unlink(tokens);
	if (rc == CV_OK)
		rc = cv_store_wipe(core->store, true, err);
	core->unlocked = false;
	cv_wipe(core->master, sizeof(core->master));
	cv_core_refresh(core);
	free(how);
	free(tokens);
	return rc;
}
