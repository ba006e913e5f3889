/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Cryptography, all of it libsodium's. Two kinds of seal: with a secret key (rows of the store, tokens) and
 * to a public key (outbox and drafts: writing needs no secret). Lengths are bytes.
 */
#ifndef CONGVU_BASE_SEAL_H
#define CONGVU_BASE_SEAL_H

#include <congvu/base/err.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CV_KEY_SIZE	 32
#define CV_HASH_SIZE	 32
#define CV_HEX_SIZE	 (2 * CV_HASH_SIZE + 1)
#define CV_SEAL_OVERHEAD (24 + 16) /* nonce, tag: cv_seal_row */
#define CV_BOX_OVERHEAD	 48	   /* crypto_box_SEALBYTES */
#define CV_TOKEN_SIZE	 44	   /* 256 random bits in base64url without padding, and NUL */

/* Once, at start, before threads. */
enum cv_rc cv_seal_start(struct cv_err *err);
void cv_wipe(void *bytes, size_t n);
bool cv_equal_secret(const void *a, const void *b, size_t n); /* constant time */
void cv_random(void *bytes, size_t n);

/* XChaCha20-Poly1305 with a random nonce in front; `ad` is what must not be swapped (kind, id, revision).
 * *out is malloc'd (caller frees), *out_n its length. */
enum cv_rc cv_seal_row(void **out, size_t *out_n, const uint8_t key[CV_KEY_SIZE], const char *ad, const void *bytes,
		       size_t n);
/* CV_CRYPTO if the key, the data or the ad is not right. The result has an extra NUL behind it. */
enum cv_rc cv_open_row(void **out, size_t *out_n, const uint8_t key[CV_KEY_SIZE], const char *ad, const void *sealed,
		       size_t n, struct cv_err *err);

struct cv_box_keys {
	uint8_t public_key[CV_KEY_SIZE];
	uint8_t secret_key[CV_KEY_SIZE];
};
void cv_box_make(struct cv_box_keys *out);
enum cv_rc cv_box_seal(void **out, size_t *out_n, const uint8_t public_key[CV_KEY_SIZE], const void *bytes, size_t n);
enum cv_rc cv_box_open(void **out, size_t *out_n, const struct cv_box_keys *keys, const void *sealed, size_t n,
		       struct cv_err *err);

/* Subkey of a master key; `context` is 8 characters, e.g. "cvstore1". */
void cv_key_derive(uint8_t out[CV_KEY_SIZE], const uint8_t master[CV_KEY_SIZE], uint64_t number, const char context[9]);
/* argon2id INTERACTIVE. salt is 16 bytes. */
enum cv_rc cv_key_from_passphrase(uint8_t out[CV_KEY_SIZE], const char *passphrase, const uint8_t salt[16],
				  struct cv_err *err);
/* A password hash for the server's books, argon2id INTERACTIVE, printable, 128 bytes with NUL. */
enum cv_rc cv_password_hash(char out[128], const char *password, struct cv_err *err);
bool cv_password_verify(const char *hash, const char *password);

void cv_sha256(uint8_t out[CV_HASH_SIZE], const void *bytes, size_t n);
void cv_sha256_hex(char out[CV_HEX_SIZE], const void *bytes, size_t n);
void cv_hmac(uint8_t out[CV_HASH_SIZE], const uint8_t key[CV_KEY_SIZE], const void *bytes, size_t n); /* HMAC-SHA256 */
struct cv_sha256 {
	_Alignas(16) uint8_t state[128];
};
void cv_sha256_begin(struct cv_sha256 *s);
void cv_sha256_add(struct cv_sha256 *s, const void *bytes, size_t n);
void cv_sha256_end(struct cv_sha256 *s, char out[CV_HEX_SIZE]);

void cv_hex(char *out, const void *bytes, size_t n); /* out: 2n+1 */
bool cv_unhex(void *out, size_t n, const char *hex);
/* base64url without padding; out: cv_b64_size(n). */
size_t cv_b64_size(size_t n);
void cv_b64(char *out, const void *bytes, size_t n);
/* False unless the text is exactly well-formed; *n gets the length (out has room for strlen*3/4+3). */
bool cv_unb64(void *out, size_t *n, const char *text);
void cv_token_make(char out[CV_TOKEN_SIZE]);

#endif
