/* replay: see the header. Each mail is a look of its own, because one long look would keep the database's log from being
 * emptied. Mails that were read as something else are left out: whether a mail is KAMU SM's is not for rules.
 */
#include "queue/replay.h"
#include "queue/spool.h"
#include "queue/sql.h"

/* The first behind *mail, which becomes its id. NULL without `error`: there is none. */
static GBytes *next(struct db *db, gint64 *mail, GError **error)
{
	enum { ID, RAW, PACK, START, LENGTH };
	struct spool spool = { sql_folder(db), .fd = -1 };
	GError *failure = NULL;
	GBytes *raw = NULL;
	g_autoptr(sql_t) s = sql_start(db, "replay_next", "i", *mail);
	if (sql_next(s, &failure)) {
		*mail = sql_int(s, ID);
		struct piece p = { sql_int(s, PACK), sql_int(s, START), sql_int(s, LENGTH) };
		raw = p.pack ? spool_take(&spool, &p, &failure) : sql_bytes(s, RAW);
	}
	spool_end(&spool, NULL);
	if (failure != NULL)
		g_propagate_error(error, failure);
	return raw;
}

bool replay_notices(struct db *db, void (*take)(gint64 mail, GBytes *raw, void *data), void *data, GError **error)
{
	GError *failure = NULL;
	gint64 mail = 0;
	for (;;) {
		g_autoptr(GBytes) raw = next(db, &mail, &failure);
		if (raw == NULL)
			break;
		take(mail, raw, data);
	}
	if (failure == NULL)
		return true;
	g_propagate_error(error, failure);
	return false;
}
