/* doc_pdf: a PDF file (ISO 32000-1): its filled-in fields, its tables and its text.
 *
 * Fields: texts and choices as they are shown, also empty ones; of boxes and buttons only those that are on, as the words
 * printed at their right, else "X". Passwords are left out. Fields of one name that say the same are one. What stands on the
 * pages, the fields' values in their places, goes to pdf_layout.h. Signatures, actions, scripts, attachments and pictures are
 * not looked at here.
 *
 * Complaint codes: encrypted, damaged, format_pdf (the library is not installed), pdf_scan (no letter and no field in it),
 * pdf_xfa (a form that only Adobe's programs can show), too_many_pages (over 200; the first are read), pdf_too_many_fields
 * (over 20 000, or 500 chosen buttons; the same), pdf_field_twice (two values of one name; the last is kept), those of pdf_layout.h.
 */
#pragma once
#include "parsers/document.h"

void doc_pdf_read(struct document *d, const char *bytes, size_t len);

/* The files attached inside of it, GBytes, at most 8 of 4 MiB; none of a file that cannot be read. */
GPtrArray *doc_pdf_attached(const char *bytes, size_t len);

/* For poppler's first use, outside of a cage: loads it. False: it is not installed. */
bool doc_pdf_warm_up(void);
