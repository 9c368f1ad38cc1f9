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
