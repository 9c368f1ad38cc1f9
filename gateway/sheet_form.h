/* sheet_form: the blank request form that an office gives to its units, as an .xlsx workbook.
 *
 * First page: the institution, lines for the unit and the ticket, the header row, rows to be filled in with lists to choose from and
 * checks. Second page: what to do. It carries a version (parsers/form.h), in sight and as the property
 * `nesgate_form_version`, by which our reader knows it. The same settings give the same bytes.
 */
#pragma once
#include <gio/gio.h>
#include "templates/catalog.h"

enum { SHEET_FORM_ROWS = 60 }; /* at least; and some more than there are people */

/* Whose form it is; each may be NULL. `to`: where it is mailed to. people: struct request_row, filled in already. */
struct sheet_form { const char *institution, *office, *to, *support; const GPtrArray *people; };

/* NULL: G_IO_ERROR. */
GBytes *sheet_form(const struct sheet_form *f, const struct catalog *words, GError **error);
