/* quote, quote_line: own words without quotes and signatures; measured on the corpus of replies when it is there. */
#include "parsers/quote.h"
#include "tests/unit/parsers/answers.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#define GMAIL "4 Haz 2019 Sal 01:40 tarihinde NES GECIT <nes@kurum.test> şunu yazdı:"
#define GMAIL2 "NES GECIT <nes@kurum.test>, 8 Ağu 2022 Pzt, 19:29 tarihinde şunu yazdı:"
#define GMAIL3 "<nes@kurum.test> adresine sahip kullanıcı 26 Oca 2023 Per, 11:24 tarihinde şunu yazdı:"

static const struct { const char *text, *own; gint64 cut_line; } cases[] = {
	{ "Onay.\n\n" GMAIL "\n\n> Sayın\n> onay\n", "Onay.", 3 },
	{ "Onay.\n\n" GMAIL "\n\nSayın\nonay\n", "Onay.", 3 },
	{ "Onay.\r\n\r\n" GMAIL2 "\r\n> RED\r\n", "Onay.", 3 },
	{ "Onay.\n\n" GMAIL3 "\n> RED", "Onay.", 3 },
	{ GMAIL "\n> Soru?\n\nOnay.\n-- \nAd\n", "Onay.", 1 },
	{ GMAIL "\n\nAltına yazdım", "Altına yazdım", 1 },
	{ "Onay\n\nGönderen: NES <nes@kurum.test>\nGönderildi: 5 Mart 2026\nKime: a@kurum.test\nKonu: "
	  "x\n\nRED\n",
	  "Onay", 3 },
	{ "Onay\n________________________________\nGönderen: NES\nGönderildi: 5\nKime: a\nKonu: x\n\nRED",
	  "Onay", 2 },
	{ "Onay\n\nKimden: \"NES\" <nes@kurum.test>\nKime: a@kurum.test\nGönderilenler: 5 Mart\nKonu: x\n\nRED",
	  "Onay", 3 },
	{ "Onay\n\n*From:* NES\n*Sent:* x\n*To:* y\n*Subject:* z\n\nRED", "Onay", 3 },
	{ "Onay\n\n-----Özgün İleti-----\nGönderen: x\nKonu: y\n\nRED", "Onay", 3 },
	{ "Onay\n-----Original Message-----\nRED", "Onay", 2 },
	{ "Onay\n-------- Orijinal mesaj --------\nRED", "Onay", 2 },
	{ "Onay\n\nOn Mon, Feb 1, 2016 at 6:32 PM, NES <nes@kurum.test>\nwrote:\n\n> RED\n", "Onay", 3 },
	{ "Onay\n-- \nDeneme Bir\nRED", "Onay", 2 },
	{ "Onay\n\niPhone'umdan gönderildi\n", "Onay", 3 },
	{ "Onay\n\nSent from my iPhone\n", "Onay", 3 },
	{ "> eski\nyeni\n> eski\nson", "yeni\nson", 1 },
	{ "Konu: bütçe\nOnay", "Konu: bütçe\nOnay", 0 },
	{ "Kime sorayım: size mi?\nSaat 10:00 tarihinde dedi:\n- evet",
	  "Kime sorayım: size mi?\nSaat 10:00 tarihinde dedi:\n- evet", 0 },
	{ "  girintili\n\n\n  ikinci  \n", "girintili\n\n\n  ikinci", 0 },
	{ "```\n####\nkod\n```\nson", "```\n####\nkod\n```\nson", 0 },
	{ "", "", 0 },
	{ "\n\n \n", "", 0 },
	{ "----\nyazı", "yazı", 1 },
	{ ":", ":", 0 },
	{ ">", "", 1 },
};

static void shapes(void **state)
{
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		gint64 line = -1;
		g_autofree char *own = quote_cut(cases[i].text, test_answers(), &line);
		assert_string_equal(own, cases[i].own);
		assert_int_equal(line, cases[i].cut_line);
	}
}

static void assert_dropped(const char *line, bool dropped)
{
	gint64 cut;
	g_autofree char *text = g_strconcat("Onay\n", line, "\n", NULL), *own = quote_cut(text, test_answers(), &cut);
	g_autofree char *all = g_strconcat("Onay\n", line, NULL);

	assert_string_equal(own, dropped ? "Onay" : all);
	assert_int_equal(cut, dropped ? 2 : 0);
}

