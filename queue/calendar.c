/* calendar: days counted, not clocks read: the offset has been +03 all year since 2016, so no zone file is asked. */
#include "queue/calendar.h"

/* Law 2429. 28 October is free only after 13:00: a working day here. */
static const struct { int month, day; } holidays[] = {
	{ 1, 1 }, { 4, 23 }, { 5, 1 }, { 5, 19 }, { 7, 15 }, { 8, 30 }, { 10, 29 },
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

gint64 calendar_day(gint64 now)
{
	gint64 local = now + CALENDAR_OFFSET;
	return local >= 0 ? local / CALENDAR_DAY : -((CALENDAR_DAY - 1 - local) / CALENDAR_DAY);
}

bool calendar_working(gint64 day)
{
	gint64 weekday = ((day + 3) % 7 + 7) % 7; /* 0: Monday; 1970-01-01 was a Thursday */
	if (weekday >= 5)
		return false;
	struct date d = date_of(day);
	for (guint i = 0; i < G_N_ELEMENTS(holidays); i++)
		if (holidays[i].month == d.month && holidays[i].day == d.day)
			return false;
	return true;
}

gint64 calendar_after(gint64 now, gint64 working_days)
{
	gint64 day = calendar_day(now);
	while (working_days > 0)
		working_days -= calendar_working(++day);
	return day * CALENDAR_DAY - CALENDAR_OFFSET + 9 * 3600;
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
