/* form_merge: two forms of one mail as one request, in which each person counts once.
 *
 * The same person is the same identity number, else the same name and address. The first row of two counts unless it was
 * refused and the other was not. The first unit is the request's; rows of a form with another keep that.
 *
 * Complaint code: duplicate_in_form, at the row that does not count, when it says something else than the one that does.
 */
#pragma once
#include "parsers/facts.h"

/* Takes both, of which each may be NULL; the caller's. */
struct request *form_merge(struct request *first, struct request *other, GPtrArray *complaints);
/* Puts "[file]" in front of each place, to tell the sheets of several files apart. */
void form_merge_name(struct request *r, const char *file);
