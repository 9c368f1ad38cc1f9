/* doc_text: a text file as a document. Lines that stand in columns (parted by `;`, `,` or tab, as often in most lines) are a sheet,
 * as sheet_csv.h reads it; anything else is text, in which labels and values may stand.
 *
 * Complaint codes: those of sheet_csv.h; text_too_long (over 1 MiB: the rest is left out); format_unsupported (no text, or a
 * language of machines such as XML).
 */
#pragma once
#include "parsers/document.h"

void doc_text_read(struct document *d, const char *bytes, size_t len);
