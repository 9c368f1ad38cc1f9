/* pdf_rows: which lines of a page are which row of its table.
 *
 * Each row has one line that carries it: the one of its identity number. In most tables that cell has one line, and the other
 * cells begin at it, end at it, or stand with their middles at it, all in the same way. The lines between two numbers are
 * parted so that this holds; where several partings do, at the widest gap. A row of which this leaves a doubt is unsure.
 */
#pragma once
#include "parsers/pdf_page.h"

struct pdf_row {
	guint from, to; /* its lines, to - 1 the last */
	guint carrier;
	bool unsure;
};

/* GArray of struct pdf_row, downwards; empty: no rows. They follow each other; what stands before the first from p->header on
 * is the header. */
GArray *pdf_rows_find(const struct pdf_page *p, const GArray *stripes);
