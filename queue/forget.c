/* forget: see the header.
 *
 * A row is not deleted at once. SQLite would fill the gap with the rows beside it, and leave copies of those in the gaps
 * that they come from; the next row to be forgotten may be one of them. Zeros of the same length move nothing. The rows go
 * when no mail is unread, so that none of a secret can be beside them.
 */
#include "queue/forget.h"
#include "queue/spool.h"
#include "queue/sql.h"

bool forget_mail(struct db *db, gint64 mail, GError **error)
{
	return sql_run(db, error, "forget_mail", "i", mail) >= 0;
}

/* A pack that other mails are kept in loses the bytes of the forgotten ones, else it goes. Not before the sweep: a transaction
 * that is undone does not bring them back. */
static bool forget_spooled(struct db *db, GError **error)
{
	enum { PACK, START, LENGTH, OTHERS };
	struct spool spool = { sql_folder(db), .fd = -1 };
	GError *failure = NULL;
	bool ok = true;
	g_autoptr(sql_t) s = sql_start(db, "forget_spooled", "");
	while (ok && sql_next(s, &failure)) {
		struct piece p = { sql_int(s, PACK), sql_int(s, START), sql_int(s, LENGTH) };
		ok = sql_int(s, OTHERS) ? spool_wipe(&spool, &p, &failure) : spool_drop(spool.folder, p.pack, &failure);
	}
	if (!spool_end(&spool, failure ? NULL : &failure) || failure != NULL) {
		g_propagate_error(error, failure);
		return false;
	}
	return true;
}

bool forget_strays(struct db *db, GError **error)
{
	g_autoptr(GArray) packs = spool_packs(sql_folder(db));
	for (guint i = 0; i < packs->len; i++) {
		gint64 pack = g_array_index(packs, gint64, i), named;
		if (!sql_get(db, &named, error, "forget_named", "i", pack) ||
		    (!named && !spool_drop(sql_folder(db), pack, error)))
			return false;
	}
	return true;
}

bool forget_sweep(struct db *db, bool *left, GError **error)
{
	gint64 ready;
	*left = false;
	if (!sql_get(db, &ready, error, "forget_ready", ""))
		return false;
	if (!ready)
		return true;
	/* The log first: rows that are forgotten and still there are the note that this is to be done. */
	if (!db_empty_log(db, left, error))
		return false;
	return *left || (sql_enter(db, error) &&
			 sql_leave(db, forget_spooled(db, error) && sql_run(db, error, "forget_rows", "") >= 0, error));
}
