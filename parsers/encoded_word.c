/* encoded_word: see encoded_word.h. GMime's decoder keeps its base64 state over the end of a word: after
 * one that ends in '=' the next is lost, which hits most long Turkish subjects. Hence this one, on raw
 * values.
 */
#include "parsers/encoded_word.h"
#include "parsers/transfer.h"
#include <stdbool.h>
#include <string.h>

enum {
	WORD_MAX = 4096,    /* a word is 75 characters, a careless sender's whole subject is one */
	SEGMENTS_MAX = 100, /* continuations of one parameter */
};

/* Decoded bytes wait in `bytes` until the charset changes. */
struct decoder {
	struct charset *c;
	GString *out;
	GByteArray *bytes;
	char charset[40]; /* of `bytes`; "": plain text */
	bool after_word;  /* blanks before the next word do not count */
};

static void flush(struct decoder *d)
{
	charset_append(d->c, d->out, d->charset[0] ? d->charset : NULL, (const char *)d->bytes->data, d->bytes->len);
	g_byte_array_set_size(d->bytes, 0);
}

static void switch_charset(struct decoder *d, const char *name, size_t len)
{
	char next[sizeof d->charset] = "";

	memcpy(next, name, MIN(len, sizeof next - 1));
	next[strcspn(next, "*")] = '\0'; /* RFC 2231 5: a language may follow */
	if (!g_ascii_strcasecmp(next, d->charset))
		return;
	flush(d);
	memcpy(d->charset, next, sizeof next);
}

