/* form: where the header stands, which sheets and rows are read, which unit is meant. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "tests/unit/parsers/form_table.h"

static const char fullest[] =
	"ÖN SİPARİŞ LİSTESİ\nBirim:|Fizik Bölümü||Talep No: 4711\n\n"
	"Kimlik No|Ad|Soyad|Doğum Tarihi|Kurumsal E-posta|Çalıştığı Kurum-Birim|NES Bitim Tarihi|Başvuru "
	"Türü|Açıklama|Yedek|"
	"Akıllı Kart Okuyucu Türü|Açıklama|Yedek|VPN veya Logon|NES süresi|Ödeme Şekli|Not (Ek Bilgi)\n" ID1
	"|Deneme|Bir|31.01.1980|Deneme.Bir@kurum.test|Kimya|01.02.2027|3|süre "
	"bitiyor|Evet|3|||Logon|3|Kurum|acele\n"
	"\n||||||||||||||||\n" ID2
	"|Test|İki|None|test.iki@birim.kurum.test|-|01.01.1900|1||Hayır|1||Evet||1||-\n";

static void fullest_form(void **state)
{
	g_autoptr(GPtrArray) complaints = facts_complaints_new();
	struct request *r = read_table(state, fullest, complaints);

	assert_non_null(r);
	assert_int_equal(complaints->len, 0);
	assert_string_equal(r->form, "Sayfa1");
	assert_string_equal(r->unit, "Fizik Bölümü");
	assert_string_equal(r->ticket, "4711");
	assert_int_equal(r->rows->len, 2);
	assert_string_equal(ROW(r, 0)->where, "Sayfa1!A5");
	assert_string_equal(ROW(r, 0)->tckn, ID1);
	assert_string_equal(ROW(r, 0)->given_name, "Deneme");
	assert_string_equal(ROW(r, 0)->family_name, "Bir");
	assert_string_equal(ROW(r, 0)->birth_date, "1980-01-31");
	assert_string_equal(ROW(r, 0)->email, "deneme.bir@kurum.test");
	assert_string_equal(ROW(r, 0)->unit, "Kimya");
	assert_string_equal(ROW(r, 0)->expires, "2027-02-01");
	assert_string_equal(ROW(r, 0)->kind, "renewal");
	assert_string_equal(ROW(r, 0)->reader, "none");
	assert_string_equal(ROW(r, 0)->note, "süre bitiyor; acele");
	assert_true(ROW(r, 0)->backup);
	assert_int_equal(ROW(r, 0)->years, 3);
	assert_int_equal(ROW(r, 0)->verdict, ROW_ACCEPTED);
	assert_string_equal(ROW(r, 1)->where, "Sayfa1!A8");
	assert_string_equal(ROW(r, 1)->kind, "first");
	assert_string_equal(ROW(r, 1)->reader, "mini");
	assert_null(ROW(r, 1)->birth_date);
	assert_null(ROW(r, 1)->unit);
	assert_null(ROW(r, 1)->expires);
	assert_string_equal(ROW(r, 1)->note, "Yedek kart okuyucu: Evet"); /* the second Yedek is the reader's */
	assert_false(ROW(r, 1)->backup);
	assert_int_equal(ROW(r, 1)->verdict, ROW_ACCEPTED);
	facts_request_free(r);
}

