/* simulate_staff: officer, registry, support and the operators of the simulated year. */
#pragma once
#include "gateway/simulate_world.h"

struct staff;
struct staff *simulate_staff_new(void);
void simulate_staff_free(struct staff *s);
/* The habits of the year: the weekly post, telephoning. */
void simulate_staff_begin(struct world *w);

/* A letter to one of them; false: it is to nobody of the staff. */
bool simulate_staff_read(struct world *w, const struct letter *l);
/* The applicant brings his signed paper. */
void simulate_staff_paper(struct world *w, struct person *p);
/* The server would not have this letter: somebody sends it again. */
void simulate_staff_retry(struct world *w, gint64 letter);
