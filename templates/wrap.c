/* wrap: see wrap.h. Readers that show plain text as it comes, and quote it with "> ", want lines under
 * 80 columns. */
#include <stdbool.h>
#include <string.h>
#include "templates/wrap.h"

static guint blanks(const char *line)
{
	return strspn(line, " ");
}

/* How many bytes of a list's mark, "- " or "12. ", stand here. */
static guint mark(const char *text)
{
	guint digits = strspn(text, "0123456789");

	if (text[0] == '-' && text[1] == ' ')
		return 2;
	return digits && digits < 4 && text[digits] == '.' && text[digits + 1] == ' ' ? digits + 2 : 0;
}

/* Where the line may be cut so that it has at most `columns` characters; NULL: it fits, or cannot be cut. */
static const char *cut_at(const char *line, const char *end, guint columns, guint indent)
{
	const char *p = line, *blank = NULL;
	guint n = 0;

	if ((gsize)(end - line) <= columns)
		return NULL;
	for (; p < end; p = g_utf8_next_char(p), n++) {
		if (*p == ' ' && n >= indent && (n <= columns || !blank))
			blank = p;
		if (n >= columns && blank)
			break;
	}
	return n >= columns && p < end ? blank : NULL;
}

/* Is `next` the paragraph's next line? A mark begins an item of its own. */
static bool continues(const char *next, guint indent)
{
	guint n = blanks(next);

	return n == indent && next[n] && next[n] != '\n' && !mark(next + n);
}

struct wrapping {
	GString *out, *line;
	gsize at;           /* how much of the line is written */
	guint columns, indent, used;
};

/* Writes the line up to `cut` and begins a new one. */
static void break_line(struct wrapping *w, const char *cut)
{
	g_string_append_len(w->out, w->line->str + w->at, cut - (w->line->str + w->at));
	g_string_append_printf(w->out, "\n%*s", (int)w->indent, "");
	w->at = cut - w->line->str;
	w->at += blanks(cut);
	w->used = w->indent;
}

static const char *next_cut(const struct wrapping *w)
{
	return cut_at(w->line->str + w->at, w->line->str + w->line->len, w->columns - w->used, w->used ? 0 : w->indent);
}

static void begin_line(struct wrapping *w, const char *text, const char *end)
{
	g_string_truncate(w->line, 0);
	g_string_append_len(w->line, text, end - text);
	w->at = w->used = 0;
	w->indent = blanks(w->line->str);
	w->indent = MIN(w->indent + mark(w->line->str + w->indent), w->columns / 2);
}

char *wrap_lines(const char *text, guint columns)
{
	g_autoptr(GString) line = g_string_new(NULL);
	struct wrapping w = { .out = g_string_sized_new(strlen(text) + 256), .line = line, .columns = columns };
	const char *end, *cut;

	for (; *text; text = *end ? end + 1 : end) {
		end = strchrnul(text, '\n');
		begin_line(&w, text, end);
		while ((cut = next_cut(&w))) {
			break_line(&w, cut);
			if (!*end || line->len - w.at >= columns || !continues(end + 1, w.indent))
				continue;
			text = end + 1 + w.indent;
			end = strchrnul(text, '\n');
			g_string_append_c(line, ' ');
			g_string_append_len(line, text, end - text);
		}
		g_string_append_len(w.out, line->str + w.at, line->len - w.at);
		if (*end)
			g_string_append_c(w.out, '\n');
	}
	return g_string_free(w.out, FALSE);
}
