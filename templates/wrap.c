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

char *wrap_lines(const char *text, guint columns)
{
	g_autoptr(GString) line = g_string_new(NULL);
	GString *out = g_string_sized_new(strlen(text) + 256);
	const char *end, *cut;
	guint indent;

	for (; *text; text = *end ? end + 1 : end) {
		end = strchrnul(text, '\n');
		g_string_append_len(line, text, end - text);
		indent = blanks(line->str);
		indent = MIN(indent + mark(line->str + indent), columns / 2);
		while ((cut = cut_at(line->str, line->str + line->len, columns, indent))) {
			g_string_append_len(out, line->str, cut - line->str);
			g_string_append_c(out, '\n');
			g_string_erase(line, 0, cut - line->str);
			g_string_erase(line, 0, blanks(line->str));
			g_string_insert_len(line, 0, "                                        ", MIN(indent, 40));
			if (*end && line->len < columns && continues(end + 1, indent)) {
				g_string_append_c(line, ' ');
				text = end + 1 + indent;
				end = strchrnul(text, '\n');
				g_string_append_len(line, text, end - text);
			}
		}
		g_string_append_len(out, line->str, line->len);
		g_string_truncate(line, 0);
		if (*end)
			g_string_append_c(out, '\n');
	}
	return g_string_free(out, FALSE);
}
