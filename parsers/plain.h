/* plain: the bytes of a text file as UTF-8.
 *
 * UTF-16 is known by its byte order mark (Excel's "Unicode text"); everything else goes by the rule of charset.h
 * for bytes without a label.
 */
#pragma once
#include <glib.h>

/* The caller's, NUL-terminated, without byte order mark. NULL: a NUL or another control character stands in it, so
 * it is no text. */
char *plain_utf8(const char *bytes, size_t len);
