/* guard: what the byte guard lets through and what it stops, however the bytes are cut. */
#include "gateway/imap_guard.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#define MOST 1000

struct guard_case { const char *name, *bytes, *why; };

static const struct guard_case cases[] = {
	{"plain answers", "* OK ready\r\n* 5 EXISTS\r\n1 OK done\r\n", NULL},
	{"literal with parentheses inside", "* 1 FETCH (UID 5 BODY[] {10}\r\n(((((((((()\r\n1 OK\r\n", NULL},
	{"literal at the limit", "* 1 FETCH (BODY[] {1000}\r\n", NULL},
	{"literal over the limit", "* 1 FETCH (BODY[] {1001}\r\n", "larger piece"},
	{"literal that wraps 64 bits", "* 1 FETCH (BODY[] {18446744073709551620}\r\n", "no size"},
	{"literal that wraps 32 bits", "* 1 FETCH (BODY[] {4294967290}\r\n", "larger piece"},
	{"non-synchronising literal over the limit", "* 1 FETCH (BODY[] {1001+}\r\n", "larger piece"},
	{"literal with bare LF", "* 1 FETCH (BODY[] {1001}\n", "larger piece"},
	{"limit holds in free text", "* OK hello {1001}\r\n", "larger piece"},
	{"limit holds inside quotes", "* LIST () \"/\" \"{1001}\r\n", "larger piece"},
	{"number in the middle of a line", "* OK {99999} bottles\r\n", NULL},
	{"brace without digits", "* OK {}\r\n* OK {+}\r\n* OK {x}\r\n", NULL},
	{"NUL outside a literal", "* OK a\001b\r\n", "NUL"}, /* \001 stands for NUL here */
	{"NUL inside a literal", "* 1 FETCH (BODY[] {3}\r\na\001b)\r\n", NULL},
	{"parentheses in quotes", "* LIST () \"/\" \"((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((\"\r\n", NULL},
	{"escaped quote keeps the quote open", "* LIST () \"/\" \"\\\"((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((\"\r\n", NULL},
	{"nesting ends with the response", "* 1 FETCH ((((((((((((((((((((((((((((((((((((((((\r\n* 1 FETCH ((((((((((((((((((((((((((((((((((((((((\r\n", NULL},
	{"nesting goes on behind a literal", "* 1 FETCH ((((((((((((((((((((((((((((((((((((((((({1}\r\nx((((((((((((((((((((((((((((((((((((((((\r\n", "nested deeper"},
	/* The parser sees no literal in free text, so the guard must not skip what follows. */
	{"no hiding behind a literal in text", "* OK {200}\r\n* 1 FETCH (((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((\r\n", "nested deeper"},
	{"no hiding behind a tagged text", "1 ok {200}\r\n* 1 FETCH (((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((\r\n", "nested deeper"},
	{"no hiding behind a continuation", "+ {200}\r\n* 1 FETCH (((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((\r\n", "nested deeper"},
	{"a quote in text hides nothing", "* OK it\"s\r\n* 1 FETCH (BODY[] {3}\r\n(((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((\r\n", "nested deeper"},
	{"a quote in text of one line", "* BYE \"((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((\r\n", "nested deeper"},
};

static void assert_verdict(const struct guard_case *c, const struct imap_guard *g, gsize step)
{
	if (!c->why && g->why)
		fail_msg("%s (pieces of %zu): stopped: %s", c->name, step, g->why);
	if (c->why && (!g->why || !strstr(g->why, c->why)))
		fail_msg("%s (pieces of %zu): %s", c->name, step, g->why ? g->why : "let through");
}

static void guard_judges(void **state)
{
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *bytes = g_strdup(cases[i].bytes);
		gsize n = strlen(bytes);
		for (gsize k = 0; k < n; k++)
			if (bytes[k] == 1)
				bytes[k] = '\0';
		for (gsize step = 1; step <= n; step = step < 4 ? step + 1 : step * 3) {
			struct imap_guard g;
			imap_guard_init(&g, MOST);
			for (gsize k = 0; k < n; k += step)
				imap_guard_feed(&g, bytes + k, MIN(step, n - k));
			assert_verdict(&cases[i], &g, step);
		}
	}
}

static void guard_stops_an_endless_line(void **state)
{
	g_autofree char *bytes = g_malloc(IMAP_GUARD_LINE + 1);
	memset(bytes, 'X', IMAP_GUARD_LINE + 1);
	struct imap_guard g;
	imap_guard_init(&g, MOST);
	assert_true(imap_guard_feed(&g, bytes, IMAP_GUARD_LINE));
	assert_false(imap_guard_feed(&g, "X", 1));
	assert_non_null(strstr(g.why, "endless line"));
	assert_false(imap_guard_feed(&g, "\r\n", 2)); /* it stays */
}

static void guard_counts_a_command(void **state)
{
	struct imap_guard g;
	imap_guard_init(&g, MOST);
	imap_guard_command(&g, 20);
	assert_true(imap_guard_feed(&g, "* OK 9012345678901\r\n", 20));
	imap_guard_command(&g, 20);
	assert_true(imap_guard_feed(&g, "* OK 9012345678901\r\n", 20));
	assert_false(imap_guard_feed(&g, "*", 1));
	assert_non_null(strstr(g.why, "more than was asked"));
}

static void guard_says_what_was_announced(void **state)
{
	struct imap_guard g;
	const char bytes[] = "* 1 FETCH (BODY[] {3}\r\nabc BODY[TEXT] {2}\r\nab)\r\n";
	imap_guard_init(&g, MOST);
	imap_guard_command(&g, 1000);
	assert_true(imap_guard_feed(&g, bytes, sizeof bytes - 1));
	assert_int_equal(g.announced, 5);
	assert_int_equal(g.literal_left, 0);
	assert_int_equal(g.depth, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(guard_judges),
		cmocka_unit_test(guard_stops_an_endless_line),
		cmocka_unit_test(guard_counts_a_command),
		cmocka_unit_test(guard_says_what_was_announced),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
