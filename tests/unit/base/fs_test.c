/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files and paths, on a directory of their own. */
#include <congvu/base/fs.h>
#include <congvu/base/mem.h>
#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static char root[64];

static char *at(const char *name)
{
	return cv_strf("%s/%s", root, name);
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static int set_up(void **state)
{
	(void)state;
	snprintf(root, sizeof(root), "/tmp/congvu-fs.XXXXXX");
	return mkdtemp(root) == NULL;
}

static int tear_down(void **state)
{
	(void)state;
	return nftw(root, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static mode_t mode_of(const char *path)
{
	struct stat st;

	assert_int_equal(stat(path, &st), 0);
	return st.st_mode & 07777;
}

static int entries(const char *dir)
{
	DIR *d = opendir(dir);
	int n = 0;

	assert_non_null(d);
	while (readdir(d) != NULL)
		n++;
	closedir(d);
	return n - 2;
}

static void dirs(void **state)
{
	char *deep = at("a/b//c/"), *a = at("a"), *file = at("file"), *under = at("file/x");
	struct cv_err err;

	(void)state;
	assert_int_equal(cv_dir_make(deep, NULL), CV_OK);
	assert_int_equal(cv_dir_make(deep, NULL), CV_OK);
	assert_int_equal(mode_of(a), 0700);
	assert_int_equal(mode_of(deep), 0700);
	assert_int_equal(cv_file_write(file, "x", 1, NULL), CV_OK);
	cv_err_init(&err);
	assert_int_equal(cv_dir_make(under, &err), CV_IO);
	assert_non_null(strstr(err.detail, "file"));
	free(deep);
	free(a);
	free(file);
	free(under);
}

static void write_and_read(void **state)
{
	char *path = at("w"), *missing = at("none/w"), *text;
	size_t n;

	(void)state;
	assert_int_equal(cv_file_read(&text, &n, path, 10, NULL), CV_NOT_FOUND);
	assert_null(text);
	assert_int_equal(cv_file_write(path, "một\0hai", 9, NULL), CV_OK);
	assert_int_equal(mode_of(path), 0600);
	assert_int_equal(cv_file_read(&text, &n, path, 9, NULL), CV_OK);
	assert_int_equal(n, 9);
	assert_memory_equal(text, "một\0hai", 10);
	free(text);
	assert_int_equal(cv_file_read(&text, &n, path, 8, NULL), CV_LIMIT);
	assert_null(text);
	assert_int_equal(cv_file_write(path, "", 0, NULL), CV_OK);
	assert_int_equal(cv_file_read(&text, &n, path, 8, NULL), CV_OK);
	assert_string_equal(text, "");
	free(text);
	assert_int_equal(cv_file_read(&text, &n, root, 8, NULL), CV_IO);
	assert_int_equal(cv_file_write(missing, "x", 1, NULL), CV_NOT_SAVED);
	assert_true(cv_file_exists(path));
	assert_false(cv_file_exists(missing));
	free(path);
	free(missing);
}

/* A write that fails leaves the old file as it was, and nothing beside it. */
static void failed_write_keeps_old(void **state)
{
	char *dir = at("keep"), *path = at("keep/f"), *blocked = at("keep/d");
	char *text;
	size_t n;

	(void)state;
	assert_int_equal(cv_dir_make(blocked, NULL), CV_OK);
	assert_int_equal(cv_file_write(path, "old", 3, NULL), CV_OK);
	assert_int_equal(cv_file_write(blocked, "new", 3, NULL), CV_NOT_SAVED);
	assert_int_equal(entries(dir), 2);
	assert_int_equal(cv_file_read(&text, &n, path, 8, NULL), CV_OK);
	assert_string_equal(text, "old");
	free(text);
	free(dir);
	free(path);
	free(blocked);
}

static void private_files(void **state)
{
	char *path = at("key"), *link = at("link"), *fifo = at("fifo"), *text;
	size_t n;
	struct cv_err err;

	(void)state;
	assert_int_equal(cv_file_write(path, "k", 1, NULL), CV_OK);
	assert_int_equal(cv_file_read_private(&text, &n, path, 8, NULL), CV_OK);
	assert_string_equal(text, "k");
	free(text);
	assert_int_equal(symlink(path, link), 0);
	assert_int_equal(cv_file_read_private(&text, &n, link, 8, NULL), CV_CONFIG);
	assert_int_equal(mkfifo(fifo, 0600), 0);
	assert_int_equal(cv_file_read_private(&text, &n, fifo, 8, NULL), CV_CONFIG);
	for (int bit = 1; bit <= 040; bit *= 2) {
		assert_int_equal(chmod(path, 0600 | (mode_t)bit), 0);
		cv_err_init(&err);
		assert_int_equal(cv_file_read_private(&text, &n, path, 8, &err), CV_CONFIG);
		assert_non_null(strstr(err.hint, "chmod 600"));
	}
	if (geteuid() == 0) {
		assert_int_equal(chmod(path, 0600), 0);
		assert_int_equal(chown(path, 12345, 12345), 0);
		assert_int_equal(cv_file_read_private(&text, &n, path, 8, NULL), CV_CONFIG);
	}
	free(path);
	free(link);
	free(fifo);
}

/* Another process holds the lock until the pipe to it is closed. */
static void locks(void **state)
{
	char *path = at("lock");
	int go[2], ready[2], fd, status;
	char c;
	pid_t child;
	struct cv_err err;

	(void)state;
	assert_int_equal(pipe(go), 0);
	assert_int_equal(pipe(ready), 0);
	child = fork();
	if (child == 0) {
		close(go[1]);
		if (cv_lock_take(&fd, path, 0, NULL) != CV_OK || write(ready[1], "x", 1) != 1)
			_exit(1);
		_exit(read(go[0], &c, 1) == 0 ? 0 : 1);
	}
	close(go[0]);
	assert_int_equal(read(ready[0], &c, 1), 1);
	cv_err_init(&err);
	assert_int_equal(cv_lock_take(&fd, path, 0, &err), CV_BUSY);
	assert_int_equal(fd, -1);
	assert_int_equal(cv_lock_take(&fd, path, 20, NULL), CV_BUSY);
	close(go[1]);
	assert_int_equal(cv_lock_take(&fd, path, 10000, NULL), CV_OK);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	cv_lock_drop(fd);
	assert_int_equal(cv_lock_take(&fd, path, 0, NULL), CV_OK);
	cv_lock_drop(fd);
	cv_lock_drop(-1);
	close(ready[0]);
	close(ready[1]);
	free(path);
}

static void remote(void **state)
{
	const char *name = "x";
	char *deep = at("not/yet/there");

	(void)state;
	assert_false(cv_dir_is_remote(deep, &name));
	assert_null(name);
	free(deep);
}

/* ---- paths: the environment is data ------------------------------------------------------------------ */

static const char *const *variables;

static const char *get(void *data, const char *name)
{
	(void)data;
	for (size_t i = 0; variables[i] != NULL; i += 2) {
		if (strcmp(variables[i], name) == 0)
			return variables[i + 1];
	}
	return NULL;
}

static void xdg(void **state)
{
	static const char *const plain[] = {"HOME", "/home/lan", NULL};
	static const char *const set[] = {
		"HOME", "/home/lan", "XDG_CONFIG_HOME", "/c", "XDG_DATA_HOME", "relative", "XDG_STATE_HOME", "", NULL};
	struct cv_env env = {.get = get};
	struct cv_paths p;

	(void)state;
	variables = plain;
	assert_int_equal(cv_paths_init(&p, &env, NULL, NULL), CV_OK);
	assert_string_equal(p.config, "/home/lan/.config/congvu");
	assert_string_equal(p.data, "/home/lan/.local/share/congvu/default");
	assert_string_equal(p.state, "/home/lan/.local/state/congvu");
	assert_string_equal(p.system, "/etc/congvu");
	cv_paths_finish(&p);
	variables = set;
	assert_int_equal(cv_paths_init(&p, &env, "cron", NULL), CV_OK);
	assert_string_equal(p.config, "/c/congvu");
	assert_string_equal(p.data, "/home/lan/.local/share/congvu/cron");
	assert_string_equal(p.state, "/home/lan/.local/state/congvu");
	cv_paths_finish(&p);
	cv_paths_finish(&p);
}

/* cron may have no HOME: the password database knows it. */
static void no_home(void **state)
{
	static const char *const none[] = {NULL};
	struct cv_env env = {.get = get};
	struct cv_paths p;

	(void)state;
	variables = none;
	assert_int_equal(cv_paths_init(&p, &env, NULL, NULL), CV_OK);
	assert_int_equal(p.data[0], '/');
	cv_paths_finish(&p);
}

static void accounts(void **state)
{
	static const char *const good[] = {"default", "cron",	      "a",
					   "0",	      "le_thi.lan-2", "abcdefghijklmnopqrstuvwxyz012345"};
	static const char *const bad[] = {
		"", "..", ".a", "-a", "_a", "A", "a/b", "a b", "a\nb", "ânn", "abcdefghijklmnopqrstuvwxyz0123456"};
	static const char *const home[] = {"HOME", "/h", NULL};
	struct cv_env env = {.get = get};
	struct cv_paths p;

	(void)state;
	variables = home;
	for (size_t i = 0; i < CV_COUNT(good); i++) {
		assert_int_equal(cv_paths_init(&p, &env, good[i], NULL), CV_OK);
		cv_paths_finish(&p);
	}
	for (size_t i = 0; i < CV_COUNT(bad); i++) {
		struct cv_err err;

		cv_err_init(&err);
		assert_int_equal(cv_paths_init(&p, &env, bad[i], &err), CV_CONFIG);
		assert_string_equal(err.field, "account");
		assert_null(p.data);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dirs),
		cmocka_unit_test(write_and_read),
		cmocka_unit_test(failed_write_keeps_old),
		cmocka_unit_test(private_files),
		cmocka_unit_test(locks),
		cmocka_unit_test(remote),
		cmocka_unit_test(xdg),
		cmocka_unit_test(no_home),
		cmocka_unit_test(accounts),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
