/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Load on congvud over plain sockets, one epoll loop, one connection per device.
 *
 *   load push PORT DEVICES SECONDS   each connection submits ad hoc reports, one operation per POST /v1/sync, as fast
 *                                    as it is answered
 *   load wait PORT DEVICES SECONDS   each connection opens one long poll; ends when all are answered or time is up
 *
 * DEVICES: a file of lines "access-token device last-mid epoch cursor session-tag". One JSON object is printed at the
 * end; `wait` prints the line "waiting" first, when every request has been written. Times are CLOCK_MONOTONIC.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define IN_MAX	 (1 << 20)
#define WAIT_MAX 65536

struct conn {
	int fd;
	char token[128], device[64], epoch[64], cursor[256], session[128];
	long long mid;
	char out[4096];
	size_t out_n, out_at;
	char *in;
	size_t in_n;
	int64_t sent_at;
};

static struct conn *conns;
static size_t conn_count;
static uint32_t *latency; /* microseconds */
static size_t done_count, latency_max, error_count, change_count;
static int64_t first_answer, last_answer;
static bool waiting_mode;
static char date[16];

static int64_t now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static void die(const char *what)
{
	perror(what);
	exit(2);
}

static void devices_read(const char *path)
{
	FILE *f = fopen(path, "re");
	struct conn c;

	if (!f)
		die(path);
	memset(&c, 0, sizeof(c));
	while (fscanf(f, "%127s %63s %lld %63s %255s %127s", c.token, c.device, &c.mid, c.epoch, c.cursor, c.session) ==
	       6) {
		conns = realloc(conns, (conn_count + 1) * sizeof(*conns));
		if (!conns)
			die("memory");
		conns[conn_count++] = c;
	}
	fclose(f);
}

static void uuid7(char out[37])
{
	unsigned char b[16];
	struct timespec t;
	uint64_t ms;

	clock_gettime(CLOCK_REALTIME, &t);
	ms = (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
	if (getrandom(b, sizeof(b), 0) != sizeof(b))
		die("getrandom");
	for (int i = 0; i < 6; i++)
		b[i] = (unsigned char)(ms >> (40 - 8 * i));
	b[6] = 0x70 | (b[6] & 0x0f);
	b[8] = 0x80 | (b[8] & 0x3f);
	snprintf(out, 37, "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", b[0], b[1], b[2],
		 b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]);
}

static void request_make(struct conn *c)
{
	char body[2048], id[37];
	int n;

	if (waiting_mode) {
		n = snprintf(body, sizeof(body),
			     "{\"v\":1,\"device\":\"%s\",\"epoch\":\"%s\",\"cursor\":\"%s\",\"session\":\"%s\",\"ack\":"
			     "0,\"push\":[],"
			     "\"max\":200}",
			     c->device, c->epoch, c->cursor, c->session);
	} else {
		uuid7(id);
		c->mid++;
		n = snprintf(body, sizeof(body),
			     "{\"v\":1,\"device\":\"%s\",\"epoch\":\"%s\",\"cursor\":\"%s\",\"session\":\"%s\",\"ack\":"
			     "%lld,\"push\":[{"
			     "\"mid\":%lld,"
			     "\"op\":\"report.submit\",\"id\":\"%s\",\"base\":null,\"at\":\"%sT08:00:00+07:00\","
			     "\"args\":{\"date\":\"%s\","
			     "\"slot\":\"adhoc\",\"done\":\"tải %lld %s\"}}],\"max\":1}",
			     c->device, c->epoch, c->cursor, c->session, c->mid - 1, c->mid, id, date, date, c->mid,
			     id);
	}
	c->out_n = (size_t)snprintf(c->out, sizeof(c->out),
				    "POST /v1/sync HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer %s\r\n"
				    "Content-Type: application/json\r\n%sContent-Length: %d\r\n\r\n%s",
				    c->token, waiting_mode ? "Prefer: wait=50\r\n" : "", n, body);
	c->out_at = 0;
	c->in_n = 0;
	c->sent_at = now_us();
}

static void request_send(struct conn *c)
{
	while (c->out_at < c->out_n) {
		ssize_t n = send(c->fd, c->out + c->out_at, c->out_n - c->out_at, MSG_NOSIGNAL);

		if (n < 0 && errno == EAGAIN)
			return;
		if (n <= 0)
			die("send");
		c->out_at += (size_t)n;
	}
}

/* The cursor of the answer is the next request's, so that no page is ever sent twice. */
static void cursor_take(struct conn *c)
{
	const char *p = strstr(c->in, "\"cursor\":\"");
	size_t n;

	if (!p)
		return;
	p += strlen("\"cursor\":\"");
	n = strcspn(p, "\"");
	if (n < sizeof(c->cursor)) {
		memcpy(c->cursor, p, n);
		c->cursor[n] = 0;
	}
}

