/* mail_date: see mail_date.h. English month names whatever the locale; no library that would read zone
 * files. */
#include "parsers/mail_date.h"
#include <glib.h>
#include <stdbool.h>
#include <string.h>

struct date { int day, month, year, hour, minute, second; };

static const struct zone { const char *name; int minutes; } zones[] = {
	{ "UT", 0 }, { "GMT", 0 }, { "UTC", 0 }, { "Z", 0 }, { "EST", -300 }, { "EDT", -240 }, { "CST", -360 },
	{ "CDT", -300 }, { "MST", -420 }, { "MDT", -360 }, { "PST", -480 }, { "PDT", -420 },
	{ "EET", 120 }, { "EEST", 180 }, { "TRT", 180 },
};

static int month_find(const char *name)
{
	static const char months[] = "janfebmaraprmayjunjulaugsepoctnovdec";

	for (int i = 0; i < 12; i++)
		if (!g_ascii_strncasecmp(name, months + 3 * i, 3))
			return i + 1;
	return 0;
}

/* Digits only, at most `most`; -1: no such number. Moves over them. */
static int take_number(const char **p, int most)
{
	int n = 0, digits = 0;

	for (; g_ascii_isdigit(**p) && digits < most; digits++)
		n = n * 10 + *(*p)++ - '0';
	return digits ? n : -1;
}

static int zone_minutes(const char *p)
{
	int sign = *p == '-' ? -1 : 1, value;
	size_t letters = strcspn(p, " \t\r\n(");

	if (*p == '+' || *p == '-') {
		p++;
		value = take_number(&p, 4);
		return value < 0 || value > 2359 ? 0 : sign * (value / 100 * 60 + value % 100);
	}
	for (size_t i = 0; i < G_N_ELEMENTS(zones); i++)
		if (strlen(zones[i].name) == letters && !g_ascii_strncasecmp(p, zones[i].name, letters))
			return zones[i].minutes;
	return 0; /* RFC 5322 4.3: unknown zones are -0000 */
}

/* RFC 5322 4.3: years of two and three digits. */
static int full_year(int year)
{
	return year < 50 ? year + 2000 : year < 1000 ? year + 1900 : year;
}

static void skip(const char **p, const char *what)
{
	*p += strspn(*p, what);
}

static bool take_day(const char **p, struct date *d)
{
	skip(p, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ., \t\r\n"); /* the day of the week */
	d->day = take_number(p, 2);
	skip(p, " \t\r\n-");
	d->month = month_find(*p);
	skip(p, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.");
	skip(p, " \t\r\n-");
	d->year = full_year(take_number(p, 4));
	return d->day > 0 && d->month && g_date_valid_dmy(d->day, d->month, d->year);
}

static bool take_time(const char **p, struct date *d)
{
	skip(p, " \t\r\n,");
	d->hour = take_number(p, 2);
	if (*(*p)++ != ':')
		return false;
	d->minute = take_number(p, 2);
	if (**p == ':') {
		++*p;
		d->second = take_number(p, 2);
	}
	return d->hour >= 0 && d->hour < 24 && d->minute >= 0 && d->minute < 60 && d->second >= 0 && d->second <= 60;
}

char *mail_date_parse(const char *raw)
{
	struct date d = { 0 };
	const char *p = raw;
	int offset;

	if (!take_day(&p, &d) || !take_time(&p, &d))
		return NULL;
	skip(&p, " \t\r\n");
	offset = zone_minutes(p);
	return g_strdup_printf("%04d-%02d-%02dT%02d:%02d:%02d%c%02d:%02d", d.year, d.month, d.day, d.hour, d.minute,
		d.second, offset < 0 ? '-' : '+', ABS(offset) / 60, ABS(offset) % 60);
}
