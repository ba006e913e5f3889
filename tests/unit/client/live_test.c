/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The program's hands against a real congvud (the one built beside this test): acts and drafts are written by another
 * thread, news comes by itself, a pause holds nothing, the end is soon. Run under ThreadSanitizer by check-tsan.
 */
#include <unit/cmocka_all.h>

#include "client/core/inside.h"

#include <congvu/base/mem.h>
#include <congvu/base/time.h>
#include <congvu/core/live.h>

#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define PASSWORD "Chim-Sao-hanh-2026"
#define PATIENCE 60000 /* ms: the machine may be slow and under a sanitizer */

struct person {
	struct cv_env env;
	char home[200];
	struct cv_core *core;
};
static char top[64], congvud[600], url[64];
static pid_t server;
static struct person hanh, truong;

/* ---- an office ---- */
static void find_congvud(void)
{
	ssize_t n = readlink("/proc/self/exe", congvud, sizeof(congvud) - 10);

	assert_true(n > 0);
	congvud[n] = '\0';
	for (int up = 0; up < 4; up++) /* build/tests/unit/client/live_test */
		*strrchr(congvud, '/') = '\0';
	strcat(congvud, "/congvud");
}

static pid_t start(const char *const argv[], const char *input)
{
	int in[2];

	assert_int_equal(pipe(in), 0);
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		int null = open("/dev/null", O_RDWR);
		dup2(in[0], 0);
		dup2(null, 1);
		close(in[1]);
		execv(congvud, (char *const *)argv);
		_exit(127);
	}
	close(in[0]);
	assert_int_equal(write(in[1], input, strlen(input)), strlen(input));
	close(in[1]);
	return child;
}

