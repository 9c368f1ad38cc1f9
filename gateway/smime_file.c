/* smime_file: see the header. Qualified signatures always sign attributes, the digest of the file among them (CAdES): so a
 * detached signature can be verified where the file is not, and the digest is compared where it is.
 */
#include "gateway/smime_file.h"
#include "gateway/keys.h"
#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <string.h>
#include <time.h>

enum { DER_MOST = 4 << 20, SIGNERS_MOST = 8, FILE_MOST = 1 << 20 };

static gint64 time_of(const ASN1_TIME *t)
{
	struct tm parts;

	return t && ASN1_TIME_to_tm(t, &parts) == 1 ? (gint64)timegm(&parts) : -1;
}

static bool say(struct smime_file *f, enum smime_verdict verdict, const char *reason)
{
	f->verdict = verdict;
	g_free(f->reason);
	f->reason = g_strdup(reason);
	return verdict == SMIME_VALID;
}

/* --- digests -------------------------------------------------------------------------------------------- */

static const struct { int nid; const char *name; gsize size; } digests[] = {
	{ NID_sha256, "sha256", 32 }, { NID_sha384, "sha384", 48 }, { NID_sha512, "sha512", 64 },
};

static char *digest_text(const char *name, const guint8 *bytes, gsize n)
{
	GString *text = g_string_new(name);

	g_string_append_c(text, ':');
	for (gsize i = 0; i < n; i++)
		g_string_append_printf(text, "%02x", bytes[i]);
	return g_string_free(text, FALSE);
}

/* What the signer signed as the file's digest; NULL: none, or one of an algorithm that is broken or unknown. */
static char *digest_signed(CMS_SignerInfo *si)
{
	X509_ALGOR *algorithm;
	const ASN1_OCTET_STRING *said =
		CMS_signed_get0_data_by_OBJ(si, OBJ_nid2obj(NID_pkcs9_messageDigest), -3, V_ASN1_OCTET_STRING);

	CMS_SignerInfo_get0_algs(si, NULL, NULL, &algorithm, NULL);
	for (guint i = 0; said && i < G_N_ELEMENTS(digests); i++)
		if (OBJ_obj2nid(algorithm->algorithm) == digests[i].nid && (gsize)ASN1_STRING_length(said) == digests[i].size)
			return digest_text(digests[i].name, ASN1_STRING_get0_data(said), digests[i].size);
	return NULL;
}

/* All signers must have signed the same: two digests of one algorithm that differ are of two files. */
static bool take_digest(struct smime_file *f, STACK_OF(CMS_SignerInfo) *signers)
{
	for (int i = 0; i < sk_CMS_SignerInfo_num(signers); i++) {
		g_autofree char *digest = digest_signed(sk_CMS_SignerInfo_value(signers, i));

		if (!digest)
			return say(f, SMIME_INVALID, "a signer names no digest that can be believed");
		if (f->digest && strcmp(f->digest, digest) != 0)
			return say(f, SMIME_INVALID, "its signers do not name the same digest");
		g_free(f->digest);
		f->digest = g_steal_pointer(&digest);
	}
	return f->digest != NULL;
}

/* --- signatures ----------------------------------------------------------------------------------------- */

static bool verifies_with(CMS_ContentInfo *cms, GBytes *content)
{
	gsize n = 0;
	const void *bytes = content ? g_bytes_get_data(content, &n) : NULL;
	BIO *in = content ? BIO_new_mem_buf(bytes ? bytes : "", (int)n) : NULL;
	bool ok = CMS_verify(cms, NULL, NULL, in, NULL, CMS_BINARY | CMS_NO_SIGNER_CERT_VERIFY) == 1;

	BIO_free(in);
	return ok;
}

/* Each signature over its attributes; what they say of the file is another question. */
static bool verifies_alone(CMS_ContentInfo *cms, STACK_OF(CMS_SignerInfo) *signers)
{
	if (CMS_set1_signers_certs(cms, NULL, 0) != sk_CMS_SignerInfo_num(signers))
		return false;
	for (int i = 0; i < sk_CMS_SignerInfo_num(signers); i++)
		if (CMS_SignerInfo_verify(sk_CMS_SignerInfo_value(signers, i)) != 1)
			return false;
	return true;
}

/* NULL: the chain holds. Purposes of a mail are not asked for: such certificates are for signing documents. */
static const char *chain_fault(const struct anchors *a, CMS_ContentInfo *cms, X509 *signer, gint64 at)
{
	X509_STORE_CTX *ctx = X509_STORE_CTX_new();
	STACK_OF(X509) *others = CMS_get1_certs(cms);
	const char *fault = NULL;

	X509_STORE_CTX_init(ctx, a->store, signer, others);
	X509_VERIFY_PARAM_set_purpose(X509_STORE_CTX_get0_param(ctx), X509_PURPOSE_ANY);
	X509_STORE_CTX_set_time(ctx, 0, (time_t)at);
	if (X509_verify_cert(ctx) != 1)
		fault = X509_verify_cert_error_string(X509_STORE_CTX_get_error(ctx));
	X509_STORE_CTX_free(ctx);
	sk_X509_pop_free(others, X509_free);
	return fault;
}

