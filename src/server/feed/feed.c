/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pages of the feed. An object has one row per scope; of the rows a person subscribes to only the newest counts, so
 * that an object is decided once per page and the cursor never passes over one. Cases of the cursor:
 *   none                                   snapshot, reset "requested"
 *   garbage, a stranger's, of the future   snapshot, reset "expired"
 *   another epoch                          snapshot, reset "epoch"
 *   other scopes than when it was made     snapshot, reset "rights"
 *   else                                   what came after it
 * A snapshot is the feed from 0 without the tombstones there were when it began (`until`).
 */
#include "server/feed/feed.h"
#include "server/db/db.h"
#include "server/office.h"
#include "server/work/work.h"

#include <congvu/base/buf.h>
#include <congvu/base/mem.h>
#include <congvu/base/seal.h>
#include <congvu/model/dossier.h>
#include <congvu/model/view.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PAGE_BYTES (256 * 1024)
#define MAC_BYTES  12
#define MAX_SCOPES 30

/* A cursor travels twice in every poll, so it is short: marks of epoch and scopes, two numbers, a MAC. The device is
 * not in it but under the MAC: another device's cursor is unreadable. */
struct cursor {
	uint8_t epoch[4], scopes[6];
	int64_t seq, until;
};

struct page {
	struct cv_feed_page *out;
	struct cv_db *db;
	struct cv_dbctx *ctx;
	const struct cv_feed_in *in;
	struct cv_json *scopes; /* owned: what the person subscribes to */
	struct cursor at;
	int64_t counter;
	uint8_t key[CV_KEY_SIZE];
	size_t bytes;
};

static void cursor_mac(uint8_t mac[CV_HASH_SIZE], const uint8_t key[CV_KEY_SIZE], const char *device,
		       const uint8_t *bytes, size_t n)
{
	uint8_t said[128];
	int head = snprintf((char *)said, 64, "%.60s|", device);

	memcpy(said + head, bytes, n);
	cv_hmac(mac, key, said, (size_t)head + n);
}

static size_t put_number(uint8_t *out, int64_t value)
{
	uint64_t v = (uint64_t)value;
	size_t n = 0;

	for (; v >= 0x80; v >>= 7)
		out[n++] = (uint8_t)(v | 0x80);
	out[n++] = (uint8_t)v;
	return n;
}

static bool take_number(int64_t *out, const uint8_t *bytes, size_t n, size_t *at)
{
	uint64_t v = 0;

	for (unsigned shift = 0; *at < n && shift < 63; shift += 7) {
		uint8_t byte = bytes[(*at)++];
		v |= (uint64_t)(byte & 0x7f) << shift;
		if (byte < 0x80) {
			*out = (int64_t)v;
			return true;
		}
	}
	return false;
}

static void cursor_format(char out[256], const struct cursor *c, const char *device, const uint8_t key[CV_KEY_SIZE])
{
	uint8_t mac[CV_HASH_SIZE], all[64];
	size_t n = sizeof(c->epoch) + sizeof(c->scopes);

	memcpy(all, c->epoch, sizeof(c->epoch));
	memcpy(all + sizeof(c->epoch), c->scopes, sizeof(c->scopes));
	n += put_number(all + n, c->seq);
	n += put_number(all + n, c->until);
	cursor_mac(mac, key, device, all, n);
	memcpy(all + n, mac, MAC_BYTES);
	memcpy(out, "c1.", 4);
	cv_b64(out + 3, all, n + MAC_BYTES);
}

/* False for anything this server did not write for this device. */
static bool cursor_parse(struct cursor *out, const char *text, const char *device, const uint8_t key[CV_KEY_SIZE])
{
	uint8_t all[256], mac[CV_HASH_SIZE];
	size_t n, at = sizeof(out->epoch) + sizeof(out->scopes);

	if (text == NULL || strncmp(text, "c1.", 3) != 0 || strlen(text) > 80 || !cv_unb64(all, &n, text + 3) ||
	    n <= at + MAC_BYTES)
		return false;
	n -= MAC_BYTES;
	cursor_mac(mac, key, device, all, n);
	if (!cv_equal_secret(mac, all + n, MAC_BYTES))
		return false;
	memcpy(out->epoch, all, sizeof(out->epoch));
	memcpy(out->scopes, all + sizeof(out->epoch), sizeof(out->scopes));
	return take_number(&out->seq, all, n, &at) && take_number(&out->until, all, n, &at) && at == n;
}

