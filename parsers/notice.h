/* notice: what a mail of KAMU SM says, by rules that an administrator edits (kamusm.rules says how).
 *
 * Patterns and texts are compared without case, Turkish marks and line breaks. Each pattern has a limit on its
 * steps: one that runs wild fits nothing. From a rule of the event "password" nothing is ever taken.
 */
#pragma once
#include "parsers/facts.h"

struct notice_rules;

/* `text` is the whole file. NULL with `error` set: a sentence that names the line. */
struct notice_rules *notice_rules_parse(const char *text, GError **error);
void notice_rules_free(struct notice_rules *rules); /* NULL is fine */

/* NULL: no rule fits. Any of from, subject, text may be NULL. Event is "ca_" and the rule's. facts_notice_free. */
struct notice *notice_match(const struct notice_rules *rules, const char *from, const char *subject,
			    const char *text);
