/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Command lines over a small program's tables: shapes, faults, help, completion, output. */
#include <congvu/base/cmdline.h>
#include <congvu/base/mem.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static const struct cv_opt globals[] = {{"account", 0, CV_OPT_TEXT, "NAME", "account"},
					{"json", 'j', CV_OPT_FLAG, NULL, "one JSON object"},
					{NULL, 0, CV_OPT_FLAG, NULL, NULL}};
static const struct cv_opt submit_opts[] = {
	{"slot", 's', CV_OPT_TEXT, "SLOT", "time slot"}, {"percent", 0, CV_OPT_INT, "P", "percent"},
	{"item", 'i', CV_OPT_LIST, "TEXT", "item"},	 {"urgent", 'u', CV_OPT_FLAG, NULL, "urgent"},
	{"output", 'o', CV_OPT_PATH, "PATH", "file"},	 {NULL, 0, CV_OPT_FLAG, NULL, NULL}};
static const struct cv_opt due_opts[] = {{"days", 0, CV_OPT_INT, "N", "working days"},
					 {NULL, 0, CV_OPT_FLAG, NULL, NULL}};
static const struct cv_opt screen_opts[] = {{"read-only", 0, CV_OPT_FLAG, NULL, "change nothing"},
					    {NULL, 0, CV_OPT_FLAG, NULL, NULL}};
static const struct cv_verb verbs[] = {
	{"", NULL, NULL, 0, 0, screen_opts, "full screen", NULL, NULL},
	{"report", "submit", "[FILE]", 0, 1, submit_opts, "submit a report", "t report submit --slot 11", NULL},
	{"report", "list", NULL, 0, 0, NULL, "list reports", NULL, NULL},
	{"show", NULL, "CODE…", 1, -1, NULL, "show", NULL, NULL},
	{"due", NULL, NULL, 0, 0, due_opts, "due date", NULL, NULL},
	{"device", NULL, "[NAME]", 0, 1, due_opts, "this device", NULL, NULL},
	{"device", "list", NULL, 0, 0, NULL, "all devices", NULL, NULL},
	{NULL, NULL, NULL, 0, 0, NULL, NULL, NULL, NULL},
};
static const struct cv_program program = {"t", "1.2", "a test", verbs, globals, NULL};
static const struct cv_program strict = {"t", "1.2", "no row without words", verbs + 1, NULL, NULL};

#define WORDS_MAX 16

/* Parses words separated by spaces; what was printed goes to *said (owned). */
static enum cv_rc parse(const struct cv_program *p, const char *line, struct cv_args **args, char **said,
			struct cv_err *err)
{
	static char copy[512], name[] = "t";
	char *argv[WORDS_MAX + 1] = {name}, *rest = copy, *word;
	int argc = 1;
	size_t n;
	FILE *to = open_memstream(said, &n);
	enum cv_rc rc;

	assert_non_null(to);
	cv_strcopy(copy, sizeof(copy), line);
	while (argc < WORDS_MAX && (word = strsep(&rest, " ")) != NULL) {
		if (word[0] != '\0')
			argv[argc++] = word;
	}
	cv_err_init(err);
	rc = cv_args_parse(args, p, argc, argv, to, err);
	fclose(to);
	return rc;
}

static void shapes(void **state)
{
	/* verb found, --slot, operands, --json */
	static const struct {
		const char *line, *noun, *verb, *slot;
		size_t operands;
		bool json;
	} rows[] = {
		{"", "", NULL, NULL, 0, false},
		{"--json", "", NULL, NULL, 0, true},
		{"--read-only", "", NULL, NULL, 0, false},
		{"--account x --read-only", "", NULL, NULL, 0, false},
		{"report list", "report", "list", NULL, 0, false},
		{"--json report list", "report", "list", NULL, 0, true},
		{"report --json list", "report", "list", NULL, 0, true},
		{"report list -j", "report", "list", NULL, 0, true},
		{"--account cron report submit --slot 11", "report", "submit", "11", 0, false},
		{"--account=cron report submit --slot=11 f", "report", "submit", "11", 1, false},
		{"report submit f --slot= --json", "report", "submit", "", 1, true},
		{"report submit -s 07", "report", "submit", "07", 0, false},
		{"report submit -us07", "report", "submit", "07", 0, false},
		{"report submit -uj -", "report", "submit", NULL, 1, true},
		{"report submit --slot --json", "report", "submit", "--json", 0, false},
		{"report submit -- --slot", "report", "submit", NULL, 1, false},
		{"show a -- -b --json", "show", NULL, NULL, 3, false},
		{"due --days 3", "due", NULL, NULL, 0, false},
		{"device", "device", NULL, NULL, 0, false},
		{"device list", "device", "list", NULL, 0, false},
		{"device mine", "device", NULL, NULL, 1, false},
		{"device --days 3 list", "device", NULL, NULL, 1, false},
	};

	(void)state;
	for (size_t i = 0; i < CV_COUNT(rows); i++) {
		struct cv_args *a;
		struct cv_err err;
		char *said;
		enum cv_rc rc = parse(&program, rows[i].line, &a, &said, &err);

		if (rc != CV_OK)
			print_error("row \"%s\": %s\n", rows[i].line, err.detail);
		assert_int_equal(rc, CV_OK);
		assert_non_null(a);
		assert_string_equal(cv_args_verb(a)->noun, rows[i].noun);
		assert_int_equal(cv_args_verb(a)->verb == NULL, rows[i].verb == NULL);
		if (rows[i].verb != NULL)
			assert_string_equal(cv_args_verb(a)->verb, rows[i].verb);
		assert_int_equal(cv_args_text(a, "slot") == NULL, rows[i].slot == NULL);
		if (rows[i].slot != NULL)
			assert_string_equal(cv_args_text(a, "slot"), rows[i].slot);
		assert_int_equal(cv_args_operands(a), rows[i].operands);
		assert_int_equal(cv_args_flag(a, "json"), rows[i].json);
		assert_string_equal(said, "");
		cv_args_destroy(a);
		free(said);
	}
}

