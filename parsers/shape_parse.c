/* shape_parse: see shape_parse.h. No tree is built: the keeper reads facts of every mail, and a general
 * parser costs more than the mail itself did (jansson: 150 microseconds for 8 kB of text, this: 10). It is
 * small enough to be fuzzed whole.
 */
#include "parsers/shape_parse.h"
#include <string.h>

struct cursor {
	const char *p, *end;
	GString *text;    /* of a string that holds escapes */
	const char *what; /* the key that was being read */
	const char *why;
};

static bool refuse(struct cursor *c, const char *why)
{
	c->why = why;
	return false;
}

static void skip_blanks(struct cursor *c)
{
	while (c->p < c->end && (unsigned char)*c->p <= ' ' && memchr(" \t\r\n", *c->p, 4))
		c->p++;
}

static bool take(struct cursor *c, char letter)
{
	skip_blanks(c);
	if (c->p >= c->end || *c->p != letter)
		return false;
	c->p++;
	return true;
}

static int hex4(struct cursor *c)
{
	int value = 0;

	if (c->end - c->p < 4)
		return -1;
	for (int i = 0; i < 4; i++) {
		int digit = g_ascii_xdigit_value(*c->p++);

		if (digit < 0)
			return -1;
		value = value << 4 | digit;
	}
	return value;
}

/* After "\u". NUL and halves of a pair are refused. */
static bool take_point(struct cursor *c)
{
	int point = hex4(c), low;

	if (point >= 0xd800 && point < 0xdc00 && c->end - c->p >= 6 && !memcmp(c->p, "\\u", 2)) {
		c->p += 2;
		low = hex4(c);
		if (low < 0xdc00 || low > 0xdfff)
			return refuse(c, "half a character");
		point = 0x10000 + ((point - 0xd800) << 10) + (low - 0xdc00);
	}
	if (point <= 0 || (point >= 0xd800 && point < 0xe000))
		return refuse(c, "no character");
	g_string_append_unichar(c->text, point);
	return true;
}

static bool take_escape(struct cursor *c)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	const char *at = c->p < c->end ? memchr(from, *c->p, sizeof from - 1) : NULL;

	if (at) {
		g_string_append_c(c->text, to[at - from]);
		c->p++;
		return true;
	}
	if (c->p >= c->end || *c->p++ != 'u')
		return refuse(c, "unknown escape");
	return take_point(c);
}

/* What stands between two quotes: in the JSON itself, or in c->text where there are escapes. */
struct span { const char *p; size_t len; bool escaped; };

/* From the first escape on. */
static bool take_escaped(struct cursor *c, struct span *s)
{
	g_string_truncate(c->text, 0);
	g_string_append_len(c->text, s->p, s->len);
	while (*c->p++ != '"') {
		if (!take_escape(c))
			return false;
		const char *from = c->p;

		c->p += shape_plain_run(from, c->end);
		g_string_append_len(c->text, from, c->p - from);
		if (c->p >= c->end || (unsigned char)*c->p < 0x20)
			return refuse(c, "is an open string");
	}
	*s = (struct span){ c->text->str, c->text->len, true };
	return true;
}

/* The string at the cursor. Nearly all have no escape and need not be copied to be looked at. */
static bool take_string(struct cursor *c, struct span *s)
{
	if (!take(c, '"'))
		return refuse(c, "is no string");
	*s = (struct span){ c->p, shape_plain_run(c->p, c->end), false };
	c->p += s->len;
	if (c->p >= c->end || (unsigned char)*c->p < 0x20)
		return refuse(c, "is an open string");
	if (*c->p != '"')
		return take_escaped(c, s);
	c->p++;
	return true;
}

static bool is_word(const struct span *s, const char *word)
{
	return !strncmp(s->p, word, s->len) && word[s->len] == '\0';
}

/* Eight at a time up to the first that is not ASCII. */
static bool is_utf8(const char *p, size_t len)
{
	uint64_t eight;

	for (; len >= 8; p += 8, len -= 8) {
		memcpy(&eight, p, 8);
		if (eight & G_GUINT64_CONSTANT(0x8080808080808080))
			break;
	}
	return g_utf8_validate_len(p, len, NULL);
}

static char *take_line(struct cursor *c, bool one_line)
{
	struct span s;

	if (!take_string(c, &s))
		return NULL;
	if (!is_utf8(s.p, s.len)) {
		refuse(c, "is not UTF-8");
		return NULL;
	}
	for (size_t i = 0; one_line && s.escaped && i < s.len; i++)
		if ((unsigned char)s.p[i] < 0x20) {
			refuse(c, "holds a control character");
			return NULL;
		}
	char *line = g_malloc(s.len + 1);

	memcpy(line, s.p, s.len);
	line[s.len] = '\0';
	return line;
}

static bool read_string(struct cursor *c, const struct shape_field *f, void *p)
{
	SHAPE_AT(char *, p, f) = take_line(c, f->type == LINE);
	return SHAPE_AT(char *, p, f) != NULL;
}

