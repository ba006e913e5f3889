/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Replies: JSON, problem+json (RFC 9457), headers, sending. */
#include "server/http/http.h"

#include <congvu/base/i18n.h>
#include <congvu/base/log.h>
#include <congvu/base/mem.h>
#include <stdlib.h>
#include <string.h>

#define WORTH_PACKING 600 /* bytes: the answer to one pushed act is above it, an idle poll below */

static const char *title_of(unsigned status)
{
	static const struct {
		unsigned status;
		const char *title;
	} rows[] = {
		{400, N_("Yêu cầu không đúng")},
		{401, N_("Cần đăng nhập")},
		{403, N_("Không được phép")},
		{404, N_("Không có")},
		{405, N_("Không dùng cách gọi này")},
		{409, N_("Khác bản trên máy chủ")},
		{410, N_("Không còn")},
		{413, N_("Quá lớn")},
		{415, N_("Không nhận kiểu này")},
		{422, N_("Không nhận được")},
		{429, N_("Thử quá nhiều lần")},
		{503, N_("Máy chủ đang bận")},
	};

	for (size_t i = 0; i < CV_COUNT(rows); i++)
		if (rows[i].status == status)
			return _(rows[i].title);
	return _("Lỗi của máy chủ");
}

static void set_body(struct cv_req *r, unsigned status, const char *type, char *body)
{
	free(r->reply.body);
	r->reply.status = status;
	r->reply.type = type;
	r->reply.body = body;
	r->reply.n = strlen(body);
}

void cv_reply_json(struct cv_req *r, unsigned status, struct cv_json *body)
{
	set_body(r, status, "application/json", cv_json_text(body));
	cv_json_destroy(body);
}

void cv_reply_text(struct cv_req *r, unsigned status, const char *text)
{
	set_body(r, status, "text/plain; version=0.0.4; charset=utf-8", cv_strdup(text));
}

void cv_reply_head(struct cv_req *r, const char *name, const char *value)
{
	if (r->reply.head_count == CV_COUNT(r->reply.heads))
		return;
	r->reply.heads[r->reply.head_count].name = name;
	r->reply.heads[r->reply.head_count++].value = cv_strdup(value);
}

void cv_reply_problem_with(struct cv_req *r, unsigned status, const char *code, const char *detail,
			   struct cv_json *more)
{
	struct cv_json *o = more != NULL ? more : cv_json_new_object();
	uint64_t trace = atomic_fetch_add(&r->http->trace, 0x9E3779B97F4A7C15u);
	char *type = cv_strf("urn:congvu:problem:%s", code), *mark = cv_strf("%016llx", (unsigned long long)trace);

	cv_json_set_str(o, "type", type);
	cv_json_set_str(o, "title", title_of(status));
	cv_json_set_int(o, "status", status);
	cv_json_set_str(o, "detail", detail != NULL ? detail : title_of(status));
	cv_json_set_str(o, "code", code);
	cv_json_set_str(o, "trace", mark);
	set_body(r, status, "application/problem+json", cv_json_text(o));
	cv_json_destroy(o);
	if (status == 401)
		cv_reply_head(r, MHD_HTTP_HEADER_WWW_AUTHENTICATE, "Bearer");
	if (status == 503 && r->reply.head_count == 0)
		cv_reply_head(r, MHD_HTTP_HEADER_RETRY_AFTER, "1");
	atomic_fetch_add(&r->http->refused, 1);
	if (status >= 500) {
		atomic_fetch_add(&r->http->failed, 1);
		cv_log(CV_LOG_WARN, "%u %s trace %s", status, code, mark);
	}
	free(type);
	free(mark);
}

void cv_reply_problem(struct cv_req *r, unsigned status, const char *code, const char *detail)
{
	cv_reply_problem_with(r, status, code, detail, NULL);
}

static unsigned status_of(enum cv_rc rc)
{
	switch (rc) {
	case CV_LOGIN:
		return 401;
	case CV_DISABLED:
	case CV_FORBIDDEN:
		return 403;
	case CV_NOT_FOUND:
		return 404;
	case CV_CONFLICT:
		return 409;
	case CV_LIMIT:
		return 413;
	case CV_USAGE:
	case CV_SYNTAX:
		return 400;
	case CV_DATA:
	case CV_REJECTED:
	case CV_STATE_SECRET:
		return 422;
	case CV_BUSY:
	case CV_NOT_SAVED:
		return 503;
	default:
		return 500;
	}
}

void cv_reply_err(struct cv_req *r, const struct cv_err *err)
{
	unsigned status = status_of(err->rc);
	const char *code = err->code[0] != '\0' ? err->code : cv_rc_code(err->rc);

	if (status >= 500) /* what the engine said is for the log, not for strangers */
		cv_log(CV_LOG_ERROR, "%s: %s", code, err->detail);
	struct cv_json *more = NULL;
	if (err->rc == CV_DISABLED) { /* a lost machine or a person who left: what was sent there has to go */
		more = cv_json_new_object();
		cv_json_set_bool(more, "wipe", true);
	}
	cv_reply_problem_with(r, status, code, status >= 500 ? NULL : err->detail, more);
}

enum MHD_Result cv_reply_send(struct cv_req *r)
{
	struct cv_reply *p = &r->reply;
	size_t packed_n = 0;
	bool packs = p->n > WORTH_PACKING && cv_accepts(cv_req_header(r, MHD_HTTP_HEADER_ACCEPT_ENCODING), "gzip");
	char *packed = packs ? cv_gzip(p->body, p->n, &packed_n) : NULL;
	struct MHD_Response *response =
		packed != NULL ? MHD_create_response_from_buffer(packed_n, packed, MHD_RESPMEM_MUST_FREE)
			       : MHD_create_response_from_buffer(p->n, p->body, MHD_RESPMEM_MUST_FREE);
	enum MHD_Result done;

	if (response == NULL)
		return MHD_NO;
	if (packed != NULL) {
		free(p->body);
		MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_ENCODING, "gzip");
		MHD_add_response_header(response, MHD_HTTP_HEADER_VARY, "Accept-Encoding");
	}
	p->body = NULL;
	if (p->status != 304)
		MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, p->type);
	MHD_add_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
	MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
	for (size_t i = 0; i < p->head_count; i++)
		MHD_add_response_header(response, p->heads[i].name, p->heads[i].value);
	if (r->fatal || atomic_load(&r->http->stopping))
		MHD_add_response_header(response, MHD_HTTP_HEADER_CONNECTION, "close");
	if (r->conn != NULL) {
		atomic_store(&r->conn->whole, true);
		atomic_store(&r->conn->deadline, cv_mono(r->http->env) + CV_HTTP_ANSWER_MS);
	}
	done = MHD_queue_response(r->mhd, p->status, response);
	MHD_destroy_response(response);
	return done;
}
