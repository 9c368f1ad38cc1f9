/* compose: a letter's text to the bytes of a mail (RFC 5322, 2045, 8551). The only file that writes with GMime.
 *
 * The signed entity is serialised once; those bytes are signed, and the mail is put together around them by hand: GMime
 * never sees them again. All lines end in CRLF; no bare CR or LF; all header values are UTF-8 in encoded words.
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

/* multipart/alternative (text, html), inside multipart/mixed with the attachments when there are any. base64 throughout.
 * Boundaries are derived from `message_id`, so the same letter gives the same bytes. */
GBytes *compose_body(const struct letter_text *text, const struct attachment *attachments, guint n, const char *message_id);
/* The whole mail around `body` and its detached signature. NULL with HEADER when a header value holds a control
 * character. `Auto-Submitted: auto-generated`, or auto-replied when in_reply_to is set (RFC 3834). */
GBytes *compose_signed(const struct envelope *e, GBytes *body, GBytes *signature_der, const char *micalg, GError **error);
