/* imap_login: greeting, STARTTLS, capabilities, authentication.
 *
 * No command with a secret is written before tls_is_secure, whatever the server offers. After STARTTLS
 * nothing that was said in the clear is believed: bytes that came along with the answer end the session
 * (CVE-2020-15953), capabilities are asked again.
 */
#include "gateway/imap_session.h"
#include <string.h>

#define SMALL_ANSWER (256 * 1024)
#define LOGIN_TAG "gwA"

static bool login_capabilities(struct imap *s, GError **error)
{
	/* Not mailimap_capability(): it follows a NULL when the server answers OK and lists nothing. */
	imap_stream_command(s, SMALL_ANSWER);
	int r = mailimap_custom_command(s->im, "CAPABILITY");
	if (r != MAILIMAP_NO_ERROR)
		return imap_fail(s, r, "CAPABILITY", error);
	if (!s->im->imap_connection_info || !s->im->imap_connection_info->imap_capability)
		return imap_fail_with(s, NET_ERROR_PROTOCOL, error, "the server names no capability");
	return true;
}

static bool login_greeting(struct imap *s, mailstream *stream, GError **error)
{
	imap_stream_command(s, SMALL_ANSWER);
	int r = mailimap_connect(s->im, stream);
	if (r == MAILIMAP_NO_ERROR_NON_AUTHENTICATED)
		return true;
	/* PREAUTH would keep STARTTLS from being said (RFC 9051 11.1), and we have given nobody a reason to
	 * know us. */
	if (r == MAILIMAP_NO_ERROR_AUTHENTICATED)
		return imap_fail_with(
			s, NET_ERROR_TLS, error, "the server says PREAUTH before it knows us; refused");
	return imap_fail(s, r, "greeting", error);
}

static bool login_starttls(struct imap *s, GError **error)
{
	if (!login_capabilities(s, error))
		return false;
	if (!mailimap_has_extension(s->im, (char *)"STARTTLS"))
		return imap_fail_with(s, NET_ERROR_TLS, error,
			"the server does not offer STARTTLS; nothing is sent without it");
	imap_stream_command(s, SMALL_ANSWER);
	int r = mailimap_starttls(s->im);
	if (imap_stream_buffered(s) != 0)
		return imap_fail_with(s, NET_ERROR_TLS, error,
			"bytes came with the answer to STARTTLS, before TLS; refused");
	if (r == MAILIMAP_ERROR_STARTTLS)
		return imap_fail_with(s, NET_ERROR_TLS, error, "the server offers STARTTLS and refuses it");
	if (r != MAILIMAP_NO_ERROR)
		return imap_fail(s, r, "STARTTLS", error);
	mailimap_connection_info_free(s->im->imap_connection_info);
	s->im->imap_connection_info = mailimap_connection_info_new();
	if (tls_start(s->tls, error))
		return true;
	s->dead = true;
	return false;
}

/* RFC 5530: what says nothing about the password. */
static bool login_is_later(const char *words)
{
	static const char *const codes[] = {"[UNAVAILABLE]", "[INUSE]", "[LIMIT]", "[SERVERBUG]"};
	for (guint i = 0; i < G_N_ELEMENTS(codes); i++)
		if (strstr(words, codes[i]))
			return true;
	return false;
}

/* The one sentence about a NO: who refuses whom, in the server's words. */
static bool login_refused(struct imap *s, const struct imap_options *o, const char *words, GError **error)
{
	bool later = login_is_later(words);
	return imap_fail_with(s, later ? NET_ERROR_CONNECT : NET_ERROR_LOGIN, error, "%s:%u %s the %s of %s: %s", o->host,
		o->port, later ? "cannot check now" : "refuses", o->token ? "token" : "user name or password", o->user, words);
}

/* The same for a login that libetpan said. */
static bool login_judge(struct imap *s, const struct imap_options *o, int r, const char *doing, GError **error)
{
	const struct mailimap_response_info *info = s->im->imap_response_info;
	if (r == MAILIMAP_NO_ERROR)
		return true;
	if (r != MAILIMAP_ERROR_LOGIN || s->guard.why || tls_why(s->tls))
		return imap_fail(s, r, doing, error);
	const char *code = info ? info->rsp_atom : NULL, *text = s->im->imap_response;
	g_autofree char *words = g_strdup_printf(
		"NO %s%s%s%s", code ? "[" : "", code ? code : "", code ? "] " : "", text ? text : "");
	return login_refused(s, o, words, error);
}

