/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The daemon's life: listening, signals, timer, draining. SIGTERM and SIGINT end it, SIGHUP reads the certificate
 * again.
 */
#include "server/http/http.h"
#include "server/http/listen.h"

#include <congvu/base/fs.h>
#include <congvu/base/i18n.h>
#include <congvu/base/log.h>
#include <congvu/base/mem.h>
#include <congvu/base/seal.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#define TICK_MS		250
#define SPARE_FDS	256 /* database, log, timers */
#define DRAIN_MS	5000
#define LOCK_MS		3000 /* one that is ending needs a moment */
#define PER_ADDRESS	2000
#define MEMORY		16384 /* per connection; headers beyond it: 431 */
#define PASSWORDS_QUEUE 256
#define TOKENS_QUEUE	4096

static void nap(int64_t ms)
{
	struct timespec t = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};

	nanosleep(&t, NULL);
}

/* Ends long polls in time, cuts slow connections, finds clients that left. */
static void *timer_main(void *data)
{
	struct cv_http *h = data;

	for (unsigned tick = 0; !atomic_load(&h->timer_stop); tick++) {
		int64_t now = cv_mono(h->env);
		cv_waiters_sweep(h->waiters, now, tick % 8 == 0, false);
		if (tick % 4 == 0)
			atomic_fetch_add(&h->cut, cv_watch_cut(&h->watch, now));
		nap(TICK_MS);
	}
	return NULL;
}

static void thread_end(void *data)
{
	struct cv_thread *t = data;

	cv_dbctx_destroy(t->ctx);
	cv_db_close(t->db);
	free(t);
}

static unsigned connection_limit(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		return 512;
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
	return limit.rlim_max > SPARE_FDS + 64 && limit.rlim_max < 1000000 ? (unsigned)limit.rlim_max - SPARE_FDS
									   : 20000;
}

static void log_line(void *cls, const char *fmt, va_list ap)
{
	struct cv_buf b;

	(void)cls;
	cv_buf_init(&b, 512);
	cv_buf_vaddf(&b, fmt, ap);
	cv_log(CV_LOG_DEBUG, "http: %s", b.data);
	cv_buf_finish(&b);
}

/*
 * In 0.9.75 the strict mode adds one thing to the default: it answers a missing Host itself, with HTML and with its
 * head sent twice. cv_req_strict does that better, and counts what neither mode counts.
 */
static enum cv_rc start_daemon(struct cv_http *h, int fd, struct cv_err *err)
{
	unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG;
	long cores = sysconf(_SC_NPROCESSORS_ONLN);
	unsigned threads = cores < 2 ? 2 : cores > 16 ? 16 : (unsigned)cores;
	struct MHD_OptionItem tls[] = {
		{MHD_OPTION_HTTPS_CERT_CALLBACK2, 0, cv_tls_callback()},
		{MHD_OPTION_HTTPS_PRIORITIES, 0, (void *)(uintptr_t) "SECURE128:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2"},
		{MHD_OPTION_END, 0, NULL},
	};
	struct MHD_OptionItem none[] = {{MHD_OPTION_END, 0, NULL}};

	if (h->tls != NULL)
		flags |= MHD_USE_TLS;
	h->daemon = MHD_start_daemon(
		flags, 0, NULL, NULL, cv_http_access, h, MHD_OPTION_EXTERNAL_LOGGER, log_line, NULL,
		MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_THREAD_POOL_SIZE, threads, MHD_OPTION_CONNECTION_LIMIT,
		connection_limit(), MHD_OPTION_PER_IP_CONNECTION_LIMIT, (unsigned)PER_ADDRESS,
		MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)CV_HTTP_IDLE_S, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
		(size_t)MEMORY, MHD_OPTION_STRICT_FOR_CLIENT, 0, MHD_OPTION_URI_LOG_CALLBACK, cv_http_uri, h,
		MHD_OPTION_NOTIFY_COMPLETED, cv_http_completed, h, MHD_OPTION_NOTIFY_CONNECTION, cv_http_connection, h,
		MHD_OPTION_ARRAY, h->tls != NULL ? tls : none, MHD_OPTION_END);
	return h->daemon != NULL ? CV_OK : cv_err_set(err, CV_CONFIG, "listen", _("không mở được cổng phục vụ"));
}

static enum cv_rc start_parts(struct cv_http *h, struct cv_err *err)
{
	const struct cv_serve *how = h->how;
	uint64_t seed;
	enum cv_rc rc = CV_OK;

