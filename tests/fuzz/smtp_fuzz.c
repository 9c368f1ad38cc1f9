/* smtp_fuzz: from, to and a mail, a line each and the rest. Whatever passes the refusals is three commands and a mail with one
 * final dot, and the mail that the server makes of it is the one that was given. The lines are read as a server's answers, too.
 */
#include "gateway/smtp_text.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void need(bool holds) { if (!holds) abort(); }

/* What a server does (RFC 5321 4.5.2). */
static GString *received(const GString *body)
{
	GString *out = g_string_new(NULL);
	const char *end = body->str + body->len;

	for (const char *line = body->str, *next; line < end; line = next) {
		next = (const char *)memchr(line, '\n', (size_t)(end - line)) + 1;
		if (next - line == SMTP_DOT && *line == '.') {
			need(next == end);
			return out;
		}
		line += *line == '.';
		g_string_append_len(out, line, next - line);
	}
	abort();
}

/* One line; what stands between its brackets is one word. */
static void look_at(const char *line, bool address)
{
	const char *open = strchr(line, '<'), *close = strchr(line, '>');

	need(strcspn(line, "\r\n") + 2 == strlen(line) && g_str_has_suffix(line, "\r\n"));
	need(!address == !open && !address == !close);
	need(!address || (open == strrchr(line, '<') && close == strrchr(line, '>') && open + strcspn(open, " >\t") == close));
}

static void send_all(const char *from, const char *to, GBytes *mail)
{
	if (smtp_text_refusal(from, to, mail))
		return;
	gsize n;
	const char *bytes = g_bytes_get_data(mail, &n);
	struct smtp_commands c = smtp_text_commands(from, to, n, (guint)n);
	for (guint i = 0; i < G_N_ELEMENTS(c.lines); i++)
		look_at(c.lines[i], i < 2);
	smtp_text_commands_clear(&c);
	g_autoptr(GString) body = smtp_text_body(mail), got = received(body);
	need(got->len >= n && memcmp(got->str, bytes, n) == 0 && (got->len == n || strcmp(got->str + n, "\r\n") == 0));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autofree char *text = g_strndup((const char *)data, size);
	g_auto(GStrv) parts = g_strsplit(text, "\n", 3);
	for (char **p = parts; *p; p++) {
		int code = smtp_text_code(*p, strlen(*p));
		need(code >= -1 && code <= 999 && (code == 250 || !smtp_text_ability(*p, strlen(*p))));
	}
	if (g_strv_length(parts) == 3) {
		g_autoptr(GBytes) mail = g_bytes_new(parts[2], strlen(parts[2]));
		send_all(parts[0], parts[1], mail);
	}
	return 0;
}
