/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Unpacking requests within a limit, packing answers. */
#include "server/http/http.h"

#include <congvu/base/mem.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <zlib.h>
#include <zstd.h>

#define WINDOW_LOG 23 /* 8 MiB: what a zstd frame may make us allocate */

static enum cv_rc add(struct cv_buf *out, const char *bytes, size_t n, size_t max)
{
	return out->len + n <= max && cv_buf_add(out, bytes, n) ? CV_OK : CV_LIMIT;
}

static enum cv_rc gunzip(struct cv_buf *out, const void *bytes, size_t n, size_t max)
{
	char room[16384];
	z_stream z = {.next_in = (Bytef *)(uintptr_t)bytes, .avail_in = (uInt)n};
	enum cv_rc rc = CV_OK;
	int state = Z_OK;

	if (inflateInit2(&z, 31) != Z_OK)
		return CV_INTERNAL;
	while (rc == CV_OK && state == Z_OK) {
		z.next_out = (Bytef *)room;
		z.avail_out = sizeof(room);
		state = inflate(&z, Z_NO_FLUSH);
		rc = add(out, room, sizeof(room) - z.avail_out, max);
	}
	if (rc == CV_OK && (state != Z_STREAM_END || z.avail_in != 0))
		rc = CV_DATA;
	inflateEnd(&z);
	return rc;
}

static enum cv_rc unzstd(struct cv_buf *out, const void *bytes, size_t n, size_t max)
{
	char room[16384];
	ZSTD_DStream *z = ZSTD_createDStream();
	ZSTD_inBuffer in = {bytes, n, 0};
	enum cv_rc rc = CV_OK;
	size_t left = 1;

	if (z == NULL)
		return CV_INTERNAL;
	ZSTD_DCtx_setParameter(z, ZSTD_d_windowLogMax, WINDOW_LOG);
	while (rc == CV_OK && left != 0) {
		ZSTD_outBuffer to = {room, sizeof(room), 0};
		size_t before = in.pos;
		left = ZSTD_decompressStream(z, &to, &in);
		if (ZSTD_isError(left) || (left != 0 && to.pos == 0 && in.pos == before))
			rc = CV_DATA;
		else
			rc = add(out, room, to.pos, max);
	}
	if (rc == CV_OK && in.pos != in.size)
		rc = CV_DATA;
	ZSTD_freeDStream(z);
	return rc;
}

enum cv_rc cv_unpack(struct cv_buf *out, const char *coding, const void *bytes, size_t n, size_t max)
{
	if (strcasecmp(coding, "gzip") == 0 || strcasecmp(coding, "x-gzip") == 0)
		return gunzip(out, bytes, n, max);
	return strcasecmp(coding, "zstd") == 0 ? unzstd(out, bytes, n, max) : CV_NOT_FOUND;
}

char *cv_gzip(const char *bytes, size_t n, size_t *packed)
{
	z_stream z = {.next_in = (Bytef *)(uintptr_t)bytes, .avail_in = (uInt)n};
	char *out;

	if (deflateInit2(&z, 3, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY) != Z_OK)
		return NULL;
	out = cv_alloc(n);
	z.next_out = (Bytef *)out;
	z.avail_out = (uInt)n;
	int state = deflate(&z, Z_FINISH);
	*packed = n - z.avail_out;
	deflateEnd(&z);
	if (state != Z_STREAM_END) { /* longer than it was */
		free(out);
		return NULL;
	}
	return out;
}
