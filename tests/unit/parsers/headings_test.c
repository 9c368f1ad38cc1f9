/* headings: the built-in table knows the headings of the domain; wrong tables are refused with the line. */
#include "parsers/headings.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static struct headings *built_in(void)
{
	g_autofree char *text = NULL;
	g_autoptr(GError) error = NULL;

	assert_true(g_file_get_contents("parsers/headings.table", &text, NULL, NULL));
	struct headings *h = headings_parse(text, &error);
	if (!h)
		fail_msg("%s", error->message);
	return h;
}

/* Every heading that was seen in real forms. */
static void columns(void **state)
{
	static const struct { enum heading_field field; const char *cell; } cases[] = {
		{ HEADING_TCKN, "Kimlik No" },
		{ HEADING_TCKN, "T.C. Kimlik No" },
		{ HEADING_TCKN, "TC Kimlik No" },
		{ HEADING_TCKN, "TC Kimlik No Açık" },
		{ HEADING_TCKN, "TC" },
		{ HEADING_TCKN, "TC no" },
		{ HEADING_TCKN, "T.C. kimlik numarası" },
		{ HEADING_TCKN, "T.C.\nKİMLİK NO *" },
		{ HEADING_TCKN, "tc_kimlik_no:" },
		{ HEADING_GIVEN_NAME, "Ad" },
		{ HEADING_GIVEN_NAME, "ADI" },
		{ HEADING_GIVEN_NAME, "İsim" },
		{ HEADING_FAMILY_NAME, "SOYADI" },
		{ HEADING_FAMILY_NAME, "Soyisim" },
		{ HEADING_FAMILY_NAME, "soyad" },
		{ HEADING_FULL_NAME, "Ad, soyad" },
		{ HEADING_FULL_NAME, "ADI SOYADI" },
		{ HEADING_FULL_NAME, "Ad/Soyad" },
		{ HEADING_FULL_NAME, "kişi adı ve soyadı" },
		{ HEADING_BIRTH_DATE, "Doğum Tarihi" },
		{ HEADING_BIRTH_DATE, "Doğum Tarihi\n(GG/AA/YYYY)" },
		{ HEADING_BIRTH_DATE, "Doğum tarihi (gün, ay, yıl)" },
		{ HEADING_BIRTH_DATE, "doğum tarihi g/a/y" },
		{ HEADING_BIRTH_DATE, "DOGUM TARIHI [örnek 01.01.1980]" },
		{ HEADING_EMAIL, "Kurumsal E-posta" },
		{ HEADING_EMAIL, "Kullanıcı Mail" },
		{ HEADING_EMAIL, "Email" },
		{ HEADING_EMAIL, "E-POSTA" },
		{ HEADING_EMAIL, "Kurumsal Mail" },
		{ HEADING_EMAIL, "Kurum E-Posta" },
		{ HEADING_EMAIL, "Kurumsal E-posta adresi" },
		{ HEADING_EMAIL, "mail adresi" },
		{ HEADING_PHONE, "Cep telefonu" },
		{ HEADING_PHONE, "Cep telefon numarası" },
		{ HEADING_PHONE, "GSM" },
		{ HEADING_PHONE, "GSM numarası" },
		{ HEADING_UNIT, "Çalıştığı Kurum-Birim" },
		{ HEADING_UNIT, "Çalıştığı Birim" },
		{ HEADING_UNIT, "Birim" },
		{ HEADING_UNIT, "Çalıştığı Kurum Birimi" },
		{ HEADING_UNIT, "Departman" },
		{ HEADING_UNIT, "çalışılan birim/bölüm" },
		{ HEADING_TITLE, "Ünvan" },
		{ HEADING_TITLE, "Unvan" },
		{ HEADING_POST, "idari görev" },
		{ HEADING_POST, "İdari görevi" },
		{ HEADING_STAFF_NO, "Sicil" },
		{ HEADING_STAFF_NO, "Kurum Sicil No" },
		{ HEADING_KIND, "Başvuru Türü" },
		{ HEADING_KIND, "Başvuru Tipi" },
		{ HEADING_KIND, "BAŞVURU NEDENİ" },
		{ HEADING_KIND, "başvuru şekli" },
		{ HEADING_READER, "Akıllı Kart Okuyucu Türü" },
		{ HEADING_READER, "Kart Okuyucu Türü" },
		{ HEADING_READER, "Kart Okuyucu Tipi" },
		{ HEADING_BACKUP, "Yedek" },
		{ HEADING_BACKUP, "Yedek mi?" },
		{ HEADING_YEARS, "NES süresi" },
		{ HEADING_YEARS, "Sertifika Süresi" },
		{ HEADING_YEARS, "Süre (yıl)" },
		{ HEADING_PAYMENT, "Ödeme Şekli" },
		{ HEADING_EXPIRES, "NES Bitim Tarihi" },
		{ HEADING_EXPIRES, "NES Bitiş Tarihi" },
		{ HEADING_EXPIRES, "Sertifika Bitiş Tarihi" },
		{ HEADING_NOTE, "Not (Ek Bilgi)" },
		{ HEADING_NOTE, "Açıklama" },
		{ HEADING_UNKNOWN, "Sertifika Türü" },
		{ HEADING_UNKNOWN, "VPN veya Logon" },
		{ HEADING_UNKNOWN, "Sıra No" },
		{ HEADING_UNKNOWN, "Adres" },
		{ HEADING_UNKNOWN, "" },
		{ HEADING_UNKNOWN, "(ilave)" },
		{ HEADING_UNKNOWN, "***" },
	};
	struct headings *h = built_in();

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
		if (headings_column(h, cases[i].cell) != cases[i].field)
			fail_msg("\"%s\" is %d", cases[i].cell, headings_column(h, cases[i].cell));
	headings_free(h);
}

