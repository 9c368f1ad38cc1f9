/* replay: the notices of KAMU SM that the ledger still has the bytes of, for reading them again. Nothing is changed. */
#pragma once
#include <gio/gio.h>
#include "queue/db.h"

/* Oldest first. The bytes are borrowed for the call. false with `error`; one that lies in the spool and is lost there ends it. */
bool replay_notices(struct db *db, void (*take)(gint64 mail, GBytes *raw, void *data), void *data, GError **error);
