/* sheet_marked: a sender's own list back to him, with the cells to be mended marked. An .xlsx workbook, written from the values
 * that were read: nothing of his file is copied through.
 *
 * Rows keep his order. The first column says what became of the row, the last one why. A wrong cell is red and holds what was
 * written in it; a cell that was mended, or should be looked at, is yellow and holds what was read. Both carry a comment with
 * the sentence and the place in his own file. Our reader takes the sheet as a form: mended and sent back it is a request.
 *
 * Identity numbers stand whole, because they are to be mended and are his who sent them. A text that a spreadsheet could take
 * for a formula begins with an apostrophe, which our reader takes away again.
 */
#pragma once
#include <gio/gio.h>
#include "parsers/facts.h"
#include "templates/catalog.h"

/* `r` as returned_read gives it, `ref` is T-12. The same request gives the same bytes. NULL: G_IO_ERROR. */
GBytes *sheet_marked(const struct request *r, const struct catalog *words, const char *ref, GError **error);
/* The column to which a row's complaint belongs; NULL: to none. */
const char *sheet_marked_column(const struct complaint *c, const struct request_row *row);