static void faults(void **state)
{
	static const struct {
		const char *line;
		enum cv_rc rc;
		const char *detail, *hint; /* parts */
	} rows[] = {
		{"reprot list", CV_USAGE, "“reprot”", "“report”"},
		{"report lsit", CV_USAGE, "“lsit”", "“list”"},
		{"xyzzy", CV_USAGE, "“xyzzy”", "t --help"},
		{"report", CV_USAGE, "“report”", "t report --help"},
		{"report frobnicate", CV_USAGE, "“frobnicate”", "t report --help"},
		{"report submit --slto 11", CV_USAGE, "--slto", "--slot"},
		{"report submit --jsno", CV_USAGE, "--jsno", "--json"},
		{"report submit --slo 11", CV_USAGE, "--slo", "--slot"}, /* no abbreviations */
		{"report submit -x", CV_USAGE, "-x", "--help"},
		{"report list --slot 11", CV_USAGE, "--slot", ""},
		{"report submit --slot", CV_USAGE, "--slot", ""},
		{"report submit --slot 1 --slot 2", CV_USAGE, "--slot", ""},
		{"report submit --urgent=yes", CV_USAGE, "--urgent", ""},
		{"report submit --percent ten", CV_DATA, "“ten”", ""},
		{"report submit --percent 10%", CV_DATA, "“10%”", ""},
		{"report submit --percent 99999999999999999999", CV_DATA, "--percent", ""},
		{"report submit a b", CV_USAGE, "“b”", "t report submit --help"},
		{"report list x", CV_USAGE, "“x”", "t report list --help"},
		{"show", CV_USAGE, "CODE…", "t show --help"},
		{"report submit \xff", CV_DATA, "UTF-8", ""},
		{"report submit --slot \xc3", CV_DATA, "UTF-8", ""},
		{"\xff", CV_DATA, "UTF-8", ""},
		{"--\xff", CV_DATA, "UTF-8", ""},
	};

	(void)state;
	for (size_t i = 0; i < CV_COUNT(rows); i++) {
		struct cv_args *a;
		struct cv_err err;
		char *said;
		enum cv_rc rc = parse(&program, rows[i].line, &a, &said, &err);

		if (rc != rows[i].rc || strstr(err.detail, rows[i].detail) == NULL ||
		    strstr(err.hint, rows[i].hint) == NULL)
			fail_msg("row \"%s\": %d, %s (%s)", rows[i].line, (int)rc, err.detail, err.hint);
		assert_int_equal(err.rc, rc);
		assert_int_equal(cv_rc_exit(rc), rc == CV_DATA ? 65 : 64);
		assert_null(a);
		assert_string_equal(said, "");
		free(said);
	}
}

static void no_words(void **state)
{
	struct cv_args *a;
	struct cv_err err;
	char *said;

	(void)state;
	assert_int_equal(parse(&strict, "", &a, &said, &err), CV_USAGE);
	assert_null(a);
	free(said);
}

