/* sheet_xlsx: the sheets of an Office Open XML workbook (ECMA-376 part 1, §18).
 *
 * Read are the workbook, its relationships, shared strings and worksheets; styles only when a number
 * wears one. Formulas give the value that the writing program saved; nothing is computed.
 *
 * Complaints added to the document: those of unzip.h and xml.h with the part's name as `where`,
 * workbook_missing, sheet_missing, too_many_rows (over 20 000 in a sheet: the rest is left out),
 * too_many_columns (over 512), too_many_cells (over 500 000), too_much_text (cells over 8 MiB), dde_link,
 * external_schema.
 * After any but the too_ ones there are no sheets: half a list is worse than none.
 */
#pragma once
#include "parsers/document.h"
#include "parsers/unzip.h"

void sheet_xlsx_read(struct document *d, struct unzip *z);
