/* man: the manual pages, filled from the tables so that they cannot drift. gateway/man/PAGE holds the prose; a line @commands@,
 * @options@ or @settings@ in it stands for all rows of that table. */
#pragma once
#include <glib.h>

/* troff (man macros) of "nesgate.1" or "nesgate.conf.5"; NULL: no such page. Free with g_free. */
char *man_page(const char *name);