static void values(void **state)
{
	static const struct { const char *field, *cell, *value; } cases[] = {
		{ "kind", "1", "first" },
		{ "kind", "İLK BAŞVURU", "first" },
		{ "kind", "2", "lost" },
		{ "kind", "Kayıp/Çalıntı", "lost" },
		{ "kind", "3", "renewal" },
		{ "kind", "yenileme", "renewal" },
		{ "kind", "3 - Yenileme", "renewal" },
		{ "kind", "3) YENİLEME", "renewal" },
		{ "kind", "4", "other" },
		{ "kind", "diğer", "other" },
		{ "kind", "Yenileme (3)", "renewal" },
		{ "kind", "YENİLEME 3", "renewal" },
		{ "kind", "Yenileme (1)", NULL },
		{ "kind", "1 - Yenileme", NULL },
		{ "kind", "5", NULL },
		{ "kind", "", NULL },
		{ "kind", "31", NULL },
		{ "reader", "1", "mini" },
		{ "reader", "Masaüstü", "desktop" },
		{ "reader", "3", "none" },
		{ "reader", "İSTENMİYOR", "none" },
		{ "backup", "Evet", "yes" },
		{ "backup", "hayır", "no" },
		{ "years", "3 yıl", "3" },
		{ "years", "1", "1" },
		{ "years", "ÜÇ YIL", "3" },
		{ "years", "30", NULL },
		{ "label", "Birim:", "unit" },
		{ "label", "TALEP NO", "ticket" },
		{ "column", "nothing", NULL },
	};
	struct headings *h = built_in();

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
		if (g_strcmp0(headings_value(h, cases[i].field, cases[i].cell), cases[i].value))
			fail_msg("%s \"%s\"", cases[i].field, cases[i].cell);
	headings_free(h);
}

static void empty_cells(void **state)
{
	static const char *const empty[] = { "",
					     " ",
					     "-",
					     "--",
					     ".",
					     "None",
					     "NONE",
					     "Belirtilmemiş",
					     "belirtilmemis",
					     "\xc2\xa0",
					     "………………………………………………" };
	static const char *const full[] = { "0", "a", "Yok", "Nonet", "Belirtilmemiştir efendim", "-1" };
	struct headings *h = built_in();

	for (size_t i = 0; i < G_N_ELEMENTS(empty); i++)
		assert_true(headings_is_empty(h, empty[i]));
	for (size_t i = 0; i < G_N_ELEMENTS(full); i++)
		assert_false(headings_is_empty(h, full[i]));
	headings_free(h);
}

