/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "client/tui/term/input.h"

#include <congvu/base/mem.h>
#include <congvu/base/text.h>

#include <stdlib.h>
#include <string.h>

void cv_input_init(struct cv_input *in)
{
	*in = (struct cv_input){.escaped = INT64_MIN / 2};
	cv_buf_init(&in->paste, CV_PASTE_MAX);
}

void cv_input_finish(struct cv_input *in)
{
	cv_buf_finish(&in->paste);
}

static const struct {
	const char *tail; /* behind ESC */
	enum cv_key_kind kind;
	int number;
} sequences[] = {
	{"[A", CV_KEY_UP, 0},	   {"[B", CV_KEY_DOWN, 0},    {"[C", CV_KEY_RIGHT, 0}, {"[D", CV_KEY_LEFT, 0},
	{"OA", CV_KEY_UP, 0},	   {"OB", CV_KEY_DOWN, 0},    {"OC", CV_KEY_RIGHT, 0}, {"OD", CV_KEY_LEFT, 0},
	{"[H", CV_KEY_HOME, 0},	   {"OH", CV_KEY_HOME, 0},    {"[1~", CV_KEY_HOME, 0}, {"[7~", CV_KEY_HOME, 0},
	{"[F", CV_KEY_END, 0},	   {"OF", CV_KEY_END, 0},     {"[4~", CV_KEY_END, 0},  {"[8~", CV_KEY_END, 0},
	{"[2~", CV_KEY_INSERT, 0}, {"[3~", CV_KEY_DELETE, 0}, {"[5~", CV_KEY_PGUP, 0}, {"[6~", CV_KEY_PGDN, 0},
	{"[Z", CV_KEY_BACKTAB, 0}, {"OM", CV_KEY_ENTER, 0},   {"OP", CV_KEY_F, 1},     {"OQ", CV_KEY_F, 2},
	{"OR", CV_KEY_F, 3},	   {"OS", CV_KEY_F, 4},	      {"[P", CV_KEY_F, 1},     {"[Q", CV_KEY_F, 2},
	{"[R", CV_KEY_F, 3},	   {"[S", CV_KEY_F, 4},	      {"[11~", CV_KEY_F, 1},   {"[12~", CV_KEY_F, 2},
	{"[13~", CV_KEY_F, 3},	   {"[14~", CV_KEY_F, 4},     {"[[A", CV_KEY_F, 1},    {"[[B", CV_KEY_F, 2},
	{"[[C", CV_KEY_F, 3},	   {"[[D", CV_KEY_F, 4},      {"[[E", CV_KEY_F, 5},    {"[15~", CV_KEY_F, 5},
	{"[17~", CV_KEY_F, 6},	   {"[18~", CV_KEY_F, 7},     {"[19~", CV_KEY_F, 8},   {"[20~", CV_KEY_F, 9},
	{"[21~", CV_KEY_F, 10},	   {"[23~", CV_KEY_F, 11},    {"[24~", CV_KEY_F, 12},
};

static bool known(const char *tail, struct cv_key *key)
{
	for (size_t i = 0; i < CV_COUNT(sequences); i++) {
		if (strcmp(sequences[i].tail, tail) == 0) {
			*key = (struct cv_key){.kind = sequences[i].kind, .number = sequences[i].number};
			return true;
		}
	}
	return false;
}

/* "[1;5A" and "[5;2~": with a modifier it is the same key here. */
static bool known_modified(char *tail, struct cv_key *key)
{
	char *semicolon = strchr(tail, ';');
	size_t n = strlen(tail);

	if (semicolon == NULL || n < 3)
		return false;
	char final = tail[n - 1];
	if (final == '~') {
		semicolon[0] = '~';
		semicolon[1] = '\0';
	} else {
		tail[1] = final;
		tail[2] = '\0';
	}
	return known(tail, key);
}

