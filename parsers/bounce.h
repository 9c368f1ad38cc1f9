/* bounce: what servers report of letters they could not deliver, or not yet: delivery status notifications (RFC 3464), in a
 * multipart/report or not, and the free forms of bounce_text.h. */
#pragma once
#include "parsers/bounce_text.h"

/* A recipient's `original` is the address that was written to, where the report says that the mail was led on to another (RFC 3464
 * 2.3.1, 2.3.2); else NULL. Fills f->bounce and returns true when the mail is such a report, not a mail that holds one inside. */
bool bounce_read(struct facts *f, const struct bounce_mail *b);
