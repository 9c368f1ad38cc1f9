/* signer: signing, by CMS_* and EVP_PKEY_*.
 *
 * A signature leaves this file only after it has been verified by our own certificate, so that key, certificate and bytes are known
 * to agree; the certificate's chain was looked at once, when the signer was opened.
 */
#include "gateway/signer.h"
#include "gateway/keys.h"
#include <openssl/cms.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <string.h>

#define LEAST_RSA_BITS 2048

struct signer {
	struct keys *keys;
	CMS_ContentInfo *cms; /* of the last signature; what no text changes was made once */
	STACK_OF(X509_ATTRIBUTE) *attributes; /* in it; so are the next three */
	ASN1_STRING *text_digest, *time, *signature;
	EVP_PKEY_CTX *maker, *checker; /* of the private key; of the certificate's */
	EVP_MD *digest;
	const char *micalg;
	gint64 expires;
};

/* --- what a key and certificate are good for ------------------------------------------------------------ */

/* The names of RFC 8551 3.4.3.2 are known to OpenSSL too. */
static const struct { const char *group, *micalg; } curves[] = {
	{"prime256v1", "sha-256"}, {"secp384r1", "sha-384"}, {"secp521r1", "sha-512"},
};

/* NULL, or why the key cannot be used; names the digest that fits it. */
static const char *signer_key_fault(struct signer *s)
{
	EVP_PKEY *key = s->keys->key;
	char group[64] = "";
	s->micalg = "sha-256";
	if (EVP_PKEY_is_a(key, "RSA"))
		return EVP_PKEY_get_bits(key) >= LEAST_RSA_BITS ? NULL
								: "the RSA key is shorter than 2048 bits";
	if (!EVP_PKEY_is_a(key, "EC") || !EVP_PKEY_get_group_name(key, group, sizeof group, NULL))
		return "the key is neither RSA nor EC";
	for (guint i = 0; i < G_N_ELEMENTS(curves); i++)
		if (strcmp(group, curves[i].group) == 0) {
			s->micalg = curves[i].micalg;
			return NULL;
		}
	return "the EC key is on none of P-256, P-384, P-521";
}

static const char *signer_certificate_fault(const struct signer *s, gint64 now)
{
	X509 *c = s->keys->certificate;
	if (X509_check_private_key(c, s->keys->key) != 1)
		return "the key does not belong to the certificate";
	gint64 from = keys_time(X509_get0_notBefore(c));
	if (from < 0 || s->expires < 0)
		return "the certificate's dates cannot be read";
	if (now < from)
		return "the certificate is not valid yet";
	if (now > s->expires)
		return "the certificate has expired";
	if (X509_check_ca(c))
		return "the certificate is that of an authority, not of a mail sender";
	if (X509_check_purpose(c, X509_PURPOSE_SMIME_SIGN, 0) != 1)
		return "the certificate does not allow signing e-mail";
	return NULL;
}

/* The chain in the file must lead from the certificate upwards; its last member is taken as the end.
 * Nothing there is no fault. */
static const char *signer_chain_fault(const struct signer *s, gint64 now)
{
	STACK_OF(X509) *chain = s->keys->chain;
	if (sk_X509_num(chain) == 0)
		return NULL;
	X509_STORE_CTX *ctx = X509_STORE_CTX_new();
	STACK_OF(X509) *last = sk_X509_new_null();
	sk_X509_push(last, sk_X509_value(chain, sk_X509_num(chain) - 1));
	X509_STORE_CTX_init(ctx, NULL, s->keys->certificate, chain);
	X509_STORE_CTX_set0_trusted_stack(ctx, last);
	X509_STORE_CTX_set_purpose(ctx, X509_PURPOSE_SMIME_SIGN);
	X509_STORE_CTX_set_time(ctx, 0, (time_t)now);
	X509_STORE_CTX_set_flags(ctx, X509_V_FLAG_PARTIAL_CHAIN);
	const char *fault = NULL;
	if (X509_verify_cert(ctx) != 1)
		fault = X509_verify_cert_error_string(X509_STORE_CTX_get_error(ctx));
	X509_STORE_CTX_free(ctx);
	sk_X509_free(last);
	return fault;
}

/* --- the signer ----------------------------------------------------------------------------------------- */

