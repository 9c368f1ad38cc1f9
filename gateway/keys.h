/* keys: private keys and certificates from PEM and PKCS#12 files, for signer.c and smime.c. Errors are KEY,
 * each one sentence with the file. Shared by these and smime_file.c, nobody else. */
#pragma once
#include "gateway/signer.h"
#include <openssl/evp.h>
#include <openssl/x509.h>

struct keys { EVP_PKEY *key; X509 *certificate; STACK_OF(X509) *chain; /* never NULL; may be empty */ };

struct anchors { X509_STORE *store; };

/* The files of the options. Only that they can be read; what they are good for is signer.c's question. */
struct keys *keys_load(const struct signer_options *o, GError **error);
void keys_free(struct keys *k);
/* The file's certificates (at least one) or revocation lists, PEM or DER, into the store. The count; -1:
 * KEY. */
int keys_load_anchors(X509_STORE *store, const char *file, GError **error);
/* The same of the system's own, from where OpenSSL looks for them ($SSL_CERT_FILE, $SSL_CERT_DIR). */
int keys_load_system(X509_STORE *store, GError **error);
int keys_load_crls(X509_STORE *store, const char *file, GError **error);
/* The SHA-256 of a certificate, in hexadecimal. */
char *keys_digest(X509 *certificate);
/* Seconds of 1970; -1: not a time. */
gint64 keys_time(const ASN1_TIME *t);
