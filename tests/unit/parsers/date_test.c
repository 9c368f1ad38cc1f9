/* date: form dates, serial numbers of both epochs, what is no date. */
#include "parsers/date.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static const struct { const char *cell; enum date_result result; const char *iso; } cases[] = {
	{ "31.01.1980", DATE_OK, "1980-01-31" },
	{ "1.2.1980", DATE_OK, "1980-02-01" },
	{ "31/01/1980", DATE_OK, "1980-01-31" },
	{ "31-01-1980", DATE_OK, "1980-01-31" },
	{ "1980-01-31", DATE_OK, "1980-01-31" },
	{ "1980.01.31", DATE_OK, "1980-01-31" },
	{ "1980-01-31 00:00:00", DATE_OK, "1980-01-31" },
	{ "1980-01-31T09:30:00Z", DATE_OK, "1980-01-31" },
	{ "31.01.1980 00:00", DATE_OK, "1980-01-31" },
	{ " 31 . 01 . 1980 ", DATE_OK, "1980-01-31" },
	{ "31 Ocak 1980", DATE_OK, "1980-01-31" },
	{ "1 AĞUSTOS 1975", DATE_OK, "1975-08-01" },
	{ "3 Şub 1999", DATE_OK, "1999-02-03" },
	{ "29.02.2000", DATE_OK, "2000-02-29" },
	{ "31 Ocak 1980 Perşembe", DATE_OK, "1980-01-31" },
	{ "PERŞEMBE, 31.01.1980", DATE_OK, "1980-01-31" },
	{ "31 Ocak 1980, Perşembe 09:30", DATE_OK, "1980-01-31" },
	{ "31.Oca.1980", DATE_OK, "1980-01-31" },
	{ "31 01 1980", DATE_OK, "1980-01-31" },
	{ "Cumartesiler 31.01.1980", DATE_INVALID, "" },
	{ "29251", DATE_OK, "1980-01-31" },
	{ "29251.0", DATE_OK, "1980-01-31" },
	{ "", DATE_NONE, "" },
	{ " - ", DATE_NONE, "" },
	{ "YOK", DATE_NONE, "" },
	{ "00.00.0000", DATE_NONE, "" },
	{ "0000-00-00", DATE_NONE, "" },
	{ "30.12.1899", DATE_NONE, "" },
	{ "01.01.1900", DATE_NONE, "" },
	{ "1900-01-01 00:00:00", DATE_NONE, "" },
	{ "00.01.1900", DATE_NONE, "" },
	{ "31.12.1899 00:00", DATE_NONE, "" },
	{ "03.01.1900", DATE_OK, "1900-01-03" },
	{ "00.01.1980", DATE_INVALID, "" },
	{ "29.12.1899", DATE_INVALID, "" },
	{ "30.02.1980", DATE_INVALID, "" },
	{ "29.02.1900", DATE_INVALID, "" },
	{ "29.02.1981", DATE_INVALID, "" },
	{ "01/31/1980", DATE_INVALID, "" },
	{ "31.13.1980", DATE_INVALID, "" },
	{ "0.1.1980", DATE_INVALID, "" },
	{ "31.01.80", DATE_INVALID, "" },
	{ "31.01.1780", DATE_INVALID, "" },
	{ "31.01.19800", DATE_INVALID, "" },
	{ "31.01-1980", DATE_INVALID, "" },
	{ "1980", DATE_INVALID, "" },
	{ "31011980", DATE_INVALID, "" },
	{ "31 Foo 1980", DATE_INVALID, "" },
	{ "31.01.1980 doğum", DATE_INVALID, "" },
	{ "yarın", DATE_INVALID, "" },
	{ "99999999999999999999", DATE_INVALID, "" },
};

static void cells(void **state)
{
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		char iso[DATE_ISO_SIZE] = "garbage";
		enum date_result result = date_read(cases[i].cell, false, iso);
		if (result != cases[i].result)
			fail_msg("\"%s\" gave %d, %s", cases[i].cell, result, iso);
		assert_string_equal(iso, cases[i].iso);
	}
}

static void serials(void **state)
{
	static const struct { gint64 serial; bool epoch_1904; const char *iso; } days[] = {
		{ 1, false, "1900-01-01" },     { 59, false, "1900-02-28" },   { 61, false, "1900-03-01" },
		{ 25569, false, "1970-01-01" }, { 36526, false, "2000-01-01" }, { 46348, false, "2026-11-22" },
		{ 0, true, "1904-01-01" },      { 27789, true, "1980-01-31" }, { 35064, true, "2000-01-01" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(days); i++) {
		char iso[DATE_ISO_SIZE];
		assert_true(date_from_days(date_days_of_serial(days[i].serial, days[i].epoch_1904), iso));
		assert_string_equal(iso, days[i].iso);
	}
	char iso[DATE_ISO_SIZE];
	assert_int_equal(date_read("27789", true, iso), DATE_OK);
	assert_string_equal(iso, "1980-01-31");
	assert_false(date_from_days(G_MAXINT64, iso));
	assert_false(date_from_days(G_MININT64, iso));
	assert_string_equal(iso, "");
}

/* Against GLib's own calendar, each day of two centuries. */
static void every_day(void **state)
{
	GDate day;
	g_date_clear(&day, 1);
	g_date_set_dmy(&day, 1, 1, 1900);

	for (gint64 n = -25567; n < 2 * 36524 - 25567; n++, g_date_add_days(&day, 1)) {
		char iso[DATE_ISO_SIZE];
		g_autofree char *expected = g_strdup_printf("%04d-%02d-%02d", g_date_get_year(&day),
							    g_date_get_month(&day), g_date_get_day(&day));
		assert_true(date_from_days(n, iso));
		assert_string_equal(iso, expected);
	}
}

static void today_in_turkey(void **state)
{
	static const struct { gint64 now; const char *iso; } cases_of_now[] = {
		{ 0, "1970-01-01" },
		{ 1795381199, "2026-11-22" }, /* 20:59:59 UTC */
		{ 1795381200, "2026-11-23" }, /* 21:00:00 UTC is midnight there */
		{ -10801, "1969-12-31" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases_of_now); i++) {
		char iso[DATE_ISO_SIZE];
		assert_true(date_of_unix(cases_of_now[i].now, iso));
		assert_string_equal(iso, cases_of_now[i].iso);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(cells), cmocka_unit_test(serials),
					    cmocka_unit_test(every_day), cmocka_unit_test(today_in_turkey) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
