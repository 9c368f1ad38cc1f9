/* catalog: every letter we can write, and the words of the workflow in Turkish.
 *
 * A letter is one file, tr/NAME.mail: a `Subject:` line, an empty line, the text, a line `=== html`, and
 * the HTML inside of the body. Each of the three is a template (render.h) in its own mode. tr/layout.html
 * wraps every HTML part. Words stand in tr/words.txt as `key.value = Turkish`. Before rendering, wherever
 * the context has "key": "value" (a string) and that word exists, {{key_label}} is defined beside it;
 * "…_on" and "…_date" and "expires" with an ISO date get a label as gg.aa.yyyy.
 */
#pragma once
#include <glib.h>
#include "templates/template_error.h"

struct catalog;
struct letter_text { char *subject, *text, *html; };

/* All letters are parsed at once, so a wrong one is found at start. */
struct catalog *catalog_new(GError **error);
void catalog_free(struct catalog *c);
/* The names of all letters, NULL-terminated; the catalog's. */
const char *const *catalog_letters(const struct catalog *c);
/* `common` (institution, office, addresses, …) and `context` are JSON objects; context wins.
 * UNKNOWN_NAME when the letter uses a name that neither has: a hole in a letter is never sent. */
struct letter_text *catalog_render(const struct catalog *c, const char *letter, const char *common, const char *context,
				   GError **error);
void letter_text_free(struct letter_text *t);
/* One word, e.g. ("column", "tckn"); `value` itself when there is none. */
const char *catalog_word(const struct catalog *c, const char *key, const char *value);
