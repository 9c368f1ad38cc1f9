/* body_form: forms in the words of a mail, in forwards, beside attachments; ordinary mails that are none. */
#include "parsers/read.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include "tests/unit/parsers/zip_builder.h"

#define NOW G_GINT64_CONSTANT(1795330800) /* 2026-11-22 */
#define ID1 "10000000146"
#define ID2 "58111528012"

#define TEXT "Content-Type: text/plain; charset=utf-8\n\n"
#define FROM "From: Soran <s@k.test>\nDate: Sun, 22 Nov 2026 09:00:00 +0300\nMIME-Version: 1.0\n"
#define MIXED(parts) "Content-Type: multipart/mixed; boundary=b\n\n--b\n" parts "--b--\n"
#define NEXT "\n--b\n"
#define CSV(name, rows) "Content-Type: text/csv; charset=utf-8; name=\"" name "\"\nContent-Disposition: attachment\n\n" rows
#define HEAD "TC;Ad;Soyad;E-posta;Başvuru Türü\n"
#define ROW1 ID1 ";Deneme;Bir;a@k.test;1\n"
#define ROW2 ID2 ";Test;İki;b@k.test;3\n"
#define LABELS1 "T.C. Kimlik No: " ID1 "\nAdı: Deneme\nSoyadı: Bir\nE-posta: a@k.test\nBaşvuru Türü: İlk başvuru\n"
#define LABELS2 "T.C. Kimlik No: " ID2 "\nAdı: Test\nSoyadı: İki\nE-posta: b@k.test\nBaşvuru Türü: Yenileme\n"
#define OLD_HEADER "-----Özgün İleti-----\nGönderen: Birim <birim@k.test>\nGönderildi: 21 Kasım 2026\nKime: Soran <s@k.test>\nKonu: Talep\n\n"
#define CA_HEADER "-----Özgün İleti-----\nGönderen: Kamu SM <bilgi@kamusm.gov.tr>\nGönderildi: 21 Kasım 2026\nKonu: Ön başvuru\n\n"
#define HTML_TABLE "<html><body><table><tr><td><p>T.C. Kimlik No</p></td><td><p>Ad Soyad</p></td><td><p>E-posta</p></td></tr><tr><td><p>" \
	ID1 "</p></td><td><p>Deneme Bir</p></td><td><p>a@k.test</p></td></tr></table></body></html>\n"

static struct reader *reader;

static int set_up(void **state)
{
	struct reader_options o = { 0 };

	reader = reader_new(&o, NULL);
	return reader ? 0 : -1;
}

static int tear_down(void **state)
{
	reader_free(reader);
	return 0;
}

/* "kind: where tckn given family email kind; …" and complaints. */
static char *shown(const char *raw)
{
	struct facts *f = reader_read(reader, raw, strlen(raw), NOW);
	static const char *const kinds[] = { [KIND_REQUEST] = "request", [KIND_REPLY] = "reply", [KIND_OTHER] = "other",
					     [KIND_CA_NOTICE] = "notice", [KIND_BOUNCE] = "bounce", [KIND_AUTO_REPLY] = "auto" };
	GString *out = g_string_new(kinds[f->kind]);

	for (guint i = 0; f->request && i < f->request->rows->len; i++) {
		const struct request_row *r = f->request->rows->pdata[i];
		g_string_append_printf(out, "%s %s %s %s %s %s %s", i ? ";" : ":", r->where, r->tckn ? r->tckn : "-", r->given_name,
				       r->family_name, r->email, r->kind ? r->kind : "-");
	}
	for (guint i = 0; i < f->complaints->len; i++) {
		const struct complaint *c = f->complaints->pdata[i];
		g_string_append_printf(out, " !%s@%s", c->code, c->where ? c->where : "");
	}
	facts_free(f);
	return g_string_free(out, FALSE);
}

#define ONE " " ID1 " Deneme Bir a@k.test first"
#define TWO " " ID2 " Test İki b@k.test renewal"

