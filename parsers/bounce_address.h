/* bounce_address: addresses as delivery reports write them, and the header of the letter they give back. */
#pragma once
#include "parsers/mime.h"

/* "rfc822; <a@b>"; the caller's, lower-cased, NULL: none. */
char *bounce_address(const char *value);
/* The address that begins at `text`, in running words; *used: its length there. The caller's, lower-cased, NULL: none begins. */
char *bounce_address_at(const char *text, size_t len, size_t *used);
/* `c` may stand inside an address, so none begins behind it. */
bool bounce_address_goes_on(char c);
/* A field of the letter that the mail gives back, whole or its header only; the caller's, decoded, NULL: not there. */
char *bounce_address_original(const struct mime *m, const char *field);
/* The part belongs to the mail, not to one inside it. */
bool bounce_address_is_own(const struct mime_part *p);
