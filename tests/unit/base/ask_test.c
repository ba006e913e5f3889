/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Passwords asked on a real pseudo-terminal: nothing is echoed, keys edit, Ctrl-C leaves the terminal as it was. */
#include <congvu/base/cmdline.h>
#include <congvu/base/mem.h>
#include <poll.h>
#include <pty.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <cmocka.h>

#define DEADLINE_MS 10000

/* In the child: asks, and tells the outcome through the pipe. */
static void child(int result)
{
	char *secret;
	enum cv_rc rc = cv_ask_secret(&secret, "Mật khẩu: ", NULL);
	struct termios now;

	if (tcgetattr(STDIN_FILENO, &now) != 0 || (now.c_lflag & ECHO) == 0 || (now.c_lflag & ICANON) == 0)
		rc = CV_INTERNAL;
	dprintf(result, "%d %s", (int)rc, rc == CV_OK ? secret : "-");
	_exit(0);
}

/* Reads from the terminal until `until` was seen (or, NULL, to its end). */
static void read_screen(int fd, char *screen, size_t size, const char *until)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};
	size_t n = strlen(screen);

	while (until == NULL || strstr(screen, until) == NULL) {
		ssize_t k;

		assert_int_equal(poll(&p, 1, DEADLINE_MS), 1);
		k = read(fd, screen + n, size - 1 - n);
		if (k <= 0)
			break; /* EIO: the child is gone */
		n += (size_t)k;
		screen[n] = '\0';
	}
}

static void asks(void **state)
{
	static const struct {
		const char *keys;
		enum cv_rc rc;
		const char *want;
	} rows[] = {
		{"mở cửa\r", CV_OK, "mở cửa"},	      {"abx\x7f\r", CV_OK, "ab"},
		{"abệ\x7f\x08\r", CV_OK, "a"}, /* whole characters */
		{"wrong\x15right\r", CV_OK, "right"}, {"a\x04z\n", CV_OK, "az"},
		{"half\x03", CV_INTERRUPTED, "-"},    {"\x7f\r", CV_NO_INPUT, "-"},
		{"\x04", CV_NO_INPUT, "-"},	      {"\xc3\r", CV_DATA, "-"},
	};

	(void)state;
	for (size_t i = 0; i < CV_COUNT(rows); i++) {
		char screen[512] = "", result[256] = "", want[64];
		int tty, fds[2], status;
		pid_t pid;

		assert_int_equal(pipe(fds), 0);
		pid = forkpty(&tty, NULL, NULL, NULL);
		assert_true(pid >= 0);
		if (pid == 0)
			child(fds[1]);
		close(fds[1]);
		read_screen(tty, screen, sizeof(screen), "khẩu: ");
		assert_int_equal(write(tty, rows[i].keys, strlen(rows[i].keys)), strlen(rows[i].keys));
		assert_true(read(fds[0], result, sizeof(result) - 1) > 0);
		read_screen(tty, screen, sizeof(screen), NULL);
		assert_int_equal(waitpid(pid, &status, 0), pid);
		snprintf(want, sizeof(want), "%d %s", (int)rows[i].rc, rows[i].want);
		assert_string_equal(result, want);
		assert_string_equal(screen, "Mật khẩu: \r\n");
		close(tty);
		close(fds[0]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(asks)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
