/* sheet_xls: the sheets of an Excel 97-2003 workbook ([MS-XLS], BIFF8).
 *
 * Formulas give the value that the writing program saved; nothing is computed. The same cells give the same
 * texts as in a workbook of today (sheet_xlsx.h).
 *
 * Complaints added to the document, with the file's name as `where`, or the sheet's: ole_damaged, xls_damaged,
 * format_xls_old (Excel 95 and before), encrypted, macro_file, dde_link, and those of cells.h. After any but the last
 * there are no sheets: half a list is worse than none.
 */
#pragma once
#include "parsers/document.h"
#include "parsers/ole.h"

void sheet_xls_read(struct document *d, const struct ole *o);
