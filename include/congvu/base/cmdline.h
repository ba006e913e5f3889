/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Command lines as data. A program is a table of verbs; each verb a table of options. Parsing, usage, --help,
 * completion and the man page's synopsis come from the tables; unknown words are answered with a suggestion.
 */
#ifndef CONGVU_BASE_CMDLINE_H
#define CONGVU_BASE_CMDLINE_H

#include <congvu/base/err.h>
#include <congvu/base/json.h>
#include <stdbool.h>
#include <stdio.h>

enum cv_opt_kind {
	CV_OPT_FLAG,
	CV_OPT_TEXT,
	CV_OPT_INT,
	CV_OPT_LIST, /* text that may be repeated */
	CV_OPT_PATH  /* a file name: its bytes stay as typed, text is put into NFC */
};

struct cv_args;

struct cv_opt {
	const char *name; /* "server", without dashes */
	char letter;	  /* 0 = none */
	enum cv_opt_kind kind;
	const char *value; /* metavariable for usage, NULL for flags */
	const char *help;  /* N_("…"), one line */
};

struct cv_verb {
	const char *noun;		/* "report"; for one-word commands the word itself; "" for no word at all */
	const char *verb;		/* "submit", or NULL */
	const char *operands;		/* "CODE…", or NULL */
	int min_operands, max_operands; /* max -1: any number */
	const struct cv_opt *opts;	/* ends with name NULL; may be NULL */
	const char *help;		/* N_("…"), one line */
	const char *example;		/* one line, or NULL */
	int (*run)(void *app, const struct cv_args *args); /* gives the exit status */
};

/* Parsed arguments. Everything got from them is borrowed and lives as long as they do; text is UTF-8 in NFC
 * (CV_DATA for bytes that are no UTF-8). */
const struct cv_verb *cv_args_verb(const struct cv_args *a);
bool cv_args_flag(const struct cv_args *a, const char *name);
const char *cv_args_text(const struct cv_args *a, const char *name);	/* NULL if absent */
bool cv_args_int(const struct cv_args *a, const char *name, long *out); /* false if absent */
size_t cv_args_count(const struct cv_args *a, const char *name);
const char *cv_args_nth(const struct cv_args *a, const char *name, size_t n);
size_t cv_args_operands(const struct cv_args *a);
const char *cv_args_operand(const struct cv_args *a, size_t n);	     /* NULL beyond the last */
const char *cv_args_operand_path(const struct cv_args *a, size_t n); /* the bytes as typed */

struct cv_program {
	const char *name;
	const char *version;
	const char *about;	      /* N_("…"), one line */
	const struct cv_verb *verbs;  /* ends with noun NULL */
	const struct cv_opt *globals; /* --json, --plain, …: accepted before and after the noun; may be NULL */
	/* What may be set, for the manual: [{"key","value","help"}], value the default; owned; may be NULL. */
	struct cv_json *(*settings)(void);
};
/* Finds the verb and parses. On CV_OK *out is owned by the caller. -h, --help and --version are answered on
 * `to` and give CV_OK with *out NULL. Abbreviations are not accepted. "--" ends options. An option given twice
 * is CV_USAGE unless it is a list or a flag; a number that is none is CV_DATA. */
enum cv_rc cv_args_parse(struct cv_args **out, const struct cv_program *program, int argc, char **argv, FILE *to,
			 struct cv_err *err);
void cv_args_destroy(struct cv_args *a); /* accepts NULL; wipes nothing: secrets never stand in argv */
/* True if the flag ("--json") stands in argv before "--": so that a failed parse is told in the form asked for. */
bool cv_argv_has(int argc, char **argv, const char *flag);
/* Usage of the program (noun NULL), of a noun's verbs (verb NULL), or of one verb. */
void cv_usage(FILE *to, const struct cv_program *program, const char *noun, const char *verb);
/* The same as one JSON object, for `--help --json`: name, version, about, globals, verbs with their options (all, a
 * noun's, or one), errors with their exit status, settings. The manual pages are made from it. */
void cv_usage_json(FILE *to, const struct cv_program *program, const char *noun, const char *verb);
/* Completion script for bash, zsh or fish from the tables. CV_USAGE for another shell. */
enum cv_rc cv_completion(FILE *to, const struct cv_program *program, const char *shell, struct cv_err *err);

/* The nearest of the words (ends with NULL) within edit distance 2, or NULL. */
const char *cv_suggest(const char *word, const char *const *words);

/* Output: {"v":1,"ok":true,"data":…} or {"v":1,"ok":false,"error":{…}[,"data":…]}, one line. data is borrowed. */
void cv_print_ok(FILE *to, const struct cv_json *data);
void cv_print_error(FILE *to, const struct cv_err *err, const struct cv_json *data_or_null);
/* Tab-separated row; tabs, newlines and control characters of the cells are cleaned. */
void cv_print_row(FILE *to, const char *const *cells, size_t n);
/* "congvu: sentence. hint" on stderr, cleaned for a terminal, one line. */
void cv_complain(const char *program, const struct cv_err *err);

/* A line from the terminal without echo (password), NFC. CV_NO_INPUT if stdin is no terminal, CV_INTERRUPTED for
 * Ctrl-C, CV_DATA for bad UTF-8 or over 1024 bytes. *out owned; wipe it. */
enum cv_rc cv_ask_secret(char **out, const char *prompt, struct cv_err *err);
/* The first line of stdin, for --password-stdin; bytes after it stay unread. CV_NO_INPUT if there is none or it is
 * empty. *out owned; wipe it. */
enum cv_rc cv_read_secret(char **out, struct cv_err *err);

#endif
