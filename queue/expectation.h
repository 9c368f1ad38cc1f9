/* expectation: who must have acted by when: rows AFTER of workflow.def, in working days.
 *
 * A ladder begins with each state: after its days who is waited on is reminded (reminder.h), again each policy.reminder_days
 * working days, policy.max_reminders times; then each further such time says `escalate`: the application stands in the office's
 * digest until it moves. So an application that is not at its end always has an open expectation.
 */
#pragma once
#include "queue/act.h"

/* The application came from `from` (NULL: from nowhere) into this state: the ladder begins anew. The time at which KAMU SM cancels
 * runs on when both have one. With `from` the same state somebody only did something there: all else runs on. */
bool expectation_begin(const struct act *a, gint64 application, const char *from, const char *state, GError **error);
/* Says the event of each expectation that has come due. `did`: there were some. */
bool expectation_due(const struct act *clock, bool *did, GError **error);
