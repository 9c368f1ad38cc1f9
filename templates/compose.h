/* compose: a letter's text to the bytes of a mail (RFC 5322, 2045, 8551).
 *
 * The signed entity is serialised once; those bytes are signed, and the mail is put together around them:
 * nothing writes them a second time. All lines end in CRLF and have at most 78 characters (a long address
 * or Message-ID may need up to 998); no bare CR or LF; header text that is not ASCII is UTF-8 in encoded
 * words (RFC 2047), file names RFC 2231.
 */
#pragma once
#include <gio/gio.h>
#include "templates/catalog.h"

struct attachment { const char *filename, *type; GBytes *bytes; };

struct envelope {
	const char *from_name, *from, *to, *reply_to; /* reply_to may be NULL */
	const char *subject;     /* the letter's, without the token */
	const char *token;       /* appended as " [NG-…]"; NULL: none */
	const char *message_id, *in_reply_to, *references; /* with <>; the latter two may be NULL */
	gint64 date;             /* Unix seconds; written in +0300 */
};

/* multipart/alternative (text, html), inside multipart/mixed with the attachments when there are any.
 * base64 throughout. A control character, slash or quote in a file name becomes _; a `type` that is no
 * type/subtype is application/octet-stream. Boundaries are derived from `message_id`, so the same letter
 * gives the same bytes. */
GBytes *compose_body(const struct letter_text *text, const struct attachment *attachments, guint n,
		     const char *message_id);
/* The whole mail around `body` and its detached signature. NULL with HEADER when a header value holds a
 * control character, an address is not plain ASCII local@domain, or the Message-ID is none; what is no
 * Message-ID in in_reply_to and references (they are strangers' words) is left out. `Auto-Submitted:
 * auto-generated`, or auto-replied when in_reply_to is set (RFC 3834). */
GBytes *compose_signed(const struct envelope *e, GBytes *body, GBytes *signature_der, const char *micalg,
		       GError **error);
