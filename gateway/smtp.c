/* smtp: the submission session. libcurl connects, asks for TLS and logs in; then MAIL, RCPT, DATA and the mail are said here.
 *
 * libcurl's own transfer cannot say what a report is to give back (RFC 3461: what it puts behind an address is no parameter), and
 * waits for each of these answers in turn, where most servers take the three commands in one piece (RFC 2920).
 * The line that matters is the final dot: before it nothing was delivered, after it only the server knows. So an ending without an
 * answer once all bytes of the mail are given is uncertain, never "failed".
 */
#include "gateway/smtp.h"
#include "gateway/clock.h"
#include "gateway/smtp_text.h"
#include <arpa/inet.h>
#include <curl/curl.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>

#define MOST_ANSWER (64 * 1024) /* bytes of all answers to one mail */
#define SLOWEST     (32 * 1024) /* bytes a second that a mail may take on top of the answers' time */
#define PIECE       (64 * 1024) /* written at a time: how often it is looked whether the server still takes any */
#define GOODBYE_MS  1000

struct smtp {
	CURL *model;   /* every setting; it never connects */
	CURL *curl;    /* the session that is open; NULL: none */
	curl_socket_t socket;
	char *host, *url;
	char *login; /* the word for what is refused: password or token, and whose */
	guint seconds;
	bool needs_login, logged_in, no_login; /* no_login: the server offered none */
	guint abilities;
	char errors[CURL_ERROR_SIZE]; /* why there is no answer */
	/* of the running mail */
	gint64 until;         /* clock_monotonic_ms */
	bool data;            /* 354 was seen */
	bool joining;         /* the last line promised another */
	int code;             /* of the last whole answer */
	gsize heard;
	GString *in;          /* heard, and not yet read as lines */
	GString *line;        /* the answer's text, continuation lines joined */
};

static bool smtp_fail(struct smtp *s, const char *why)
{
	if (!*s->errors)
		g_strlcpy(s->errors, why, sizeof s->errors);
	return false;
}

/* --- what the server says ------------------------------------------------------------------------------- */

/* One line. true: the answer is whole; its last line has no `-` behind the code. */
static bool smtp_take_line(struct smtp *s, const char *text, gsize n)
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
static size_t smtp_hear(char *text, size_t size, size_t n, void *data)
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
	if (!smtp_take_line(s, text, length))
		return length;
	if (s->code == 220) /* the greeting, or TLS begins: what was said before it does not count */
		s->abilities = 0;
	if (s->code == 220 || s->code == 235)
		s->logged_in = s->code == 235;
	return length;
}

/* SMTP has no body to receive; libcurl's default would print it. */
static size_t smtp_drop(char *text, size_t size, size_t n, void *data)
{
	return size * n;
}

/* libcurl goes on without a login when the server offers none. */
static int smtp_is_ready(void *data, char *ip, char *local_ip, int port, int local_port)
{
	struct smtp *s = data;
	s->no_login = s->needs_login && !s->logged_in;
	return s->no_login ? CURL_PREREQFUNC_ABORT : CURL_PREREQFUNC_OK;
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

static bool smtp_options_ok(const struct smtp_options *o, GError **error)
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

static void smtp_set_login(struct smtp *s, const struct smtp_options *o)
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
static void smtp_ignore_sigpipe(void)
{
	struct sigaction now;
	if (sigaction(SIGPIPE, NULL, &now) == 0 && now.sa_handler == SIG_DFL)
		signal(SIGPIPE, SIG_IGN);
}

static void smtp_set_all(struct smtp *s, const struct smtp_options *o)
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
	smtp_set_all(s, o);
	return s;
}

/* --- the session ---------------------------------------------------------------------------------------- */

/* For one answer or one piece; all that is waited for a mail has its own bound. */
static bool smtp_wait(struct smtp *s, short events)
{
	gint64 left = MIN(s->until - clock_monotonic_ms(), (gint64)s->seconds * 1000);
	struct pollfd p = {.fd = s->socket, .events = events};
	int n = left > 0 ? poll(&p, 1, (int)left) : 0;
	return n > 0 || (n < 0 && errno == EINTR) || smtp_fail(s, "the server does not answer in time");
}

