/* journal: one statement; the triggers in the schema see to it that nothing else can be done to it. */
#include "queue/journal.h"
#include "queue/sql.h"
#include "queue/workflow.h"

bool journal_add(const struct act *a, const char *event, const struct about *about, GError **error)
{
	return sql_run(a->db, error, "journal_add", "isssiiisssss", a->now, event, a->role, workflow_strengths[a->strength],
		       about->application, about->letter, a->mail, about->from_state, about->to_state, a->by_name,
		       about->place, a->note) >= 0;
}
