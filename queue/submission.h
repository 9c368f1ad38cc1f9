/* submission: a list of approved people to KAMU SM. */
#pragma once
#include "queue/act.h"

/* Everything that is approved goes on one new list, and its letter is owed. *made 0: nothing was approved. */
bool submission_make(const struct act *gateway, gint64 *made, GError **error);
/* Lists whose letter the server took: their people are submitted, and told. */
bool submission_account(const struct act *gateway, bool *did, GError **error);
