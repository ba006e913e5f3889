/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Secrets from the terminal or from stdin. The terminal is read key by key with its signals off, so that
 * Ctrl-C cannot leave it without echo; the old settings come back on every way out.
 */
#include <congvu/base/buf.h>
#include <congvu/base/cmdline.h>
#include <congvu/base/i18n.h>
#include <congvu/base/mem.h>
#include <congvu/base/seal.h>
#include <congvu/base/text.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#define SECRET_MAX 1024

enum { KEY_CTRL_C = 3, KEY_CTRL_D = 4, KEY_BS = 8, KEY_CTRL_U = 21, KEY_CTRL_BACKSLASH = 28, KEY_DEL = 127 };

struct secret {
	char text[SECRET_MAX + 1];
	size_t n;
};

/* One byte of stdin; 0 at its end, -1 for a fault. Unbuffered: what follows the line is not ours. */
static int read_byte(char *c)
{
	for (;;) {
		ssize_t k = read(STDIN_FILENO, c, 1);

		if (k >= 0 || errno != EINTR)
			return (int)k;
	}
}

static enum cv_rc secret_done(char **out, struct secret *s, struct cv_err *err)
{
	s->text[s->n] = '\0';
	if (s->n == 0)
		return cv_err_set(err, CV_NO_INPUT, "password", _("chưa nhập mật khẩu"));
	if (strlen(s->text) != s->n || !cv_utf8_valid(s->text, s->n))
		return cv_err_set(err, CV_DATA, "password", _("mật khẩu không phải chữ UTF-8"));
	*out = cv_text_nfc_dup(s->text);
	return CV_OK;
}

static enum cv_rc secret_add(struct secret *s, char c, struct cv_err *err)
{
	if (s->n >= SECRET_MAX)
		return cv_err_set(err, CV_DATA, "password", _("mật khẩu dài quá %d byte"), SECRET_MAX);
	s->text[s->n++] = c;
	return CV_OK;
}

static void secret_backspace(struct secret *s)
{
	while (s->n > 0 && ((unsigned char)s->text[s->n - 1] & 0xC0) == 0x80)
		s->n--;
	if (s->n > 0)
		s->n--;
}

/* Handles one key; *ended when the line is complete. */
static enum cv_rc secret_key(struct secret *s, char c, bool *ended, struct cv_err *err)
{
	switch (c) {
	case '\r':
	case '\n':
		*ended = true;
		return CV_OK;
	case KEY_CTRL_C:
	case KEY_CTRL_BACKSLASH:
		return cv_err_set(err, CV_INTERRUPTED, NULL, NULL);
	case KEY_CTRL_D:
		*ended = s->n == 0;
		return CV_OK;
	case KEY_BS:
	case KEY_DEL:
		secret_backspace(s);
		return CV_OK;
	case KEY_CTRL_U:
		s->n = 0;
		return CV_OK;
	default:
		return secret_add(s, c, err);
	}
}

static void say(const char *text)
{
	/* Nobody to tell if the terminal is gone; the read that follows fails then, too. */
	ssize_t ignored = write(STDERR_FILENO, text, strlen(text));

	(void)ignored;
}

enum cv_rc cv_ask_secret(char **out, const char *prompt, struct cv_err *err)
{
	struct termios old, quiet;
	struct secret s = {.n = 0};
	enum cv_rc rc = CV_OK;
	bool ended = false;
	char c;

	*out = NULL;
	if (!isatty(STDIN_FILENO) || tcgetattr(STDIN_FILENO, &old) != 0)
		return cv_err_set(err, CV_NO_INPUT, "password", _("không có bàn phím để hỏi mật khẩu"));
	quiet = old;
	quiet.c_lflag &= ~(tcflag_t)(ECHO | ECHONL | ICANON | ISIG | IEXTEN);
	quiet.c_cc[VMIN] = 1;
	quiet.c_cc[VTIME] = 0;
	if (tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet) != 0)
		return cv_err_set(err, CV_NO_INPUT, "password", _("không có bàn phím để hỏi mật khẩu"));
	say(prompt);
	while (rc == CV_OK && !ended) {
		int k = read_byte(&c);

		if (k <= 0)
			rc = cv_err_set(err, CV_NO_INPUT, "password", _("chưa nhập mật khẩu"));
		else
			rc = secret_key(&s, c, &ended, err);
	}
	tcsetattr(STDIN_FILENO, TCSAFLUSH, &old);
	say("\n");
	if (rc == CV_OK)
		rc = secret_done(out, &s, err);
	cv_wipe(&s, sizeof(s));
	return rc;
}

enum cv_rc cv_read_secret(char **out, struct cv_err *err)
{
	struct secret s = {.n = 0};
	enum cv_rc rc = CV_OK;
	char c;
	int k = 0;

	*out = NULL;
	while (rc == CV_OK && (k = read_byte(&c)) > 0 && c != '\n')
		rc = secret_add(&s, c, err);
	if (k < 0)
		rc = cv_err_set(err, CV_IO, "password", "%s", strerror(errno));
	if (s.n > 0 && s.text[s.n - 1] == '\r')
		s.n--;
	if (rc == CV_OK)
		rc = secret_done(out, &s, err);
	cv_wipe(&s, sizeof(s));
	return rc;
}
