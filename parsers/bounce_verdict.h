/* bounce_verdict: what became of one recipient (RFC 3464 2.3.3, RFC 3463), from what a report says in fields or in words. */
#pragma once
#include "parsers/bounce_words.h"
#include "parsers/facts.h"

/* Completes `r` from its own action (any word or NULL), status and diagnostic:
 *   status     of the diagnostic where the field is missing; "5.0.0" where only an SMTP reply code is known
 *   reason     a word of bounce.table from host_unknown on, NULL: not known
 *   action     failed, delayed, delivered, relayed or expanded, never NULL. A server that gave up because nobody answered in
 *              time is "delayed" with reason "expired": the letter did not arrive, but nothing is wrong with the address
 *   permanent  failed for good (class 5) */
void bounce_verdict(struct bounce_recipient *r, const struct bounce_words *w);
/* What our own server says of a letter's reader when it refuses the letter at once (the lines of its SMTP answer): the word of
 * host_unknown or user_unknown, NULL when the address is not the reason. */
const char *bounce_verdict_of_answer(const char *answer, const struct bounce_words *w);
/* A report in words alone: the status its reason stands for, "5.0.0" or "4.0.0" where none is known. */
void bounce_verdict_assume(struct bounce_recipient *r);
/* "5.1.1" wherever it stands in the text, else "5.0.0" of "550"; the caller's, NULL: neither. */
char *bounce_verdict_status(const char *text);
