/* forget: mails whose bytes may not stay: one with a secret, or the second copy of a mail. Internal to the queue, but for
 * forget_sweep, which is the keeper's.
 *
 * The bytes were committed before anybody could know what they hold, so copies of them lie in the database, in its log and
 * perhaps in spool/. After forget_mail they are overwritten in place; after forget_sweep no file of the data folder has them.
 */
#pragma once
#include "queue/db.h"

/* Inside the transaction that says the mail's last word. From then on the bytes are given to nobody. */
bool forget_mail(struct db *db, gint64 mail, GError **error);
/* Outside of a transaction, when nothing else is at hand: while a mail waits to be read it does nothing. *left: somebody reads
 * in the database for so long that its log could not be emptied. What is left is found by the next call, also after a crash. */
bool forget_sweep(struct db *db, bool *left, GError **error);
/* Inside a transaction: files of the spool that no row names. A crash left them, and nobody would forget what they hold. */
bool forget_strays(struct db *db, GError **error);
