/* smime: detached CMS signatures (RFC 5652, 8551) of others, judged by CMS_* only. */
#pragma once
#include <gio/gio.h>
#include <stdbool.h>
#include "gateway/net_error.h"

enum smime_verdict { SMIME_VALID, SMIME_INVALID, SMIME_UNTRUSTED, SMIME_ERROR };
struct smime_result { enum smime_verdict verdict; GPtrArray *signers; /* char * addresses */ gint64 signed_at; char *reason; };
struct anchors;
struct anchors *anchors_load(const char *pem_file, GError **error); /* NULL file: the system's */
/* Revocation lists (PEM or DER). From then on every certificate of a chain needs a list that is current at the time asked for, here
 * or in the signature; without one the answer is UNTRUSTED. */
bool anchors_add_crls(struct anchors *a, const char *file, GError **error);
void anchors_free(struct anchors *a);
/* Clear the result with smime_result_clear. `at` is the time at which certificates and lists must hold. */
struct smime_result smime_verify(const struct anchors *a, const char *octets, gsize len, GBytes *der, gint64 at);
void smime_result_clear(struct smime_result *r);
