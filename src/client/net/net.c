/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Requests over libcurl. libcurl 7.88 calls a half-sent header block, a truncated gzip whose length fits, and two
 * different lengths a success; so an answer counts only when its headers ended, its lengths agree, and its body is one
 * complete JSON text.
 */
#include "client/net/net.h"

#include <congvu/base/i18n.h>
#include <congvu/base/mem.h>
#include <congvu/base/time.h>

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define MAX_BODY   ((size_t)4 << 20)
#define MAX_HEADER ((size_t)64 << 10)
#define MAX_RETRY  86400 /* s: a server that asks for more is not believed */

struct cv_net {
	CURL *curl;
	CURLM *multi; /* keeps the connection; waits for the network and for stop_fd together */
	const struct cv_env *env;
	char *server; /* owned, without a slash at the end */
	int64_t requests, up, down;
};

/* What one exchange has shown so far. */
struct exchange {
	struct cv_buf body;
	size_t header_bytes;
	bool headers_ended, two_lengths, json;
	int64_t length; /* -1: none said */
	int64_t retry_after_ms;
	int64_t date, now;
	const int *stop;
};

static bool loopback(const char *host)
{
	unsigned a, b, c, d;
	char rest;

	if (strcasecmp(host, "localhost") == 0 || strcmp(host, "[::1]") == 0 || strcmp(host, "::1") == 0)
		return true;
	return sscanf(host, "%3u.%3u.%3u.%3u%c", &a, &b, &c, &d, &rest) == 4 && a == 127 && b < 256 && c < 256 &&
	       d < 256;
}

static enum cv_rc check_url(const struct cv_net_setup *setup, struct cv_err *err)
{
	CURLU *url = curl_url();
	char *scheme = NULL, *host = NULL;
	enum cv_rc rc = CV_OK;

	if (curl_url_set(url, CURLUPART_URL, setup->server, 0) != CURLUE_OK ||
	    curl_url_get(url, CURLUPART_SCHEME, &scheme, 0) != CURLUE_OK ||
	    curl_url_get(url, CURLUPART_HOST, &host, 0) != CURLUE_OK)
		rc = cv_err_set(err, CV_CONFIG, "server", _("địa chỉ máy chủ không đúng: %s"), setup->server);
	else if (strcmp(scheme, "https") != 0 && (strcmp(scheme, "http") != 0 || !loopback(host)))
		rc = cv_err_set(err, CV_CONFIG, "server", _("chỉ nối bằng https (http chỉ dùng trên chính máy này)"));
	else if (strcmp(scheme, "http") == 0 && setup->ca_file != NULL)
		rc = cv_err_set(err, CV_USAGE, "ca", _("--ca chỉ đi với https"));
	curl_free(scheme);
	curl_free(host);
	curl_url_cleanup(url);
	return rc;
}

static size_t take_body(char *bytes, size_t size, size_t count, void *data)
{
	struct exchange *x = data;

	return cv_buf_add(&x->body, bytes, size * count) ? size * count : 0;
}

static bool header_is(const char *line, size_t n, const char *name, const char **value)
{
	size_t len = strlen(name);

	if (n <= len || strncasecmp(line, name, len) != 0 || line[len] != ':')
		return false;
	*value = line + len + 1 + strspn(line + len + 1, " ");
	return true;
}

/* Seconds or an HTTP date; -1 for neither. The server's own Date is the base: the clock here may lie. */
static int64_t retry_after(const char *value, int64_t date, int64_t now)
{
	char *end;
	long long seconds = strtoll(value, &end, 10);

	if (end == value) {
		time_t at = curl_getdate(value, NULL);
		if (at < 0)
			return -1;
		seconds = at - (date != CV_TIME_NONE ? date : now) / 1000;
	}
	return (seconds < 0 ? 0 : seconds > MAX_RETRY ? MAX_RETRY : seconds) * 1000;
}

static void take_date(struct exchange *x, const char *value)
{
	time_t at = curl_getdate(value, NULL);

	if (at >= 0)
		x->date = (int64_t)at * 1000;
}

