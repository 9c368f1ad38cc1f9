/* sheet_ods: the sheets of an OpenDocument spreadsheet (ODF 1.3 part 3, §9; .ods of LibreOffice).
 *
 * Read is content.xml alone. Numbers, dates and times are taken from the value that stands beside the shown text, in
 * the convention of document.h. Covered cells (under a merged one), comments, drawings and tracked changes do not count.
 * A repeated cell or row is repeated as far as the limits go.
 *
 * Complaints added to the document: those of unzip.h and xml.h with the part's name as `where`; encrypted,
 * workbook_missing (there is no spreadsheet in it), dde_link; those of cells.h, and too_many_tables (over 256 sheets: the
 * rest is left out). After any but the last two there are no sheets: half a list is worse than none.
 */
#pragma once
#include "parsers/document.h"
#include "parsers/unzip.h"

void sheet_ods_read(struct document *d, struct unzip *z);
