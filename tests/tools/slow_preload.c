/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * LD_PRELOAD object that makes every flush to disk slow, as on a worn or shared disk: sleeps CONGVU_FSYNC_MS before
 * fsync and fdatasync. With CONGVU_FSYNC_CTL (a file of 16 bytes: int64 milliseconds, int64 flushes counted) the
 * delay can be changed, and the flushes counted, while the program runs.
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

struct ctl {
	_Atomic int64_t ms;
	_Atomic int64_t flushes;
};

static struct ctl local;
static struct ctl *ctl = &local;

__attribute__((constructor)) static void slow_init(void)
{
	const char *ms = getenv("CONGVU_FSYNC_MS");
	const char *path = getenv("CONGVU_FSYNC_CTL");

	local.ms = ms ? strtoll(ms, NULL, 10) : 0;
	if (path) {
		int fd = open(path, O_RDWR | O_CLOEXEC);
		void *p = fd < 0 ? MAP_FAILED : mmap(NULL, sizeof(*ctl), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

		if (p == MAP_FAILED)
			abort(); /* a test that believes the disk is slow must not run on a fast one */
		close(fd);
		ctl = p;
	}
}

static int flush(int fd, const char *name)
{
	int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
	struct timespec wait = {ctl->ms / 1000, ctl->ms % 1000 * 1000000};

	atomic_fetch_add(&ctl->flushes, 1);
	if (ctl->ms > 0)
		clock_nanosleep(CLOCK_MONOTONIC, 0, &wait, NULL);
	return real(fd);
}

int fdatasync(int fd)
{
	return flush(fd, "fdatasync");
}

int fsync(int fd)
{
	return flush(fd, "fsync");
}
