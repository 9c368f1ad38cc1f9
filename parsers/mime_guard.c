/* mime_guard: one pass over the lines of the raw mail, which knows where header blocks are: at the
 * beginning, after each delimiter-like line, and after the blank line of a part that says it is a message.
 */
#include "parsers/mime_guard.h"
#include <glib.h>
#include <stdbool.h>
#include <string.h>

struct guard {
	bool in_header;
	bool typed;   /* the block has a Content-Type */
	bool in_type; /* the line stands in its type */
	bool message; /* which may be a message's */
	bool digest;  /* parts without a type may be messages */
	size_t block, field, fields, delimiters;
};

static bool has_word(const char *p, const char *end, const char *word)
{
	size_t n = strlen(word);

	for (; (size_t)(end - p) >= n; p++)
		if (!g_ascii_strncasecmp(p, word, n))
			return true;
	return false;
}

static void begin_block(struct guard *g)
{
	g->in_header = true;
	g->typed = g->in_type = g->message = false;
	g->block = g->field = g->fields = 0;
}

/* A blank line: the block is over, but an embedded message begins with a block of its own. */
static void end_block(struct guard *g)
{
	if (g->message || (g->digest && !g->typed))
		begin_block(g);
	else
		g->in_header = false;
}

/* Only the type counts, a file may be named "message". A comment could hide anything, so it counts as one. */
static void type_line(struct guard *g, const char *p, const char *end)
{
	const char *semicolon = memchr(p, ';', end - p);
	const char *stop = semicolon ? semicolon : end;

	g->message |= memchr(p, '(', stop - p) || has_word(p, stop, "message");
	g->digest |= has_word(p, stop, "digest");
	g->in_type = !semicolon;
}

static const char *header_line(struct guard *g, const char *p, const char *end)
{
	bool more = *p == ' ' || *p == '\t';

	g->block += end - p;
	g->field = more ? g->field + (end - p) : (size_t)(end - p);
	if (!more) {
		g->fields++;
		g->in_type = end - p > 13 && !g_ascii_strncasecmp(p, "content-type", 12);
		g->typed |= g->in_type;
	}
	if (g->in_type)
		type_line(g, p, end);
	if (g->block > MIME_GUARD_BLOCK)
		return "header_too_long";
	if (g->field > MIME_GUARD_FIELD)
		return "field_too_long";
	return g->fields > MIME_GUARD_FIELDS ? "too_many_fields" : NULL;
}

/* In a body only a line that begins with "--" counts, and few lines have a '-'. NULL: there is none. */
static const char *next_delimiter(const char *p, const char *end)
{
	for (; (p = memchr(p, '-', end - p)); p++)
		if (p[-1] == '\n' && end - p > 1 && p[1] == '-')
			return p;
	return NULL;
}

const char *mime_guard_check(const char *raw, size_t len)
{
	struct guard g = { 0 };
	const char *end = raw + len, *bad = NULL;

	begin_block(&g);
	for (const char *p = raw, *next; p && p < end && !bad; p = next) {
		const char *nl = memchr(p, '\n', end - p);

		next = nl ? nl + 1 : end;
		if (end - p >= 2 && p[0] == '-' && p[1] == '-') {
			begin_block(&g);
			bad = ++g.delimiters > MIME_GUARD_DELIMITERS ? "too_many_parts" : NULL;
		} else if (*p == '\n' || (*p == '\r' && end - p > 1 && p[1] == '\n')) {
			end_block(&g);
		} else {
			bad = header_line(&g, p, next);
		}
		if (!g.in_header)
			next = next_delimiter(next, end);
	}
	return bad;
}