static bool read_number(struct cursor *c, const struct shape_field *f, void *p)
{
	gint64 n = 0;
	const char *from;

	skip_blanks(c);
	for (from = c->p; c->p < c->end && g_ascii_isdigit(*c->p); c->p++) {
		n = n * 10 + (*c->p - '0');
		if (n > G_GINT64_CONSTANT(1) << 53)
			return refuse(c, "is too great");
	}
	if (c->p == from || (*from == '0' && c->p > from + 1))
		return refuse(c, "is no count");
	SHAPE_AT(gint64, p, f) = n;
	return true;
}

static bool read_flag(struct cursor *c, const struct shape_field *f, void *p)
{
	static const char *const words[] = { "false", "true" };

	skip_blanks(c);
	for (int i = 0; i < 2; i++) {
		size_t n = strlen(words[i]);

		if ((size_t)(c->end - c->p) >= n && !memcmp(c->p, words[i], n)) {
			c->p += n;
			SHAPE_AT(bool, p, f) = i;
			return true;
		}
	}
	return refuse(c, "is neither true nor false");
}

static bool read_word(struct cursor *c, const struct shape_field *f, void *p)
{
	struct span s;

	if (!take_string(c, &s))
		return false;
	for (unsigned i = 0; f->words[i]; i++)
		if (is_word(&s, f->words[i])) {
			SHAPE_AT(unsigned, p, f) = i;
			return true;
		}
	return refuse(c, "is none of its words");
}

static bool read_object(struct cursor *c, const struct shape *s, void *p);

static bool read_inside(struct cursor *c, const struct shape_field *f, void *p)
{
	return read_object(c, f->shape, &SHAPE_AT(char, p, f));
}

static bool read_maybe(struct cursor *c, const struct shape_field *f, void *p)
{
	SHAPE_AT(void *, p, f) = shape_new(f->shape);
	return read_object(c, f->shape, SHAPE_AT(void *, p, f));
}

static bool read_line_of_list(struct cursor *c, GPtrArray *list)
{
	char *text = take_line(c, true);

	if (text)
		g_ptr_array_add(list, text);
	return text != NULL;
}

static bool read_list(struct cursor *c, const struct shape_field *f, void *p)
{
	GPtrArray *list = SHAPE_AT(GPtrArray *, p, f);

	if (!take(c, '['))
		return refuse(c, "is no list");
	if (take(c, ']'))
		return true;
	do {
		bool ok = f->shape ? read_object(c, f->shape, shape_list_add(list, f->shape)) : read_line_of_list(c, list);

		if (!ok)
			return false;
	} while (take(c, ','));
	return take(c, ']') || refuse(c, "is an open list");
}

static bool (*const readers[])(struct cursor *c, const struct shape_field *f, void *p) = {
	[LINE] = read_string, [TEXT] = read_string, [NUMBER] = read_number, [AMOUNT] = read_number,
	[FLAG] = read_flag, [WORD] = read_word, [INSIDE] = read_inside, [MAYBE] = read_maybe,
	[LINES] = read_list, [SOME_LINES] = read_list, [LIST] = read_list, [SOME] = read_list,
};

/* Our own writer keeps the table's order, so the search begins behind the last key. -1: no such key. */
static int field_find(const struct shape *s, const struct span *name, int after)
{
	for (int i = after; s->fields[i].name; i++)
		if (is_word(name, s->fields[i].name))
			return i;
	for (int i = 0; i < after; i++)
		if (is_word(name, s->fields[i].name))
			return i;
	return -1;
}

/* A member set twice would leak its first value and let two readers of the JSON see different facts. */
static bool read_member(struct cursor *c, const struct shape *s, void *p, guint64 *seen, int *at)
{
	struct span name;

	if (!take_string(c, &name))
		return false;
	*at = field_find(s, &name, *at);
	if (*at < 0 || *at > 63)
		return refuse(c, "has an unknown key");
	c->what = s->fields[*at].name;
	if (*seen & G_GUINT64_CONSTANT(1) << *at)
		return refuse(c, "stands twice");
	*seen |= G_GUINT64_CONSTANT(1) << *at;
	if (!take(c, ':'))
		return refuse(c, "has no value");
	return readers[s->fields[*at].type](c, &s->fields[*at], p);
}

static bool read_object(struct cursor *c, const struct shape *s, void *p)
{
	guint64 seen = 0;
	int at = 0;

	if (!take(c, '{'))
		return refuse(c, "is no object");
	if (take(c, '}'))
		return true;
	do {
		if (!read_member(c, s, p, &seen, &at))
			return false;
	} while (take(c, ','));
	return take(c, '}') || refuse(c, "is an open object");
}

bool shape_parse(const struct shape *s, void *p, const char *json, size_t len, GError **error)
{
	g_autoptr(GString) text = g_string_sized_new(1024);
	struct cursor c = { json, json + len, text, "facts" };
	bool ok = read_object(&c, s, p);

	skip_blanks(&c);
	if (ok && c.p < c.end)
		ok = refuse(&c, "are followed by something");
	if (!ok)
		g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "facts: \"%s\" %s, at byte %zu", c.what, c.why,
			(size_t)(c.p - json));
	return ok;
}