static void requests(void **state)
{
	static const struct { const char *raw, *expected; } cases[] = {
		{ FROM "Subject: Talep\n" TEXT "Sayın yetkili,\n\n" LABELS1 "\n" LABELS2 "\nİyi günler\n-- \nSoran\n",
		  "request: 3. satır" ONE "; 9. satır" TWO },
		/* of a machine that makes tickets */
		{ FROM "Subject: [#4711] Talep\nAuto-Submitted: auto-generated\n" TEXT LABELS1, "request: 1. satır" ONE },
		/* forwards: inline with and without quote marks, as a part */
		{ FROM "Subject: =?utf-8?q?=C4=B0lt=3A_Talep?=\nReferences: <x@k.test>\n" TEXT "Bilgi\n\n" OLD_HEADER LABELS1 LABELS2,
		  "request: 9. satır" ONE "; 14. satır" TWO },
		{ FROM "Subject: Fwd: Talep\n" TEXT "---------- Forwarded message ---------\nFrom: B <b@k.test>\n\n> TC: " ID1
		       "\n> Ad Soyad: Deneme Bir\n> E-posta: a@k.test\n> Başvuru türü: 1\n", "request: 4. satır" ONE },
		{ FROM "Subject: FW: Talep\n" MIXED(TEXT "Bilgi\n" NEXT "Content-Type: message/rfc822\n\nFrom: B <b@k.test>\nSubject: Talep\n" TEXT
						    LABELS1 LABELS2), "request: 1. satır" ONE "; 6. satır" TWO },
		{ FROM "Subject: FW: Talep\n" MIXED(TEXT "Bilgi\n" NEXT "Content-Type: message/rfc822\n\nFrom: B <b@k.test>\nContent-Type: "
						    "multipart/mixed; boundary=c\n\n--c\n" CSV("x.csv", HEAD ROW1 ROW2) "\n--c--\n"),
		  "request: x!A2" ONE "; x!A3" TWO },
		{ FROM "Subject: FW: Talep\n" MIXED(TEXT "Bilgi\n\n" OLD_HEADER NEXT CSV("x.csv", HEAD ROW1)), "request: x!A2" ONE },
		/* a table of HTML, alone and beside a text that lost it */
		{ FROM "Subject: Talep\nContent-Type: text/html; charset=utf-8\n\n" HTML_TABLE,
		  "request: Tablo 1!A2 " ID1 " Deneme Bir a@k.test -" },
		{ FROM "Subject: Talep\nContent-Type: multipart/alternative; boundary=b\n\n--b\n" TEXT "T.C. Kimlik No\nAd Soyad\nE-posta\n" ID1
		       "\nDeneme Bir\na@k.test\n" NEXT "Content-Type: text/html; charset=utf-8\n\n" HTML_TABLE "--b--\n",
		  "request: Tablo 1!A2 " ID1 " Deneme Bir a@k.test -" },
		/* several forms; the same people twice */
		{ FROM "Subject: Talep\n" MIXED(CSV("x.csv", HEAD ROW1) NEXT CSV("y.csv", HEAD ROW2)), "request: x!A2" ONE "; [y.csv]y!A2" TWO },
		{ FROM "Subject: Talep\n" MIXED(TEXT LABELS2 LABELS1 NEXT CSV("x.csv", HEAD ROW1 ROW2)), "request: x!A2" ONE "; x!A3" TWO },
		{ FROM "Subject: Talep\n" MIXED(TEXT LABELS2 NEXT CSV("x.csv", HEAD ROW1)), "request: x!A2" ONE "; 1. satır" TWO },
		{ FROM "Subject: Talep\n" MIXED(TEXT "TC: " ID1 "\nAd Soyad: Deneme Bir\nE-posta: c@k.test\n" NEXT CSV("x.csv", HEAD ROW1)),
		  "request: x!A2" ONE " !duplicate_in_form@1. satır" },
		/* a reply that names somebody in full */
		{ FROM "Subject: Ynt: Talep\nIn-Reply-To: <x@y.test>\n" TEXT LABELS1 "\n" OLD_HEADER "x\n", "request: 1. satır" ONE },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *text = shown(cases[i].raw);
		assert_string_equal(text, cases[i].expected);
	}
}

