/* html_text: an HTML body as plain text, for reading words out of it, not for showing it.
 *
 * Block elements begin lines, blockquote becomes "> ", cells of a table row are separated by tabs, scripts,
 * styles and comments vanish. Nothing is fetched.
 */
#pragma once
#include <glib.h>

/* `html` is UTF-8, whatever its own meta element says. The caller's; "" when there is no text. */
char *html_text(const char *html, size_t len);
