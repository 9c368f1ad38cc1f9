/* explain: every word this program uses, in one sentence. The sentences stand where the words are defined: states and events in
 * the workflow, errors and settings in their rows, complaint codes in the words that letters print, the rest in explain.def.
 */
#pragma once
#include <glib.h>
#include <stdbool.h>

typedef void (*explain_take)(const char *kind, const char *word, const char *sentence, void *data);

/* All senses of `word` (case does not matter), or all words when NULL. Returns how many were given. Kinds: state, event, error,
 * setting, letter, complaint, and those of explain.def. */
guint explain_each(const char *word, explain_take take, void *data);
/* The sentence of a row of explain.def; NULL: there is none. */
const char *explain_sentence(const char *kind, const char *word);
