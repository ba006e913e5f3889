/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A map file tells how somebody else's CSV becomes ours:
 *
 *   [options]  date = iso | dmy | mdy     zone = +07:00 | America/Los_Angeles
 *   [columns]  code = SRNumber            our column = theirs
 *   [const]    unit = office              every row, whatever it says
 *   [values status]  Closed = 10          their word = ours; "* = …" for words that are not listed (else a bad line)
 */
#ifndef CONGVU_SERVER_ADMIN_MAP_H
#define CONGVU_SERVER_ADMIN_MAP_H

#include <congvu/base/err.h>
#include <stdbool.h>
#include <stdint.h>

struct cv_map;
/* path may be NULL: a map that changes nothing. */
enum cv_rc cv_map_open(struct cv_map **out, const char *path, struct cv_err *err);
void cv_map_close(struct cv_map *map);
/* "unit=p1" */
enum cv_rc cv_map_set(struct cv_map *map, const char *text, struct cv_err *err);

const char *cv_map_column(const struct cv_map *map, const char *ours); /* theirs, NULL: not renamed */
const char *cv_map_const(const struct cv_map *map, const char *ours);  /* NULL: none */
/* The value to take for theirs; false when the column has a table that does not know it. */
bool cv_map_value(const struct cv_map *map, const char *ours, const char *theirs, const char **out);
/* True if every name the map speaks of is among the words (ends with NULL); else *stranger. */
bool cv_map_knows(const struct cv_map *map, const char *const *words, const char **stranger);

/* A moment: RFC 3339, "2026-11-22 08:15", "22/11/2026 8:15:00 PM" in the map's order and zone. A date alone is that
 * day at `minute`. */
bool cv_map_time(const struct cv_map *map, const char *text, int minute, int64_t *out);
/* A date alone, in the map's order. */
bool cv_map_date(const struct cv_map *map, const char *text, int32_t *out);

#endif
