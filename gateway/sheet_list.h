/* sheet_list: the list for KAMU SM, as an .xlsx workbook or as text.
 *
 * One header row (in the workbook bold, frozen, with a filter), one row a person, columns in the order of the CA's own
 * form. Identity numbers and telephones are text, dates are dates. The same people give the same bytes, so a letter that
 * is composed twice is the same letter.
 */
#pragma once
#include <gio/gio.h>
#include <stdbool.h>
#include "queue/outbox.h"
#include "templates/catalog.h"

struct sheet_list {
	const struct catalog *words; /* headings `column.<field>`, the sheet's name `column.sheet`, codes as `kind.…`, `reader.…` */
	const char *title;           /* a property of the workbook */
	bool numbers;                /* kinds and readers as KAMU SM's numbers; words where a code has none */
};

/* `people`: struct list_person. NULL with a G_IO_ERROR when there is no memory or temporary space. */
GBytes *sheet_list_xlsx(const GPtrArray *people, const struct sheet_list *o, GError **error);
/* RFC 4180 with semicolons, as Turkish spreadsheet programs want it: UTF-8 with its mark, dates gg.aa.yyyy. */
GBytes *sheet_list_csv(const GPtrArray *people, const struct sheet_list *o);
