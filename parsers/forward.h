/* forward: mails of KAMU SM that somebody else's mail holds: forwarded or quoted in its words, or attached as a mail.
 *
 * Whoever sends the mail could have written them himself. In words a mail begins with a block of fields, one of which names
 * the sender ("Gönderen: KAMU SM <a@b>"); what stands behind the block is its text.
 */
#pragma once
#include "parsers/mime.h"

struct forward {
	char *from, *subject, *text; /* text never NULL */
	GPtrArray *to;               /* char *: lower-cased addresses; never NULL */
};

/* struct forward, in the order of the mail, at most ten. `text`: all words of the mail, NULL: none. The caller's. */
GPtrArray *forward_find(struct charset *c, const struct mime *m, const char *text, const char *const *ca_domains);
