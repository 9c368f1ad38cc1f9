/* pdf_lines: the words of a page as lines from top to bottom, and each line's words from left to right in pieces: words that
 * stand as near as those of a sentence. */
#pragma once
#include "parsers/pdf_layout.h"

struct pdf_piece { double x1, x2; guint first, count; }; /* of the line's words */

struct pdf_line {
	double y, height;  /* its middle */
	GArray *words;     /* struct pdf_word */
	GArray *pieces;    /* struct pdf_piece */
	guint said;        /* pieces that are not empty fields */
	bool number;       /* an identity number may stand in it */
};

/* GPtrArray of struct pdf_line; `words` is sorted. */
GPtrArray *pdf_lines_of(GArray *words);
/* The piece's words, a blank between them; g_free. */
char *pdf_lines_piece(const struct pdf_line *l, const struct pdf_piece *p);
/* All pieces, a tab between them. */
void pdf_lines_append(const struct pdf_line *l, GString *out);
