/* sheet_ods: the sheets of an OpenDocument spreadsheet (see sheet_ods.h).
 *
 * A sheet of LibreOffice ends with a row that is repeated a million times and holds cells that are repeated sixteen
 * thousand times: what repeats is only counted until it holds a text.
 */
#include "parsers/sheet_ods.h"

#include "parsers/cells.h"
#include "parsers/ods_value.h"
#include "parsers/xml.h"

#include <string.h>

enum { MAX_SHEETS = 256, FAR = 1 << 30 };
#define CONTENT "content.xml"
#define MANIFEST "META-INF/manifest.xml"

struct ods_walk {
	struct cells cells;
	GHashTable *hidden_styles; /* names of table styles that hide their sheets */
	char *style;               /* that is being declared */
	bool spreadsheet, too_many, dde;
	guint skip;                /* elements open inside one that does not count, with it */

	guint row, rows;           /* the present row, how often it is repeated */
	guint column, columns;     /* likewise the cell */
	guint declared;            /* columns so far that the sheet has described */
	bool in_sheet, in_cell, covered, in_paragraph, blank;
	guint paragraphs;
	char type[16];
	char *value;
	GString *text;
};

static guint repeated(const struct xml_element *e, const char *name)
{
	g_autofree char *value = xml_attribute_dup(e, name);
	gint64 n = value ? g_ascii_strtoll(value, NULL, 10) : 1;

	return (guint)CLAMP(n, 1, FAR);
}

static guint advance(guint from, guint by)
{
	return MIN(from + by, FAR);
}

/* "collapse" is hidden by hand, "filter" by a filter. */
static bool is_hidden(const struct xml_element *e)
{
	g_autofree char *visibility = xml_attribute_dup(e, "visibility");

	return visibility && strcmp(visibility, "visible");
}

/* ---- styles: which sheets are hidden ---- */

static void open_style(struct ods_walk *w, const struct xml_element *e)
{
	g_free(w->style);
	w->style = xml_attribute_dup(e, "name");
}

static void open_table_properties(struct ods_walk *w, const struct xml_element *e)
{
	g_autofree char *display = xml_attribute_dup(e, "display");

	if (w->style && display && !strcmp(display, "false"))
		g_hash_table_add(w->hidden_styles, g_steal_pointer(&w->style));
}

/* ---- sheets, columns, rows ---- */

static void open_spreadsheet(struct ods_walk *w, const struct xml_element *e)
{
	w->spreadsheet = true;
}

/* A table in a cell is skipped with the cell's other things, see cell_child. */
static void open_table(struct ods_walk *w, const struct xml_element *e)
{
	g_autofree char *name = xml_attribute_dup(e, "name"), *style = xml_attribute_dup(e, "style-name");
	struct document *d = w->cells.document;

	w->too_many |= d->sheets->len >= MAX_SHEETS;
	if (w->in_sheet || w->too_many || !w->spreadsheet) {
		w->skip = 1;
		return;
	}
	struct sheet *s = document_add_sheet(d, name ? name : "");
	s->hidden = style && g_hash_table_contains(w->hidden_styles, style);
	cells_begin(&w->cells, s);
	w->in_sheet = true;
	w->row = w->rows = w->declared = 0;
}

static void open_column(struct ods_walk *w, const struct xml_element *e)
{
	guint n = repeated(e, "number-columns-repeated");

	if (is_hidden(e))
		cells_hide_columns(&w->cells, w->declared, n);
	w->declared = advance(w->declared, n);
}

static void open_row(struct ods_walk *w, const struct xml_element *e)
{
	w->row = advance(w->row, w->rows);
	w->rows = repeated(e, "number-rows-repeated");
	w->column = w->columns = 0;
	w->cells.row_hidden = is_hidden(e);
}

static void close_table(struct ods_walk *w)
{
	w->in_sheet = false;
	cells_end(&w->cells);
}