static size_t take_header(char *line, size_t size, size_t count, void *data)
{
	struct exchange *x = data;
	size_t n = size * count;
	const char *value;
	char copy[256];

	x->header_bytes += n;
	if (x->header_bytes > MAX_HEADER)
		return 0;
	snprintf(copy, sizeof(copy), "%.*s", (int)(n < 255 ? n : 255), line);
	if (strncmp(copy, "HTTP/", 5) == 0) {
		x->headers_ended = x->two_lengths = x->json = false;
		x->length = -1;
	} else if (n <= 2) {
		x->headers_ended = true;
	} else if (header_is(copy, strlen(copy), "Content-Length", &value)) {
		int64_t length = strtoll(value, NULL, 10);
		x->two_lengths = x->two_lengths || (x->length >= 0 && x->length != length);
		x->length = length;
	} else if (header_is(copy, strlen(copy), "Content-Type", &value)) {
		x->json = strncasecmp(value, "application/json", 16) == 0 ||
			  strncasecmp(value, "application/problem+json", 24) == 0;
	} else if (header_is(copy, strlen(copy), "Retry-After", &value)) {
		x->retry_after_ms = retry_after(value, x->date, x->now);
	} else if (header_is(copy, strlen(copy), "Date", &value)) {
		take_date(x, value);
	}
	return n;
}

static bool stopped(const int *stop)
{
	return stop != NULL && __atomic_load_n(stop, __ATOMIC_ACQUIRE) != 0;
}

static int progress(void *data, curl_off_t total_down, curl_off_t down, curl_off_t total_up, curl_off_t up)
{
	const struct exchange *x = data;

	(void)total_down;
	(void)down;
	(void)total_up;
	(void)up;
	return stopped(x->stop);
}

enum cv_rc cv_net_open(struct cv_net **out, const struct cv_net_setup *setup, struct cv_err *err)
{
	*out = NULL;
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != 0)
		return cv_err_set(err, CV_INTERNAL, NULL, NULL);
	enum cv_rc rc = check_url(setup, err);
	if (rc != CV_OK)
		return rc;
	struct cv_net *n = cv_alloc(sizeof(*n));
	n->curl = curl_easy_init();
	n->multi = curl_multi_init();
	n->env = setup->env;
	n->server = cv_strdup(setup->server);
	for (size_t len = strlen(n->server); len > 0 && n->server[len - 1] == '/'; len--)
		n->server[len - 1] = '\0';
	CURL *c = n->curl;
	curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, strncmp(n->server, "https", 5) == 0 ? "https" : "http");
	curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(c, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(c, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(c, CURLOPT_ACCEPT_ENCODING, "gzip");
	curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS, 10000L);
	curl_easy_setopt(c, CURLOPT_TCP_KEEPALIVE, 1L);
	curl_easy_setopt(c, CURLOPT_MAXAGE_CONN, 45L);
	curl_easy_setopt(c, CURLOPT_PROXY, setup->proxy != NULL ? setup->proxy : "");
	curl_easy_setopt(c, CURLOPT_NOPROXY, ""); /* what the environment says plays no part: cron has none */
	if (setup->ca_file != NULL)
		curl_easy_setopt(c, CURLOPT_CAINFO, setup->ca_file);
	*out = n;
	return CV_OK;
}

void cv_net_close(struct cv_net *n)
{
	if (n == NULL)
		return;
	curl_easy_cleanup(n->curl);
	curl_multi_cleanup(n->multi);
	free(n->server);
	free(n);
}

void cv_answer_finish(struct cv_answer *a)
{
	cv_json_destroy(a->json);
	*a = (struct cv_answer){0};
}

static struct curl_slist *headers_of(const struct cv_request *r)
{
	struct curl_slist *list = NULL;
	char *line;

	/* Every byte travels with every poll: what says nothing new is left out. */
	list = curl_slist_append(list, "Accept:");
	list = curl_slist_append(list, "Congvu-Client: " CONGVU_VERSION);
	list = curl_slist_append(list, "Expect:");
	if (r->body != NULL)
		list = curl_slist_append(list, "Content-Type: application/json");
	if (r->token != NULL) {
		line = cv_strf("Authorization: Bearer %s", r->token);
		list = curl_slist_append(list, line);
		free(line);
	}
	if (r->prefer != NULL) {
		line = cv_strf("Prefer: %s", r->prefer);
		list = curl_slist_append(list, line);
		free(line);
	}
	if (r->idempotency_key != NULL) {
		line = cv_strf("Idempotency-Key: %s", r->idempotency_key);
		list = curl_slist_append(list, line);
		free(line);
	}
	return list;
}

