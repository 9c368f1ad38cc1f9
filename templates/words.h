/* words: the Turkish of every word of the workflow, from lines `key.value = Turkish`.
 *
 * A blank line and a line that begins with # say nothing. A word that stands twice is an error: the second
 * would win or lose by chance.
 */
#pragma once
#include <glib.h>
#include "templates/template_error.h"

struct words;
/* SYNTAX with the line number. `text` is UTF-8 and not kept. */
struct words *words_new(const char *text, gsize len, GError **error);
void words_free(struct words *w);
/* The word, the words' own; NULL: there is none. `key` has `key_len` bytes. */
const char *words_find(const struct words *w, const char *key, gsize key_len, const char *value);
