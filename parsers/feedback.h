/* feedback: complaint reports of mailbox providers (RFC 5965). */
#pragma once
#include "parsers/facts.h"
#include "parsers/mime.h"

/* Fills f->feedback and returns true when the mail holds a message/feedback-report, or is what Hotmail sends instead. */
bool feedback_read(struct facts *f, const struct mime *m);