/* AUTHENTICATE with its initial response after the continuation, which every server takes (SASL-IR is not
 * needed). Not mailimap_authenticate(): that loads libsasl's plug-ins. */
static bool login_plain(struct imap *s, const struct imap_options *o, GError **error)
{
	g_autoptr(GString) line = g_string_new(NULL);
	g_autoptr(GString) message = g_string_new(NULL);
	g_string_append_c(message, '\0');
	g_string_append(message, o->user);
	g_string_append_c(message, '\0');
	g_string_append(message, o->password);
	g_autofree char *base64 = g_base64_encode((const guchar *)message->str, message->len);
	g_autofree char *answer = g_strconcat(base64, "\r\n", NULL);
	bool asked = false;
	imap_stream_command(s, SMALL_ANSWER);
	bool ok = imap_stream_send(s, LOGIN_TAG " AUTHENTICATE PLAIN\r\n");
	while (ok && (ok = imap_stream_line(s, line)) && !g_str_has_prefix(line->str, LOGIN_TAG " ")) {
		if (line->str[0] == '+' && !asked)
			ok = imap_stream_send(s, answer);
		asked = asked || line->str[0] == '+';
	}
	explicit_bzero(message->str, message->len);
	explicit_bzero(base64, strlen(base64));
	explicit_bzero(answer, strlen(answer));
	if (!ok)
		return imap_fail(s, MAILIMAP_ERROR_STREAM, "AUTHENTICATE", error);
	if (g_ascii_strncasecmp(line->str, LOGIN_TAG " OK", strlen(LOGIN_TAG " OK")) != 0)
		return login_refused(s, o, line->str + strlen(LOGIN_TAG " "), error);
	s->im->imap_state = MAILIMAP_STATE_AUTHENTICATED;
	return true;
}

static bool login_token(struct imap *s, const struct imap_options *o, GError **error)
{
	/* Asked before the login: the list changes after it. */
	if (!mailimap_has_xoauth2(s->im))
		return imap_fail_with(s, NET_ERROR_LOGIN, error, "%s:%u does not offer XOAUTH2 for the token of %s",
			o->host, o->port, o->user);
	imap_stream_command(s, SMALL_ANSWER);
	int r = mailimap_oauth2_authenticate(s->im, o->user, o->token);
	return login_judge(s, o, r, "AUTHENTICATE XOAUTH2", error);
}

static bool login_password(struct imap *s, const struct imap_options *o, GError **error)
{
	if (mailimap_has_authentication(s->im, "PLAIN"))
		return login_plain(s, o, error);
	if (mailimap_has_extension(s->im, (char *)"LOGINDISABLED"))
		return imap_fail_with(
			s, NET_ERROR_LOGIN, error, "%s:%u offers neither AUTH=PLAIN nor LOGIN for the password of %s",
			o->host, o->port, o->user);
	imap_stream_command(s, SMALL_ANSWER);
	int r = mailimap_login(s->im, o->user, o->password);
	return login_judge(s, o, r, "LOGIN", error);
}

bool imap_login_start(struct imap *s, const struct imap_options *o, GError **error)
{
	if (o->security == IMAP_TLS && !tls_start(s->tls, error))
		return !(s->dead = true);
	mailstream *stream = imap_stream_new(s);
	if (!login_greeting(s, stream, error))
		return false;
	if (o->security == IMAP_STARTTLS && !login_starttls(s, error))
		return false;
	if (!tls_is_secure(s->tls))
		return imap_fail_with(s, NET_ERROR_TLS, error, "no login without TLS");
	if (!login_capabilities(s, error))
		return false;
	if (!(o->token ? login_token : login_password)(s, o, error) || !login_capabilities(s, error))
		return false;
	s->has_idle = mailimap_has_extension(s->im, (char *)"IDLE");
	s->has_move = mailimap_has_extension(s->im, (char *)"MOVE");
	return true;
}