static void close_row(struct ods_walk *w)
{
	const GPtrArray *rows = w->cells.sheet->rows;
	const GPtrArray *row = rows->len > w->row ? rows->pdata[w->row] : NULL;
	bool room = row && row->len;

	for (guint r = 1; r < w->rows && room; r++)
		for (guint c = 0; c < row->len && room; c++)
			room = cells_put(&w->cells, w->row + r, c, row->pdata[c]);
}

/* ---- cells ---- */

static void open_any_cell(struct ods_walk *w, const struct xml_element *e)
{
	static const char *const values[] = { "value", "date-value", "time-value", "boolean-value" };
	const char *type;
	size_t len;

	w->column = advance(w->column, w->columns);
	w->columns = repeated(e, "number-columns-repeated");
	w->type[0] = '\0';
	if (xml_attribute(e, "value-type", &type, &len) && len < sizeof w->type)
		*(char *)mempcpy(w->type, type, len) = '\0';
	for (size_t i = 0; i < G_N_ELEMENTS(values) && !w->value && w->type[0]; i++)
		w->value = xml_attribute_dup(e, values[i]);
	if (!w->value && !strcmp(w->type, "string"))
		w->value = xml_attribute_dup(e, "string-value");
	g_string_truncate(w->text, 0);
	w->paragraphs = 0;
	w->in_cell = true;
}

static void open_cell(struct ods_walk *w, const struct xml_element *e)
{
	w->covered = false;
	open_any_cell(w, e);
}

static void open_covered_cell(struct ods_walk *w, const struct xml_element *e)
{
	w->covered = true;
	open_any_cell(w, e);
}

static const char *cell_text(struct ods_walk *w)
{
	g_autoptr(GString) value = g_string_new(NULL);

	if (w->covered)
		return "";
	if (w->value && !strcmp(w->type, "string") && !w->text->len)
		return cells_keep(&w->cells, w->value, strlen(w->value));
	if (w->value && ods_value_append(value, w->type, w->value))
		return cells_keep(&w->cells, value->str, value->len);
	return cells_keep(&w->cells, w->text->str, w->text->len);
}

static void close_cell(struct ods_walk *w)
{
	const char *text = cell_text(w);
	bool room = *text;

	for (guint i = 0; i < w->columns && room; i++)
		room = cells_put(&w->cells, w->row, w->column + i, text);
	g_clear_pointer(&w->value, g_free);
	w->in_cell = false;
}

/* ---- text of a cell: paragraphs of words, where runs of white space are one blank (§6.1.2) ---- */

static void append(struct ods_walk *w, const char *text, size_t len)
{
	if (w->text->len <= CELLS_TEXT)
		g_string_append_len(w->text, text, (gssize)len);
}

static void on_text(void *context, const char *text, size_t len)
{
	struct ods_walk *w = context;

	if (!w->in_paragraph || w->skip)
		return;
	for (const char *end = text + len; text < end; text++) {
		bool blank = strchr(" \t\r\n", *text) != NULL;

		if (!blank || !w->blank)
			append(w, blank ? " " : text, 1);
		w->blank = blank;
	}
}

static void append_blanks(struct ods_walk *w, const struct xml_element *e)
{
	guint n = MIN(repeated(e, "c"), 1000);

	while (n--)
		append(w, " ", 1);
}

/* Of what stands in a cell only its paragraphs are text, and of what stands in these what is part of the line. */
static void cell_child(struct ods_walk *w, const char *name, const struct xml_element *e)
{
	static const char *const inside[] = { "span", "a", "ruby", "ruby-base", "date", "time", "title", "sheet-name", "meta" };

	if (!w->in_paragraph && !strcmp(name, "p")) {
		if (w->paragraphs++)
			append(w, "\n", 1);
		w->in_paragraph = w->blank = true;
		return;
	}
	for (size_t i = 0; i < G_N_ELEMENTS(inside); i++)
		if (w->in_paragraph && !strcmp(name, inside[i]))
			return;
	if (w->in_paragraph && !strcmp(name, "s"))
		append_blanks(w, e);
	else if (w->in_paragraph && (!strcmp(name, "line-break") || !strcmp(name, "tab")))
		append(w, *name == 'l' ? "\n" : "\t", 1);
	w->skip = 1;
}