static void ordinary_mails(void **state)
{
	static const struct { const char *raw, *expected; } cases[] = {
		{ FROM "Subject: Ynt: Bilgi\nIn-Reply-To: <x@y.test>\n" TEXT "E-imza ile tamamladım.\n\nAd Soyad: Deneme Bir\nT.C. Kimlik No: " ID1
		       "\nE-posta: a@k.test\n", "reply" },
		/* what was quoted is not asked for again */
		{ FROM "Subject: Ynt: Talep\nIn-Reply-To: <x@y.test>\n" TEXT "Onay\n\n" OLD_HEADER LABELS1, "reply" },
		{ FROM "Subject: Ynt: Talep\nIn-Reply-To: <x@y.test>\nContent-Type: multipart/alternative; boundary=b\n\n--b\n" TEXT "Onay " ID1 "\nTC:\n"
		       NEXT "Content-Type: text/html; charset=utf-8\n\n" HTML_TABLE "--b--\n", "reply" },
		{ FROM "Subject: Soru\n" TEXT "Merhaba, " ID1 " kimlik numaram ile giremiyorum.\n\nDeneme Bir\nTelefon: 0312 111 22 33\n", "other" },
		/* KAMU SM itself, and forwarded in each way */
		{ "From: bilgi@kamusm.gov.tr\nSubject: x\n" TEXT LABELS1, "notice" },
		{ FROM "Subject: Fwd: Bilgi\n" TEXT CA_HEADER LABELS1, "notice" },
		{ FROM "Subject: Fwd: Bilgi\n" MIXED(TEXT "Bilgi\n" NEXT "Content-Type: message/rfc822\n\nFrom: Kamu SM <bilgi@kamusm.gov.tr>\n" TEXT
						     LABELS1), "notice" },
		/* forwarded twice: too deep */
		{ FROM "Subject: Fwd: x\n" MIXED(TEXT "a\n" NEXT "Content-Type: message/rfc822\n\n" FROM "Content-Type: message/rfc822\n\n" FROM TEXT
						 LABELS1), "other" },
		/* machines */
		{ FROM "Subject: Otomatik yanit: x\nAuto-Submitted: auto-replied\n" TEXT LABELS1, "auto" },
		{ "From: MAILER-DAEMON@k.test\nSubject: Undelivered\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n" TEXT
		  "x\n" NEXT "Content-Type: message/delivery-status\n\nReporting-MTA: dns; k.test\n\nFinal-Recipient: rfc822; a@k.test\nAction: failed\n"
		  "Status: 5.1.1\n" NEXT "Content-Type: message/rfc822\n\n" FROM TEXT LABELS1 "--b--\n", "bounce" },
		/* masked by ourselves */
		{ FROM "Subject: Soru\n" TEXT "T.C. Kimlik No: 100******46\nAd Soyad: Deneme Bir\nTalep no: 123456789012\n", "other" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *text = shown(cases[i].raw);
		assert_string_equal(text, cases[i].expected);
	}
}

/* Unit and ticket: of the form, else of the mail around it. */
static void labels(void **state)
{
#define SHEET MIXED(TEXT "%s" NEXT CSV("x.csv", "%s" HEAD ROW1))
	static const struct { const char *header, *words, *above, *unit, *ticket; } cases[] = {
		{ "Subject: Talep\n", "Merhaba\n", "", NULL, NULL },
		{ "Subject: [Servis Destek #123] Talep\n", "Merhaba\n", "", NULL, "123" },
		{ "Subject: Talep\n", "Merhaba\n\nBirim: Fizik Bölümü\nTalep No: 4711\n", "", "Fizik Bölümü", "4711" },
		{ "Subject: Talep\n", "Birim : Fizik Bölümü     Talep No : 4711\n", "", "Fizik Bölümü", "4711" },
		{ "Subject: Talep\n", "Birim\tFizik\n", "", "Fizik", NULL },
		{ "Subject: Talep\n", "BYS-12345 numaralı kaydımızın formu ektedir.\n", "", NULL, "12345" },
		{ "Subject: BYS-555\n", "Talep No: 4711\n", "", NULL, "555" },
		{ "Subject: BYS-555\n", "Birim: Fizik\n", "Birim: Kimya;;;;\nTalep No;4711;;;\n", "Kimya", "4711" },
		{ "Subject: Talep\n", "Talep No: yok\nBirim: -\n", "", NULL, NULL },
		{ "Subject: Ynt: Talep\nIn-Reply-To: <x@y.test>\n", "Ektedir.\n\n" OLD_HEADER "Birim: Fizik\nTalep No: 4711\n", "", NULL, NULL },
		{ "Subject: FW: Talep\nIn-Reply-To: <x@y.test>\n", "Bilgi\n\n" OLD_HEADER "Birim: Fizik\nTalep No: 4711\n", "", "Fizik", "4711" },
		{ "Subject: FW: Talep\n", "a\n" NEXT "Content-Type: message/rfc822\n\nFrom: B <b@k.test>\n" TEXT "> Birim: Fizik\n> BYS-4711\n", "",
		  "Fizik", "4711" },
		{ "Subject: FW: Talep\n", "a\n" NEXT "Content-Type: message/rfc822\n\nFrom: B <b@kamusm.gov.tr>\n" TEXT "Birim: Fizik\nBYS-4711\n", "",
		  NULL, NULL },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *body = g_strdup_printf(SHEET, cases[i].words, cases[i].above);
		g_autofree char *raw = g_strconcat(FROM, cases[i].header, body, NULL);
		struct facts *f = reader_read(reader, raw, strlen(raw), NOW);
		assert_int_equal(f->request->rows->len, 1);
		if (g_strcmp0(f->request->unit, cases[i].unit) || g_strcmp0(f->request->ticket, cases[i].ticket))
			fail_msg("%zu: unit %s, ticket %s", i, f->request->unit, f->request->ticket);
		facts_free(f);
	}
}

/* Each must end soon. */
static void giants(void **state)
{
	static const char *const pieces[] = { "TC: " ID1 "\nAd: b\n", "kamusm.gov.tr", "@kamusm.gov.tr", "TC\n", "1 " };

	for (size_t i = 0; i < G_N_ELEMENTS(pieces); i++) {
		g_autoptr(GString) raw = g_string_new(FROM "Subject: x\n" TEXT ID1 "\n");
		while (raw->len < 900 << 10)
			g_string_append(raw, pieces[i]);
		gint64 start = g_get_monotonic_time();
		g_autofree char *text = shown(raw->str);
		assert_true(g_get_monotonic_time() - start < 3 * G_USEC_PER_SEC);
	}
}

/* ---- one list of people in many mails ---- */

enum { PEOPLE = 40 };
struct person { char tckn[12], *name, *family, *email, *birth; const char *kind; };

static void make_tckn(GRand *r, char *text)
{
	int d[11] = { g_rand_int_range(r, 1, 10) }, odd = d[0], even = 0, sum = 0;

	for (int i = 1; i < 9; i++) {
		d[i] = g_rand_int_range(r, 0, 10);
		*(i % 2 ? &even : &odd) += d[i];
	}
	d[9] = ((odd * 7 - even) % 10 + 10) % 10;
	for (int i = 0; i < 10; i++)
		sum += d[i];
	d[10] = sum % 10;
	for (int i = 0; i < 11; i++)
		text[i] = (char)('0' + d[i]);
	text[11] = '\0';
}

static struct person *make_people(GRand *r)
{
	static const char *const names[] = { "Deneme", "Test Şık", "ÖRNEK", "İğne Üç" }, *const families[] = { "Bir", "İKİ", "Çığ", "Üç" };
	static const char *const kinds[] = { "1", "Yenileme", "3 - Yenileme", "İlk Başvuru" };
	struct person *people = g_new0(struct person, PEOPLE);

	for (int i = 0; i < PEOPLE; i++) {
		make_tckn(r, people[i].tckn);
		people[i].name = g_strdup(names[g_rand_int_range(r, 0, 4)]);
		people[i].family = g_strdup(families[g_rand_int_range(r, 0, 4)]);
		people[i].email = g_strdup_printf("kisi%d@k.test", i);
		people[i].birth = g_strdup_printf("%02d.%02d.%d", g_rand_int_range(r, 1, 29), g_rand_int_range(r, 1, 13), g_rand_int_range(r, 1950, 2000));
		people[i].kind = kinds[g_rand_int_range(r, 0, 4)];
	}
	return people;
}

/* Each person by a pattern in which %1..%6 are the facts. */
static GString *each(const struct person *people, const char *before, const char *pattern, const char *after)
{
	GString *out = g_string_new(before);

	for (int i = 0; i < PEOPLE; i++) {
		const struct person *p = &people[i];
		const char *facts[] = { p->tckn, p->name, p->family, p->email, p->birth, p->kind };
		for (const char *c = pattern; *c; c++)
			if (*c == '%')
				g_string_append(out, facts[*++c - '1']);
			else
				g_string_append_c(out, *c);
	}
	g_string_append(out, after);
	return out;
}

#define LABELS "T.C. Kimlik No : %1\nAd : %2\nSoyad : %3\nKurumsal E-posta : %4\nDoğum Tarihi : %5\nBaşvuru Türü : %6\n\n"
#define CSV_HEAD "Birim: Fizik;;;\nTC Kimlik No;Ad;Soyad;E-posta;Doğum Tarihi;Başvuru Türü\n"
#define CSV_ROW "%1;%2;%3;%4;%5;%6\n"
#define W(a, b) "<w:tr><w:tc><w:p><w:r><w:t>" a "</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>" b "</w:t></w:r></w:p></w:tc></w:tr>"
#define O(a, b) "<table-row><table-cell><p>" a "</p></table-cell><table-cell><p>" b "</p></table-cell></table-row>"

static char *attached(struct zip_builder *b, const char *name)
{
	g_autoptr(GBytes) bytes = zip_finish(b);
	g_autofree char *text = g_base64_encode(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));

	return g_strdup_printf(FROM "Subject: Talep\nContent-Type: application/octet-stream; name=%s\nContent-Disposition: attachment; filename=%s\n"
			       "Content-Transfer-Encoding: base64\n\n%s\n", name, name, text);
}

