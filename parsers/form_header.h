/* form_header: the header row of a table, and which column holds what.
 *
 * It is looked for in the first 30 rows: the first row that has a heading for the identity number and one for a name or an
 * address. Headings may be spread over up to three rows ("Doğum" above "Tarihi"), a heading above being that of all cells
 * to its right that have none ("Başvuru" above "Türü | Açıklama"); rows of groups above a whole header are no part of it.
 *
 * A heading that comes twice belongs to the group before it: of two "Yedek" the one behind the card reader is the spare
 * reader, of two "Açıklama" that one is a note on the reader. Else the first column of a field counts, and notes all do.
 */
#pragma once
#include "parsers/document.h"
#include "parsers/headings.h"

enum { FORM_MAX_NOTES = 8 };

/* -1: the form does not have it. */
struct form_columns {
	int at[HEADING_COUNT];
	int notes[FORM_MAX_NOTES];
	bool on_reader[FORM_MAX_NOTES];
	int n_notes, first, reader_backup;
	bool only_full_name; /* `given_name` holds the whole name: there is no column for the family name */
};

struct form_header {
	struct form_columns columns;
	int row, below; /* its first row, or -1: none; the first row of people */
	bool nearly;    /* there is none, but a row with several headings */
};

void form_header_find(const struct headings *h, const struct sheet *s, struct form_header *header);
/* Whether that one row is a header. */
bool form_header_read(const struct headings *h, const struct sheet *s, guint row, struct form_columns *columns);
