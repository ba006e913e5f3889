/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Seals open only with what they were made with; hashes and encodings against published vectors. */
#include <congvu/base/mem.h>
#include <congvu/base/seal.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void row_round_trip(void **state)
{
	static const size_t sizes[] = {0, 1, 31, 4096, 100000};
	uint8_t key[CV_KEY_SIZE];

	(void)state;
	cv_random(key, sizeof(key));
	for (size_t i = 0; i < CV_COUNT(sizes); i++) {
		char *plain = cv_alloc(sizes[i] + 1);
		void *sealed, *opened;
		size_t n, back;

		memset(plain, 'x', sizes[i]);
		assert_int_equal(cv_seal_row(&sealed, &n, key, "report:1:7", plain, sizes[i]), CV_OK);
		assert_int_equal(n, sizes[i] + CV_SEAL_OVERHEAD);
		assert_int_equal(cv_open_row(&opened, &back, key, "report:1:7", sealed, n, NULL), CV_OK);
		assert_int_equal(back, sizes[i]);
		assert_memory_equal(opened, plain, back);
		assert_int_equal(((char *)opened)[back], 0);
		free(plain);
		free(sealed);
		free(opened);
	}
}

/* Every way a sealed row may be wrong: each must be CV_CRYPTO. */
static void row_refuses(void **state)
{
	uint8_t key[CV_KEY_SIZE], other[CV_KEY_SIZE];
	void *sealed, *opened;
	size_t n, back;
	struct cv_err err;

	(void)state;
	cv_random(key, sizeof(key));
	cv_random(other, sizeof(other));
	cv_seal_row(&sealed, &n, key, "a:1", "Nguyễn", 8);
	cv_err_init(&err);
	assert_int_equal(cv_open_row(&opened, &back, key, "a:2", sealed, n, &err), CV_CRYPTO);
	assert_int_equal(err.rc, CV_CRYPTO);
	assert_null(opened);
	assert_int_equal(cv_open_row(&opened, &back, other, "a:1", sealed, n, NULL), CV_CRYPTO);
	for (size_t i = 0; i < n; i++) {
		((uint8_t *)sealed)[i] ^= 1;
		assert_int_equal(cv_open_row(&opened, &back, key, "a:1", sealed, n, NULL), CV_CRYPTO);
		((uint8_t *)sealed)[i] ^= 1;
		assert_int_equal(cv_open_row(&opened, &back, key, "a:1", sealed, i, NULL), CV_CRYPTO);
	}
	free(sealed);
}

static void row_nonces_differ(void **state)
{
	uint8_t key[CV_KEY_SIZE] = {1};
	void *a, *b;
	size_t n, m;

	(void)state;
	cv_seal_row(&a, &n, key, NULL, "same", 4);
	cv_seal_row(&b, &m, key, NULL, "same", 4);
	assert_int_equal(n, m);
	assert_memory_not_equal(a, b, n);
	free(a);
	free(b);
}

static void box(void **state)
{
	struct cv_box_keys keys, others;
	void *sealed, *opened;
	size_t n, back;

	(void)state;
	cv_box_make(&keys);
	cv_box_make(&others);
	assert_int_equal(cv_box_seal(&sealed, &n, keys.public_key, "draft", 5), CV_OK);
	assert_int_equal(n, 5 + CV_BOX_OVERHEAD);
	assert_int_equal(cv_box_open(&opened, &back, &keys, sealed, n, NULL), CV_OK);
	assert_int_equal(back, 5);
	assert_string_equal(opened, "draft");
	free(opened);
	assert_int_equal(cv_box_open(&opened, &back, &others, sealed, n, NULL), CV_CRYPTO);
	assert_null(opened);
	assert_int_equal(cv_box_open(&opened, &back, &keys, sealed, CV_BOX_OVERHEAD - 1, NULL), CV_CRYPTO);
	((uint8_t *)sealed)[n - 1] ^= 1;
	assert_int_equal(cv_box_open(&opened, &back, &keys, sealed, n, NULL), CV_CRYPTO);
	free(sealed);
}

static void derived_keys(void **state)
{
	uint8_t master[CV_KEY_SIZE] = {7}, a[CV_KEY_SIZE], b[CV_KEY_SIZE], again[CV_KEY_SIZE];

	(void)state;
	cv_key_derive(a, master, 1, "cvstore1");
	cv_key_derive(again, master, 1, "cvstore1");
	assert_memory_equal(a, again, sizeof(a));
	cv_key_derive(b, master, 2, "cvstore1");
	assert_memory_not_equal(a, b, sizeof(a));
	cv_key_derive(b, master, 1, "cvtoken1");
	assert_memory_not_equal(a, b, sizeof(a));
}

