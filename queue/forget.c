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

/* Files of forgotten mails that no other mail is kept in. */
static bool drop_spooled(struct db *db, GError **error)
{
	GError *failure = NULL;
	g_autoptr(sql_t) s = sql_start(db, "forget_spooled", "");
	while (sql_next(s, &failure) && spool_drop(sql_folder(db), sql_text(s, 0), &failure))
		;
	if (failure == NULL)
		return true;
	g_propagate_error(error, failure);
	return false;
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
			 sql_leave(db, drop_spooled(db, error) && sql_run(db, error, "forget_rows", "") >= 0, error));
}
