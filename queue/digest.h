/* digest: SHA-256 of mails. Internal to the queue. */
#pragma once
#include <glib.h>

enum { DIGEST_SIZE = 32 };

GBytes *digest_bytes(GBytes *raw);  /* 32 bytes */
char *digest_hex(GBytes *digest);   /* lower case */
