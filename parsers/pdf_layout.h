/* pdf_layout: words at places on pages, as the rows and columns that a reader sees.
 *
 * Where a page's table stands is said in pdf_page.h, its columns in pdf_columns.h, its rows in pdf_rows.h. Lines of one cell are
 * joined by a blank, but for a broken address. The table goes on over the following pages, with or without the same
 * header, as the sheet "Sayfa 1" of the page it began on. A page whose lines stand where those of an earlier table do has the
 * columns that had no room there. A cell is told as "Sayfa 2!C5", row 5 of that page, or by the name of the field
 * that stands in it. Rows that cannot be told apart for sure, or with words that lie on each other, are `unsure`.
 *
 * All but the headers is also the document's text, line by line, pieces parted by tabs, but those of a table's rows by line ends.
 *
 * Complaint codes: those of cells.h; too_much_text also for over 1 MiB of text.
 */
#pragma once
#include "parsers/document.h"

/* In points from the upper left corner. */
struct pdf_word {
	double x1, y1, x2, y2;
	const char *text;  /* "" only for empty fields */
	const char *field; /* the name of the field that says it; NULL: printed */
	bool box;          /* "☐", "☒": belongs to the words behind it */
};

struct pdf_layout;

struct pdf_layout *pdf_layout_new(struct document *d);
/* The next page; `words` of struct pdf_word in any order, whose texts live until the end. */
void pdf_layout_page(struct pdf_layout *l, GArray *words);
/* Gives sheets and text to the document; frees. */
void pdf_layout_end(struct pdf_layout *l);
