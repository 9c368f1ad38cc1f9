/* fold: the ways one Turkish word is typed come out the same. */
#include "parsers/fold.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static void one_spelling(void **state)
{
	static const struct { char *(*fold)(const char *); const char *in, *out; } cases[] = {
		{ fold_ascii, "ŞÇĞÖÜİI şçğöüıi", "scgouii scgouii" },
		{ fold_ascii, "Hâkim Îlân Û", "hakim ilan u" },
		{ fold_ascii, "s\xcc\xa7u\xcc\x88", "su" },
		{ fold_ascii, "a\xff" "b", "a b" },
		{ fold_ascii, "Łódź", "łodz" },
		{ fold_ascii, "", "" },
		{ fold_words, "  E-İMZA  ile,\ttamam. ", "e imza ile tamam" },
		{ fold_words, "...", "" },
		{ fold_key, "T.C. Kimlik\nNo *:", "tckimlikno" },
		{ fold_key, "TC KİMLİK-NO", "tckimlikno" },
		{ fold_key, "Doğum Tarihi (GG/AA/YYYY)", "dogumtarihiggaayyyy" },
		{ fold_key, "ﬀ—–", "ﬀ" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *out = cases[i].fold(cases[i].in);
		assert_string_equal(out, cases[i].out);
	}
	assert_null(fold_key(NULL));
}

/* By the rule itself, beside the table that says so. */
static void every_byte_of_ascii(void **state)
{
	for (char c = 1; c > 0; c = c < 127 ? c + 1 : 0) {
		const char text[] = { 'a', c, 'b', '\0' }, small = g_ascii_isalnum(c) ? g_ascii_tolower(c) : ' ';
		const char words[] = { 'a', small, 'b', '\0' }, key[] = { 'a', small == ' ' ? 'b' : small, small == ' ' ? '\0' : 'b', '\0' };
		const char all[] = { 'a', g_ascii_tolower(c), 'b', '\0' };
		g_autofree char *as_words = fold_words(text), *as_key = fold_key(text), *as_all = fold_ascii(text);

		assert_string_equal(as_words, words);
		assert_string_equal(as_key, key);
		assert_string_equal(as_all, all);
	}
}

/* The same of the letters that have a table: small and without their mark by Unicode, but for the four i and ø. */
static void every_latin_letter(void **state)
{
	for (gunichar c = 0xc0; c < 0x180; c++) {
		gunichar base, mark, small = c == 0x130 || c == 0x131 ? 'i' : g_unichar_tolower(c);
		char text[8] = "", expected[8] = "";

		if (g_unichar_decompose(small, &base, &mark) && base < 0x80)
			small = base;
		g_unichar_to_utf8(c, text);
		g_unichar_to_utf8(small == 0xf8 ? 'o' : small, expected);
		g_autofree char *all = fold_ascii(text);
		assert_string_equal(all, expected);
	}
}

static void key_into_a_small_buffer(void **state)
{
	char out[12];

	fold_key_into(out, sizeof out, "Soyadı:", strlen("Soyadı:"));
	assert_string_equal(out, "soyad"); /* cut where a next letter might not fit */
	fold_key_into(out, sizeof out, "Soyadim:", strlen("Soyadim:"));
	assert_string_equal(out, "soyad");
	fold_key_into(out, 4, "Soyadı:", strlen("Soyadı:"));
	assert_string_equal(out, "");
	char large[64];
	fold_key_into(large, sizeof large, "Soyadı:", strlen("Soyadı:"));
	assert_string_equal(large, "soyadi");
	fold_key_into(large, sizeof large, "Soyadı: x", strlen("Soyadı:"));
	assert_string_equal(large, "soyadi");
}

/* Each byte of the folded text knows the character that it came from. */
static void mapped(void **state)
{
	GArray *origin;
	const char *source = "Şu \n\t İlk";
	g_autofree char *out = fold_ascii_mapped(source, &origin);

	assert_string_equal(out, "su ilk");
	assert_int_equal(origin->len, strlen(out) + 1);
	assert_int_equal(g_array_index(origin, guint32, 1), 2);
	assert_int_equal(g_array_index(origin, guint32, 3), strlen("Şu \n\t "));
	assert_int_equal(g_array_index(origin, guint32, 6), strlen(source));
	g_array_unref(origin);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_spelling),
		cmocka_unit_test(every_byte_of_ascii), cmocka_unit_test(every_latin_letter),
		cmocka_unit_test(key_into_a_small_buffer),
		cmocka_unit_test(mapped),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
