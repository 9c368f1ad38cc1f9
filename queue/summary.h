/* summary: digests: one letter to each unit manager and one to the officer, at their time (rhythm.h), with all that waits; and the
 * letters about certificates that near their end. A digest with nothing in it is not made.
 */
#pragma once
#include "queue/act.h"

/* Makes what is due and was not made. Nothing is due from before the first call ever. `did`: there is a new letter. */
bool summary_make(const struct act *clock, bool *did, GError **error);
