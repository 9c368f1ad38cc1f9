/* answer, answer_text, answer_choice: what counts as an answer and for whom, and what is asked again. */
#include "tests/unit/parsers/answers.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

struct answer_case { const char *answer, *text; };

static const struct answer_case cases[] = {
	{ "approve", "ONAY" },
	{ "approve", "onay" },
	{ "approve", "Onay." },
	{ "approve", "Onaylıyorum" },
	{ "approve", "ONAYLIYORUM" },
	{ "approve", "onayliyorum" },
	{ "approve", "Onaylandı." },
	{ "approve", "Uygundur." },
	{ "approve", "UYGUNDUR" },
	{ "approve", "uygun görülmüştür" },
	{ "approve", "Olur." },
	{ "approve", "Onay veriyorum." },
	{ "approve", "Onay, teşekkürler" },
	{ "approve", "Merhaba,\nOnaylıyorum.\n\nSaygılarımla,\nDeneme Bir\nRed ve Kabul Komisyonu" },
	{ "approve", "Listeyi onaylıyorum, sakınca yoktur." },
	{ "refuse", "RED" },
	{ "refuse", "Ret." },
	{ "refuse", "Olmaz" },
	{ "refuse", "UYGUN DEĞİL" },
	{ "refuse", "uygun değildir" },
	{ "refuse", "onaylamıyorum" },
	{ "refuse", "Uygun görülmemiştir." },
	{ "refuse", "reddediyorum" },
	{ "refuse", "Kabul etmiyorum" },
	{ "hold", "BEKLESİN" },
	{ "hold", "Şimdilik beklesin." },
	{ "done_e_sign", "E-İMZA İLE TAMAMLADIM" },
	{ "done_e_sign", "e-imza ile" },
	{ "done_e_sign", "E IMZA ILE" },
	{ "done_e_sign", "eimza ile onayladım" },
	{ "done_e_sign", "E-imza'yla tamamladım." },
	{ "done_e_sign", "Elektronik imzamla imzaladım" },
	{ "done_e_consent", "E-ONAY" },
	{ "done_e_consent", "e-onay ile" },
	{ "done_e_consent", "e onay verdim" },
	{ "done_e_consent", "E-onayımı verdim." },
	{ "done_e_consent", "E-ONAY İLE ONAYLADIM" },
	{ "done_wet", "ISLAK" },
	{ "done_wet", "ıslak imza ile" },
	{ "done_wet", "Islak imza" },
	{ "received", "TESLİM ALDIM" },
	{ "received", "Kartı teslim aldım, teşekkürler." },
	{ "received", "Evrak teslim alınmıştır." },
	{ "posted", "KARGOYA VERDİM" },
	{ "posted", "Zarf bugün kargoya verilmiştir." },
	{ "resend", "YENİDEN GÖNDERİLDİ" },
	{ "resend", "Kart yeniden gönderilmiştir." },
	{ "resend", "Kart tekrar kargoya verildi." },
	{ "resend [KP123456789TR]", "Yeniden gönderildi, gönderi no KP123456789TR" },
	{ "none", "Kart yeniden gönderilmedi." },
	{ "none", "Yeniden gönderilecek." },
	{ "send_again", "Yeniden gönderilsin" },
	{ "send_again", "Listeyi tekrar gönderiniz." },
	{ "none", "Yeniden gönderilmesin" },
	{ "none", "Yeniden gönderilsin mi bilmiyorum" },
	{ "withdraw", "VAZGEÇTİM" },
	{ "withdraw", "Başvurumu geri çekiyorum" },
	{ "question", "Sorum var" },
	{ "question", "Kart ne zaman gelir?" },
	{ "question", "nasıl yapacağımı anlatır mısınız" },
	{ "none", "ONAY veya RED" },
	{ "none", "Onaylıyorum. Kart ne zaman gelir?" },
	{ "none", "ONAY?" },
	{ "question", "onaylar mısınız" },
	{ "none", "Onaylıyorum ama bir kişi hariç" },
	{ "none", "onay yazısı ektedir" },
	{ "none", "Onayınızı rica ederim" },
	{ "none", "onay bekliyorum" },
	{ "none", "e-onay veremedim" },
	{ "none", "E-imza ile tamamlayamadım" },
	{ "none", "Henüz e-imza ile tamamlamadım" },
	{ "none", "e-onay seçeneği çıkmıyor" },
	{ "none", "kargoya vermedim" },
	{ "none", "kargoya vereceğim" },
	{ "none", "Teslim almadım" },
	{ "none", "e-imzam yok" },
	{ "none", "uygun olursa bildiririm" },
	{ "none", "Teşekkürler" },
	{ "none", "" },
	{ "none", NULL },
	{ "none", "\xff\xfe" },
	{ "none", "https://kurum.test/?onay=1" },
	{ "none", "Uygundur. E-onay ile" },
	{ "none", "uygun\ndeğildir diye düşünmüyorum" },
};

