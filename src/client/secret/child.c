/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Running a child with a limit. */
#include "client/secret/child.h"

#include <congvu/base/mem.h>

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MAX_OUT 4096

extern char **environ;

char *cv_child_beside(const char *name)
{
	char path[1024];
	ssize_t n = readlink("/proc/self/exe", path, sizeof(path) - 1);

	/* In a build tree beside the program, else where `make install` puts it, wherever that was moved to. */
	static const char *const places[] = {"", "/../libexec/congvu"};

	if (n > 0) {
		path[n] = '\0';
		char *slash = strrchr(path, '/');
		if (slash != NULL)
			*slash = '\0';
		for (size_t i = 0; i < CV_COUNT(places); i++) {
			char *beside = cv_strf("%s%s/%s", path, places[i], name);
			if (access(beside, X_OK) == 0)
				return beside;
			free(beside);
		}
	}
	return cv_strf("%s/libexec/congvu/%s", CONGVU_PREFIX, name);
}

static int64_t now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* Collects until the end of output or the limit; true at the end. */
static bool collect(int fd, char *out, int64_t deadline)
{
	size_t used = 0;

	for (;;) {
		int64_t left = deadline - now_ms();
		struct pollfd p = {.fd = fd, .events = POLLIN};
		if (left <= 0 || poll(&p, 1, (int)left) == 0)
			return false;
		ssize_t n = read(fd, out + used, MAX_OUT - used);
		if (n <= 0)
			return n == 0;
		used += (size_t)n;
		out[used] = '\0';
		if (used == MAX_OUT)
			return true;
	}
}

static pid_t start(const char *const *argv, int in, int out)
{
	posix_spawn_file_actions_t actions;
	pid_t pid = -1;

	posix_spawnattr_t attr;

	/* A group of its own, so that what a shell started is ended with it. */
	posix_spawnattr_init(&attr);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETPGROUP);
	posix_spawnattr_setpgroup(&attr, 0);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, in, 0);
	posix_spawn_file_actions_adddup2(&actions, out, 1);
	if (posix_spawn(&pid, argv[0], &actions, &attr, (char *const *)(uintptr_t)argv, environ) != 0)
		pid = -1;
	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&attr);
	return pid;
}

enum cv_rc cv_child_run(char **out, int *status, const char *const *argv, const char *input, int limit_ms)
{
	int to[2], from[2], state = 0;
	int64_t deadline = now_ms() + limit_ms;

	*out = cv_alloc(MAX_OUT + 1);
	*status = 127;
	if (pipe2(to, O_CLOEXEC) != 0)
		return CV_INTERNAL;
	if (pipe2(from, O_CLOEXEC) != 0) {
		close(to[0]);
		close(to[1]);
		return CV_INTERNAL;
	}
	pid_t pid = start(argv, to[0], from[1]);
	close(to[0]);
	close(from[1]);
	/* The key is 64 bytes: it fits a pipe, so this cannot block. */
	bool fed = pid > 0 && write(to[1], input, strlen(input)) == (ssize_t)strlen(input);
	close(to[1]);
	bool ended = fed && collect(from[0], *out, deadline);
	close(from[0]);
	if (pid <= 0)
		return CV_OK;
	while (ended && waitpid(pid, &state, WNOHANG) == 0 && (ended = now_ms() < deadline))
		poll(NULL, 0, 5);
	if (!ended) {
		kill(-pid, SIGKILL);
		waitpid(pid, &state, 0);
		return CV_LOCKED;
	}
	*status = WIFEXITED(state) ? WEXITSTATUS(state) : 128 + WTERMSIG(state);
	return CV_OK;
}
