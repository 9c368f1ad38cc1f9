/* spool: mails over 1 MiB as files beside the database, named by their SHA-256. Internal to the queue. */
#pragma once
#include <stdbool.h>
#include <glib.h>
#include "queue/error.h"

enum { SPOOL_OVER = 1 << 20 };

/* When it returns true the bytes and their name are on the disk. A file that is there already is left alone. */
bool spool_keep(const char *folder, const char *sha256, GBytes *raw, GError **error);
/* A file that is not there is gone already. */
bool spool_drop(const char *folder, const char *sha256, GError **error);
GBytes *spool_take(const char *folder, const char *sha256, GError **error);
