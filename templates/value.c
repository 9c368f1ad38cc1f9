/* value: the JSON reader. */
#include <string.h>
#include "templates/value.h"

enum { DEPTH_MAX = 32, JSON_MAX = 16 * 1024 * 1024, VALUES_MAX = 1000000, NUMBER_MAX = 32 };

struct value_tree {
	char *text;
	struct value *values;
	guint n, room;
};

struct reader {
	struct value_tree *t;
	char *p;
	guint depth;
};

static void skip_blank(struct reader *r)
{
	while (*r->p == ' ' || *r->p == '\n' || *r->p == '\t' || *r->p == '\r')
		r->p++;
}

/* The index of a new value: pointers move when the array grows. G_MAXUINT: too many. */
static guint add(struct reader *r, enum value_kind kind, const char *text, gsize len)
{
	struct value_tree *t = r->t;

	if (t->n == VALUES_MAX)
		return G_MAXUINT;
	if (t->n == t->room) {
		t->room *= 2;
		t->values = g_renew(struct value, t->values, t->room);
	}
	t->values[t->n] = (struct value){ .kind = kind, .size = 1, .text = text, .len = len };
	return t->n++;
}

/* Four hex digits at p; -1: not four. */
static int hex4(const char *p)
{
	int i, n = 0;

	for (i = 0; i < 4; i++) {
		int digit = g_ascii_xdigit_value(p[i]);

		if (digit < 0)
			return -1;
		n = n * 16 + digit;
	}
	return n;
}

/* \uXXXX, or two of them that make one character. r->p stands behind the u. False for NUL and half pairs. */
static bool read_unicode(struct reader *r, char **out)
{
	int c = hex4(r->p), low;

	if (c <= 0 || (c >= 0xdc00 && c <= 0xdfff))
		return false;
	r->p += 4;
	if (c >= 0xd800 && c <= 0xdbff) {
		low = r->p[0] == '\\' && r->p[1] == 'u' ? hex4(r->p + 2) : -1;
		if (low < 0xdc00 || low > 0xdfff)
			return false;
		c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
		r->p += 6;
	}
	*out += g_unichar_to_utf8(c, *out);
	return true;
}

static bool read_escape(struct reader *r, char **out)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	char c = *r->p;
	const char *at = c ? strchr(from, c) : NULL;

	if (c == 'u') {
		r->p++;
		return read_unicode(r, out);
	}
	if (!at)
		return false;
	r->p++;
	*(*out)++ = to[at - from];
	return true;
}

/* Unescaped text is never longer than escaped text, so it is written over it. r->p stands on the opening
 * quote. */
static bool read_string(struct reader *r)
{
	char *start = ++r->p, *out;

	while (*r->p != '"' && *r->p != '\\' && (guchar)*r->p >= 0x20)
		r->p++;
	for (out = r->p; *r->p != '"';) {
		if ((guchar)*r->p < 0x20)
			return false;
		if (*r->p != '\\') {
			*out++ = *r->p++;
			continue;
		}
		r->p++;
		if (!read_escape(r, &out))
			return false;
	}
	r->p++;
	*out = 0;
	return add(r, VALUE_STRING, start, out - start) != G_MAXUINT;
}

static bool read_digits(struct reader *r)
{
	char *start = r->p;

	while (g_ascii_isdigit(*r->p))
		r->p++;
	return r->p > start;
}

static bool read_number(struct reader *r)
{
	char *start = r->p;

	r->p += *r->p == '-';
	if (*r->p == '0')
		r->p++;
	else if (!read_digits(r))
		return false;
	if (*r->p == '.') {
		r->p++;
		if (!read_digits(r))
			return false;
	}
	if (*r->p == 'e' || *r->p == 'E') {
		r->p++;
		r->p += *r->p == '+' || *r->p == '-';
		if (!read_digits(r))
			return false;
	}
	return r->p - start <= NUMBER_MAX && add(r, VALUE_NUMBER, start, r->p - start) != G_MAXUINT;
}

static bool read_literal(struct reader *r, const char *word, enum value_kind kind)
{
	gsize len = strlen(word);

	if (strncmp(r->p, word, len) != 0)
		return false;
	r->p += len;
	return add(r, kind, word, len) != G_MAXUINT;
}

static bool read_value(struct reader *r);

static bool read_name(struct reader *r)
{
	skip_blank(r);
	if (*r->p != '"' || !read_string(r))
		return false;
	skip_blank(r);
	return *r->p++ == ':';
}

static bool read_group(struct reader *r, enum value_kind kind)
{
	char close = kind == VALUE_OBJECT ? '}' : ']';
	guint at = add(r, kind, NULL, 0), count = 0;

	r->p++;
	if (at == G_MAXUINT || ++r->depth > DEPTH_MAX)
		return false;
	skip_blank(r);
	while (*r->p != close) {
		if (count++ && *r->p++ != ',')
			return false;
		if (kind == VALUE_OBJECT && !read_name(r))
			return false;
		if (!read_value(r))
			return false;
		skip_blank(r);
	}
	r->p++;
	r->depth--;
	r->t->values[at].size = r->t->n - at;
	r->t->values[at].len = count;
	return true;
}

static bool read_value(struct reader *r)
{
	skip_blank(r);
	switch (*r->p) {
	case '{':
		return read_group(r, VALUE_OBJECT);
	case '[':
		return read_group(r, VALUE_LIST);
	case '"':
		return read_string(r);
	case 't':
		return read_literal(r, "true", VALUE_TRUE);
	case 'f':
		return read_literal(r, "false", VALUE_FALSE);
	case 'n':
		return read_literal(r, "null", VALUE_NULL);
	default:
		return read_number(r);
	}
}

struct value_tree *value_parse(const char *json, gsize len, const char *what, GError **error)
{
	struct value_tree *t = g_new0(struct value_tree, 1);
	struct reader r = { .t = t };
	bool ok = len <= JSON_MAX && g_utf8_validate(json, len, NULL);

	t->room = 16 + len / 12;
	t->values = g_new(struct value, t->room);
	t->text = g_strndup(ok ? json : "", ok ? len : 0);
	r.p = t->text;
	ok = ok && read_value(&r);
	if (ok)
		skip_blank(&r);
	/* Only the end of the text itself will do: a NUL that strings were cut with is behind us. */
	if (ok && r.p == t->text + len)
		return t;
	g_set_error(error, TEMPLATE_ERROR, TEMPLATE_ERROR_CONTEXT, "%s is not JSON that we take (near byte %zu)", what,
		    (gsize)(r.p - t->text));
	value_tree_free(t);
	return NULL;
}

void value_tree_free(struct value_tree *t)
{
	if (!t)
		return;
	g_free(t->values);
	g_free(t->text);
	g_free(t);
}

const struct value *value_root(const struct value_tree *t)
{
	return t->values;
}

const struct value *value_member(const struct value *object, const char *name, gsize len)
{
	const struct value *key, *end;

	if (object->kind != VALUE_OBJECT)
		return NULL;
	end = object + object->size;
	for (key = object + 1; key < end; key += 1 + key[1].size)
		if (key->len == len && memcmp(key->text, name, len) == 0)
			return key + 1;
	return NULL;
}
