/* encode: the forms that text takes in a mail: encoded words (RFC 2047), parameters (RFC 2231), base64
 * lines (RFC 2045).
 *
 * GMime could write these, but its encoded words run over 75 characters, its text keeps bare LF inside of
 * base64, and it is slower than the signature. Everything appends to `out`; input is UTF-8 without control
 * characters, which the caller has made sure of.
 */
#pragma once
#include <glib.h>
#include <stdbool.h>

/* `Name: text` CRLF. Words of ASCII stay readable before and after the part that must be encoded. */
void encode_header(GString *out, const char *name, const char *text);
/* `Name: phrase <address>` CRLF; `phrase` may be NULL or empty. */
void encode_address(GString *out, const char *name, const char *phrase, const char *address);
/* `Name: a b c` CRLF, folded between the words only. */
void encode_words(GString *out, const char *name, char *const *words);
/* `; name="value"`, or `; name*0*=utf-8''…` in pieces, each on a line of its own; no CRLF at the end. */
void encode_parameter(GString *out, const char *name, const char *value);
/* Lines of 76 characters, each with CRLF; the last group is padded, so call it once for a body. */
void encode_base64(GString *out, const guchar *bytes, gsize len);
