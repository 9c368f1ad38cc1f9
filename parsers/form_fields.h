/* form_fields: the form that a document's named fields make (struct field), as a document of one sheet for form.c.
 *
 * A field's name says what it is, as a heading would: "TC Kimlik No", "form1[0].AdSoyad[0]"; where the name is none, its label.
 * Numbers in the names tell the people of a table apart: "tckn_1", "Ad Soyad 2", "E-postaRow3", "Satir1.Ad". A box whose name
 * is a kind of application or of reader says that kind when it is ticked. Where a value stands is said by the field's name.
 * What makes it a form stands in form_pairs.h.
 */
#pragma once
#include "parsers/document.h"
#include "parsers/headings.h"

/* NULL: no form in them. document_free. */
struct document *form_fields_read(const struct headings *h, const GPtrArray *fields);