static void wrong_tables(void **state)
{
	static const struct { const char *text, *says; } cases[] = {
		{ "tckn = A\nnonsense = B\n", "line 2" },
		{ "tckn = A\n\n# c\nemail = a\n", "line 4" },
		{ "kind: renew = 3\n", "line 1" },
		{ "colour: red = 3\n", "line 1" },
		{ "just words\n", "line 1" },
		{ "= words\n", "line 1" },
		{ ": = words\n", "line 1" },
		{ "tckn = A | | B\n", "line 1" },
		{ "tckn = ***\n", "line 1" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GError) error = NULL;
		assert_null(headings_parse(cases[i].text, &error));
		if (!strstr(error->message, cases[i].says))
			fail_msg("%s", error->message);
	}
	/* the same word twice with one meaning is no fault, an empty table neither */
	struct headings *h = headings_parse("   tckn = A | a\r\n", NULL);
	assert_non_null(h);
	headings_free(h);
	h = headings_parse("", NULL);
	assert_int_equal(headings_column(h, "A"), HEADING_UNKNOWN);
	headings_free(h);
}

/* An administrator's file: adds, gives a word another meaning, forgets all before it. */
static void own_file(void **state)
{
	static const struct { const char *own, *cell; enum heading_field field; } cases[] = {
		{ "", "Kimlik No", HEADING_TCKN },
		{ "tckn = Personel Kodu", "PERSONEL KODU", HEADING_TCKN },
		{ "tckn = Personel Kodu", "Kimlik No", HEADING_TCKN },
		{ "title = Görevi", "Görevi", HEADING_TITLE },
		{ "# ours only\n\nreplace\ntckn = Kod\n", "Kod", HEADING_TCKN },
		{ "replace\ntckn = Kod", "Kimlik No", HEADING_UNKNOWN },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(headings_t) h = built_in();
		assert_true(headings_add(h, cases[i].own, NULL));
		assert_int_equal(headings_column(h, cases[i].cell), cases[i].field);
	}
}

static void wrong_own_files(void **state)
{
	static const struct { const char *own, *says; } cases[] = {
		{ "tckn = Kod\nemail = Kod\n", "line 2" },
		{ "tckn = Kod\nreplace\n", "line 2" },
		{ "\n\nkind: renew = 3\n", "line 3" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(headings_t) h = built_in();
		g_autoptr(GError) error = NULL;
		assert_false(headings_add(h, cases[i].own, &error));
		assert_non_null(strstr(error->message, cases[i].says));
	}
}

static void list_row(const char *name, const GPtrArray *words, void *data)
{
	GString *out = data;

	g_string_append_printf(out, "%s =", name);
	for (guint i = 0; i < words->len; i++)
		g_string_append_printf(out, " %s", (const char *)words->pdata[i]);
	g_string_append_c(out, '\n');
}

static void each_row(void **state)
{
	g_autoptr(headings_t) h = headings_parse("tckn = A | B\nkind: first = 1\ntckn = C\nnot_given = -x\nticket = #\n", NULL);
	g_autoptr(GString) out = g_string_new(NULL);

	assert_true(headings_add(h, "email = B\nkind: first = Yeni\n", NULL));
	headings_each(h, list_row, out);
	assert_string_equal(out->str, "tckn = A C\nkind: first = 1 Yeni\nnot_given = -x\nticket = #\nemail = B\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(columns), cmocka_unit_test(values),
					    cmocka_unit_test(empty_cells), cmocka_unit_test(wrong_tables),
					    cmocka_unit_test(own_file), cmocka_unit_test(wrong_own_files),
					    cmocka_unit_test(each_row) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
