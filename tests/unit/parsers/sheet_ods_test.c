/* sheet_ods, ods_value: sheets of OpenDocument as a person sees them; files that are refused. */
#include "parsers/document.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <time.h>
#include <cmocka.h>
#include "parsers/ods_value.h"
#include "tests/unit/parsers/cells_of.h"
#include "tests/unit/parsers/zip_builder.h"

#define CONTENT(styles, tables)                                                                                        \
	"<office:document-content xmlns:office='o' xmlns:table='t' xmlns:text='x' xmlns:style='s' xmlns:calcext='c' "  \
	"xmlns:draw='d'><office:automatic-styles>" styles "</office:automatic-styles><office:body><office:spreadsheet>" \
	tables "</office:spreadsheet></office:body></office:document-content>"
#define SHEET(rows) "<table:table table:name='Sayfa1'>" rows "</table:table>"
#define ROW(cells) "<table:table-row>" cells "</table:table-row>"
#define CELL(text) "<table:table-cell office:value-type='string'><text:p>" text "</text:p></table:table-cell>"
#define VALUE(type, attributes, text) "<table:table-cell office:value-type='" type "' " attributes "><text:p>" text "</text:p></table:table-cell>"
#define TIMES(n, what) "table:number-" what "-repeated='" n "'"
#define EMPTY(n) "<table:table-cell " TIMES(n, "columns") "/>"
#define TYPE "application/vnd.oasis.opendocument.spreadsheet"

