/* apply_operator: what a person does by hand at the command line. The strongest word, and bound to the workflow all the same. */
#include <string.h>
#include "queue/apply.h"
#include "queue/apply_inside.h"
#include "queue/sql.h"
#include "queue/submission.h"

static bool no_edge(gint64 application, const char *event, const char *state, GError **error)
{
	g_set_error(error, QUEUE_ERROR, QUEUE_ERROR_NO_EDGE, "A-%" G_GINT64_FORMAT " is %s: there is no step %s from there",
		    application, state, event);
	return false;
}

/* With the last of a list it is known, too, what became of the list's letter. */
static bool submitted(const struct act *a, gint64 application, GError **error)
{
	gint64 letter;
	return sql_run(a->db, error, "submission_by_hand", "ii", application, a->now) >= 0 &&
		sql_get(a->db, &letter, error, "submission_doubt_over", "i", application) &&
		(letter == 0 || letter_evidence(a, letter, "an operator says so", error));
}

static bool step(const struct act *a, gint64 application, const char *event, GError **error)
{
	struct moved moved;
	gint64 request;
	/* The number that it has is of the parcel that came back. */
	if (strcmp(event, "resend") == 0 && sql_run(a->db, error, "application_parcel", "is", application, NULL) < 0)
		return false;
	if (!application_step(a, application, event, &moved, error))
		return false;
	if (moved.edge == NULL)
		return no_edge(application, event, moved.state, error);
	if (strcmp(event, "submit") == 0)
		return submitted(a, application, error);
	if (strcmp(moved.edge->letters, "refused") != 0)
		return true;
	return sql_get(a->db, &request, error, "application_request", "i", application) &&
		letter_owe_refused(a, request, error);
}

bool apply_operator(struct db *db, const struct policy *p, const struct by_hand *act, gint64 now, GError **error)
{
	struct act a = { .db = db, .policy = p, .now = now, .role = "operator", .strength = STRENGTH_OPERATOR,
			 .by_name = act->by, .note = act->note };
	return sql_enter(db, error) && sql_leave(db, step(&a, act->application, act->event, error), error);
}

bool apply_operator_submit(struct db *db, const struct policy *p, const char *by, gint64 now, gint64 *list, GError **error)
{
	struct act gateway = { .db = db, .policy = p, .now = now, .role = "gateway", .strength = STRENGTH_OPERATOR, .by_name = by };
	if (!sql_enter(db, error))
		return false;
	bool ok = *list != 0 ? submission_again(&gateway, *list, error) : submission_make_now(&gateway, list, error);
	return sql_leave(db, ok, error);
}