/* What we can decrypt, best first (RFC 8551 2.7); nothing older than AES. OpenSSL's own list is longer. */
static bool signer_add_abilities(CMS_SignerInfo *info)
{
	static const int ciphers[] = {NID_aes_256_cbc, NID_aes_192_cbc, NID_aes_128_cbc};
	STACK_OF(X509_ALGOR) *all = NULL;
	bool ok = info;
	for (guint i = 0; ok && i < G_N_ELEMENTS(ciphers); i++)
		ok = CMS_add_simple_smimecap(&all, ciphers[i], -1);
	ok = ok && CMS_add_smimecap(info, all);
	sk_X509_ALGOR_pop_free(all, X509_ALGOR_free);
	return ok;
}

static ASN1_STRING *signer_attribute(CMS_SignerInfo *info, int nid)
{
	X509_ATTRIBUTE *a = CMS_signed_get_attr(info, CMS_signed_get_attr_by_NID(info, nid, -1));
	ASN1_TYPE *value = X509_ATTRIBUTE_get0_type(a, 0);
	return value ? value->value.asn1_string : NULL;
}

/* What differs from text to text is written over where it stands; attributes keep their length, and so the order of DER. */
static bool signer_find(struct signer *s, CMS_SignerInfo *info)
{
	s->attributes = sk_X509_ATTRIBUTE_new_null();
	for (int i = 0; i < CMS_signed_get_attr_count(info); i++)
		sk_X509_ATTRIBUTE_push(s->attributes, CMS_signed_get_attr(info, i));
	s->text_digest = signer_attribute(info, NID_pkcs9_messageDigest);
	s->time = signer_attribute(info, NID_pkcs9_signingTime);
	s->signature = CMS_SignerInfo_get0_signature(info);
	return s->text_digest && s->time;
}

static EVP_PKEY_CTX *signer_context(const struct signer *s, EVP_PKEY *key, int (*begin)(EVP_PKEY_CTX *))
{
	EVP_PKEY_CTX *c = EVP_PKEY_CTX_new(key, NULL);
	if (c && begin(c) == 1 && EVP_PKEY_CTX_set_signature_md(c, s->digest) == 1)
		return c;
	EVP_PKEY_CTX_free(c);
	return NULL;
}

/* A whole signature of no text, into which those of the letters are written: names, certificates, algorithms and contexts are
 * the same in all. To make them anew takes a sixth of the time of a letter's signature. */
static bool signer_prepare(struct signer *s)
{
	const unsigned flags = CMS_DETACHED | CMS_BINARY | CMS_PARTIAL, signer = flags | CMS_CADES | CMS_NOSMIMECAP;
	BIO *in = BIO_new(BIO_s_mem());
	CMS_SignerInfo *info = NULL;
	s->digest = EVP_MD_fetch(NULL, s->micalg, NULL);
	s->maker = signer_context(s, s->keys->key, EVP_PKEY_sign_init);
	s->checker = signer_context(s, X509_get0_pubkey(s->keys->certificate), EVP_PKEY_verify_init);
	s->cms = CMS_sign(NULL, NULL, s->keys->chain, NULL, flags | CMS_STREAM);
	if (s->digest && s->cms)
		info = CMS_add1_signer(s->cms, s->keys->certificate, s->keys->key, s->digest, signer);
	bool ok = in && s->maker && s->checker && signer_add_abilities(info) && CMS_final(s->cms, in, NULL, flags)
	          && signer_find(s, info);
	BIO_free(in);
	return ok;
}

struct signer *signer_open(const struct signer_options *o, gint64 now, GError **error)
{
	struct keys *keys = keys_load(o, error);
	if (!keys)
		return NULL;
	struct signer *s = g_new0(struct signer, 1);
	s->keys = keys;
	s->expires = keys_time(X509_get0_notAfter(keys->certificate));
	const char *fault = signer_key_fault(s);
	fault = fault ? fault : signer_certificate_fault(s, now);
	fault = fault ? fault : signer_chain_fault(s, now);
	fault = fault || signer_prepare(s) ? fault : "a signature cannot be made with the key";
	ERR_clear_error();
	if (!fault)
		return s;
	g_set_error(error, NET_ERROR, NET_ERROR_KEY, "%s: %s", o->certificate, fault);
	signer_close(s);
	return NULL;
}

