/* signer: our key and certificate, and detached CMS signatures by them (RFC 5652, 8551, 5035).
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
/* DER of the detached signature of the octets as they are, with signing time and ESS signing-certificate-v2. One at a time: a
 * signer keeps what all its signatures have in common. SIGN: it could not be made, or does not verify. */
GBytes *signer_sign(const struct signer *s, GBytes *octets, GError **error);
