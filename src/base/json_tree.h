/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What json.c and json_write.c share: the only two files that know that a struct cv_json is a cJSON node. */
#ifndef CONGVU_BASE_JSON_TREE_H
#define CONGVU_BASE_JSON_TREE_H

#include <cjson/cJSON.h>
#include <stddef.h>

/* The members of an object in the order of their names; the array is the caller's to free. */
const cJSON **cv_json_sorted(const cJSON *object, size_t *count);

#endif
