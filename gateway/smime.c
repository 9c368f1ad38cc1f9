/* smime: signing and verifying, by CMS_* only (PKCS7_verify has CVE-2026-45447).
 *
 * The octets are taken as they are (CMS_BINARY): whoever cut or wrote them is answerable for CRLF. A
 * signature leaves this file only after it has been verified against our own certificate, so that key,
 * certificate and bytes are known to agree; the certificate's chain was looked at once, when the signer was
 * opened.
 */
#include "gateway/smime.h"
#include "gateway/keys.h"
#include <openssl/cms.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <string.h>
#include <time.h>

#define LEAST_RSA_BITS 2048
#define MOST_DER (1024 * 1024)

struct signer {
	struct keys *keys;
	CMS_ContentInfo *cms; /* of the last signature; what no text changes was made once */
	CMS_SignerInfo *info;  /* in it; so are the next three */
	STACK_OF(X509_ATTRIBUTE) *attributes;
	ASN1_STRING *text_digest, *time;
	EVP_PKEY_CTX *maker;
	const EVP_MD *digest;
	const char *micalg;
	gint64 expires;
};

/* --- what a key and certificate are good for ------------------------------------------------------------ */

static gint64 smime_time(const ASN1_TIME *t)
{
	struct tm parts;
	return ASN1_TIME_to_tm(t, &parts) == 1 ? (gint64)timegm(&parts) : -1;
}

static const struct { const char *group, *micalg; const EVP_MD *(*digest)(void); } curves[] = {
	{"prime256v1", "sha-256", EVP_sha256},
	{"secp384r1", "sha-384", EVP_sha384},
	{"secp521r1", "sha-512", EVP_sha512},
};

/* NULL, or why the key cannot be used; sets the digest that fits it. */
static const char *signer_key_fault(struct signer *s)
{
	EVP_PKEY *key = s->keys->key;
	char group[64] = "";
	s->micalg = "sha-256";
	s->digest = EVP_sha256();
	if (EVP_PKEY_is_a(key, "RSA"))
		return EVP_PKEY_get_bits(key) >= LEAST_RSA_BITS ? NULL
								: "the RSA key is shorter than 2048 bits";
	if (!EVP_PKEY_is_a(key, "EC") || !EVP_PKEY_get_group_name(key, group, sizeof group, NULL))
		return "the key is neither RSA nor EC";
	for (guint i = 0; i < G_N_ELEMENTS(curves); i++)
		if (strcmp(group, curves[i].group) == 0) {
			s->micalg = curves[i].micalg;
			s->digest = curves[i].digest();
			return NULL;
		}
	return "the EC key is on none of P-256, P-384, P-521";
}

