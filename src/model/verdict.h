/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the pure functions answer with, in one place. Private to the model. */
#ifndef CONGVU_MODEL_VERDICT_H
#define CONGVU_MODEL_VERDICT_H

#include <congvu/base/i18n.h>
#include <congvu/model/op.h>

static inline void cv_forbid(struct cv_outcome *out)
{
	out->st = CV_ST_FORBIDDEN;
	cv_err_set(&out->err, CV_FORBIDDEN, NULL, NULL);
}

static inline void cv_reject(struct cv_outcome *out, const char *field, const char *why)
{
	out->st = CV_ST_REJECTED;
	cv_err_set(&out->err, CV_DATA, field, "%s", why);
}

/* The object's copy to change, or the object unchanged. */
static inline void cv_accept(struct cv_outcome *out, enum cv_st st, struct cv_json *object)
{
	out->st = st;
	out->object = object;
}

/* Element with this eid in the array member `key`; NULL if none. */
static inline struct cv_json *cv_element(const struct cv_json *object, const char *key, const char *eid)
{
	CV_JSON_EACH (item, cv_json_array_of(object, key)) {
		const char *own = cv_json_str(item, "eid");
		if (own != NULL && __builtin_strcmp(own, eid) == 0)
			return item;
	}
	return NULL;
}

/* The array member `key`, made if absent. */
static inline struct cv_json *cv_array_in(struct cv_json *object, const char *key)
{
	if (cv_json_array_of(object, key) == NULL)
		cv_json_set(object, key, cv_json_new_array());
	return cv_json_array_of(object, key);
}

#endif
