/* tckn: identity numbers as text, number, float, with blanks; lost digits are not guessed. */
#include "parsers/tckn.h"

#include <glib.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

/* 10000000146 is the number that the rule itself gives for 100000001. */
static const struct { const char *cell; enum tckn_result result; const char *digits; } cases[] = {
	{ "10000000146", TCKN_OK, "10000000146" },
	{ "58111528012", TCKN_OK, "58111528012" },
	{ " 10000000146\xc2\xa0\n", TCKN_OK, "10000000146" },
	{ "\xe2\x80\xaa" "10000000146\xe2\x80\xac", TCKN_OK, "10000000146" },
	{ "'10000000146", TCKN_OK, "10000000146" },
	{ "10000000146.0", TCKN_OK, "10000000146" },
	{ "10000000146,00", TCKN_OK, "10000000146" },
	{ "1.0000000146E+10", TCKN_OK, "10000000146" },
	{ "100 000 001 46", TCKN_REPAIRED, "10000000146" },
	{ "100.000.001.46", TCKN_REPAIRED, "10000000146" },
	{ "100\xc2\xa0" "00000146", TCKN_REPAIRED, "10000000146" },
	{ "100\xc2\xad" "00000146", TCKN_REPAIRED, "10000000146" },
	{ "99000000042", TCKN_OK, "99000000042" }, /* a foreigner's */
	{ "", TCKN_EMPTY, "" },
	{ "   ", TCKN_EMPTY, "" },
	{ NULL, TCKN_EMPTY, "" },
	{ "1.23457E+10", TCKN_DIGITS_LOST, "" },
	{ "1,23457E+10", TCKN_DIGITS_LOST, "" },
	{ "1E+10", TCKN_DIGITS_LOST, "" },
	{ "1.23E+12", TCKN_LENGTH, "" },
	{ "1000000014", TCKN_LENGTH, "" },
	{ "100000001460", TCKN_LENGTH, "" },
	{ "1000000000000000000000000000000000000146", TCKN_LENGTH, "" },
	{ "10000000146.5", TCKN_LENGTH, "" },
	{ "10000000147", TCKN_CHECK_DIGIT, "" },
	{ "10000000156", TCKN_CHECK_DIGIT, "" },
	{ "00000000000", TCKN_CHECK_DIGIT, "" },
	{ "11111111111", TCKN_CHECK_DIGIT, "" },
	{ "Ad Soyad", TCKN_NOT_NUMBER, "" },
	{ "E", TCKN_NOT_NUMBER, "" },
	{ "10000000146a", TCKN_NOT_NUMBER, "" },
	{ "1.2.3E+10", TCKN_NOT_NUMBER, "" },
	{ "1E+", TCKN_NOT_NUMBER, "" },
	{ "-", TCKN_LENGTH, "" },
};

static void cells(void **state)
{
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		char digits[12] = "garbage";
		enum tckn_result result = tckn_read(cases[i].cell, digits);
		if (result != cases[i].result)
			fail_msg("\"%s\" gave %d", cases[i].cell, result);
		assert_string_equal(digits, cases[i].digits);
	}
}

/* One wrong digit is always seen: that is what the check digits are for. */
static void every_single_error(void **state)
{
	char number[12] = "58111528012";

	for (int i = 0; i < 11; i++)
		for (char d = '0'; d <= '9'; d++) {
			char right = number[i];
			number[i] = d;
			assert_int_equal(tckn_valid(number), d == right);
			number[i] = right;
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(cells), cmocka_unit_test(every_single_error) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
