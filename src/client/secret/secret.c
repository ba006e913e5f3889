/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The chain of places where the master key may live. What was chosen at login is asked; nothing weaker is tried. */
#include "client/secret/secret.h"
#include "client/secret/child.h"

#include <congvu/base/fs.h>
#include <congvu/base/i18n.h>
#include <congvu/base/mem.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static enum cv_rc from_text(uint8_t key[CV_KEY_SIZE], const char *text, struct cv_err *err)
{
	size_t n = strcspn(text, "\r\n");
	char *hex = cv_strndup(text, n);
	bool ok = n == 2 * CV_KEY_SIZE && cv_unhex(key, CV_KEY_SIZE, hex);

	cv_wipe(hex, n);
	free(hex);
	return ok ? CV_OK : cv_err_set(err, CV_LOCKED, NULL, _("khóa đọc được không đúng dạng"));
}

static enum cv_rc from_file(uint8_t key[CV_KEY_SIZE], const char *path, struct cv_err *err)
{
	char *text = NULL;
	size_t n = 0;
	enum cv_rc rc = cv_file_read_private(&text, &n, path, 4096, err);

	if (rc == CV_OK) {
		rc = from_text(key, text, err);
		cv_wipe(text, n);
	}
	free(text);
	return rc;
}

/* libsecret stands in a helper program: a locked keyring can hang for ever. */
static enum cv_rc helper(const struct cv_secret_place *p, const char *verb, const char *input, char **out,
			 struct cv_err *err)
{
	char *path = cv_child_beside("congvu-secret");
	const char *argv[] = {path, verb, p->account, p->server, p->user, NULL};
	int status = 0;
	enum cv_rc rc = cv_child_run(out, &status, argv, input, p->terminal ? 30000 : 3000);

	free(path);
	if (rc == CV_OK && status == 0)
		return CV_OK;
	if (rc == CV_OK && status == 1)
		return cv_err_set(err, CV_LOGIN, NULL, NULL);
	bool none = rc == CV_OK && status == 3;
	enum cv_rc said = cv_err_set(err, CV_LOCKED, NULL, none ? _("không có kho khóa ở phiên này") : NULL);
	cv_err_hint(
		err, "%s",
		none ? _("Mở phiên có kho khóa, hoặc giữ khóa nơi khác: congvu login --secrets passphrase (hay file)")
		     : _("Mở kho khóa của máy rồi chạy congvu sync"));
	return said;
}

static enum cv_rc from_command(uint8_t key[CV_KEY_SIZE], const struct cv_secret_place *p, struct cv_err *err)
{
	const char *argv[] = {"/bin/sh", "-c", p->command, NULL};
	char *out = NULL;
	int status = 0;

	if (p->command == NULL || p->command[0] == '\0')
		return cv_err_set(err, CV_CONFIG, "secret_command", _("chưa đặt secret_command"));
	enum cv_rc rc = cv_child_run(&out, &status, argv, "", 10000);
	if (rc == CV_OK && status == 0)
		rc = from_text(key, out, err);
	else
		rc = cv_err_set(err, CV_LOCKED, NULL, _("secret_command không cho khóa (mã %d)"), status);
	if (out != NULL)
		cv_wipe(out, strlen(out));
	free(out);
	return rc;
}

static enum cv_rc from_libsecret(uint8_t key[CV_KEY_SIZE], const struct cv_secret_place *p, struct cv_err *err)
{
	char *out = NULL;
	enum cv_rc rc = helper(p, "get", "", &out, err);

	if (rc == CV_OK)
		rc = from_text(key, out, err);
	if (out != NULL)
		cv_wipe(out, strlen(out));
	free(out);
	return rc;
}

/* The key sealed under what argon2id makes of the passphrase: salt (16 bytes) and seal in the file "passphrase". */
static enum cv_rc from_passphrase(uint8_t key[CV_KEY_SIZE], const struct cv_secret_place *p, struct cv_err *err)
{
	char *path = cv_strf("%s/passphrase", p->dir), *file = NULL, *phrase = NULL;
	uint8_t lock[CV_KEY_SIZE], salt[16];
	void *opened = NULL;
	size_t n = 0, len = 0;
	enum cv_rc rc = cv_file_read_private(&file, &n, path, 4096, err);

