/* doc_odt: the tables and the text of an OpenDocument text (OASIS OpenDocument 1.3 part 3).
 *
 * Counts what a person sees: tracked deletions, hidden text, paragraphs and sections (also hidden by a style), notes and
 * comments do not; a content control counts unless it shows its placeholder. Nothing is fetched.
 *
 * Complaint codes: encrypted, document_missing, dde_link, those of unzip.h, xml.h and doc_writer.h. After all but the
 * last nothing of the document is kept.
 */
#pragma once
#include "parsers/document.h"
#include "parsers/unzip.h"

void doc_odt_read(struct document *d, struct unzip *z);
