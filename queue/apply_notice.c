/* apply_notice: KAMU SM says something about one application. It writes to the applicant, so the recipient is often the
 * only name the mail gives; and it says things twice. What cannot be placed without doubt waits for a person.
 */
#include <string.h>
#include "queue/apply_inside.h"
#include "queue/journal.h"
#include "queue/sql.h"

struct candidate { gint64 application; bool can_move, said_already; };

static void weigh(struct candidate *best, guint *movable, gint64 application, const char *state, const char *event)
{
	bool can_move = workflow_edge(state, event, "ca") != NULL;
	*movable += can_move;
	if (best->application != 0 && !can_move)
		return;
	*best = (struct candidate){ application, can_move, workflow_leads_to(event, "ca", state) };
}

static bool look_up(struct apply *a, const char *statement, const char *key, struct candidate *best, guint *movable,
		    GError **error)
{
	GError *failure = NULL;
	g_autoptr(sql_t) s = sql_start(a->act.db, statement, "ss", key, a->facts->notice->application_no);
	while (sql_next(s, &failure))
		if (sql_int(s, 0) != best->application)
			weigh(best, movable, sql_int(s, 0), sql_text(s, 1), a->facts->notice->event);
	if (failure == NULL)
		return true;
	g_propagate_error(error, failure);
	return false;
}

/* By number when the mail has one that we know, else by the people it was sent to. */
static bool find(struct apply *a, struct candidate *best, guint *movable, GError **error)
{
	const struct facts *f = a->facts;
	const char *number = f->notice->application_no;
	if (number && *number && !look_up(a, "application_by_number", number, best, movable, error))
		return false;
	if (best->application != 0)
		return true;
	for (guint i = 0; i < f->to->len; i++)
		if (!look_up(a, "application_by_email", f->to->pdata[i], best, movable, error))
			return false;
	return true;
}

/* Numbers and reasons first: the letter that the step owes wants to tell them. */
static bool step(struct apply *a, gint64 application, GError **error)
{
	const struct notice *n = a->facts->notice;
	struct moved moved;
	a->act.note = n->reason;
	bool ok = sql_run(a->act.db, error, "application_learn", "isss", application, n->application_no, n->tracking_no,
			  n->reason) >= 0 &&
		application_step(&a->act, application, n->event, &moved, error);
	a->act.note = NULL;
	if (!ok)
		return false;
	return moved.edge ? apply_says(a, "applied", NULL) : apply_says(a, "waits_for_person", "no_edge");
}

bool apply_notice_mail(struct apply *a, GError **error)
{
	const struct notice *n = a->facts->notice;
	if (g_strcmp0(a->speaker.role, "ca") != 0)
		return apply_says(a, "waits_for_person", a->speaker.reason ?: "not_allowed");
	if (n == NULL || n->event == NULL || *n->event == '\0')
		return apply_says(a, "waits_for_person", "ca_unrecognised");
	if (strcmp(n->event, "ca_password") == 0) {
		/* A secret between KAMU SM and the applicant: neither journal nor ledger keeps a word of it. */
		a->forget = true;
		return apply_says(a, "noted", "ca_password");
	}
	struct candidate best = { 0 };
	guint movable = 0;
	if (!find(a, &best, &movable, error))
		return false;
	if (best.application == 0)
		return apply_says(a, "waits_for_person", "nobody_fits");
	if (movable > 1)
		return apply_says(a, "waits_for_person", "several_fit");
	if (best.can_move)
		return step(a, best.application, error);
	if (!journal_add(&a->act, n->event, &(struct about){ .application = best.application }, error))
		return false;
	return best.said_already ? apply_says(a, "no_change", "already") : apply_says(a, "waits_for_person", "no_edge");
}
