/* form_row: what each cell means, which verdict a row gets and why. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "tests/unit/parsers/form_table.h"

/* One row under "TC|Ad|Soyad|E-posta|GSM|Doğum Tarihi|Başvuru Türü|Kart Okuyucu|Bitiş Tarihi|Süre". */
static void verdicts(void **state)
{
#define HEAD "TC|Ad|Soyad|E-posta|GSM|Doğum Tarihi|Başvuru Türü|Kart Okuyucu Türü|NES Bitiş Tarihi|NES Süresi\n"
#define WHO "Deneme|Bir|d@kurum.test|"
	static const struct { const char *row; enum row_verdict verdict; const char *codes; } cases[] = {
		{ ID1 "|" WHO "0500 111 22 33|31.01.1980|3|3|01.02.2027|3", ROW_ACCEPTED, "" },
		{ ID1 "|" WHO "||3", ROW_ACCEPTED, "" },
		{ "100 000 001 46|" WHO "||3", ROW_REPAIRED, "tckn_blanks@Sayfa1!A2" },
		{ "|" WHO "||3", ROW_REFUSED, "tckn_missing@Sayfa1!A2" },
		{ "10000000147|" WHO "||3", ROW_REFUSED, "tckn_check_digit@Sayfa1!A2" },
		{ "1.23457E+10|" WHO "||3", ROW_REFUSED, "tckn_digits_lost@Sayfa1!A2" },
		{ "1000000014|" WHO "||3", ROW_REFUSED, "tckn_length@Sayfa1!A2" },
		{ "bilmiyor|" WHO "||3", ROW_REFUSED, "tckn_not_number@Sayfa1!A2" },
		{ ID1 "||Bir|d@kurum.test|||3", ROW_REFUSED, "name_missing@Sayfa1!B2" },
		{ ID1 "|Deneme||d@kurum.test|||3", ROW_REFUSED, "name_missing@Sayfa1!C2" },
		{ ID1 "|Deneme1|Bir|d@kurum.test|||3", ROW_REFUSED, "name_invalid@Sayfa1!B2" },
		{ ID1 "|Deneme|Bir||||3", ROW_REFUSED, "email_missing@Sayfa1!D2" },
		{ ID1 "|Deneme|Bir|d@@kurum.test|||3", ROW_REFUSED, "email_invalid@Sayfa1!D2" },
		{ ID1 "|Deneme|Bir|dş@kurum.test|||3", ROW_REFUSED, "email_invalid@Sayfa1!D2" },
		{ ID1 "|Deneme|Bir|d@kurum.test;e@kurum.test|||3", ROW_REFUSED, "email_invalid@Sayfa1!D2" },
		{ ID1 "|Deneme|Bir|d@baska.test|||3", ROW_REFUSED, "email_domain@Sayfa1!D2" },
		{ ID1 "|Deneme|Bir|d@ogr.kurum.test|||3", ROW_REFUSED, "email_domain@Sayfa1!D2" },
		{ ID1 "|Deneme|Bir|D.E @KURUM.TEST;|||3", ROW_REPAIRED, "email_repaired@Sayfa1!D2" },
		{ ID1 "|Deneme|Bir|Deneme Bir <d@kurum.test>|||3", ROW_REPAIRED, "email_repaired@Sayfa1!D2" },
		{ ID1 "|Deneme|Bir|deneme bir@kurum.test|||3", ROW_REFUSED, "email_invalid@Sayfa1!D2" },
		{ ID1 "|Deneme|Bir2|d@kurum.test|||3", ROW_REFUSED, "name_invalid@Sayfa1!C2" },
		{ ID1 "|De1|Bir2|d@kurum.test|||3", ROW_REFUSED, "name_invalid@Sayfa1!B2 name_invalid@Sayfa1!C2" },
		{ ID1 "|Prof. Dr. Deneme|Bir|d@kurum.test|||3", ROW_REPAIRED, "name_title@Sayfa1!B2" },
		{ FOREIGN "|" WHO "||3|3||3", ROW_REPAIRED, "years_foreigner@Sayfa1!J2" },
		{ FOREIGN "|" WHO "||3|3||1", ROW_ACCEPTED, "" },
		{ FOREIGN "|" WHO "||3|3||", ROW_ACCEPTED, "" },
		{ ID1 "|" WHO "123||3", ROW_ACCEPTED, "phone_invalid@Sayfa1!E2" },
		{ ID1 "|" WHO "|30.02.1980|3", ROW_REFUSED, "birth_date_invalid@Sayfa1!F2" },
		{ ID1 "|" WHO "|31.01.2020|3", ROW_REFUSED, "birth_date_invalid@Sayfa1!F2" },
		{ ID1 "|" WHO "|01.01.1900|3", ROW_ACCEPTED, "" },
		{ ID1 "|" WHO "||", ROW_REFUSED, "kind_missing@Sayfa1!G2" },
		{ ID1 "|" WHO "||9", ROW_REFUSED, "kind_unknown@Sayfa1!G2" },
		{ ID1 "|" WHO "||2", ROW_REFUSED, "kind_person_paid@Sayfa1!G2" },
		{ ID1 "|" WHO "||Çalıntı", ROW_REFUSED, "kind_person_paid@Sayfa1!G2" },
		{ ID1 "|" WHO "||3|7", ROW_ACCEPTED, "reader_unknown@Sayfa1!H2" },
		{ ID1 "|" WHO "||3|1", ROW_ACCEPTED, "renewal_with_reader@Sayfa1!H2" },
		{ ID1 "|" WHO "||1|1|01.02.2027", ROW_ACCEPTED, "first_with_end_date@Sayfa1!I2" },
		{ ID1 "|" WHO "||3|3|21.11.2026", ROW_ACCEPTED, "renewal_but_expired@Sayfa1!I2" },
		{ ID1 "|" WHO "||3|3|22.11.2026", ROW_ACCEPTED, "" },
		{ ID1 "|" WHO "||3|3|yakında", ROW_ACCEPTED, "expires_invalid@Sayfa1!I2" },
		{ ID1 "|" WHO "||3|3||uzun", ROW_ACCEPTED, "years_unknown@Sayfa1!J2" },
		{ "x1|||||||", ROW_REFUSED,
		  "tckn_not_number@Sayfa1!A2 name_missing@Sayfa1!B2 email_missing@Sayfa1!D2 "
		  "kind_missing@Sayfa1!G2" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GPtrArray) complaints = facts_complaints_new();
		g_autofree char *table = g_strconcat(HEAD, cases[i].row, NULL);
		struct request *r = read_table(state, table, complaints);
		assert_int_equal(r->rows->len, 1);
		g_autofree char *codes = codes_of(ROW(r, 0)->complaints);
		assert_string_equal(codes, cases[i].codes);
		assert_int_equal(ROW(r, 0)->verdict, cases[i].verdict);
		facts_request_free(r);
	}
}