static void set_request(struct cv_net *n, const struct cv_request *r, struct exchange *x, bool fresh)
{
	CURL *c = n->curl;
	bool post = r->body != NULL || strcmp(r->method, "POST") == 0;

	curl_easy_setopt(c, CURLOPT_HTTPGET, 1L);
	if (post) {
		curl_easy_setopt(c, CURLOPT_POST, 1L);
		curl_easy_setopt(c, CURLOPT_POSTFIELDS, r->body != NULL ? r->body : "");
		curl_easy_setopt(c, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)r->body_n);
	}
	curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, take_body);
	curl_easy_setopt(c, CURLOPT_WRITEDATA, x);
	curl_easy_setopt(c, CURLOPT_HEADERFUNCTION, take_header);
	curl_easy_setopt(c, CURLOPT_HEADERDATA, x);
	curl_easy_setopt(c, CURLOPT_XFERINFOFUNCTION, progress);
	curl_easy_setopt(c, CURLOPT_XFERINFODATA, x);
	curl_easy_setopt(c, CURLOPT_NOPROGRESS, 0L);
	curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, (long)(r->timeout_ms > 0 ? r->timeout_ms : 30000));
	curl_easy_setopt(c, CURLOPT_LOW_SPEED_LIMIT, r->prefer != NULL ? 0L : 10L);
	curl_easy_setopt(c, CURLOPT_LOW_SPEED_TIME, r->prefer != NULL ? 0L : 20L);
	curl_easy_setopt(c, CURLOPT_FRESH_CONNECT, fresh ? 1L : 0L);
}

/* What a person can do differs: look at the clock, at the address, ask the office for its root certificate. There is
 * no "go on all the same". */
static enum cv_rc untrusted(struct cv_net *n, CURLcode code, struct cv_err *err)
{
	long verdict = 0; /* OpenSSL's X509_V_ERR_…; libcurl looks at the name first and then leaves its own 1 */

	curl_easy_getinfo(n->curl, CURLINFO_SSL_VERIFYRESULT, &verdict);
	if (code == CURLE_SSL_CACERT_BADFILE)
		return cv_err_set(err, CV_CONFIG, "ca", _("không đọc được tệp chứng thư gốc"));
	switch (verdict) {
	case 1:
	case 62:
	case 64:
		cv_err_set(err, CV_CONFIG, "server",
			   _("chứng thư của máy chủ mang tên khác: có thể không phải máy chủ này"));
		cv_err_hint(err, "%s", _("Xem lại địa chỉ máy chủ"));
		break;
	case 9:
		cv_err_set(err, CV_CONFIG, "ca", _("chứng thư của máy chủ chưa có hiệu lực"));
		cv_err_hint(err, "%s", _("Xem lại ngày giờ của máy này"));
		break;
	case 10:
		cv_err_set(err, CV_CONFIG, "ca", _("chứng thư của máy chủ đã hết hạn"));
		cv_err_hint(err, "%s", _("Báo người quản trị; xem lại ngày giờ của máy này"));
		break;
	case 2:
	case 18:
	case 19:
	case 20:
	case 21:
		cv_err_set(err, CV_CONFIG, "ca", _("không biết nơi cấp chứng thư của máy chủ"));
		cv_err_hint(err, "%s", _("Đăng nhập lại với --ca và chứng thư gốc do cơ quan phát"));
		break;
	default:
		cv_err_set(err, CV_CONFIG, "ca", _("không tin được chứng thư của máy chủ: %s"),
			   curl_easy_strerror(code));
	}
	return CV_CONFIG;
}

static enum cv_rc wire_fault(struct cv_net *n, CURLcode code, const struct exchange *x, struct cv_err *err)
{
	switch (code) {
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_SSL_ISSUER_ERROR:
		return untrusted(n, code, err);
	case CURLE_COULDNT_RESOLVE_HOST:
	case CURLE_COULDNT_RESOLVE_PROXY:
	case CURLE_COULDNT_CONNECT:
		return cv_err_set(err, CV_UNREACHABLE, NULL, NULL);
	case CURLE_ABORTED_BY_CALLBACK:
		if (stopped(x->stop))
			return cv_err_set(err, CV_INTERRUPTED, NULL, NULL);
		break;
	default:
		break;
	}
	return cv_err_set(err, CV_TRANSPORT, NULL, _("đường truyền lỗi: %s"), curl_easy_strerror(code));
}

/* A complete answer whose body is JSON, or a fault of the line. */
static enum cv_rc judge(struct cv_net *n, struct exchange *x, struct cv_answer *out, struct cv_err *err)
{
	long status = 0;

