/* encoded_word: raw header values to text (RFC 2047, RFC 2231), by the charset rule of charset.h.
 *
 * Takes values as they stand in the mail, folded, with bytes of 8 bits. Adjacent words of one charset are
 * joined as bytes first, so a letter may be split between them; base64 begins anew at each word.
 * Results are one line of UTF-8 without control characters, the caller's.
 */
#pragma once
#include "parsers/charset.h"

/* An unstructured value such as Subject; never NULL. */
char *encoded_word_decode(struct charset *c, const char *raw);

/* A parameter of Content-Type or Content-Disposition: plain, quoted, RFC 2231 with continuations, or RFC
 * 2047 words where none should be. NULL: not there. `name` lower-case. */
char *encoded_word_parameter(struct charset *c, const char *raw, const char *name);
