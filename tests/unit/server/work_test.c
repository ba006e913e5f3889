/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The writer: verdicts, memory of (device, mid), forks, depends, two threads at once; and what it leaves behind. */
#include "unit/server/desk.h"

#include <congvu/model/ctx.h>
#include <pthread.h>

#define REPORT(mid, text)                                                                                              \
	"{\"mid\":" #mid ",\"op\":\"report.submit\",\"id\":\"r:hanh:2026-11-25:11\",\"base\":null,"                    \
	"\"at\":\"2026-11-25T10:00:00+07:00\",\"args\":{\"date\":\"2026-11-25\",\"slot\":\"11\",\"done\":\"" text      \
	"\"}}"

struct finish {
	pthread_mutex_t lock;
	pthread_cond_t wake;
	int done;
};
struct writer {
	struct desk d;
	struct cv_work *work;
	struct finish f;
	struct cv_tokens t;
};

static void changed(void *data, const struct cv_json *scopes)
{
	(void)data;
	(void)scopes;
}

static void finished(struct cv_job *job)
{
	struct finish *f = job->data;

	pthread_mutex_lock(&f->lock);
	f->done++;
	pthread_cond_broadcast(&f->wake);
	pthread_mutex_unlock(&f->lock);
}

static void wait_for(struct finish *f, int n)
{
	pthread_mutex_lock(&f->lock);
	while (f->done < n)
		pthread_cond_wait(&f->wake, &f->lock);
	pthread_mutex_unlock(&f->lock);
}

static void writer_open(struct writer *w)
{
	desk_open(&w->d);
	pthread_mutex_init(&w->f.lock, NULL);
	pthread_cond_init(&w->f.wake, NULL);
	w->f.done = 0;
	assert_int_equal(cv_auth_login(&w->t, w->d.db, &w->d.env, "hanh", "pc", NULL, 0, NULL), CV_OK);
	assert_int_equal(cv_work_start(&w->work, &w->d.env, w->d.dir, changed, NULL, NULL), CV_OK);
}

static void writer_close(struct writer *w)
{
	cv_work_stop(w->work);
	int64_t rows, bad;
	assert_true(cv_audit_check(w->d.db, &rows, &bad));
	pthread_mutex_destroy(&w->f.lock);
	pthread_cond_destroy(&w->f.wake);
	desk_close(&w->d);
}

static struct cv_job *job_make(struct writer *w, struct finish *f, const char *const *items, size_t n)
{
	struct cv_job *job = cv_job_create();

	cv_strcopy(job->user, sizeof(job->user), "hanh");
	cv_strcopy(job->device, sizeof(job->device), w->t.device);
	job->rights = CV_RIGHT_SYNC | CV_RIGHT_REPORT_WRITE | CV_RIGHT_DOSSIER_WRITE;
	job->items = cv_reallocarray(NULL, n, sizeof(*job->items));
	for (size_t i = 0; i < n; i++)
		job->items[i] = (struct cv_push_item){cv_strdup(items[i]), strlen(items[i])};
	job->count = n;
	job->done = finished;
	job->data = f;
	return job;
}

/* Caller destroys. */
static struct cv_job *push(struct writer *w, const char *const *items, size_t n, int64_t ack)
{
	struct cv_job *job = job_make(w, &w->f, items, n);
	int before = w->f.done;

	job->ack = ack;
	assert_true(cv_work_submit(w->work, job));
	wait_for(&w->f, before + 1);
	return job;
}

static const struct cv_json *nth(const struct cv_job *job, size_t n)
{
	const struct cv_json *item = cv_json_first(job->results);

	while (n-- > 0)
		item = cv_json_next(item);
	return item;
}

static void expect(const struct cv_job *job, size_t n, const char *st, const char *code)
{
	assert_non_null(nth(job, n));
	assert_string_equal(cv_json_s(nth(job, n), "st"), st);
	assert_string_equal(cv_json_s(nth(job, n), "code"), code);
}

