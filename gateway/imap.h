/* imap: one session with the mailbox (RFC 9051/3501), on libetpan behind our own verified TLS stream (tls.h) and byte guard.
 *
 * After any error but VALUE the session is dead: close it and open another. Never two threads in one session.
 */
#pragma once
#include <gio/gio.h>
#include <stdbool.h>
#include "gateway/net_error.h"

enum imap_security { IMAP_TLS, IMAP_STARTTLS }; /* there is no third way */

struct imap_options {
	const char *host;
	guint port;
	enum imap_security security;
	const char *ca_file;         /* PEM; NULL: the system's */
	const char *user;
	const char *password;        /* LOGIN/PLAIN; NULL when token is given */
	const char *token;           /* XOAUTH2 access token */
	gint64 max_mail;             /* bytes; a literal over this is refused by the guard */
	guint command_seconds;       /* deadline for any one command */
	int cancel_fd;               /* readable: end the wait with CANCELLED; -1: none */
};

struct imap;
struct imap *imap_open(const struct imap_options *o, GError **error);
void imap_close(struct imap *s); /* LOGOUT if alive; NULL is fine */

struct imap_folder { guint32 uidvalidity, uidnext, exists; };
bool imap_select(struct imap *s, const char *folder, struct imap_folder *out, GError **error);

struct imap_mail { guint32 uid; guint32 size; };
/* UIDs and sizes of all mails with UID >= from, ascending; GArray of struct imap_mail. */
GArray *imap_list(struct imap *s, guint32 from, GError **error);
/* The same in two steps, for a folder where most is known: UIDs (guint32) only; then the sizes of uids[*at] and as many behind
 * it as one command may ask for, and *at moves on. A UID the server leaves out was expunged meanwhile. */
GArray *imap_list_uids(struct imap *s, guint32 from, GError **error);
GArray *imap_list_sizes(struct imap *s, const GArray *uids, guint *at, GError **error);
/* Whole mails (BODY.PEEK[]), or only headers, of these UIDs (guint32, ascending). Calls `take` for each that the server gave, owner
 * of bytes stays the callback's by ref. A UID the server leaves out was expunged meanwhile and is no error.
 * raw NULL: the server says NO to this one mail (not: that it has trouble itself); the others are given all the same. */
typedef void (*imap_take)(guint32 uid, GBytes *raw, void *data);
bool imap_fetch(struct imap *s, const GArray *uids, bool headers_only, imap_take take, void *data, GError **error);
/* Adds the keyword to these UIDs; silently nothing when the folder cannot keep keywords. */
bool imap_mark(struct imap *s, const GArray *uids, const char *keyword, GError **error);
/* UID MOVE, or COPY + mark when the server has no MOVE; creates the folder when missing. Never EXPUNGE of others' mail. */
bool imap_move(struct imap *s, const GArray *uids, const char *folder, GError **error);
/* Waits for news: 1 news, 0 `seconds` are over, -1 error. Without IDLE it sleeps in NOOP steps of 30 s. */
int imap_idle(struct imap *s, guint seconds, GError **error);
