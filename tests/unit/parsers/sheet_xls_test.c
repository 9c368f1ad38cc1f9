/* sheet_xls: workbooks of Excel 97-2003: every kind of cell, strings that run over records, what is refused, and files that
 * are spoilt. */
#include "parsers/document.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "tests/unit/parsers/cells_of.h"
#include "tests/unit/parsers/xls_builder.h"

static document_t *open_bytes(GBytes *bytes)
{
	gsize len;
	const char *data = g_bytes_get_data(bytes, &len);

	return document_open("a.xls", data, len);
}

static document_t *finish(struct xls_builder *b)
{
	g_autoptr(GBytes) bytes = xls_finish(b);

	return open_bytes(bytes);
}

static document_t *open_stream(GBytes *stream)
{
	struct ole_builder o = { 0 };

	ole_add(&o, "Workbook", stream);
	g_autoptr(GBytes) bytes = ole_finish(&o);
	return open_bytes(bytes);
}

static void assert_cells(const document_t *d, const char *expected)
{
	g_autofree char *cells = cells_of(d);

	assert_string_equal(first_code(d), "");
	assert_string_equal(cells, expected);
}

/* One cell at A1, of any record. */
static void values(void **state)
{
	static const struct { guint type, style; const char *bytes; size_t len; const char *expected; } cases[] = {
#define VALUE(bytes) bytes, sizeof bytes - 1
		{ XLS_RK, 0, VALUE("\x02\0\0\0"), "A1=0" },
		{ XLS_RK, 0, VALUE("\x0a\0\0\0"), "A1=2" },
		{ XLS_RK, 0, VALUE("\xfe\xff\xff\xff"), "A1=-1" },
		{ XLS_RK, 0, VALUE("\x77\0\0\0"), "A1=0.29" },
		{ XLS_RK, 0, VALUE("\0\0\xf0\x3f"), "A1=1" },
		{ XLS_RK, 0, VALUE("\1\0\xf0\x3f"), "A1=0.01" },
		{ XLS_RK, XLS_STYLE_DATE, VALUE("\x0e\xc9\1\0"), "A1=1980-01-31" }, /* 29251 */
		{ XLS_NUMBER, 0, VALUE("\x00\x00\x90\x24\x5f\xa0\x02\x42"), "A1=10000000146" },
		{ XLS_NUMBER, 0, VALUE("\0\0\0\0\0\0\0\x80"), "A1=0" },
		{ XLS_NUMBER, 0, VALUE("\0\0\0\0\0\0\xf0\x7f"), "A1=#NUM!" },
		{ XLS_NUMBER, XLS_STYLE_DATE, VALUE("\x00\x00\x00\x00\xd0\x90\xdc\x40"), "A1=1980-01-31 06:00:00" },
		{ XLS_NUMBER, 9, VALUE("\0\0\0\0\0\0\xf0\x3f"), "A1=1" }, /* a style that is not there */
		{ XLS_BOOLERR, 0, VALUE("\1\0"), "A1=TRUE" },
		{ XLS_BOOLERR, 0, VALUE("\0\0"), "A1=FALSE" },
		{ XLS_BOOLERR, 0, VALUE("\x2a\1"), "A1=#N/A" },
		{ XLS_BOOLERR, 0, VALUE("\7\1"), "A1=#DIV/0!" },
		{ XLS_FORMULA, 0, VALUE("\0\0\0\0\0\0\0\x40\0\0\0\0\0\0\0\0"), "A1=2" },
		{ XLS_FORMULA, 1, VALUE("\x00\x00\x00\x00\xc0\x90\xdc\x40\0\0\0\0\0\0\0\0"), "A1=1980-01-31" },
		{ XLS_FORMULA, 0, VALUE("\1\0\1\0\0\0\xff\xff\0\0\0\0\0\0\0\0"), "A1=TRUE" },
		{ XLS_FORMULA, 0, VALUE("\2\0\x0f\0\0\0\xff\xff\0\0\0\0\0\0\0\0"), "A1=#VALUE!" },
		{ XLS_FORMULA, 0, VALUE("\3\0\0\0\0\0\xff\xff\0\0\0\0\0\0\0\0"), "" },
		{ XLS_LABEL, 0, VALUE("\2\0\0\xdc" "x"), "A1=Üx" },
		{ XLS_LABEL, 0, VALUE("\3\0\1\x5e\x01\x3c\xd8\0\xdf"), "A1=Ş🌀" },
		{ XLS_LABEL, 0, VALUE("\3\0\1\0\xdc" "a\0\0\xd8"), "A1=\xef\xbf\xbd" "a\xef\xbf\xbd" },
		{ XLS_LABEL, 0, VALUE("\3\0\0a\0b"), "A1=ab" },
		{ 0x0d6, 0, VALUE("\1\0\0x\1\0\0\0\0\0"), "A1=x" },
		{ 0x201, 0, VALUE(""), "" }, /* an empty cell that only has a style */
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct xls_builder b;
		xls_begin(&b);
		xls_cell(xls_add_sheet(&b, "Sayfa1", 0, 0), cases[i].type, XLS_AT(0, 0, cases[i].style), cases[i].bytes, cases[i].len);
		g_autoptr(document_t) d = finish(&b);
		g_autofree char *cells = cells_of(d);
		if (strcmp(cells, cases[i].expected) || *first_code(d))
			fail_msg("case %zu: %s %s", i, cells, first_code(d));
	}
}

