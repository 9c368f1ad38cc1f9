/* plain_type: a Content-Type that nobody can take for another (RFC 2045 5.1). */
#pragma once

/* The type in lower case, the caller's, when it has nothing below it ("text/…", "application/…") and is written as the RFC has
 * it, its parameters too; of NULL "text/plain". NULL: GMime, which knows what else is written, shall find out what is meant.
 * `value` is the raw field's. */
char *plain_type(const char *value);
