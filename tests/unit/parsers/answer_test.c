/* answer: what counts as an answer, and what is left to a person. */
#include "parsers/answer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static const struct { enum answer answer; const char *text; } cases[] = {
	{ ANSWER_APPROVE, "ONAY" },
	{ ANSWER_APPROVE, "onay" },
	{ ANSWER_APPROVE, "Onay." },
	{ ANSWER_APPROVE, "Onaylıyorum" },
	{ ANSWER_APPROVE, "ONAYLIYORUM" },
	{ ANSWER_APPROVE, "onayliyorum" },
	{ ANSWER_APPROVE, "Onaylandı." },
	{ ANSWER_APPROVE, "Uygundur." },
	{ ANSWER_APPROVE, "UYGUNDUR" },
	{ ANSWER_APPROVE, "uygun görülmüştür" },
	{ ANSWER_APPROVE, "Olur." },
	{ ANSWER_APPROVE, "Onay veriyorum." },
	{ ANSWER_APPROVE, "Onay, teşekkürler" },
	{ ANSWER_APPROVE, "Merhaba,\nOnaylıyorum.\n\nSaygılarımla,\nDeneme Bir\nRed ve Kabul Komisyonu" },
	{ ANSWER_APPROVE, "Listeyi onaylıyorum, sakınca yoktur." },
	{ ANSWER_REFUSE, "RED" },
	{ ANSWER_REFUSE, "Ret." },
	{ ANSWER_REFUSE, "Olmaz" },
	{ ANSWER_REFUSE, "UYGUN DEĞİL" },
	{ ANSWER_REFUSE, "uygun değildir" },
	{ ANSWER_REFUSE, "onaylamıyorum" },
	{ ANSWER_REFUSE, "Uygun görülmemiştir." },
	{ ANSWER_REFUSE, "reddediyorum" },
	{ ANSWER_REFUSE, "Kabul etmiyorum" },
	{ ANSWER_HOLD, "BEKLESİN" },
	{ ANSWER_HOLD, "Şimdilik beklesin." },
	{ ANSWER_DONE_E_SIGN, "E-İMZA İLE TAMAMLADIM" },
	{ ANSWER_DONE_E_SIGN, "e-imza ile" },
	{ ANSWER_DONE_E_SIGN, "E IMZA ILE" },
	{ ANSWER_DONE_E_SIGN, "eimza ile onayladım" },
	{ ANSWER_DONE_E_SIGN, "E-imza'yla tamamladım." },
	{ ANSWER_DONE_E_SIGN, "Elektronik imzamla imzaladım" },
	{ ANSWER_DONE_E_CONSENT, "E-ONAY" },
	{ ANSWER_DONE_E_CONSENT, "e-onay ile" },
	{ ANSWER_DONE_E_CONSENT, "e onay verdim" },
	{ ANSWER_DONE_E_CONSENT, "E-onayımı verdim." },
	{ ANSWER_DONE_E_CONSENT, "E-ONAY İLE ONAYLADIM" },
	{ ANSWER_DONE_WET, "ISLAK" },
	{ ANSWER_DONE_WET, "ıslak imza ile" },
	{ ANSWER_DONE_WET, "Islak imza" },
	{ ANSWER_RECEIVED, "TESLİM ALDIM" },
	{ ANSWER_RECEIVED, "Kartı teslim aldım, teşekkürler." },
	{ ANSWER_RECEIVED, "Evrak teslim alınmıştır." },
	{ ANSWER_POSTED, "KARGOYA VERDİM" },
	{ ANSWER_POSTED, "Zarf bugün kargoya verilmiştir." },
	{ ANSWER_WITHDRAW, "VAZGEÇTİM" },
	{ ANSWER_WITHDRAW, "Başvurumu geri çekiyorum" },
	{ ANSWER_QUESTION, "Sorum var" },
	{ ANSWER_QUESTION, "Kart ne zaman gelir?" },
	{ ANSWER_QUESTION, "nasıl yapacağımı anlatır mısınız" },
	/* two meanings, denials, things put off: a person reads them */
	{ ANSWER_NONE, "ONAY veya RED" },
	{ ANSWER_NONE, "Onaylıyorum. Kart ne zaman gelir?" },
	{ ANSWER_NONE, "ONAY?" },
	{ ANSWER_QUESTION, "onaylar mısınız" },
	{ ANSWER_NONE, "Onaylıyorum ama bir kişi hariç" },
	{ ANSWER_NONE, "onay yazısı ektedir" },
	{ ANSWER_NONE, "Onayınızı rica ederim" },
	{ ANSWER_NONE, "onay bekliyorum" },
	{ ANSWER_NONE, "e-onay veremedim" },
	{ ANSWER_NONE, "E-imza ile tamamlayamadım" },
	{ ANSWER_NONE, "Henüz e-imza ile tamamlamadım" },
	{ ANSWER_NONE, "e-onay seçeneği çıkmıyor" },
	{ ANSWER_NONE, "kargoya vermedim" },
	{ ANSWER_NONE, "kargoya vereceğim" },
	{ ANSWER_NONE, "Teslim almadım" },
	{ ANSWER_NONE, "e-imzam yok" },
	{ ANSWER_NONE, "uygun olursa bildiririm" },
	{ ANSWER_NONE, "Teşekkürler" },
	{ ANSWER_NONE, "" },
	{ ANSWER_NONE, NULL },
	{ ANSWER_NONE, "\xff\xfe" },
	{ ANSWER_NONE, "https://kurum.test/?onay=1" },
	{ ANSWER_NONE, "Uygundur. E-onay ile" },
	{ ANSWER_NONE, "uygun\ndeğildir diye düşünmüyorum" },
};

static void answers(void **state)
{
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		enum answer got = answer_of(cases[i].text);
		if (got != cases[i].answer)
			fail_msg("\"%s\" is %s", cases[i].text, facts_answers[got]);
	}
}

/* In a long text a word is met by chance. */
static void long_texts(void **state)
{
	g_autoptr(GString) text = g_string_new("Onaylıyorum.\n");

	for (int i = 0; i < 200; i++)
		g_string_append(text, "toplantı ");
	assert_int_equal(answer_of(text->str), ANSWER_NONE);
	for (int i = 0; i < 1000; i++)
		g_string_append(text, "toplantı ");
	assert_int_equal(answer_of(text->str), ANSWER_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(answers), cmocka_unit_test(long_texts) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
