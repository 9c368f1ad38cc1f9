/* calendar: days counted, not clocks read: the offset has been +03 all year since 2016, so no zone file is asked. */
#include "queue/calendar.h"
#include <stdlib.h>
#include <string.h>
#include "queue/error.h"

enum { HOUR = 3600, OPENS = 9, CLOSES = 17, NOON = 13, WEEKEND = 5 };

struct span { gint64 first, last; bool afternoon; };
struct calendar { gint64 opens, closes; GArray *leave; };

#define HOLIDAY(m, d) { m, d, false },
#define HALF(m, d)    { m, d, true },
#define FEAST(y, m, d, n)
static const struct { int month, day; bool afternoon; } yearly[] = {
#include "queue/calendar.def"
};

#define HOLIDAY(m, d)
#define HALF(m, d)
#define FEAST(y, m, d, n) { y, m, d, n },
static const struct { int year, month, day, days; } feasts[] = {
#include "queue/calendar.def"
};

struct date { gint64 year; int month, day; };

/* Proleptic Gregorian date of a day number: years begin in March, eras last 400 years (H. Hinnant's days algorithms). */
static struct date date_of(gint64 day)
{
	gint64 z = day + 719468, era = (z >= 0 ? z : z - 146096) / 146097, of_era = z - era * 146097;
	gint64 year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	gint64 of_year = of_era - (365 * year + year / 4 - year / 100), m = (5 * of_year + 2) / 153;
	int month = (int)(m < 10 ? m + 3 : m - 9);
	return (struct date){ year + era * 400 + (month <= 2), month, (int)(of_year - (153 * m + 2) / 5 + 1) };
}