static void values(void **state)
{
	struct cv_args *a;
	struct cv_err err;
	char *said;
	long n = 0;

	(void)state;
	assert_int_equal(parse(&program,
			       "report submit -i mot --item=hai -i ba --percent -5 -o La\xcc\xa3n La\xcc\xa3n", &a,
			       &said, &err),
			 CV_OK);
	assert_int_equal(cv_args_count(a, "item"), 3);
	assert_string_equal(cv_args_nth(a, "item", 0), "mot");
	assert_string_equal(cv_args_nth(a, "item", 2), "ba");
	assert_null(cv_args_nth(a, "item", 3));
	assert_true(cv_args_int(a, "percent", &n));
	assert_int_equal(n, -5);
	assert_false(cv_args_int(a, "days", &n));
	assert_false(cv_args_flag(a, "urgent"));
	/* Text is NFC, file names are as typed. */
	assert_string_equal(cv_args_operand(a, 0), "Lạn");
	assert_string_equal(cv_args_operand_path(a, 0), "La\xcc\xa3n");
	assert_string_equal(cv_args_text(a, "output"), "La\xcc\xa3n");
	assert_null(cv_args_operand(a, 1));
	assert_null(cv_args_operand_path(a, 1));
	cv_args_destroy(a);
	cv_args_destroy(NULL);
	free(said);
}

static void help(void **state)
{
	static const struct {
		const char *line;
		const char *parts[5];
	} rows[] = {
		{"--version", {"t 1.2\n"}},
		{"report list --version", {"t 1.2\n"}},
		{"--help", {"t 1.2 – a test", "report submit [FILE]", "due", "--json", "--read-only"}},
		{"-h", {"t 1.2 – a test", "show CODE…"}},
		{"report --help", {"t report", "report submit [FILE]", "report list", "--account NAME"}},
		{"report submit --help",
		 {"t report submit", "-s, --slot SLOT", "--item TEXT", "t report submit --slot 11"}},
		{"report submit --slot 11 a b -h", {"t report submit", "--percent P"}},
		{"show --help", {"t show CODE…", "--json", "--version"}},
		{"device --help", {"device [NAME]", "device list"}},
	};

	(void)state;
	for (size_t i = 0; i < CV_COUNT(rows); i++) {
		struct cv_args *a;
		struct cv_err err;
		char *said;

		assert_int_equal(parse(&program, rows[i].line, &a, &said, &err), CV_OK);
		assert_null(a);
		for (size_t k = 0; k < CV_COUNT(rows[i].parts) && rows[i].parts[k] != NULL; k++) {
			if (strstr(said, rows[i].parts[k]) == NULL)
				fail_msg("\"%s\" lacks \"%s\":\n%s", rows[i].line, rows[i].parts[k], said);
		}
		free(said);
	}
}

static void argv_has(void **state)
{
	char words[][8] = {"t", "x", "--json", "--", "--plain"};
	char *argv[] = {words[0], words[1], words[2], words[3], words[4]};

	(void)state;
	assert_true(cv_argv_has(5, argv, "--json"));
	assert_false(cv_argv_has(5, argv, "--plain"));
	assert_false(cv_argv_has(2, argv, "--json"));
}

static void suggestions(void **state)
{
	static const char *const words[] = {"report", "dossier", "due", "sync", NULL};
	static const struct {
		const char *word, *want;
	} rows[] = {{"report", "report"},  {"reprot", "report"},  {"rport", "report"},
		    {"repoort", "report"}, {"dosier", "dossier"}, {"duo", "due"},
		    {"cnys", NULL},	   {"xx", NULL},	  {"", NULL},
		    {"reporting", NULL}};
	char long_word[300];

	(void)state;
	for (size_t i = 0; i < CV_COUNT(rows); i++) {
		const char *got = cv_suggest(rows[i].word, words);

		if (rows[i].want == NULL)
			assert_null(got);
		else
			assert_string_equal(got, rows[i].want);
	}
	memset(long_word, 'r', sizeof(long_word) - 1);
	long_word[sizeof(long_word) - 1] = '\0';
	assert_null(cv_suggest(long_word, words));
}

/* Runs the completion in the real bash: what it offers after the words. */
static void completes(const char *script, const char *words, int at, const char *want)
{
	char path[] = "/tmp/congvu-completion.XXXXXX", out[1024] = "";
	int fd = mkstemp(path), pipefd[2];
	size_t n = 0;
	ssize_t k;
	pid_t pid;
	char *line = cv_strf(". %s; COMP_WORDS=(%s); COMP_CWORD=%d; _t; echo \"${COMPREPLY[*]}\"", path, words, at);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, script, strlen(script)), strlen(script));
	close(fd);
	assert_int_equal(pipe(pipefd), 0);
	pid = fork();
	if (pid == 0) {
		dup2(pipefd[1], STDOUT_FILENO);
		execl("/bin/bash", "bash", "--norc", "-c", line, (char *)NULL);
		_exit(127);
	}
	close(pipefd[1]);
	while ((k = read(pipefd[0], out + n, sizeof(out) - 1 - n)) > 0)
		n += (size_t)k;
	close(pipefd[0]);
	unlink(path);
	assert_string_equal(out, want);
	free(line);
}