/* "=?charset?B?text?=" at p: appends its bytes and returns its end; NULL: no encoded word. */
static const char *take_word(struct decoder *d, const char *p, const char *end)
{
	const char *limit = end - p > WORD_MAX ? p + WORD_MAX : end;
	const char *name = p + 2, *method, *text, *stop;

	if (limit - p < 8 || p[0] != '=' || p[1] != '?')
		return NULL;
	method = memchr(name, '?', limit - name);
	if (!method || method == name || limit - method < 4 || method[2] != '?')
		return NULL;
	if (!strchr("bBqQ", method[1]) || method - name >= (ptrdiff_t)sizeof d->charset)
		return NULL;
	text = method + 3;
	stop = memmem(text, limit - text, "?=", 2);
	if (!stop)
		return NULL;
	switch_charset(d, name, method - name);
	if (g_ascii_tolower(method[1]) == 'b')
		transfer_base64(d->bytes, text, stop - text);
	else
		transfer_quoted_printable(d->bytes, text, stop - text, TRUE);
	d->after_word = true;
	return stop + 2;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Text up to the next "=?", or one letter when that is no word. Line ends of folding vanish. */
static const char *take_plain(struct decoder *d, const char *p, const char *end)
{
	const char *word = end - p > 1 ? memmem(p + 1, end - p - 1, "=?", 2) : NULL;
	const char *stop = word ? word : end;

	switch_charset(d, "", 0);
	d->after_word = false;
	for (const char *run = p; p < stop; run = p) {
		while (p < stop && *p != '\r' && *p != '\n')
			p++;
		g_byte_array_append(d->bytes, (const guint8 *)run, p - run);
		while (p < stop && (*p == '\r' || *p == '\n'))
			p++;
	}
	return stop;
}

static const char *take_next(struct decoder *d, const char *p, const char *end)
{
	const char *q = p, *after;

	while (d->after_word && q < end && is_blank(*q))
		q++;
	after = take_word(d, q, end);
	return after ? after : take_plain(d, p, end);
}

static char *one_line(GString *text)
{
	for (char *p = text->str; *p; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			*p = ' ';
	return g_strstrip(g_string_free(text, FALSE));
}

static char *decode_n(struct charset *c, const char *p, size_t len)
{
	g_autoptr(GByteArray) bytes = g_byte_array_new();
	struct decoder d = { c, g_string_sized_new(len + 16), bytes, "", false };
	const char *end = p + len;

	while (p < end)
		p = take_next(&d, p, end);
	flush(&d);
	return one_line(d.out);
}

char *encoded_word_decode(struct charset *c, const char *raw)
{
	return decode_n(c, raw, strlen(raw));
}

/* One parameter: "name", "name*", "name*3", "name*3*". */
struct segment {
	const char *name, *name_end;
	GString *value; /* unquoted */
	int index;      /* -1: not numbered */
	bool extended;  /* percent-encoded */
};

static void segment_free(void *p)
{
	struct segment *s = p;

	g_string_free(s->value, TRUE);
	g_free(s);
}

static const char *skip_blanks(const char *p)
{
	while (is_blank(*p))
		p++;
	return p;
}

static const char *take_quoted(GString *value, const char *p)
{
	for (p++; *p && *p != '"'; p++) {
		if (*p == '\\' && p[1])
			p++;
		if (*p != '\r' && *p != '\n')
			g_string_append_c(value, *p);
	}
	return *p ? p + 1 : p;
}

static const char *take_value(GString *value, const char *p)
{
	const char *end;

	if (*p == '"')
		return take_quoted(value, p);
	end = p + strcspn(p, ";");
	g_string_append_len(value, p, end - p);
	while (value->len && is_blank(value->str[value->len - 1]))
		g_string_truncate(value, value->len - 1);
	return end;
}

/* "*", "*3", "*3*" between the name and '='. */
static void take_suffix(struct segment *s, const char *star, const char *equals)
{
	s->name_end = star;
	s->extended = equals[-1] == '*';
	if (g_ascii_isdigit(star[1]))
		s->index = (int)MIN(g_ascii_strtoull(star + 1, NULL, 10), SEGMENTS_MAX);
}

static struct segment *take_segment(const char **at)
{
	struct segment *s = g_new0(struct segment, 1);
	const char *p = skip_blanks(*at), *equals = p + strcspn(p, "=;");
	const char *star = memchr(p, '*', equals - p);

	s->name = p;
	s->name_end = equals;
	s->index = -1;
	s->value = g_string_new(NULL);
	while (s->name_end > p && is_blank(s->name_end[-1]))
		s->name_end--;
	if (*equals == '=') {
		if (star)
			take_suffix(s, star, equals);
		equals = take_value(s->value, skip_blanks(equals + 1));
	}
	*at = equals + strcspn(equals, ";");
	return s;
}

static GPtrArray *segments_of(const char *raw, const char *name)
{
	GPtrArray *list = g_ptr_array_new_with_free_func(segment_free);
	const char *p = raw + strcspn(raw, ";");
	size_t n = strlen(name);

	while (*p == ';' && list->len < SEGMENTS_MAX) {
		struct segment *s;

		p++;
		s = take_segment(&p);
		if ((size_t)(s->name_end - s->name) == n && !g_ascii_strncasecmp(s->name, name, n))
			g_ptr_array_add(list, s);
		else
			segment_free(s);
	}
	return list;
}

static const struct segment *segment_at(const GPtrArray *list, int index, bool extended)
{
	for (guint i = 0; i < list->len; i++) {
		const struct segment *s = list->pdata[i];

		if (s->index == index && (index >= 0 || s->extended == extended))
			return s;
	}
	return NULL;
}

static void append_percent(GByteArray *out, const char *p)
{
	for (; *p; p++) {
		int high = *p == '%' ? g_ascii_xdigit_value(p[1]) : -1;
		int low = high >= 0 ? g_ascii_xdigit_value(p[2]) : -1;
		guint8 byte = low >= 0 ? high << 4 | low : *p;

		g_byte_array_append(out, &byte, 1);
		p += low >= 0 ? 2 : 0;
	}
}

/* RFC 2231: charset'language'text, the first two in the first segment only. */
static char *join_segments(struct charset *c, const GPtrArray *list, const struct segment *first)
{
	g_autoptr(GByteArray) bytes = g_byte_array_new();
	g_autofree char *label = NULL;
	GString *out = g_string_new(NULL);

	for (const struct segment *s = first; s; s = s->index < 0 ? NULL : segment_at(list, s->index + 1, false)) {
		const char *text = s->value->str, *quote = s->extended && s == first ? strchr(text, '\'') : NULL;
		const char *second = quote ? strchr(quote + 1, '\'') : NULL;

		if (second) {
			label = g_strndup(text, quote - text);
			text = second + 1;
		}
		if (s->extended)
			append_percent(bytes, text);
		else
			g_byte_array_append(bytes, (const guint8 *)text, strlen(text));
	}
	charset_append(c, out, label, (const char *)bytes->data, bytes->len);
	return one_line(out);
}

char *encoded_word_parameter(struct charset *c, const char *raw, const char *name)
{
	g_autoptr(GPtrArray) list = segments_of(raw, name);
	const struct segment *s;

	if ((s = segment_at(list, -1, true)) || (s = segment_at(list, 0, false)))
		return join_segments(c, list, s);
	s = segment_at(list, -1, false);
	return s ? encoded_word_decode(c, s->value->str) : NULL;
}
