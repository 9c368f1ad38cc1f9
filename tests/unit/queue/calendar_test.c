/* calendar_test: working days and hours, Istanbul's day. The table of weeks was made by hand from wall calendars and the dates of
 * the feasts, not by the program. */
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
	{ "2026-03-18T10:00:00+03", 1, "2026-03-19T09:00:00+03" }, /* the morning before a feast is worked */
	{ "2026-03-19T10:00:00+03", 1, "2026-03-23T09:00:00+03" },
	{ "2026-05-25T10:00:00+03", 2, "2026-06-01T09:00:00+03" },
	{ "2036-01-01T10:00:00+03", 1, "2036-01-02T09:00:00+03" }, /* beyond the table */
};

static void test_working_days(void **state)
{
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
		assert_int_equal(calendar_after(NULL, at(cases[i].now), cases[i].days), at(cases[i].due));
}

static const struct { const char *now; gint64 months; const char *then; } month_cases[] = {
	{ "2026-11-22T10:00:00+03", 0, "2026-11-22T10:00:00+03" },
	{ "2026-11-22T10:00:00+03", 6, "2027-05-22T10:00:00+03" },
	{ "2026-06-30T23:59:00+03", 6, "2026-12-30T23:59:00+03" },
	{ "2026-12-31T00:30:00+03", 6, "2027-06-30T00:30:00+03" },
	{ "2027-08-31T12:00:00+03", 6, "2028-02-29T12:00:00+03" },
	{ "2026-07-01T12:00:00+03", 5, "2026-12-01T12:00:00+03" },
};

static void test_months(void **state)
{
	for (guint i = 0; i < G_N_ELEMENTS(month_cases); i++)
		assert_int_equal(calendar_months(at(month_cases[i].now), month_cases[i].months), at(month_cases[i].then));
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

/* ---- ten years of weeks ---- */

/* Weeks, named by their Monday, whose last working day is not the Friday. In one all five days are free. */
static const struct { const char *monday, *last; } short_weeks[] = {
	{ "2025-06-02", "2025-06-05" }, { "2026-03-16", "2026-03-19" }, { "2026-04-27", "2026-04-30" }, { "2026-05-25", "2026-05-26" },
	{ "2026-12-28", "2026-12-31" }, { "2027-04-19", "2027-04-22" }, { "2027-10-25", "2027-10-28" }, { "2028-05-01", "2028-05-04" },
	{ "2028-05-15", "2028-05-18" }, { "2029-02-12", "2029-02-13" }, { "2029-04-23", "2029-05-04" }, { "2030-08-26", "2030-08-29" },
	{ "2031-01-20", "2031-01-23" }, { "2031-03-31", "2031-04-01" }, { "2032-01-12", "2032-01-13" }, { "2032-04-19", "2032-04-22" },
	{ "2032-10-25", "2032-10-28" }, { "2033-03-07", "2033-03-10" }, { "2033-07-11", "2033-07-14" }, { "2033-12-19", "2033-12-22" },
	{ "2034-02-27", "2034-02-28" }, { "2034-05-15", "2034-05-18" },
};

static gint64 day(const char *iso)
{
	gint64 d;
	assert_true(calendar_parse(iso, &d));
	return d;
}

static void test_weeks(void **state)
{
	guint next = 0, weeks = 0;
	for (gint64 monday = day("2025-01-06"); monday <= day("2034-12-25"); monday += 7, weeks++) {
		bool named = next < G_N_ELEMENTS(short_weeks) && monday == day(short_weeks[next].monday);
		gint64 last = named ? day(short_weeks[next++].last) : monday + 4;
		for (int i = 0; i < 7; i++)
			assert_int_equal(calendar_week_end(NULL, monday + i), last);
	}
	assert_int_equal(next, G_N_ELEMENTS(short_weeks));
	assert_int_equal(weeks, 521);
}

static void test_years(void **state)
{
	static const int worked[] = { 251, 251, 250, 254, 249, 250, 251, 249, 252, 251 }; /* 2025 to 2034 */
	for (guint i = 0; i < G_N_ELEMENTS(worked); i++) {
		g_autofree char *first = g_strdup_printf("%u-01-01", 2025 + i), *last = g_strdup_printf("%u-12-31", 2025 + i);
		int n = 0;
		for (gint64 d = day(first); d <= day(last); d++)
			n += calendar_working(NULL, d);
		assert_int_equal(n, worked[i]);
	}
	assert_int_equal(calendar_known_until(), 2035);
}

static void test_open(void **state)
{
	static const struct { const char *now, *open; } moments[] = {
		{ "2026-11-23T08:59:59+03", "2026-11-23T09:00:00+03" }, { "2026-11-23T09:00:00+03", "2026-11-23T09:00:00+03" },
		{ "2026-11-23T16:59:59+03", "2026-11-23T16:59:59+03" }, { "2026-11-23T17:00:00+03", "2026-11-24T09:00:00+03" },
		{ "2026-11-21T12:00:00+03", "2026-11-23T09:00:00+03" }, { "2026-10-28T12:59:59+03", "2026-10-28T12:59:59+03" },
		{ "2026-10-28T13:00:00+03", "2026-10-30T09:00:00+03" }, { "2026-05-26T13:00:00+03", "2026-06-01T09:00:00+03" },
		{ "2026-05-26T12:00:00+03", "2026-05-26T12:00:00+03" }, { "2025-03-28T17:00:00+03", "2025-04-02T09:00:00+03" },
	};
	for (guint i = 0; i < G_N_ELEMENTS(moments); i++) {
		gint64 now = at(moments[i].now), open = at(moments[i].open);
		assert_int_equal(calendar_next_open(NULL, now), open);
		assert_int_equal(calendar_open(NULL, now), open == now);
	}
}

static void test_leave(void **state)
{
	static const char *const leave[] = { "2026-05-25..2026-05-26", "2026-11-24", "2026-11-25 13:00", NULL };
	struct calendar *c = calendar_new(leave, 8, 18, NULL);
	assert_int_equal(calendar_week_end(c, day("2026-05-27")), day("2026-06-05")); /* bridge days: the whole week is free */
	assert_false(calendar_working(c, day("2026-11-24")));
	assert_true(calendar_open(c, at("2026-11-25T08:00:00+03")));
	assert_false(calendar_open(c, at("2026-11-25T13:00:00+03")));
	assert_true(calendar_open(c, at("2026-11-26T17:59:59+03")));
	assert_int_equal(calendar_closing(c, day("2026-11-24")), 0);
	assert_int_equal(calendar_after(c, at("2026-11-23T10:00:00+03"), 1), at("2026-11-25T08:00:00+03"));
	calendar_free(c);
}

static void test_wrong_leave(void **state)
{
	static const char *const wrong[] = { "", "2026-5-25", "25.05.2026", "2026-02-30", "2026-05-25 12:00", "2026-05-25..",
		"2026-05-25..2026-05-24", "2026-05-25..2028-05-25", "2026-05-25x", "2026-05-25..2026-05-26 13:00" };
	for (guint i = 0; i < G_N_ELEMENTS(wrong); i++) {
		const char *const leave[] = { wrong[i], NULL };
		g_autoptr(GError) error = NULL;
		assert_null(calendar_new(leave, 9, 17, &error));
		assert_non_null(strstr(error->message, wrong[i]));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_working_days), cmocka_unit_test(test_months), cmocka_unit_test(test_iso), cmocka_unit_test(test_hours),
		cmocka_unit_test(test_weeks), cmocka_unit_test(test_years), cmocka_unit_test(test_open), cmocka_unit_test(test_leave),
		cmocka_unit_test(test_wrong_leave),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
