/* tls: which servers are believed, and that every wait ends. Against tests/peer/hostile_imap.py. */
#include "gateway/tls.h"
#include "tests/unit/gateway/peer.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <sys/eventfd.h>
#include <netinet/in.h>
#include <sys/socket.h>

#define PEER "tests/peer/hostile_imap.py"

struct trust_case { const char *mode, *host, *ca; int code; const char *says; };

static const struct trust_case trust[] = {
	{"good", "localhost", "ca.pem", -1, NULL},
	{"good", "127.0.0.1", "ca.pem", -1, NULL},
	{"good", "localhost", "other.pem", NET_ERROR_TLS, "unable to get local issuer certificate"},
	{"good", "localhost", NULL, NET_ERROR_TLS, "unable to get local issuer certificate"},
	{"good", "localhost", "missing.pem", NET_ERROR_TLS, "file of trusted certificates"},
	{"cert-wrong", "localhost", "ca.pem", NET_ERROR_TLS, "hostname mismatch"},
	{"cert-wrong", "127.0.0.1", "ca.pem", NET_ERROR_TLS, "IP address mismatch"},
	{"cert-partial", "localhost", "ca.pem", NET_ERROR_TLS, "hostname mismatch"},
	{"cert-stranger", "localhost", "ca.pem", NET_ERROR_TLS, "unable to get local issuer certificate"},
	{"cert-late", "localhost", "ca.pem", NET_ERROR_TLS, "expired"},
	{"tls11", "localhost", "ca.pem", NET_ERROR_TLS, "handshake failed"},
};

static void believes_only_the_right_certificate(void **state)
{
	for (gsize i = 0; i < G_N_ELEMENTS(trust); i++) {
		const struct trust_case *c = &trust[i];
		struct peer p = peer_start(PEER, "tls", c->mode);
		g_autofree char *ca = c->ca ? peer_file(c->ca) : NULL;
		g_autoptr(GError) error = NULL;
		struct tls_options o = {c->host, p.port, ca, 5, -1};
		struct tls *t = tls_connect(&o, &error);
		assert_non_null(t);
		assert_false(tls_is_secure(t));
		bool ok = tls_start(t, &error);
		assert_int_equal(ok, tls_is_secure(t));
		if (ok != (c->code < 0))
			fail_msg("%s as %s with %s: %s", c->mode, c->host, c->ca, ok ? "believed" : error->message);
		if (!ok && (!g_error_matches(error, NET_ERROR, c->code) || !strstr(error->message, c->says)))
			fail_msg("%s as %s with %s: %s", c->mode, c->host, c->ca, error->message);
		char buffer[64];
		gssize n = tls_read(t, buffer, sizeof buffer);
		assert_int_equal(n > 0, ok); /* a refused server is not listened to either */
		tls_free(t);
		g_free(peer_stop(&p));
	}
}

/* A listener that never answers: the kernel accepts, nobody speaks. */
static int silent_listener(guint *port)
{
	struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t n = sizeof a;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&a, sizeof a), 0);
	assert_int_equal(listen(fd, 5), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&a, &n), 0);
	*port = ntohs(a.sin_port);
	return fd;
}

static void handshake_has_a_deadline(void **state)
{
	struct tls_options o = {"127.0.0.1", 0, NULL, 1, -1};
	int fd = silent_listener(&o.port);
	g_autoptr(GError) error = NULL;
	struct tls *t = tls_connect(&o, &error);
	gint64 start = g_get_monotonic_time();
	assert_false(tls_start(t, &error));
	assert_true(g_error_matches(error, NET_ERROR, NET_ERROR_TIMEOUT));
	assert_in_range(g_get_monotonic_time() - start, 500000, 3000000);
	tls_free(t);
	close(fd);
}

static gpointer cancel_soon(gpointer fd)
{
	guint64 one = 1;
	g_usleep(200000);
	return GINT_TO_POINTER(write(GPOINTER_TO_INT(fd), &one, sizeof one) == sizeof one);
}

static void cancel_ends_a_wait(void **state)
{
	int cancel = eventfd(0, EFD_CLOEXEC);
	struct tls_options o = {"127.0.0.1", 0, NULL, 20, cancel};
	int fd = silent_listener(&o.port);
	g_autoptr(GError) error = NULL;
	struct tls *t = tls_connect(&o, &error);
	GThread *thread = g_thread_new("cancel", cancel_soon, GINT_TO_POINTER(cancel));
	assert_int_equal(tls_wait(t), -1);
	assert_true(g_error_matches(tls_why(t), NET_ERROR, NET_ERROR_CANCELLED));
	char byte;
	assert_int_equal(tls_read(t, &byte, 1), -1);
	g_thread_join(thread);
	tls_free(t);
	close(fd);
	close(cancel);
}

