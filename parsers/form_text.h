/* form_text: forms that are no table with a header row: "Ad Soyad : …" in a mail or ticket, one block a person; the same
 * in the cells of a table, label beside value, people below or beside each other; a table whose cells are parted by tabs.
 * What makes it a form stands in form_pairs.h. The result is a document of one sheet for form.c.
 *
 * Where a value stands is said as "5. satır" of a text, "Tablo 1!B3" of a sheet.
 */
#pragma once
#include "parsers/document.h"
#include "parsers/headings.h"

/* NULL: no form in it. Only the first 1 MiB is looked at. document_free. */
struct document *form_text_read(const struct headings *h, const char *text);
struct document *form_text_turn(const struct headings *h, const struct sheet *s);

/* Whether the text may hold a form at all: somewhere nine digits follow each other, blanks apart. Cheap. */
bool form_text_is_possible(const char *text);
/* Whether a line or a cell of it is the label of the identity number. */
bool form_text_has_number_label(const struct headings *h, const char *text);