/* ---- events ---- */

static void skip(struct ods_walk *w, const struct xml_element *e)
{
	w->skip = 1;
}

/* Cells that another program would fill in when the file is opened. */
static void refuse_dde(struct ods_walk *w, const struct xml_element *e)
{
	w->dde = true;
}

static const struct element {
	const char *name;
	bool in_sheet; /* has a meaning there only */
	void (*open)(struct ods_walk *, const struct xml_element *);
	void (*close)(struct ods_walk *);
} elements[] = {
	{ "table-cell", true, open_cell, close_cell },
	{ "covered-table-cell", true, open_covered_cell, close_cell },
	{ "table-row", true, open_row, close_row },
	{ "table-column", true, open_column, NULL },
	{ "table", false, open_table, close_table },
	{ "style", false, open_style, NULL },
	{ "table-properties", false, open_table_properties, NULL },
	{ "spreadsheet", false, open_spreadsheet, NULL },
	{ "tracked-changes", false, skip, NULL },
	{ "shapes", false, skip, NULL },
	{ "dde-link", false, refuse_dde, NULL },
	{ "dde-source", false, refuse_dde, NULL },
};

static const struct element *find(const struct ods_walk *w, const char *name)
{
	for (size_t i = 0; i < G_N_ELEMENTS(elements); i++)
		if (!strcmp(elements[i].name, name))
			return elements[i].in_sheet && !w->in_sheet ? NULL : &elements[i];
	return NULL;
}

static bool on_open(void *context, const char *name, const struct xml_element *e)
{
	struct ods_walk *w = context;
	const struct element *known = w->skip || w->in_cell ? NULL : find(w, name);

	if (w->skip)
		w->skip++;
	else if (w->in_cell)
		cell_child(w, name, e);
	else if (known)
		known->open(w, e);
	return !w->dde;
}

static void on_close(void *context, const char *name)
{
	struct ods_walk *w = context;

	if (w->skip) {
		w->skip--;
		return;
	}
	if (w->in_paragraph) {
		w->in_paragraph = strcmp(name, "p") != 0;
		return;
	}
	const struct element *known = find(w, name);
	if (known && known->close)
		known->close(w);
}

/* ---- the file ---- */

static bool is_encrypted(struct unzip *z)
{
	const char *complaint;
	size_t len;
	g_autofree char *bytes = unzip_read_named(z, MANIFEST, &len, &complaint);

	return bytes && memmem(bytes, len, "encryption-data", 15);
}

static const char *read_content(struct ods_walk *w, struct unzip *z)
{
	static const struct xml_handlers handlers = { on_open, on_close, on_text };
	const char *complaint;
	size_t len;
	g_autofree char *bytes = unzip_read_named(z, CONTENT, &len, &complaint);

	if (!bytes)
		return complaint ? complaint : "workbook_missing";
	complaint = xml_walk(bytes, len, &handlers, w);
	return complaint ? complaint : w->dde ? "dde_link" : w->spreadsheet ? NULL : "workbook_missing";
}

void sheet_ods_read(struct document *d, struct unzip *z)
{
	g_autoptr(GHashTable) hidden_styles = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	struct ods_walk w = { .cells = { .document = d }, .hidden_styles = hidden_styles };

	w.text = g_string_sized_new(256);
	const char *failed = is_encrypted(z) ? "encrypted" : read_content(&w, z);
	if (failed) {
		facts_complain(d->complaints, failed, CONTENT, NULL);
		g_ptr_array_set_size(d->sheets, 0);
	} else if (w.too_many) {
		facts_complain(d->complaints, "too_many_tables", d->file, NULL);
	}
	g_string_free(w.text, TRUE);
	g_free(w.style);
	g_free(w.value);
}
