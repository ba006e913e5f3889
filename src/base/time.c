/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Moments and dates on the fixed +07 calendar; see the header. */
#include <congvu/base/time.h>

#include <stdio.h>
#include <string.h>

#define MINUTE_MS 60000LL
#define OFFSET_MS (7 * 60 * MINUTE_MS)

/* Days from civil and back: H. Hinnant's public-domain algorithms. */
static int32_t days_of(int y, int m, int d)
{
	y -= m <= 2;
	int era = (y >= 0 ? y : y - 399) / 400;
	int yoe = y - era * 400;
	int doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
	int doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
	return era * 146097 + doe - 719468;
}

void cv_date_split(int32_t date, int *year, int *month, int *day)
{
	int64_t z = (int64_t)date + 719468;
	int64_t era = (z >= 0 ? z : z - 146096) / 146097;
	int doe = (int)(z - era * 146097);
	int yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int mp = (5 * doy + 2) / 153;

	*day = doy - (153 * mp + 2) / 5 + 1;
	*month = mp < 10 ? mp + 3 : mp - 9;
	*year = (int)(yoe + era * 400) + (*month <= 2);
}

bool cv_date_join(int year, int month, int day, int32_t *out)
{
	int y, m, d;

	if (year < 1900 || year > 2999 || month < 1 || month > 12 || day < 1 || day > 31)
		return false;
	int32_t date = days_of(year, month, day);
	cv_date_split(date, &y, &m, &d);
	if (y != year || m != month || d != day)
		return false;
	*out = date;
	return true;
}

/* Reads exactly n digits; -1 if there are not so many. */
static int digits(const char **s, int n)
{
	int value = 0;

	for (int i = 0; i < n; i++) {
		char c = (*s)[i];
		if (c < '0' || c > '9')
			return -1;
		value = value * 10 + (c - '0');
	}
	*s += n;
	return value;
}

static bool skip(const char **s, char c)
{
	if (**s != c)
		return false;
	(*s)++;
	return true;
}

static bool read_date(const char **s, int32_t *out)
{
	int y = digits(s, 4);
	if (y < 0 || !skip(s, '-'))
		return false;
	int m = digits(s, 2);
	if (m < 0 || !skip(s, '-'))
		return false;
	int d = digits(s, 2);
	return d >= 0 && cv_date_join(y, m, d, out);
}

bool cv_date_parse(const char *s, int32_t *out)
{
	int32_t date;

	if (s == NULL || !read_date(&s, &date) || *s != '\0')
		return false;
	*out = date;
	return true;
}

void cv_date_format(int32_t date, char out[CV_DATE_SIZE])
{
	int y, m, d;

	out[0] = '\0';
	if (date == CV_DATE_NONE)
		return;
	cv_date_split(date, &y, &m, &d);
	snprintf(out, CV_DATE_SIZE, "%04d-%02d-%02d", y % 10000, m % 100, d % 100);
}

/* ".123456": milliseconds, the rest cut off; at least one digit. */
static int read_fraction(const char **s)
{
	int ms = 0, scale = 100, n = 0;

	for (; **s >= '0' && **s <= '9'; (*s)++, n++) {
		ms += (**s - '0') * scale;
		scale /= 10;
	}
	return n == 0 ? -1 : ms;
}

/* Minutes east of UTC. */
static bool read_offset(const char **s, int *minutes)
{
	if (**s == 'Z' || **s == 'z') {
		(*s)++;
		*minutes = 0;
		return true;
	}
	int sign = **s == '+' ? 1 : **s == '-' ? -1 : 0;
	if (sign == 0)
		return false;
	(*s)++;
	int h = digits(s, 2);
	if (h < 0 || h > 23 || !skip(s, ':'))
		return false;
	int m = digits(s, 2);
	if (m < 0 || m > 59)
		return false;
	*minutes = sign * (h * 60 + m);
	return true;
}

bool cv_time_parse(const char *s, int64_t *out)
{
	int32_t date;
	int ms = 0, offset;

	if (s == NULL || !read_date(&s, &date) || (*s != 'T' && *s != 't'))
		return false;
	s++;
	int h = digits(&s, 2);
	if (h < 0 || h > 23 || !skip(&s, ':'))
		return false;
	int m = digits(&s, 2);
	if (m < 0 || m > 59 || !skip(&s, ':'))
		return false;
	int sec = digits(&s, 2);
	if (sec < 0 || sec > 60)
		return false;
	if (skip(&s, '.') && (ms = read_fraction(&s)) < 0)
		return false;
	if (!read_offset(&s, &offset) || *s != '\0')
		return false;
	*out = date * CV_DAY_MS + (h * 60LL + m - offset) * MINUTE_MS + sec * 1000LL + ms;
	return true;
}

void cv_time_format(int64_t t, char out[CV_TIME_SIZE])
{
	char date[CV_DATE_SIZE];

	out[0] = '\0';
	if (t == CV_TIME_NONE)
		return;
	int32_t d = cv_date_of(t);
	int64_t rest = t - cv_date_at(d, 0);
	int ms = (int)(rest % 1000), sec = (int)(rest / 1000);

	cv_date_format(d, date);
	int n = snprintf(out, CV_TIME_SIZE, "%.10sT%02d:%02d:%02d", date, sec / 3600 % 24, sec / 60 % 60, sec % 60);
	if (ms != 0)
		n += snprintf(out + n, CV_TIME_SIZE - (size_t)n, ".%03d", ms);
	snprintf(out + n, CV_TIME_SIZE - (size_t)n, "+07:00");
}

int32_t cv_date_of(int64_t t)
{
	if (t == CV_TIME_NONE)
		return CV_DATE_NONE;
	int64_t local = t + OFFSET_MS;
	int64_t day = local / CV_DAY_MS;
	if (local % CV_DAY_MS < 0)
		day--;
	return (int32_t)day;
}

int64_t cv_date_at(int32_t d, int minute_of_day)
{
	return d * CV_DAY_MS + minute_of_day * MINUTE_MS - OFFSET_MS;
}

int cv_minute_of(int64_t t)
{
	return (int)((t - cv_date_at(cv_date_of(t), 0)) / MINUTE_MS);
}

int cv_weekday(int32_t d)
{
	return (int)(((int64_t)d % 7 + 7 + 3) % 7) + 1; /* 1970-01-01 was a Thursday */
}

int cv_clock_parse(const char *s)
{
	int h = 0, m = 0, n = 0;

	if (s == NULL)
		return -1;
	for (; *s >= '0' && *s <= '9' && n < 2; s++, n++)
		h = h * 10 + (*s - '0');
	if (n == 0 || (*s != ':' && *s != 'h'))
		return -1;
	bool bare = *s++ == 'h' && *s == '\0';
	if (!bare && ((m = digits(&s, 2)) < 0 || *s != '\0'))
		return -1;
	return h > 23 || m > 59 ? -1 : h * 60 + m;
}
