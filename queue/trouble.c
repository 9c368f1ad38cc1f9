/* trouble: a hint for people, written when trouble begins, changes or ends; nothing is decided by it. */
#include "queue/trouble.h"
#include "queue/sql.h"

bool trouble_note(struct db *db, const struct trouble *t, gint64 now, GError **error)
{
	return sql_enter(db, error) &&
		sql_leave(db, sql_run(db, error, "trouble_note", "sssi", t->server, t->reason, t->waits_on, now) >= 0, error);
}

static bool over(struct db *db, const char *server, GError **error)
{
	static const char *const all[] = { "imap", "smtp" };
	for (guint i = 0; i < G_N_ELEMENTS(all); i++)
		if ((server == NULL || g_str_equal(server, all[i])) && sql_run(db, error, "trouble_over", "s", all[i]) < 0)
			return false;
	return true;
}

bool trouble_over(struct db *db, const char *server, GError **error)
{
	return sql_enter(db, error) && sql_leave(db, over(db, server, error), error);
}
