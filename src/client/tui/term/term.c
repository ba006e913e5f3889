/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "client/tui/term/term.h"
#include "client/tui/term/terminfo.h"

#include <congvu/base/i18n.h>
#include <congvu/base/mem.h>
#include <congvu/base/text.h>

#include <curses.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <term.h>
#include <termios.h>
#include <unistd.h>

struct cv_term {
	const struct cv_env *env;
	SCREEN *screen;
	struct cv_input input;
	bool colour;
	unsigned char ahead[512]; /* read, not parsed yet */
	size_t ahead_n, ahead_at;
	int cursor_row, cursor_col;
	struct termios before; /* what the terminal was like */
};

static volatile sig_atomic_t resized, ended;

static void on_resize(int number)
{
	(void)number;
	resized = 1;
}

static void on_end(int number)
{
	ended = number;
}

static void catch (void)
{
	struct sigaction end = {.sa_handler = on_end}, resize = {.sa_handler = on_resize};

	sigaction(SIGHUP, &end, NULL);
	sigaction(SIGTERM, &end, NULL);
	sigaction(SIGWINCH, &resize, NULL);
	struct sigaction ignore = {.sa_handler = SIG_IGN};
	sigaction(SIGINT, &ignore, NULL);  /* Ctrl-C never leaves */
	sigaction(SIGQUIT, &ignore, NULL); /* no core, no sudden end */
	sigaction(SIGPIPE, &ignore, NULL);
	sigaction(SIGTSTP, &ignore, NULL);
}

int cv_term_signal(const struct cv_term *t)
{
	(void)t;
	return ended;
}

/* Keys as they are: no signals (Ctrl-C, Ctrl-Z are keys), no flow control (Ctrl-S would freeze). */
static void set_mode(struct cv_term *t)
{
	struct termios mode = t->before;

	mode.c_iflag &= ~(tcflag_t)(IXON | IXOFF | ICRNL | INLCR | IGNCR | ISTRIP);
	mode.c_lflag &= ~(tcflag_t)(ICANON | ECHO | ISIG | IEXTEN);
	mode.c_cc[VMIN] = 1;
	mode.c_cc[VTIME] = 0;
	tcsetattr(STDIN_FILENO, TCSANOW, &mode);
}

static void emit(const char *bytes)
{
	fputs(bytes, stdout);
	fflush(stdout);
}

static void start_colours(struct cv_term *t)
{
	t->colour = t->colour && has_colors();
	if (!t->colour)
		return;
	start_color();
	use_default_colors();
	init_pair(1, COLOR_RED, -1);
	init_pair(2, COLOR_GREEN, -1);
}

/* Curses reads the description once, here; what is started later finds the environment as it was. */
static SCREEN *new_screen(const struct cv_env *env, const char *name)
{
	char *before = cv_strdup(env->get(env->data, "TERMINFO")), *plain = cv_terminfo_plain(env, name);

	if (plain != NULL)
		setenv("TERMINFO", plain, 1);
	SCREEN *screen = newterm(name, stdout, stdin);
	if (plain != NULL && before != NULL)
		setenv("TERMINFO", before, 1);
	else if (plain != NULL)
		unsetenv("TERMINFO");
	free(before);
	free(plain);
	return screen;
}

enum cv_rc cv_term_open(struct cv_term **out, const struct cv_env *env, bool colour, struct cv_err *err)
{
	struct cv_term *t = cv_alloc(sizeof(*t));
	const char *name = env->get(env->data, "TERM");

