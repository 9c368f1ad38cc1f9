/* simulate_report: what became of everyone in the simulated time, as tables or as one JSON object. */
#pragma once
#include "gateway/simulate_world.h"

/* *violations: how many there were. false: the database could not be asked. */
bool simulate_report_print(struct world *w, bool json, guint *violations, GError **error);
