/* keys: reading key files. Never asks a terminal for a password, and keeps old ciphers out of the rest of
 * the process: a legacy PKCS#12 is opened in a library context of its own and only the plain key comes out
 * of it.
 */
#include "gateway/keys.h"
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/provider.h>
#include <string.h>
#include <time.h>

#define MOST_BYTES (1024 * 1024)
#define MOST_PASSWORD 1024

/* --- files ---------------------------------------------------------------------------------------------- */

static bool keys_fail(GError **error, const char *file, const char *sentence)
{
	g_set_error(error, NET_ERROR, NET_ERROR_KEY, "%s: %s", file, sentence);
	ERR_clear_error();
	return false;
}

static BIO *keys_open(const char *file, GError **error)
{
	g_autoptr(GError) why = NULL;
	g_autofree char *bytes = NULL;
	gsize n;
	ERR_clear_error();
	if (!g_file_get_contents(file, &bytes, &n, &why)) {
		g_set_error_literal(error, NET_ERROR, NET_ERROR_KEY, why->message);
		return NULL;
	}
	BIO *bio = n <= MOST_BYTES ? BIO_new(BIO_s_mem()) : NULL;
	if (!bio)
		keys_fail(error, file, "larger than any key file");
	else
		BIO_write(bio, bytes, (int)n);
	OPENSSL_cleanse(bytes, n);
	return bio;
}

static bool keys_holds(BIO *bio, const char *word)
{
	char *bytes;
	long n = BIO_get_mem_data(bio, &bytes);
	return memmem(bytes, (size_t)n, word, strlen(word)) != NULL;
}

/* First line of the file, without its end. NULL file: NULL and no error. */
static bool keys_password(const char *file, char password[MOST_PASSWORD], bool *have, GError **error)
{
	*have = file != NULL;
	if (!file)
		return true;
	BIO *bio = keys_open(file, error);
	if (!bio)
		return false;
	int n = BIO_gets(bio, password, MOST_PASSWORD);
	BIO_free(bio);
	password[MAX(n, 0)] = '\0';
	password[strcspn(password, "\r\n")] = '\0';
	return true;
}

/* For PEM: the password that is there, or none; OpenSSL's own callback would ask the terminal. */
static int keys_tell(char *buffer, int size, int writing, void *data)
{
	const char *password = data;
	gsize n = password ? strlen(password) : 0;
	if (!password || n > (gsize)size)
		return -1;
	memcpy(buffer, password, n);
	return (int)n;
}

/* --- PEM ------------------------------------------------------------------------------------------------ */

static bool keys_read_certificates(struct keys *k, const char *file, GError **error)
{
	BIO *bio = keys_open(file, error);
	if (!bio)
		return false;
	X509 *one;
	while ((one = PEM_read_bio_X509(bio, NULL, keys_tell, NULL))) {
		if (!k->certificate)
			k->certificate = one;
		else
			sk_X509_push(k->chain, one);
	}
	BIO_free(bio);
	bool clean = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
	ERR_clear_error();
	if (k->certificate && clean)
		return true;
	return keys_fail(
		error, file, k->certificate ? "a certificate in it is damaged" : "no PEM certificate in it");
}

static bool keys_read_key(struct keys *k, const char *file, const char *password, GError **error)
{
	BIO *bio = keys_open(file, error);
	if (!bio)
		return false;
	bool holds = keys_holds(bio, "PRIVATE KEY-----");
	k->key = holds ? PEM_read_bio_PrivateKey(bio, NULL, keys_tell, (void *)password) : NULL;
	BIO_free(bio);
	unsigned long e = ERR_peek_last_error();
	if (k->key)
		return true;
	if (!holds)
		return keys_fail(error, file, "no PEM private key in it");
	if (!password && ERR_GET_LIB(e) == ERR_LIB_PEM && ERR_GET_REASON(e) == PEM_R_BAD_PASSWORD_READ)
		return keys_fail(error, file, "the private key is locked and no password file is set");
	return keys_fail(error, file,
		password ? "the private key cannot be opened with this password"
			 : "the private key cannot be read");
}

/* --- PKCS#12 -------------------------------------------------------------------------------------------- */

struct legacy { OSSL_LIB_CTX *library; OSSL_PROVIDER *old, *usual; };