static void refused_connection_and_unknown_name(void **state)
{
	struct tls_options o = {"127.0.0.1", 0, NULL, 5, -1};
	close(silent_listener(&o.port));
	g_autoptr(GError) error = NULL;
	assert_null(tls_connect(&o, &error));
	assert_true(g_error_matches(error, NET_ERROR, NET_ERROR_CONNECT));
	g_clear_error(&error);
	o.host = "no-such-host.invalid";
	assert_null(tls_connect(&o, &error));
	assert_true(error->domain == NET_ERROR);
}

/* Traps 7 and 16: the end of the stream is -1 for ever, and writing to a closed peer neither kills nor succeeds for ever. */
static void closed_peer_is_an_error(void **state)
{
	struct tls_options o = {"127.0.0.1", 0, NULL, 5, -1};
	int listener = silent_listener(&o.port);
	g_autoptr(GError) error = NULL;
	signal(SIGPIPE, SIG_DFL);
	struct tls *t = tls_connect(&o, &error);
	close(accept(listener, NULL, NULL));
	char byte;
	assert_int_equal(tls_read(t, &byte, 1), -1);
	assert_int_equal(tls_read(t, &byte, 1), -1);
	assert_true(g_error_matches(tls_why(t), NET_ERROR, NET_ERROR_CONNECT));
	assert_int_equal(tls_wait(t), -1);
	assert_int_equal(tls_write(t, "x", 1), -1);
	tls_free(t);
	close(listener);
}

static void writing_into_a_closed_tls_peer_does_not_kill(void **state)
{
	struct peer p = peer_start(PEER, "tls", "bye");
	g_autofree char *ca = peer_file("ca.pem");
	g_autoptr(GError) error = NULL;
	signal(SIGPIPE, SIG_DFL);
	struct tls_options o = {"localhost", p.port, ca, 5, -1};
	struct tls *t = tls_connect(&o, &error);
	assert_true(tls_start(t, &error));
	/* Its last word is read and its FIN has come: the answer to our next bytes is RST, and to those after it EPIPE. */
	char word[64];
	assert_true(tls_read(t, word, sizeof word) > 0);
	g_usleep(100000);
	gssize n = 0;
	for (int i = 0; i < 100 && n >= 0; i++) {
		n = tls_write(t, "hello", 5);
		g_usleep(2000);
	}
	assert_int_equal(n, -1);
	tls_free(t);
	g_free(peer_stop(&p));
}

/* A readable socket need not hold a byte for us: TLS 1.3 session tickets come by themselves. */
static void wait_is_not_woken_by_session_tickets(void **state)
{
	struct peer p = peer_start(PEER, "tls", "good");
	g_autofree char *ca = peer_file("ca.pem");
	g_autoptr(GError) error = NULL;
	struct tls_options o = {"localhost", p.port, ca, 5, -1};
	struct tls *t = tls_connect(&o, &error);
	assert_true(tls_start(t, &error));
	char buffer[256];
	assert_int_equal(tls_wait(t), 1);
	assert_true(tls_read(t, buffer, sizeof buffer) > 0);
	tls_deadline(t, 1);
	assert_int_equal(tls_wait(t), 0);
	assert_null(tls_why(t)); /* a quiet server is no error */
	tls_deadline(t, 5);
	assert_int_equal(tls_write(t, "a LOGOUT\r\n", 10), 10);
	assert_int_equal(tls_wait(t), 1);
	tls_free(t);
	g_free(peer_stop(&p));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(believes_only_the_right_certificate),
		cmocka_unit_test(handshake_has_a_deadline),
		cmocka_unit_test(cancel_ends_a_wait),
		cmocka_unit_test(refused_connection_and_unknown_name),
		cmocka_unit_test(closed_peer_is_an_error),
		cmocka_unit_test(writing_into_a_closed_tls_peer_does_not_kill),
		cmocka_unit_test(wait_is_not_woken_by_session_tickets),
	};
	peer_setup(120);
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	peer_teardown();
	return failed;
}
