/* smime: signatures made and judged; then the mails of the corpus, when it is there. */
#include "gateway/signer.h"
#include "gateway/smime.h"
#include "parsers/signed_part.h"
#include "tests/unit/gateway/peer.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <openssl/cms.h>
#include <time.h>
#include <unistd.h>

#define TEXT "Content-Type: text/plain; charset=utf-8\r\n\r\nDeneme\r\n"

static struct signer *open_signer(const char *name)
{
	g_autofree char *pem = g_strconcat(name, ".pem", NULL), *key = g_strconcat(name, ".key", NULL);
	g_autofree char *certificate = peer_file(pem), *private = peer_file(key);
	struct signer_options o = {.certificate = certificate, .key = private};
	g_autoptr(GError) error = NULL;
	struct signer *s = signer_open(&o, time(NULL) + 1, &error);
	if (!s)
		fail_msg("%s: %s", name, error->message);
	return s;
}

static struct anchors *open_anchors(const char *name)
{
	g_autofree char *file = peer_file(name);
	g_autoptr(GError) error = NULL;
	struct anchors *a = anchors_load(file, &error);
	if (!a)
		fail_msg("%s", error->message);
	return a;
}

static GBytes *sign(const char *name, const char *text)
{
	struct signer *s = open_signer(name);
	g_autoptr(GBytes) octets = g_bytes_new(text, strlen(text));
	g_autoptr(GError) error = NULL;
	GBytes *der = signer_sign(s, octets, &error);
	if (!der)
		fail_msg("%s: %s", name, error->message);
	signer_close(s);
	return der;
}

/* The system's own are in memory at once: where signatures are judged no file can be opened. */
static void system_anchors_need_no_file_later(void **state)
{
	g_autofree char *ca = peer_file("ca.pem"), *folder = g_dir_make_tmp("anchors-XXXXXX", NULL), *text = NULL;
	g_autofree char *file = g_build_filename(folder, "0123abcd.0", NULL);
	gsize n;
	assert_true(g_file_get_contents(ca, &text, &n, NULL) && g_file_set_contents(file, text, (gssize)n, NULL));
	g_setenv("SSL_CERT_FILE", "/nonexistent", TRUE);
	g_setenv("SSL_CERT_DIR", folder, TRUE);
	struct anchors *a = anchors_load(NULL, NULL);
	assert_non_null(a);
	assert_int_equal(unlink(file), 0);
	g_autoptr(GError) error = NULL;
	assert_null(anchors_load(NULL, &error));
	assert_true(g_error_matches(error, NET_ERROR, NET_ERROR_KEY) && strstr(error->message, folder));
	assert_int_equal(rmdir(folder), 0);
	g_unsetenv("SSL_CERT_FILE");
	g_unsetenv("SSL_CERT_DIR");
	g_autoptr(GBytes) der = sign("mail-p256", TEXT);
	struct smime_result r = smime_verify(a, TEXT, strlen(TEXT), der, time(NULL));
	assert_int_equal(r.verdict, SMIME_VALID);
	smime_result_clear(&r);
	anchors_free(a);
}

struct verdict_case { const char *signer, *anchors, *crl, *text; int days; enum smime_verdict verdict; const char *reason; };

