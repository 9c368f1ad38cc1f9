/* smtp: the submission session, on one kept libcurl handle.
 *
 * libcurl speaks the protocol; this file decides what an ending means. The line that matters is the final
 * dot: before it nothing was delivered, after it only the server knows. So the stages are counted here
 * (PREREQ: logged in, 354: the mail goes out, all bytes given: the dot may be out), and an ending without
 * an answer beyond the last stage is uncertain, never "failed".
 */
#include "gateway/smtp.h"
#include <arpa/inet.h>
#include <curl/curl.h>
#include <signal.h>
#include <string.h>

#define MOST_ANSWER (64 * 1024) /* bytes of all answers to one mail */
#define SLOWEST     (32 * 1024) /* bytes a second that a mail may take on top of the answers' time */
#define MOST_ADDRESS 320

struct smtp {
	CURL *curl;
	char *host, *url;
	char *login; /* the word for what is refused: password or token, and whose */
	guint seconds;
	bool needs_login, logged_in; /* of the connection, which may be older than the mail */
	char errors[CURL_ERROR_SIZE];
	/* of the running mail */
	struct curl_slist *to;
	const char *bytes;
	gsize size, given;
	bool no_login;        /* the server offered none */
	bool ready;           /* greeting, TLS and login are done; MAIL comes next */
	bool data;            /* 354 was seen */
	bool answered;        /* a whole answer after 354 */
	bool joining;         /* the last line promised another */
	int code;             /* of the last whole answer */
	gsize heard;
	GString *line;        /* its text, continuation lines joined */
};

/* --- what libcurl tells us ------------------------------------------------------------------------------ */

static size_t smtp_give(char *buffer, size_t size, size_t n, void *data)
{
	struct smtp *s = data;
	gsize most = MIN(size * n, s->size - s->given);
	memcpy(buffer, s->bytes + s->given, most);
	s->given += most;
	return most;
}

/* Each line the server says. The answer is whole when its line has no `-` behind the code. */
static size_t smtp_hear(char *text, size_t size, size_t n, void *data)
{
	struct smtp *s = data;
	gsize length = size * n;
	s->heard += length;
	if (s->heard > MOST_ANSWER)
		return 0; /* ends the transfer */
	if (length < 4 || !g_ascii_isdigit(text[0]) || !g_ascii_isdigit(text[1]) || !g_ascii_isdigit(text[2]))
		return length;
	int code = (text[0] - '0') * 100 + (text[1] - '0') * 10 + (text[2] - '0');
	bool whole = text[3] != '-';
	/* After a refusal libcurl says QUIT: the answer to that is not about the mail. */
	if (s->answered || code == 221 || (s->ready && s->code >= 400))
		return length;
	if (!s->joining)
		g_string_truncate(s->line, 0);
	for (gsize i = s->joining ? 3 : 0; i < length && s->line->len < 250; i++)
		if ((guchar)text[i] >= 0x20 && text[i] < 0x7f)
			g_string_append_c(s->line, i == 3 ? ' ' : text[i]);
	s->joining = !whole;
	if (!whole)
		return length;
	s->code = code;
	if (!s->ready && (code == 220 || code == 235))
		s->logged_in = code == 235;
	s->answered = s->data;
	s->data = s->data || (s->ready && code == 354);
	return length;
}

/* SMTP has no body to receive; libcurl's default would print it. */
static size_t smtp_drop(char *text, size_t size, size_t n, void *data)
{
	return size * n;
}

static int smtp_is_ready(void *data, char *ip, char *local_ip, int port, int local_port)
{
	struct smtp *s = data;
	/* libcurl goes on without a login when the server offers none. */
	s->no_login = s->needs_login && !s->logged_in;
	if (s->no_login)
		return CURL_PREREQFUNC_ABORT;
	s->ready = true;
	s->code = 0; /* what was said until now was about the session, not about the mail */
	g_string_truncate(s->line, 0);
	return CURL_PREREQFUNC_OK;
}

/* --- opening -------------------------------------------------------------------------------------------- */

