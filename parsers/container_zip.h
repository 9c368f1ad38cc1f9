/* container_zip: the forms inside of a zip archive that somebody packed for the mail, one level deep.
 *
 * Each file that may be a form becomes one of the document's parts; others, hidden files and lock files of office programs
 * are passed over. The names of its sheets say the file: "[liste.xlsx]Sayfa1", as workbooks name each other's sheets.
 *
 * Complaint codes, with the name of the file inside: zip_nested (an archive in it, left closed), zip_no_form (nothing in
 * it may be a form), zip_too_many_files, zip_too_large (together), too_much_text (twice that of one document), those of
 * unzip.h and of the files themselves. Those before a limit are kept.
 */
#pragma once
#include "parsers/document.h"
#include "parsers/unzip.h"

void container_zip_read(struct document *d, struct unzip *z);