/* The way back (same source). */
static gint64 day_of(gint64 year, int month, int day)
{
	gint64 y = year - (month <= 2), era = (y >= 0 ? y : y - 399) / 400, of_era = y - era * 400;
	gint64 of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

gint64 calendar_day(gint64 now)
{
	gint64 local = now + CALENDAR_OFFSET;
	return local >= 0 ? local / CALENDAR_DAY : -((CALENDAR_DAY - 1 - local) / CALENDAR_DAY);
}

int calendar_weekday(gint64 day)
{
	return (int)(((day + 3) % 7 + 7) % 7); /* 1970-01-01 was a Thursday */
}

static gint64 time_of(gint64 day, gint64 hour)
{
	return day * CALENDAR_DAY - CALENDAR_OFFSET + hour * HOUR;
}

/* ---- what is free ---- */

enum freedom { WORKED, FREE_AFTERNOON, FREE };

static enum freedom yearly_freedom(gint64 day)
{
	struct date d = date_of(day);
	for (guint i = 0; i < G_N_ELEMENTS(yearly); i++)
		if (yearly[i].month == d.month && yearly[i].day == d.day)
			return yearly[i].afternoon ? FREE_AFTERNOON : FREE;
	return WORKED;
}

static enum freedom feast_freedom(gint64 day)
{
	for (guint i = 0; i < G_N_ELEMENTS(feasts); i++) {
		gint64 first = day_of(feasts[i].year, feasts[i].month, feasts[i].day);
		if (day >= first - 1 && day < first + feasts[i].days)
			return day < first ? FREE_AFTERNOON : FREE;
	}
	return WORKED;
}

static enum freedom leave_freedom(const struct calendar *c, gint64 day)
{
	enum freedom most = WORKED;
	for (guint i = 0; c && i < c->leave->len; i++) {
		const struct span *s = &g_array_index(c->leave, struct span, i);
		if (day >= s->first && day <= s->last)
			most = MAX(most, s->afternoon ? FREE_AFTERNOON : FREE);
	}
	return most;
}

static enum freedom freedom_of(const struct calendar *c, gint64 day)
{
	if (calendar_weekday(day) >= WEEKEND)
		return FREE;
	return MAX(MAX(yearly_freedom(day), feast_freedom(day)), leave_freedom(c, day));
}

bool calendar_working(const struct calendar *c, gint64 day)
{
	return freedom_of(c, day) != FREE;
}

/* ---- hours ---- */

static gint64 opening(const struct calendar *c, gint64 day)
{
	return time_of(day, c ? c->opens : OPENS);
}

gint64 calendar_closing(const struct calendar *c, gint64 day)
{
	enum freedom f = freedom_of(c, day);
	gint64 closes = c ? c->closes : CLOSES;
	return f == FREE ? 0 : time_of(day, f == FREE_AFTERNOON ? MIN(closes, NOON) : closes);
}

bool calendar_open(const struct calendar *c, gint64 now)
{
	gint64 day = calendar_day(now);
	return now >= opening(c, day) && now < calendar_closing(c, day);
}

gint64 calendar_next_open(const struct calendar *c, gint64 now)
{
	gint64 day = calendar_day(now);
	if (now >= calendar_closing(c, day))
		day++;
	while (!calendar_working(c, day))
		day++;
	return MAX(now, opening(c, day));
}

gint64 calendar_after(const struct calendar *c, gint64 now, gint64 working_days)
{
	gint64 day = calendar_day(now);
	while (working_days > 0)
		working_days -= calendar_working(c, ++day);
	return opening(c, day);
}

gint64 calendar_months(gint64 now, gint64 months)
{
	gint64 today = calendar_day(now);
	struct date d = date_of(today);
	gint64 month = d.month - 1 + months, year = d.year + month / 12;
	int of_year = (int)(month % 12) + 1;
	gint64 first = day_of(year, of_year, 1), last = day_of(year + of_year / 12, of_year % 12 + 1, 1) - 1;
	return now + (MIN(first + d.day - 1, last) - today) * CALENDAR_DAY;
}

gint64 calendar_week_end(const struct calendar *c, gint64 day)
{
	gint64 monday = day - calendar_weekday(day);
	for (;; monday += 7)
		for (gint64 last = monday + WEEKEND - 1; last >= monday; last--)
			if (calendar_working(c, last))
				return last;
}

gint64 calendar_last_hour(gint64 now, gint64 hour)
{
	gint64 today = calendar_day(now) * CALENDAR_DAY - CALENDAR_OFFSET + hour * 3600;
	return today <= now ? today : today - CALENDAR_DAY;
}

void calendar_iso(gint64 day, char iso[11])
{
	struct date d = date_of(day);
	gint64 year = CLAMP(d.year, 0, 9999);
	for (int i = 3; i >= 0; i--, year /= 10)
		iso[i] = (char)('0' + year % 10);
	iso[4] = iso[7] = '-';
	iso[5] = (char)('0' + d.month / 10), iso[6] = (char)('0' + d.month % 10);
	iso[8] = (char)('0' + d.day / 10), iso[9] = (char)('0' + d.day % 10);
	iso[10] = '\0';
}

bool calendar_parse(const char *iso, gint64 *day)
{
	if (strlen(iso) != 10 || iso[4] != '-' || iso[7] != '-' || strspn(iso, "0123456789-") != 10)
		return false;
	int year = atoi(iso), month = atoi(iso + 5), of_month = atoi(iso + 8);
	if (year < 1 || !g_date_valid_dmy((GDateDay)of_month, (GDateMonth)month, (GDateYear)year))
		return false;
	*day = day_of(year, month, of_month);
	return true;
}

int calendar_known_until(void)
{
	return feasts[G_N_ELEMENTS(feasts) - 1].year;
}

/* ---- administrative leave ---- */

/* "2026-05-25", "2026-05-25..2026-05-26", "2026-03-18 13:00" */
static bool parse_span(const char *entry, struct span *s)
{
	g_autofree char *first = g_strndup(entry, 10);
	const char *rest = strlen(entry) > 10 ? entry + 10 : "";
	bool range = g_str_has_prefix(rest, "..");
	if (!calendar_parse(first, &s->first))
		return false;
	s->last = s->first;
	s->afternoon = strcmp(rest, " 13:00") == 0;
	return range ? calendar_parse(rest + 2, &s->last) && s->last >= s->first && s->last < s->first + 366
		     : s->afternoon || *rest == '\0';
}

struct calendar *calendar_new(const char *const *leave, gint64 opens, gint64 closes, GError **error)
{
	struct calendar *c = g_new0(struct calendar, 1);
	*c = (struct calendar){ opens, closes, g_array_new(FALSE, FALSE, sizeof(struct span)) };
	for (; leave && *leave; leave++) {
		struct span s;
		if (!parse_span(*leave, &s)) {
			g_set_error(error, QUEUE_ERROR, QUEUE_ERROR_REFUSED, "\"%s\" is no day of leave: 2026-05-25, "
				    "2026-05-25..2026-05-26 or 2026-03-18 13:00 is", *leave);
			calendar_free(c);
			return NULL;
		}
		g_array_append_val(c->leave, s);
	}
	return c;
}

void calendar_free(struct calendar *c)
{
	if (c == NULL)
		return;
	g_array_unref(c->leave);
	g_free(c);
}
