/* mime_guard: what GMime must not see (RFC 5322 and MIME set no such limits; GMime 3.2.13 breaks without
 * them).
 *
 * Nested groups in a long address field end GMime's stack, a great number of fields or parts eats memory,
 * many boundaries times many "--" lines is quadratic.
 */
#pragma once
#include <stddef.h>

enum {
	MIME_GUARD_BLOCK = 256 * 1024, /* bytes of one header block, of the mail or of a part */
	MIME_GUARD_FIELD = 64 * 1024,  /* bytes of one folded field */
	MIME_GUARD_FIELDS = 1000,      /* fields in one block */
	MIME_GUARD_DELIMITERS = 1000,  /* lines that begin with "--" */
	MIME_GUARD_DEPTH = 20,         /* parts inside parts; mime.c looks at this one */
};

/* The code of a complaint, or NULL when the mail may be parsed. */
const char *mime_guard_check(const char *raw, size_t len);
