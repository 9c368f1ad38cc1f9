/* form_banner: what is said once of a whole form, above its table or in the words beside it: "Birim: Fizik Bölümü",
 * "Talep No | 4711". The labels stand in headings.table (`label:`).
 *
 * Each function fills only what `r` does not know yet. A ticket has a digit and at most 60 bytes, a unit at most 200.
 */
#pragma once
#include "parsers/facts.h"
#include "parsers/headings.h"

/* Cells of const char *: label and value in one, or side by side. */
void form_banner_row(struct request *r, const struct headings *h, const GPtrArray *row);
/* Lines; the first 200 are looked at. */
void form_banner_text(struct request *r, const struct headings *h, const char *text);
