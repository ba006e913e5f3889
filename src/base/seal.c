/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Seals, keys, hashes and tokens: thin, checked wrappers over libsodium. */
#include <congvu/base/i18n.h>
#include <congvu/base/mem.h>
#include <congvu/base/seal.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

_Static_assert(sizeof(crypto_hash_sha256_state) <= sizeof(struct cv_sha256), "the state must fit");
_Static_assert(crypto_aead_xchacha20poly1305_ietf_NPUBBYTES + crypto_aead_xchacha20poly1305_ietf_ABYTES ==
		       CV_SEAL_OVERHEAD,
	       "nonce and tag");
_Static_assert(crypto_box_SEALBYTES == CV_BOX_OVERHEAD, "sealed box");
_Static_assert(crypto_pwhash_STRBYTES == 128 && crypto_pwhash_SALTBYTES == 16, "argon2id");

#define NONCE_SIZE crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define B64	   sodium_base64_VARIANT_URLSAFE_NO_PADDING

enum cv_rc cv_seal_start(struct cv_err *err)
{
	if (sodium_init() < 0)
		return cv_err_set(err, CV_INTERNAL, NULL, _("không khởi động được thư viện mã hóa"));
	return CV_OK;
}

void cv_wipe(void *bytes, size_t n)
{
	if (bytes != NULL && n > 0)
		sodium_memzero(bytes, n);
}

bool cv_equal_secret(const void *a, const void *b, size_t n)
{
	return sodium_memcmp(a, b, n) == 0;
}

void cv_random(void *bytes, size_t n)
{
	randombytes_buf(bytes, n);
}

static size_t ad_size(const char *ad)
{
	return ad == NULL ? 0 : strlen(ad);
}

enum cv_rc cv_seal_row(void **out, size_t *out_n, const uint8_t key[CV_KEY_SIZE], const char *ad, const void *bytes,
		       size_t n)
{
	uint8_t *sealed = cv_alloc(n + CV_SEAL_OVERHEAD);
	unsigned long long written = 0;

	randombytes_buf(sealed, NONCE_SIZE);
	crypto_aead_xchacha20poly1305_ietf_encrypt(sealed + NONCE_SIZE, &written, bytes, n, (const uint8_t *)ad,
						   ad_size(ad), NULL, sealed, key);
	*out = sealed;
	*out_n = NONCE_SIZE + (size_t)written;
	return CV_OK;
}

enum cv_rc cv_open_row(void **out, size_t *out_n, const uint8_t key[CV_KEY_SIZE], const char *ad, const void *sealed,
		       size_t n, struct cv_err *err)
{
	const uint8_t *in = sealed;
	unsigned long long written = 0;
	uint8_t *plain;

	*out = NULL;
	*out_n = 0;
	if (n < CV_SEAL_OVERHEAD)
		return cv_err_set(err, CV_CRYPTO, NULL, NULL);
	plain = cv_alloc(n - CV_SEAL_OVERHEAD + 1);
	if (crypto_aead_xchacha20poly1305_ietf_decrypt(plain, &written, NULL, in + NONCE_SIZE, n - NONCE_SIZE,
						       (const uint8_t *)ad, ad_size(ad), in, key) != 0) {
		free(plain);
		return cv_err_set(err, CV_CRYPTO, NULL, NULL);
	}
	*out = plain;
	*out_n = (size_t)written;
	return CV_OK;
}

void cv_box_make(struct cv_box_keys *out)
{
	crypto_box_keypair(out->public_key, out->secret_key);
}

enum cv_rc cv_box_seal(void **out, size_t *out_n, const uint8_t public_key[CV_KEY_SIZE], const void *bytes, size_t n)
{
	uint8_t *sealed = cv_alloc(n + CV_BOX_OVERHEAD);

	if (crypto_box_seal(sealed, bytes, n, public_key) != 0) {
		free(sealed);
		*out = NULL;
		*out_n = 0;
		return CV_CRYPTO; /* a public key of small order: never made by cv_box_make */
	}
	*out = sealed;
	*out_n = n + CV_BOX_OVERHEAD;
	return CV_OK;
}

enum cv_rc cv_box_open(void **out, size_t *out_n, const struct cv_box_keys *keys, const void *sealed, size_t n,
		       struct cv_err *err)
{
	uint8_t *plain;