static void several_numbers_of_a_row(void **state)
{
	struct xls_builder b;

	xls_begin(&b);
	xls_record(xls_add_sheet(&b, "s", 0, 0), 0xbd, "\1\0\2\0" "\0\0\x0a\0\0\0" "\1\0\x0e\xc9\1\0" "\3\0", 18);
	g_autoptr(document_t) d = finish(&b);
	assert_cells(d, "C2=2|D2=1980-01-31");
}

/* The text of a formula stands in a record behind it, sometimes with that of a shared formula between; a STRING that no
 * formula waits for is nobody's. */
static void texts_of_formulas(void **state)
{
	static const char waits[16] = "\0\0\0\0\0\0\xff\xff";
	struct xls_builder b;

	xls_begin(&b);
	GByteArray *s = xls_add_sheet(&b, "s", 0, 0);
	xls_cell(s, XLS_FORMULA, XLS_AT(0, 1, 0), waits, sizeof waits);
	xls_record(s, 0x4bc, "\0\0\0\0\0\0\0\0", 8);
	xls_record(s, 0x207, "\2\0\0ab", 5);
	xls_record(s, 0x207, "\2\0\0cd", 5);
	xls_cell(s, XLS_FORMULA, XLS_AT(1, 1, 0), waits, sizeof waits);
	xls_record(s, 0x207, "\4\0\0ab", 5);
	xls_record(s, 0x3c, "\1\x5e\1x\0", 5);
	g_autoptr(document_t) d = finish(&b);
	assert_cells(d, "B1=ab|B2=abŞx");
}

