/* brake: see the header. */
#include "queue/brake.h"
#include "queue/journal.h"
#include "queue/sql.h"

enum { HOUR = 3600, DAY = 86400 };

bool brake_count(const struct act *a, const char *letter, GError **error)
{
	gint64 over, most = a->policy->storm_letters;
	if (most == 0 || g_str_equal(letter, "alarm"))
		return true;
	if (!sql_get(a->db, &over, error, "brake_over", "sii", letter, a->now - HOUR, most))
		return false;
	gint64 new = over ? sql_run(a->db, error, "brake_add", "sii", letter, a->now, most) : 0;
	if (new <= 0)
		return new == 0;
	struct act told = *a;
	told.note = letter;
	return sql_run(a->db, error, "brake_hold", "s", letter) >= 0 && journal_add(&told, "storm", &(struct about){ 0 }, error);
}

bool brake_too_many(const struct act *a, const char *from, const char *subject, bool *too_many, GError **error)
{
	gint64 many;
	bool ok = sql_get(a->db, &many, error, "answers_too_many", "siiis", from, a->now - DAY, a->policy->answers_per_day,
			  a->policy->answers_per_subject, subject);
	*too_many = ok && many != 0;
	return ok;
}

static bool release(const struct act *a, const char *letter, GError **error)
{
	gint64 released = sql_run(a->db, error, "brake_release", "si", letter, a->now);
	struct act told = *a;
	told.note = letter;
	if (released == 0)
		g_set_error(error, QUEUE_ERROR, QUEUE_ERROR_NOT_FOUND, "letters %s are not held", letter);
	return released > 0 && sql_run(a->db, error, "brake_let_go", "si", letter, a->now) >= 0 &&
		journal_add(&told, "storm_over", &(struct about){ 0 }, error);
}

bool brake_release(struct db *db, const char *letter, const char *by, gint64 now, GError **error)
{
	struct act a = { .db = db, .now = now, .role = "operator", .strength = STRENGTH_OPERATOR, .by_name = by };
	return sql_enter(db, error) && sql_leave(db, release(&a, letter, error), error);
}
