/* forward, read: mails of KAMU SM inside other people's mails, in the shapes that mail programs give them. All are made up. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>
#include "parsers/read.h"

#define CA "bilgilendirme@kamusm.gov.tr"
#define HEAD "From: Deneme Bir <kisi1@kurum.test>\nTo: nes@kurum.test\nSubject: İlt: NES\nMessage-ID: <1@kurum.test>\n" \
	     "Content-Type: text/plain; charset=utf-8\n"
#define OPENED "Sayın Deneme Bir,\n\nAdınıza ön başvuru açılmıştır. Başvuru no: 2027/15\n"
#define SECRET "GIZLI-SIFRE"
#define PASSWORD "Sayın Deneme Bir,\n\nBaşvuru parolanız: " SECRET "\n"
#define TOKEN "NG-7-ABCDEFGHIJKLMNOP"
#define ORIGINAL "From: KAMU SM <" CA ">\nTo: kisi1@kurum.test\nSubject: =?utf-8?B?w5ZuIGJhxZ92dXJ1bnV6?=\n" \
		 "Content-Type: text/plain; charset=utf-8\n\n"
#define MIXED(type, original) \
	"From: Deneme Bir <kisi1@kurum.test>\nTo: nes@kurum.test\nSubject: Fwd\nMIME-Version: 1.0\n" \
	"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nBilginize\n--b\n" type "\n\n" original "\n--b--\n"

/* What is read: kind, event, number, name, whom it was for, "told" when it stands in somebody else's mail. */
static const struct { const char *name, *raw, *read; } cases[] = {
	{ "direct", ORIGINAL OPENED, "ca_notice ca_opened 2027/15 deneme bir" },
	{ "redirected", "Resent-From: kisi1@kurum.test\nResent-To: nes@kurum.test\n" ORIGINAL OPENED, "ca_notice ca_opened 2027/15 deneme bir" },
	{ "unknown", ORIGINAL "Bayramınız kutlu olsun.\n", "ca_notice ca_opened" }, /* by its subject */
	{ "gmail", HEAD "\nBilginize\n\n---------- Forwarded message ---------\nGönderen: KAMU SM <" CA ">\n"
	  "Date: 4 Haz 2027 Cum, 01:40\nSubject: Ön başvurunuz\nTo: <kisi1@kurum.test>\n\n\n" OPENED,
	  "ca_notice ca_opened 2027/15 deneme bir kisi1@kurum.test told" },
	{ "outlook", HEAD "\n________________________________\nGönderen: KAMU SM [mailto:" CA "]\nGönderildi: 4 Haziran 2027 Cuma 01:40\n"
	  "Kime: Deneme Bir; Test İki <KISI2@kurum.test>\nKonu: Bilgi\n\n" OPENED,
	  "ca_notice ca_opened 2027/15 deneme bir kisi2@kurum.test told" },
	{ "zimbra", HEAD "\n----- İletilen İleti -----\nKimden: \"KAMU SM\" <" CA ">\nKime: kisi1@kurum.test\n"
	  "Gönderilenler: 4 Haziran Cuma 2027 1:40:00\nKonu: Bilgi\n\n" OPENED,
	  "ca_notice ca_opened 2027/15 deneme bir kisi1@kurum.test told" },
	{ "thunderbird", HEAD "\n-------- Yönlendirilen İleti --------\nKonu: \tÖn başvurunuz\nTarih: \t04.06.2027\n"
	  "Gönderen: \tKAMU SM <" CA ">\nAlıcı: \tkisi1@kurum.test\n\n\nBilginize\n", "ca_notice ca_opened kisi1@kurum.test told" },
	{ "apple", HEAD "\nİletilen ileti başlangıcı:\n\n> Gönderen: KAMU SM <" CA ">\n> Konu: Bilgi\n> Tarih: 4 Haziran 2027\n"
	  "> Kime: kisi1@kurum.test\n> \n> Adınıza ön\n> başvuru açılmıştır.\n", "ca_notice ca_opened kisi1@kurum.test told" },
	{ "paragraphs", HEAD "\n*Gönderen:* KAMU SM <" CA ">\n\n*Konu:* Ön başvurunuz\n\n*Kime:* kisi1@kurum.test,\n kisi2@kurum.test\n\nx\n",
	  "ca_notice ca_opened kisi1@kurum.test told" },
	{ "html", "From: kisi1@kurum.test\nSubject: FW\nContent-Type: text/html; charset=utf-8\n\n<div>x</div><div><b>From:</b> KAMU SM "
	  "&lt;" CA "&gt;<br><b>Sent:</b> Friday<br><b>To:</b> Deneme<br><b>Subject:</b> Ön başvurunuz</div><p>Merhaba</p>\n",
	  "ca_notice ca_opened told" },
	{ "attached", MIXED("Content-Type: message/rfc822", ORIGINAL OPENED),
	  "ca_notice ca_opened 2027/15 deneme bir kisi1@kurum.test told" },
	{ "file", MIXED("Content-Type: application/octet-stream; name=x.eml\nContent-Disposition: attachment; filename=x.eml", ORIGINAL OPENED),
	  "ca_notice ca_opened 2027/15 deneme bir kisi1@kurum.test told" },
	{ "forwarded and attached", MIXED("Content-Type: message/rfc822", "From: kisi2@kurum.test\nSubject: x\n"
	  "Content-Type: text/plain; charset=utf-8\n\nGönderen: KAMU SM <" CA ">\nKonu: Ön başvurunuz\n\nx\n"), "ca_notice ca_opened told" },
	{ "by a rule", "Auto-Submitted: auto-generated\n" HEAD "\nGönderen: " CA "\nKonu: Ön başvurunuz\n\nx\n", "ca_notice ca_opened told" },
	{ "no rule", HEAD "\nGönderen: KAMU SM <" CA ">\nKonu: Bayram\n\nKutlu olsun\n", "ca_notice - told" },
	{ "of another", HEAD "\nGönderen: Biri <biri@baska.test>\nKonu: Ön başvurunuz\n\n" CA " adresine yazınız\n", "other -" },
	{ "only named", HEAD "\nKAMU SM: " CA "\nKonu: Ön başvurunuz\n", "other -" },
	{ "a like domain", HEAD "\nGönderen: KAMU SM <bilgi@kamusm.gov.tr.baska.test>\nKonu: Ön başvurunuz\n\nx\n", "other -" },
	{ "absence", "Auto-Submitted: auto-replied\n" HEAD "\nGönderen: " CA "\nKonu: Ön başvurunuz\n\nx\n", "auto_reply -" },
	{ "answer to us", HEAD "\nTAMAMLADIM " TOKEN "\n\nGönderen: " CA "\nKonu: Ön başvurunuz\n\nx\n", "reply -" },
	/* a secret is one wherever it stands */
	{ "password", "From: " CA "\nSubject: Bilgi\nContent-Type: text/plain; charset=utf-8\n\n" PASSWORD, "ca_notice ca_password" },
	{ "password under another subject", ORIGINAL PASSWORD, "ca_notice ca_password" },
	{ "password forwarded", HEAD "\nGönderen: " CA "\nKonu: Bilgi\n\n" PASSWORD, "ca_notice ca_password told" },
	{ "password attached", MIXED("Content-Type: message/rfc822", "From: " CA "\nSubject: x\nContent-Type: text/plain; charset=utf-8\n\n" PASSWORD),
	  "ca_notice ca_password told" },
	{ "the second of two", HEAD "\nGönderen: " CA "\nKonu: Ön başvurunuz\n\nx\n\nGönderen: " CA "\nKonu: Bilgi\n\n" PASSWORD,
	  "ca_notice ca_password told" },
	{ "password below an answer", HEAD "\nTAMAMLADIM " TOKEN "\n" SECRET "\n\nGönderen: " CA "\nKonu: Bilgi\n\n" PASSWORD,
	  "reply ca_password told" },
	{ "password that could not be forwarded", "From: MAILER-DAEMON@kurum.test\nSubject: Undelivered\nContent-Type: multipart/report; "
	  "report-type=delivery-status; boundary=b\n\n--b\nContent-Type: text/plain\n\nx\n--b\nContent-Type: message/delivery-status\n\n"
	  "Reporting-MTA: dns; k.test\n\nFinal-Recipient: rfc822; a@k.test\nAction: failed\nStatus: 5.1.1\n\n--b\n"
	  "Content-Type: message/rfc822\n\nFrom: " CA "\nSubject: Parola\n\n" SECRET "\n--b--\n", "bounce ca_password told" },
	{ "password in an absence notice", "Auto-Submitted: auto-replied\n" HEAD "\nGönderen: " CA "\nKonu: Parola\n\n" SECRET, "auto_reply ca_password told" },
};

