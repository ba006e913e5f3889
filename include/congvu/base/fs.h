/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Files: whole or not at all, private, owner checked; and where they live (XDG Base Directory 0.8).
 */
#ifndef CONGVU_BASE_FS_H
#define CONGVU_BASE_FS_H

#include <congvu/base/env.h>
#include <congvu/base/err.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* mkdir -p with 0700 for what is made. */
enum cv_rc cv_dir_make(const char *path, struct cv_err *err);
/* Temp file 0600 in the same directory, write, fsync, rename, fsync the directory. */
enum cv_rc cv_file_write(const char *path, const void *bytes, size_t n, struct cv_err *err);
/* Gives a finished file its name: fsync, rename over `path`, fsync the directory. */
enum cv_rc cv_file_publish(const char *temp, const char *path, struct cv_err *err);
/* Reads at most max bytes; *out is malloc'd with an extra NUL. CV_NOT_FOUND, CV_LIMIT, CV_IO. */
enum cv_rc cv_file_read(char **out, size_t *n, const char *path, size_t max, struct cv_err *err);
/* As cv_file_read, but refuses a symbolic link, another owner, and any right for group or others. */
enum cv_rc cv_file_read_private(char **out, size_t *n, const char *path, size_t max, struct cv_err *err);
/* Reads a descriptor to its end. */
enum cv_rc cv_fd_read(char **out, size_t *n, int fd, size_t max, struct cv_err *err);
bool cv_file_exists(const char *path);
/* True for NFS, SMB, 9p and the like, where WAL and flock cannot be trusted. *name gets the type (static). */
bool cv_dir_is_remote(const char *path, const char **name);

/* Advisory lock on a file (made if absent). wait_ms 0: try once; CV_BUSY if it is held. */
enum cv_rc cv_lock_take(int *fd, const char *path, int wait_ms, struct cv_err *err);
void cv_lock_drop(int fd);

struct cv_paths {
	char *config; /* $XDG_CONFIG_HOME/congvu, all owned */
	char *data;   /* $XDG_DATA_HOME/congvu/<account> */
	char *state;  /* $XDG_STATE_HOME/congvu */
	char *system; /* /etc/congvu */
};
/* Without HOME the password database is asked. Nothing is created. CV_CONFIG if there is no home at all, or
 * if account is not [a-z0-9][a-z0-9_.-]{0,31}. */
enum cv_rc cv_paths_init(struct cv_paths *p, const struct cv_env *env, const char *account, struct cv_err *err);
void cv_paths_finish(struct cv_paths *p);

#endif
