/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files: written whole or not at all, read with a maximum, locked. */
#include <congvu/base/buf.h>
#include <congvu/base/fs.h>
#include <congvu/base/i18n.h>
#include <congvu/base/mem.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <time.h>
#include <unistd.h>

static enum cv_rc fault(struct cv_err *err, enum cv_rc rc, const char *path)
{
	int saved = errno;
	enum cv_rc given = cv_err_set(err, rc, NULL, "%s: %s", path, strerror(saved));

	if (saved == ENOSPC || saved == EDQUOT)
		cv_err_hint(err, _("ổ đĩa đã đầy, cần giải phóng chỗ"));
	return given;
}

/* The directory of path ("." without a slash); caller frees. */
static char *dir_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	if (slash == NULL)
		return cv_strdup(".");
	return slash == path ? cv_strdup("/") : cv_strndup(path, (size_t)(slash - path));
}

static int dir_sync(const char *dir)
{
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int result, saved;

	if (fd < 0)
		return -1;
	result = fsync(fd);
	saved = errno;
	close(fd);
	errno = saved;
	return result;
}

/* One step of mkdir -p; what is made is on disk when this returns. */
static int dir_step(const char *path)
{
	struct stat st;
	char *parent;
	int result;

	if (mkdir(path, 0700) == 0) {
		parent = dir_of(path);
		result = dir_sync(parent);
		free(parent);
		return result;
	}
	if (errno != EEXIST && errno != EACCES && errno != EROFS)
		return -1;
	if (stat(path, &st) != 0)
		return -1;
	if (S_ISDIR(st.st_mode))
		return 0;
	errno = ENOTDIR;
	return -1;
}

enum cv_rc cv_dir_make(const char *path, struct cv_err *err)
{
	char *copy = cv_strdup(path);
	enum cv_rc rc = CV_OK;

	for (char *p = copy + 1; copy[0] != '\0' && rc == CV_OK; p++) {
		char c = *p;

		if (c != '/' && c != '\0')
			continue;
		*p = '\0';
		if (dir_step(copy) != 0)
			rc = fault(err, CV_IO, copy);
		*p = c;
		if (c == '\0')
			break;
	}
	free(copy);
	return rc;
}

static int write_all(int fd, const char *bytes, size_t n)
{
	while (n > 0) {
		ssize_t k = write(fd, bytes, n);

		if (k < 0 && errno == EINTR)
			continue;
		if (k < 0)
			return -1;
		bytes += k;
		n -= (size_t)k;
	}
	return 0;
}

enum cv_rc cv_file_write(const char *path, const void *bytes, size_t n, struct cv_err *err)
{
	char *dir = dir_of(path);
	char *temp = cv_strf("%s.XXXXXX", path);
	int fd = mkostemp(temp, O_CLOEXEC);
	enum cv_rc rc = CV_OK;

	if (fd < 0) {
		rc = fault(err, CV_NOT_SAVED, path);
		goto out;
	}
	/* mkostemp made it 0600. A failed fsync or close is final: the name is never given to such a file. */
	if (write_all(fd, bytes, n) != 0 || fsync(fd) != 0) {
		rc = fault(err, CV_NOT_SAVED, path);
		close(fd);
		unlink(temp);
		goto out;
	}
	if (close(fd) != 0 || rename(temp, path) != 0) {
		rc = fault(err, CV_NOT_SAVED, path);
		unlink(temp);
		goto out;
	}
	if (dir_sync(dir) != 0)
		rc = fault(err, CV_IO, dir);
out:
	free(temp);
	free(dir);
	return rc;
}

enum cv_rc cv_file_publish(const char *temp, const char *path, struct cv_err *err)
{
	char *dir = dir_of(path);
	int fd = open(temp, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	bool synced = fd >= 0 && fsync(fd) == 0;
	enum cv_rc rc = CV_OK;

	if (!synced || rename(temp, path) != 0)
		rc = fault(err, CV_NOT_SAVED, path);
	else if (dir_sync(dir) != 0)
		rc = fault(err, CV_IO, dir);
	if (fd >= 0)
		close(fd);
	free(dir);
	return rc;
}

enum cv_rc cv_fd_read(char **out, size_t *n, int fd, size_t max, struct cv_err *err)
{
	struct cv_buf buf;
	char chunk[16384];

	*out = NULL;
	*n = 0;
	cv_buf_init(&buf, max);
	for (;;) {
		ssize_t k = read(fd, chunk, sizeof(chunk));

		if (k < 0 && errno == EINTR)
			continue;
		if (k < 0) {
			cv_buf_finish(&buf);
			return cv_err_set(err, CV_IO, NULL, "%s", strerror(errno));
		}
		if (k == 0)
			break;
		if (!cv_buf_add(&buf, chunk, (size_t)k)) {
			cv_buf_finish(&buf);
			return cv_err_set(err, CV_LIMIT, NULL, _("lớn hơn %zu byte"), max);
		}
	}
	*n = buf.len;
	*out = cv_buf_take(&buf);
	cv_buf_finish(&buf);
	return CV_OK;
}

/* Reads an opened file and closes it; a fault names the path. */
static enum cv_rc read_and_close(char **out, size_t *n, int fd, const char *path, size_t max, struct cv_err *err)
{
	struct cv_err inner;
	enum cv_rc rc;

