/* notice: the built-in rules on synthetic mails (none of KAMU SM's own is public), and rule files that are wrong. */
#include "parsers/notice.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static struct notice_rules *built_in(void)
{
	g_autofree char *text = NULL;
	g_autoptr(GError) error = NULL;

	assert_true(g_file_get_contents("parsers/kamusm.rules", &text, NULL, NULL));
	struct notice_rules *rules = notice_rules_parse(text, &error);
	if (!rules)
		fail_msg("%s", error->message);
	return rules;
}

static void kinds(void **state)
{
	static const struct { const char *subject, *text, *event; } cases[] = {
		{ "Nitelikli Elektronik Sertifika Ön Başvurunuz", "Adınıza ön başvuru açılmıştır.",
		  "ca_opened" },
		{ "Bilgilendirme",
		  "Kurumunuzca adınıza ön başvuru oluşturulmuştur. Online İşlemler > Başvurularım. Eksik evrak "
		  "işleme "
		  "alınmamaktadır.",
		  "ca_opened" },
		{ "NİTELİKLİ ELEKTRONİK SERTİFİKA BAŞVURU FORMU", "", "ca_opened" },
		{ "KamuSM Başvuru Parolası", "Parolanız: 12345", "ca_password" },
		{ "NES Başvuru Formu Erişim Parolası", "", "ca_password" },
		{ "KAMU SM Kullanıcı Girişi", "", "ca_password" },
		{ "Onaylama", "Ön başvurunuz için", "ca_confirmed" },
		{ "Başvuru formunuz alındı", "", "ca_received" },
		{ "Bilgi", "Başvuru evrakınız merkezimize\nulaşmıştır.", "ca_received" },
		{ "Eksik evrak", "", "ca_missing_papers" },
		{ "Bilgi", "Gönderdiğiniz formda imza eksik olduğundan", "ca_missing_papers" },
		{ "Bilgi", "HATALI EVRAK işleme alınmamaktadır", "ca_missing_papers" },
		{ "Bilgi", "Sertifikanız üretilmiştir.", "ca_produced" },
		{ "Bilgi", "Sertifikanız üretilmiş ve kuryeye teslim edilmiştir.", "ca_shipped" },
		{ "Kartınız kuryede", "", "ca_shipped" },
		{ "Sertifikanızı kullanmaya başlayabilirsiniz", "", "ca_first_day" },
		{ "E-imza süreniz doluyor", "", "ca_end_near" },
		{ "Bilgi", "Sertifikanızın geçerlilik süresi 40 gün sonra\ndolacaktır.", "ca_end_near" },
		{ "Ödeme bilgisi", "", "ca_payment" },
		{ "Sertifika iptali", "", "ca_revoked" },
		{ "Bilgi", "Sertifikanız askıya alınmıştır.", "ca_revoked" },
		{ "Duyuru", "Bayramda çalışma saatlerimiz", NULL },
		{ "", "", NULL },
		{ NULL, NULL, NULL },
	};
	struct notice_rules *rules = built_in();

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct notice *n = notice_match(rules, "bilgi@kamusm.gov.tr", cases[i].subject, cases[i].text);
		if (g_strcmp0(n ? n->event : NULL, cases[i].event))
			fail_msg("\"%s\" \"%s\" is %s", cases[i].subject, cases[i].text, n ? n->event : "nothing");
		facts_notice_free(n);
	}
	notice_rules_free(rules);
}

static void what_is_carried(void **state)
{
	struct notice_rules *rules = built_in();
	struct notice *n = notice_match(rules, NULL, "Kurye",
					"Başvuru No: 2026/AB-17\n\nSertifikanız kuryeye verilmiştir.\n"
					"GÖNDERİ TAKİP\nNUMARASI : KP02123456789TR dir.");
	assert_string_equal(n->rule, "shipped");
	assert_string_equal(n->application_no, "2026/AB-17");
	assert_string_equal(n->tracking_no, "KP02123456789TR");
	assert_null(n->date);
	facts_notice_free(n);
	n = notice_match(rules, NULL, "Bilgi", "Kargonuz 1234567890 gönderi numarası ile kuryeye verilmiştir.");
	assert_string_equal(n->tracking_no, "1234567890");
	facts_notice_free(n);
	n = notice_match(rules, NULL, "E-imza süreniz doluyor", "Sertifikanız 05.03.2027 tarihinde sona erecektir.");
	assert_string_equal(n->date, "2027-03-05");
	facts_notice_free(n);
	n = notice_match(rules, NULL, "Hatalı evrak", "Neden: Şube müdürünün imzası yok. Bilginize.");
	assert_string_equal(n->reason, "Şube müdürünün imzası yok");
	facts_notice_free(n);
	notice_rules_free(rules);
}

