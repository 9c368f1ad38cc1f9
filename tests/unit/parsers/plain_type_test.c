/* plain_type: what is surely one part, and what is left to GMime. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>
#include <glib.h>
#include "parsers/plain_type.h"

static const struct { const char *value, *type; } cases[] = {
	{ NULL, "text/plain" },
	{ "text/plain", "text/plain" },
	{ "TEXT/Html;charset=utf-8", "text/html" },
	{ "text/plain; charset=\"iso-8859-9\";\r\n\tformat=flowed", "text/plain" },
	{ "application/vnd.ms-excel; name=\"a (1); b.xls\" ; x=y", "application/vnd.ms-excel" },
	/* Something may be below it. */
	{ "multipart/mixed; boundary=b", NULL },
	{ "message/rfc822", NULL },
	{ "image/png", NULL },
	/* Readers differ about these. */
	{ "", NULL }, { "text", NULL }, { "text/", NULL }, { "text//plain", NULL }, { "text/html/x", NULL }, { " text/plain", NULL },
	{ "text /plain", NULL }, { "text/plain, text/html", NULL }, { "text/plain (text)", NULL },
	{ "text/plain; charset", NULL }, { "text/plain; charset=", NULL }, { "text/plain; =x", NULL },
	{ "text/plain; charset=\"", NULL }, { "text/plain; charset=\"a\\\"b\"", NULL }, { "text/plain; charset=a b", NULL },
	{ "text/plain; charset = utf-8", NULL }, { "text/plain; charset=utf-8;", NULL }, { "text/plain; name*=utf-8''a", NULL },
	{ "text/plain; name=\"=?utf-8?q?a?=\"", NULL }, { "text/plain; name=\"a%20b\"", NULL }, { "text/plain; name=\"\xc5\x9f\"", NULL },
};

static void test_cases(void **state)
{
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *type = plain_type(cases[i].value);

		if (g_strcmp0(type, cases[i].type))
			fail_msg("case %zu: \"%s\"", i, type ? type : "(none)");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
