/* body_form: forms in the words of a mail, in forwards, beside attachments; ordinary mails that are none. */
#include "parsers/read.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

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
		{ FROM "Subject: Fwd: Bilgi\n" TEXT CA_HEADER LABELS1, "other" },
		{ FROM "Subject: Fwd: Bilgi\n" MIXED(TEXT "Bilgi\n" NEXT "Content-Type: message/rfc822\n\nFrom: Kamu SM <bilgi@kamusm.gov.tr>\n" TEXT
						     LABELS1), "other" },
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

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(requests), cmocka_unit_test(ordinary_mails), cmocka_unit_test(giants) };

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