/* Traps: `legacy` alone is not enough, `default` must be loaded beside it. */
static bool legacy_load(struct legacy *l, bool wanted)
{
	if (!wanted)
		return true;
	l->library = OSSL_LIB_CTX_new();
	l->old = l->library ? OSSL_PROVIDER_load(l->library, "legacy") : NULL;
	l->usual = l->library ? OSSL_PROVIDER_load(l->library, "default") : NULL;
	return l->old && l->usual;
}

static void legacy_unload(struct legacy *l)
{
	if (l->old)
		OSSL_PROVIDER_unload(l->old);
	if (l->usual)
		OSSL_PROVIDER_unload(l->usual);
	OSSL_LIB_CTX_free(l->library);
}

/* The same key in the process's own library context. */
static EVP_PKEY *keys_bring_home(EVP_PKEY *foreign)
{
	PKCS8_PRIV_KEY_INFO *plain = foreign ? EVP_PKEY2PKCS8(foreign) : NULL;
	unsigned char *der = NULL;
	int n = plain ? i2d_PKCS8_PRIV_KEY_INFO(plain, &der) : 0;
	const unsigned char *p = der;
	EVP_PKEY *own = n > 0 ? d2i_AutoPrivateKey(NULL, &p, n) : NULL;
	OPENSSL_clear_free(der, (size_t)MAX(n, 0));
	PKCS8_PRIV_KEY_INFO_free(plain);
	EVP_PKEY_free(foreign);
	return own;
}

static X509 *keys_certificate_home(X509 *foreign)
{
	unsigned char *der = NULL;
	int n = foreign ? i2d_X509(foreign, &der) : 0;
	const unsigned char *p = der;
	X509 *own = n > 0 ? d2i_X509(NULL, &p, n) : NULL;
	OPENSSL_free(der);
	X509_free(foreign);
	return own;
}

static bool keys_open_container(struct keys *k, PKCS12 *p12, const char *password)
{
	STACK_OF(X509) *others = NULL;
	EVP_PKEY *key = NULL;
	X509 *certificate = NULL;
	if (!PKCS12_parse(p12, password, &key, &certificate, &others))
		return false;
	k->key = keys_bring_home(key);
	k->certificate = keys_certificate_home(certificate);
	while (others && sk_X509_num(others) > 0) {
		X509 *one = keys_certificate_home(sk_X509_shift(others));
		if (one)
			sk_X509_push(k->chain, one);
	}
	sk_X509_free(others);
	return true;
}

static const char *keys_container_fault(bool legacy)
{
	unsigned long e;
	const char *sentence = "the PKCS#12 file cannot be read";
	while ((e = ERR_get_error())) {
		if (ERR_GET_LIB(e) == ERR_LIB_PKCS12 && ERR_GET_REASON(e) == PKCS12_R_MAC_VERIFY_FAILURE)
			return "the password does not open the PKCS#12 file";
		if (!legacy && ERR_GET_LIB(e) == ERR_LIB_EVP && ERR_GET_REASON(e) == ERR_R_UNSUPPORTED)
			sentence = "the PKCS#12 file uses an old cipher; allow legacy containers in the "
				   "settings or export it anew";
	}
	return sentence;
}

static bool keys_read_container(
	struct keys *k, BIO *bio, const struct signer_options *o, const char *password, GError **error)
{
	struct legacy l = {0};
	const char *fault = NULL;
	if (!legacy_load(&l, o->legacy_pkcs12))
		fault = "OpenSSL's legacy provider is not installed";
	PKCS12 *p12 = fault ? NULL : PKCS12_init_ex(NID_pkcs7_data, l.library, NULL);
	if (!fault && (!p12 || !d2i_PKCS12_bio(bio, &p12)))
		fault = "neither PEM nor PKCS#12";
	if (!fault && !keys_open_container(k, p12, password))
		fault = keys_container_fault(o->legacy_pkcs12);
	if (!fault && (!k->key || !k->certificate))
		fault = "the PKCS#12 file holds no key with its certificate";
	PKCS12_free(p12);
	legacy_unload(&l);
	return !fault || keys_fail(error, o->certificate, fault);
}

/* --- both ----------------------------------------------------------------------------------------------- */

static bool keys_read(struct keys *k, const struct signer_options *o, const char *password, GError **error)
{
	BIO *bio = keys_open(o->certificate, error);
	if (!bio)
		return false;
	bool pem = keys_holds(bio, "-----BEGIN "), ok = false;
	if (pem)
		ok = keys_read_certificates(k, o->certificate, error)
			&& keys_read_key(k, o->key ? o->key : o->certificate, password, error);
	else
		ok = keys_read_container(k, bio, o, password, error);
	BIO_free(bio);
	return ok;
}

