/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The listening socket. */
#include "server/http/listen.h"

#include <arpa/inet.h>
#include <congvu/base/i18n.h>
#include <congvu/base/mem.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define BACKLOG 1024

static bool split(char *host, size_t size, char *port, size_t port_size, const char *where)
{
	const char *colon = strrchr(where, ':');
	size_t n = colon != NULL ? (size_t)(colon - where) : 0;

	if (n == 0 || n >= size || strlen(colon + 1) >= port_size || colon[1] == '\0' ||
	    strspn(colon + 1, "0123456789") != strlen(colon + 1))
		return false;
	if (where[0] == '[' && where[n - 1] == ']') {
		where++;
		n -= 2;
	}
	memcpy(host, where, n);
	host[n] = '\0';
	cv_strcopy(port, port_size, colon + 1);
	return strtol(port, NULL, 10) <= 65535;
}

static bool loopback(const struct sockaddr *a)
{
	if (a->sa_family == AF_INET)
		return ntohl(((const struct sockaddr_in *)(const void *)a)->sin_addr.s_addr) >> 24 == 127;
	return a->sa_family == AF_INET6 &&
	       IN6_IS_ADDR_LOOPBACK(&((const struct sockaddr_in6 *)(const void *)a)->sin6_addr);
}

static int port_of(int fd)
{
	struct sockaddr_storage a;
	socklen_t n = sizeof(a);

	if (getsockname(fd, (struct sockaddr *)&a, &n) != 0)
		return 0;
	return ntohs(a.ss_family == AF_INET ? ((struct sockaddr_in *)(void *)&a)->sin_port
					    : ((struct sockaddr_in6 *)(void *)&a)->sin6_port);
}

enum cv_rc cv_listen_open(int *fd, int *port, const char *where, bool tls, struct cv_err *err)
{
	struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE};
	struct addrinfo *found = NULL;
	char host[256], service[8];
	int one = 1;
	enum cv_rc rc = CV_OK;

	*fd = -1;
	if (!split(host, sizeof(host), service, sizeof(service), where) ||
	    getaddrinfo(host, service, &hints, &found) != 0)
		return cv_err_set(err, CV_USAGE, "listen", _("địa chỉ nghe không đúng: %s"), where);
	if (!tls && !loopback(found->ai_addr)) {
		rc = cv_err_set(err, CV_USAGE, "listen", _("không có TLS thì chỉ nghe ở 127.0.0.1 hoặc ::1"));
	} else {
		*fd = socket(found->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
		if (*fd < 0 || setsockopt(*fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)) != 0 ||
		    bind(*fd, found->ai_addr, found->ai_addrlen) != 0 || listen(*fd, BACKLOG) != 0)
			rc = cv_err_set(err, CV_CONFIG, "listen", _("không nghe được ở %s: %s"), where,
					strerror(errno));
	}
	if (rc == CV_OK)
		*port = port_of(*fd);
	else if (*fd >= 0)
		close(*fd);
	freeaddrinfo(found);
	return rc;
}
