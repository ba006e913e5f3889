/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * LD_PRELOAD object that counts the calls by which a program leaves a trace (file writes, flushes, renames,
 * socket sends) and, at the n-th of them, kills the process or lets the call fail.
 *
 * CONGVU_CRASH_CALL  which calls count: a comma list of pwrite fdatasync rename send, or any (default)
 * CONGVU_CRASH_AT    the number of the call that is hit; 0 or unset: only count
 * CONGVU_CRASH_MODE  kill (before the call, default), torn (half of the bytes, then kill), after (the call, then
 *                    kill), eio, enospc
 * CONGVU_CRASH_STICK 1: every later counted call fails too (a disk that stays full)
 * CONGVU_CRASH_CTL   a file of at least 64 bytes holding struct ctl. It is mapped, so that a test reads the count
 *                    of a running process and sets the point while it runs; its values replace the environment's.
 * CONGVU_CRASH_LOG   a file to which the name of every counted call is appended, one line each
 * CONGVU_CRASH_EXE   only a program whose file has this name is touched (helpers and shells started on the way are not)
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum { CALL_PWRITE = 1, CALL_FDATASYNC = 2, CALL_RENAME = 4, CALL_SEND = 8, CALL_ANY = 15 };
enum { MODE_KILL, MODE_TORN, MODE_AFTER, MODE_EIO, MODE_ENOSPC };

struct ctl {
	_Atomic int64_t count; /* counted calls so far */
	_Atomic int64_t at;    /* the one that is hit, 0 = none */
	_Atomic int32_t mode, mask, stick;
	_Atomic int32_t hit; /* becomes the call's bit when the point was reached */
};

static struct ctl local;
static struct ctl *ctl = &local;
static int log_fd = -1;
static int active;

static int mask_parse(const char *s)
{
	static const struct {
		const char *name;
		int bit;
	} names[] = {{"pwrite", CALL_PWRITE},
		     {"fdatasync", CALL_FDATASYNC},
		     {"rename", CALL_RENAME},
		     {"send", CALL_SEND},
		     {"any", CALL_ANY}};
	int mask = 0;

	for (size_t i = 0; s && i < sizeof(names) / sizeof(*names); i++)
		if (strstr(s, names[i].name))
			mask |= names[i].bit;
	return mask ? mask : CALL_ANY;
}

static int mode_parse(const char *s)
{
	static const char *const names[] = {"kill", "torn", "after", "eio", "enospc"};

	for (int i = 0; s && i < 5; i++)
		if (!strcmp(s, names[i]))
			return i;
	return MODE_KILL;
}

static int wanted_program(void)
{
	const char *want = getenv("CONGVU_CRASH_EXE");
	char path[4096];
	ssize_t n = readlink("/proc/self/exe", path, sizeof(path) - 1);
	const char *slash;

	if (!want)
		return 1;
	if (n <= 0)
		return 0;
	path[n] = 0;
	slash = strrchr(path, '/');
	return slash && !strcmp(slash + 1, want);
}

__attribute__((constructor)) static void crash_init(void)
{
	const char *at = getenv("CONGVU_CRASH_AT");
	const char *stick = getenv("CONGVU_CRASH_STICK");
	const char *path = getenv("CONGVU_CRASH_CTL");
	const char *log = getenv("CONGVU_CRASH_LOG");
	int fd;

	if (!wanted_program())
		return;
	local.at = at ? strtoll(at, NULL, 10) : 0;
	local.mode = mode_parse(getenv("CONGVU_CRASH_MODE"));
	local.mask = mask_parse(getenv("CONGVU_CRASH_CALL"));
	local.stick = stick && *stick == '1';
	if (path) {
		void *p = MAP_FAILED;

		fd = (int)syscall(SYS_openat, AT_FDCWD, path, O_RDWR | O_CLOEXEC, 0);
		if (fd >= 0)
			p = mmap(NULL, sizeof(*ctl), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
		if (p == MAP_FAILED)
			abort(); /* a test that believes it injects faults and does not is worse than none */
		close(fd);
		ctl = p;
	}
	if (log)
		log_fd = (int)syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	active = 1;
}

static void log_call(const char *name, int fd)
{
	char line[64];
	int n = snprintf(line, sizeof(line), "%s %d\n", name, fd);

	if (log_fd >= 0 && n > 0)
		syscall(SYS_write, log_fd, line, (size_t)n);
}

static void die(void)
{
	syscall(SYS_kill, getpid(), SIGKILL);
	for (;;)
		pause();
}

/* What is to happen to this call: -1 nothing, else the mode. */
static int step(int bit, const char *name, int fd)
{
	int64_t n, at;

	if (!active || !(ctl->mask & bit))
		return -1;
	n = atomic_fetch_add(&ctl->count, 1) + 1;
	log_call(name, fd);
	at = ctl->at;
	if (!at || n < at || (n > at && !(ctl->stick && ctl->mode >= MODE_EIO)))
		return -1;
	ctl->hit = bit;
	if (ctl->mode == MODE_KILL)
		die();
	return ctl->mode;
}

static int is_socket(int fd)
{
	struct stat st;

	return !fstat(fd, &st) && S_ISSOCK(st.st_mode);
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))
/* Resolved at every call: dlsym is cheap beside a system call, and it needs no lock of ours. */

