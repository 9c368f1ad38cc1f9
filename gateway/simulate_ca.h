/* simulate_ca: KAMU SM and the courier of the simulated year: what really happens to each card. It writes to the applicant; the
 * gateway hears of some of it (rates heard, forward).
 */
#pragma once
#include "gateway/simulate_world.h"

/* A list has come; the same one twice is a violation. */
void simulate_ca_list(struct world *w, gint64 submission);
/* Opens the pre-application. */
void simulate_ca_open(struct world *w, struct person *p);
/* The form is there, by e-signature or on paper. */
void simulate_ca_form(struct world *w, struct person *p);
/* The card goes out again. */
void simulate_ca_send(struct world *w, struct person *p);
