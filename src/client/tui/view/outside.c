/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Other programs: the person's editor, and congvu's own commands behind ":". */
#include "client/tui/view/view.h"

#include <congvu/base/buf.h>
#include <congvu/base/fs.h>
#include <congvu/base/i18n.h>
#include <congvu/base/mem.h>
#include <congvu/base/seal.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define TEXT_MAX   ((size_t)64 << 10)
#define OUTPUT_MAX ((size_t)256 << 10)
#define WORDS_MAX  60

static const char *getenv_of(struct cv_ui *ui, const char *name)
{
	const char *value = ui->env->get(ui->env->data, name);

	return value != NULL && value[0] != '\0' ? value : NULL;
}

/* A child for whom signals and keys are as in a shell. */
static void as_in_a_shell(void)
{
	struct sigaction normal = {.sa_handler = SIG_DFL};

	sigaction(SIGINT, &normal, NULL);
	sigaction(SIGQUIT, &normal, NULL);
	sigaction(SIGTSTP, &normal, NULL);
	sigaction(SIGPIPE, &normal, NULL);
}

static int run_editor(struct cv_ui *ui, const char *path)
{
	const char *editor = getenv_of(ui, "VISUAL");
	int status = -1;

	if (editor == NULL)
		editor = getenv_of(ui, "EDITOR");
	if (editor == NULL)
		editor = "vi";
	char *command = cv_strf("%s \"$1\"", editor);
	cv_term_leave(ui->term);
	pid_t child = fork();
	if (child == 0) {
		as_in_a_shell();
		execl("/bin/sh", "sh", "-c", command, "sh", path, (char *)NULL);
		_exit(127);
	}
	while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	cv_term_enter(ui->term);
	free(command);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

bool cv_ui_editor(struct cv_ui *ui, struct cv_json **text, const char *before)
{
	const char *dir = getenv_of(ui, "XDG_RUNTIME_DIR");
	char *path = cv_strf("%s/congvu-XXXXXX", dir != NULL ? dir : "/tmp"), *after = NULL;
	size_t n = 0;
	int fd = mkstemp(path); /* 0600 */
	bool changed = false;

	*text = NULL;
	if (fd < 0 || write(fd, before, strlen(before)) != (ssize_t)strlen(before)) {
		cv_ui_alert(ui, "%s", _("Không tạo được tệp tạm để soạn"));
	} else if (run_editor(ui, path) != 0) {
		cv_ui_alert(ui, "%s", _("Chương trình soạn không kết thúc bình thường; giữ nguyên nội dung cũ"));
	} else if (cv_file_read(&after, &n, path, TEXT_MAX, NULL) == CV_OK && strcmp(after, before) != 0) {
		while (n > 0 && after[n - 1] == '\n')
			after[--n] = '\0';
		*text = cv_json_new_string(after);
		changed = true;
	}
	if (fd >= 0) {
		close(fd);
		unlink(path);
	}
	if (after != NULL)
		cv_wipe(after, n);
	free(after);
	free(path);
	return changed;
}

/* ---- ":" ---- */
/* Words as a shell's: blanks part, quotes keep. */
static int split(char *line, char **words)
{
	int n = 0;

	while (n < WORDS_MAX) {
		line += strspn(line, " ");
		if (*line == '\0')
			break;
		char *to = line, quote = '\0';
		words[n++] = line;
		for (; *line != '\0' && (quote != '\0' || *line != ' '); line++) {
			if (*line == quote)
				quote = '\0';
			else if (quote == '\0' && (*line == '"' || *line == '\''))
				quote = *line;
			else
				*to++ = *line;
		}
		bool last = *line == '\0';
		*to = '\0';
		if (last)
			break;
		line++;
	}
	words[n] = NULL;
	return n;
}

static pid_t start(char **argv, int *out)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) != 0)
		return -1;
	pid_t child = fork();
	if (child == 0) {
		as_in_a_shell();
		int null = open("/dev/null", O_RDONLY);
		dup2(null, STDIN_FILENO);
		dup2(ends[1], STDOUT_FILENO);
		dup2(ends[1], STDERR_FILENO);
		execv("/proc/self/exe", argv);
		_exit(127);
	}
	close(ends[1]);
	*out = ends[0];
	return child;
}

/* Reads what the command says until it ends; Esc leaves it to run on by itself. */
static bool listen(struct cv_ui *ui, int fd, struct cv_buf *out)
{
	struct cv_key key;
	char bytes[4096];

	for (;;) {
		struct pollfd p = {.fd = fd, .events = POLLIN};
		if (poll(&p, 1, 0) > 0) {
			ssize_t n = read(fd, bytes, sizeof(bytes));
			if (n <= 0)
				return true;
			cv_buf_add(out, bytes, (size_t)n);
			continue;
		}
		if (cv_term_key(ui->term, &key, 200, fd) && key.kind == CV_KEY_ESC)
			return false;
		if (cv_term_signal(ui->term) != 0)
			return false;
	}
}

void cv_ui_command(struct cv_ui *ui)
{
	char *line = cv_ui_ask(ui, ":", ""), *words[WORDS_MAX + 4] = {(char *)"congvu"};
	struct cv_buf out;
	int fd, status = 0;

	if (line == NULL || line[strspn(line, " ")] == '\0') {
		free(line);
		return;
	}
	char *title = cv_strf("congvu %s", line);
	split(line, words + 1);
	pid_t child = start(words, &fd);
	cv_buf_init(&out, OUTPUT_MAX);
	if (child < 0) {
		cv_ui_alert(ui, "%s", _("Không chạy được lệnh"));
	} else if (listen(ui, fd, &out)) {
		while (waitpid(child, &status, 0) < 0 && errno == EINTR)
			;
		if (WIFEXITED(status) && WEXITSTATUS(status) != 0)
			cv_buf_addf(&out, _("\n(mã kết thúc %d)"), WEXITSTATUS(status));
		cv_ui_pager(ui, title, out.len > 0 ? out.data : _("Xong."));
	} else {
		cv_ui_say(ui, "%s", _("Lệnh vẫn đang chạy riêng"));
	}
	if (child > 0)
		close(fd);
	cv_buf_finish(&out);
	free(title);
	free(line);
	cv_ui_stale(ui);
}
