/* tls: a verified TLS 1.2+ client stream on OpenSSL, with one deadline for everything, a cancel descriptor and a byte guard.
 * libetpan's own TLS verifies nothing; this is what imap.c gives it instead. */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include "gateway/net_error.h"

struct tls_options { const char *host; guint port; const char *ca_file; guint connect_seconds; int cancel_fd; };
struct tls;

/* TCP only; the handshake comes with tls_start, so STARTTLS and TLS from the first byte are one way. */
struct tls *tls_connect(const struct tls_options *o, GError **error);
/* Handshake and verification: chain, dates, host name or IP. TLS with the reason on failure; nothing was sent before. */
bool tls_start(struct tls *t, GError **error);
bool tls_is_secure(const struct tls *t);
/* Moves the deadline of all following reads and writes to `seconds` from now. */
void tls_deadline(struct tls *t, guint seconds);
/* Bytes read or written, -1 on end of stream, deadline, cancel or error (never 0: libetpan would spin). tls_why says which. */
gssize tls_read(struct tls *t, void *buffer, gsize n);
gssize tls_write(struct tls *t, const void *buffer, gsize n);
/* 1 something to read, 0 deadline over, -1 cancelled or dead. */
int tls_wait(struct tls *t);
const GError *tls_why(const struct tls *t);
void tls_free(struct tls *t);
