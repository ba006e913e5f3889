/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Dossiers (hồ sơ): where one may lie, and what may be done with it there. The national status codes are QĐ 766 and the
 * one-stop rules (NĐ 118/2025); while the status is 4 an approval step moves below it.
 */
#ifndef CONGVU_MODEL_DOSSIER_H
#define CONGVU_MODEL_DOSSIER_H

#include <congvu/base/err.h>
#include <congvu/model/op.h>

/* name, status, step, label */
#define CV_PLACE_TABLE(X)                                                                                              \
	X(NEW, 1, "", N_("mới đăng ký"))                                                                               \
	X(RECEIVED, 2, "", N_("đã tiếp nhận"))                                                                         \
	X(REFUSED, 3, "", N_("từ chối"))                                                                               \
	X(UNASSIGNED, 4, "unassigned", N_("chờ phân công"))                                                            \
	X(WORKING, 4, "working", N_("thụ lý"))                                                                         \
	X(AT_HEAD, 4, "at_head", N_("chờ duyệt"))                                                                      \
	X(AT_LEADER, 4, "at_leader", N_("chờ lãnh đạo"))                                                               \
	X(APPROVED, 4, "approved", N_("chờ cấp số"))                                                                   \
	X(SUPPLEMENT, 5, "", N_("chờ bổ sung"))                                                                        \
	X(PAYMENT, 6, "", N_("chờ nộp phí"))                                                                           \
	X(WITHDRAWAL, 7, "", N_("xin rút"))                                                                            \
	X(STOPPED, 8, "", N_("đã dừng"))                                                                               \
	X(DONE, 9, "", N_("chờ trả"))                                                                                  \
	X(DELIVERED, 10, "", N_("đã trả"))

enum cv_place {
#define X(name, status, step, label) CV_PLACE_##name,
	CV_PLACE_TABLE(X)
#undef X
		CV_PLACE_COUNT,
	CV_PLACE_UNKNOWN = CV_PLACE_COUNT /* from a newer server */
};
enum cv_place cv_dossier_place(const struct cv_json *dossier);
/* Translated, borrowed: "thụ lý". */
const char *cv_place_label(enum cv_place place);
/* Status 3, 8, 10: nothing more happens. */
bool cv_dossier_ended(const struct cv_json *dossier);
/* Status 5, 6, 7: the clock stands still and nobody is late. */
bool cv_dossier_paused(const struct cv_json *dossier);

/* May this person do it with this dossier now? What is not possible is shown grey with the reason. CV_OK, CV_FORBIDDEN
 * (not hers) or CV_REJECTED (not now), with the reason in Vietnamese. Says nothing about arguments. */
enum cv_rc cv_dossier_can(const struct cv_ctx *ctx, const struct cv_op *op, const struct cv_json *dossier,
			  const struct cv_act *act, struct cv_err *err);

/* Where a finished proposal goes next on this dossier's route: a place's label ("chờ lãnh đạo duyệt"). */
const char *cv_dossier_next_label(const struct cv_ctx *ctx, const struct cv_json *dossier);

/* "09xx xxx 123": what a person sees who must not call. out has 32 bytes. */
void cv_phone_mask(char *out, const char *phone);

/* Dossier codes: `{agency}-{yymmdd}-{0001}` (QCVN 102:2016, QĐ 20/2020); provisional `T-{desk}-{0008}`. */
bool cv_dossier_code_valid(const char *code);
/* The short form that lists show: without the agency. Borrowed from code. */
const char *cv_dossier_code_short(const char *code);

#endif
