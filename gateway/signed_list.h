/* signed_list: what the signatures on a mail's attachments are worth, as facts. Shared by `nesgate read` and the reader process.
 *
 * The verdict is of the file alone: valid (unchanged), invalid, error (cannot be read), untrusted (unchanged, but no chain to
 * an anchor). Whose signature it is, and whether it is on the right list, the queue decides.
 */
#pragma once
#include "gateway/smime.h"
#include "parsers/facts.h"

/* Completes each of f->signed_files. `a` NULL: no chain is asked for. `at`: Unix seconds. */
void signed_list_fill(struct facts *f, const struct anchors *a, gint64 at);
