/* smime: detached CMS signatures (RFC 5652, 8551, 5035), by CMS_* only.
 *
 * The signing key never leaves struct signer. What is signed is verified again before it is handed out.
 */
#pragma once
#include <gio/gio.h>
#include <stdbool.h>
#include "gateway/net_error.h"

struct signer;
struct signer_options {
	const char *certificate; /* PEM (with chain after it) or PKCS#12 */
	const char *key;         /* PEM; NULL when the certificate file is PKCS#12 */
	const char *password_file; /* of key or PKCS#12; NULL: none */
	bool legacy_pkcs12;      /* old RC2/3DES containers: own library context with the legacy provider */
};
/* RSA >= 2048 or EC P-256/384/521; key and certificate must match, the certificate must allow e-mail signing and be valid at `now`. */
struct signer *signer_open(const struct signer_options *o, gint64 now, GError **error);
void signer_close(struct signer *s);
/* micalg parameter: sha-256, sha-384 (EC P-384), sha-512 (P-521). */
const char *signer_micalg(const struct signer *s);
/* Does the certificate carry this address? */
bool signer_covers(const struct signer *s, const char *address);
gint64 signer_expires(const struct signer *s);
/* DER of the detached signature with signing time and ESS signing-certificate-v2. */
GBytes *smime_sign(const struct signer *s, GBytes *octets, GError **error);

enum smime_verdict { SMIME_VALID, SMIME_INVALID, SMIME_UNTRUSTED, SMIME_ERROR };
struct smime_result { enum smime_verdict verdict; GPtrArray *signers; /* char * addresses */ gint64 signed_at; char *reason; };
struct anchors;
struct anchors *anchors_load(const char *pem_file, GError **error); /* NULL file: the system's */
/* Lists of revoked certificates (PEM); from then on a chain without a list of each issuer is untrusted. */
bool anchors_add_crls(struct anchors *a, const char *pem_file, GError **error);
/* Revocation lists (PEM or DER). From then on every certificate of a chain needs a list that is current at the time asked for, here
 * or in the signature; without one the answer is UNTRUSTED. */
bool anchors_add_crls(struct anchors *a, const char *file, GError **error);
void anchors_free(struct anchors *a);
/* Clear the result with smime_result_clear. `at` is the time at which certificates and lists must hold. */
struct smime_result smime_verify(const struct anchors *a, const char *octets, gsize len, GBytes *der, gint64 at);
void smime_result_clear(struct smime_result *r);
