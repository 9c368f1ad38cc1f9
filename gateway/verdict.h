/* verdict: what a mail's S/MIME signature is worth, as facts. Shared by `nesgate read`, `verify` and the reader process.
 *
 * none       there is no detached signature
 * valid      the signed octets are the whole mail and unchanged, the signer's chain ends at an anchor
 * partial    as valid, but only one part of the mail is signed: what stands around it is anybody's
 * invalid    the octets or the signature were changed
 * untrusted  unchanged, but no chain to an anchor at that time (unknown authority, expired, revoked, wrong purpose)
 * error      the signature could not be read
 *
 * A verdict is a fact about bytes, never an error of ours.
 */
#pragma once
#include "gateway/smime.h"
#include "parsers/facts.h"

/* Fills f->signature from the raw mail that `f` was read from; the reader's "none" stays, it has seen all parts. `at`: Unix seconds
 * at which certificates must hold. */
void verdict_fill(struct facts *f, const char *raw, gsize len, const struct anchors *a, gint64 at);
