/* sheet_csv, plain: delimiters, quotes, letters and limits of comma-separated values. */
#include "parsers/document.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <time.h>
#include <cmocka.h>
#include "tests/unit/parsers/cells_of.h"

#define BYTES(a) a, sizeof a - 1

static void cells(void **state)
{
	static const struct { const char *bytes; size_t len; const char *cells, *code; } cases[] = {
		{ BYTES("TC;Ad\n1;b\n"), "A1=TC|B1=Ad|A2=1|B2=b", "" },
		{ BYTES("TC,Ad\r\n1,b"), "A1=TC|B1=Ad|A2=1|B2=b", "" },
		{ BYTES("TC\tAd\r1\tb\r"), "A1=TC|B1=Ad|A2=1|B2=b", "" },
		/* ragged rows, empty lines and cells */
		{ BYTES("a;b;c\n\n;;\n1\n1;;3;4"), "A1=a|B1=b|C1=c|A4=1|A5=1|C5=3|D5=4", "" },
		/* the table's delimiter, not the sentence's; not what stands in quotes */
		{ BYTES("Birim: Fen, Edebiyat, Rektörlük\nTC;Ad;Not\n1;b;c\n"),
		  "A1=Birim: Fen, Edebiyat, Rektörlük|A2=TC|B2=Ad|C2=Not|A3=1|B3=b|C3=c", "" },
		{ BYTES("\"a;b;c;d\",\"e;f\"\n1,2"), "A1=a;b;c;d|B1=e;f|A2=1|B2=2", "" },
		/* sep= is no row, and decides */
		{ BYTES("sep=;\na,b;c\n"), "A1=a,b|B1=c", "" },
		{ BYTES("SEP=|\r\na|b;c;d\r\n"), "A1=a|B1=b;c;d", "" },
		{ BYTES("\"sep=,\"\na,b\n"), "A1=a|B1=b", "" },
		{ BYTES("sep=\t\na\tb,c,d"), "A1=a|B1=b,c,d", "" },
		{ BYTES("sep=x\na;b"), "A1=sep=x|A2=a|B2=b", "" },
		/* quotes */
		{ BYTES("\"a \"\"b\"\"\";\"\"\n\"\"\"\";x"), "A1=a \"b\"|A2=\"|B2=x", "" },
		{ BYTES("\"iki\r\nsatır\";\"b\nc\rd\"\n1;2"), "A1=iki\nsatır|B1=b\nc\nd|A2=1|B2=2", "" },
		{ BYTES("a\"b;c\"\n\"d\"e;f"), "A1=a\"b|B1=c\"|A2=de|B2=f", "" },
		{ BYTES("a;b\n1;\"c\n2;\"d\"e\n3;x"), "A1=a|B1=b|A2=1|B2=c\n2;d\"e|A3=3|B3=x", "" },
		{ BYTES("a;b\n1;\"c\n2;d\n"), "A1=a|B1=b|A2=1|B2=\"c|A3=2|B3=d", "quote_open" },
		{ BYTES("a;b\n\"1;\"\"c\n\"2\"\";d\n"), "A1=a|B1=b|A2=1;\"c\n2\"\"|B2=d", "" },
		/* how digits are kept from Excel */
		{ BYTES("a;b\n=\"012\";\"=\"\"10000000146\"\"\"\n=\";x"), "A1=a|B1=b|A2=012|B2=10000000146|A3==\"|B3=x", "" },
		/* letters */
		{ BYTES("\xef\xbb\xbfTC;Ünvan\n1;Öğr\n"), "A1=TC|B1=Ünvan|A2=1|B2=Öğr", "" },
		{ BYTES("TC;\xddsim\n1;\xdeule I\xf0\xfd\n"), "A1=TC|B1=İsim|A2=1|B2=Şule Iğı", "" },
		{ BYTES("\xff\xfe" "T\0\t\0\x30\x01\n\0" "1\0\t\0" "5\xd8\x4a\xdc"), "A1=T|B1=İ|A2=1|B2=\xf0\x9d\x91\x8a", "" },
		{ BYTES("\xfe\xff" "\0T\0;\x01\x30"), "A1=T|B1=İ", "" },
		{ BYTES("a;b\n1;2\n\x1a"), "A1=a|B1=b|A2=1|B2=2", "" },
		/* no table, no text */
		{ BYTES("bir\niki"), "", "format_unsupported" },
		{ BYTES("\n"), "", "format_unsupported" },
		{ BYTES("a;b\0;c"), "", "format_unsupported" },
		{ BYTES("a;b\x01;c"), "", "format_unsupported" },
		{ BYTES("\xff\xfe" "a\0;\0\x35\xd8"), "", "format_unsupported" },
		{ BYTES("\xff\xfe" "a\0;\0\0\0b\0"), "", "format_unsupported" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(document_t) d = document_open("a.csv", cases[i].bytes, cases[i].len);
		g_autofree char *got = cells_of(d);
		assert_string_equal(d->format, "csv");
		assert_string_equal(got, cases[i].cells);
		assert_string_equal(first_code(d), cases[i].code);
	}
}

static void names(void **state)
{
	static const struct { const char *file, *sheet; } cases[] = {
		{ "Talep Listesi.csv", "Talep Listesi" }, { "C:\\x.y\\a.b.csv", "a.b" }, { "/tmp/l.TSV", "l" }, { ".csv", "CSV" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(document_t) d = document_open(cases[i].file, "a;\"b", 4);
		g_autofree char *where = g_strconcat(cases[i].sheet, "!B1", NULL);
		assert_string_equal(((const struct sheet *)d->sheets->pdata[0])->name, cases[i].sheet);
		assert_string_equal(first_where(d), where);
	}
}

/* What passes a limit is left out and told; no bytes take long. */
static void limits(void **state)
{
	static const struct { const char *begin, *again; size_t times; const char *code; guint rows; } cases[] = {
		{ "a;b\n", "1;2\n", 30000, "too_many_rows", 20000 },
		{ "a;b\n", "\n", 4000000, "", 1 },
		{ "a;b\n", "1;", 1000000, "too_many_columns", 2 },
		{ "a;b\n", "1;2;3;4;5;6;7;8;9;10;11;12;13;14;15;16;17;18;19;20;21;22;23;24;25;26;27;28;29;30\n", 19999,
		  "too_many_cells", 16130 },
		{ "a;b\n", "\"", 3000001, "quote_open", 2 },
		{ "a;b\n", "\";", 1500000, "too_many_columns", 2 },
		{ "a;b\n", "\"\n", 1000001, "too_many_rows", 20000 },
		{ "a;\"b", "x\"\"", 1000000, "quote_open", 1 },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GString) text = g_string_new(cases[i].begin);
		for (size_t k = 0; k < cases[i].times; k++)
			g_string_append(text, cases[i].again);
		clock_t start = clock();
		g_autoptr(document_t) d = document_open("a.csv", text->str, text->len);
		assert_true(clock() - start < 2 * CLOCKS_PER_SEC);
		assert_string_equal(first_code(d), cases[i].code);
		assert_int_equal(((const struct sheet *)d->sheets->pdata[0])->rows->len, cases[i].rows);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(cells), cmocka_unit_test(names), cmocka_unit_test(limits) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