	*out = NULL;
	*out_n = 0;
	if (n < CV_BOX_OVERHEAD)
		return cv_err_set(err, CV_CRYPTO, NULL, NULL);
	plain = cv_alloc(n - CV_BOX_OVERHEAD + 1);
	if (crypto_box_seal_open(plain, sealed, n, keys->public_key, keys->secret_key) != 0) {
		free(plain);
		return cv_err_set(err, CV_CRYPTO, NULL, NULL);
	}
	*out = plain;
	*out_n = n - CV_BOX_OVERHEAD;
	return CV_OK;
}

void cv_key_derive(uint8_t out[CV_KEY_SIZE], const uint8_t master[CV_KEY_SIZE], uint64_t number, const char context[9])
{
	crypto_kdf_derive_from_key(out, CV_KEY_SIZE, number, context, master);
}

enum cv_rc cv_key_from_passphrase(uint8_t out[CV_KEY_SIZE], const char *passphrase, const uint8_t salt[16],
				  struct cv_err *err)
{
	if (crypto_pwhash(out, CV_KEY_SIZE, passphrase, strlen(passphrase), salt,
			  crypto_pwhash_argon2id_OPSLIMIT_INTERACTIVE, crypto_pwhash_argon2id_MEMLIMIT_INTERACTIVE,
			  crypto_pwhash_ALG_ARGON2ID13) != 0)
		return cv_err_set(err, CV_INTERNAL, NULL, _("không đủ bộ nhớ để tính khóa"));
	return CV_OK;
}

enum cv_rc cv_password_hash(char out[128], const char *password, struct cv_err *err)
{
	if (crypto_pwhash_str(out, password, strlen(password), crypto_pwhash_argon2id_OPSLIMIT_INTERACTIVE,
			      crypto_pwhash_argon2id_MEMLIMIT_INTERACTIVE) != 0)
		return cv_err_set(err, CV_INTERNAL, NULL, _("không đủ bộ nhớ để tính khóa"));
	return CV_OK;
}

bool cv_password_verify(const char *hash, const char *password)
{
	return crypto_pwhash_str_verify(hash, password, strlen(password)) == 0;
}

void cv_sha256(uint8_t out[CV_HASH_SIZE], const void *bytes, size_t n)
{
	crypto_hash_sha256(out, bytes, n);
}

void cv_sha256_hex(char out[CV_HEX_SIZE], const void *bytes, size_t n)
{
	uint8_t hash[CV_HASH_SIZE];

	crypto_hash_sha256(hash, bytes, n);
	cv_hex(out, hash, sizeof(hash));
}

void cv_hmac(uint8_t out[CV_HASH_SIZE], const uint8_t key[CV_KEY_SIZE], const void *bytes, size_t n)
{
	crypto_auth_hmacsha256(out, bytes, n, key);
}

void cv_sha256_begin(struct cv_sha256 *s)
{
	crypto_hash_sha256_init((crypto_hash_sha256_state *)(void *)s->state);
}

void cv_sha256_add(struct cv_sha256 *s, const void *bytes, size_t n)
{
	crypto_hash_sha256_update((crypto_hash_sha256_state *)(void *)s->state, bytes, n);
}

void cv_sha256_end(struct cv_sha256 *s, char out[CV_HEX_SIZE])
{
	uint8_t hash[CV_HASH_SIZE];

	crypto_hash_sha256_final((crypto_hash_sha256_state *)(void *)s->state, hash);
	cv_hex(out, hash, sizeof(hash));
}

void cv_hex(char *out, const void *bytes, size_t n)
{
	sodium_bin2hex(out, 2 * n + 1, bytes, n);
}

bool cv_unhex(void *out, size_t n, const char *hex)
{
	size_t written = 0;

	if (strlen(hex) != 2 * n)
		return false;
	return sodium_hex2bin(out, n, hex, 2 * n, NULL, &written, NULL) == 0 && written == n;
}

size_t cv_b64_size(size_t n)
{
	return sodium_base64_ENCODED_LEN(n, B64);
}

void cv_b64(char *out, const void *bytes, size_t n)
{
	sodium_bin2base64(out, cv_b64_size(n), bytes, n, B64);
}

bool cv_unb64(void *out, size_t *n, const char *text)
{
	size_t length = strlen(text);
	const char *end = NULL;

	*n = 0;
	return sodium_base642bin(out, length * 3 / 4 + 3, text, length, NULL, n, &end, B64) == 0 &&
	       end == text + length;
}

void cv_token_make(char out[CV_TOKEN_SIZE])
{
	uint8_t bits[32];

	_Static_assert(sodium_base64_ENCODED_LEN(sizeof(bits), B64) == CV_TOKEN_SIZE, "a token");
	randombytes_buf(bits, sizeof(bits));
	cv_b64(out, bits, sizeof(bits));
	cv_wipe(bits, sizeof(bits));
}