/* Is the sequence in seq (which begins with ESC) whole? */
static bool whole(const char *seq, size_t n)
{
	if (n < 2)
		return false;
	if (seq[1] == 'O')
		return n == 3;
	if (seq[1] == '[') {
		if (n == 3 && seq[2] == '[')
			return false; /* the Linux console's ESC [ [ A */
		if (n == 4 && seq[2] == '[')
			return true;
		return n > 2 && seq[n - 1] >= 0x40 && seq[n - 1] <= 0x7E;
	}
	/* OSC, DCS, APC, PM, SOS: to BEL or ST */
	if (seq[1] == ']' || seq[1] == 'P' || seq[1] == '_' || seq[1] == '^' || seq[1] == 'X')
		return seq[n - 1] == '\a' || (n > 3 && seq[n - 2] == 0x1B && seq[n - 1] == '\\');
	return true; /* ESC and a key: Alt, which means nothing here */
}

static bool end_sequence(struct cv_input *in, struct cv_key *key)
{
	char tail[sizeof(in->seq)];

	cv_strcopy(tail, sizeof(tail), in->seq + 1);
	in->n = 0;
	if (in->drop) {
		in->drop = false;
		return false;
	}
	if (strcmp(tail, "[200~") == 0) {
		in->pasting = true;
		cv_buf_reset(&in->paste);
		return false;
	}
	return known(tail, key) || known_modified(tail, key);
}

static int utf8_length(unsigned char c)
{
	return c < 0x80 ? 1 : c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : c >= 0xC2 ? 2 : 0;
}

static bool plain(unsigned char byte, struct cv_key *key)
{
	*key = (struct cv_key){.kind = CV_KEY_NONE};
	switch (byte) {
	case '\r':
	case '\n':
		key->kind = CV_KEY_ENTER;
		return true;
	case '\t':
		key->kind = CV_KEY_TAB;
		return true;
	case 0x7F:
	case 0x08:
		key->kind = CV_KEY_BACKSPACE;
		return true;
	default:
		break;
	}
	if (byte >= 1 && byte <= 26) {
		key->kind = CV_KEY_CTRL;
		key->number = 'a' + byte - 1;
		return true;
	}
	if (byte < 0x20)
		return false;
	key->kind = CV_KEY_CHAR;
	key->text[0] = (char)byte;
	return true;
}

/* Pasted text until ESC [ 201 ~, which is looked for in the text itself. */
static bool paste_byte(struct cv_input *in, unsigned char byte, struct cv_key *key)
{
	static const char end[] = "\x1b[201~";
	size_t n = sizeof(end) - 1;

	/* A marker that straddles the limit still ends it. */
	memmove(in->seq, in->seq + 1, n - 1);
	in->seq[n - 1] = (char)byte;
	cv_buf_putc(&in->paste, (char)byte);
	if (memcmp(in->seq, end, n) != 0)
		return false;
	in->pasting = false;
	in->n = 0;
	memset(in->seq, 0, n);
	size_t cut = in->paste.len >= n && !in->paste.full ? in->paste.len - n : in->paste.len;
	char *clean = cv_alloc(cut + 1);
	memcpy(clean, in->paste.data, cut);
	cv_buf_reset(&in->paste);
	cv_text_clean(&in->paste, clean, cut, true);
	free(clean);
	*key = (struct cv_key){.kind = CV_KEY_PASTE};
	return true;
}

static bool character_byte(struct cv_input *in, unsigned char byte, struct cv_key *key)
{
	if (in->n == 0) {
		int length = utf8_length(byte);
		if (length == 1)
			return plain(byte, key);
		if (length == 0)
			return false;
	} else if ((byte & 0xC0) != 0x80) {
		in->n = 0; /* the broken beginning is dropped */
		return character_byte(in, byte, key);
	}
	in->seq[in->n++] = (char)byte;
	if ((int)in->n < utf8_length((unsigned char)in->seq[0]))
		return false;
	*key = (struct cv_key){.kind = CV_KEY_CHAR};
	memcpy(key->text, in->seq, in->n);
	size_t n = in->n;
	in->n = 0;
	return cv_utf8_valid(key->text, n);
}

