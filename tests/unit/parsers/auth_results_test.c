/* auth_results: only our own server is believed, and only about the From address. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>
#include "parsers/auth_results.h"

#define AR "Authentication-Results: "
#define FROM "amir@kurum.test"

static const struct { const char *header, *from; bool trusted; const char *shown; } cases[] = {
	{ AR "mx.test; dmarc=pass header.from=kurum.test", FROM, true, "mx.test - - pass" },
	{ AR "MX.test 1;\r\n\tspf=pass (a; b=c) smtp.mailfrom=amir@kurum.test;\r\n dkim=none", FROM, true, "mx.test pass none -" },
	{ AR "mx.test; dkim=pass header.d=kurum.test header.b=\"a;b\"", FROM, true, "mx.test - pass -" },
	{ AR "mx.test; dkim=pass header.i=@posta.kurum.test header.b=ab=", FROM, true, "mx.test - pass -" },
	{ AR "mx.test; dkim = pass (good (very)) header.i = \"@kurum.test\"", FROM, true, "mx.test - pass -" },
	{ AR "mx.test; dkim=fail header.d=kurum.test; dkim=pass header.d=kurum.test", FROM, true, "mx.test - pass -" },
	{ AR "mx.test; auth=pass smtp.auth=Amir@kurum.test", FROM, true, "mx.test - - -" },
	{ AR "mx.test; dmarc/1=pass header.from=KURUM.TEST", FROM, true, "mx.test - - pass" },
	{ AR "(ours) \"mx.test\" 1 (x); dmarc=pass header.from=kurum.test", FROM, true, "mx.test - - pass" },
	/* Passed, but somebody else. */
	{ AR "mx.test; dmarc=pass header.from=evil.test", FROM, false, "mx.test - - pass" },
	{ AR "mx.test; dkim=pass header.d=evil.test header.i=@kurum.test", FROM, false, "mx.test - pass -" },
	{ AR "mx.test; dkim=pass header.d=evilkurum.test", FROM, false, "mx.test - pass -" },
	{ AR "mx.test; spf=pass smtp.mailfrom=evil.test smtp.helo=kurum.test", FROM, false, "mx.test pass - -" },
	{ AR "mx.test; spf=pass smtp.mailfrom=\"x y\"@evil.test smtp.mailfrom=kurum.test", FROM, false, "mx.test pass - -" },
	{ AR "mx.test; auth=pass smtp.auth=other@kurum.test", FROM, false, "mx.test - - -" },
	{ AR "mx.test; dkim=pass header.d=test", FROM, false, "mx.test - pass -" },
	/* Not passed. */
	{ AR "mx.test; dmarc=fail header.from=kurum.test; spf=pass smtp.mailfrom=kurum.test", FROM, false, "mx.test pass - fail" },
	{ AR "mx.test; dmarc=none header.from=kurum.test", FROM, false, "mx.test - - none" },
	{ AR "mx.test; dmarc=passed header.from=kurum.test", FROM, false, "mx.test - - passed" },
	{ AR "mx.test; none", FROM, false, "mx.test - - -" },
	{ AR "mx.test", FROM, false, "mx.test - - -" },
	{ AR "mx.test; dkim=fail reason=\"x; dmarc=pass header.from=kurum.test\"", FROM, false, "mx.test - fail -" },
	{ AR "mx.test; dkim=fail (x; dmarc=pass header.from=kurum.test)", FROM, false, "mx.test - fail -" },
	{ AR "mx.test; dkim=fail (\\); dmarc=pass header.from=kurum.test)", FROM, false, "mx.test - fail -" },
	{ AR "mx.test; dkim=fail (open; dmarc=pass header.from=kurum.test", FROM, false, "mx.test - fail -" },
	/* Not ours. */
	{ AR "evil.test; dmarc=pass header.from=kurum.test", FROM, false, "- - - -" },
	{ AR "mx.test.evil.test; dmarc=pass header.from=kurum.test", FROM, false, "- - - -" },
	{ AR "dmarc=pass header.from=kurum.test", FROM, false, "- - - -" },
	{ AR "", FROM, false, "- - - -" },
	{ "X-" AR "mx.test; dmarc=pass header.from=kurum.test", FROM, false, "- - - -" },
	/* The topmost of ours, whatever stands above and below. */
	{ AR "evil.test; dmarc=pass\n" AR "mx.test; dmarc=fail header.from=kurum.test\n"
		AR "mx.test; dmarc=pass header.from=kurum.test", FROM, false, "mx.test - - fail" },
	/* Nobody knows who speaks. */
	{ AR "mx.test; dmarc=pass header.from=kurum.test", NULL, false, "mx.test - - pass" },
};

static const char *word(const char *text)
{
	return text ? text : "-";
}

static void test_cases(void **state)
{
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(fields_t) f = fields_parse(cases[i].header, strlen(cases[i].header));
		g_autoptr(facts_t) facts = facts_new();
		struct auth *a = &facts->auth;
		g_autofree char *shown = NULL;

		auth_results_read(f, "mx.test", cases[i].from, a);
		shown = g_strdup_printf("%s %s %s %s", word(a->authserv_id), word(a->spf), word(a->dkim), word(a->dmarc));
		if (a->trusted != cases[i].trusted || strcmp(shown, cases[i].shown))
			fail_msg("case %zu: trusted %d, %s", i, a->trusted, shown);
	}
}

static void test_no_server(void **state)
{
	static const char header[] = AR "mx.test; dmarc=pass header.from=kurum.test";
	g_autoptr(fields_t) f = fields_parse(header, sizeof header - 1);
	g_autoptr(facts_t) facts = facts_new();

	auth_results_read(f, NULL, FROM, &facts->auth);
	assert_false(facts->auth.trusted);
	assert_null(facts->auth.authserv_id);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_no_server),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
