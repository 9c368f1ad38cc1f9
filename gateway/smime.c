/* smime: verifying, by CMS_* only (PKCS7_verify has CVE-2026-45447).
 *
 * The octets are taken as they are (CMS_BINARY): whoever cut them is answerable for CRLF.
 */
#include "gateway/smime.h"
#include "gateway/keys.h"
#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <string.h>

#define MOST_DER (1024 * 1024)

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
		out->signed_at = keys_time((const ASN1_TIME *)value->value.asn1_string);
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
