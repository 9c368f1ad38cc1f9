/* undelivered: see the header. Only letters that our server does not have are held; frozen bytes are not written anew for another
 * reader, so the one with a new address gets a new letter.
 */
#include "queue/undelivered.h"
#include "queue/journal.h"
#include "queue/letter.h"
#include "queue/sql.h"

bool undelivered_mark(const struct act *a, const struct bound *letter, const char *reason, GError **error)
{
	gint64 known;
	struct act told = *a;
	struct about about = { .letter = letter->letter, .application = letter->application };
	told.note = letter->recipient;
	if (!sql_get(a->db, &known, error, "dead_known", "s", letter->recipient))
		return false;
	if (known)
		return true;
	return sql_run(a->db, error, "dead_add", "sisi", letter->recipient, letter->letter, reason, a->now) >= 0 &&
		sql_run(a->db, error, "dead_hold", "s", letter->recipient) >= 0 && journal_add(&told, "address_dead", &about, error) &&
		(letter->application == 0 || letter_owe_address_dead(a, letter->application, reason, error));
}

static bool next_refused(const struct act *a, struct bound *letter, char **reason, GError **error)
{
	static const struct sql_column columns[] = {
		{ 'i', offsetof(struct bound, letter) }, { 'i', offsetof(struct bound, application) },
		{ 's', offsetof(struct bound, recipient) }, { 0 },
	};
	GError *failure = NULL;
	g_autoptr(sql_t) s = sql_start(a->db, "dead_refused", "i", (gint64)0);
	if (sql_next(s, &failure)) {
		sql_fill(s, columns, letter);
		*reason = g_strdup(sql_text(s, 3));
	}
	if (failure == NULL)
		return true;
	g_propagate_error(error, failure);
	return false;
}

bool undelivered_refused(const struct act *a, bool *did, GError **error)
{
	for (;;) {
		struct bound letter = { 0 };
		g_autofree char *reason = NULL;
		bool ok = next_refused(a, &letter, &reason, error), end = !ok || reason == NULL;
		ok = ok && (end || (sql_run(a->db, error, "dead_hold_refused", "ii", letter.letter, a->now) >= 0 &&
				    undelivered_mark(a, &letter, reason, error)));
		letter_bound_clear(&letter);
		if (end || !ok)
			return ok;
		*did = true;
	}
}

static bool readdress(const struct act *a, gint64 application, const char *old, const char *address, GError **error)
{
	g_autofree char *letter = NULL;
	struct act told = *a;
	told.note = address;
	return sql_get_text(a->db, &letter, error, "dead_unheard", "is", application, old) &&
		sql_run(a->db, error, "dead_supersede", "is", application, old) >= 0 &&
		sql_run(a->db, error, "application_readdress", "is", application, address) >= 0 &&
		journal_add(&told, "readdressed", &(struct about){ .application = application }, error) &&
		(letter == NULL || letter_owe_edge(a, letter, application, error));
}

bool undelivered_readdress(const struct act *a, gint64 application, const char *address, bool *did, GError **error)
{
	g_autofree char *old = NULL, *lower = address ? g_ascii_strdown(address, -1) : NULL;
	*did = false;
	if (!sql_get_text(a->db, &old, error, "dead_of_application", "i", application))
		return false;
	if (old == NULL || lower == NULL || *lower == '\0' || g_str_equal(old, lower))
		return true;
	*did = true;
	return readdress(a, application, old, lower, error);
}

/* By hand any address may be given, whether the old one is dead or not. */
static bool correct(const struct act *a, const struct undelivered_word *w, GError **error)
{
	bool did;
	gint64 request;
	g_autofree char *lower = g_ascii_strdown(w->address, -1);
	struct act told = *a;
	told.note = lower;
	if (!sql_get(a->db, &request, error, "application_request", "i", w->application))
		return false;
	if (request == 0) {
		g_set_error(error, QUEUE_ERROR, QUEUE_ERROR_NOT_FOUND, "there is no application A-%" G_GINT64_FORMAT, w->application);
		return false;
	}
	if (!undelivered_readdress(a, w->application, lower, &did, error))
		return false;
	return did || (sql_run(a->db, error, "application_readdress", "is", w->application, lower) >= 0 &&
		       journal_add(&told, "readdressed", &(struct about){ .application = w->application }, error));
}

bool undelivered_correct(struct db *db, const struct policy *p, const struct undelivered_word *w, gint64 now, GError **error)
{
	struct act a = { .db = db, .policy = p, .now = now, .role = "operator", .strength = STRENGTH_OPERATOR, .by_name = w->by,
			 .note = w->note };
	return sql_enter(db, error) && sql_leave(db, correct(&a, w, error), error);
}

static bool revive(const struct act *a, const char *address, GError **error)
{
	gint64 gone = sql_run(a->db, error, "dead_end", "s", address);
	struct act told = *a;
	told.note = address;
	if (gone == 0)
		g_set_error(error, QUEUE_ERROR, QUEUE_ERROR_NOT_FOUND, "%s is no dead address", address);
	return gone > 0 && sql_run(a->db, error, "dead_let_go", "si", address, a->now) >= 0 &&
		journal_add(&told, "address_alive", &(struct about){ 0 }, error);
}

bool undelivered_revive(struct db *db, const struct undelivered_word *w, gint64 now, GError **error)
{
	struct act a = { .db = db, .now = now, .role = "operator", .strength = STRENGTH_OPERATOR, .by_name = w->by };
	g_autofree char *lower = g_ascii_strdown(w->address, -1);
	return sql_enter(db, error) && sql_leave(db, revive(&a, lower, error), error);
}
