/* form_pairs: labels and their values, in the order in which they were met, as a sheet of one row a person, so that
 * form.c reads it like any other.
 *
 * A person ends where the next begins: at an identity number or a name when there is one already, at the label that
 * began the person before, or at a gap behind which one of the former two stands. People are kept when they have the
 * label of the identity number. It is a form only if one of them has a number there of nine digits or more, and a
 * name or an address: nothing less tells it from an ordinary letter.
 *
 * Complaint code, in the document: row_ignored (a name or an address beside people, with no label of an identity number).
 */
#pragma once
#include "parsers/document.h"
#include "parsers/headings.h"

struct form_pairs;

struct form_pairs *form_pairs_new(const struct headings *h);
void form_pairs_free(struct form_pairs *p); /* NULL is fine */

/* `label` is a heading of a column or a label as above a table; another is passed over. `place` is what a complaint says
 * of where the value stands. `person` is who is meant where the layout tells it, as people in columns; -1: by order. */
void form_pairs_add(struct form_pairs *p, const char *label, const char *value, const char *place, int person);

#define FORM_PAIRS_BIT(field) (1u << (field))

/* A gap, and the labels that stand behind it up to the next. A unit alone before a number's is of all people. */
void form_pairs_part(struct form_pairs *p, guint labels);

/* One sheet `name`; NULL: no form. */
struct document *form_pairs_document(const struct form_pairs *p, const char *name);

typedef struct form_pairs form_pairs_t;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(form_pairs_t, form_pairs_free)
