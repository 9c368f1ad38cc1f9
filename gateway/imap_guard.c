/* imap_guard: a byte automaton over the server's side of an IMAP session.
 *
 * It must never be more lenient than the parser behind it. So a `{n}` that ends a line of free text (`* OK
 * …`, `tag NO …`, `+ …`), where the parser sees no literal, opens none here either: else n bytes of
 * anything could hide behind it. The size limit holds for every `{n}` at a line's end, wherever it stands.
 */
#include "gateway/imap_guard.h"
#include <string.h>

void imap_guard_init(struct imap_guard *g, gint64 max_literal)
{
	*g = (struct imap_guard){
		.max_literal = max_literal, .max_line = IMAP_GUARD_LINE, .max_total = G_MAXINT64};
}

void imap_guard_command(struct imap_guard *g, gint64 max_total)
{
	g->max_total = max_total;
	g->max_line = IMAP_GUARD_LINE;
	g->total = 0;
	g->announced = 0;
}

static bool guard_trip(struct imap_guard *g, const char *why)
{
	if (!g->why)
		g->why = why;
	return false;
}

/* The second word of a response decides whether the rest is free text. */
static void guard_word(struct imap_guard *g, char c)
{
	static const char *const words[] = {"OK", "NO", "BAD", "BYE", "PREAUTH"};
	gsize n = strnlen(g->word, sizeof g->word);
	if (g->column == 0) {
		if (c == '+' && g->line == 1)
			g->text = true;
		if (c == ' ')
			g->column = 1;
		return;
	}
	if (c != ' ' && c != '\r' && c != '\n') {
		if (n < sizeof g->word - 1)
			g->word[n] = g_ascii_toupper(c);
		else
			g->column = 2;
		return;
	}
	g->column = 2;
	for (guint i = 0; i < G_N_ELEMENTS(words); i++)
		g->text = g->text || strcmp(g->word, words[i]) == 0;
}

static void guard_response_end(struct imap_guard *g)
{
	g->line = 0;
	g->depth = 0;
	g->column = 0;
	memset(g->word, 0, sizeof g->word);
	g->text = g->quoted = g->escaped = false;
	g->brace = GUARD_NO_BRACE;
}

static bool guard_line_end(struct imap_guard *g)
{
	bool announced = g->brace == GUARD_CLOSED || g->brace == GUARD_CR;
	if (announced && g->number > (guint64)g->max_literal)
		return guard_trip(g, "the server announces a larger piece than the largest mail allowed");
	if (!announced || g->text || g->quoted) {
		guard_response_end(g);
		return true;
	}
	g->literal_left = (gint64)g->number;
	g->announced += g->literal_left;
	g->line = 0;
	g->brace = GUARD_NO_BRACE;
	return true;
}

/* Recognises `{digits}` or `{digits+}` just before the line's end. */
static bool guard_brace(struct imap_guard *g, char c)
{
	if (c == '{') {
		g->brace = GUARD_OPEN;
		g->number = 0;
		g->digits = 0;
	} else if (g->brace == GUARD_OPEN && g_ascii_isdigit(c)) {
		/* 20 digits are more than any size; the sum must not wrap round to a small one. */
		if (++g->digits > 18)
			return guard_trip(g, "the server announces a size that is no size");
		g->number = g->number * 10 + (guint64)(c - '0');
	} else if (g->brace == GUARD_OPEN && c == '+' && g->digits) {
		g->brace = GUARD_SYNC;
	} else if ((g->brace == GUARD_OPEN || g->brace == GUARD_SYNC) && c == '}' && g->digits) {
		g->brace = GUARD_CLOSED;
	} else if (g->brace == GUARD_CLOSED && c == '\r') {
		g->brace = GUARD_CR;
	} else {
		g->brace = GUARD_NO_BRACE;
	}
	return true;
}

static bool guard_nesting(struct imap_guard *g, char c)
{
	if (g->escaped)
		g->escaped = false;
	else if (g->quoted && c == '\\')
		g->escaped = true;
	else if (c == '"' && !g->text)
		g->quoted = !g->quoted;
	else if (c == ')' && !g->quoted && g->depth)
		g->depth--;
	else if (c == '(' && !g->quoted && ++g->depth > IMAP_GUARD_DEPTH)
		return guard_trip(g, "the server sends lists nested deeper than any honest one");
	return true;
}

static bool guard_byte(struct imap_guard *g, char c)
{
	if (++g->line > g->max_line)
		return guard_trip(g, "the server sends an endless line");
	if (c == '\0')
		return guard_trip(g, "the server sends NUL outside a mail");
	if (g->column < 2)
		guard_word(g, c);
	if (c == '\n')
		return guard_line_end(g);
	return guard_brace(g, c) && guard_nesting(g, c);
}

bool imap_guard_feed(struct imap_guard *g, const char *bytes, gsize n)
{
	if (g->why)
		return false;
	g->total += (gint64)n;
	if (g->total > g->max_total)
		return guard_trip(g, "the server sends more than was asked for");
	for (gsize i = 0; i < n;) {
		if (g->literal_left) {
			gsize skip = MIN((gsize)g->literal_left, n - i);
			g->literal_left -= (gint64)skip;
			i += skip;
		} else if (!guard_byte(g, bytes[i++])) {
			return false;
		}
	}
	return true;
}
