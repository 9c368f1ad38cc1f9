/* zip_guard: archives of which two readers could see different things are refused; those that honest programs write pass. */
#include "parsers/zip_guard.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "parsers/document.h"
#include "tests/unit/parsers/zip_builder.h"

#define FIRST "TC;Ad\n1;2\n"
#define SECOND "TC;Ad\n9;9\n"
enum { LOCAL = 30, NAME = 5, TEXT = 10, PART = LOCAL + NAME + TEXT, DIRECTORY = 2 * PART, ENTRY = 46 + NAME,
       END = DIRECTORY + 2 * ENTRY, WHOLE = END + 22 };

static GByteArray *two_parts(void)
{
	struct zip_builder b = { 0 };

	zip_add_text(&b, "a.csv", FIRST);
	zip_add_text(&b, "b.csv", SECOND);
	g_autoptr(GBytes) bytes = zip_finish(&b);
	assert_int_equal(g_bytes_get_size(bytes), WHOLE);
	return g_bytes_unref_to_array(g_steal_pointer(&bytes));
}

static void insert(GByteArray *a, guint at, const char *bytes, guint len)
{
	guint before = a->len;

	g_byte_array_set_size(a, before + len);
	memmove(a->data + at + len, a->data + at, before - at);
	memcpy(a->data + at, bytes, len);
}

static bool passes(const GByteArray *a)
{
	return zip_guard_passes((const char *)a->data, a->len);
}

/* One byte is another. */
static const struct { const char *what; guint at, value; } changed[] = {
	{ "name before the part", LOCAL, 'c' },
	{ "name in the directory", DIRECTORY + 46, 'c' },
	{ "method before the part", 8, 8 },
	{ "checksum before the part", 14, 0 },
	{ "packed size before the part", 18, 9 },
	{ "size before the part", 22, 9 },
	{ "encrypted before the part only", 6, 1 },
	{ "descriptor before the part only", 6, 8 },
	{ "length of the name", 26, 4 },
	{ "mark of the part", 2, 9 },
	{ "mark of the directory", DIRECTORY + 2, 9 },
	{ "both entries mean one part", DIRECTORY + ENTRY + 42, 0 },
	{ "a part that is not there", DIRECTORY + ENTRY + 43, 0xff },
	{ "packed size in the directory", DIRECTORY + 23, 0xff },
	{ "extra length in the directory", DIRECTORY + ENTRY + 31, 0xff },
	{ "number of parts", END + 10, 1 },
	{ "length of the directory", END + 12, ENTRY },
	{ "place of the directory", END + 16, PART },
	{ "length of the comment", END + 20, 1 },
};

static void both_places_agree(void **state)
{
	for (gsize i = 0; i < G_N_ELEMENTS(changed); i++) {
		g_autoptr(GByteArray) a = two_parts();

		assert_true(passes(a));
		a->data[changed[i].at] = (guint8)changed[i].value;
		if (passes(a))
			fail_msg("%s: passes", changed[i].what);
	}
}

/* What only one of two readers sees. */
static void nothing_between(void **state)
{
	static const guint places[] = { 0, PART, DIRECTORY, END, WHOLE };
	g_autoptr(GByteArray) other = two_parts();

	for (gsize i = 0; i < G_N_ELEMENTS(places); i++)
		for (guint len = 1; len < 80; len++) {
			g_autoptr(GByteArray) a = two_parts();

			insert(a, places[i], (const char *)other->data, len);
			if (passes(a))
				fail_msg("%u bytes at %u: passes", len, places[i]);
		}
}

/* An archive behind another, and one in the comment of another. */
static void one_archive_only(void **state)
{
	g_autoptr(GByteArray) a = two_parts(), b = two_parts(), other = two_parts();

	g_byte_array_append(a, other->data, other->len);
	assert_false(passes(a));
	b->data[END + 20] = WHOLE;
	g_byte_array_append(b, other->data, other->len);
	assert_false(passes(b));
}

static void honest_ones_pass(void **state)
{
	g_autoptr(GByteArray) comment = two_parts(), described = two_parts(), wide = two_parts(), turned = two_parts(), end64 = two_parts();
	struct zip_builder none = { g_byte_array_new(), g_byte_array_new(), 0 };
	g_autoptr(GBytes) empty = zip_finish(&none);
	char first[ENTRY];

	comment->data[END + 20] = 3;
	g_byte_array_append(comment, (const guint8 *)"abc", 3);
	assert_true(passes(comment));

	described->data[6] = described->data[DIRECTORY + 6 + 2] = 8;
	memset(described->data + 14, 0, 12);
	insert(described, PART, "PK\7\10............", 16);
	described->data[DIRECTORY + 16 + ENTRY + 42] += 16;
	described->data[END + 16 + 16] += 16;
	assert_true(passes(described));

	memset(wide->data + 18, 0xff, 8);
	assert_true(passes(wide));

	memcpy(first, turned->data + DIRECTORY, ENTRY);
	memmove(turned->data + DIRECTORY, turned->data + DIRECTORY + ENTRY, ENTRY);
	memcpy(turned->data + DIRECTORY + ENTRY, first, ENTRY);
	assert_true(passes(turned));

	insert(end64, END, "PK\6\6........................................................................", 76);
	assert_true(passes(end64));
	assert_true(zip_guard_passes(g_bytes_get_data(empty, NULL), g_bytes_get_size(empty)));
}

static void short_ones_are_none(void **state)
{
	g_autoptr(GByteArray) a = two_parts();

	for (guint len = 0; len < a->len; len++) {
		g_autofree char *exact = g_memdup2(a->data, len);
		assert_false(zip_guard_passes(exact, len));
	}
}

static void a_document_says_so(void **state)
{
	g_autoptr(GByteArray) a = two_parts();

	a->data[LOCAL] = 'c';
	g_autoptr(document_t) d = document_open("a.zip", (const char *)a->data, a->len);
	assert_int_equal(d->parts->len, 0);
	assert_string_equal(((const struct complaint *)d->complaints->pdata[0])->code, "zip_ambiguous");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_places_agree), cmocka_unit_test(nothing_between),    cmocka_unit_test(one_archive_only),
		cmocka_unit_test(honest_ones_pass),  cmocka_unit_test(short_ones_are_none), cmocka_unit_test(a_document_says_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
