/* smime_file: a signature on a file (RFC 5652, CAdES: ETSI EN 319 122-1), as an officer's card makes it; and the certificates that
 * such a signature is expected of. By CMS_* only, like smime.h, whose verdicts it shares.
 */
#pragma once
#include "gateway/smime.h"
#include "queue/policy.h"

struct smime_file {
	enum smime_verdict verdict; /* UNTRUSTED: unchanged, but no chain to an anchor at that time */
	char *reason;               /* NULL when VALID */
	bool inside;                /* the file is inside of the signature */
	GPtrArray *signers;         /* char *: SHA-256 of each signer's certificate, hexadecimal; empty unless VALID or UNTRUSTED */
	char *digest;               /* of the file, "sha256:<hexadecimal>" or sha384, sha512; NULL as signers */
	gint64 signed_at;           /* what the first signer says; -1: nothing */
};

/* `content`: what is signed, when it is at hand and not inside; without it the signature over its digest is verified, and
 * whose digest that is, is the caller's question. `a` NULL: no chain is asked for. Clear with smime_file_clear. */
struct smime_file smime_file_verify(const struct anchors *a, GBytes *der, GBytes *content, gint64 at);
void smime_file_clear(struct smime_file *f);

/* The certificates of a PEM or DER file, struct pinned of policy.h. NULL: KEY with the file's name. */
GPtrArray *smime_file_pinned(const char *file, GError **error);
/* Authorities of officers' certificates; their purpose is not mail. Free with anchors_free. */
struct anchors *smime_file_anchors(const char *pem_file, GError **error);
