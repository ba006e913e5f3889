/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * "127.0.0.1:8080", "[::1]:8080", "localhost:0" to a listening socket. Without TLS only loopback is allowed
 * (CV_USAGE). *port gets the real one.
 */
#ifndef CONGVU_SERVER_HTTP_LISTEN_H
#define CONGVU_SERVER_HTTP_LISTEN_H

#include <congvu/base/err.h>
#include <stdbool.h>

enum cv_rc cv_listen_open(int *fd, int *port, const char *where, bool tls, struct cv_err *err);

#endif
