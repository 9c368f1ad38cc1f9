/* spool: raw mails in files beside the database. What one transaction stores is one file, the pack, its mails end to end.
 * Internal to the queue.
 *
 * A pack is named by the id of its first mail. So it is made by whoever may make that row, inside that transaction, and what a
 * crash left under the name is replaced.
 */
#pragma once
#include <stdbool.h>
#include <glib.h>
#include "queue/error.h"

/* Bytes that are stored together go into a pack when they are more than this; fewer are not worth the waits for the disk. */
enum { SPOOL_OVER = 1 << 20 };

/* `raws`: GBytes. When it returns true the bytes and their name are on the disk. */
bool spool_keep(const char *folder, gint64 pack, const GPtrArray *raws, GError **error);
/* The file goes. One that is not there is gone already. */
bool spool_drop(const char *folder, gint64 pack, GError **error);
/* The packs that have a file, gint64 in no order; names of others are left out. Free with g_array_unref. */
GArray *spool_packs(const char *folder);

/* One mail in its pack; pack 0: it lies in its row. */
struct piece { gint64 pack, start, length; };
/* Work on pieces: the file of the last one stays open for the next. Begin with { folder, .fd = -1 }. */
struct spool { const char *folder; gint64 pack; int fd; bool wiped; };
GBytes *spool_take(struct spool *s, const struct piece *p, GError **error);
/* Zeros over it; they are on the disk after spool_end. */
bool spool_wipe(struct spool *s, const struct piece *p, GError **error);
bool spool_end(struct spool *s, GError **error);
