/* reply: what a person wrote back: own words and our tokens. What the words answer is for answer.h. */
#pragma once
#include "parsers/answer_words.h"
#include "parsers/facts.h"

/* A token is NG-<number>-<16 of A-Z2-7>, here always in upper case. It is looked for in the subject, in the
 * text with all its quotes, and in the Message-IDs <ng-…@domain> of the References and In-Reply-To fields,
 * where only our own domains count (`own_domains`, NULL: any). Any argument may be NULL. Never NULL. facts_reply_free. */
struct reply *reply_read(const char *subject, const char *references_and_in_reply_to, const char *text,
			 const char *const *own_domains);
/* Its text and cut_line, unless they are known already. `text` NULL: none. */
void reply_own_words(struct reply *r, const struct answer_words *words, const char *text);