static void completion(void **state)
{
	static const char *const shells[] = {"bash", "zsh", "fish"};
	struct cv_err err;
	char *said;
	size_t n;

	(void)state;
	for (size_t i = 0; i < CV_COUNT(shells); i++) {
		FILE *to = open_memstream(&said, &n);

		assert_int_equal(cv_completion(to, &program, shells[i], NULL), CV_OK);
		fclose(to);
		assert_non_null(strstr(said, "submit"));
		assert_non_null(strstr(said, "percent"));
		if (i == 0) {
			completes(said, "t rep", 1, "report\n");
			completes(said, "t --account x report s", 4, "submit\n");
			completes(said, "t report submit --per", 3, "--percent\n");
			completes(said, "t show --j", 2, "--json\n");
		}
		free(said);
	}
	cv_err_init(&err);
	assert_int_equal(cv_completion(stdout, &program, "csh", &err), CV_USAGE);
	assert_non_null(strstr(err.detail, "csh"));
}

static void output(void **state)
{
	const char *cells[] = {"a\tb", NULL, "x\ny\x1b[0mz"};
	struct cv_json *data = cv_json_new_object();
	struct cv_err err;
	char *said;
	size_t n;
	FILE *to = open_memstream(&said, &n);

	(void)state;
	cv_json_set_int(data, "mid", 42);
	cv_print_ok(to, data);
	cv_err_init(&err);
	cv_err_set(&err, CV_DATA, "slot", "bad \"slot\"");
	cv_print_error(to, &err, NULL);
	cv_err_init(&err);
	cv_err_set(&err, CV_CONFLICT, NULL, "c");
	cv_err_hint(&err, "h");
	cv_print_error(to, &err, data);
	cv_print_row(to, cells, CV_COUNT(cells));
	fclose(to);
	assert_string_equal(said,
			    "{\"v\":1,\"ok\":true,\"data\":{\"mid\":42}}\n"
			    "{\"v\":1,\"ok\":false,\"error\":{\"code\":\"bad-data\",\"detail\":\"bad \\\"slot\\\"\","
			    "\"field\":\"slot\"}}\n"
			    "{\"v\":1,\"ok\":false,\"error\":{\"code\":\"conflict\",\"detail\":\"c\",\"field\":\"\","
			    "\"hint\":\"h\"},\"data\":{\"mid\":42}}\n"
			    "a b\t\tx yz\n");
	free(said);
	cv_json_destroy(data);
}

/* stdin is a pipe: one line is taken, what follows stays; a terminal is missing. */
static void stdin_secret(void **state)
{
	static const struct {
		const char *input, *want;
		enum cv_rc rc;
	} rows[] = {
		{"La\xcc\xa3n\r\nrest", "Lạn", CV_OK},
		{"no newline", "no newline", CV_OK},
		{" a b \n", " a b ", CV_OK},
		{"\nx", NULL, CV_NO_INPUT},
		{"", NULL, CV_NO_INPUT},
		{"\xff\n", NULL, CV_DATA},
	};
	int saved = dup(STDIN_FILENO);

	(void)state;
	for (size_t i = 0; i < CV_COUNT(rows); i++) {
		int fds[2];
		char *secret, rest[8] = "";

		assert_int_equal(pipe(fds), 0);
		assert_int_equal(write(fds[1], rows[i].input, strlen(rows[i].input)), strlen(rows[i].input));
		close(fds[1]);
		dup2(fds[0], STDIN_FILENO);
		assert_int_equal(cv_ask_secret(&secret, "?", NULL), CV_NO_INPUT);
		assert_int_equal(cv_read_secret(&secret, NULL), rows[i].rc);
		if (rows[i].want != NULL)
			assert_string_equal(secret, rows[i].want);
		else
			assert_null(secret);
		if (i == 0) {
			assert_int_equal(read(STDIN_FILENO, rest, sizeof(rest) - 1), 4);
			assert_string_equal(rest, "rest");
		}
		free(secret);
		close(fds[0]);
	}
	dup2(saved, STDIN_FILENO);
	close(saved);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shapes),	cmocka_unit_test(faults),     cmocka_unit_test(no_words),
		cmocka_unit_test(values),	cmocka_unit_test(help),	      cmocka_unit_test(argv_has),
		cmocka_unit_test(suggestions),	cmocka_unit_test(completion), cmocka_unit_test(output),
		cmocka_unit_test(stdin_secret),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
