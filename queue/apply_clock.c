/* apply_clock: what no mail causes: lists, delivered lists, questions to the officer, doubts that are over,
 * silence, addresses that nobody has, digests.
 *
 * It is called often and mostly has nothing to do, so it looks first without taking the write lock.
 */
#include "queue/apply.h"
#include "queue/apply_inside.h"
#include "queue/calendar.h"
#include "queue/expectation.h"
#include "queue/paper.h"
#include "queue/reminder.h"
#include "queue/rhythm.h"
#include "queue/sql.h"
#include "queue/submission.h"
#include "queue/summary.h"
#include "queue/undelivered.h"

/* Forms received before this time are to be asked about now; 0: none, there is nobody to ask. */
static gint64 ask_before(const struct act *a)
{
	if (directory_first(a->policy->directory, "officer", a->now) == NULL)
		return 0;
	return a->policy->approval_per_request ? a->now + 1 : calendar_last_hour(a->now, a->policy->approval_digest_hour);
}

static gint64 doubtful_before(const struct act *a)
{
	return a->now - a->policy->uncertain_seconds;
}

/* One letter for all forms of the day. */
static bool ask_digest(const struct act *a, gint64 before, bool *did, GError **error)
{
	gint64 first;
	if (!sql_get(a->db, &first, error, "request_unasked", "i", before))
		return false;
	if (first == 0)
		return true;
	const struct member *officer = directory_first(a->policy->directory, "officer", a->now);
	*did = true;
	return letter_owe_approval(a, officer->address, first, before, error);
}

static bool ask_each(const struct act *a, gint64 before, bool *did, GError **error)
{
	for (;;) {
		gint64 request;
		bool asked;
		if (!sql_get(a->db, &request, error, "request_unasked", "i", before))
			return false;
		if (request == 0)
			return true;
		if (!apply_request_ask(a, request, &asked, error))
			return false;
		*did = true;
	}
}

/* Requests whose people were all decided by hand meanwhile have nothing to be asked about. */
static bool ask(const struct act *a, bool *did, GError **error)
{
	gint64 before = ask_before(a);
	if (before == 0)
		return true;
	if (sql_run(a->db, error, "request_decided", "i", before) < 0)
		return false;
	return a->policy->approval_per_request ? ask_each(a, before, did, error) : ask_digest(a, before, did, error);
}

static bool end_doubts(const struct act *a, bool *did, GError **error)
{
	gint64 before = doubtful_before(a), released;
	if (sql_run(a->db, error, "letter_release_journal", "ii", before, a->now) < 0)
		return false;
	released = sql_run(a->db, error, "letter_release", "ii", before, a->now);
	*did = *did || released > 0;
	return released >= 0;
}

/* NULL: it is not time for this week's manifest. */
static const char *manifest_of(const struct act *a, char closes_on[11])
{
	return paper_manifest_due(a, closes_on) ? closes_on : NULL;
}

/* Of kinds of letters that are held the officer hears once. */
static bool raise_alarm(const struct act *a, bool *did, GError **error)
{
	const struct member *officer = directory_first(a->policy->directory, "officer", a->now);
	g_autofree char *kind = NULL;
	if (officer == NULL)
		return true;
	if (!sql_get_text(a->db, &kind, error, "brake_alarm", ""))
		return false;
	*did = *did || kind != NULL;
	return kind == NULL || letter_owe_alarm(a, officer->address, kind, error);
}

static bool all(const struct act *gateway, const struct act *clock, bool *did, GError **error)
{
	gint64 made;
	char closes_on[11];
	if (!submission_account(gateway, did, error) || !submission_alarms(gateway, did, error) ||
	    !undelivered_refused(gateway, did, error) || !submission_make(gateway, &made, error))
		return false;
	*did = *did || made != 0;
	if (manifest_of(gateway, closes_on) && !paper_manifest(gateway, closes_on, did, error))
		return false;
	return raise_alarm(gateway, did, error) && ask(gateway, did, error) && end_doubts(gateway, did, error) &&
		expectation_due(clock, did, error) && reminder_owe(clock, did, error) && summary_make(clock, did, error);
}

bool apply_clock(struct db *db, const struct policy *p, gint64 now, bool *did, GError **error)
{
	bool ignored;
	gint64 due;
	char closes_on[11];
	struct act gateway = { .db = db, .policy = p, .now = now, .role = "gateway", .strength = STRENGTH_OPERATOR };
	struct act clock = gateway;
	clock.role = "clock";
	did = did ? did : &ignored;
	*did = false;
	if (!sql_get(db, &due, error, "clock_due", "iiisiiiii", now, doubtful_before(&gateway), ask_before(&gateway),
		     manifest_of(&gateway, closes_on), submission_closes(p, now),
		     (gint64)(directory_first(p->directory, "officer", now) != NULL), rhythm_last(p->calendar, p->manager_digest, now),
		     rhythm_last(p->calendar, p->officer_digest, now), rhythm_last(p->calendar, "daily", now)))
		return false;
	if (due == 0)
		return true;
	return sql_enter(db, error) && sql_leave(db, all(&gateway, &clock, did, error), error);
}