static void append(GString *s, const char *word)
{
	if (word)
		g_string_append_printf(s, " %s", word);
}

static char *shown(const struct facts *f)
{
	const struct notice *n = f->notice;
	GString *s = g_string_new(facts_mail_kinds[f->kind]);

	append(s, n && n->event ? n->event : "-");
	append(s, n ? n->application_no : NULL);
	append(s, n ? n->name_key : NULL);
	for (guint i = 0; n && i < n->to->len; i++)
		append(s, n->to->pdata[i]);
	append(s, n && n->forwarded ? "told" : NULL);
	return g_string_free(s, FALSE);
}

static void test_shapes(void **state)
{
	struct reader *reader = reader_new(&(struct reader_options){ 0 }, NULL);

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(facts_t) f = reader_read(reader, cases[i].raw, strlen(cases[i].raw), 0);
		g_autofree char *got = shown(f), *json = facts_to_json(f);

		if (strcmp(got, cases[i].read))
			fail_msg("%s: %s", cases[i].name, got);
		if (strstr(cases[i].raw, SECRET) && strstr(json, SECRET))
			fail_msg("%s: the secret is in %s", cases[i].name, json);
		g_autoptr(facts_t) back = facts_from_json(json, strlen(json), NULL);
		g_autofree char *again = shown(back);
		assert_string_equal(again, got);
	}
	reader_free(reader);
}

/* What a mail is drafted from: its own words, or those of the mail that it forwards; strangers have no rules. */
static void test_drafts(void **state)
{
	static const struct { const char *raw, *begins; } mails[] = {
		{ "From: " CA "\nSubject: Bayram\n\nKutlu olsun\n", "rule bayram\nevent ?\nsubject Bayram\nalso Kutlu olsun\n" },
		{ HEAD "\nBilginize\nGönderen: " CA "\nKonu: Bayram\n\nKutlu olsun\n", "rule bayram\nevent ?\nsubject Bayram\nalso Kutlu olsun\n" },
		{ "From: biri@baska.test\nSubject: Bayram\n\nKutlu olsun\n", NULL },
	};
	struct reader *reader = reader_new(&(struct reader_options){ 0 }, NULL);

	for (size_t i = 0; i < G_N_ELEMENTS(mails); i++) {
		g_autofree char *draft = reader_notice_draft(reader, mails[i].raw, strlen(mails[i].raw));
		if (!mails[i].begins != !draft || (draft && !g_str_has_prefix(draft, mails[i].begins)))
			fail_msg("%zu: %s", i, draft);
	}
	reader_free(reader);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_shapes), cmocka_unit_test(test_drafts) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