/* Letters that can be the end of a sequence torn by the line. */
static bool tail_letter(unsigned char c)
{
	return strchr("ABCDFHOPQRS[~", c) != NULL || (c >= '0' && c <= '9') || c == ';';
}

bool cv_input_byte(struct cv_input *in, unsigned char byte, int64_t now, struct cv_key *key)
{
	if (in->pasting)
		return paste_byte(in, byte, key);
	if (in->n == 0 && now - in->escaped < CV_TAIL_MS && tail_letter(byte) && byte != 0) {
		in->escaped = now; /* the rest of it may follow */
		return false;
	}
	if (in->n == 0 && byte == 0x1B) {
		in->seq[in->n++] = (char)byte;
		in->begun = now;
		return false;
	}
	if (in->n == 0 || in->seq[0] != 0x1B)
		return character_byte(in, byte, key);
	if (in->n == 1 && byte == 0x1B) { /* twice: the first was the key */
		in->begun = now;
		*key = (struct cv_key){.kind = CV_KEY_ESC};
		return true;
	}
	if (in->n + 1 < sizeof(in->seq)) {
		in->seq[in->n++] = (char)byte;
	} else { /* too long to be anything: read to its end and dropped */
		in->drop = true;
		in->seq[in->n - 2] = in->seq[in->n - 1];
		in->seq[in->n - 1] = (char)byte;
	}
	in->seq[in->n] = '\0';
	return whole(in->seq, in->n) && end_sequence(in, key);
}

bool cv_input_idle(struct cv_input *in, int64_t now, struct cv_key *key)
{
	if (in->pasting || in->n == 0 || in->seq[0] != 0x1B || now - in->begun < CV_ESC_MS)
		return false;
	bool alone = in->n == 1;
	in->n = 0;
	in->drop = false;
	if (alone) {
		in->escaped = now;
		*key = (struct cv_key){.kind = CV_KEY_ESC};
	}
	return alone;
}

int cv_input_wait(const struct cv_input *in, int64_t now)
{
	if (in->pasting || in->n == 0 || in->seq[0] != 0x1B)
		return -1;
	int64_t left = CV_ESC_MS - (now - in->begun);
	return left > 0 ? (int)left : 0;
}

char cv_key_command(const struct cv_key *key, bool *vietnamese)
{
	/* Telex: the last key that was struck. */
	static const struct {
		const char *letters;
		char key;
	} marks[] = {
		{"đĐ", 'd'},
		{"ưƯơƠăĂ", 'w'},
		{"âÂ", 'a'},
		{"êÊ", 'e'},
		{"ôÔ", 'o'},
		{"áéíóúýấếốắớứÁÉÍÓÚÝẤẾỐẮỚỨ", 's'},
		{"àèìòùỳầềồằờừÀÈÌÒÙỲẦỀỒẰỜỪ", 'f'},
		{"ảẻỉỏủỷẩểổẳởửẢẺỈỎỦỶẨỂỔẲỞỬ", 'r'},
		{"ãẽĩõũỹẫễỗẵỡữÃẼĨÕŨỸẪỄỖẴỠỮ", 'x'},
		{"ạẹịọụỵậệộặợựẠẸỊỌỤỴẬỆỘẶỢỰ", 'j'},
	};

	*vietnamese = false;
	if (key->kind != CV_KEY_CHAR)
		return '\0';
	if ((unsigned char)key->text[0] < 0x80)
		return key->text[0];
	for (size_t i = 0; i < CV_COUNT(marks); i++) {
		if (strstr(marks[i].letters, key->text) != NULL) {
			*vietnamese = true;
			return marks[i].key;
		}
	}
	*vietnamese = true;
	return '\0';
}