static document_t *open_parts(const char *content, const char *manifest)
{
	struct zip_builder b = { 0 };

	zip_add_text(&b, "mimetype", TYPE);
	if (content)
		zip_add(&b, "content.xml", content, strlen(content), (struct zip_options){ .deflate = strlen(content) < 20000 });
	zip_add_text(&b, "META-INF/manifest.xml", manifest);
	g_autoptr(GBytes) bytes = zip_finish(&b);
	return document_open("a.ods", g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
}

static document_t *open_content(const char *content)
{
	return open_parts(content, "<manifest/>");
}

static void cells(void **state)
{
	static const struct { const char *content, *cells; } cases[] = {
		{ CONTENT("", SHEET(ROW(CELL("TC") CELL("Ad")) ROW(CELL("1") CELL("b")))), "A1=TC|B1=Ad|A2=1|B2=b" },
		/* values */
		{ CONTENT("", SHEET(ROW(VALUE("float", "office:value='10000000146'", "1,00E+10")
			VALUE("float", "office:value='1.0000000146E10'", "x") VALUE("float", "office:value='3.5'", "3,5")
			VALUE("percentage", "office:value='0.5'", "50%") VALUE("currency", "office:value='12'", "12 TL")))),
		  "A1=10000000146|B1=10000000146|C1=3.5|D1=0.5|E1=12" },
		{ CONTENT("", SHEET(ROW(VALUE("date", "office:date-value='1980-01-31'", "31.01.80")
			VALUE("date", "office:date-value='1980-01-31T09:00:00'", "x") VALUE("time", "office:time-value='PT09H05M00S'", "x")
			VALUE("boolean", "office:boolean-value='true'", "DOĞRU") VALUE("boolean", "office:boolean-value='false'", "x")))),
		  "A1=1980-01-31|B1=1980-01-31 09:00:00|C1=09:05:00|D1=TRUE|E1=FALSE" },
		{ CONTENT("", SHEET(ROW(VALUE("date", "office:date-value='31.01.1980'", "31.01.1980") VALUE("float", "", "7")
			VALUE("string", "calcext:value-type='error'", "#AD?") "<table:table-cell><text:p>c</text:p></table:table-cell>"
			"<table:table-cell office:value-type='string' office:string-value='d'/>"))),
		  "A1=31.01.1980|B1=7|C1=#AD?|D1=c|E1=d" },
		/* text */
		{ CONTENT("", SHEET(ROW("<table:table-cell><text:p>bir</text:p><text:p>i<text:span>k<text:span>i</text:span></text:span></text:p>"
			"<text:p/></table:table-cell>" CELL("\n a \t\n b<text:s/><text:s text:c='2'/>c<text:tab/>d<text:line-break/>e")
			CELL("<text:a>x@y.test</text:a>&amp;&#351;")))),
		  "A1=bir\niki\n|B1=a b   c\td\ne|C1=x@y.test&ş" },
		{ CONTENT("", SHEET("<table:shapes><draw:frame><text:p>s</text:p></draw:frame></table:shapes>" ROW("<table:table-cell>"
			"<office:annotation><text:p>yorum</text:p></office:annotation><text:p>a<draw:frame><draw:text-box><text:p>kutu</text:p>"
			"</draw:text-box></draw:frame>b<text:note><text:p>n</text:p></text:note></text:p><draw:frame><text:p>x</text:p></draw:frame>"
			"<table:table><table:table-row><table:table-cell><text:p>iç</text:p></table:table-cell></table:table-row></table:table>"
			"</table:table-cell>" CELL("c")))), "A1=ab|B1=c" },
		/* repeated, covered */
		{ CONTENT("", SHEET("<table:table-row " TIMES("3", "rows") ">" EMPTY("2") "</table:table-row>" ROW(EMPTY("2") CELL("a")
			"<table:table-cell " TIMES("2", "columns") "><text:p>b</text:p></table:table-cell>" EMPTY("16379"))
			"<table:table-row " TIMES("1048572", "rows") ">" EMPTY("16384") "</table:table-row>")), "C4=a|D4=b|E4=b" },
		{ CONTENT("", SHEET("<table:table-row " TIMES("2", "rows") ">" EMPTY("1") CELL("a") "</table:table-row>" ROW(CELL("b")))),
		  "B1=a|B2=a|A3=b" },
		{ CONTENT("", SHEET(ROW("<table:table-cell table:number-columns-spanned='2'><text:p>a</text:p></table:table-cell>"
			"<table:covered-table-cell><text:p>altta</text:p></table:covered-table-cell>" CELL("c"))
			ROW("<table:covered-table-cell " TIMES("2", "columns") "/>" CELL("d")))), "A1=a|C1=c|C2=d" },
		{ CONTENT("", SHEET(ROW(EMPTY("0") "<table:table-cell " TIMES("-5", "columns") "/>" "<table:table-cell " TIMES("x", "columns")
			"/>" CELL("a")))), "D1=a" },
		/* groups, several sheets, changes */
		{ CONTENT("", "<table:tracked-changes>" SHEET(ROW(CELL("eski"))) "</table:tracked-changes>" SHEET("<table:table-header-rows>"
			ROW(CELL("a")) "</table:table-header-rows><table:table-row-group><table:table-rows>" ROW(CELL("b"))
			"</table:table-rows></table:table-row-group>") SHEET(ROW(EMPTY("1") CELL("c")))), "A1=a|A2=b#B1=c" },
		{ CONTENT("", SHEET("")), "" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(document_t) d = open_content(cases[i].content);
		g_autofree char *got = cells_of(d);
		assert_string_equal(first_code(d), "");
		assert_string_equal(d->format, "ods");
		assert_string_equal(got, cases[i].cells);
	}
}

static void values(void **state)
{
	static const struct { const char *type, *value, *text; } cases[] = {
		{ "date", "1980-01-31T00:00:00", "1980-01-31" }, { "date", "1980-01-31T00:00:00.000", "1980-01-31" },
		{ "date", "1980-01-31T09:30:15.999", "1980-01-31 09:30:15" }, { "date", "1980-01-31T09:30", NULL },
		{ "date", "1980-01-31 ", NULL }, { "date", "80-01-31", NULL }, { "date", "", NULL }, { "date", "1980-01-31T09:30:15x", NULL },
		{ "time", "PT26H00M00.5S", "26:00:00" }, { "time", "PT1H2M3S", "01:02:03" }, { "time", "PT1H", NULL },
		{ "time", "PT1H2M3Sx", NULL }, { "time", "P1D", NULL }, { "time", "PT9999999H0M0S", NULL },
		{ "float", "1e3", "1000" }, { "float", "abc", "abc" }, { "float", "", NULL }, { "string", "a", NULL }, { "", "1", NULL },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GString) out = g_string_new("<");
		bool done = ods_value_append(out, cases[i].type, cases[i].value);
		assert_int_equal(done, cases[i].text != NULL);
		assert_string_equal(out->str + 1, cases[i].text ? cases[i].text : "");
	}
}

static void hidden(void **state)
{
	static const char content[] = CONTENT("<style:style style:name='ta1'><style:table-properties table:display='false'/></style:style>"
		"<style:style style:name='ta2'><style:table-properties table:display='true'/></style:style>",
		"<table:table table:name='Gizli' table:style-name='ta1'>" ROW(CELL("a")) "</table:table>"
		"<table:table table:name='Açık' table:style-name='ta2'><table:table-column/><table:table-column table:visibility='collapse' "
		TIMES("2", "columns") "/><table:table-column " TIMES("16381", "columns") "/>" ROW(CELL("a") EMPTY("2") CELL("d"))
		"<table:table-row table:visibility='filter'>" EMPTY("1024") "</table:table-row>"
		"<table:table-row table:visibility='filter'>" CELL("c") EMPTY("1") CELL("e") "</table:table-row></table:table>");
	g_autoptr(document_t) d = open_content(content);
	const struct sheet *first = d->sheets->pdata[0], *second = d->sheets->pdata[1];

	assert_true(first->hidden && !second->hidden);
	assert_string_equal(first->name, "Gizli");
	assert_null(first->hidden_row);
	assert_string_equal(second->hidden_row, "Açık!A3");
	assert_string_equal(second->hidden_column, "Açık!C3");
}

static void refused(void **state)
{
	static const struct { const char *content, *manifest, *code; } cases[] = {
		{ "\x12\x34 sealed", "<a><encryption-data/></a>", "encrypted" },
		{ "<!DOCTYPE x [<!ENTITY a 'aaaa'>]><x>&a;</x>", "<a/>", "xml_doctype" },
		{ CONTENT("", SHEET(ROW(CELL("a")))) "x", "<a/>", "xml_broken" },
		{ CONTENT("", SHEET(ROW(CELL("a"))) "<table:dde-links><table:dde-link/></table:dde-links>"), "<a/>", "dde_link" },
		{ "<office:document-content xmlns:office='o'><office:body><office:text/></office:body></office:document-content>", "<a/>",
		  "workbook_missing" },
		{ "<x xmlns:table='t'>" SHEET("") "</x>", "<a/>", "workbook_missing" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(document_t) d = open_parts(cases[i].content, cases[i].manifest);
		assert_string_equal(first_code(d), cases[i].code);
		assert_int_equal(d->sheets->len, 0);
	}
}

static char *again(const char *before, const char *what, size_t times, const char *after)
{
	GString *out = g_string_new(before);

	while (times--)
		g_string_append(out, what);
	return g_string_free(g_string_append(out, after), FALSE);
}

/* What repeats costs no more than what stands there. */
static void limits(void **state)
{
#define FAR_ROW "<table:table-row " TIMES("1048576", "rows") ">"
#define FAR_CELL(n, text) "<table:table-cell " TIMES(n, "columns") "><text:p>" text "</text:p></table:table-cell>"
	static const struct { const char *what; size_t times; const char *code; guint rows; } cases[] = {
		{ ROW(FAR_CELL("1000000000", "a")), 1, "too_many_columns", 1 },
		{ FAR_ROW CELL("a") "</table:table-row>", 1, "too_many_rows", 20000 },
		{ FAR_ROW CELL("a") "</table:table-row>", 20000, "too_many_rows", 20000 },
		{ FAR_ROW FAR_CELL("99999999999", "a") "</table:table-row>", 1000, "too_many_rows", 975 },
		{ FAR_ROW FAR_CELL("500", "a") "</table:table-row>", 1000, "too_many_rows", 999 },
		{ FAR_ROW EMPTY("99999999") "</table:table-row>", 20000, "", 0 },
		{ ROW(CELL("<text:s text:c='99999999'/>a")), 1000, "", 1000 },
		{ ROW(FAR_CELL("512", "<text:s text:c='1000'/><text:s text:c='1000'/>a")), 100, "too_much_text", 9 },
		{ FAR_ROW CELL("a") , 200, "xml_broken", 0 },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *rows = again("", cases[i].what, cases[i].times, "");
		g_autofree char *content = g_strdup_printf(CONTENT("", SHEET("%s")), rows);
		clock_t start = clock();
		g_autoptr(document_t) d = open_content(content);
		clock_t took = clock() - start;
		const struct sheet *s = d->sheets->len ? d->sheets->pdata[0] : NULL;
		if (strcmp(first_code(d), cases[i].code) || (s ? s->rows->len : 0) != cases[i].rows || took > CLOCKS_PER_SEC)
			fail_msg("case %zu: %s, %u rows, %d ms", i, first_code(d), s ? s->rows->len : 0,
				 (int)(took * 1000 / CLOCKS_PER_SEC));
	}
	g_autofree char *sheets = again("", SHEET(""), 300, "");
	g_autofree char *content = g_strdup_printf(CONTENT("", "%s"), sheets);
	g_autoptr(document_t) d = open_content(content);
	assert_string_equal(first_code(d), "too_many_tables");
	assert_int_equal(d->sheets->len, 256);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(cells), cmocka_unit_test(values), cmocka_unit_test(hidden),
					    cmocka_unit_test(refused), cmocka_unit_test(limits) };

	document_warm_up();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
