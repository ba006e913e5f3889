/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which function answers which method and path. */
#include "server/http/http.h"

#include <congvu/base/mem.h>
#include <congvu/model/ctx.h>
#include <string.h>

#define ANY_SYNC (CV_RIGHT_SYNC | CV_RIGHT_SYNC_OWN)

const struct cv_route cv_routes[] = {
	{"POST", "/v1/login", true, 0, cv_handle_login},
	{"POST", "/v1/token", true, 0, cv_handle_token},
	{"POST", "/v1/logout", false, 0, cv_handle_logout},
	{"POST", "/v1/password", false, CV_RIGHT_SYNC, cv_handle_password},
	{"GET", "/v1/session", false, 0, cv_handle_session},
	{"POST", "/v1/sync", false, ANY_SYNC, cv_handle_sync},
	{"POST", "/v1/operations", false, 0, cv_handle_operation},
	{"GET", "/v1/board", false, CV_RIGHT_REVIEW, cv_handle_board},
	{"GET", "/v1/{collection}", false, CV_RIGHT_SYNC, cv_handle_list},
	{"GET", "/v1/{collection}/{id}", false, CV_RIGHT_SYNC, cv_handle_object},
	{"GET", "/healthz", true, 0, cv_handle_health},
	{"GET", "/readyz", true, 0, cv_handle_ready},
	{"GET", "/metrics", true, 0, cv_handle_metrics},
	{NULL, NULL, false, 0, NULL},
};

/* One segment of the path against one of the pattern. */
static bool segment_fits(struct cv_match *out, const char *pattern, size_t pn, const char *s, size_t n)
{
	char word[32];

	if (pn == 12 && strncmp(pattern, "{collection}", pn) == 0) {
		if (n == 0 || n >= sizeof(word))
			return false;
		memcpy(word, s, n);
		word[n] = '\0';
		out->kind = cv_kind_of_collection(word);
		return out->kind != CV_KIND_UNKNOWN;
	}
	if (pn == 4 && strncmp(pattern, "{id}", pn) == 0)
		return cv_segment_decode(out->id, sizeof(out->id), s, n) && cv_id_valid(out->id);
	return pn == n && memcmp(pattern, s, n) == 0;
}

static bool path_fits(struct cv_match *out, const char *pattern, const char *path)
{
	while (*pattern == '/' && *path == '/') {
		size_t pn = strcspn(++pattern, "/"), n = strcspn(++path, "/");
		if (!segment_fits(out, pattern, pn, path, n))
			return false;
		pattern += pn;
		path += n;
	}
	return *pattern == '\0' && *path == '\0';
}

static void add_allow(struct cv_match *out, const char *method)
{
	size_t n = strlen(out->allow);

	if (strstr(out->allow, method) != NULL)
		return;
	cv_strcopy(out->allow + n, sizeof(out->allow) - n, n > 0 ? ", " : "");
	n = strlen(out->allow);
	cv_strcopy(out->allow + n, sizeof(out->allow) - n, strcmp(method, "GET") == 0 ? "GET, HEAD" : method);
}

void cv_route_match(struct cv_match *out, const char *method, const char *raw_path)
{
	if (strcmp(method, "HEAD") == 0)
		method = "GET";
	memset(out, 0, sizeof(*out));
	out->kind = CV_KIND_UNKNOWN;
	for (const struct cv_route *route = cv_routes; route->method != NULL; route++) {
		if (!path_fits(out, route->path, raw_path))
			continue;
		if (strcmp(route->method, method) == 0) {
			out->route = route;
			return;
		}
		add_allow(out, route->method);
	}
}
