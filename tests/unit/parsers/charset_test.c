/* charset: the label is a claim, the bytes decide. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>
#include "parsers/charset.h"

#define B(s) s, sizeof(s) - 1

static const struct { const char *label, *bytes; size_t len; const char *text; } cases[] = {
	/* "Şişli ığdır İĞÜ" in each set, rightly labelled. */
	{ "utf-8", B("Şişli ığdır İĞÜ"), "Şişli ığdır İĞÜ" },
	{ "iso-8859-9", B("\xdei\xfeli \xfd\xf0" "d\xfdr \xdd\xd0\xdc"), "Şişli ığdır İĞÜ" },
	{ "windows-1254", B("\xdei\xfeli \xfd\xf0" "d\xfdr \xdd\xd0\xdc"), "Şişli ığdır İĞÜ" },
	{ "iso-8859-3", B("\xaai\xbali \xb9\xbb" "d\xb9r \xa9\xab\xdc"), "Şişli ığdır İĞÜ" },
	{ "ISO-8859-9", B("\xfe"), "ş" },
	{ "\"latin5\"", B("\xfe"), "ş" },
	/* Wrongly labelled or not at all. */
	{ NULL, B("Şişli"), "Şişli" },
	{ NULL, B("\xdei\xfeli"), "Şişli" },
	{ "utf-8", B("\xdei\xfeli \xfd\xf0" "d\xfdr"), "Şişli ığdır" },
	{ "us-ascii", B("\xdei\xfeli"), "Şişli" },
	{ "iso-8859-1", B("\xdei\xfeli \xfdl\xfdk"), "Şişli ılık" },
	{ "iso-8859-9", B("Şişli"), "Şişli" },
	{ "windows-1254", B("Şişli"), "Şişli" },
	{ "x-user-defined", B("\xdei\xfeli"), "Şişli" },
	{ "unknown-8bit", B("Şişli"), "Şişli" },
	{ "iso-8859-3", B("\xdei\xfeli \xfd\xf0" "d\xfdr"), "Şişli ığdır" },
	{ "iso-8859-3", B("Şişli"), "Şişli" },
	/* Only letters that both sets have. */
	{ "iso-8859-3", B("g\xfc\xe7 \xf6\xd6"), "güç öÖ" },
	/* windows-1254 is more than iso-8859-9. */
	{ "iso-8859-9", B("\x93" "a\x94 \x80 \x85"), "“a” € …" },
	{ "iso-8859-9", B("\x81\xfe\x9d"), "\xef\xbf\xbdş\xef\xbf\xbd" },
	/* A letter cut by a careless sender. */
	{ "utf-8", B("ığdır ığdır ığdır\xc4"), "ığdır ığdır ığdır\xef\xbf\xbd" },
	/* NUL cuts nothing. */
	{ "utf-8", B("ş\0ş"), "ş\xef\xbf\xbdş" },
	{ "iso-8859-9", B("\xfe\0\xfe"), "ş\xef\xbf\xbdş" },
	{ NULL, B("\0"), "\xef\xbf\xbd" },
	{ "iso-2022-jp", B("a\0b"), "a\xef\xbf\xbd" "b" },
	/* Marks of order. */
	{ "utf-8", B("\xef\xbb\xbfş"), "ş" },
	{ NULL, B("\xff\xfe_\x01" "a\0"), "ş" "a" },
	{ "utf-16be", B("\x01_\0a"), "şa" },
	/* Others by iconv. */
	{ "koi8-r", B("\xd0\xd2\xc9"), "при" },
	{ "windows-1251", B("\xef\xf0\xe8"), "при" },
	{ "iso-8859-7", B("\xe1\xe2"), "αβ" },
	{ "gb2312", B("\xd6\xd0\xce\xc4"), "中文" },
	{ "ks_c_5601-1987", B("\xc7\xd1"), "한" },
	{ "Shift_JIS", B("\x93\xfa"), "日" },
	{ "iso-2022-jp", B("\x1b$BF|\x1b(B"), "日" },
	{ "iso-2022-jp", B("Şişli"), "Şişli" },
	{ "koi8-r", B("Şişli"), "Şişli" },
	/* Not on the list: shown as it came. */
	{ "utf-7", B("+AWA-"), "+AWA-" },
	{ "iso-2022-cn-ext", B("\x1b$)A"), "\x1b$)A" },
	{ "utf-8", "", 0, "" },
};

static void test_cases(void **state)
{
	struct charset *c = charset_new();

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		/* A copy of the exact size, so that sanitizers see a read too far. */
		g_autofree char *copy = cases[i].len ? g_memdup2(cases[i].bytes, cases[i].len) : NULL;
		g_autofree char *text = charset_to_utf8(c, cases[i].label, copy, cases[i].len);

		if (strcmp(text, cases[i].text))
			fail_msg("case %zu (%s): \"%s\", not \"%s\"", i, cases[i].label, text, cases[i].text);
	}
	charset_free(c);
}

/* Every byte alone under every way of reading gives valid UTF-8 without NUL. */
static void test_each_byte(void **state)
{
	static const char *const labels[] = { NULL, "utf-8", "iso-8859-9", "iso-8859-3", "koi8-r", "gbk", "utf-16", "euc-jp" };
	struct charset *c = charset_new();

	for (size_t l = 0; l < G_N_ELEMENTS(labels); l++)
		for (int b = 0; b < 256; b++) {
			char byte = (char)b;
			g_autofree char *text = charset_to_utf8(c, labels[l], &byte, 1);

			assert_true(g_utf8_validate(text, -1, NULL));
		}
	charset_free(c);
}

/* Without converters the Turkish sets still work. */
static void test_without_iconv(void **state)
{
	g_autofree char *text = charset_to_utf8(NULL, "iso-8859-9", "\xfe", 1);
	g_autofree char *other = charset_to_utf8(NULL, "gb2312", "\xd6\xd0", 2);

	assert_string_equal(text, "ş");
	assert_true(g_utf8_validate(other, -1, NULL));
}

/* A megabyte of NULs or of broken letters takes no quadratic time. */
static void test_linear(void **state)
{
	enum { N = 1000000 };
	g_autofree char *bytes = g_malloc0(N);
	gint64 begin = g_get_monotonic_time();

	for (int byte = 0; byte < 256; byte += 0xc4) {
		g_autofree char *text = NULL;

		memset(bytes, byte, N);
		text = charset_to_utf8(NULL, "utf-8", bytes, N);
		assert_true(strlen(text) >= N);
	}
	assert_true(g_get_monotonic_time() - begin < 2 * G_USEC_PER_SEC);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_each_byte),
		cmocka_unit_test(test_without_iconv),
		cmocka_unit_test(test_linear),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
