/* choice: which of the people whom a letter lists an answer is for, and what it says of each.
 *
 * They are the people of the letter's own words (context, people[]): `no` is the number it shows, `application` "A-7". So a
 * letter that may be answered in part shows both, whatever has become of the people since.
 */
#pragma once
#include "queue/act.h"

struct choice { gint64 application; enum answer answer; };

/* *choices: struct choice of each person who is answered for, in the letter's order; NULL: not understood, to be asked again
 * (a number or name that is not there, two answers for one person, or a name beside an answer for all). `meant`: the answer
 * where only people are named ("hepsi"); ANSWER_NONE: the letter has no such answer. */
bool choice_read(const struct act *a, gint64 letter, const struct reply *r, enum answer meant, GArray **choices, GError **error);
