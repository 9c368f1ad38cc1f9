/* calendar: working days in Turkey. Pure. Weekends and the fixed holidays of law 2429; movable feasts are not in it yet. */
#pragma once
#include <stdbool.h>
#include <glib.h>

enum { CALENDAR_DAY = 86400, CALENDAR_OFFSET = 3 * 3600 }; /* Europe/Istanbul is +03 all year since 2016 */

/* Days since 1970-01-01 of the Istanbul day of `now`. */
gint64 calendar_day(gint64 now);
bool calendar_working(gint64 day);
/* 09:00 in Istanbul of the n-th working day after the day of `now`, n >= 1. */
gint64 calendar_after(gint64 now, gint64 working_days);
/* The last time before or at `now` that the clock in Istanbul showed this full hour. */
gint64 calendar_last_hour(gint64 now, gint64 hour);
/* ISO date of a day; `iso` takes 11 bytes. */
void calendar_iso(gint64 day, char iso[11]);
