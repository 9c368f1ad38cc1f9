/* simulate_units: unit managers of the simulated year: they send forms, mend what was refused, forget. */
#pragma once
#include "gateway/simulate_world.h"

/* Who is asked for when. */
void simulate_units_begin(struct world *w);
/* A letter to a manager; false: it is to none. */
bool simulate_units_read(struct world *w, const struct letter *l);