static const char *signer_certificate_fault(const struct signer *s, gint64 now)
{
	X509 *c = s->keys->certificate;
	if (X509_check_private_key(c, s->keys->key) != 1)
		return "the key does not belong to the certificate";
	gint64 from = smime_time(X509_get0_notBefore(c));
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

static ASN1_STRING *signer_attribute(struct signer *s, int nid)
{
	X509_ATTRIBUTE *a = CMS_signed_get_attr(s->info, CMS_signed_get_attr_by_NID(s->info, nid, -1));
	ASN1_TYPE *value = X509_ATTRIBUTE_get0_type(a, 0);
	return value ? value->value.asn1_string : NULL;
}

/* What differs from text to text is written over where it stands; its length stays, and so the order of DER. */
static bool signer_find_attributes(struct signer *s)
{
	s->attributes = sk_X509_ATTRIBUTE_new_null();
	for (int i = 0; i < CMS_signed_get_attr_count(s->info); i++)
		sk_X509_ATTRIBUTE_push(s->attributes, CMS_signed_get_attr(s->info, i));
	s->text_digest = signer_attribute(s, NID_pkcs9_messageDigest);
	s->time = signer_attribute(s, NID_pkcs9_signingTime);
	return s->text_digest && s->time;
}

/* A whole signature of no text, into which those of the letters are written: names, certificates and algorithms are the same in
 * all. To make them anew takes a tenth of the time of a letter's signature. */
static bool signer_prepare(struct signer *s)
{
	const unsigned flags = CMS_DETACHED | CMS_BINARY | CMS_PARTIAL;
	BIO *in = BIO_new(BIO_s_mem());
	s->cms = CMS_sign(NULL, NULL, s->keys->chain, NULL, flags | CMS_STREAM);
	if (s->cms)
		s->info = CMS_add1_signer(s->cms, s->keys->certificate, s->keys->key, s->digest, flags | CMS_CADES | CMS_NOSMIMECAP);
	s->maker = EVP_PKEY_CTX_new(s->keys->key, NULL);
	bool ok = in && signer_add_abilities(s->info) && CMS_final(s->cms, in, NULL, flags) && signer_find_attributes(s)
	          && s->maker && EVP_PKEY_sign_init(s->maker) == 1 && EVP_PKEY_CTX_set_signature_md(s->maker, s->digest) == 1;
	/* What is verified is verified by the certificate's key, not by the private one. */
	if (ok)
		CMS_SignerInfo_set1_signer_cert(s->info, s->keys->certificate);
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
	s->expires = smime_time(X509_get0_notAfter(keys->certificate));
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
		ASN1_STRING_set0(CMS_SignerInfo_get0_signature(s->info), signature, (int)size);
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

/* The signature over the attributes by the certificate's key, and the digest among them over the octets, hashed anew. On the
 * structure that is written: reading the DER again would decode the certificates in it. */
static bool sign_verifies(const struct signer *s, const char *text, gsize n)
{
	struct digest digest;
	return sign_digest(s, text, n, &digest) && (unsigned)ASN1_STRING_length(s->text_digest) == digest.length
	       && memcmp(ASN1_STRING_get0_data(s->text_digest), digest.bytes, digest.length) == 0
	       && CMS_SignerInfo_verify(s->info) == 1;
}

GBytes *smime_sign(const struct signer *s, GBytes *octets, GError **error)
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

/* --- anchors -------------------------------------------------------------------------------------------- */

/* Everything at once, not by a lookup when a signature comes: a reader in its cage can open no file. */
struct anchors *anchors_load(const char *pem_file, GError **error)
{
	struct anchors *a = g_new0(struct anchors, 1);
	a->store = X509_STORE_new();
	X509_STORE_set_purpose(a->store, X509_PURPOSE_SMIME_SIGN);
	if ((pem_file ? keys_load_anchors(a->store, pem_file, error) : keys_load_system(a->store, error)) > 0)
		return a;
	anchors_free(a);
	return NULL;
}

bool anchors_add_crls(struct anchors *a, const char *file, GError **error)
{
	if (keys_load_crls(a->store, file, error) < 0)
		return false;
	X509_STORE_set_flags(a->store, X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL);
	return true;
}

void anchors_free(struct anchors *a)
{
	if (!a)
		return;
	X509_STORE_free(a->store);
	g_free(a);
}

/* --- verifying ------------------------------------------------------------------------------------------ */

static void verify_say(struct smime_result *out, enum smime_verdict verdict, const char *reason)
{
	out->verdict = verdict;
	g_free(out->reason);
	out->reason = g_strdup(reason);
}

static const struct { int reason; const char *says; } verify_rows[] = {
	{CMS_R_VERIFICATION_FAILURE, "the text is not the one that was signed"},
	{CMS_R_MESSAGEDIGEST_WRONG_LENGTH, "the text is not the one that was signed"},
	{CMS_R_SIGNER_CERTIFICATE_NOT_FOUND, "the signature does not carry the signer's certificate"},
	{CMS_R_UNKNOWN_DIGEST_ALGORITHM, "the signature uses an unknown digest"},
	{CMS_R_NO_MATCHING_DIGEST, "the signature does not name its digest"},
};

static const char *verify_sentence(unsigned long e)
{
	for (guint i = 0; i < G_N_ELEMENTS(verify_rows); i++)
		if (ERR_GET_LIB(e) == ERR_LIB_CMS && ERR_GET_REASON(e) == verify_rows[i].reason)
			return verify_rows[i].says;
	return ERR_reason_error_string(e);
}

/* The verdict that OpenSSL's error queue stands for; empties it. */
static void verify_read_errors(struct smime_result *out)
{
	const char *data = NULL, *first = NULL;
	int flags = 0;
	unsigned long e;
	enum smime_verdict verdict = SMIME_INVALID;
	g_autofree char *chain = NULL;
	while ((e = ERR_get_error_all(NULL, NULL, NULL, &data, &flags))) {
		first = first ? first : verify_sentence(e);
		if (ERR_GET_LIB(e) != ERR_LIB_CMS || ERR_GET_REASON(e) != CMS_R_CERTIFICATE_VERIFY_ERROR
			|| chain)
			continue;
		verdict = SMIME_UNTRUSTED;
		const char *says = flags & ERR_TXT_STRING && data ? data : "the certificate is not trusted";
		chain = g_strdup(g_str_has_prefix(says, "Verify error: ") ? says + strlen("Verify error: ")
			: g_str_has_prefix(says, "Verify error:") ? says + strlen("Verify error:") : says);
	}
	verify_say(out, verdict, chain ? chain : first ? first : "the signature does not verify");
}

static void verify_addresses(CMS_ContentInfo *cms, struct smime_result *out)
{
	STACK_OF(X509) *signers = CMS_get0_signers(cms);
	for (int i = 0; i < sk_X509_num(signers); i++) {
		STACK_OF(OPENSSL_STRING) *emails = X509_get1_email(sk_X509_value(signers, i));
		for (int k = 0; k < sk_OPENSSL_STRING_num(emails); k++)
			g_ptr_array_add(out->signers, g_strdup(sk_OPENSSL_STRING_value(emails, k)));
		X509_email_free(emails);
	}
	sk_X509_free(signers);
}

static void verify_signing_time(CMS_ContentInfo *cms, struct smime_result *out)
{
	CMS_SignerInfo *si = sk_CMS_SignerInfo_value(CMS_get0_SignerInfos(cms), 0);
	X509_ATTRIBUTE *attribute =
		si ? CMS_signed_get_attr(si, CMS_signed_get_attr_by_NID(si, NID_pkcs9_signingTime, -1))
		   : NULL;
	ASN1_TYPE *value = attribute ? X509_ATTRIBUTE_get0_type(attribute, 0) : NULL;
	if (value && (value->type == V_ASN1_UTCTIME || value->type == V_ASN1_GENERALIZEDTIME))
		out->signed_at = smime_time((const ASN1_TIME *)value->value.asn1_string);
}

/* Digests that are broken even for a second text (MD2, MD4, MD5). SHA-1 still stands in old archives and in
 * our peers' mails. */
static bool verify_digests_hold(CMS_ContentInfo *cms)
{
	STACK_OF(CMS_SignerInfo) *signers = CMS_get0_SignerInfos(cms);
	for (int i = 0; i < sk_CMS_SignerInfo_num(signers); i++) {
		X509_ALGOR *algorithm;
		CMS_SignerInfo_get0_algs(sk_CMS_SignerInfo_value(signers, i), NULL, NULL, &algorithm, NULL);
		int nid = OBJ_obj2nid(algorithm->algorithm);
		if (nid == NID_md5 || nid == NID_md4 || nid == NID_md2 || nid == NID_undef)
			return false;
	}
	return true;
}

/* The text that the signature carries itself must be the text that is shown: else a reader of one sees what
 * the other did not sign. */
static bool verify_content_agrees(CMS_ContentInfo *cms, const char *octets, gsize len)
{
	ASN1_OCTET_STRING **content = CMS_get0_content(cms);
	if (!content || !*content)
		return true;
	gsize n = (gsize)ASN1_STRING_length(*content);
	return n == len && memcmp(ASN1_STRING_get0_data(*content), octets, len) == 0;
}

static bool verify_once(CMS_ContentInfo *cms, X509_STORE *store, const char *octets, gsize len, unsigned flags)
{
	BIO *in = BIO_new_mem_buf(octets, (int)len);
	ERR_clear_error();
	bool ok = in && CMS_verify(cms, NULL, store, in, NULL, flags) == 1;
	BIO_free(in);
	return ok;
}

static bool verify_has_bare_lf(const char *octets, gsize len)
{
	const char *end = octets + len;
	for (const char *p = octets; (p = memchr(p, '\n', (gsize)(end - p))); p++)
		if (p == octets || p[-1] != '\r')
			return true;
	return false;
}

struct question { X509_STORE *store; const char *octets; gsize len; };

static bool verify_as_lf(const struct question *q, CMS_ContentInfo *cms)
{
	g_autoptr(GString) lf = g_string_sized_new(q->len);
	for (gsize i = 0; i < q->len; i++)
		if (q->octets[i] != '\r' || i + 1 == q->len || q->octets[i + 1] != '\n')
			g_string_append_c(lf, q->octets[i]);
	return lf->len != q->len && verify_once(cms, q->store, lf->str, lf->len, CMS_BINARY);
}

/* The octets as they came; else the same lines with other ends. A Maildir file has lost its CRs, and some
 * signers sign LF before their mail gets CRLF on the way out. Only a different text can make neither fit.
 */
static bool verify_all_ways(const struct question *q, CMS_ContentInfo *cms, struct smime_result *out)
{
	if (verify_once(cms, q->store, q->octets, q->len, CMS_BINARY))
		return true;
	verify_read_errors(out);
	if (out->verdict != SMIME_INVALID)
		return false;
	bool bare = verify_has_bare_lf(q->octets, q->len);
	bool ok = bare ? verify_once(cms, q->store, q->octets, q->len, 0) : verify_as_lf(q, cms);
	if (!ok && ERR_peek_error())
		verify_read_errors(out);
	return ok;
}

static void verify_parsed(const struct question *q, CMS_ContentInfo *cms, struct smime_result *out)
{
	const unsigned unchained = CMS_BINARY | CMS_NO_SIGNER_CERT_VERIFY;
	if (verify_all_ways(q, cms, out))
		verify_say(out, SMIME_VALID, NULL);
	/* Untrusted shall mean that the bytes are what somebody signed. */
	else if (out->verdict == SMIME_UNTRUSTED && !verify_once(cms, q->store, q->octets, q->len, unchained))
		verify_read_errors(out);
}

struct smime_result smime_verify(const struct anchors *a, const char *octets, gsize len, GBytes *der, gint64 at)
{
	gsize n;
	const unsigned char *p = g_bytes_get_data(der, &n);
	struct question q = {a->store, octets, len};
	struct smime_result out = {.signers = g_ptr_array_new_with_free_func(g_free), .signed_at = -1};
	/* The time lives in the store's parameters: set for this one call; a store belongs to one process. */
	X509_VERIFY_PARAM_set_time(X509_STORE_get0_param(a->store), (time_t)at);
	ERR_clear_error();
	CMS_ContentInfo *cms = n <= MOST_DER && len < G_MAXINT ? d2i_CMS_ContentInfo(NULL, &p, (long)n) : NULL;
	if (!cms || OBJ_obj2nid(CMS_get0_type(cms)) != NID_pkcs7_signed)
		verify_say(&out, SMIME_ERROR, "the signature part is not CMS signed data");
	else if (sk_CMS_SignerInfo_num(CMS_get0_SignerInfos(cms)) < 1)
		verify_say(&out, SMIME_INVALID, "the signature part has no signer");
	else if (!verify_digests_hold(cms))
		verify_say(&out, SMIME_INVALID, "the signature uses a broken digest");
	else if (!verify_content_agrees(cms, octets, len))
		verify_say(&out, SMIME_INVALID, "the signature part carries other text than the mail shows");
	else
		verify_parsed(&q, cms, &out);
	if (cms && out.verdict != SMIME_ERROR) {
		verify_addresses(cms, &out);
		verify_signing_time(cms, &out);
	}
	CMS_ContentInfo_free(cms);
	ERR_clear_error();
	return out;
}

void smime_result_clear(struct smime_result *r)
{
	g_clear_pointer(&r->signers, g_ptr_array_unref);
	g_clear_pointer(&r->reason, g_free);
}
