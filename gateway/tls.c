/* tls: a client socket that becomes a verified TLS stream. All waits go through one poll with the deadline
 * and the cancel descriptor, and the first failure is kept for ever: libetpan goes on reading after a
 * failed read and must fail again.
 */
#include "gateway/tls.h"
#include "gateway/tls_resolve.h"
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct tls {
	int fd, cancel_fd;
	char *host, *ca_file;
	guint port;
	gint64 deadline;  /* g_get_monotonic_time */
	SSL_CTX *context;
	SSL *ssl;
	bool secure;
	GError *why;
};

/* --- failing, once -------------------------------------------------------------------------------------- */

static gssize G_GNUC_PRINTF(3, 4) tls_fail(struct tls *t, enum net_error code, const char *format, ...)
{
	if (t->why)
		return -1;
	va_list args;
	va_start(args, format);
	g_autofree char *sentence = g_strdup_vprintf(format, args);
	va_end(args);
	t->why = g_error_new(NET_ERROR, code, "%s:%u: %s", t->host, t->port, sentence);
	return -1;
}

static gssize tls_fail_openssl(struct tls *t, const char *doing)
{
	unsigned long e = ERR_peek_last_error();
	const char *reason = e ? ERR_reason_error_string(e) : NULL;
	return tls_fail(t, NET_ERROR_TLS, "%s: %s", doing, reason ? reason : "OpenSSL gives no reason");
}

static bool tls_refuse(struct tls *t, const char *doing)
{
	tls_fail_openssl(t, doing);
	return false;
}

/* --- waiting -------------------------------------------------------------------------------------------- */

static int tls_left_ms(const struct tls *t)
{
	gint64 left = (t->deadline - g_get_monotonic_time() + 999) / 1000;
	return (int)CLAMP(left, 0, G_MAXINT / 2);
}

/* 1 ready, 0 deadline over, -1 failed or cancelled (why is set). */
static int tls_poll(struct tls *t, short events)
{
	struct pollfd fds[2] = {{.fd = t->fd, .events = events}, {.fd = t->cancel_fd, .events = POLLIN}};
	int r;
	while ((r = poll(fds, 2, tls_left_ms(t))) < 0 && errno == EINTR)
		;
	if (r < 0)
		return (int)tls_fail(t, NET_ERROR_CONNECT, "%s", g_strerror(errno));
	if (fds[1].revents)
		return (int)tls_fail(t, NET_ERROR_CANCELLED, "the wait was ended by ourselves");
	return r > 0;
}

/* As tls_poll, but the deadline is a failure. */
static bool tls_must_poll(struct tls *t, short events)
{
	int r = tls_poll(t, events);
	if (r == 0)
		tls_fail(t, NET_ERROR_TIMEOUT, "the server did not answer in time");
	return r == 1;
}

void tls_deadline(struct tls *t, guint seconds)
{
	t->deadline = g_get_monotonic_time() + (gint64)seconds * G_USEC_PER_SEC;
}

/* --- connecting ----------------------------------------------------------------------------------------- */

/* A write to a closed peer raises SIGPIPE inside OpenSSL and would end the process. */
static void tls_ignore_sigpipe(void)
{
	struct sigaction now;
	if (sigaction(SIGPIPE, NULL, &now) == 0 && now.sa_handler == SIG_DFL)
		signal(SIGPIPE, SIG_IGN);
}

static void tls_socket_options(int fd)
{
	int on = 1, ms = 120 * 1000;
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
	setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &ms, sizeof ms);
}

/* Errno of the try, 0 when connected. */
static int tls_try(struct tls *t, const struct addrinfo *a)
{
	t->fd = socket(a->ai_family, a->ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, a->ai_protocol);
	if (t->fd < 0)
		return errno;
	tls_socket_options(t->fd);
	int status = connect(t->fd, a->ai_addr, a->ai_addrlen) == 0 ? 0 : errno;
	if (status == EINPROGRESS) {
		socklen_t n = sizeof status;
		int r = tls_poll(t, POLLOUT);
		status = r == 0 ? ETIMEDOUT : ECANCELED;
		if (r == 1 && getsockopt(t->fd, SOL_SOCKET, SO_ERROR, &status, &n) < 0)
			status = errno;
	}
	if (status) {
		close(t->fd);
		t->fd = -1;
	}
	return status;
}