	*out = NULL;
	t->env = env;
	t->colour = colour;
	cv_input_init(&t->input);
	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO) || tcgetattr(STDIN_FILENO, &t->before) != 0) {
		free(t);
		return cv_err_set(err, CV_NO_INPUT, NULL, _("màn hình chỉ mở được trong cửa sổ dòng lệnh"));
	}
	/* A terminal that is not known is still one that moves a cursor; a dumb one is not. */
	t->screen = new_screen(env, name);
	if (t->screen == NULL && (name == NULL || strcmp(name, "dumb") != 0))
		t->screen = newterm("vt100", stdout, stdin);
	if (t->screen == NULL) {
		free(t);
		return cv_err_set(err, CV_CONFIG, "TERM", _("không dùng được loại màn hình này (TERM=%s)"),
				  name != NULL ? name : "");
	}
	set_term(t->screen);
	repeat_char = NULL; /* "repeat the last character": older PuTTYs and some multiplexers do not know it */
	start_colours(t);
	noecho();
	nonl();
	leaveok(stdscr, FALSE);
	idlok(stdscr, TRUE); /* a list that scrolls lets the terminal scroll */
	scrollok(stdscr, FALSE);
	set_mode(t);
	catch ();
	emit("\x1b[?2004h"); /* bracketed paste */
	*out = t;
	return CV_OK;
}

void cv_term_leave(struct cv_term *t)
{
	emit("\x1b[?2004l");
	endwin();
	tcsetattr(STDIN_FILENO, TCSADRAIN, &t->before);
}

void cv_term_enter(struct cv_term *t)
{
	set_mode(t);
	refresh();
	set_mode(t);
	emit("\x1b[?2004h");
	resized = 1;
}

void cv_term_close(struct cv_term *t)
{
	if (t == NULL)
		return;
	if (ended != SIGHUP)
		cv_term_leave(t);
	delscreen(t->screen);
	cv_input_finish(&t->input);
	free(t);
}

int cv_term_rows(const struct cv_term *t)
{
	(void)t;
	return LINES;
}

int cv_term_cols(const struct cv_term *t)
{
	(void)t;
	return COLS;
}

/* ---- drawing ---- */
static void set_look(const struct cv_term *t, unsigned attr)
{
	attr_t a = A_NORMAL;

	if (attr & CV_BOLD)
		a |= A_BOLD;
	if (attr & CV_REVERSE)
		a |= A_REVERSE;
	if (attr & CV_UNDERLINE)
		a |= A_UNDERLINE;
	if (attr & CV_DIM)
		a |= t->colour ? A_DIM : A_NORMAL;
	if (attr & CV_ALERT)
		a |= t->colour ? A_BOLD | (attr_t)COLOR_PAIR(1) : A_BOLD;
	if ((attr & CV_GOOD) && t->colour)
		a |= (attr_t)COLOR_PAIR(2);
	attrset((int)a);
}

void cv_term_erase(struct cv_term *t)
{
	(void)t;
	erase();
}

int cv_put(struct cv_term *t, int row, int col, int width, unsigned attr, const char *text)
{
	int used = 0, room = COLS - col - (row == LINES - 1 ? 1 : 0);

	if (row < 0 || row >= LINES || col < 0 || room <= 0 || text == NULL)
		return 0;
	if (width < 0 || width > room)
		width = room;
	char *clean = cv_text_clean_dup(text, false);
	size_t n = cv_text_cut(clean, width, &used);
	set_look(t, attr);
	mvaddnstr(row, col, clean, (int)n);
	attrset(A_NORMAL);
	free(clean);
	return used;
}

void cv_put_cell(struct cv_term *t, int row, int col, int width, unsigned attr, const char *text)
{
	int used = cv_put(t, row, col, width, attr, text);
	int room = COLS - col - (row == LINES - 1 ? 1 : 0);

	if (width > room)
		width = room;
	if (row < 0 || row >= LINES || used >= width)
		return;
	set_look(t, attr);
	move(row, col + used);
	for (; used < width; used++)
		addch(' ');
	attrset(A_NORMAL);
}

void cv_put_right(struct cv_term *t, int row, int right, unsigned attr, const char *text)
{
	int width = cv_text_width(text);

	if (right - width >= 0)
		cv_put(t, row, right - width, width, attr, text);
}

void cv_rule(struct cv_term *t, int row, int col, int width)
{
	for (int i = 0; i < width; i++)
		cv_put(t, row, col + i, 1, CV_PLAIN, "─");
}

void cv_attr_row(struct cv_term *t, int row, int col, int width, unsigned attr)
{
	attr_t a = A_NORMAL;

	(void)t;
	if (attr & CV_REVERSE)
		a |= A_REVERSE;
	if (attr & CV_BOLD)
		a |= A_BOLD;
	mvchgat(row, col, width, a, 0, NULL);
}

