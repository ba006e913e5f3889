/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tokens at rest and their refresh. Private to sync. */
#ifndef CONGVU_CLIENT_TOKEN_H
#define CONGVU_CLIENT_TOKEN_H

#include "client/net/net.h"
#include "client/sync/sync.h"

/* The access token as stored; *out owned. CV_LOGIN if there is none. */
enum cv_rc cv_token_load(struct cv_sync *s, char **out, struct cv_err *err);
/* Takes the answer of login or refresh. */
enum cv_rc cv_token_store(struct cv_sync *s, const struct cv_json *answer, struct cv_err *err);
/* Under refresh.lock; `used` is the token that was refused: if the file holds another one by now, nothing is asked. */
enum cv_rc cv_token_refresh(struct cv_sync *s, const char *used, bool fork, struct cv_err *err);
/* A request with the token; on token-expired one refresh and one retry. */
enum cv_rc cv_token_do(struct cv_sync *s, struct cv_request *r, struct cv_answer *out, struct cv_err *err);
/* What a request may take, in ms: `most`, but not beyond the deadline (never under a second). */
int cv_token_timeout(const struct cv_sync *s, int most);
/* 403 device-disabled may ask for the cache to go; unsent rows stay sealed. */
void cv_token_obey_wipe(struct cv_sync *s, const struct cv_answer *a, enum cv_rc rc);
/* The answer's status as an error (contract 5); CV_OK for 2xx. */
enum cv_rc cv_token_status(const struct cv_answer *a, struct cv_err *err);

#endif
