/* keeper: the one process that changes state. It claims mails, has them read by its caged readers, applies the facts in
 * batches, and lets time pass (apply_clock). It holds the key of reply tokens, and neither network nor signing key. */
#pragma once
#include "gateway/duty.h"

/* Until told to stop; gives the exit status. */
int keeper_run(const struct duty *d);