/* One cell of the row under "TC|heading", with what it gives and what is told. */
struct one { const char *cell, *fact, *codes; };

static void compare_cells(void **state, const char *heading, size_t member, const struct one *cases)
{
	for (const struct one *c = cases; c->cell; c++) {
		g_autoptr(GPtrArray) complaints = facts_complaints_new();
		g_autofree char *table = g_strdup_printf("TC|Ad Soyad|%s\n" ID1 "|Deneme Bir|%s", heading, c->cell);
		struct request *r = read_table(state, table, complaints);
		g_autoptr(GString) codes = g_string_new(NULL);
		for (guint i = 0; i < ROW(r, 0)->complaints->len; i++) {
			const struct complaint *told = ROW(r, 0)->complaints->pdata[i];
			if (strcmp(told->code, "email_missing"))
				g_string_append(codes, told->code);
		}
		const char *fact = G_STRUCT_MEMBER(char *, ROW(r, 0), member);
		if (g_strcmp0(fact, c->fact) || strcmp(codes->str, c->codes))
			fail_msg("\"%s\" gave %s, told %s", c->cell, fact, codes->str);
		facts_request_free(r);
	}
}

static void phones(void **state)
{
#define SAME "+90 500 111 22 33"
	static const struct one cases[] = {
		{ "5001112233", SAME, "" }, { "05001112233", SAME, "" }, { "+905001112233", SAME, "" }, { "0090 500 111 22 33", SAME, "" },
		{ "0(500) 111 22 33", SAME, "" }, { "+90 500-111-2233", SAME, "" }, { "(0500) 111.22.33", SAME, "" },
		{ "5001112233.0", SAME, "" }, { "5001112233,00", SAME, "" }, { "'05001112233", SAME, "" }, { "0500/1112233", SAME, "" },
		{ "-", NULL, "" }, { "5,0011122E+09", NULL, "phone_invalid" }, { "0500 111 22 33 dahili 4", NULL, "phone_invalid" },
		{ "0312 111 22 33", NULL, "phone_invalid" }, { "+49 500 111 22 33", NULL, "phone_invalid" },
		{ "0500 111 22 33 / 0500 111 22 34", NULL, "phone_invalid" }, { "500111223.0", NULL, "phone_invalid" }, { 0 },
	};

	compare_cells(state, "GSM", offsetof(struct request_row, phone), cases);
}

