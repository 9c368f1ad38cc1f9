/* ole: streams of compound files large and small, and what no spoilt file may do. */
#include "parsers/ole.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "tests/unit/parsers/ole_builder.h"

static GBytes *pattern(size_t len)
{
	guint8 *p = g_malloc(len + 1);

	for (size_t i = 0; i < len; i++)
		p[i] = (guint8)(i * 7 + i / 251);
	return g_bytes_new_take(p, len);
}

static struct ole *open_bytes(GBytes *b)
{
	return ole_open(g_bytes_get_data(b, NULL), g_bytes_get_size(b));
}

/* 8 MB take more than 109 sectors of the table, 20 MB a list of several sectors. */
static void streams_are_whole(void **state)
{
	static const size_t sizes[] = { 0, 1, 63, 64, 65, 512, 4095, 4096, 4097, 70000, 8 << 20, 20 << 20 };
	static const int shifts[] = { 9, 12 };

	for (size_t s = 0; s < G_N_ELEMENTS(shifts); s++)
		for (size_t i = 0; i < G_N_ELEMENTS(sizes); i++) {
			g_autoptr(GBytes) small = pattern(200), expected = pattern(sizes[i]);
			struct ole_builder b = { .shift = shifts[s] };
			ole_add(&b, "Small", small);
			ole_add(&b, "A Storage", NULL);
			ole_add(&b, "Workbook", expected);
			g_autoptr(GBytes) file = ole_finish(&b);
			struct ole *o = open_bytes(file);
			assert_non_null(o);
			g_autoptr(GBytes) first = ole_read(o, "small"), second = ole_read(o, "WORKBOOK");
			assert_true(first && g_bytes_equal(first, small));
			assert_true(second && g_bytes_equal(second, expected));
			assert_true(ole_has(o, "A Storage"));
			assert_false(ole_has(o, "Book"));
			assert_false(ole_has(o, "Workboo"));
			assert_null(ole_read(o, "A Storage"));
			assert_null(ole_read(o, "Book"));
			ole_close(o);
		}
}

/* What stands in a storage, such as a document that was pasted in, is not the file's. */
static void only_the_root_is_seen(void **state)
{
	g_autoptr(GBytes) bytes = pattern(10);
	struct ole_builder b = { .storage_child = 3 };

	ole_add(&b, "Workbook", bytes);
	ole_add(&b, "MBD1", NULL);
	ole_add(&b, "WordDocument", bytes);
	g_autoptr(GBytes) file = ole_finish(&b);
	gsize len;
	g_autofree guint8 *data = g_memdup2(g_bytes_get_data(file, &len), g_bytes_get_size(file));
	guint8 *entries = memmem(data, len, "R\0o\0o\0t", 7);
	assert_non_null(entries);
	memset(entries + 2 * 128 + 72, 0xff, 4); /* the storage has nobody to its right */
	struct ole *o = ole_open((char *)data, len);
	assert_non_null(o);
	assert_true(ole_has(o, "Workbook"));
	assert_true(ole_has(o, "MBD1"));
	assert_false(ole_has(o, "WordDocument"));
	ole_close(o);
}

