/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The whole-request deadline. libmicrohttpd's timeout starts anew with every byte; here every connection has a
 * moment by which its request must have come (or its answer must have been taken), else it is shut down.
 */
#include "server/http/http.h"

#include <poll.h>
#include <sys/socket.h>

void cv_watch_add(struct cv_watch *w, struct cv_conn *c)
{
	pthread_mutex_lock(&w->lock);
	c->prev = NULL;
	c->next = w->first;
	if (w->first != NULL)
		w->first->prev = c;
	w->first = c;
	w->count++;
	pthread_mutex_unlock(&w->lock);
}

/* Called before libmicrohttpd closes the descriptor, so that the number cannot mean another connection yet. */
void cv_watch_remove(struct cv_watch *w, struct cv_conn *c)
{
	pthread_mutex_lock(&w->lock);
	if (c->prev != NULL)
		c->prev->next = c->next;
	else
		w->first = c->next;
	if (c->next != NULL)
		c->next->prev = c->prev;
	w->count--;
	pthread_mutex_unlock(&w->lock);
}

/*
 * libmicrohttpd's epoll loop misses the end of a connection that came together with the last bytes of half a request.
 * Found twice in a row, so that a client that only closed its sending side after a whole request is not meant.
 */
static bool left_half_way(struct cv_conn *c)
{
	struct pollfd p = {.fd = c->fd, .events = POLLRDHUP};
	bool left = !atomic_load(&c->whole) && poll(&p, 1, 0) > 0 && (p.revents & (POLLRDHUP | POLLHUP | POLLERR)) != 0;
	bool twice = left && c->left;

	c->left = left;
	return twice;
}

size_t cv_watch_cut(struct cv_watch *w, int64_t now)
{
	size_t cut = 0;

	pthread_mutex_lock(&w->lock);
	for (struct cv_conn *c = w->first; c != NULL; c = c->next) {
		if (atomic_load(&c->deadline) > now && !left_half_way(c))
			continue;
		shutdown(c->fd, SHUT_RDWR);
		atomic_store(&c->deadline, INT64_MAX);
		cut++;
	}
	pthread_mutex_unlock(&w->lock);
	return cut;
}
