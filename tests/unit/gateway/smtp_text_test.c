/* smtp_text: what is said to a server, byte for byte. What never leaves is tried in smtp_test. */
#include "gateway/smtp_text.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

static const struct { const char *mail, *sent; } bodies[] = {
	{"a: b\r\n\r\nx\r\n", "a: b\r\n\r\nx\r\n.\r\n"},
	{".a\r\n", "..a\r\n.\r\n"},
	{"a\r\n.\r\n", "a\r\n..\r\n.\r\n"},
	{"a\r\n..\r\n.\r\nb.\r\n", "a\r\n...\r\n..\r\nb.\r\n.\r\n"},
	{"no end", "no end\r\n.\r\n"},
	{"a\r\n.", "a\r\n..\r\n.\r\n"},
	{"a.\r\nb", "a.\r\nb\r\n.\r\n"},
};

static void dots_are_doubled_and_one_ends_it(void **state)
{
	for (gsize i = 0; i < G_N_ELEMENTS(bodies); i++) {
		g_autoptr(GBytes) mail = g_bytes_new_static(bodies[i].mail, strlen(bodies[i].mail));
		g_autoptr(GString) body = smtp_text_body(mail);
		assert_string_equal(body->str, bodies[i].sent);
	}
}

static const struct { const char *line; int code; guint ability; } lines[] = {
	{"250-PIPELINING\r\n", 250, SMTP_PIPELINING}, {"250 pipelining\r\n", 250, SMTP_PIPELINING},
	{"250-SIZE 50000000\r\n", 250, SMTP_SIZE}, {"250-SIZE\n", 250, SMTP_SIZE}, {"250 SMTPUTF8\r\n", 250, SMTP_UTF8},
	{"250-DSN\r\n", 250, SMTP_DSN},
	{"250-PIPELININGS\r\n", 250, 0}, {"250-X PIPELINING\r\n", 250, 0}, {"220 PIPELINING\r\n", 220, 0}, {"250-SIZ\r\n", 250, 0},
	{"250\r\n", 250, 0}, {"550 no\r\n", 550, 0}, {"25\r\n", -1, 0}, {"\r\n", -1, 0}, {"x50 no\r\n", -1, 0}, {"", -1, 0},
};

static void answers_are_read_by_line(void **state)
{
	for (gsize i = 0; i < G_N_ELEMENTS(lines); i++) {
		gsize n = strlen(lines[i].line);
		if (smtp_text_code(lines[i].line, n) != lines[i].code || smtp_text_ability(lines[i].line, n) != lines[i].ability)
			fail_msg("%s", lines[i].line);
	}
}

static const struct { const char *from, *to; guint abilities; const char *sent; } commands[] = {
	{"a@b.test", "c@d.test", 0, "MAIL FROM:<a@b.test>\r\nRCPT TO:<c@d.test>\r\nDATA\r\n"},
	{"a@b.test", "c@d.test", SMTP_SIZE | SMTP_UTF8 | SMTP_PIPELINING, "MAIL FROM:<a@b.test> SIZE=7\r\nRCPT TO:<c@d.test>\r\nDATA\r\n"},
	{"a@b.test", "\xc3\xa9@d.test", SMTP_UTF8, "MAIL FROM:<a@b.test> SMTPUTF8\r\nRCPT TO:<\xc3\xa9@d.test>\r\nDATA\r\n"},
	{"a@b.test", "\xc3\xa9@d.test", 0, "MAIL FROM:<a@b.test>\r\nRCPT TO:<\xc3\xa9@d.test>\r\nDATA\r\n"},
	{"a@b.test", "c+1=x@d.test", SMTP_DSN, "MAIL FROM:<a@b.test> RET=HDRS\r\nRCPT TO:<c+1=x@d.test> ORCPT=rfc822;c+2B1+3Dx@d.test\r\nDATA\r\n"},
	{"a@b.test", "\xc3\xa9@d.test", SMTP_DSN, "MAIL FROM:<a@b.test> RET=HDRS\r\nRCPT TO:<\xc3\xa9@d.test>\r\nDATA\r\n"},
	{"a@b.test", "c@d\xef\xbc\x9e.test", 0, "MAIL FROM:<a@b.test>\r\nRCPT TO:<c@d\xef\xbc\x9e.test>\r\nDATA\r\n"},
	{"a@b\xc3\xbc.test", "c@d\xc3\xbc.test", 0, "MAIL FROM:<a@xn--b-eha.test>\r\nRCPT TO:<c@xn--d-eha.test>\r\nDATA\r\n"},
};

static void commands_say_what_the_server_can(void **state)
{
	for (gsize i = 0; i < G_N_ELEMENTS(commands); i++) {
		struct smtp_commands c = smtp_text_commands(commands[i].from, commands[i].to, 7, commands[i].abilities);
		g_autofree char *all = g_strconcat(c.lines[0], c.lines[1], c.lines[2], NULL);
		assert_string_equal(all, commands[i].sent);
		smtp_text_commands_clear(&c);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dots_are_doubled_and_one_ends_it),
		cmocka_unit_test(answers_are_read_by_line),
		cmocka_unit_test(commands_say_what_the_server_can),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
