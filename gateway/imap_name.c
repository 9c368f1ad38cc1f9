/* imap_name: folder names in modified UTF-7 (RFC 3501 5.1.3), which IMAP4rev1 servers expect: printable
 * ASCII as it is, `&` as `&-`, all else as base64 of UTF-16BE between `&` and `-` with `,` for `/` and no
 * padding.
 */
#include "gateway/imap_session.h"
#include <string.h>

static bool name_is_plain(gunichar c)
{
	return c >= 0x20 && c <= 0x7e;
}

static void name_append_unit(GByteArray *units, guint unit)
{
	guint8 two[2] = {(guint8)(unit >> 8), (guint8)unit};
	g_byte_array_append(units, two, 2);
}

static void name_append_shifted(GByteArray *units, gunichar c)
{
	if (c < 0x10000) {
		name_append_unit(units, c);
		return;
	}
	name_append_unit(units, 0xd800 + ((c - 0x10000) >> 10));
	name_append_unit(units, 0xdc00 + ((c - 0x10000) & 0x3ff));
}

static void name_flush(GString *out, GByteArray *units)
{
	if (!units->len)
		return;
	g_autofree char *base64 = g_base64_encode(units->data, units->len);
	g_strdelimit(base64, "/", ',');
	base64[strcspn(base64, "=")] = '\0';
	g_string_append_printf(out, "&%s-", base64);
	g_byte_array_set_size(units, 0);
}

char *imap_name_encode(const char *folder)
{
	if (!g_utf8_validate(folder, -1, NULL) || !*folder)
		return NULL;
	g_autoptr(GString) out = g_string_new(NULL);
	g_autoptr(GByteArray) units = g_byte_array_new();
	for (const char *p = folder; *p; p = g_utf8_next_char(p)) {
		gunichar c = g_utf8_get_char(p);
		if (c < 0x20 || (c >= 0x7f && c < 0xa0))
			return NULL;
		if (!name_is_plain(c)) {
			name_append_shifted(units, c);
			continue;
		}
		name_flush(out, units);
		g_string_append_c(out, (char)c);
		if (c == '&')
			g_string_append_c(out, '-');
	}
	name_flush(out, units);
	return g_string_free(g_steal_pointer(&out), FALSE);
}