static void verdicts_of_one_push(void **state)
{
	static const char *const items[] = {
		REPORT(1, "m\xe1\xbb\x99t"),
		"{\"mid\":2,\"op\":\"no.such\",\"id\":\"x\",\"at\":\"2026-11-25T10:00:00+07:00\",\"args\":{}}",
		"{\"mid\":3,\"op\":\"report.submit\",\"id\":\"r:hanh:2026-11-25:07\",\"at\":\"yesterday\",\"args\":{}}",
		"{\"op\":\"report.submit\"}",
		"17",
		"{\"mid\":5,\"op\":\"report.submit\",\"id\":\"r:lan:2026-11-25:11\",\"at\":\"2026-11-25T10:00:00+07:"
		"00\","
		"\"args\":{\"date\":\"2026-11-25\",\"slot\":\"11\",\"done\":\"x\"}}",
	};
	struct writer w;

	(void)state;
	writer_open(&w);
	struct cv_job *job = push(&w, items, CV_COUNT(items), 0);
	assert_int_equal(job->rc, CV_OK);
	assert_int_equal(cv_json_count(job->results), CV_COUNT(items));
	expect(job, 0, "applied", "");
	assert_int_equal(cv_json_int(nth(job, 0), "rev", 0), 1);
	assert_string_equal(cv_json_s(nth(job, 0), "recv"), "2026-11-25T10:00:00+07:00");
	expect(job, 1, "rejected", "unknown-op");
	expect(job, 2, "rejected", "bad-request");
	expect(job, 3, "rejected", "bad-request");
	assert_int_equal(cv_json_type(cv_json_get(nth(job, 3), "mid")), CV_JSON_NULL);
	expect(job, 4, "rejected", "bad-request");
	expect(job, 5, "forbidden", "forbidden");
	cv_job_destroy(job);
	assert_int_equal(desk_count(&w.d, "SELECT last_mid FROM device"), 5);
	assert_int_equal(desk_count(&w.d, "SELECT count(*) FROM object WHERE kind = 'report'"), 1);
	assert_int_equal(desk_count(&w.d, "SELECT count(*) FROM object WHERE kind = 'report' AND unit = 'p1'"), 1);
	writer_close(&w);
}

static void repeats_and_forks(void **state)
{
	static const char *const one[] = {REPORT(4, "m")};
	static const char *const other[] = {REPORT(3, "truoc"), REPORT(4, "khac"), REPORT(5, "sau")};
	struct writer w;

	(void)state;
	writer_open(&w);
	struct cv_job *a = push(&w, one, 1, 0), *b = push(&w, one, 1, 0), *c = push(&w, other, 3, 0);
	assert_false(cv_json_bool(nth(a, 0), "dup", false));
	assert_true(cv_json_bool(nth(b, 0), "dup", false));
	assert_int_equal(cv_json_int(nth(b, 0), "rev", 0), 1);
	assert_int_equal(c->rc, CV_CONFLICT);
	assert_int_equal(c->forked_mid, 4);
	assert_int_equal(cv_json_count(c->results), 1);
	assert_int_equal(desk_count(&w.d, "SELECT rev FROM object WHERE kind = 'report'"), 2);
	assert_int_equal(desk_count(&w.d, "SELECT count(*) FROM done"), 2);
	cv_job_destroy(a);
	cv_job_destroy(b);
	cv_job_destroy(c);
	writer_close(&w);
}

#define DAY(mid, op, more)                                                                                             \
	"{\"mid\":" #mid ",\"op\":\"workday." op                                                                       \
	"\",\"id\":\"w:hanh:2026-11-25\",\"at\":\"2026-11-25T10:00:00+07:00\"," more "}"
#define EID "01936000-0000-7000-8000-000000000001"

static void what_follows_a_refusal(void **state)
{
	static const char *const items[] = {
		DAY(1, "register", "\"args\":{\"date\":\"2026-11-25\",\"place\":\"nowhere\"}"),
		DAY(2, "record", "\"args\":{\"eid\":\"" EID "\",\"state\":\"done\"}"),
		REPORT(3, "khac"),
	};
	static const char *const later[] = {DAY(4, "record", "\"args\":{\"eid\":\"" EID "\",\"state\":\"done\"}")};
	struct writer w;

	(void)state;
	writer_open(&w);
	struct cv_job *job = push(&w, items, 3, 0);
	assert_string_equal(cv_json_s(nth(job, 0), "st"), "rejected");
	expect(job, 1, "rejected", "depends");
	expect(job, 2, "applied", "");
	cv_job_destroy(job);
	job = push(&w, later, 1, 2); /* the refusals are known at the client now: it gets an answer of its own */
	assert_string_not_equal(cv_json_s(nth(job, 0), "code"), "depends");
	assert_string_not_equal(cv_json_s(nth(job, 0), "st"), "applied");
	cv_job_destroy(job);
	writer_close(&w);
}

