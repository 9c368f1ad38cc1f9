/* log_test: one event, one line; nothing in it can break a line or show an identity number. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>
#include "gateway/log.h"

/* What a logging call writes to stderr, without the time. */
static char *caught(void (*call)(const char *value), const char *value)
{
	static char line[8192];
	int ends[2], kept = dup(STDERR_FILENO);
	gssize n;

	assert_int_equal(pipe(ends), 0);
	dup2(ends[1], STDERR_FILENO);
	call(value);
	dup2(kept, STDERR_FILENO);
	close(kept);
	close(ends[1]);
	n = read(ends[0], line, sizeof line - 1);
	close(ends[0]);
	assert_true(n > 26);
	line[n] = '\0';
	assert_ptr_equal(strchr(line, '\n'), line + n - 1); /* one line, and its end */
	line[n - 1] = '\0';
	return line + 26;
}

static void one_value(const char *value)
{
	log_event("mail", "value", value, NULL);
}

static const struct { const char *value, *line; } cases[] = {
	{ "plain", "info test mail value=plain" },
	{ "two words", "info test mail value=\"two words\"" },
	{ "", "info test mail value=\"\"" },
	{ "a=b", "info test mail value=\"a=b\"" },
	{ "say \"x\"", "info test mail value=\"say \\\"x\\\"\"" },
	{ "a\nerror test forged", "info test mail value=\"a\\nerror test forged\"" },
	{ "\x1b[2J", "info test mail value=\"\\x1b[2J\"" },
	{ "\xc2\x9b" "2J", "info test mail value=\"\\x9b2J\"" },
	{ "bad\xff", "info test mail value=\"bad\xef\xbf\xbd\"" },
	{ "10000000146", "info test mail value=100******46" },
	{ "tckn:10000000146,", "info test mail value=tckn:100******46," },
	{ "99999999999", "info test mail value=999******99" },
	{ "100000001461", "info test mail value=100000001461" },
	{ "1000000014", "info test mail value=1000000014" },
	{ "10000000146 10000000146", "info test mail value=\"100******46 100******46\"" },
	{ NULL, "info test mail" },
};

static void lines(void **state)
{
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
		assert_string_equal(caught(one_value, cases[i].value), cases[i].line);
}

static void with_error(const char *value)
{
	g_autoptr(GError) error = g_error_new(g_quark_from_static_string("t"), 1, "row of 10000000146: %s", value);

	log_error("mail", error, "id", "7", NULL);
}

static void errors(void **state)
{
	assert_string_equal(caught(with_error, "bad"), "error test mail id=7 reason=\"row of 100******46: bad\"");
}

static void long_lines_are_cut(void **state)
{
	g_autofree char *text = g_strnfill(7000, 'x');
	gsize len = strlen(caught(one_value, text));

	assert_true(len > 3000 && len < 4100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines),
		cmocka_unit_test(errors),
		cmocka_unit_test(long_lines_are_cut),
	};

	log_process("test");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
