/* SPDX-License-Identifier: GPL-3.0-or-later */
/* congvud: starts what stands under everything, reads the command line, runs the verb. */
#include "server/admin/admin.h"

#include <congvu/base/env.h>
#include <congvu/base/i18n.h>
#include <congvu/base/log.h>
#include <congvu/base/seal.h>

int main(int argc, char **argv)
{
	struct cv_admin admin = {.env = cv_env_system()};
	struct cv_args *args;
	struct cv_err err;
	bool json = cv_argv_has(argc, argv, "--json");

	cv_err_init(&err);
	cv_i18n_start(admin.env);
	if (cv_seal_start(&err) != CV_OK || cv_log_open(admin.env, NULL, CV_LOG_WARN, &err) != CV_OK)
		return cv_admin_fail(json, &err);
	if (cv_args_parse(&args, &cv_congvud, argc, argv, stdout, &err) != CV_OK) {
		cv_log_close();
		return cv_admin_fail(json, &err);
	}
	int status = args != NULL ? cv_args_verb(args)->run(&admin, args) : 0;
	cv_args_destroy(args);
	cv_log_close();
	return status;
}
