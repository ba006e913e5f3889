/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pure functions behind the operation table. Private to the model. */
#ifndef CONGVU_MODEL_OPS_H
#define CONGVU_MODEL_OPS_H

#include <congvu/model/op.h>

#define CV_OP_FUNCTION(name)                                                                                           \
	void name(const struct cv_ctx *ctx, const char *id, const struct cv_json *object, const struct cv_json *args,  \
		  const struct cv_act *act, struct cv_outcome *out)

CV_OP_FUNCTION(cv_report_submit);
CV_OP_FUNCTION(cv_report_comment);
CV_OP_FUNCTION(cv_report_see);
CV_OP_FUNCTION(cv_workday_register);
CV_OP_FUNCTION(cv_workday_record);
CV_OP_FUNCTION(cv_workday_review);
CV_OP_FUNCTION(cv_workday_see);
CV_OP_FUNCTION(cv_workday_return);
CV_OP_FUNCTION(cv_dossier_new);
CV_OP_FUNCTION(cv_dossier_accept);
CV_OP_FUNCTION(cv_dossier_forward);
CV_OP_FUNCTION(cv_dossier_assign);
CV_OP_FUNCTION(cv_dossier_start);
CV_OP_FUNCTION(cv_dossier_note);
CV_OP_FUNCTION(cv_dossier_edit);
CV_OP_FUNCTION(cv_dossier_submit);
CV_OP_FUNCTION(cv_dossier_recall);
CV_OP_FUNCTION(cv_dossier_endorse);
CV_OP_FUNCTION(cv_dossier_approve);
CV_OP_FUNCTION(cv_dossier_return);
CV_OP_FUNCTION(cv_dossier_issue);
CV_OP_FUNCTION(cv_dossier_request_supplement);
CV_OP_FUNCTION(cv_dossier_receive_supplement);
CV_OP_FUNCTION(cv_dossier_request_payment);
CV_OP_FUNCTION(cv_dossier_confirm_payment);
CV_OP_FUNCTION(cv_dossier_request_withdrawal);
CV_OP_FUNCTION(cv_dossier_settle_withdrawal);
CV_OP_FUNCTION(cv_dossier_refuse);
CV_OP_FUNCTION(cv_dossier_stop);
CV_OP_FUNCTION(cv_dossier_rework);
CV_OP_FUNCTION(cv_dossier_deliver);
CV_OP_FUNCTION(cv_dossier_extend);
CV_OP_FUNCTION(cv_dossier_reroute);
CV_OP_FUNCTION(cv_dossier_explain);
CV_OP_FUNCTION(cv_dossier_apologise);

/* Appends seen{user,at} once. */
void cv_mark_seen(const struct cv_json *object, const struct cv_act *act, struct cv_outcome *out);

#endif
