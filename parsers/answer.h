/* answer: what a person's own words answer, out of the few things that can be answered.
 *
 * Approve, refuse, hold, done (e-signature, e-consent, wet), received, posted, withdraw, question. Two meanings
 * in one text, a meaning that is denied, or a long text give ANSWER_NONE: a person reads it then. Nothing is
 * guessed.
 */
#pragma once
#include "parsers/facts.h"

/* `own_words` is the text without quotes and signature; NULL is fine. */
enum answer answer_of(const char *own_words);
