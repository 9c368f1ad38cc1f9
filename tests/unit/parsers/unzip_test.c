/* unzip: what comes out of good archives, and which bad ones are refused with which word. */
#include "parsers/unzip.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "tests/unit/parsers/zip_builder.h"

static struct unzip *open_bytes(GBytes *bytes, const char **complaint)
{
	return unzip_open(&LIMITS_USUAL, g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), complaint);
}

static void parts_come_out(void **state)
{
	struct zip_builder b = { 0 };
	size_t len;
	const char *complaint = NULL;

	zip_add_text(&b, "a.xml", "stored");
	zip_add(&b, "Dir/B.xml", "packed packed packed", 20, (struct zip_options){ .deflate = TRUE });
	zip_add_text(&b, "empty", "");
	g_autoptr(GBytes) bytes = zip_finish(&b);
	struct unzip *z = open_bytes(bytes, &complaint);
	assert_non_null(z);
	assert_int_equal(unzip_count(z), 3);
	assert_int_equal(unzip_claimed(z), 26);
	assert_string_equal(unzip_name(z, 1), "Dir/B.xml");
	assert_int_equal(unzip_find(z, "dir/b.XML"), 1);
	assert_int_equal(unzip_find(z, "c"), -1);
	g_autofree char *a = unzip_read(z, 0, &len, &complaint);
	assert_string_equal(a, "stored");
	g_autofree char *p = unzip_read(z, 1, &len, &complaint);
	assert_string_equal(p, "packed packed packed");
	assert_int_equal(len, 20);
	g_autofree char *e = unzip_read(z, 2, &len, &complaint);
	assert_string_equal(e, "");
	g_autofree char *named = unzip_read_named(z, "DIR/b.xml", &len, &complaint);
	assert_string_equal(named, p);
	complaint = "old";
	assert_null(unzip_read_named(z, "c", &len, &complaint));
	assert_null(complaint);
	unzip_close(z);
}

static GBytes *zeros(size_t size, struct zip_options o)
{
	struct zip_builder b = { 0 };
	g_autofree char *data = g_malloc0(size);

	zip_add(&b, "xl/workbook.xml", data, size, o);
	return zip_finish(&b);
}

static GBytes *duplicate(void)
{
	struct zip_builder b = { 0 };

	zip_add_text(&b, "xl/sheet1.xml", "one");
	zip_add_text(&b, "XL/Sheet1.xml", "two");
	return zip_finish(&b);
}

static GBytes *many(int count, size_t size)
{
	struct zip_builder b = { 0 };
	g_autofree char *data = g_malloc0(size + 1);

	for (int i = 0; i < count; i++) {
		g_autofree char *name = g_strdup_printf("part%d", i);
		zip_add(&b, name, data, size, (struct zip_options){ 0 });
	}
	return zip_finish(&b);
}

static GBytes *cut(void)
{
	g_autoptr(GBytes) whole = zeros(100, (struct zip_options){ 0 });

	return g_bytes_new_from_bytes(whole, 0, g_bytes_get_size(whole) - 30);
}

static GBytes *garbage(void)
{
	return g_bytes_new("PK\3\4 and then nothing of a zip archive", 37);
}

static void refused_at_opening(void **state)
{
	struct { GBytes *bytes; const char *code; } cases[] = {
		{ zeros(1 << 20, (struct zip_options){ .deflate = TRUE }), "zip_bomb" },
		{ zeros(1 << 20, (struct zip_options){ .claimed_size = 65 << 20 }), "zip_too_large" },
		{ zeros(10, (struct zip_options){ .flags = 1 }), "zip_encrypted" },
		{ duplicate(), "zip_duplicate_part" },
		{ many(1001, 1), "zip_too_many_parts" },
		{ many(22, 3 << 20), "zip_too_large" },
		{ cut(), "zip_damaged" },
		{ garbage(), "zip_damaged" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		const char *complaint = NULL;
		assert_null(open_bytes(cases[i].bytes, &complaint));
		assert_string_equal(complaint, cases[i].code);
		g_bytes_unref(cases[i].bytes);
	}
}

/* The size in the directory is the sender's claim: both a smaller and a larger one are found out. */
static void liars_are_refused_at_reading(void **state)
{
	static const guint32 claims[] = { 5000, 300000 };

	for (size_t i = 0; i < G_N_ELEMENTS(claims); i++) {
		const char *complaint = NULL;
		size_t len;
		g_autofree char *noise = g_malloc(200000);
		struct zip_builder b = { 0 };
		for (size_t k = 0; k < 200000; k++)
			noise[k] = (char)(k * 2654435761u >> 13);
		zip_add(&b, "a", noise, 200000, (struct zip_options){ .deflate = TRUE, .claimed_size = claims[i] });
		g_autoptr(GBytes) bytes = zip_finish(&b);
		struct unzip *z = open_bytes(bytes, &complaint);
		assert_non_null(z);
		assert_null(unzip_read(z, 0, &len, &complaint));
		assert_string_equal(complaint, "zip_damaged");
		unzip_close(z);
	}
}

static void wrong_checksum(void **state)
{
	struct zip_builder b = { 0 };
	const char *complaint = NULL;
	size_t len;

	zip_add_text(&b, "a", "some text");
	g_autoptr(GBytes) bytes = zip_finish(&b);
	g_autofree char *copy = g_memdup2(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
	copy[30 + 1 + 2] ^= 1;
	struct unzip *z = unzip_open(&LIMITS_USUAL, copy, g_bytes_get_size(bytes), &complaint);
	assert_non_null(z);
	assert_null(unzip_read(z, 0, &len, &complaint));
	assert_string_equal(complaint, "zip_damaged");
	unzip_close(z);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(parts_come_out), cmocka_unit_test(refused_at_opening),
		cmocka_unit_test(liars_are_refused_at_reading), cmocka_unit_test(wrong_checksum) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
