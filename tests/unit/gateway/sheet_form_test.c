/* sheet_form: the blank form, as openpyxl sees it and as our own reader does, empty and filled in. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>
#include "gateway/sheet_form.h"
#include "parsers/form.h"
#include "tests/unit/gateway/workbook.h"

#define ID1 "10000000146"
enum { NOW = 1795337400 }; /* 22 November 2026 */

static struct catalog *catalog;
static struct headings *headings;

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

static GBytes *make(bool named)
{
	static const struct sheet_form whole = { "Deneme Kurumu", "Deneme Birimi", "nes@kurum.test", "destek@kurum.test" }, bare = { 0 };
	g_autoptr(GError) error = NULL;
	GBytes *bytes = sheet_form(named ? &whole : &bare, catalog, &error);

	if (!bytes)
		fail_msg("%s", error->message);
	return bytes;
}

static struct request *read_form(GBytes *book, GPtrArray *complaints)
{
	static const char *const domains[] = { "kurum.test", NULL };
	const struct form_rules rules = { headings, domains, NOW };
	gsize len;
	const char *bytes = g_bytes_get_data(book, &len);
	g_autoptr(document_t) d = document_open("form.xlsx", bytes, len);

	assert_int_equal(d->complaints->len, 0);
	return form_from_document(d, &rules, complaints);
}

static void test_empty(void **state)
{
	for (int named = 0; named < 2; named++) {
		g_autoptr(GBytes) book = make(named);
		g_autoptr(GPtrArray) complaints = facts_complaints_new();
		struct request *r = read_form(book, complaints);

		assert_non_null(r);
		assert_int_equal(r->rows->len, 0);
		assert_int_equal(r->form_version, FORM_VERSION);
		assert_null(r->unit);
		assert_null(r->ticket);
		assert_int_equal(complaints->len, 1);
		assert_string_equal(((struct complaint *)complaints->pdata[0])->code, "form_empty");
		facts_request_free(r);
	}
}

#define FIND "t=[r[0].row for r in s.iter_rows() if r[0].value=='Sıra'][0]\nH={c.value.rstrip(' *'):c.column_letter for c in s[t]}\n"

/* Filled in as a person does: what the lists hold is chosen, the rest typed. */
static void test_filled(void **state)
{
	static const char fill[] = FIND
		"def label(x): return [r[0].row for r in s.iter_rows() if r[0].value==x][0]\n"
		"s.cell(label('Birim:'),3).value='Kimya'; s.cell(label('Destek kaydı no:'),3).value='4711'\n"
		"lists={v.sqref.ranges[0].min_col:v.formula1.strip('\"').split(',') for v in s.data_validations.dataValidation if v.type=='list'}\n"
		"last=lambda h: lists[s[H[h]+'1'].column][-1]\n"
		"row={'T.C. Kimlik No':'" ID1 "','Ad':'Deneme','Soyad':'Bir','Doğum Tarihi':'31.01.1980','Kurumsal E-posta':'d@kurum.test',"
		"'Başvuru Türü':last('Başvuru Türü'),'Akıllı Kart Okuyucu Türü':last('Akıllı Kart Okuyucu Türü'),'Yedek':lists[s[H['Yedek']+'1'].column][0],"
		"'NES Süresi (Yıl)':last('NES Süresi (Yıl)')}\n"
		"for h in row: s[H[h]+str(t+1)].value=row[h]\n"
		"b.save(sys.argv[1])\n";
	g_autoptr(GBytes) book = make(true), filled = NULL;
	g_autoptr(GPtrArray) complaints = facts_complaints_new();

	if (!workbook_openpyxl())
		return;
	filled = workbook_change(book, fill);
	struct request *r = read_form(filled, complaints);
	assert_int_equal(complaints->len, 0);
	assert_int_equal(r->rows->len, 1);
	assert_int_equal(r->form_version, FORM_VERSION);
	assert_string_equal(r->unit, "Kimya");
	assert_string_equal(r->ticket, "4711");
	const struct request_row *row = r->rows->pdata[0];
	assert_int_equal(row->verdict, ROW_ACCEPTED);
	assert_int_equal(row->complaints->len, 0);
	assert_string_equal(row->tckn, ID1);
	assert_string_equal(row->birth_date, "1980-01-31");
	assert_string_equal(row->kind, "other");
	assert_string_equal(row->reader, "none");
	assert_true(row->backup);
	assert_int_equal(row->years, 3);
	facts_request_free(r);
}

static void test_looks(void **state)
{
	static const struct { const char *script, *want; } cases[] = {
		{ "print(b.sheetnames,s.freeze_panes==f'A{t+1}',s.max_row-t)", "['Talep Formu', 'Açıklamalar'] True 60\n" },
		{ "print(s['A1'].value,s['A2'].value,s['A3'].value,sep='|')",
		  "Deneme Kurumu|Deneme Birimi|Nitelikli Elektronik Sertifika (E-imza) Talep Formu\n" },
		{ "print([r[0].value for r in s.iter_rows() if str(r[0].value).startswith('Form s')])", "['Form sürümü: 1']\n" },
		{ "import zipfile,re; print(re.findall('name=.(nesgate_form_version).*?<vt:r8>(.*?)<',zipfile.ZipFile(sys.argv[1]).read('docProps/custom.xml').decode()))",
		  "[('nesgate_form_version', '1')]\n" },
		{ "print(*sorted({v.type for v in s.data_validations.dataValidation},key=str))", "None custom date list\n" },
		{ "print(all(v.promptTitle and v.prompt for v in s.data_validations.dataValidation),len(s.data_validations.dataValidation))",
		  "True 14\n" },
		{ "print(all(v.sqref.ranges[0].min_row==t+1 and v.sqref.ranges[0].max_row==t+60 for v in s.data_validations.dataValidation))",
		  "True\n" },
		{ "print([v.formula1 for v in s.data_validations.dataValidation if v.type=='custom'][0].replace('B'+str(t+1),'Bn'))",
		  "AND(LEN(Bn)=11,ISNUMBER(VALUE(Bn)))\n" },
		{ "print(s[H['T.C. Kimlik No']+str(t+60)].number_format,s[H['Doğum Tarihi']+str(t+1)].number_format)", "@ dd\\.mm\\.yyyy\n" },
		{ "print([c.value for r in s.iter_rows(min_row=t+1) for c in r[1:] if c.value is not None])", "[]\n" },
		{ "w=b['Açıklamalar']; print(any(c.value=='nes@kurum.test' for r in w.iter_rows() for c in r))", "True\n" },
	};
	g_autoptr(GBytes) book = make(true);

	if (!workbook_openpyxl())
		return;
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *script = g_strconcat(FIND, cases[i].script, NULL), *got = workbook_ask(book, script);

		assert_string_equal(got, cases[i].want);
	}
}

static void test_same_bytes(void **state)
{
	g_autoptr(GBytes) a = make(true), b = NULL, bare = make(false);

	g_usleep(2100000); /* ZIP keeps times in steps of two seconds */
	b = make(true);
	assert_true(g_bytes_equal(a, b));
	assert_false(g_bytes_equal(a, bare));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_empty), cmocka_unit_test(test_filled), cmocka_unit_test(test_looks),
		cmocka_unit_test(test_same_bytes),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
