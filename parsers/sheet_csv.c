/* sheet_csv: comma-separated values as a sheet (see sheet_csv.h).
 *
 * Everything is one pass over the text. A quote is looked for to the end of the file, so after the first that nothing
 * closes no other is looked for.
 */
#include "parsers/sheet_csv.h"

#include "parsers/cells.h"
#include "parsers/plain.h"

#include <string.h>

enum { SAMPLE = 64 << 10 };
static const char delimiters[] = ";,\t";

struct csv {
	struct cells cells;
	const char *p;
	char delimiter;
	bool quotes; /* false once one is never closed */
	guint row, column;
	GString *text;
};

/* `open` is a quote; NULL: there is no end to it. */
static const char *closing_quote(const char *open)
{
	const char *p = strchr(open + 1, '"');

	while (p && p[1] == '"')
		p = strchr(p + 2, '"');
	return p;
}

static const char *line_end(const char *p)
{
	return p + strcspn(p, "\r\n");
}

static const char *next_line(const char *p)
{
	return p + (*p == '\r') + (p[*p == '\r'] == '\n');
}

/* ---- the delimiter ---- */

/* "sep=;" with or without quotes around it. */
static bool read_sep_line(struct csv *c)
{
	const char *p = c->p + (*c->p == '"'), *end = line_end(p);
	size_t len = (size_t)(end - p) - (end > p && end[-1] == '"' && *c->p == '"');

	if (len != 5 || g_ascii_strncasecmp(p, "sep=", 4) || g_ascii_isalnum(p[4]) || p[4] == '"')
		return false;
	c->delimiter = p[4];
	c->p = next_line(end);
	return true;
}

/* All are counted, not those of one line: a sentence above the table has commas, but the table has more. */
static char commonest(const char *text)
{
	size_t counts[sizeof delimiters] = { 0 };
	const char *limit = text + strnlen(text, SAMPLE);
	bool begins = true, quotes = true;
	size_t best = 0;

	for (const char *p = text; p < limit; p++) {
		const char *close = begins && quotes && *p == '"' ? closing_quote(p) : NULL;

		if (begins && *p == '"' && !close)
			quotes = false;
		if (close) {
			p = close;
			begins = false;
			continue;
		}
		const char *which = strchr(delimiters, *p);
		if (which)
			counts[which - delimiters]++;
		begins = which || *p == '\n' || *p == '\r';
	}
	for (size_t i = 1; i < sizeof delimiters - 1; i++)
		best = counts[i] > counts[best] ? i : best;
	return counts[best] ? delimiters[best] : '\0';
}

/* ---- cells ---- */

static void open_quote(struct csv *c)
{
	g_autofree char *where = cells_where(&c->cells, c->row, c->column);

	facts_complain(c->cells.document->complaints, "quote_open", where, NULL);
	c->quotes = false;
}

static void append_quoted(struct csv *c, const char *close)
{
	for (const char *p = c->p + 1; p < close; p++) {
		bool twice = *p == '"' || (*p == '\r' && p[1] == '\n');

		p += twice;
		g_string_append_c(c->text, *p == '\r' ? '\n' : *p);
	}
	c->p = close + 1;
}

static const char *keep(struct csv *c)
{
	const GString *t = c->text;
	bool wrapped = t->len > 3 && g_str_has_prefix(t->str, "=\"") && t->str[t->len - 1] == '"';

	return wrapped ? cells_keep(&c->cells, t->str + 2, t->len - 3) : cells_keep(&c->cells, t->str, t->len);
}

static void read_cell(struct csv *c)
{
	const char ends[] = { '\r', '\n', c->delimiter, '\0' };
	const char *close = *c->p == '"' && c->quotes ? closing_quote(c->p) : NULL;

	g_string_truncate(c->text, 0);
	if (close)
		append_quoted(c, close);
	else if (*c->p == '"' && c->quotes)
		open_quote(c);
	size_t rest = strcspn(c->p, ends);
	g_string_append_len(c->text, c->p, (gssize)rest);
	c->p += rest;
	cells_put(&c->cells, c->row, c->column, keep(c));
}

static void read_rows(struct csv *c)
{
	for (; *c->p && !(c->cells.over && c->row >= c->cells.document->limits.rows); c->row++) {
		for (c->column = 0;; c->column++) {
			read_cell(c);
			if (!c->delimiter || *c->p != c->delimiter)
				break;
			c->p++;
		}
		c->p = next_line(c->p);
	}
}

static char *sheet_name(const char *file)
{
	g_autofree char *base = g_strdup(file ? file : "");
	char *from = base, *dot;

	for (char *p = base; *p; p++)
		if (*p == '/' || *p == '\\')
			from = p + 1;
	dot = strrchr(from, '.');
	if (dot)
		*dot = '\0';
	return g_strdup(*from ? from : "CSV");
}

void sheet_csv_read(struct document *d, const char *bytes, size_t len)
{
	g_autofree char *text = plain_utf8(bytes, len), *name = sheet_name(d->file);
	struct csv c = { .cells = { .document = d }, .p = text, .quotes = true };

	if (text)
		g_strchomp(g_strdelimit(text, "\x1a", ' '));
	if (!text || (!read_sep_line(&c) && !(c.delimiter = commonest(text)))) {
		facts_complain(d->complaints, "format_unsupported", d->file, NULL);
		return;
	}
	c.text = g_string_sized_new(256);
	cells_begin(&c.cells, document_add_sheet(d, name));
	read_rows(&c);
	cells_end(&c.cells);
	g_string_free(c.text, TRUE);
}