void signer_close(struct signer *s)
{
	if (!s)
		return;
	EVP_PKEY_CTX_free(s->maker);
	EVP_PKEY_CTX_free(s->checker);
	EVP_MD_free(s->digest);
	sk_X509_ATTRIBUTE_free(s->attributes);
	CMS_ContentInfo_free(s->cms);
	keys_free(s->keys);
	g_free(s);
}

const char *signer_micalg(const struct signer *s)
{
	return s->micalg;
}

gint64 signer_expires(const struct signer *s)
{
	return s->expires;
}

/* Local parts are compared without case as well: nobody's mail system tells them apart, and settings are
 * typed by hand. */
bool signer_covers(const struct signer *s, const char *address)
{
	STACK_OF(OPENSSL_STRING) *emails = X509_get1_email(s->keys->certificate);
	bool found = false;
	for (int i = 0; i < sk_OPENSSL_STRING_num(emails); i++)
		found = found || g_ascii_strcasecmp(sk_OPENSSL_STRING_value(emails, i), address) == 0;
	X509_email_free(emails);
	return found;
}

/* --- signing -------------------------------------------------------------------------------------------- */

struct digest { unsigned char bytes[EVP_MAX_MD_SIZE]; unsigned length; };

static bool sign_digest(const struct signer *s, const void *text, gsize n, struct digest *out)
{
	return EVP_Digest(text, n, out->bytes, &out->length, s->digest, NULL) == 1;
}

/* The attributes as they are signed (RFC 5652 5.4), in the form that PKCS #7 has as well. */
static bool sign_digest_attributes(const struct signer *s, struct digest *out)
{
	unsigned char *der = NULL;
	int n = ASN1_item_i2d((const ASN1_VALUE *)s->attributes, &der, ASN1_ITEM_rptr(PKCS7_ATTR_SIGN));
	bool ok = n > 0 && sign_digest(s, der, (gsize)n, out);
	OPENSSL_free(der);
	return ok;
}

static bool sign_make(const struct signer *s, const char *text, gsize n)
{
	struct digest digest;
	gsize size = (gsize)EVP_PKEY_get_size(s->keys->key);
	unsigned char *signature = OPENSSL_malloc(size);
	if (sign_digest(s, text, n, &digest) && ASN1_STRING_set(s->text_digest, digest.bytes, (int)digest.length)
		&& X509_gmtime_adj(s->time, 0) && sign_digest_attributes(s, &digest)
		&& EVP_PKEY_sign(s->maker, signature, &size, digest.bytes, digest.length) == 1) {
		ASN1_STRING_set0(s->signature, signature, (int)size);
		return true;
	}
	OPENSSL_free(signature);
	return false;
}

static GBytes *sign_encode(const struct signer *s)
{
	unsigned char *der = NULL;
	int n = i2d_CMS_ContentInfo(s->cms, &der);
	GBytes *out = n > 0 ? g_bytes_new(der, (gsize)n) : NULL;
	OPENSSL_free(der);
	return out;
}

/* The signature over the attributes by the certificate's key, and the digest among them over the octets, both hashed anew. On
 * the structure that is written: reading the DER again would decode the certificates in it. */
static bool sign_verifies(const struct signer *s, const char *text, gsize n)
{
	struct digest d;
	return sign_digest(s, text, n, &d) && (unsigned)ASN1_STRING_length(s->text_digest) == d.length
	       && memcmp(ASN1_STRING_get0_data(s->text_digest), d.bytes, d.length) == 0 && sign_digest_attributes(s, &d)
	       && EVP_PKEY_verify(s->checker, ASN1_STRING_get0_data(s->signature), (gsize)ASN1_STRING_length(s->signature),
			  d.bytes, d.length) == 1;
}

GBytes *signer_sign(const struct signer *s, GBytes *octets, GError **error)
{
	gsize n;
	const char *text = g_bytes_get_data(octets, &n);
	ERR_clear_error();
	bool made = n && sign_make(s, text, n);
	GBytes *der = made && sign_verifies(s, text, n) ? sign_encode(s) : NULL;
	if (der)
		return der;
	const char *why = ERR_reason_error_string(ERR_peek_error());
	g_set_error(error, NET_ERROR, NET_ERROR_SIGN, "%s: %s",
		made ? "the signature just made does not verify" : "the signature cannot be made",
		why ? why
		: n ? "OpenSSL gives no reason"
		    : "there is nothing to sign");
	ERR_clear_error();
	return NULL;
}