static void answer_count(struct conn *c)
{
	int64_t now = now_us();
	bool ok = !strncmp(c->in, "HTTP/1.1 200", 12);

	if (!waiting_mode)
		ok = ok && strstr(c->in, "\"st\":\"applied\"");
	if (!ok && !error_count++)
		fprintf(stderr, "first error: %.1200s\n", c->in);
	if (strstr(c->in, "\"put\""))
		change_count++;
	if (!first_answer)
		first_answer = now;
	last_answer = now;
	if (done_count < latency_max)
		latency[done_count] = (uint32_t)(now - c->sent_at);
	done_count++;
	cursor_take(c);
}

/* True when a whole answer is there. */
static bool answer_read(struct conn *c)
{
	const char *head_end, *length;
	ssize_t n = recv(c->fd, c->in + c->in_n, (waiting_mode ? WAIT_MAX : IN_MAX) - 1 - c->in_n, 0);

	if (n < 0 && errno == EAGAIN)
		return false;
	if (n <= 0) {
		fprintf(stderr, "connection lost after %.200s\n", c->in_n ? c->in : "nothing");
		exit(2);
	}
	c->in_n += (size_t)n;
	c->in[c->in_n] = 0;
	head_end = strstr(c->in, "\r\n\r\n");
	if (!head_end)
		return false;
	length = strcasestr(c->in, "\r\nContent-Length:");
	if (!length || length > head_end) {
		fprintf(stderr, "no length: %.300s\n", c->in);
		exit(2);
	}
	return c->in_n >= (size_t)(head_end + 4 - c->in) + strtoul(length + 17, NULL, 10);
}

static void connect_all(int epoll, int port)
{
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};

	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	for (size_t i = 0; i < conn_count; i++) {
		struct epoll_event e = {.events = EPOLLIN | EPOLLOUT | EPOLLET, .data.ptr = &conns[i]};
		int on = 1;

		conns[i].fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
		conns[i].in = malloc(waiting_mode ? WAIT_MAX : IN_MAX);
		if (conns[i].fd < 0 || !conns[i].in || connect(conns[i].fd, (struct sockaddr *)&to, sizeof(to)))
			die("connect");
		setsockopt(conns[i].fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
		request_make(&conns[i]);
		if (epoll_ctl(epoll, EPOLL_CTL_ADD, conns[i].fd, &e))
			die("epoll_ctl");
	}
}

static void loop(int epoll, int64_t end)
{
	struct epoll_event events[256];
	bool told = false;

	while (now_us() < end && (!waiting_mode || done_count < conn_count)) {
		int n = epoll_wait(epoll, events, 256, 100);

		for (int i = 0; i < n; i++) {
			struct conn *c = events[i].data.ptr;

			request_send(c);
			if (!(events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR)) || !answer_read(c))
				continue;
			answer_count(c);
			if (!waiting_mode) {
				request_make(c);
				request_send(c);
			}
		}
		if (waiting_mode && !told && n == 0) {
			puts("waiting");
			fflush(stdout);
			told = true;
		}
	}
}

static int by_size(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

static void print_result(int64_t start)
{
	double seconds = (double)(now_us() - start) / 1e6;
	size_t n = done_count < latency_max ? done_count : latency_max;

	qsort(latency, n, sizeof(*latency), by_size);
	printf("{\"connections\":%zu,\"done\":%zu,\"errors\":%zu,\"changes\":%zu,\"seconds\":%.3f,\"per_second\":%.0f,"
	       "\"p50_ms\":%.2f,\"p99_ms\":%.2f,\"max_ms\":%.2f,\"first\":%.6f,\"last\":%.6f}\n",
	       conn_count, done_count, error_count, change_count, seconds, (double)done_count / seconds,
	       n ? latency[n / 2] / 1000.0 : 0, n ? latency[n * 99 / 100] / 1000.0 : 0, n ? latency[n - 1] / 1000.0 : 0,
	       (double)first_answer / 1e6, (double)last_answer / 1e6);
}

int main(int argc, char **argv)
{
	struct rlimit files = {20000, 20000};
	time_t local = time(NULL) + 7 * 3600;
	struct tm tm;
	int epoll;
	int64_t start;

	if (argc != 5 || (strcmp(argv[1], "push") && strcmp(argv[1], "wait"))) {
		fprintf(stderr, "usage: load push|wait PORT DEVICES SECONDS\n");
		return 64;
	}
	waiting_mode = !strcmp(argv[1], "wait");
	setrlimit(RLIMIT_NOFILE, &files);
	gmtime_r(&local, &tm);
	strftime(date, sizeof(date), "%Y-%m-%d", &tm);
	devices_read(argv[3]);
	latency_max = 4000000;
	latency = calloc(latency_max, sizeof(*latency));
	epoll = epoll_create1(EPOLL_CLOEXEC);
	if (!latency || epoll < 0)
		die("set-up");
	start = now_us();
	connect_all(epoll, (int)strtol(argv[2], NULL, 10));
	loop(epoll, start + (int64_t)(strtod(argv[4], NULL) * 1e6));
	print_result(start);
	return error_count || !done_count ? 1 : 0;
}
