/* card: the end date has no hour in our forms, so the day after it is the first that is surely right. */
#include "queue/calendar.h"
#include "queue/card.h"
#include "queue/sql.h"

/* The day on which the present certificate ends; *valid false: it has ended, or there is none. */
static bool old_end(const struct act *a, gint64 application, gint64 *day, bool *valid, GError **error)
{
	GError *failure = NULL;
	g_autoptr(sql_t) s = sql_start(a->db, "application_expires", "i", application);
	*valid = sql_next(s, &failure) && calendar_parse(sql_text(s, 0), day) && *day >= calendar_day(a->now);
	if (failure == NULL)
		return true;
	g_propagate_error(error, failure);
	return false;
}

bool card_begin(const struct act *a, gint64 application, GError **error)
{
	gint64 day;
	bool valid;
	if (!old_end(a, application, &day, &valid, error))
		return false;
	if (!valid)
		return true;
	gint64 first = calendar_after(a->policy->calendar, day * CALENDAR_DAY - CALENDAR_OFFSET, 1);
	return sql_run(a->db, error, "expectation_add", "issi", application, "delivered", "first_day", first) >= 0;
}

bool card_event(const struct act *a, gint64 application, const char **event, GError **error)
{
	gint64 day;
	bool valid;
	if (!old_end(a, application, &day, &valid, error))
		return false;
	*event = valid ? "pin_made" : "activate";
	return true;
}

bool card_ready(const struct act *a, gint64 application, GError **error)
{
	return sql_run(a->db, error, "expectation_first_day", "ii", application, a->now) >= 0 &&
		sql_run(a->db, error, "expectation_activate", "i", application) >= 0;
}

static bool to_come(const struct act *a, gint64 application, bool delivered, const char *date, GError **error)
{
	gint64 new = sql_run(a->db, error, "application_old_end", "isi", application, date, (gint64)0);
	return new >= 0 && (new == 0 || !delivered || card_begin(a, application, error));
}

/* An applicant who forwards it is not believed against the date of his own form; KAMU SM is. */
static bool works_now(const struct act *a, gint64 application, const char *date, const char **event, GError **error)
{
	gint64 day, told, ready;
	bool valid, weak = a->strength < STRENGTH_AUTHENTICATED;
	if (!sql_get(a->db, &told, error, "card_told", "i", application) ||
	    !sql_get(a->db, &ready, error, "card_ready", "i", application) ||
	    !old_end(a, application, &day, &valid, error))
		return false;
	if (told || (weak && (valid || ready)))
		return true;
	*event = ready ? "activate" : "ca_first_day";
	if (valid && sql_run(a->db, error, "application_old_end", "isi", application, date ? date : "", (gint64)1) < 0)
		return false;
	return sql_run(a->db, error, "expectation_first_day_over", "ii", application, a->now) >= 0;
}

bool card_first_day(const struct act *a, gint64 application, bool delivered, const char *date, const char **event, GError **error)
{
	gint64 day;
	*event = NULL;
	bool known = date != NULL && calendar_parse(date, &day);
	if (known && day > calendar_day(a->now))
		return to_come(a, application, delivered, date, error);
	return !delivered || works_now(a, application, known ? date : NULL, event, error);
}
