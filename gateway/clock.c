/* clock: time comes from here only, so a test can set it. No libc calendar: that one knows zones and locales, we know +03:00. */
#include "gateway/clock.h"
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { ISTANBUL = 3 * 3600, DAY = 86400 };

/* Days since 1970-01-01 in the proleptic Gregorian calendar, and back (H. Hinnant, "chrono-compatible low-level date
 * algorithms"): years begin in March, so that the leap day is the last of its year. */
static gint64 days_of(gint64 y, unsigned m, unsigned d)
{
	y -= m <= 2;
	gint64 era = (y >= 0 ? y : y - 399) / 400;
	unsigned yoe = (unsigned)(y - era * 400);
	unsigned doy = (153 * (m > 2 ? m - 3 : m + 9) + 2) / 5 + d - 1;

	return era * 146097 + (gint64)(yoe * 365 + yoe / 4 - yoe / 100 + doy) - 719468;
}

static void date_of(gint64 days, gint64 *y, unsigned *m, unsigned *d)
{
	days += 719468;
	gint64 era = (days >= 0 ? days : days - 146096) / 146097;
	unsigned doe = (unsigned)(days - era * 146097);
	unsigned yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	unsigned doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	unsigned mp = (5 * doy + 2) / 153;

	*d = doy - (153 * mp + 2) / 5 + 1;
	*m = mp < 10 ? mp + 3 : mp - 9;
	*y = (gint64)yoe + era * 400 + (*m <= 2);
}

/* Reads exactly `width` digits. */
static bool digits(const char **at, int width, unsigned *out)
{
	*out = 0;
	for (int i = 0; i < width; i++) {
		if (!g_ascii_isdigit((*at)[i]))
			return false;
		*out = *out * 10 + (unsigned)((*at)[i] - '0');
	}
	*at += width;
	return true;
}

static bool sign(const char **at, char wanted)
{
	if (**at != wanted)
		return false;
	(*at)++;
	return true;
}

static bool parse_date(const char **at, gint64 *days)
{
	unsigned y, m, d, m2, d2;
	gint64 y2;

	if (!digits(at, 4, &y) || !sign(at, '-') || !digits(at, 2, &m) || !sign(at, '-') || !digits(at, 2, &d))
		return false;
	if (m < 1 || m > 12 || d < 1)
		return false;
	*days = days_of(y, m, d);
	date_of(*days, &y2, &m2, &d2);
	return m2 == m && d2 == d; /* 31 April comes back as 1 May */
}

static bool parse_time(const char **at, gint64 *seconds)
{
	unsigned h, m, s = 0, fraction;

	if (!digits(at, 2, &h) || !sign(at, ':') || !digits(at, 2, &m))
		return false;
	if (sign(at, ':') && !digits(at, 2, &s))
		return false;
	if (sign(at, '.'))
		while (digits(at, 1, &fraction))
			;
	*seconds = (gint64)h * 3600 + m * 60 + s;
	return h < 24 && m < 60 && s < 60;
}

static bool parse_zone(const char **at, gint64 *offset)
{
	unsigned h, m = 0;
	int direction = **at == '-' ? -1 : 1;

	*offset = ISTANBUL;
	if (!**at)
		return true;
	*offset = 0;
	if (sign(at, 'Z'))
		return true;
	if (!sign(at, '+') && !sign(at, '-'))
		return false;
	if (!digits(at, 2, &h) || (sign(at, ':'), !digits(at, 2, &m)))
		return false;
	*offset = direction * ((gint64)h * 3600 + m * 60);
	return h < 24 && m < 60;
}

gint64 clock_parse(const char *iso)
{
	gint64 days, seconds = 0, offset = ISTANBUL;

	if (!iso || !parse_date(&iso, &days))
		return -1;
	if (*iso && !sign(&iso, 'T') && !sign(&iso, ' '))
		return -1;
	if (*iso && (!parse_time(&iso, &seconds) || !parse_zone(&iso, &offset)))
		return -1;
	return *iso || days * DAY + seconds < offset ? -1 : days * DAY + seconds - offset;
}

char *clock_iso(gint64 t)
{
	gint64 local = t + ISTANBUL;
	gint64 days = local >= 0 ? local / DAY : (local - DAY + 1) / DAY;
	unsigned m, d, s = (unsigned)(local - days * DAY);
	gint64 y;

	date_of(days, &y, &m, &d);
	return g_strdup_printf("%04" G_GINT64_FORMAT "-%02u-%02uT%02u:%02u:%02u+03:00", y, m, d, s / 3600, s / 60 % 60, s % 60);
}

enum setting { UNREAD, REAL, SHIFTED, FIXED };

static enum setting read_setting(gint64 *value)
{
	const char *text = getenv("NESGATE_NOW");
	char *end;

	if (!text || !*text)
		return REAL;
	*value = g_ascii_strtoll(text, &end, 10);
	if (*end) {
		*value = clock_parse(text);
		if (*value < 0)
			g_error("NESGATE_NOW=%s is no time", text);
		return FIXED;
	}
	return *text == '+' ? SHIFTED : FIXED;
}

/* The variable is read once: a process does not change its clock. */
gint64 clock_now(void)
{
	static enum setting setting;
	static gint64 value;

	if (setting == UNREAD)
		setting = read_setting(&value);
	if (setting == FIXED)
		return value;
	return (gint64)time(NULL) + (setting == SHIFTED ? value : 0);
}

gint64 clock_monotonic_ms(void)
{
	return g_get_monotonic_time() / 1000;
}
