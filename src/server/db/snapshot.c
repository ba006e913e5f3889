/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whole copies of a database file, for backup and restore. */
#include "server/db/db.h"

#include <congvu/base/i18n.h>
#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <string.h>
#include <unistd.h>

#define BUSY_MS 10000

static enum cv_rc fault(sqlite3 *h, const char *path, struct cv_err *err)
{
	int code = sqlite3_errcode(h) & 0xff;

	if (code == SQLITE_NOTADB || code == SQLITE_CANTOPEN)
		return cv_err_set(err, CV_NO_INPUT, NULL, _("%s không phải bản sao lưu đọc được"), path);
	if (code == SQLITE_CORRUPT)
		return cv_err_set(err, CV_CORRUPT, NULL, _("%s bị hỏng"), path);
	if (code == SQLITE_BUSY || code == SQLITE_LOCKED)
		return cv_err_set(err, CV_BUSY, NULL, _("cơ sở dữ liệu đang bận"));
	return cv_err_set(err, CV_IO, NULL, _("cơ sở dữ liệu: %s"), sqlite3_errmsg(h));
}

/* Every page and index agrees with the others. */
static enum cv_rc look_through(sqlite3 *h, const char *path, struct cv_err *err)
{
	sqlite3_stmt *st = NULL;
	enum cv_rc rc = CV_OK;

	if (sqlite3_prepare_v2(h, "PRAGMA integrity_check(1)", -1, &st, NULL) != SQLITE_OK ||
	    sqlite3_step(st) != SQLITE_ROW)
		rc = fault(h, path, err);
	else if (strcmp((const char *)sqlite3_column_text(st, 0), "ok") != 0)
		rc = cv_err_set(err, CV_CORRUPT, NULL, _("%s bị hỏng"), path);
	sqlite3_finalize(st);
	return rc;
}

static enum cv_rc copy(sqlite3 *h, const char *from, const char *to, struct cv_err *err)
{
	sqlite3_stmt *st = NULL;
	enum cv_rc rc = CV_OK;

	if (sqlite3_prepare_v2(h, "VACUUM INTO ?", -1, &st, NULL) != SQLITE_OK ||
	    sqlite3_bind_text(st, 1, to, -1, SQLITE_STATIC) != SQLITE_OK || sqlite3_step(st) != SQLITE_DONE)
		rc = fault(h, from, err);
	sqlite3_finalize(st);
	return rc;
}

static enum cv_rc check_copy(const char *path, struct cv_err *err)
{
	sqlite3 *h = NULL;
	enum cv_rc rc = sqlite3_open_v2(path, &h, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL) == SQLITE_OK
				? look_through(h, path, err)
				: fault(h, path, err);

	sqlite3_close(h);
	return rc;
}

enum cv_rc cv_db_snapshot(const char *from, const char *to, struct cv_err *err)
{
	sqlite3 *h = NULL;
	enum cv_rc rc = CV_OK;
	int fd;

	if (access(from, R_OK) != 0)
		return cv_err_set(err, CV_NO_INPUT, NULL, "%s: %s", from, strerror(errno));
	/* SQLite takes an empty file as it is: so the rights are ours from the first byte. */
	fd = open(to, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return cv_err_set(err, CV_NOT_SAVED, NULL, "%s: %s", to, strerror(errno));
	close(fd);
	if (sqlite3_open_v2(from, &h, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK)
		rc = fault(h, from, err);
	if (rc == CV_OK) {
		sqlite3_busy_timeout(h, BUSY_MS);
		rc = look_through(h, from, err);
	}
	if (rc == CV_OK)
		rc = copy(h, from, to, err);
	sqlite3_close(h);
	if (rc == CV_OK)
		rc = check_copy(to, err);
	if (rc != CV_OK)
		unlink(to);
	return rc;
}