static void own_formats(void **state)
{
	static const struct { const char *code, *expected; } cases[] = {
		{ "dd\".\"mm\".\"yyyy", "A1=1980-01-31" }, { "gg.aa.yyyy", "A1=1980-01-31" }, { "0.00", "A1=29251" },
		{ "[$-41F]d mmmm yyyy;@", "A1=1980-01-31" }, { "\"Ş\"0", "A1=29251" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct xls_builder b;
		g_autoptr(GByteArray) format = g_byte_array_new();
		xls_begin(&b);
		ole_put(format, 164, 2);
		xls_put_text(format, cases[i].code, 2);
		xls_record(b.globals, 0x41e, format->data, format->len);
		xls_style(&b, 164);
		xls_number(xls_add_sheet(&b, "s", 0, 0), XLS_AT(0, 0, 2), 29251);
		g_autoptr(document_t) d = finish(&b);
		assert_cells(d, cases[i].expected);
	}
}

static void epoch(void **state)
{
	struct xls_builder b;

	xls_begin(&b);
	xls_record(b.globals, 0x22, "\1\0", 2);
	xls_number(xls_add_sheet(&b, "s", 0, 0), XLS_AT(0, 0, XLS_STYLE_DATE), 27789);
	g_autoptr(document_t) d = finish(&b);
	assert_true(d->epoch_1904);
	assert_cells(d, "A1=1980-01-31");
}

static void sheets(void **state)
{
	struct xls_builder b;

	xls_begin(&b);
	xls_number(xls_add_sheet(&b, "Sayfa Ş", 0, 0), XLS_AT(0, 0, 0), 1);
	xls_number(xls_add_sheet(&b, "chart", 0, 2), XLS_AT(0, 0, 0), 2);
	xls_number(xls_add_sheet(&b, "b", 1, 0), XLS_AT(0, 0, 0), 3);
	xls_number(xls_add_sheet(&b, "c", 2, 0), XLS_AT(0, 0, 0), 4);
	g_autoptr(document_t) d = finish(&b);
	assert_cells(d, "A1=1#A1=3#A1=4");
	static const struct { const char *name; bool hidden; } expected[] = { { "Sayfa Ş", false }, { "chart", false },
									       { "b", true }, { "c", true } };
	assert_int_equal(d->sheets->len, 4);
	for (guint i = 0; i < 4; i++) {
		const struct sheet *s = d->sheets->pdata[i];
		assert_string_equal(s->name, expected[i].name);
		assert_int_equal(s->hidden, expected[i].hidden);
	}
}

/* A chart in a sheet holds records that look like cells. */
static void charts_are_no_cells(void **state)
{
	struct xls_builder b;

	xls_begin(&b);
	GByteArray *s = xls_add_sheet(&b, "s", 0, 0);
	xls_number(s, XLS_AT(0, 0, 0), 1);
	xls_bof(s, 0x600, 0x20);
	xls_number(s, XLS_AT(0, 0, 0), 2);
	xls_record(s, 0x0a, "", 0);
	xls_number(s, XLS_AT(0, 1, 0), 3);
	g_autoptr(document_t) d = finish(&b);
	assert_cells(d, "A1=1|B1=3");
}

static void hidden_rows_and_columns(void **state)
{
	struct xls_builder b;

	xls_begin(&b);
	GByteArray *s = xls_add_sheet(&b, "s", 0, 0);
	xls_record(s, 0x7d, "\2\0\3\0\0\0\0\0\1\0\0\0", 12);
	xls_record(s, 0x7d, "\4\0\4\0\0\0\0\0\0\0\0\0", 12);
	xls_row(s, 0, 0xc0);
	xls_row(s, 4, XLS_ROW_HIDDEN);
	xls_number(s, XLS_AT(0, 0, 0), 1);
	xls_number(s, XLS_AT(4, 1, 0), 2);
	xls_number(s, XLS_AT(5, 3, 0), 3);
	xls_number(s, XLS_AT(6, 4, 0), 4);
	g_autoptr(document_t) d = finish(&b);
	assert_cells(d, "A1=1|B5=2|D6=3|E7=4");
	const struct sheet *sheet = d->sheets->pdata[0];
	assert_string_equal(sheet->hidden_row, "s!B5");
	assert_string_equal(sheet->hidden_column, "s!D6");
}

/* ---- shared strings ---- */

/* Texts of one and of two bytes a letter, and every length, against a border that falls at each place in turn. */
static void strings_over_records(void **state)
{
	static const char *const texts[] = { "", "a", "Ad Soyad", "ŞIĞ", "Doğum Tarihi (GG/AA/YYYY)", "é", "abcdefgŞ", "🌀x🌀",
					     "Deneme Bir", "İ" };

	for (guint most = 12; most < 80; most++)
		for (guint way = 0; way < 16; way++) {
			struct xls_builder b;
			g_autoptr(GString) expected = g_string_new(NULL);
			xls_begin(&b);
			b.most = most;
			b.always_wide = way & 1;
			b.turn = way & 2;
			b.runs = way & 4 ? 3 : 0;
			b.aid = way & 8 ? 21 : 0;
			GByteArray *s = xls_add_sheet(&b, "s", 0, 0);
			for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
				xls_shared(&b, s, XLS_AT(i, 0, 0), texts[i]);
				if (*texts[i])
					g_string_append_printf(expected, "%sA%u=%s", expected->len ? "|" : "", i + 1, texts[i]);
			}
			g_autoptr(document_t) d = finish(&b);
			assert_cells(d, expected->str);
		}
}

