/* rhythm: see the header. */
#include <string.h>
#include "queue/rhythm.h"

static const struct { const char *word; gint64 step; int weekday; } words[] = {
	{ "daily", 1, -1 },      { "weekly:mon", 7, 0 }, { "weekly:tue", 7, 1 },
	{ "weekly:wed", 7, 2 }, { "weekly:thu", 7, 3 }, { "weekly:fri", 7, 4 },
};

/* When work begins on that day, or on the next that is none of rest. */
static gint64 begins(const struct calendar *c, gint64 day)
{
	return calendar_next_open(c, day * CALENDAR_DAY - CALENDAR_OFFSET);
}

gint64 rhythm_last(const struct calendar *c, const char *word, gint64 now)
{
	gint64 day = calendar_day(now);
	guint i = 0;
	while (i < G_N_ELEMENTS(words) && g_strcmp0(words[i].word, word) != 0)
		i++;
	if (i == G_N_ELEMENTS(words))
		return 0;
	if (words[i].weekday >= 0)
		day += words[i].weekday - calendar_weekday(day);
	while (begins(c, day) > now)
		day -= words[i].step;
	return begins(c, day);
}