/* Each address gets an even share of the time that is left, so that a dead first one cannot take it all. */
static bool tls_try_all(struct tls *t, const struct addrinfo *list)
{
	gint64 end = t->deadline;
	guint left = 0;
	int status = EADDRNOTAVAIL;
	for (const struct addrinfo *a = list; a; a = a->ai_next)
		left++;
	for (const struct addrinfo *a = list; a && !t->why; a = a->ai_next, left--) {
		gint64 now = g_get_monotonic_time();
		t->deadline = now + (end - now) / left;
		status = tls_try(t, a);
		if (status == 0) {
			t->deadline = end;
			return true;
		}
	}
	tls_fail(t, status == ETIMEDOUT ? NET_ERROR_TIMEOUT : NET_ERROR_CONNECT, "%s", g_strerror(status));
	return false;
}

struct tls *tls_connect(const struct tls_options *o, GError **error)
{
	tls_ignore_sigpipe();
	struct tls *t = g_new0(struct tls, 1);
	t->fd = -1;
	t->cancel_fd = o->cancel_fd;
	t->host = g_strdup(o->host);
	t->port = o->port;
	t->ca_file = g_strdup(o->ca_file);
	tls_deadline(t, o->connect_seconds);
	struct addrinfo *list = tls_resolve(o->host, o->port, o->cancel_fd, o->connect_seconds, &t->why);
	bool ok = list && tls_try_all(t, list);
	if (list)
		freeaddrinfo(list);
	if (ok)
		return t;
	g_propagate_error(error, g_steal_pointer(&t->why));
	tls_free(t);
	return NULL;
}

/* --- the handshake -------------------------------------------------------------------------------------- */