	free(path);
	if (rc == CV_OK && (n <= sizeof(salt) || p->ask == NULL))
		rc = cv_err_set(err, CV_LOCKED, NULL, NULL);
	if (rc == CV_OK)
		rc = p->ask(&phrase, _("Cụm mật khẩu mở khóa: "), err);
	if (rc == CV_OK) {
		memcpy(salt, file, sizeof(salt));
		rc = cv_key_from_passphrase(lock, phrase, salt, err);
	}
	if (rc == CV_OK &&
	    (cv_open_row(&opened, &len, lock, "passphrase", file + 16, n - 16, NULL) != CV_OK || len != CV_KEY_SIZE))
		rc = cv_err_set(err, CV_LOCKED, NULL, _("cụm mật khẩu không đúng"));
	if (rc == CV_OK)
		memcpy(key, opened, CV_KEY_SIZE);
	if (phrase != NULL)
		cv_wipe(phrase, strlen(phrase));
	if (opened != NULL)
		cv_wipe(opened, len);
	cv_wipe(lock, sizeof(lock));
	free(phrase);
	free(opened);
	free(file);
	return rc;
}

enum cv_rc cv_secret_get(uint8_t key[CV_KEY_SIZE], const struct cv_secret_place *p, struct cv_err *err)
{
	const char *credentials = p->env->get(p->env->data, "CREDENTIALS_DIRECTORY");
	char *path = credentials != NULL ? cv_strf("%s/congvu", credentials) : NULL;
	enum cv_rc rc = CV_LOGIN;

	if (path != NULL && cv_file_exists(path))
		rc = from_file(key, path, err);
	else if (strcmp(p->how, "command") == 0)
		rc = from_command(key, p, err);
	else if (strcmp(p->how, "libsecret") == 0)
		rc = from_libsecret(key, p, err);
	else if (strcmp(p->how, "passphrase") == 0)
		rc = from_passphrase(key, p, err);
	else if (strcmp(p->how, "file") == 0) {
		char *own = cv_strf("%s/key", p->dir);
		rc = cv_file_exists(own) ? from_file(key, own, err) : cv_err_set(err, CV_LOGIN, NULL, NULL);
		free(own);
	} else {
		cv_err_set(err, CV_CONFIG, "secrets", _("nơi giữ khóa lạ: %s"), p->how);
		rc = CV_CONFIG;
	}
	free(path);
	return rc;
}

static enum cv_rc put_passphrase(const uint8_t key[CV_KEY_SIZE], const struct cv_secret_place *p, struct cv_err *err)
{
	char *phrase = NULL, *path = cv_strf("%s/passphrase", p->dir);
	uint8_t lock[CV_KEY_SIZE], file[16 + CV_KEY_SIZE + CV_SEAL_OVERHEAD];
	void *sealed = NULL;
	size_t n = 0;
	enum cv_rc rc = p->ask != NULL ? p->ask(&phrase, _("Đặt cụm mật khẩu mở khóa: "), err)
				       : cv_err_set(err, CV_LOCKED, NULL, NULL);

	cv_random(file, 16);
	if (rc == CV_OK)
		rc = cv_key_from_passphrase(lock, phrase, file, err);
	if (rc == CV_OK && (rc = cv_seal_row(&sealed, &n, lock, "passphrase", key, CV_KEY_SIZE)) == CV_OK) {
		memcpy(file + 16, sealed, n);
		rc = cv_file_write(path, file, 16 + n, err);
	}
	if (phrase != NULL)
		cv_wipe(phrase, strlen(phrase));
	cv_wipe(lock, sizeof(lock));
	free(phrase);
	free(sealed);
	free(path);
	return rc;
}

enum cv_rc cv_secret_put(const uint8_t key[CV_KEY_SIZE], const struct cv_secret_place *p, struct cv_err *err)
{
	char hex[2 * CV_KEY_SIZE + 1], *out = NULL;
	enum cv_rc rc;

	cv_hex(hex, key, CV_KEY_SIZE);
	if (strcmp(p->how, "file") == 0) {
		char *path = cv_strf("%s/key", p->dir);
		rc = cv_file_write(path, hex, strlen(hex), err);
		free(path);
	} else if (strcmp(p->how, "libsecret") == 0) {
		rc = helper(p, "put", hex, &out, err);
		free(out);
	} else if (strcmp(p->how, "passphrase") == 0) {
		rc = put_passphrase(key, p, err);
	} else {
		rc = cv_err_set(err, CV_CONFIG, "secrets", _("khóa từ %s phải có sẵn trước khi đăng nhập"), p->how);
	}
	cv_wipe(hex, sizeof(hex));
	return rc;
}

enum cv_rc cv_secret_forget(const struct cv_secret_place *p, struct cv_err *err)
{
	char *out = NULL;

	if (strcmp(p->how, "libsecret") == 0) {
		enum cv_rc rc = helper(p, "forget", "", &out, err);
		free(out);
		return rc == CV_LOGIN ? CV_OK : rc;
	}
	char *path = cv_strf("%s/%s", p->dir, strcmp(p->how, "file") == 0 ? "key" : "passphrase");
	unlink(path);
	free(path);
	return CV_OK;
}
