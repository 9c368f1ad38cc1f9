/* sheet_html: the tables of an HTML text as sheets (see sheet_html.h).
 *
 * libxml2's parser is used by events, without a tree: a page is a few bytes for each node, a node is over a hundred.
 * It closes what the page leaves open, so every element that is opened is closed here too.
 */
#include "parsers/sheet_html.h"

#include "parsers/cells.h"
#include "parsers/html_guard.h"
#include "parsers/number_format.h"
#include "parsers/plain.h"

#include <libxml/HTMLparser.h>
#include <libxml/parserInternals.h>
#include <string.h>

enum { MAX_DEPTH = 256, MAX_TABLES = 500 };

/* A table that is open; others may be open around it. */
struct table {
	struct sheet *sheet;
	const char *over;           /* see cells.h */
	guint next_row, row, column; /* of the next cell */
	bool in_row, in_cell, line, blank;
	char *number;               /* x:num of the cell */
	GString *text;
	guint taken[CELLS_COLUMNS]; /* by a cell that spans rows: up to this row */
	guint columns, rows;        /* that the open cell spans */
};

struct page {
	struct cells cells;
	htmlParserCtxtPtr parser;
	GPtrArray *tables; /* struct table: the open ones */
	guint depth, hidden; /* the depth of the outermost hidden element; 0: none */
	bool too_complex, too_many;
	GHashTable *over;    /* sheet to the limit that it met */
};

static void table_free(void *p)
{
	struct table *t = p;

	g_string_free(t->text, TRUE);
	g_free(t->number);
	g_free(t);
}

static struct table *innermost(const struct page *p)
{
	return p->tables->len ? p->tables->pdata[p->tables->len - 1] : NULL;
}

/* ---- attributes ---- */

static const char *attribute(const xmlChar **attributes, const char *name)
{
	for (; attributes && *attributes; attributes += 2)
		if (!strcmp((const char *)*attributes, name))
			return attributes[1] ? (const char *)attributes[1] : "";
	return NULL;
}

/* "color:red; Display : none" */
static bool is_hidden(const xmlChar **attributes)
{
	const char *style = attribute(attributes, "style");
	g_autoptr(GString) plain = style ? g_string_new(NULL) : NULL;

	if (attribute(attributes, "hidden"))
		return true;
	for (; style && *style; style++)
		if (!g_ascii_isspace(*style))
			g_string_append_c(plain, g_ascii_tolower(*style));
	return plain && strstr(plain->str, "display:none");
}

static guint span(const xmlChar **attributes, const char *name)
{
	const char *value = attribute(attributes, name);
	gint64 n = value ? g_ascii_strtoll(value, NULL, 10) : 1;

	return (guint)CLAMP(n, 1, 65534); /* the limit that HTML gives rows */
}

/* ---- text of a cell: runs of white space are one blank, blocks stand on lines of their own ---- */

static bool breaks_line(const char *name)
{
	static const char *const names[] = { "br", "p", "div", "li", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "pre", "ul", "ol" };

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
		if (!strcmp(name, names[i]))
			return true;
	return false;
}

static size_t blank_length(const char *p, size_t len)
{
	if (strchr(" \t\r\n\f\v", *p))
		return 1;
	return len > 1 && !memcmp(p, "\xc2\xa0", 2) ? 2 : 0;
}

static void append_text(struct table *t, const char *p, size_t len)
{
	const char *end = p + len;

	while (p < end && t->text->len <= CELLS_TEXT) {
		size_t blank = blank_length(p, (size_t)(end - p));

		if (!blank && (t->line || t->blank) && t->text->len)
			g_string_append_c(t->text, t->line ? '\n' : ' ');
		if (!blank)
			g_string_append_c(t->text, *p);
		t->line &= blank > 0;
		t->blank = blank > 0;
		p += blank ? blank : 1;
	}
}

/* ---- tables, rows, cells ---- */

static void open_table(struct page *p)
{
	struct table *t = g_new0(struct table, 1);

	t->sheet = document_add_sheet(p->cells.document, "");
	t->text = g_string_new(NULL);
	g_ptr_array_add(p->tables, t);
}

static void whole_number(struct table *t)
{
	if (t->number && strstr(t->text->str, "E+")) {
		g_string_truncate(t->text, 0);
		number_format_append(t->text, t->number);
	}
	g_clear_pointer(&t->number, g_free);
}

static void close_cell(struct page *p, struct table *t)
{
	guint end = MIN(t->column + t->columns, CELLS_COLUMNS);

	whole_number(t);
	p->cells.sheet = t->sheet;
	p->cells.over = t->over;
	cells_put(&p->cells, t->row, t->column, cells_keep(&p->cells, t->text->str, t->text->len));
	t->over = p->cells.over;
	for (guint i = t->column; i < end && t->rows > 1; i++)
		t->taken[i] = t->row + t->rows;
	t->column = MIN(t->column + t->columns, CELLS_COLUMNS);
	t->in_cell = false;
}

static void open_row(struct page *p, struct table *t)
{
	if (t->in_cell)
		close_cell(p, t);
	t->row = t->next_row++;
	t->column = 0;
	t->in_row = true;
}

static void open_cell(struct page *p, struct table *t, const xmlChar **attributes)
{
	const char *number = attribute(attributes, "x:num");

	if (t->in_cell)
		close_cell(p, t);
	if (!t->in_row)
		open_row(p, t);
	while (t->column < CELLS_COLUMNS && t->taken[t->column] > t->row)
		t->column++;
	t->columns = span(attributes, "colspan");
	t->rows = span(attributes, "rowspan");
	t->number = number && *number ? g_strdup(number) : NULL;
	g_string_truncate(t->text, 0);
	t->in_cell = true;
	t->line = t->blank = false;
}

