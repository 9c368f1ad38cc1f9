/* charset: labelled or unlabelled bytes to UTF-8, for a deployment whose mail is Turkish.
 *
 * The label is the sender's claim and often wrong; the bytes decide first. Strictly valid UTF-8 is UTF-8
 * under every single-byte label. Labels iso-8859-1, iso-8859-9, windows-1252, windows-1254, us-ascii, utf-8
 * on other bytes, none and unknown ones are read as windows-1254. iso-8859-3 (Exchange puts it on Turkish) is
 * read as labelled unless the bytes show the Turkish letters of iso-8859-9. Other charsets go through iconv
 * if they are on the list; UTF-7 and ISO-2022-CN-EXT are not.
 *
 * A struct charset holds all converters open: reading opens no file afterwards. Not thread-safe.
 */
#pragma once
#include <glib.h>

struct charset;
struct charset *charset_new(void);
void charset_free(struct charset *c);

/* UTF-8 of `bytes`, the caller's; never NULL. Bytes without meaning and NUL become U+FFFD, a byte order mark
 * at the beginning goes away. `label` NULL: unlabelled. `c` NULL: without iconv's charsets. */
char *charset_to_utf8(struct charset *c, const char *label, const char *bytes, size_t len);
void charset_append(struct charset *c, GString *out, const char *label, const char *bytes, size_t len);
