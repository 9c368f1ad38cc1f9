/* expectation: silence is an event too, and the clock says it. */
#include <string.h>
#include "queue/application.h"
#include "queue/calendar.h"
#include "queue/expectation.h"
#include "queue/sql.h"
#include "queue/workflow.h"

bool expectation_begin(const struct act *a, gint64 application, const char *state, bool born, GError **error)
{
	guint n;
	const struct after *afters = workflow_afters(&n);
	if (!born && sql_run(a->db, error, "expectation_end_all", "ii", application, a->now) < 0)
		return false;
	for (guint i = 0; i < n; i++) {
		if (strcmp(afters[i].state, state) != 0)
			continue;
		gint64 due = calendar_after(a->policy->calendar, a->now, afters[i].working_days);
		if (sql_run(a->db, error, "expectation_add", "issi", application, state, afters[i].event, due) < 0)
			return false;
	}
	return true;
}

struct due { gint64 application, id; char *event; };

static void due_free(void *p)
{
	g_free(((struct due *)p)->event);
	g_free(p);
}

static GPtrArray *collect(const struct act *clock, GError **error)
{
	static const struct sql_column columns[] = { { 'i', offsetof(struct due, application) },
						     { 'i', offsetof(struct due, id) },
						     { 's', offsetof(struct due, event) }, { 0 } };
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

bool expectation_due(const struct act *clock, bool *did, GError **error)
{
	g_autoptr(GPtrArray) all = collect(clock, error);
	for (guint i = 0; all && i < all->len; i++) {
		const struct due *d = all->pdata[i];
		struct moved moved;
		if (sql_run(clock->db, error, "expectation_end", "ii", d->id, clock->now) < 0 ||
		    !application_step(clock, d->application, d->event, &moved, error))
			return false;
		*did = true;
	}
	return all != NULL;
}