static char *by_csv(const struct person *people)
{
	return g_string_free(each(people, FROM "Subject: x\n" CSV("x.csv", CSV_HEAD), CSV_ROW, ""), FALSE);
}

static char *by_body(const struct person *people)
{
	return g_string_free(each(people, FROM "Subject: x\n" TEXT "Sayın yetkili,\nBirim: Fizik\n\n", LABELS, "Saygılarımla\n"), FALSE);
}

static char *by_lines(const struct person *people)
{
	return g_string_free(each(people, FROM "Subject: x\n" TEXT "Birim: Fizik\n", "TC: %1, Ad: %2, Soyad: %3, mail: %4; doğum tarihi: %5, başvuru türü: %6\n",
				  ""), FALSE);
}

static char *by_forward(const struct person *people)
{
	return g_string_free(each(people, FROM "Subject: Fwd: x\nReferences: <x@y>\n" TEXT "Bilgi\n" OLD_HEADER "> Birim: Fizik\n", "> " LABELS, ""), FALSE);
}

static char *by_message(const struct person *people)
{
	return g_string_free(each(people, FROM "Subject: x\nContent-Type: message/rfc822\n\n" FROM TEXT "Birim: Fizik\n", LABELS, ""), FALSE);
}

static char *by_html(const struct person *people)
{
	return g_string_free(each(people, FROM "Subject: x\nContent-Type: text/html; charset=utf-8\n\n<p>Birim: Fizik</p><table><tr><th>TC<th>Ad<th>Soyad"
				  "<th>E-posta<th>Doğum Tarihi<th>Başvuru Türü", "\n<tr><td><p>%1</p><td>%2<td>%3<td>%4<td>%5<td>%6", "</table>"), FALSE);
}

