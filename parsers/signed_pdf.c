/* signed_pdf: found by the /ByteRange alone, without the file's objects: four numbers that must fit the file to the last byte.
 * A range that leaves out more than the signature's own place would let somebody write what nobody signed.
 */
#include "parsers/signed_pdf.h"
#include <string.h>

enum { NUMBER_MOST = 10 };

/* Digits after blanks. */
static bool read_number(const char **p, const char *end, size_t *n)
{
	const char *from;

	while (*p < end && strchr(" \t\r\n", **p))
		(*p)++;
	*n = 0;
	for (from = *p; *p < end && g_ascii_isdigit(**p) && *p - from < NUMBER_MOST; (*p)++)
		*n = *n * 10 + (size_t)(**p - '0');
	return *p > from;
}

/* [0 a b c]: from 0, a bytes; from b, c bytes to the end of the file. */
static bool read_range(const char *p, const char *end, size_t range[4])
{
	while (p < end && strchr(" \t\r\n", *p))
		p++;
	if (p == end || *p++ != '[')
		return false;
	for (int i = 0; i < 4; i++)
		if (!read_number(&p, end, &range[i]))
			return false;
	return true;
}

static bool covers(const char *bytes, size_t len, const size_t range[4])
{
	size_t from = range[1], to = range[2];

	return range[0] == 0 && from < to && to <= len && range[3] == len - to && to - from > 2 && bytes[from] == '<' &&
		bytes[to - 1] == '>';
}

/* The hexadecimal text between < and >; NULL: something else stands there. */
static GBytes *decode(const char *hex, size_t len)
{
	GByteArray *out = g_byte_array_sized_new((guint)len / 2);
	guint8 byte = 0;
	guint n = 0;

	for (size_t i = 0; i < len; i++) {
		int digit = g_ascii_xdigit_value(hex[i]);

		if (digit < 0 && strchr(" \t\r\n", hex[i]))
			continue;
		if (digit < 0) {
			g_byte_array_unref(out);
			return NULL;
		}
		byte = (guint8)(byte << 4 | digit);
		if (++n % 2 == 0)
			g_byte_array_append(out, &byte, 1);
	}
	return g_byte_array_free_to_bytes(out);
}

static GBytes *octets(const char *bytes, const size_t range[4])
{
	GByteArray *out = g_byte_array_sized_new((guint)(range[1] + range[3]));

	g_byte_array_append(out, (const guint8 *)bytes, (guint)range[1]);
	g_byte_array_append(out, (const guint8 *)bytes + range[2], (guint)range[3]);
	return g_byte_array_free_to_bytes(out);
}

bool signed_pdf_find(const char *bytes, size_t len, struct signed_pdf *out)
{
	static const char word[] = "/ByteRange";
	const char *end = bytes + len, *p = bytes;
	size_t range[4];
	bool found = false;

	*out = (struct signed_pdf){ 0 };
	while (!found && (p = memmem(p, (size_t)(end - p), word, sizeof word - 1))) {
		p += sizeof word - 1;
		found = read_range(p, end, range) && covers(bytes, len, range);
	}
	if (found)
		out->der = decode(bytes + range[1] + 1, range[2] - range[1] - 2);
	if (out->der)
		out->octets = octets(bytes, range);
	return out->der != NULL;
}

void signed_pdf_clear(struct signed_pdf *p)
{
	g_clear_pointer(&p->der, g_bytes_unref);
	g_clear_pointer(&p->octets, g_bytes_unref);
}
