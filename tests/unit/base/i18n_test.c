/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which language is spoken under which environment. The locale is fixed once a process has started, so the test
 * copies itself beside the build's catalogues ($dir/bin, $dir/locale) and runs the copy for every row.
 */
#include <congvu/base/env.h>
#include <congvu/base/fs.h>
#include <congvu/base/i18n.h>
#include <congvu/base/mem.h>
#include <langinfo.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static char dir[] = "/tmp/congvu-i18n.XXXXXX";
static char *program; /* owned */

/* What the copy says: text of an error, character set, a number. */
static int say(void)
{
	cv_i18n_start(cv_env_system());
	printf("%s|%s|%.2f|%s", _("xong"), nl_langinfo(CODESET), 1.5, _(""));
	return 0;
}

static char *exe_path(void)
{
	static char path[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", path, sizeof(path) - 1);

	assert_true(n > 0);
	path[n] = '\0';
	return path;
}

static int set_up(void **state)
{
	char *self = exe_path(), *bytes, *bin, *build, *locale, *link;
	char *tests = strstr(self, "/tests/unit/");
	size_t n;

	(void)state;
	if (tests == NULL || mkdtemp(dir) == NULL)
		return 1;
	bin = cv_strf("%s/bin", dir);
	program = cv_strf("%s/bin/say", dir);
	if (cv_dir_make(bin, NULL) != CV_OK || cv_file_read(&bytes, &n, self, 256 << 20, NULL) != CV_OK ||
	    cv_file_write(program, bytes, n, NULL) != CV_OK || chmod(program, 0700) != 0)
		return 1;
	free(bytes);
	free(bin);
	build = cv_strndup(self, (size_t)(tests - self));
	locale = cv_strf("%s/locale", build);
	link = cv_strf("%s/locale", dir);
	n = (size_t)symlink(locale, link);
	free(build);
	free(locale);
	free(link);
	return (int)n;
}

static int tear_down(void **state)
{
	char *bin = cv_strf("%s/bin", dir), *link = cv_strf("%s/locale", dir);
	int result;

	(void)state;
	result = unlink(program) | rmdir(bin) | unlink(link) | rmdir(dir);
	free(bin);
	free(link);
	free(program);
	return result;
}

static void run(const char *const env[3], char *out, size_t size)
{
	char *argv[] = {program, NULL};
	char *envp[4] = {NULL};
	int fds[2], status;
	size_t n = 0;
	ssize_t k;
	pid_t pid;

	for (size_t i = 0; i < 3 && env[i] != NULL; i++)
		envp[i] = cv_strdup(env[i]);
	assert_int_equal(pipe(fds), 0);
	pid = fork();
	if (pid == 0) {
		dup2(fds[1], STDOUT_FILENO);
		execve(program, argv, envp);
		_exit(127);
	}
	close(fds[1]);
	while ((k = read(fds[0], out + n, size - 1 - n)) > 0)
		n += (size_t)k;
	out[n] = '\0';
	close(fds[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	for (size_t i = 0; i < 3; i++)
		free(envp[i]);
}

static void languages(void **state)
{
	static const struct {
		const char *env[3];
		bool english;
	} rows[] = {
		{{NULL}, false},
		{{"LANG=C"}, false},
		{{"LANG=POSIX"}, false},
		{{"LANG=C.UTF-8"}, false},
		{{"LC_ALL=C.UTF-8", "LANGUAGE=en"}, false},
		{{"LANG=vi_VN.UTF-8"}, false},
		{{"LANG=vi_VN"}, false},
		{{"LANG=fr_FR.UTF-8"}, false},
		{{"LANG=en_US.UTF-8"}, true},
		{{"LANG=en_US"}, true},
		{{"LANG=en"}, true},
		{{"LC_MESSAGES=en_GB.UTF-8", "LANG=vi_VN.UTF-8"}, true},
		{{"LC_ALL=", "LC_MESSAGES=", "LANG=en_US.UTF-8"}, true},
		{{"LC_ALL=en_US.UTF-8", "LANG=C"}, true},
		{{"LC_ALL=vi_VN.UTF-8", "LC_MESSAGES=en_US.UTF-8", "LANG=en_US.UTF-8"}, false},
		{{"LC_ALL=C", "LANG=en_US.UTF-8"}, false},
	};
	char out[256];

	(void)state;
	for (size_t i = 0; i < CV_COUNT(rows); i++) {
		const char *want = rows[i].english ? "done|UTF-8|1.50|" : "xong|UTF-8|1.50|";

		run(rows[i].env, out, sizeof(out));
		if (strcmp(out, want) != 0)
			fail_msg("row %zu (%s): %s", i, rows[i].env[0], out);
	}
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(languages)};
	size_t n = strlen(argv[0]);

	if (argc > 0 && n > 8 && strcmp(argv[0] + n - 8, "/bin/say") == 0)
		return say();
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