static const struct verdict_case verdicts[] = {
	{"mail-rsa2048", "ca.pem", NULL, TEXT, 0, SMIME_VALID, NULL},
	{"mail-p256", "ca.pem", NULL, TEXT, 0, SMIME_VALID, NULL},
	{"mail-p384", "ca.pem", NULL, TEXT, 0, SMIME_VALID, NULL},
	{"mail-p521", "ca.pem", NULL, TEXT, 0, SMIME_VALID, NULL},
	/* the same text with its CRs lost */
	{"mail-p256", "ca.pem", NULL, "Content-Type: text/plain; charset=utf-8\n\nDeneme\n", 0, SMIME_VALID, NULL},
	{"mail-p256", "ca.pem", NULL, "Content-Type: text/plain; charset=utf-8\r\n\r\nDenemE\r\n", 0, SMIME_INVALID, "not the one that was signed"},
	{"mail-p256", "ca.pem", NULL, "Content-Type: text/plain; charset=utf-8\r\n\r\nDeneme\r\n ", 0, SMIME_INVALID, NULL},
	{"mail-p256", "ca.pem", NULL, "", 0, SMIME_INVALID, NULL},
	{"mail-p256", "other.pem", NULL, TEXT, 0, SMIME_UNTRUSTED, "issuer certificate"},
	/* altered and untrusted is altered */
	{"mail-p256", "other.pem", NULL, "x\r\n", 0, SMIME_INVALID, NULL},
	{"mail-stranger", "ca.pem", NULL, TEXT, 0, SMIME_UNTRUSTED, "issuer certificate"},
	{"mail-p256", "ca.pem", NULL, TEXT, 4000, SMIME_UNTRUSTED, "expired"},
	{"mail-p256", "ca.pem", NULL, TEXT, -1, SMIME_UNTRUSTED, "not yet valid"},
	{"mail-rsa2048", "ca.pem", "clean.crl", TEXT, 0, SMIME_VALID, NULL},
	{"mail-rsa2048", "ca.pem", "revoked.crl", TEXT, 0, SMIME_VALID, NULL},
	{"mail-p256", "ca.pem", "revoked.crl", TEXT, 0, SMIME_UNTRUSTED, "revoked"},
	{"mail-stranger", "other.pem", "clean.crl", TEXT, 0, SMIME_UNTRUSTED, "unable to get certificate CRL"},
};

static void verdicts_are_right(void **state)
{
	for (gsize i = 0; i < G_N_ELEMENTS(verdicts); i++) {
		const struct verdict_case *c = &verdicts[i];
		g_autoptr(GBytes) der = sign(c->signer, TEXT);
		struct anchors *a = open_anchors(c->anchors);
		g_autofree char *crl = c->crl ? peer_file(c->crl) : NULL;
		if (crl)
			assert_true(anchors_add_crls(a, crl, NULL));
		gint64 now = time(NULL) + 1;
		struct smime_result r = smime_verify(a, c->text, strlen(c->text), der, now + c->days * 86400LL);
		if (r.verdict != c->verdict || (c->reason && !strstr(r.reason, c->reason)) || (r.verdict != SMIME_VALID) != (r.reason != NULL))
			fail_msg("case %zu %s: %d %s", i, c->signer, r.verdict, r.reason);
		assert_int_equal(r.signers->len, 2);
		assert_string_equal(r.signers->pdata[0], "gw@example.test");
		assert_in_range(r.signed_at, now - 60, now);
		smime_result_clear(&r);
		anchors_free(a);
	}
}

static const char *const junk[] = {"", "x", "0\x80", "0\x03\x02\x01\x01", "-----BEGIN PKCS7-----"};

static void junk_is_an_error(void **state)
{
	struct anchors *a = open_anchors("ca.pem");
	for (gsize i = 0; i < G_N_ELEMENTS(junk); i++) {
		g_autoptr(GBytes) der = g_bytes_new_static(junk[i], strlen(junk[i]));
		struct smime_result r = smime_verify(a, TEXT, strlen(TEXT), der, time(NULL));
		assert_int_equal(r.verdict, SMIME_ERROR);
		assert_non_null(r.reason);
		smime_result_clear(&r);
	}
	anchors_free(a);
}

/* Every byte of a signature matters, or at least no changed one is worth more than before. */
static void no_changed_byte_makes_another_text_valid(void **state)
{
	g_autoptr(GBytes) der = sign("mail-p256", TEXT);
	struct anchors *a = open_anchors("ca.pem");
	gsize n;
	const guint8 *bytes = g_bytes_get_data(der, &n);
	for (gsize i = 0; i < n; i += 7) {
		g_autofree guint8 *copy = g_memdup2(bytes, n);
		copy[i] ^= 0x11;
		g_autoptr(GBytes) changed = g_bytes_new(copy, n);
		struct smime_result r = smime_verify(a, "other text\r\n", 12, changed, time(NULL) + 1);
		assert_int_not_equal(r.verdict, SMIME_VALID);
		smime_result_clear(&r);
	}
	anchors_free(a);
}

