/* container_zip: the forms inside of a zip archive that somebody packed for the mail, one level deep.
 *
 * Hidden files and lock files of office programs are passed over. Complaint codes beside those of container.h: zip_nested (an
 * archive in it, left closed), zip_no_form (nothing in it may be a form), zip_too_many_files.
 */
#pragma once
#include "parsers/document.h"
#include "parsers/unzip.h"

void container_zip_read(struct document *d, struct unzip *z);