/* A number of the header, the table or the directory is overwritten. The stream of 5000 bytes lies in sectors 0 to 9. */
static void lies(void **state)
{
	enum { FAT = 1, DIRECTORY, FILE_START };
	static const struct { const char *what; int base; size_t at; guint32 value; bool opens; } cases[] = {
		{ "not spoilt", FAT, 4 * 20, G_MAXUINT32, true },
		{ "a version that nobody wrote", FILE_START, 26, 5, false },
		{ "byte order", FILE_START, 28, 0xfeff0009, false },
		{ "size of sectors", FILE_START, 30, 0x00060010, false },
		{ "size of small pieces", FILE_START, 32, 31, false },
		{ "border of small streams", FILE_START, 56, 0, false },
		{ "no table", FILE_START, 44, 0, false },
		{ "more tables than sectors", FILE_START, 44, 1000, false },
		{ "more tables than are listed", FILE_START, 44, 2, false },
		{ "table outside of the file", FILE_START, 76, 0x7fffffff, false },
		{ "directory outside of the file", FILE_START, 48, 0xfffffff0, false },
		{ "no directory", FILE_START, 48, 0xfffffffe, false },
		{ "chain comes back", FAT, 4 * 5, 0, true },
		{ "chain stays", FAT, 4 * 5, 5, true },
		{ "chain leaves", FAT, 4 * 5, 5000, true },
		{ "chain ends early", FAT, 4 * 5, 0xfffffffe, true },
		{ "stream longer than the file", DIRECTORY, 128 + 120, 0x7fffffff, true },
		{ "stream starts outside", DIRECTORY, 128 + 116, 4000, true },
		{ "first entry is no root", DIRECTORY, 64, 0x0001000a, false },
		{ "child that is not there", DIRECTORY, 76, 400, false },
		{ "child that is empty", DIRECTORY, 76, 3, false },
		{ "child is the root", DIRECTORY, 76, 0, false },
		{ "entry is its own neighbour", DIRECTORY, 128 + 68, 1, false },
	};
	g_autoptr(GBytes) expected = pattern(5000);

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct ole_builder b = { 0 };
		ole_add(&b, "Workbook", expected);
		g_autoptr(GBytes) file = ole_finish(&b);
		gsize len;
		g_autofree guint8 *data = g_memdup2(g_bytes_get_data(file, &len), g_bytes_get_size(file));
		guint8 *bases[] = { NULL, memmem(data, len, "\1\0\0\0\2\0\0\0\3\0\0\0", 12), memmem(data, len, "R\0o\0o\0t", 7),
				    data };
		memcpy(bases[cases[i].base] + cases[i].at, &cases[i].value, 4);
		struct ole *o = ole_open((char *)data, len);
		g_autoptr(GBytes) stream = o ? ole_read(o, "Workbook") : NULL;
		if (!o == cases[i].opens || !stream != (i > 0))
			fail_msg("%s: %s", cases[i].what, o ? stream ? "read" : "open" : "refused");
		ole_close(o);
	}
}

static void try_bytes(const guint8 *data, size_t len)
{
	g_autofree guint8 *copy = g_memdup2(data, len); /* so that a sanitizer sees the end */
	struct ole *o = ole_open((char *)copy, len);
	g_autoptr(GBytes) small = o ? ole_read(o, "Small") : NULL;
	g_autoptr(GBytes) large = o ? ole_read(o, "Workbook") : NULL;

	assert_true(!large || g_bytes_get_size(large) <= len);
	ole_close(o);
}

static void spoilt_files_end(void **state)
{
	g_autoptr(GBytes) small = pattern(100), large = pattern(4100);
	struct ole_builder b = { 0 };

	ole_add(&b, "Small", small);
	ole_add(&b, "Workbook", large);
	g_autoptr(GBytes) file = ole_finish(&b);
	gsize len;
	g_autofree guint8 *data = g_memdup2(g_bytes_get_data(file, &len), g_bytes_get_size(file));
	for (size_t i = 0; i < len; i++)
		try_bytes(data, i);
	for (size_t i = 0; i < len; i++)
		for (int k = 0; k < 3; k++) {
			guint8 kept = data[i];
			data[i] = k == 0 ? 0xff : k == 1 ? 0 : kept ^ 1;
			try_bytes(data, len);
			data[i] = kept;
		}
}

/* Some programs do not fill the last sector. */
static void last_sector_may_be_short(void **state)
{
	g_autoptr(GBytes) expected = pattern(4097);
	struct ole_builder b = { 0 };

	ole_add(&b, "Workbook", expected);
	g_autoptr(GBytes) file = ole_finish(&b);
	gsize len;
	const guint8 *from = g_bytes_get_data(file, &len);
	g_autofree guint8 *data = g_malloc(len + 512);
	memcpy(data, from, len);
	/* Its ninth sector moves behind all others, and of that one byte is left. */
	guint8 *table = memmem(data, len, "\1\0\0\0\2\0\0\0\3\0\0\0", 12);
	guint32 last = (guint32)(len / 512 - 1), end = 0xfffffffe;
	memcpy(table + 4 * 7, &last, 4);
	memcpy(table + 4 * last, &end, 4);
	data[len] = data[512 + 8 * 512];
	struct ole *o = ole_open((char *)data, len + 1);
	assert_non_null(o);
	g_autoptr(GBytes) stream = ole_read(o, "Workbook");
	assert_true(stream && g_bytes_equal(stream, expected));
	ole_close(o);
	o = ole_open((char *)data, len);
	assert_null(ole_read(o, "Workbook"));
	ole_close(o);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(streams_are_whole), cmocka_unit_test(only_the_root_is_seen),
					    cmocka_unit_test(lies), cmocka_unit_test(spoilt_files_end),
					    cmocka_unit_test(last_sector_may_be_short) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