/* A peer that demands CAdES finds the ESS attribute, and the digest is the one that micalg promises. */
static void signature_has_what_peers_ask_for(void **state)
{
	static const struct { const char *signer; int digest; } rows[] = {
		{"mail-rsa2048", NID_sha256}, {"mail-p256", NID_sha256}, {"mail-p384", NID_sha384}, {"mail-p521", NID_sha512},
	};
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GBytes) der = sign(rows[i].signer, TEXT);
		gsize n;
		const unsigned char *p = g_bytes_get_data(der, &n);
		CMS_ContentInfo *cms = d2i_CMS_ContentInfo(NULL, &p, (long)n);
		assert_true(CMS_is_detached(cms));
		CMS_SignerInfo *si = sk_CMS_SignerInfo_value(CMS_get0_SignerInfos(cms), 0);
		X509_ALGOR *digest;
		CMS_SignerInfo_get0_algs(si, NULL, NULL, &digest, NULL);
		assert_int_equal(OBJ_obj2nid(digest->algorithm), rows[i].digest);
		static const int wanted[] = {NID_id_smime_aa_signingCertificateV2, NID_pkcs9_signingTime, NID_SMIMECapabilities, NID_pkcs9_messageDigest};
		for (gsize k = 0; k < G_N_ELEMENTS(wanted); k++)
			if (CMS_signed_get_attr_by_NID(si, wanted[k], -1) < 0)
				fail_msg("%s lacks %s", rows[i].signer, OBJ_nid2sn(wanted[k]));
		CMS_ContentInfo_free(cms);
	}
}

/* The other implementation at hand: the command line tool judges what we made. */
static void openssl_agrees(void **state)
{
	g_autoptr(GBytes) der = sign("mail-p256", TEXT);
	g_autofree char *sig = peer_file("t.der"), *text = peer_file("t.txt"), *ca = peer_file("ca.pem");
	assert_true(g_file_set_contents(sig, g_bytes_get_data(der, NULL), (gssize)g_bytes_get_size(der), NULL));
	assert_true(g_file_set_contents(text, TEXT, -1, NULL));
	g_autofree char *command = g_strdup_printf("openssl cms -verify -cades -binary -inform DER -in %s -content %s -CAfile %s -out /dev/null "
		"2>/dev/null", sig, text, ca);
	g_usleep(1200000); /* the leaf becomes valid in the second it was made in */
	assert_int_equal(system(command), 0);
}

static void nothing_is_not_signed(void **state)
{
	struct signer *s = open_signer("mail-p256");
	g_autoptr(GBytes) empty = g_bytes_new(NULL, 0);
	g_autoptr(GError) error = NULL;
	assert_null(signer_sign(s, empty, &error));
	assert_true(g_error_matches(error, NET_ERROR, NET_ERROR_SIGN));
	signer_close(s);
}

/* What a signer keeps from one text to the next must not show in the next. */
static void one_signer_signs_many(void **state)
{
	static const char *const signers[] = {"mail-rsa2048", "mail-p256"}, *const texts[] = {TEXT, "a\r\n", TEXT "b\r\n", TEXT};
	struct anchors *a = open_anchors("ca.pem");
	for (guint i = 0; i < G_N_ELEMENTS(signers); i++) {
		struct signer *s = open_signer(signers[i]);
		for (guint k = 0; k < G_N_ELEMENTS(texts); k++) {
			g_autoptr(GBytes) octets = g_bytes_new_static(texts[k], strlen(texts[k]));
			gint64 before = time(NULL);
			g_autoptr(GBytes) der = signer_sign(s, octets, NULL);
			struct smime_result r = smime_verify(a, texts[k], strlen(texts[k]), der, time(NULL) + 1);
			assert_int_equal(r.verdict, SMIME_VALID);
			assert_true(r.signed_at >= before && r.signed_at <= time(NULL));
			smime_result_clear(&r);
			if (k == 0)
				g_usleep(1100000);
		}
		signer_close(s);
	}
	anchors_free(a);
}