struct keys *keys_load(const struct signer_options *o, GError **error)
{
	char password[MOST_PASSWORD] = "";
	bool have;
	if (!keys_password(o->password_file, password, &have, error))
		return NULL;
	struct keys *k = g_new0(struct keys, 1);
	k->chain = sk_X509_new_null();
	bool ok = keys_read(k, o, have ? password : NULL, error);
	OPENSSL_cleanse(password, sizeof password);
	if (ok)
		return k;
	keys_free(k);
	return NULL;
}

void keys_free(struct keys *k)
{
	if (!k)
		return;
	EVP_PKEY_free(k->key);
	X509_free(k->certificate);
	sk_X509_pop_free(k->chain, X509_free);
	g_free(k);
}

/* --- anchors -------------------------------------------------------------------------------------------- */

int keys_load_anchors(X509_STORE *store, const char *file, GError **error)
{
	BIO *bio = keys_open(file, error);
	if (!bio)
		return -1;
	bool pem = keys_holds(bio, "-----BEGIN ");
	int n = 0;
	X509 *one;
	while ((one = pem ? PEM_read_bio_X509_AUX(bio, NULL, keys_tell, NULL) : d2i_X509_bio(bio, NULL))) {
		n += X509_STORE_add_cert(store, one) == 1;
		X509_free(one);
	}
	BIO_free(bio);
	ERR_clear_error();
	return n > 0 || keys_fail(error, file, "no certificate in it") ? n : -1;
}

static const char *keys_place(const char *variable, const char *usual)
{
	const char *set = g_getenv(variable);
	return set ? set : usual;
}

/* A folder of files named by the hash of their certificate (c_rehash); Debian keeps the bundle of them beside. */
static int keys_load_folder(X509_STORE *store, const char *folder)
{
	g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
	int n = 0;
	for (const char *name; dir && (name = g_dir_read_name(dir));) {
		g_autofree char *file = g_build_filename(folder, name, NULL);
		if (strspn(name, "0123456789abcdef") == 8 && name[8] == '.' && g_ascii_isdigit(name[9]))
			n += MAX(keys_load_anchors(store, file, NULL), 0);
	}
	return n;
}

int keys_load_system(X509_STORE *store, GError **error)
{
	const char *file = keys_place(X509_get_default_cert_file_env(), X509_get_default_cert_file());
	const char *folder = keys_place(X509_get_default_cert_dir_env(), X509_get_default_cert_dir());
	g_autofree char *bundle = g_build_filename(folder, "ca-certificates.crt", NULL);
	const char *places[] = {file, bundle};
	int n = -1;
	for (guint i = 0; n <= 0 && i < G_N_ELEMENTS(places); i++)
		n = g_file_test(places[i], G_FILE_TEST_EXISTS) ? keys_load_anchors(store, places[i], NULL) : -1;
	if (n <= 0)
		n = keys_load_folder(store, folder);
	return n > 0 || keys_fail(error, folder, "none of the system's certificates can be read") ? n : -1;
}

int keys_load_crls(X509_STORE *store, const char *file, GError **error)
{
	BIO *bio = keys_open(file, error);
	if (!bio)
		return -1;
	bool pem = keys_holds(bio, "-----BEGIN ");
	int n = 0;
	X509_CRL *one;
	while ((one = pem ? PEM_read_bio_X509_CRL(bio, NULL, keys_tell, NULL) : d2i_X509_CRL_bio(bio, NULL))) {
		n += X509_STORE_add_crl(store, one) == 1;
		X509_CRL_free(one);
	}
	BIO_free(bio);
	ERR_clear_error();
	return n > 0 || keys_fail(error, file, "no certificate revocation list in it") ? n : -1;
}

/* --- certificates that are known ------------------------------------------------------------------------ */

char *keys_digest(X509 *certificate)
{
	unsigned char bytes[EVP_MAX_MD_SIZE];
	unsigned n = 0;
	GString *hex = g_string_sized_new(2 * EVP_MAX_MD_SIZE);
	if (X509_digest(certificate, EVP_sha256(), bytes, &n) != 1)
		n = 0;
	for (unsigned i = 0; i < n; i++)
		g_string_append_printf(hex, "%02x", bytes[i]);
	return g_string_free(hex, FALSE);
}

gint64 keys_time(const ASN1_TIME *t)
{
	struct tm parts;
	return ASN1_TIME_to_tm(t, &parts) == 1 ? (gint64)timegm(&parts) : -1;
}