	cv_random(&seed, sizeof(seed));
	atomic_store(&h->trace, seed);
	pthread_mutex_init(&h->watch.lock, NULL);
	pthread_key_create(&h->thread_key, thread_end);
	h->waiters = cv_waiters_create();
	h->throttle = cv_throttle_create();
	if (how->tls_cert != NULL)
		rc = cv_tls_open(&h->tls, how->tls_cert, how->tls_key, err);
	if (rc == CV_OK)
		rc = cv_work_start(&h->work, h->env, how->dir, cv_waiters_changed, h->waiters, err);
	if (rc != CV_OK)
		return rc;
	h->passwords = cv_pool_create(h, 2, PASSWORDS_QUEUE);
	h->tokens = cv_pool_create(h, 1, TOKENS_QUEUE);
	if (pthread_create(&h->timer, NULL, timer_main, h) != 0)
		return cv_err_set(err, CV_INTERNAL, NULL, "pthread_create");
	return CV_OK;
}

/* Nothing suspended may be left when the daemon stops; then nobody can give work any more. */
static void stop_all(struct cv_http *h, bool timer)
{
	int64_t end = cv_mono(h->env) + DRAIN_MS;

	atomic_store(&h->stopping, true);
	if (h->daemon != NULL) {
		/* Not MHD_quiesce_daemon: it and a worker that wakes at that moment both take the listening socket out
		 * of the worker's epoll set, and the second one to do so ends the program. Who comes now hears 503. */
		while (atomic_load(&h->suspended) > 0 || (atomic_load(&h->requests) > 0 && cv_mono(h->env) < end)) {
			cv_waiters_sweep(h->waiters, 0, false, true);
			nap(5);
		}
		MHD_stop_daemon(h->daemon);
	}
	cv_pool_destroy(h->passwords);
	cv_pool_destroy(h->tokens);
	cv_work_stop(h->work);
	atomic_store(&h->timer_stop, true);
	if (timer)
		pthread_join(h->timer, NULL);
	cv_waiters_destroy(h->waiters);
	cv_throttle_destroy(h->throttle);
	cv_tls_close(h->tls);
	pthread_key_delete(h->thread_key);
	pthread_mutex_destroy(&h->watch.lock);
}

static void block_signals(sigset_t *set)
{
	struct sigaction ignore = {.sa_handler = SIG_IGN};

	sigemptyset(set);
	sigaddset(set, SIGTERM);
	sigaddset(set, SIGINT);
	sigaddset(set, SIGHUP);
	pthread_sigmask(SIG_BLOCK, set, NULL);
	sigaction(SIGPIPE, &ignore, NULL);
}

static void wait_for_end(struct cv_http *h, const sigset_t *set)
{
	for (;;) {
		int number = sigwaitinfo(set, NULL);
		struct cv_err err;
		if (number == SIGTERM || number == SIGINT)
			return;
		if (number != SIGHUP || h->tls == NULL)
			continue;
		cv_err_init(&err);
		if (cv_tls_reload(h->tls, &err) != CV_OK)
			cv_log(CV_LOG_ERROR, "certificate kept: %s", err.detail);
		else
			cv_log(CV_LOG_INFO, "certificate read again");
	}
}

static enum cv_rc write_port(const struct cv_serve *how, int port, struct cv_err *err)
{
	char *text = cv_strf("%d\n", port);
	enum cv_rc rc = how->port_file != NULL ? cv_file_write(how->port_file, text, strlen(text), err) : CV_OK;

	free(text);
	return rc;
}

enum cv_rc cv_serve_run(const struct cv_env *env, const struct cv_serve *how, struct cv_err *err)
{
	struct cv_http *h;
	sigset_t set;
	int fd = -1, port = 0;
	bool timer = false;
	enum cv_rc rc = CV_OK;

	if ((how->tls_cert == NULL) != (how->tls_key == NULL))
		return cv_err_set(err, CV_USAGE, "tls-key", _("--tls-cert và --tls-key phải đi cùng nhau"));
	char *path = cv_strf("%s/" CV_SERVE_LOCK, how->dir);
	int lock = -1;
	if (cv_file_exists(how->dir) && cv_lock_take(&lock, path, LOCK_MS, NULL) != CV_OK)
		rc = cv_err_set(err, CV_BUSY, "data", _("một congvud khác đang phục vụ dữ liệu này"));
	free(path);
	if (rc != CV_OK)
		return rc;
	rc = cv_listen_open(&fd, &port, how->listen != NULL ? how->listen : "127.0.0.1:8080", how->tls_cert != NULL,
			    err);
	if (rc != CV_OK) {
		cv_lock_drop(lock);
		return rc;
	}
	block_signals(&set);
	h = cv_alloc(sizeof(*h));
	h->env = env;
	h->how = how;
	rc = start_parts(h, err);
	timer = rc == CV_OK;
	if (rc == CV_OK)
		rc = start_daemon(h, fd, err);
	if (rc != CV_OK)
		close(fd);
	if (rc == CV_OK)
		rc = write_port(how, port, err);
	if (rc == CV_OK) {
		cv_log(CV_LOG_INFO, "serving on port %d", port);
		wait_for_end(h, &set);
		cv_log(CV_LOG_INFO, "stopping");
	}
	stop_all(h, timer);
	cv_lock_drop(lock);
	free(h);
	return rc;
}
