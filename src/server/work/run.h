/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One pushed operation, inside the writer's transaction. */
#ifndef CONGVU_SERVER_RUN_H
#define CONGVU_SERVER_RUN_H

#include "server/work/work.h"

struct cv_db;

enum cv_run { CV_RUN_ON, CV_RUN_RETRY, CV_RUN_FORKED };

/* Runs the job's item and pushes its result to job->results. CV_RUN_RETRY: the result is `retry`, the rest of the job
 * is not run. CV_RUN_FORKED: job->forked_mid is set. */
enum cv_run cv_run_item(struct cv_batch *b, const struct cv_env *env, struct cv_job *job,
			const struct cv_push_item *item);
/* Before a job's items: forgets the refusals the device has booked, notes that the device was seen. */
enum cv_rc cv_run_begin(struct cv_batch *b, const struct cv_env *env, const struct cv_job *job, struct cv_err *err);

#endif
