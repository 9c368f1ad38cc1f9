/* encode: see encode.h. */
#include <string.h>
#include "templates/encode.h"

#define WORD_START "=?utf-8?B?"
#define WORD_END "?="
enum { LINE = 76, WORD_FRAME = sizeof WORD_START + sizeof WORD_END - 2, WORD_MAX = 75, BODY_GROUP = 57 };

static gsize column(const GString *out)
{
	const char *end = out->str + out->len, *p = end;

	while (p > out->str && p[-1] != '\n')
		p--;
	return end - p;
}

/* A word that goes behind a blank, on a new line when it does not fit on this one. */
static void append_word(GString *out, const char *word, gsize len)
{
	if (column(out) + 1 + len > LINE)
		g_string_append(out, "\r\n");
	g_string_append_c(out, ' ');
	g_string_append_len(out, word, len);
}

static bool plain_word(const char *word, gsize len)
{
	gsize i;

	for (i = 0; i < len; i++)
		if ((guchar)word[i] >= 0x7f || (word[i] == '=' && i + 1 < len && word[i + 1] == '?'))
			return false;
	return len <= LINE - 2;
}

/* The most bytes, up to `room`, that end at a character; if it can be, a multiple of three: base64
 * without = in the middle of a header, because there are readers that stop at the first one. */
static gsize chunk_of(const char *text, gsize len, gsize room)
{
	gsize n, whole = 0;

	if (len <= room)
		return len;
	for (n = room; n > 0 && n + 12 > room; n--) {
		if (((guchar)text[n] & 0xc0) == 0x80)
			continue;
		if (n % 3 == 0)
			return n;
		whole = whole ? whole : n;
	}
	return whole;
}

static void append_base64(GString *out, const char *text, gsize len)
{
	g_autofree char *base64 = g_base64_encode((const guchar *)text, len);

	g_string_append(out, base64);
}

static void append_encoded(GString *out, const char *text, gsize len)
{
	while (len) {
		gsize at = column(out) + 1, room, n;

		if (at + WORD_FRAME + 16 > LINE) {
			g_string_append(out, "\r\n");
			at = 1;
		}
		room = (MIN(LINE - at, WORD_MAX) - WORD_FRAME) / 4 * 3;
		n = chunk_of(text, len, room);
		g_string_append(out, " " WORD_START);
		append_base64(out, text, n);
		g_string_append(out, WORD_END);
		text += n;
		len -= n;
	}
}

/* The blanks between two words; a run of them belongs to the word behind it, so that none is lost when
 * lines are folded. */
static const char *word_end(const char *p)
{
	while (*p == ' ')
		p++;
	while (*p && *p != ' ')
		p++;
	return p;
}

void encode_header(GString *out, const char *name, const char *text)
{
	const char *p, *end, *first = NULL, *last = NULL;

	g_string_append_printf(out, "%s:", name);
	for (p = text; *p; p = end) {
		end = word_end(p);
		if (plain_word(p, end - p))
			continue;
		first = first ? first : p;
		last = end;
	}
	for (p = text; *p; p = end) {
		if (p == first) {
			end = last;
			append_encoded(out, p + (*p == ' '), end - p - (*p == ' '));
			continue;
		}
		end = word_end(p);
		append_word(out, p + (*p == ' '), end - p - (*p == ' '));
	}
	g_string_append(out, "\r\n");
}

static bool is_ascii(const char *text)
{
	for (; *text; text++)
		if ((guchar)*text >= 0x7f)
			return false;
	return true;
}

static void append_quoted(GString *out, const char *text)
{
	g_string_append_c(out, '"');
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			g_string_append_c(out, '\\');
		g_string_append_c(out, *text);
	}
	g_string_append_c(out, '"');
}

void encode_address(GString *out, const char *name, const char *phrase, const char *address)
{
	g_autofree char *angle = g_strdup_printf("<%s>", address);

	g_string_append_printf(out, "%s:", name);
	if (!phrase || !*phrase) {
		append_word(out, address, strlen(address));
	} else if (is_ascii(phrase) && strlen(phrase) < LINE - 12) {
		g_string_append_c(out, ' ');
		append_quoted(out, phrase);
		append_word(out, angle, strlen(angle));
	} else {
		append_encoded(out, phrase, strlen(phrase));
		append_word(out, angle, strlen(angle));
	}
	g_string_append(out, "\r\n");
}

void encode_words(GString *out, const char *name, char *const *words)
{
	g_string_append_printf(out, "%s:", name);
	for (; *words; words++)
		append_word(out, *words, strlen(*words));
	g_string_append(out, "\r\n");
}

/* RFC 5987 attr-char, the part of it that RFC 2231 allows too. */
static bool attribute_char(guchar c)
{
	return g_ascii_isalnum(c) || (c && strchr("!#$&+-.^_`|~", c));
}

void encode_parameter(GString *out, const char *name, const char *value)
{
	guint piece;
	gsize used;

	if (is_ascii(value) && strlen(value) < LINE - 16) {
		g_string_append_printf(out, ";\r\n %s=", name);
		append_quoted(out, value);
		return;
	}
	for (piece = 0; *value || piece == 0; piece++) {
		g_string_append_printf(out, ";\r\n %s*%u*=%s", name, piece, piece ? "" : "utf-8''");
		for (used = 0; *value && used < 48; value++) {
			if (attribute_char(*value))
				g_string_append_c(out, *value);
			else
				g_string_append_printf(out, "%%%02X", (guchar)*value);
			used += attribute_char(*value) ? 1 : 3;
		}
	}
}

void encode_base64(GString *out, const guchar *bytes, gsize len)
{
	char line[BODY_GROUP / 3 * 4 + 8];
	gsize i, n, written;

	for (i = 0; i < len; i += n) {
		int state = 0, save = 0;

		n = MIN(len - i, BODY_GROUP);
		written = g_base64_encode_step(bytes + i, n, FALSE, line, &state, &save);
		written += g_base64_encode_close(FALSE, line + written, &state, &save);
		memcpy(line + written, "\r\n", 2);
		g_string_append_len(out, line, written + 2);
	}
}