static void addresses(void **state)
{
	static const struct one cases[] = {
		{ "D@KURUM.TEST", "d@kurum.test", "" },
		{ "\xe2\x80\x8b" "d@kurum.test\xc2\xa0", "d@kurum.test", "" },
		{ "mailto:d@kurum.test", "d@kurum.test", "email_repaired" },
		{ "Deneme Bir <d@kurum.test>", "d@kurum.test", "email_repaired" },
		{ "< d@kurum.test >", "d@kurum.test", "email_repaired" },
		{ "d . e @ kurum. test", "d.e@kurum.test", "email_repaired" },
		{ "d e@kurum.test", NULL, "email_invalid" },
		{ "a@kurum.test <b@kurum.test>", NULL, "email_invalid" },
		{ "<a@kurum.test> <b@kurum.test>", NULL, "email_invalid" },
		{ "d@x.birim.kurum.test", "d@x.birim.kurum.test", "email_domain" },
		{ "d@xkurum.test", "d@xkurum.test", "email_domain" },
		{ "d@a.alt.test", "d@a.alt.test", "" },
		{ "d@b.a.alt.test", "d@b.a.alt.test", "" },
		{ "d@alt.test", "d@alt.test", "email_domain" },
		{ 0 },
	};

	compare_cells(state, "E-posta", offsetof(struct request_row, email), cases);
}

static void backups(void **state)
{
	for (int i = 0; i < 2; i++) {
		const struct one cases[] = { { i ? "Evet" : "belki", NULL, i ? "" : "backup_unknown" }, { 0 } };
		compare_cells(state, "Yedek", offsetof(struct request_row, note), cases);
	}
}

static void names(void **state)
{
	static const struct { const char *table, *given, *family, *codes; } cases[] = {
		{ "TC|Adı Soyadı\n" ID1 "| Deneme  Bir ", "Deneme", "Bir", "" },
		{ "TC|Ad\n" ID1 "|Deneme Bir", "Deneme", "Bir", "" },
		{ "TC|Ad|Soyad\n" ID1 "|\xc2\xa0" "Deneme\xc2\xa0" "Üç|Bir\\n", "Deneme Üç", "Bir", "" },
		{ "TC|Ad|Soyad\n" ID1 "|De\xc2\xad" "ne\xe2\x80\x8b" "me|Bir", "Deneme", "Bir", "" },
		/* written with the wrong capital i: kept */
		{ "TC|Ad|Soyad\n" ID1 "|DENIZ|IKI", "DENIZ", "IKI", "" },
		{ "TC|Ad Soyad\n" ID1 "|Deneme", "Deneme", NULL, "name_missing@Sayfa1!B2" },
		{ "TC|Ad|Soyad\n" ID1 "|'=Deneme|'Bir", "=Deneme", "'Bir", "" }, /* what our own sheets write so */
		/* which word belongs to which? */
		{ "TC|Ad Soyad\n" ID1 "|Deneme Üç Bir", "Deneme Üç", "Bir", "name_split@Sayfa1!B2" },
		{ "TC|Ad Soyad\n" ID1 "|DENEME ÜÇ BİR", "DENEME ÜÇ", "BİR", "name_split@Sayfa1!B2" },
		{ "TC|Ad Soyad\n" ID1 "|Deneme Üç BİR", "Deneme Üç", "BİR", "" },
		{ "TC|Ad Soyad\n" ID1 "|Deneme TEST İKİ", "Deneme", "TEST İKİ", "" },
		{ "TC|Ad Soyad\n" ID1 "|DENEME Test İki", "DENEME Test", "İki", "name_split@Sayfa1!B2" },
		{ "TC|Ad Soyad\n" ID1 "|BİR, Deneme Üç", "Deneme Üç", "BİR", "name_split@Sayfa1!B2" },
		{ "TC|Ad Soyad\n" ID1 "|Deneme,", NULL, "Deneme", "name_missing@Sayfa1!B2" },
		{ "TC|Ad Soyad\n" ID1 "|Deneme Üç B1r", "Deneme Üç", "B1r", "name_invalid@Sayfa1!B2" },
		/* titles are no part of a name */
		{ "TC|Ad Soyad\n" ID1 "|Dr.Öğr. Üyesi Deneme Bir", "Deneme", "Bir", "name_title@Sayfa1!B2" },
		{ "TC|Ad Soyad\n" ID1 "|Prof. Dr. Deneme", "Deneme", NULL, "name_title@Sayfa1!B2 name_missing@Sayfa1!B2" },
		{ "TC|Ad|Soyad\n" ID1 "|Dr.|Bir", "Dr.", "Bir", "" },
		{ "TC|Ad|Soyad\n" ID1 "|Dra|Bir", "Dra", "Bir", "" },
		{ "TC|Ad|Soyad\n" ID1 "|Deneme Dr|Bir", "Deneme Dr", "Bir", "" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GPtrArray) complaints = facts_complaints_new();
		struct request *r = read_table(state, cases[i].table, complaints);
		g_autofree char *codes = codes_of(ROW(r, 0)->complaints), *own = NULL;
		char *email = strstr(codes, "email_missing");
		own = g_strchomp(email ? g_strndup(codes, (gsize)(email - codes)) : g_strdup(codes));
		if (g_strcmp0(ROW(r, 0)->given_name, cases[i].given) || g_strcmp0(ROW(r, 0)->family_name, cases[i].family) ||
		    strcmp(own, cases[i].codes))
			fail_msg("%zu: %s, %s; %s", i, ROW(r, 0)->given_name, ROW(r, 0)->family_name, codes);
		facts_request_free(r);
	}
}

