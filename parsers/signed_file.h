/* signed_file: attachments that carry a signature: CMS signed data (RFC 5652; .p7s, .p7m, .imz of the card's program) and signed
 * PDFs (PAdES, ETSI EN 319 142-1). Known by their bytes, not by their names. Finding only: nothing is verified here.
 */
#pragma once
#include "parsers/facts.h"
#include "parsers/mime.h"

/* Adds them to f->signed_files, at most 8. Their bytes are at most 2 MiB together; those over it have none. The signature of
 * the mail itself is none of them, nor are its words. */
void signed_file_find(struct facts *f, const struct mime *m);

/* Never both. */
bool signed_file_is_cms(const char *bytes, size_t len);
bool signed_file_is_pdf(const char *bytes, size_t len);
