/* wrap: see wrap.h. Readers that show plain text as it comes, and quote it with "> ", want lines under 80 columns. */
#include <stdbool.h>
#include <string.h>
#include "templates/wrap.h"

static guint indent_of(const char *line, const char *end)
{
	guint n = 0;

	while (line + n < end && line[n] == ' ')
		n++;
	if (line + n + 1 < end && line[n] == '-' && line[n + 1] == ' ')
		n += 2;
	return n;
}

/* Where the line may be cut so that it has at most `columns` characters; NULL: it fits, or cannot be cut. */
static const char *cut_at(const char *line, const char *end, guint columns, guint indent)
{
	const char *p = line, *blank = NULL;
	guint n = 0;

	if ((gsize)(end - line) <= columns)
		return NULL;
	for (; p < end; p = g_utf8_next_char(p), n++) {
		if (*p == ' ' && n > indent && (n <= columns || !blank))
			blank = p;
		if (n >= columns && blank)
			break;
	}
	return n >= columns && p < end ? blank : NULL;
}

static void wrap_line(GString *out, const char *line, const char *end, guint columns)
{
	guint indent = MIN(indent_of(line, end), columns / 2), used = 0;
	const char *cut;

	while ((cut = cut_at(line, end, columns - used, used ? 0 : indent))) {
		g_string_append_len(out, line, cut - line);
		g_string_append_printf(out, "\n%*s", (int)indent, "");
		for (line = cut; line < end && *line == ' ';)
			line++;
		used = indent;
	}
	g_string_append_len(out, line, end - line);
}

char *wrap_lines(const char *text, guint columns)
{
	GString *out = g_string_sized_new(strlen(text) + 256);
	const char *line = text, *end;

	while (*line) {
		end = strchrnul(line, '\n');
		wrap_line(out, line, end, columns);
		if (*end)
			g_string_append_c(out, '\n');
		line = *end ? end + 1 : end;
	}
	return g_string_free(out, FALSE);
}
