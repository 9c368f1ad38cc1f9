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
