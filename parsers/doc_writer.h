/* doc_writer: what a word processor's file holds, in the order in which it is read, as sheets and text.
 *
 * For doc_docx.c and doc_odt.c. Each table becomes a sheet "Tablo 1", "Tablo 2" …; a table inside a cell is a sheet of
 * its own. A cell that is merged downwards says the same in each row, as a reader sees it; one that is merged to the
 * right says it in its first column. What stands outside of tables is the document's text. Paragraphs are lines.
 *
 * Complaint codes: those of cells.h, too_many_tables (over 256); too_much_text also for over 1 MiB outside of tables.
 * What came before the limit is kept.
 */
#pragma once
#include "parsers/document.h"

struct doc_writer;

struct doc_cell {
	guint columns;  /* that it covers; 0 is 1 */
	bool begins;    /* merged with those below */
	bool continues; /* merged into the one above */
	bool listed;    /* those that it covers to its right come as cells of their own */
};

struct doc_writer *doc_writer_new(struct document *d);
/* Gives the sheets and the text to the document, or nothing when `keep` is false; frees. */
void doc_writer_end(struct doc_writer *w, bool keep);

/* Calls out of order change nothing. */
void doc_writer_table(struct doc_writer *w);
void doc_writer_table_end(struct doc_writer *w);
void doc_writer_row(struct doc_writer *w);
/* The row stands `times` in the table; 0: it was deleted.  */
void doc_writer_row_end(struct doc_writer *w, guint times);
void doc_writer_cell(struct doc_writer *w);
void doc_writer_cell_end(struct doc_writer *w, const struct doc_cell *c);
/* Columns that the row leaves out. */
void doc_writer_skip(struct doc_writer *w, guint columns);
/* The last cell once more, so many times. */
void doc_writer_repeat(struct doc_writer *w, guint times);

void doc_writer_text(struct doc_writer *w, const char *text, size_t len);
void doc_writer_line_end(struct doc_writer *w);
