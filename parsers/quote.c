/* quote: the own words of a reply (see quote.h).
 *
 * Every line gets a kind first; then a few rules on the sequence of kinds decide what is dropped. What follows an
 * attribution is a quote whether or not it wears ">", unless the attribution stands above everything:
 * then the person wrote below it.
 */
#include "parsers/quote.h"

#include "parsers/answer.h"
#include "parsers/quote_attribution.h"

#include <string.h>

enum { MAX_TEXT = 256 << 10, LINES = 128, HEADER_GAP = 3, NAME_MOST = 120, DIGITS_MOST = 3, CUT_OFF_MOST = 2 };

struct cutting {
	struct quote_line *lines;
	guint count, room;
	const struct answer_words *answers;
	gint64 cut_line;
};

/* What is left is never longer than what came. */
struct own { char *text, *end; guint blank; };

static struct quote_line *line_at(struct cutting *c, guint i)
{
	return &c->lines[i];
}

static size_t blank_before(const char *p, const char *end)
{
	if (p < end && (guchar)*p <= ' ')
		return 1;
	return end - p >= 2 && !memcmp(p, "\xc2\xa0", 2) ? 2 : 0;
}

static size_t blank_after(const char *p, const char *end)
{
	if (p < end && (guchar)end[-1] <= ' ')
		return 1;
	return end - p >= 2 && !memcmp(end - 2, "\xc2\xa0", 2) ? 2 : 0;
}

static void split(struct cutting *c, const char *text, size_t len)
{
	const char *stop = text + len;
	bool code = false; /* between ``` lines nothing is a delimiter */
	size_t skip;

	for (guint number = 1; text < stop; number++) {
		const char *newline = memchr(text, '\n', (size_t)(stop - text));
		const char *end = newline ? newline : stop;
		const char *next = newline ? newline + 1 : stop;

		while ((skip = blank_before(text, end)))
			text += skip;
		while ((skip = blank_after(text, end)))
			end -= skip;
		struct quote_line l = { text, (size_t)(end - text), number, QUOTE_TEXT };
		if (l.len >= 3 && !memcmp(l.at, "```", 3))
			code = !code;
		else if (!code || !l.len)
			l.kind = quote_line_kind(&l);
		if (c->count == c->room)
			c->lines = g_renew(struct quote_line, c->lines, c->room = MAX(2 * c->room, LINES));
		c->lines[c->count++] = l;
		text = next;
	}
}

/* Whether a line may be the beginning of a writer's name or of a date, cut off by a wrap: words with capitals, or
 * digits; no sentence and no answer. */
static bool may_be_cut_off(const struct cutting *c, const struct quote_line *l)
{
	g_autofree char *line = g_strndup(l->at, l->len);
	g_auto(GStrv) words = g_strsplit(line, " ", -1);

	if (l->kind != QUOTE_TEXT || l->len > NAME_MOST || strchr(".!?:", line[l->len - 1]))
		return false;
	if (strspn(line, "0123456789") == l->len)
		return l->len <= DIGITS_MOST;
	for (char **w = words; *w; w++)
		if (**w && strcmp(*w, "ve") && !g_unichar_isupper(g_utf8_get_char_validated(*w, -1)) && !strchr("\"*", **w))
			return false;
	struct reply *r = facts_reply_new();
	r->text = g_steal_pointer(&line);
	answer_read(c->answers, r);
	bool answers = r->answer != ANSWER_NONE;
	facts_reply_free(r);
	return !answers;
}

/* The rest of the paragraph above, when it is nothing but such lines and the mail has other text before. */
static int begin_of_attribution(struct cutting *c, int first)
{
	int i = first - 1;

	while (i >= 0 && first - i <= CUT_OFF_MOST && line_at(c, i)->len && may_be_cut_off(c, line_at(c, i)))
		i--;
	if (i == first - 1 || (i >= 0 && line_at(c, i)->len))
		return first;
	return i + 1;
}

static void mark_attributions(struct cutting *c)
{
	for (guint i = 0; i < c->count; i++) {
		int first = quote_attribution_find(c->lines, (int)i);

		if (first < 0)
			continue;
		for (int k = begin_of_attribution(c, first); k <= (int)i; k++)
			c->lines[k].kind = QUOTE_ATTRIBUTION;
	}
}

/* One field alone is text ("Konu: …"). A block begins with the sender and has another field soon after. */
static bool begins_header(struct cutting *c, guint i)
{
	if (line_at(c, i)->kind != QUOTE_HEADER || !quote_line_is_sender(line_at(c, i)))
		return false;
	for (guint k = i + 1; k < c->count && k <= i + HEADER_GAP; k++)
		if (line_at(c, k)->kind == QUOTE_HEADER && !quote_line_is_sender(line_at(c, k)))
			return true;
	return false;
}

static bool has_text_before(struct cutting *c, guint end)
{
	for (guint i = 0; i < end; i++)
		if (line_at(c, i)->kind == QUOTE_TEXT || line_at(c, i)->kind == QUOTE_HEADER)
			return true;
	return false;
}

static bool is_quoted_below(struct cutting *c, guint i)
{
	while (i < c->count && (line_at(c, i)->kind == QUOTE_ATTRIBUTION || line_at(c, i)->kind == QUOTE_EMPTY))
		i++;
	return i < c->count && line_at(c, i)->kind == QUOTE_QUOTED;
}

/* Whether everything from line i on is not the person's. */
static bool ends_here(struct cutting *c, guint i)
{
	switch (line_at(c, i)->kind) {
	case QUOTE_DELIMITER:
	case QUOTE_NOTICE:
		return has_text_before(c, i);
	case QUOTE_ORIGINAL:
		return true;
	case QUOTE_HEADER:
		return begins_header(c, i);
	case QUOTE_ATTRIBUTION:
		return !is_quoted_below(c, i) && has_text_before(c, i);
	default:
		return false;
	}
}

static bool is_own(struct cutting *c, guint i)
{
	enum quote_kind kind = line_at(c, i)->kind;

	return kind == QUOTE_TEXT || kind == QUOTE_HEADER || kind == QUOTE_EMPTY || kind == QUOTE_NOTICE;
}

/* Blank lines go out only between lines of text; indentation is kept, blanks at line ends are not. */
static void append_line(struct own *own, const char *text, const struct quote_line *l)
{
	const char *from = l->at;

	if (!l->len) {
		own->blank++;
		return;
	}
	if (own->end > own->text) {
		while (from > text && from[-1] != '\n')
			from--;
		memset(own->end, '\n', own->blank + 1);
		own->end += own->blank + 1;
	}
	own->blank = 0;
	own->end = mempcpy(own->end, from, (size_t)(l->at + l->len - from));
}

char *quote_cut(const char *text, const struct answer_words *answers, gint64 *cut_line)
{
	struct cutting c = { .answers = answers };
	size_t len = strnlen(text, MAX_TEXT);
	struct own own = { .text = g_malloc(len + 1) };

	own.end = own.text;
	split(&c, text, len);
	mark_attributions(&c);
	for (guint i = 0; i < c.count; i++) {
		bool end = ends_here(&c, i);

		if (!end && is_own(&c, i)) {
			append_line(&own, text, line_at(&c, i));
			continue;
		}
		if (!c.cut_line)
			c.cut_line = line_at(&c, i)->number;
		if (end)
			break;
	}
	g_free(c.lines);
	*cut_line = c.cut_line;
	*own.end = '\0';
	return own.text;
}