#define EACH 40
struct pusher {
	struct writer *w;
	struct finish f;
	struct cv_job *jobs[EACH];
	int base;
};

static void *push_many(void *data)
{
	struct pusher *p = data;

	for (int i = 0; i < EACH; i++) {
		char *text = cv_strf(
			"{\"mid\":%d,\"op\":\"report.submit\",\"id\":\"r:hanh:2026-11-25:11\","
			"\"at\":\"2026-11-25T10:00:00+07:00\",\"args\":{\"date\":\"2026-11-25\",\"slot\":\"11\","
			"\"done\":\"viec %d\"}}",
			p->base + i, p->base + i);
		const char *items[] = {text};
		p->jobs[i] = job_make(p->w, &p->f, items, 1);
		cv_work_submit(p->w->work, p->jobs[i]);
		free(text);
	}
	wait_for(&p->f, EACH);
	return NULL;
}

static void two_threads_lose_nothing(void **state)
{
	struct writer w;
	struct pusher p[2];
	pthread_t threads[2];

	(void)state;
	writer_open(&w);
	for (int i = 0; i < 2; i++) {
		p[i] = (struct pusher){.w = &w, .base = 1 + 1000 * i};
		pthread_mutex_init(&p[i].f.lock, NULL);
		pthread_cond_init(&p[i].f.wake, NULL);
		assert_int_equal(pthread_create(&threads[i], NULL, push_many, &p[i]), 0);
	}
	for (int i = 0; i < 2; i++) {
		pthread_join(threads[i], NULL);
		for (int j = 0; j < EACH; j++) {
			expect(p[i].jobs[j], 0, "applied", "");
			cv_job_destroy(p[i].jobs[j]);
		}
		pthread_mutex_destroy(&p[i].f.lock);
		pthread_cond_destroy(&p[i].f.wake);
	}
	assert_int_equal(desk_count(&w.d, "SELECT rev FROM object WHERE kind = 'report'"), 2 * EACH);
	assert_int_equal(desk_count(&w.d, "SELECT count(*) FROM done"), 2 * EACH);
	assert_int_equal(desk_count(&w.d, "SELECT max(seq) - (SELECT n FROM counter) FROM feed"), 0);
	writer_close(&w);
}

/* The table that the writer needs is taken away: nothing is half done, everybody hears "busy" or "retry". */
static void a_database_that_fails_leaves_nothing(void **state)
{
	static const char *const items[] = {REPORT(1, "m"), REPORT(2, "n")};
	struct writer w;

	(void)state;
	writer_open(&w);
	assert_int_equal(cv_db_exec(w.d.db, "ALTER TABLE feed RENAME TO gone", NULL), CV_OK);
	struct cv_job *job = push(&w, items, 2, 0);
	assert_int_equal(job->rc, CV_BUSY);
	assert_int_equal(cv_json_count(job->results), 0);
	cv_job_destroy(job);
	assert_int_equal(desk_count(&w.d, "SELECT count(*) FROM done"), 0);
	assert_int_equal(cv_db_exec(w.d.db, "ALTER TABLE gone RENAME TO feed; ALTER TABLE audit RENAME TO gone", NULL),
			 CV_OK);
	job = push(&w, items, 2, 0);
	assert_int_equal(job->rc, CV_OK);
	assert_int_equal(cv_json_count(job->results), 1);
	expect(job, 0, "retry", "");
	cv_job_destroy(job);
	assert_int_equal(cv_db_exec(w.d.db, "ALTER TABLE gone RENAME TO audit", NULL), CV_OK);
	assert_int_equal(desk_count(&w.d, "SELECT count(*) FROM object WHERE kind = 'report'"), 0);
	job = push(&w, items, 2, 0);
	expect(job, 1, "applied", "");
	cv_job_destroy(job);
	writer_close(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(verdicts_of_one_push),
		cmocka_unit_test(repeats_and_forks),
		cmocka_unit_test(what_follows_a_refusal),
		cmocka_unit_test(two_threads_lose_nothing),
		cmocka_unit_test(a_database_that_fails_leaves_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
