/* simulate_phone: where reminders did not help, the office of the simulated year telephones: it hears how far the card really is, and
 * enters that by hand.
 */
#pragma once
#include "gateway/simulate_world.h"

/* On each working day from now on. */
void simulate_phone_begin(struct world *w);
