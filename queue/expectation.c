/* expectation: silence is an event too, and the clock says it. */
#include <string.h>
#include "queue/application.h"
#include "queue/calendar.h"
#include "queue/expectation.h"
#include "queue/sql.h"
#include "queue/workflow.h"

/* The six months are KAMU SM's: they do not begin anew when the applicant chooses the wet signature. */
static bool is_deadline(const char *event)
{
	return strcmp(event, "cancel") == 0 || strcmp(event, "cancel_near") == 0;
}

static bool has_deadline(const char *state)
{
	guint n;
	const struct after *afters = workflow_afters(&n);
	for (guint i = 0; i < n; i++)
		if (strcmp(afters[i].state, state) == 0 && is_deadline(afters[i].event))
			return true;
	return false;
}

static bool is_ladder(const char *event)
{
	return strcmp(event, "remind") == 0 || strcmp(event, "escalate") == 0;
}

/* Ends what was expected before. *ladder: only that begins anew, the rest runs on. */
static bool end_before(const struct act *a, gint64 application, const char *from, const char *state, bool *ladder, GError **error)
{
	gint64 carried = strcmp(from, state) == 0;
	if (!carried && has_deadline(state))
		carried = sql_run(a->db, error, "expectation_carry", "is", application, state);
	*ladder = carried > 0;
	return carried >= 0 && sql_run(a->db, error, "expectation_end_all", "iii", application, a->now, carried) >= 0;
}

bool expectation_begin(const struct act *a, gint64 application, const char *from, const char *state, GError **error)
{
	guint n;
	const struct after *afters = workflow_afters(&n);
	bool ladder = false;
	if (from != NULL && !end_before(a, application, from, state, &ladder, error))
		return false;
	for (guint i = 0; i < n; i++) {
		if (strcmp(afters[i].state, state) != 0 || (ladder && !is_ladder(afters[i].event)))
			continue;
		gint64 months_on = calendar_months(a->now, afters[i].months);
		gint64 due = calendar_after(a->policy->calendar, months_on, afters[i].working_days);
		if (sql_run(a->db, error, "expectation_add", "issi", application, state, afters[i].event, due) < 0)
			return false;
	}
	return true;
}

struct due { gint64 application, id, times; char *event; };

static void due_free(void *p)
{
	g_free(((struct due *)p)->event);
	g_free(p);
}

static GPtrArray *collect(const struct act *clock, GError **error)
{
	static const struct sql_column columns[] = { { 'i', offsetof(struct due, application) },
						     { 'i', offsetof(struct due, id) },
						     { 's', offsetof(struct due, event) },
						     { 'i', offsetof(struct due, times) }, { 0 } };
	GError *failure = NULL;
	g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(due_free);
	g_autoptr(sql_t) s = sql_start(clock->db, "expectation_due", "i", clock->now);
	while (sql_next(s, &failure)) {
		struct due *d = g_new0(struct due, 1);
		sql_fill(s, columns, d);
		g_ptr_array_add(all, d);
	}
	if (failure == NULL)
		return g_steal_pointer(&all);
	g_propagate_error(error, failure);
	return NULL;
}

/* The next rung. */
static bool climb(const struct act *clock, const struct due *d, GError **error)
{
	struct moved moved;
	gint64 most = clock->policy->max_reminders, reminds = strcmp(d->event, "remind") == 0 && d->times < most;
	const char *next = reminds && d->times + 1 < most ? "remind" : "escalate";
	gint64 due = calendar_after(clock->policy->calendar, clock->now, MAX(clock->policy->reminder_days, 1));
	return application_move(clock, d->application, reminds ? "remind" : "escalate", &moved, error) &&
		sql_run(clock->db, error, "expectation_again", "isiii", d->id, next, due, reminds, clock->now) >= 0;
}

static bool say(const struct act *clock, const struct due *d, GError **error)
{
	struct moved moved;
	gint64 open;
	if (!sql_get(clock->db, &open, error, "expectation_is_open", "i", d->id))
		return false;
	if (!open) /* another one that was due as well has moved the application */
		return true;
	if (is_ladder(d->event))
		return climb(clock, d, error);
	return sql_run(clock->db, error, "expectation_end", "ii", d->id, clock->now) >= 0 &&
		application_step(clock, d->application, d->event, &moved, error);
}

/* A hundred at a time, until there are none: each one said is over or has a later time. */
bool expectation_due(const struct act *clock, bool *did, GError **error)
{
	for (;;) {
		g_autoptr(GPtrArray) all = collect(clock, error);
		if (all == NULL || all->len == 0)
			return all != NULL;
		for (guint i = 0; i < all->len; i++)
			if (!say(clock, all->pdata[i], error))
				return false;
		*did = true;
	}
}
