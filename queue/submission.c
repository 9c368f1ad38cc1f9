/* submission: made once from what is approved, accounted for once its letter is known to be with the server. */
#include "queue/application.h"
#include "queue/context.h"
#include "queue/letter.h"
#include "queue/sql.h"
#include "queue/submission.h"

/* Ids of a statement's first column: collected first, because the rows change under the walk. */
static GArray *collect(const struct act *a, const char *statement, gint64 key, GError **error)
{
	GError *failure = NULL;
	g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(gint64));
	g_autoptr(sql_t) s = sql_start(a->db, statement, "i", key);
	while (sql_next(s, &failure)) {
		gint64 id = sql_int(s, 0);
		g_array_append_val(ids, id);
	}
	if (failure == NULL)
		return g_steal_pointer(&ids);
	g_propagate_error(error, failure);
	return NULL;
}

static bool add_people(const struct act *a, gint64 submission, const GArray *people, GError **error)
{
	for (guint i = 0; i < people->len; i++) {
		gint64 application = g_array_index(people, gint64, i);
		struct moved moved;
		if (sql_run(a->db, error, "submission_item_add", "iii", submission, (gint64)i + 1, application) < 0 ||
		    sql_run(a->db, error, "application_list", "ii", application, submission) < 0 ||
		    !application_step(a, application, "list", &moved, error))
			return false;
	}
	return true;
}

static bool owe_list(const struct act *a, gint64 submission, GError **error)
{
	gint64 letter;
	g_auto(context_t) c = { 0 };
	if (!context_read(&c, sql_start(a->db, "context_list", "i", submission), NULL, NULL, error) ||
	    !letter_next(a, &letter, error))
		return false;
	struct owed owed = { .name = "ca_list", .to = a->policy->ca_address, .id = letter, .submission = submission };
	return letter_owe(a, &owed, c.json, error) &&
		sql_run(a->db, error, "submission_letter", "ii", submission, letter) >= 0;
}

bool submission_make(const struct act *a, gint64 *made, GError **error)
{
	*made = 0;
	g_autoptr(GArray) people = collect(a, "submission_approved", 0, error);
	if (people == NULL || people->len == 0)
		return people != NULL;
	if (sql_run(a->db, error, "submission_add", "i", a->now) < 0)
		return false;
	*made = sql_last_id(a->db);
	return add_people(a, *made, people, error) && owe_list(a, *made, error);
}

/* Someone may have been withdrawn by hand after the list went: then there is no edge, and nothing is owed to him. */
static bool account_one(const struct act *a, gint64 submission, GError **error)
{
	g_autoptr(GArray) people = collect(a, "submission_people", submission, error);
	if (people == NULL || sql_run(a->db, error, "submission_sent", "ii", submission, a->now) < 0)
		return false;
	for (guint i = 0; i < people->len; i++) {
		struct moved moved;
		if (!application_step(a, g_array_index(people, gint64, i), "submit", &moved, error))
			return false;
	}
	return true;
}

bool submission_account(const struct act *a, bool *did, GError **error)
{
	g_autoptr(GArray) lists = collect(a, "submission_delivered", 0, error);
	for (guint i = 0; lists && i < lists->len; i++) {
		if (!account_one(a, g_array_index(lists, gint64, i), error))
			return false;
		*did = true;
	}
	return lists != NULL;
}
