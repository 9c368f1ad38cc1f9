/* journal: what happened, in order, never changed. */
#pragma once
#include "queue/act.h"

struct about { gint64 application, letter; const char *from_state, *to_state, *place; }; /* 0 and NULL: not about one */

bool journal_add(const struct act *a, const char *event, const struct about *about, GError **error);
