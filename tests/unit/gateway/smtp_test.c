/* smtp: what each ending of a transaction means, and that nothing goes out that should not (tests/peer/hostile_smtp.py). */
#include "gateway/smtp.h"
#include "tests/unit/gateway/peer.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#define PEER "tests/peer/hostile_smtp.py"
#define FROM "gw@example.test"
#define TO "deneme@example.test"

static const char mail_text[] = "From: gw@example.test\r\nSubject: x\r\n\r\n.dot first\r\n..two\r\nend\r\n";

static struct smtp *open_to(const struct peer *p, const char *security, const char *mechanism)
{
	g_autofree char *ca = peer_file("ca.pem");
	bool plain = g_str_has_prefix(security, "plain"), token = g_strcmp0(mechanism, "XOAUTH2") == 0;
	struct smtp_options o = {.host = plain ? "127.0.0.1" : "localhost", .port = p->port, .ca_file = ca, .seconds = 1,
		.own_name = "own.example.test", .security = plain ? SMTP_PLAIN_LOOPBACK : g_str_has_prefix(security, "tls") ? SMTP_TLS : SMTP_STARTTLS, .mechanism = mechanism};
	if (!plain) {
		o.user = FROM;
		o.password = token ? NULL : "pass word";
		o.token = token ? "tok.en" : NULL;
	}
	g_autoptr(GError) error = NULL;
	struct smtp *s = smtp_open(&o, &error);
	if (!s)
		fail_msg("%s", error->message);
	return s;
}

static struct smtp_answer send_text(struct smtp *s, const char *from, const char *to, const char *text)
{
	g_autoptr(GBytes) mail = g_bytes_new(text, strlen(text));
	struct smtp_answer a;
	smtp_send(s, from, to, mail, &a);
	return a;
}

static guint count(const char *text, const char *word)
{
	guint n = 0;
	for (const char *p = text; (p = strstr(p, word)); p += strlen(word))
		n++;
	return n;
}

static void library_is_the_openssl_one(void **state)
{
	assert_true(smtp_library_ok());
}

struct ending { const char *security, *mode; enum smtp_outcome outcome; int code; bool down; const char *line; };

