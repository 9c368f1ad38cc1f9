/* sheet_marked: the sheet that goes back is read again by our own reader, and looked at by openpyxl. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>
#include <glib/gstdio.h>
#include "gateway/sheet_marked.h"
#include "parsers/form_row.h"
#include "tests/unit/gateway/workbook.h"

#define ID1 "10000000146"
#define ID2 "58111528012"
enum { NOW = 1795337400 }; /* 22 November 2026 */

static struct catalog *catalog;
static struct headings *headings;
static const char *const domains[] = { "kurum.test", NULL };

static int set_up(void **state)
{
	g_autofree char *text = NULL;

	catalog = catalog_new(NULL);
	if (!g_file_get_contents("parsers/headings.table", &text, NULL, NULL))
		return -1;
	headings = headings_parse(text, NULL);
	return catalog && headings ? 0 : -1;
}

static int tear_down(void **state)
{
	catalog_free(catalog);
	headings_free(headings);
	return 0;
}

static struct request *read_file(const char *name, const char *bytes, gsize len)
{
	const struct form_rules rules = { headings, domains, NOW };
	g_autoptr(GPtrArray) complaints = facts_complaints_new();
	g_autoptr(document_t) d = document_open(name, bytes, len);
	struct request *r = form_from_document(d, &rules, complaints);

	if (!r || complaints->len || d->complaints->len)
		fail_msg("%s: %s", name, complaints->len ? ((struct complaint *)complaints->pdata[0])->code : "no form");
	return r;
}

#define HEAD "Birim:;Kimya; ;\nTalep No: 4711\nT.C. Kimlik No;Ad;Soyad;Doğum Tarihi;E-posta;GSM;Başvuru Türü;Kart Okuyucu;" \
	"NES Bitiş Tarihi;NES Süresi;Sicil No;Not\n"
#define MAIL ";d@kurum.test;"

/* Every kind of fault once, between two good rows. */
static const char spoilt[] = HEAD
	ID1 ";Deneme;Bir;31.01.1980" MAIL "0500 111 22 33;3;3;01.02.2027;3;0012;acele\n"
	"12345678901;Test;İki;01.02.1980" MAIL ";3;3;;;;\n"
	";Test;Üç;" MAIL ";3;3;;;;\n"
	"bilmiyor1;Test;Dört;" MAIL ";3;3;;;;\n"
	"1.23457E+10;Test;Beş;" MAIL ";3;3;;;;\n"
	"1000000014;Test;Altı;" MAIL ";3;3;;;;\n"
	"581 115 280 12;Test;Yedi;" MAIL ";3;3;;;;\n"
	ID1 ";;Bir;" MAIL ";3;3;;;;\n"
	ID1 ";Deneme;;" MAIL ";3;3;;;;\n"
	ID1 ";Deneme;B1r;" MAIL ";3;3;;;;\n"
	ID1 ";Deneme;Bir;;;;3;3;;;;\n"
	ID1 ";Deneme;Bir;;d@@kurum.test;;3;3;;;;\n"
	ID1 ";Deneme;Bir;;d@baska.test;;3;3;;;;\n"
	ID1 ";Deneme;Bir;;D @KURUM.TEST;;3;3;;;;\n"
	ID1 ";Deneme;Bir;30.02.1980" MAIL "123;3;3;;;;\n"
	ID1 ";Deneme;Bir;" MAIL ";;3;;;;\n"
	ID1 ";Deneme;Bir;" MAIL ";9;7;;uzun;;\n"
	ID1 ";Deneme;Bir;" MAIL ";2;3;;;;\n"
	ID1 ";Deneme;Bir;" MAIL ";4;2;;1;;\n"
	ID1 ";Deneme;Bir;" MAIL ";3;1;;;;\n"
	ID1 ";Deneme;Bir;" MAIL ";1;1;01.02.2027;;;\n"
	ID1 ";Deneme;Bir;" MAIL ";3;3;21.11.2026;;;\n"
	ID1 ";Deneme;Bir;" MAIL ";3;3;yakında;2;;\n"
	ID1 ";=Deneme;+Bir;" MAIL ";3;3;;;-1;@SUM(A1)\n"
	ID2 ";Test;Son;1.2.1980" MAIL "+905001112233;1;1;;1;;\n";