static void long_text(void **state)
{
	struct xls_builder b;
	g_autofree char *text = g_strnfill(30000, 'x');

	xls_begin(&b);
	GByteArray *s = xls_add_sheet(&b, "s", 0, 0);
	xls_shared(&b, s, XLS_AT(0, 0, 0), text);
	xls_shared(&b, s, XLS_AT(0, 1, 0), "y");
	g_autoptr(document_t) d = finish(&b);
	g_autofree char *expected = g_strdup_printf("A1=%s|B1=y", text);
	assert_cells(d, expected);
}

/* ---- what is refused ---- */

static void refusals(void **state)
{
	static const struct { const char *what; guint type; const char *bytes; size_t len; const char *code; } globals[] = {
		{ "nothing", 0x5c, VALUE("x"), "" },
		{ "password", 0x2f, VALUE("\1\0\1\0"), "encrypted" },
		{ "macro sheet", 0x85, VALUE("\0\0\0\0\0\1\1\0x"), "macro_file" },
		{ "module", 0x85, VALUE("\0\0\0\0\0\6\1\0x"), "macro_file" },
		{ "torn name", 0x85, VALUE("\0\0\0\0\0\0\7\0x"), "xls_damaged" },
		{ "torn format", 0x41e, VALUE("\0\0\7\0\0x"), "xls_damaged" },
		{ "short style", 0xe0, VALUE("\0"), "xls_damaged" },
		{ "strings that end in a text", 0xfc, VALUE("\1\0\0\0\1\0\0\0\5\0\0ab"), "xls_damaged" },
		{ "half a letter", 0xfc, VALUE("\1\0\0\0\1\0\0\0\5\0\1a\0b"), "xls_damaged" },
		{ "this workbook", 0x1ae, VALUE("\1\0\1\4"), "" },
		{ "another program", 0x1ae, VALUE("\0\0\6\0\0cmd\3/x"), "dde_link" },
		{ "another file", 0x1ae, VALUE("\0\0\6\0\0\1dir\3x"), "" },
		{ "sheet outside of the stream", 0x85, VALUE("\xff\xff\xff\x7f\0\0\1\0x"), "xls_damaged" },
		{ "sheet that is none", 0x85, VALUE("\4\0\0\0\0\0\1\0x"), "xls_damaged" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(globals); i++) {
		struct xls_builder b;
		xls_begin(&b);
		xls_record(b.globals, globals[i].type, globals[i].bytes, globals[i].len);
		xls_number(xls_add_sheet(&b, "s", 0, 0), XLS_AT(0, 0, 0), 1);
		g_autoptr(document_t) d = finish(&b);
		if (strcmp(first_code(d), globals[i].code) || d->sheets->len != !*globals[i].code || g_strcmp0(d->format, "xls"))
			fail_msg("%s: %s", globals[i].what, first_code(d));
	}
}

static void damaged_sheets(void **state)
{
	static const struct { const char *what; guint type; const char *bytes; size_t len; } records[] = {
		{ "short number", XLS_NUMBER, VALUE("\0\0\0\0\0\0\0\0") },
		{ "string that is not there", XLS_LABELSST, VALUE("\0\0\0\0\0\0\1\0\0\0") },
		{ "torn text", XLS_LABEL, VALUE("\0\0\0\0\0\0\5\0\0ab") },
		{ "short row", 0x208, VALUE("\0\0") },
		{ "a chart without end", 0x809, VALUE("\0\6\x20\0") },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(records); i++) {
		struct xls_builder b;
		xls_begin(&b);
		xls_string(&b, "x");
		GByteArray *s = xls_add_sheet(&b, "Sayfa1", 0, 0);
		xls_number(s, XLS_AT(0, 0, 0), 1);
		xls_record(s, records[i].type, records[i].bytes, records[i].len);
		g_autoptr(document_t) d = finish(&b);
		if (strcmp(first_code(d), "xls_damaged") || strcmp(first_where(d), "Sayfa1") || d->sheets->len)
			fail_msg("%s: %s", records[i].what, first_code(d));
	}
}

/* A hundred names for one long sheet would be a hundred times the work. */
static void sheets_do_not_overlap(void **state)
{
	struct xls_builder b;

	xls_begin(&b);
	GByteArray *s = xls_add_sheet(&b, "s", 0, 0);
	for (guint i = 0; i < 1000; i++)
		xls_number(s, XLS_AT(i, 0, 0), i);
	for (int i = 1; i < 100; i++)
		xls_add_sheet(&b, "s", 0, 0);
	g_autoptr(GBytes) stream = xls_finish_stream(&b);
	g_autoptr(document_t) apart = open_stream(stream);
	assert_string_equal(first_code(apart), "");
	assert_int_equal(apart->sheets->len, 100);
	gsize len;
	g_autofree guint8 *data = g_memdup2(g_bytes_get_data(stream, &len), g_bytes_get_size(stream));
	guint8 *first = memmem(data, len, "\x85\0\x09\0", 4);
	for (int i = 1; i < 100; i++)
		memcpy(first + 13 * i + 4, first + 4, 4); /* where the sheet begins */
	g_autoptr(GBytes) same = g_bytes_new(data, len);
	g_autoptr(document_t) together = open_stream(same);
	assert_string_equal(first_code(together), "xls_damaged");
}

static void other_streams(void **state)
{
	static const struct { const char *first, *second; const char *code, *format; } cases[] = {
		{ "Workbook", NULL, "", "xls" },
		{ "WORKBOOK", NULL, "", "xls" },
		{ "Workbook", "Book", "", "xls" },
		{ "Workbook", "_VBA_PROJECT_CUR", "macro_file", "xls" },
		{ "Book", NULL, "format_xls_old", "xls" },
		{ "WordDocument", "Macros", "format_doc", "doc" },
		{ "EncryptedPackage", "EncryptionInfo", "encrypted", NULL },
		{ "__properties_version1.0", "__substg1.0_1000001F", "format_msg", "msg" },
		{ "PowerPoint Document", "Pictures", "format_unsupported", NULL },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct xls_builder b;
		struct ole_builder o = { 0 };
		xls_begin(&b);
		xls_add_sheet(&b, "s", 0, 0);
		g_autoptr(GBytes) stream = xls_finish_stream(&b);
		ole_add(&o, cases[i].first, stream);
		if (cases[i].second)
			ole_add(&o, cases[i].second, i < 3 ? stream : NULL);
		g_autoptr(GBytes) bytes = ole_finish(&o);
		g_autoptr(document_t) d = open_bytes(bytes);
		assert_string_equal(first_code(d), cases[i].code);
		assert_true(!g_strcmp0(d->format, cases[i].format));
	}
}

static void old_versions(void **state)
{
	static const struct { const char *bytes; size_t len; const char *code; } cases[] = {
		{ VALUE("\x09\x08\x08\0\0\5\5\0\0\0\0\0"), "format_xls_old" }, /* Excel 5 and 95 */
		{ VALUE("\x09\4\6\0\0\0\x10\0\0\0"), "format_xls_old" },
		{ VALUE("\x09\2\6\0\0\0\x10\0\0\0"), "format_xls_old" },
		{ VALUE("\x09\0\4\0\0\0\x10\0"), "format_xls_old" },
		{ VALUE("\x09\x08\x10\0\0\7\5\0\0\0\0\0\0\0\0\0\0\0\0\0"), "xls_damaged" }, /* of a version to come */
		{ VALUE("\x09\x08\2\0\0\6"), "xls_damaged" },
		{ VALUE("x"), "xls_damaged" },
		{ VALUE(""), "xls_damaged" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GBytes) stream = g_bytes_new(cases[i].bytes, cases[i].len);
		g_autoptr(document_t) d = open_stream(stream);
		assert_string_equal(first_code(d), cases[i].code);
		if (i < 4) { /* as such programs wrote it: without a container */
			g_autoptr(document_t) bare = open_bytes(stream);
			assert_string_equal(first_code(bare), cases[i].code);
		}
	}
}

static void limits(void **state)
{
	struct xls_builder b;

	xls_begin(&b);
	GByteArray *s = xls_add_sheet(&b, "s", 0, 0);
	xls_number(s, XLS_AT(0, 0, 0), 1);
	xls_number(s, XLS_AT(60000, 0, 0), 2);
	g_autoptr(document_t) d = finish(&b);
	assert_string_equal(first_code(d), "too_many_rows");
	assert_string_equal(first_where(d), "s");
	xls_begin(&b);
	xls_number(xls_add_sheet(&b, "s", 0, 0), XLS_AT(0, 65535, 0), 1);
	g_autoptr(document_t) wide = finish(&b);
	assert_string_equal(first_code(wide), "too_many_columns");
}

/* ---- spoilt files ---- */

static GBytes *small_workbook(void)
{
	struct xls_builder b;

	xls_begin(&b);
	b.most = 20;
	b.turn = TRUE;
	b.runs = 1;
	GByteArray *s = xls_add_sheet(&b, "Sayfa1", 0, 0);
	xls_row(s, 0, 0);
	xls_shared(&b, s, XLS_AT(0, 0, 0), "Kimlik No");
	xls_shared(&b, s, XLS_AT(0, 1, 0), "Doğum Tarihi");
	xls_number(s, XLS_AT(1, 0, 0), 10000000146);
	xls_number(s, XLS_AT(1, 1, XLS_STYLE_DATE), 29251);
	xls_cell(s, XLS_FORMULA, XLS_AT(1, 2, 0), "\0\0\0\0\0\0\xff\xff\0\0\0\0\0\0\0", 16);
	xls_record(s, 0x207, "\2\0\0ab", 5);
	xls_record(s, 0xbd, "\2\0\0\0" "\0\0\x0a\0\0\0" "\1\0\x0e\xc9\1\0" "\1\0", 18);
	return xls_finish_stream(&b);
}

/* The bytes as a stream in a sound container: there are sheets or a complaint. */
static void try_stream(const guint8 *data, size_t len)
{
	g_autoptr(GBytes) stream = g_bytes_new(data, len);
	g_autoptr(document_t) d = open_stream(stream);
	g_autofree char *json = document_to_json(d, NULL);

	assert_true(d->sheets->len || d->complaints->len);
	assert_true(g_utf8_validate(json, -1, NULL));
}

static void spoilt_files_end(void **state)
{
	static const guint8 values[] = { 0xff, 0, 1, 0x3c, 0x7f };
	g_autoptr(GBytes) stream = small_workbook();
	gsize len;
	g_autofree guint8 *data = g_memdup2(g_bytes_get_data(stream, &len), g_bytes_get_size(stream));
	g_autoptr(document_t) sound = open_stream(stream);

	assert_cells(sound, "A1=Kimlik No|B1=Doğum Tarihi|A2=10000000146|B2=1980-01-31|C2=ab|A3=2|B3=1980-01-31");
	for (size_t i = 0; i < len; i++) {
		g_autoptr(GBytes) torn = g_bytes_new(data, i);
		g_autoptr(document_t) d = open_stream(torn);
		assert_int_equal(d->sheets->len, 0);
		assert_string_equal(first_code(d), "xls_damaged");
	}
	for (size_t i = 0; i < len; i++)
		for (size_t k = 0; k < G_N_ELEMENTS(values); k++) {
			guint8 kept = data[i];
			data[i] = values[k];
			try_stream(data, len);
			data[i] = kept ^ (guint8)(1 << k);
			try_stream(data, len);
			data[i] = kept;
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values), cmocka_unit_test(several_numbers_of_a_row), cmocka_unit_test(texts_of_formulas),
		cmocka_unit_test(own_formats), cmocka_unit_test(epoch), cmocka_unit_test(sheets),
		cmocka_unit_test(charts_are_no_cells), cmocka_unit_test(hidden_rows_and_columns),
		cmocka_unit_test(strings_over_records), cmocka_unit_test(long_text), cmocka_unit_test(refusals),
		cmocka_unit_test(damaged_sheets), cmocka_unit_test(sheets_do_not_overlap), cmocka_unit_test(other_streams),
		cmocka_unit_test(old_versions), cmocka_unit_test(limits), cmocka_unit_test(spoilt_files_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