/* One person under headings of many shapes; shown are where the row stands, the facts, and what is told. */
static void headings_of_many_shapes(void **state)
{
#define P ID1 "|Deneme|Bir|d@kurum.test"
	static const struct { const char *table, *shown; } cases[] = {
		/* twice the same: of the group before it */
		{ "TC|Ad|Soyad|E-posta|Başvuru Türü|Açıklama|Yedek|Kart Okuyucu Türü|Açıklama|Yedek\n" P "|1|a|Evet|1|b|Hayır",
		  "A2 first mini backup 0 - - [a; Kart okuyucu: b]" },
		{ "TC|Ad|Soyad|E-posta|Kart Okuyucu Türü|Açıklama|Yedek|Başvuru Türü|Açıklama|Yedek\n" P "|1|a|Evet|1|b|Hayır",
		  "A2 first mini - 0 - - [Kart okuyucu: a; b; Yedek kart okuyucu: Evet]" },
		{ "TC|Ad|Soyad|E-posta|Kart Okuyucu Türü|Yedek|Not\n" P "|1|Evet|a", "A2 - mini backup 0 - - [a]" },
		{ "TC|Ad|Soyad|E-posta|Kart Okuyucu Türü||Yedek|VPN|Yedek\n" P "|1|x|Evet|y|Var", "A2 - mini backup 0 - - [Yedek kart okuyucu: Var]" },
		/* a row of groups above */
		{ "Kişi Bilgileri||||Kart Bilgileri|\nTC|Ad|Soyad|E-posta|Kart Okuyucu Türü|NES Süresi\n" P "|1|3", "A3 - mini - 3 - - []" },
		/* spread over two rows, in both directions */
		{ "TC|Ad|Soyad|E-posta|Başvuru|||Kart Okuyucu||\n||||Türü|Açıklama|Yedek|Türü|Açıklama|Yedek\n" P "|3|a|Evet|3|b|Evet",
		  "A3 renewal none backup 0 - - [a; Kart okuyucu: b; Yedek kart okuyucu: Evet]" },
		{ "T.C.|Kişinin||Kurumsal|Doğum|Sertifika|\nKimlik No|Adı|Soyadı|E-posta|Tarihi|Süresi|Bitiş Tarihi\n" P
		  "|31.01.1980|3|01.02.2027", "A3 - - - 3 1980-01-31 2027-02-01 []" },
		{ "T.C.|Adı|Soyadı|Kurumsal\nKimlik|||E-posta\nNumarası|||Adresi\n" P, "A4 - - - 0 - - []" },
		{ "T.C. Kimlik|Ad|Soyad|E-posta\nNo|||\n(11 hane)|||\n" P, "A4 - - - 0 - - []" },
		/* merged cells leave empty ones, in the header and before it */
		{ "|||FORM\n||TC||Ad|Soyad||E-posta\n||" ID1 "||Deneme|Bir||d@kurum.test", "C3 - - - 0 - - []" },
		/* neither a title nor a line of labels is half of a heading */
		{ "Birim|Fizik||\nTC|Ad|Soyad|E-posta|Sıra\n" P "|1", "A3 - - - 0 - - [] Fizik" },
		{ "TC|Ad|Soyad|E-posta|Doğum\n" P "|Tarihi", "A2 - - - 0 - - []" },
		/* a person who says little is no part of the header */
		{ "TC|Ad|Soyad|E-posta|Birim\n|||-|-\n" P "|-", "A3 - - - 0 - - []" },
		/* again, in another order */
		{ "TC|Ad|Soyad|E-posta\nAd|Soyad|E-posta|TC\nDeneme|Bir|d@kurum.test|" ID1, "A3 - - - 0 - - []" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GPtrArray) complaints = facts_complaints_new();
		struct request *r = read_table(state, cases[i].table, complaints);
		if (!r || r->rows->len != 1 || complaints->len)
			fail_msg("%zu: %s", i, r ? "not one row" : "no form");
		const struct request_row *w = ROW(r, 0);
#define OR_DASH(text) ((text) ? (text) : "-")
		g_autofree char *shown = g_strdup_printf("%s %s %s %s %d %s %s [%s]%s%s", w->where + strlen("Sayfa1!"), OR_DASH(w->kind),
			OR_DASH(w->reader), w->backup ? "backup" : "-", (int)w->years, OR_DASH(w->birth_date), OR_DASH(w->expires),
			w->note ? w->note : "", r->unit ? " " : "", r->unit ? r->unit : "");
		if (strcmp(shown, cases[i].shown) || strcmp(w->tckn, ID1) || strcmp(w->given_name, "Deneme") ||
		    strcmp(w->family_name, "Bir") || strcmp(w->email, "d@kurum.test"))
			fail_msg("%zu: %s instead of %s", i, shown, cases[i].shown);
		facts_request_free(r);
	}
}