static GBytes *mark(const struct request *r)
{
	g_autoptr(GError) error = NULL;
	GBytes *bytes = sheet_marked(r, catalog, "T-12", &error);

	if (!bytes)
		fail_msg("%s", error->message);
	return bytes;
}

static struct request *read_book(GBytes *book)
{
	gsize len;
	const char *bytes = g_bytes_get_data(book, &len);

	return read_file("talep-T-12-sonuc.xlsx", bytes, len);
}

/* Repaired cells come back as they were read: then there is nothing to repair in them. A day that was read comes back as a
 * date, however it was written. */
static char *facts_of(const struct request_row *row)
{
	GString *out = g_string_new(NULL);

	g_string_append_printf(out, "%s|%s|%s|%s|%s|%s|%s|%s|%s|%s|%s|%d|%d|", row->tckn, row->given_name, row->family_name,
			       row->birth_date, row->email, row->phone, row->kind, row->reader, row->expires, row->staff_no,
			       row->note, (int)row->years, row->verdict == ROW_REFUSED);
	for (guint i = 0; i < row->complaints->len; i++) {
		const struct complaint *c = row->complaints->pdata[i];

		if (form_row_effect(c->code) != ROW_REPAIRED)
			g_string_append_printf(out, " %s=%s", c->code, row->expires ? "" : c->value);
	}
	return g_string_free(out, FALSE);
}

static void test_round_trip(void **state)
{
	struct request *first = read_file("a.csv", spoilt, sizeof spoilt - 1);
	g_autoptr(GBytes) book = mark(first);
	struct request *second = read_book(book);

	assert_int_equal(first->rows->len, 25);
	assert_int_equal(second->rows->len, 25);
	assert_string_equal(second->unit, "Kimya");
	assert_string_equal(second->ticket, "4711");
	for (guint i = 0; i < first->rows->len; i++) {
		g_autofree char *a = facts_of(first->rows->pdata[i]), *b = facts_of(second->rows->pdata[i]);

		assert_string_equal(a, b);
	}
	facts_request_free(first);
	facts_request_free(second);
}

/* The sheet with its red cells mended, as a person would, by another program. */
static void test_mended(void **state)
{
	static const char two[] = "TC;Ad;Soyad;E-posta;Tür;Başvuru Türü\n12345678901;Test;İki;t@kurum.test;;3\n"
		ID2 ";Test;Üç;ü;;\n" ID1 ";Deneme;Bir;d@kurum.test;;1\n";
	static const char mend[] =
		"from openpyxl.styles.colors import Color\n"
		"h=[r for r in s.iter_rows() if r[1].font.b and r[2].value][-1]; n={c.value:c.column for c in h}; t=h[0].row\n"
		"for r in s.iter_rows(min_row=t+1):\n"
		"  for c in r[1:-1]:\n"
		"    if c.fill.fgColor.rgb=='FFFFC7CE': c.value={n['T.C. Kimlik No']:'" ID2 "',"
		"n['Kurumsal E-posta']:'t3@kurum.test',n['Başvuru Türü']:'Yenileme'}[c.column]\n"
		"b.save(sys.argv[1]); sys.stdout.write('done')\n";
	struct request *first = read_file("a.csv", two, sizeof two - 1);
	g_autoptr(GBytes) book = mark(first), after = NULL;

	if (!workbook_openpyxl())
		return;
	after = workbook_change(book, mend);
	struct request *second = read_book(after);
	assert_int_equal(second->rows->len, 3);
	for (guint i = 0; i < second->rows->len; i++)
		assert_int_equal(((struct request_row *)second->rows->pdata[i])->verdict, ROW_ACCEPTED);
	assert_string_equal(((struct request_row *)second->rows->pdata[0])->tckn, ID2);
	assert_string_equal(((struct request_row *)second->rows->pdata[1])->email, "t3@kurum.test");
	facts_request_free(first);
	facts_request_free(second);
}

