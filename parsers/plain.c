/* plain: the bytes of a text file as UTF-8 (see plain.h).
 *
 * UTF-16 is turned here: charset.c leaves it to iconv, whose converters a document is opened without.
 */
#include "parsers/plain.h"

#include "parsers/charset.h"

#include <string.h>

static char *from_utf16(const char *bytes, size_t len, gboolean big_endian)
{
	size_t n = len / 2;
	g_autofree gunichar2 *units = g_new(gunichar2, n + 1);
	const guchar *b = (const guchar *)bytes;
	glong read = 0;

	for (size_t i = 0; i < n; i++)
		units[i] = (gunichar2)(b[2 * i + !big_endian] << 8 | b[2 * i + big_endian]);
	g_autofree char *text = g_utf16_to_utf8(units, (glong)n, &read, NULL, NULL);
	return read == (glong)n ? g_steal_pointer(&text) : NULL;
}

/* Line breaks, tabs, form feeds, and the Ctrl-Z that DOS programs end a file with are text. */
static gboolean is_text(const char *text)
{
	for (; *text; text++)
		if ((guchar)*text < ' ' && !strchr("\t\n\v\f\r\x1a", *text))
			return FALSE;
	return TRUE;
}

char *plain_utf8(const char *bytes, size_t len)
{
	g_autofree char *text = NULL;
	gboolean little = len >= 2 && !memcmp(bytes, "\xff\xfe", 2), big = len >= 2 && !memcmp(bytes, "\xfe\xff", 2);

	if (little || big)
		text = from_utf16(bytes + 2, len - 2, big);
	else if (!memchr(bytes, 0, len))
		text = charset_to_utf8(NULL, NULL, bytes, len);
	return text && is_text(text) ? g_steal_pointer(&text) : NULL;
}
