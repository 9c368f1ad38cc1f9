/* charset: see charset.h. The two single-byte sets that nearly all Turkish mail uses have tables of their
 * own: they are met in every mail, and iconv costs ten times as much.
 */
#include "parsers/charset.h"
#include <errno.h>
#include <iconv.h>
#include <stdbool.h>
#include <string.h>

#define REPLACEMENT "\xef\xbf\xbd"
#define X 0xfffd
enum { DECIDED = 16 }; /* so many broken letters, and fewer whole ones, are no UTF-8 */

enum way {
	TURKISH,   /* windows-1254, unless it is UTF-8 */
	LATIN3,    /* iso-8859-3, unless it is UTF-8 or the letters are those of iso-8859-9 */
	ONE_BYTE,  /* iconv, unless it is UTF-8 */
	MANY_BYTE, /* iconv first: short text in these is valid UTF-8 by chance */
};

/* Labels lower-case with '-' for '_'. What does not stand here is TURKISH. A second name is what iconv
 * calls it. */
static const struct known { const char *label; enum way way; const char *name; } known[] = {
	{ "iso-8859-3", LATIN3 }, { "latin3", LATIN3 }, { "iso8859-3", LATIN3 }, { "windows-28593", LATIN3 },
	{ "iso-8859-2", ONE_BYTE }, { "iso-8859-4", ONE_BYTE }, { "iso-8859-5", ONE_BYTE },
	{ "iso-8859-6", ONE_BYTE }, { "iso-8859-7", ONE_BYTE }, { "iso-8859-8", ONE_BYTE },
	{ "iso-8859-8-i", ONE_BYTE, "iso-8859-8" }, { "iso-8859-10", ONE_BYTE }, { "iso-8859-13", ONE_BYTE },
	{ "iso-8859-14", ONE_BYTE }, { "iso-8859-15", ONE_BYTE }, { "iso-8859-16", ONE_BYTE },
	{ "windows-1250", ONE_BYTE }, { "windows-1251", ONE_BYTE }, { "windows-1253", ONE_BYTE },
	{ "windows-1255", ONE_BYTE }, { "windows-1256", ONE_BYTE }, { "windows-1257", ONE_BYTE },
	{ "windows-1258", ONE_BYTE }, { "windows-874", ONE_BYTE, "cp874" }, { "tis-620", ONE_BYTE, "cp874" },
	{ "koi8-r", ONE_BYTE }, { "koi8-u", ONE_BYTE }, { "ibm857", ONE_BYTE }, { "cp857", ONE_BYTE, "ibm857" },
	{ "macintosh", ONE_BYTE },
	{ "gb2312", MANY_BYTE, "gb18030" }, { "gbk", MANY_BYTE, "gb18030" }, { "gb18030", MANY_BYTE },
	{ "big5", MANY_BYTE, "big5-hkscs" }, { "euc-jp", MANY_BYTE }, { "shift-jis", MANY_BYTE, "cp932" },
	{ "sjis", MANY_BYTE, "cp932" }, { "iso-2022-jp", MANY_BYTE }, { "euc-kr", MANY_BYTE, "uhc" },
	{ "ks-c-5601-1987", MANY_BYTE, "uhc" }, { "cp949", MANY_BYTE, "uhc" }, { "iso-2022-kr", MANY_BYTE },
	{ "utf-16", MANY_BYTE }, { "utf-16le", MANY_BYTE }, { "utf-16be", MANY_BYTE },
};

struct charset { iconv_t converters[G_N_ELEMENTS(known)]; };

