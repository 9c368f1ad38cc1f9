/* answer: what a person's own words answer, out of the few things that can be answered.
 *
 * Approve, refuse, hold, done (e-signature, e-consent, wet, or no word how), received, posted, withdraw, question; for all that
 * was asked or for some of the people (facts_reply.h). Two meanings in one text, a meaning that is denied, doubted, asked, said of
 * the past or made to depend on something, and a long text give ANSWER_NONE: it is asked again. Nothing is guessed.
 */
#pragma once
#include "parsers/answer_words.h"
#include "parsers/facts_reply.h"

/* Fills answer, choices, cargo_no, words and others of r from r->text, which has no quotes; NULL is fine. */
void answer_read(const struct answer_words *w, struct reply *r);