static bool smtp_is_loopback(const char *host)
{
	struct in_addr four;
	struct in6_addr six;
	if (inet_pton(AF_INET, host, &four) == 1)
		return (ntohl(four.s_addr) >> 24) == 127;
	return inet_pton(AF_INET6, host, &six) == 1 && IN6_IS_ADDR_LOOPBACK(&six);
}

/* The host becomes part of a URL. */
static bool smtp_host_is_clean(const char *host)
{
	return *host
	       && strspn(host, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_:")
			  == strlen(host);
}

static bool smtp_is_clean(const char *value)
{
	for (; value && *value; value++)
		if ((guchar)*value < 0x20 || *value == 0x7f)
			return false;
	return true;
}

static bool smtp_options_ok(const struct smtp_options *o, GError **error)
{
	const char *wrong = NULL;
	bool known = !o->mechanism || strcmp(o->mechanism, "PLAIN") == 0 || strcmp(o->mechanism, "LOGIN") == 0
		|| strcmp(o->mechanism, "XOAUTH2") == 0;
	if (!o->host || !smtp_host_is_clean(o->host))
		wrong = "the server's name holds a character that no host name has";
	else if (!smtp_is_clean(o->user) || !smtp_is_clean(o->password) || !smtp_is_clean(o->token))
		wrong = "the user name, password or token holds a control character and is not sent";
	else if (o->user && !o->password && !o->token)
		wrong = "a password or token is needed for the user";
	else if (!known)
		wrong = "the mechanism is none of PLAIN, LOGIN, XOAUTH2";
	else if (o->security == SMTP_PLAIN_LOOPBACK && !smtp_is_loopback(o->host))
		wrong = "a session without TLS is for 127.0.0.0/8 and ::1 only";
	else if (o->security == SMTP_PLAIN_LOOPBACK && o->user)
		wrong = "a password is not sent without TLS";
	if (wrong)
		g_set_error_literal(error, NET_ERROR, NET_ERROR_VALUE, wrong);
	return !wrong;
}

static void smtp_set_security(struct smtp *s, const struct smtp_options *o)
{
	CURL *c = s->curl;
	curl_easy_setopt(c, CURLOPT_USE_SSL,
		o->security == SMTP_PLAIN_LOOPBACK ? (long)CURLUSESSL_NONE : (long)CURLUSESSL_ALL);
	curl_easy_setopt(c, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	curl_easy_setopt(c, CURLOPT_SSL_VERIFYPEER, 1L);
	curl_easy_setopt(c, CURLOPT_SSL_VERIFYHOST, 2L);
	if (!o->ca_file)
		return;
	/* Without the second line the system's folder of certificates would be trusted as well. */
	curl_easy_setopt(c, CURLOPT_CAINFO, o->ca_file);
	curl_easy_setopt(c, CURLOPT_CAPATH, NULL);
}

static void smtp_set_login(struct smtp *s, const struct smtp_options *o)
{
	if (!o->user)
		return;
	const char *mechanism = o->mechanism ? o->mechanism : o->token ? "XOAUTH2" : NULL;
	s->needs_login = true;
	s->login = g_strdup_printf("%s of %s", o->token ? "token" : "user name or password", o->user);
	g_autofree char *login =
		mechanism ? g_strconcat("AUTH=", mechanism, NULL) : g_strdup("AUTH=PLAIN;AUTH=LOGIN");
	curl_easy_setopt(s->curl, CURLOPT_USERNAME, o->user);
	curl_easy_setopt(s->curl, CURLOPT_LOGIN_OPTIONS, login);
	if (o->token)
		curl_easy_setopt(s->curl, CURLOPT_XOAUTH2_BEARER, o->token);
	else
		curl_easy_setopt(s->curl, CURLOPT_PASSWORD, o->password);
}

static void smtp_set_times(struct smtp *s)
{
	gint64 most = 8 * (gint64)s->seconds + (gint64)(s->size / SLOWEST);
	curl_easy_setopt(s->curl, CURLOPT_TIMEOUT, (long)most);
}

/* NOSIGNAL keeps libcurl from ignoring SIGPIPE for us; OpenSSL's writes to a closed peer raise it. */
static void smtp_ignore_sigpipe(void)
{
	struct sigaction now;
	if (sigaction(SIGPIPE, NULL, &now) == 0 && now.sa_handler == SIG_DFL)
		signal(SIGPIPE, SIG_IGN);
}

static void smtp_set_all(struct smtp *s, const struct smtp_options *o)
{
	CURL *c = s->curl;
	curl_easy_setopt(c, CURLOPT_URL, s->url);
	curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
	curl_easy_setopt(c, CURLOPT_PROXY, ""); /* whatever the environment says */
	curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(c, CURLOPT_TCP_NODELAY, 1L);
	curl_easy_setopt(c, CURLOPT_TCP_KEEPALIVE, 1L);
	curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT, (long)s->seconds * 2);
	curl_easy_setopt(c, CURLOPT_SERVER_RESPONSE_TIMEOUT, (long)s->seconds);
	curl_easy_setopt(c, CURLOPT_ERRORBUFFER, s->errors);
	curl_easy_setopt(c, CURLOPT_HEADERFUNCTION, smtp_hear);
	curl_easy_setopt(c, CURLOPT_HEADERDATA, s);
	curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, smtp_drop);
	curl_easy_setopt(c, CURLOPT_PREREQFUNCTION, smtp_is_ready);
	curl_easy_setopt(c, CURLOPT_PREREQDATA, s);
	smtp_set_security(s, o);
	smtp_set_login(s, o);
}

