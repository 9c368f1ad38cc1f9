/* form_text, form_pairs: forms of labels and values, in text and in cells; what is no form, however like one. */
#include "parsers/form.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "tests/unit/parsers/sheet_table.h"

#define ID1 "10000000146"
#define ID2 "58111528012"

static struct form_rules rules;

static int set_up(void **state)
{
	g_autofree char *text = NULL;

	if (!g_file_get_contents("parsers/headings.table", &text, NULL, NULL))
		return -1;
	rules = (struct form_rules){ headings_parse(text, NULL), NULL, 1795337400 }; /* 22 November 2026 */
	return rules.headings ? 0 : -1;
}

static int tear_down(void **state)
{
	headings_free((struct headings *)rules.headings);
	return 0;
}

/* "unit,ticket: where tckn given family email kind years; …" and complaints behind "!". "-" is nothing. */
static char *shown(const struct document *d)
{
	g_autoptr(GPtrArray) complaints = facts_complaints_new();
	struct request *r = form_from_document(d, &rules, complaints);
	GString *out = g_string_new(NULL);

	if (r)
		g_string_append_printf(out, "%s,%s:", r->unit ? r->unit : "-", r->ticket ? r->ticket : "-");
	for (guint i = 0; r && i < r->rows->len; i++) {
		const struct request_row *row = r->rows->pdata[i];
		const char *all[] = { row->where, row->tckn, row->given_name, row->family_name, row->email, row->kind };
		for (size_t k = 0; k < G_N_ELEMENTS(all); k++)
			g_string_append_printf(out, "%s%s", k ? " " : i ? "; " : " ", all[k] ? all[k] : "-");
		for (guint k = 0; k < row->complaints->len; k++) {
			const struct complaint *c = row->complaints->pdata[k];
			g_string_append_printf(out, " !%s@%s", c->code, c->where);
		}
	}
	for (guint k = 0; k < complaints->len; k++) {
		const struct complaint *c = complaints->pdata[k];
		g_string_append_printf(out, " !%s@%s", c->code, c->where);
	}
	facts_request_free(r);
	return g_string_free(out, FALSE);
}