	cv_err_init(&inner);
	rc = cv_fd_read(out, n, fd, max, &inner);
	close(fd);
	if (rc != CV_OK)
		cv_err_set(err, rc, NULL, "%s: %s", path, inner.detail);
	return rc;
}

enum cv_rc cv_file_read(char **out, size_t *n, const char *path, size_t max, struct cv_err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);

	*out = NULL;
	*n = 0;
	if (fd < 0)
		return fault(err, errno == ENOENT || errno == ENOTDIR ? CV_NOT_FOUND : CV_IO, path);
	return read_and_close(out, n, fd, path, max, err);
}

enum cv_rc cv_file_read_private(char **out, size_t *n, const char *path, size_t max, struct cv_err *err)
{
	/* O_NONBLOCK: a FIFO put in the file's place must not hold us up. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NOFOLLOW | O_NONBLOCK);
	struct stat st;
	enum cv_rc rc = CV_OK;

	*out = NULL;
	*n = 0;
	if (fd < 0 && errno == ELOOP)
		return cv_err_set(err, CV_CONFIG, NULL, _("%s: không được là liên kết"), path);
	if (fd < 0)
		return fault(err, errno == ENOENT || errno == ENOTDIR ? CV_NOT_FOUND : CV_IO, path);
	if (fstat(fd, &st) != 0) {
		rc = fault(err, CV_IO, path);
	} else if (!S_ISREG(st.st_mode)) {
		rc = cv_err_set(err, CV_CONFIG, NULL, _("%s: không phải tệp thường"), path);
	} else if (st.st_uid != geteuid()) {
		rc = cv_err_set(err, CV_CONFIG, NULL, _("%s: là tệp của người khác"), path);
	} else if ((st.st_mode & 077) != 0) {
		rc = cv_err_set(err, CV_CONFIG, NULL, _("%s: người khác đọc được tệp này"), path);
		cv_err_hint(err, "chmod 600 %s", path);
	}
	if (rc != CV_OK) {
		close(fd);
		return rc;
	}
	return read_and_close(out, n, fd, path, max, err);
}

bool cv_file_exists(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0;
}

static const char *remote_name(unsigned long type)
{
	static const struct {
		unsigned long type;
		const char *name;
	} known[] = {
		{0x6969, "NFS"},      {0x517B, "SMB"},	  {0xFF534D42, "CIFS"}, {0xFE534D42, "SMB2"},
		{0x01021997, "9P"},   {0x564C, "NCP"},	  {0x5346414F, "AFS"},	{0x6B414653, "AFS"},
		{0x73757245, "Coda"}, {0xC36400, "Ceph"}, {0x01161970, "GFS2"}, {0x0BD00BD0, "Lustre"},
		{0x65735546, "FUSE"},
	};

	for (size_t i = 0; i < CV_COUNT(known); i++) {
		if (known[i].type == (type & 0xFFFFFFFFUL))
			return known[i].name;
	}
	return NULL;
}

bool cv_dir_is_remote(const char *path, const char **name)
{
	char *at = cv_strdup(path);
	const char *found = NULL;
	struct statfs fs;

	/* What is not made yet will lie where its nearest existing parent lies. */
	while (statfs(at, &fs) != 0 && errno == ENOENT && strcmp(at, "/") != 0 && strcmp(at, ".") != 0) {
		char *parent = dir_of(at);

		free(at);
		at = parent;
	}
	if (statfs(at, &fs) == 0)
		found = remote_name((unsigned long)fs.f_type);
	free(at);
	if (name != NULL)
		*name = found;
	return found != NULL;
}

/* False if the file behind fd is no longer the one of that name. */
static bool same_file(int fd, const char *path)
{
	struct stat a, b;

	return fstat(fd, &a) == 0 && stat(path, &b) == 0 && a.st_ino == b.st_ino && a.st_dev == b.st_dev;
}

static int64_t mono_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

enum cv_rc cv_lock_take(int *fd, const char *path, int wait_ms, struct cv_err *err)
{
	int64_t deadline = mono_ms() + wait_ms;
	struct timespec pause = {0, 2000000};
	enum cv_rc rc = CV_OK;

	*fd = -1;
	for (;;) {
		int lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

		if (lock < 0)
			return fault(err, CV_IO, path);
		if (flock(lock, LOCK_EX | LOCK_NB) != 0) {
			if (errno != EWOULDBLOCK && errno != EINTR)
				rc = fault(err, CV_IO, path);
		} else if (same_file(lock, path)) {
			*fd = lock;
			return CV_OK;
		}
		close(lock);
		if (rc != CV_OK)
			return rc;
		if (mono_ms() >= deadline)
			return cv_err_set(err, CV_BUSY, NULL, _("chương trình khác đang giữ %s"), path);
		nanosleep(&pause, NULL);
		if (pause.tv_nsec < 50000000)
			pause.tv_nsec *= 2;
	}
}

void cv_lock_drop(int fd)
{
	if (fd >= 0)
		close(fd);
}
