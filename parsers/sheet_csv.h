/* sheet_csv: comma-separated values (RFC 4180), and what office programs make of them, as one sheet.
 *
 * The delimiter is `;`, `,` or tab, whichever stands most often outside quotes; a first line "sep=X", as Excel reads
 * it, decides and is no row. Quoted cells may hold delimiters, doubled quotes and line breaks; ="123", written to keep
 * digits from Excel, is 123. Empty lines are rows. Cells have no type here: numbers and dates stay as written.
 * The sheet has the file's name without its ending.
 *
 * Complaints added to the document: those of cells.h; quote_open (a quote that nothing closes: from that cell on
 * quotes are letters); format_unsupported (no text, or nothing that stands in columns).
 */
#pragma once
#include "parsers/document.h"

void sheet_csv_read(struct document *d, const char *bytes, size_t len);