static enum cv_rc read_counter(struct page *p, struct cv_err *err)
{
	struct cv_stmt *st = cv_db_query(p->db, "SELECT n FROM counter WHERE one = 1", "");
	bool fine = cv_stmt_step(st) == CV_STEP_ROW;

	p->counter = fine ? cv_stmt_int(st, 0) : 0;
	cv_stmt_done(st);
	return fine ? CV_OK : cv_err_set(err, CV_IO, NULL, "feed: %s", cv_db_message(p->db));
}

static void mark_of(uint8_t *out, size_t n, const char *text)
{
	char hash[CV_HEX_SIZE];

	cv_sha256_hex(hash, text, strlen(text));
	hash[2 * n] = '\0';
	cv_unhex(out, n, hash);
}

static void mark_scopes(uint8_t out[6], const struct cv_json *scopes, bool own_only)
{
	char *text = cv_json_text(scopes), *said = cv_strf("%c%s", own_only ? 'o' : 'a', text);

	mark_of(out, 6, said);
	free(text);
	free(said);
}

/* Why the cursor cannot be gone on from, or NULL. */
static const char *reset_reason(const struct page *p, const struct cursor *was, bool readable, const struct cursor *now,
				const char *epoch)
{
	if (p->in->cursor == NULL || p->in->cursor[0] == '\0')
		return "requested";
	if (!readable)
		return "expired";
	if (memcmp(was->epoch, now->epoch, sizeof(now->epoch)) != 0 ||
	    (p->in->epoch != NULL && p->in->epoch[0] != '\0' && strcmp(p->in->epoch, epoch) != 0))
		return "epoch";
	if (memcmp(was->scopes, now->scopes, sizeof(now->scopes)) != 0)
		return "rights";
	return was->seq > p->counter || was->seq < 0 ? "expired" : NULL;
}

static void start(struct page *p)
{
	struct cursor was = {.seq = 0}, now = {.seq = 0};
	char *epoch = cv_meta_get(p->db, "epoch");
	bool readable = cursor_parse(&was, p->in->cursor, p->in->device, p->key);

	p->scopes = cv_scopes_of_user(cv_dbctx_ctx(p->ctx), p->in->user, p->in->own_only);
	mark_of(now.epoch, sizeof(now.epoch), epoch);
	mark_scopes(now.scopes, p->scopes, p->in->own_only);
	const char *reason = reset_reason(p, &was, readable, &now, epoch);
	free(epoch);
	p->at = now;
	if (reason == NULL) {
		p->at = was;
		cv_strcopy(p->out->cursor, sizeof(p->out->cursor), p->in->cursor);
		return;
	}
	p->at.until = p->counter;
	p->out->reset = cv_json_new_object();
	cv_json_set_str(p->out->reset, "reason", reason);
	cursor_format(p->out->cursor, &p->at, p->in->device, p->key);
}

/* The statement has the scopes' places $4 … twice; its text is the same for all people with as many scopes. */
static char *statement(size_t scopes)
{
	struct cv_buf in, sql;

	cv_buf_init(&in, 1024);
	cv_buf_init(&sql, 4096);
	for (size_t i = 0; i < scopes; i++)
		cv_buf_addf(&in, "%s$%zu", i == 0 ? "" : ", ", i + 4);
	cv_buf_addf(&sql,
		    "SELECT f.kind, f.id, f.seq FROM feed f WHERE f.scope IN (%s) AND f.seq > $1"
		    " AND (f.op = 'put' OR f.seq > $3) AND NOT EXISTS (SELECT 1 FROM feed g WHERE g.kind = f.kind AND"
		    " g.id = f.id AND g.seq > f.seq AND g.scope IN (%s)) ORDER BY f.seq LIMIT $2",
		    in.data, in.data);
	cv_buf_finish(&in);
	return cv_buf_take(&sql);
}

/* An ended dossier whose days are over (server/work/closed.c) is published nowhere any more, though it is still there.
 */
static bool left_the_machines(struct page *p, enum cv_kind kind, const char *id, const struct cv_json *object)
{
	if (kind != CV_KIND_DOSSIER || !cv_dossier_ended(object))
		return false;
	struct cv_stmt *st = cv_db_query(
		p->db, "SELECT 1 FROM feed WHERE kind = 'dossier' AND id = $1 AND op = 'put' LIMIT 1", "s", id);
	bool none = cv_stmt_step(st) == CV_STEP_DONE;
	cv_stmt_done(st);
	return none;
}

