/* start: what must be well before the first process is forked: libraries, the one lock, the database, the key. */
#pragma once
#include "gateway/config.h"

/* Takes the lock of the data folder (one gateway at a time; children inherit it, so a new gateway waits until the last
 * of an old one has ended), makes or migrates the database, gives leases of a dead gateway back, tries the key. A descriptor
 * that holds the lock, or -1. */
int start_prepare(const struct config *c, GError **error);
/* Opens the signing key and the letters in a process of its own that ends at once: this one must not hold the key. */
bool start_check_key(const struct config *c, GError **error);
