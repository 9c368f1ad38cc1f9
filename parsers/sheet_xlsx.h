/* sheet_xlsx: the sheets of an Office Open XML workbook (ECMA-376 part 1, §18).
 *
 * Read are the workbook, its relationships, shared strings and worksheets; styles only when a number
 * wears one. Formulas give the value that the writing program saved; nothing is computed.
 *
 * Complaints added to the document: those of unzip.h and xml.h with the part's name as `where`,
 * workbook_missing, sheet_missing, dde_link, external_schema, and those of cells.h. After any but the last there
 * are no sheets: half a list is worse than none.
 */
#pragma once
#include "parsers/document.h"
#include "parsers/unzip.h"

void sheet_xlsx_read(struct document *d, struct unzip *z);