struct smtp *smtp_open(const struct smtp_options *o, GError **error)
{
	if (!smtp_options_ok(o, error))
		return NULL;
	smtp_ignore_sigpipe();
	struct smtp *s = g_new0(struct smtp, 1);
	s->curl = curl_easy_init();
	if (!s->curl)
		g_error("libcurl cannot be set up");
	bool six = strchr(o->host, ':') != NULL;
	s->host = g_strdup_printf("%s:%u", o->host, o->port);
	/* The path is what libcurl says after EHLO; without one it tells the machine's own name. */
	bool named = o->own_name && smtp_host_is_clean(o->own_name);
	s->url = g_strdup_printf("%s://%s%s%s:%u%s%s", o->security == SMTP_TLS ? "smtps" : "smtp", six ? "[" : "",
		o->host, six ? "]" : "", o->port, named ? "/" : "", named ? o->own_name : "");
	s->seconds = MAX(o->seconds, 1);
	s->line = g_string_new(NULL);
	smtp_set_all(s, o);
	return s;
}

void smtp_close(struct smtp *s)
{
	if (!s)
		return;
	curl_easy_cleanup(s->curl); /* says QUIT */
	curl_slist_free_all(s->to);
	g_string_free(s->line, TRUE);
	g_free(s->host);
	g_free(s->url);
	g_free(s->login);
	g_free(s);
}

/* --- the last look at the bytes ------------------------------------------------------------------------- */

/* No NUL, and CR and LF as a pair only: libcurl passes a bare LF through, and `\n.\n` would end the mail
 * early for some servers. */
static bool smtp_mail_is_clean(const char *bytes, gsize n)
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

/* libcurl writes the address between `<` and `>` as it is: anything that could end it or begin a parameter
 * is refused. */
static bool smtp_address_is_clean(const char *address)
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

static const char *smtp_refusal(const char *from, const char *to, GBytes *mail)
{
	gsize n;
	const char *bytes = g_bytes_get_data(mail, &n);
	if (!smtp_address_is_clean(from) || !smtp_address_is_clean(to))
		return "the address holds a character that is not sent";
	if (!n)
		return "the mail is empty";
	return smtp_mail_is_clean(bytes, n) ? NULL : "the mail holds a bare CR, a bare LF or a NUL";
}

/* --- one transaction ------------------------------------------------------------------------------------ */

