/* transfer: see transfer.h. GMime's base64 filter stops at the first '=', and with it ends every attachment
 * that a sender glued together from padded chunks; hence an own one.
 */
#include "parsers/transfer.h"
#include <string.h>

/* Value of a base64 letter, and LETTER to tell it from what is none. */
enum { LETTER = 0x40 };
static const guint8 letters[256] = {
	['A'] = 64, 65, 66, 67, 68, 69, 70, 71, 72, 73, 74, 75, 76, 77, 78, 79, 80, 81, 82, 83, 84, 85, 86, 87, 88, 89,
	['a'] = 90, 91, 92, 93, 94, 95, 96, 97, 98, 99, 100, 101, 102, 103, 104, 105, 106, 107, 108, 109, 110, 111, 112, 113,
	114, 115, ['0'] = 116, 117, 118, 119, 120, 121, 122, 123, 124, 125, ['+'] = 126, ['/'] = 127,
};

enum transfer transfer_find(const char *value)
{
	while (value && (*value == ' ' || *value == '\t' || *value == '\r' || *value == '\n' || *value == '"'))
		value++;
	if (!value)
		return TRANSFER_PLAIN;
	if (!g_ascii_strncasecmp(value, "base64", 6))
		return TRANSFER_BASE64;
	if (!g_ascii_strncasecmp(value, "quoted-printable", 16))
		return TRANSFER_QUOTED_PRINTABLE;
	return TRANSFER_PLAIN;
}

/* Whole groups of four without anything between; returns where that ends. */
static const guint8 *decode_groups(guint8 **to, const guint8 *p, const guint8 *end)
{
	guint8 *o = *to;

	for (; end - p >= 4; p += 4) {
		guint a = letters[p[0]], b = letters[p[1]], c = letters[p[2]], d = letters[p[3]];
		guint v = (a << 18) + (b << 12) + (c << 6) + d - (LETTER << 18) - (LETTER << 12) - (LETTER << 6) - LETTER;

		if (!(a & b & c & d))
			break;
		*o++ = v >> 16;
		*o++ = v >> 8;
		*o++ = v;
	}
	*to = o;
	return p;
}

/* One group with line ends or rubbish inside, or a padded one. At '=' the group ends and its bits are used
 * up. */
static const guint8 *decode_group(guint8 **to, const guint8 *p, const guint8 *end)
{
	guint32 v = 0;
	int n = 0;

	for (; p < end && n < 4; p++) {
		if (letters[*p]) {
			v = v << 6 | (letters[*p] - LETTER);
			n++;
		} else if (*p == '=') {
			break;
		}
	}
	v <<= 6 * (4 - n);
	for (int i = 1; i < n; i++, v <<= 8)
		*(*to)++ = v >> 16;
	while (p < end && !letters[*p])
		p++;
	return p;
}

void transfer_base64(GByteArray *out, const char *text, size_t len)
{
	const guint8 *p = (const guint8 *)text, *end = p + len;
	guint before = out->len;
	guint8 *to;

	if (!len || len > G_MAXUINT / 2)
		return;
	g_byte_array_set_size(out, before + len / 4 * 3 + 4);
	to = out->data + before;
	while (p < end) {
		p = decode_groups(&to, p, end);
		p = decode_group(&to, p, end);
	}
	g_byte_array_set_size(out, to - out->data);
}

/* Value of a hexadecimal digit plus one; 0: none. */
static const guint8 digits[256] = {
	['0'] = 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, ['A'] = 11, 12, 13, 14, 15, 16, ['a'] = 11, 12, 13, 14, 15, 16,
};

static int hex_pair(const guint8 *p, const guint8 *end)
{
	guint high = end - p > 1 ? digits[p[0]] : 0, low = end - p > 1 ? digits[p[1]] : 0;

	return high && low ? (int)((high - 1) << 4 | (low - 1)) : -1;
}

/* After "=": the end of the line when only blanks stand between, else NULL. */
static const guint8 *soft_break(const guint8 *p, const guint8 *end)
{
	while (p < end && (*p == ' ' || *p == '\t' || *p == '\r'))
		p++;
	return p == end ? end : *p == '\n' ? p + 1 : NULL;
}

/* Up to `end`, where nothing is encoded; of an encoded word (RFC 2047 4.2) "_" is a blank. */
static guint8 *copy_plain(guint8 *to, const guint8 *p, const guint8 *end, gboolean q)
{
	guint8 *next = to + (end - p);

	memcpy(to, p, end - p);
	for (guint8 *u = to; q && (u = memchr(u, '_', next - u));)
		*u = ' ';
	return next;
}

void transfer_quoted_printable(GByteArray *out, const char *text, size_t len, gboolean q)
{
	const guint8 *p = (const guint8 *)text, *end = p + len, *next;
	guint before = out->len;
	guint8 *to;
	int byte;

	if (!len || len > G_MAXUINT / 2)
		return;
	g_byte_array_set_size(out, before + len);
	to = out->data + before;
	while (p < end) {
		if (*p != '=') {
			next = memchr(p, '=', end - p);
			next = next ? next : end;
			to = copy_plain(to, p, next, q);
			p = next;
		} else if ((byte = hex_pair(p + 1, end)) >= 0) {
			*to++ = byte;
			p += 3;
		} else if ((next = soft_break(p + 1, end))) {
			p = next;
		} else {
			*to++ = *p++;
		}
	}
	g_byte_array_set_size(out, to - out->data);
}

void transfer_decode(GByteArray *out, enum transfer how, const char *text, size_t len)
{
	if (how == TRANSFER_BASE64)
		transfer_base64(out, text, len);
	else if (how == TRANSFER_QUOTED_PRINTABLE)
		transfer_quoted_printable(out, text, len, FALSE);
	else
		g_byte_array_append(out, (const guint8 *)text, len);
}
