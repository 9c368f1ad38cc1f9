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
	guint fields;      /* words that are fields */
	bool number;       /* an identity number may stand in it */
	bool address;      /* an e-mail address stands in it */
};

/* GPtrArray of struct pdf_line; `words` is sorted. */
GPtrArray *pdf_lines_of(GArray *words);
/* Whether it is a row of fields; whether it is that or a row with a number or an address. */
bool pdf_lines_is_of_fields(const struct pdf_line *l);
bool pdf_lines_is_person(const struct pdf_line *l);
/* The piece's words, a blank between them; g_free. */
char *pdf_lines_piece(const struct pdf_line *l, const struct pdf_piece *p);
/* All pieces, `between` between them. */
void pdf_lines_append(const struct pdf_line *l, char between, GString *out);