static const struct ending endings[] = {
	{"starttls", "good", SMTP_ACCEPTED, 250, false, "250 2.0.0 queued as 1"},
	{"tls", "good", SMTP_ACCEPTED, 250, false, "250 2.0.0 queued as 1"},
	{"plain", "good", SMTP_ACCEPTED, 250, false, "queued"},
	{"starttls", "login-only", SMTP_ACCEPTED, 250, false, "queued"},
	/* before the login is done: no mail's fault */
	{"starttls", "greeting:421", SMTP_DEFERRED, 421, true, "421"},
	{"starttls", "greeting:554", SMTP_DEFERRED, 554, true, "554"},
	{"starttls", "greeting:close", SMTP_DEFERRED, 0, true, NULL},
	{"starttls", "greeting:silent", SMTP_DEFERRED, 0, true, NULL},
	{"starttls", "greeting:garbage", SMTP_DEFERRED, 0, true, NULL},
	{"starttls", "greeting:flood", SMTP_DEFERRED, 0, true, NULL},
	{"starttls", "ehlo:550", SMTP_DEFERRED, 550, true, NULL},
	{"starttls", "ehlo:close", SMTP_DEFERRED, -1, true, NULL},
	{"starttls", "ehlo:long", SMTP_DEFERRED, -1, true, NULL},
	{"starttls", "ehlo:flood", SMTP_DEFERRED, -1, true, NULL},
	{"starttls", "stripped", SMTP_DEFERRED, -1, true, NULL},
	{"starttls", "starttls:454", SMTP_DEFERRED, 454, true, "454"},
	{"starttls", "starttls:garbage", SMTP_DEFERRED, -1, true, NULL},
	{"starttls", "inject", SMTP_DEFERRED, -1, true, NULL},
	{"starttls", "cert-wrong", SMTP_DEFERRED, -1, true, NULL},
	{"starttls", "cert-stranger", SMTP_DEFERRED, -1, true, NULL},
	{"tls", "cert-late", SMTP_DEFERRED, -1, true, NULL},
	{"starttls", "noauth", SMTP_DEFERRED, -1, true, NULL},
	{"starttls", "auth:535", SMTP_DEFERRED, 535, true, "535"},
	{"starttls", "auth:454", SMTP_DEFERRED, 454, true, "454"},
	{"starttls", "auth:silent", SMTP_DEFERRED, -1, true, NULL},
	/* this mail */
	{"starttls", "mail:451", SMTP_DEFERRED, 451, false, "451 4.0.0 as told"},
	{"starttls", "mail:550", SMTP_REFUSED, 550, false, "550 5.0.0 as told"},
	{"starttls", "mail:530", SMTP_DEFERRED, 530, true, "530"},
	{"starttls", "mail:421", SMTP_DEFERRED, 421, true, "421"},
	{"starttls", "mail:close", SMTP_DEFERRED, 0, true, NULL},
	{"starttls", "mail:silent", SMTP_DEFERRED, 0, true, NULL},
	{"starttls", "rcpt:452", SMTP_DEFERRED, 452, false, "452"},
	{"starttls", "rcpt:550", SMTP_REFUSED, 550, false, "550"},
	{"starttls", "rcpt:multi", SMTP_REFUSED, 550, false, "550 5.7.1 the first line 5.7.1 the second 5.7.1 the last"},
	{"starttls", "rcpt:421", SMTP_DEFERRED, 421, true, "421"},
	{"starttls", "rcpt:close", SMTP_DEFERRED, -1, true, NULL},
	{"starttls", "data:451", SMTP_DEFERRED, 451, false, "451"},
	{"starttls", "data:554", SMTP_REFUSED, 554, false, "554"},
	{"starttls", "data:silent", SMTP_DEFERRED, -1, true, NULL},
	{"starttls", "data:garbage", SMTP_DEFERRED, -1, true, NULL},
	{"starttls", "dot:451", SMTP_DEFERRED, 451, false, "451"},
	{"starttls", "dot:550", SMTP_REFUSED, 550, false, "550"},
	{"starttls", "dot:multi", SMTP_REFUSED, 550, false, "550 5.7.1 the first line"},
	{"starttls", "dot:421", SMTP_DEFERRED, 421, true, "421"},
	/* trap 12: nobody knows */
	{"starttls", "dot:silent", SMTP_UNCERTAIN, 354, true, NULL},
	{"starttls", "dot:close", SMTP_UNCERTAIN, 354, true, NULL},
	{"tls", "dot:close", SMTP_UNCERTAIN, 354, true, NULL},
	{"starttls", "dot:flood", SMTP_UNCERTAIN, 354, true, NULL},
	{"starttls", "dot:garbage", SMTP_UNCERTAIN, 354, true, NULL},
};

static void assert_ending(const struct ending *c, const struct smtp_answer *a, const char *sent)
{
	if (a->outcome != c->outcome || (c->code >= 0 && a->code != c->code) || a->session_down != c->down
		|| !a->line[0] || (c->line && !strstr(a->line, c->line)))
		fail_msg("%s %s: outcome %d code %d down %d: %s\n%s", c->security, c->mode, a->outcome, a->code, a->session_down,
			a->line, sent);
	g_auto(GStrv) lines = g_strsplit(sent, "\n", -1);
	for (char **line = lines; *line; line++)
		if (strcmp(c->security, "plain") != 0 && g_str_has_prefix(*line, "plain ") && (strstr(*line, "AUTH") || strstr(*line, "MAIL")))
			fail_msg("%s %s sent in the clear: %s", c->security, c->mode, *line);
	if (count(sent, "mail ") > 1)
		fail_msg("%s %s was given %u times", c->security, c->mode, count(sent, "mail "));
}

