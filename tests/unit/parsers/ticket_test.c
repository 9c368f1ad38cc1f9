/* ticket: numbers that are announced as a ticket's, and all the numbers that are not. */
#include "parsers/ticket.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static const struct { const char *text, *ticket; } cases[] = {
	{ "[Servis Destek #123] E-imza", "123" },
	{ "Ynt: [#4711] Talep", "4711" },
	{ "BYS-12345 e-imza talebi", "12345" },
	{ "e-imza (BYS: 12345)", "12345" },
	{ "ubys 12345", "12345" },
	{ "UBYS-2026/1234 e-imza", "2026/1234" },
	{ "Talep No: 123", "123" },
	{ "TALEP NUMARASI 123", "123" },
	{ "Merhaba,\nTalep no : 4711'dir.", "4711" },
	{ "Destek kaydımız #98765.", "98765" },
	{ "2026 yılı, 12 kişi, BYS No: 555", "555" },
	/* years, days, prices, people's numbers, parts of words */
	{ "BYS 2026 yılı talebi", NULL },
	{ "BYS 22.11.2026", NULL },
	{ "Talep 4711", NULL },
	{ "4711", NULL },
	{ "Talep No: 10000000146", NULL },
	{ "T.C. Kimlik No: 123456", NULL },
	{ "#12", NULL },
	{ "#123.45", NULL },
	{ "#12345a", NULL },
	{ "#123ş", NULL },
	{ "a#1b", NULL },
	{ "BYS\n12345", NULL },
	{ "Oda No: 123", NULL },
	{ "BYS sistemi, telefon: 12345", NULL },
	{ "", NULL },
	{ "# 12", NULL },
};

/* Of own words that answer the question for it. */
static const struct { const char *words, *ticket; } answers[] = {
	{ "4711", "4711" },
	{ "2026/1234\n\nİyi çalışmalar", "2026/1234" },
	{ "Talep No: 123 açılmıştır", "123" },
	{ "4711 kişi", NULL },
	{ "Dahili\n4711", NULL },
	{ "10000000146", NULL },
	{ "", NULL },
};

static int set_up(void **state)
{
	g_autofree char *text = NULL;

	return g_file_get_contents("parsers/headings.table", &text, NULL, NULL) && (*state = headings_parse(text, NULL)) ? 0 : -1;
}

static int tear_down(void **state)
{
	headings_free(*state);
	return 0;
}

static void answered(void **state)
{
	for (size_t i = 0; i < G_N_ELEMENTS(answers); i++) {
		g_autofree char *ticket = ticket_answer(*state, answers[i].words);
		if (g_strcmp0(ticket, answers[i].ticket))
			fail_msg("\"%s\" gave %s", answers[i].words, ticket);
	}
}

static void numbers(void **state)
{
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *ticket = ticket_find(*state, cases[i].text);
		if (g_strcmp0(ticket, cases[i].ticket))
			fail_msg("\"%s\" gave %s", cases[i].text, ticket);
	}
}

/* An administrator's word for it. */
static void own_words(void **state)
{
	g_autoptr(headings_t) h = headings_parse("ticket = Jira\nlabel: ticket = Kayıt Sayısı\n", NULL);
	g_autofree char *one = ticket_find(h, "JIRA-123"), *two = ticket_find(h, "kayıt sayısı 123"), *none = ticket_find(h, "#123");

	assert_string_equal(one, "123");
	assert_string_equal(two, "123");
	assert_null(none);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(numbers), cmocka_unit_test(answered), cmocka_unit_test(own_words) };
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
