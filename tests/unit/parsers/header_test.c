/* fields, address, mail_date: what stands in a header. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>
#include "parsers/address.h"
#include "parsers/fields.h"
#include "parsers/mail_date.h"

static const struct { const char *raw, *addresses; } lists[] = {
	{ "a@b.test", "a@b.test" },
	{ "Deneme Bir <Deneme.Bir@B.TEST>", "deneme.bir@b.test" },
	{ "\"Bir, Deneme\" <a@b.test>, c@d.test", "a@b.test c@d.test" },
	{ "Bir, Deneme <a@b.test>", "a@b.test" },
	{ "\"x@y.test\" <a@b.test>", "a@b.test" },
	{ "x@y.test <a@b.test>", "a@b.test" },
	{ "a@b.test (Deneme (Bir) c@d.test)", "a@b.test" },
	{ "=?utf-8?Q?x=40y?= <a@b.test>", "a@b.test" },
	{ "grup: a@b.test, <c@d.test>;, e@f.test", "a@b.test c@d.test e@f.test" },
	{ "undisclosed-recipients:;", "" },
	{ "<@r1.test,@r2.test:a@b.test>", "a@b.test" },
	{ "\"a b\"@c.test", "" },
	{ "<\"a>b\"@c.test>", "\"a>b\"@c.test" },
	{ "<a@b.test> <c@d.test>", "a@b.test c@d.test" },
	{ "a@b.test,\r\n c@d.test", "a@b.test c@d.test" },
	{ "a@b.test; c@d.test", "a@b.test c@d.test" },
	{ "", "" }, { "<>", "" }, { "@", "" }, { "a@", "" }, { "@b", "" }, { "a", "" },
	{ "<a@b.test", "a@b.test" }, { "\"open <a@b.test>", "" }, { "(open a@b.test", "" },
	{ "a\\@b@c.test", "a\\@b@c.test" }, { "<a@b\x01.test>", "" }, { "<\xff@b.test>", "" },
};

static void test_addresses(void **state)
{
	for (size_t i = 0; i < G_N_ELEMENTS(lists); i++) {
		g_autoptr(GPtrArray) list = address_list(lists[i].raw);
		g_autofree char *joined = NULL;

		g_ptr_array_add(list, NULL);
		joined = g_strjoinv(" ", (char **)list->pdata);
		if (strcmp(joined, lists[i].addresses))
			fail_msg("case %zu: \"%s\", not \"%s\"", i, joined, lists[i].addresses);
	}
}

/* The shapes that end GMime's stack. */
static void test_nesting(void **state)
{
	static const char *const units[] = { "g:", "(", "<", "\"", "g:;", "<@a,", "\\" };

	for (size_t i = 0; i < G_N_ELEMENTS(units); i++) {
		g_autoptr(GString) raw = g_string_new(NULL);
		g_autoptr(GPtrArray) list = NULL;

		while (raw->len < 1000000)
			g_string_append(raw, units[i]);
		list = address_list(raw->str);
		assert_int_equal(list->len, 0);
	}
}

static const struct { const char *domain, *other; gboolean aligned, below; } domains[] = {
	{ "kurum.test", "kurum.test", TRUE, TRUE },
	{ "Posta.KURUM.test", "kurum.test", TRUE, TRUE },
	{ "kurum.test", "posta.kurum.test", TRUE, FALSE },
	{ "baskakurum.test", "kurum.test", FALSE, FALSE },
	{ "a.kurum.test", "b.kurum.test", FALSE, FALSE },
	{ "kurum.test", "test", FALSE, TRUE },
	{ "kurum.test", "", FALSE, FALSE },
	{ "", "", FALSE, FALSE },
};

static void test_domains(void **state)
{
	for (size_t i = 0; i < G_N_ELEMENTS(domains); i++) {
		assert_int_equal(address_aligned(domains[i].domain, domains[i].other), domains[i].aligned);
		assert_int_equal(address_below(domains[i].domain, domains[i].other), domains[i].below);
	}
}

static const struct { const char *raw, *iso; } dates[] = {
	{ "Sun, 22 Nov 2026 09:00:00 +0300", "2026-11-22T09:00:00+03:00" },
	{ "22 Nov 2026 09:00 GMT", "2026-11-22T09:00:00+00:00" },
	{ "Fri, 18 Mar 2011 03:43:19 +0200 (EET)", "2011-03-18T03:43:19+02:00" },
	{ "Fri,  1 mar 11 3:04:05 EST", "2011-03-01T03:04:05-05:00" },
	{ "Fri, 1 Mar\r\n 2011 03:04:05 -0330", "2011-03-01T03:04:05-03:30" },
	{ "Sat, 29 Feb 2020 23:59:60 +0000", "2020-02-29T23:59:60+00:00" },
	{ "18-Mar-2011 03:43:19 +0200", "2011-03-18T03:43:19+02:00" },
	{ "1 Jan 99 00:00:00 +9999", "1999-01-01T00:00:00+00:00" },
	{ "29 Feb 2021 00:00:00 +0000", NULL },
	{ "Paz, 22 Kas 2026 09:00:00 +0300", NULL },
	{ "22 Nov 2026", NULL }, { "22 Nov 2026 24:00:00", NULL }, { "22 Nov 2026 09:61", NULL },
	{ "32 Nov 2026 09:00", NULL }, { "", NULL }, { "Sun,", NULL }, { "-5 Nov 2026 09:00", NULL },
};

static void test_dates(void **state)
{
	for (size_t i = 0; i < G_N_ELEMENTS(dates); i++) {
		g_autofree char *iso = mail_date_parse(dates[i].raw);

		if (g_strcmp0(iso, dates[i].iso))
			fail_msg("\"%s\": %s, not %s", dates[i].raw, iso, dates[i].iso);
	}
}

static void test_fields(void **state)
{
	static const char raw[] = "From old@mbox Mon\nSubject: a\r\n b\r\nrubbish\nX Y: no\n: no\nTo : c\nsubject:\nE:e\r\n\r\nBody: no\n";
	g_autofree char *exact = g_memdup2(raw, sizeof raw - 1);
	g_autoptr(fields_t) f = fields_parse(exact, sizeof raw - 1);

	assert_string_equal(fields_find(f, "SUBJECT"), "a\r\n b");
	assert_string_equal(fields_find(f, "to"), "c");
	assert_string_equal(fields_find(f, "e"), "e");
	assert_int_equal(fields_count(f, "Subject"), 2);
	assert_null(fields_find(f, "Body"));
	assert_null(fields_find(f, "X Y"));
	assert_string_equal(raw + fields_length(f), "Body: no\n");
	assert_null(fields_at(f, 4));
}

static void test_field_ends(void **state)
{
	static const char *const blocks[] = { "", "\n", "\r\n", "A", "A:", "A: b", "A: b\r", " a", "\0\0", "A:\n", "A:\n b" };

	for (size_t i = 0; i < G_N_ELEMENTS(blocks); i++) {
		size_t n = i == 8 ? 2 : strlen(blocks[i]);
		g_autofree char *exact = n ? g_memdup2(blocks[i], n) : NULL;
		g_autoptr(fields_t) f = fields_parse(exact ? exact : "", n);

		assert_int_equal(fields_length(f), n);
		assert_int_equal(fields_count(f, "A"), strchr(blocks[i], ':') ? 1 : 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_nesting),
		cmocka_unit_test(test_domains),
		cmocka_unit_test(test_dates),
		cmocka_unit_test(test_fields),
		cmocka_unit_test(test_field_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
