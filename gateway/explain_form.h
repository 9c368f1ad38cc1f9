/* explain_form: the words of request forms, as `nesgate explain` tells them: of a field ("tckn", "kind") all its headings and
 * codes, of a heading or a code word ("Kimlik No", "Yenileme") what it is taken for. They stand in parsers/headings.table
 * and in the administrator's own file.
 */
#pragma once
#include "gateway/explain.h"
#include "parsers/headings.h"

/* All of them when `word` is NULL. Returns how many were given; their kind is "form". */
guint explain_form(const struct headings *h, const char *word, explain_take take, void *data);
