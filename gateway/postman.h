/* postman: one of the processes that write and send letters. It alone holds the signing key and the SMTP session; it never
 * sees a stranger's bytes.
 *
 * claim → seal → freeze (commit) → send → record (commit). A retry sends the same bytes. What was being sent when a postman
 * died is uncertain, and the queue decides what becomes of it.
 */
#pragma once
#include "gateway/duty.h"

/* Until told to stop; gives the exit status. */
int postman_run(const struct duty *d);
