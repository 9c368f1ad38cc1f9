/* notice: what a mail of KAMU SM says, by rules that an administrator edits (kamusm.rules says how).
 *
 * Patterns and texts are compared without case, Turkish marks and line breaks. Each pattern has a limit on its
 * steps: one that runs wild fits nothing. From a rule of the event "password" nothing is ever taken.
 */
#pragma once
#include "parsers/facts.h"
#include "parsers/notice_rules.h"

/* NULL: no rule fits. Any of them may be NULL; `from` NULL: not asked for. Event is "ca_" and the rule's.
 * facts_notice_free. */
struct notice *notice_match(const struct notice_rules *rules, const char *from, const char *subject,
			    const char *text);
/* The mail holds a secret. NULL is fine. */
bool notice_is_secret(const struct notice *n);

/* One example of the rules, and what it is taken for: found NULL: for nothing. `other`: a rule of another event that fits
 * as well, so that only their order decides; NULL: none. `good`: for its own rule, and for no other. All of them
 * stay the walk's. A rule without example is shown once, with example NULL. */
struct notice_trial { const struct notice_rule *rule; const struct notice_example *example; const struct notice *found;
	const struct notice_rule *other; bool good; };
void notice_try_examples(const struct notice_rules *rules, void (*tried)(const struct notice_trial *t, void *data), void *data);