/* *given grows by what left, also when the rest does not. */
static bool smtp_write(struct smtp *s, const char *bytes, gsize n, gsize *given)
{
	while (*given < n) {
		size_t some = 0;
		CURLcode result = curl_easy_send(s->curl, bytes + *given, MIN(n - *given, PIECE), &some);
		*given += some;
		if (result == CURLE_AGAIN ? !smtp_wait(s, POLLOUT) : result != CURLE_OK)
			return smtp_fail(s, curl_easy_strerror(result));
	}
	return true;
}

static bool smtp_say(struct smtp *s, const char *command)
{
	gsize given = 0;
	return smtp_write(s, command, strlen(command), &given);
}

static bool smtp_read_more(struct smtp *s)
{
	char piece[16 * 1024]; /* a whole record of TLS: nothing stays behind where poll does not see it */
	size_t n = 0;
	CURLcode result = curl_easy_recv(s->curl, piece, sizeof piece, &n);
	if (result == CURLE_AGAIN)
		return smtp_wait(s, POLLIN);
	if (result != CURLE_OK || !n)
		return smtp_fail(s, "the server ended the session");
	s->heard += n;
	g_string_append_len(s->in, piece, (gssize)n);
	return s->heard <= MOST_ANSWER || smtp_fail(s, "the server's answer has no end");
}

static bool smtp_read_answer(struct smtp *s)
{
	bool whole = false;
	s->code = 0;
	s->joining = false;
	while (!whole) {
		const char *end = memchr(s->in->str, '\n', s->in->len);
		gsize n = end ? (gsize)(end + 1 - s->in->str) : 0;
		if (!end && !smtp_read_more(s))
			return false;
		if (end && smtp_text_code(s->in->str, n) < 0)
			return smtp_fail(s, "the server's answer is none of SMTP");
		whole = end && smtp_take_line(s, s->in->str, n);
		g_string_erase(s->in, 0, (gssize)n);
	}
	return true;
}

static void smtp_leave(struct smtp *s, bool politely)
{
	if (s->curl && politely) {
		s->until = clock_monotonic_ms() + GOODBYE_MS;
		if (smtp_say(s, "QUIT\r\n"))
			smtp_read_answer(s); /* whatever it is: a session that is cut off here looks like a fault in the server's log */
	}
	g_clear_pointer(&s->curl, curl_easy_cleanup);
}

/* A handle of its own for each session: libcurl would keep the last one's connection beside the new one. */
static CURLcode smtp_enter(struct smtp *s)
{
	s->curl = curl_easy_duphandle(s->model);
	if (!s->curl)
		g_error("libcurl cannot be set up");
	s->logged_in = s->no_login = s->joining = false;
	s->code = 0;
	s->heard = s->abilities = 0;
	s->errors[0] = '\0';
	g_string_truncate(s->line, 0);
	g_string_truncate(s->in, 0);
	CURLcode result = curl_easy_perform(s->curl);
	if (result == CURLE_OK)
		result = curl_easy_getinfo(s->curl, CURLINFO_ACTIVESOCKET, &s->socket);
	if (result == CURLE_OK)
		s->code = 0; /* what was said until now was about the session, not about the mail */
	else
		g_clear_pointer(&s->curl, curl_easy_cleanup);
	return result;
}

void smtp_close(struct smtp *s)
{
	if (!s)
		return;
	smtp_leave(s, true);
	curl_easy_cleanup(s->model);
	g_string_free(s->line, TRUE);
	g_string_free(s->in, TRUE);
	g_free(s->host);
	g_free(s->url);
	g_free(s->login);
	g_free(s);
}

/* --- one transaction ------------------------------------------------------------------------------------ */

static void smtp_tell(struct smtp_answer *out, enum smtp_outcome outcome, int code, const char *line)
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

/* A login that failed. */
static void smtp_judge_login(const struct smtp *s, CURLcode result, struct smtp_answer *out)
{
	bool spoke = s->code >= 400 && s->line->len;
	smtp_tell(out, SMTP_DEFERRED, s->code, spoke ? s->line->str : smtp_why(s, result));
	out->session_down = true;
}