/* What is a form, and what is told when it is nearly one. */
static void header_rows(void **state)
{
	static const struct { const char *table; int rows; const char *codes; } cases[] = {
		{ "hiç\nform|değil", -1, "" },
		{ "", -1, "" },
		{ "Ad|Soyad|E-posta|Birim\nDeneme|Bir|d@kurum.test|x", -1, "header_incomplete@Sayfa1" },
		{ "TC|E-posta\n" ID1 "|d@kurum.test", 1, "" },
		{ "TC|Birim\n" ID1 "|x", -1, "" },
		{ "TC|Ad Soyad\n", 0, "form_empty@Sayfa1" },
		{ "||TC|| Ad Soyad :\n||" ID1 "||Deneme Bir", 1, "" },
		{ "TC|Ad Soyad\n" ID1 "|Deneme Bir\nTC|Ad Soyad\n" ID2 "|Test İki", 2, "" },
		{ "TC\\n|Ad\\n|Soyad (nüfustaki)|Birim\n|Deneme|Bir|-\n" ID1 "|Deneme|Bir|", 2, "" },
		{ "TC|Ad Soyad|E-posta|Sıra|Doğum\n||a@kurum.test|Birim|Tarihi\n" ID1 "|Deneme Bir|||", 2, "" },
		{ "TC|Ad Soyad\n" ID1 "|Deneme Bir\nBirim amiri onaylar|", 1, "row_ignored@Sayfa1!A3" },
		{ "Sıra|TC|Ad Soyad|NES Süresi\n1|" ID1 "|Deneme Bir|3\n2|||3\n3|||3", 1, "" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GPtrArray) complaints = facts_complaints_new();
		struct request *r = read_table(state, cases[i].table, complaints);
		g_autofree char *codes = codes_of(complaints);
		assert_int_equal(r ? (int)r->rows->len : -1, cases[i].rows);
		assert_string_equal(codes, cases[i].codes);
		facts_request_free(r);
	}
}

/* Our own blank form says its version above the table; it is read whatever it says. */
static void versions(void **state)
{
	static const struct { const char *line, *codes; gint64 version; } cases[] = {
		{ "Talep formu", "", 0 },
		{ "Form sürümü: 1", "", 1 },
		{ "||FORM SÜRÜMÜ|1", "", 1 },
		{ "Form sürümü:", "", 0 },
		{ "Form sürümü: eski", "", 0 },
		{ "Form sürümü: -1", "", 0 },
		{ "Form sürümü: 2", "form_version_new@Sayfa1", 2 },
		{ "Form sürümü: 99999999999999999999", "form_version_new@Sayfa1", G_MAXINT32 },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GPtrArray) complaints = facts_complaints_new();
		g_autofree char *table = g_strconcat(cases[i].line, "\nTC|Ad Soyad\n" ID1 "|Deneme Bir", NULL);
		struct request *r = read_table(state, table, complaints);
		g_autofree char *codes = codes_of(complaints);
		assert_string_equal(codes, cases[i].codes);
		assert_int_equal(r->form_version, cases[i].version);
		assert_int_equal(r->rows->len, 1);
		facts_request_free(r);
	}
	assert_string_equal(form_version_complaint(1, 2), "form_version_old");
	assert_string_equal(form_version_complaint(3, 2), "form_version_new");
	assert_null(form_version_complaint(2, 2));
	assert_null(form_version_complaint(0, 2));
}

static void header_below_row_30(void **state)
{
	for (int above = 29; above <= 30; above++) {
		g_autoptr(GPtrArray) complaints = facts_complaints_new();
		g_autoptr(GString) table = g_string_new(NULL);
		for (int i = 0; i < above; i++)
			g_string_append(table, "banner\n");
		g_string_append(table, "TC|Ad Soyad\n" ID1 "|Deneme Bir");
		struct request *r = read_table(state, table->str, complaints);
		assert_int_equal(r != NULL, above < 30);
		facts_request_free(r);
	}
}

static void sheets(void **state)
{
	const struct fixture *f = *state;
	g_autoptr(GPtrArray) complaints = facts_complaints_new();
	g_autoptr(document_t) d = document_of("yalnız açıklama");

	add_sheet(d, "Liste", "TC|Ad Soyad|Birim\n" ID1 "|Deneme Bir|Fizik");
	add_sheet(d, "Ek", "x\nTC|Ad Soyad|Birim\n" ID2 "|Test İki|Fizik");
	add_sheet(d, "Eski", "TC|Ad Soyad\n" ID2 "|Test Üç")->hidden = true;
	struct request *r = form_from_document(d, &f->rules, complaints);
	g_autofree char *codes = codes_of(complaints);
	assert_string_equal(r->form, "Liste");
	assert_string_equal(r->unit, "Fizik"); /* all rows agree */
	assert_int_equal(r->rows->len, 2);
	assert_string_equal(ROW(r, 1)->where, "Ek!A3");
	assert_string_equal(codes, "sheet_hidden@Eski");
	facts_request_free(r);
}

