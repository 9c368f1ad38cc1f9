/* smtp_text: see the header. */
#include "gateway/smtp_text.h"
#include <string.h>

#define MOST_ADDRESS 320

/* --- the last look at the bytes ------------------------------------------------------------------------- */

/* No NUL, and CR and LF as a pair only: `\n.\n` would end the mail early for some servers. */
static bool mail_is_clean(const char *bytes, gsize n)
{
	const char *end = bytes + n, *p = bytes;
	if (memchr(bytes, '\0', n))
		return false;
	while ((p = memchr(p, '\r', (gsize)(end - p)))) {
		if (p + 1 == end || p[1] != '\n')
			return false;
		p += 2;
	}
	for (p = bytes; (p = memchr(p, '\n', (gsize)(end - p))); p++)
		if (p == bytes || p[-1] != '\r')
			return false;
	return true;
}

/* The address stands between `<` and `>` as it is: anything that could end it or begin a parameter is refused. */
static bool address_is_clean(const char *address)
{
	gsize n = strlen(address);
	const char *at = strrchr(address, '@');
	if (n > MOST_ADDRESS || !at || at == address || !at[1] || !g_utf8_validate(address, (gssize)n, NULL))
		return false;
	for (const char *p = address; *p; p++)
		if ((guchar)*p <= 0x20 || *p == 0x7f || strchr("<>\"\\,;()", *p))
			return false;
	return true;
}

const char *smtp_text_refusal(const char *from, const char *to, GBytes *mail)
{
	gsize n;
	const char *bytes = g_bytes_get_data(mail, &n);
	if (!address_is_clean(from) || !address_is_clean(to))
		return "the address holds a character that is not sent";
	if (!n)
		return "the mail is empty";
	return mail_is_clean(bytes, n) ? NULL : "the mail holds a bare CR, a bare LF or a NUL";
}

bool smtp_text_is_clean(const char *value)
{
	for (; value && *value; value++)
		if ((guchar)*value < 0x20 || *value == 0x7f)
			return false;
	return true;
}

bool smtp_text_is_host(const char *host)
{
	return *host && strspn(host, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_:") == strlen(host);
}

/* --- answers and commands ------------------------------------------------------------------------------------------- */

int smtp_text_code(const char *line, gsize n)
{
	if (n < 4 || !g_ascii_isdigit(line[0]) || !g_ascii_isdigit(line[1]) || !g_ascii_isdigit(line[2]))
		return -1;
	return (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
}

guint smtp_text_ability(const char *line, gsize n)
{
	static const struct { const char *word; enum smtp_ability ability; } rows[] = {
		{"PIPELINING", SMTP_PIPELINING}, {"SIZE", SMTP_SIZE}, {"SMTPUTF8", SMTP_UTF8}, {"DSN", SMTP_DSN},
	};
	if (smtp_text_code(line, n) != 250)
		return 0;
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		gsize length = strlen(rows[i].word);
		if (n - 4 > length && g_ascii_strncasecmp(line + 4, rows[i].word, length) == 0 && (guchar)line[4 + length] <= ' ')
			return rows[i].ability;
	}
	return 0;
}

/* As it is when the domain has no ASCII form, or one that ends the address: a wide U+FF1E becomes ">" in it. */
static char *ascii_domain(const char *address)
{
	const char *at = strrchr(address, '@');
	g_autofree char *domain = g_str_is_ascii(at) ? NULL : g_hostname_to_ascii(at + 1);
	g_autofree char *whole = domain ? g_strdup_printf("%.*s@%s", (int)(at - address), address, domain) : NULL;
	return g_strdup(whole && address_is_clean(whole) ? whole : address);
}

/* RFC 3461 4.2: xtext. An address that is not ASCII has a form of its own, which few servers know. */
static void append_original(GString *out, const char *to)
{
	if (!g_str_is_ascii(to))
		return;
	g_string_append(out, " ORCPT=rfc822;");
	for (; *to; to++)
		if (*to > ' ' && *to != '+' && *to != '=' && *to != 0x7f)
			g_string_append_c(out, *to);
		else
			g_string_append_printf(out, "+%02X", *to);
}

struct smtp_commands smtp_text_commands(const char *from, const char *to, gsize size, guint abilities)
{
	g_autofree char *sender = ascii_domain(from), *recipient = ascii_domain(to);
	g_autoptr(GString) mail = g_string_new(NULL), rcpt = g_string_new(NULL);
	g_string_printf(mail, "MAIL FROM:<%s>", sender);
	g_string_printf(rcpt, "RCPT TO:<%s>", recipient);
	if (abilities & SMTP_SIZE)
		g_string_append_printf(mail, " SIZE=%zu", size);
	if (abilities & SMTP_UTF8 && !(g_str_is_ascii(from) && g_str_is_ascii(to)))
		g_string_append(mail, " SMTPUTF8");
	if (abilities & SMTP_DSN) {
		g_string_append(mail, " RET=HDRS");
		append_original(rcpt, to);
	}
	g_string_append(mail, "\r\n");
	g_string_append(rcpt, "\r\n");
	return (struct smtp_commands){{g_strdup(mail->str), g_strdup(rcpt->str), g_strdup("DATA\r\n")}};
}

void smtp_text_commands_clear(struct smtp_commands *c)
{
	for (guint i = 0; i < G_N_ELEMENTS(c->lines); i++)
		g_clear_pointer(&c->lines[i], g_free);
}

/* --- the body ------------------------------------------------------------------------------------------- */

GString *smtp_text_body(GBytes *mail)
{
	gsize n;
	const char *at = g_bytes_get_data(mail, &n), *end = at + n, *dot;
	GString *out = g_string_sized_new(n + n / 64 + 8);
	if (n && *at == '.')
		g_string_append_c(out, '.');
	for (; (dot = memmem(at, (gsize)(end - at), "\n.", 2)); at = dot + 2) {
		g_string_append_len(out, at, dot + 2 - at);
		g_string_append_c(out, '.');
	}
	g_string_append_len(out, at, end - at);
	if (!g_str_has_suffix(out->str, "\r\n"))
		g_string_append(out, "\r\n");
	return g_string_append(out, ".\r\n");
}
