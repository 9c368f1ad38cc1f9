/* clock: the one clock. UTC seconds inside; Europe/Istanbul is +03:00 all year since 2016. $NESGATE_NOW (ISO or Unix seconds), or
 * "+SECONDS" added to the real time, sets it for tests. */
#pragma once
#include <glib.h>
gint64 clock_now(void);
/* Milliseconds that only go forward, for deadlines and batches. */
gint64 clock_monotonic_ms(void);
/* Unix seconds of an ISO date or date and time (no zone: +03:00); -1: not one. */
gint64 clock_parse(const char *iso);
char *clock_iso(gint64 t); /* 2026-11-22T09:00:00+03:00 */