/* --- the corpus ------------------------------------------------------------------------------------------------------- */

struct corpus { const char *folder, *anchor, *crl, *suffix; gint64 at; };

/* Thunderbird's were made in 2025 with certificates of a few years; PKITS is judged at 2015-01-01. */
static const struct corpus corpora[] = {
	{"thunderbird", "TestCA.pem", NULL, ".multipart", 0},
	{"pkits", "TrustAnchorRootCertificate.crt", "TrustAnchorRootCRL.crl", ".eml", 1420070400},
};

static bool corpus_expects_valid(const char *name)
{
	return !strstr(name, ".bad") && !strstr(name, "mismatch") && !strstr(name, "Invalid") && !strstr(name, "Missing");
}

/* -1: no detached signature in it, else right (1) or wrong (0). */
static int corpus_judge(const struct anchors *a, const char *folder, const char *name, gint64 at)
{
	g_autofree char *path = g_build_filename(folder, name, NULL), *raw = NULL;
	gsize n;
	struct signed_part part;
	if (!g_file_get_contents(path, &raw, &n, NULL) || !signed_part_find(raw, n, &part))
		return -1;
	struct smime_result r = smime_verify(a, part.octets, part.octets_len, part.der, at);
	bool right = (r.verdict == SMIME_VALID) == corpus_expects_valid(name);
	if (!right)
		print_message("%s: %d %s\n", name, r.verdict, r.reason ? r.reason : "valid");
	smime_result_clear(&r);
	signed_part_clear(&part);
	return right;
}

static void corpus_is_judged_by_file_name(void **state)
{
	const char *root = g_getenv("NESGATE_CORPUS") ? g_getenv("NESGATE_CORPUS") : "../shared/corpus";
	for (gsize i = 0; i < G_N_ELEMENTS(corpora); i++) {
		g_autofree char *folder = g_build_filename(root, "smime", corpora[i].folder, NULL);
		g_autofree char *anchor = g_build_filename(folder, corpora[i].anchor, NULL);
		g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
		if (!dir) {
			print_message("skipped: %s is not there\n", folder);
			continue;
		}
		struct anchors *a = anchors_load(anchor, NULL);
		assert_non_null(a);
		g_autofree char *crl = corpora[i].crl ? g_build_filename(folder, corpora[i].crl, NULL) : NULL;
		if (crl)
			assert_true(anchors_add_crls(a, crl, NULL));
		guint right = 0, wrong = 0, other = 0;
		for (const char *name; (name = g_dir_read_name(dir));) {
			if (!strstr(name, corpora[i].suffix) || !g_str_has_suffix(name, ".eml"))
				continue;
			int r = corpus_judge(a, folder, name, corpora[i].at ? corpora[i].at : time(NULL));
			*(r < 0 ? &other : r ? &right : &wrong) += 1;
		}
		print_message("%s: %u right, %u wrong, %u without a detached signature\n", corpora[i].folder, right, wrong, other);
		assert_int_equal(wrong, 0);
		assert_true(right > 10);
		anchors_free(a);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(system_anchors_need_no_file_later),
		cmocka_unit_test(verdicts_are_right),
		cmocka_unit_test(junk_is_an_error),
		cmocka_unit_test(no_changed_byte_makes_another_text_valid),
		cmocka_unit_test(signature_has_what_peers_ask_for),
		cmocka_unit_test(openssl_agrees),
		cmocka_unit_test(nothing_is_not_signed),
		cmocka_unit_test(one_signer_signs_many),
		cmocka_unit_test(corpus_is_judged_by_file_name),
	};
	peer_setup(60);
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	peer_teardown();
	return failed;
}