static void assert_endings(const char *pipelining)
{
	for (gsize i = 0; i < G_N_ELEMENTS(endings); i++) {
		const struct ending *c = &endings[i];
		g_autofree char *security = g_strconcat(c->security, pipelining, NULL);
		struct peer p = peer_start(PEER, security, c->mode);
		struct smtp *s = open_to(&p, c->security, NULL);
		gint64 start = g_get_monotonic_time();
		struct smtp_answer a = send_text(s, FROM, TO, mail_text);
		if (g_get_monotonic_time() - start > 5 * G_USEC_PER_SEC)
			fail_msg("%s %s took too long", security, c->mode);
		smtp_close(s);
		g_autofree char *sent = peer_stop(&p);
		assert_ending(c, &a, sent);
		if (strstr(sent, " RCPT") && !strstr(sent, "+ 2 more") != !*pipelining)
			fail_msg("%s %s: %s", security, c->mode, sent);
	}
}

static void endings_mean_what_they_mean(void **state)
{
	assert_endings("");
}

/* The server hears RCPT and DATA although it refuses MAIL, and asks for a mail that it has no reader for. */
static void endings_mean_the_same_in_one_piece(void **state)
{
	assert_endings("+pipelining");
}

/* A server that hangs up in the middle of a large mail has not seen its dot. */
static void half_a_mail_is_not_uncertain(void **state)
{
	g_autoptr(GString) text = g_string_new(NULL);
	while (text->len < 8 * 1024 * 1024)
		g_string_append(text, "0123456789012345678901234567890123456789012345678901234567890\r\n");
	struct peer p = peer_start(PEER, "starttls", "body:close");
	struct smtp *s = open_to(&p, "starttls", NULL);
	struct smtp_answer a = send_text(s, FROM, TO, text->str);
	assert_int_equal(a.outcome, SMTP_DEFERRED);
	smtp_close(s);
	g_autofree char *sent = peer_stop(&p);
	assert_null(strstr(sent, "mail "));
}

static void one_session_for_many_mails(void **state)
{
	struct peer p = peer_start(PEER, "starttls", "good");
	struct smtp *s = open_to(&p, "starttls", NULL);
	for (int i = 0; i < 5; i++)
		assert_int_equal(send_text(s, FROM, TO, mail_text).outcome, SMTP_ACCEPTED);
	smtp_close(s);
	g_autofree char *sent = peer_stop(&p);
	g_autofree char *size = g_strdup_printf("mail %zu bytes", sizeof mail_text - 1);
	assert_int_equal(count(sent, "session "), 1);
	assert_int_equal(count(sent, "AUTH "), 1);
	assert_int_equal(count(sent, size), 5); /* dots were stuffed and nothing else changed */
	assert_int_equal(count(sent, "RCPT TO:<" TO ">"), 5);
	assert_int_equal(count(sent, "RCPT"), 5);
	assert_int_equal(count(sent, "VRFY") + count(sent, "EXPN"), 0);
	assert_int_equal(count(sent, "QUIT"), 1);
}

/* A kept session that ended meanwhile is opened again, without a word to the caller; a new one that fails is not tried for ever. */
static void kept_sessions_may_end(void **state)
{
	static const char *const modes[] = {"kept-close", "kept-421"}, *const securities[] = {"starttls", "starttls+pipelining"};
	for (gsize i = 0; i < G_N_ELEMENTS(modes) * G_N_ELEMENTS(securities); i++) {
		const char *mode = modes[i / G_N_ELEMENTS(securities)];
		struct peer p = peer_start(PEER, securities[i % G_N_ELEMENTS(securities)], mode);
		struct smtp *s = open_to(&p, "starttls", NULL);
		for (int k = 0; k < 3; k++) {
			struct smtp_answer a = send_text(s, FROM, TO, mail_text);
			if (a.outcome != SMTP_ACCEPTED)
				fail_msg("%s, mail %d: %s", mode, k, a.line);
		}
		smtp_close(s);
		g_autofree char *sent = peer_stop(&p);
		assert_int_equal(count(sent, "session "), 3);
		assert_int_equal(count(sent, "mail "), 3);
	}
}

