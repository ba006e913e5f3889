/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The log. Several processes append to one file: a line is one write() with O_APPEND. Whoever finds the file full
 * renames it under a lock held on the file itself; the others notice that the name leads to another file and
 * reopen it, so that a race rotates once and no line is lost.
 */
#include <congvu/base/buf.h>
#include <congvu/base/log.h>
#include <congvu/base/mem.h>
#include <congvu/base/text.h>
#include <congvu/base/time.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define ROTATE_AT      ((off_t)1 << 20)
#define KEPT	       3
#define LINE_MAX_BYTES 2048

static struct {
	pthread_mutex_t mutex;
	const struct cv_env *env;
	char *path; /* owned; NULL: stderr */
	int fd;
	enum cv_log_level level;
} logger = {.mutex = PTHREAD_MUTEX_INITIALIZER, .fd = -1};

static int open_file(const char *path)
{
	return open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY, 0600);
}

static void close_locked(void)
{
	if (logger.fd >= 0 && logger.path != NULL)
		close(logger.fd);
	free(logger.path);
	logger.path = NULL;
	logger.fd = -1;
	logger.env = NULL;
}

enum cv_rc cv_log_open(const struct cv_env *env, const char *path, enum cv_log_level level, struct cv_err *err)
{
	enum cv_rc rc = CV_OK;
	int fd = STDERR_FILENO;

	if (path != NULL) {
		fd = open_file(path);
		if (fd < 0)
			return cv_err_set(err, CV_IO, NULL, "%s: %s", path, strerror(errno));
		if (fchmod(fd, 0600) != 0) {
			rc = cv_err_set(err, CV_IO, NULL, "%s: %s", path, strerror(errno));
			close(fd);
			return rc;
		}
	}
	pthread_mutex_lock(&logger.mutex);
	close_locked();
	logger.env = env;
	logger.path = cv_strdup(path);
	logger.fd = fd;
	logger.level = level;
	pthread_mutex_unlock(&logger.mutex);
	return CV_OK;
}

void cv_log_close(void)
{
	pthread_mutex_lock(&logger.mutex);
	close_locked();
	pthread_mutex_unlock(&logger.mutex);
}

static bool still_named(void)
{
	struct stat mine, named;

	return fstat(logger.fd, &mine) == 0 && stat(logger.path, &named) == 0 && mine.st_ino == named.st_ino &&
	       mine.st_dev == named.st_dev;
}

/* Keeps the old descriptor when the file cannot be opened again: better an old file than no log. */
static void reopen(void)
{
	int fd = open_file(logger.path);

	if (fd < 0)
		return;
	close(logger.fd);
	logger.fd = fd;
}

static void shift_files(void)
{
	for (int i = KEPT; i >= 1; i--) {
		char *to = cv_strf("%s.%d", logger.path, i);
		char *from = i == 1 ? cv_strdup(logger.path) : cv_strf("%s.%d", logger.path, i - 1);

		/* A missing older file is the usual case; nothing depends on the result. */
		rename(from, to);
		free(from);
		free(to);
	}
}

static void rotate(void)
{
	struct stat st;

	if (!still_named())
		reopen();
	if (fstat(logger.fd, &st) != 0 || st.st_size < ROTATE_AT)
		return;
	/* Who had to wait for the lock finds the name moved on, and does not rotate again. */
	if (flock(logger.fd, LOCK_EX) != 0)
		return;
	if (still_named())
		shift_files();
	flock(logger.fd, LOCK_UN);
	reopen();
}

static void write_line(const char *text, size_t n)
{
	ssize_t written;

	if (logger.path != NULL)
		rotate();
	/* A log that cannot be written must not stop the work. */
	written = write(logger.fd, text, n);
	(void)written;
}

static void make_line(struct cv_buf *line, enum cv_log_level level, const char *fmt, va_list ap)
{
	static const char *const names[] = {"error", "warn", "info", "debug"};
	char stamp[CV_TIME_SIZE], text[LINE_MAX_BYTES];
	int n = vsnprintf(text, sizeof(text), fmt, ap);
	size_t length = n < 0 ? 0 : (size_t)n;

	if (length >= sizeof(text))
		length = sizeof(text) - 1;
	cv_time_format(cv_now(logger.env), stamp);
	cv_buf_addf(line, "%s %s [%ld] ", stamp, names[level], (long)getpid());
	cv_text_clean(line, text, length, false);
	cv_buf_putc(line, '\n');
}

void cv_log(enum cv_log_level level, const char *fmt, ...)
{
	struct cv_buf line;
	va_list ap;

	pthread_mutex_lock(&logger.mutex);
	if (logger.fd >= 0 && level <= logger.level) {
		cv_buf_init(&line, (size_t)LINE_MAX_BYTES * 4);
		va_start(ap, fmt);
		make_line(&line, level, fmt, ap);
		va_end(ap);
		write_line(line.data, line.len);
		cv_buf_finish(&line);
	}
	pthread_mutex_unlock(&logger.mutex);
}
