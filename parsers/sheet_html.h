/* sheet_html: the tables of an HTML file or of a mail's HTML body, each a sheet "Tablo 1", "Tablo 2", …
 *
 * A cell that spans columns or rows has its text in the first place and leaves the others empty, as merged cells of a
 * workbook do. A table inside a cell is a sheet of its own and no text of that cell; tables without text are none. What is
 * hidden (display:none, hidden) does not count: neither as text nor as row or cell. Where a page saved by Excel shows a
 * number cut to 1,2E+10, the whole number beside it (x:num) is taken.
 *
 * Complaints added to the document: those of cells.h; too_many_tables (over 500: the rest is left out);
 * html_too_complex (elements deeper than 256, over 200 attributes in a tag; then there are no sheets).
 */
#pragma once
#include "parsers/document.h"

/* Of a file; format_unsupported when it is no text. */
void sheet_html_read(struct document *d, const char *bytes, size_t len);
/* Of a mail's body, which is UTF-8. Never NULL; document_free. `name` is the document's. */
struct document *sheet_html_open(const char *name, const char *html, size_t len);