static void test_looks(void **state)
{
#define FIND "t=[r[0].row for r in s.iter_rows() if r[0].value=='%V'][0]; H={c.value:c.column_letter for c in s[t]}\n" \
	"cell=lambda n,h: s[H[h]+str(t+n)]\n"
#define ID "'T.C. Kimlik No'"
	static const struct { const char *script, *want; } cases[] = {
		{ "print(s.title,s.freeze_panes==f'A{t+1}',s.auto_filter.ref==f'A{t}:{s.cell(t,s.max_column).column_letter}{s.max_row}',s.max_row-t)",
		  "Talep Sonucu True True 25\n" },
		{ "print(*[c.value for c in s[t]],sep='|')",
		  "Sonuç|T.C. Kimlik No|Ad|Soyad|Doğum Tarihi|Kurumsal E-posta|Cep Telefonu|Sicil No|Başvuru Türü|NES Bitim Tarihi|"
		  "Akıllı Kart Okuyucu Türü|NES Süresi (Yıl)|Not (Ek Bilgi)|Gerekçe\n" },
		{ "print(*[c.value for c in s[t+1]],sep='|')",
		  "Kabul edildi|" ID1 "|Deneme|Bir|1980-01-31 00:00:00|d@kurum.test|+90 500 111 22 33|0012|Yenileme|2027-02-01 00:00:00|"
		  "İstenmiyor|3 yıl|acele|None\n" },
		{ "print(all(c.comment is None and c.fill.fgColor.rgb in ('00000000','FFE2F0DA') for c in s[t+1]))", "True\n" },
		{ "c=cell(2," ID "); print(c.value,c.fill.fgColor.rgb,c.number_format,s.cell(t+2,1).value,repr(c.comment.text))",
		  "12345678901 FFFFC7CE @ Kabul edilmedi 'T.C. kimlik numarası hatalıdır (denetim basamakları tutmuyor)."
		  "\\nFormunuzdaki yeri: a!A5'\n" },
		{ "c=cell(3," ID "); print(c.value,c.fill.fgColor.rgb,c.comment is None)", "None FFFFC7CE False\n" },
		{ "c=cell(5," ID "); print(c.value,c.fill.fgColor.rgb)", "1.23457E+10 FFFFC7CE\n" },
		{ "c=cell(7," ID "); print(c.value,c.fill.fgColor.rgb,s.cell(t+7,1).value,c.comment.text.split('\\n')[-1])",
		  ID2 " FFFFEB9C Düzeltilerek kabul edildi Yazılan: 581 115 280 12\n" },
		{ "print(*[cell(8,x).fill.fgColor.rgb for x in ('Ad','Soyad')],*[cell(9,x).fill.fgColor.rgb for x in ('Ad','Soyad')])",
		  "FFFFC7CE 00000000 00000000 FFFFC7CE\n" },
		{ "print(cell(10,'Soyad').value,cell(10,'Soyad').fill.fgColor.rgb,cell(10,'Ad').fill.fgColor.rgb)", "B1r FFFFC7CE 00000000\n" },
		{ "print(cell(15,'Cep Telefonu').value,cell(15,'Cep Telefonu').fill.fgColor.rgb,cell(15,'Doğum Tarihi').value,"
		  "cell(15,'Doğum Tarihi').fill.fgColor.rgb)", "123 FFFFEB9C 30.02.1980 FFFFC7CE\n" },
		{ "print(cell(17,'Gerekçe').value.count('\\n'))", "2\n" },
		{ "print(cell(18,'Başvuru Türü').value,cell(18,'Başvuru Türü').fill.fgColor.rgb)", "Kayıp/çalıntı FFFFC7CE\n" },
		{ "print(cell(24,'Ad').value,cell(24,'Soyad').value,cell(24,'Sicil No').value,cell(24,'Not (Ek Bilgi)').value)",
		  "'=Deneme '+Bir '-1 '@SUM(A1)\n" },
		{ "print([c.coordinate for r in s.iter_rows() for c in r if c.data_type=='f' or isinstance(c.value,str) and c.value[:1] in '=@-'])", "[]\n" },
		{ "print(sum(c.comment is not None for r in s.iter_rows() for c in r))", "24\n" },
	};
	struct request *r = read_file("a.csv", spoilt, sizeof spoilt - 1);
	g_autoptr(GBytes) book = mark(r);

	facts_request_free(r);
	if (!workbook_openpyxl())
		return;
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GString) script = g_string_new(FIND);

		g_string_replace(script, "%V", catalog_word(catalog, "column", "verdict"), 0);
		g_string_append(script, cases[i].script);
		g_autofree char *got = workbook_ask(book, script->str);
		assert_string_equal(got, cases[i].want);
	}
}