static void passwords(void **state)
{
	char hash[128], second[128];
	uint8_t salt[16] = {1}, a[CV_KEY_SIZE], b[CV_KEY_SIZE];

	(void)state;
	assert_int_equal(cv_password_hash(hash, "mật khẩu", NULL), CV_OK);
	assert_int_equal(cv_password_hash(second, "mật khẩu", NULL), CV_OK);
	assert_string_not_equal(hash, second);
	assert_true(cv_password_verify(hash, "mật khẩu"));
	assert_false(cv_password_verify(hash, "mật khẩU"));
	assert_false(cv_password_verify("rác", "mật khẩu"));
	assert_int_equal(cv_key_from_passphrase(a, "câu dài", salt, NULL), CV_OK);
	assert_int_equal(cv_key_from_passphrase(b, "câu dài", salt, NULL), CV_OK);
	assert_memory_equal(a, b, sizeof(a));
	salt[0] = 2;
	assert_int_equal(cv_key_from_passphrase(b, "câu dài", salt, NULL), CV_OK);
	assert_memory_not_equal(a, b, sizeof(a));
}

/* FIPS 180-2 and RFC 4231 (case 2 with its key padded by zeros to 32 bytes, which HMAC does anyway). */
static void vectors(void **state)
{
	static const char abc[] = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
	static const char hmac[] = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
	uint8_t key[CV_KEY_SIZE] = {'J', 'e', 'f', 'e'}, mac[CV_HASH_SIZE], raw[CV_HASH_SIZE];
	char hex[CV_HEX_SIZE];
	struct cv_sha256 s;

	(void)state;
	cv_sha256_hex(hex, "abc", 3);
	assert_string_equal(hex, abc);
	cv_sha256(raw, "abc", 3);
	cv_hex(hex, raw, sizeof(raw));
	assert_string_equal(hex, abc);
	cv_sha256_begin(&s);
	cv_sha256_add(&s, "a", 1);
	cv_sha256_add(&s, "bc", 2);
	cv_sha256_end(&s, hex);
	assert_string_equal(hex, abc);
	cv_hmac(mac, key, "what do ya want for nothing?", 28);
	cv_hex(hex, mac, sizeof(mac));
	assert_string_equal(hex, hmac);
}

static void hex(void **state)
{
	static const char *const bad[] = {"", "0", "00f", "00fg", "00ff0", "0x0f", " 0ff"};
	uint8_t out[2];
	char text[5];

	(void)state;
	assert_true(cv_unhex(out, 2, "00fF"));
	assert_int_equal(out[1], 0xff);
	cv_hex(text, out, 2);
	assert_string_equal(text, "00ff");
	for (size_t i = 0; i < CV_COUNT(bad); i++)
		assert_false(cv_unhex(out, 2, bad[i]));
}

/* RFC 4648 without padding; what is not exactly well-formed is refused, also stray bits. */
static void base64(void **state)
{
	static const struct {
		const char *bytes, *text;
	} good[] = {{"", ""}, {"f", "Zg"}, {"fo", "Zm8"}, {"foo", "Zm9v"}, {"foobar", "Zm9vYmFy"}, {"\xfb\xff", "-_8"}};
	static const char *const bad[] = {"Z", "Zg==", "Zh", "Zm9v\n", " Zg", "+/8", "Zm8=", "Zg Zg"};
	char out[32], text[32];
	size_t n;

	(void)state;
	for (size_t i = 0; i < CV_COUNT(good); i++) {
		size_t length = strlen(good[i].bytes);

		assert_int_equal(cv_b64_size(length), strlen(good[i].text) + 1);
		cv_b64(text, good[i].bytes, length);
		assert_string_equal(text, good[i].text);
		assert_true(cv_unb64(out, &n, text));
		assert_int_equal(n, length);
		assert_memory_equal(out, good[i].bytes, n);
	}
	for (size_t i = 0; i < CV_COUNT(bad); i++)
		assert_false(cv_unb64(out, &n, bad[i]));
}

static void tokens(void **state)
{
	char a[CV_TOKEN_SIZE], b[CV_TOKEN_SIZE];
	uint8_t bits[CV_TOKEN_SIZE];
	size_t n;

	(void)state;
	cv_token_make(a);
	cv_token_make(b);
	assert_int_equal(strlen(a), CV_TOKEN_SIZE - 1);
	assert_string_not_equal(a, b);
	assert_true(cv_unb64(bits, &n, a));
	assert_int_equal(n, 32);
}

static void secrets(void **state)
{
	char text[] = "secret";

	(void)state;
	assert_true(cv_equal_secret("abc", "abc", 3));
	assert_false(cv_equal_secret("abc", "abd", 3));
	cv_wipe(text, sizeof(text));
	for (size_t i = 0; i < sizeof(text); i++)
		assert_int_equal(text[i], 0);
	cv_wipe(NULL, 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(row_round_trip),
		cmocka_unit_test(row_refuses),
		cmocka_unit_test(row_nonces_differ),
		cmocka_unit_test(box),
		cmocka_unit_test(derived_keys),
		cmocka_unit_test(passwords),
		cmocka_unit_test(vectors),
		cmocka_unit_test(hex),
		cmocka_unit_test(base64),
		cmocka_unit_test(tokens),
		cmocka_unit_test(secrets),
	};

	if (cv_seal_start(NULL) != CV_OK)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