/* Upper halves: 0x80..0xff. */
static const guint16 windows_1254[128] = {
	0x20ac, X, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, X, X, X,
	X, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, X, X, 0x0178,
	0xa0, 0xa1, 0xa2, 0xa3, 0xa4, 0xa5, 0xa6, 0xa7, 0xa8, 0xa9, 0xaa, 0xab, 0xac, 0xad, 0xae, 0xaf,
	0xb0, 0xb1, 0xb2, 0xb3, 0xb4, 0xb5, 0xb6, 0xb7, 0xb8, 0xb9, 0xba, 0xbb, 0xbc, 0xbd, 0xbe, 0xbf,
	0xc0, 0xc1, 0xc2, 0xc3, 0xc4, 0xc5, 0xc6, 0xc7, 0xc8, 0xc9, 0xca, 0xcb, 0xcc, 0xcd, 0xce, 0xcf,
	0x11e, 0xd1, 0xd2, 0xd3, 0xd4, 0xd5, 0xd6, 0xd7, 0xd8, 0xd9, 0xda, 0xdb, 0xdc, 0x130, 0x15e, 0xdf,
	0xe0, 0xe1, 0xe2, 0xe3, 0xe4, 0xe5, 0xe6, 0xe7, 0xe8, 0xe9, 0xea, 0xeb, 0xec, 0xed, 0xee, 0xef,
	0x11f, 0xf1, 0xf2, 0xf3, 0xf4, 0xf5, 0xf6, 0xf7, 0xf8, 0xf9, 0xfa, 0xfb, 0xfc, 0x131, 0x15f, 0xff,
};
/* 0x80..0x9f stay windows-1254's: nobody means C1 controls, and Exchange writes its quotes there. */
static const guint16 latin_3[96] = {
	0xa0, 0x126, 0x2d8, 0xa3, 0xa4, X, 0x124, 0xa7, 0xa8, 0x130, 0x15e, 0x11e, 0x134, 0xad, X, 0x17b,
	0xb0, 0x127, 0xb2, 0xb3, 0xb4, 0xb5, 0x125, 0xb7, 0xb8, 0x131, 0x15f, 0x11f, 0x135, 0xbd, X, 0x17c,
	0xc0, 0xc1, 0xc2, X, 0xc4, 0x10a, 0x108, 0xc7, 0xc8, 0xc9, 0xca, 0xcb, 0xcc, 0xcd, 0xce, 0xcf,
	X, 0xd1, 0xd2, 0xd3, 0xd4, 0x120, 0xd6, 0xd7, 0x11c, 0xd9, 0xda, 0xdb, 0xdc, 0x16c, 0x15c, 0xdf,
	0xe0, 0xe1, 0xe2, X, 0xe4, 0x10b, 0x109, 0xe7, 0xe8, 0xe9, 0xea, 0xeb, 0xec, 0xed, 0xee, 0xef,
	X, 0xf1, 0xf2, 0xf3, 0xf4, 0x121, 0xf6, 0xf7, 0x11d, 0xf9, 0xfa, 0xfb, 0xfc, 0x16d, 0x15d, 0x2d9,
};

struct charset *charset_new(void)
{
	struct charset *c = g_new(struct charset, 1);

	for (size_t i = 0; i < G_N_ELEMENTS(known); i++)
		c->converters[i] = known[i].way < ONE_BYTE ? (iconv_t)-1
			: iconv_open("utf-8", known[i].name ? known[i].name : known[i].label);
	return c;
}

void charset_free(struct charset *c)
{
	for (size_t i = 0; c && i < G_N_ELEMENTS(known); i++)
		if (c->converters[i] != (iconv_t)-1)
			iconv_close(c->converters[i]);
	g_free(c);
}

static const struct known *label_find(const char *label)
{
	char name[24];
	size_t n = 0;

	for (; label && *label && n < sizeof name - 1; label++)
		if (!strchr(" \t\"'", *label))
			name[n++] = *label == '_' ? '-' : g_ascii_tolower(*label);
	name[n] = '\0';
	for (const struct known *k = known; k < known + G_N_ELEMENTS(known); k++)
		if (*k->label == *name && !strcmp(k->label, name))
			return k;
	return NULL;
}

/* How much of the bytes is UTF-8: sequences of several bytes, and bytes that belong to none. */
struct census { size_t sequences, broken; };

static struct census utf8_census(const char *bytes, size_t len)
{
	struct census n = { 0 };
	const char *end = bytes + len;

	while (bytes < end) {
		const char *bad;

		if (g_utf8_validate(bytes, end - bytes, &bad))
			bad = end;
		for (; bytes < bad; bytes++)
			n.sequences += ((unsigned char)*bytes & 0xc0) == 0xc0;
		if (bad == end)
			break;
		n.broken += *bad != 0; /* NUL ends GLib's string, not ours */
		bytes = bad + 1;
		if (n.broken > DECIDED && n.sequences < n.broken)
			break;
	}
	return n;
}

/* Letters where only one of the two Turkish sets has them. */
static bool is_latin5(const char *bytes, size_t len)
{
	long balance = 0;

	for (size_t i = 0; i < len; i++) {
		unsigned char b = bytes[i];

		balance += b && strchr("\xd0\xdd\xde\xf0\xfd\xfe", b);
		balance -= b && strchr("\xa9\xaa\xab\xb9\xba\xbb", b);
	}
	return balance > 0;
}

