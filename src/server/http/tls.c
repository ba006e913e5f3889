/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The certificate, which may be read again while the server runs. Handshakes borrow it, so what was replaced is kept
 * until the end: a few kilobytes each time a certificate is renewed.
 */
#include "server/http/http.h"

#include <congvu/base/fs.h>
#include <congvu/base/i18n.h>
#include <congvu/base/mem.h>
#include <congvu/base/seal.h>
#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>
#include <stdlib.h>

#define CHAIN_MAX 8
#define FILE_MAX  (256 << 10)

struct leaf {
	struct leaf *older;
	gnutls_pcert_st chain[CHAIN_MAX];
	unsigned count;
	gnutls_privkey_t key;
};
struct cv_tls {
	const char *cert, *key;
	struct leaf *_Atomic now;
};

/* libmicrohttpd gives the callback no data of ours. */
static struct cv_tls *_Atomic the_tls;

static void leaf_free(struct leaf *leaf)
{
	for (unsigned i = 0; i < leaf->count; i++)
		gnutls_pcert_deinit(&leaf->chain[i]);
	if (leaf->key != NULL)
		gnutls_privkey_deinit(leaf->key);
	free(leaf);
}

static enum cv_rc fault(struct cv_err *err, const char *path, int code)
{
	return cv_err_set(err, CV_CONFIG, "tls", "%s: %s", path, gnutls_strerror(code));
}

static enum cv_rc read_chain(struct leaf *leaf, const char *path, struct cv_err *err)
{
	char *text = NULL;
	size_t n = 0;
	enum cv_rc rc = cv_file_read(&text, &n, path, FILE_MAX, err);
	gnutls_datum_t data = {(unsigned char *)text, (unsigned)n};
	unsigned count = CHAIN_MAX;

	if (rc == CV_OK) {
		int code = gnutls_pcert_list_import_x509_raw(leaf->chain, &count, &data, GNUTLS_X509_FMT_PEM,
							     GNUTLS_X509_CRT_LIST_FAIL_IF_UNSORTED);
		leaf->count = code >= 0 ? count : 0;
		if (code < 0)
			rc = fault(err, path, code);
	}
	free(text);
	return rc;
}

static enum cv_rc read_key(struct leaf *leaf, const char *path, struct cv_err *err)
{
	char *text = NULL;
	size_t n = 0;
	enum cv_rc rc = cv_file_read_private(&text, &n, path, FILE_MAX, err);
	gnutls_datum_t data = {(unsigned char *)text, (unsigned)n};

	if (rc == CV_OK) {
		int code = gnutls_privkey_init(&leaf->key);
		if (code >= 0)
			code = gnutls_privkey_import_x509_raw(leaf->key, &data, GNUTLS_X509_FMT_PEM, NULL, 0);
		if (code < 0)
			rc = fault(err, path, code);
		cv_wipe(text, n);
	}
	free(text);
	return rc;
}

enum cv_rc cv_tls_reload(struct cv_tls *t, struct cv_err *err)
{
	struct leaf *leaf = cv_alloc(sizeof(*leaf));
	enum cv_rc rc = read_chain(leaf, t->cert, err);

	if (rc == CV_OK)
		rc = read_key(leaf, t->key, err);
	if (rc != CV_OK) {
		leaf_free(leaf);
		return rc;
	}
	leaf->older = atomic_load(&t->now);
	atomic_store(&t->now, leaf);
	return CV_OK;
}

enum cv_rc cv_tls_open(struct cv_tls **out, const char *cert, const char *key, struct cv_err *err)
{
	struct cv_tls *t = cv_alloc(sizeof(*t));
	enum cv_rc rc;

	*out = NULL;
	t->cert = cert;
	t->key = key;
	rc = cv_tls_reload(t, err);
	if (rc != CV_OK) {
		free(t);
		return rc;
	}
	atomic_store(&the_tls, t);
	*out = t;
	return CV_OK;
}

void cv_tls_close(struct cv_tls *t)
{
	if (t == NULL)
		return;
	atomic_store(&the_tls, NULL);
	for (struct leaf *leaf = atomic_load(&t->now), *older; leaf != NULL; leaf = older) {
		older = leaf->older;
		leaf_free(leaf);
	}
	free(t);
}

static int give(gnutls_session_t session, const struct gnutls_cert_retr_st *info, gnutls_pcert_st **certs,
		unsigned *count, gnutls_ocsp_data_st **ocsp, unsigned *ocsp_count, gnutls_privkey_t *key,
		unsigned *flags)
{
	struct cv_tls *t = atomic_load(&the_tls);
	struct leaf *leaf = t != NULL ? atomic_load(&t->now) : NULL;

	(void)session;
	(void)info;
	if (leaf == NULL)
		return -1;
	*certs = leaf->chain;
	*count = leaf->count;
	*ocsp = NULL;
	*ocsp_count = 0;
	*key = leaf->key;
	*flags = 0;
	return 0;
}

void *cv_tls_callback(void)
{
	return (void *)(uintptr_t)give;
}
