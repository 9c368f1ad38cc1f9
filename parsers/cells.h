/* cells: the way of a cell's text into a sheet, the same for every kind of spreadsheet.
 *
 * Limits (limits.h), told once a sheet as complaints with the sheet's name; what is beyond them is left out:
 * too_many_rows, too_many_columns (of the sheet), too_many_cells, too_much_text (of the document). A text is cut at
 * 32 767 bytes, Excel's own limit.
 * A text in a hidden row or column is kept; the first of each is noted in the sheet.
 */
#pragma once
#include "parsers/document.h"

/* The most that limits.h can allow. */
enum { CELLS_ROWS = 100000, CELLS_COLUMNS = 2048, CELLS_TEXT = 32767 };

/* Begins as { .document = d }. */
struct cells {
	struct document *document;
	struct sheet *sheet;
	size_t count, bytes; /* of the document so far; an empty cell counts when others stand behind it */
	const char *over;    /* a limit that this sheet met: code */
	bool row_hidden;     /* the row that is being read */
	bool column_hidden[CELLS_COLUMNS];
};

void cells_begin(struct cells *c, struct sheet *s);
void cells_end(struct cells *c);

/* The text in the document's keeping. */
const char *cells_keep(struct cells *c, const char *text, size_t len);
/* Row and column count from 0; `kept` lives as long as the document. An empty text takes no place.
 * False: a limit is met; further right or down it is met too. */
bool cells_put(struct cells *c, guint row, guint column, const char *kept);

/* "Sayfa1!C5"; g_free. */
char *cells_where(const struct cells *c, guint row, guint column);

void cells_hide_columns(struct cells *c, guint from, guint count);
