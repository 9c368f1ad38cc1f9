/* trouble: which server the running gateway waits for, and why, so that `nesgate status` can tell. */
#pragma once
#include "queue/db.h"

/* server: imap or smtp. waits_on: gateway when it passes by itself, operator when a person must act. A later word about the
 * same server keeps the time of the first. */
struct trouble { const char *server, *reason, *waits_on; };

bool trouble_note(struct db *db, const struct trouble *t, gint64 now, GError **error);
/* The server answers again; NULL: a gateway begins, and nothing is known of any. */
bool trouble_over(struct db *db, const char *server, GError **error);
