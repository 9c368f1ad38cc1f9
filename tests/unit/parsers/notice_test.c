/* notice: the built-in rules on synthetic mails (none of KAMU SM's own is public), and rule files that are wrong. */
#include "parsers/notice.h"
#include "parsers/notice_draft.h"

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
		{ "Gönderiniz iade edildi", "", "ca_returned" },
		{ "Bilgi", "Kartınız adreste bulunamadığınız için teslim edilememiştir.", "ca_returned" },
		{ "Bilgi", "Sertifikanız kuryeye verilmiş, 01.02.2027 günü size teslim edilmiştir.", "ca_delivered" },
		{ "Ön başvurunuzun iptali", "", "ca_cancelled" },
		{ "Bilgi", "Giriş şifreniz 123456", "ca_password" },
		{ "Bilgi", "Parolanızı kimseyle paylaşmayınız. Ödemeniz alınmıştır.", "ca_payment" },
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
	n = notice_match(rules, NULL, "E-imza süreniz doluyor", "02.01.2027 tarihli kayıtlara göre sertifikanızın süresi 5.3.2027 günü dolacaktır.");
	assert_string_equal(n->date, "2027-03-05");
	facts_notice_free(n);
	n = notice_match(rules, NULL, "E-imza süreniz doluyor", "Sertifika bitiş tarihi:\n05.03.2027");
	assert_string_equal(n->date, "2027-03-05");
	facts_notice_free(n);
	n = notice_match(rules, NULL, "E-imza süreniz doluyor", "Bu ileti 05.03.2027 tarihinde gönderilmiştir.");
	assert_null(n->date);
	facts_notice_free(n);
	n = notice_match(rules, NULL, "Bilgi", "02.01.2027 tarihli başvurunuz: yeni sertifikanızı 05.03.2027 tarihinden itibaren kullanmaya başlayabilirsiniz.");
	assert_string_equal(n->rule, "first_day");
	assert_string_equal(n->date, "2027-03-05");
	facts_notice_free(n);
	n = notice_match(rules, NULL, "Ön başvuru", "Sayın IŞIL ÇİĞDEM DENEME,\n\nön başvurunuz açıldı.");
	assert_string_equal(n->name_key, "isil cigdem deneme");
	assert_string_equal(n->needs, "authenticated");
	facts_notice_free(n);
	n = notice_match(rules, NULL, "Ön başvuru", "Sayın yetkili, ön başvurunuz açıldı.");
	assert_null(n->name_key);
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
					"Sayın Deneme Bir, Başvuru No: 2026/17 Gönderi no: 1234567 Neden: xyz 01.01.2027");

	assert_string_equal(n->event, "ca_password");
	assert_null(n->application_no);
	assert_null(n->tracking_no);
	assert_null(n->date);
	assert_null(n->reason);
	assert_null(n->name_key);
	assert_true(notice_is_secret(n));
	facts_notice_free(n);
	notice_rules_free(rules);
}

#define PASSWORD "rule z\nevent password\nsubject parola\n"

