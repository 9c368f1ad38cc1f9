/* smtp: one kept submission session (RFC 5321, 6409) on libcurl: STARTTLS or TLS required and verified, AUTH
 * PLAIN, LOGIN or XOAUTH2, one recipient a transaction, its commands in one piece when the server takes that (RFC 2920).
 */
#pragma once
#include <gio/gio.h>
#include <stdbool.h>
#include "gateway/net_error.h"

enum smtp_security { SMTP_STARTTLS, SMTP_TLS, SMTP_PLAIN_LOOPBACK }; /* the last only for 127.0.0.0/8 and ::1: benchmarks' sink */

struct smtp_options {
	const char *host;
	guint port;
	enum smtp_security security;
	const char *ca_file;
	const char *user, *password, *token; /* user NULL: no AUTH */
	const char *mechanism;               /* PLAIN, LOGIN, XOAUTH2; NULL: best offered */
	guint seconds;                       /* for one answer of the server */
	const char *own_name;                /* what EHLO says; NULL, or no plain domain: the machine's name */
};

struct smtp;
struct smtp *smtp_open(const struct smtp_options *o, GError **error); /* connects with the first mail */
void smtp_close(struct smtp *s);

/* accepted: 250 to the final dot. deferred: 4xx, or never got as far as the dot. refused: 5xx for this mail. uncertain: all bytes
 * were given and no answer came (the mail may be delivered). */
enum smtp_outcome { SMTP_ACCEPTED, SMTP_DEFERRED, SMTP_REFUSED, SMTP_UNCERTAIN };
struct smtp_answer {
	enum smtp_outcome outcome;
	int code;
	char line[256];
	bool session_down; /* no server at all: stop, all others would fail too */
};

/* `mail` must be CRLF-only (a last check refuses bare CR or LF and control characters in addresses: refused, code 0).
 * TLS and LOGIN troubles are deferred with session_down. */
void smtp_send(struct smtp *s, const char *from, const char *to, GBytes *mail, struct smtp_answer *out);
/* A login and nothing more. LOGIN only when the server says that user or password are wrong; when it cannot ask (4xx):
 * CONNECT. */
bool smtp_probe(struct smtp *s, GError **error);
/* false: the libcurl that was linked is not the OpenSSL one (TRAPS: the packages conflict). */
bool smtp_library_ok(void);
