/* smtp_session: see the header. libcurl connects, asks for TLS and logs in; what it hears on the way is read here, too. */
#include "gateway/smtp_session.h"
#include "gateway/clock.h"
#include "gateway/smtp_text.h"
#include <arpa/inet.h>
#include <curl/curl.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>

#define MOST_ANSWER (64 * 1024) /* bytes of all answers to one mail */
#define PIECE       (64 * 1024) /* written at a time: how often it is looked whether the server still takes any */
#define GOODBYE_MS  1000

G_STATIC_ASSERT(sizeof(((struct smtp *)NULL)->errors) >= CURL_ERROR_SIZE);

bool smtp_session_fail(struct smtp *s, const char *why)
{
	if (!*s->errors)
		g_strlcpy(s->errors, why, sizeof s->errors);
	return false;
}

/* ---- what the server says ---- */

/* One line. true: the answer is whole; its last line has no `-` behind the code. */
static bool take_line(struct smtp *s, const char *text, gsize n)
{
	if (!s->joining)
		g_string_truncate(s->line, 0);
	for (gsize i = s->joining ? 3 : 0; i < n && s->line->len < 250; i++)
		if ((guchar)text[i] >= 0x20 && text[i] < 0x7f)
			g_string_append_c(s->line, i == 3 ? ' ' : text[i]);
	s->joining = text[3] == '-';
	if (!s->joining)
		s->code = smtp_text_code(text, n);
	return !s->joining;
}

/* What libcurl hears until the login is done. */
static size_t hear(char *text, size_t size, size_t n, void *data)
{
	struct smtp *s = data;
	gsize length = size * n;
	s->heard += length;
	if (s->heard > MOST_ANSWER)
		return 0; /* ends the transfer */
	/* After a refusal libcurl says QUIT: the answer to that tells nothing. */
	if (smtp_text_code(text, length) < 0 || smtp_text_code(text, length) == 221)
		return length;
	s->abilities |= smtp_text_ability(text, length);
	if (!take_line(s, text, length))
		return length;
	if (s->code == 220) /* the greeting, or TLS begins: what was said before it does not count */
		s->abilities = 0;
	if (s->code == 220 || s->code == 235)
		s->logged_in = s->code == 235;
	return length;
}

/* SMTP has no body to receive; libcurl's default would print it. */
static size_t drop(char *text, size_t size, size_t n, void *data)
{
	return size * n;
}

/* libcurl goes on without a login when the server offers none. */
static int is_ready(void *data, char *ip, char *local_ip, int port, int local_port)
{
	struct smtp *s = data;
	s->no_login = s->needs_login && !s->logged_in;
	return s->no_login ? CURL_PREREQFUNC_ABORT : CURL_PREREQFUNC_OK;
}

/* ---- opening ---- */

static bool is_loopback(const char *host)
{
	struct in_addr four;
	struct in6_addr six;
	if (inet_pton(AF_INET, host, &four) == 1)
		return (ntohl(four.s_addr) >> 24) == 127;
	return inet_pton(AF_INET6, host, &six) == 1 && IN6_IS_ADDR_LOOPBACK(&six);
}

static bool options_ok(const struct smtp_options *o, GError **error)
{
	const char *wrong = NULL;
	bool known = !o->mechanism || strcmp(o->mechanism, "PLAIN") == 0 || strcmp(o->mechanism, "LOGIN") == 0
		|| strcmp(o->mechanism, "XOAUTH2") == 0;
	if (!o->host || !smtp_text_is_host(o->host))
		wrong = "the server's name holds a character that no host name has";
	else if (!smtp_text_is_clean(o->user) || !smtp_text_is_clean(o->password) || !smtp_text_is_clean(o->token))
		wrong = "the user name, password or token holds a control character and is not sent";
	else if (o->user && !o->password && !o->token)
		wrong = "a password or token is needed for the user";
	else if (!known)
		wrong = "the mechanism is none of PLAIN, LOGIN, XOAUTH2";
	else if (o->security == SMTP_PLAIN_LOOPBACK && !is_loopback(o->host))
		wrong = "a session without TLS is for 127.0.0.0/8 and ::1 only";
	else if (o->security == SMTP_PLAIN_LOOPBACK && o->user)
		wrong = "a password is not sent without TLS";
	if (wrong)
		g_set_error_literal(error, NET_ERROR, NET_ERROR_VALUE, wrong);
	return !wrong;
}

