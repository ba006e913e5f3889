/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opening an account, unlocking it, and its line to the server. */
#include "client/core/inside.h"

#include <congvu/base/i18n.h>
#include <congvu/base/mem.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#define CACHE_DAYS 14 /* where the policy says nothing */

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
	cv_store_set_keep(core->store, core->env,
			  cv_json_int(cv_json_object_of(core->session, "policy"), "cache_days", CACHE_DAYS));
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
	if (cv_store_was_rescued(core->store)) {
		if (core->warnings == NULL)
			core->warnings = cv_json_new_array();
		cv_json_push(core->warnings,
			     cv_json_new_string(
				     _("kho dữ liệu trên máy bị hỏng: việc chưa gửi đã chuyển sang kho mới, kho cũ "
				       "giữ bên cạnh (damaged-*.db)")));
	}
	cv_core_refresh(core);
	*out = core;
	return CV_OK;
}

enum cv_rc cv_core_clone(struct cv_core **out, struct cv_core *core, struct cv_err *err)
{
	struct cv_core_open how = {.env = core->env, .account = core->account, .must_exist = true};
	enum cv_rc rc = cv_core_open(out, &how, err);

	if (rc != CV_OK)
		return rc;
	(*out)->keep_line = true;
	if (!core->unlocked)
		return CV_OK;
	memcpy((*out)->master, core->master, CV_KEY_SIZE);
	rc = cv_store_unlock((*out)->store, core->master, err);
	(*out)->unlocked = rc == CV_OK;
	if (rc == CV_OK) {
		cv_core_refresh(*out);
	} else {
		cv_core_close(*out);
		*out = NULL;
	}
	return rc;
}

void cv_core_close(struct cv_core *core)
{
	if (core == NULL)
		return;
	cv_core_forget_drawn(core);
	for (size_t i = 0; i < CV_COUNT(core->retired); i++)
		cv_json_destroy(core->retired[i]);
	cv_pending_free(core->pending, core->pending_count);
	cv_net_close(core->line);
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
	struct cv_err *fault = &core->unlock_fault;
	if (fault->rc == CV_OK) {
		char *how = cv_store_meta(core->store, "secrets");
		struct cv_secret_place place = cv_core_place(core, how, core->server, core->user);
		enum cv_rc rc = cv_secret_get(core->master, &place, fault);
		free(how);
		if (rc == CV_OK && cv_store_unlock(core->store, core->master, NULL) != CV_OK)
			rc = cv_err_set(fault, CV_LOCKED, NULL, _("khóa lấy được không phải của kho dữ liệu này"));
		core->unlocked = rc == CV_OK;
		if (rc == CV_OK)
			cv_core_refresh(core);
	}
	if (fault->rc != CV_OK && err != NULL && err->rc == CV_OK)
		*err = *fault;
	return fault->rc;
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

	*sync = (struct cv_sync){.env = core->env,
				 .store = core->store,
				 .dir = core->paths.data,
				 .master = core->master,
				 .stop = core->stop,
				 .stop_fd = core->stop_fd};
	sync->net = core->line;
	enum cv_rc rc = sync->net != NULL ? CV_OK : cv_net_open(&sync->net, &setup, err);
	core->line = NULL;
	free(own_ca);
	return rc;
}

void cv_core_hang_up(struct cv_core *core, struct cv_sync *sync)
{
	int64_t requests = 0, up = 0, down = 0;

	if (sync->net == NULL)
		return;
	if (core->keep_line) {
		core->line = sync->net;
		sync->net = NULL;
		return;
	}
	cv_net_traffic(sync->net, &requests, &up, &down);
	core->requests += requests;
	core->up += up;
	core->down += down;
	cv_net_close(sync->net);
	sync->net = NULL;
}
