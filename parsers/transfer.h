/* transfer: Content-Transfer-Encoding (RFC 2045 6) to bytes, for bodies and for encoded words.
 *
 * Decoders are lenient: what is no code is passed over, nothing fails. base64 goes on after a '=', as
 * joined chunks occur in the wild.
 */
#pragma once
#include <glib.h>

enum transfer { TRANSFER_PLAIN, TRANSFER_BASE64, TRANSFER_QUOTED_PRINTABLE };

/* By the field's value (NULL: plain); unknown words are plain. */
enum transfer transfer_find(const char *value);
/* Appends the decoded bytes. */
void transfer_decode(GByteArray *out, enum transfer how, const char *text, size_t len);
void transfer_base64(GByteArray *out, const char *text, size_t len);
/* `q`: the Q of encoded words, where '_' is a blank. */
void transfer_quoted_printable(GByteArray *out, const char *text, size_t len, gboolean q);
