/* signed_part: see signed_part.h. The rule is that of the delimiter lines alone (RFC 2046 5.1.1):
 * "--boundary", blanks, line end; the line end before a delimiter belongs to the delimiter. One level of
 * nesting is looked into, as mailing lists and disclaimers put a signed mail inside a multipart/mixed.
 */
#include "parsers/signed_part.h"
#include "parsers/encoded_word.h"
#include "parsers/fields.h"
#include "parsers/transfer.h"
#include <string.h>

struct span { const char *p; size_t len; };

/* A walk over the parts between delimiters. */
struct walk {
	const char *at, *end;
	char *delimiter; /* "\n--boundary" */
	size_t n;
};

/* What follows "--boundary" on its line. */
static bool ends_delimiter(const char *p, const char *line_end, bool *closes)
{
	*closes = line_end - p >= 2 && p[0] == '-' && p[1] == '-';
	p += *closes ? 2 : 0;
	while (p < line_end && strchr(" \t\r\n", *p))
		p++;
	return p == line_end;
}

/* Moves behind the next delimiter line; returns where the text before it ends, NULL: there is none or no
 * more. */
static const char *next_delimiter(struct walk *w, bool *closes)
{
	const char *from = w->at, *line;

	/* The first line of a body or part is behind a line end, too: that of the blank line or of the delimiter. */
	while (w->at < w->end && (line = memmem(w->at - 1, w->end - w->at + 1, w->delimiter, w->n))) {
		const char *p = line++ + w->n, *nl = memchr(p, '\n', w->end - p);

		w->at = nl ? nl + 1 : w->end;
		if (!ends_delimiter(p, w->at, closes))
			continue;
		line -= line > from;
		return line - (line > from && line[-1] == '\r');
	}
	w->at = w->end;
	return NULL;
}

/* Content-Type of an entity, and its body. */
struct entity {
	struct fields *header;
	const char *type;
	struct span body;
};

static struct entity entity_parse(struct span s)
{
	struct entity e = { fields_parse(s.p, s.len) };
	size_t n = fields_length(e.header);

	e.type = fields_find(e.header, "Content-Type");
	if (!e.type)
		e.type = "text/plain";
	e.body = (struct span){ s.p + n, s.len - n };
	return e;
}

/* Fills up to `most` parts of a multipart; returns how many there are, at most `most`. */
static size_t split(const struct entity *e, struct span *parts, size_t most)
{
	g_autofree char *boundary = encoded_word_parameter(NULL, e->type, "boundary");
	g_autofree char *delimiter = boundary && *boundary ? g_strconcat("\n--", boundary, NULL) : NULL;
	struct walk w = { e->body.p, e->body.p + e->body.len, delimiter, delimiter ? strlen(delimiter) : 0 };
	bool closes = false;
	const char *from, *end = delimiter ? next_delimiter(&w, &closes) : NULL;
	size_t n = 0;

	while (end && !closes && n < most) {
		from = w.at;
		end = next_delimiter(&w, &closes);
		/* A part that the end of the mail cuts off is none: its signature cannot hold. */
		if (end)
			parts[n++] = (struct span){ from, end - from };
	}
	return n;
}

static void entity_clear(struct entity *e)
{
	g_clear_pointer(&e->header, fields_free);
}

/* Of Content-Type, what stands before its parameters. */
static bool is_type(const char *value, const char *type)
{
	size_t n = strlen(type);

	return !g_ascii_strncasecmp(value, type, n) && strchr("; \t\r\n", value[n]);
}

bool signed_part_is_signature(const char *type)
{
	return is_type(type, "application/pkcs7-signature") || is_type(type, "application/x-pkcs7-signature");
}

static bool take_signed(const struct entity *e, struct signed_part *out)
{
	struct span parts[3];
	size_t n = split(e, parts, 3);
	struct entity signature;
	bool found;

	if (n < 2)
		return false;
	signature = entity_parse(parts[1]);
	found = signed_part_is_signature(signature.type);
	if (found) {
		GByteArray *der = g_byte_array_new();

		transfer_decode(der, transfer_find(fields_find(signature.header, "Content-Transfer-Encoding")),
			signature.body.p, signature.body.len);
		out->der = g_byte_array_free_to_bytes(der);
		out->octets = parts[0].p;
		out->octets_len = parts[0].len;
		out->whole = n == 2; /* a third part is not signed by anything */
	}
	entity_clear(&signature);
	return found;
}

static bool take_nested(const struct entity *top, struct signed_part *out)
{
	enum { PARTS_MAX = 16 };
	struct span parts[PARTS_MAX];
	size_t n = split(top, parts, PARTS_MAX);
	bool found = false;

	for (size_t i = 0; i < n && !found; i++) {
		struct entity e = entity_parse(parts[i]);

		found = is_type(e.type, "multipart/signed") && take_signed(&e, out);
		entity_clear(&e);
	}
	out->whole = false;
	return found;
}

bool signed_part_find(const char *raw, size_t len, struct signed_part *out)
{
	struct entity top = entity_parse((struct span){ raw, len });
	bool found = false;

	memset(out, 0, sizeof *out);
	/* Two types: each reader of the mail sees another body. */
	if (fields_count(top.header, "Content-Type") == 1 && !g_ascii_strncasecmp(top.type, "multipart/", 10))
		found = is_type(top.type, "multipart/signed") ? take_signed(&top, out) : take_nested(&top, out);
	entity_clear(&top);
	return found;
}

void signed_part_clear(struct signed_part *p)
{
	g_clear_pointer(&p->der, g_bytes_unref);
	p->octets = NULL;
	p->octets_len = 0;
}