static void after_a_refusal_the_next_mail_goes(void **state)
{
	struct peer p = peer_start(PEER, "starttls", "good");
	struct smtp *s = open_to(&p, "starttls", NULL);
	assert_int_equal(send_text(s, FROM, "a b@example.test", mail_text).outcome, SMTP_REFUSED);
	assert_int_equal(send_text(s, FROM, TO, mail_text).outcome, SMTP_ACCEPTED);
	smtp_close(s);
	g_free(peer_stop(&p));
}

/* Traps 10 and 11. */
static void bytes_that_never_leave(void **state)
{
	static const char *const addresses[] = {
		"a@b\r\nRCPT TO:<c@d>", "a@b\nX", "a@b>", "<a@b", "a b@c", "a@b\tc", "a@b\x7f", "", "no-at", "@b", "a@", "a@b> SIZE=1",
		"\xff@b", "a@b,c@d", "\"a\"@b",
	};
	static const char *const texts[] = {"a: b\r\n\r\nx\n.\nMAIL", "a: b\r\n\r\nx\r.\r\n", "\n", "x\r", "\nx", "", "a\r\n\n"};
	struct peer p = peer_start(PEER, "starttls", "good");
	struct smtp *s = open_to(&p, "starttls", NULL);
	for (gsize i = 0; i < G_N_ELEMENTS(addresses); i++) {
		struct smtp_answer a = send_text(s, FROM, addresses[i], mail_text);
		if (a.outcome != SMTP_REFUSED || a.code != 0)
			fail_msg("to %s was sent", addresses[i]);
		a = send_text(s, addresses[i], TO, mail_text);
		if (a.outcome != SMTP_REFUSED || a.code != 0)
			fail_msg("from %s was sent", addresses[i]);
	}
	for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
		struct smtp_answer a = send_text(s, FROM, TO, texts[i]);
		if (a.outcome != SMTP_REFUSED || a.code != 0)
			fail_msg("text %zu was sent", i);
	}
	g_autoptr(GBytes) nul = g_bytes_new("a: b\r\n\r\nx\0y\r\n", 14);
	struct smtp_answer a;
	smtp_send(s, FROM, TO, nul, &a);
	assert_int_equal(a.outcome, SMTP_REFUSED);
	smtp_close(s);
	g_autofree char *sent = peer_stop(&p);
	assert_string_equal(sent, "");
}

static const struct { const char *mechanism, *sent; } mechanisms[] = {
	{"PLAIN", "decoded b'\\x00gw@example.test\\x00pass word'"},
	{"LOGIN", "decoded b'pass word'"},
	{"XOAUTH2", "decoded b'user=gw@example.test\\x01auth=Bearer tok.en\\x01\\x01'"},
	{NULL, "AUTH PLAIN"},
};

static void logs_in_with_each_mechanism(void **state)
{
	for (gsize i = 0; i < G_N_ELEMENTS(mechanisms); i++) {
		struct peer p = peer_start(PEER, "starttls", "good");
		struct smtp *s = open_to(&p, "starttls", mechanisms[i].mechanism);
		g_autoptr(GError) error = NULL;
		bool ok = smtp_probe(s, &error);
		if (!ok)
			fail_msg("%s: %s", mechanisms[i].mechanism, error->message);
		g_autofree char *sent = peer_stop(&p);
		if (count(sent, "QUIT") != 1)
			fail_msg("%s stays: %s", mechanisms[i].mechanism, sent);
		smtp_close(s);
		if (!strstr(sent, mechanisms[i].sent) || strstr(sent, "MAIL") || count(sent, "EHLO") != count(sent, "EHLO own.example.test\n"))
			fail_msg("%s sent %s", mechanisms[i].mechanism, sent);
	}
}

struct probe_case { const char *mode; int code; const char *says; };

