/* doc_odt: tables with repeated and covered cells, tracked changes, hidden text and sections, white space. */
#include "parsers/document.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "tests/unit/parsers/doc_shown.h"
#include "tests/unit/parsers/zip_builder.h"

#define TEXT_TYPE "application/vnd.oasis.opendocument.text"
#define NAMES "xmlns:office='o' xmlns:text='t' xmlns:table='b' xmlns:draw='d' xmlns:style='s' xmlns:loext='l' xmlns:svg='v'"
#define DOCUMENT(body) "<office:document-content " NAMES "><office:body><office:text>" body \
	"</office:text></office:body></office:document-content>"
#define STYLES(styles) "<office:document-styles " NAMES ">" styles "</office:document-styles>"
#define P(text) "<text:p>" text "</text:p>"
#define TC(text) "<table:table-cell>" P(text) "</table:table-cell>"
#define TCA(attributes, text) "<table:table-cell " attributes ">" P(text) "</table:table-cell>"
#define COVERED "<table:covered-table-cell/>"
#define TR(cells) "<table:table-row>" cells "</table:table-row>"
#define TBL(rows) "<table:table table:name='x'><table:table-column/>" rows "</table:table>"

static document_t *open_odt(const char *content, const char *styles, const char *manifest)
{
	struct zip_builder b = { 0 };

	zip_add_text(&b, "mimetype", TEXT_TYPE);
	if (content)
		zip_add_text(&b, "content.xml", content);
	if (styles)
		zip_add_text(&b, "styles.xml", styles);
	if (manifest)
		zip_add_text(&b, "META-INF/manifest.xml", manifest);
	g_autoptr(GBytes) bytes = zip_finish(&b);
	return document_open("a.odt", g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
}

static void documents(void **state)
{
	static const struct { const char *body, *styles, *expected; } cases[] = {
		{ DOCUMENT(P("a") "<text:h>b</text:h>"), NULL, "text: a\nb" },
		{ DOCUMENT(P("önce") TBL(TR(TC("TC") TC("Ad")) TR(TC("1") TC("ş"))) P("sonra")), NULL,
		  "Tablo 1: TC|Ad / 1|ş; text: önce\nsonra" },
		{ DOCUMENT("\n  " TBL("\n " TR("\n" TC("a") " ") "\n")), NULL, "Tablo 1: a" },
		/* white space */
		{ DOCUMENT(P(" a \n\t <text:span> b</text:span><text:s/><text:s text:c='2'/>c<text:tab/>d<text:line-break/>e ")), NULL,
		  "text: a b   c\td\ne" },
		/* repeated, merged to the right and downwards */
		{ DOCUMENT(TBL(TR(TCA("table:number-columns-repeated='2'", "a") TC("b")))), NULL, "Tablo 1: a|a|b" },
		{ DOCUMENT(TBL(TR("<table:table-cell table:number-columns-repeated='2'/>" TC("b")))), NULL, "Tablo 1: ||b" },
		{ DOCUMENT(TBL("<table:table-row table:number-rows-repeated='2'>" TC("a") "</table:table-row>" TR(TC("b")))), NULL,
		  "Tablo 1: a / a / b" },
		{ DOCUMENT(TBL(TR(TCA("table:number-columns-spanned='2'", "a") COVERED TC("b")) TR(TC("c") TC("d") TC("e")))), NULL,
		  "Tablo 1: a||b / c|d|e" },
		{ DOCUMENT(TBL(TR(TCA("table:number-rows-spanned='3'", "a") TC("b")) TR(COVERED TC("c")) TR(COVERED TC("d"))
			       TR(TC("") TC("e")))), NULL, "Tablo 1: a|b / a|c / a|d / |e" },
		{ DOCUMENT(TBL(TR(TC("x") TCA("table:number-rows-spanned='2'", "a") TC("b")) TR(TC("y") COVERED TC("c"))
			       TR(TCA("table:number-columns-spanned='2'", "z") COVERED TC("d")))), NULL,
		  "Tablo 1: x|a|b / y|a|c / z||d" },
		{ DOCUMENT(TBL(TR(TCA("table:number-columns-spanned='3'", "a")
				  "<table:covered-table-cell table:number-columns-repeated='2'/>" TC("b")))), NULL, "Tablo 1: a|||b" },
		{ DOCUMENT(TBL(TR(TC("a")) "<table:table-row table:visibility='collapse'>" TC("b") "</table:table-row>" TR(TC("c")))),
		  NULL, "Tablo 1: a / c" },
		{ DOCUMENT(TBL("<table:table-header-rows>" TR(TC("a")) "</table:table-header-rows>" TR(TC("b")))), NULL,
		  "Tablo 1: a / b" },
		/* a table in a cell */
		{ DOCUMENT(TBL(TR("<table:table-cell>" P("a") TBL(TR(TC("c") TC("d"))) P("b") "</table:table-cell>" TC("e")))), NULL,
		  "Tablo 1: a\nb|e; Tablo 2: c|d" },
		/* tracked changes: what was deleted is kept aside, what was inserted stands in the text */
		{ DOCUMENT("<text:tracked-changes><text:changed-region><text:deletion>" P("yok") "</text:deletion></text:changed-region>"
			   "</text:tracked-changes>" P("a<text:change-start/>b<text:change-end/><text:change/>c")), NULL, "text: abc" },
		/* hidden */
		{ DOCUMENT("<text:section text:display='none'>" P("a") TBL(TR(TC("b"))) "</text:section><text:section text:display="
			   "'true'>" P("c") "</text:section><text:section text:is-hidden='true'>" P("d") "</text:section>"), NULL,
		  "text: c" },
		{ DOCUMENT(P("a<text:hidden-text text:is-hidden='true'>b</text:hidden-text><text:hidden-text "
			     "text:is-hidden='false'>c</text:hidden-text>") P("<text:hidden-paragraph text:is-hidden='true'/>d")), NULL,
		  "text: ac" },
		{ DOCUMENT(P("a<text:span text:style-name='H'>b</text:span><text:span text:style-name='I'>c</text:span>"
			     "<text:span text:style-name='V'>d</text:span>") "<text:p text:style-name='I'>e</text:p>"),
		  STYLES("<style:style style:name='H'><style:text-properties text:display='none'/></style:style><style:style "
			 "style:name='I' style:parent-style-name='H'/><style:style style:name='V' style:parent-style-name='H'>"
			 "<style:text-properties text:display='true'/></style:style>"), "text: ad" },
		/* what is no text of the document */
		{ DOCUMENT(P("a<text:note><text:note-body>" P("b") "</text:note-body></text:note><office:annotation>" P("c")
			     "</office:annotation><draw:frame><svg:title>d</svg:title><draw:text-box>" P("e")
			     "</draw:text-box></draw:frame>f")), NULL, "text: ae\nf" },
		{ DOCUMENT(P("a")), STYLES("<style:header>" P("b") TBL(TR(TC("c"))) "</style:header>"), "text: a" },
		{ DOCUMENT(P("<loext:content-control loext:showing-place-holder='true'>a</loext:content-control>"
			     "<loext:content-control>b</loext:content-control>")), NULL, "text: b" },
		{ DOCUMENT(P("<text:drop-down><text:label text:value='x'/>Yenileme</text:drop-down>")), NULL, "text: Yenileme" },
		/* refused */
		{ DOCUMENT("<text:dde-connection-decls><text:dde-connection-decl/></text:dde-connection-decls>" P("a")), NULL,
		  "!dde_link" },
		{ "<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>", NULL, "!xml_doctype" },
		{ DOCUMENT(P("a")) "<", NULL, "!xml_broken" },
		{ DOCUMENT(P("a")), "<a", "!xml_broken" },
		/* elements where they do not belong */
		{ "<table-row><hidden-paragraph is-hidden='true'/></table-row>", NULL, "" },
		{ "<hidden-paragraph is-hidden='true'/>", NULL, "" },
		{ DOCUMENT(TC("a") TR(TC("b")) COVERED), NULL, "text: a\nb" },
		{ DOCUMENT(TBL(TR(TCA("table:number-columns-repeated='1000000'", "a")))), NULL, NULL },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(document_t) d = open_odt(cases[i].body, cases[i].styles, NULL);
		g_autofree char *text = shown(d);
		assert_string_equal(d->format, "odt");
		if (cases[i].expected)
			assert_string_equal(text, cases[i].expected);
		else
			assert_true(g_str_has_suffix(text, "!too_many_columns"));
	}
}

static void ciphered(void **state)
{
	g_autoptr(document_t) d = open_odt("\x12\x34", NULL, "<m:manifest xmlns:m='m'><m:encryption-data/></m:manifest>");
	g_autofree char *text = shown(d);

	assert_string_equal(text, "!encrypted");
}

static void without_type(void **state)
{
	struct zip_builder b = { 0 };

	zip_add_text(&b, "content.xml", DOCUMENT(P("a")));
	g_autoptr(GBytes) bytes = zip_finish(&b);
	g_autoptr(document_t) d = document_open("a.odt", g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
	assert_string_equal(d->format, "odt");
	assert_string_equal(d->text, "a");
}

/* A few bytes that ask for much: each must end soon, with a complaint. */
static void giants(void **state)
{
	static const struct { const char *body, *code; } cases[] = {
		{ DOCUMENT(TBL("<table:table-row table:number-rows-repeated='1000000'>" TC("a") "</table:table-row>")), "too_many_rows" },
		{ DOCUMENT(TBL("<table:table-row table:number-rows-repeated='1000000'>"
			       TCA("table:number-columns-repeated='500'", "a") "</table:table-row>")), "too_many_cells" },
		{ DOCUMENT(TBL("<table:table-row table:number-rows-repeated='1000000'/>" TR(TC("a")))), "too_many_rows" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		gint64 start = g_get_monotonic_time();
		g_autoptr(document_t) d = open_odt(cases[i].body, NULL, NULL);
		assert_true(g_get_monotonic_time() - start < G_USEC_PER_SEC);
		assert_int_equal(d->complaints->len, 1);
		assert_string_equal(((const struct complaint *)d->complaints->pdata[0])->code, cases[i].code);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(documents), cmocka_unit_test(ciphered),
					    cmocka_unit_test(without_type), cmocka_unit_test(giants) };

	document_warm_up();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
