/* calendar_test: working days, Istanbul's day, hours. */
#include "tests/unit/queue/help.h"
#include "queue/calendar.h"

static gint64 at(const char *iso)
{
	g_autoptr(GDateTime) t = g_date_time_new_from_iso8601(iso, NULL);
	return g_date_time_to_unix(t);
}

static const struct { const char *now; int days; const char *due; } cases[] = {
	{ "2026-11-22T12:00:00+03", 1, "2026-11-23T09:00:00+03" }, /* Sunday */
	{ "2026-11-20T23:59:59+03", 1, "2026-11-23T09:00:00+03" }, /* Friday to Monday */
	{ "2026-11-20T20:59:59Z", 1, "2026-11-23T09:00:00+03" },
	{ "2026-11-19T21:00:00Z", 1, "2026-11-23T09:00:00+03" },   /* Friday already in Istanbul */
	{ "2026-10-28T10:00:00+03", 1, "2026-10-30T09:00:00+03" }, /* 29 October is free */
	{ "2026-12-31T10:00:00+03", 1, "2027-01-04T09:00:00+03" },
	{ "2026-04-22T10:00:00+03", 2, "2026-04-27T09:00:00+03" },
	{ "2028-02-28T10:00:00+03", 1, "2028-02-29T09:00:00+03" },
	{ "2026-11-22T12:00:00+03", 5, "2026-11-27T09:00:00+03" },
};

static void test_working_days(void **state)
{
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
		assert_int_equal(calendar_after(at(cases[i].now), cases[i].days), at(cases[i].due));
}

static void test_iso(void **state)
{
	for (gint64 day = -800000; day < 800000; day += 97) {
		char iso[11];
		g_autoptr(GDateTime) epoch = g_date_time_new_utc(1970, 1, 1, 0, 0, 0), t = g_date_time_add_days(epoch, (int)day);
		if (t == NULL || g_date_time_get_year(t) > 9999)
			continue;
		g_autofree char *expected = g_strdup_printf("%04d-%02d-%02d", g_date_time_get_year(t), g_date_time_get_month(t),
							    g_date_time_get_day_of_month(t));
		calendar_iso(day, iso);
		assert_string_equal(iso, expected);
	}
	assert_int_equal(calendar_day(at("2026-11-22T21:00:00Z")), calendar_day(at("2026-11-23T10:00:00+03")));
	assert_int_equal(calendar_day(-CALENDAR_OFFSET - 1), -1);
}

static void test_hours(void **state)
{
	assert_int_equal(calendar_last_hour(at("2026-11-22T12:00:00+03"), 9), at("2026-11-22T09:00:00+03"));
	assert_int_equal(calendar_last_hour(at("2026-11-22T09:00:00+03"), 9), at("2026-11-22T09:00:00+03"));
	assert_int_equal(calendar_last_hour(at("2026-11-22T08:59:59+03"), 9), at("2026-11-21T09:00:00+03"));
	assert_int_equal(calendar_last_hour(at("2026-11-22T00:10:00+03"), 0), at("2026-11-22T00:00:00+03"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_working_days), cmocka_unit_test(test_iso), cmocka_unit_test(test_hours),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
