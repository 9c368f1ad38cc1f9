/* sheet_html, html_guard: tables of pages as browsers show them; pages that would be slow. */
#include "parsers/sheet_html.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <time.h>
#include <cmocka.h>
#include "parsers/html_guard.h"
#include "tests/unit/parsers/cells_of.h"

#define ROW(cells) "<table><tr>" cells "</tr></table>"

static void cells(void **state)
{
	static const struct { const char *html, *cells; } cases[] = {
		{ "<table><tr><th>TC</th><th>Ad</th></tr><tr><td>1</td><td>b</td></tr></table>", "A1=TC|B1=Ad|A2=1|B2=b" },
		{ "<TABLE><THEAD><TR><TH>TC<TH>Ad<TBODY><TR><TD>1<TD>b</TABLE>", "A1=TC|B1=Ad|A2=1|B2=b" },
		{ "x<table><tr><td>a</td></tr>\n<tr></tr>\n<tr><td></td><td>b", "A1=a|B3=b" },
		{ "<table><td>a<td>b<tr><td>c</table>", "A1=a|B1=b|A2=c" },
		{ ROW("<td><div>a<td>b"), "A1=a|B1=b" },
		/* text */
		{ ROW("<td> a \n\t b</td><td><b>c</b>d <i> e</i></td><td>&nbsp;</td><td>\xc2\xa0 f&nbsp;g</td>"),
		  "A1=a b|B1=cd e|D1=f g" },
		{ ROW("<td>a<br>b<p>c</p><p>d</p></td><td><p>e</p></td><td><br>f<br></td>"), "A1=a\nb\nc\nd|B1=e|C1=f" },
		{ ROW("<td>&Ccedil;&#287;&#x131; &lt;i&gt; R&amp;D</td>"), "A1=Çğı <i> R&D" },
		{ ROW("<td>a<!-- b --><script>c</script><style>d</style>e</td>"), "A1=ae" },
		/* spans */
		{ "<table><tr><td colspan=2>a<td>b<tr><td>c<td>d<td>e</table>", "A1=a|C1=b|A2=c|B2=d|C2=e" },
		{ "<table><tr><td rowspan=2>a<td>b<tr><td>c<tr><td>d</table>", "A1=a|B1=b|B2=c|A3=d" },
		{ "<table><tr><td>a<td rowspan=3 colspan=2>b<td>c<tr><td>d<td>e<tr><td>f<td>g<td>h</table>",
		  "A1=a|B1=b|D1=c|A2=d|D2=e|A3=f|D3=g|E3=h" },
		{ ROW("<td colspan=0>a<td colspan=-1>b<td colspan=x>c<td rowspan=99999999999999999999>d"),
		  "A1=a|B1=b|C1=c|D1=d" },
		/* tables in tables, several tables */
		{ "<table><tr><td>a<table><tr><td>b<td>c</table>d<td>e</table>", "A1=ad|B1=e#A1=b|B1=c" },
		{ "<table><tr><td><table><tr><td>b</table><table></table></table><table><tr><td>c</table>", "A1=b#A1=c" },
		/* hidden */
		{ "<table><tr style='display:none'><td>a<tr><td>b</table>", "A1=b" },
		{ ROW("<td>a<td STYLE='color:red; Display : NONE'>b<td>c"), "A1=a|B1=c" },
		{ ROW("<td>a<span style=display:none>b<span>c</span></span>d<td hidden>e<td>f"), "A1=ad|B1=f" },
		{ "<div hidden><table><tr><td>a</table></div><table><tr><td>b</table>", "A1=b" },
		{ "<table hidden><tr><td>a<table><tr><td>b</table></table><table><tr><td>c</table>", "A1=c" },
		/* what Excel keeps of a number */
		{ ROW("<td x:num>5<td x:num='10000000146'>1,00E+10<td x:num='29251'>31.01.1980"),
		  "A1=5|B1=10000000146|C1=31.01.1980" },
		{ "no table", "" },
		{ "</table></td></tr><td>a", "" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(document_t) d = sheet_html_open("a", cases[i].html, strlen(cases[i].html));
		g_autofree char *got = cells_of(d);
		assert_string_equal(got, cases[i].cells);
		assert_string_equal(d->format, "html");
		assert_string_equal(d->file, "a");
		assert_string_equal(first_code(d), "");
		for (guint k = 0; k < d->sheets->len; k++) {
			g_autofree char *name = g_strdup_printf("Tablo %u", k + 1);
			assert_string_equal(((const struct sheet *)d->sheets->pdata[k])->name, name);
		}
	}
}

static void letters(void **state)
{
	static const struct { const char *bytes; size_t len; } cases[] = {
#define BYTES(a) { a, sizeof a - 1 }
		BYTES("<html><meta charset=iso-8859-1><table><tr><td>Ş\xc4\xb1</table>"),
		BYTES("<html><meta charset=utf-8><table><tr><td>\xde\xfd</table>"),
		BYTES("\xef\xbb\xbf<html><table><tr><td>Şı</table>"),
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(document_t) d = document_open("a.xls", cases[i].bytes, cases[i].len);
		g_autofree char *got = cells_of(d);
		assert_string_equal(got, "A1=Şı");
		assert_string_equal(d->format, "html");
	}
}

/* Whatever the page, it takes little time; what passes a limit is told. */
static void limits(void **state)
{
	static const struct { const char *begin, *again; size_t times; const char *code; guint sheets; } cases[] = {
		{ "<table>", "<tr><td>1", 30000, "too_many_rows", 1 },
		{ "<table><tr>", "<td>1", 300000, "too_many_columns", 1 },
		{ "", "<table><tr><td>1</table>", 20000, "too_many_tables", 500 },
		{ "", "<table><tr><td>1", 40, "", 40 },
		{ "", "<table><tr><td>1", 400, "html_too_complex", 0 },
		{ "<table><tr><td>1", "<div>", 300000, "html_too_complex", 0 },
		{ "<table><tr><td>1", "<div></p>", 300000, "html_too_complex", 0 },
		{ "<table><tr><td>1", "</p>", 300000, "", 1 },
		{ "<table><tr><td>1", "<b>", 300000, "html_too_complex", 0 },
		{ "<table><tr><td ", "abc\n", 300000, "html_too_complex", 0 },
		{ "<table><tr><td>", "<a b='>' c=\">\" >", 300000, "", 0 },
		{ "<table><tr><td>1", "<a<b='\"", 200000, "html_too_complex", 0 },
		{ "<table><tr><td rowspan=60000 colspan=512>1", "<tr><td>2", 300000, "too_many_rows", 1 },
		{ "<table><tr><td>1", "&amp", 300000, "", 1 },
		{ "<table><tr><td>1", "<!--", 300000, "", 1 },
		{ "<table><tr><td>1<script>", "<td>", 300000, "", 1 },
		{ "<table><tr><td>1", "<![CDATA[", 200000, "", 1 },
		{ "<table><tr><td>1", "\xc3\xa7 ", 1000000, "", 1 },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GString) html = g_string_new(cases[i].begin);
		for (size_t k = 0; k < cases[i].times; k++)
			g_string_append(html, cases[i].again);
		clock_t start = clock();
		g_autoptr(document_t) d = sheet_html_open(NULL, html->str, html->len);
		clock_t took = clock() - start;
		if (strcmp(first_code(d), cases[i].code) || d->sheets->len != cases[i].sheets || took > 2 * CLOCKS_PER_SEC)
			fail_msg("case %zu: %s, %u sheets, %d ms", i, first_code(d), d->sheets->len, (int)(took * 1000 / CLOCKS_PER_SEC));
	}
}

/* The number of attributes is never told too low, wherever quotes open. */
static void guard(void **state)
{
	static const struct { const char *before, *again, *after; bool passes; } cases[] = {
		{ "<td ", "a=1 ", ">", false },
		{ "<td ", "a='>' ", ">", false },
		{ "<td ", "a = \"<b>\" ", ">", false },
		{ "<td ", "\"=\" ", ">", false },
		{ "<td \"=\" > <td ", "a ", "", false },
		{ "<!-- <td a=\" --><td ", "a ", ">\"", false },
		{ "", "<td a='b' c=\"d\" e>x</td>", "", true },
		{ "if (", "i < n && ", "", true },
		{ "<img src='data:", "AAAA", "'>", true },
		{ "< td ", "a ", ">", true },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GString) html = g_string_new(cases[i].before);
		for (size_t k = 0; k < 300; k++)
			g_string_append(html, cases[i].again);
		g_string_append(html, cases[i].after);
		if (html_guard_passes(html->str) != cases[i].passes)
			fail_msg("case %zu", i);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(cells), cmocka_unit_test(letters), cmocka_unit_test(limits),
					    cmocka_unit_test(guard) };

	document_warm_up();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
