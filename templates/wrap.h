/* wrap: lines of plain text that names and addresses made too long are broken at a blank. */
#pragma once
#include <glib.h>

/* A new string. Lines over `columns` characters are cut at their last blank before it; what follows is indented like the line's
 * text, behind a leading "- ". A line that is shorter, and a word that is longer, stays. `text` is UTF-8. */
char *wrap_lines(const char *text, guint columns);