/* All bytes of the mail were given. */
static void smtp_judge_dot(const struct smtp *s, bool answered, struct smtp_answer *out)
{
	if (answered)
		smtp_tell(out, s->code < 200 || s->code >= 600 ? SMTP_UNCERTAIN : smtp_outcome_of(s->code), s->code, s->line->str);
	else
		smtp_tell(out, SMTP_UNCERTAIN, 354, s->errors);
	out->session_down = !answered || s->code == 421;
}

/* The server did not come to take the whole mail. */
static void smtp_judge_early(const struct smtp *s, struct smtp_answer *out)
{
	bool refused = !s->data && s->code >= 400 && s->code < 600, session = !refused || smtp_is_session_code(s->code);
	smtp_tell(out, session ? SMTP_DEFERRED : smtp_outcome_of(s->code), s->code, refused ? s->line->str : s->errors);
	out->session_down = session;
}

/* In one piece where the server takes that. false: it does not want this mail, or there is no answer. */
static bool smtp_begin(struct smtp *s, const struct smtp_commands *c)
{
	static const int wanted[] = {2, 2, 3};
	g_autofree char *all = g_strconcat(c->lines[0], c->lines[1], c->lines[2], NULL);
	bool at_once = s->abilities & SMTP_PIPELINING;
	for (guint i = 0; i < G_N_ELEMENTS(c->lines); i++) {
		bool said = at_once ? i > 0 || smtp_say(s, all) : smtp_say(s, c->lines[i]);
		if (!said || !smtp_read_answer(s))
			return false;
		if (s->code / 100 != wanted[i])
			return smtp_fail(s, "the server's answer is none to this command");
	}
	return s->data = true;
}

static void smtp_hand_over(struct smtp *s, const char *from, const char *to, GBytes *mail, struct smtp_answer *out)
{
	gsize size = g_bytes_get_size(mail), given = 0;
	g_autoptr(GString) body = smtp_text_body(mail);
	CURLcode result = CURLE_OK;
	s->until = clock_monotonic_ms() + (8 * (gint64)s->seconds + (gint64)(size / SLOWEST)) * 1000;
	s->data = false;
	if (!s->curl && (result = smtp_enter(s)) != CURLE_OK) {
		smtp_judge_login(s, result, out);
		return;
	}
	struct smtp_commands commands = smtp_text_commands(from, to, size, s->abilities);
	s->heard = 0;
	s->code = 0;
	s->errors[0] = '\0';
	bool answered = smtp_begin(s, &commands) && smtp_write(s, body->str, body->len, &given) && smtp_read_answer(s);
	if (given + SMTP_DOT >= body->len)
		smtp_judge_dot(s, answered, out);
	else
		smtp_judge_early(s, out);
	if (!answered || out->session_down)
		smtp_leave(s, s->code >= 400 && s->code != 421);
	smtp_text_commands_clear(&commands);
}

void smtp_send(struct smtp *s, const char *from, const char *to, GBytes *mail, struct smtp_answer *out)
{
	*out = (struct smtp_answer){0};
	const char *refusal = smtp_text_refusal(from, to, mail);
	if (refusal) {
		smtp_tell(out, SMTP_REFUSED, 0, refusal);
		return;
	}
	bool kept = s->curl;
	smtp_hand_over(s, from, to, mail, out);
	/* A kept session that the server has closed or that is full says nothing about a new one; no byte
	 * of the mail was given. */
	if (kept && out->outcome == SMTP_DEFERRED && out->session_down && !s->data) {
		*out = (struct smtp_answer){0};
		smtp_hand_over(s, from, to, mail, out);
	}
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
	smtp_leave(s, true);
	CURLcode result = smtp_enter(s);
	if (s->no_login)
		result = CURLE_LOGIN_DENIED;
	if (result != CURLE_OK)
		smtp_probe_failed(s, result, error);
	smtp_leave(s, true); /* who asks may have nothing to send for hours, and a server counts its sessions */
	return result == CURLE_OK;
}

bool smtp_library_ok(void)
{
	const curl_version_info_data *info = curl_version_info(CURLVERSION_NOW);
	return info && info->ssl_version && g_str_has_prefix(info->ssl_version, "OpenSSL");
}
