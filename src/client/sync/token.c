/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tokens: sealed under the master key, replaced whole, refreshed under a lock by one process at a time. */
#include "client/sync/token.h"

#include <congvu/base/fs.h>
#include <congvu/base/i18n.h>
#include <congvu/base/log.h>
#include <congvu/base/mem.h>

#include <stdlib.h>
#include <string.h>

#include "client/store/store.h"

#define LOCK_WAIT_MS 20000

static enum cv_rc load(struct cv_sync *s, struct cv_json **out, struct cv_err *err)
{
	char *path = cv_strf("%s/tokens", s->dir), *sealed = NULL;
	uint8_t key[CV_KEY_SIZE];
	void *text = NULL;
	size_t n, len;
	enum cv_rc rc = cv_file_read_private(&sealed, &n, path, 64 << 10, NULL);

	*out = NULL;
	free(path);
	if (rc != CV_OK)
		return cv_err_set(err, CV_LOGIN, NULL, NULL);
	cv_key_derive(key, s->master, 2, "cvtokens");
	rc = cv_open_row(&text, &len, key, "tokens", sealed, n, err);
	free(sealed);
	cv_wipe(key, sizeof(key));
	if (rc != CV_OK)
		return rc;
	rc = cv_json_parse(out, text, len, &cv_json_answer, err);
	cv_wipe(text, len);
	free(text);
	return rc;
}

enum cv_rc cv_token_load(struct cv_sync *s, char **out, struct cv_err *err)
{
	struct cv_json *tokens;
	enum cv_rc rc = load(s, &tokens, err);

	*out = NULL;
	if (rc == CV_OK)
		*out = cv_strdup(cv_json_s(tokens, "access_token"));
	cv_json_destroy(tokens);
	return rc;
}

enum cv_rc cv_token_store(struct cv_sync *s, const struct cv_json *answer, struct cv_err *err)
{
	uint8_t key[CV_KEY_SIZE];
	void *sealed;
	size_t n;
	struct cv_json *tokens = cv_json_new_object();

	cv_json_set_str(tokens, "access_token", cv_json_s(answer, "access_token"));
	cv_json_set_str(tokens, "refresh_token", cv_json_s(answer, "refresh_token"));
	char *text = cv_json_text(tokens), *path = cv_strf("%s/tokens", s->dir);
	cv_json_destroy(tokens);
	cv_key_derive(key, s->master, 2, "cvtokens");
	enum cv_rc rc = cv_seal_row(&sealed, &n, key, "tokens", text, strlen(text));
	if (rc == CV_OK) {
		rc = cv_file_write(path, sealed, n, err);
		free(sealed);
	}
	const struct cv_json *session = cv_json_object_of(answer, "session");
	if (rc == CV_OK && cv_json_str(session, "device") != NULL)
		rc = cv_store_set_meta(s->store, "device", cv_json_s(session, "device"), err);
	cv_wipe(key, sizeof(key));
	cv_wipe(text, strlen(text));
	free(text);
	free(path);
	return rc;
}

enum cv_rc cv_token_status(const struct cv_answer *a, struct cv_err *err)
{
	const char *code = cv_json_s(a->json, "code"), *detail = cv_json_str(a->json, "detail");
	enum cv_rc rc;

	if (a->status >= 200 && a->status < 300)
		return CV_OK;
	switch (a->status) {
	case 400:
	case 422:
		rc = strcmp(code, "client-too-old") == 0 ? CV_CLIENT_TOO_OLD : CV_PROTOCOL;
		break;
	case 401:
		rc = CV_LOGIN;
		break;
	case 403:
		rc = strcmp(code, "device-disabled") == 0 ? CV_DISABLED : CV_FORBIDDEN;
		break;
	case 404:
	case 405:
		rc = strcmp(code, "not-found") == 0 ? CV_NOT_FOUND : CV_CONFIG;
		break;
	case 409:
		rc = CV_CONFLICT;
		break;
	case 413:
		rc = CV_LIMIT;
		break;
	case 429:
	case 503:
		rc = CV_BUSY;
		break;
	default:
		rc = a->status >= 500 ? CV_TRANSPORT : CV_PROTOCOL;
	}
	return cv_err_code(err, rc, code[0] != '\0' ? code : cv_rc_code(rc), NULL, "%s",
			   detail != NULL ? detail : cv_rc_text(rc));
}

