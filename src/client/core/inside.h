/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The inside of a cv_core. Private to core. */
#ifndef CONGVU_CLIENT_CORE_INSIDE_H
#define CONGVU_CLIENT_CORE_INSIDE_H

#include "client/net/net.h"
#include "client/secret/secret.h"
#include "client/store/store.h"
#include "client/sync/sync.h"

#include <congvu/base/fs.h>
#include <congvu/core/core.h>

struct cv_setting {
	char *key, *value; /* owned */
};

struct cv_core {
	const struct cv_env *env;
	char *account; /* owned */
	struct cv_paths paths;
	struct cv_store *store;
	enum cv_rc (*ask)(char **out, const char *prompt, struct cv_err *err);
	struct cv_setting settings[40];
	int setting_count;
	struct cv_json *warnings; /* owned: array of strings, or NULL */
	const char *reading;	  /* the file being read */
	bool unlocked;
	struct cv_err unlock_fault; /* why it did not open: asked once a process, a mute keyring costs its limit once */
	uint8_t master[CV_KEY_SIZE];
	char *user, *server, *device; /* owned, "" before login */
	bool script;
	struct cv_json *session; /* owned or NULL */
	/* Look-ups over drawn objects, parsed once; emptied by every write. */
	struct cv_ctx ctx;
	struct cv_json *drawn;	     /* "<kind>/<id>" -> body or null */
	struct cv_json *retired[16]; /* the last ones before: what was borrowed from them lives on for a while */
	unsigned retired_at;
	int looking;		    /* depth of look-ups: the cache stays as it is meanwhile */
	struct cv_pending *pending; /* owned: what is drawn on top, loaded with the first look-up */
	size_t pending_count;
	bool pending_loaded;
	int64_t data_version; /* of the store when that was loaded */
	int64_t requests, up, down;
	const int *stop;	  /* borrowed: set atomically by another thread, ends requests; or NULL */
	int stop_fd;		  /* readable then, 0 = none */
	bool keep_line;		  /* of a clone: the connection stays open between calls */
	struct cv_net *line;	  /* owned: the kept connection, or NULL */
	bool line_tried, line_up; /* by this process's last sync: then nobody has to ask again */
};

enum cv_rc cv_config_load(struct cv_core *core, struct cv_err *err);
void cv_config_free(struct cv_core *core);
/* Reads user, server, device, script, session from the store. */
void cv_core_refresh(struct cv_core *core);
/* Between the two what is drawn, what is pending and what the server said are of one moment, and pending rows stay
 * where they are. They nest; the second gets what the first returned. */
bool cv_core_look(struct cv_core *core);
void cv_core_look_end(struct cv_core *core, bool began);
/* Fills core->pending. */
enum cv_rc cv_core_load_pending(struct cv_core *core, struct cv_err *err);
/* Forgets drawn objects and pending rows. */
void cv_core_forget_drawn(struct cv_core *core);
/* Opens net and fills the sync struct; the caller closes net. */
enum cv_rc cv_core_line(struct cv_core *core, const char *server, struct cv_sync *sync, struct cv_err *err);
void cv_core_hang_up(struct cv_core *core, struct cv_sync *sync);
struct cv_secret_place cv_core_place(struct cv_core *core, const char *how, const char *server, const char *user);

#endif