static struct cv_json *change_of(struct page *p, const char *word, const char *id)
{
	const struct cv_ctx *ctx = cv_dbctx_ctx(p->ctx);
	enum cv_kind kind = cv_kind_of(word);
	const struct cv_json *object = kind < CV_KIND_COUNT ? cv_dbctx_object(p->ctx, kind, id) : NULL;
	struct cv_json *scopes = object != NULL ? cv_scopes_of_object(ctx, kind, object) : NULL;
	struct cv_json *change = cv_json_new_object();
	bool put = scopes != NULL && cv_scopes_meet(scopes, p->scopes) && !left_the_machines(p, kind, id, object);

	cv_json_set_str(change, "op", put ? "put" : "drop");
	cv_json_set_str(change, "kind", word);
	cv_json_set_str(change, "id", id);
	if (put) {
		cv_json_set_int(change, "rev", cv_json_int(object, "rev", 0));
		cv_json_set(change, "body", cv_view_body(ctx, p->in->user, kind, object));
	} else {
		cv_json_set_str(change, "why", "moved");
	}
	cv_json_destroy(scopes);
	return change;
}

/* False when the page is full and this row has to wait for the next. */
static bool add_row(struct page *p, struct cv_stmt *st)
{
	size_t n = cv_json_count(p->out->changes);
	struct cv_json *change;

	if (n >= (size_t)p->in->max)
		return false;
	change = change_of(p, cv_stmt_text(st, 0), cv_stmt_text(st, 1));
	char *text = cv_json_text(change);
	size_t size = strlen(text) + 1;
	free(text);
	if (n > 0 && p->bytes + size > PAGE_BYTES) {
		cv_json_destroy(change);
		return false;
	}
	p->bytes += size;
	cv_json_push(p->out->changes, change);
	p->at.seq = cv_stmt_int(st, 2);
	return true;
}

static enum cv_rc read_rows(struct page *p, struct cv_err *err)
{
	size_t n = 0;
	const char *s[MAX_SCOPES] = {NULL};
	int64_t from = p->at.seq;
	enum cv_step step;

	CV_JSON_EACH (scope, p->scopes)
		if (n < MAX_SCOPES)
			s[n++] = cv_json_string(scope);
	if (n == 0)
		return CV_OK;
	char *sql = statement(n);
	struct cv_stmt *st =
		cv_db_query_list(p->db, sql, (const int64_t[]){from, p->in->max + 1, p->at.until}, 3, s, n);
	while ((step = cv_stmt_step(st)) == CV_STEP_ROW && !p->out->more)
		p->out->more = !add_row(p, st);
	cv_stmt_done(st);
	free(sql);
	if (step == CV_STEP_FAIL || cv_dbctx_failed(p->ctx))
		return cv_err_set(err, CV_IO, NULL, "feed: %s", cv_db_message(p->db));
	if (p->at.seq != from)
		cursor_format(p->out->cursor, &p->at, p->in->device, p->key);
	return CV_OK;
}

static enum cv_rc load_key(struct page *p, struct cv_err *err)
{
	char *hex = cv_meta_get(p->db, "server_key");
	uint8_t master[CV_KEY_SIZE];
	bool fine = strlen(hex) == 2 * CV_KEY_SIZE && cv_unhex(master, CV_KEY_SIZE, hex);

	free(hex);
	if (!fine)
		return cv_err_set(err, CV_CORRUPT, NULL, "server_key");
	cv_key_derive(p->key, master, 1, "cvcursor");
	return CV_OK;
}

enum cv_rc cv_feed_read(struct cv_feed_page *out, struct cv_db *db, struct cv_dbctx *ctx, const struct cv_feed_in *in,
			struct cv_err *err)
{
	struct page p = {.out = out, .db = db, .ctx = ctx, .in = in};

	memset(out, 0, sizeof(*out));
	out->changes = cv_json_new_array();
	enum cv_rc rc = load_key(&p, err);
	if (rc == CV_OK)
		rc = read_counter(&p, err);
	if (rc == CV_OK) {
		start(&p);
		rc = read_rows(&p, err);
	}
	cv_json_destroy(p.scopes);
	return rc;
}

void cv_feed_page_finish(struct cv_feed_page *page)
{
	cv_json_destroy(page->changes);
	cv_json_destroy(page->reset);
	page->changes = NULL;
	page->reset = NULL;
}
