/* inbox: the ledger of the mailbox. For every UID the server shows: exactly one row, one final disposition.
 *
 * stored → (read, applied) → done with a disposition word, or parked for a person with its reason.
 * The raw bytes are kept with the row (over 1 MiB together: in spool/, see spool.h). The server is told only after commit.
 */
#pragma once
#include <gio/gio.h>
#include "queue/db.h"

struct mailbox { const char *account, *folder; guint32 uidvalidity; };
struct incoming {
	guint32 uid;
	GBytes *raw;     /* whole mail; only its header when too_large or withheld */
	gint64 size;     /* as the server says */
	bool too_large;  /* over the limit: the mail itself stays on the server */
	bool withheld;   /* the server does not give it: it stays there, and a person must look */
};

/* The UIDs of this mailbox that have a row, ascending guint32. Free with g_array_unref. */
GArray *inbox_known(struct db *db, const struct mailbox *m, GError **error);
/* One transaction for all; rows that exist already are left alone (a crash repeats a fetch). */
bool inbox_store(struct db *db, const struct mailbox *m, const GPtrArray *incoming, gint64 now, GError **error);
/* UIDs stored whole but not yet told to the server (guint32, in the order of the ledger), and the note that it was told of all. */
GArray *inbox_untold(struct db *db, const struct mailbox *m, GError **error);
bool inbox_told(struct db *db, const struct mailbox *m, GError **error);
/* Same bytes from a file (`nesgate ingest`): account "file", folder = path, uid by order. Returns mail id, 0 on error; of the
 * same bytes from the same file again: the id they have. */
gint64 inbox_ingest(struct db *db, const char *path, GBytes *raw, gint64 now, GError **error);
/* The highest mail id, 0: no mail yet. */
bool inbox_last(struct db *db, gint64 *id, GError **error);

struct mail_work { gint64 id; GBytes *raw; gint64 size; bool too_large; gint64 attempts; };
/* Up to `max` stored mails, oldest first, not more than `max_bytes` together (at least one); each is counted as an attempt and
 * leased until now+lease. Survives a crash: an old lease is taken again. Elements struct mail_work, array frees them. */
GPtrArray *inbox_claim(struct db *db, guint max, gsize max_bytes, gint64 now, gint64 lease, GError **error);
/* Reading this mail failed (reader died, overran): back to stored, or parked after `park_after` attempts. */
bool inbox_strike(struct db *db, gint64 id, const char *reason, gint64 park_after, gint64 now, GError **error);
/* All leases are void, and what a crash left in the spool goes: for the one keeper, at its start. */
bool inbox_recover(struct db *db, GError **error);
/* When the next mail can be claimed: 0 now, -1 nothing stored, else a time. */
gint64 inbox_next(struct db *db, gint64 now, GError **error);
/* A person's acts: back into the queue; or set aside with a note. */
bool inbox_release(struct db *db, gint64 id, const char *by, gint64 now, GError **error);
bool inbox_park(struct db *db, gint64 id, const char *reason, const char *by, gint64 now, GError **error);