static bool tls_make_context(struct tls *t)
{
	t->context = SSL_CTX_new(TLS_client_method());
	if (!t->context || SSL_CTX_set_min_proto_version(t->context, TLS1_2_VERSION) != 1)
		return tls_refuse(t, "TLS cannot be set up");
	int ok = t->ca_file ? SSL_CTX_load_verify_file(t->context, t->ca_file)
			    : SSL_CTX_set_default_verify_paths(t->context);
	if (ok != 1)
		return tls_refuse(t, t->ca_file ? "the file of trusted certificates cannot be read"
						: "the system's certificates");
	SSL_CTX_set_mode(t->context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
	/* One recv a record instead of two; tls_wait peeks, so it cannot be fooled. */
	SSL_CTX_set_read_ahead(t->context, 1);
	SSL_CTX_set_verify(t->context, SSL_VERIFY_PEER, NULL);
	return true;
}

/* The name that the certificate must carry: an IP address or a DNS name, never both, and no `*` inside a
 * label. */
static bool tls_make_ssl(struct tls *t)
{
	t->ssl = SSL_new(t->context);
	if (!t->ssl || SSL_set_fd(t->ssl, t->fd) != 1)
		return tls_refuse(t, "TLS cannot be set up");
	SSL_set_hostflags(t->ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
	if (X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(t->ssl), t->host) == 1)
		return true;
	ERR_clear_error();
	if (SSL_set1_host(t->ssl, t->host) != 1 || SSL_set_tlsext_host_name(t->ssl, t->host) != 1)
		return tls_refuse(t, "the server's name cannot be used");
	return true;
}

static void tls_handshake_failed(struct tls *t, int kind)
{
	long verdict = SSL_get_verify_result(t->ssl);
	if (verdict != X509_V_OK)
		tls_fail(t, NET_ERROR_TLS, "the server's certificate is not accepted: %s",
			X509_verify_cert_error_string(verdict));
	else if (kind == SSL_ERROR_SYSCALL
		 || ERR_GET_REASON(ERR_peek_last_error()) == SSL_R_UNEXPECTED_EOF_WHILE_READING)
		tls_fail(t, NET_ERROR_CONNECT, "the server closed the connection during the TLS handshake");
	else
		tls_fail_openssl(t, "the TLS handshake failed");
}

static bool tls_handshake(struct tls *t)
{
	for (;;) {
		ERR_clear_error();
		int r = SSL_connect(t->ssl);
		if (r == 1)
			return true;
		int kind = SSL_get_error(t->ssl, r);
		if (kind != SSL_ERROR_WANT_READ && kind != SSL_ERROR_WANT_WRITE) {
			tls_handshake_failed(t, kind);
			return false;
		}
		if (!tls_must_poll(t, kind == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT))
			return false;
	}
}

bool tls_start(struct tls *t, GError **error)
{
	if (!t->why && tls_make_context(t) && tls_make_ssl(t) && tls_handshake(t)) {
		/* SSL_VERIFY_PEER has ended a bad handshake already; this is the belt to those braces. */
		if (SSL_get_verify_result(t->ssl) == X509_V_OK)
			t->secure = true;
		else
			tls_handshake_failed(t, SSL_ERROR_SSL);
	}
	if (!t->secure && error)
		*error = g_error_copy(t->why);
	return t->secure;
}

bool tls_is_secure(const struct tls *t)
{
	return t->secure;
}

/* --- bytes ---------------------------------------------------------------------------------------------- */

/* What to poll for after a call gave no byte; 0: failed, why is set. */
static short tls_after(struct tls *t, int r)
{
	if (!t->ssl) {
		if (r < 0 && (errno == EAGAIN || errno == EINTR))
			return POLLIN | POLLOUT;
		tls_fail(t, NET_ERROR_CONNECT, "%s",
			r == 0 ? "the server closed the connection" : g_strerror(errno));
		return 0;
	}
	int saved = errno;
	int kind = SSL_get_error(t->ssl, r);
	if (kind == SSL_ERROR_WANT_READ)
		return POLLIN;
	if (kind == SSL_ERROR_WANT_WRITE)
		return POLLOUT;
	if (kind == SSL_ERROR_SYSCALL && saved)
		tls_fail(t, NET_ERROR_CONNECT, "%s", g_strerror(saved));
	else if (kind != SSL_ERROR_SSL
		 || ERR_GET_REASON(ERR_peek_last_error()) == SSL_R_UNEXPECTED_EOF_WHILE_READING)
		tls_fail(t, NET_ERROR_CONNECT, "the server closed the connection");
	else
		tls_fail_openssl(t, "the TLS stream broke");
	return 0;
}

/* Clearing an empty queue of errors costs more than to see that it is. */
static void tls_forget_errors(void)
{
	if (ERR_peek_error())
		ERR_clear_error();
	errno = 0;
}

static int tls_read_once(struct tls *t, void *buffer, int n)
{
	tls_forget_errors();
	return t->ssl ? SSL_read(t->ssl, buffer, n) : (int)recv(t->fd, buffer, (size_t)n, 0);
}

static int tls_write_once(struct tls *t, const void *buffer, int n)
{
	tls_forget_errors();
	return t->ssl ? SSL_write(t->ssl, buffer, n) : (int)send(t->fd, buffer, (size_t)n, MSG_NOSIGNAL);
}

/* A server that drips always has a byte ready, so the deadline is looked at before every read, not only in
 * poll. */
static bool tls_alive(struct tls *t)
{
	if (!t->why && g_get_monotonic_time() >= t->deadline)
		tls_fail(t, NET_ERROR_TIMEOUT, "the server did not answer in time");
	return !t->why;
}

gssize tls_read(struct tls *t, void *buffer, gsize n)
{
	while (tls_alive(t)) {
		int r = tls_read_once(t, buffer, (int)MIN(n, 1 << 30));
		if (r > 0)
			return r;
		short events = tls_after(t, r);
		if (!events || !tls_must_poll(t, t->ssl ? events : POLLIN))
			break;
	}
	return -1;
}

gssize tls_write(struct tls *t, const void *buffer, gsize n)
{
	while (tls_alive(t)) {
		int r = tls_write_once(t, buffer, (int)MIN(n, 1 << 30));
		if (r > 0)
			return r;
		short events = tls_after(t, r);
		if (!events || !tls_must_poll(t, t->ssl ? events : POLLOUT))
			break;
	}
	return -1;
}

/* Peeks, because a readable socket may hold nothing for us (a session ticket, half a record), and because
 * bytes may wait inside OpenSSL while the socket is silent. */
int tls_wait(struct tls *t)
{
	char byte;
	while (!t->why) {
		tls_forget_errors();
		int r = t->ssl ? SSL_peek(t->ssl, &byte, 1) : (int)recv(t->fd, &byte, 1, MSG_PEEK);
		if (r > 0)
			return 1;
		short events = tls_after(t, r);
		if (!events)
			return -1;
		r = tls_poll(t, t->ssl ? events : POLLIN);
		if (r <= 0)
			return r;
	}
	return -1;
}

const GError *tls_why(const struct tls *t)
{
	return t->why;
}

void tls_free(struct tls *t)
{
	if (!t)
		return;
	if (t->ssl && t->secure && !t->why)
		SSL_shutdown(t->ssl); /* one close_notify, no wait for the other side's */
	SSL_free(t->ssl);
	SSL_CTX_free(t->context);
	if (t->fd >= 0)
		close(t->fd);
	g_clear_error(&t->why);
	g_free(t->host);
	g_free(t->ca_file);
	g_free(t);
}
