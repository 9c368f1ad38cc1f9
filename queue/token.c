/* token: 80 bits are far beyond guessing by mail, and 16 characters survive a subject line. */
#include <string.h>
#include "queue/token.h"

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/* Members are separated by a byte that none of them holds; the word in front keeps this use of the key apart from others. */
void token_code(GBytes *key, const struct bound *b, char code[TOKEN_CODE_SIZE])
{
	char numbers[160];
	int n = g_snprintf(numbers, sizeof numbers, "reply token\n%" G_GINT64_FORMAT "\n%" G_GINT64_FORMAT "\n%" G_GINT64_FORMAT
			   "\n%" G_GINT64_FORMAT "\n%" G_GINT64_FORMAT "\n", b->letter, b->request, b->application, b->version,
			   b->expires);
	guint8 digest[32];
	gsize size = sizeof digest, key_size;
	const guint8 *key_data = g_bytes_get_data(key, &key_size);
	GHmac *hmac = g_hmac_new(G_CHECKSUM_SHA256, key_data, key_size);
	g_hmac_update(hmac, (const guchar *)numbers, n);
	g_hmac_update(hmac, (const guchar *)b->recipient, -1);
	g_hmac_update(hmac, (const guchar *)"\n", 1);
	g_hmac_update(hmac, (const guchar *)(b->answers ?: ""), -1);
	g_hmac_get_digest(hmac, digest, &size);
	g_hmac_unref(hmac);
	for (int i = 0; i < TOKEN_CODE_SIZE - 1; i++) {
		int bit = i * 5, two = digest[bit / 8] << 8 | digest[bit / 8 + 1];
		code[i] = alphabet[two >> (11 - bit % 8) & 31];
	}
	code[TOKEN_CODE_SIZE - 1] = '\0';
}

char *token_subject(gint64 letter, const char *code)
{
	return g_strdup_printf("NG-%" G_GINT64_FORMAT "-%s", letter, code);
}

char *token_message_id(gint64 letter, const char *code, const char *own_domain)
{
	char lower[TOKEN_CODE_SIZE];
	for (int i = 0; i < TOKEN_CODE_SIZE; i++)
		lower[i] = g_ascii_tolower(code[i]);
	return g_strdup_printf("<ng-%" G_GINT64_FORMAT "-%s@%s>", letter, lower, own_domain);
}

bool token_split(const char *text, gint64 *letter, char code[TOKEN_CODE_SIZE])
{
	if (text == NULL)
		return false;
	bool angle = *text == '<';
	text += angle;
	if (g_ascii_toupper(text[0]) != 'N' || g_ascii_toupper(text[1]) != 'G' || text[2] != '-')
		return false;
	const char *digits = text + 3, *at = digits;
	gint64 id = 0;
	for (; g_ascii_isdigit(*at) && at - digits < 18; at++)
		id = id * 10 + (*at - '0');
	if (at == digits || *digits == '0' || *at != '-')
		return false;
	int n = 0;
	for (at++; n < TOKEN_CODE_SIZE - 1 && *at != '\0' && strchr(alphabet, g_ascii_toupper(*at)); at++)
		code[n++] = g_ascii_toupper(*at);
	code[n] = '\0';
	*letter = id;
	return n == TOKEN_CODE_SIZE - 1 && *at == (angle ? '@' : '\0');
}

bool token_matches(GBytes *key, const struct bound *bound, const char *code)
{
	char right[TOKEN_CODE_SIZE];
	token_code(key, bound, right);
	guint8 differ = strlen(code) != TOKEN_CODE_SIZE - 1;
	if (differ)
		return false;
	for (int i = 0; i < TOKEN_CODE_SIZE - 1; i++)
		differ |= (guint8)(right[i] ^ code[i]);
	return differ == 0;
}