/* The unit of the form: above the table, else of all rows that name one, as where a merged cell gives it once. */
static void units(void **state)
{
	static const struct { const char *table, *unit; } cases[] = {
		{ "Birim: Fizik\nTC|Ad Soyad|Birim\n" ID1 "|Deneme Bir|Kimya\n" ID2 "|Test İki|", "Fizik" },
		{ "TC|Ad Soyad|Birim\n" ID1 "|Deneme Bir|Kimya\n" ID2 "|Test İki|", "Kimya" },
		{ "TC|Ad Soyad|Birim\n" ID1 "|Deneme Bir|\n" ID2 "|Test İki|Kimya", "Kimya" },
		{ "TC|Ad Soyad|Birim\n" ID1 "|Deneme Bir|Kimya\n" ID2 "|Test İki|Fizik", NULL },
		{ "TC|Ad Soyad\n" ID1 "|Deneme Bir", NULL },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GPtrArray) complaints = facts_complaints_new();
		struct request *r = read_table(state, cases[i].table, complaints);
		assert_true(!g_strcmp0(r->unit, cases[i].unit));
		facts_request_free(r);
	}
}

/* Hidden rows and columns are read; the sender hears of the first, but not of sheets that are no form. */
static void hidden_rows_and_columns(void **state)
{
	const struct fixture *f = *state;
	g_autoptr(document_t) d = document_of("TC|Ad Soyad|E-posta\n" ID1 "|Deneme Bir|deneme.bir@kurum.test");
	g_autoptr(GPtrArray) complaints = facts_complaints_new();
	struct sheet *form = d->sheets->pdata[0], *other = add_sheet(d, "Liste", "a|b");

	form->hidden_row = g_strdup("Sayfa1!A2");
	form->hidden_column = g_strdup("Sayfa1!B1");
	other->hidden_row = g_strdup("Liste!A1");
	struct request *r = form_from_document(d, &f->rules, complaints);
	g_autofree char *codes = codes_of(complaints);
	assert_string_equal(codes, "rows_hidden@Sayfa1!A2 columns_hidden@Sayfa1!B1");
	assert_int_equal(r->rows->len, 1);
	facts_request_free(r);
}

/* Serial numbers in a date column of a workbook that counts from 1904. */
static void serial_dates(void **state)
{
	const struct fixture *f = *state;

	for (int epoch = 0; epoch < 2; epoch++) {
		g_autoptr(GPtrArray) complaints = facts_complaints_new();
		g_autoptr(document_t) d = document_of("TC|Ad Soyad|Doğum Tarihi\n" ID1 "|Deneme Bir|27789");
		d->epoch_1904 = epoch;
		struct request *r = form_from_document(d, &f->rules, complaints);
		assert_string_equal(ROW(r, 0)->birth_date, epoch ? "1980-01-31" : "1976-01-30");
		facts_request_free(r);
	}
}

static void cells_far_right(void **state)
{
	g_autoptr(GPtrArray) complaints = facts_complaints_new();
	g_autoptr(GString) table = g_string_new(NULL);

	for (int i = 0; i < 26; i++)
		g_string_append_c(table, '|');
	g_string_append(table, "TC|Ad Soyad\n" ID1);
	struct request *r = read_table(state, table->str, complaints);
	assert_int_equal(r->rows->len, 0); /* the number stands in column A, not under its heading */
	facts_request_free(r);
	g_string_append(table, "\n");
	for (int i = 0; i < 26; i++)
		g_string_append_c(table, '|');
	g_string_append(table, ID1 "|Deneme Bir");
	r = read_table(state, table->str, complaints);
	assert_string_equal(ROW(r, 0)->where, "Sayfa1!AA3");
	facts_request_free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_RULES(fullest_form), WITH_RULES(headings_of_many_shapes), WITH_RULES(header_rows),
		WITH_RULES(versions), WITH_RULES(header_below_row_30), WITH_RULES(sheets), WITH_RULES(units),
		WITH_RULES(hidden_rows_and_columns), WITH_RULES(serial_dates), WITH_RULES(cells_far_right),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
