/* signed_part: the exact octets, in the shapes where writing the part anew would change them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>
#include "parsers/signed_part.h"

#define S "Content-Type: multipart/signed; protocol=\"application/pkcs7-signature\"; micalg=sha-256; boundary=\"b\"\n\n"
#define SIG "--b\nContent-Type: application/pkcs7-signature; name=smime.p7s\nContent-Transfer-Encoding: base64\n\nAQI=\nAwQ=\n"
#define MIXED "Content-Type: multipart/mixed; boundary=o\n\n"
#define NONE "(none)"

static const struct { const char *raw, *octets; bool whole; } cases[] = {
	{ S "--b\nA: b\n\nBir\n" SIG "--b--\n", "A: b\n\nBir", true },
	{ S "preface\n--b\nA: b\n\nBir\n\n" SIG "--b--\nepilogue", "A: b\n\nBir\n", true },
	{ "X: y\r\nContent-Type: multipart/signed;\r\n boundary=b\r\n\r\n--b\r\nA: b\r\n\r\nBir\r\n--b\r\n"
		"Content-Type: application/x-pkcs7-signature\r\nContent-Transfer-Encoding: base64\r\n\r\nAQIDBA==\r\n--b--\r\n",
		"A: b\r\n\r\nBir", true },
	/* Bare LF among CRLF, blanks behind delimiters, a part of fields only, a broken field: GMime changes these. */
	{ S "--b\nA: b\r\n\r\nBir\niki\r\n" SIG "--b--\n", "A: b\r\n\r\nBir\niki", true },
	{ S "--b  \t\nContent-Type: multipart/mixed; boundary=i\n\n--i\n\nx\n--i--  \n\n" SIG "--b-- \n",
		"Content-Type: multipart/mixed; boundary=i\n\n--i\n\nx\n--i--  \n", true },
	{ S "--b\nA: b\n" SIG "--b--\n", "A: b", true },
	{ S "--b\nA b\n  c : d\n\nBir\n" SIG "--b--\n", "A b\n  c : d\n\nBir", true },
	{ S "--b\n\nno fields \n" SIG "--b--\n", "\nno fields ", true },
	{ S "--b\nA: b\n\n--bc\n--b-\n --b\n" SIG "--b--\n", "A: b\n\n--bc\n--b-\n --b", true },
	{ S "--b\n" SIG "--b--\n", "", true },
	{ S "--bc\n--b\nA: b\n\nx--b\r\n--b--c\r\n" SIG "--b--\n", "A: b\n\nx--b\r\n--b--c", true },
	/* Cut off: the last delimiter is missing. */
	{ S "--b\nA: b\n\nBir\n" SIG, NONE, false },
	/* Something beside it is signed by nobody. */
	{ S "--b\nA: b\n\nBir\n" SIG "--b\n\nek\n--b--\n", "A: b\n\nBir", false },
	{ MIXED "--o\n" S "--b\nA: b\n\nBir\n" SIG "--b--\n\n--o\n\nfooter\n--o--\n", "A: b\n\nBir", false },
	{ MIXED "--o\n\nfirst\n--o\n" S "--b\nA: b\n\nBir\n" SIG "--b--\n\n--o--\n", "A: b\n\nBir", false },
	/* No S/MIME. */
	{ S "--b\nA: b\n\nBir\n--b\nContent-Type: application/pgp-signature\n\nx\n--b--\n", NONE, false },
	{ S "--b\nA: b\n\nBir\n--b--\n", NONE, false },
	{ "Content-Type: multipart/signed\n\n--b\nA: b\n\nBir\n" SIG "--b--\n", NONE, false },
	{ "Content-Type: text/plain\n" S "--b\nA: b\n\nBir\n" SIG "--b--\n", NONE, false },
	{ "Content-Type: text/plain\n\n--b\nA: b\n\nBir\n" SIG "--b--\n", NONE, false },
	{ "", NONE, false },
};

static void check_found(size_t i, const struct signed_part *p)
{
	gsize n;
	const char *der = g_bytes_get_data(p->der, &n);

	if (p->octets_len != strlen(cases[i].octets) || memcmp(p->octets, cases[i].octets, p->octets_len))
		fail_msg("case %zu: \"%.*s\"", i, (int)p->octets_len, p->octets);
	if (p->whole != cases[i].whole)
		fail_msg("case %zu: whole", i);
	assert_int_equal(n, 4);
	assert_memory_equal(der, "\1\2\3\4", 4);
}

static void test_cases(void **state)
{
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		size_t len = strlen(cases[i].raw);
		g_autofree char *raw = len ? g_memdup2(cases[i].raw, len) : NULL;
		struct signed_part p;
		bool found = signed_part_find(raw ? raw : "", len, &p);

		if (found != (strcmp(cases[i].octets, NONE) != 0))
			fail_msg("case %zu: found %d", i, found);
		if (found)
			check_found(i, &p);
		signed_part_clear(&p);
	}
}

static void test_linear(void **state)
{
	g_autoptr(GString) raw = g_string_new(S);
	gint64 begin = g_get_monotonic_time();
	struct signed_part p;

	while (raw->len < 10000000)
		g_string_append(raw, "--bx\n--b \n");
	signed_part_find(raw->str, raw->len, &p);
	signed_part_clear(&p);
	assert_true(g_get_monotonic_time() - begin < 2 * G_USEC_PER_SEC);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_linear),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
