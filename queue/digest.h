/* digest: SHA-256 of mails, and the names of digests that signatures carry. Internal to the queue. */
#pragma once
#include <glib.h>

enum { DIGEST_SIZE = 32 };

GBytes *digest_bytes(GBytes *raw);  /* 32 bytes */
char *digest_hex(GBytes *digest);   /* lower case */
/* "sha256:<hexadecimal> sha384:… sha512:…", as signatures name what they sign. */
char *digest_names(GBytes *raw);