static void smtp_say(struct smtp_answer *out, enum smtp_outcome outcome, int code, const char *line)
{
	out->outcome = outcome;
	out->code = code;
	g_strlcpy(out->line, line, sizeof out->line);
}

/* The server wants another login (530 to 538) or is going away (421): no mail's fault. */
static bool smtp_is_session_code(int code)
{
	return code == 421 || code == 454 || (code >= 530 && code <= 538 && code != 533);
}

static enum smtp_outcome smtp_outcome_of(int code)
{
	return code >= 500		   ? SMTP_REFUSED
	       : code >= 400		   ? SMTP_DEFERRED
	       : code >= 200 && code < 300 ? SMTP_ACCEPTED
					   : SMTP_DEFERRED;
}

static const char *smtp_why(const struct smtp *s, CURLcode result)
{
	if (s->no_login)
		return "the server does not offer the login";
	return *s->errors ? s->errors : curl_easy_strerror(result);
}

static void smtp_judge(const struct smtp *s, CURLcode result, struct smtp_answer *out)
{
	const char *why = smtp_why(s, result);
	if (s->answered && s->given == s->size) {
		smtp_say(out, s->code < 200 || s->code >= 600 ? SMTP_UNCERTAIN : smtp_outcome_of(s->code),
			s->code, s->line->str);
		out->session_down = s->code == 421;
	} else if (s->data && s->given == s->size) {
		smtp_say(out, SMTP_UNCERTAIN, 354, why);
		out->session_down = true;
	} else if (s->ready && s->code >= 400 && s->code < 600) {
		bool session = smtp_is_session_code(s->code);
		smtp_say(out, session ? SMTP_DEFERRED : smtp_outcome_of(s->code), s->code, s->line->str);
		out->session_down = session;
	} else {
		bool spoke = s->code >= 400 && s->line->len;
		smtp_say(out, SMTP_DEFERRED, s->code, spoke ? s->line->str : why);
		out->session_down = true;
	}
}

static CURLcode smtp_perform(struct smtp *s, bool fresh)
{
	s->given = s->heard = 0;
	s->ready = s->data = s->answered = s->joining = s->no_login = false;
	s->code = 0;
	s->errors[0] = '\0';
	g_string_truncate(s->line, 0);
	curl_easy_setopt(s->curl, CURLOPT_FRESH_CONNECT, fresh ? 1L : 0L);
	return curl_easy_perform(s->curl);
}

static bool smtp_was_kept(const struct smtp *s)
{
	long opened = 0;
	return curl_easy_getinfo(s->curl, CURLINFO_NUM_CONNECTS, &opened) == CURLE_OK && opened == 0;
}

static void smtp_set_mail(struct smtp *s, const char *from, const char *to, GBytes *mail)
{
	CURL *c = s->curl;
	s->bytes = g_bytes_get_data(mail, &s->size);
	curl_slist_free_all(s->to);
	s->to = curl_slist_append(NULL, to);
	curl_easy_setopt(c, CURLOPT_CONNECT_ONLY, 0L);
	curl_easy_setopt(c, CURLOPT_UPLOAD, 1L);
	curl_easy_setopt(c, CURLOPT_READFUNCTION, smtp_give);
	curl_easy_setopt(c, CURLOPT_READDATA, s);
	curl_easy_setopt(c, CURLOPT_INFILESIZE_LARGE, (curl_off_t)s->size);
	curl_easy_setopt(c, CURLOPT_MAIL_FROM, from);
	curl_easy_setopt(c, CURLOPT_MAIL_RCPT, s->to);
	smtp_set_times(s);
}

void smtp_send(struct smtp *s, const char *from, const char *to, GBytes *mail, struct smtp_answer *out)
{
	*out = (struct smtp_answer){0};
	const char *refusal = smtp_refusal(from, to, mail);
	if (refusal) {
		smtp_say(out, SMTP_REFUSED, 0, refusal);
		return;
	}
	smtp_set_mail(s, from, to, mail);
	smtp_judge(s, smtp_perform(s, false), out);
	/* A kept session that the server has closed or that is full says nothing about a new one; no byte
	 * of the mail was given. */
	if (out->outcome == SMTP_DEFERRED && out->session_down && !s->data && smtp_was_kept(s)) {
		*out = (struct smtp_answer){0};
		smtp_judge(s, smtp_perform(s, true), out);
	}
	curl_easy_setopt(s->curl, CURLOPT_MAIL_RCPT, NULL);
}

