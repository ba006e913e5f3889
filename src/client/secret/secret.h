/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where the account's one secret lives: its 32-byte master key, never rewritten after login (contract 7). The chain:
 * $CREDENTIALS_DIRECTORY/congvu, command, libsecret (helper program, killed after its limit), passphrase, file.
 */
#ifndef CONGVU_CLIENT_SECRET_H
#define CONGVU_CLIENT_SECRET_H

#include <congvu/base/env.h>
#include <congvu/base/err.h>
#include <congvu/base/seal.h>

struct cv_secret_place {
	const struct cv_env *env;
	const char *how;     /* libsecret | command | passphrase | file: chosen at login, never silently weakened */
	const char *dir;     /* the account's directory */
	const char *account; /* e.g. "default" */
	const char *server, *user;
	const char *command; /* secret_command of the configuration, may be NULL */
	bool terminal;	     /* a person may answer a prompt: 30 s instead of 3 s */
	enum cv_rc (*ask)(char **out, const char *prompt, struct cv_err *err); /* passphrase; NULL: cannot ask */
};
/* CV_LOCKED: it is there but cannot be had now (locked, hangs, "unknown"). CV_LOGIN: it is surely not there. */
enum cv_rc cv_secret_get(uint8_t key[CV_KEY_SIZE], const struct cv_secret_place *p, struct cv_err *err);
enum cv_rc cv_secret_put(const uint8_t key[CV_KEY_SIZE], const struct cv_secret_place *p, struct cv_err *err);
enum cv_rc cv_secret_forget(const struct cv_secret_place *p, struct cv_err *err);

#endif
