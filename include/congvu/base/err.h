/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Errors: one table gives the enum, the exit status, the retry class, the code on the wire and the
 * Vietnamese sentence. The man page's exit table is checked against it.
 *
 * Functions that can fail return enum cv_rc (CV_OK = 0) and fill an optional last parameter
 * struct cv_err * once, where the fault is known: an error already set is never overwritten by a
 * vaguer one from above.
 */
#ifndef CONGVU_BASE_ERR_H
#define CONGVU_BASE_ERR_H

#include <stdbool.h>
#include <stddef.h>

/* What a caller may do about it: never again, later by itself, after a person did something. */
enum cv_retry { CV_RETRY_NEVER, CV_RETRY_LATER, CV_RETRY_PERSON };

/* name, exit status, retry class, code, sentence (source language: Vietnamese) */
#define CV_RC_TABLE(X)                                                                                                 \
	X(OK, 0, NEVER, "ok", "xong")                                                                                  \
	X(NEEDS_PERSON, 10, PERSON, "needs-person", "đã đến máy chủ nhưng cần người xem lại")                          \
	X(USAGE, 64, NEVER, "usage", "sai cách dùng lệnh")                                                             \
	X(DATA, 65, NEVER, "bad-data", "dữ liệu không đúng")                                                           \
	X(SYNTAX, 65, NEVER, "bad-syntax", "không đọc được dữ liệu")                                                   \
	X(LIMIT, 65, NEVER, "too-large", "quá lớn")                                                                    \
	X(STATE_SECRET, 65, NEVER, "state-secret",                                                                     \
	  "nội dung mang dấu mật: chỉ xử lý tại cơ quan, không đưa lên máy này")                                       \
	X(NO_INPUT, 66, NEVER, "no-input", "không mở được tệp đầu vào")                                                \
	X(NOT_FOUND, 65, NEVER, "not-found", "không có")                                                               \
	X(FORBIDDEN, 10, PERSON, "forbidden", "không được phép")                                                       \
	X(CONFLICT, 10, PERSON, "conflict", "khác bản trên máy chủ")                                                   \
	X(REJECTED, 10, PERSON, "rejected", "không được nhận")                                                         \
	X(UNREACHABLE, 69, LATER, "unreachable", "chưa nối được với máy chủ")                                          \
	X(TRANSPORT, 69, LATER, "transport", "đường truyền lỗi")                                                       \
	X(BUSY, 75, LATER, "busy", "máy chủ đang bận")                                                                 \
	X(INTERNAL, 70, NEVER, "internal", "lỗi của chương trình")                                                     \
	X(CRYPTO, 70, NEVER, "crypto", "không mở được dữ liệu đã niêm phong")                                          \
	X(CORRUPT, 70, PERSON, "corrupt", "kho dữ liệu trên máy bị hỏng")                                              \
	X(NOT_SAVED, 73, PERSON, "not-saved", "CHƯA LƯU được trên máy này")                                            \
	X(IO, 74, PERSON, "io", "lỗi đọc ghi tệp")                                                                     \
	X(QUEUED, 75, LATER, "queued", "đã lưu trên máy, chờ gửi")                                                     \
	X(PROTOCOL, 76, PERSON, "protocol", "máy chủ trả lời không đúng giao thức")                                    \
	X(CLIENT_TOO_OLD, 76, PERSON, "client-too-old", "chương trình trên máy này đã cũ, cần cập nhật")               \
	X(LOGIN, 77, PERSON, "login-required", "cần đăng nhập lại")                                                    \
	X(LOCKED, 77, PERSON, "locked", "kho khóa của máy đang đóng, cần mở khóa")                                     \
	X(DISABLED, 77, PERSON, "device-disabled", "máy này đã bị thu quyền đăng nhập")                                \
	X(CONFIG, 78, PERSON, "config", "cấu hình chưa đúng")                                                          \
	X(INTERRUPTED, 130, LATER, "interrupted", "đã ngắt theo yêu cầu")

enum cv_rc {
#define X(name, exit, retry, code, text) CV_##name,
	CV_RC_TABLE(X)
#undef X
};
#define CV_RC_COUNT (CV_INTERRUPTED + 1)

/* Short wire code (RFC 9457 "code"), field at fault (may be ""), sentence, what to do next (may be ""). */
struct cv_err {
	enum cv_rc rc;
	char code[40];
	char field[64];
	char detail[400];
	char hint[240];
};

int cv_rc_exit(enum cv_rc rc);
enum cv_retry cv_rc_retry(enum cv_rc rc);
const char *cv_rc_code(enum cv_rc rc);
/* Borrowed, translated. */
const char *cv_rc_text(enum cv_rc rc);

void cv_err_init(struct cv_err *err);
/* Fills err if it is not NULL and empty; returns rc, so that callers write `return cv_err_set(...)`.
 * field may be NULL; detail may be NULL (then the table's sentence). */
enum cv_rc cv_err_set(struct cv_err *err, enum cv_rc rc, const char *field, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
/* Like cv_err_set, with a code of its own instead of the table's. */
enum cv_rc cv_err_code(struct cv_err *err, enum cv_rc rc, const char *code, const char *field, const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));
/* Adds what to do next, unless there is a hint already. */
void cv_err_hint(struct cv_err *err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
