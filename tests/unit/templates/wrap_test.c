/* wrap: which lines are cut, where, and what becomes of the rest. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>
#include "templates/wrap.h"

static void test_wrap(void **state)
{
	static const struct { const char *text, *want; } cases[] = {
		{ "", "" },
		{ "short\n", "short\n" },
		{ "no line end", "no line\nend" },
		{ "12345678\n", "12345678\n" },
		{ "1234 678 9\n", "1234 678\n9\n" },
		{ "1234567890123\n", "1234567890123\n" },
		{ "1234567890123 45\n", "1234567890123\n45\n" },
		{ "şşşşşşşş\n", "şşşşşşşş\n" },
		{ "şşşş ğğğ ı\n", "şşşş ğğğ\nı\n" },
		{ "- ab cd ef\n", "- ab cd\n  ef\n" },
		{ "1. ab cd ef\n", "1. ab cd\n   ef\n" },
		{ "  ab cd ef\n", "  ab cd\n  ef\n" },
		{ "  abcdefgh ij\n", "  abcdefgh\n  ij\n" },
		/* The rest joins the paragraph's next line ... */
		{ "aaa bbb ccc\nddd\n", "aaa bbb\nccc ddd\n" },
		{ "- aa bb cc\n  dd ee\nx\n", "- aa bb\n  cc dd\n  ee\nx\n" },
		{ "aaa bbb ccc\nddd eee\nfff\n", "aaa bbb\nccc ddd\neee fff\n" },
		/* ... but no item, no other indent, no empty line. */
		{ "aaa bbb ccc\n- d\n", "aaa bbb\nccc\n- d\n" },
		{ "aaa bbb ccc\n2. d\n", "aaa bbb\nccc\n2. d\n" },
		{ "aaa bbb ccc\n  d\n", "aaa bbb\nccc\n  d\n" },
		{ "aaa bbb ccc\n\nd\n", "aaa bbb\nccc\n\nd\n" },
	};
	guint i;

	for (i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *got = wrap_lines(cases[i].text, 8);

		assert_string_equal(got, cases[i].want);
	}
}

/* Four million words in one line: quadratic work would not end. */
static void test_long_line(void **state)
{
	gsize i, n = 4000000;
	g_autofree char *text = g_malloc(2 * n + 1), *got = NULL;

	for (i = 0; i < n; i++)
		memcpy(text + 2 * i, "a ", 2);
	text[2 * n - 1] = 0;
	got = wrap_lines(text, 8);
	assert_int_equal(strlen(got), 2 * n - 1);
	assert_memory_equal(got, "a a a a\na a a a\n", 16);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_wrap), cmocka_unit_test(test_long_line) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