/* --- asking only ---------------------------------------------------------------------------------------- */

static enum net_error smtp_error_of(CURLcode result)
{
	static const struct { CURLcode code; enum net_error error; } rows[] = {
		{CURLE_LOGIN_DENIED, NET_ERROR_LOGIN}, {CURLE_USE_SSL_FAILED, NET_ERROR_TLS},
		{CURLE_PEER_FAILED_VERIFICATION, NET_ERROR_TLS}, {CURLE_SSL_CONNECT_ERROR, NET_ERROR_TLS},
		{CURLE_SSL_CACERT_BADFILE, NET_ERROR_TLS}, {CURLE_OPERATION_TIMEDOUT, NET_ERROR_TIMEOUT},
		{CURLE_WEIRD_SERVER_REPLY, NET_ERROR_PROTOCOL},
	};
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++)
		if (rows[i].code == result)
			return rows[i].error;
	return NET_ERROR_CONNECT;
}

/* 4xx is the server's own trouble whatever libcurl calls it: at AUTH it cannot ask for the password (RFC 4954 4), at STARTTLS
 * it cannot read its key (RFC 3207 4). */
static void smtp_probe_failed(const struct smtp *s, CURLcode result, GError **error)
{
	bool spoke = s->code >= 400 && s->line->len, login = result == CURLE_LOGIN_DENIED && s->login;
	bool later = spoke && (s->code < 500 || result == CURLE_WEIRD_SERVER_REPLY);
	enum net_error kind = later ? NET_ERROR_CONNECT : smtp_error_of(result);
	const char *says = spoke ? s->line->str : smtp_why(s, result);

	if (s->no_login)
		g_set_error(error, NET_ERROR, kind, "%s does not offer the login for the %s", s->host, s->login);
	else if (login)
		g_set_error(error, NET_ERROR, kind, "%s %s the %s: %s", s->host, later ? "cannot check now" : "refuses",
			s->login, says);
	else
		g_set_error(error, NET_ERROR, kind, "%s: %s", s->host, says);
}

bool smtp_probe(struct smtp *s, GError **error)
{
	/* A handle of its own: CONNECT_ONLY keeps its connection to itself. */
	struct smtp probe = *s;
	probe.curl = curl_easy_duphandle(s->curl);
	probe.line = g_string_new(NULL);
	probe.to = NULL;
	if (!probe.curl)
		g_error("libcurl cannot be set up");
	curl_easy_setopt(probe.curl, CURLOPT_CONNECT_ONLY, 1L);
	curl_easy_setopt(probe.curl, CURLOPT_UPLOAD, 0L);
	curl_easy_setopt(probe.curl, CURLOPT_TIMEOUT, 8L * (long)s->seconds);
	curl_easy_setopt(probe.curl, CURLOPT_ERRORBUFFER, probe.errors);
	curl_easy_setopt(probe.curl, CURLOPT_HEADERDATA, &probe);
	curl_easy_setopt(probe.curl, CURLOPT_PREREQDATA, &probe);
	CURLcode result = smtp_perform(&probe, true);
	if (probe.no_login)
		result = CURLE_LOGIN_DENIED;
	if (result != CURLE_OK)
		smtp_probe_failed(&probe, result, error);
	curl_easy_cleanup(probe.curl);
	g_string_free(probe.line, TRUE);
	return result == CURLE_OK;
}

bool smtp_library_ok(void)
{
	const curl_version_info_data *info = curl_version_info(CURLVERSION_NOW);
	return info && info->ssl_version && g_str_has_prefix(info->ssl_version, "OpenSSL");
}
