/* doc_docx: the tables and the text of a Word document (Office Open XML, ECMA-376 part 1, §17).
 *
 * Counts what a person sees who has accepted all changes: insertions count; deletions, moved-away and hidden text
 * (also hidden by a style) do not. A content control counts with its text unless it still shows its placeholder; old
 * form fields count as the choice or the box that they show. Nothing is fetched.
 *
 * Complaint codes: document_missing, dde_link (a field that another program would fill in), those of unzip.h, xml.h and
 * doc_writer.h. After all but the last nothing of the document is kept.
 */
#pragma once
#include "parsers/document.h"
#include "parsers/unzip.h"

void doc_docx_read(struct document *d, struct unzip *z);

/* "Word XML document": the same in one file without a zip, as Word 2003 and later save it. There, text that only a style
 * hides counts. One more complaint code: macro_file. */
bool doc_docx_is_flat(const char *bytes, size_t len);
void doc_docx_read_flat(struct document *d, const char *bytes, size_t len);
