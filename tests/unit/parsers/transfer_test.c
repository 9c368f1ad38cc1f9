/* transfer: base64 that goes on after "=", quoted-printable, and what is neither. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>
#include "parsers/transfer.h"

static const struct { enum transfer how; const char *text, *bytes; } cases[] = {
	{ TRANSFER_BASE64, "xZ8=", "ş" },
	{ TRANSFER_BASE64, "YWJj", "abc" },
	{ TRANSFER_BASE64, "YWJjZA==", "abcd" },
	{ TRANSFER_BASE64, "YWJjZA", "abcd" },
	{ TRANSFER_BASE64, "YW\r\nJj\n\r\nZGVm\r\n", "abcdef" },
	{ TRANSFER_BASE64, "Y!W@J j", "abc" },
	{ TRANSFER_BASE64, "", "" },
	{ TRANSFER_BASE64, "====", "" },
	{ TRANSFER_BASE64, "A", "" },
	/* Joined chunks: GMime's filter ends at the first '='. */
	{ TRANSFER_BASE64, "YWI=YWI=", "abab" },
	{ TRANSFER_BASE64, "YQ==\r\nYmM=\r\nZGVm\r\n", "abcdef" },
	{ TRANSFER_QUOTED_PRINTABLE, "a=20b=C5=9f", "a bş" },
	{ TRANSFER_QUOTED_PRINTABLE, "a=\r\nb=\nc= \t\r\nd=", "abcd" },
	{ TRANSFER_QUOTED_PRINTABLE, "a\r\nb\n", "a\r\nb\n" },
	{ TRANSFER_QUOTED_PRINTABLE, "1=2=3Z=", "1=2=3Z" },
	{ TRANSFER_QUOTED_PRINTABLE, "a_b=4", "a_b=4" },
	{ TRANSFER_PLAIN, "a=20b", "a=20b" },
};

static void test_cases(void **state)
{
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GByteArray) out = g_byte_array_new();
		size_t n = strlen(cases[i].text);
		g_autofree char *exact = n ? g_memdup2(cases[i].text, n) : NULL;

		transfer_decode(out, cases[i].how, exact, n);
		if (out->len != strlen(cases[i].bytes) || memcmp(out->data ? out->data : (guint8 *)"", cases[i].bytes, out->len))
			fail_msg("case %zu: \"%.*s\"", i, (int)out->len, (char *)out->data);
	}
}

/* All byte values, all lengths, folded at each width, against GLib's encoder. */
static void test_against_glib(void **state)
{
	guint8 bytes[300];

	for (size_t i = 0; i < sizeof bytes; i++)
		bytes[i] = i * 7;
	for (size_t n = 0; n < sizeof bytes; n++) {
		g_autofree char *flat = g_base64_encode(bytes, n);
		g_autoptr(GString) folded = g_string_new(NULL);
		g_autoptr(GByteArray) out = g_byte_array_new();

		for (size_t i = 0; flat[i]; i++) {
			g_string_append_c(folded, flat[i]);
			if (i % (n % 77 + 1) == n % 77)
				g_string_append(folded, "\r\n");
		}
		transfer_base64(out, folded->str, folded->len);
		assert_int_equal(out->len, n);
		assert_memory_equal(out->data, bytes, n);
	}
}

static void test_find(void **state)
{
	assert_int_equal(transfer_find(" BASE64 \r\n"), TRANSFER_BASE64);
	assert_int_equal(transfer_find("Quoted-Printable"), TRANSFER_QUOTED_PRINTABLE);
	assert_int_equal(transfer_find("8bit"), TRANSFER_PLAIN);
	assert_int_equal(transfer_find(NULL), TRANSFER_PLAIN);
}

static void test_q_blank(void **state)
{
	g_autoptr(GByteArray) out = g_byte_array_new();

	transfer_quoted_printable(out, "a_b", 3, TRUE);
	assert_memory_equal(out->data, "a b", 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_against_glib),
		cmocka_unit_test(test_find),
		cmocka_unit_test(test_q_blank),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