	curl_easy_getinfo(n->curl, CURLINFO_RESPONSE_CODE, &status);
	out->status = (int)status;
	out->retry_after_ms = x->retry_after_ms;
	out->server_date = x->date;
	if (!x->headers_ended || x->two_lengths)
		return cv_err_set(err, CV_TRANSPORT, NULL, _("máy chủ trả lời dở dang"));
	if (status >= 300 && status < 400)
		return cv_err_set(err, CV_TRANSPORT, NULL,
				  _("có máy trung gian chuyển hướng; kiểm tra trang đăng nhập Wi-Fi"));
	if (!x->json || cv_json_parse(&out->json, x->body.data, x->body.len, &cv_json_answer, NULL) != CV_OK)
		return cv_err_set(err, CV_TRANSPORT, NULL, _("trả lời không phải của máy chủ congvu (HTTP %ld)"),
				  status);
	return CV_OK;
}

static CURLcode outcome(struct cv_net *n)
{
	CURLMsg *message;
	int left;

	while ((message = curl_multi_info_read(n->multi, &left)) != NULL)
		if (message->msg == CURLMSG_DONE)
			return message->data.result;
	return CURLE_ABORTED_BY_CALLBACK; /* stopped before it ended */
}

static CURLcode perform(struct cv_net *n, const struct cv_request *r)
{
	struct curl_waitfd wake = {.fd = r->stop_fd, .events = CURL_WAIT_POLLIN};
	int running = 1;

	if (curl_multi_add_handle(n->multi, n->curl) != CURLM_OK)
		return CURLE_FAILED_INIT;
	while (running > 0 && !stopped(r->stop)) {
		if (curl_multi_perform(n->multi, &running) != CURLM_OK)
			break;
		if (running > 0 && curl_multi_poll(n->multi, &wake, r->stop_fd > 0 ? 1 : 0, 60000, NULL) != CURLM_OK)
			break;
	}
	CURLcode code = outcome(n);
	curl_multi_remove_handle(n->multi, n->curl);
	return code;
}

static enum cv_rc once(struct cv_net *n, const struct cv_request *r, bool fresh, struct cv_answer *out, bool *dead,
		       struct cv_err *err)
{
	struct exchange x = {
		.length = -1, .retry_after_ms = -1, .date = CV_TIME_NONE, .now = cv_now(n->env), .stop = r->stop};
	char *url = cv_strf("%s%s", n->server, r->path);
	struct curl_slist *headers = headers_of(r);
	curl_off_t up = 0, down = 0;
	long connections = 0, header_up = 0, header_down = 0;

	cv_buf_init(&x.body, MAX_BODY);
	*out = (struct cv_answer){.retry_after_ms = -1, .server_date = CV_TIME_NONE};
	curl_easy_setopt(n->curl, CURLOPT_URL, url);
	curl_easy_setopt(n->curl, CURLOPT_HTTPHEADER, headers);
	set_request(n, r, &x, fresh);
	CURLcode code = perform(n, r);
	curl_easy_getinfo(n->curl, CURLINFO_SIZE_UPLOAD_T, &up);
	curl_easy_getinfo(n->curl, CURLINFO_SIZE_DOWNLOAD_T, &down);
	curl_easy_getinfo(n->curl, CURLINFO_REQUEST_SIZE, &header_up);
	curl_easy_getinfo(n->curl, CURLINFO_HEADER_SIZE, &header_down);
	curl_easy_getinfo(n->curl, CURLINFO_NUM_CONNECTS, &connections);
	n->requests++;
	n->up += header_up + up;
	n->down += header_down + down;
	/* A reused connection that had died meanwhile says nothing about the server. */
	*dead = code != CURLE_OK && connections == 0 && x.header_bytes == 0 && code != CURLE_OPERATION_TIMEDOUT &&
		code != CURLE_ABORTED_BY_CALLBACK;
	enum cv_rc rc = code == CURLE_OK ? judge(n, &x, out, err) : *dead ? CV_TRANSPORT : wire_fault(n, code, &x, err);
	cv_buf_finish(&x.body);
	curl_slist_free_all(headers);
	curl_easy_setopt(n->curl, CURLOPT_HTTPHEADER, NULL);
	free(url);
	return rc;
}

enum cv_rc cv_net_do(struct cv_net *n, const struct cv_request *r, struct cv_answer *out, struct cv_err *err)
{
	bool dead = false;
	enum cv_rc rc = once(n, r, r->fresh, out, &dead, err);

	if (dead)
		rc = once(n, r, true, out, &dead, err);
	if (dead)
		rc = cv_err_set(err, CV_TRANSPORT, NULL, NULL);
	return rc;
}

void cv_net_traffic(const struct cv_net *n, int64_t *requests, int64_t *up, int64_t *down)
{
	*requests = n->requests;
	*up = n->up;
	*down = n->down;
}
