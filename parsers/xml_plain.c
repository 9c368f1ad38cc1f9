/* xml_plain: see xml_plain.h.
 *
 * The same scan is run twice: first with nobody listening, to see whether all of the document is plain, then for the
 * handlers. So nobody hears the beginning of a document that libxml2 has to read, and nothing is kept in between. What is
 * in doubt is not plain: names, depth and attributes far below the limits of libxml2, every sign that is rare.
 */
#include "parsers/xml_plain.h"

#include <glib.h>
#include <string.h>

enum { DOCUMENT_BYTES = 8 << 20, NAME_BYTES = 48, ATTRIBUTES = 24, DEPTH = 100, DIGITS = 7 };

/* What a byte may be part of; a carriage return is read as a line feed by XML, so it is left to libxml2. */
enum { BEGINS_NAME = 1, IN_NAME = 2, IN_TEXT = 4, IN_VALUE = 8, BLANK = 16, TEXT = IN_TEXT | IN_VALUE, NAME = IN_NAME | TEXT };
static const guint8 classes[256] = {
	['\t'] = BLANK | IN_TEXT, ['\n'] = BLANK | IN_TEXT, ['\r'] = BLANK,
	[' '] = BLANK | TEXT, ['!'] = TEXT, ['"'] = IN_TEXT, ['#' ... '%'] = TEXT, ['\''] = IN_TEXT, ['(' ... ','] = TEXT,
	['-' ... '.'] = NAME, ['/'] = TEXT, ['0' ... '9'] = NAME, [':' ... ';'] = TEXT, ['='] = TEXT, ['?' ... '@'] = TEXT,
	['A' ... 'Z'] = NAME | BEGINS_NAME, ['[' ... '^'] = TEXT, ['_'] = NAME | BEGINS_NAME, ['`'] = TEXT,
	['a' ... 'z'] = NAME | BEGINS_NAME, ['{' ... 0xff] = TEXT,
};

struct name { const char *at; size_t len, prefix; }; /* prefix: its bytes with the colon */
struct attribute { struct name name; const char *value, *end; };
struct tag { struct name name; struct attribute attributes[ATTRIBUTES]; int count; };

struct scan {
	const char *p, *end;
	const struct xml_handlers *handlers; /* NULL: nobody listens */
	void *context;
	int depth;
	bool stopped;
	struct level { struct name name; char heard[NAME_BYTES + 1]; } open[DEPTH + 1]; /* the last may only be empty */
};

static const char *run(const char *p, const char *end, guint8 class)
{
	while (p < end && classes[(guchar)*p] & class)
		p++;
	return p;
}

static bool is_at(const struct scan *s, guint8 class)
{
	return s->p < s->end && classes[(guchar)*s->p] & class;
}

static bool takes(struct scan *s, char sign)
{
	if (s->p == s->end || *s->p != sign)
		return false;
	s->p++;
	return true;
}

static bool read_name(struct scan *s, struct name *n)
{
	*n = (struct name){ .at = s->p };
	if (!is_at(s, BEGINS_NAME))
		return false;
	s->p = run(s->p, s->end, IN_NAME);
	if (takes(s, ':')) {
		n->prefix = (size_t)(s->p - n->at);
		if (!is_at(s, BEGINS_NAME))
			return false;
		s->p = run(s->p, s->end, IN_NAME);
	}
	n->len = (size_t)(s->p - n->at);
	return n->len <= NAME_BYTES;
}

static bool is_equal(const char *a, size_t a_len, const char *b, size_t b_len)
{
	return a_len == b_len && !memcmp(a, b, a_len);
}

/* "xmlns", "xmlns:x": no attribute to who listens. */
static bool is_namespace(const struct name *n)
{
	return n->prefix ? is_equal(n->at, n->prefix, "xmlns:", 6) : is_equal(n->at, n->len, "xmlns", 5);
}

/* ---- who listens ---- */

/* Without its prefix; to[NAME_BYTES + 1]. */
static const char *copy_name(char *to, const struct name *n)
{
	*(char *)mempcpy(to, n->at + n->prefix, n->len - n->prefix) = '\0';
	return to;
}

static void tell_open(struct scan *s, const struct tag *t)
{
	char names[ATTRIBUTES][NAME_BYTES + 1];
	const unsigned char *attributes[5 * ATTRIBUTES];
	struct xml_element e = { attributes, 0 };

	if (!s->handlers || !s->handlers->open)
		return;
	for (int i = 0; i < t->count; i++) {
		const struct attribute *a = &t->attributes[i];
		const unsigned char **to = attributes + 5 * e.count;

		if (is_namespace(&a->name))
			continue;
		to[0] = (const unsigned char *)copy_name(names[e.count++], &a->name);
		to[3] = (const unsigned char *)a->value;
		to[4] = (const unsigned char *)a->end;
	}
	s->stopped = !s->handlers->open(s->context, copy_name(s->open[s->depth].heard, &t->name), &e);
}

static void tell_close(struct scan *s)
{
	if (s->handlers && s->handlers->close && !s->stopped)
		s->handlers->close(s->context, s->open[s->depth].heard);
}

static void tell_text(struct scan *s, const char *text, size_t len)
{
	if (s->handlers && s->handlers->text && len)
		s->handlers->text(s->context, text, len);
}

/* ---- tags ---- */

static bool read_attribute(struct scan *s, struct attribute *a)
{
	if (!read_name(s, &a->name) || !takes(s, '='))
		return false;
	char quote = s->p < s->end ? *s->p : 0;
	if (quote != '"' && quote != '\'')
		return false;
	a->value = ++s->p;
	a->end = s->p = run(s->p, s->end, IN_VALUE);
	return takes(s, quote);
}