static void set_security(struct smtp *s, const struct smtp_options *o)
{
	CURL *c = s->model;
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

static void set_login(struct smtp *s, const struct smtp_options *o)
{
	if (!o->user)
		return;
	const char *mechanism = o->mechanism ? o->mechanism : o->token ? "XOAUTH2" : NULL;
	s->needs_login = true;
	s->login = g_strdup_printf("%s of %s", o->token ? "token" : "user name or password", o->user);
	g_autofree char *login =
		mechanism ? g_strconcat("AUTH=", mechanism, NULL) : g_strdup("AUTH=PLAIN;AUTH=LOGIN");
	curl_easy_setopt(s->model, CURLOPT_USERNAME, o->user);
	curl_easy_setopt(s->model, CURLOPT_LOGIN_OPTIONS, login);
	if (o->token)
		curl_easy_setopt(s->model, CURLOPT_XOAUTH2_BEARER, o->token);
	else
		curl_easy_setopt(s->model, CURLOPT_PASSWORD, o->password);
}

/* NOSIGNAL keeps libcurl from ignoring SIGPIPE for us; OpenSSL's writes to a closed peer raise it. */
static void ignore_sigpipe(void)
{
	struct sigaction now;
	if (sigaction(SIGPIPE, NULL, &now) == 0 && now.sa_handler == SIG_DFL)
		signal(SIGPIPE, SIG_IGN);
}

static void set_all(struct smtp *s, const struct smtp_options *o)
{
	CURL *c = s->model;
	curl_easy_setopt(c, CURLOPT_URL, s->url);
	curl_easy_setopt(c, CURLOPT_CONNECT_ONLY, 1L); /* and the login, with SMTP */
	curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
	curl_easy_setopt(c, CURLOPT_PROXY, ""); /* whatever the environment says */
	curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(c, CURLOPT_TCP_NODELAY, 1L);
	curl_easy_setopt(c, CURLOPT_TCP_KEEPALIVE, 1L);
	curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT, (long)s->seconds * 2);
	curl_easy_setopt(c, CURLOPT_TIMEOUT, 8L * (long)s->seconds);
	curl_easy_setopt(c, CURLOPT_SERVER_RESPONSE_TIMEOUT, (long)s->seconds);
	curl_easy_setopt(c, CURLOPT_ERRORBUFFER, s->errors);
	curl_easy_setopt(c, CURLOPT_HEADERFUNCTION, hear);
	curl_easy_setopt(c, CURLOPT_HEADERDATA, s);
	curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, drop);
	curl_easy_setopt(c, CURLOPT_PREREQFUNCTION, is_ready);
	curl_easy_setopt(c, CURLOPT_PREREQDATA, s);
	set_security(s, o);
	set_login(s, o);
}

struct smtp *smtp_session_new(const struct smtp_options *o, GError **error)
{
	if (!options_ok(o, error))
		return NULL;
	ignore_sigpipe();
	struct smtp *s = g_new0(struct smtp, 1);
	s->model = curl_easy_init();
	if (!s->model)
		g_error("libcurl cannot be set up");
	bool six = strchr(o->host, ':') != NULL;
	s->host = g_strdup_printf("%s:%u", o->host, o->port);
	/* The path is what libcurl says after EHLO; without one it tells the machine's own name. */
	bool named = o->own_name && smtp_text_is_host(o->own_name);
	s->url = g_strdup_printf("%s://%s%s%s:%u%s%s", o->security == SMTP_TLS ? "smtps" : "smtp", six ? "[" : "",
		o->host, six ? "]" : "", o->port, named ? "/" : "", named ? o->own_name : "");
	s->seconds = MAX(o->seconds, 1);
	s->line = g_string_new(NULL);
	s->in = g_string_new(NULL);
	set_all(s, o);
	return s;
}

/* ---- the session ---- */

/* For one answer or one piece; all that is waited for a mail has its own bound. */
static bool wait_for(struct smtp *s, short events)
{
	gint64 left = MIN(s->until - clock_monotonic_ms(), (gint64)s->seconds * 1000);
	struct pollfd p = {.fd = s->socket, .events = events};
	int n = left > 0 ? poll(&p, 1, (int)left) : 0;
	return n > 0 || (n < 0 && errno == EINTR) || smtp_session_fail(s, "the server does not answer in time");
}

