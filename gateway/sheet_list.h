/* sheet_list: the list for KAMU SM as an .xlsx workbook.
 *
 * One header row (bold, frozen, with a filter), one row a person, columns in the order of the CA's own
 * form. Identity numbers and telephones are text, dates are dates. The same people give the same bytes, so a letter that
 * is composed twice is the same letter.
 */
#pragma once
#include <gio/gio.h>
#include "queue/outbox.h"
#include "templates/catalog.h"

/* `people`: struct list_person. Headings are the words `column.<field>`, the sheet's name is
 * `column.sheet`, codes are printed as their words; `title` goes into the document's properties. Fails
 * with a G_IO_ERROR when there is no memory or temporary space. */
GBytes *sheet_list(const GPtrArray *people, const struct catalog *words, const char *title, GError **error);
