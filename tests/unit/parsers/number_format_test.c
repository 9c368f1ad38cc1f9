/* number_format: date formats are told from others, numbers read as a person sees them. */
#include "parsers/number_format.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static void codes(void **state)
{
	static const struct { const char *code; bool is_date; } cases[] = {
		{ "dd\".\"mm\".\"yyyy", true },  { "gg.aa.yyyy", true },   { "[$-41F]d mmmm yyyy", true },
		{ "[h]:mm:ss", true },          { "h:mm AM/PM", true },   { "yyyy\\-mm\\-dd;@", true },
		{ "General", false },           { "0.00", false },        { "#,##0.00", false },
		{ "[Red]0", false },            { "\"days\" 0", false },  { "0\\d", false },
		{ "@", false },                 { "", false },            { "0_d", false },
		{ "0;dd", false },              { "[broken", false },     { "\"open", false },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
		if (number_format_is_date(cases[i].code) != cases[i].is_date)
			fail_msg("%s", cases[i].code);
	assert_true(number_format_id_is_date(14));
	assert_true(number_format_id_is_date(22));
	assert_false(number_format_id_is_date(0));
	assert_false(number_format_id_is_date(49));
}

static void plain(void **state)
{
	static const struct { const char *value, *text; } cases[] = {
		{ "1", "1" },
		{ "1.0", "1" },
		{ "-0", "0" },
		{ "10000000146", "10000000146" },
		{ "1.0000000146E10", "10000000146" },
		{ "905001112233", "905001112233" },
		{ "0.1", "0.1" },
		{ "37.5", "37.5" },
		{ "0.333333333333333", "0.333333333" },
		{ "3.14159265358979", "3.141592654" },
		{ "12345.678912345", "12345.67891" },
		{ "3.0000000000000001E-104", "3E-104" },
		{ "1E+20", "1E+20" },
		{ "123456789012345678", "1.23457E+17" },
		{ "0.00001", "1E-05" },
		{ "-12.50", "-12.5" },
		{ "007", "7" },
		{ "", "" },
		{ "abc", "abc" },
		{ "1e999", "1e999" },
		{ "nan", "nan" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GString) out = g_string_new(NULL);
		number_format_append(out, cases[i].value);
		assert_string_equal(out->str, cases[i].text);
	}
}

static void dates(void **state)
{
	static const struct { const char *value; bool epoch_1904; const char *text; } cases[] = {
		{ "29251", false, "1980-01-31" },
		{ "27789", true, "1980-01-31" },
		{ "29251.375", false, "1980-01-31 09:00:00" },
		{ "0.5", false, "12:00:00" },
		{ "0", false, "00:00:00" },
		{ "41224.9999999", false, "2012-11-12" },
		{ "41224.999988426", false, "2012-11-11 23:59:59" },
		{ "-1", false, "-1" },
		{ "1e300", false, "1E+300" },
		{ "x", false, "x" },
		{ "2958466", false, "2958466" },
		{ "2958465", false, "9999-12-31" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GString) out = g_string_new(NULL);
		number_format_append_date(out, cases[i].value, cases[i].epoch_1904);
		assert_string_equal(out->str, cases[i].text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(codes), cmocka_unit_test(plain),
					    cmocka_unit_test(dates) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
