/* reminder: who is waited on is told so, in one letter a day with everything that waits on him. */
#pragma once
#include "queue/act.h"

/* A letter to each person for whom a reminder is owed (expectation.h), but for those who have had one today: theirs stays owed. Of what
 * waits on KAMU SM the applicant is asked, for it writes to him. Who is asked to approve and was not the one asked before, because
 * the officer changed, is asked anew. `did`: there was one. */
bool reminder_owe(const struct act *clock, bool *did, GError **error);
