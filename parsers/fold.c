/* fold: one spelling for all the ways a Turkish word is typed (see fold.h).
 *
 * toupper/tolower of the C library ask the locale, and Unicode's default lower-casing makes İ two
 * characters (i and a combining dot); both are wrong for comparing what people of any keyboard typed.
 * So the four i are one letter, and combining marks (a Mac writes u + ¨) are dropped.
 */
#include "parsers/fold.h"

#include <string.h>

enum keep { KEEP_ALL, KEEP_WORDS, KEEP_KEY };

static bool is_mark(gunichar c)
{
	return c >= 0x300 && c <= 0x36f;
}

/* The character at *p, and *p moves on. Broken bytes give a blank so that they end a word. */
static gunichar next_char(const char **p, const char *end)
{
	gunichar c = (guchar)**p;

	if (c < 0x80) {
		++*p;
		return c;
	}
	if (c >= 0xc2 && c < 0xe0 && end - *p >= 2 && ((guchar)(*p)[1] & 0xc0) == 0x80) { /* Turkish: all are of two bytes */
		*p += 2;
		return (c & 0x1f) << 6 | ((guchar)(*p)[-1] & 0x3f);
	}
	c = g_utf8_get_char_validated(*p, end - *p);
	if (c == (gunichar)-1 || c == (gunichar)-2) {
		++*p;
		return ' ';
	}
	*p = g_utf8_next_char(*p);
	return c;
}

/* U+00C0 to U+017F, small and bare of their marks, all four i the same; a question mark stands for those of which nothing
 * in ASCII is left. */
static const char latin[] = "aaaaaa?ceeeeiiii?nooooo?ouuuuy??"
			    "aaaaaa?ceeeeiiii?nooooo?ouuuuy?y"
			    "aaaaaaccccccccdd??eeeeeeeeeegggg"
			    "gggghh??iiiiiiiiii??jjkk?llllll?"
			    "???nnnnnn???oooooo??rrrrrrssssss"
			    "sstttt??uuuuuuuuuuuuwwyyyzzzzzz?";

static gunichar folded(gunichar c)
{
	if (c < 0x80)
		return g_ascii_isupper((char)c) ? c | 0x20 : c;
	if (c >= 0xc0 && c < 0x180 && latin[c - 0xc0] != '?')
		return (gunichar)latin[c - 0xc0];
	gunichar base, mark, low = g_unichar_tolower(c);
	return g_unichar_decompose(low, &base, &mark) && base < 0x80 ? base : low;
}

static bool is_word_char(gunichar c)
{
	return c < 0x80 ? g_ascii_isalnum((char)c) : g_unichar_isalnum(c);
}

static bool is_space(gunichar c)
{
	return c == ' ' || (c >= '\t' && c <= '\r') ||
	       (c >= 0x80 && (g_unichar_isspace(c) || c == 0x200b || c == 0xfeff));
}

/* What each byte of ASCII is folded to, a blank where it is neither letter nor digit; beyond ASCII 0. */
static const char small[256] = "                                "
			       "                0123456789      "
			       " abcdefghijklmnopqrstuvwxyz     "
			       " abcdefghijklmnopqrstuvwxyz     ";

/* The folded character at *p, and *p moves on; 0: it is dropped. */
static inline gunichar next_folded(const char **p, const char *end, enum keep keep)
{
	guchar byte = (guchar)**p;

	if (byte < 0x80) {
		++*p;
		return keep == KEEP_ALL && small[byte] == ' ' ? byte : (gunichar)small[byte];
	}
	gunichar c = folded(next_char(p, end));
	if (is_mark(c))
		return 0;
	return keep == KEEP_ALL || is_word_char(c) ? c : ' ';
}

static char *put(char *to, gunichar c)
{
	if (c >= 0x80)
		return to + g_unichar_to_utf8(c, to);
	*to = (char)c;
	return to + 1;
}

/* The letters and digits of ASCII that stand at p, which is most of what is folded. Returns where they end. */
static inline const char *put_run(char **to, const char *p, const char *end)
{
	char *o = *to, c;

	for (; p < end && (c = small[(guchar)*p]) > ' '; p++)
		*o++ = c;
	*to = o;
	return p;
}

/* Small letters of two bytes may have three, so twice the length is room for all. */
static void append(GString *out, const char *p, const char *end, enum keep keep)
{
	gsize start = out->len;

	g_string_set_size(out, start + 2 * (gsize)(end - p));
	char *first = out->str + start, *to = first;
	while ((p = put_run(&to, p, end)) < end) {
		gunichar c = next_folded(&p, end, keep);

		if (c != ' ' || keep == KEEP_ALL)
			to = c ? put(to, c) : to;
		else if (keep == KEEP_WORDS && to > first && to[-1] != ' ')
			*to++ = ' ';
	}
	if (keep == KEEP_WORDS && to > first && to[-1] == ' ')
		to--;
	g_string_truncate(out, start + (gsize)(to - first));
}

static char *fold_as(const char *utf8, enum keep keep)
{
	if (!utf8)
		return NULL;
	size_t len = strlen(utf8);
	GString *out = g_string_sized_new(len);

	append(out, utf8, utf8 + len, keep);
	return g_string_free(out, FALSE);
}

char *fold_ascii(const char *utf8)
{
	return fold_as(utf8, KEEP_ALL);
}

char *fold_words(const char *utf8)
{
	return fold_as(utf8, KEEP_WORDS);
}

void fold_words_append(GString *out, const char *utf8, size_t len)
{
	append(out, utf8, utf8 + len, KEEP_WORDS);
}

char *fold_key(const char *utf8)
{
	return fold_as(utf8, KEEP_KEY);
}

void fold_key_into(char *out, size_t size, const char *utf8, size_t len)
{
	const char *end = utf8 + len, *p = utf8;
	char *o = out, *last = out + (size > 7 ? size - 7 : 0);

	while (o < last && (p = put_run(&o, p, p + MIN(end - p, last - o))) < end && o < last) {
		gunichar c = next_folded(&p, end, KEEP_KEY);

		if (c && c != ' ')
			o = put(o, c);
	}
	*o = '\0';
}

char *fold_ascii_mapped(const char *utf8, GArray **origin)
{
	const char *end = utf8 + strlen(utf8);
	GString *out = g_string_sized_new((gsize)(end - utf8));
	GArray *map = g_array_sized_new(FALSE, FALSE, sizeof(guint32), (guint)(end - utf8) + 1);

	for (const char *p = utf8; p < end;) {
		guint32 at = (guint32)(p - utf8);
		gunichar c = folded(next_char(&p, end));
		if (is_mark(c))
			continue;
		if (is_space(c)) {
			if (out->len && out->str[out->len - 1] == ' ')
				continue;
			c = ' ';
		}
		g_string_append_unichar(out, c);
		while (map->len < out->len)
			g_array_append_val(map, at);
	}
	guint32 last = (guint32)(end - utf8);
	g_array_append_val(map, last);
	*origin = map;
	return g_string_free(out, FALSE);
}
