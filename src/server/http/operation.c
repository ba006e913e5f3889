/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * POST /v1/operations: one operation for integrations. The Idempotency-Key stands where a device's number stands in
 * /v1/sync: memory is kept under a name made of device and key, so that it never meets the device's own numbers.
 */
#include "server/http/http.h"

#include <congvu/base/i18n.h>
#include <congvu/base/mem.h>
#include <congvu/base/seal.h>
#include <congvu/model/op.h>
#include <stdlib.h>
#include <string.h>

#define KEY_MAX 200

static void state_free(void *state)
{
	cv_job_destroy(state);
}

static unsigned status_of(enum cv_st st)
{
	switch (st) {
	case CV_ST_CONFLICT:
		return 409;
	case CV_ST_REJECTED:
		return 422;
	case CV_ST_FORBIDDEN:
		return 403;
	case CV_ST_GONE:
		return 410;
	case CV_ST_RETRY:
		return 503;
	default:
		return 200;
	}
}

static void reply_result(struct cv_req *r, const struct cv_json *result)
{
	enum cv_st st = cv_st_of(cv_json_s(result, "st"));
	unsigned status = status_of(st);
	const char *code = cv_json_str(result, "code");
	struct cv_json *body = cv_json_dup(result);

	cv_json_remove(body, "mid"); /* the key's, not the caller's */
	if (status == 200)
		cv_reply_json(r, status, body);
	else
		cv_reply_problem_with(r, status, code != NULL ? code : cv_st_word(st), cv_json_str(result, "detail"),
				      body);
}

static void ran(struct cv_req *r)
{
	struct cv_job *job = r->state;
	const struct cv_json *result = cv_json_first(job->results);

	if (job->rc == CV_CONFLICT)
		cv_reply_problem(r, 422, "key-reused", _("Idempotency-Key này đã dùng cho nội dung khác"));
	else if (job->rc != CV_OK || result == NULL)
		cv_reply_problem(r, 503, "busy", NULL);
	else
		reply_result(r, result);
}

static void job_done(struct cv_job *job)
{
	cv_req_resume(job->data);
}

static struct cv_job *job_of(struct cv_req *r, struct cv_json *element, const char *key)
{
	struct cv_job *job = cv_job_create();
	char *name = cv_strf("%s\n%s", r->session.device, key), hash[CV_HEX_SIZE];

	cv_sha256_hex(hash, name, strlen(name));
	free(name);
	cv_json_set_int(element, "mid", 1);
	cv_strcopy(job->user, sizeof(job->user), r->session.user);
	cv_strcopy(job->device, sizeof(job->device), "key-");
	cv_strcopy(job->device + 4, 33, hash);
	job->rights = r->session.rights;
	job->script = r->session.script;
	job->items = cv_alloc(sizeof(*job->items));
	job->items[0].raw = cv_json_canonical(element);
	job->items[0].n = strlen(job->items[0].raw);
	job->count = 1;
	job->done = job_done;
	job->data = r;
	return job;
}

static bool key_good(const char *key)
{
	size_t n = key != NULL ? strlen(key) : 0;

	for (size_t i = 0; i < n; i++)
		if (key[i] <= 0x20 || key[i] == 0x7f)
			return false;
	return n > 0 && n <= KEY_MAX;
}

void cv_handle_operation(struct cv_req *r)
{
	const char *key = cv_req_header(r, "Idempotency-Key");
	struct cv_json *element;

	if (!key_good(key)) {
		cv_reply_problem(r, 400, "bad-request", _("cần phần đầu Idempotency-Key"));
		return;
	}
	element = cv_req_json(r);
	if (element == NULL)
		return;
	struct cv_job *job = job_of(r, element, key);
	cv_json_destroy(element);
	r->state = job;
	r->state_free = state_free;
	if (!cv_req_suspend(r, ran))
		return;
	if (!cv_work_submit(r->http->work, job)) {
		job->rc = CV_BUSY;
		cv_req_resume(r);
	}
}