/* libxml2 compares what prefixes stand for; equal names are enough to be left to it. */
static bool is_doubled(const struct tag *t, const struct name *n)
{
	for (int i = 0; i < t->count; i++) {
		const struct name *o = &t->attributes[i].name;
		if (is_equal(o->at + o->prefix, o->len - o->prefix, n->at + n->prefix, n->len - n->prefix))
			return true;
	}
	return false;
}

static bool read_attributes(struct scan *s, struct tag *t)
{
	for (t->count = 0;; t->count++) {
		const char *from = s->p;

		s->p = run(from, s->end, BLANK);
		if (s->p == s->end || *s->p == '>' || *s->p == '/')
			return true;
		if (s->p == from || t->count == ATTRIBUTES || !read_attribute(s, &t->attributes[t->count]) ||
		    is_doubled(t, &t->attributes[t->count].name))
			return false;
	}
}

static bool read_open(struct scan *s)
{
	struct tag t;

	if (!read_name(s, &t.name) || is_namespace(&t.name) || !read_attributes(s, &t) || s->depth == DEPTH)
		return false;
	bool empty = takes(s, '/');
	if (!takes(s, '>'))
		return false;
	tell_open(s, &t);
	if (empty)
		tell_close(s);
	else
		s->open[s->depth++].name = t.name;
	return true;
}

static bool read_close(struct scan *s)
{
	const struct name *n = &s->open[--s->depth].name;

	if ((size_t)(s->end - s->p) < n->len || memcmp(s->p, n->at, n->len))
		return false;
	s->p += n->len;
	tell_close(s);
	return takes(s, '>');
}

/* ---- text ---- */

static bool is_char(guint32 c)
{
	return c == '\t' || c == '\n' || c == '\r' || (c >= ' ' && c < 0xd800) || (c >= 0xe000 && c < 0xfffe) ||
	       (c >= 0x10000 && c < 0x110000);
}

/* "305;" or "x131;" */
static bool read_number(struct scan *s)
{
	guint32 c = 0, base = takes(s, 'x') ? 16 : 10;
	char utf8[6];

	for (int n = 0, digit; n < DIGITS && s->p < s->end; n++, s->p++) {
		digit = base == 16 ? g_ascii_xdigit_value(*s->p) : g_ascii_digit_value(*s->p);
		if (digit < 0)
			break;
		c = c * base + (guint32)digit;
	}
	if (!is_char(c) || !takes(s, ';'))
		return false;
	tell_text(s, utf8, (size_t)g_unichar_to_utf8(c, utf8));
	return true;
}

static bool read_reference(struct scan *s)
{
	static const char *const names[] = { "lt;<", "gt;>", "amp;&", "quot;\"", "apos;'" };

	if (takes(s, '#'))
		return read_number(s);
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		size_t len = strlen(names[i]) - 1;

		if ((size_t)(s->end - s->p) < len || memcmp(s->p, names[i], len))
			continue;
		s->p += len;
		tell_text(s, names[i] + len, 1);
		return true;
	}
	return false;
}

/* Up to the next tag. */
static bool read_text(struct scan *s)
{
	for (;;) {
		const char *from = s->p;

		s->p = run(from, s->end, IN_TEXT);
		tell_text(s, from, (size_t)(s->p - from));
		if (s->p < s->end && *s->p == '<')
			return true;
		if (!takes(s, '&') || !read_reference(s))
			return false;
	}
}

/* ---- the document ---- */

static void skip_declaration(struct scan *s)
{
	static const char *const known[] = {
		"<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>", "<?xml version=\"1.0\" encoding=\"UTF-8\"?>",
		"<?xml version=\"1.0\" encoding=\"utf-8\"?>", "<?xml version='1.0' encoding='UTF-8' standalone='yes'?>",
		"<?xml version='1.0' encoding='UTF-8'?>", "<?xml version=\"1.0\"?>",
	};

	for (size_t i = 0; i < G_N_ELEMENTS(known); i++) {
		size_t len = strlen(known[i]);
		if ((size_t)(s->end - s->p) < len || memcmp(s->p, known[i], len))
			continue;
		s->p = run(s->p + len, s->end, BLANK);
		return;
	}
}

static bool scan(const char *bytes, size_t len, const struct xml_handlers *handlers, void *context)
{
	struct scan s; /* not set to nothing: it is large and most documents are small */

	s.p = bytes;
	s.end = bytes + len;
	s.handlers = handlers;
	s.context = context;
	s.depth = 0;
	s.stopped = false;
	skip_declaration(&s);
	do {
		if (!takes(&s, '<') || !(s.depth && takes(&s, '/') ? read_close(&s) : read_open(&s)))
			return false;
		if (s.stopped)
			return true;
		if (s.depth && !read_text(&s))
			return false;
	} while (s.depth);
	return run(s.p, s.end, BLANK) == s.end;
}

/* What is ASCII is passed over by words: it is nearly all. */
static bool is_utf8(const char *bytes, size_t len)
{
	const guint64 high = G_GUINT64_CONSTANT(0x8080808080808080);
	guint64 word;

	for (; len >= sizeof word; bytes += sizeof word, len -= sizeof word) {
		memcpy(&word, bytes, sizeof word);
		if (word & high)
			break;
	}
	return g_utf8_validate_len(bytes, len, NULL);
}

/* Some characters from U+F000 on are none of XML, and so are left to libxml2 all. */
bool xml_plain_walk(const char *bytes, size_t len, const struct xml_handlers *handlers, void *context)
{
	if (!len || len > DOCUMENT_BYTES || memchr(bytes, 0xef, len) || !scan(bytes, len, NULL, NULL) || !is_utf8(bytes, len))
		return false;
	scan(bytes, len, handlers, context);
	return true;
}
