/* word_table: see word_table.h. */
#include "parsers/word_table.h"
#include <string.h>

/* What is wrong with a line; NULL: nothing. */
static const char *read_line(char *line, word_table_row row, void *data)
{
	char *equals = strchr(g_strstrip(line), '=');
	const char *wrong = NULL;

	if (!*line || *line == '#')
		return NULL;
	if (!equals)
		return "not `meaning = phrase | phrase`";
	*equals = '\0';
	g_strstrip(line);
	g_auto(GStrv) words = g_strsplit(equals + 1, "|", -1);
	for (char **word = words; *word && !wrong; word++)
		wrong = row(data, line, g_strstrip(*word));
	return wrong;
}

bool word_table_read(const char *text, const char *file, word_table_row row, void *data, GError **error)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

	for (guint n = 0; lines[n]; n++) {
		const char *wrong = read_line(lines[n], row, data);

		if (!wrong)
			continue;
		g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "%s:%u: %s", file, n + 1, wrong);
		return false;
	}
	return true;
}
