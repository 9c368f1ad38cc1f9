/* rhythm: when something is done that is done daily or weekly. Pure. */
#pragma once
#include "queue/calendar.h"

/* `word`: "daily" (each working day), "weekly:mon" … "weekly:fri" (on that day, or the next working day when it is free), "never"
 * or NULL. The last time before or at `now` at which work began on such a day; 0: never. */
gint64 rhythm_last(const struct calendar *c, const char *word, gint64 now);
