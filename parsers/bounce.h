/* bounce: delivery status notifications (RFC 3464), in a multipart/report or not. */
#pragma once
#include "parsers/facts.h"
#include "parsers/mime.h"

/* Fills f->bounce and returns true when the mail holds a delivery status of its own (not in an embedded
 * mail). */
bool bounce_read(struct facts *f, struct charset *c, const struct mime *m);
/* The Message-ID of the mail that a report returns, whole or its header only; the caller's, NULL: not
 * there. */
char *bounce_original_message_id(const struct mime *m);
/* An address as reports write it: "rfc822; <a@b>"; the caller's, lower-cased, NULL: none. */
char *bounce_address(const char *value);