static char *put_point(char *to, guint16 point)
{
	if (point < 0x800) {
		*to++ = (char)(0xc0 | point >> 6);
	} else {
		*to++ = (char)(0xe0 | point >> 12);
		*to++ = (char)(0x80 | (point >> 6 & 0x3f));
	}
	*to++ = (char)(0x80 | (point & 0x3f));
	return to;
}

static void append_single_byte(GString *out, const guint16 *upper, const char *bytes, size_t len)
{
	const unsigned char *p = (const unsigned char *)bytes, *end = p + len;
	gsize before = out->len;
	char *to;

	g_string_set_size(out, before + 3 * len); /* the longest that it can become */
	to = out->str + before;
	for (; p < end; p++) {
		if (*p && *p < 0x80)
			*to++ = (char)*p;
		else
			to = put_point(to, !*p ? X : *p >= 0xa0 ? upper[*p - 0xa0] : windows_1254[*p - 0x80]);
	}
	g_string_truncate(out, to - out->str);
}

static void append_utf8(GString *out, const char *bytes, size_t len)
{
	const char *end = bytes + len, *bad;

	while (!g_utf8_validate(bytes, end - bytes, &bad)) {
		g_string_append_len(out, bytes, bad - bytes);
		g_string_append(out, REPLACEMENT);
		bytes = bad + 1;
	}
	g_string_append_len(out, bytes, end - bytes);
}

static void append_without_nul(GString *out, const char *text, size_t len)
{
	const char *nul;

	while ((nul = memchr(text, 0, len))) {
		g_string_append_len(out, text, nul - text);
		g_string_append(out, REPLACEMENT);
		len -= nul + 1 - text;
		text = nul + 1;
	}
	g_string_append_len(out, text, len);
}

/* false: some bytes had no meaning; `out` holds U+FFFD for them. */
static bool append_iconv(GString *out, iconv_t converter, const char *bytes, size_t len)
{
	char buffer[4096], *from = (char *)bytes;
	bool clean = true;

	iconv(converter, NULL, NULL, NULL, NULL);
	while (len) {
		char *to = buffer;
		size_t room = sizeof buffer;
		size_t r = iconv(converter, &from, &len, &to, &room);
		int why = errno;

		append_without_nul(out, buffer, to - buffer);
		if (r != (size_t)-1 || why == E2BIG)
			continue;
		g_string_append(out, REPLACEMENT);
		clean = false;
		if (why == EINVAL)
			break;
		from++;
		len--;
	}
	return clean;
}

static void decode_bytes(struct charset *c, GString *out, const struct known *k, const char *bytes, size_t len)
{
	iconv_t converter = c && k ? c->converters[k - known] : (iconv_t)-1;
	bool usable = converter != (iconv_t)-1;
	size_t before = out->len;
	struct census n;

	if (usable && k->way == MANY_BYTE) {
		if (append_iconv(out, converter, bytes, len) || utf8_census(bytes, len).broken)
			return;
		g_string_truncate(out, before);
	}
	n = utf8_census(bytes, len);
	/* A cut or damaged letter does not make UTF-8 windows-1254, where sequences hardly come by chance. */
	if (!n.broken || n.sequences > 4 * n.broken)
		append_utf8(out, bytes, len);
	else if (usable && k->way == ONE_BYTE)
		append_iconv(out, converter, bytes, len);
	else if (k && k->way == LATIN3 && !is_latin5(bytes, len))
		append_single_byte(out, latin_3, bytes, len);
	else
		append_single_byte(out, windows_1254 + 32, bytes, len);
}

void charset_append(struct charset *c, GString *out, const char *label, const char *bytes, size_t len)
{
	const struct known *k;

	if (len >= 3 && !memcmp(bytes, "\xef\xbb\xbf", 3)) {
		bytes += 3;
		len -= 3;
	}
	if (len >= 2 && (!memcmp(bytes, "\xff\xfe", 2) || !memcmp(bytes, "\xfe\xff", 2)))
		label = "utf-16";
	k = label_find(label);
	/* The usual case, in one pass. */
	if ((!k || k->way != MANY_BYTE) && g_utf8_validate(bytes, len, NULL))
		g_string_append_len(out, bytes, len);
	else
		decode_bytes(c, out, k, bytes, len);
}

char *charset_to_utf8(struct charset *c, const char *label, const char *bytes, size_t len)
{
	GString *out = g_string_sized_new(len + len / 4 + 16);

	charset_append(c, out, label, bytes, len);
	return g_string_free(out, FALSE);
}