static void words_of_rules(void **state)
{
	static const char text[] = "take no: (?<application_no>\\S+)\n"
		"rule a\nevent opened\nfrom @x\\.test$\nsubject başlık\nalso şart\nunless istisna\n"
		"rule b\r\nevent revoked\r\ntext \\w+ metin\r\n"
		"rule c\nevent payment\nneeds signed\nsubject (a+)+$\n" PASSWORD;
	static const struct { const char *from, *subject, *body, *rule; } cases[] = {
		{ "p@x.test", "BAŞLIK", "ŞART", "a" }, { "p@y.test", "BAŞLIK", "ŞART", NULL },
		{ "p@x.test", "Baslik", "yok", NULL }, { "p@x.test", "BAŞLIK", "şart İSTİSNA", NULL },
		{ NULL, NULL, "bir\n METİN", "b" },    { "p@x.test", "başlık", "şart no: Ab1", "a" },
		{ "", "başlık şart", NULL, NULL },    { NULL, "başlık şart", NULL, "a" },
		{ NULL, "aaa", NULL, "c" },
	};
	struct notice_rules *rules = notice_rules_parse(text, NULL);

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct notice *n = notice_match(rules, cases[i].from, cases[i].subject, cases[i].body);
		if (g_strcmp0(n ? n->rule : NULL, cases[i].rule))
			fail_msg("case %zu", i);
		if (n)
			assert_string_equal(n->needs, *n->rule == 'c' ? "signed" : "authenticated");
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
		{ "rule a\nevent ?\nsubject x\n", "line 2: no such event: ?" },
		{ "rule a\nevent opened\nneeds told\n", "line 3: no such strength" },
		{ "rule a\nevent opened\nexample |\n", "line 3: the example is empty" },
		{ "rule a\nevent opened\nsubject x\n", "password" },
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

static void note_trial(const struct notice_trial *t, void *text)
{
	g_string_append_printf(text, "%s:%s:%s ", t->rule->name, t->found ? t->found->rule : "-", t->good ? "good" : "bad");
}

/* The built-in rules hold their own examples; a wrong example, one that a rule before takes, and a missing one are seen. */
static void examples(void **state)
{
	struct notice_rules *rules = built_in();
	g_autoptr(GString) all = g_string_new(NULL), wrong = g_string_new(NULL);

	notice_try_examples(rules, note_trial, all);
	if (strstr(all->str, ":bad"))
		fail_msg("%s", all->str);
	assert_true(rules->rules->len > 14);
	notice_rules_free(rules);
	rules = notice_rules_parse("rule a\nevent opened\nsubject x\nexample x | y\nexample q | x\n"
				   "rule b\nevent opened\ntext y\nexample x | y\nrule c\nevent opened\ntext y\n" PASSWORD, NULL);
	notice_try_examples(rules, note_trial, wrong);
	assert_string_equal(wrong->str, "a:a:good a:-:bad b:a:bad c:-:bad z:-:bad ");
	notice_rules_free(rules);
}

/* What is drafted for a mail fits it, once a person has chosen the event; and nothing of a password is in it. */
static void drafts(void **state)
{
	static const struct { const char *subject, *text, *draft; } cases[] = {
		{ "İlt: YNT: Kart (2) hakkında 10.05.2027", "Sayın Deneme Bir,\n\nKartınız 3  gün | içinde yola çıkar.\nSaygılar",
		  "rule kart_2_hakkinda_10_05_2027\nevent ?\n"
		  "subject Kart \\([0-9]+\\) hakkında [0-9]+\\.[0-9]+\\.[0-9]+\n"
		  "also Kartınız [0-9]+ gün\n"
		  "example Kart (1) hakkında 11.11.1111 | Kartınız 1 gün\n" },
		{ NULL, "[deneme]\nTek satır", "rule tek_satir\nevent ?\ntext Tek satır\nexample  | Tek satır\n" },
		{ "Hesap bilgisi", "Şifre 98765", "rule hesap_bilgisi\nevent password\nsubject Hesap bilgisi\nexample Hesap bilgisi\n" },
		{ NULL, NULL, "rule unnamed\nevent ?\nexample \n" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *draft = notice_draft(cases[i].subject, cases[i].text);
		assert_string_equal(draft, cases[i].draft);
		if (!cases[i].subject)
			continue;
		char *open = strstr(draft, "event ?");
		g_autofree char *chosen = open ? g_strdup_printf("%.*sevent payment%s" PASSWORD, (int)(open - draft), draft, open + 7)
					       : g_strdup(draft);
		g_autoptr(GError) error = NULL;
		struct notice_rules *rules = notice_rules_parse(chosen, &error);
		if (!rules)
			fail_msg("%s: %s", error->message, chosen);
		struct notice *n = notice_match(rules, NULL, cases[i].subject, cases[i].text);
		assert_non_null(n);
		facts_notice_free(n);
		notice_rules_free(rules);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(kinds), cmocka_unit_test(what_is_carried),
		cmocka_unit_test(secrets_stay_out), cmocka_unit_test(words_of_rules), cmocka_unit_test(wrong_rules),
		cmocka_unit_test(examples), cmocka_unit_test(drafts) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