/* What programs and servers hang below a letter, one of each beginning and end that is known; beginnings in any case. */
static void added_lines(void **state)
{
	static const char *const begins[] = {
		"Sent from x", "Sent via x", "Sent with x", "Sent by x", "<<Sent x", "(sent from x", "Get Outlook for x", "Get [Outlook",
		"Envoyé depuis x", "Von meinem x", "Verzonden met x", "Verzonden vanaf x", "Sendt fra x", "Enviado desde x",
		"Enviado do x", "Inviato da x", "From my iPhone", "Skickat från x", "Diese Nachricht wurde von meinem x", "從我的 x",
		"Yasal Uyarı: x", "Gizlilik uyarısı", "B u ileti gizlidir", "Bü mesaj gizlidir", "bu elektronik posta gizlidir",
		"Bu mail gizlidir", "B-u e-p-o-s-t-a gizli", "Disclaimer: x", "This e-mail is confidential", "This message: virus",
		"T.he information contained is confidential", "Sorumluluk ve uyarı", "Begin forwarded message:",
		"İletilen ileti başlangıcı:", "Yönlendirilen ileti başlangıcı:", "--- Original Message ---", "*-- Original Message --*",
	};
	static const char *const others[] = {
		"A mail from mobile", "Android için Outlook edinin", "iPhone'umdan gönderildi", "Tabletimden gönderildi.",
		"Windows için Posta ile gönderilmiştir", "Cep telefonumdan gönderilmiştir.",
		"--", "__", "==", "++", "~~", "##", "**", "-_=+~#*", "ᐧ", "—",
	};
	static const char *const own[] = { "-", "- evet", "Bu", "Bu e", "\"Bu e-posta\" gizlidir", "Bu e-postanın sonucu", "Gizem", "gönderildi" };

	for (size_t i = 0; i < G_N_ELEMENTS(begins); i++) {
		g_autofree char *large = g_ascii_strup(begins[i], -1), *small = g_ascii_strdown(begins[i], -1);

		assert_dropped(begins[i], true);
		assert_dropped(large, true);
		assert_dropped(small, true);
	}
	for (size_t i = 0; i < G_N_ELEMENTS(others); i++)
		assert_dropped(others[i], true);
	for (size_t i = 0; i < G_N_ELEMENTS(own); i++)
		assert_dropped(own[i], false);
}

/* Gmail's Turkish lines may be wrapped at any blank. */
static void wrapped_anywhere(void **state)
{
	static const char *const lines[] = { GMAIL, GMAIL2, GMAIL3 };

	for (size_t k = 0; k < G_N_ELEMENTS(lines); k++)
		for (const char *blank = strchr(lines[k], ' '); blank; blank = strchr(blank + 1, ' ')) {
			if (k == 1 && blank == strchr(lines[k], ' '))
				continue; /* inside the name: nothing tells its first word from the person's own */
			gint64 line;
			g_autofree char *text = g_strdup_printf("Onay.\n\n%.*s\n%s\n\n> RED",
								(int)(blank - lines[k]), lines[k], blank + 1);
			g_autofree char *own = quote_cut(text, test_answers(), &line);
			assert_string_equal(own, "Onay.");
			assert_int_equal(line, 3);
		}
}

static char *normal(const char *text)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

	for (char **l = lines; *l; l++)
		g_strchomp(*l);
	return g_strstrip(g_strjoinv("\n", lines));
}

static bool is_same(const char *folder, const char *name)
{
	g_autofree char *email = g_build_filename(folder, "emails", name, NULL);
	g_autofree char *trimmed = g_build_filename(folder, "trimmed", name, NULL);
	g_autofree char *text = NULL, *expected = NULL;
	gint64 line;

	assert_true(g_file_get_contents(email, &text, NULL, NULL));
	assert_true(g_file_get_contents(trimmed, &expected, NULL, NULL));
	g_autofree char *own = quote_cut(text, test_answers(), &line);
	g_autofree char *a = normal(own), *b = normal(expected);
	return !strcmp(a, b);
}

/* The corpus keeps quotes that stand between own lines; we do not, so not all 64 can be equal. */
static void corpus(void **state)
{
	const char *root = g_getenv("NESGATE_CORPUS") ? g_getenv("NESGATE_CORPUS") : "../shared/corpus";
	g_autofree char *folder = g_build_filename(root, "replies", NULL);
	g_autofree char *emails = g_build_filename(folder, "emails", NULL);
	g_autoptr(GDir) dir = g_dir_open(emails, 0, NULL);
	const char *name;
	int same = 0, all = 0;

	if (!dir) {
		printf("skipped: no corpus of replies\n");
		return;
	}
	while ((name = g_dir_read_name(dir))) {
		all++;
		same += is_same(folder, name);
	}
	printf("replies: %d of %d as trimmed\n", same, all);
	assert_true(same >= 58);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(shapes), cmocka_unit_test(added_lines),
					    cmocka_unit_test(wrapped_anywhere), cmocka_unit_test(corpus) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