#define ONE "Deneme Bir a@k.test"
static void texts(void **state)
{
	static const struct { const char *text, *expected; } cases[] = {
		/* the ticket style */
		{ "T.C. Kimlik No : " ID1 "\nAd Soyad : Deneme Bir\nE-posta : a@k.test\nBaşvuru Türü : 3 - Yenileme",
		  "-,-: 1. satır " ID1 " " ONE " renewal" },
		{ "Sayın yetkili,\n\nTalep No: 4711\n\n  * Adı: Deneme\n  * Soyadı: Bir\n  * TC KİMLİK NO*: 100 000 001 46\n  * e-mail: "
		  "a@k.test\n\nSaygılarımla", "-,4711: 7. satır " ID1 " " ONE " - !tckn_blanks@7. satır" },
		{ "> TC: " ID1 "\n> İsim: Deneme\n> Soyisim: Bir\n> Mail: a@k.test", "-,-: 1. satır " ID1 " " ONE " -" },
		{ "1) TC: " ID1 "\n2) Ad Soyad = Deneme Bir\n3) E-posta - a@k.test", "-,-: 1. satır " ID1 " " ONE " -" },
		{ "TC\t" ID1 "\nAd Soyad\tDeneme Bir\nE-posta\ta@k.test\n", "-,-: 1. satır " ID1 " " ONE " -" },
		/* all on one line */
		{ "TC: " ID1 ", Ad Soyad: Deneme Bir; E-posta: a@k.test | Başvuru türü: ilk", "-,-: 1. satır " ID1 " " ONE " first" },
		/* the value on the line below */
		{ "T.C. Kimlik No:\n" ID1 "\n\nAd Soyad:\n\nDeneme Bir\nE-posta:\na@k.test", "-,-: 2. satır " ID1 " " ONE " -" },
		{ "TC\n" ID1 "\nAd Soyad\nDeneme Bir\nE-posta\na@k.test", "-,-: 2. satır " ID1 " " ONE " -" },
		{ "TC: " ID1 "\nAd Soyad:\nAdres: Deneme Bir\nE-posta: a@k.test",
		  "-,-: 1. satır " ID1 " - - a@k.test - !name_missing@2. satır" },
		/* several people */
		{ "Birim: Fizik\n\nTC: " ID1 "\nAd Soyad: Deneme Bir\nE-posta: a@k.test\n\nTC: " ID2 "\nAd Soyad: Test İki\nE-posta: b@k.test",
		  "Fizik,-: 3. satır " ID1 " " ONE " -; 7. satır " ID2 " Test İki b@k.test -" },
		{ "Ad Soyad: Deneme Bir\nE-posta: a@k.test\nTC: " ID1 "\nAd Soyad: Test İki\nE-posta: b@k.test\nTC: " ID2,
		  "-,-: 3. satır " ID1 " " ONE " -; 6. satır " ID2 " Test İki b@k.test -" },
		{ "E-posta: a@k.test\nAd Soyad: Deneme Bir\nTC: " ID1 "\nE-posta: b@k.test\nAd Soyad: Test İki\nTC: " ID2,
		  "-,-: 3. satır " ID1 " " ONE " -; 6. satır " ID2 " Test İki b@k.test -" },
		/* a person's lines stand together, whichever comes first */
		{ "TC: " ID1 "\nAd Soyad: Deneme Bir\n\nE-posta: b@k.test\nTC: " ID2 "\nAd Soyad: Test İki",
		  "-,-: 1. satır " ID1 " Deneme Bir - - !email_missing@1. satır; 5. satır " ID2 " Test İki b@k.test -" },
		{ "Birim: Fizik\n\nE-posta: a@k.test\nBirim: Kimya\nTC: " ID1 "\nAd Soyad: Deneme Bir", "Kimya,-: 5. satır " ID1 " " ONE " -" },
		{ "TC: " ID1 "\nAd Soyad: Deneme Bir\n\nE-posta: c@k.test\nAd Soyad: Test İki",
		  "-,-: 1. satır " ID1 " Deneme Bir - - !email_missing@1. satır !row_ignored@5. satır" },
		{ "TC: " ID1 "\n\nAd Soyad: Deneme Bir\nE-posta: a@k.test\n\nBirim: Fizik", "Fizik,-: 1. satır " ID1 " " ONE " -" },
		/* what comes below them is nobody's value */
		{ "TC: " ID1 "\nAd Soyad: Deneme Bir\nE-posta: a@k.test\nTelefon:\n\nİyi günler", "-,-: 1. satır " ID1 " " ONE " -" },
		/* who asks stands above or below who is meant */
		{ "Talep eden\nAd Soyad: Soran Üç\nE-posta: c@k.test\n\nKişi\nAd Soyad: Deneme Bir\nE-posta: a@k.test\nTC: " ID1,
		  "-,-: 8. satır " ID1 " " ONE " - !row_ignored@2. satır" },
		{ "TC: " ID1 "\nAd Soyad: Deneme Bir\nE-posta: a@k.test\n\nTalep eden\nAd Soyad: Soran Üç\nE-posta: c@k.test",
		  "-,-: 1. satır " ID1 " " ONE " - !row_ignored@6. satır" },
		/* a wrong number beside a right one is answered, not lost */
		{ "TC: " ID1 "\nAd Soyad: Deneme Bir\nE-posta: a@k.test\nTC:\nAd Soyad: Test İki\nE-posta: b@k.test",
		  "-,-: 1. satır " ID1 " " ONE " -; 4. satır - Test İki b@k.test - !tckn_missing@4. satır" },
		/* notes are joined */
		{ "TC: " ID1 "\nAçıklama: x\nAd Soyad: Deneme Bir\nAçıklama: y\nE-posta: a@k.test", "-,-: 1. satır " ID1 " " ONE " -" },
		/* a table as text */
		{ "Birim: Fizik\nT.C. Kimlik No\tAd\tSoyad\tE-posta\n" ID1 "\tDeneme\tBir\ta@k.test\n" ID2 "\tTest\tİki\tb@k.test\n",
		  "Fizik,-: 3. satır " ID1 " " ONE " -; 4. satır " ID2 " Test İki b@k.test -" },
		{ "TC\tAd\tSoyad\tE-posta\n" ID1 "\tDeneme\tBir\ta@k.test\n\nİyi günler\nSoran Üç", "-,-: 2. satır " ID1 " " ONE " -" },
		/* no form */
		{ "", "" },
		{ "TC: " ID1, "" },
		{ "T.C. Kimlik No: " ID1 "\nTelefon: 0532 111 22 33\nAdres: x", "" },
		{ "Ad Soyad: Deneme Bir\nE-posta: a@k.test\nTelefon: 0532 111 22 33", "" },
		{ "T.C. Kimlik No: 100******46\nAd Soyad: Deneme Bir\nTelefon: 05321112233", "" },
		{ "TC: 12345\nAd Soyad: Deneme Bir\nTelefon: 05321112233", "" },
		{ "T.C. Kimlik No\tAd\tSoyad\tE-posta\n05321112233", "" },
		{ "T.C. Kimlik No\tAd\tSoyad\tE-posta\nsaygılar", "" },
		{ ID1 " kimlik numaralı Deneme Bir için a@k.test adresine ön başvuru açılmıştır.", "" },
		{ "Sayın Deneme Bir, T.C. kimlik numaranızla (" ID1 ") giriş yapınız: http://k.test/?tc=1", "" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(document_t) d = document_new("a");
		d->text = g_strdup(cases[i].text);
		g_autofree char *text = shown(d);
		assert_string_equal(text, cases[i].expected);
	}
}

static document_t *document_of(const char *table)
{
	document_t *d = document_new("a");

	add_sheet(d, "Tablo 1", table);
	return d;
}

static void tables(void **state)
{
	static const struct { const char *table, *expected; } cases[] = {
		{ "BAŞVURU FORMU\nT.C. Kimlik No:|" ID1 "\nAdı Soyadı|Deneme Bir\nE-posta||a@k.test",
		  "-,-: Tablo 1!B2 " ID1 " " ONE " -" },
		{ "Adı|Deneme|Soyadı|Bir\nTC|" ID1 "|E-posta|a@k.test\nBaşvuru Türü||Telefon|05321112233\nTalep No|17",
		  "-,17: Tablo 1!B2 " ID1 " " ONE " - !kind_missing@Tablo 1!A3" },
		/* block below block, people beside each other */
		{ "TC|" ID1 "\nAd Soyad|Deneme Bir\nE-posta|a@k.test\n|\nTC|" ID2 "\nAd Soyad|Test İki\nE-posta|b@k.test",
		  "-,-: Tablo 1!B1 " ID1 " " ONE " -; Tablo 1!B5 " ID2 " Test İki b@k.test -" },
		{ "TC|" ID1 "\nAd Soyad|Deneme Bir\n|\nE-posta|b@k.test\nTC|" ID2 "\nAd Soyad|Test İki",
		  "-,-: Tablo 1!B1 " ID1 " Deneme Bir - - !email_missing@Tablo 1!B1; Tablo 1!B5 " ID2 " Test İki b@k.test -" },
		{ "Birim|Fizik\nTC|" ID1 "|" ID2 "\nAd Soyad|Deneme Bir|Test İki\nE-posta|a@k.test|b@k.test",
		  "Fizik,-: Tablo 1!B2 " ID1 " " ONE " -; Tablo 1!C2 " ID2 " Test İki b@k.test -" },
		/* label and value in one cell, several in one cell */
		{ "TC: " ID1 "|Ad Soyad: Deneme Bir\nE-posta: a@k.test", "-,-: Tablo 1!A1 " ID1 " " ONE " -" },
		{ "x|TC: " ID1 "\\nAd Soyad: Deneme Bir\\nE-posta: a@k.test", "-,-: Tablo 1!B1 " ID1 " " ONE " -" },
		/* faults at their cell */
		{ "TC|10000000147\nAd Soyad|Deneme Bir\nE-posta|a@k", "-,-: Tablo 1!B1 - Deneme Bir - - "
		  "!tckn_check_digit@Tablo 1!B1 !email_invalid@Tablo 1!B3" },
		/* no form: an empty template, a list without numbers */
		{ "TC|\nAd Soyad|\nE-posta|", "" },
		{ "TC|yok\nAd Soyad|Deneme Bir", "" },
		{ "Ad|Deneme\nTelefon|05321112233", "" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(document_t) d = document_of(cases[i].table);
		g_autofree char *text = shown(d);
		assert_string_equal(text, cases[i].expected);
	}
}

/* The second "Yedek" of a person is of the card reader, as in a table. */
static void twins(void **state)
{
	g_autoptr(document_t) d = document_of("TC|" ID1 "\nAd Soyad|Deneme Bir\nYedek|Hayır\nKart Okuyucu Türü|1\nAçıklama|a\nYedek|Evet\n"
					      "TC|" ID2 "\nAd Soyad|Test İki\nYedek|Evet");
	g_autoptr(GPtrArray) complaints = facts_complaints_new();
	struct request *r = form_from_document(d, &rules, complaints);
	const struct request_row *one = r->rows->pdata[0], *two = r->rows->pdata[1];

	assert_false(one->backup);
	assert_string_equal(one->note, "a; Yedek kart okuyucu: Evet");
	assert_true(two->backup);
	assert_null(two->note);
	facts_request_free(r);
}

static void hidden_sheet(void **state)
{
	g_autoptr(document_t) d = document_of("TC|" ID1 "\nAd Soyad|Deneme Bir");
	((struct sheet *)d->sheets->pdata[0])->hidden = true;
	g_autofree char *text = shown(d);

	assert_string_equal(text, " !sheet_hidden@Tablo 1");
}

/* Text beside tables gives the unit and the ticket. */
static void beside_a_table(void **state)
{
	g_autoptr(document_t) d = document_of("TC|Ad Soyad|E-posta\n" ID1 "|Deneme Bir|a@k.test");
	d->text = g_strdup("Birim: Fizik\nTalep No: 17");
	g_autofree char *text = shown(d);

	assert_string_equal(text, "Fizik,17: Tablo 1!A2 " ID1 " " ONE " -");
}

static void giants(void **state)
{
	static const char *const pieces[] = { "TC: " ID1 "\n", ":", "TC:", "TC: ", "a, ", ",:", "\n", "Ad\t", "TC\tAd\n" ID1 "\n",
					      "1", "TC: " ID1 " Ad: a ", "- ", " - ", "TC\n" };

	for (size_t i = 0; i < G_N_ELEMENTS(pieces); i++) {
		g_autoptr(GString) all = g_string_new("Ad: x\nE-posta: y\n" ID1 "\n");
		while (all->len < 1 << 20)
			g_string_append(all, pieces[i]);
		g_autoptr(document_t) d = document_new("a");
		d->text = g_strdup(all->str);
		gint64 start = g_get_monotonic_time();
		g_autofree char *text = shown(d);
		assert_non_null(text);
		assert_true(g_get_monotonic_time() - start < 2 * G_USEC_PER_SEC);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(texts), cmocka_unit_test(tables), cmocka_unit_test(hidden_sheet),
					    cmocka_unit_test(beside_a_table), cmocka_unit_test(twins), cmocka_unit_test(giants) };

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
