/* pdf_columns: the columns of a table, parted by stripes that no word crosses. */
#pragma once
#include "parsers/pdf_page.h"

/* The middles of the stripes, ascending (double). `pages` are the table's; the first has its header. *unsure: it is not clear
 * which heading is of which column. */
GArray *pdf_columns_find(struct pdf_page *const *pages, guint n, bool *unsure);
/* Which column the word stands in, from 0. */
guint pdf_columns_of(const GArray *stripes, const struct pdf_word *w);
/* Whether a good part of it stands in the next. */
bool pdf_columns_is_crossed(const GArray *stripes, const struct pdf_word *w);
