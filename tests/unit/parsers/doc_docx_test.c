/* doc_docx, doc_writer: tables, merged cells, controls and fields as a person sees them; deleted and hidden text. */
#include "parsers/document.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "tests/unit/parsers/doc_shown.h"
#include "tests/unit/parsers/zip_builder.h"

#define DOCUMENT(body) "<w:document xmlns:w='w' xmlns:w14='x' xmlns:mc='m'><w:body>" body "</w:body></w:document>"
#define T(text) "<w:r><w:t>" text "</w:t></w:r>"
#define P(text) "<w:p>" T(text) "</w:p>"
#define TC(text) "<w:tc>" P(text) "</w:tc>"
#define TCP(properties, text) "<w:tc><w:tcPr>" properties "</w:tcPr>" P(text) "</w:tc>"
#define TR(cells) "<w:tr>" cells "</w:tr>"
#define TBL(rows) "<w:tbl><w:tblPr/><w:tblGrid><w:gridCol/></w:tblGrid>" rows "</w:tbl>"

static document_t *open_docx(const char *body, const char *styles)
{
	struct zip_builder b = { 0 };

	zip_add_text(&b, "[Content_Types].xml", "<Types/>");
	zip_add_text(&b, "word/document.xml", body);
	if (styles)
		zip_add_text(&b, "word/styles.xml", styles);
	g_autoptr(GBytes) bytes = zip_finish(&b);
	return document_open("a.docx", g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
}

#define BOX_FIELD(inside) "<w:p><w:r><w:fldChar w:fldCharType='begin'><w:ffData><w:checkBox>" inside \
	"</w:checkBox></w:ffData></w:fldChar></w:r><w:r><w:instrText> FORMCHECKBOX </w:instrText></w:r></w:p>"

static void documents(void **state)
{
	static const struct { const char *body, *styles, *expected; } cases[] = {
		{ DOCUMENT(P("a") P("b")), NULL, "text: a\nb" },
		{ DOCUMENT(P("önce") TBL(TR(TC("TC") TC("Ad")) TR(TC("1") TC(" ş "))) P("sonra")), NULL,
		  "Tablo 1: TC|Ad / 1| ş; text: önce\nsonra" },
		{ DOCUMENT(TBL(TR("<w:tc>" P("a") P("b") "<w:p/></w:tc>" TC("c")))), NULL, "Tablo 1: a\nb|c" },
		/* merged to the right, downwards, left out in front */
		{ DOCUMENT(TBL(TR(TCP("<w:gridSpan w:val='2'/>", "a") TC("b")) TR(TC("c") TC("d") TC("e")))), NULL,
		  "Tablo 1: a||b / c|d|e" },
		{ DOCUMENT(TBL(TR(TCP("<w:vMerge w:val='restart'/>", "a") TC("b")) TR(TCP("<w:vMerge/>", "") TC("c"))
			       TR(TCP("<w:vMerge w:val='continue'/>", "") TC("d")) TR(TC("") TC("e")))), NULL,
		  "Tablo 1: a|b / a|c / a|d / |e" },
		{ DOCUMENT(TBL(TR(TC("x") TC("y")) "<w:tr><w:trPr><w:gridBefore w:val='1'/></w:trPr>" TC("z") "</w:tr>")), NULL,
		  "Tablo 1: x|y / |z" },
		/* tracked changes */
		{ DOCUMENT("<w:p>" T("a") "<w:del><w:r><w:delText>b</w:delText></w:r></w:del><w:ins>" T("c") "</w:ins></w:p>"), NULL,
		  "text: ac" },
		{ DOCUMENT("<w:p><w:moveFrom>" T("a") "</w:moveFrom><w:moveTo>" T("b") "</w:moveTo></w:p>"), NULL, "text: b" },
		{ DOCUMENT("<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>" T("a") "</w:p>" P("b")), NULL, "text: a\nb" },
		{ DOCUMENT(TBL(TR(TC("a")) "<w:tr><w:trPr><w:del/></w:trPr>" TC("b") "</w:tr>"
			       "<w:tr><w:trPr><w:ins/></w:trPr>" TC("c") "</w:tr>"
			       "<w:tr><w:trPr><w:hidden/></w:trPr>" TC("d") "</w:tr>")), NULL, "Tablo 1: a / c" },
		/* hidden text: by itself, by a style, by a style based on such; a paragraph's mark hides nothing */
		{ DOCUMENT("<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>a</w:t></w:r><w:r><w:rPr><w:vanish w:val='0'/></w:rPr><w:t>b"
			   "</w:t></w:r><w:r><w:rPr><w:webHidden/></w:rPr><w:t>c</w:t></w:r></w:p>"), NULL, "text: bc" },
		{ DOCUMENT("<w:p><w:pPr><w:rPr><w:vanish/></w:rPr></w:pPr>" T("a") "</w:p>"), NULL, "text: a" },
		{ DOCUMENT("<w:p><w:pPr><w:pStyle w:val='B'/></w:pPr>" T("a") "</w:p><w:p><w:r><w:rPr><w:rStyle w:val='G'/>"
			   "</w:rPr><w:t>b</w:t></w:r>" T("c") "</w:p>"),
		  "<w:styles xmlns:w='w'><w:style w:styleId='B'><w:basedOn w:val='G'/></w:style><w:style w:styleId='G'><w:rPr>"
		  "<w:vanish/></w:rPr></w:style></w:styles>", "text: c" },
		/* content controls */
		{ DOCUMENT("<w:sdt><w:sdtPr><w:dropDownList><w:listItem w:displayText='x'/></w:dropDownList></w:sdtPr><w:sdtContent>"
			   P("Yenileme") "</w:sdtContent></w:sdt>"), NULL, "text: Yenileme" },
		{ DOCUMENT(TBL(TR(TC("Ad") "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>" TC("tıklayın")
				   "</w:sdtContent></w:sdt>" TC("b")))), NULL, "Tablo 1: Ad||b" },
		{ DOCUMENT("<w:p><w:sdt><w:sdtPr><w14:checkbox><w14:checked w14:val='1'/></w14:checkbox></w:sdtPr><w:sdtContent>"
			   T("☒") "</w:sdtContent></w:sdt>" T(" Evet") "</w:p>"), NULL, "text: ☒ Evet" },
		/* a row inside a repeating section */
		{ DOCUMENT(TBL("<w:sdt><w:sdtContent>" TR(TC("a") TC("b")) "</w:sdtContent></w:sdt>")), NULL, "Tablo 1: a|b" },
		/* old form fields, symbols */
		{ DOCUMENT(BOX_FIELD("<w:default w:val='0'/><w:checked/>")), NULL, "text: ☒" },
		{ DOCUMENT(BOX_FIELD("<w:default w:val='0'/>")), NULL, "text: ☐" },
		{ DOCUMENT("<w:p><w:r><w:fldChar><w:ffData><w:ddList><w:result w:val='1'/><w:listEntry w:val='bir'/><w:listEntry "
			   "w:val='iki'/></w:ddList></w:ffData></w:fldChar></w:r></w:p>"), NULL, "text: iki" },
		{ DOCUMENT("<w:p><w:r><w:sym w:font='Wingdings' w:char='F0FE'/></w:r><w:r><w:sym w:char='F0A8'/></w:r></w:p>"), NULL,
		  "text: ☒☐" },
		{ DOCUMENT("<w:p><w:r><w:fldChar/></w:r><w:r><w:instrText> TIME </w:instrText></w:r>" T("12:00") "</w:p>"), NULL,
		  "text: 12:00" },
		{ DOCUMENT("<w:p><w:pPr><w:tabs><w:tab w:pos='1'/></w:tabs></w:pPr>" T("a") "<w:r><w:tab/><w:t>b</w:t><w:br/><w:t>c"
			   "</w:t><w:noBreakHyphen/></w:r></w:p>"), NULL, "text: a\tb\nc-" },
		/* the same text twice, for old and new programs */
		{ DOCUMENT("<w:p><w:r><mc:AlternateContent><mc:Choice><w:txbxContent>" P("a") "</w:txbxContent></mc:Choice>"
			   "<mc:Fallback><w:txbxContent>" TBL(TR(TC("a"))) "</w:txbxContent></mc:Fallback></mc:AlternateContent>"
			   "</w:r></w:p>"), NULL, "text: a" },
		/* a table in a cell; one that lays out others only */
		{ DOCUMENT(TBL(TR("<w:tc>" P("a") TBL(TR(TC("c") TC("d"))) P("b") "</w:tc>" TC("e")))), NULL,
		  "Tablo 1: a\nb|e; Tablo 2: c|d" },
		{ DOCUMENT(TBL(TR("<w:tc>" TBL(TR(TC("c"))) "<w:p/></w:tc>"))), NULL, "Tablo 1: c" },
		/* refused */
		{ DOCUMENT(TBL(TR(TC("a"))) "<w:p><w:r><w:instrText> DDE</w:instrText></w:r><w:r><w:instrText>AUTO c:\\x</w:instrText>"
			   "</w:r></w:p>"), NULL, "!dde_link" },
		{ DOCUMENT("<w:p><w:fldSimple w:instr='dde \"x\"'>" T("a") "</w:fldSimple></w:p>"), NULL, "!dde_link" },
		{ DOCUMENT("<w:p><w:fldSimple w:instr='REF addendum'>" T("a") "</w:fldSimple></w:p>"), NULL, "text: a" },
		{ "<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>", NULL, "!xml_doctype" },
		{ DOCUMENT(TBL(TR(TC("a")))) "<", NULL, "!xml_broken" },
		{ DOCUMENT(P("a")), "<w:styles xmlns:w='w'><w:vanish", "!xml_broken" },
		/* elements where they do not belong */
		{ DOCUMENT(TC("a") "<w:tr>" P("b") "</w:tr>" "<w:tcPr><w:gridSpan w:val='9'/></w:tcPr>"), NULL, "text: a\nb" },
		{ "<w:trPr xmlns:w='w'><w:del/></w:trPr>", NULL, "" },
		{ "<w:rPr xmlns:w='w'><w:vanish/><w:rStyle w:val='G'/></w:rPr>", NULL, "" },
		{ DOCUMENT(TBL(P("x") TR(P("y") TC("a")))), NULL, "Tablo 1: a" },
		{ DOCUMENT(TBL(TR(TCP("<w:gridSpan w:val='-5'/>", "a") TCP("<w:gridSpan w:val='99999999999'/>", "b") TC("c")))), NULL,
		  "Tablo 1: a|b !too_many_columns" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(document_t) d = open_docx(cases[i].body, cases[i].styles);
		g_autofree char *text = shown(d);
		assert_string_equal(d->format, "docx");
		assert_string_equal(text, cases[i].expected);
	}
}

static void other_part_names(void **state)
{
	struct zip_builder b = { 0 };

	zip_add_text(&b, "word/document2.xml", DOCUMENT(P("a")));
	g_autoptr(GBytes) bytes = zip_finish(&b);
	g_autoptr(document_t) d = document_open("a", g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
	assert_string_equal(d->text, "a");
}

/* Each must end soon, with a complaint and what fitted. */
static void giants(void **state)
{
	static const struct { const char *start, *again, *end; int times; const char *code; } cases[] = {
		{ "", TBL(TR(TC("a"))), "", 300, "too_many_tables" },
		{ "<w:tbl>", TR(TC("a")), "</w:tbl>", 21000, "too_many_rows" },
		{ "<w:tbl>" TR("<w:tc><w:tcPr><w:gridSpan w:val='511'/></w:tcPr></w:tc>" TC("x")),
		  TR("<w:tc><w:tcPr><w:gridSpan w:val='511'/></w:tcPr></w:tc>" TC("x")), "</w:tbl>", 2000, "too_many_cells" },
		{ "", P("0123456789abcdef0123456789abcdef"), "", 40000, "too_much_text" },
		{ "", "<w:tbl><w:tr><w:tc>", "", 1000, "xml_broken" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GString) body = g_string_new("<w:document xmlns:w='w'>");
		g_string_append(body, cases[i].start);
		for (int k = 0; k < cases[i].times; k++)
			g_string_append(body, cases[i].again);
		g_string_append_printf(body, "%s</w:document>", cases[i].end);
		gint64 start = g_get_monotonic_time();
		g_autoptr(document_t) d = open_docx(body->str, NULL);
		assert_true(g_get_monotonic_time() - start < 2 * G_USEC_PER_SEC);
		assert_int_equal(d->complaints->len, 1);
		assert_string_equal(((const struct complaint *)d->complaints->pdata[0])->code, cases[i].code);
	}
}

#define WORD "<?xml version='1.0'?>\n<?mso-application progid=\"Word.Document\"?>\n"

/* Word XML documents: only what stands in the body counts. */
static void flat(void **state)
{
	static const struct { const char *xml, *expected; } cases[] = {
		{ WORD "<pkg:package xmlns:pkg='p' xmlns:w='w'><pkg:part pkg:name='/word/header1.xml'><pkg:xmlData><w:hdr>" P("x")
		  "</w:hdr></pkg:xmlData></pkg:part><pkg:part pkg:name='/word/document.xml'><pkg:xmlData><w:document><w:body>" P("a")
		  TBL(TR(TC("b") TC("c"))) "</w:body></w:document></pkg:xmlData></pkg:part></pkg:package>",
		  "Tablo 1: b|c; text: a" },
		{ WORD "<w:wordDocument xmlns:w='w' w:macrosPresent=\"no\"><w:styles>" P("x") "</w:styles><w:body>" P("a")
		  "</w:body></w:wordDocument>", "text: a" },
		{ WORD "<w:wordDocument xmlns:w='w' w:macrosPresent=\"yes\"><w:body>" P("a") "</w:body></w:wordDocument>", "!macro_file" },
		{ WORD "<w:wordDocument xmlns:w='w'><w:body>" P("a") "<w:r><w:instrText>DDEAUTO c:\\x</w:instrText></w:r>"
		  "</w:body></w:wordDocument>", "!dde_link" },
		{ WORD "<!DOCTYPE a [ <!ENTITY b 'c'> ]><w:wordDocument xmlns:w='w'><w:body>" P("&b;") "</w:body></w:wordDocument>",
		  "!xml_doctype" },
		{ WORD "<w:wordDocument xmlns:w='w'><w:body>" P("a"), "!xml_broken" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(document_t) d = document_open("a.xml", cases[i].xml, strlen(cases[i].xml));
		g_autofree char *is = shown(d);
		assert_string_equal(is, cases[i].expected);
		assert_string_equal(d->format, "docx");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(documents), cmocka_unit_test(flat), cmocka_unit_test(other_part_names),
					    cmocka_unit_test(giants) };

	document_warm_up();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