static void admin(const char *const argv[])
{
	int status;
	pid_t child = start(argv, PASSWORD "\n");

	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static void add_person(const char *login, const char *name, const char *role, const char *data)
{
	admin((const char *[]){congvud, "user", "add", login, "--full-name", name, "--unit", "p1", "--role", role,
			       "--password-stdin", "--data", data, NULL});
}

static void serve(const char *data, const char *port_file)
{
	char text[64] = "";

	server = start((const char *[]){congvud, "serve", "--data", data, "--listen", "127.0.0.1:0", "--port-file",
					port_file, NULL},
		       "");
	for (int i = 0; i < PATIENCE / 20 && text[0] == '\0'; i++) {
		FILE *f = fopen(port_file, "re");
		if (f != NULL) {
			if (fgets(text, sizeof(text), f) == NULL)
				text[0] = '\0';
			fclose(f);
		}
		poll(NULL, 0, 20);
	}
	assert_true(text[0] != '\0');
	const char *colon = strrchr(text, ':');
	snprintf(url, sizeof(url), "http://127.0.0.1:%ld", strtol(colon != NULL ? colon + 1 : text, NULL, 10));
}

static const char *get(void *data, const char *name)
{
	const struct person *p = data;

	return strcmp(name, "HOME") == 0 ? p->home : NULL;
}

static int64_t real_now(void *data)
{
	(void)data;
	return cv_now(cv_env_system());
}

static int64_t real_mono(void *data)
{
	(void)data;
	return cv_mono(cv_env_system());
}

static void real_random(void *data, void *bytes, size_t n)
{
	(void)data;
	cv_env_system()->random(cv_env_system()->data, bytes, n);
}

static void log_in(struct person *p, const char *user)
{
	struct cv_err err;
	struct cv_core_open how = {.env = &p->env, .account = "default"};
	struct cv_login login = {.server = url, .user = user, .password = PASSWORD, .secrets = "file"};

	p->env = (struct cv_env){p, real_now, real_mono, real_random, get};
	snprintf(p->home, sizeof(p->home), "%s/%s", top, user);
	assert_int_equal(mkdir(p->home, 0700), 0);
	cv_err_init(&err);
	if (cv_core_open(&p->core, &how, &err) != CV_OK || cv_core_login(p->core, &login, &err) != CV_OK ||
	    cv_core_unlock(p->core, &err) != CV_OK)
		fail_msg("%s: %s", user, err.detail);
}

static int set_up(void **state)
{
	char data[100], port_file[100];

	(void)state;
	find_congvud();
	snprintf(top, sizeof(top), "/tmp/cv-live-XXXXXX");
	assert_non_null(mkdtemp(top));
	snprintf(data, sizeof(data), "%s/office", top);
	snprintf(port_file, sizeof(port_file), "%s/port", top);
	admin((const char *[]){congvud, "init", "--office", "UBND", "--code", "H29.12", "--admin", "quantri",
			       "--password-stdin", "--data", data, NULL});
	admin((const char *[]){congvud, "unit", "add", "p1", "--name", "Phòng Tư pháp", "--data", data, NULL});
	add_person("hanh", "Nguyễn Thị Hạnh", "officer", data);
	add_person("truong", "Lê Văn Trường", "head", data);
	serve(data, port_file);
	log_in(&hanh, "hanh");
	log_in(&truong, "truong");
	return 0;
}

static int remove_one(const char *path, const struct stat *st, int flag, struct FTW *walk)
{
	(void)st;
	(void)flag;
	(void)walk;
	return remove(path);
}

static int tear_down(void **state)
{
	(void)state;
	cv_core_close(hanh.core);
	cv_core_close(truong.core);
	kill(server, SIGTERM);
	waitpid(server, NULL, 0);
	return nftw(top, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* ---- waiting for events ---- */
/* The next event of this kind; others are passed over. */
static struct cv_live_event await(struct cv_live *live, enum cv_live_kind kind)
{
	struct cv_live_event e = {.kind = CV_LIVE_LINE};
	struct pollfd p = {.fd = cv_live_fd(live), .events = POLLIN};
	int64_t end = real_mono(NULL) + PATIENCE;

	for (;;) {
		while (cv_live_next(live, &e))
			if (e.kind == kind)
				return e;
		if (real_mono(NULL) > end)
			fail_msg("no event of kind %d", kind);
		poll(&p, 1, 1000);
	}
}

static void await_line(struct cv_live *live, bool online)
{
	struct cv_live_line line;
	int64_t end = real_mono(NULL) + PATIENCE;

	for (cv_live_line(live, &line); line.online != online; cv_live_line(live, &line)) {
		assert_true(real_mono(NULL) < end);
		poll(NULL, 0, 10);
	}
}

static void today(char out[CV_DATE_SIZE])
{
	cv_date_format(cv_date_of(real_now(NULL)), out);
}

static uint64_t report(struct cv_live *live, char id[CV_UUID_SIZE], const char *text)
{
	char date[CV_DATE_SIZE];
	struct cv_json *args = cv_json_new_object();

	today(date);
	cv_uuid7(cv_env_system(), id);
	cv_json_set_str(args, "date", date);
	cv_json_set_str(args, "slot", "adhoc");
	cv_json_set_str(args, "event", "kiểm tra");
	cv_json_set_str(args, "done", text);
	struct cv_act_in in = {.op = "report.submit", .id = id, .args = args};
	uint64_t ticket = cv_live_act(live, &in);
	cv_json_destroy(args);
	return ticket;
}

static bool has(struct cv_core *core, const char *id)
{
	struct cv_json *report = NULL;

	cv_core_ctx(core); /* notices what other connections wrote */
	bool there = cv_core_get_server(core, CV_KIND_REPORT, id, &report, NULL) == CV_OK;
	cv_json_destroy(report);
	return there;
}

/* ---- tests ---- */
static void an_act_reaches_the_other_screen_by_itself(void **state)
{
	struct cv_live *mine, *heads;
	char id[CV_UUID_SIZE];

	(void)state;
	assert_int_equal(cv_live_start(&mine, hanh.core, NULL), CV_OK);
	assert_int_equal(cv_live_start(&heads, truong.core, NULL), CV_OK);
	await_line(mine, true);
	await_line(heads, true);
	uint64_t ticket = report(mine, id, "đã làm");
	struct cv_live_event e = await(mine, CV_LIVE_ACTED);
	assert_int_equal(e.ticket, ticket);
	assert_int_equal(e.err.rc, CV_OK);
	assert_int_equal(e.out.st, CV_ST_QUEUED);
	assert_true(e.out.mid > 0);
	while (!has(truong.core, id))
		await(heads, CV_LIVE_CHANGED);
	while (!has(hanh.core, id))
		await(mine, CV_LIVE_CHANGED);
	/* Both long polls are held now or soon: the end waits for neither. */
	int64_t begin = real_mono(NULL);
	cv_live_stop(mine);
	cv_live_stop(heads);
	assert_true(real_mono(NULL) - begin < 15000);
}

static void a_refusal_comes_back_with_its_reason(void **state)
{
	struct cv_live *live;
	struct cv_json *args = cv_json_new_object();
	struct cv_act_in in = {.op = "report.submit", .id = "r:hanh:2026-11-25:99", .args = args};

	(void)state;
	assert_int_equal(cv_live_start(&live, hanh.core, NULL), CV_OK);
	cv_live_act(live, &in);
	struct cv_live_event e = await(live, CV_LIVE_ACTED);
	assert_int_equal(e.err.rc, CV_DATA);
	assert_true(e.err.detail[0] != '\0');
	assert_int_equal(e.out.mid, 0);
	cv_json_destroy(args);
	cv_live_stop(live);
}

static void drafts_are_written_when_flushed_and_forgotten(void **state)
{
	struct cv_live *live;
	struct cv_json *draft = cv_json_new_object(), *read = NULL;

	(void)state;
	cv_json_set_str(draft, "done", "nháp dở");
	assert_int_equal(cv_live_start(&live, hanh.core, NULL), CV_OK);
	for (int i = 0; i < 50; i++) {
		cv_json_set_int(draft, "cursor", i);
		cv_live_draft(live, "report.submit", draft);
	}
	cv_live_flush(live);
	assert_int_equal(cv_store_draft(hanh.core->store, "report.submit", &read, NULL), CV_OK);
	assert_true(cv_json_equal(read, draft));
	cv_json_destroy(read);
	cv_live_draft(live, "report.submit", NULL);
	cv_live_stop(live); /* writes what is still to write */
	assert_int_not_equal(cv_store_draft(hanh.core->store, "report.submit", &read, NULL), CV_OK);
	cv_json_destroy(draft);
}

static void what_is_not_kept_here_is_asked_for(void **state)
{
	struct cv_live *live;
	struct cv_json *board = NULL;
	struct cv_err err;

	(void)state;
	assert_int_equal(cv_live_start(&live, truong.core, NULL), CV_OK);
	uint64_t good = cv_live_fetch(live, "/v1/board?unit=p1"), bad = cv_live_fetch(live, "/v1/board?unit=p9");
	assert_false(cv_live_fetched(live, bad + 1, &board, &err));
	assert_int_equal(await(live, CV_LIVE_FETCHED).ticket, good);
	assert_true(cv_live_fetched(live, good, &board, &err));
	assert_string_equal(cv_json_s(board, "unit"), "p1");
	cv_json_destroy(board);
	assert_false(cv_live_fetched(live, good, &board, &err)); /* once */
	assert_int_equal(await(live, CV_LIVE_FETCHED).ticket, bad);
	assert_true(cv_live_fetched(live, bad, &board, &err));
	assert_null(board);
	assert_int_equal(err.rc, CV_NOT_FOUND);
	cv_live_fetch(live, "/v1/board?unit=p1"); /* nobody takes the answer */
	cv_live_stop(live);
}

/* Ctrl-Z, and cron submits. */
static void a_pause_holds_nothing(void **state)
{
	struct cv_live *live;
	struct cv_core *cron;
	struct cv_sync_how how = {.wait = CV_WAIT_NORMAL};
	struct cv_sync_out out = {0};
	struct cv_live_event e;
	char path[300];
	int lock;

	(void)state;
	assert_int_equal(cv_live_start(&live, hanh.core, NULL), CV_OK);
	await_line(live, true);
	cv_live_pause(live);
	snprintf(path, sizeof(path), "%s/sync.lock", hanh.core->paths.data);
	assert_int_equal(cv_lock_take(&lock, path, 0, NULL), CV_OK);
	cv_lock_drop(lock);
	assert_int_equal(cv_core_clone(&cron, hanh.core, NULL), CV_OK);
	assert_int_equal(cv_store_set_meta(cron->store, "offline_since", "", NULL), CV_OK); /* no transaction is open */
	assert_int_equal(cv_core_sync(cron, &how, &out, NULL), CV_OK);
	cv_core_close(cron);
	while (cv_live_next(live, &e)) /* nothing happens meanwhile */
		;
	cv_live_resume(live);
	await(live, CV_LIVE_CHANGED);
	await_line(live, true);
	cv_live_stop(live);
}

static void without_a_line_all_is_kept_and_sent_later(void **state)
{
	struct cv_live *live;
	struct cv_live_line line;
	char id[CV_UUID_SIZE];

	(void)state;
	kill(server, SIGSTOP); /* neither refuses nor answers */
	assert_int_equal(cv_live_start(&live, hanh.core, NULL), CV_OK);
	report(live, id, "viết lúc mất mạng");
	assert_int_equal(await(live, CV_LIVE_ACTED).out.st, CV_ST_QUEUED);
	cv_live_line(live, &line);
	assert_false(line.online);
	assert_false(has(hanh.core, id));
	kill(server, SIGCONT);
	while (!has(hanh.core, id))
		await(live, CV_LIVE_CHANGED);
	await_line(live, true);
	cv_live_line(live, &line);
	assert_true(line.last_sync != CV_TIME_NONE && line.since == CV_TIME_NONE);
	cv_live_stop(live);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_act_reaches_the_other_screen_by_itself),
		cmocka_unit_test(a_refusal_comes_back_with_its_reason),
		cmocka_unit_test(drafts_are_written_when_flushed_and_forgotten),
		cmocka_unit_test(what_is_not_kept_here_is_asked_for),
		cmocka_unit_test(a_pause_holds_nothing),
		cmocka_unit_test(without_a_line_all_is_kept_and_sent_later),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