/* The answer of a call that is to fail; kills for torn and after, whose work the caller has done. */
static ssize_t failed(int mode)
{
	if (mode == MODE_TORN || mode == MODE_AFTER)
		die();
	errno = mode == MODE_ENOSPC ? ENOSPC : EIO;
	return -1;
}

/* Bytes that still go out before the fault: all of them, half, or none. */
static size_t allowed(int mode, size_t n)
{
	return mode == MODE_AFTER ? n : mode == MODE_TORN ? n / 2 : 0;
}

ssize_t pwrite(int fd, const void *p, size_t n, off_t at)
{
	int mode = step(CALL_PWRITE, "pwrite", fd);

	if (mode < 0)
		return REAL(pwrite)(fd, p, n, at);
	if (allowed(mode, n))
		REAL(pwrite)(fd, p, allowed(mode, n), at);
	return failed(mode);
}

ssize_t pwrite64(int fd, const void *p, size_t n, off64_t at)
{
	int mode = step(CALL_PWRITE, "pwrite", fd);

	if (mode < 0)
		return REAL(pwrite64)(fd, p, n, at);
	if (allowed(mode, n))
		REAL(pwrite64)(fd, p, allowed(mode, n), at);
	return failed(mode);
}

/* Plain write counts as a send on a socket, as a file write on a file, and not at all on a pipe or terminal. */
ssize_t write(int fd, const void *p, size_t n)
{
	struct stat st;
	int mode = -1;

	if (active && fd > 2 && !fstat(fd, &st)) {
		if (S_ISSOCK(st.st_mode))
			mode = step(CALL_SEND, "send", fd);
		else if (S_ISREG(st.st_mode))
			mode = step(CALL_PWRITE, "pwrite", fd);
	}
	if (mode < 0)
		return REAL(write)(fd, p, n);
	if (allowed(mode, n) && REAL(write)(fd, p, allowed(mode, n)) < 0)
		return -1;
	return failed(mode);
}

ssize_t writev(int fd, const struct iovec *v, int n)
{
	int mode = active && is_socket(fd) ? step(CALL_SEND, "send", fd) : -1;

	if (mode < 0)
		return REAL(writev)(fd, v, n);
	if (mode == MODE_AFTER)
		REAL(writev)(fd, v, n);
	else if (mode == MODE_TORN && n > 0 && REAL(write)(fd, v[0].iov_base, v[0].iov_len / 2) < 0)
		return -1;
	return failed(mode);
}

static int flush(int fd, const char *name, int (*real)(int))
{
	int mode = step(CALL_FDATASYNC, name, fd);

	if (mode < 0)
		return real(fd);
	if (mode == MODE_AFTER)
		real(fd);
	return (int)failed(mode);
}

int fdatasync(int fd)
{
	return flush(fd, "fdatasync", REAL(fdatasync));
}

int fsync(int fd)
{
	return flush(fd, "fsync", REAL(fsync));
}

int rename(const char *from, const char *to)
{
	int mode = step(CALL_RENAME, "rename", -1);

	if (mode < 0)
		return REAL(rename)(from, to);
	if (mode == MODE_AFTER)
		REAL(rename)(from, to);
	return (int)failed(mode);
}

ssize_t send(int fd, const void *p, size_t n, int flags)
{
	int mode = step(CALL_SEND, "send", fd);

	if (mode < 0)
		return REAL(send)(fd, p, n, flags);
	if (allowed(mode, n))
		REAL(send)(fd, p, allowed(mode, n), flags);
	return failed(mode);
}

ssize_t sendmsg(int fd, const struct msghdr *m, int flags)
{
	int mode = step(CALL_SEND, "send", fd);

	if (mode < 0)
		return REAL(sendmsg)(fd, m, flags);
	if (mode == MODE_AFTER)
		REAL(sendmsg)(fd, m, flags);
	else if (mode == MODE_TORN && m->msg_iovlen > 0)
		REAL(send)(fd, m->msg_iov[0].iov_base, m->msg_iov[0].iov_len / 2, flags);
	return failed(mode);
}

ssize_t sendto(int fd, const void *p, size_t n, int flags, const struct sockaddr *to, socklen_t len)
{
	int mode = step(CALL_SEND, "send", fd);

	if (mode < 0)
		return REAL(sendto)(fd, p, n, flags, to, len);
	if (allowed(mode, n))
		REAL(sendto)(fd, p, allowed(mode, n), flags, to, len);
	return failed(mode);
}
