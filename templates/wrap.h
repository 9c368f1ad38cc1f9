/* wrap: lines of plain text that names and addresses made too long are broken at a blank. */
#pragma once
#include <glib.h>

/* A new string. Lines over `columns` characters are cut at their last blank before it. What is left goes
 * before the next line if that one continues the paragraph (same indent as the text behind a leading "-
 * " or "1. "), else onto a line of its own with that indent. A line that is shorter, and a word that is
 * longer, stays. `text` is UTF-8. */
char *wrap_lines(const char *text, guint columns);