static char *by_zip(const struct person *people)
{
	g_autoptr(GString) csv = each(people, CSV_HEAD, CSV_ROW, "");
	struct zip_builder b = { 0 };

	zip_add_text(&b, "x.csv", csv->str);
	return attached(&b, "x.zip");
}

static char *by_docx(const struct person *people)
{
	g_autoptr(GString) xml = each(people, "<w:d xmlns:w='w'><w:p><w:r><w:t>Birim: Fizik</w:t></w:r></w:p><w:tbl>",
				      W("T.C. Kimlik No", "%1") W("Adı", "%2") W("Soyadı:", "%3") W("E-posta", "%4") W("Doğum Tarihi", "%5")
				      W("Başvuru Türü", "%6"), "</w:tbl></w:d>");
	struct zip_builder b = { 0 };

	zip_add_text(&b, "word/document.xml", xml->str);
	return attached(&b, "x.docx");
}

static char *by_odt(const struct person *people)
{
	g_autoptr(GString) xml = each(people, "<d><p>Birim: Fizik</p><table>", O("T.C. Kimlik No", "%1") O("Adı", "%2") O("Soyadı:", "%3")
				      O("E-posta", "%4") O("Doğum Tarihi", "%5") O("Başvuru Türü", "%6"), "</table></d>");
	struct zip_builder b = { 0 };

	zip_add_text(&b, "mimetype", "application/vnd.oasis.opendocument.text");
	zip_add_text(&b, "content.xml", xml->str);
	return attached(&b, "x.odt");
}