static void close_table(struct page *p, struct table *t)
{
	if (t->in_cell)
		close_cell(p, t);
	if (t->over)
		g_hash_table_insert(p->over, t->sheet, (char *)t->over);
	g_ptr_array_set_size(p->tables, (gint)p->tables->len - 1);
}

/* ---- events ---- */

static bool is_table(const char *name)
{
	return !strcmp(name, "table");
}

static bool is_cell(const char *name)
{
	return !strcmp(name, "td") || !strcmp(name, "th");
}

static void open_element(struct page *p, const char *name, const xmlChar **attributes)
{
	struct table *t = innermost(p);

	if (is_table(name))
		open_table(p);
	else if (!t)
		return;
	else if (!strcmp(name, "tr"))
		open_row(p, t);
	else if (is_cell(name))
		open_cell(p, t, attributes);
	else if (breaks_line(name))
		t->line = true;
}

static void close_element(struct page *p, const char *name)
{
	struct table *t = innermost(p);

	if (!t)
		return;
	if (is_table(name))
		close_table(p, t);
	else if (!strcmp(name, "tr"))
		t->in_row = false;
	else if (t->in_cell && is_cell(name))
		close_cell(p, t);
	else if (breaks_line(name))
		t->line = true;
}

static void on_open(void *data, const xmlChar *name, const xmlChar **attributes)
{
	struct page *p = data;

	if (++p->depth > MAX_DEPTH) {
		p->too_complex = true;
		xmlStopParser(p->parser);
	}
	if (p->hidden || p->too_complex)
		return;
	bool one_too_many = is_table((const char *)name) && p->cells.document->sheets->len >= MAX_TABLES;
	p->too_many |= one_too_many;
	if (one_too_many || is_hidden(attributes))
		p->hidden = p->depth;
	else
		open_element(p, (const char *)name, attributes);
}

static void on_close(void *data, const xmlChar *name)
{
	struct page *p = data;

	if (!p->hidden)
		close_element(p, (const char *)name);
	else if (p->hidden == p->depth)
		p->hidden = 0;
	p->depth--;
}

static void on_text(void *data, const xmlChar *text, int len)
{
	struct page *p = data;
	struct table *t = innermost(p);

	if (t && t->in_cell && !p->hidden)
		append_text(t, (const char *)text, (size_t)len);
}

/* Without it libxml2 writes its complaints to stderr. */
static void on_error(void *data, xmlErrorPtr error)
{
}

/* Scripts and styles; without it they would come as text. */
static void on_script(void *data, const xmlChar *text, int len)
{
}

static const htmlSAXHandler sax = {
	.initialized = XML_SAX2_MAGIC, .startElement = on_open, .endElement = on_close, .characters = on_text,
	.ignorableWhitespace = on_text, .cdataBlock = on_script, .serror = on_error,
};

static void parse(struct page *p, const char *html)
{
	size_t len = strlen(html);

	p->too_complex = len > G_MAXINT || !html_guard_passes(html);
	p->parser = p->too_complex ? NULL : htmlCreateMemoryParserCtxt(html, (int)len);
	if (!p->parser)
		return;
	*p->parser->sax = sax;
	p->parser->userData = p;
	htmlCtxtUseOptions(p->parser, HTML_PARSE_RECOVER | HTML_PARSE_NONET | HTML_PARSE_NOERROR |
			   HTML_PARSE_NOWARNING | HTML_PARSE_IGNORE_ENC);
	xmlSwitchEncoding(p->parser, XML_CHAR_ENCODING_UTF8);
	htmlParseDocument(p->parser);
	htmlFreeParserCtxt(p->parser);
}

/* Tables that only lay out the page are no sheets, and are not counted. */
static void number_sheets(struct page *p)
{
	GPtrArray *sheets = p->cells.document->sheets;
	guint number = 0;

	for (guint i = 0; i < sheets->len;) {
		struct sheet *s = sheets->pdata[i];

		if (!s->rows->len) {
			g_ptr_array_remove_index(sheets, i);
			continue;
		}
		g_free(s->name);
		s->name = g_strdup_printf("Tablo %u", ++number);
		p->cells.sheet = s;
		p->cells.over = g_hash_table_lookup(p->over, s);
		cells_end(&p->cells);
		i++;
	}
}

static void read_tables(struct document *d, const char *html)
{
	g_autoptr(GPtrArray) tables = g_ptr_array_new_with_free_func(table_free);
	g_autoptr(GHashTable) over = g_hash_table_new(NULL, NULL);
	struct page p = { .cells = { .document = d }, .tables = tables, .over = over };

	parse(&p, html);
	if (p.too_complex) {
		facts_complain(d->complaints, "html_too_complex", d->file, NULL);
		g_ptr_array_set_size(d->sheets, 0);
		return;
	}
	number_sheets(&p);
	if (p.too_many)
		facts_complain(d->complaints, "too_many_tables", d->file, NULL);
}

void sheet_html_read(struct document *d, const char *bytes, size_t len)
{
	g_autofree char *html = plain_utf8(bytes, len);

	if (html)
		read_tables(d, html);
	else
		facts_complain(d->complaints, "format_unsupported", d->file, NULL);
}

struct document *sheet_html_open(const char *name, const char *html, size_t len)
{
	struct document *d = document_new(name);
	g_autofree char *text = g_strndup(html, len);

	d->format = "html";
	read_tables(d, text);
	return d;
}
