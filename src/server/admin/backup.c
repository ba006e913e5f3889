/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * congvud backup, congvud restore. A backup is a whole copy made while the server runs. A restore takes a copy of the
 * backup, gives it a new epoch, and only then puts it in the place of the data, which stays beside it under another
 * name. Every client sees the epoch and pushes again what it keeps for 30 days: acknowledged work comes back, once.
 */
#include "server/admin/admin.h"

#include <congvu/base/fs.h>
#include <congvu/base/i18n.h>
#include <congvu/base/mem.h>
#include <congvu/base/seal.h>
#include <congvu/base/time.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int tell(const struct cv_args *args, enum cv_rc rc, const struct cv_err *err, const char *key, const char *value)
{
	bool json = cv_args_flag(args, "json");

	if (rc != CV_OK)
		return cv_admin_fail(json, err);
	if (json) {
		struct cv_json *data = cv_json_new_object();
		cv_json_set_str(data, key, value);
		cv_print_ok(stdout, data);
		cv_json_destroy(data);
	}
	return 0;
}

int cv_admin_backup(void *app, const struct cv_args *args)
{
	struct cv_desk desk;
	struct cv_err err;
	const char *to = cv_args_operand(args, 0);
	char *temp = cv_strf("%s.part", to), *from = cv_strf("%s/office.db", cv_args_text(args, "data"));
	/* Opened first: it has to be an office, and of a version that this program knows. */
	enum cv_rc rc = cv_desk_open(&desk, app, args, false, &err);

	if (rc != CV_OK) {
		free(temp);
		free(from);
		return cv_desk_close(&desk, rc, &err);
	}
	unlink(temp); /* of one that was cut off */
	rc = cv_db_snapshot(from, temp, &err);
	if (rc == CV_OK)
		rc = cv_file_publish(temp, to, &err);
	if (rc != CV_OK)
		unlink(temp);
	free(temp);
	free(from);
	rc = cv_desk_close(&desk, CV_OK, &err) == 0 ? rc : CV_IO;
	return tell(args, rc, &err, "file", to);
}

static enum cv_rc new_epoch(char name[16], struct cv_db *db, struct cv_err *err)
{
	uint8_t bytes[6];

	cv_random(bytes, sizeof(bytes));
	name[0] = 'k';
	cv_hex(name + 1, bytes, sizeof(bytes));
	return cv_meta_set(db, "epoch", name, err);
}

/* The copy in its own directory becomes an office of this program's version, with a new epoch. */
static enum cv_rc prepare(const struct cv_env *env, const char *dir, char epoch[16], struct cv_err *err)
{
	struct cv_db *db = NULL;
	int64_t now = cv_now(env);
	enum cv_rc rc = cv_db_open(&db, dir, false, err);

	if (rc != CV_OK)
		return rc;
	char *key = cv_meta_get(db, "server_key");
	if (key[0] == '\0')
		rc = cv_err_set(err, CV_DATA, NULL, _("tệp này không phải dữ liệu của một cơ quan"));
	cv_wipe(key, strlen(key));
	free(key);
	if (rc == CV_OK)
		rc = cv_db_begin(db, true, err);
	if (rc == CV_OK) {
		rc = new_epoch(epoch, db, err);
		if (rc == CV_OK)
			rc = cv_audit(db, now, "congvud", "", "restore", "office", epoch, 0, now, "", err);
		if (rc == CV_OK)
			rc = cv_db_commit(db, err);
		else
			cv_db_rollback(db);
	}
	cv_db_close(db); /* the last one: it takes the WAL with it */
	return rc;
}

static enum cv_rc move_file(const char *from, const char *to, bool must, struct cv_err *err)
{
	if (rename(from, to) == 0 || (!must && errno == ENOENT))
		return CV_OK;
	return cv_err_set(err, CV_IO, NULL, "%s: %s", from, strerror(errno));
}

/* What is there now keeps a name of its own, with the log that belongs to it. */
static enum cv_rc set_aside(const char *dir, int64_t now, struct cv_err *err)
{
	static const char *const ends[] = {"-wal", "-shm", ""};
	struct cv_db *db = NULL;
	enum cv_rc rc = CV_OK;
	int64_t stamp = now / 1000;

	for (bool taken = true; taken; stamp += taken) {
		char *name = cv_strf("%s/before-restore-%lld.db", dir, (long long)stamp);
		taken = cv_file_exists(name);
		free(name);
	}
	/* Opened and closed once, its log is in the file; if it does not open, the log goes beside it. */
	if (cv_db_open(&db, dir, false, NULL) == CV_OK)
		cv_db_close(db);
	for (size_t i = 0; rc == CV_OK && i < CV_COUNT(ends); i++) {
		char *from = cv_strf("%s/office.db%s", dir, ends[i]);
		char *to = cv_strf("%s/before-restore-%lld.db%s", dir, (long long)stamp, ends[i]);
		rc = move_file(from, to, false, err);
		free(from);
		free(to);
	}
	return rc;
}

static enum cv_rc restore(const struct cv_env *env, const char *file, const char *dir, char epoch[16],
			  struct cv_err *err)
{
	char *work = cv_strf("%s/restore.part", dir), *copy = cv_strf("%s/office.db", work),
	     *place = cv_strf("%s/office.db", dir);
	enum cv_rc rc = cv_dir_make(work, err);

	if (rc == CV_OK) {
		unlink(copy); /* of one that was cut off */
		rc = cv_db_snapshot(file, copy, err);
	}
	if (rc == CV_OK)
		rc = prepare(env, work, epoch, err);
	if (rc == CV_OK)
		rc = set_aside(dir, cv_now(env), err);
	if (rc == CV_OK)
		rc = cv_file_publish(copy, place, err);
	if (rc != CV_OK)
		unlink(copy);
	rmdir(work);
	free(work);
	free(copy);
	free(place);
	return rc;
}

int cv_admin_restore(void *app, const struct cv_args *args)
{
	struct cv_admin *admin = app;
	const char *dir = cv_args_text(args, "data");
	char epoch[16] = "";
	struct cv_err err;
	int lock = -1;

	cv_err_init(&err);
	if (dir == NULL) {
		cv_err_set(&err, CV_USAGE, "data", _("thiếu --data: thư mục dữ liệu của cơ quan"));
		return cv_admin_fail(cv_args_flag(args, "json"), &err);
	}
	enum cv_rc rc = cv_dir_make(dir, &err);
	char *path = cv_strf("%s/" CV_SERVE_LOCK, dir);
	if (rc == CV_OK && cv_lock_take(&lock, path, 0, NULL) != CV_OK) {
		rc = cv_err_set(&err, CV_BUSY, "data", _("máy chủ đang chạy trên dữ liệu này"));
		cv_err_hint(&err, "%s", _("Dừng congvud serve rồi khôi phục lại"));
	}
	free(path);
	if (rc == CV_OK)
		rc = restore(admin->env, cv_args_operand(args, 0), dir, epoch, &err);
	cv_lock_drop(lock);
	return tell(args, rc, &err, "epoch", epoch);
}
