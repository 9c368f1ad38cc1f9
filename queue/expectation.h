/* expectation: who must have acted by when: rows AFTER of workflow.def, in working days. */
#pragma once
#include "queue/act.h"

/* The application came into this state: what was expected before is over, what the new state expects is noted. `born`: there
 * was nothing before. */
bool expectation_begin(const struct act *a, gint64 application, const char *state, bool born, GError **error);
/* Says the event of each expectation that has come due; at most a hundred at a time. `did`: there were some. */
bool expectation_due(const struct act *clock, bool *did, GError **error);