static void take_signers(struct smime_file *f, const struct anchors *a, CMS_ContentInfo *cms, gint64 at)
{
	STACK_OF(X509) *signers = CMS_get0_signers(cms);

	say(f, SMIME_VALID, NULL);
	for (int i = 0; i < sk_X509_num(signers); i++) {
		X509 *one = sk_X509_value(signers, i);
		const char *fault = a ? chain_fault(a, cms, one, at) : NULL;

		g_ptr_array_add(f->signers, keys_digest(one));
		if (fault)
			say(f, SMIME_UNTRUSTED, fault);
	}
	sk_X509_free(signers);
}

static void take_time(struct smime_file *f, CMS_SignerInfo *si)
{
	int at = CMS_signed_get_attr_by_NID(si, NID_pkcs9_signingTime, -1);
	X509_ATTRIBUTE *attribute = at < 0 ? NULL : CMS_signed_get_attr(si, at);
	ASN1_TYPE *value = attribute ? X509_ATTRIBUTE_get0_type(attribute, 0) : NULL;

	if (value && (value->type == V_ASN1_UTCTIME || value->type == V_ASN1_GENERALIZEDTIME))
		f->signed_at = time_of((const ASN1_TIME *)value->value.asn1_string);
}

/* Integrity; the digest is taken only from what verifies. */
static bool holds(struct smime_file *f, CMS_ContentInfo *cms, GBytes *content)
{
	ASN1_OCTET_STRING **inside = CMS_get0_content(cms);
	STACK_OF(CMS_SignerInfo) *signers = CMS_get0_SignerInfos(cms);
	int n = sk_CMS_SignerInfo_num(signers);

	f->inside = inside && *inside;
	if (n < 1 || n > SIGNERS_MOST)
		return say(f, SMIME_INVALID, n < 1 ? "there is no signer" : "there are too many signers");
	if (f->inside && content)
		return say(f, SMIME_INVALID, "the signature carries another text than the file");
	if (!(f->inside || content ? verifies_with(cms, content) : verifies_alone(cms, signers)))
		return say(f, SMIME_INVALID, "the signature does not verify");
	if (!take_digest(f, signers))
		return false;
	take_time(f, sk_CMS_SignerInfo_value(signers, 0));
	return true;
}

struct smime_file smime_file_verify(const struct anchors *a, GBytes *der, GBytes *content, gint64 at)
{
	struct smime_file f = { .signers = g_ptr_array_new_with_free_func(g_free), .signed_at = -1 };
	gsize n;
	const unsigned char *p = g_bytes_get_data(der, &n);

	ERR_clear_error();
	CMS_ContentInfo *cms = n <= DER_MOST ? d2i_CMS_ContentInfo(NULL, &p, (long)n) : NULL;
	if (!cms || OBJ_obj2nid(CMS_get0_type(cms)) != NID_pkcs7_signed)
		say(&f, SMIME_ERROR, "it is no CMS signed data");
	else if (holds(&f, cms, content))
		take_signers(&f, a, cms, at);
	CMS_ContentInfo_free(cms);
	ERR_clear_error();
	return f;
}

void smime_file_clear(struct smime_file *f)
{
	g_clear_pointer(&f->reason, g_free);
	g_clear_pointer(&f->signers, g_ptr_array_unref);
	g_clear_pointer(&f->digest, g_free);
}

/* --- whose signature is awaited ------------------------------------------------------------------------- */

static void pinned_free(void *p)
{
	struct pinned *c = p;

	g_free(c->sha256);
	g_free(c->subject);
	g_free(c);
}

static struct pinned *pin(X509 *certificate)
{
	struct pinned *c = g_new0(struct pinned, 1);
	char *subject = NULL;
	BIO *out = BIO_new(BIO_s_mem());

	X509_NAME_print_ex(out, X509_get_subject_name(certificate), 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB);
	long n = BIO_get_mem_data(out, &subject);
	c->subject = g_strndup(subject, (gsize)n);
	BIO_free(out);
	c->sha256 = keys_digest(certificate);
	c->from = time_of(X509_get0_notBefore(certificate));
	c->until = time_of(X509_get0_notAfter(certificate));
	return c;
}

/* No password is asked for at a terminal. */
static int no_password(char *buffer, int size, int writing, void *data)
{
	return -1;
}

GPtrArray *smime_file_pinned(const char *file, GError **error)
{
	g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(pinned_free);
	g_autoptr(GError) why = NULL;
	g_autofree char *bytes = NULL;
	gsize n = 0;

	if (!g_file_get_contents(file, &bytes, &n, &why) || n > FILE_MOST) {
		g_set_error(error, NET_ERROR, NET_ERROR_KEY, "%s", why ? why->message : "a file of certificates is too large");
		return NULL;
	}
	bool pem = memmem(bytes, n, "-----BEGIN ", 11) != NULL;
	BIO *in = BIO_new_mem_buf(bytes, (int)n);
	for (X509 *one; (one = pem ? PEM_read_bio_X509(in, NULL, no_password, NULL) : d2i_X509_bio(in, NULL)); X509_free(one))
		g_ptr_array_add(all, pin(one));
	BIO_free(in);
	ERR_clear_error();
	if (all->len)
		return g_steal_pointer(&all);
	g_set_error(error, NET_ERROR, NET_ERROR_KEY, "%s: no certificate in it", file);
	return NULL;
}

struct anchors *smime_file_anchors(const char *pem_file, GError **error)
{
	struct anchors *a = anchors_load(pem_file, error);

	if (a)
		X509_STORE_set_flags(a->store, X509_V_FLAG_PARTIAL_CHAIN); /* the file may hold the issuer alone */
	return a;
}