/* By which names are compared. */
static void name_keys(void **state)
{
	static const struct { const char *table, *key; } cases[] = {
		{ "TC|Adı Soyadı\n" ID1 "|Deneme  Üç Bir ", "deneme uc bir" },
		{ "TC|Ad\n" ID1 "|DENEME BIR", "deneme bir" },
		{ "TC|Ad|Soyad\n" ID1 "|Dr. Deneme|İKİ", "deneme iki" },
		{ "TC|Ad|Soyad\n" ID1 "|Deneme|", "deneme" },
		{ "TC|Ad|Soyad\n" ID1 "||", NULL },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GPtrArray) complaints = facts_complaints_new();
		struct request *r = read_table(state, cases[i].table, complaints);
		assert_true(!g_strcmp0(ROW(r, 0)->name_key, cases[i].key));
		facts_request_free(r);
	}
}

/* A title before a name is kept where the form has no column for it. */
static void titles(void **state)
{
	static const struct { const char *table, *title; } cases[] = {
		{ "TC|Ad Soyad\n" ID1 "|Prof. Dr. Deneme Bir", "Prof. Dr." },
		{ "TC|Ad Soyad|Unvan\n" ID1 "|Prof. Dr. Deneme Bir|", NULL },
		{ "TC|Ad Soyad|Unvan\n" ID1 "|Prof. Dr. Deneme Bir|Dekan", "Dekan" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GPtrArray) complaints = facts_complaints_new();
		struct request *r = read_table(state, cases[i].table, complaints);
		assert_true(!g_strcmp0(ROW(r, 0)->title, cases[i].title));
		facts_request_free(r);
	}
}

/* Words that say nothing say so in every column. */
static void placeholders(void **state)
{
	static const char *const words[] = { "-", "None", "Belirtilmemiş", "BELIRTILMEMIS", "NaT", " ", "…" };

	for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
		g_autoptr(GPtrArray) complaints = facts_complaints_new();
		const char *w = words[i];
		g_autofree char *table = g_strdup_printf("TC|Ad|Soyad|E-posta|Doğum Tarihi|GSM|Birim|Unvan|Yedek|Süre|Bitiş Tarihi|Kart Okuyucu|Not\n"
							 ID1 "|Deneme|Bir|d@kurum.test|%s|%s|%s|%s|%s|%s|%s|%s|%s", w, w, w, w, w, w, w, w, w);
		struct request *r = read_table(state, table, complaints);
		const struct request_row *row = ROW(r, 0);
		assert_int_equal(row->complaints->len, 0);
		assert_true(!row->birth_date && !row->phone && !row->unit && !row->title && !row->expires && !row->reader && !row->note);
		assert_false(row->backup);
		assert_int_equal(row->years, 0);
		facts_request_free(r);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_RULES(verdicts), WITH_RULES(phones), WITH_RULES(addresses), WITH_RULES(backups),
		WITH_RULES(names), WITH_RULES(name_keys), WITH_RULES(titles), WITH_RULES(placeholders),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