static const struct probe_case probes[] = {
	{"auth:535", NET_ERROR_LOGIN, " refuses the user name or password of gw@example.test: 535 5.0.0 as told"},
	/* the server cannot ask: the password is not to blame (RFC 4954 4) */
	{"auth:454", NET_ERROR_CONNECT, " cannot check now the user name or password of gw@example.test: 454"},
	{"auth:421", NET_ERROR_CONNECT, "421"}, {"auth:close", NET_ERROR_CONNECT, "localhost:"},
	{"greeting:421", NET_ERROR_CONNECT, "421"}, {"greeting:554", NET_ERROR_CONNECT, "554"},
	{"starttls:454", NET_ERROR_CONNECT, "454"}, {"starttls:550", NET_ERROR_TLS, "550"},
	{"noauth", NET_ERROR_LOGIN, "does not offer the login for the user name or password of gw@example.test"},
	{"stripped", NET_ERROR_TLS, "localhost:"}, {"cert-wrong", NET_ERROR_TLS, "localhost:"},
	{"cert-stranger", NET_ERROR_TLS, "certificate"}, {"cert-late", NET_ERROR_TLS, "expired"},
	{"greeting:silent", NET_ERROR_TIMEOUT, "localhost:"}, {"greeting:close", NET_ERROR_CONNECT, "localhost:"},
};

static void probe_says_what_is_wrong(void **state)
{
	for (gsize i = 0; i < G_N_ELEMENTS(probes); i++) {
		struct peer p = peer_start(PEER, "starttls", probes[i].mode);
		struct smtp *s = open_to(&p, "starttls", NULL);
		g_autoptr(GError) error = NULL;
		if (smtp_probe(s, &error) || !error)
			fail_msg("%s: probe is content", probes[i].mode);
		if (!g_error_matches(error, NET_ERROR, probes[i].code) || !strstr(error->message, probes[i].says))
			fail_msg("%s: %d %s", probes[i].mode, error->code, error->message);
		smtp_close(s);
		g_free(peer_stop(&p));
	}
}

static const struct smtp_options bad_options[] = {
	{.host = "mx.example.test", .security = SMTP_PLAIN_LOOPBACK},
	{.host = "localhost", .security = SMTP_PLAIN_LOOPBACK}, /* a name is not an address */
	{.host = "192.0.2.1", .security = SMTP_PLAIN_LOOPBACK},
	{.host = "127.0.0.1", .security = SMTP_PLAIN_LOOPBACK, .user = "u", .password = "p"},
	{.host = "a/b"}, {.host = "a b"}, {.host = "u:p@h"}, {.host = "h\r\n"}, {.host = ""}, {.host = NULL},
	{.host = "h", .user = "u\n", .password = "p"}, {.host = "h", .user = "u", .password = "p\r"}, {.host = "h", .user = "u", .token = "\x7f"},
	{.host = "h", .user = "u"}, {.host = "h", .user = "u", .password = "p", .mechanism = "NTLM"},
};

static void bad_options_open_nothing(void **state)
{
	for (gsize i = 0; i < G_N_ELEMENTS(bad_options); i++) {
		g_autoptr(GError) error = NULL;
		if (smtp_open(&bad_options[i], &error))
			fail_msg("options %zu were taken", i);
		assert_true(g_error_matches(error, NET_ERROR, NET_ERROR_VALUE));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(library_is_the_openssl_one),
		cmocka_unit_test(endings_mean_what_they_mean),
		cmocka_unit_test(endings_mean_the_same_in_one_piece),
		cmocka_unit_test(half_a_mail_is_not_uncertain),
		cmocka_unit_test(one_session_for_many_mails),
		cmocka_unit_test(kept_sessions_may_end),
		cmocka_unit_test(after_a_refusal_the_next_mail_goes),
		cmocka_unit_test(bytes_that_never_leave),
		cmocka_unit_test(logs_in_with_each_mechanism),
		cmocka_unit_test(probe_says_what_is_wrong),
		cmocka_unit_test(bad_options_open_nothing),
	};
	peer_setup(240);
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	peer_teardown();
	return failed;
}