static const struct { const char *name; char *(*write)(const struct person *); } mails[] = {
	{ "csv", by_csv }, { "body", by_body }, { "lines", by_lines }, { "forward", by_forward }, { "message", by_message },
	{ "html", by_html }, { "zip", by_zip }, { "docx", by_docx }, { "odt", by_odt },
};

/* What is known of the people, without the places. */
static char *facts_of(const char *raw)
{
	struct facts *f = reader_read(reader, raw, strlen(raw), NOW);
	GString *out = g_string_new(f->request && f->request->unit ? f->request->unit : "-");

	for (guint i = 0; f->request && i < f->request->rows->len; i++) {
		const struct request_row *r = f->request->rows->pdata[i];
		g_string_append_printf(out, "\n%s %s|%s %s %s %s %d %u", r->tckn, r->given_name, r->family_name, r->email, r->birth_date, r->kind,
				       r->verdict, r->complaints->len);
	}
	for (guint i = 0; i < f->complaints->len; i++)
		g_string_append_printf(out, "\n!%s", ((const struct complaint *)f->complaints->pdata[i])->code);
	facts_free(f);
	return g_string_free(out, FALSE);
}

static void people_free(struct person *people)
{
	for (int i = 0; i < PEOPLE; i++) {
		g_free(people[i].name);
		g_free(people[i].family);
		g_free(people[i].email);
		g_free(people[i].birth);
	}
	g_free(people);
}

static void same_people(void **state)
{
	g_autoptr(GRand) random = g_rand_new_with_seed(20261122);

	for (int set = 0; set < 50; set++) {
		struct person *people = make_people(random);
		g_autofree char *first = NULL;
		for (size_t i = 0; i < G_N_ELEMENTS(mails); i++) {
			g_autofree char *raw = mails[i].write(people);
			g_autofree char *facts = facts_of(raw);
			if (!first)
				first = g_strdup(facts);
			if (strcmp(facts, first))
				fail_msg("set %d, %s: %.300s instead of %.300s", set, mails[i].name, facts, first);
		}
		g_auto(GStrv) lines = g_strsplit(first, "\n", -1);
		assert_int_equal(g_strv_length(lines), PEOPLE + 1);
		assert_string_equal(lines[0], "Fizik");
		people_free(people);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(requests), cmocka_unit_test(ordinary_mails), cmocka_unit_test(giants), cmocka_unit_test(labels),
					    cmocka_unit_test(same_people) };

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
