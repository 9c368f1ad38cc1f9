/* sheet_xlsx, xlsx_sheet, xlsx_styles: cells where they stand and as a person sees them; files that are refused. */
#include "parsers/document.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>
#include <xlsxwriter.h>
#include <cmocka.h>
#include "tests/unit/parsers/zip_builder.h"

#define SHEET(rows) "<worksheet><sheetData>" rows "</sheetData></worksheet>"
#define STYLES "<styleSheet><numFmts><numFmt numFmtId='164' formatCode='dd/mm/yyyy'/><numFmt numFmtId='165' " \
	"formatCode='0.00'/></numFmts><cellStyleXfs><xf numFmtId='14'/></cellStyleXfs><cellXfs><xf numFmtId='0'/>" \
	"<xf numFmtId='14'/><xf numFmtId='164'/><xf numFmtId='165'/></cellXfs></styleSheet>"

static document_t *open_builder(struct zip_builder *b, const char *name)
{
	g_autoptr(GBytes) bytes = zip_finish(b);

	return document_open(name, g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
}

static document_t *open_sheet(const char *properties, const char *sheet, const char *strings)
{
	struct zip_builder b = { 0 };
	g_autofree char *workbook = g_strdup_printf(
		"<workbook xmlns:r='r'><workbookPr %s/><sheets>%s</sheets></workbook>", properties, ZIP_SHEET1);

	zip_add_workbook(&b, workbook, sheet, strings, STYLES);
	return open_builder(&b, "a.xlsx");
}

/* "A1=x|C2=y": every cell that is not empty. */
static char *cells_of(const document_t *d)
{
	GString *out = g_string_new(NULL);

	for (guint s = 0; s < d->sheets->len; s++) {
		const struct sheet *sheet = d->sheets->pdata[s];
		for (guint r = 0; r < sheet->rows->len; r++) {
			const GPtrArray *row = sheet->rows->pdata[r];
			for (guint c = 0; c < row->len; c++)
				if (*(const char *)row->pdata[c])
					g_string_append_printf(out, "%s%c%u=%s", out->len ? "|" : "",
							       (char)('A' + c), r + 1,
							       (const char *)row->pdata[c]);
		}
	}
	return g_string_free(out, FALSE);
}

static const char *first_code(const document_t *d)
{
	return d->complaints->len ? ((const struct complaint *)d->complaints->pdata[0])->code : NULL;
}

static void cells(void **state)
{
	static const char strings[] =
		"<sst><si><t>bir</t></si><si><r><t>i</t></r><r><t xml:space='preserve'>ki </t></r>"
		"<rPh><t>okunuş</t></rPh></si><si/><si><t>a_x000A_b_xZZ_</t></si></sst>";
	static const struct { const char *rows, *cells; } cases[] = {
		{ "<row r='1'><c r='A1' t='s'><v>0</v></c><c r='B1' t='s'><v>1</v></c></row>",
		  "A1=bir|B1=iki " },
		{ "<row r='1'><c r='A1' t='s'><v>2</v></c><c r='B1' t='s'><v>9</v></c><c r='C1' "
		  "t='s'><v>-1</v></c></row>",
		  "" },
		{ "<row r='1'><c r='A1' t='s'><v>3</v></c></row>", "A1=a\nb_xZZ_" },
		{ "<row r='1'><c r='A1' t='inlineStr'><is><r><t>Ş</t></r><r><t>ule</t></r></is></c></row>",
		  "A1=Şule" },
		{ "<row r='2'><c r='C2'><v>7</v></c></row>", "C2=7" },
		{ "<row><c><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c></row>", "A1=1|B1=2|A2=3" },
		{ "<row r='3'><c><v>1</v></c><c r='D3'><v>2</v></c><c><v>3</v></c></row>", "A3=1|D3=2|E3=3" },
		{ "<row r='1'><c r='A1' t='str'><f>1+1</f><v>iki</v></c><c "
		  "r='B1'><f>SUM(A1)</f><v>2</v></c></row>",
		  "A1=iki|B1=2" },
		{ "<row r='1'><c r='A1' t='b'><v>1</v></c><c r='B1' t='b'><v>0</v></c><c r='C1' "
		  "t='e'><v>#N/A</v></c></row>",
		  "A1=TRUE|B1=FALSE|C1=#N/A" },
		{ "<row r='1'><c r='A1' s='1'><v>29251</v></c><c r='B1' s='2'><v>29251.5</v></c><c r='C1' "
		  "s='3'><v>29251</v></c>"
		  "<c r='D1'><v>29251</v></c><c r='E1' s='99'><v>5</v></c></row>",
		  "A1=1980-01-31|B1=1980-01-31 12:00:00|C1=29251|D1=29251|E1=5" },
		{ "<row r='1'><c r='A1' t='d'><v>1980-01-31</v></c></row>", "A1=1980-01-31" },
		{ "<row r='1'><c r='A1' s='1'/><c r='B1'><v></v></c></row>", "" },
		{ "<row r='x'><c r='1A'><v>5</v></c></row>", "A1=5" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *sheet = g_strdup_printf(SHEET("%s"), cases[i].rows);
		g_autoptr(document_t) d = open_sheet("", sheet, strings);
		g_autofree char *got = cells_of(d);
		assert_null(first_code(d));
		assert_string_equal(d->format, "xlsx");
		assert_string_equal(got, cases[i].cells);
	}
}

static void epoch_1904(void **state)
{
	g_autoptr(document_t) d = open_sheet("date1904='1'", SHEET("<row><c s='1'><v>27789</v></c></row>"), NULL);
	g_autofree char *got = cells_of(d);

	assert_string_equal(got, "A1=1980-01-31");
	assert_true(d->epoch_1904);
}

static void several_sheets(void **state)
{
	struct zip_builder b = { 0 };

	zip_add_workbook(&b,
			 ZIP_WORKBOOK("", "<sheet name='Gizli' r:id='rId4' state='hidden'/>" ZIP_SHEET1
					  "<sheet name='Grafik' r:id='rId77'/>"),
			 SHEET("<row><c><v>1</v></c></row>"), NULL, NULL);
	zip_add_text(&b, "xl/worksheets/sheet2.xml", SHEET("<row><c><v>2</v></c></row>"));
	g_autoptr(document_t) d = open_builder(&b, "a.xlsx");
	g_autofree char *got = cells_of(d);

	assert_int_equal(d->sheets->len, 3);
	assert_string_equal(((const struct sheet *)d->sheets->pdata[0])->name, "Gizli");
	assert_true(((const struct sheet *)d->sheets->pdata[0])->hidden);
	assert_string_equal(((const struct sheet *)d->sheets->pdata[1])->name, "Sayfa1");
	assert_string_equal(got, "A1=2|A1=1");
}

#define DTD "<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'>]>"

static void refused_parts(void **state)
{
	static const struct { const char *part, *bytes, *code; } cases[] = {
		{ "xl/worksheets/sheet1.xml", DTD SHEET("<row><c><v>&a;</v></c></row>"), "xml_doctype" },
		{ "xl/workbook.xml", DTD "<workbook/>", "xml_doctype" },
		{ "xl/sharedStrings.xml", DTD "<sst/>", "xml_doctype" },
		{ "xl/styles.xml", DTD "<styleSheet/>", "xml_doctype" },
		{ "xl/xmlMaps.xml", DTD "<x/>", "xml_doctype" },
		{ "xl/xmlMaps.xml", "<MapInfo><redefine schemaLocation='http://x.test'/></MapInfo>",
		  "external_schema" },
		{ "xl/worksheets/sheet1.xml", "<worksheet><sheetData>", "xml_broken" },
		{ "xl/vbaProject.bin", "macro", "macro_file" },
		{ "xl/externalLinks/externalLink1.xml",
		  "<externalLink><ddeLink ddeService='cmd'/></externalLink>", "dde_link" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct zip_builder b = { 0 };
		static const struct { const char *name, *bytes; } parts[] = {
			{ "xl/workbook.xml", ZIP_WORKBOOK("", ZIP_SHEET1) },
			{ "xl/_rels/workbook.xml.rels",
			  "<Relationships><Relationship Id='rId1' Type='x/worksheet' Target="
			  "'worksheets/sheet1.xml'/><Relationship Id='rId2' Type='x/styles' "
			  "Target='styles.xml'/><Relationship "
			  "Id='rId3' Type='x/sharedStrings' Target='sharedStrings.xml'/></Relationships>" },
			{ "xl/worksheets/sheet1.xml", SHEET("<row><c s='1'><v>1</v></c></row>") },
		};
		for (size_t k = 0; k < G_N_ELEMENTS(parts); k++)
			if (strcmp(parts[k].name, cases[i].part))
				zip_add_text(&b, parts[k].name, parts[k].bytes);
		zip_add_text(&b, cases[i].part, cases[i].bytes);
		g_autoptr(document_t) d = open_builder(&b, "a.xlsx");
		assert_non_null(first_code(d));
		assert_string_equal(first_code(d), cases[i].code);
		assert_int_equal(d->sheets->len, 0);
	}
}

static void missing_sheet(void **state)
{
	struct zip_builder b = { 0 };

	zip_add_workbook(&b, ZIP_WORKBOOK("", ZIP_SHEET1 "<sheet name='x' r:id='rId4'/>"), SHEET(""), NULL, NULL);
	g_autoptr(document_t) d = open_builder(&b, "a.xlsx");
	assert_string_equal(first_code(d), "sheet_missing");
	assert_int_equal(d->sheets->len, 0);
}

/* What passes a limit is left out and told; the rest is kept. */
static void limits(void **state)
{
	g_autofree char *word = g_strnfill(30000, 'a');
	g_autofree char *strings = g_strdup_printf("<sst><si><t>%s</t></si></sst>", word);
	g_autoptr(GString) repeated = g_string_new("<worksheet><sheetData>");

	for (int i = 0; i < 400; i++)
		g_string_append(repeated, "<row><c t='s'><v>0</v></c></row>");
	g_string_append(repeated, "</sheetData></worksheet>");
	struct { const char *sheet, *strings, *code; guint rows; } cases[] = {
		{ SHEET("<row r='1'><c><v>1</v></c></row><row r='1048576'><c><v>1</v></c></row>"), NULL,
		  "too_many_rows", 1 },
		{ SHEET("<row r='1'><c r='A1'><v>1</v></c><c r='XFD1'><v>1</v></c></row>"), NULL,
		  "too_many_columns", 1 },
		{ repeated->str, strings, "too_much_text", 280 },
	};
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(document_t) d = open_sheet("", cases[i].sheet, cases[i].strings);
		assert_string_equal(first_code(d), cases[i].code);
		assert_int_equal(((const struct sheet *)d->sheets->pdata[0])->rows->len, cases[i].rows);
	}
}

/* What a person does not see is kept, and noted. */
static void hidden(void **state)
{
	static const struct { const char *sheet, *row, *column; } cases[] = {
		{ SHEET("<row hidden='1'/><row><c><v>1</v></c></row>") },
		{ SHEET("<row><c><v>1</v></c></row><row hidden='1'><c/><c><v>2</v></c></row>"), "Sayfa1!B2" },
		{ SHEET("<row hidden='true'><c><v>1</v></c></row><row hidden='1'><c><v>2</v></c></row>"), "Sayfa1!A1" },
		{ SHEET("<row hidden='0'><c><v>1</v></c></row>") },
		{ "<x><cols><col min='2' max='3' hidden='1'/></cols><sheetData><row><c><v>1</v></c></row></sheetData></x>" },
		{ "<x><cols><col min='2' max='16384' hidden='1'/></cols><sheetData><row r='4'><c r='AB4'><v>1</v></c></row>"
		  "</sheetData></x>", NULL, "Sayfa1!AB4" },
		{ "<x><cols><col min='0' max='3' hidden='1'/><col min='3' max='2' hidden='1'/></cols><sheetData><row><c>"
		  "<v>1</v></c></row></sheetData></x>" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(document_t) d = open_sheet("", cases[i].sheet, NULL);
		g_autofree char *got = cells_of(d);
		const struct sheet *s = d->sheets->pdata[0];
		assert_null(first_code(d));
		assert_true(!g_strcmp0(s->hidden_row, cases[i].row) && !g_strcmp0(s->hidden_column, cases[i].column));
		assert_true(*got);
	}
}

/* A file that another library wrote, with all its usual parts. */
static void written_by_libxlsxwriter(void **state)
{
	g_autofree char *name = NULL, *bytes = NULL;
	gsize len;
	int fd = g_file_open_tmp("nesgate-XXXXXX.xlsx", &name, NULL);
	assert_true(fd >= 0);
	lxw_workbook *book = workbook_new(name);
	lxw_worksheet *sheet = workbook_add_worksheet(book, "Başvuru");
	lxw_format *date = workbook_add_format(book);

	format_set_num_format(date, "dd.mm.yyyy");
	worksheet_write_string(sheet, 0, 0, "Doğum Tarihi", NULL);
	worksheet_write_number(sheet, 1, 0, 29251, date);
	worksheet_write_number(sheet, 1, 1, 10000000146.0, NULL);
	worksheet_merge_range(sheet, 3, 0, 3, 2, "birleşik", NULL);
	assert_int_equal(workbook_close(book), LXW_NO_ERROR);
	assert_true(g_file_get_contents(name, &bytes, &len, NULL));
	close(fd);
	remove(name);
	g_autoptr(document_t) d = document_open("b.xlsx", bytes, len);
	g_autofree char *got = cells_of(d);
	assert_string_equal(got, "A1=Doğum Tarihi|A2=1980-01-31|B2=10000000146|A4=birleşik");
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(cells), cmocka_unit_test(epoch_1904),
		cmocka_unit_test(several_sheets), cmocka_unit_test(refused_parts), cmocka_unit_test(missing_sheet),
		cmocka_unit_test(limits), cmocka_unit_test(hidden), cmocka_unit_test(written_by_libxlsxwriter) };
	document_warm_up();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
