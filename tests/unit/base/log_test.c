/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The log: form, cleaning, levels, and rotation with several processes at once. */
#include <congvu/base/fs.h>
#include <congvu/base/log.h>
#include <congvu/base/mem.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define PROCESSES 4
#define LINES	  6000

static char dir[64], path[80];

static int64_t frozen(void *data)
{
	(void)data;
	return 1795305490123; /* 2026-11-22T06:58:10.123+07:00 */
}

static const struct cv_env env = {.now = frozen};

static int set_up(void **state)
{
	(void)state;
	snprintf(dir, sizeof(dir), "/tmp/congvu-log.XXXXXX");
	if (mkdtemp(dir) == NULL)
		return 1;
	snprintf(path, sizeof(path), "%s/log", dir);
	return 0;
}

static int tear_down(void **state)
{
	static const char *const suffixes[] = {"", ".1", ".2", ".3"};

	(void)state;
	for (size_t i = 0; i < CV_COUNT(suffixes); i++) {
		char *name = cv_strf("%s%s", path, suffixes[i]);

		unlink(name);
		free(name);
	}
	/* Fails if anything else was left behind. */
	return rmdir(dir);
}

static char *content(const char *suffix)
{
	char *name = cv_strf("%s%s", path, suffix), *text;
	size_t n;
	enum cv_rc rc = cv_file_read(&text, &n, name, 64 << 20, NULL);

	free(name);
	return rc == CV_OK ? text : NULL;
}

static void form(void **state)
{
	char *text, *want;
	struct stat st;

	(void)state;
	cv_log(CV_LOG_ERROR, "before it is open: nowhere");
	assert_int_equal(cv_log_open(&env, path, CV_LOG_INFO, NULL), CV_OK);
	cv_log(CV_LOG_INFO, "sync: %d operations", 3);
	cv_log(CV_LOG_DEBUG, "not at this level");
	cv_log(CV_LOG_WARN, "a\nb\x1b[31mc\td%s", "\r");
	cv_log_close();
	cv_log(CV_LOG_ERROR, "after it was closed: nowhere");
	text = content("");
	want = cv_strf("2026-11-22T06:58:10.123+07:00 info [%ld] sync: 3 operations\n"
		       "2026-11-22T06:58:10.123+07:00 warn [%ld] a bc d\n",
		       (long)getpid(), (long)getpid());
	assert_string_equal(text, want);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	free(text);
	free(want);
}

static void refuses_links(void **state)
{
	char *name = cv_strf("%s/link", dir);

	(void)state;
	assert_int_equal(symlink("/tmp/elsewhere", name), 0);
	assert_int_equal(cv_log_open(&env, name, CV_LOG_INFO, NULL), CV_IO);
	unlink(name);
	free(name);
}

static void child(int number)
{
	if (cv_log_open(&env, path, CV_LOG_INFO, NULL) != CV_OK)
		_exit(1);
	for (int i = 0; i < LINES; i++)
		cv_log(CV_LOG_INFO, "p%d n%05d %s", number, i, "................................................");
	cv_log_close();
	_exit(0);
}

/* Counts whole lines of each process; every line must be whole. */
static void count(const char *text, int seen[PROCESSES], int *broken)
{
	for (const char *p = text; *p != '\0'; p = strchr(p, '\n') + 1) {
		const char *end = strchr(p, '\n'), *mark;
		int number, line;

		if (end == NULL) {
			++*broken;
			return;
		}
		mark = strstr(p, "] p");
		if (mark == NULL || mark > end || end[-1] != '.' || sscanf(mark, "] p%d n%d", &number, &line) != 2 ||
		    number < 0 || number >= PROCESSES)
			++*broken;
		else
			seen[number]++;
	}
}

/* 4 x 6000 lines of about 110 bytes: 2.6 MB, so two rotations and no more; no line lost or torn. */
static void rotation(void **state)
{
	static const char *const suffixes[] = {"", ".1", ".2"};
	int seen[PROCESSES] = {0}, broken = 0, status;

	(void)state;
	unlink(path);
	for (int i = 0; i < PROCESSES; i++) {
		pid_t pid = fork();

		assert_true(pid >= 0);
		if (pid == 0)
			child(i);
	}
	for (int i = 0; i < PROCESSES; i++) {
		assert_true(wait(&status) > 0);
		assert_int_equal(status, 0);
	}
	for (size_t i = 0; i < CV_COUNT(suffixes); i++) {
		char *text = content(suffixes[i]);

		assert_non_null(text);
		assert_true(strlen(text) < (1 << 20) + 8192);
		count(text, seen, &broken);
		free(text);
	}
	assert_null(content(".3"));
	assert_int_equal(broken, 0);
	for (int i = 0; i < PROCESSES; i++)
		assert_int_equal(seen[i], LINES);
}

/* The fourth old file is dropped, not kept for ever. */
static void keeps_three(void **state)
{
	char *fifth = cv_strf("%s.4", path);

	(void)state;
	assert_int_equal(cv_log_open(&env, path, CV_LOG_INFO, NULL), CV_OK);
	for (int i = 0; i < 60000; i++)
		cv_log(CV_LOG_INFO, "%s", "................................................................");
	cv_log_close();
	for (int i = 1; i <= 3; i++) {
		char *old = cv_strf("%s.%d", path, i);

		assert_true(cv_file_exists(old));
		free(old);
	}
	assert_false(cv_file_exists(fifth));
	free(fifth);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(form),
		cmocka_unit_test(refuses_links),
		cmocka_unit_test(rotation),
		cmocka_unit_test(keeps_three),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