/* An answer for some of the people of a list. */
static const struct answer_case partial[] = {
	{ "none all", "hepsi" },
	{ "none all", "Hepsi tamam, teşekkürler." },
	{ "approve", "Hepsi onay" },
	{ "approve", "Hepsini onaylıyorum" },
	{ "approve", "Listedeki kişilerin tümünü onaylıyorum." },
	{ "received", "Tamamını teslim aldım." },
	{ "none but 3 5", "3 ve 5 hariç" },
	{ "none but 3 5", "3 ve 5 hariç hepsi" },
	{ "received but 3 5", "3 ve 5 hariç hepsini teslim aldım" },
	{ "approve but 3 5", "3 ve 5 hariç onaylıyorum" },
	{ "approve but 3 5", "Onaylıyorum, 3 ve 5 hariç." },
	{ "approve but 3 5", "Onaylıyorum. 3. ve 5. kişi hariç." },
	{ "approve but 3 5", "ONAY\n3 ve 5 hariç" },
	{ "approve but 3", "3 numaralı kişi dışındakileri onaylıyorum." },
	{ "approve but 3", "3'ü hariç tutarak onaylıyorum" },
	{ "approve 1-4; refuse 5", "1-4 onay 5 red" },
	{ "approve 1-4; refuse 5", "1 - 4: ONAY, 5: RED" },
	{ "approve 1-4; refuse 5", "1–4 uygundur, 5 uygun değildir." },
	{ "approve 1-4; refuse 5", "ONAY: 1-4\nRED: 5" },
	{ "approve 1-4; refuse 5", "Onay 1-4, red 5" },
	{ "approve 1 2 4", "1, 2 ve 4 onay" },
	{ "approve 1 2 4", "1,2,4 onaylıyorum" },
	{ "refuse 5; approve but 5", "5 red, diğerleri onay" },
	{ "approve but 5; refuse 5", "hepsi onay, 5 red" },
	{ "approve but 5; refuse 5", "5 hariç onay, 5 red" },
	{ "approve but 3; refuse 3", "3 hariç onay, kalanlar red" },
	{ "received but 3 5", "3 ve 5 gelmedi, diğerlerini teslim aldım" },
	{ "received 1 3", "1 ve 3 geldi" },
	{ "received A-7 A-9", "A-7, A-9 teslim alındı" },
	{ "approve but A-12", "A-12 hariç uygundur" },
	{ "none but \"deneme bir\"", "Deneme Bir hariç" },
	{ "approve but \"deneme bir\"", "Deneme Bir hariç onaylıyorum" },
	{ "approve but \"deneme bir\"", "Onaylıyorum, Deneme Bir'in başvurusu hariç." },
	{ "approve but \"deneme bir\" \"test iki\"", "deneme bir ve test iki hariç hepsi uygundur" },
	{ "approve but 4 \"deneme bir\"", "Deneme Bir ile 4 hariç uygundur" },
	{ "approve \"deneme bir\"; refuse \"test iki\"", "Deneme Bir: ONAY\nTest İki: RED" },
	{ "received \"deneme bir\" \"test iki\"", "Deneme Bir, Test İki geldi" },
	{ "posted [123456789]", "KARGOYA VERDİM 123456789" },
	{ "posted [RR123456789TR]", "Kargoya verildi. Takip no: rr123456789tr" },
	{ "posted [1234567]", "Bugün 14:30'da kargoya verdim, gönderi no 1234567" },
	{ "posted [1234567]", "PTT kargoya verdik, takip no 1234567.\nSaygılarımla\nDeneme Bir\n05321234567" },
	{ "posted [1234567]", "PTT kargoya verdik, takip no 1234567.\nDeneme Bir\nTel 5321234567" },
	{ "posted", "Kargoya verdim\n1234567 7654321" },
	{ "posted 1-3 [1234567]", "1-3 kargoya verildi, takip no 1234567" },
	/* what does not fit together */
	{ "none", "1-4 onay, red 5" },
	{ "none", "Onay, 5 red" },
	{ "none", "1-4 onay, 5" },
	{ "none", "1-5, 3 hariç, onay" },
	{ "none", "1-5 onay, 3 hariç" },
	{ "none", "5-1 onay" },
	{ "none", "diğerleri onay" },
	{ "none", "1'den 4'e kadar onay" },
	{ "none", "3/5 hariç onay" },
	{ "none", "1.10 onay" },
	{ "none", "3 kişiyi onaylıyorum" },
	{ "none", "İlk 3 onay" },
	{ "none", "Sadece birini onaylıyorum" },
	{ "none", "Bazılarını onaylıyorum" },
	{ "none", "hariç onaylıyorum" },
	{ "none", "3 ve 5 gelmedi" },
	{ "none", "1-4 onay, 5 değil" },
	{ "none", "ONAY\n1, 2, 4" },
	{ "none", "1. Onaylıyorum.\n2. Teşekkürler." },
	{ "none", "Onaylıyorum. 3 hariç. 5 gelmedi, ama yarın gelir." },
	{ "approve", "ONAY\n\nDeneme Müdür\nDahili: 1234\nTel: 0312 555 44 33" },
};