/* Who has an application already is neither good nor bad. */
static void test_duplicate(void **state)
{
	static const char one[] = "TC;Ad;Soyad;E-posta\n" ID1 ";Deneme;Bir;d@kurum.test\n" ID2 ";Test;İki;\n";
	struct request *r = read_file("a.csv", one, sizeof one - 1);
	struct request_row *row = r->rows->pdata[0];

	facts_complain(row->complaints, "effect_same", NULL, NULL);
	g_autoptr(GBytes) book = mark(r);
	facts_request_free(r);
	if (!workbook_openpyxl())
		return;
	g_autofree char *got = workbook_ask(book, "print(*[s.cell(s.max_row-1,n).value for n in (1,2)],s.cell(s.max_row-1,s.max_column).value)");
	g_autofree char *want = g_strdup_printf("%s " ID1 " %s\n", catalog_word(catalog, "effect", "same"),
						catalog_word(catalog, "complaint", "effect_same"));
	assert_string_equal(got, want);
}

/* Red is spoken of only where there is some. */
static void test_only_doubt(void **state)
{
	static const char one[] = "TC;Ad;Soyad;E-posta\n581 115 280 12;Test;İki;t@kurum.test\n";
	struct request *r = read_file("a.csv", one, sizeof one - 1);
	g_autoptr(GBytes) book = mark(r);

	facts_request_free(r);
	if (!workbook_openpyxl())
		return;
	g_autofree char *got = workbook_ask(book, "print([c.value for r in s.iter_rows() for c in r if 'rmızı' in str(c.value)],"
						  "sum(c.fill.fgColor.rgb=='FFFFC7CE' for r in s.iter_rows() for c in r))");
	assert_string_equal(got, "[] 0\n");
}

/* Every complaint that form.h names belongs to a column. */
static void test_every_code(void **state)
{
	g_autofree char *text = NULL;
	g_auto(GStrv) words = NULL;
	struct request *r = facts_request_new();
	struct request_row *row = facts_request_add(r);
	guint n = 0;

	assert_true(g_file_get_contents("parsers/form.h", &text, NULL, NULL));
	char *begin = strstr(text, "Refused: "), *end = strstr(text, "Of the form: ");
	assert_true(begin && end && begin < end);
	*end = '\0';
	words = g_regex_split_simple("[^a-z_]+", begin, 0, 0);
	for (char **w = words; *w; w++) {
		struct complaint c = { .code = *w };

		if (!strchr(*w, '_'))
			continue;
		n++;
		if (!sheet_marked_column(&c, row))
			fail_msg("%s belongs to no column", *w);
	}
	assert_in_range(n, 20, 40);
	facts_request_free(r);
}

static void test_same_bytes(void **state)
{
	struct request *r = read_file("a.csv", spoilt, sizeof spoilt - 1);
	g_autoptr(GBytes) a = mark(r), b = NULL;

	g_usleep(2100000); /* ZIP keeps times in steps of two seconds */
	b = mark(r);
	assert_true(g_bytes_equal(a, b));
	facts_request_free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip), cmocka_unit_test(test_mended),     cmocka_unit_test(test_looks),
		cmocka_unit_test(test_duplicate),  cmocka_unit_test(test_every_code),
		cmocka_unit_test(test_only_doubt),
		cmocka_unit_test(test_same_bytes),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
