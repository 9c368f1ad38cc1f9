/* rhythm_test: when daily and weekly things are due, by a table. */
#include "tests/unit/queue/help.h"
#include "queue/rhythm.h"

static gint64 at(const char *day, int hour)
{
	gint64 n;
	assert_true(calendar_parse(day, &n));
	return n * CALENDAR_DAY - CALENDAR_OFFSET + hour * 3600;
}

/* 2026-10-29 is a holiday (Thursday) with half of the day before; 2026-05-26 to 30 is a feast, its eve a half day. */
static const struct { const char *word, *day; int hour; const char *last; } cases[] = {
	{ "daily", "2026-11-23", 9, "2026-11-23" },       { "daily", "2026-11-23", 8, "2026-11-20" },
	{ "daily", "2026-11-22", 12, "2026-11-20" },      { "daily", "2026-10-29", 12, "2026-10-28" },
	{ "weekly:mon", "2026-11-23", 9, "2026-11-23" },  { "weekly:mon", "2026-11-23", 8, "2026-11-16" },
	{ "weekly:mon", "2026-11-29", 23, "2026-11-23" }, { "weekly:thu", "2026-10-29", 12, "2026-10-22" },
	{ "weekly:thu", "2026-10-30", 9, "2026-10-30" },  { "weekly:thu", "2026-11-04", 9, "2026-10-30" },
	{ "weekly:wed", "2026-05-28", 9, "2026-05-20" },  { "weekly:fri", "2026-11-22", 9, "2026-11-20" },
	{ "weekly:wed", "2026-06-01", 9, "2026-06-01" },
};

static void test_last(void **state)
{
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		gint64 last = rhythm_last(NULL, cases[i].word, at(cases[i].day, cases[i].hour));
		if (last != at(cases[i].last, 9))
			fail_msg("%s on %s at %d", cases[i].word, cases[i].day, cases[i].hour);
	}
	assert_int_equal(rhythm_last(NULL, "never", NOW), 0);
	assert_int_equal(rhythm_last(NULL, NULL, NOW), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_last) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