static void check(const struct answer_case *all, size_t n)
{
	int wrong = 0;

	for (size_t i = 0; i < n; i++) {
		g_autofree char *got = test_answer(all[i].text);

		if (!strcmp(got, all[i].answer))
			continue;
		print_error("\"%s\" is %s, not %s\n", all[i].text, got, all[i].answer);
		wrong++;
	}
	assert_int_equal(wrong, 0);
}

static void answers(void **state)
{
	check(cases, G_N_ELEMENTS(cases));
}

static void answers_in_part(void **state)
{
	check(partial, G_N_ELEMENTS(partial));
}

/* In a long text a word is met by chance. */
static void long_texts(void **state)
{
	g_autoptr(GString) text = g_string_new("Onaylıyorum.\n");

	for (int i = 0; i < 200; i++)
		g_string_append(text, "toplantı ");
	g_autofree char *words = test_answer(text->str);
	assert_string_equal(words, "none");
	for (int i = 0; i < 1000; i++)
		g_string_append(text, "toplantı ");
	g_autofree char *bytes = test_answer(text->str);
	assert_string_equal(bytes, "none");
}

/* Words before an answer are kept: they may name one of the people. */
static void words_before(void **state)
{
	static const struct { const char *text, *words; } all[] = {
		{ "Deneme Bir'i onaylıyorum", "deneme bir" },
		{ "Listeyi onaylıyorum.\nDeneme Müdür", NULL },
		{ "Deneme Bir'in evrakını teslim aldım", "deneme bir" },
		{ "Onaylıyorum", NULL },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(all); i++) {
		struct reply *r = facts_reply_new();

		r->text = g_strdup(all[i].text);
		answer_read(test_answers(), r);
		assert_true(r->answer != ANSWER_NONE && r->answer != ANSWER_PARTIAL);
		if (g_strcmp0(r->words, all[i].words))
			fail_msg("\"%s\": %s", all[i].text, r->words);
		facts_reply_free(r);
	}
}

static void tables(void **state)
{
	static const struct { const char *text, *error; } all[] = {
		{ "approve = onay\n\n# x\nhold = bekle*\n", NULL },
		{ "approve onay", "answers.table:1: not `meaning = phrase | phrase`" },
		{ "\nonayla = onay", "answers.table:2: an unknown meaning" },
		{ "partial = onay", "answers.table:1: an unknown meaning" },
		{ "none = onay", "answers.table:1: an unknown meaning" },
		{ "approve = onay |", "answers.table:1: an empty phrase" },
		{ "approve = onay\nrefuse = ONAY", "answers.table:2: a phrase that has another meaning already" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(all); i++) {
		g_autoptr(GError) error = NULL;
		g_autoptr(answer_words_t) w = answer_words_parse(all[i].text, &error);

		assert_true((w == NULL) == (all[i].error != NULL));
		if (error)
			assert_string_equal(error->message, all[i].error);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(answers), cmocka_unit_test(answers_in_part), cmocka_unit_test(long_texts),
					    cmocka_unit_test(words_before), cmocka_unit_test(tables) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