void cv_token_obey_wipe(struct cv_sync *s, const struct cv_answer *a, enum cv_rc rc)
{
	if (rc == CV_DISABLED && cv_json_bool(a->json, "wipe", false) && cv_store_wipe(s->store, false, NULL) != CV_OK)
		cv_log(CV_LOG_ERROR, "wipe failed");
}

int cv_token_timeout(const struct cv_sync *s, int most)
{
	if (s->deadline == 0)
		return most;
	int64_t left = s->deadline - cv_mono(s->env);
	return left < 1000 ? 1000 : left < most ? (int)left : most;
}

static enum cv_rc ask(struct cv_sync *s, const struct cv_json *tokens, bool fork, struct cv_err *err)
{
	struct cv_answer a;
	struct cv_json *body = cv_json_new_object();

	cv_json_set_str(body, "refresh_token", cv_json_s(tokens, "refresh_token"));
	if (fork)
		cv_json_set_bool(body, "fork", true);
	char *text = cv_json_text(body);
	cv_json_destroy(body);
	struct cv_request r = {.method = "POST",
			       .path = "/v1/token",
			       .body = text,
			       .body_n = strlen(text),
			       .stop = s->stop,
			       .stop_fd = s->stop_fd,
			       .timeout_ms = cv_token_timeout(s, 30000)};
	enum cv_rc rc = cv_net_do(s->net, &r, &a, err);
	if (rc == CV_OK)
		rc = cv_token_status(&a, err);
	cv_token_obey_wipe(s, &a, rc);
	if (rc == CV_OK &&
	    (cv_json_str(a.json, "access_token") == NULL || cv_json_str(a.json, "refresh_token") == NULL))
		rc = cv_err_set(err, CV_PROTOCOL, NULL, NULL);
	if (rc == CV_OK)
		rc = cv_token_store(s, a.json, err);
	cv_wipe(text, strlen(text));
	free(text);
	cv_answer_finish(&a);
	return rc;
}

enum cv_rc cv_token_refresh(struct cv_sync *s, const char *used, bool fork, struct cv_err *err)
{
	char *path = cv_strf("%s/refresh.lock", s->dir);
	struct cv_json *tokens = NULL;
	int lock = -1;
	enum cv_rc rc = cv_lock_take(&lock, path, cv_token_timeout(s, LOCK_WAIT_MS), err);

	free(path);
	if (rc != CV_OK)
		return rc;
	rc = load(s, &tokens, err);
	if (rc == CV_OK && (fork || strcmp(cv_json_s(tokens, "access_token"), used) == 0))
		rc = ask(s, tokens, fork, err);
	cv_json_destroy(tokens);
	cv_lock_drop(lock);
	return rc;
}

enum cv_rc cv_token_do(struct cv_sync *s, struct cv_request *r, struct cv_answer *out, struct cv_err *err)
{
	*out = (struct cv_answer){0};
	for (int round = 0;; round++) {
		char *token;
		enum cv_rc rc = cv_token_load(s, &token, err);
		if (rc != CV_OK)
			return rc;
		r->token = token;
		r->stop = s->stop;
		r->stop_fd = s->stop_fd;
		rc = cv_net_do(s->net, r, out, err);
		bool expired = rc == CV_OK && out->status == 401 && round == 0 &&
			       strcmp(cv_json_s(out->json, "code"), "token-expired") == 0;
		if (expired) {
			cv_answer_finish(out);
			rc = cv_token_refresh(s, token, false, err);
		}
		r->token = NULL;
		cv_wipe(token, strlen(token));
		free(token);
		if (!expired || rc != CV_OK)
			return rc;
	}
}
