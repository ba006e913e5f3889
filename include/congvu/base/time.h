/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Time. A moment is int64_t milliseconds since the epoch; a date is int32_t days since 1970-01-01
 * on the calendar of Vietnam, which is UTC+07:00 the whole year (no summer time since 1975). What
 * TZ says plays no part anywhere.
 */
#ifndef CONGVU_BASE_TIME_H
#define CONGVU_BASE_TIME_H

#include <stdbool.h>
#include <stdint.h>

#define CV_TIME_NONE INT64_MIN
#define CV_DATE_NONE INT32_MIN
#define CV_DAY_MS    86400000LL
#define CV_TIME_SIZE 32 /* "2026-11-22T06:58:10.123+07:00" and NUL */
#define CV_DATE_SIZE 16 /* "2026-11-22" and NUL */

/* Strict RFC 3339 with offset; fraction optional, cut to ms. False (and *out untouched) otherwise. */
bool cv_time_parse(const char *s, int64_t *out);
/* "2026-11-22T06:58:10+07:00"; with ".123" only when the milliseconds are not zero. */
void cv_time_format(int64_t t, char out[CV_TIME_SIZE]);
/* "2026-11-22", strict, years 1900-2999, real dates only. */
bool cv_date_parse(const char *s, int32_t *out);
void cv_date_format(int32_t d, char out[CV_DATE_SIZE]);
int32_t cv_date_of(int64_t t);			  /* the +07 day a moment lies in */
int64_t cv_date_at(int32_t d, int minute_of_day); /* moment of d 00:00+07 plus minutes */
int cv_minute_of(int64_t t);			  /* 0..1439, +07 */
int cv_weekday(int32_t d);			  /* 1 = Monday .. 7 = Sunday */
void cv_date_split(int32_t d, int *year, int *month, int *day);
bool cv_date_join(int year, int month, int day, int32_t *out);
/* "07:30" or "7h30" or "17h" to minutes of the day; -1 if it is none. */
int cv_clock_parse(const char *s);

#endif
