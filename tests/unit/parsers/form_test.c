/* form, form_row: where the header stands, what each cell means, which verdict a row gets and why. */
#include "parsers/form.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#define ID1 "10000000146"
#define ID2 "58111528012"
#define FOREIGN "99000000042"

static const char *const domains[] = { "kurum.test", "birim.kurum.test", ".alt.test", NULL };

struct fixture {
	struct headings *headings;
	struct form_rules rules;
};

static int set_up(void **state)
{
	struct fixture *f = g_new0(struct fixture, 1);
	g_autofree char *text = NULL;

	if (!g_file_get_contents("parsers/headings.table", &text, NULL, NULL))
		return -1;
	f->headings = headings_parse(text, NULL);
	f->rules = (struct form_rules){ f->headings, domains, 1795337400 }; /* 22 November 2026 */
	*state = f;
	return f->headings ? 0 : -1;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;

	headings_free(f->headings);
	g_free(f);
	return 0;
}

/* A sheet out of "a|b\nc|d"; "\\n" is a line break inside a cell. */
static struct sheet *add_sheet(document_t *d, const char *name, const char *table)
{
	struct sheet *s = document_add_sheet(d, name);
	g_auto(GStrv) lines = g_strsplit(table, "\n", -1);

	for (char **l = lines; *l; l++) {
		GPtrArray *row = g_ptr_array_new();
		g_auto(GStrv) cells = g_strsplit(*l, "|", -1);
		for (char **c = cells; *c; c++) {
			g_autofree char *text = g_strcompress(*c);
			g_ptr_array_add(row, g_string_chunk_insert(d->texts, text));
		}
		g_ptr_array_add(s->rows, row);
	}
	return s;
}

static document_t *document_of(const char *table)
{
	document_t *d = document_open("a.xlsx", "", 0);

	add_sheet(d, "Sayfa1", table);
	return d;
}

static struct request *read_table(void **state, const char *table, GPtrArray *complaints)
{
	const struct fixture *f = *state;
	g_autoptr(document_t) d = document_of(table);

	return form_from_document(d, &f->rules, complaints);
}

static char *codes_of(const GPtrArray *complaints)
{
	GString *out = g_string_new(NULL);

	for (guint i = 0; i < complaints->len; i++) {
		const struct complaint *c = complaints->pdata[i];
		g_string_append_printf(out, "%s%s@%s", i ? " " : "", c->code, c->where ? c->where : "");
	}
	return g_string_free(out, FALSE);
}

#define ROW(r, i) ((const struct request_row *)(r)->rows->pdata[i])

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
#define WITH_RULES(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
	const struct CMUnitTest tests[] = { WITH_RULES(fullest_form),	WITH_RULES(verdicts), WITH_RULES(headings_of_many_shapes),
					    WITH_RULES(phones),		WITH_RULES(names),
					    WITH_RULES(addresses),	WITH_RULES(backups),
					    WITH_RULES(titles),		WITH_RULES(name_keys),
					   		WITH_RULES(placeholders),
					    WITH_RULES(header_rows),	WITH_RULES(versions),
					    WITH_RULES(header_below_row_30),
					    WITH_RULES(sheets),		WITH_RULES(units),
					    WITH_RULES(serial_dates),
					    WITH_RULES(cells_far_right), WITH_RULES(hidden_rows_and_columns) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
