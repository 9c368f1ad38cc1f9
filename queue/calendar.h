/* calendar: working days and hours in Turkey. Pure; days are counted since 1970-01-01 in Istanbul, times are Unix seconds.
 *
 * Free are weekends, the holidays and feasts of calendar.def with the afternoons before them, and the administrative leave of the
 * settings. A day that is free from 13:00 is a working day.
 */
#pragma once
#include <stdbool.h>
#include <gio/gio.h>

enum { CALENDAR_DAY = 86400, CALENDAR_OFFSET = 3 * 3600 }; /* Europe/Istanbul is +03 all year since 2016 */

struct calendar;
/* `leave`: "2026-05-25", "2026-05-25..2026-05-26", or "2026-03-18 13:00" for an afternoon; NULL: none. Hours of the day at which
 * work begins and ends. NULL with `error` (QUEUE_ERROR_REFUSED) that quotes the entry. */
struct calendar *calendar_new(const char *const *leave, gint64 opens, gint64 closes, GError **error);
void calendar_free(struct calendar *c);

/* In each of these a NULL calendar is one without leave, from 9 to 17. */
bool calendar_working(const struct calendar *c, gint64 day);
bool calendar_open(const struct calendar *c, gint64 now);
/* `now`, or when work begins next. */
gint64 calendar_next_open(const struct calendar *c, gint64 now);
/* When work begins on the n-th working day after the day of `now`, n >= 1. */
gint64 calendar_after(const struct calendar *c, gint64 now, gint64 working_days);
/* So many months later, n >= 0, on the same day of the month or its last. */
gint64 calendar_months(gint64 now, gint64 months);
/* When work ends on that day; 0: it is no working day. */
gint64 calendar_closing(const struct calendar *c, gint64 day);
/* The last working day of the week (Monday to Sunday) that `day` lies in; of the next one that has any, if all of it is free. */
gint64 calendar_week_end(const struct calendar *c, gint64 day);

gint64 calendar_day(gint64 now);
/* 0: Monday … 6: Sunday. */
int calendar_weekday(gint64 day);
/* The last time before or at `now` that the clock in Istanbul showed this full hour. */
gint64 calendar_last_hour(gint64 now, gint64 hour);
/* ISO date of a day; `iso` takes 11 bytes. */
void calendar_iso(gint64 day, char iso[11]);
/* The day of an ISO date; false: it is none. */
bool calendar_parse(const char *iso, gint64 *day);
/* The last year whose feasts are known. */
int calendar_known_until(void);
