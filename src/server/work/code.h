/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Codes of dossiers: given by the server alone, per agency and day, in the transaction that makes the dossier. */
#ifndef CONGVU_SERVER_CODE_H
#define CONGVU_SERVER_CODE_H

#include "server/db/db.h"

#include <congvu/base/json.h>
#include <stdint.h>

/* Sets dossier.code to the day's next one. A number that was rolled back was never shown and is given again. */
enum cv_rc cv_code_give(struct cv_db *db, int64_t now, struct cv_json *dossier);
/* Numbers up to that of this code (any agency, any day) are never given. */
enum cv_rc cv_code_reserve(struct cv_db *db, const char *code, struct cv_err *err);

#endif
