/* simulate_people: applicants of the simulated year: they read letters or do not, do what is asked or something else, and answer. */
#pragma once
#include "gateway/simulate_world.h"

/* A letter lies in this person's mailbox, which may be dead. */
void simulate_people_read(struct world *w, struct person *p, const struct letter *l);
/* Does what KAMU SM asks, and tells nobody. */
void simulate_people_alone(struct world *w, struct person *p);
