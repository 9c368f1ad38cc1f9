/* pdf_page: a page of a PDF as lines, and which of them are a table.
 *
 * A table has people: lines of three pieces or more of which one holds an identity number (nine digits or more) or an
 * address, or that are all fields. Right above the first stands the header, a line of two pieces or more, with the lines
 * that its tall cells have. What stands above that at the distance of rows is given too: whose number is wrong may
 * look like a header.
 */
#pragma once
#include "parsers/pdf_lines.h"

struct pdf_page {
	guint number;
	guint joined;     /* pages that stand at its right; for pdf_layout */
	GPtrArray *lines; /* struct pdf_line */
	bool has_table;
	guint lead, header, body, end; /* lines where each begins; header == body: none on this page */
	char *heading;                 /* the header's words; "": none */
};

/* `number` counts from 1. The words' texts stay the caller's. */
struct pdf_page *pdf_page_new(guint number, GArray *words);
void pdf_page_free(void *page);

const struct pdf_line *pdf_page_line(const struct pdf_page *p, guint i);
/* How far the line stands below the one before; not for the first. */
double pdf_page_gap(const struct pdf_page *p, guint i);
