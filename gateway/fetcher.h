/* fetcher: the process that holds the IMAP session. It brings every mail of the folder into the ledger, commits, wakes the
 * keeper, and only then tells the server. It knows no parser and no key.
 */
#pragma once
#include "gateway/duty.h"

/* Until told to stop, or with --once until the folder holds nothing unknown; gives the exit status. */
int fetcher_run(const struct duty *d);