/* A mail with a password gives nothing but its kind, whatever stands in it. */
static void secrets_stay_out(void **state)
{
	struct notice_rules *rules = built_in();
	struct notice *n = notice_match(rules, NULL, "KamuSM Başvuru Parolası",
					"Başvuru No: 2026/17 Gönderi no: 1234567 Neden: xyz 01.01.2027");

	assert_string_equal(n->event, "ca_password");
	assert_null(n->application_no);
	assert_null(n->tracking_no);
	assert_null(n->date);
	assert_null(n->reason);
	facts_notice_free(n);
	notice_rules_free(rules);
}

static void words_of_rules(void **state)
{
	static const char text[] = "take no: (?<application_no>\\S+)\n"
		"rule a\nevent opened\nfrom @x\\.test$\nsubject başlık\nalso şart\nunless istisna\n"
		"rule b\r\nevent revoked\r\ntext \\w+ metin\r\n"
		"rule c\nevent payment\nsubject (a+)+$\n";
	static const struct { const char *from, *subject, *body, *rule; } cases[] = {
		{ "p@x.test", "BAŞLIK", "ŞART", "a" }, { "p@y.test", "BAŞLIK", "ŞART", NULL },
		{ "p@x.test", "Baslik", "yok", NULL }, { "p@x.test", "BAŞLIK", "şart İSTİSNA", NULL },
		{ NULL, NULL, "bir\n METİN", "b" },    { "p@x.test", "başlık", "şart no: Ab1", "a" },
		{ NULL, "başlık şart", NULL, NULL },
	};
	struct notice_rules *rules = notice_rules_parse(text, NULL);

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct notice *n = notice_match(rules, cases[i].from, cases[i].subject, cases[i].body);
		if (g_strcmp0(n ? n->rule : NULL, cases[i].rule))
			fail_msg("case %zu", i);
		if (cases[i].body && strstr(cases[i].body, "no:"))
			assert_string_equal(n->application_no, "Ab1");
		facts_notice_free(n);
	}
	/* a pattern that runs wild fits nothing, and soon */
	g_autofree char *wild = g_strnfill(40000, 'a');
	wild[39999] = 'b';
	gint64 start = g_get_monotonic_time();
	assert_null(notice_match(rules, NULL, wild, NULL));
	assert_true(g_get_monotonic_time() - start < G_USEC_PER_SEC);
	notice_rules_free(rules);
}

static void wrong_rules(void **state)
{
	static const struct { const char *text, *says; } cases[] = {
		{ "event opened\n", "line 1" },
		{ "rule\n", "line 1" },
		{ "rule a\nevent nonsense\n", "line 2" },
		{ "rule a\nevent opened\ntext (\n", "line 3" },
		{ "rule a\nevent opened\ntext\n", "line 3" },
		{ "rule a\nevent opened\ntext (?<tracking>x)\n", "line 3" },
		{ "rule a\nevent opened\nsubjekt x\n", "line 3" },
		{ "rule a\ntext x\n", "no event" },
		{ "rule a\nevent opened\n", "neither" },
		{ "rule a\nevent password\ntext x\ntake (?<reason>x)\n", "password" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GError) error = NULL;
		assert_null(notice_rules_parse(cases[i].text, &error));
		if (!strstr(error->message, cases[i].says))
			fail_msg("%s", error->message);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(kinds), cmocka_unit_test(what_is_carried),
		cmocka_unit_test(secrets_stay_out), cmocka_unit_test(words_of_rules), cmocka_unit_test(wrong_rules) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
