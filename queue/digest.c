/* digest: by OpenSSL, because GLib's portable SHA-256 alone would cost more than storing the mail. */
#include <openssl/evp.h>
#include "queue/digest.h"

GBytes *digest_bytes(GBytes *raw)
{
	gsize size;
	const void *data = g_bytes_get_data(raw, &size);
	guint8 digest[DIGEST_SIZE];
	if (EVP_Digest(data ? data : "", size, digest, NULL, EVP_sha256(), NULL) != 1)
		g_error("this OpenSSL has no SHA-256");
	return g_bytes_new(digest, sizeof digest);
}

char *digest_hex(GBytes *digest)
{
	gsize size;
	const guint8 *bytes = g_bytes_get_data(digest, &size);
	GString *hex = g_string_sized_new(2 * size);
	for (gsize i = 0; i < size; i++)
		g_string_append_printf(hex, "%02x", bytes[i]);
	return g_string_free(hex, FALSE);
}

char *digest_names(GBytes *raw)
{
	static const struct { const char *name; const EVP_MD *(*algorithm)(void); } all[] = {
		{ "sha256", EVP_sha256 }, { "sha384", EVP_sha384 }, { "sha512", EVP_sha512 },
	};
	GString *names = g_string_new(NULL);
	gsize size;
	const void *data = g_bytes_get_data(raw, &size);
	for (guint i = 0; i < G_N_ELEMENTS(all); i++) {
		guint8 digest[EVP_MAX_MD_SIZE];
		unsigned n = 0;
		if (EVP_Digest(data ? data : "", size, digest, &n, all[i].algorithm(), NULL) != 1)
			g_error("this OpenSSL has no %s", all[i].name);
		g_autoptr(GBytes) bytes = g_bytes_new(digest, n);
		g_autofree char *hex = digest_hex(bytes);
		g_string_append_printf(names, "%s%s:%s", i ? " " : "", all[i].name, hex);
	}
	return g_string_free(names, FALSE);
}