void cv_term_cursor(struct cv_term *t, int row, int col)
{
	t->cursor_row = row < LINES ? row : LINES - 1;
	t->cursor_col = col < COLS ? col : COLS - 1;
}

void cv_term_show(struct cv_term *t)
{
	move(t->cursor_row, t->cursor_col);
	refresh();
}

void cv_term_redraw(struct cv_term *t)
{
	clearok(curscr, TRUE);
	cv_term_show(t);
}

void cv_term_bell(struct cv_term *t)
{
	(void)t;
	beep();
}

/* ---- reading ---- */
static bool take_resize(struct cv_key *key)
{
	struct winsize size;

	if (!resized)
		return false;
	resized = 0;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row > 0 && size.ws_col > 0)
		resizeterm(size.ws_row, size.ws_col);
	/* What the terminal made of the old picture nobody knows: this once everything anew. */
	clearok(curscr, TRUE);
	*key = (struct cv_key){.kind = CV_KEY_RESIZE};
	return true;
}

/* What was read before goes first. True: a key is whole. */
static bool parse_ahead(struct cv_term *t, int64_t now, struct cv_key *key)
{
	while (t->ahead_at < t->ahead_n)
		if (cv_input_byte(&t->input, t->ahead[t->ahead_at++], now, key))
			return true;
	return false;
}

/* Waits at most `wait` ms; what came stands in ahead[]. False: there is no key to be had now. */
static bool read_ahead(struct cv_term *t, int wait, int fd)
{
	struct pollfd fds[] = {{.fd = STDIN_FILENO, .events = POLLIN}, {.fd = fd, .events = POLLIN}};
	int n = poll(fds, fd >= 0 ? 2 : 1, wait);

	if (n <= 0)
		return n == 0 || errno == EINTR;
	if ((fds[0].revents & (POLLIN | POLLHUP)) == 0)
		return false; /* the other one has news */
	ssize_t got = read(STDIN_FILENO, t->ahead, sizeof(t->ahead));
	if (got <= 0 && errno != EINTR && errno != EAGAIN)
		ended = SIGHUP; /* the terminal is gone */
	t->ahead_n = got > 0 ? (size_t)got : 0;
	t->ahead_at = 0;
	return true;
}

/* An ESC that may be the beginning of something is not waited for longer than it takes. */
static int wait_of(const struct cv_term *t, int64_t now, int64_t end)
{
	int esc = cv_input_wait(&t->input, now);
	int wait = end == INT64_MAX ? -1 : (int)(end - now);

	return esc >= 0 && (wait < 0 || esc < wait) ? esc + 1 : wait;
}

bool cv_term_key(struct cv_term *t, struct cv_key *key, int ms, int fd)
{
	int64_t end = ms < 0 ? INT64_MAX : cv_mono(t->env) + ms;

	for (;;) {
		int64_t now = cv_mono(t->env);
		if (take_resize(key) || parse_ahead(t, now, key) || cv_input_idle(&t->input, now, key))
			return true;
		if (ended || now > end || !read_ahead(t, wait_of(t, now, end), fd))
			return false;
	}
}

const char *cv_term_paste(const struct cv_term *t)
{
	return t->input.paste.data != NULL ? t->input.paste.data : "";
}

void cv_term_copy(struct cv_term *t, const char *text)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	size_t n = strlen(text);

	(void)t;
	fputs("\x1b]52;c;", stdout);
	for (size_t i = 0; i < n; i += 3) {
		uint32_t v = (uint32_t)(unsigned char)text[i] << 16;
		v |= i + 1 < n ? (uint32_t)(unsigned char)text[i + 1] << 8 : 0;
		v |= i + 2 < n ? (uint32_t)(unsigned char)text[i + 2] : 0;
		putchar(digits[v >> 18 & 63]);
		putchar(digits[v >> 12 & 63]);
		putchar(i + 1 < n ? digits[v >> 6 & 63] : '=');
		putchar(i + 2 < n ? digits[v & 63] : '=');
	}
	emit("\a");
}