bool smtp_session_write(struct smtp *s, const char *bytes, gsize n, gsize *given)
{
	while (*given < n) {
		size_t some = 0;
		CURLcode result = curl_easy_send(s->curl, bytes + *given, MIN(n - *given, PIECE), &some);
		*given += some;
		if (result == CURLE_AGAIN ? !wait_for(s, POLLOUT) : result != CURLE_OK)
			return smtp_session_fail(s, curl_easy_strerror(result));
	}
	return true;
}

static bool read_more(struct smtp *s)
{
	char piece[16 * 1024]; /* a whole record of TLS: nothing stays behind where poll does not see it */
	size_t n = 0;
	CURLcode result = curl_easy_recv(s->curl, piece, sizeof piece, &n);
	if (result == CURLE_AGAIN)
		return wait_for(s, POLLIN);
	if (result != CURLE_OK || !n)
		return smtp_session_fail(s, "the server ended the session");
	s->heard += n;
	g_string_append_len(s->in, piece, (gssize)n);
	return s->heard <= MOST_ANSWER || smtp_session_fail(s, "the server's answer has no end");
}

bool smtp_session_answer(struct smtp *s)
{
	bool whole = false;
	s->code = 0;
	s->joining = false;
	while (!whole) {
		const char *end = memchr(s->in->str, '\n', s->in->len);
		gsize n = end ? (gsize)(end + 1 - s->in->str) : 0;
		if (!end && !read_more(s))
			return false;
		if (end && smtp_text_code(s->in->str, n) < 0)
			return smtp_session_fail(s, "the server's answer is none of SMTP");
		whole = end && take_line(s, s->in->str, n);
		g_string_erase(s->in, 0, (gssize)n);
	}
	return true;
}

void smtp_session_leave(struct smtp *s, bool politely)
{
	static const char quit[] = "QUIT\r\n";
	gsize given = 0;
	if (s->curl && politely) {
		s->until = clock_monotonic_ms() + GOODBYE_MS;
		if (smtp_session_write(s, quit, strlen(quit), &given))
			smtp_session_answer(s); /* whatever it is: a session that is cut off here looks like a fault in the server's log */
	}
	g_clear_pointer(&s->curl, curl_easy_cleanup);
}

static enum net_error trouble_of(CURLcode result)
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

/* A handle of its own for each session: libcurl would keep the last one's connection beside the new one. */
bool smtp_session_enter(struct smtp *s)
{
	s->curl = curl_easy_duphandle(s->model);
	if (!s->curl)
		g_error("libcurl cannot be set up");
	s->logged_in = s->no_login = s->joining = s->data = false;
	s->code = 0;
	s->heard = s->abilities = 0;
	s->errors[0] = '\0';
	g_string_truncate(s->line, 0);
	g_string_truncate(s->in, 0);
	CURLcode result = curl_easy_perform(s->curl);
	if (result == CURLE_OK)
		result = curl_easy_getinfo(s->curl, CURLINFO_ACTIVESOCKET, &s->socket);
	if (result == CURLE_OK)
		return true;
	if (s->no_login)
		g_strlcpy(s->errors, "the server does not offer the login", sizeof s->errors);
	s->trouble = s->no_login ? NET_ERROR_LOGIN : trouble_of(result);
	g_clear_pointer(&s->curl, curl_easy_cleanup);
	return smtp_session_fail(s, curl_easy_strerror(result));
}

void smtp_session_begin(struct smtp *s, gint64 ms)
{
	s->until = clock_monotonic_ms() + ms;
	s->data = false;
	s->heard = 0;
	s->code = 0;
	s->errors[0] = '\0';
}

void smtp_session_free(struct smtp *s)
{
	if (!s)
		return;
	smtp_session_leave(s, false);
	curl_easy_cleanup(s->model);
	g_string_free(s->line, TRUE);
	g_string_free(s->in, TRUE);
	g_free(s->host);
	g_free(s->url);
	g_free(s->login);
	g_free(s);
}

bool smtp_session_library_ok(void)
{
	const curl_version_info_data *info = curl_version_info(CURLVERSION_NOW);
	return info && info->ssl_version && g_str_has_prefix(info->ssl_version, "OpenSSL");
}
