/* doc_text: see doc_text.h.
 *
 * A sentence has commas too, so a delimiter alone does not make a table: half of the lines must have the same number of it, and
 * two at least, as a number, a name and an address need.
 */
#include "parsers/doc_text.h"

#include "parsers/plain.h"
#include "parsers/sheet_csv.h"

#include <string.h>

enum { TEXT_BYTES = 1 << 20, LINES = 2000, COLUMNS = 64, LEAST = 2 };

static bool is_blank(const char *line, const char *end)
{
	while (line < end && g_ascii_isspace(*line))
		line++;
	return line == end;
}

/* Whether most of the first lines have the same number of `delimiter`. */
static bool stands_in_columns(const char *text, char delimiter)
{
	guint lines = 0, with[COLUMNS] = { 0 };

	for (const char *line = text, *end; *line && lines < LINES; line = end + (*end != '\0')) {
		guint n = 0;

		end = line + strcspn(line, "\r\n");
		if (is_blank(line, end))
			continue;
		lines++;
		for (const char *p = line; p < end; p++)
			n += *p == delimiter;
		with[MIN(n, COLUMNS - 1)]++;
	}
	for (guint n = LEAST; n < COLUMNS; n++)
		if (with[n] > 1 && with[n] * 2 >= lines)
			return true;
	return false;
}

static void take_text(struct document *d, char *text)
{
	if (strlen(text) > TEXT_BYTES) {
		const char *end;
		facts_complain(d->complaints, "text_too_long", d->file, NULL);
		g_utf8_validate(text, TEXT_BYTES, &end); /* a letter is not cut in two */
		text[end - text] = '\0';
	}
	g_autoptr(GString) lines = g_string_new(text);
	g_string_replace(lines, "\r\n", "\n", 0);
	d->text = g_strdelimit(g_strdup(lines->str), "\r", '\n');
}

void doc_text_read(struct document *d, const char *bytes, size_t len)
{
	g_autofree char *text = plain_utf8(bytes, len);

	if (!text || g_str_has_prefix(text + strspn(text, " \t\r\n"), "<?xml"))
		facts_complain(d->complaints, "format_unsupported", d->file, NULL);
	else if (stands_in_columns(text, ';') || stands_in_columns(text, '\t') || stands_in_columns(text, ',')) {
		d->format = "csv";
		sheet_csv_read(d, bytes, len);
	} else {
		d->format = "text";
		take_text(d, text);
	}
}
