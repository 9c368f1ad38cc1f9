/* sheet_field: the columns of request forms, for the sheets that go to units and come back from them. */
#pragma once
#include "gateway/sheet.h"
#include "parsers/facts.h"
#include "templates/catalog.h"

enum sheet_field_kind { SHEET_FIELD_TEXT, SHEET_FIELD_DATE, SHEET_FIELD_WORD, SHEET_FIELD_SWITCH, SHEET_FIELD_YEARS };

/* `name` is that of headings.table, of the words `column.<name>` and of the member of struct request_row. */
struct sheet_field { const char *name; enum sheet_field_kind kind; double width; gsize member; };

extern const struct sheet_field sheet_fields[]; /* in the order of the columns; ends with a NULL name */

/* What stands in the row's cell, codes as their words and days as in ISO; NULL: nothing. g_free. */
char *sheet_field_text(const struct sheet_field *f, const struct request_row *row, const struct catalog *words);
/* How such a cell is written. */
enum sheet_kind sheet_field_cell(const struct sheet_field *f);
