/* auth_results: what our own server found out about the sender (Authentication-Results, RFC 8601).
 *
 * Only the topmost field that bears our server's name is believed; a sender may have written the others. The
 * server must take such fields out of mail from outside (RFC 8601 5), or nothing here means anything.
 */
#pragma once
#include "parsers/facts.h"
#include "parsers/fields.h"

/* Fills `out` (empty before). `trusted` when the domain of `from` is the one that passed: dmarc=pass, or
 * dkim=pass or spf=pass in relaxed alignment and no dmarc=fail, or auth=pass for the very address. `from`
 * NULL (none or several): never trusted. `authserv_id` NULL: believe none. */
void auth_results_read(const struct fields *f, const char *authserv_id, const char *from, struct auth *out);
