/* clock_test: times as people and settings write them, and back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>
#include "gateway/clock.h"

static const struct { const char *iso; gint64 seconds; } cases[] = {
	{ "1970-01-01T00:00:00Z", 0 },
	{ "1970-01-01T03:00:00", 0 },
	{ "2026-11-22", 1795294800 },
	{ "2026-11-22T00:00:00+03:00", 1795294800 },
	{ "2026-11-21T21:00:00Z", 1795294800 },
	{ "2026-11-21T21:00Z", 1795294800 },
	{ "2026-11-21 16:00:00-0500", 1795294800 },
	{ "2026-11-21T21:00:00.75Z", 1795294800 },
	{ "2024-02-29T12:00:00Z", 1709208000 },
	{ "2023-02-29", -1 },
	{ "2026-04-31", -1 },
	{ "2026-13-01", -1 },
	{ "2026-1-1", -1 },
	{ "2026-11-22T24:00:00Z", -1 },
	{ "2026-11-22T10:00:00+25:00", -1 },
	{ "2026-11-22x", -1 },
	{ "22.11.2026", -1 },
	{ "1795294800", -1 },
	{ "", -1 },
	{ NULL, -1 },
};

static void parses(void **state)
{
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
		assert_int_equal(clock_parse(cases[i].iso), cases[i].seconds);
}

static void prints(void **state)
{
	static const struct { gint64 t; const char *iso; } rows[] = {
		{ 0, "1970-01-01T03:00:00+03:00" },
		{ 1795294800, "2026-11-22T00:00:00+03:00" },
		{ 1795294799, "2026-11-21T23:59:59+03:00" },
		{ 951771600, "2000-02-29T00:00:00+03:00" },
		{ -10801, "1969-12-31T23:59:59+03:00" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *iso = clock_iso(rows[i].t);

		assert_string_equal(iso, rows[i].iso);
	}
	for (gint64 t = 0; t < 4102444800; t += 86400 * 13 + 7919) { /* there and back until 2100 */
		g_autofree char *iso = clock_iso(t);

		assert_int_equal(clock_parse(iso), t);
	}
}

static void can_be_set(void **state)
{
	setenv("NESGATE_NOW", "2026-11-22T09:00:00+03:00", 1); /* read once, so only one setting fits a process */
	assert_int_equal(clock_now(), 1795327200);
	setenv("NESGATE_NOW", "2027-01-01", 1);
	assert_int_equal(clock_now(), 1795327200);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parses),
		cmocka_unit_test(prints),
		cmocka_unit_test(can_be_set),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
