/* simulate: plays a time with the real queue, workflow, calendar and letters, against an institution, a KAMU SM and a mail server that
 * are made up. Letters are rendered, not signed and not sent.
 */
#pragma once
#include <signal.h>
#include "gateway/simulate_world.h"
#include "templates/catalog.h"

struct simulation {
	struct world *world;
	const struct catalog *catalog;
	const char *common;                  /* of config_common */
	const volatile sig_atomic_t *stop;   /* not 0: the run ends early */
};

/* From the world's present to its end, then the check of the end. false: what the queue could not do. */
bool simulate_run(const struct simulation *s, GError **error);
