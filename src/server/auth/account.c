/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Accounts: login name and password hash. */
#include "server/auth/auth.h"
#include "server/db/db.h"

#include <congvu/base/mem.h>

/* The hash of no password anybody has: an unknown name takes as long to refuse as a wrong password (argon2id with the
 * parameters of cv_password_hash). */
#define DUMMY "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$Bx2E4rpbYSRjbHC4gBkLmG5WSVLtMbFMNlTaUM3hrmk"

enum cv_rc cv_account_set(struct cv_db *db, const char *user, const char *hash, struct cv_err *err)
{
	return cv_db_run(db, NULL, err,
			 "INSERT INTO account (\"user\", hash, disabled) VALUES ($1, $2, 0)"
			 " ON CONFLICT (\"user\") DO UPDATE SET hash = $2",
			 "ss", user, hash);
}

enum cv_rc cv_account_hash(char out[128], bool *real, struct cv_db *db, const char *user, struct cv_err *err)
{
	struct cv_stmt *st =
		cv_db_query(db, "SELECT hash FROM account WHERE \"user\" = $1 AND disabled = 0", "s", user);
	enum cv_step step = cv_stmt_step(st);

	*real = step == CV_STEP_ROW;
	cv_strcopy(out, 128, *real ? cv_stmt_text(st, 0) : DUMMY);
	cv_stmt_done(st);
	return step == CV_STEP_FAIL ? cv_err_set(err, CV_IO, NULL, "account: %s", cv_db_message(db)) : CV_OK;
}
